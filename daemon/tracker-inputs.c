/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What callers ask for. Each of these checks, changes what is known, and leaves the rest to the turn. */

#include "config.h"

#include <glib/gi18n.h>

#include "errors.h"
#include "names.h"
#include "tracker-private.h"

#define AHEAD_USEC (2 * G_USEC_PER_SEC)
#define YEAR_2000_USEC (G_GINT64_CONSTANT (946684800) * G_USEC_PER_SEC)
#define BACK_USEC (G_GINT64_CONSTANT (30) * 24 * 60 * 60 * G_USEC_PER_SEC)

static char *
format_time (gint64 real_usec)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (real_usec / G_USEC_PER_SEC);

  /* TRANSLATORS: a point in time so far away that no calendar has a date for it */
  return time != NULL ? g_date_time_format (time, "%F %R") : g_strdup (_ ("That time"));
}

/**
 * signin_tracker_add_account:
 * @tracker: a tracker
 * @id: the new account's id
 * @details: what is known of it
 * @error: where to put what went wrong
 *
 * Adds an account. As for every call of this kind, it is stored at the end of the turn: see
 * signin_tracker_when_settled().
 *
 * Returns: whether it was accepted; if not, @error is %SIGNIN_ERROR_INVALID_ARGUMENT, %SIGNIN_ERROR_ACCOUNT_EXISTS or
 *   %SIGNIN_ERROR_LIMIT_EXCEEDED
 */
gboolean
signin_tracker_add_account (SigninTracker *tracker, const char *id, const SigninAccountDetails *details, GError **error)
{
  g_autoptr (SigninAccountInfo) info = NULL;

  if (signin_tracker_get (tracker, id) != NULL)
    {
      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_ACCOUNT_EXISTS, _ ("There is an account %s already"), id);
      return FALSE;
    }
  info = signin_account_info_new (tracker->services, id, NULL, details, error);
  if (info == NULL)
    return FALSE;
  if (signin_tracker_n_accounts (tracker) >= tracker->limits.accounts)
    {
      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_LIMIT_EXCEEDED,
                   ngettext ("No more than %u account can be tracked", "No more than %u accounts can be tracked",
                             tracker->limits.accounts),
                   tracker->limits.accounts);
      return FALSE;
    }

  signin_tracker_touch (tracker, id);
  signin_tracker_insert (tracker, info);
  return TRUE;
}

/**
 * signin_tracker_set_account:
 * @tracker: a tracker
 * @id: an account's id
 * @details: what to change of it
 * @from_next_sign_in: a new length or lead leaves the running sessions alone
 * @error: where to put what went wrong
 *
 * Changes an account, and plans its sessions anew.
 *
 * Returns: whether it was accepted; if not, @error is %SIGNIN_ERROR_NO_SUCH_ACCOUNT or %SIGNIN_ERROR_INVALID_ARGUMENT
 */
gboolean
signin_tracker_set_account (SigninTracker *tracker, const char *id, const SigninAccountDetails *details,
                            gboolean from_next_sign_in, GError **error)
{
  Entry *entry = signin_tracker_lookup (tracker, id, error);
  g_autoptr (SigninAccountInfo) info = NULL;
  SigninNow now;

  if (entry == NULL)
    return FALSE;
  info = signin_account_info_new (tracker->services, id, entry->account.info, details, error);
  if (info == NULL)
    return FALSE;

  signin_tracker_touch (tracker, id);
  signin_clock_read (tracker->clock, &now);
  for (guint i = 0; !from_next_sign_in && i < entry->account.n_sessions; i++)
    signin_session_replan (&entry->account.sessions[i], &info->policy, &now);
  signin_tracker_set_info (tracker, entry, info);
  signin_tracker_place (tracker, entry, &now);
  return TRUE;
}

