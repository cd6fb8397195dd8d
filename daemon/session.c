/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules of time. Pure functions: no clock is read here, nothing is kept, nothing is told to anybody. */

#include "config.h"

#include "session.h"

/* How far a stamp may be off its place on the wall clock before it is moved: more than a reading of the pair can err,
 * so that a mere restart moves nothing and published times stay what they were. */
#define REBASE_USEC 2000

#define RELEASE_DATE_USEC ((gint64) RELEASE_DATE_SEC * G_USEC_PER_SEC)

static const SigninMark marks[] = {
  SIGNIN_MARK_WARNING, SIGNIN_MARK_REMINDER_FIRST, SIGNIN_MARK_REMINDER_SECOND, SIGNIN_MARK_REMINDER_LAST,
  SIGNIN_MARK_EXPIRED, SIGNIN_MARK_STALE,          SIGNIN_MARK_SNOOZED,
};

/* Stamps come from callers and files: sums of them saturate. */
static gint64
add (gint64 a, gint64 b)
{
  gint64 sum;

  if (__builtin_add_overflow (a, b, &sum))
    return a > 0 ? G_MAXINT64 : G_MININT64;
  return sum;
}

static gint64
subtract (gint64 a, gint64 b)
{
  gint64 difference;

  if (__builtin_sub_overflow (a, b, &difference))
    return a > b ? G_MAXINT64 : G_MININT64;
  return difference;
}

static gboolean
counts_from_boot (const SigninStamp *stamp, const SigninNow *now)
{
  return !sd_id128_is_null (stamp->boot_id) && sd_id128_equal (stamp->boot_id, now->boot_id)
         && now->boot_usec >= stamp->boot_usec;
}

/**
 * signin_stamp_at:
 * @now: this instant
 * @real_usec: the instant to stamp, on the wall clock as it is now
 *
 * Returns: a stamp of that instant; its place on the boot clock is negative if it lies before this boot
 */
SigninStamp
signin_stamp_at (const SigninNow *now, gint64 real_usec)
{
  return (SigninStamp){
    .real_usec = real_usec,
    .boot_usec = subtract (now->boot_usec, subtract (now->real_usec, real_usec)),
    .boot_id = now->boot_id,
  };
}

/**
 * signin_stamp_elapsed:
 * @stamp: a stamp
 * @now: this instant
 *
 * True elapsed time: within one boot by the boot clock, which counts suspend and knows no steps; across boots, or where
 * the boot is unknown, by the wall clock.
 *
 * Returns: microseconds since @stamp; negative if the wall clock is not there yet: the session is held then, until the
 *   clock is right
 */
gint64
signin_stamp_elapsed (const SigninStamp *stamp, const SigninNow *now)
{
  if (counts_from_boot (stamp, now))
    return subtract (now->boot_usec, stamp->boot_usec);
  return subtract (now->real_usec, stamp->real_usec);
}

/**
 * signin_stamp_rebase:
 * @stamp: a stamp
 * @now: this instant, after a step of the wall clock or at a start
 *
 * Moves a stamp of this boot to where it lies on today's wall clock, so that it can be told across the next boot. A
 * clock that reads earlier than this program was released is not believed. Stamps of other boots stay: for them a step,
 * usually the first time synchronization, counts.
 *
 * Returns: whether it moved
 */
gboolean
signin_stamp_rebase (SigninStamp *stamp, const SigninNow *now)
{
  gint64 real_usec, moved_usec;

  if (!counts_from_boot (stamp, now) || now->real_usec < RELEASE_DATE_USEC)
    return FALSE;

  real_usec = subtract (now->real_usec, signin_stamp_elapsed (stamp, now));
  moved_usec = subtract (real_usec, stamp->real_usec);
  if (moved_usec >= -REBASE_USEC && moved_usec <= REBASE_USEC)
    return FALSE;

  stamp->real_usec = real_usec;
  return TRUE;
}

/* A step that does not come after the warning is none. */
static gint64
reminder_mark (const SigninSession *session, guint step)
{
  gint64 before_usec = session->ladder.before_end_sec[step] * (gint64) G_USEC_PER_SEC;

  if (before_usec <= 0 || before_usec >= session->policy.lead_usec)
    return SIGNIN_NEVER;
  return subtract (session->policy.length_usec, before_usec);
}

/**
 * signin_session_mark:
 * @session: a session
 * @mark: a mark
 *
 * Returns: the elapsed time at which @session passes @mark, in microseconds; %SIGNIN_NEVER if it never does
 */
