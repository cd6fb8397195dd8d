/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "ask.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "exits.h"

#define ANSWER_MAX 4096

/* Who has been told three times what is wrong needs more than a line of ours. */
#define TRIES_MAX 3

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

/* Writes a question; the answer is typed behind it. */
static gboolean
put_question (const SigninCtlStyle *style, const char *question, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  signin_ctl_wrap (out, style, 0, 0, question);
  g_string_truncate (out, out->len - 1);
  g_string_append_c (out, ' ');
  return signin_ctl_write (stdout, out->str, error);
}

/**
 * signin_ctl_confirm:
 * @style: what can be shown
 * @question: a question that can be answered with yes or no
 *
 * Asks on the terminal. Whatever is not a yes in the person's language is a no.
 *
 * Returns: whether it was a yes.
 */
gboolean
signin_ctl_confirm (const SigninCtlStyle *style, const char *question)
{
  /* TRANSLATORS: a question, and the letters to answer it with: those that your language's locale knows */
  g_autofree char *text = g_strdup_printf (_ ("%s [y/N]"), question);
  char line[64] = "";

  if (!put_question (style, text, NULL) || fgets (line, sizeof line, stdin) == NULL)
    return FALSE;
  return rpmatch (line) == 1;
}

/**
 * signin_ctl_ask:
 * @style: what can be shown
 * @question: what to ask, with what an empty answer means
 * @error: why there is no answer
 *
 * Returns: (transfer full): one line, valid UTF-8 without spaces around it, or %NULL if the person ended the input.
 */
char *
signin_ctl_ask (const SigninCtlStyle *style, const char *question, GError **error)
{
  char line[ANSWER_MAX];
  g_autofree char *text = NULL;

  if (!put_question (style, question, error))
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
 * @style: what can be shown
 * @error: what is wrong with the answer
 * @tries: (inout): how many answers were wrong so far
 *
 * Tells the person what is wrong, unless it was the last try: then the call ends with it.
 *
 * Returns: whether to ask again.
 */
gboolean
signin_ctl_ask_again (const SigninCtlStyle *style, const GError *error, guint *tries)
{
  g_autofree char *message = signin_ctl_clean (error->message);
  g_autoptr (GString) out = g_string_new (NULL);

  if (++*tries >= TRIES_MAX)
    return FALSE;
  signin_ctl_line (out, style, 0, "%s", message);
  return signin_ctl_write (stdout, out->str, NULL);
}