/**
 * signin_tracker_remove_account:
 * @tracker: a tracker
 * @id: an account's id
 * @error: where to put what went wrong
 *
 * Forgets an account and its sessions.
 *
 * Returns: whether there was one; if not, @error is %SIGNIN_ERROR_NO_SUCH_ACCOUNT
 */
gboolean
signin_tracker_remove_account (SigninTracker *tracker, const char *id, GError **error)
{
  if (signin_tracker_lookup (tracker, id, error) == NULL)
    return FALSE;
  signin_tracker_touch (tracker, id);
  signin_tracker_drop (tracker, id);
  return TRUE;
}

/* "Now" is always believed: whatever the clock says, the person is sitting there. */
gboolean
signin_tracker_check_time (const SigninAccountInfo *info, gint64 at_usec, const SigninNow *now, GError **error)
{
  gint64 ago_usec;

  if (at_usec < YEAR_2000_USEC)
    {
      g_set_error_literal (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_TIME,
                           _ ("The time of a sign-in cannot lie before the year 2000"));
      return FALSE;
    }
  if (at_usec > now->real_usec && at_usec - now->real_usec > AHEAD_USEC)
    {
      g_autofree char *text = format_time (at_usec);

      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_TIME, _ ("%s has not come yet"), text);
      return FALSE;
    }

  ago_usec = now->real_usec - at_usec;
  if (info->policy.length_usec > 0 && ago_usec >= info->policy.length_usec)
    {
      g_autofree char *text = format_time (at_usec);
      g_autofree char *end = format_time (at_usec + info->policy.length_usec);

      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_TIME,
                   /* TRANSLATORS: account, time of the sign-in, time of the end */
                   _ ("A session of %s that began %s has ended already, %s"), info->id, text, end);
      return FALSE;
    }
  if (info->policy.length_usec == 0 && ago_usec > BACK_USEC)
    {
      g_autofree char *text = format_time (at_usec);

      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_TIME, _ ("%s is more than 30 days ago"), text);
      return FALSE;
    }
  return TRUE;
}

gboolean
signin_tracker_check_sources (SigninTracker *tracker, const Entry *entry, const char *source, GError **error)
{
  if (signin_account_find (&entry->account, source) != NULL || entry->account.n_sessions < tracker->limits.sources)
    return TRUE;
  g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_LIMIT_EXCEEDED,
               ngettext ("No more than %u source can have a session of %s",
                         "No more than %u sources can have a session of %s", tracker->limits.sources),
               tracker->limits.sources, entry->account.info->id);
  return FALSE;
}

/* Puts a new session in place of the one of the same source. Returns when it ends. */
gint64
signin_tracker_begin_session (SigninTracker *tracker, Entry *entry, const char *source, gint64 at_usec, gboolean silent,
                              const SigninNow *now)
{
  SigninSession session = { .silent = silent, .ladder = tracker->ladder };

  signin_tracker_touch (tracker, entry->account.info->id);
  g_strlcpy (session.source, source, sizeof session.source);
  session.policy = entry->account.info->policy;
  session.start = signin_stamp_at (now, at_usec == -1 ? now->real_usec : MIN (at_usec, now->real_usec));
  signin_tracker_remember_sign_in (tracker, entry, signin_account_find (&entry->account, source), &session, now);
  signin_tracker_put_session (tracker, entry, &session);
  signin_tracker_place (tracker, entry, now);
  signin_tracker_add_news (tracker->news, SIGNIN_EVENT_SIGNED_IN, entry, &session, signin_session_real (&session, 0),
                           now);
  return signin_session_real (&session, signin_session_mark (&session, SIGNIN_MARK_EXPIRED));
}

