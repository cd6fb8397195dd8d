/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ask.h"

#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "exits.h"

#define ANSWER_MAX 4096

/* Who has been told three times what is wrong needs more than a line of ours. */
#define TRIES_MAX 3

/**
 * signin_ctl_may_ask:
 * @ctl: the call
 *
 * Returns: whether somebody sits there who can answer: never behind a pipe, and never for a program that wants JSON.
 */
gboolean
signin_ctl_may_ask (const SigninCtl *ctl)
{
  return !ctl->json && !signin_ctl_is_popup (ctl) && isatty (STDIN_FILENO) && isatty (STDOUT_FILENO);
}

/**
 * signin_ctl_ask:
 * @question: what to ask, with what an empty answer means
 * @error: why there is no answer
 *
 * Returns: (transfer full): one line, valid UTF-8 without spaces around it, or %NULL if the person ended the input.
 */
char *
signin_ctl_ask (const char *question, GError **error)
{
  char line[ANSWER_MAX];
  g_autofree char *prompt = g_strconcat (question, " ", NULL);
  g_autofree char *text = NULL;

  if (!signin_ctl_write (stdout, prompt, error))
    return NULL;
  if (fgets (line, sizeof line, stdin) == NULL)
    {
      signin_ctl_write (stdout, "\n", NULL);
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("No answer; nothing was changed"));
      return NULL;
    }
  text = g_locale_to_utf8 (line, -1, NULL, NULL, NULL);
  if (text == NULL)
    text = g_utf8_make_valid (line, -1);
  return g_strdup (g_strstrip (text));
}

/**
 * signin_ctl_ask_again:
 * @error: what is wrong with the answer
 * @tries: (inout): how many answers were wrong so far
 *
 * Tells the person what is wrong.
 *
 * Returns: whether to ask again, rather than to give up with @error.
 */
gboolean
signin_ctl_ask_again (const GError *error, guint *tries)
{
  g_autofree char *message = signin_ctl_clean (error->message);
  g_autofree char *line = g_strconcat (message, "\n", NULL);

  return ++*tries < TRIES_MAX && signin_ctl_write (stdout, line, NULL);
}
