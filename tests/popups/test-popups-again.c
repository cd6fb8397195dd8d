/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is shown again when somebody is back, and when a server has lost it. */

#include "config.h"

#include <string.h>

#include "popups-rig.h"

/* Nobody is at the screen: what is new is said, and all that is true once more, in one popup, when somebody is back. */
static void
test_unlocked (World *world, gconstpointer unused)
{
  guint32 first, second;

  world_begin_two (world, 5 * RIG_MIN);
  first = world_popup (world, 1)->id;
  world_tell_presence (SIGNIN_PRESENCE_LOCKED);
  fake_clock_advance (world->rig->clock, 5 * RIG_MIN);
  second = world_popup (world, 2)->id;
  g_assert_cmpuint (second, !=, first);
  world_tell_presence (SIGNIN_PRESENCE_UNLOCKED);
  g_assert_cmpstr (world_popup (world, 3)->title, ==, TWO_AT);
  g_assert_cmpuint (world_popup (world, 3)->replaces, ==, first);
  world_wait_closed (world, second);
  world_settle (world);
  world_popup (world, 3);
}

/* What a person has closed stays so; what a lock screen has closed does not. */
static void
test_closed_and_locked (World *world, gconstpointer lock_screen)
{
  world_warn (world);
  world_popup (world, 1);
  if (lock_screen)
    world_tell_presence (SIGNIN_PRESENCE_LOCKED);
  fake_server_close (world->server, world_popup (world, 1)->id);
  world_settle (world);
  if (!lock_screen)
    world_tell_presence (SIGNIN_PRESENCE_LOCKED);
  world_tell_presence (SIGNIN_PRESENCE_UNLOCKED);
  fake_clock_pump (world->rig->clock);
  if (lock_screen)
    g_assert_cmpuint (world_popup (world, 2)->replaces, ==, 0);
  world_settle (world);
  world_popup (world, lock_screen ? 2 : 1);
}

static void
test_closed_then_locked (World *world, gconstpointer unused)
{
  test_closed_and_locked (world, NULL);
}

static void
test_closed_by_lock_screen (World *world, gconstpointer unused)
{
  test_closed_and_locked (world, "lock");
}

