/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reminders and snooze through the real tracker and a real store: told in order, once each, also across restarts. */

#include "config.h"

#include <locale.h>

#include "rig.h"

#define REMINDER "reminder contoso manual"
#define WARNING "warning contoso manual"
#define EXPIRED "expired contoso manual"

static const SigninLadder usual = { { 600, 300, 60 } };

static Rig *
rig_with (SigninLadder ladder)
{
  Rig *rig = rig_new ();

  signin_tracker_set_ladder (rig->tracker, &ladder);
  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  rig_forget (rig);
  return rig;
}

static void
set_ladder (Rig *rig, SigninLadder ladder)
{
  signin_tracker_set_ladder (rig->tracker, &ladder);
  fake_clock_pump (rig->clock);
}

/* As main does it: the settings are there before the tracker is started. */
static void
restart_with (Rig *rig, SigninLadder ladder)
{
  rig_stop (rig);
  rig_forget (rig);
  rig->ladder = ladder;
  rig_start (rig);
}

static void
snooze (Rig *rig, gint64 duration_usec)
{
  g_autoptr (GError) error = NULL;

  signin_tracker_snooze (rig->tracker, "contoso", duration_usec, &error);
  g_assert_no_error (error);
  fake_clock_pump (rig->clock);
}

static void
refuse_snooze (Rig *rig, gint64 duration_usec, int code, const char *reason)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (signin_tracker_snooze (rig->tracker, "contoso", duration_usec, &error));
  g_assert_error (error, SIGNIN_ERROR, code);
  g_assert_nonnull (strstr (error->message, reason));
}

/* To where so much is left of a session that began with the rig. */
static void
advance_to_left (Rig *rig, gint64 left_usec)
{
  fake_clock_advance_to (rig->clock, RIG_REAL + RIG_END - left_usec + RIG_LATE);
}

static void
expect_next_left (Rig *rig, SigninEvent event, gint64 left_usec)
{
  rig_expect_next (rig, event, "contoso", RIG_REAL + RIG_END - left_usec);
}

static void
test_whole_ladder (void)
{
  static const gint64 steps[] = { 10 * RIG_MIN, 5 * RIG_MIN, RIG_MIN };
  g_autoptr (Rig) rig = rig_with (usual);

  advance_to_left (rig, 20 * RIG_MIN);
  rig_expect (rig, WARNING, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      expect_next_left (rig, SIGNIN_EVENT_REMINDER, steps[i]);
      fake_clock_advance_to (rig->clock, RIG_REAL + RIG_END - steps[i] - 1);
      g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 0);
      rig_expect_nothing (rig);
      advance_to_left (rig, steps[i]);
      g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 1);
      g_assert_cmpint (rig_news (rig, 0)->at_usec, ==, RIG_REAL + RIG_END - steps[i]);
      g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_EXPIRING);
      g_assert_cmpuint (rig->changed->len, ==, 1);
      rig_expect (rig, REMINDER, NULL);
    }
  expect_next_left (rig, SIGNIN_EVENT_EXPIRED, 0);
  advance_to_left (rig, 0);
  rig_expect (rig, EXPIRED, NULL);
}

/* Whatever was told is not told again, wherever the daemon is restarted. */
static void
test_restarts (void)
{
  static const gint64 lefts[] = { 20 * RIG_MIN, 15 * RIG_MIN, 10 * RIG_MIN, 7 * RIG_MIN, 5 * RIG_MIN, RIG_MIN, 1 };
  g_autoptr (Rig) rig = rig_with (usual);

  for (guint i = 0; i < G_N_ELEMENTS (lefts); i++)
    {
      fake_clock_advance_to (rig->clock, RIG_REAL + RIG_END - lefts[i] + MIN (RIG_LATE, lefts[i] - 1));
      restart_with (rig, usual);
      rig_expect_nothing (rig);
    }
  advance_to_left (rig, 0);
  rig_expect (rig, EXPIRED, NULL);
}

