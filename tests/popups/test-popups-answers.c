/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people press and close, and what comes of it. */

#include "config.h"

#include <string.h>
#include <sys/resource.h>

#include "popups-rig.h"

static void
test_signed_in (World *world, gconstpointer unused)
{
  guint32 first;

  world_warn (world);
  world_popup (world, 1);
  first = world_pass_ladder (world, 1)->id;
  world_press (world, SIGNIN_ACTION_SIGNED_IN);
  WAIT (rig_state (world->rig, ID) == SIGNIN_STATE_ACTIVE);
  g_assert_cmpint (rig_remaining (world->rig, ID, SIGNIN_SOURCE_MANUAL), ==, RIG_END);
  world_wait_closed (world, first);
  world_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 5);
  g_assert_false (world_presence.watched);
}

static void
test_dismissed (World *world, gconstpointer unused)
{
  world_warn (world);
  world_popup (world, 1);
  world_press (world, SIGNIN_ACTION_DISMISS);
  WAIT (rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->dismissed);
  fake_clock_advance (world->rig->clock, 20 * RIG_MIN);
  rig_state (world->rig, ID);
  world_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
}

/* A click opens the page, and is never counted as a sign-in. */
static void
test_sign_in_again (World *world, gconstpointer unused)
{
  world_warn (world);
  fake_server_press (world->server, world_popup (world, 1)->id, SIGNIN_ACTION_SIGN_IN, "token-9");
  WAIT (world_launcher.opened != NULL);
  g_assert_cmpstr (world_launcher.token, ==, "token-9");
  g_assert_true (g_str_has_prefix (world_launcher.url, "https://"));
  WAIT (rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->opened);
  world_finish_opening (NULL);
  g_assert_cmpstr (world_popup (world, 2)->title, ==, "Signed in again to Dynamics 365 (contoso)?");
  g_assert_cmpint (rig_state (world->rig, ID), ==, SIGNIN_STATE_EXPIRING);

  world_press (world, SIGNIN_ACTION_NOT_YET);
  g_assert_cmpstr (world_popup (world, 3)->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
  world_press (world, SIGNIN_ACTION_DEFAULT);
  WAIT (world_launcher.opened != NULL);
  world_finish_opening (NULL);
  g_assert_nonnull (strstr (world_popup (world, 4)->title, "Signed in again"));
  world_press (world, SIGNIN_ACTION_SIGNED_IN);
  WAIT (rig_state (world->rig, ID) == SIGNIN_STATE_ACTIVE);
}

static void
test_question_unanswered (World *world, gconstpointer unused)
{
  world_warn (world);
  world_popup (world, 1);
  world_press (world, SIGNIN_ACTION_SIGN_IN);
  WAIT (world_launcher.opened != NULL);
  world_finish_opening (NULL);
  world_popup (world, 2);
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  g_assert_cmpstr (world_popup (world, 3)->title, ==, "Dynamics 365 (contoso) signs you out in 10 minutes");
  g_assert_cmpuint (world_popup (world, 3)->replaces, ==, 2);
}

/* The end comes while the browser is being started: what is said last is what is true last. */
static void
test_expired_while_opening (World *world, gconstpointer unused)
{
  world_warn (world);
  world_popup (world, 1);
  world_press (world, SIGNIN_ACTION_SIGN_IN);
  WAIT (world_launcher.opened != NULL);
  world_pass_ladder (world, 1);
  world_finish_opening (NULL);
  world_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 5);
}

static void
test_no_browser (World *world, gconstpointer unused)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No browser");
  g_autofree char *url = NULL;

  world_warn (world);
  world_popup (world, 1);
  world_press (world, SIGNIN_ACTION_SIGN_IN);
  WAIT (world_launcher.opened != NULL);
  url = g_strdup (world_launcher.url);
  world_finish_opening (error);
  g_assert_nonnull (strstr (world_popup (world, 2)->body, url));
  g_assert_nonnull (strstr (world_popup (world, 2)->title, "signs you out at 16:12"));
}

static void
test_closed (World *world, gconstpointer unused)
{
  world_warn (world);
  fake_server_close (world->server, world_popup (world, 1)->id);
  world_settle (world);
  rig_sign_in (world->rig, ID, "firefox");
  fake_clock_step (world->rig->clock, RIG_HOUR, FAKE_STEP_TOLD);
  world_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
}

static void
test_closed_until_next_step (World *world, gconstpointer unused)
{
  world_warn (world);
  fake_server_close (world->server, world_popup (world, 1)->id);
  world_settle (world);
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  g_assert_cmpuint (world_popup (world, 2)->replaces, ==, 0);
  fake_server_close (world->server, world_popup (world, 2)->id);
  world_settle (world);
  fake_clock_advance (world->rig->clock, 5 * RIG_MIN);
  g_assert_cmpstr (world_popup (world, 3)->title, ==, "Dynamics 365 (contoso) signs you out in 5 minutes");
}

