/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What happens to sessions, on its way into the history: in the transaction that stores the sessions themselves, so
 * that neither is there without the other. What is too old goes with a write, or at a start: nobody wakes up for it. */

#include "config.h"

#include "errors.h"
#include "tracker-private.h"

#define DAY_USEC (G_GINT64_CONSTANT (24) * 60 * 60 * G_USEC_PER_SEC)

void
signin_past_clear (gpointer data)
{
  Past *past = data;

  g_clear_pointer (&past->info, signin_account_info_unref);
  g_free ((char *) past->filter.account);
}

static void
add (SigninTracker *tracker, PastKind kind, const Entry *entry, const SigninSession *session, SigninHistoryEnd end,
     gint64 ended_usec)
{
  Past past = {
    .kind = kind,
    .info = signin_account_info_ref (entry->account.info),
    .session = *session,
    .end = end,
    .ended_usec = ended_usec,
  };

  g_array_append_val (tracker->past, past);
}

static gint64
expires_at (const SigninSession *session)
{
  return signin_session_real (session, signin_session_mark (session, SIGNIN_MARK_EXPIRED));
}

/* A session that ran out before anybody ended it ended then, whatever is done about it later. */
static void
add_end (SigninTracker *tracker, const Entry *entry, const SigninSession *session, SigninHistoryEnd end,
         gint64 ended_usec, const SigninNow *now)
{
  if (signin_session_state (session, now) == SIGNIN_STATE_EXPIRED && expires_at (session) <= ended_usec)
    add (tracker, PAST_ENDED, entry, session, SIGNIN_HISTORY_EXPIRED, expires_at (session));
  else
    add (tracker, PAST_ENDED, entry, session, end, ended_usec);
}

void
signin_tracker_remember_sign_in (SigninTracker *tracker, const Entry *entry, const SigninSession *before,
                                 const SigninSession *session, const SigninNow *now)
{
  gint64 began = signin_session_real (session, 0);

  /* "I signed in earlier than I said" makes no second session. */
  if (before != NULL && began <= signin_session_real (before, 0))
    add (tracker, PAST_MISTAKEN, entry, before, SIGNIN_HISTORY_RUNNING, 0);
  else if (before != NULL)
    add_end (tracker, entry, before, SIGNIN_HISTORY_RENEWED, began, now);
  if (tracker->history_days > 0)
    add (tracker, PAST_BEGAN, entry, session, SIGNIN_HISTORY_RUNNING, 0);
}

void
signin_tracker_remember_sign_out (SigninTracker *tracker, const Entry *entry, const SigninSession *session,
                                  const SigninNow *now)
{
  add_end (tracker, entry, session, SIGNIN_HISTORY_SIGNED_OUT, now->real_usec, now);
}

/* What was said of it by hand is the same sign-in as another session's: it is not remembered twice. */
void
signin_tracker_remember_mistake (SigninTracker *tracker, const Entry *entry, const SigninSession *session)
{
  add (tracker, PAST_MISTAKEN, entry, session, SIGNIN_HISTORY_RUNNING, 0);
}

/* Once a day is enough to forget what is too old; a clock that was put back counts as another day. */
static gboolean
is_pruning_due (const SigninTracker *tracker, const SigninNow *now)
{
  return tracker->pruned_usec == 0 || ABS (now->real_usec - tracker->pruned_usec) > DAY_USEC;
}

gboolean
signin_tracker_has_past (const SigninTracker *tracker, const SigninNow *now)
{
  return tracker->past->len > 0 || tracker->pruned_usec == 0;
}

static gboolean
store_one (SigninTracker *tracker, const Past *past, GError **error)
{
  if (past->kind == PAST_FORGOTTEN)
    return signin_store_forget_history (tracker->store, &past->filter, error);
  /* It may have been removed since. */
  if (signin_tracker_get (tracker, past->info->id) == NULL)
    return TRUE;
  if (past->kind == PAST_BEGAN)
    return signin_store_drop_history (tracker->store, past->info->id, past->session.source, error)
           && signin_store_add_history (tracker->store, past->info->id, &past->session, error);
  if (past->kind == PAST_MISTAKEN)
    return signin_store_drop_history (tracker->store, past->info->id, past->session.source, error);
  return signin_store_end_history (tracker->store, past->info->id, &past->session, past->end, past->ended_usec, error);
}

static gboolean
prune (SigninTracker *tracker, const SigninNow *now, GError **error)
{
  const SigninHistoryFilter everything = SIGNIN_HISTORY_FILTER_INIT;

  if (tracker->history_days == 0)
    return signin_store_forget_history (tracker->store, &everything, error);
  return signin_store_prune_history (tracker->store, now->real_usec - tracker->history_days * DAY_USEC, error);
}

