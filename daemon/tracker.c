/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who owns accounts and sessions, and in which order they wait for their marks. */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "errors.h"
#include "tracker-private.h"

static void
account_clear (SigninAccount *account)
{
  g_clear_pointer (&account->info, signin_account_info_unref);
  g_clear_pointer (&account->sessions, g_free);
  account->n_sessions = 0;
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  account_clear (&entry->account);
  g_free (entry);
}

static void
snapshot_free (gpointer data)
{
  Snapshot *snapshot = data;

  account_clear (&snapshot->account);
  g_free (snapshot);
}

void
signin_news_clear (gpointer data)
{
  signin_account_info_unref (((SigninNews *) data)->info);
}

static void
on_clock (gpointer user_data)
{
  signin_tracker_run_turn (user_data);
}

/**
 * signin_tracker_new:
 * @clock: what tells the time; outlives the tracker, which becomes the one who waits for it
 * @store: what keeps everything; outlives the tracker
 * @services: what is known of services; outlives the tracker
 * @limits: how much there may be
 *
 * Makes a tracker that knows of nothing yet. It runs its turns on the thread-default main context.
 *
 * Returns: (transfer full): a tracker
 */
SigninTracker *
signin_tracker_new (SigninClock *clock, SigninStore *store, const SigninServices *services, const SigninLimits *limits)
{
  SigninTracker *tracker = g_new0 (SigninTracker, 1);

  tracker->clock = clock;
  tracker->store = store;
  tracker->services = services;
  tracker->limits = *limits;
  tracker->context = g_main_context_ref_thread_default ();
  tracker->entries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, entry_free);
  tracker->waiting = g_sequence_new (NULL);
  tracker->touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, snapshot_free);
  tracker->changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  tracker->unsaved = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  tracker->news = g_array_new (FALSE, FALSE, sizeof (SigninNews));
  g_array_set_clear_func (tracker->news, signin_news_clear);
  tracker->callers = g_array_new (FALSE, FALSE, sizeof (Caller));
  tracker->past = g_array_new (FALSE, FALSE, sizeof (Past));
  g_array_set_clear_func (tracker->past, signin_past_clear);
  tracker->flights = g_ptr_array_new ();
  tracker->observers = g_array_new (FALSE, FALSE, sizeof (Audience));
  signin_clock_read (clock, &tracker->last_now);
  signin_clock_set_func (clock, on_clock, tracker);
  return tracker;
}

/**
 * signin_tracker_free:
 * @tracker: a tracker
 *
 * Forgets everything that is not stored. Who waits for a turn to settle does not hear of it any more.
 */
void
signin_tracker_free (SigninTracker *tracker)
{
  signin_clock_set_func (tracker->clock, NULL, NULL);
  signin_clock_disarm (tracker->clock);
  if (tracker->turn != NULL)
    {
      g_source_destroy (tracker->turn);
      g_source_unref (tracker->turn);
    }
  g_sequence_free (tracker->waiting);
  g_hash_table_unref (tracker->entries);
  g_hash_table_unref (tracker->touched);
  g_hash_table_unref (tracker->changed);
  g_hash_table_unref (tracker->unsaved);
  g_array_unref (tracker->news);
  g_array_unref (tracker->callers);
  g_array_unref (tracker->past);
  g_array_unref (tracker->observers);
  for (guint i = 0; i < tracker->flights->len; i++)
    ((Flight *) g_ptr_array_index (tracker->flights, i))->tracker = NULL;
  g_ptr_array_unref (tracker->flights);
  g_main_context_unref (tracker->context);
  g_free (tracker);
}

/**
 * signin_tracker_observe:
 * @tracker: a tracker
 * @observer: (transfer none): somebody to tell, in the order of these calls; outlives the tracker
 * @user_data: for @observer
 *
 * Tells @observer of everything from now on.
 */
void
signin_tracker_observe (SigninTracker *tracker, const SigninObserver *observer, gpointer user_data)
{
  Audience audience = { .observer = observer, .user_data = user_data };

  g_array_append_val (tracker->observers, audience);
}

