/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "ctl.h"
#include "language.h"
#include "output.h"

/* What is wrong with data files is told as everything else is, not in the way of logs. */
static GLogWriterOutput
write_warning (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields && (level & G_LOG_LEVEL_WARNING); i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0 && fields[i].length < 0)
      {
        g_autofree char *message = signin_ctl_clean (fields[i].value);
        g_autofree char *line = g_strdup_printf ("signinctl: %s\n", message);

        signin_ctl_write (stderr, line, NULL);
        return G_LOG_WRITER_HANDLED;
      }
  return g_log_writer_default (level, fields, n_fields, user_data);
}

int
main (int argc, char **argv)
{
  signin_language_init ();
  g_log_set_writer_func (write_warning, NULL, NULL);
  return signin_ctl_main (argc, argv);
}