gint64
signin_session_mark (const SigninSession *session, SigninMark mark)
{
  const SigninPolicy *policy = &session->policy;

  if (policy->length_usec == 0)
    return SIGNIN_NEVER;

  switch (mark)
    {
    case SIGNIN_MARK_WARNING:
      return subtract (policy->length_usec, policy->lead_usec);
    case SIGNIN_MARK_REMINDER_FIRST:
      return reminder_mark (session, 0);
    case SIGNIN_MARK_REMINDER_SECOND:
      return reminder_mark (session, 1);
    case SIGNIN_MARK_REMINDER_LAST:
      return reminder_mark (session, 2);
    case SIGNIN_MARK_SNOOZED:
      return session->snoozed_usec > 0 ? session->snoozed_usec : SIGNIN_NEVER;
    case SIGNIN_MARK_EXPIRED:
      return policy->length_usec;
    case SIGNIN_MARK_STALE:
      return add (policy->length_usec, SIGNIN_EXPIRED_SHOWN_USEC);
    default:
      g_return_val_if_reached (SIGNIN_NEVER);
    }
}

/**
 * signin_session_state:
 * @session: a session
 * @now: this instant
 *
 * Returns: its state; never %SIGNIN_STATE_SIGNED_OUT
 */
SigninState
signin_session_state (const SigninSession *session, const SigninNow *now)
{
  gint64 elapsed = signin_stamp_elapsed (&session->start, now);

  if (elapsed >= signin_session_mark (session, SIGNIN_MARK_EXPIRED))
    return SIGNIN_STATE_EXPIRED;
  if (elapsed >= signin_session_mark (session, SIGNIN_MARK_WARNING))
    return SIGNIN_STATE_EXPIRING;
  return SIGNIN_STATE_ACTIVE;
}

/**
 * signin_session_passed:
 * @session: a session
 * @now: this instant
 *
 * Returns: the #SigninMark flags of what it has passed, whether anybody was told or not
 */
guint
signin_session_passed (const SigninSession *session, const SigninNow *now)
{
  gint64 elapsed = signin_stamp_elapsed (&session->start, now);
  guint passed = 0;

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (elapsed >= signin_session_mark (session, marks[i]))
      passed |= marks[i];
  return passed;
}

/* Whether @mark is told at all: not once the session is over, and not while the person wants to hear nothing. */
static gboolean
is_told (const SigninSession *session, SigninMark mark)
{
  if (session->announced & SIGNIN_MARK_STALE)
    return FALSE;
  if ((mark & SIGNIN_MARKS_BEFORE_END) == 0)
    return TRUE;
  return (session->announced & SIGNIN_MARK_EXPIRED) == 0
         && signin_session_mark (session, mark) >= session->snoozed_usec;
}

/**
 * signin_session_due:
 * @session: a session
 * @now: this instant
 *
 * "Due" is what was passed and not announced, never only what is passed at this very instant: whoever slept across a
 * mark hears of it at resume. But nobody is warned of an end that is over, and of several steps towards it one is
 * enough: the warning if that is still to come, else the latest reminder.
 *
 * Returns: the #SigninMark flags that are due
 */
guint
signin_session_due (const SigninSession *session, const SigninNow *now)
{
  guint passed = signin_session_passed (session, now);
  guint due = passed & ~session->announced;
  SigninMark latest = 0;

  if (passed & SIGNIN_MARK_EXPIRED)
    return due & ~SIGNIN_MARKS_BEFORE_END;

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if ((due & marks[i]) && is_told (session, marks[i])
        && (latest == 0
            || (latest != SIGNIN_MARK_WARNING
                && signin_session_mark (session, marks[i]) > signin_session_mark (session, latest))))
      latest = marks[i];
  return latest;
}

/**
 * signin_session_next_mark:
 * @session: a session
 *
 * Returns: the first mark that is neither announced nor pointless; 0 if there is none
 */
SigninMark
signin_session_next_mark (const SigninSession *session)
{
  SigninMark next = 0;

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      gint64 mark_usec = signin_session_mark (session, marks[i]);

      if (mark_usec != SIGNIN_NEVER && (session->announced & marks[i]) == 0 && is_told (session, marks[i])
          && (next == 0 || mark_usec < signin_session_mark (session, next)))
        next = marks[i];
    }
  return next;
}

static void
forget_unpassed (SigninSession *session, const SigninNow *now)
{
  guint passed = signin_session_passed (session, now);

  session->announced &= passed;
  session->confirmed &= passed;
}

/**
 * signin_session_replan:
 * @session: a session
 * @policy: the rule it runs by from now on
 * @now: this instant
 *
 * Marks that a longer session has yet to pass come again, and whoever dismissed the old warning hears of the new one;
 * those that a shorter one has passed become due.
 */
