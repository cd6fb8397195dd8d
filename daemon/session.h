/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <stdbool.h>

#include "clock.h"

G_BEGIN_DECLS

/* How long after its end a session is still worth a popup: nobody wants Friday's end on Monday morning. */
#define SIGNIN_EXPIRED_SHOWN_USEC (G_GINT64_CONSTANT (60) * 60 * G_USEC_PER_SEC)

#define SIGNIN_SOURCE_MAX 63

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
  gint64     real_usec;
  gint64     boot_usec;
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
 * @SIGNIN_MARK_EXPIRED: the end
 * @SIGNIN_MARK_STALE: the end is so long ago that no popup speaks of it any more; nobody hears of this mark
 *
 * What happens to a session as time goes by, in this order. The values are stored; the gap is kept for reminders.
 */
typedef enum
{
  SIGNIN_MARK_WARNING = 1 << 0,
  SIGNIN_MARK_EXPIRED = 1 << 4,
  SIGNIN_MARK_STALE = 1 << 5,
} SigninMark;

#define SIGNIN_MARKS_ALL (SIGNIN_MARK_WARNING | SIGNIN_MARK_EXPIRED | SIGNIN_MARK_STALE)

/**
 * SigninSession:
 * @source: where the sign-in was made
 * @start: when
 * @policy: the rule it runs by
 * @announced: the marks that were passed and, where people hear of them, sent
 * @confirmed: those of @announced that are known to have left this process
 * @silent: nobody typed anything: a single sign-on
 * @dismissed: the person wants no more popups about this session
 *
 * One signed-in period of one account in one source.
 */
typedef struct
{
  char         source[SIGNIN_SOURCE_MAX + 1];
  SigninStamp  start;
  SigninPolicy policy;
  guint8       announced;
  guint8       confirmed;
  bool         silent : 1;
  bool         dismissed : 1;
} SigninSession;

SigninStamp signin_stamp_at          (const SigninNow *now,
                                      gint64           real_usec);
gint64      signin_stamp_elapsed     (const SigninStamp *stamp,
                                      const SigninNow   *now);
gboolean    signin_stamp_rebase      (SigninStamp     *stamp,
                                      const SigninNow *now);

gint64      signin_session_mark      (const SigninSession *session,
                                      SigninMark           mark);
SigninState signin_session_state     (const SigninSession *session,
                                      const SigninNow     *now);
guint       signin_session_due       (const SigninSession *session,
                                      const SigninNow     *now);
SigninMark  signin_session_next_mark (const SigninSession *session);
void        signin_session_replan    (SigninSession       *session,
                                      const SigninPolicy  *policy,
                                      const SigninNow     *now);
gint64      signin_session_remaining (const SigninSession *session,
                                      const SigninNow     *now);
gint64      signin_session_real      (const SigninSession *session,
                                      gint64               elapsed_usec);

const char *signin_state_to_string   (SigninState state);

G_END_DECLS
