/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "describe.h"
#include "source.h"
#include "times.h"
#include "typed.h"
#include "verbs.h"

/* How exact the time of a session is that was just begun. */
#define EXACT_USEC (2 * G_USEC_PER_SEC)

static int
append_options (SigninCtl *ctl, sd_bus_message *message, gint64 at_usec)
{
  int r = sd_bus_message_open_container (message, 'a', "{sv}");

  if (r >= 0)
    r = signin_ctl_append_time (message, "at", at_usec);
  if (r >= 0)
    r = signin_ctl_append_string (message, "source", signin_ctl_value (ctl, SIGNIN_CTL_OPT_SOURCE));
  if (r >= 0)
    r = signin_ctl_append_flag (message, "force", signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_FORCE));
  return r < 0 ? r : sd_bus_message_close_container (message);
}

static gboolean
record (SigninCtl *ctl, const char *id, gint64 at_usec, GError **error)
{
  g_autoptr (sd_bus_message) message = signin_ctl_begin (ctl, "RecordSignIn", error);

  if (message == NULL || signin_ctl_bus_failed (sd_bus_message_append (message, "s", id), error)
      || signin_ctl_bus_failed (append_options (ctl, message, at_usec), error))
    return FALSE;
  return signin_ctl_commit (ctl, message, error);
}

/* The session that was recorded at @at_usec, or that a browser had reported before; %NULL if it is gone. */
static const SigninCtlSession *
find_recorded (SigninCtl *ctl, const SigninCtlAccount *account, gint64 at_usec, gboolean *reported)
{
  const char *source = signin_ctl_value (ctl, SIGNIN_CTL_OPT_SOURCE);
  const SigninCtlSession *own = signin_ctl_account_find (account, source != NULL ? source : SIGNIN_SOURCE_MANUAL);
  const SigninCtlSession *nearest = own;

  *reported = FALSE;
  if (own != NULL && ABS (own->signed_in_at - at_usec) <= EXACT_USEC)
    return own;
  for (guint i = 0; i < account->sessions->len; i++)
    {
      const SigninCtlSession *session = g_ptr_array_index (account->sessions, i);

      if (!signin_source_is_browser (session->source))
        continue;
      if (nearest == NULL || ABS (session->signed_in_at - at_usec) < ABS (nearest->signed_in_at - at_usec))
        nearest = session;
    }
  *reported = nearest != own;
  return nearest;
}

static int
show_json (SigninCtl *ctl, const SigninCtlAccount *account, const SigninCtlSession *session, gboolean reported,
           GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };

  signin_ctl_json_init (&json, FALSE);
  signin_ctl_json_bool (&json, "reported_already", reported);
  signin_ctl_json_session (&json, "recorded", session, ctl->now_usec);
  signin_ctl_json_account (&json, "account", account, ctl->now_usec);
  return signin_ctl_show_json (&json, error);
}

static int
show (SigninCtl *ctl, const SigninCtlAccount *account, const SigninCtlSession *session, gboolean reported,
      GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *since = signin_ctl_format_clock (session->signed_in_at, ctl->now_usec);
  g_autofree char *marks = signin_ctl_describe_marks (session->warns_at, session->expires_at, ctl->now_usec);
  g_autofree char *id = signin_ctl_quote (account->id);
  g_autofree char *source = signin_ctl_describe_source (account, session->source);

  /* TRANSLATORS: an account, a clock time, and where the sign-in was made */
  signin_ctl_line (out, &ctl->style, 0, _ ("%s: signed in since %s (%s)"), account->id, since, source);
  signin_ctl_line (out, &ctl->style, 2, "%s", marks);
  if (reported)
    /* TRANSLATORS: a browser; --force is to be typed as it is */
    signin_ctl_line (out, &ctl->style, 0,
                     _ ("%s has reported this sign-in already: nothing was changed. Count it all the same: "
                        "signinctl record %s --force"),
                     source, id);
  else if (!signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_AT))
    /* TRANSLATORS: --at is to be typed as it is */
    signin_ctl_line (out, &ctl->style, 0, _ ("Earlier? signinctl record %s --at 08:12"), id);
  return signin_ctl_tell (ctl, out->str, error);
}

/**
 * signin_ctl_run_record:
 * @ctl: the call
 * @error: why not
 *
 * Records a sign-in, and shows when it will end.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_record (SigninCtl *ctl, GError **error)
{
  const char *at = signin_ctl_value (ctl, SIGNIN_CTL_OPT_AT);
  g_autoptr (SigninCtlSnapshot) snapshot = NULL;
  const SigninCtlAccount *account;
  const SigninCtlSession *session;
  g_autofree char *id = NULL;
  gint64 at_usec = -1;
  gboolean reported;

  if (at != NULL && !signin_ctl_parse_point (at, ctl->now_usec, &at_usec, error))
    return SIGNIN_CTL_USAGE;
  id = signin_ctl_pick_id (ctl, error);
  if (id == NULL || !record (ctl, id, at_usec, error))
    return SIGNIN_CTL_FAILED;
  snapshot = signin_ctl_look (ctl, error);
  account = snapshot != NULL ? signin_ctl_snapshot_find (snapshot, id, error) : NULL;
  if (account == NULL)
    return SIGNIN_CTL_FAILED;
  session = find_recorded (ctl, account, at_usec != -1 ? at_usec : ctl->now_usec, &reported);
  if (session == NULL)
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("The session of '%s' was ended at the same moment"),
                   id);
      return SIGNIN_CTL_FAILED;
    }
  return ctl->json ? show_json (ctl, account, session, reported, error) : show (ctl, account, session, reported, error);
}
