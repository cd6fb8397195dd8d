/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules of time across boots and restarts, on odd calendars, and with several sessions at once. */

#include "config.h"

#include <locale.h>

#include "rig.h"

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
    gint64 before; /* of the session, in the first boot */
    gint64 left;   /* after synchronization, half an hour and ten minutes later */
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
    gint64 elapsed;
    const char *heard;
    gboolean stale;
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
  g_test_add_func ("/tracker/boots/step-then-reboot", test_step_then_reboot);
  g_test_add_func ("/tracker/boots/step-while-stopped", test_step_while_stopped);
  g_test_add_func ("/tracker/boots/sign-in-in-1970", test_sign_in_in_1970);
  g_test_add_func ("/tracker/boots/late-first-sync", test_late_first_sync);
  g_test_add_func ("/tracker/boots/sync-back", test_sync_back);
  g_test_add_func ("/tracker/boots/held", test_held);
  g_test_add_func ("/tracker/boots/unknown-boot", test_unknown_boot);
  g_test_add_func ("/tracker/boots/boot-clock-back", test_boot_clock_back);
  g_test_add_func ("/tracker/boots/sign-in-before-boot", test_sign_in_before_boot);
  g_test_add_func ("/tracker/boots/calendar", test_calendar);
  g_test_add_func ("/tracker/boots/stopped", test_stopped);
  g_test_add_func ("/tracker/boots/same-microsecond", test_same_microsecond);
  g_test_add_func ("/tracker/boots/near-microseconds", test_near_microseconds);
  g_test_add_func ("/tracker/boots/two-sources", test_two_sources);
  return g_test_run ();
}
