/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every rule of time through the real tracker and a real store: only the clock is not real. */

#include "config.h"

#include <locale.h>

#include "rig.h"

static void
test_whole_session (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  g_assert_false (rig->clock->armed);
  rig_expect_nothing (rig);
  g_assert_cmpint (rig_sign_in (rig, "contoso", "manual"), ==, RIG_REAL + RIG_END);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + RIG_WARNING);
  rig_expect (rig, "signed-in contoso manual", NULL);
  g_assert_cmpint (rig->clock->deadline_usec, ==, RIG_REAL + RIG_WARNING + RIG_LATE);

  fake_clock_advance (rig->clock, RIG_WARNING - 1);
  g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 0);
  rig_expect_nothing (rig);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_ACTIVE);

  fake_clock_advance (rig->clock, 1 + RIG_LATE);
  g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 1);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_EXPIRING);
  g_assert_cmpint (rig_news (rig, 0)->at_usec, ==, RIG_REAL + RIG_WARNING);
  g_assert_cmpint (rig_news (rig, 0)->now.real_usec, ==, RIG_REAL + RIG_WARNING + RIG_LATE);
  rig_expect_next (rig, SIGNIN_EVENT_EXPIRED, "contoso", RIG_REAL + RIG_END);
  g_assert_cmpuint (rig->changed->len, ==, 1);
  rig_expect (rig, "warning contoso manual", NULL);

  fake_clock_advance (rig->clock, 20 * RIG_MIN - 1 - RIG_LATE);
  g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 0);
  rig_expect_nothing (rig);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_EXPIRING);

  fake_clock_advance (rig->clock, 1 + RIG_LATE);
  g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 1);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_EXPIRED);
  g_assert_cmpint (rig_news (rig, 0)->at_usec, ==, RIG_REAL + RIG_END);
  g_assert_cmpuint (rig->changed->len, ==, 1);
  rig_expect (rig, "expired contoso manual", NULL);
  rig_expect_none_next (rig);

  /* An hour later its popup goes, and then nothing happens ever again. */
  g_assert_false (rig_is_stale (rig, "contoso"));
  fake_clock_advance (rig->clock, RIG_HOUR - RIG_LATE - 1);
  g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 0);
  g_assert_false (rig_is_stale (rig, "contoso"));
  fake_clock_advance (rig->clock, 1 + RIG_LATE);
  g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 1);
  g_assert_true (rig_is_stale (rig, "contoso"));
  g_assert_false (fake_clock_is_waiting (rig->clock));
  fake_clock_advance (rig->clock, 90 * RIG_DAY);
  g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 0);
  rig_expect_nothing (rig);
}

static void
test_waking_early (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  rig_forget (rig);
  fake_clock_advance (rig->clock, RIG_WARNING - RIG_SEC);
  fake_clock_wake_early (rig->clock);
  g_assert_cmpuint (rig->changed->len, ==, 0);
  rig_expect_nothing (rig);
  g_assert_true (fake_clock_is_waiting (rig->clock));
  fake_clock_advance (rig->clock, RIG_SEC + RIG_LATE);
  rig_expect (rig, "warning contoso manual", NULL);
}