static gboolean
sign_in (SigninTracker *tracker, const char *id, const char *source, gint64 at_usec, gboolean silent, gboolean force,
         gint64 *expires_at, GError **error)
{
  Entry *entry = signin_tracker_lookup (tracker, id, error);
  const SigninSession *reported = NULL;
  gint64 ends_usec;
  SigninNow now;

  if (entry == NULL || !signin_source_check (source, error)
      || !signin_tracker_check_sources (tracker, entry, source, error))
    return FALSE;
  signin_clock_read (tracker->clock, &now);
  if (at_usec != -1 && !signin_tracker_check_time (entry->account.info, at_usec, &now, error))
    return FALSE;

  if (!force && g_str_equal (source, SIGNIN_SOURCE_MANUAL))
    reported = signin_tracker_find_report (entry, at_usec, &now);
  if (reported != NULL)
    ends_usec = signin_session_real (reported, signin_session_mark (reported, SIGNIN_MARK_EXPIRED));
  else
    ends_usec = signin_tracker_begin_session (tracker, entry, source, at_usec, silent, &now);
  if (expires_at != NULL)
    *expires_at = ends_usec;
  return TRUE;
}

/**
 * signin_tracker_sign_in:
 * @tracker: a tracker
 * @id: an account's id
 * @source: where the sign-in was made
 * @at_usec: when, in microseconds of CLOCK_REALTIME; -1 for now
 * @silent: nobody typed anything
 * @expires_at: (out) (optional): when the session ends, in microseconds of CLOCK_REALTIME; 0 if its length is not known
 * @error: where to put what went wrong
 *
 * Begins a session, in place of the one of the same source. What a person says by hand within 10 minutes of a browser's
 * report changes nothing, because it is the same sign-in: @expires_at is that of the browser's session then.
 *
 * Returns: whether it was accepted; if not, @error is %SIGNIN_ERROR_NO_SUCH_ACCOUNT, %SIGNIN_ERROR_INVALID_ARGUMENT,
 *   %SIGNIN_ERROR_INVALID_TIME or %SIGNIN_ERROR_LIMIT_EXCEEDED
 */
gboolean
signin_tracker_sign_in (SigninTracker *tracker, const char *id, const char *source, gint64 at_usec, gboolean silent,
                        gint64 *expires_at, GError **error)
{
  return sign_in (tracker, id, source, at_usec, silent, FALSE, expires_at, error);
}

/**
 * signin_tracker_force_sign_in:
 * @tracker: a tracker
 * @id: an account's id
 * @source: where the sign-in was made
 * @at_usec: when, in microseconds of CLOCK_REALTIME; -1 for now
 * @silent: nobody typed anything
 * @expires_at: (out) (optional): when the session ends, in microseconds of CLOCK_REALTIME; 0 if its length is not known
 * @error: where to put what went wrong
 *
 * As signin_tracker_sign_in(), also beside what a browser has just reported.
 *
 * Returns: as signin_tracker_sign_in()
 */
gboolean
signin_tracker_force_sign_in (SigninTracker *tracker, const char *id, const char *source, gint64 at_usec,
                              gboolean silent, gint64 *expires_at, GError **error)
{
  return sign_in (tracker, id, source, at_usec, silent, TRUE, expires_at, error);
}

static gboolean
is_running (const SigninSession *session, const SigninNow *now)
{
  return signin_session_state (session, now) != SIGNIN_STATE_EXPIRED;
}

static gboolean
check_signed_in (const Entry *entry, const char *source, const SigninNow *now, GError **error)
{
  for (guint i = 0; i < entry->account.n_sessions; i++)
    {
      const SigninSession *session = &entry->account.sessions[i];

      if (is_running (session, now) && (source == NULL || g_str_equal (session->source, source)))
        return TRUE;
    }
  g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_NOT_SIGNED_IN, _ ("%s is not signed in"), entry->account.info->id);
  return FALSE;
}

/**
 * signin_tracker_sign_out:
 * @tracker: a tracker
 * @id: an account's id
 * @source: (nullable): where the sign-out was made; %NULL for everywhere
 * @error: where to put what went wrong
 *
 * Ends sessions, because the person signed out. Those that had ended by themselves are forgotten along with them.
 *
 * Returns: whether there was one to end; if not, @error is %SIGNIN_ERROR_NO_SUCH_ACCOUNT, %SIGNIN_ERROR_NOT_SIGNED_IN
 * or %SIGNIN_ERROR_INVALID_ARGUMENT
 */