/* The daemon was not there for a step or two: one reminder, at once. */
static void
test_down_across_steps (void)
{
  g_autoptr (Rig) rig = rig_with (usual);

  advance_to_left (rig, 20 * RIG_MIN);
  rig_stop (rig);
  rig_forget (rig);
  advance_to_left (rig, 4 * RIG_MIN);
  rig->ladder = usual;
  rig_start (rig);
  rig_expect (rig, REMINDER, NULL);
  advance_to_left (rig, RIG_MIN);
  rig_expect (rig, REMINDER, NULL);
}

static void
test_suspend (void)
{
  g_autoptr (Rig) rig = rig_with (usual);

  advance_to_left (rig, 15 * RIG_MIN);
  rig_expect (rig, WARNING, NULL);
  fake_clock_suspend (rig->clock, 14 * RIG_MIN + 30 * RIG_SEC);
  rig_expect (rig, REMINDER, NULL);
  expect_next_left (rig, SIGNIN_EVENT_EXPIRED, 0);
}

static void
test_warning_wins (void)
{
  g_autoptr (Rig) rig = rig_with (usual);

  fake_clock_advance (rig->clock, RIG_HOUR);
  fake_clock_suspend (rig->clock, RIG_END - RIG_HOUR - 4 * RIG_MIN);
  rig_expect (rig, WARNING, NULL);
  advance_to_left (rig, RIG_MIN);
  rig_expect (rig, REMINDER, NULL);
}

static void
test_snooze (void)
{
  g_autoptr (Rig) rig = rig_with (usual);

  refuse_snooze (rig, 5 * RIG_MIN, SIGNIN_ERROR_INVALID_TIME, "15:52");
  advance_to_left (rig, 20 * RIG_MIN);
  rig_expect (rig, WARNING, NULL);
  refuse_snooze (rig, RIG_MIN - 1, SIGNIN_ERROR_INVALID_ARGUMENT, "1 minute");
  refuse_snooze (rig, RIG_DAY + 1, SIGNIN_ERROR_INVALID_ARGUMENT, "24 hours");
  rig_expect_nothing (rig);

  /* From 19 min to 4 min before the end: across two steps. */
  advance_to_left (rig, 19 * RIG_MIN);
  snooze (rig, 15 * RIG_MIN);
  g_assert_cmpuint (rig->changed->len, ==, 1);
  expect_next_left (rig, SIGNIN_EVENT_REMINDER, 4 * RIG_MIN - RIG_LATE);
  rig_expect_nothing (rig);
  advance_to_left (rig, 4 * RIG_MIN);
  rig_expect_nothing (rig);
  fake_clock_advance (rig->clock, RIG_LATE);
  rig_expect (rig, REMINDER, NULL);
  advance_to_left (rig, RIG_MIN);
  rig_expect (rig, REMINDER, NULL);
  snooze (rig, 10 * RIG_MIN);
  expect_next_left (rig, SIGNIN_EVENT_EXPIRED, 0);
  advance_to_left (rig, 0);
  rig_expect (rig, EXPIRED, NULL);
  refuse_snooze (rig, RIG_MIN, SIGNIN_ERROR_NOT_SIGNED_IN, "No session");
}

static void
test_snooze_over_restart (void)
{
  g_autoptr (Rig) rig = rig_with (usual);

  advance_to_left (rig, 12 * RIG_MIN);
  snooze (rig, 5 * RIG_MIN);
  restart_with (rig, usual);
  rig_expect_nothing (rig);
  advance_to_left (rig, 10 * RIG_MIN);
  restart_with (rig, usual);
  rig_expect_nothing (rig);
  advance_to_left (rig, 7 * RIG_MIN - RIG_LATE);
  rig_expect (rig, REMINDER, NULL);
  restart_with (rig, usual);
  rig_expect_nothing (rig);
  advance_to_left (rig, 5 * RIG_MIN);
  rig_expect (rig, REMINDER, NULL);
}