/**
 * signin_tracker_when_settled:
 * @tracker: a tracker
 * @func: called once when the current turn is stored and told, or could not be stored
 * @user_data: for @func
 *
 * For who has asked something of the tracker, and owes somebody an answer.
 */
void
signin_tracker_when_settled (SigninTracker *tracker, SigninSettledFunc func, gpointer user_data)
{
  Caller caller = { .func = func, .user_data = user_data };

  g_array_append_val (tracker->callers, caller);
  signin_tracker_schedule (tracker);
}

/**
 * signin_tracker_get:
 * @tracker: a tracker
 * @id: an account's id
 *
 * Returns: (nullable) (transfer none): the account, until the next change
 */
const SigninAccount *
signin_tracker_get (SigninTracker *tracker, const char *id)
{
  Entry *entry = g_hash_table_lookup (tracker->entries, id);

  return entry != NULL ? &entry->account : NULL;
}

/**
 * signin_tracker_n_accounts:
 * @tracker: a tracker
 *
 * Returns: how many accounts there are
 */
guint
signin_tracker_n_accounts (SigninTracker *tracker)
{
  return g_hash_table_size (tracker->entries);
}

/**
 * signin_tracker_is_settled:
 * @tracker: a tracker
 *
 * Returns: whether no turn is due, and everything that was told is kept as told
 */
gboolean
signin_tracker_is_settled (SigninTracker *tracker)
{
  return tracker->turn == NULL && tracker->flights->len == 0;
}

Entry *
signin_tracker_lookup (SigninTracker *tracker, const char *id, GError **error)
{
  Entry *entry = g_hash_table_lookup (tracker->entries, id);

  /* The id is not repeated before it is known to be one. */
  if (entry == NULL && signin_account_id_check (id, error))
    g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_NO_SUCH_ACCOUNT, _ ("There is no account %s"), id);
  return entry;
}

Entry *
signin_tracker_insert (SigninTracker *tracker, SigninAccountInfo *info)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->account.info = signin_account_info_ref (info);
  entry->due_usec = SIGNIN_NEVER;
  g_hash_table_insert (tracker->entries, info->id, entry);
  return entry;
}

static void
leave_place (Entry *entry)
{
  if (entry->place != NULL)
    g_sequence_remove (entry->place);
  entry->place = NULL;
}

void
signin_tracker_drop (SigninTracker *tracker, const char *id)
{
  Entry *entry = g_hash_table_lookup (tracker->entries, id);

  tracker->n_sessions -= entry->account.n_sessions;
  leave_place (entry);
  g_hash_table_remove (tracker->entries, id);
}

void
signin_tracker_set_info (SigninTracker *tracker, Entry *entry, SigninAccountInfo *info)
{
  SigninAccountInfo *old = entry->account.info;

  /* The table's key is part of the info: it goes and comes with it. */
  g_hash_table_steal (tracker->entries, old->id);
  entry->account.info = signin_account_info_ref (info);
  g_hash_table_insert (tracker->entries, info->id, entry);
  signin_account_info_unref (old);
}

SigninSession *
signin_account_find (const SigninAccount *account, const char *source)
{
  for (guint i = 0; i < account->n_sessions; i++)
    if (g_str_equal (account->sessions[i].source, source))
      return &account->sessions[i];
  return NULL;
}

SigninSession *
signin_tracker_put_session (SigninTracker *tracker, Entry *entry, const SigninSession *session)
{
  SigninAccount *account = &entry->account;
  SigninSession *place = signin_account_find (account, session->source);

  if (place == NULL)
    {
      account->sessions = g_renew (SigninSession, account->sessions, account->n_sessions + 1);
      place = &account->sessions[account->n_sessions++];
      tracker->n_sessions++;
    }
  *place = *session;
  return place;
}