static void
test_woken (World *world, gconstpointer unused)
{
  world_warn (world);
  world_popup (world, 1);
  world_tell_presence (SIGNIN_PRESENCE_SLEEPING);
  fake_clock_suspend (world->rig->clock, 3 * RIG_MIN);
  world_settle (world);
  world_popup (world, 1);
  world_tell_presence (SIGNIN_PRESENCE_WOKEN);
  g_assert_cmpuint (world_popup (world, 2)->replaces, ==, world_popup (world, 2)->id);
  g_assert_cmpstr (world_popup (world, 2)->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");

  /* A step on the way is said once, whichever comes first: the tracker or the news of waking. */
  world_tell_presence (SIGNIN_PRESENCE_SLEEPING);
  fake_clock_suspend (world->rig->clock, 8 * RIG_MIN);
  g_assert_cmpstr (world_popup (world, 3)->title, ==, "Dynamics 365 (contoso) signs you out in 9 minutes");
  world_tell_presence (SIGNIN_PRESENCE_WOKEN);
  world_settle (world);
  world_popup (world, 3);
  world_tell_presence (SIGNIN_PRESENCE_SLEEPING);
  world->rig->clock->now.boot_usec += 5 * RIG_MIN;
  world->rig->clock->now.real_usec += 5 * RIG_MIN;
  world_tell_presence (SIGNIN_PRESENCE_WOKEN);
  fake_clock_suspend (world->rig->clock, 0);
  g_assert_cmpstr (world_popup (world, 4)->title, ==, "Dynamics 365 (contoso) signs you out in 4 minutes");
  world_settle (world);
  world_popup (world, 4);

  /* Behind a locked screen it waits for the person. */
  world_tell_presence (SIGNIN_PRESENCE_LOCKED);
  world_tell_presence (SIGNIN_PRESENCE_SLEEPING);
  fake_clock_suspend (world->rig->clock, RIG_MIN / 2);
  world_tell_presence (SIGNIN_PRESENCE_WOKEN);
  world_settle (world);
  world_popup (world, 4);
  world_tell_presence (SIGNIN_PRESENCE_UNLOCKED);
  world_popup (world, 5);
}

/* An end is not worth reading of after the machine has slept. */
static void
test_expired_slept (World *world, gconstpointer unused)
{
  guint32 last;

  world_warn (world);
  world_popup (world, 1);
  last = world_pass_ladder (world, 1)->id;
  world_tell_presence (SIGNIN_PRESENCE_SLEEPING);
  world_wait_closed (world, last);
  fake_clock_suspend (world->rig->clock, 5 * RIG_MIN);
  world_tell_presence (SIGNIN_PRESENCE_WOKEN);
  world_settle (world);
  world_popup (world, 5);
  fake_clock_advance (world->rig->clock, RIG_HOUR);
  g_assert_false (world_presence.watched);
}

/* Another life of the daemon shows what is true once, all in one popup. */
static void
test_restarted (World *world, gconstpointer unused)
{
  world_begin_two (world, 5 * RIG_MIN);
  world_popup (world, 1);
  fake_clock_advance (world->rig->clock, 6 * RIG_MIN);
  world_popup (world, 2);
  world_settle (world);
  signin_popups_free (g_steal_pointer (&world->popups));
  WAIT (fake_server_is_asked (world->server, 2));
  rig_stop (world->rig);
  rig_start (world->rig);
  world->popups = signin_popups_new (world->bus, world->rig->tracker, world->rig->scratch->services, &world_launcher);
  signin_popups_set_settings (world->popups, &(SigninSettings){ .popups = TRUE, .snooze_usec = 5 * RIG_MIN });
  fake_clock_pump (world->rig->clock);
  g_assert_cmpstr (world_popup (world, 3)->title, ==, TWO_AT);
}

/* The server lets nothing stay: what went without anybody's doing is still to be seen when somebody is back, and at the
 * next step, but is not put there again and again. */
static void
test_timed_out (World *world, gconstpointer unused)
{
  world_warn (world);
  fake_server_expire (world->server, world_popup (world, 1)->id);
  world_settle (world);
  world_popup (world, 1);
  world_tell_presence (SIGNIN_PRESENCE_LOCKED);
  world_tell_presence (SIGNIN_PRESENCE_UNLOCKED);
  g_assert_cmpuint (world_popup (world, 2)->replaces, ==, 0);
  fake_server_expire (world->server, world_popup (world, 2)->id);
  world_settle (world);
  world_popup (world, 2);
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  g_assert_cmpstr (world_popup (world, 3)->title, ==, "Dynamics 365 (contoso) signs you out in 10 minutes");
  g_assert_cmpuint (world_popup (world, 3)->replaces, ==, 0);
}

static void
wait_refused (World *world, guint count)
{
  WAIT (world->server->n_refused >= count);
  g_assert_cmpuint (world->server->n_refused, ==, count);
}

/* A server that takes nothing is not asked for ever, but each time when there is a reason to. */
static void
test_refused (World *world, gconstpointer unused)
{
  world->server->manner = FAKE_SWALLOWS;
  world_warn (world);
  wait_refused (world, 3);
  world_tell_presence (SIGNIN_PRESENCE_LOCKED);
  world_tell_presence (SIGNIN_PRESENCE_UNLOCKED);
  wait_refused (world, 6);
  world_tell_presence (SIGNIN_PRESENCE_SLEEPING);
  fake_clock_suspend (world->rig->clock, RIG_MIN);
  world_tell_presence (SIGNIN_PRESENCE_WOKEN);
  wait_refused (world, 9);
  fake_clock_advance (world->rig->clock, 9 * RIG_MIN);
  wait_refused (world, 12);

  fake_server_free (world->server);
  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  g_assert_nonnull (strstr (world_popup (world, 1)->title, "signs you out"));
  world_settle (world);
  world_popup (world, 1);
}

static void
add_all (void)
{
  world_add_test ("popups-again", "unlocked", test_unlocked);
  world_add_test ("popups-again", "closed-then-locked", test_closed_then_locked);
  world_add_test ("popups-again", "closed-by-lock-screen", test_closed_by_lock_screen);
  world_add_test ("popups-again", "woken", test_woken);
  world_add_test ("popups-again", "expired-slept", test_expired_slept);
  world_add_test ("popups-again", "restarted", test_restarted);
  world_add_test ("popups-again", "timed-out", test_timed_out);
  world_add_test ("popups-again", "refused", test_refused);
}

int
main (int argc, char **argv)
{
  return popup_case_run (argc, argv, add_all);
}
