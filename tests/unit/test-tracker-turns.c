/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tracker's turns: what is next, in which order everybody is told, and when nothing is left to be done. */

#include "config.h"

#include <locale.h>

#include "rig.h"

/* The earliest of all that people hear of, whichever session and account it is of. */
static void
test_next (void)
{
  g_autoptr (Rig) rig = rig_new ();
  gint64 start = RIG_REAL - 10 * RIG_MIN;

  rig_add (rig, "a");
  rig_add (rig, "b");
  rig_add (rig, "c");
  rig_sign_in (rig, "a", "late");
  rig_sign_in_at (rig, "a", "early", start);
  rig_sign_in_at (rig, "b", "manual", start + 5 * RIG_MIN);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "a", start + RIG_WARNING);
  fake_clock_advance_to (rig->clock, start + RIG_WARNING + RIG_LATE);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "b", start + 5 * RIG_MIN + RIG_WARNING);
  fake_clock_advance (rig->clock, 5 * RIG_MIN);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "a", start + 10 * RIG_MIN + RIG_WARNING);
  fake_clock_advance (rig->clock, 5 * RIG_MIN);
  rig_expect_next (rig, SIGNIN_EVENT_EXPIRED, "a", start + RIG_END);
  fake_clock_advance (rig->clock, 10 * RIG_MIN);
  rig_expect_next (rig, SIGNIN_EVENT_EXPIRED, "b", start + 5 * RIG_MIN + RIG_END);
  fake_clock_advance (rig->clock, 5 * RIG_MIN);
  rig_expect_next (rig, SIGNIN_EVENT_EXPIRED, "a", start + 10 * RIG_MIN + RIG_END);
  fake_clock_advance (rig->clock, 5 * RIG_MIN);
  rig_expect_none_next (rig);

  /* What nobody hears of is not waited for in public. */
  rig_sign_in (rig, "c", "manual");
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "c", start + 10 * RIG_MIN + RIG_END + RIG_LATE + RIG_WARNING);
  fake_clock_advance (rig->clock, 2 * RIG_HOUR);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "c", start + 10 * RIG_MIN + RIG_END + RIG_LATE + RIG_WARNING);
}

/* Whose end is not waited for any more wakes nobody. */
static void
test_next_after_sign_out (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "early");
  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_sign_in (rig, "contoso", "late");
  g_assert_true (signin_tracker_sign_out (rig->tracker, "contoso", "early", NULL));
  fake_clock_pump (rig->clock);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + RIG_HOUR + RIG_WARNING);
  g_assert_cmpint (rig->clock->deadline_usec, ==, RIG_REAL + RIG_HOUR + RIG_WARNING + RIG_LATE);
}

static void
order_changed (const char *id, const SigninAccount *account, const SigninNow *now, gpointer user_data)
{
  g_string_append_printf (user_data, "changed %s%s; ", id, account != NULL ? "" : " away");
}

static void
order_planned (const SigninNext *next, gpointer user_data)
{
  g_string_append_printf (user_data, "planned; ");
}

static void
order_news (const SigninNews *news, gpointer user_data)
{
  g_string_append_printf (user_data, "%s %s; ", signin_event_to_string (news->event), news->info->id);
}

static void
order_answered (const GError *error, gpointer user_data)
{
  g_string_append_printf (user_data, "%s; ", error == NULL ? "answered" : error->message);
}

/* All that was asked in one iteration of the main loop is one turn: properties, plan, signals, and then the answers. */
static void
test_order (void)
{
  static const SigninObserver observer = { .changed = order_changed, .planned = order_planned, .news = order_news };
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GString) order = g_string_new (NULL);

  rig_add (rig, "b");
  rig_add (rig, "a");
  rig_add (rig, "c");
  signin_tracker_observe (rig->tracker, &observer, order);
  rig_forget (rig);
  rig->clock->n_arms = 0;
  g_assert_true (signin_tracker_sign_in (rig->tracker, "b", "manual", -1, FALSE, NULL, NULL));
  signin_tracker_when_settled (rig->tracker, order_answered, order);
  g_assert_true (signin_tracker_sign_in (rig->tracker, "a", "manual", RIG_REAL - RIG_WARNING, FALSE, NULL, NULL));
  signin_tracker_when_settled (rig->tracker, order_answered, order);
  g_assert_true (signin_tracker_remove_account (rig->tracker, "c", NULL));
  g_assert_cmpstr (order->str, ==, "");
  rig->holds_flushes = TRUE;
  fake_clock_pump (rig->clock);
  g_assert_cmpstr (order->str, ==,
                   "changed a; changed b; changed c away; planned; signed-in b; signed-in a; warning a; "
                   "answered; answered; ");
  g_assert_cmpuint (rig->n_turns, ==, 1);
  g_assert_cmpuint (rig->clock->n_arms, ==, 1);
  g_assert_cmpuint (rig->n_flushes, ==, 1);

  /* Who only asks is answered as well. */
  g_string_truncate (order, 0);
  signin_tracker_when_settled (rig->tracker, order_answered, order);
  fake_clock_pump (rig->clock);
  g_assert_cmpstr (order->str, ==, "planned; answered; ");
}