/* What is heard where the machine sleeps from one point of a session to another. */
static void
test_suspend (void)
{
  static const struct
  {
    gint64      awake;
    gint64      asleep;
    gboolean    warned;
    const char *heard;
    gboolean    stale;
  } cases[] = {
    { 7 * RIG_HOUR, 39 * RIG_MIN, FALSE, NULL, FALSE },
    { 7 * RIG_HOUR, 40 * RIG_MIN - 1, FALSE, NULL, FALSE },
    { 7 * RIG_HOUR, 40 * RIG_MIN, FALSE, "warning contoso manual", FALSE },
    { 7 * RIG_HOUR, 50 * RIG_MIN, FALSE, "warning contoso manual", FALSE },
    { 7 * RIG_HOUR, RIG_HOUR - 1, FALSE, "warning contoso manual", FALSE },
    { 7 * RIG_HOUR, RIG_HOUR, FALSE, "expired contoso manual", FALSE },
    { 7 * RIG_HOUR, RIG_HOUR + 40 * RIG_MIN, FALSE, "expired contoso manual", FALSE },
    { 7 * RIG_HOUR, 2 * RIG_HOUR - 1, FALSE, "expired contoso manual", FALSE },
    { 7 * RIG_HOUR, 2 * RIG_HOUR, FALSE, "expired contoso manual", TRUE },
    { 7 * RIG_HOUR + 45 * RIG_MIN, 5 * RIG_MIN, TRUE, NULL, FALSE },
    { 7 * RIG_HOUR + 45 * RIG_MIN, 30 * RIG_MIN, TRUE, "expired contoso manual", FALSE },
    { 7 * RIG_HOUR + 45 * RIG_MIN, 55 * RIG_MIN, TRUE, "expired contoso manual", FALSE },
    { 4 * RIG_HOUR, 20 * RIG_HOUR, FALSE, "expired contoso manual", TRUE },
    { 4 * RIG_HOUR, 64 * RIG_HOUR, FALSE, "expired contoso manual", TRUE },
    { 4 * RIG_HOUR, 14 * RIG_DAY, FALSE, "expired contoso manual", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Rig) rig = rig_new ();

      rig_add (rig, "contoso");
      rig_sign_in (rig, "contoso", "manual");
      fake_clock_advance (rig->clock, cases[i].awake);
      rig_expect (rig, "signed-in contoso manual", cases[i].warned ? "warning contoso manual" : NULL, NULL);
      fake_clock_suspend (rig->clock, cases[i].asleep);
      g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 1);
      rig_expect (rig, cases[i].heard, NULL);
      g_assert_cmpint (rig_is_stale (rig, "contoso"), ==, cases[i].stale);

      /* What is left of the session comes as if nobody had slept. */
      fake_clock_advance (rig->clock, RIG_END);
      if (cases[i].heard == NULL && !cases[i].warned)
        rig_expect (rig, "warning contoso manual", "expired contoso manual", NULL);
      else if (cases[i].heard == NULL || g_str_has_prefix (cases[i].heard, "warning"))
        rig_expect (rig, "expired contoso manual", NULL);
      else
        rig_expect_nothing (rig);
    }
}

/* Who sleeps across the mark is told what is really left. */
static void
test_remaining_after_suspend (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_forget (rig);
  fake_clock_suspend (rig->clock, 6 * RIG_HOUR + 57 * RIG_MIN);
  g_assert_cmpint (signin_session_remaining (&rig_news (rig, 0)->session, &rig_news (rig, 0)->now), ==, 3 * RIG_MIN);
  g_assert_cmpint (rig_news (rig, 0)->at_usec, ==, RIG_REAL + RIG_WARNING);
  rig_expect (rig, "warning contoso manual", NULL);
  rig_expect_next (rig, SIGNIN_EVENT_EXPIRED, "contoso", RIG_REAL + RIG_END);
}

/* Several naps in a session: none is lost, none counts twice. */
static void
test_many_naps (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  for (guint i = 0; i < 15; i++)
    {
      fake_clock_suspend (rig->clock, 20 * RIG_MIN);
      fake_clock_advance (rig->clock, 10 * RIG_MIN);
    }
  rig_expect (rig, "signed-in contoso manual", NULL);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 30 * RIG_MIN);
  fake_clock_advance (rig->clock, 10 * RIG_MIN + RIG_LATE);
  rig_expect (rig, "warning contoso manual", NULL);
}

static const gint64 steps[] = {
  RIG_HOUR, -RIG_HOUR, RIG_DAY, -RIG_DAY, 10 * RIG_MIN, -10 * RIG_MIN, 400 * RIG_DAY, -20 * RIG_DAY,
};

/* Within a boot, true time does not change, however the wall clock is set; only what is published does. */
static void
test_step (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (Rig) rig = rig_new ();

      rig_add (rig, "contoso");
      rig_sign_in (rig, "contoso", "manual");
      fake_clock_advance (rig->clock, 3 * RIG_HOUR);
      rig_forget (rig);
      fake_clock_step (rig->clock, steps[i], FAKE_STEP_TOLD);
      g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 1);
      g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 5 * RIG_HOUR);
      g_assert_cmpuint (rig->changed->len, ==, 1);
      g_assert_cmpint (rig_session (rig, "contoso", "manual")->start.real_usec, ==, RIG_REAL + steps[i]);
      rig_expect_nothing (rig);
      rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + steps[i] + RIG_WARNING);

      fake_clock_advance (rig->clock, RIG_WARNING - 3 * RIG_HOUR - 1);
      rig_expect_nothing (rig);
      fake_clock_advance (rig->clock, 1 + RIG_LATE);
      g_assert_cmpint (rig_news (rig, 0)->at_usec, ==, RIG_REAL + steps[i] + RIG_WARNING);
      g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 1);
      rig_expect (rig, "warning contoso manual", NULL);
      fake_clock_step (rig->clock, -steps[i], FAKE_STEP_TOLD);
      rig_expect_nothing (rig);
      rig_expect_next (rig, SIGNIN_EVENT_EXPIRED, "contoso", RIG_REAL + RIG_END);
      fake_clock_advance (rig->clock, 20 * RIG_MIN);
      rig_expect (rig, "expired contoso manual", NULL);
    }
}