void
signin_session_replan (SigninSession *session, const SigninPolicy *policy, const SigninNow *now)
{
  session->policy = *policy;
  session->snoozed_usec = MIN (session->snoozed_usec, policy->length_usec);
  forget_unpassed (session, now);
  if (signin_session_state (session, now) == SIGNIN_STATE_ACTIVE)
    session->dismissed = session->opened = false;
}

/**
 * signin_session_resume_ladder:
 * @session: a session that was kept, while its ladder was not
 * @ladder: the reminders it has from now on
 * @now: this instant
 *
 * What was announced of another ladder says nothing of the steps that are still ahead.
 */
void
signin_session_resume_ladder (SigninSession *session, const SigninLadder *ladder, const SigninNow *now)
{
  guint ahead = SIGNIN_MARKS_REMINDERS & ~SIGNIN_MARK_SNOOZED;

  session->ladder = *ladder;
  /* One that is held may have passed them all, once the clock is right. */
  if (signin_stamp_elapsed (&session->start, now) < 0)
    return;
  ahead &= ~signin_session_passed (session, now);
  session->announced &= ~ahead;
  session->confirmed &= ~ahead;
}

/**
 * signin_session_set_ladder:
 * @session: a session
 * @ladder: the reminders it has from now on
 * @now: this instant
 *
 * Steps of the new ladder that have passed already do not come late.
 */
void
signin_session_set_ladder (SigninSession *session, const SigninLadder *ladder, const SigninNow *now)
{
  guint steps = SIGNIN_MARKS_REMINDERS & ~SIGNIN_MARK_SNOOZED;

  session->ladder = *ladder;
  session->announced = (session->announced & ~steps) | (signin_session_passed (session, now) & steps);
  session->confirmed = session->announced & (session->confirmed | steps);
}

/**
 * signin_session_snooze:
 * @session: a session that is about to end
 * @duration_usec: for how long the person wants to hear nothing
 * @now: this instant
 *
 * Takes the place of the steps before its end, and never passes the end of the session.
 */
void
signin_session_snooze (SigninSession *session, gint64 duration_usec, const SigninNow *now)
{
  gint64 elapsed = MAX (signin_stamp_elapsed (&session->start, now), 0);

  session->snoozed_usec = MIN (add (elapsed, duration_usec), session->policy.length_usec);
  session->announced &= ~SIGNIN_MARK_SNOOZED;
  session->confirmed &= ~SIGNIN_MARK_SNOOZED;
}

/**
 * signin_session_is_snoozed:
 * @session: a session
 * @now: this instant
 *
 * Returns: whether the person wants to hear nothing of it now
 */
gboolean
signin_session_is_snoozed (const SigninSession *session, const SigninNow *now)
{
  return session->snoozed_usec > signin_stamp_elapsed (&session->start, now);
}

/**
 * signin_session_is_answered:
 * @session: a session
 *
 * Returns: whether the person has pressed a button of a popup about it, so that its end does not come unnoticed
 */
gboolean
signin_session_is_answered (const SigninSession *session)
{
  return session->dismissed || session->opened || session->snoozed_usec > 0;
}

/**
 * signin_session_remaining:
 * @session: a session
 * @now: this instant
 *
 * Returns: microseconds until it ends, 0 if it has, %SIGNIN_NEVER if its length is not known. A session that is held
 * has all of its length left.
 */
gint64
signin_session_remaining (const SigninSession *session, const SigninNow *now)
{
  gint64 elapsed = MAX (signin_stamp_elapsed (&session->start, now), 0);

  if (session->policy.length_usec == 0)
    return SIGNIN_NEVER;
  return MAX (session->policy.length_usec - elapsed, 0);
}

/**
 * signin_session_real:
 * @session: a session
 * @elapsed_usec: an elapsed time, such as signin_session_mark() gives
 *
 * Returns: that instant in microseconds of CLOCK_REALTIME, at least 1; 0 for %SIGNIN_NEVER
 */
gint64
signin_session_real (const SigninSession *session, gint64 elapsed_usec)
{
  if (elapsed_usec == SIGNIN_NEVER)
    return 0;
  return MAX (add (session->start.real_usec, elapsed_usec), 1);
}

/**
 * signin_state_to_string:
 * @state: a state
 *
 * Returns: the word for it, on the bus and in scripts; not translated
 */
const char *
signin_state_to_string (SigninState state)
{
  static const char *const words[] = {
    [SIGNIN_STATE_SIGNED_OUT] = "signed-out",
    [SIGNIN_STATE_ACTIVE] = "active",
    [SIGNIN_STATE_EXPIRING] = "expiring",
    [SIGNIN_STATE_EXPIRED] = "expired",
  };

  g_return_val_if_fail (state < G_N_ELEMENTS (words), NULL);
  return words[state];
}
