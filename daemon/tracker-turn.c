/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One turn: follow the clock, store what was asked, announce what is due, arm what is next, tell everybody, answer.
 *
 * At most one deadline is armed, and none when nothing is waited for: every way into the tracker ends here, and nobody
 * else arms. What time does (steps, marks that are passed) is told even when nothing can be stored; what callers asked
 * for either is stored or did not happen. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "tracker-private.h"

/* A clock that steps each time it is armed is left armed as it is: that is a wake-up too early at worst. */
#define ARM_TRIES 8

/* Where no mark is waited for but times are published, steps are waited for: they move the times. */
#define WATCH_USEC (G_GINT64_CONSTANT (10) * 365 * 24 * 60 * 60 * G_USEC_PER_SEC)

/* A deadline that is this late was not armed as it should be. */
#define OVERDUE_USEC (5 * G_USEC_PER_SEC)

/* One session's marks that were sent, on their way to being flushed. */
typedef struct
{
  SigninAccountInfo *info;
  char source[SIGNIN_SOURCE_MAX + 1];
  SigninStamp start;
  guint8 announced;
} Passenger;

static void
passenger_clear (gpointer data)
{
  signin_account_info_unref (((Passenger *) data)->info);
}

static gboolean
on_turn (gpointer user_data)
{
  signin_tracker_run_turn (user_data);
  return G_SOURCE_REMOVE;
}

void
signin_tracker_schedule (SigninTracker *tracker)
{
  if (tracker->turn != NULL)
    return;

  /* Not at an idle priority: a flood of calls would starve its own answers. */
  tracker->turn = g_idle_source_new ();
  g_source_set_priority (tracker->turn, G_PRIORITY_DEFAULT);
  g_source_set_static_name (tracker->turn, "signin-turn");
  g_source_set_callback (tracker->turn, on_turn, tracker, NULL);
  g_source_attach (tracker->turn, tracker->context);
}

static void
log_step (const SigninNow *before, const SigninNow *after)
{
  gint64 step_usec = (after->real_usec - after->boot_usec) - (before->real_usec - before->boot_usec);

  g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "MESSAGE_ID", SIGNIN_MESSAGE_CLOCK_STEP, "MESSAGE",
                    "The clock was set by %+.3f s; sessions go on as they were.", step_usec / 1e6);
}

static void
follow_clock (SigninTracker *tracker, const SigninNow *now)
{
  gboolean stepped = signin_now_stepped (&tracker->last_now, now);
  GHashTableIter iter;
  gpointer value;

  if (stepped)
    log_step (&tracker->last_now, now);
  tracker->last_now = *now;
  if (!stepped)
    return;

  g_hash_table_iter_init (&iter, tracker->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      signin_tracker_rebase (tracker, entry, now);
      signin_tracker_mark_changed (tracker->changed, entry->account.info->id);
    }
}

/* Field by field: padding has no value to compare. */
static gboolean
session_equal (const SigninSession *a, const SigninSession *b)
{
  return a->start.real_usec == b->start.real_usec && a->start.boot_usec == b->start.boot_usec
         && sd_id128_equal (a->start.boot_id, b->start.boot_id) && a->policy.length_usec == b->policy.length_usec
         && a->policy.lead_usec == b->policy.lead_usec && a->snoozed_usec == b->snoozed_usec
         && a->confirmed == b->confirmed && a->silent == b->silent && a->dismissed == b->dismissed
         && a->opened == b->opened;
}