void
signin_tracker_drop_session (SigninTracker *tracker, Entry *entry, const char *source)
{
  SigninAccount *account = &entry->account;
  SigninSession *place = signin_account_find (account, source);

  *place = account->sessions[--account->n_sessions];
  tracker->n_sessions--;
}

static int
compare_due (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Entry *first = a, *second = b;

  return (first->due_usec > second->due_usec) - (first->due_usec < second->due_usec);
}

/* When a mark is reached is told on this boot's clock: it stays true for as long as the wall clock makes no step. */
static gint64
earliest_mark (const Entry *entry, const SigninNow *now)
{
  gint64 earliest = SIGNIN_NEVER;

  for (guint i = 0; i < entry->account.n_sessions; i++)
    {
      const SigninSession *session = &entry->account.sessions[i];
      SigninMark mark = signin_session_next_mark (session);
      gint64 left_usec, due_usec;

      if (mark == 0)
        continue;
      if (__builtin_sub_overflow (signin_session_mark (session, mark), signin_stamp_elapsed (&session->start, now),
                                  &left_usec)
          || __builtin_add_overflow (now->boot_usec, left_usec, &due_usec))
        continue; /* beyond the end of time */
      earliest = MIN (earliest, due_usec);
    }
  return earliest;
}

void
signin_tracker_place (SigninTracker *tracker, Entry *entry, const SigninNow *now)
{
  leave_place (entry);
  entry->due_usec = earliest_mark (entry, now);
  if (entry->due_usec != SIGNIN_NEVER)
    entry->place = g_sequence_insert_sorted (tracker->waiting, entry, compare_due, NULL);
}

void
signin_tracker_rebase (SigninTracker *tracker, Entry *entry, const SigninNow *now)
{
  for (guint i = 0; i < entry->account.n_sessions; i++)
    if (signin_stamp_rebase (&entry->account.sessions[i].start, now))
      signin_tracker_mark_changed (tracker->unsaved, entry->account.info->id);
  signin_tracker_place (tracker, entry, now);
}

void
signin_tracker_mark_changed (GHashTable *set, const char *id)
{
  if (!g_hash_table_contains (set, id))
    g_hash_table_add (set, g_strdup (id));
}

void
signin_tracker_touch (SigninTracker *tracker, const char *id)
{
  const SigninAccount *account = signin_tracker_get (tracker, id);
  Snapshot *snapshot;

  signin_tracker_schedule (tracker);
  if (g_hash_table_contains (tracker->touched, id))
    return;

  snapshot = g_new0 (Snapshot, 1);
  if (account != NULL)
    {
      snapshot->existed = TRUE;
      snapshot->account.info = signin_account_info_ref (account->info);
      snapshot->account.reported = account->reported;
      snapshot->account.n_sessions = account->n_sessions;
      snapshot->account.sessions = g_memdup2 (account->sessions, account->n_sessions * sizeof (SigninSession));
    }
  g_hash_table_insert (tracker->touched, g_strdup (id), snapshot);
}

void
signin_tracker_restore (SigninTracker *tracker, const SigninNow *now)
{
  GHashTableIter iter;
  gpointer id, value;

  g_hash_table_iter_init (&iter, tracker->touched);
  while (g_hash_table_iter_next (&iter, &id, &value))
    {
      Snapshot *snapshot = value;
      Entry *entry;

      if (g_hash_table_contains (tracker->entries, id))
        signin_tracker_drop (tracker, id);
      if (!snapshot->existed)
        continue;
      entry = signin_tracker_insert (tracker, snapshot->account.info);
      entry->account.reported = snapshot->account.reported;
      entry->account.n_sessions = snapshot->account.n_sessions;
      entry->account.sessions = g_steal_pointer (&snapshot->account.sessions);
      tracker->n_sessions += entry->account.n_sessions;
      signin_tracker_rebase (tracker, entry, now);
    }
}

void
signin_tracker_add_news (GArray *news, SigninEvent event, const Entry *entry, const SigninSession *session,
                         gint64 at_usec, const SigninNow *now)
{
  SigninNews item = {
    .event = event,
    .info = signin_account_info_ref (entry->account.info),
    .session = *session,
    .at_usec = at_usec,
    .now = *now,
  };

  g_array_append_val (news, item);
}

