/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>

#include "clock.h"

G_BEGIN_DECLS

/* How long after its end a session is still worth a popup: nobody wants Friday's end on Monday morning. */
#define SIGNIN_EXPIRED_SHOWN_USEC (G_GINT64_CONSTANT (60) * 60 * G_USEC_PER_SEC)

#define SIGNIN_SOURCE_MAX 63
#define SIGNIN_REMINDERS_MAX 3

/* "Never", where an elapsed time or a point in time is expected. */
#define SIGNIN_NEVER G_MAXINT64

/**
 * SigninPolicy:
 * @length_usec: how long a session lasts; 0 if that is not known: tracked without warnings
 * @lead_usec: how long before its end the warning comes
 *
 * The rule a session runs by.
 */
typedef struct
{
  gint64 length_usec;
  gint64 lead_usec;
} SigninPolicy;

/**
 * SigninStamp:
 * @real_usec: the instant on the wall clock
 * @boot_usec: the same instant on the boot clock; negative if it lies before that boot
 * @boot_id: the boot that @boot_usec counts from; null if unknown
 *
 * An instant that elapsed time can be told from, within a boot and across boots.
 */
typedef struct
{
  gint64 real_usec;
  gint64 boot_usec;
  sd_id128_t boot_id;
} SigninStamp;

/**
 * SigninState:
 * @SIGNIN_STATE_SIGNED_OUT: there is no session
 * @SIGNIN_STATE_ACTIVE: it runs
 * @SIGNIN_STATE_EXPIRING: it runs, and the warning is due
 * @SIGNIN_STATE_EXPIRED: it ended by itself
 */
typedef enum
{
  SIGNIN_STATE_SIGNED_OUT,
  SIGNIN_STATE_ACTIVE,
  SIGNIN_STATE_EXPIRING,
  SIGNIN_STATE_EXPIRED,
} SigninState;

/**
 * SigninMark:
 * @SIGNIN_MARK_WARNING: the end is near
 * @SIGNIN_MARK_REMINDER_FIRST: it comes nearer
 * @SIGNIN_MARK_REMINDER_SECOND: and nearer
 * @SIGNIN_MARK_REMINDER_LAST: it is about to come
 * @SIGNIN_MARK_EXPIRED: the end
 * @SIGNIN_MARK_STALE: the end is so long ago that no popup speaks of it any more; nobody hears of this mark
 * @SIGNIN_MARK_SNOOZED: the time is over for which the person wanted to hear nothing
 *
 * What happens to a session as time goes by. The values are stored.
 */
typedef enum
{
  SIGNIN_MARK_WARNING = 1 << 0,
  SIGNIN_MARK_REMINDER_FIRST = 1 << 1,
  SIGNIN_MARK_REMINDER_SECOND = 1 << 2,
  SIGNIN_MARK_REMINDER_LAST = 1 << 3,
  SIGNIN_MARK_EXPIRED = 1 << 4,
  SIGNIN_MARK_STALE = 1 << 5,
  SIGNIN_MARK_SNOOZED = 1 << 6,
} SigninMark;

#define SIGNIN_MARKS_REMINDERS \
  (SIGNIN_MARK_REMINDER_FIRST | SIGNIN_MARK_REMINDER_SECOND | SIGNIN_MARK_REMINDER_LAST | SIGNIN_MARK_SNOOZED)
#define SIGNIN_MARKS_BEFORE_END (SIGNIN_MARK_WARNING | SIGNIN_MARKS_REMINDERS)
#define SIGNIN_MARKS_ALL (SIGNIN_MARKS_BEFORE_END | SIGNIN_MARK_EXPIRED | SIGNIN_MARK_STALE)

/**
 * SigninLadder:
 * @before_end_sec: how long before the end each reminder comes, the longest first; 0 where there is none
 *
 * The reminders between the warning and the end.
 */
typedef struct
{
  gint32 before_end_sec[SIGNIN_REMINDERS_MAX];
} SigninLadder;

/**
 * SigninSession:
 * @source: where the sign-in was made
 * @start: when
 * @policy: the rule it runs by
 * @ladder: its reminders
 * @snoozed_usec: the elapsed time until which the person wants to hear nothing; 0 if nothing was said
 * @announced: the marks that were passed and, where people hear of them, sent
 * @confirmed: those of @announced that are known to have left this process
 * @silent: nobody typed anything: a single sign-on
 * @dismissed: the person wants no more popups about this session
 * @opened: the person had the sign-in page opened by a popup about this session
 *
 * One signed-in period of one account in one source.
 */
typedef struct
{
  char source[SIGNIN_SOURCE_MAX + 1];
  SigninStamp start;
  SigninPolicy policy;
  SigninLadder ladder;
  gint64 snoozed_usec;
  guint8 announced;
  guint8 confirmed;
  bool silent : 1;
  bool dismissed : 1;
  bool opened : 1;
} SigninSession;

SigninStamp signin_stamp_at (const SigninNow *now, gint64 real_usec);
gint64 signin_stamp_elapsed (const SigninStamp *stamp, const SigninNow *now);
gboolean signin_stamp_rebase (SigninStamp *stamp, const SigninNow *now);

gint64 signin_session_mark (const SigninSession *session, SigninMark mark);
SigninState signin_session_state (const SigninSession *session, const SigninNow *now);
guint signin_session_due (const SigninSession *session, const SigninNow *now);
SigninMark signin_session_next_mark (const SigninSession *session);
void signin_session_replan (SigninSession *session, const SigninPolicy *policy, const SigninNow *now);
void signin_session_resume_ladder (SigninSession *session, const SigninLadder *ladder, const SigninNow *now);
void signin_session_set_ladder (SigninSession *session, const SigninLadder *ladder, const SigninNow *now);
void signin_session_snooze (SigninSession *session, gint64 duration_usec, const SigninNow *now);
gboolean signin_session_is_snoozed (const SigninSession *session, const SigninNow *now);
gboolean signin_session_is_answered (const SigninSession *session);
guint signin_session_passed (const SigninSession *session, const SigninNow *now);
gint64 signin_session_remaining (const SigninSession *session, const SigninNow *now);
gint64 signin_session_real (const SigninSession *session, gint64 elapsed_usec);

const char *signin_state_to_string (SigninState state);

G_END_DECLS
