/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules of time within one boot, through the real tracker and a real store: only the clock is not real. */

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
    gint64 awake;
    gint64 asleep;
    gboolean warned;
    const char *heard;
    gboolean stale;
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
  g_assert_cmpuint (rig->clock->n_arms, ==, 8);
  fake_clock_advance (rig->clock, RIG_END + RIG_LATE);
  g_assert_cmpuint (rig->clock->n_wakeups, ==, 2);
  rig_expect (rig, "signed-in contoso manual", "warning contoso manual", "expired contoso manual", NULL);
}

/* What the journal says of a step, in a process of its own. */
static void
test_step_in_journal (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (Rig) rig = rig_new ();

      fake_clock_advance (rig->clock, RIG_HOUR);
      rig_add (rig, "contoso");
      rig_sign_in (rig, "contoso", "manual");
      fake_clock_advance (rig->clock, RIG_HOUR);
      fake_clock_step (rig->clock, -2 * RIG_HOUR - RIG_SEC / 4, FAKE_STEP_TOLD);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*The clock was set by -7200.250 s; *");
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
  g_test_add_func ("/tracker/time/step-in-journal", test_step_in_journal);
  return g_test_run ();
}