static void
load_account (SigninAccountInfo *info, gpointer user_data)
{
  signin_tracker_insert (user_data, info);
}

static void
load_reported (const char *account_id, gpointer user_data)
{
  SigninTracker *tracker = user_data;

  ((Entry *) g_hash_table_lookup (tracker->entries, account_id))->account.reported = TRUE;
}

static void
load_session (const char *account_id, const SigninSession *session, gpointer user_data)
{
  SigninTracker *tracker = user_data;
  Entry *entry = g_hash_table_lookup (tracker->entries, account_id);

  signin_tracker_put_session (tracker, entry, session);
}

/**
 * signin_tracker_foreach:
 * @tracker: a tracker
 * @func: shown every account, in no order; changes nothing
 * @user_data: passed to @func
 */
void
signin_tracker_foreach (SigninTracker *tracker, SigninAccountFunc func, gpointer user_data)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, tracker->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    func (&((Entry *) value)->account, user_data);
}

/**
 * signin_tracker_read_clock:
 * @tracker: a tracker
 * @now: (out): this instant, on the clock that it goes by
 */
void
signin_tracker_read_clock (SigninTracker *tracker, SigninNow *now)
{
  signin_clock_read (tracker->clock, now);
}

/**
 * signin_tracker_set_ladder:
 * @tracker: a tracker
 * @ladder: the reminders of every session from now on
 *
 * Takes up a setting. Steps that have passed already do not come late.
 */
void
signin_tracker_set_ladder (SigninTracker *tracker, const SigninLadder *ladder)
{
  GHashTableIter iter;
  gpointer value;
  SigninNow now;

  /* What is due at this very moment belongs to the old ladder, and is told. */
  if (g_hash_table_size (tracker->entries) > 0)
    signin_tracker_run_turn (tracker);
  tracker->ladder = *ladder;
  signin_clock_read (tracker->clock, &now);
  g_hash_table_iter_init (&iter, tracker->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      for (guint i = 0; i < entry->account.n_sessions; i++)
        signin_session_set_ladder (&entry->account.sessions[i], ladder, &now);
      if (entry->account.n_sessions > 0)
        signin_tracker_mark_changed (tracker->unsaved, entry->account.info->id);
      signin_tracker_place (tracker, entry, &now);
    }
  signin_tracker_schedule (tracker);
}

/**
 * signin_tracker_start:
 * @tracker: a tracker that was not started yet
 * @error: where to put what went wrong
 *
 * Takes up what is stored, and tells the observers of every account at once. What became due meanwhile is announced by
 * the first turn, once the main loop runs: by then everybody who wants to hear of it can.
 *
 * Returns: whether everything could be read; if not, @error is %SIGNIN_ERROR_STORAGE, and the tracker works with what
 *   was read
 */
gboolean
signin_tracker_start (SigninTracker *tracker, GError **error)
{
  static const SigninStoreVisitor visitor = {
    .account = load_account,
    .reported = load_reported,
    .session = load_session,
  };
  gboolean whole = signin_store_load (tracker->store, &visitor, tracker, error);
  g_autoptr (GArray) no_news = g_array_new (FALSE, FALSE, sizeof (SigninNews));
  GHashTableIter iter;
  gpointer value;

  signin_clock_read (tracker->clock, &tracker->last_now);
  g_hash_table_iter_init (&iter, tracker->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      for (guint i = 0; i < entry->account.n_sessions; i++)
        signin_session_resume_ladder (&entry->account.sessions[i], &tracker->ladder, &tracker->last_now);
      signin_tracker_rebase (tracker, entry, &tracker->last_now);
      signin_tracker_mark_changed (tracker->changed, entry->account.info->id);
    }
  signin_tracker_tell (tracker, &tracker->last_now, no_news);
  signin_tracker_schedule (tracker);
  return whole;
}
