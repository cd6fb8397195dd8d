/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is due within two minutes shares a popup. */

#include "config.h"

#include <string.h>

#include "popups-rig.h"

/* Each step takes in the other account's step, which is due a minute later and brings no popup of its own. */
static void
test_two (World *world, gconstpointer unused)
{
  guint32 first;

  world_begin_two (world, RIG_MIN);
  first = world_popup (world, 1)->id;
  g_assert_cmpstr (world_popup (world, 1)->title, ==, TWO_AT);
  g_assert_true (g_str_has_prefix (world_popup (world, 1)->body, "Dynamics 365 (contoso) signs you out at 16:12\n"
                                                                 "Dynamics 365 (fabrikam) signs you out at 16:13\n"));
  g_assert_cmpstr (world_popup (world, 1)->actions, ==,
                   "default signind-sign-in:contoso signind-sign-in:fabrikam signind-dismiss");
  fake_clock_advance (world->rig->clock, 7 * RIG_MIN);
  world_settle (world);
  world_popup (world, 1);
  fake_clock_advance (world->rig->clock, 3 * RIG_MIN);
  g_assert_cmpstr (world_popup (world, 2)->title, ==,
                   "Dynamics 365 (contoso) signs you out in 10 minutes – and 1 more account");
  fake_clock_advance (world->rig->clock, 5 * RIG_MIN);
  g_assert_cmpint (world_popup (world, 3)->urgency, ==, 2);
  fake_clock_advance (world->rig->clock, 4 * RIG_MIN);
  world_popup (world, 4);
  fake_clock_advance (world->rig->clock, RIG_MIN);
  g_assert_cmpstr (world_popup (world, 5)->title, ==,
                   "Dynamics 365 (contoso) probably signed you out at 16:12 – and 1 more account");
  g_assert_nonnull (strstr (world_popup (world, 5)->body, "(fabrikam) signs you out at 16:13"));
  fake_clock_advance (world->rig->clock, RIG_MIN);
  g_assert_nonnull (strstr (world_popup (world, 6)->body, "(fabrikam) probably signed you out at 16:13"));
  g_assert_cmpuint (world_popup (world, 6)->replaces, ==, 0);
  g_assert_true (fake_server_is_asked (world->server, first));
}

/* Just within the two minutes, and just not. */
static void
test_two_minutes (World *world, gconstpointer unused)
{
  world_begin_two (world, SIGNIN_TOGETHER_USEC + RIG_LATE);
  g_assert_cmpstr (world_popup (world, 1)->title, ==, TWO_AT);
}