static void
count_answers (const GError *error, gpointer user_data)
{
  g_assert_no_error (error);
  ++*(guint *) user_data;
}

/* A deadline that comes while a turn is due makes that turn, and no second one. */
static void
test_one_turn (void)
{
  g_autoptr (Rig) rig = rig_new ();
  guint n_answers = 0;

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  rig_forget (rig);
  rig->holds_flushes = TRUE;
  signin_tracker_when_settled (rig->tracker, count_answers, &n_answers);
  rig->clock->now.boot_usec += RIG_WARNING;
  rig->clock->now.real_usec += RIG_WARNING;
  rig->clock->base.func (rig->clock->base.user_data);
  g_assert_cmpuint (n_answers, ==, 1);
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (rig->n_turns, ==, 1);
  rig_expect (rig, "warning contoso manual", NULL);
}

/* What the watchdog asks: the deadline is armed, and not overdue. */
static void
test_health (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_assert_true (signin_tracker_is_healthy (rig->tracker));
  rig_add (rig, "contoso");
  g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "manual", -1, FALSE, NULL, NULL));
  g_assert_false (signin_tracker_is_healthy (rig->tracker)); /* not armed yet */
  fake_clock_pump (rig->clock);
  g_assert_true (signin_tracker_is_healthy (rig->tracker));
  fake_clock_advance (rig->clock, RIG_WARNING);
  g_assert_true (signin_tracker_is_healthy (rig->tracker));

  /* Time passes, but the timer does not fire. */
  rig->clock->now.boot_usec += 30 * RIG_SEC;
  rig->clock->now.real_usec += 30 * RIG_SEC;
  g_assert_false (signin_tracker_is_healthy (rig->tracker));
  fake_clock_pump (rig->clock);
  g_assert_true (signin_tracker_is_healthy (rig->tracker));

  /* The end is next: 5 s late is not well any more. */
  rig->clock->now.boot_usec = RIG_BOOT + RIG_END + 5 * RIG_SEC - 1;
  g_assert_true (signin_tracker_is_healthy (rig->tracker));
  rig->clock->now.boot_usec++;
  g_assert_false (signin_tracker_is_healthy (rig->tracker));
  rig->clock->now.boot_usec = rig->clock->now.real_usec - RIG_REAL + RIG_BOOT;
  fake_clock_advance (rig->clock, 2 * RIG_HOUR);
  g_assert_true (signin_tracker_is_healthy (rig->tracker));
}

/* Where no mark is waited for, steps of the clock are, for ten years at a time: they move what is published. */
static void
test_watch (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add_with_length (rig, "contoso", 0);
  g_assert_false (rig->clock->armed);
  rig_sign_in (rig, "contoso", "manual");
  g_assert_true (rig->clock->armed);
  g_assert_cmpint (rig->clock->deadline_usec, ==, RIG_REAL + 3650 * RIG_DAY);
  rig_expect_none_next (rig);
}

/* What one resume brings is told in the order in which it happened, also within an account. */
static void
test_order_within_account (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "a");
  rig_sign_in_at (rig, "contoso", "d", RIG_REAL - RIG_MIN);
  rig_sign_in_at (rig, "contoso", "c", RIG_REAL - 2 * RIG_MIN);
  rig_sign_in_at (rig, "contoso", "b", RIG_REAL - RIG_MIN);
  rig_forget (rig);
  fake_clock_suspend (rig->clock, RIG_WARNING + RIG_MIN);
  rig_expect (rig, "warning contoso c", "warning contoso b", "warning contoso d", "warning contoso a", NULL);
}

