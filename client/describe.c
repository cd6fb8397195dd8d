/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "describe.h"

#include <string.h>

#include <glib/gi18n.h>

#include "source.h"
#include "times.h"

/**
 * signin_ctl_describe_marks:
 * @warns_at: when the warning comes, 0 for never
 * @expires_at: when the session ends, 0 if not known
 * @now_usec: now
 *
 * Returns: (transfer full): a sentence without a full stop.
 */
char *
signin_ctl_describe_marks (gint64 warns_at, gint64 expires_at, gint64 now_usec)
{
  g_autofree char *warns = signin_ctl_format_clock (warns_at, now_usec);
  g_autofree char *expires = signin_ctl_format_clock (expires_at, now_usec);

  if (expires_at == 0)
    return g_strdup (_ ("No session length is known: no warning will come"));
  if (warns_at == 0)
    /* TRANSLATORS: a clock time */
    return g_strdup_printf (_ ("End at %s"), expires);
  if (warns_at <= now_usec)
    /* TRANSLATORS: two clock times */
    return g_strdup_printf (_ ("Warning was at %s, end at %s"), warns, expires);
  /* TRANSLATORS: two clock times */
  return g_strdup_printf (_ ("Warning at %s, end at %s"), warns, expires);
}

/**
 * signin_ctl_describe_rule:
 * @account: an account
 *
 * Returns: (transfer full): how long its sessions last, as a sentence without a full stop.
 */
char *
signin_ctl_describe_rule (const SigninCtlAccount *account)
{
  g_autofree char *length = signin_ctl_format_duration (account->session_length);
  g_autofree char *lead = signin_ctl_format_duration (account->warning_lead);

  if (account->session_length == 0)
    return g_strdup (_ ("No session length is known: sessions are counted without warnings"));
  /* TRANSLATORS: two durations */
  return g_strdup_printf (_ ("A session lasts %s, the warning comes %s before its end"), length, lead);
}

/**
 * signin_ctl_describe_what:
 * @account: an account
 *
 * Returns: (transfer full): its service and the name to sign in with.
 */
char *
signin_ctl_describe_what (const SigninCtlAccount *account)
{
  const char *service = *account->service_name != '\0' ? account->service_name : account->service;

  if (*account->user_name == '\0')
    return g_strdup (service);
  return g_strdup_printf ("%s, %s", service, account->user_name);
}

/**
 * signin_ctl_describe_source:
 * @account: (nullable): whose it is
 * @source: a source
 *
 * Returns: (transfer full): what it is called for people; the profile of a browser only beside another one.
 */
char *
signin_ctl_describe_source (const SigninCtlAccount *account, const char *source)
{
  gboolean with_profile = FALSE;

  for (guint i = 0; account != NULL && i < account->sessions->len; i++)
    {
      const SigninCtlSession *other = g_ptr_array_index (account->sessions, i);

      if (!g_str_equal (other->source, source) && signin_source_same_browser (other->source, source))
        with_profile = TRUE;
    }
  return signin_source_describe (source, with_profile);
}

/**
 * signin_ctl_quote:
 * @word: a word of a command line
 *
 * Returns: (transfer full): @word as a shell needs it, quoted only where it has to be.
 */
char *
signin_ctl_quote (const char *word)
{
  static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@:/+%=";

  return *word != '\0' && word[strspn (word, safe)] == '\0' ? g_strdup (word) : g_shell_quote (word);
}

/**
 * signin_ctl_remaining:
 * @state: the state of an account or a session
 * @expires_at: when it ends
 * @now_usec: now
 *
 * Returns: what is left, 0 if nothing is; -1 if that is not known.
 */
gint64
signin_ctl_remaining (const char *state, gint64 expires_at, gint64 now_usec)
{
  if (!g_str_equal (state, "active") && !g_str_equal (state, "expiring"))
    return 0;
  return expires_at == 0 ? -1 : MAX (expires_at - now_usec, 0);
}

/**
 * signin_ctl_json_session:
 * @json: a writer
 * @key: (nullable): its key
 * @session: a session
 * @now_usec: now
 *
 * Adds @session.
 */
void
signin_ctl_json_session (SigninCtlJson *json, const char *key, const SigninCtlSession *session, gint64 now_usec)
{
  signin_ctl_json_object (json, key);
  signin_ctl_json_string (json, "source", session->source);
  signin_ctl_json_string (json, "state", session->state);
  signin_ctl_json_time (json, "signed_in_at", session->signed_in_at);
  signin_ctl_json_time (json, "warns_at", session->warns_at);
  signin_ctl_json_time (json, "expires_at", session->expires_at);
  signin_ctl_json_duration (json, "remaining_sec",
                            signin_ctl_remaining (session->state, session->expires_at, now_usec));
  signin_ctl_json_bool (json, "silent", session->silent);
  signin_ctl_json_bool (json, "dismissed", session->dismissed);
  signin_ctl_json_end (json, '}');
}

/**
 * signin_ctl_json_account:
 * @json: a writer
 * @key: (nullable): its key
 * @account: an account
 * @now_usec: now
 *
 * Adds @account and its sessions.
 */
void
signin_ctl_json_account (SigninCtlJson *json, const char *key, const SigninCtlAccount *account, gint64 now_usec)
{
  signin_ctl_json_object (json, key);
  signin_ctl_json_string (json, "id", account->id);
  signin_ctl_json_string (json, "service", account->service);
  signin_ctl_json_string (json, "service_name", account->service_name);
  signin_ctl_json_string (json, "user_name", account->user_name);
  signin_ctl_json_string (json, "organization", account->organization);
  signin_ctl_json_string (json, "region", account->region);
  signin_ctl_json_string (json, "url", account->url);
  signin_ctl_json_string (json, "state", account->state);
  signin_ctl_json_string (json, "source", account->source);
  signin_ctl_json_time (json, "signed_in_at", account->signed_in_at);
  signin_ctl_json_time (json, "warns_at", account->warns_at);
  signin_ctl_json_time (json, "expires_at", account->expires_at);
  signin_ctl_json_time (json, "snoozed_until", account->snoozed_until);
  signin_ctl_json_duration (json, "remaining_sec",
                            signin_ctl_remaining (account->state, account->expires_at, now_usec));
  signin_ctl_json_duration (json, "session_length_sec", account->session_length > 0 ? account->session_length : -1);
  signin_ctl_json_duration (json, "warning_lead_sec", account->session_length > 0 ? account->warning_lead : -1);
  if (*account->health_verdict == '\0')
    signin_ctl_json_null (json, "health");
  else
    {
      signin_ctl_json_object (json, "health");
      signin_ctl_json_string (json, "verdict", account->health_verdict);
      signin_ctl_json_string (json, "reason", account->health_reason);
      signin_ctl_json_time (json, "at", account->health_at);
      signin_ctl_json_end (json, '}');
    }
  signin_ctl_json_array (json, "sessions");
  for (guint i = 0; i < account->sessions->len; i++)
    signin_ctl_json_session (json, NULL, g_ptr_array_index (account->sessions, i), now_usec);
  signin_ctl_json_end (json, ']');
  signin_ctl_json_end (json, '}');
}
