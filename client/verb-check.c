/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "describe.h"
#include "typed.h"
#include "verbs.h"

/* Nothing is known against a session without a length. */
static SigninCtlExit
judge (const SigninCtlAccount *account, gint64 min_remaining, gint64 now_usec)
{
  gint64 remaining = signin_ctl_remaining (account->state, account->expires_at, now_usec);

  if (remaining == 0)
    return SIGNIN_CTL_ENDED;
  return remaining > 0 && remaining < min_remaining ? SIGNIN_CTL_LESS : SIGNIN_CTL_DONE;
}

/* The worst of those who are signed in; if nobody is, there is nothing to rely on. */
static SigninCtlExit
judge_all (const SigninCtlSnapshot *snapshot, gint64 min_remaining, gint64 now_usec)
{
  SigninCtlExit worst = SIGNIN_CTL_DONE;
  gboolean any = FALSE;

  for (guint i = 0; i < snapshot->accounts->len; i++)
    {
      const SigninCtlAccount *account = signin_ctl_snapshot_get (snapshot, i);
      SigninCtlExit verdict = judge (account, min_remaining, now_usec);

      if (!signin_ctl_account_is_running (account))
        continue;
      any = TRUE;
      if (verdict == SIGNIN_CTL_ENDED || (verdict == SIGNIN_CTL_LESS && worst == SIGNIN_CTL_DONE))
        worst = verdict;
    }
  return any ? worst : SIGNIN_CTL_ENDED;
}

static const char *
verdict_word (SigninCtlExit verdict)
{
  return verdict == SIGNIN_CTL_DONE ? "enough" : verdict == SIGNIN_CTL_LESS ? "less" : "ended";
}

/**
 * signin_ctl_run_check:
 * @ctl: the call
 * @error: why it cannot be told
 *
 * Says nothing, unless JSON is asked for.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_check (SigninCtl *ctl, GError **error)
{
  const char *text = signin_ctl_value (ctl, SIGNIN_CTL_OPT_MIN_REMAINING);
  g_autoptr (SigninCtlSnapshot) snapshot = NULL;
  const SigninCtlAccount *account = NULL;
  g_auto (SigninCtlJson) json = { NULL };
  gint64 min_remaining = 0;
  SigninCtlExit verdict;

  if (text != NULL && !signin_ctl_parse_duration (text, &min_remaining, error))
    return SIGNIN_CTL_USAGE;
  snapshot = signin_ctl_look (ctl, error);
  if (snapshot == NULL)
    return SIGNIN_CTL_FAILED;
  if (ctl->args.n_words > 0)
    {
      account = signin_ctl_snapshot_find (snapshot, ctl->args.words[0], error);
      if (account == NULL)
        return SIGNIN_CTL_NO_ACCOUNT;
    }
  verdict = account != NULL ? judge (account, min_remaining, ctl->now_usec)
                            : judge_all (snapshot, min_remaining, ctl->now_usec);
  if (!ctl->json)
    return verdict;
  signin_ctl_json_init (&json, FALSE);
  signin_ctl_json_string (&json, "verdict", verdict_word (verdict));
  signin_ctl_json_int (&json, "exit_status", verdict);
  return signin_ctl_show_json (&json, error) == SIGNIN_CTL_DONE ? (int) verdict : SIGNIN_CTL_FAILED;
}
