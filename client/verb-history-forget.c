/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "ask.h"
#include "verb-history.h"

static gboolean
may_forget (SigninCtl *ctl, const SigninCtlPeriod *period, guint n, GError **error)
{
  g_autofree char *question = NULL;

  if (signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_YES))
    return TRUE;
  if (ctl->json || !signin_ctl_can_ask ())
    {
      g_set_error_literal (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
                           _ ("Nobody can be asked here whether to forget past sessions; if you mean it, add --yes"));
      return FALSE;
    }
  if (period->account != NULL)
    question = g_strdup_printf (ngettext ("Forget %u past session of %s? It cannot be brought back.",
                                          "Forget %u past sessions of %s? They cannot be brought back.", n),
                                n, period->account);
  else
    question = g_strdup_printf (ngettext ("Forget %u past session? It cannot be brought back.",
                                          "Forget %u past sessions? They cannot be brought back.", n),
                                n);
  if (signin_ctl_confirm (&ctl->style, question))
    return TRUE;
  g_set_error_literal (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("Nothing was forgotten"));
  return FALSE;
}

static gboolean
forget (SigninCtl *ctl, const SigninCtlPeriod *period, GError **error)
{
  g_autoptr (sd_bus_message) message = signin_ctl_begin (ctl, "ForgetHistory", error);
  int r;

  if (message == NULL)
    return FALSE;
  r = sd_bus_message_open_container (message, 'a', "{sv}");
  if (r >= 0)
    r = signin_ctl_history_append_period (message, period);
  if (r >= 0)
    r = sd_bus_message_close_container (message);
  return !signin_ctl_bus_failed (r, error) && signin_ctl_commit (ctl, message, error);
}

static int
show (SigninCtl *ctl, guint n, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);

  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_int (&json, "forgotten", n);
      return signin_ctl_show_json (&json, error);
    }
  if (n == 0)
    signin_ctl_line (out, &ctl->style, 0, _ ("There are no past sessions to forget."));
  else
    signin_ctl_line (out, &ctl->style, 0,
                     ngettext ("Forgot %u past session. What goes on is counted as before.",
                               "Forgot %u past sessions. What goes on is counted as before.", n),
                     n);
  return signin_ctl_show (out->str, error);
}

/**
 * signin_ctl_forget_history:
 * @ctl: the call
 * @error: why not
 *
 * Forgets past sessions, if the person means it.
 *
 * Returns: an exit code.
 */
int
signin_ctl_forget_history (SigninCtl *ctl, GError **error)
{
  g_autoptr (GPtrArray) history = NULL;
  SigninCtlPeriod period;
  sd_bus *bus;

  if (!signin_ctl_read_period (ctl, &period, error))
    return SIGNIN_CTL_USAGE;
  bus = signin_ctl_connect (ctl, error);
  history = bus != NULL ? signin_ctl_history_read (bus, &period, error) : NULL;
  if (history == NULL)
    return SIGNIN_CTL_FAILED;
  if (history->len > 0 && (!may_forget (ctl, &period, history->len, error) || !forget (ctl, &period, error)))
    return SIGNIN_CTL_FAILED;
  return show (ctl, history->len, error);
}
