/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "describe.h"
#include "details.h"
#include "verbs.h"

static gboolean
set_account (SigninCtl *ctl, const char *id, GError **error)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  g_autoptr (sd_bus_message) message = NULL;
  gboolean from_next = signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_FROM_NEXT);

  if (!signin_ctl_read_details (ctl, &details, error))
    return FALSE;
  message = signin_ctl_begin (ctl, "SetAccount", error);
  if (message == NULL || signin_ctl_bus_failed (sd_bus_message_append (message, "s", id), error)
      || signin_ctl_bus_failed (signin_ctl_append_details (message, &details, from_next), error))
    return FALSE;
  return signin_ctl_commit (ctl, message, error);
}

static gboolean
changes_rule (const SigninCtl *ctl)
{
  return signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_LENGTH)
         || signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_WARN);
}

/* What a new rule means for the session that runs. */
static void
add_plan (GString *out, SigninCtl *ctl, const SigninCtlAccount *account)
{
  g_autofree char *marks = signin_ctl_describe_marks (account->warns_at, account->expires_at, ctl->now_usec);

  if (!changes_rule (ctl) || !signin_ctl_account_is_running (account))
    return;
  if (signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_FROM_NEXT))
    signin_ctl_line (out, &ctl->style, 2, _ ("The running session stays as it is; this counts from the next sign-in"));
  else
    signin_ctl_line (out, &ctl->style, 2, _ ("The running session is planned anew"));
  signin_ctl_line (out, &ctl->style, 2, "%s", marks);
}

static int
show (SigninCtl *ctl, const SigninCtlAccount *account, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *what = signin_ctl_describe_what (account);
  g_autofree char *rule = signin_ctl_describe_rule (account);

  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_account (&json, "account", account, ctl->now_usec);
      return signin_ctl_show_json (&json, error);
    }
  /* TRANSLATORS: an account, and what it is */
  signin_ctl_line (out, &ctl->style, 0, _ ("Changed %s: %s"), account->id, what);
  signin_ctl_address (out, &ctl->style, 2, account->url);
  signin_ctl_line (out, &ctl->style, 2, "%s", rule);
  add_plan (out, ctl, account);
  return signin_ctl_show (out->str, error);
}

/**
 * signin_ctl_run_edit:
 * @ctl: the call
 * @error: why not
 *
 * Changes an account, and says what becomes of its running session.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_edit (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninCtlSnapshot) snapshot = NULL;
  const SigninCtlAccount *account;
  g_autofree char *id = NULL;

  if (!(ctl->args.given & ctl->args.verb->options & ~SIGNIN_CTL_BIT (SIGNIN_CTL_OPT_FROM_NEXT)))
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
                   _ ("Nothing to change; say what, such as --length 10h; see 'signinctl edit --help'"));
      return SIGNIN_CTL_USAGE;
    }
  id = signin_ctl_pick_id (ctl, error);
  if (id == NULL || !set_account (ctl, id, error))
    return SIGNIN_CTL_FAILED;
  snapshot = signin_ctl_look (ctl, error);
  account = snapshot != NULL ? signin_ctl_snapshot_find (snapshot, id, error) : NULL;
  return account != NULL ? show (ctl, account, error) : SIGNIN_CTL_FAILED;
}
