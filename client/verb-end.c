/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "describe.h"
#include "errors.h"
#include "verbs.h"

static gboolean
record_sign_out (SigninCtl *ctl, const char *id, gboolean *was_signed_in, GError **error)
{
  g_autoptr (sd_bus_message) message = signin_ctl_begin (ctl, "RecordSignOut", error);
  g_autoptr (GError) refusal = NULL;

  if (message == NULL || signin_ctl_bus_failed (sd_bus_message_append (message, "sa{sv}", id, 0), error))
    return FALSE;
  *was_signed_in = signin_ctl_commit (ctl, message, &refusal);
  if (*was_signed_in || g_error_matches (refusal, SIGNIN_ERROR, SIGNIN_ERROR_NOT_SIGNED_IN))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

static int
show (SigninCtl *ctl, const SigninCtlAccount *account, gboolean was_signed_in, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);

  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_bool (&json, "was_signed_in", was_signed_in);
      signin_ctl_json_account (&json, "account", account, ctl->now_usec);
      return signin_ctl_show_json (&json, error);
    }
  if (was_signed_in)
    {
      signin_ctl_line (out, &ctl->style, 0, _ ("%s: signed out, nothing is counted any more"), account->id);
      signin_ctl_line (out, &ctl->style, 0, _ ("The browser is still signed in. To sign out there:"));
      signin_ctl_line (out, &ctl->style, 2, "%s", account->url);
    }
  else
    signin_ctl_line (out, &ctl->style, 0, _ ("%s: signed out already"), account->id);
  return signin_ctl_show (out->str, error);
}

/**
 * signin_ctl_run_end:
 * @ctl: the call
 * @error: why not
 *
 * Records a sign-out. Somebody who is signed out already has what they want.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_end (SigninCtl *ctl, GError **error)
{
  g_autofree char *id = signin_ctl_pick_id (ctl, error);
  g_autoptr (SigninCtlSnapshot) snapshot = NULL;
  const SigninCtlAccount *account;
  gboolean was_signed_in;

  if (id == NULL || !record_sign_out (ctl, id, &was_signed_in, error))
    return SIGNIN_CTL_FAILED;
  snapshot = signin_ctl_look (ctl, error);
  account = snapshot != NULL ? signin_ctl_snapshot_find (snapshot, id, error) : NULL;
  return account != NULL ? show (ctl, account, was_signed_in, error) : SIGNIN_CTL_FAILED;
}
