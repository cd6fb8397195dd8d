/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "errors.h"
#include "snooze.h"
#include "times.h"
#include "typed.h"
#include "verbs.h"

/* A single word is an account if there is one of that name, else a duration if it is one. */
static gboolean
is_duration (const SigninCtlSnapshot *snapshot, const char *word, gint64 *usec)
{
  return signin_ctl_snapshot_find (snapshot, word, NULL) == NULL && signin_ctl_parse_duration (word, usec, NULL);
}

static const SigninCtlAccount *
choose (SigninCtl *ctl, const SigninCtlSnapshot *snapshot, gint64 *usec, GError **error)
{
  const char *const *words = ctl->args.words;
  gboolean alone = ctl->args.n_words == 1 && is_duration (snapshot, words[0], usec);

  if (ctl->args.n_words == 2 && !signin_ctl_parse_duration (words[1], usec, error))
    return NULL;
  if (ctl->args.n_words < 2 && !alone)
    *usec = signin_ctl_usual_snooze ();
  return alone ? signin_ctl_snapshot_only (snapshot, error) : signin_ctl_pick (ctl, snapshot, error);
}

static gboolean
snooze (SigninCtl *ctl, const char *id, gint64 usec, GError **error)
{
  g_autoptr (sd_bus_message) message = signin_ctl_begin (ctl, "Snooze", error);
  g_autoptr (GError) refusal = NULL;

  if (message == NULL || signin_ctl_bus_failed (sd_bus_message_append (message, "st", id, (guint64) usec), error))
    return FALSE;
  if (signin_ctl_commit (ctl, message, &refusal))
    return TRUE;
  /* Nothing that was typed here is wrong with the time. */
  if (g_error_matches (refusal, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_TIME))
    g_set_error_literal (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, refusal->message);
  else
    g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

static int
show (SigninCtl *ctl, const SigninCtlAccount *account, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *until = signin_ctl_format_clock (account->snoozed_until, ctl->now_usec);
  g_autofree char *ends = signin_ctl_format_clock (account->expires_at, ctl->now_usec);

  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_string (&json, "snoozed", account->id);
      signin_ctl_json_time (&json, "snoozed_until", account->snoozed_until);
      signin_ctl_json_time (&json, "expires_at", account->expires_at);
      return signin_ctl_show_json (&json, error);
    }
  if (account->snoozed_until < account->expires_at)
    {
      /* TRANSLATORS: an account and a clock time */
      signin_ctl_line (out, &ctl->style, 0, _ ("%s: quiet until %s"), account->id, until);
      /* TRANSLATORS: a clock time */
      signin_ctl_line (out, &ctl->style, 2, _ ("The session still ends at %s"), ends);
    }
  else
    /* TRANSLATORS: an account and a clock time */
    signin_ctl_line (out, &ctl->style, 0, _ ("%s: quiet until the session ends at %s"), account->id, ends);
  return signin_ctl_show (out->str, error);
}

/**
 * signin_ctl_run_snooze:
 * @ctl: the call
 * @error: why not
 *
 * Silences a session that is about to end for a while.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_snooze (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninCtlSnapshot) before = signin_ctl_look (ctl, error);
  g_autoptr (SigninCtlSnapshot) after = NULL;
  const SigninCtlAccount *account;
  gint64 usec = 0;

  account = before != NULL ? choose (ctl, before, &usec, error) : NULL;
  if (account == NULL || !snooze (ctl, account->id, usec, error))
    return SIGNIN_CTL_FAILED;
  after = signin_ctl_look (ctl, error);
  account = after != NULL ? signin_ctl_snapshot_find (after, account->id, error) : NULL;
  return account != NULL ? show (ctl, account, error) : SIGNIN_CTL_FAILED;
}
