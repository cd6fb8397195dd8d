/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the tracker's files share: tracker.c keeps, tracker-inputs.c and tracker-reports.c take in, tracker-turn.c makes
 * it so, and tracker-history.c remembers. */

#pragma once

#include "tracker.h"

G_BEGIN_DECLS

/**
 * Entry:
 * @account: what others see of it
 * @due_usec: when its earliest mark is reached, on this boot's clock; %SIGNIN_NEVER if none is waited for
 * @place: its place among those that wait, or %NULL
 *
 * One account.
 */
typedef struct
{
  SigninAccount account;
  gint64 due_usec;
  GSequenceIter *place;
} Entry;

/**
 * Snapshot:
 * @existed: there was such an account
 * @account: what it was
 *
 * What an account was before this turn, to go back to if nothing can be stored.
 */
typedef struct
{
  gboolean existed;
  SigninAccount account;
} Snapshot;

struct _SigninTracker
{
  SigninClock *clock;
  SigninStore *store;
  const SigninServices *services;
  SigninLimits limits;
  SigninLadder ladder;
  GMainContext *context;

  GHashTable *entries; /* id → Entry */
  GSequence *waiting;  /* Entry, by due_usec */
  guint n_sessions;
  SigninNow last_now;
  gboolean armed;

  /* This turn. */
  GSource *turn;
  GHashTable *touched; /* id → Snapshot */
  GHashTable *changed; /* ids to tell of */
  GArray *news;        /* SigninNews that depend on storing */
  GArray *callers;     /* who waits for the outcome */
  GArray *past;        /* Past, what goes into the history, or out of it */

  GHashTable *unsaved; /* ids with rows that time changed, to be stored with the next turn */
  int history_days;
  gint64 pruned_usec; /* when old history was last looked for; 0 if that is due */

  gboolean failing;
  GPtrArray *flights; /* Flight, owned by whoever flushes */
  GArray *observers;
};

typedef struct
{
  SigninSettledFunc func;
  gpointer user_data;
} Caller;

typedef struct
{
  const SigninObserver *observer;
  gpointer user_data;
} Audience;

/**
 * PastKind:
 * @PAST_BEGAN: a session began
 * @PAST_ENDED: a session ended
 * @PAST_MISTAKEN: a session began earlier than was said before
 * @PAST_FORGOTTEN: the person wants it forgotten
 */
typedef enum
{
  PAST_BEGAN,
  PAST_ENDED,
  PAST_MISTAKEN,
  PAST_FORGOTTEN,
} PastKind;

/**
 * Past:
 * @kind: what is to be done
 * @info: whose session it is, or %NULL
 * @session: the session
 * @end: how it ended
 * @ended_usec: when
 * @filter: what is forgotten; owns its account
 *
 * A change of the history, in the order in which it was asked for.
 */
typedef struct
{
  PastKind kind;
  SigninAccountInfo *info;
  SigninSession session;
  SigninHistoryEnd end;
  gint64 ended_usec;
  SigninHistoryFilter filter;
} Past;

/**
 * Flight:
 * @tracker: who waits for it, or %NULL if that is gone
 * @passengers: what was sent
 *
 * What was sent and may not have left this process yet.
 */
typedef struct
{
  SigninTracker *tracker;
  GArray *passengers;
} Flight;

Entry *signin_tracker_lookup (SigninTracker *tracker, const char *id, GError **error);
Entry *signin_tracker_insert (SigninTracker *tracker, SigninAccountInfo *info);
void signin_tracker_drop (SigninTracker *tracker, const char *id);
void signin_tracker_set_info (SigninTracker *tracker, Entry *entry, SigninAccountInfo *info);
SigninSession *signin_account_find (const SigninAccount *account, const char *source);
SigninSession *signin_tracker_put_session (SigninTracker *tracker, Entry *entry, const SigninSession *session);
void signin_tracker_drop_session (SigninTracker *tracker, Entry *entry, const char *source);
void signin_tracker_place (SigninTracker *tracker, Entry *entry, const SigninNow *now);
void signin_tracker_rebase (SigninTracker *tracker, Entry *entry, const SigninNow *now);
void signin_tracker_touch (SigninTracker *tracker, const char *id);
void signin_tracker_restore (SigninTracker *tracker, const SigninNow *now);
void signin_tracker_add_news (GArray *news, SigninEvent event, const Entry *entry, const SigninSession *session,
                              gint64 at_usec, const SigninNow *now);
void signin_tracker_mark_changed (GHashTable *set, const char *id);

gboolean signin_tracker_check_time (const SigninAccountInfo *info, gint64 at_usec, const SigninNow *now,
                                    GError **error);
gboolean signin_tracker_check_sources (SigninTracker *tracker, const Entry *entry, const char *source, GError **error);
gint64 signin_tracker_begin_session (SigninTracker *tracker, Entry *entry, const char *source, gint64 at_usec,
                                     gboolean silent, const SigninNow *now);
const SigninSession *signin_tracker_find_report (const Entry *entry, gint64 at_usec, const SigninNow *now);

void signin_tracker_schedule (SigninTracker *tracker);
void signin_tracker_run_turn (SigninTracker *tracker);
void signin_tracker_tell (SigninTracker *tracker, const SigninNow *now, GArray *news);
void signin_news_clear (gpointer data);

void signin_past_clear (gpointer data);
void signin_tracker_remember_sign_in (SigninTracker *tracker, const Entry *entry, const SigninSession *before,
                                      const SigninSession *session, const SigninNow *now);
void signin_tracker_remember_mistake (SigninTracker *tracker, const Entry *entry, const SigninSession *session);
void signin_tracker_remember_sign_out (SigninTracker *tracker, const Entry *entry, const SigninSession *session,
                                       const SigninNow *now);
gboolean signin_tracker_has_past (const SigninTracker *tracker, const SigninNow *now);
gboolean signin_tracker_store_past (SigninTracker *tracker, const SigninNow *now, GError **error);
gboolean signin_tracker_store_expired (SigninTracker *tracker, const char *id, const SigninSession *session,
                                       GError **error);
void signin_tracker_settle_past (SigninTracker *tracker, gboolean stored, const SigninNow *now);

G_END_DECLS
