/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "failures.h"

#include "errors.h"
#include "names.h"

/* Warnings of the journal, by their message id; any other warning ends the test. */
guint n_store_failures;

GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  if (level > G_LOG_LEVEL_WARNING)
    return G_LOG_WRITER_HANDLED;
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE_ID") && g_str_equal (fields[i].value, SIGNIN_MESSAGE_STORE_FAILED))
      {
        n_store_failures++;
        return G_LOG_WRITER_HANDLED;
      }
  return g_log_writer_default (level, fields, n_fields, user_data);
}

void
on_answer (const GError *error, gpointer user_data)
{
  Answers *answers = user_data;

  if (error == NULL)
    answers->n_done++;
  else if (g_error_matches (error, SIGNIN_ERROR, SIGNIN_ERROR_STORAGE))
    answers->n_failed++;
}