gboolean
signin_tracker_sign_out (SigninTracker *tracker, const char *id, const char *source, GError **error)
{
  Entry *entry = signin_tracker_lookup (tracker, id, error);
  SigninNow now;

  if (entry == NULL || (source != NULL && !signin_source_check (source, error)))
    return FALSE;
  signin_clock_read (tracker->clock, &now);
  if (!check_signed_in (entry, source, &now, error))
    return FALSE;

  signin_tracker_touch (tracker, id);
  for (guint i = entry->account.n_sessions; i-- > 0;)
    {
      SigninSession session = entry->account.sessions[i];

      if (source != NULL && !g_str_equal (session.source, source))
        continue;
      if (is_running (&session, &now))
        signin_tracker_add_news (tracker->news, SIGNIN_EVENT_SIGNED_OUT, entry, &session, now.real_usec, &now);
      signin_tracker_remember_sign_out (tracker, entry, &session, &now);
      signin_tracker_drop_session (tracker, entry, session.source);
    }
  signin_tracker_place (tracker, entry, &now);
  return TRUE;
}

/* Why nothing of an account can be put off or dismissed now. */
static void
set_not_expiring (const Entry *entry, const SigninNow *now, GError **error)
{
  SigninAccountView view;
  gint64 warns_at = 0;

  signin_account_view (&entry->account, now, &view);
  if (view.state == SIGNIN_STATE_ACTIVE)
    warns_at = signin_session_real (view.shown, signin_session_mark (view.shown, SIGNIN_MARK_WARNING));
  if (warns_at > 0)
    {
      g_autofree char *text = format_time (warns_at);

      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_TIME,
                   /* TRANSLATORS: account, time of the warning */
                   _ ("It is too early: %s is warned of at %s"), entry->account.info->id, text);
    }
  else
    g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_NOT_SIGNED_IN, _ ("No session of %s is about to end"),
                 entry->account.info->id);
}

/* Whether there is something to dismiss, now or within @ahead_usec. */
static gboolean
is_about_to_warn (const SigninSession *session, const SigninNow *now, gint64 ahead_usec)
{
  gint64 warning = signin_session_mark (session, SIGNIN_MARK_WARNING);

  return warning != SIGNIN_NEVER && warning - ahead_usec <= signin_stamp_elapsed (&session->start, now);
}

/* The person has answered a popup about what is about to end, or has ended. */
static gboolean
answer (SigninTracker *tracker, const char *id, gint64 ahead_usec, gboolean dismiss, GError **error)
{
  Entry *entry = signin_tracker_lookup (tracker, id, error);
  gboolean answered = FALSE;
  SigninNow now;

  if (entry == NULL)
    return FALSE;
  signin_clock_read (tracker->clock, &now);
  for (guint i = 0; i < entry->account.n_sessions; i++)
    {
      SigninSession *session = &entry->account.sessions[i];

      if (!is_about_to_warn (session, &now, ahead_usec))
        continue;
      signin_tracker_touch (tracker, id);
      if (dismiss)
        session->dismissed = TRUE;
      else
        session->opened = TRUE;
      answered = TRUE;
    }
  if (!answered)
    set_not_expiring (entry, &now, error);
  return answered;
}

/**
 * signin_tracker_dismiss:
 * @tracker: a tracker
 * @id: an account's id
 * @error: where to put what went wrong
 *
 * The person wants no more popups about the sessions that are about to end, or have ended.
 *
 * Returns: whether there was one; if not, @error is %SIGNIN_ERROR_NO_SUCH_ACCOUNT, %SIGNIN_ERROR_INVALID_TIME if it is
 *   too early, or %SIGNIN_ERROR_NOT_SIGNED_IN
 */