/* A clock that says 1970 is not believed: nothing moves, and time is true all the same. */
static void
test_step_to_1970 (void)
{
  g_autoptr (Rig) rig = rig_new ();
  const gint64 way = RIG_REAL - RIG_DAY;

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, 3 * RIG_HOUR);
  rig_forget (rig);
  fake_clock_step (rig->clock, -way, FAKE_STEP_TOLD);
  rig_expect_nothing (rig);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 5 * RIG_HOUR);
  g_assert_cmpint (rig_session (rig, "contoso", "manual")->start.real_usec, ==, RIG_REAL);
  fake_clock_advance (rig->clock, RIG_WARNING - 3 * RIG_HOUR - 1);
  rig_expect_nothing (rig);
  fake_clock_advance (rig->clock, 1 + RIG_LATE);
  rig_expect (rig, "warning contoso manual", NULL);
  fake_clock_step (rig->clock, way, FAKE_STEP_TOLD);
  rig_expect_nothing (rig);
  rig_expect_next (rig, SIGNIN_EVENT_EXPIRED, "contoso", RIG_REAL + RIG_END);
  fake_clock_advance (rig->clock, 20 * RIG_MIN);
  rig_expect (rig, "expired contoso manual", NULL);
}

/* A step while the daemon arms: told by arming (the timer is armed all the same), or seen by reading once more. */
static void
test_step_while_arming (void)
{
  static const FakeStep ways[] = { FAKE_STEP_AT_ARM, FAKE_STEP_BEFORE_ARM };

  for (guint i = 0; i < G_N_ELEMENTS (steps) * G_N_ELEMENTS (ways); i++)
    {
      g_autoptr (Rig) rig = rig_new ();
      gint64 step = steps[i / G_N_ELEMENTS (ways)];

      rig_add (rig, "contoso");
      fake_clock_step (rig->clock, step, ways[i % G_N_ELEMENTS (ways)]);
      rig_sign_in (rig, "contoso", "manual");
      g_assert_cmpint (rig->clock->now.real_usec, ==, RIG_REAL + step);
      g_assert_cmpint (rig->clock->deadline_usec, ==, RIG_REAL + step + RIG_WARNING + RIG_LATE);
      rig_expect (rig, "signed-in contoso manual", NULL);
      rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + step + RIG_WARNING);
      fake_clock_advance (rig->clock, RIG_WARNING - 1);
      rig_expect_nothing (rig);
      fake_clock_advance (rig->clock, 1 + RIG_LATE);
      g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 1);
      rig_expect (rig, "warning contoso manual", NULL);
    }
}

/* If arming always says that the clock stepped, it is armed all the same, and nobody tries for ever. */
static void
test_endless_steps (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig->clock->n_arms = 0;
  rig->clock->arms_to_cancel = G_MAXUINT;
  rig_sign_in (rig, "contoso", "manual");
  g_assert_cmpuint (rig->clock->n_arms, <=, 20);
  fake_clock_advance (rig->clock, RIG_END + RIG_LATE);
  g_assert_cmpuint (rig->clock->n_wakeups, ==, 2);
  rig_expect (rig, "signed-in contoso manual", "warning contoso manual", "expired contoso manual", NULL);
}

