/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "describe.h"
#include "times.h"
#include "verbs.h"

/* Whether there is, or could be, a popup to dismiss; if not, when there will be. */
static gboolean
check_state (SigninCtl *ctl, const SigninCtlAccount *account, GError **error)
{
  g_autofree char *warns = signin_ctl_format_clock (account->warns_at, ctl->now_usec);

  if (g_str_equal (account->state, "signed-out"))
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("%s is signed out: there is no warning to dismiss"),
                 account->id);
  else if (g_str_equal (account->state, "active") && account->warns_at == 0)
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("%s has no known session length: no warning will come"),
                 account->id);
  else if (g_str_equal (account->state, "active"))
    /* TRANSLATORS: an account and a clock time */
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
                 _ ("%s: there is no warning to dismiss yet; it comes at %s"), account->id, warns);
  else
    return TRUE;
  return FALSE;
}

static gboolean
dismiss (SigninCtl *ctl, const char *id, GError **error)
{
  g_autoptr (sd_bus_message) message = signin_ctl_begin (ctl, "Dismiss", error);

  if (message == NULL || signin_ctl_bus_failed (sd_bus_message_append (message, "s", id), error))
    return FALSE;
  return signin_ctl_commit (ctl, message, error);
}

static int
show (SigninCtl *ctl, const SigninCtlAccount *account, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *ends = signin_ctl_format_clock (account->expires_at, ctl->now_usec);

  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_string (&json, "dismissed", account->id);
      return signin_ctl_show_json (&json, error);
    }
  signin_ctl_line (out, &ctl->style, 0, _ ("%s: no more popups about this session"), account->id);
  if (g_str_equal (account->state, "expiring"))
    /* TRANSLATORS: a clock time */
    signin_ctl_line (out, &ctl->style, 2, _ ("It still ends at %s"), ends);
  return signin_ctl_show (out->str, error);
}

/**
 * signin_ctl_run_dismiss:
 * @ctl: the call
 * @error: why not
 *
 * Silences the popups of a session that is about to end.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_dismiss (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninCtlSnapshot) snapshot = signin_ctl_look (ctl, error);
  const SigninCtlAccount *account = snapshot != NULL ? signin_ctl_pick (ctl, snapshot, error) : NULL;

  if (account == NULL || !check_state (ctl, account, error) || !dismiss (ctl, account->id, error))
    return SIGNIN_CTL_FAILED;
  return show (ctl, account, error);
}