static void
count_sessions (const SigninAccount *account, gpointer user_data)
{
  *(guint *) user_data += account->n_sessions;
}

/* For who draws a picture of everything. */
static void
test_foreach (void)
{
  g_autoptr (Rig) rig = rig_new ();
  guint n_sessions = 0;
  SigninNow now;

  rig_add (rig, "a");
  rig_add (rig, "b");
  rig_sign_in (rig, "a", "manual");
  rig_sign_in (rig, "b", "manual");
  rig_sign_in (rig, "b", "firefox");
  signin_tracker_foreach (rig->tracker, count_sessions, &n_sessions);
  g_assert_cmpuint (n_sessions, ==, 3);
  signin_tracker_read_clock (rig->tracker, &now);
  g_assert_cmpint (now.real_usec, ==, RIG_REAL);
}

/* Settled is who has nothing to store and nothing on its way. */
static void
test_settled (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_assert_true (signin_tracker_is_settled (rig->tracker));
  rig_add (rig, "contoso");
  g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "manual", -1, FALSE, NULL, NULL));
  g_assert_false (signin_tracker_is_settled (rig->tracker));
  fake_clock_pump (rig->clock);
  g_assert_true (signin_tracker_is_settled (rig->tracker));
  rig->holds_flushes = TRUE;
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
  g_assert_false (signin_tracker_is_settled (rig->tracker));
  rig_finish_flush (rig);
  g_assert_false (signin_tracker_is_settled (rig->tracker));
  fake_clock_pump (rig->clock);
  g_assert_true (signin_tracker_is_settled (rig->tracker));
}

/* What is stored is told at once, so that it is there before anybody can ask; what is due comes with the first turn. */
static void
test_start (void)
{
  static const SigninObserver observer = { .changed = order_changed, .planned = order_planned, .news = order_news };
  static const SigninLimits limits = SIGNIN_LIMITS_DEFAULT;
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GString) order = g_string_new (NULL);

  rig_add (rig, "b");
  rig_add (rig, "a");
  rig_sign_in (rig, "b", "manual");
  g_clear_pointer (&rig->tracker, signin_tracker_free);
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_MIN);
  rig->tracker = signin_tracker_new (&rig->clock->base, rig->store, rig->scratch->services, &limits);
  signin_tracker_observe (rig->tracker, &observer, order);
  g_assert_true (signin_tracker_start (rig->tracker, NULL));
  g_assert_cmpstr (order->str, ==, "changed a; changed b; planned; ");
  g_string_truncate (order, 0);
  fake_clock_pump (rig->clock);
  g_assert_true (g_str_has_prefix (order->str, "changed b; planned; warning b; "));
}

static void
test_words (void)
{
  g_assert_cmpstr (signin_event_to_string (SIGNIN_EVENT_SIGNED_IN), ==, "signed-in");
  g_assert_cmpstr (signin_event_to_string (SIGNIN_EVENT_WARNING), ==, "warning");
  g_assert_cmpstr (signin_event_to_string (SIGNIN_EVENT_EXPIRED), ==, "expired");
  g_assert_cmpstr (signin_event_to_string (SIGNIN_EVENT_SIGNED_OUT), ==, "signed-out");
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*event < *");
  g_assert_null (signin_event_to_string (SIGNIN_EVENT_SIGNED_OUT + 1));
  g_test_assert_expected_messages ();
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tracker/turns/next", test_next);
  g_test_add_func ("/tracker/turns/next-after-sign-out", test_next_after_sign_out);
  g_test_add_func ("/tracker/turns/order", test_order);
  g_test_add_func ("/tracker/turns/one-turn", test_one_turn);
  g_test_add_func ("/tracker/turns/health", test_health);
  g_test_add_func ("/tracker/turns/watch", test_watch);
  g_test_add_func ("/tracker/turns/order-within-account", test_order_within_account);
  g_test_add_func ("/tracker/turns/foreach", test_foreach);
  g_test_add_func ("/tracker/turns/settled", test_settled);
  g_test_add_func ("/tracker/turns/start", test_start);
  g_test_add_func ("/tracker/turns/words", test_words);
  return g_test_run ();
}
