/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A clock that tests move by hand: both readings and the deadline, never one without the other. */

#pragma once

#include "clock.h"

G_BEGIN_DECLS

/* A deadline further away than this is no deadline: it only watches for steps of the clock. */
#define FAKE_CLOCK_WATCH_USEC (G_GINT64_CONSTANT (366) * 24 * 60 * 60 * G_USEC_PER_SEC)

/**
 * FakeStep:
 * @FAKE_STEP_TOLD: whoever waits is told at once, as read() does by ECANCELED
 * @FAKE_STEP_AT_ARM: the step happens during the next arming, which tells, as timerfd_settime() does by ECANCELED
 * @FAKE_STEP_BEFORE_ARM: the step happens between the next reading and the arming that follows; nobody is told
 *
 * How a step of the wall clock comes to be known.
 */
typedef enum
{
  FAKE_STEP_TOLD,
  FAKE_STEP_AT_ARM,
  FAKE_STEP_BEFORE_ARM,
} FakeStep;

typedef struct
{
  SigninClock base;
  SigninNow now;
  gboolean armed;
  gint64 deadline_usec;
  gint64 step_at_arm_usec;
  guint arms_to_cancel;
  guint n_arms;
  guint n_wakeups;
} FakeClock;

FakeClock *fake_clock_new (gint64 boot_usec, gint64 real_usec, guint boot);
void fake_clock_pump (FakeClock *clock);
void fake_clock_advance (FakeClock *clock, gint64 usec);
void fake_clock_advance_to (FakeClock *clock, gint64 real_usec);
void fake_clock_step (FakeClock *clock, gint64 usec, FakeStep how);
void fake_clock_wake_early (FakeClock *clock);
void fake_clock_suspend (FakeClock *clock, gint64 usec);
void fake_clock_reboot (FakeClock *clock, gint64 off_usec, guint boot);
gboolean fake_clock_is_waiting (const FakeClock *clock);
guint fake_clock_wakeups (FakeClock *clock);
sd_id128_t fake_boot_id (guint boot);

G_END_DECLS
