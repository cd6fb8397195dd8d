/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "clock.h"

/* More than two readings of the pair can be apart, and less than any step that matters. */
#define STEP_USEC 2000

/**
 * signin_clock_free:
 * @clock: a clock
 *
 * Frees the clock, whatever its kind; its function is not called again.
 */
void
signin_clock_free (SigninClock *clock)
{
  clock->vtable->free (clock);
}

/**
 * signin_clock_set_func:
 * @clock: a clock
 * @func: what to call when the armed deadline has passed, and after steps and resumes
 * @user_data: for @func
 *
 * Says who waits for the deadline.
 */
void
signin_clock_set_func (SigninClock *clock, SigninClockFunc func, gpointer user_data)
{
  clock->func = func;
  clock->user_data = user_data;
}

/**
 * signin_clock_read:
 * @clock: a clock
 * @now: (out): the instant
 *
 * Reads both clocks as a pair.
 */
void
signin_clock_read (SigninClock *clock, SigninNow *now)
{
  clock->vtable->read (clock, now);
}

/**
 * signin_clock_arm:
 * @clock: a clock
 * @real_usec: when to call the function, in microseconds of CLOCK_REALTIME
 *
 * Arms the one deadline, in place of the one before. Meanwhile every step of the wall clock and every resume calls the
 * function as well.
 *
 * Returns: %FALSE if the wall clock stepped since the last time something was armed: @real_usec may be wrong then,
 *   although it is armed. Read the clock and arm again.
 */
gboolean
signin_clock_arm (SigninClock *clock, gint64 real_usec)
{
  return clock->vtable->arm (clock, real_usec);
}

/**
 * signin_clock_disarm:
 * @clock: a clock
 *
 * Waits for nothing any more.
 */
void
signin_clock_disarm (SigninClock *clock)
{
  clock->vtable->disarm (clock);
}

/**
 * signin_now_stepped:
 * @before: an earlier instant
 * @after: a later one
 *
 * Slewing moves both clocks alike, so their distance changes by steps alone.
 *
 * Returns: whether the wall clock was stepped between the two
 */
gboolean
signin_now_stepped (const SigninNow *before, const SigninNow *after)
{
  gint64 distance_before = before->real_usec - before->boot_usec;
  gint64 distance_after = after->real_usec - after->boot_usec;

  return ABS (distance_after - distance_before) > STEP_USEC;
}