/* A step of +1 h within a boot, and then a reboot: the step does not count as time passed. */
static void
test_step_then_reboot (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_HOUR);
  fake_clock_step (rig->clock, RIG_HOUR, FAKE_STEP_TOLD);
  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_stop (rig);
  fake_clock_reboot (rig->clock, 30 * RIG_MIN, 2);
  rig_forget (rig);
  rig_start (rig);
  rig_expect_nothing (rig);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 5 * RIG_HOUR + 30 * RIG_MIN);
  fake_clock_advance (rig->clock, RIG_WARNING - 2 * RIG_HOUR - 30 * RIG_MIN - 1);
  rig_expect_nothing (rig);
  fake_clock_advance (rig->clock, 1 + RIG_LATE);
  rig_expect (rig, "warning contoso manual", NULL);
  rig_expect_next (rig, SIGNIN_EVENT_EXPIRED, "contoso", RIG_REAL + RIG_HOUR + RIG_END);
}

/* The clock was set while no daemon ran: the next start finds out. */
static void
test_step_while_stopped (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_stop (rig);
  fake_clock_step (rig->clock, -RIG_DAY, FAKE_STEP_TOLD);
  rig_start (rig);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 7 * RIG_HOUR);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL - RIG_DAY + RIG_WARNING);

  /* It was stored as well, for the boot after this one. */
  rig_stop (rig);
  fake_clock_reboot (rig->clock, RIG_HOUR, 2);
  rig_start (rig);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 6 * RIG_HOUR);
}

/* A sign-in while the clock said 1970, and then time synchronization. */
static void
test_sign_in_in_1970 (void)
{
  g_autoptr (Rig) rig = rig_new_at (20 * RIG_SEC, 20 * RIG_SEC, 1);

  rig_add (rig, "contoso");
  g_assert_cmpint (rig_sign_in (rig, "contoso", "manual"), ==, 20 * RIG_SEC + RIG_END);
  fake_clock_advance (rig->clock, 10 * RIG_MIN);
  rig_expect (rig, "signed-in contoso manual", NULL);
  fake_clock_step (rig->clock, RIG_REAL, FAKE_STEP_TOLD);
  rig_expect_nothing (rig);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 8 * RIG_HOUR - 10 * RIG_MIN);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + 20 * RIG_SEC + RIG_WARNING);

  /* From now on it is a session like any other, also across a boot. */
  rig_stop (rig);
  fake_clock_reboot (rig->clock, 50 * RIG_MIN, 2);
  rig_start (rig);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 7 * RIG_HOUR);
  fake_clock_advance (rig->clock, RIG_WARNING - RIG_HOUR + RIG_LATE);
  rig_expect (rig, "warning contoso manual", NULL);
}

/* The first synchronization comes late after a reboot, and sets the clock on by 3 h: what was not counted before is. */
static void
test_late_first_sync (void)
{
  static const struct
  {
    gint64      before; /* of the session, in the first boot */
    gint64      left;   /* after synchronization, half an hour and ten minutes later */
    const char *heard;
  } cases[] = {
    { RIG_HOUR, 8 * RIG_HOUR - RIG_HOUR - 40 * RIG_MIN, NULL },
    { 7 * RIG_HOUR + 10 * RIG_MIN, 10 * RIG_MIN, "warning contoso manual" },
    { 7 * RIG_HOUR + 30 * RIG_MIN, 0, "expired contoso manual" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Rig) rig = rig_new ();

      rig_add (rig, "contoso");
      rig_sign_in (rig, "contoso", "manual");
      fake_clock_advance (rig->clock, cases[i].before);
      rig_stop (rig);
      fake_clock_reboot (rig->clock, 10 * RIG_MIN - 3 * RIG_HOUR, 2);
      rig_forget (rig);
      rig_start (rig);
      fake_clock_advance (rig->clock, 30 * RIG_MIN);
      rig_expect_nothing (rig);
      fake_clock_step (rig->clock, 3 * RIG_HOUR, FAKE_STEP_TOLD);
      g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, cases[i].left);
      g_assert_cmpint (rig_session (rig, "contoso", "manual")->start.real_usec, ==, RIG_REAL);
      rig_expect (rig, cases[i].heard, NULL);
    }
}

/* The clock of the new boot ran ahead, and is set back: of another boot's sessions the wall clock is what counts. */
static void
test_sync_back (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_stop (rig);
  fake_clock_reboot (rig->clock, 3 * RIG_HOUR, 2);
  rig_forget (rig);
  rig_start (rig);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 4 * RIG_HOUR);
  fake_clock_step (rig->clock, -2 * RIG_HOUR, FAKE_STEP_TOLD);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 6 * RIG_HOUR);
  rig_expect_nothing (rig);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + RIG_WARNING);
  fake_clock_advance (rig->clock, 6 * RIG_HOUR - 20 * RIG_MIN + RIG_LATE);
  rig_expect (rig, "warning contoso manual", NULL);
}