gboolean
signin_tracker_dismiss (SigninTracker *tracker, const char *id, GError **error)
{
  return signin_tracker_dismiss_ahead (tracker, id, 0, error);
}

/**
 * signin_tracker_dismiss_ahead:
 * @tracker: a tracker
 * @id: an account's id
 * @ahead_usec: how far ahead of its warning a session can be, and is dismissed too
 * @error: where to put what went wrong
 *
 * As signin_tracker_dismiss(), for who told the person of a warning before it came.
 *
 * Returns: as signin_tracker_dismiss()
 */
gboolean
signin_tracker_dismiss_ahead (SigninTracker *tracker, const char *id, gint64 ahead_usec, GError **error)
{
  return answer (tracker, id, ahead_usec, TRUE, error);
}

/**
 * signin_tracker_open_ahead:
 * @tracker: a tracker
 * @id: an account's id
 * @ahead_usec: as of signin_tracker_dismiss_ahead()
 * @error: where to put what went wrong
 *
 * The person has had the sign-in page opened by a popup about the sessions that are about to end, or have ended.
 * Nothing becomes quiet by that, but their end does not come unnoticed.
 *
 * Returns: as signin_tracker_dismiss()
 */
gboolean
signin_tracker_open_ahead (SigninTracker *tracker, const char *id, gint64 ahead_usec, GError **error)
{
  return answer (tracker, id, ahead_usec, FALSE, error);
}

static gboolean
is_any_asked_about (const Entry *entry, const SigninNow *now)
{
  for (guint i = 0; i < entry->account.n_sessions; i++)
    if (!entry->account.sessions[i].dismissed
        && signin_session_state (&entry->account.sessions[i], now) == SIGNIN_STATE_EXPIRING)
      return TRUE;
  return FALSE;
}

static gboolean
check_snooze (gint64 duration_usec, GError **error)
{
  if (duration_usec >= SIGNIN_SNOOZE_MIN_USEC && duration_usec <= SIGNIN_SNOOZE_MAX_USEC)
    return TRUE;
  g_set_error_literal (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT,
                       _ ("A reminder can be put off by at least 1 minute and at most 24 hours"));
  return FALSE;
}

/**
 * signin_tracker_snooze:
 * @tracker: a tracker
 * @id: an account's id
 * @duration_usec: for how long, from one minute to a day; never beyond the end of a session
 * @error: where to put what went wrong
 *
 * The person wants to hear nothing for a while of the sessions that are about to end.
 *
 * Returns: whether there was one; if not, @error is %SIGNIN_ERROR_NO_SUCH_ACCOUNT, %SIGNIN_ERROR_INVALID_ARGUMENT,
 *   %SIGNIN_ERROR_INVALID_TIME if it is too early, or %SIGNIN_ERROR_NOT_SIGNED_IN
 */
gboolean
signin_tracker_snooze (SigninTracker *tracker, const char *id, gint64 duration_usec, GError **error)
{
  Entry *entry = signin_tracker_lookup (tracker, id, error);
  gboolean snoozed = FALSE, asked_about;
  SigninNow now;

  if (entry == NULL || !check_snooze (duration_usec, error))
    return FALSE;
  signin_clock_read (tracker->clock, &now);

  /* Where one source was dismissed and another is asked about, the dismissed one stays quiet. */
  asked_about = is_any_asked_about (entry, &now);
  for (guint i = 0; i < entry->account.n_sessions; i++)
    {
      SigninSession *session = &entry->account.sessions[i];

      if (signin_session_state (session, &now) != SIGNIN_STATE_EXPIRING || (session->dismissed && asked_about))
        continue;
      signin_tracker_touch (tracker, id);
      signin_session_snooze (session, duration_usec, &now);
      session->dismissed = FALSE;
      snoozed = TRUE;
    }
  if (snoozed)
    signin_tracker_place (tracker, entry, &now);
  else
    set_not_expiring (entry, &now, error);
  return snoozed;
}
