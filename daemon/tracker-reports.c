/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What browsers report, and how it goes together with what people say by hand. */

#include "config.h"

#include "names.h"
#include "source.h"
#include "tracker-private.h"

/* How far apart a person and a browser can be when they speak of the same sign-in. */
#define SAME_SIGN_IN_USEC (G_GINT64_CONSTANT (10) * 60 * G_USEC_PER_SEC)

/* Within one sign-in a browser may pass several pages that look like its end. */
#define REPEAT_USEC (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)

/* How long before @at_usec the session began; negative if it began after that. */
static gint64
begun_before (const SigninSession *session, gint64 at_usec, const SigninNow *now)
{
  return (at_usec == -1 ? now->real_usec : at_usec) - signin_session_real (session, 0);
}

/* The latest session that a browser reported at the time of a manual record; %NULL if there is none. */
const SigninSession *
signin_tracker_find_report (const Entry *entry, gint64 at_usec, const SigninNow *now)
{
  const SigninSession *latest = NULL;

  for (guint i = 0; i < entry->account.n_sessions; i++)
    {
      const SigninSession *session = &entry->account.sessions[i];

      if (!signin_source_is_browser (session->source) || ABS (begun_before (session, at_usec, now)) > SAME_SIGN_IN_USEC)
        continue;
      if (latest == NULL || begun_before (session, at_usec, now) < begun_before (latest, at_usec, now))
        latest = session;
    }
  return latest;
}

/* Whether @at_usec is of a sign-in that @session is of already, or of one before it. */
static gboolean
is_known (const SigninSession *session, gint64 at_usec, gboolean silent, const SigninNow *now)
{
  gint64 before_usec = begun_before (session, at_usec, now);

  if (before_usec > REPEAT_USEC || before_usec < -REPEAT_USEC)
    return before_usec < 0;
  /* That somebody typed something may be seen only in the end. */
  return silent || !session->silent;
}

/* What the person said by hand is what the browser says better. */
static void
drop_manual (SigninTracker *tracker, Entry *entry, gint64 at_usec, const SigninNow *now)
{
  const SigninSession *manual = signin_account_find (&entry->account, SIGNIN_SOURCE_MANUAL);

  if (manual == NULL || ABS (begun_before (manual, at_usec, now)) > SAME_SIGN_IN_USEC)
    return;
  signin_tracker_remember_mistake (tracker, entry, manual);
  signin_tracker_drop_session (tracker, entry, SIGNIN_SOURCE_MANUAL);
}

static gint64
end_of (const SigninSession *session)
{
  return signin_session_real (session, signin_session_mark (session, SIGNIN_MARK_EXPIRED));
}

/* Profiles come and go: what ended first in one of them makes room for a new one. */
static void
make_room (SigninTracker *tracker, Entry *entry, const char *source, const SigninNow *now)
{
  const SigninSession *first = NULL;

  if (signin_tracker_check_sources (tracker, entry, source, NULL))
    return;
  for (guint i = 0; i < entry->account.n_sessions; i++)
    {
      const SigninSession *session = &entry->account.sessions[i];

      if (!signin_source_is_browser (session->source) || signin_session_state (session, now) != SIGNIN_STATE_EXPIRED)
        continue;
      if (first == NULL || end_of (session) < end_of (first))
        first = session;
    }
  if (first == NULL)
    return;
  signin_tracker_touch (tracker, entry->account.info->id);
  signin_tracker_remember_sign_out (tracker, entry, first, now);
  signin_tracker_drop_session (tracker, entry, first->source);
}

/**
 * signin_tracker_report:
 * @tracker: a tracker
 * @id: an account's id
 * @source: which profile of which browser saw a sign-in
 * @at_usec: when, in microseconds of CLOCK_REALTIME; -1 for now
 * @silent: the browser signed in, and nobody typed anything
 * @counted: (out) (optional): whether a session began
 * @error: where to put what went wrong
 *
 * A browser saw a sign-in: a session begins, in place of the one of the same source. It also takes the place of what
 * was recorded by hand within 10 minutes of it, unless it was silent. Several reports within a minute are one sign-in,
 * and a report that comes after a later one says nothing new.
 *
 * Returns: whether it was accepted; if not, @error is %SIGNIN_ERROR_NO_SUCH_ACCOUNT, %SIGNIN_ERROR_INVALID_ARGUMENT,
 *   %SIGNIN_ERROR_INVALID_TIME or %SIGNIN_ERROR_LIMIT_EXCEEDED
 */
gboolean
signin_tracker_report (SigninTracker *tracker, const char *id, const char *source, gint64 at_usec, gboolean silent,
                       gboolean *counted, GError **error)
{
  Entry *entry = signin_tracker_lookup (tracker, id, error);
  const SigninSession *session;
  gboolean known;
  SigninNow now;

  if (entry == NULL || !signin_source_check (source, error))
    return FALSE;
  signin_clock_read (tracker->clock, &now);
  if (at_usec != -1 && !signin_tracker_check_time (entry->account.info, at_usec, &now, error))
    return FALSE;

  session = signin_account_find (&entry->account, source);
  known = session != NULL && is_known (session, at_usec, silent, &now);
  if (counted != NULL)
    *counted = !known;
  if (known)
    return TRUE;
  make_room (tracker, entry, source, &now);
  if (!signin_tracker_check_sources (tracker, entry, source, error))
    return FALSE;
  signin_tracker_begin_session (tracker, entry, source, at_usec, silent, &now);
  entry->account.reported = TRUE;
  if (!silent)
    drop_manual (tracker, entry, at_usec, &now);
  signin_tracker_place (tracker, entry, &now);
  return TRUE;
}
