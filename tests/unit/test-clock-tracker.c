/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tracker on the real clock, under the preloaded shim: hours are stepped over, the last milliseconds are real. */

#include "config.h"

#include <locale.h>
#include <unistd.h>

#include "names.h"
#include "scratch.h"
#include "shim.h"
#include "tracker.h"

#define MSEC ((gint64) 1000)
#define SEC ((gint64) G_USEC_PER_SEC)
#define HOUR (3600 * SEC)
#define WARNING (7 * HOUR + 2400 * SEC)
#define END (8 * HOUR)

/* Ends the test where something waits for ever. */
#define BOUND_SEC 60

typedef struct
{
  Scratch *scratch;
  SigninClock *clock;
  SigninStore *store;
  SigninTracker *tracker;
  GString *heard;
  SigninNews last;
} Fixture;

static void
on_news (const SigninNews *news, gpointer user_data)
{
  Fixture *f = user_data;

  g_string_append_printf (f->heard, "%s ", signin_event_to_string (news->event));
  f->last = *news;
  f->last.info = NULL;
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Well after the release: a clock that reads earlier is not believed. */
static void
set_date (SigninClock *clock)
{
  SigninNow now;

  signin_clock_read (clock, &now);
  shim.step ((RELEASE_DATE_SEC + 30 * 24 * 3600) * SEC - now.real_usec);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  static const SigninObserver observer = { .news = on_news };
  static const SigninLimits limits = SIGNIN_LIMITS_DEFAULT;
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  g_autoptr (GError) error = NULL;

  f->heard = g_string_new (NULL);
  f->scratch = scratch_new ();
  f->clock = signin_clock_new_real (NULL, &error);
  g_assert_no_error (error);
  set_date (f->clock);
  f->store = scratch_open (f->scratch);
  f->tracker = signin_tracker_new (f->clock, f->store, f->scratch->services, &limits);
  signin_tracker_observe (f->tracker, &observer, f);
  g_assert_true (signin_tracker_start (f->tracker, NULL));
  details.service = "dynamics365";
  details.organization = "contoso";
  details.region = "crm4";
  g_assert_true (signin_tracker_add_account (f->tracker, "contoso", &details, &error));
  settle ();
  shim.counts ();
  alarm (BOUND_SEC);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  shim.cancel_reads (0);
  shim.cancel_settimes (0);
  signin_tracker_free (f->tracker);
  signin_store_free (f->store);
  signin_clock_free (f->clock);
  scratch_free (f->scratch);
  g_string_free (f->heard, TRUE);
}

/* Somebody signed in so long ago. */
static void
sign_in (Fixture *f, gint64 ago_usec)
{
  g_autoptr (GError) error = NULL;
  SigninNow now;

  signin_clock_read (f->clock, &now);
  signin_tracker_sign_in (f->tracker, "contoso", SIGNIN_SOURCE_MANUAL, now.real_usec - ago_usec, FALSE, NULL, &error);
  g_assert_no_error (error);
  settle ();
}

static void
wait_for (Fixture *f, const char *heard)
{
  while (!g_str_equal (f->heard->str, heard))
    g_main_context_iteration (NULL, TRUE);
  settle ();
  g_assert_cmpstr (f->heard->str, ==, heard);
}

static void
check_warning (Fixture *f)
{
  gint64 elapsed = signin_stamp_elapsed (&f->last.session.start, &f->last.now);

  g_assert_cmpint (elapsed, >=, WARNING);
  g_assert_cmpint (elapsed, <, END);
}

static void
test_deadlines (Fixture *f, gconstpointer data)
{
  sign_in (f, WARNING - 20 * MSEC);
  g_assert_cmpstr (f->heard->str, ==, "signed-in ");
  wait_for (f, "signed-in warning ");
  check_warning (f);
  g_assert_cmpuint (shim.counts ().reads, ==, 1);

  shim.sleep (1199 * SEC + 900 * MSEC);
  settle ();
  g_assert_cmpuint (shim.counts ().reads, ==, 1);
  g_assert_cmpstr (f->heard->str, ==, "signed-in warning ");
  wait_for (f, "signed-in warning expired ");
  g_assert_cmpuint (shim.counts ().reads, ==, 1);
}

static void
test_steps (Fixture *f, gconstpointer data)
{
  static const gint64 steps[] = { HOUR, -HOUR, 24 * HOUR, -24 * HOUR };

  sign_in (f, WARNING - 60 * SEC);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      shim.step (steps[i]);
      settle ();
      g_assert_cmpuint (shim.counts ().reads, ==, 1);
    }
  g_assert_cmpstr (f->heard->str, ==, "signed-in ");
  shim.sleep (60 * SEC - 100 * MSEC);
  shim.step (-HOUR);
  wait_for (f, "signed-in warning ");
  check_warning (f);
}

/* The clock is set back between reading it and arming: nobody is told by a timer that is new, but the clock tells. */
static void
test_step_while_arming (Fixture *f, gconstpointer data)
{
  shim.step_at_settime (-HOUR);
  sign_in (f, WARNING - 20 * MSEC);
  wait_for (f, "signed-in warning ");
  check_warning (f);
  g_assert_cmpuint (shim.counts ().cancels, ==, 0);

  /* And here by ECANCELED, because the timer was armed before. */
  shim.step_at_settime (-HOUR);
  sign_in (f, WARNING - 20 * MSEC);
  g_assert_cmpuint (shim.counts ().cancels, ==, 1);
  wait_for (f, "signed-in warning signed-in warning ");
  check_warning (f);
}

/* Everything says ECANCELED, always: deadlines come all the same, and nothing spins. */
static void
test_endless_cancel (Fixture *f, gconstpointer data)
{
  ClockShimCounts counts;

  shim.cancel_settimes (CLOCK_SHIM_ALWAYS);
  shim.cancel_reads (CLOCK_SHIM_ALWAYS);
  sign_in (f, WARNING - 50 * MSEC);
  wait_for (f, "signed-in warning ");
  check_warning (f);
  counts = shim.counts ();
  g_assert_cmpuint (counts.reads, <=, 2);
  g_assert_cmpuint (counts.settimes, <=, 50);
}

/* When all is over, only steps are waited for. */
static void
test_watching (Fixture *f, gconstpointer data)
{
  sign_in (f, END - 10 * SEC);
  wait_for (f, "signed-in warning ");
  shim.sleep (14 * 24 * HOUR);
  wait_for (f, "signed-in warning expired ");
  g_assert_cmpuint (shim.counts ().reads, ==, 1);
  shim.step (HOUR);
  settle ();
  g_assert_cmpuint (shim.counts ().reads, ==, 1);
  g_assert_cmpstr (f->heard->str, ==, "signed-in warning expired ");
  g_assert_cmpint (signin_session_real (&signin_tracker_get (f->tracker, "contoso")->sessions[0], END)
                       - signin_session_real (&f->last.session, END),
                   >=, HOUR - SEC);
}

#define ADD(path, func) g_test_add ("/clock/tracker/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  shim_preload (argv);
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  ADD ("deadlines", test_deadlines);
  ADD ("steps", test_steps);
  ADD ("step-while-arming", test_step_while_arming);
  ADD ("endless-cancel", test_endless_cancel);
  ADD ("watching", test_watching);
  return g_test_run ();
}