/* Asking for quiet takes back a dismissal; a new sign-in knows of neither. */
static void
test_snooze_and_dismiss (void)
{
  g_autoptr (Rig) rig = rig_with (usual);
  g_autoptr (GError) error = NULL;

  advance_to_left (rig, 19 * RIG_MIN);
  signin_tracker_dismiss (rig->tracker, "contoso", &error);
  g_assert_no_error (error);
  snooze (rig, 5 * RIG_MIN);
  g_assert_false (rig_session (rig, "contoso", "manual")->dismissed);
  rig_sign_in (rig, "contoso", "manual");
  g_assert_cmpint (rig_session (rig, "contoso", "manual")->snoozed_usec, ==, 0);
  fake_clock_advance (rig->clock, 6 * RIG_MIN);
  rig_expect (rig, WARNING, "signed-in contoso manual", NULL);
}

/* A day at most, a minute at least, and in any case until the end. */
static void
test_snooze_bounds (void)
{
  static const gint64 refused[] = { G_MININT64, 0, RIG_MIN - 1, RIG_DAY + 1, G_MAXINT64 };
  g_autoptr (Rig) rig = rig_with (usual);

  advance_to_left (rig, 15 * RIG_MIN);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    refuse_snooze (rig, refused[i], SIGNIN_ERROR_INVALID_ARGUMENT, "24 hours");
  snooze (rig, RIG_MIN);
  expect_next_left (rig, SIGNIN_EVENT_REMINDER, 14 * RIG_MIN - RIG_LATE);
  snooze (rig, RIG_DAY);
  expect_next_left (rig, SIGNIN_EVENT_EXPIRED, 0);
}

/* One source was dismissed, of another nobody speaks yet: it is the first one that is put off. */
static void
test_snooze_beside_active (void)
{
  g_autoptr (Rig) rig = rig_with (usual);

  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_sign_in (rig, "contoso", "firefox");
  advance_to_left (rig, 15 * RIG_MIN);
  g_assert_true (signin_tracker_dismiss (rig->tracker, "contoso", NULL));
  fake_clock_pump (rig->clock);
  g_assert_true (rig_session (rig, "contoso", "manual")->dismissed);
  snooze (rig, 2 * RIG_MIN);
  g_assert_false (rig_session (rig, "contoso", "manual")->dismissed);
  g_assert_cmpint (rig_session (rig, "contoso", "firefox")->snoozed_usec, ==, 0);
}