/* A stamp of another boot lies in the future: it is held, and nothing is said of it, until the clock is right. */
static void
test_held (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_stop (rig);
  fake_clock_reboot (rig->clock, -30 * RIG_DAY, 2);
  rig_forget (rig);
  rig_start (rig);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, RIG_END);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_ACTIVE);
  fake_clock_advance (rig->clock, 10 * RIG_HOUR);
  fake_clock_suspend (rig->clock, 10 * RIG_HOUR);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, RIG_END);
  rig_expect_nothing (rig);

  /* 30 days, less the 20 hours that passed: the daemon hears of the step, although nothing is near. */
  fake_clock_step (rig->clock, 30 * RIG_DAY - 20 * RIG_HOUR, FAKE_STEP_TOLD);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 7 * RIG_HOUR);
  rig_expect_nothing (rig);
  fake_clock_advance (rig->clock, 7 * RIG_HOUR + RIG_LATE);
  rig_expect (rig, "warning contoso manual", "expired contoso manual", NULL);
}

/* Without a boot id there is the wall clock alone. */
static void
test_unknown_boot (void)
{
  g_autoptr (Rig) rig = rig_new_at (RIG_BOOT, RIG_REAL, 0);

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_HOUR);
  fake_clock_step (rig->clock, RIG_HOUR, FAKE_STEP_TOLD);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 6 * RIG_HOUR);
  rig_restart (rig);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 6 * RIG_HOUR);
  fake_clock_advance (rig->clock, 6 * RIG_HOUR - 20 * RIG_MIN - 1);
  rig_expect_nothing (rig);
  fake_clock_advance (rig->clock, 1 + RIG_LATE);
  rig_expect (rig, "warning contoso manual", NULL);
}

/* The boot clock lies before the stamp, in a container that was moved for one: the wall clock counts. */
static void
test_boot_clock_back (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, 6 * RIG_HOUR);
  rig_stop (rig);
  fake_clock_reboot (rig->clock, RIG_HOUR, 1);
  rig_forget (rig);
  rig_start (rig);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, RIG_HOUR);
  g_assert_cmpint (rig_session (rig, "contoso", "manual")->start.real_usec, ==, RIG_REAL);
  fake_clock_advance (rig->clock, 40 * RIG_MIN - 1);
  rig_expect_nothing (rig);
  fake_clock_advance (rig->clock, 1 + RIG_LATE);
  rig_expect (rig, "warning contoso manual", NULL);
}

/* The stamp of a sign-in before this boot counts by the boot clock, from below zero. */
static void
test_sign_in_before_boot (void)
{
  g_autoptr (Rig) rig = rig_new_at (RIG_HOUR, RIG_REAL, 1);

  rig_add (rig, "contoso");
  rig_sign_in_at (rig, "contoso", "manual", RIG_REAL - 7 * RIG_HOUR);
  g_assert_cmpint (rig_session (rig, "contoso", "manual")->start.boot_usec, ==, -6 * RIG_HOUR);
  fake_clock_step (rig->clock, RIG_DAY, FAKE_STEP_TOLD);
  rig_restart (rig);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, RIG_HOUR);
  fake_clock_advance (rig->clock, 40 * RIG_MIN + RIG_LATE);
  rig_expect (rig, "warning contoso manual", NULL);
}