gboolean
signin_tracker_store_past (SigninTracker *tracker, const SigninNow *now, GError **error)
{
  for (guint i = 0; i < tracker->past->len; i++)
    if (!store_one (tracker, &g_array_index (tracker->past, Past, i), error))
      return FALSE;
  return !is_pruning_due (tracker, now) || prune (tracker, now, error);
}

gboolean
signin_tracker_store_expired (SigninTracker *tracker, const char *id, const SigninSession *session, GError **error)
{
  if (!(session->confirmed & SIGNIN_MARK_EXPIRED))
    return TRUE;
  return signin_store_end_history (tracker->store, id, session, SIGNIN_HISTORY_EXPIRED, expires_at (session), error);
}

void
signin_tracker_settle_past (SigninTracker *tracker, gboolean stored, const SigninNow *now)
{
  if (stored)
    signin_store_empty_log (tracker->store);
  if (is_pruning_due (tracker, now))
    tracker->pruned_usec = now->real_usec;
  g_array_set_size (tracker->past, 0);
}

/**
 * signin_tracker_set_history_days:
 * @tracker: a tracker
 * @days: how long past sessions are kept; 0 for not at all
 *
 * Takes up a setting. What is too old now is forgotten by the next turn.
 */
void
signin_tracker_set_history_days (SigninTracker *tracker, int days)
{
  if (tracker->history_days == days)
    return;
  tracker->history_days = days;
  tracker->pruned_usec = 0;
  signin_tracker_schedule (tracker);
}

typedef struct
{
  SigninTracker *tracker;
  SigninHistoryFunc func;
  gpointer user_data;
} Reading;

/* Of a session that goes on, the session itself knows best. */
static void
take_record (const SigninHistoryRecord *stored, gpointer user_data)
{
  Reading *reading = user_data;
  const SigninAccount *account = signin_tracker_get (reading->tracker, stored->account);
  const SigninSession *session = account != NULL ? signin_account_find (account, stored->source) : NULL;
  SigninHistoryRecord record = *stored;
  SigninNow now;

  if (stored->end == SIGNIN_HISTORY_RUNNING && session != NULL)
    {
      signin_history_describe (&record, session);
      signin_clock_read (reading->tracker->clock, &now);
      if (signin_session_state (session, &now) == SIGNIN_STATE_EXPIRED)
        {
          record.end = SIGNIN_HISTORY_EXPIRED;
          record.ended_usec = record.expires_usec;
        }
    }
  reading->func (&record, reading->user_data);
}

static gboolean
check_filter (SigninTracker *tracker, const SigninHistoryFilter *filter, GError **error)
{
  return filter->account == NULL || signin_tracker_lookup (tracker, filter->account, error) != NULL;
}

/**
 * signin_tracker_read_history:
 * @tracker: a tracker
 * @filter: which sessions
 * @func: shown each of them, in the order in which they were recorded
 * @user_data: for @func
 * @error: where to put what went wrong
 *
 * Reads past sessions, and those that go on.
 *
 * Returns: whether that went well; if not, @error is %SIGNIN_ERROR_NO_SUCH_ACCOUNT, %SIGNIN_ERROR_INVALID_ARGUMENT or
 *   %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_tracker_read_history (SigninTracker *tracker, const SigninHistoryFilter *filter, SigninHistoryFunc func,
                             gpointer user_data, GError **error)
{
  Reading reading = { .tracker = tracker, .func = func, .user_data = user_data };

  return check_filter (tracker, filter, error)
         && signin_store_read_history (tracker->store, filter, take_record, &reading, error);
}

/**
 * signin_tracker_forget_history:
 * @tracker: a tracker
 * @filter: which sessions; limit and row do not count
 * @error: where to put what went wrong
 *
 * Forgets past sessions, and that those began which go on. It is gone at the end of the turn: see
 * signin_tracker_when_settled().
 *
 * Returns: whether it was accepted; if not, @error is %SIGNIN_ERROR_NO_SUCH_ACCOUNT or %SIGNIN_ERROR_INVALID_ARGUMENT
 */
gboolean
signin_tracker_forget_history (SigninTracker *tracker, const SigninHistoryFilter *filter, GError **error)
{
  Past past = { .kind = PAST_FORGOTTEN, .filter = *filter };

  if (!check_filter (tracker, filter, error))
    return FALSE;
  past.filter.account = g_strdup (filter->account);
  g_array_append_val (tracker->past, past);
  signin_tracker_schedule (tracker);
  return TRUE;
}
