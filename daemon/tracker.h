/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "store.h"

G_BEGIN_DECLS

/**
 * SigninEvent:
 * @SIGNIN_EVENT_SIGNED_IN: a session began
 * @SIGNIN_EVENT_WARNING: its end is near
 * @SIGNIN_EVENT_REMINDER: its end comes nearer
 * @SIGNIN_EVENT_EXPIRED: it ended by itself
 * @SIGNIN_EVENT_SIGNED_OUT: the person signed out
 *
 * What people hear of.
 */
typedef enum
{
  SIGNIN_EVENT_SIGNED_IN,
  SIGNIN_EVENT_WARNING,
  SIGNIN_EVENT_REMINDER,
  SIGNIN_EVENT_EXPIRED,
  SIGNIN_EVENT_SIGNED_OUT,
} SigninEvent;

const char *signin_event_to_string (SigninEvent event);

/**
 * SigninAccount:
 * @info: who it is
 * @reported: a browser has reported a sign-in of it once
 * @n_sessions: how many sessions it has
 * @sessions: one for each source, in no order
 *
 * An account as the tracker knows it, to look at.
 */
typedef struct
{
  SigninAccountInfo *info;
  gboolean reported;
  guint n_sessions;
  SigninSession *sessions;
} SigninAccount;

/**
 * SigninAccountView:
 * @state: its state as a whole
 * @shown: the session whose times are shown, or %NULL
 *
 * What an account looks like at one instant: the earliest end still running, else the one that ended last.
 */
typedef struct
{
  SigninState state;
  const SigninSession *shown;
} SigninAccountView;

void signin_account_view (const SigninAccount *account, const SigninNow *now, SigninAccountView *view);

/**
 * SigninNews:
 * @event: what happened
 * @info: to whom
 * @session: to which session, as it was then
 * @at_usec: when, on today's wall clock
 * @now: the instant at which it is told
 */
typedef struct
{
  SigninEvent event;
  SigninAccountInfo *info;
  SigninSession session;
  gint64 at_usec;
  SigninNow now;
} SigninNews;

/**
 * SigninNext:
 * @deadline_usec: when something is due, on today's wall clock; 0 if nothing is waited for
 * @event: what is due
 * @info: to whom, or %NULL
 */
typedef struct
{
  gint64 deadline_usec;
  SigninEvent event;
  const SigninAccountInfo *info;
} SigninNext;

/**
 * SigninFlushed:
 *
 * What an observer calls when everything it was told before has left this process.
 */
typedef void (*SigninFlushed) (gpointer data);

/**
 * SigninObserver:
 * @changed: an account is not what it was; @account is %NULL if it was removed
 * @planned: what is waited for next; comes after every @changed of the same turn
 * @news: something happened; comes last
 * @flush: call @done once what was told has left this process; at most one observer has this
 *
 * Somebody who is told what is true. Never calls back into the tracker from here.
 */
typedef struct
{
  void (*changed) (const char *id, const SigninAccount *account, const SigninNow *now, gpointer user_data);
  void (*planned) (const SigninNext *next, gpointer user_data);
  void (*news) (const SigninNews *news, gpointer user_data);
  void (*flush) (SigninFlushed done, gpointer done_data, gpointer user_data);
} SigninObserver;

/**
 * SigninSettledFunc:
 * @error: why the turn could not be stored, and nothing of it happened; %NULL if it was
 */
typedef void (*SigninSettledFunc) (const GError *error, gpointer user_data);

/**
 * SigninAccountFunc:
 * @account: an account, to look at
 * @user_data: what was given to signin_tracker_foreach()
 */
typedef void (*SigninAccountFunc) (const SigninAccount *account, gpointer user_data);

/**
 * SigninLimits:
 * @accounts: how many accounts there may be
 * @sources: how many sources each may have
 */
typedef struct
{
  guint accounts;
  guint sources;
} SigninLimits;

#define SIGNIN_SNOOZE_MIN_USEC (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)
#define SIGNIN_SNOOZE_MAX_USEC (G_GINT64_CONSTANT (24) * 60 * 60 * G_USEC_PER_SEC)

#define SIGNIN_LIMITS_DEFAULT                      \
  {                                                \
    .accounts = SIGNIN_ACCOUNTS_MAX, .sources = 16 \
  }

/**
 * SigninTracker:
 *
 * The only owner of accounts and sessions. Calls, deadlines, clock steps and resumes are its inputs; each ends in one
 * turn, run once per main-loop iteration: store what was asked, tell what happened, arm what is next.
 */
typedef struct _SigninTracker SigninTracker;

SigninTracker *signin_tracker_new (SigninClock *clock, SigninStore *store, const SigninServices *services,
                                   const SigninLimits *limits);
void signin_tracker_free (SigninTracker *tracker);
void signin_tracker_observe (SigninTracker *tracker, const SigninObserver *observer, gpointer user_data);
gboolean signin_tracker_start (SigninTracker *tracker, GError **error);

const SigninAccount *signin_tracker_get (SigninTracker *tracker, const char *id);
guint signin_tracker_n_accounts (SigninTracker *tracker);
void signin_tracker_foreach (SigninTracker *tracker, SigninAccountFunc func, gpointer user_data);
void signin_tracker_read_clock (SigninTracker *tracker, SigninNow *now);
gboolean signin_tracker_is_healthy (SigninTracker *tracker);
gboolean signin_tracker_is_settled (SigninTracker *tracker);

gboolean signin_tracker_add_account (SigninTracker *tracker, const char *id, const SigninAccountDetails *details,
                                     GError **error);
gboolean signin_tracker_set_account (SigninTracker *tracker, const char *id, const SigninAccountDetails *details,
                                     gboolean from_next_sign_in, GError **error);
gboolean signin_tracker_remove_account (SigninTracker *tracker, const char *id, GError **error);
gboolean signin_tracker_sign_in (SigninTracker *tracker, const char *id, const char *source, gint64 at_usec,
                                 gboolean silent, gint64 *expires_at, GError **error);
gboolean signin_tracker_force_sign_in (SigninTracker *tracker, const char *id, const char *source, gint64 at_usec,
                                       gboolean silent, gint64 *expires_at, GError **error);
gboolean signin_tracker_report (SigninTracker *tracker, const char *id, const char *source, gint64 at_usec,
                                gboolean silent, gboolean *counted, GError **error);
gboolean signin_tracker_sign_out (SigninTracker *tracker, const char *id, const char *source, GError **error);
gboolean signin_tracker_dismiss (SigninTracker *tracker, const char *id, GError **error);
gboolean signin_tracker_dismiss_ahead (SigninTracker *tracker, const char *id, gint64 ahead_usec, GError **error);
gboolean signin_tracker_open_ahead (SigninTracker *tracker, const char *id, gint64 ahead_usec, GError **error);
gboolean signin_tracker_snooze (SigninTracker *tracker, const char *id, gint64 duration_usec, GError **error);
void signin_tracker_set_ladder (SigninTracker *tracker, const SigninLadder *ladder);
void signin_tracker_set_history_days (SigninTracker *tracker, int days);
gboolean signin_tracker_read_history (SigninTracker *tracker, const SigninHistoryFilter *filter, SigninHistoryFunc func,
                                      gpointer user_data, GError **error);
gboolean signin_tracker_forget_history (SigninTracker *tracker, const SigninHistoryFilter *filter, GError **error);
void signin_tracker_when_settled (SigninTracker *tracker, SigninSettledFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninTracker, signin_tracker_free)

G_END_DECLS