static void
test_beyond_two_minutes (World *world, gconstpointer unused)
{
  world_begin_two (world, SIGNIN_TOGETHER_USEC + 10);
  g_assert_cmpstr (world_popup (world, 1)->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
  fake_clock_advance (world->rig->clock, SIGNIN_TOGETHER_USEC + 10);
  g_assert_cmpstr (world_popup (world, 2)->title, ==, "Dynamics 365 (fabrikam) signs you out at 16:14");
  g_assert_cmpuint (world_popup (world, 2)->replaces, ==, 0);
}

/* One of them signs in again: the popup says what is left, without being a new one. */
static void
test_one_of_two (World *world, gconstpointer unused)
{
  guint32 first;

  world_begin_two (world, RIG_MIN);
  first = world_popup (world, 1)->id;
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  g_assert_cmpstr (world_popup (world, 2)->title, ==, "Dynamics 365 (fabrikam) signs you out at 16:13");
  g_assert_cmpuint (world_popup (world, 2)->replaces, ==, first);
  /* Its own warning is a minute away: there is nothing to put off yet. */
  g_assert_cmpstr (world_popup (world, 2)->actions, ==, "default signind-sign-in signind-dismiss");
  /* Closed any sooner, it would be the one before that was meant. */
  fake_clock_advance (world->rig->clock, 2 * RIG_MIN);
  world_settle (world);
  fake_server_close (world->server, first);
  fake_clock_advance (world->rig->clock, 3 * RIG_MIN);
  world_settle (world);
  world_popup (world, 2);
  rig_sign_in (world->rig, "fabrikam", SIGNIN_SOURCE_MANUAL);
  world_settle (world);
  world_popup (world, 2);
}

static void
test_dismiss_two (World *world, gconstpointer unused)
{
  world_begin_two (world, RIG_MIN);
  world_popup (world, 1);
  rig_forget (world->rig);
  world_press (world, SIGNIN_ACTION_DISMISS);
  WAIT (rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->dismissed
        && rig_session (world->rig, "fabrikam", SIGNIN_SOURCE_MANUAL)->dismissed);
  fake_clock_advance (world->rig->clock, RIG_MIN);
  rig_expect (world->rig, "warning fabrikam manual", NULL);
  fake_clock_advance (world->rig->clock, 30 * RIG_MIN);
  world_settle (world);
  world_popup (world, 1);
}

/* A button is about its own account. The other one is said again, because the popup went with the click. */
static void
test_sign_in_one_of_two (World *world, gconstpointer unused)
{
  world_begin_two (world, RIG_MIN);
  world_popup (world, 1);
  world_press (world, SIGNIN_ACTION_SIGN_IN ":fabrikam");
  WAIT (world_launcher.opened != NULL);
  g_assert_nonnull (strstr (world_launcher.url, "fabrikam"));
  g_assert_cmpstr (world_popup (world, 2)->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
  world_settle (world);
  fake_clock_advance (world->rig->clock, RIG_MIN);
  world_settle (world);
  world_popup (world, 2);
  world_finish_opening (NULL);
  g_assert_cmpstr (world_popup (world, 3)->title, ==, "Signed in again to Dynamics 365 (fabrikam)?");
  g_assert_cmpuint (world_popup (world, 3)->id, !=, world_popup (world, 3)->replaces);
  world_press (world, SIGNIN_ACTION_SIGNED_IN);
  WAIT (rig_remaining (world->rig, "fabrikam", SIGNIN_SOURCE_MANUAL) == RIG_END);
  fake_clock_pump (world->rig->clock);
  fake_clock_advance (world->rig->clock, 9 * RIG_MIN);
  g_assert_cmpstr (world_popup (world, 4)->title, ==, "Dynamics 365 (contoso) signs you out in 10 minutes");
}

static void
test_three (World *world, gconstpointer unused)
{
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  world_add_second (world, "adatum", -9 * RIG_MIN);
  world_add_second (world, "fabrikam", -10 * RIG_MIN + RIG_SEC);
  fake_clock_advance (world->rig->clock, RIG_WARNING - RIG_MIN * 10 + RIG_LATE);
  g_assert_cmpstr (world_popup (world, 1)->title, ==,
                   "Dynamics 365 (contoso) signs you out at 16:12 – and 2 more accounts");
  g_assert_cmpstr (world_popup (world, 1)->actions, ==, "default signind-sign-in signind-dismiss");
  world_press (world, SIGNIN_ACTION_SIGN_IN);
  WAIT (world_launcher.opened != NULL);
  g_assert_nonnull (strstr (world_launcher.url, "contoso"));
  g_assert_cmpstr (world_popup (world, 2)->title, ==,
                   "Dynamics 365 (fabrikam) signs you out at 16:12 – and 1 more account");
  world_finish_opening (NULL);
  g_assert_cmpstr (world_popup (world, 3)->title, ==, "Signed in again to Dynamics 365 (contoso)?");
  fake_server_press (world->server, 2, SIGNIN_ACTION_DEFAULT, NULL);
  WAIT (world_launcher.opened != NULL);
  g_assert_nonnull (strstr (world_launcher.url, "fabrikam"));
  g_assert_true (rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->opened);
  g_assert_true (rig_session (world->rig, "fabrikam", SIGNIN_SOURCE_MANUAL)->opened);
  g_assert_false (rig_session (world->rig, "adatum", SIGNIN_SOURCE_MANUAL)->opened);
}

/* The end of the second one was told ahead, and put away with the rest: it is to be heard of all the same. */
static void
test_end_after_close (World *world, gconstpointer unused)
{
  world_begin_two (world, RIG_MIN / 2);
  world_popup (world, 1);
  world_pass_ladder (world, 1);
  /* Closed any sooner, it would be the one before that was meant. */
  world_settle (world);
  fake_server_close (world->server, world_popup (world, 5)->id);
  g_assert_nonnull (strstr (world_popup (world, 5)->body, "(fabrikam) signs you out at 16:12"));
  world_settle (world);
  fake_clock_advance (world->rig->clock, RIG_MIN / 2);
  g_assert_nonnull (strstr (world_popup (world, 6)->body, "(fabrikam) probably signed you out at 16:12"));
  g_assert_cmpuint (world_popup (world, 6)->replaces, ==, 0);
  world_settle (world);
  world_popup (world, 6);
}

static void
add_all (void)
{
  world_add_test ("popups-together", "two", test_two);
  world_add_test ("popups-together", "two-minutes", test_two_minutes);
  world_add_test ("popups-together", "beyond-two-minutes", test_beyond_two_minutes);
  world_add_test ("popups-together", "one-of-two", test_one_of_two);
  world_add_test ("popups-together", "dismiss-two", test_dismiss_two);
  world_add_test ("popups-together", "sign-in-one-of-two", test_sign_in_one_of_two);
  world_add_test ("popups-together", "three", test_three);
  world_add_test ("popups-together", "end-after-close", test_end_after_close);
}

int
main (int argc, char **argv)
{
  return popup_case_run (argc, argv, add_all);
}