/* Who was told of a warning somewhat before it comes can dismiss it then, and not earlier. */
static void
test_dismiss_ahead (void)
{
  g_autoptr (Rig) rig = rig_with (usual);
  g_autoptr (GError) error = NULL;

  fake_clock_advance (rig->clock, RIG_WARNING - 2 * RIG_MIN - 1);
  g_assert_false (signin_tracker_dismiss_ahead (rig->tracker, "contoso", 2 * RIG_MIN, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_TIME);
  fake_clock_advance (rig->clock, 1);
  g_assert_true (signin_tracker_dismiss_ahead (rig->tracker, "contoso", 2 * RIG_MIN, NULL));
  fake_clock_pump (rig->clock);
  g_assert_true (rig_session (rig, "contoso", "manual")->dismissed);
}

/* Nothing becomes quiet because the sign-in page was opened, and it is known after a restart. */
static void
test_open_ahead (void)
{
  g_autoptr (Rig) rig = rig_with (usual);
  g_autoptr (GError) error = NULL;

  g_assert_false (signin_tracker_open_ahead (rig->tracker, "fabrikam", 2 * RIG_MIN, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_NO_SUCH_ACCOUNT);
  g_clear_error (&error);
  fake_clock_advance (rig->clock, RIG_WARNING - 2 * RIG_MIN - 1);
  g_assert_false (signin_tracker_open_ahead (rig->tracker, "contoso", 2 * RIG_MIN, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_TIME);
  fake_clock_advance (rig->clock, 1);
  g_assert_true (signin_tracker_open_ahead (rig->tracker, "contoso", 2 * RIG_MIN, NULL));
  fake_clock_pump (rig->clock);
  rig_restart (rig);
  g_assert_true (rig_session (rig, "contoso", "manual")->opened);
  g_assert_false (rig_session (rig, "contoso", "manual")->dismissed);
  rig_forget (rig);
  advance_to_left (rig, 20 * RIG_MIN);
  rig_expect (rig, WARNING, NULL);
  rig_sign_in (rig, "contoso", "manual");
  g_assert_false (rig_session (rig, "contoso", "manual")->opened);
}

static void
test_dismiss_exactly (void)
{
  g_autoptr (Rig) rig = rig_with (usual);
  g_autoptr (GError) error = NULL;

  fake_clock_advance (rig->clock, RIG_WARNING - 1);
  g_assert_false (signin_tracker_dismiss (rig->tracker, "contoso", &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_TIME);
  fake_clock_advance (rig->clock, 1);
  g_assert_true (signin_tracker_dismiss (rig->tracker, "contoso", NULL));
  fake_clock_pump (rig->clock);
}

/* Nothing of it is about to end: there is nothing to dismiss, or to put off. */
static void
test_nothing_to_dismiss (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;

  rig_add_with_length (rig, "contoso", 0);
  rig_sign_in (rig, "contoso", "manual");
  g_assert_false (signin_tracker_dismiss (rig->tracker, "contoso", &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_NOT_SIGNED_IN);
  refuse_snooze (rig, RIG_MIN, SIGNIN_ERROR_NOT_SIGNED_IN, "about to end");
  signin_tracker_remove_account (rig->tracker, "contoso", NULL);
  fake_clock_pump (rig->clock);
  refuse_snooze (rig, RIG_MIN, SIGNIN_ERROR_NO_SUCH_ACCOUNT, "contoso");
}

/* Of two sources that are about to end one was dismissed before the other was warned of: it stays quiet. */
static void
test_snooze_beside_dismissed (void)
{
  g_autoptr (Rig) rig = rig_with (usual);

  fake_clock_advance (rig->clock, 2 * RIG_MIN);
  rig_sign_in (rig, "contoso", "firefox");
  advance_to_left (rig, 19 * RIG_MIN);
  g_assert_true (signin_tracker_dismiss (rig->tracker, "contoso", NULL));
  fake_clock_advance (rig->clock, 3 * RIG_MIN);
  snooze (rig, 5 * RIG_MIN);
  g_assert_true (rig_session (rig, "contoso", "manual")->dismissed);
  g_assert_cmpint (rig_session (rig, "contoso", "manual")->snoozed_usec, ==, 0);
  g_assert_cmpint (rig_session (rig, "contoso", "firefox")->snoozed_usec, >, 0);
}

/* A ladder for who is not signed in waits for the next sign-in. */
static void
test_ladder_before_sign_in (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  set_ladder (rig, usual);
  rig_expect_none_next (rig);
  rig_sign_in (rig, "contoso", "manual");
  rig_forget (rig);
  advance_to_left (rig, 10 * RIG_MIN);
  rig_expect (rig, WARNING, REMINDER, NULL);
}

static void
test_ladder_changed (void)
{
  g_autoptr (Rig) rig = rig_with (usual);

  advance_to_left (rig, 9 * RIG_MIN);
  rig_expect (rig, WARNING, REMINDER, NULL);
  expect_next_left (rig, SIGNIN_EVENT_REMINDER, 5 * RIG_MIN);
  set_ladder (rig, (SigninLadder){ { 900, 480 } });
  expect_next_left (rig, SIGNIN_EVENT_REMINDER, 8 * RIG_MIN);
  rig_expect_nothing (rig);
  set_ladder (rig, (SigninLadder){ { 0 } });
  expect_next_left (rig, SIGNIN_EVENT_EXPIRED, 0);
  set_ladder (rig, (SigninLadder){ { 120 } });
  expect_next_left (rig, SIGNIN_EVENT_REMINDER, 2 * RIG_MIN);
  advance_to_left (rig, 2 * RIG_MIN);
  rig_expect (rig, REMINDER, NULL);
  set_ladder (rig, usual);
  rig_expect_nothing (rig);
  restart_with (rig, usual);
  rig_expect_nothing (rig);
  advance_to_left (rig, RIG_MIN);
  rig_expect (rig, REMINDER, NULL);
}

/* A change in the very moment in which a step is due does not swallow it. */
static void
test_ladder_changed_when_due (void)
{
  g_autoptr (Rig) rig = rig_with (usual);

  advance_to_left (rig, 19 * RIG_MIN);
  rig_forget (rig);
  rig->clock->now.boot_usec += 9 * RIG_MIN;
  rig->clock->now.real_usec += 9 * RIG_MIN;
  set_ladder (rig, (SigninLadder){ { 600, 120 } });
  rig_expect (rig, REMINDER, NULL);
  expect_next_left (rig, SIGNIN_EVENT_REMINDER, 2 * RIG_MIN);
}

/* The settings changed while nobody ran: marks that were told were those of another ladder. */
static void
test_ladder_changed_when_down (void)
{
  g_autoptr (Rig) rig = rig_with (usual);

  advance_to_left (rig, 8 * RIG_MIN);
  rig_expect (rig, WARNING, REMINDER, NULL);
  restart_with (rig, (SigninLadder){ { 120 } });
  rig_expect_nothing (rig);
  expect_next_left (rig, SIGNIN_EVENT_REMINDER, 2 * RIG_MIN);
  advance_to_left (rig, 2 * RIG_MIN);
  rig_expect (rig, REMINDER, NULL);
}

/* What a changed ladder leaves behind survives a restart. */
static void
test_ladder_changed_then_restart (void)
{
  g_autoptr (Rig) rig = rig_with ((SigninLadder){ { 60 } });

  advance_to_left (rig, 8 * RIG_MIN);
  rig_expect (rig, WARNING, NULL);
  set_ladder (rig, usual);
  rig_expect_nothing (rig);
  restart_with (rig, usual);
  rig_expect_nothing (rig);
  expect_next_left (rig, SIGNIN_EVENT_REMINDER, 5 * RIG_MIN);
}

static void
test_longer_session (void)
{
  g_autoptr (Rig) rig = rig_with (usual);

  advance_to_left (rig, 4 * RIG_MIN);
  rig_expect (rig, WARNING, REMINDER, REMINDER, NULL);
  rig_set_length (rig, "contoso", 9 * RIG_HOUR, FALSE);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + RIG_WARNING + RIG_HOUR);
  advance_to_left (rig, -RIG_HOUR);
  rig_expect (rig, WARNING, REMINDER, REMINDER, REMINDER, EXPIRED, NULL);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tracker-steps/whole-ladder", test_whole_ladder);
  g_test_add_func ("/tracker-steps/restarts", test_restarts);
  g_test_add_func ("/tracker-steps/down-across-steps", test_down_across_steps);
  g_test_add_func ("/tracker-steps/suspend", test_suspend);
  g_test_add_func ("/tracker-steps/warning-wins", test_warning_wins);
  g_test_add_func ("/tracker-steps/snooze", test_snooze);
  g_test_add_func ("/tracker-steps/snooze-over-restart", test_snooze_over_restart);
  g_test_add_func ("/tracker-steps/snooze-and-dismiss", test_snooze_and_dismiss);
  g_test_add_func ("/tracker-steps/snooze-bounds", test_snooze_bounds);
  g_test_add_func ("/tracker-steps/snooze-beside-active", test_snooze_beside_active);
  g_test_add_func ("/tracker-steps/dismiss-ahead", test_dismiss_ahead);
  g_test_add_func ("/tracker-steps/open-ahead", test_open_ahead);
  g_test_add_func ("/tracker-steps/dismiss-exactly", test_dismiss_exactly);
  g_test_add_func ("/tracker-steps/nothing-to-dismiss", test_nothing_to_dismiss);
  g_test_add_func ("/tracker-steps/snooze-beside-dismissed", test_snooze_beside_dismissed);
  g_test_add_func ("/tracker-steps/ladder-before-sign-in", test_ladder_before_sign_in);
  g_test_add_func ("/tracker-steps/ladder-changed", test_ladder_changed);
  g_test_add_func ("/tracker-steps/ladder-changed-when-due", test_ladder_changed_when_due);
  g_test_add_func ("/tracker-steps/ladder-changed-when-down", test_ladder_changed_when_down);
  g_test_add_func ("/tracker-steps/ladder-changed-then-restart", test_ladder_changed_then_restart);
  g_test_add_func ("/tracker-steps/longer-session", test_longer_session);
  return g_test_run ();
}
