/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When a sign-in may have been made, to the microsecond. */

#include "config.h"

#include <locale.h>

#include "rig.h"

#define YEAR_2000 (946684800 * RIG_SEC)

/* The stamp of a sign-in must lie in a span whose ends are exact. */
static void
test_stamp_bounds (void)
{
  static const gint64 accepted[] = { 2 * RIG_SEC, 1, 0, -1, -RIG_HOUR, -RIG_END + 1 };

  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++)
    {
      g_autoptr (Rig) rig = rig_new ();
      gint64 start = RIG_REAL + MIN (accepted[i], 0);

      rig_add (rig, "contoso");
      g_assert_cmpint (rig_sign_in_at (rig, "contoso", "manual", RIG_REAL + accepted[i]), ==, start + RIG_END);
      g_assert_cmpint (rig_session (rig, "contoso", "manual")->start.real_usec, ==, start);
      g_assert_cmpint (rig_news (rig, 0)->at_usec, ==, start);
    }
}

static void
test_stamp_refused (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_refuse_sign_in_at (rig, "contoso", RIG_REAL + 2 * RIG_SEC + 1, "2027-01-15");
  rig_refuse_sign_in_at (rig, "contoso", G_MAXINT64, "");
  rig_refuse_sign_in_at (rig, "contoso", RIG_REAL - RIG_END, "2027-01-15 08:12"); /* when it ended */
  rig_refuse_sign_in_at (rig, "contoso", RIG_REAL - 3 * RIG_DAY, "2027-01-12 16:12");
  rig_refuse_sign_in_at (rig, "contoso", YEAR_2000 - 1, "2000");
  rig_refuse_sign_in_at (rig, "contoso", 0, "2000");
  rig_refuse_sign_in_at (rig, "contoso", -2, "2000");
  rig_refuse_sign_in_at (rig, "contoso", G_MININT64, "2000");
  g_assert_false (rig->clock->armed);
  rig_restart (rig);
  g_assert_null (rig_session (rig, "contoso", "manual"));
}

static void
test_stamp_bounds_without_length (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add_with_length (rig, "contoso", 0);
  rig_refuse_sign_in_at (rig, "contoso", RIG_REAL - 30 * RIG_DAY - 1, "30");
  rig_refuse_sign_in_at (rig, "contoso", RIG_REAL + 2 * RIG_SEC + 1, "");
  g_assert_cmpint (rig_sign_in_at (rig, "contoso", "manual", RIG_REAL - 30 * RIG_DAY), ==, 0);
}

static void
test_stamp_near_2000 (void)
{
  g_autoptr (Rig) rig = rig_new_at (RIG_BOOT, YEAR_2000 + RIG_HOUR, 1);

  rig_add (rig, "contoso");
  rig_refuse_sign_in_at (rig, "contoso", YEAR_2000 - 1, "2000");
  g_assert_cmpint (rig_sign_in_at (rig, "contoso", "manual", YEAR_2000), ==, YEAR_2000 + RIG_END);
}

/* Whatever the clock says, who signs in now signs in now. */
static void
test_now_is_accepted (void)
{
  static const gint64 clocks[] = { 0, 1, RIG_MIN, YEAR_2000 - 1, RIG_REAL, G_MAXINT64 / 4 };

  for (guint i = 0; i < G_N_ELEMENTS (clocks); i++)
    {
      g_autoptr (Rig) rig = rig_new_at (RIG_BOOT, clocks[i], 1);

      rig_add (rig, "contoso");
      g_assert_cmpint (rig_sign_in (rig, "contoso", "manual"), ==, clocks[i] + RIG_END);
      g_assert_cmpint (rig_news (rig, 0)->at_usec, >=, 1);
      fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
      rig_expect (rig, "signed-in contoso manual", "warning contoso manual", NULL);
    }
}

/* A sign-in of long ago is warned of in the same turn. */
static void
test_sign_in_late (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_forget (rig);
  rig_sign_in_at (rig, "contoso", "manual", RIG_REAL - RIG_WARNING);
  g_assert_cmpuint (rig->n_turns, ==, 2); /* the other one is for what was confirmed */
  rig_expect (rig, "signed-in contoso manual", "warning contoso manual", NULL);
  rig_expect_next (rig, SIGNIN_EVENT_EXPIRED, "contoso", RIG_REAL + 20 * RIG_MIN);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tracker/stamps/bounds", test_stamp_bounds);
  g_test_add_func ("/tracker/stamps/refused", test_stamp_refused);
  g_test_add_func ("/tracker/stamps/bounds-without-length", test_stamp_bounds_without_length);
  g_test_add_func ("/tracker/stamps/near-2000", test_stamp_near_2000);
  g_test_add_func ("/tracker/stamps/now-is-accepted", test_now_is_accepted);
  g_test_add_func ("/tracker/stamps/sign-in-late", test_sign_in_late);
  return g_test_run ();
}
