/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "fake-clock.h"

/* More wake-ups than this without time passing are an endless loop. */
#define SPINNING 100

/* A kernel's boot clock does not begin at 0: the first program runs some seconds after it. */
#define FIRST_BOOT_USEC (9 * G_USEC_PER_SEC)

static void
fake_read (SigninClock *base, SigninNow *now)
{
  FakeClock *clock = (FakeClock *) base;

  *now = clock->now;
}

static gboolean
fake_arm (SigninClock *base, gint64 real_usec)
{
  FakeClock *clock = (FakeClock *) base;
  gboolean told = clock->arms_to_cancel > 0;

  clock->n_arms++;
  clock->armed = TRUE;
  clock->deadline_usec = real_usec;
  clock->now.real_usec += clock->step_at_arm_usec;
  clock->step_at_arm_usec = 0;
  if (told)
    clock->arms_to_cancel--;
  return !told;
}

static void
fake_disarm (SigninClock *base)
{
  FakeClock *clock = (FakeClock *) base;

  clock->armed = FALSE;
}

static void
fake_free (SigninClock *base)
{
  g_free (base);
}

static const SigninClockVTable fake_vtable = {
  .read = fake_read,
  .arm = fake_arm,
  .disarm = fake_disarm,
  .free = fake_free,
};

/* The id of the boot that tests call by this number; 0 is one that cannot be read. */
sd_id128_t
fake_boot_id (guint boot)
{
  sd_id128_t id = SD_ID128_NULL;

  if (boot > 0)
    {
      id.qwords[0] = G_GUINT64_CONSTANT (0x5167e1d0b0070000) + boot;
      id.qwords[1] = boot;
    }
  return id;
}

FakeClock *
fake_clock_new (gint64 boot_usec, gint64 real_usec, guint boot)
{
  FakeClock *clock = g_new0 (FakeClock, 1);

  clock->base.vtable = &fake_vtable;
  clock->now = (SigninNow){ .boot_usec = boot_usec, .real_usec = real_usec, .boot_id = fake_boot_id (boot) };
  return clock;
}

static void
run_main_loop (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
wake (FakeClock *clock)
{
  clock->armed = FALSE;
  clock->n_wakeups++;
  g_assert_nonnull (clock->base.func);
  clock->base.func (clock->base.user_data);
  run_main_loop ();
}

/* Runs the main loop, without time passing, until nothing more is to be done. */
void
fake_clock_pump (FakeClock *clock)
{
  guint wakeups = 0;

  run_main_loop ();
  while (clock->armed && clock->deadline_usec <= clock->now.real_usec)
    {
      wake (clock);
      g_assert_cmpuint (++wakeups, <, SPINNING);
    }
}

/* Time goes by while the machine runs: every deadline on the way fires at its own microsecond. */
void
fake_clock_advance (FakeClock *clock, gint64 usec)
{
  g_assert_cmpint (usec, >=, 0);
  fake_clock_pump (clock);
  while (usec > 0)
    {
      gint64 left = clock->armed ? clock->deadline_usec - clock->now.real_usec : G_MAXINT64;
      gint64 way = MIN (usec, left);

      clock->now.boot_usec += way;
      clock->now.real_usec += way;
      usec -= way;
      fake_clock_pump (clock);
    }
}

void
fake_clock_advance_to (FakeClock *clock, gint64 real_usec)
{
  fake_clock_advance (clock, real_usec - clock->now.real_usec);
}

/* The wall clock is set; true time stands still. */
void
fake_clock_step (FakeClock *clock, gint64 usec, FakeStep how)
{
  fake_clock_pump (clock);
  if (how != FAKE_STEP_TOLD)
    {
      clock->step_at_arm_usec = usec;
      clock->arms_to_cancel = how == FAKE_STEP_AT_ARM ? 1 : 0;
      return;
    }
  clock->now.real_usec += usec;
  if (clock->armed)
    wake (clock);
  fake_clock_pump (clock);
}

/* The system wakes who waits although nothing has happened. */
void
fake_clock_wake_early (FakeClock *clock)
{
  fake_clock_pump (clock);
  g_assert_true (clock->armed);
  wake (clock);
  fake_clock_pump (clock);
}

/* The machine sleeps: nothing fires on the way, and who waits is told once, at the end. */
void
fake_clock_suspend (FakeClock *clock, gint64 usec)
{
  g_assert_cmpint (usec, >=, 0);
  fake_clock_pump (clock);
  clock->now.boot_usec += usec;
  clock->now.real_usec += usec;
  if (clock->armed)
    wake (clock);
  fake_clock_pump (clock);
}

/* The machine is off for so long by its wall clock, and then another boot begins. Nobody may be waiting any more. */
void
fake_clock_reboot (FakeClock *clock, gint64 off_usec, guint boot)
{
  g_assert_false (clock->armed);
  clock->now.boot_usec = FIRST_BOOT_USEC;
  clock->now.real_usec += off_usec;
  clock->now.boot_id = fake_boot_id (boot);
}

/* Something is due within the year: the rest only watches the clock. */
gboolean
fake_clock_is_waiting (const FakeClock *clock)
{
  return clock->armed && clock->deadline_usec - clock->now.real_usec < FAKE_CLOCK_WATCH_USEC;
}

/* How often the clock woke its owner since this was asked the last time. */
guint
fake_clock_wakeups (FakeClock *clock)
{
  guint n = clock->n_wakeups;

  clock->n_wakeups = 0;
  return n;
}
