/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Past sessions: when each began, and how it ended. A record of working hours, so it is kept no longer than wanted. */

#pragma once

#include "session.h"

G_BEGIN_DECLS

/* How many sessions one question is answered with. */
#define SIGNIN_HISTORY_LIMIT_MAX 500

/* Beyond this the oldest go, whatever their age: a program that records without end shall not fill the disk. */
#define SIGNIN_HISTORY_ROWS_MAX 100000

/**
 * SigninHistoryEnd:
 * @SIGNIN_HISTORY_RUNNING: it goes on
 * @SIGNIN_HISTORY_EXPIRED: it ran out
 * @SIGNIN_HISTORY_SIGNED_OUT: the person signed out
 * @SIGNIN_HISTORY_RENEWED: the person signed in again before it ran out
 *
 * How a session ended. The values are stored.
 */
typedef enum
{
  SIGNIN_HISTORY_RUNNING = 0,
  SIGNIN_HISTORY_EXPIRED = 1,
  SIGNIN_HISTORY_SIGNED_OUT = 2,
  SIGNIN_HISTORY_RENEWED = 3,
} SigninHistoryEnd;

/**
 * SigninHistoryRecord:
 * @row: its number; later records have higher ones
 * @account: an account's id
 * @source: where the sign-in was made
 * @began_usec: when, in microseconds of CLOCK_REALTIME like all times here
 * @warns_usec: when the warning was or is due, 0 for never
 * @expires_usec: when it would run or ran out, 0 if its length is not known
 * @ended_usec: when it ended, 0 if it goes on
 * @end: how
 * @silent: nobody typed anything
 * @answered: the person dismissed a popup about it, put one off, or had the sign-in page opened by it
 *
 * One session.
 */
typedef struct
{
  gint64 row;
  const char *account;
  const char *source;
  gint64 began_usec;
  gint64 warns_usec;
  gint64 expires_usec;
  gint64 ended_usec;
  SigninHistoryEnd end;
  gboolean silent;
  gboolean answered;
} SigninHistoryRecord;

typedef void (*SigninHistoryFunc) (const SigninHistoryRecord *record, gpointer user_data);

/**
 * SigninHistoryFilter:
 * @since_usec: sessions that ran after this
 * @until_usec: sessions that began before this; %SIGNIN_NEVER for all
 * @account: (nullable): those of one account only
 * @after_row: those that were recorded after this one
 * @limit: no more than this
 *
 * Which sessions are meant.
 */
typedef struct
{
  gint64 since_usec;
  gint64 until_usec;
  const char *account;
  gint64 after_row;
  gint64 limit;
} SigninHistoryFilter;

#define SIGNIN_HISTORY_FILTER_INIT                                \
  {                                                               \
    .until_usec = SIGNIN_NEVER, .limit = SIGNIN_HISTORY_LIMIT_MAX \
  }

const char *signin_history_end_to_string (SigninHistoryEnd end);
void signin_history_describe (SigninHistoryRecord *record, const SigninSession *session);

G_END_DECLS
