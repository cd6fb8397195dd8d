/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts that are signed in to in two sources: what is done with one session is done with the other, too. */

#include "config.h"

#include <locale.h>

#include "rig.h"

/* The second session begins so much later. */
#define APART (5 * RIG_MIN)

static const char *const sources[] = { "manual", "firefox" };

static const SigninSession *
session (Rig *rig, guint i)
{
  return rig_session (rig, "contoso", sources[i]);
}

static Rig *
signed_in_twice (void)
{
  Rig *rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", sources[0]);
  fake_clock_advance (rig->clock, APART);
  rig_sign_in (rig, "contoso", sources[1]);
  rig_forget (rig);
  return rig;
}

static void
test_new_length (void)
{
  g_autoptr (Rig) rig = signed_in_twice ();

  rig_set_length (rig, "contoso", 4 * RIG_HOUR, FALSE);
  g_assert_cmpint (rig_remaining (rig, "contoso", sources[0]), ==, 4 * RIG_HOUR - APART);
  g_assert_cmpint (rig_remaining (rig, "contoso", sources[1]), ==, 4 * RIG_HOUR);
}

static void
test_step (void)
{
  g_autoptr (Rig) rig = signed_in_twice ();

  fake_clock_step (rig->clock, -RIG_HOUR, FAKE_STEP_TOLD);
  g_assert_cmpint (session (rig, 0)->start.real_usec, ==, RIG_REAL - RIG_HOUR);
  g_assert_cmpint (session (rig, 1)->start.real_usec, ==, RIG_REAL - RIG_HOUR + APART);
}

static void
expect_reminders (Rig *rig)
{
  fake_clock_advance_to (rig->clock, RIG_REAL + RIG_END - 10 * RIG_MIN + APART + RIG_LATE);
  rig_expect (rig, "warning contoso manual", "warning contoso firefox", "reminder contoso manual",
              "reminder contoso firefox", NULL);
}

static void
test_new_ladder (void)
{
  static const SigninLadder ladder = { { 600 } };
  g_autoptr (Rig) rig = signed_in_twice ();

  signin_tracker_set_ladder (rig->tracker, &ladder);
  fake_clock_pump (rig->clock);
  expect_reminders (rig);
}

static void
test_restart_with_new_ladder (void)
{
  g_autoptr (Rig) rig = signed_in_twice ();

  rig->ladder = (SigninLadder){ { 600 } };
  rig_restart (rig);
  expect_reminders (rig);
}

static void
test_dismiss (void)
{
  g_autoptr (Rig) rig = signed_in_twice ();

  fake_clock_advance (rig->clock, RIG_WARNING);
  g_assert_true (signin_tracker_dismiss (rig->tracker, "contoso", NULL));
  fake_clock_pump (rig->clock);
  g_assert_true (session (rig, 0)->dismissed);
  g_assert_true (session (rig, 1)->dismissed);
}

/* Whichever of them was there first: what was dismissed stays quiet while the other one is put off. */
static void
test_put_off_the_other_one (void)
{
  for (guint dismissed = 0; dismissed < 2; dismissed++)
    {
      g_autoptr (Rig) rig = rig_new ();

      rig_add (rig, "contoso");
      for (guint i = 0; i < 2; i++)
        rig_sign_in_at (rig, "contoso", sources[i], i == dismissed ? RIG_REAL - APART : RIG_REAL);
      fake_clock_advance (rig->clock, RIG_WARNING - APART);
      g_assert_true (signin_tracker_dismiss (rig->tracker, "contoso", NULL));
      fake_clock_advance (rig->clock, APART);
      g_assert_true (signin_tracker_snooze (rig->tracker, "contoso", RIG_MIN, NULL));
      fake_clock_pump (rig->clock);
      g_assert_true (session (rig, dismissed)->dismissed);
      g_assert_cmpint (session (rig, dismissed)->snoozed_usec, ==, 0);
      g_assert_cmpint (session (rig, 1 - dismissed)->snoozed_usec, ==, RIG_WARNING + RIG_MIN);
    }
}

/* All were dismissed, so all are put off; what is no session of the account plays no part. */
static void
test_put_off_no_more_than_there_are (void)
{
  g_autoptr (Rig) rig = signed_in_twice ();
  SigninSession behind;

  fake_clock_advance (rig->clock, RIG_WARNING);
  behind = *session (rig, 1);
  rig_put_behind (rig, "contoso", &behind);
  g_assert_true (signin_tracker_dismiss (rig->tracker, "contoso", NULL));
  g_assert_true (signin_tracker_snooze (rig->tracker, "contoso", RIG_MIN, NULL));
  fake_clock_pump (rig->clock);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_false (session (rig, i)->dismissed);
      g_assert_cmpint (session (rig, i)->snoozed_usec, >, 0);
    }
  behind = signin_tracker_get (rig->tracker, "contoso")->sessions[2];
  g_assert_false (behind.dismissed);
  g_assert_cmpint (behind.snoozed_usec, ==, 0);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tracker/sources/new-length", test_new_length);
  g_test_add_func ("/tracker/sources/step", test_step);
  g_test_add_func ("/tracker/sources/new-ladder", test_new_ladder);
  g_test_add_func ("/tracker/sources/restart-with-new-ladder", test_restart_with_new_ladder);
  g_test_add_func ("/tracker/sources/dismiss", test_dismiss);
  g_test_add_func ("/tracker/sources/put-off-the-other-one", test_put_off_the_other_one);
  g_test_add_func ("/tracker/sources/put-off-no-more-than-there-are", test_put_off_no_more_than_there_are);
  return g_test_run ();
}