/* Time zones, daylight saving and leap days alter only what is displayed. */
static void
test_calendar (void)
{
  static const char *const zones[] = { "UTC", "Europe/Berlin", "America/New_York" };
  /* Evenings before Europe's and America's clocks go forward and back in 2027, and a leap day. */
  static const gint64 starts[] = { 1806177600, 1824926400, 1804993200, 1825552800, 1835380800, 1835467200 };
  g_autofree char *saved = g_strdup (g_getenv ("TZ"));

  for (guint i = 0; i < G_N_ELEMENTS (starts) * G_N_ELEMENTS (zones); i++)
    {
      gint64 start = starts[i / G_N_ELEMENTS (zones)] * RIG_SEC;
      g_autoptr (Rig) rig = rig_new_at (RIG_BOOT, start, 1);

      g_setenv ("TZ", zones[i % G_N_ELEMENTS (zones)], TRUE);
      rig_add (rig, "contoso");
      g_assert_cmpint (rig_sign_in (rig, "contoso", "manual"), ==, start + RIG_END);
      rig_forget (rig);
      fake_clock_advance (rig->clock, 4 * RIG_HOUR);
      g_setenv ("TZ", zones[(i + 1) % G_N_ELEMENTS (zones)], TRUE);
      if (i % 2 == 0)
        rig_restart (rig);
      fake_clock_advance (rig->clock, RIG_WARNING - 4 * RIG_HOUR - 1);
      rig_expect_nothing (rig);
      fake_clock_advance (rig->clock, 1 + RIG_LATE);
      g_assert_cmpint (rig_news (rig, 0)->at_usec, ==, start + RIG_WARNING);
      rig_expect (rig, "warning contoso manual", NULL);
      fake_clock_advance (rig->clock, 20 * RIG_MIN);
      g_assert_cmpint (rig_news (rig, 0)->at_usec, ==, start + RIG_END);
      rig_expect (rig, "expired contoso manual", NULL);
    }
  g_setenv ("TZ", saved != NULL ? saved : "UTC", TRUE);
}

/* Not running is like sleeping: what became due meanwhile is told at the start, and nothing else is. */
static void
test_stopped (void)
{
  static const struct
  {
    gint64      elapsed;
    const char *heard;
    gboolean    stale;
  } cases[] = {
    { RIG_HOUR, NULL, FALSE },
    { RIG_WARNING - 1, NULL, FALSE },
    { RIG_WARNING, "warning contoso manual", FALSE },
    { RIG_END - 1, "warning contoso manual", FALSE },
    { RIG_END, "expired contoso manual", FALSE },
    { RIG_END + 40 * RIG_MIN, "expired contoso manual", FALSE },
    { RIG_END + RIG_HOUR, "expired contoso manual", TRUE },
    { 14 * RIG_DAY, "expired contoso manual", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases) * 2; i++)
    {
      g_autoptr (Rig) rig = rig_new ();
      gint64 elapsed = cases[i / 2].elapsed;

      rig_add (rig, "contoso");
      rig_sign_in (rig, "contoso", "manual");
      rig_stop (rig);
      rig_forget (rig);
      if (i % 2 == 0)
        fake_clock_reboot (rig->clock, elapsed, 2);
      else
        fake_clock_advance (rig->clock, elapsed);
      rig_start (rig);
      rig_expect (rig, cases[i / 2].heard, NULL);
      g_assert_cmpint (rig_is_stale (rig, "contoso"), ==, cases[i / 2].stale);

      /* And once only. */
      rig_restart (rig);
      rig_expect_nothing (rig);
      g_assert_cmpint (rig_is_stale (rig, "contoso"), ==, cases[i / 2].stale);
    }
}

static void
add_several (Rig *rig)
{
  static const char *const ids[] = { "e", "b", "d", "a", "c" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    rig_add (rig, ids[i]);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    rig_sign_in (rig, ids[i], "manual");
  rig_forget (rig);
}

/* Several sessions at the same microsecond: one wake-up, and each is told. */
static void
test_same_microsecond (void)
{
  g_autoptr (Rig) rig = rig_new ();

  add_several (rig);
  fake_clock_advance (rig->clock, RIG_WARNING - 1);
  rig_expect_nothing (rig);
  fake_clock_advance (rig->clock, 1 + RIG_LATE);
  g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 1);
  rig_expect (rig, "warning a manual", "warning b manual", "warning c manual", "warning d manual", "warning e manual",
              NULL);
  fake_clock_advance (rig->clock, 20 * RIG_MIN);
  g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 1);
  rig_expect (rig, "expired a manual", "expired b manual", "expired c manual", "expired d manual", "expired e manual",
              NULL);
}

/* Each at its own microsecond, and in the order of time. */
static void
test_near_microseconds (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "b");
  rig_add (rig, "a");
  rig_sign_in (rig, "b", "manual");
  fake_clock_advance (rig->clock, 2);
  rig_sign_in (rig, "a", "manual");
  rig_forget (rig);
  fake_clock_advance (rig->clock, RIG_WARNING - 3);
  rig_expect_nothing (rig);
  fake_clock_advance (rig->clock, 2);
  rig_expect (rig, "warning b manual", NULL);
  fake_clock_advance (rig->clock, 2);
  rig_expect (rig, "warning a manual", NULL);

  /* Whoever sleeps across both hears them in that order as well. */
  fake_clock_suspend (rig->clock, 30 * RIG_MIN);
  rig_expect (rig, "expired b manual", "expired a manual", NULL);
}