/* A button that comes after what it was about has gone does nothing. */
static void
test_late_button (World *world, gconstpointer unused)
{
  world_warn (world);
  world_popup (world, 1);
  world_press (world, SIGNIN_ACTION_DISMISS);
  g_assert_true (signin_tracker_remove_account (world->rig->tracker, ID, NULL));
  fake_clock_pump (world->rig->clock);
  world_settle (world);
  g_assert_cmpuint (signin_tracker_n_accounts (world->rig->tracker), ==, 0);
}

/* The disk is full: the popup comes back, or the person would believe the button. */
static void
test_not_stored (World *world, gconstpointer unused)
{
  struct rlimit before;
  struct rlimit none;

  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  world_warn (world);
  world_popup (world, 1);
  world_settle (world);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  none = before;
  none.rlim_cur = 0;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &none), ==, 0);
  world_press (world, SIGNIN_ACTION_DISMISS);
  g_assert_nonnull (strstr (world_popup (world, 2)->title, "signs you out at 16:12"));
  world_press (world, SIGNIN_ACTION_SNOOZE);
  g_assert_nonnull (strstr (world_popup (world, 3)->title, "signs you out at 16:12"));
  g_assert_false (rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->dismissed);

  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  world_press (world, SIGNIN_ACTION_DISMISS);
  WAIT (rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->dismissed);
}

static void
test_freed (World *world, gconstpointer unused)
{
  guint32 first;

  world_warn (world);
  first = world_popup (world, 1)->id;
  world_settle (world);
  fake_server_press (world->server, first, SIGNIN_ACTION_SIGN_IN, NULL);
  WAIT (world_launcher.opened != NULL);
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  world_popup (world, 2);
  world_settle (world);
  signin_popups_free (g_steal_pointer (&world->popups));
  world_finish_opening (NULL);
  world_wait_closed (world, fake_server_last (world->server)->id);
}

/* Nothing is shown until the pause is over, and then a reminder. */
static void
test_snoozed (World *world, gconstpointer unused)
{
  guint32 first;

  world_warn (world);
  fake_clock_advance (world->rig->clock, RIG_MIN);
  first = world_popup (world, 1)->id;
  world_press (world, SIGNIN_ACTION_SNOOZE);
  WAIT (rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->snoozed_usec > 0);
  world_wait_closed (world, first);
  fake_clock_pump (world->rig->clock);
  fake_clock_advance (world->rig->clock, 5 * RIG_MIN - 1);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
  fake_clock_advance (world->rig->clock, 1 + RIG_LATE);
  g_assert_cmpstr (world_popup (world, 2)->title, ==, "Dynamics 365 (contoso) signs you out in 14 minutes");
  g_assert_cmpint (world_popup (world, 2)->urgency, ==, 1);
  g_assert_cmpuint (world_popup (world, 2)->replaces, ==, 0);
  world_press (world, SIGNIN_ACTION_SNOOZE);
  WAIT (!world_presence.watched);

  /* It takes the place of the step at 10 minutes. */
  fake_clock_advance (world->rig->clock, 4 * RIG_MIN + RIG_SEC);
  g_assert_cmpuint (world->server->popups->len, ==, 2);
  fake_clock_advance (world->rig->clock, RIG_MIN);
  g_assert_cmpstr (world_popup (world, 3)->title, ==, "Dynamics 365 (contoso) signs you out in 9 minutes");
}

/* While it is on the screen somebody puts it off elsewhere. */
static void
test_snoozed_elsewhere (World *world, gconstpointer unused)
{
  world_warn (world);
  world_popup (world, 1);
  g_assert_true (signin_tracker_snooze (world->rig->tracker, ID, 24 * RIG_HOUR, NULL));
  fake_clock_pump (world->rig->clock);
  world_wait_closed (world, world_popup (world, 1)->id);
  fake_clock_advance (world->rig->clock, 20 * RIG_MIN);
  g_assert_nonnull (strstr (world_popup (world, 2)->title, "probably signed you out at 16:12"));
}

static void
add_all (void)
{
  world_add_test ("popups-answers", "signed-in", test_signed_in);
  world_add_test ("popups-answers", "dismissed", test_dismissed);
  world_add_test ("popups-answers", "sign-in-again", test_sign_in_again);
  world_add_test ("popups-answers", "question-unanswered", test_question_unanswered);
  world_add_test ("popups-answers", "expired-while-opening", test_expired_while_opening);
  world_add_test ("popups-answers", "no-browser", test_no_browser);
  world_add_test ("popups-answers", "closed", test_closed);
  world_add_test ("popups-answers", "closed-until-next-step", test_closed_until_next_step);
  world_add_test ("popups-answers", "late-button", test_late_button);
  world_add_test ("popups-answers", "not-stored", test_not_stored);
  world_add_test ("popups-answers", "freed", test_freed);
  world_add_test ("popups-answers", "snoozed", test_snoozed);
  world_add_test ("popups-answers", "snoozed-elsewhere", test_snoozed_elsewhere);
}

int
main (int argc, char **argv)
{
  return popup_case_run (argc, argv, add_all);
}