static gboolean
store_difference (SigninTracker *tracker, const char *id, const Snapshot *before, GError **error)
{
  const SigninAccount *after = signin_tracker_get (tracker, id);

  if (after == NULL)
    return !before->existed || signin_store_drop_account (tracker->store, id, error);

  /* The file may have a row of that id which made no sense when it was read: its sessions must not come back. */
  if (!before->existed && !signin_store_drop_account (tracker->store, id, error))
    return FALSE;
  if (before->account.info != after->info && !signin_store_put_account (tracker->store, after->info, error))
    return FALSE;
  if (after->reported && !before->account.reported && !signin_store_put_reported (tracker->store, id, error))
    return FALSE;
  for (guint i = 0; i < after->n_sessions; i++)
    {
      const SigninSession *session = &after->sessions[i];
      const SigninSession *old = signin_account_find (&before->account, session->source);

      if ((old == NULL || !session_equal (old, session))
          && !signin_store_put_session (tracker->store, id, session, error))
        return FALSE;
    }
  for (guint i = 0; i < before->account.n_sessions; i++)
    {
      const char *source = before->account.sessions[i].source;

      if (signin_account_find (after, source) == NULL && !signin_store_drop_session (tracker->store, id, source, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
store_unsaved (SigninTracker *tracker, const char *id, GError **error)
{
  const SigninAccount *account = signin_tracker_get (tracker, id);

  for (guint i = 0; account != NULL && i < account->n_sessions; i++)
    if (!signin_store_put_session (tracker->store, id, &account->sessions[i], error)
        || !signin_tracker_store_expired (tracker, id, &account->sessions[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
store_all (SigninTracker *tracker, const SigninNow *now, GError **error)
{
  GHashTableIter iter;
  gpointer id, snapshot;

  if (!signin_store_begin (tracker->store, error))
    return FALSE;

  g_hash_table_iter_init (&iter, tracker->touched);
  while (g_hash_table_iter_next (&iter, &id, &snapshot))
    if (!store_difference (tracker, id, snapshot, error))
      return FALSE;
  g_hash_table_iter_init (&iter, tracker->unsaved);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!store_unsaved (tracker, id, error))
      return FALSE;
  return signin_tracker_store_past (tracker, now, error) && signin_store_commit (tracker->store, error);
}

/* Said once for as long as it goes on. */
static void
log_failure (SigninTracker *tracker, const GError *error)
{
  if (error != NULL && !tracker->failing)
    g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "MESSAGE_ID", SIGNIN_MESSAGE_STORE_FAILED, "MESSAGE",
                      "Nothing can be stored now; warnings go on. %s", error->message);
  else if (error == NULL && tracker->failing)
    g_message ("Everything is stored again.");
  tracker->failing = error != NULL;
}

/* Either all that was asked for in this turn is kept now, or none of it ever happened. */
static GError *
store_turn (SigninTracker *tracker, const SigninNow *now)
{
  GError *error = NULL;
  GHashTableIter iter;
  gpointer id;

  if (g_hash_table_size (tracker->touched) == 0 && g_hash_table_size (tracker->unsaved) == 0
      && !signin_tracker_has_past (tracker, now))
    return NULL;

  if (store_all (tracker, now, &error))
    g_hash_table_remove_all (tracker->unsaved);
  else
    {
      signin_store_rollback (tracker->store);
      signin_tracker_restore (tracker, now);
      g_array_set_size (tracker->news, 0);
    }
  signin_tracker_settle_past (tracker, error == NULL, now);
  log_failure (tracker, error);

  g_hash_table_iter_init (&iter, tracker->touched);
  while (error == NULL && g_hash_table_iter_next (&iter, &id, NULL))
    signin_tracker_mark_changed (tracker->changed, id);
  g_hash_table_remove_all (tracker->touched);
  return error;
}

static int
compare_news (gconstpointer a, gconstpointer b)
{
  const SigninNews *first = a, *second = b;
  int order;

  if (first->at_usec != second->at_usec)
    return first->at_usec < second->at_usec ? -1 : 1;
  order = strcmp (first->info->id, second->info->id);
  return order != 0 ? order : strcmp (first->session.source, second->session.source);
}

static SigninEvent
event_of (SigninMark mark)
{
  if (mark == SIGNIN_MARK_WARNING)
    return SIGNIN_EVENT_WARNING;
  return mark == SIGNIN_MARK_EXPIRED ? SIGNIN_EVENT_EXPIRED : SIGNIN_EVENT_REMINDER;
}

static void
add_mark_news (GArray *news, const Entry *entry, const SigninSession *session, SigninMark mark, const SigninNow *now)
{
  if (mark == SIGNIN_MARK_STALE)
    return; /* nobody hears of it */
  signin_tracker_add_news (news, event_of (mark), entry, session,
                           signin_session_real (session, signin_session_mark (session, mark)), now);
}

static void
announce_session (Entry *entry, SigninSession *session, const SigninNow *now, GArray *news, GArray *passengers)
{
  guint due = signin_session_due (session, now);
  Passenger passenger;

  if (due == 0)
    return;

  /* Whatever was passed on the way to something that is due is not told any more. */
  session->announced |= signin_session_passed (session, now);
  for (SigninMark mark = SIGNIN_MARK_WARNING; mark <= SIGNIN_MARK_SNOOZED; mark <<= 1)
    if (due & mark)
      add_mark_news (news, entry, session, mark, now);

  passenger = (Passenger){
    .info = signin_account_info_ref (entry->account.info),
    .start = session->start,
    .announced = session->announced,
  };
  g_strlcpy (passenger.source, session->source, sizeof passenger.source);
  g_array_append_val (passengers, passenger);
}

/* Each session at its own microsecond, but told in the order in which it happened, however many a resume brings. */
static GArray *
announce_due (SigninTracker *tracker, const SigninNow *now, GArray *news)
{
  GArray *passengers = g_array_new (FALSE, FALSE, sizeof (Passenger));
  g_autoptr (GArray) due = g_array_new (FALSE, FALSE, sizeof (SigninNews));

  g_array_set_clear_func (passengers, passenger_clear);
  while (!g_sequence_is_empty (tracker->waiting))
    {
      Entry *entry = g_sequence_get (g_sequence_get_begin_iter (tracker->waiting));

      if (entry->due_usec > now->boot_usec)
        break;
      for (guint i = 0; i < entry->account.n_sessions; i++)
        announce_session (entry, &entry->account.sessions[i], now, due, passengers);
      signin_tracker_place (tracker, entry, now);
      signin_tracker_mark_changed (tracker->changed, entry->account.info->id);
    }

  g_array_sort (due, compare_news);
  g_array_append_vals (news, due->data, due->len);
  return passengers;
}

/* The earliest mark that people hear of: the internal one in front of it does not count. */
static void
find_next (SigninTracker *tracker, const SigninNow *now, SigninNext *next)
{
  gint64 best_usec = SIGNIN_NEVER;

  *next = (SigninNext){ 0 };
  for (GSequenceIter *iter = g_sequence_get_begin_iter (tracker->waiting); !g_sequence_iter_is_end (iter);
       iter = g_sequence_iter_next (iter))
    {
      Entry *entry = g_sequence_get (iter);

      if (entry->due_usec >= best_usec)
        break;
      for (guint i = 0; i < entry->account.n_sessions; i++)
        {
          const SigninSession *session = &entry->account.sessions[i];
          SigninMark mark = signin_session_next_mark (session);
          gint64 left_usec;

          if (mark == 0 || mark == SIGNIN_MARK_STALE)
            continue;
          left_usec = signin_session_mark (session, mark) - signin_stamp_elapsed (&session->start, now);
          if (left_usec >= best_usec - now->boot_usec)
            continue;
          best_usec = now->boot_usec + left_usec;
          next->deadline_usec = signin_session_real (session, signin_session_mark (session, mark));
          next->event = event_of (mark);
          next->info = entry->account.info;
        }
    }
}

static gint64
next_wake (SigninTracker *tracker, const SigninNow *now)
{
  Entry *entry;

  if (g_sequence_is_empty (tracker->waiting))
    return now->real_usec + WATCH_USEC;
  entry = g_sequence_get (g_sequence_get_begin_iter (tracker->waiting));

  /* 1 µs more: the two clocks do not tick over together. */
  return now->real_usec + MIN (entry->due_usec - now->boot_usec, WATCH_USEC) + 1;
}

static void
arm (SigninTracker *tracker, SigninNow *now)
{
  tracker->armed = tracker->n_sessions > 0;
  if (!tracker->armed)
    {
      signin_clock_disarm (tracker->clock);
      return;
    }

  for (guint i = 0; i < ARM_TRIES; i++)
    {
      SigninNow again;
      gboolean in_time = signin_clock_arm (tracker->clock, next_wake (tracker, now));

      /* Between reading and arming the clock can step as well, and a timer that was just armed does not tell. */
      signin_clock_read (tracker->clock, &again);
      if (in_time && !signin_now_stepped (now, &again))
        break;
      follow_clock (tracker, &again);
      *now = again;
    }
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

void
signin_tracker_tell (SigninTracker *tracker, const SigninNow *now, GArray *news)
{
  g_autoptr (GHashTable) changed = g_steal_pointer (&tracker->changed);
  guint n_ids;
  g_autofree const char **ids = (const char **) g_hash_table_get_keys_as_array (changed, &n_ids);
  SigninNext next;

  tracker->changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  qsort (ids, n_ids, sizeof *ids, compare_ids);
  find_next (tracker, now, &next);

  for (guint o = 0; o < tracker->observers->len; o++)
    {
      const Audience *audience = &g_array_index (tracker->observers, Audience, o);

      for (guint i = 0; audience->observer->changed != NULL && i < n_ids; i++)
        audience->observer->changed (ids[i], signin_tracker_get (tracker, ids[i]), now, audience->user_data);
      if (audience->observer->planned != NULL)
        audience->observer->planned (&next, audience->user_data);
      for (guint i = 0; audience->observer->news != NULL && i < news->len; i++)
        audience->observer->news (&g_array_index (news, SigninNews, i), audience->user_data);
    }
}

static void
confirm (SigninTracker *tracker, Flight *flight)
{
  for (guint i = 0; i < flight->passengers->len; i++)
    {
      const Passenger *passenger = &g_array_index (flight->passengers, Passenger, i);
      Entry *entry = g_hash_table_lookup (tracker->entries, passenger->info->id);
      SigninSession *session = entry != NULL ? signin_account_find (&entry->account, passenger->source) : NULL;

      /* It may be another session by now. */
      if (session == NULL || session->start.boot_usec != passenger->start.boot_usec
          || !sd_id128_equal (session->start.boot_id, passenger->start.boot_id))
        continue;
      session->confirmed |= passenger->announced & session->announced;
      signin_tracker_mark_changed (tracker->unsaved, passenger->info->id);
    }
  signin_tracker_schedule (tracker);
  g_ptr_array_remove_fast (tracker->flights, flight);
}

/* What was sent has left: from now on it is not sent again, not even after a crash. */
static void
on_flushed (gpointer data)
{
  Flight *flight = data;

  if (flight->tracker != NULL)
    confirm (flight->tracker, flight);
  g_array_unref (flight->passengers);
  g_free (flight);
}

static void
flush (SigninTracker *tracker, GArray *passengers)
{
  Flight *flight;

  if (passengers->len == 0)
    {
      g_array_unref (passengers);
      return;
    }

  flight = g_new (Flight, 1);
  flight->tracker = tracker;
  flight->passengers = passengers;
  g_ptr_array_add (tracker->flights, flight);
  for (guint o = 0; o < tracker->observers->len; o++)
    {
      const Audience *audience = &g_array_index (tracker->observers, Audience, o);

      if (audience->observer->flush != NULL)
        {
          audience->observer->flush (on_flushed, flight, audience->user_data);
          return;
        }
    }
  on_flushed (flight);
}

static void
answer (SigninTracker *tracker, const GError *error, GArray *callers)
{
  for (guint i = 0; i < callers->len; i++)
    {
      const Caller *caller = &g_array_index (callers, Caller, i);

      caller->func (error, caller->user_data);
    }
}

void
signin_tracker_run_turn (SigninTracker *tracker)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) callers = g_steal_pointer (&tracker->callers);
  g_autoptr (GArray) news = NULL;
  GArray *passengers;
  SigninNow now;

  if (tracker->turn != NULL)
    g_source_destroy (tracker->turn);
  g_clear_pointer (&tracker->turn, g_source_unref);
  tracker->callers = g_array_new (FALSE, FALSE, sizeof (Caller));

  signin_clock_read (tracker->clock, &now);
  follow_clock (tracker, &now);
  error = store_turn (tracker, &now);
  news = g_steal_pointer (&tracker->news);
  tracker->news = g_array_new (FALSE, FALSE, sizeof (SigninNews));
  g_array_set_clear_func (tracker->news, signin_news_clear);
  passengers = announce_due (tracker, &now, news);
  arm (tracker, &now);
  signin_tracker_tell (tracker, &now, news);
  flush (tracker, passengers);
  answer (tracker, error, callers);
}

/**
 * signin_tracker_is_healthy:
 * @tracker: a tracker
 *
 * Returns: whether the next deadline is armed and not overdue
 */
gboolean
signin_tracker_is_healthy (SigninTracker *tracker)
{
  SigninNow now;
  Entry *entry;

  if (g_sequence_is_empty (tracker->waiting))
    return TRUE;
  signin_clock_read (tracker->clock, &now);
  entry = g_sequence_get (g_sequence_get_begin_iter (tracker->waiting));
  return tracker->armed && entry->due_usec > now.boot_usec - OVERDUE_USEC;
}

/**
 * signin_event_to_string:
 * @event: an event
 *
 * Returns: the word for it, on the bus and in scripts; not translated
 */
const char *
signin_event_to_string (SigninEvent event)
{
  static const char *const words[] = {
    [SIGNIN_EVENT_SIGNED_IN] = "signed-in",   [SIGNIN_EVENT_WARNING] = "warning",
    [SIGNIN_EVENT_REMINDER] = "reminder",     [SIGNIN_EVENT_EXPIRED] = "expired",
    [SIGNIN_EVENT_SIGNED_OUT] = "signed-out",
  };

  g_return_val_if_fail (event < G_N_ELEMENTS (words), NULL);
  return words[event];
}