/* The same account in two sources, in both orders: two sessions, and the account shows the earlier end. */
static void
test_two_sources (void)
{
  for (guint order = 0; order < 2; order++)
    {
      const char *first = order == 0 ? "manual" : "firefox-work", *second = order == 0 ? "firefox-work" : "manual";
      g_autofree char *warning_first = g_strconcat ("warning contoso ", first, NULL);
      g_autofree char *warning_second = g_strconcat ("warning contoso ", second, NULL);
      g_autofree char *expired_first = g_strconcat ("expired contoso ", first, NULL);
      g_autofree char *expired_second = g_strconcat ("expired contoso ", second, NULL);
      g_autoptr (Rig) rig = rig_new ();
      SigninAccountView view;

      rig_add (rig, "contoso");
      rig_sign_in (rig, "contoso", first);
      fake_clock_advance (rig->clock, 10 * RIG_MIN);
      rig_sign_in (rig, "contoso", second);
      rig_forget (rig);
      rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + RIG_WARNING);
      fake_clock_advance_to (rig->clock, RIG_REAL + RIG_WARNING + RIG_LATE);
      rig_expect (rig, warning_first, NULL);
      rig_restart (rig);
      fake_clock_advance (rig->clock, 10 * RIG_MIN);
      rig_expect (rig, warning_second, NULL);
      signin_account_view (signin_tracker_get (rig->tracker, "contoso"), &rig->clock->now, &view);
      g_assert_cmpstr (view.shown->source, ==, first);

      fake_clock_advance (rig->clock, 10 * RIG_MIN);
      rig_expect (rig, expired_first, NULL);
      signin_account_view (signin_tracker_get (rig->tracker, "contoso"), &rig->clock->now, &view);
      g_assert_cmpint (view.state, ==, SIGNIN_STATE_EXPIRING);
      g_assert_cmpstr (view.shown->source, ==, second);
      fake_clock_advance (rig->clock, 10 * RIG_MIN);
      rig_expect (rig, expired_second, NULL);
      signin_account_view (signin_tracker_get (rig->tracker, "contoso"), &rig->clock->now, &view);
      g_assert_cmpint (view.state, ==, SIGNIN_STATE_EXPIRED);
      g_assert_cmpstr (view.shown->source, ==, second);
    }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tracker/time/whole-session", test_whole_session);
  g_test_add_func ("/tracker/time/waking-early", test_waking_early);
  g_test_add_func ("/tracker/time/suspend", test_suspend);
  g_test_add_func ("/tracker/time/remaining-after-suspend", test_remaining_after_suspend);
  g_test_add_func ("/tracker/time/many-naps", test_many_naps);
  g_test_add_func ("/tracker/time/step", test_step);
  g_test_add_func ("/tracker/time/step-to-1970", test_step_to_1970);
  g_test_add_func ("/tracker/time/step-while-arming", test_step_while_arming);
  g_test_add_func ("/tracker/time/endless-steps", test_endless_steps);
  g_test_add_func ("/tracker/time/step-then-reboot", test_step_then_reboot);
  g_test_add_func ("/tracker/time/step-while-stopped", test_step_while_stopped);
  g_test_add_func ("/tracker/time/sign-in-in-1970", test_sign_in_in_1970);
  g_test_add_func ("/tracker/time/late-first-sync", test_late_first_sync);
  g_test_add_func ("/tracker/time/sync-back", test_sync_back);
  g_test_add_func ("/tracker/time/held", test_held);
  g_test_add_func ("/tracker/time/unknown-boot", test_unknown_boot);
  g_test_add_func ("/tracker/time/boot-clock-back", test_boot_clock_back);
  g_test_add_func ("/tracker/time/sign-in-before-boot", test_sign_in_before_boot);
  g_test_add_func ("/tracker/time/calendar", test_calendar);
  g_test_add_func ("/tracker/time/stopped", test_stopped);
  g_test_add_func ("/tracker/time/same-microsecond", test_same_microsecond);
  g_test_add_func ("/tracker/time/near-microseconds", test_near_microseconds);
  g_test_add_func ("/tracker/time/two-sources", test_two_sources);
  return g_test_run ();
}
