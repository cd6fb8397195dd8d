/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ask.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

/**
 * signin_ctl_can_ask:
 *
 * Returns: whether somebody sits at a terminal, who sees questions and can answer them.
 */
gboolean
signin_ctl_can_ask (void)
{
  return isatty (STDIN_FILENO) && isatty (STDOUT_FILENO);
}

/**
 * signin_ctl_ask:
 * @style: what can be shown
 * @question: a question that can be answered with yes or no
 *
 * Asks on the terminal. Whatever is not a yes in the person's language is a no.
 *
 * Returns: whether it was a yes.
 */
gboolean
signin_ctl_ask (const SigninCtlStyle *style, const char *question)
{
  g_autoptr (GString) out = g_string_new (NULL);
  char line[64] = "";

  /* TRANSLATORS: a question, and the letters to answer it with: those that your language's locale knows */
  signin_ctl_line (out, style, 0, _ ("%s [y/N]"), question);
  g_string_truncate (out, out->len - 1);
  g_string_append_c (out, ' ');
  if (!signin_ctl_write (stdout, out->str, NULL) || fgets (line, sizeof line, stdin) == NULL)
    return FALSE;
  return rpmatch (line) == 1;
}
