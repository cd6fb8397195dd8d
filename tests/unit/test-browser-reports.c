/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What browsers report beside what people say by hand, to the microsecond. */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "rig.h"

#define FIREFOX "firefox:0123456789abcdef"
#define CHROMIUM "chromium:0123456789abcdef"
#define TEN_MINUTES (10 * RIG_MIN)

/* That nothing can be stored is a warning, and expected here. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  return level & G_LOG_LEVEL_WARNING ? G_LOG_WRITER_HANDLED : g_log_writer_default (level, fields, n_fields, user_data);
}

/* A browser reports a sign-in. Returns whether a session began. */
static gboolean
report_at (Rig *rig, const char *source, gint64 at_usec, gboolean silent)
{
  g_autoptr (GError) error = NULL;
  gboolean counted = FALSE;

  g_assert_true (signin_tracker_report (rig->tracker, "contoso", source, at_usec, silent, &counted, &error));
  g_assert_no_error (error);
  fake_clock_pump (rig->clock);
  return counted;
}

static gboolean
report (Rig *rig, const char *source)
{
  return report_at (rig, source, -1, FALSE);
}

static Rig *
rig_new_with_account (void)
{
  Rig *rig = rig_new ();

  rig_add (rig, "contoso");
  rig_forget (rig);
  return rig;
}

static gint64
begun (Rig *rig, const char *source)
{
  const SigninSession *session = rig_session (rig, "contoso", source);

  return session != NULL ? session->start.real_usec : 0;
}

static guint
n_sessions (Rig *rig)
{
  return signin_tracker_get (rig->tracker, "contoso")->n_sessions;
}

static void
test_session (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();

  g_assert_true (report (rig, FIREFOX));
  rig_expect (rig, "signed-in contoso " FIREFOX, NULL);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + RIG_WARNING);
  g_assert_false (rig_session (rig, "contoso", FIREFOX)->silent);
}

/* Each profile has cookies of its own, so each has a session of its own. */
static void
test_profiles (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();

  g_assert_true (report (rig, FIREFOX));
  fake_clock_advance (rig->clock, RIG_SEC);
  g_assert_true (report (rig, "firefox:fedcba9876543210"));
  g_assert_true (report (rig, CHROMIUM));
  g_assert_cmpuint (n_sessions (rig), ==, 3);
  g_assert_cmpint (begun (rig, FIREFOX), ==, RIG_REAL);
  g_assert_cmpint (begun (rig, CHROMIUM), ==, RIG_REAL + RIG_SEC);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + RIG_WARNING);
}

/* Within a minute of its beginning it is the same sign-in, to the microsecond; later it is another one. */
static void
test_repeats (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();

  g_assert_true (report (rig, FIREFOX));
  g_assert_false (report (rig, FIREFOX));
  fake_clock_advance (rig->clock, RIG_MIN);
  g_assert_false (report (rig, FIREFOX));
  g_assert_cmpint (begun (rig, FIREFOX), ==, RIG_REAL);
  rig_expect (rig, "signed-in contoso " FIREFOX, NULL);
  fake_clock_advance (rig->clock, 1);
  g_assert_true (report (rig, FIREFOX));
  g_assert_cmpint (begun (rig, FIREFOX), ==, RIG_REAL + RIG_MIN + 1);
  rig_expect (rig, "signed-in contoso " FIREFOX, NULL);
  g_assert_cmpuint (n_sessions (rig), ==, 1);
}

/* What comes late is of a sign-in that is over. */
static void
test_late (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();

  g_assert_true (report (rig, FIREFOX));
  g_assert_false (report_at (rig, FIREFOX, RIG_REAL - RIG_HOUR, FALSE));
  g_assert_false (report_at (rig, FIREFOX, RIG_REAL - RIG_MIN - 1, FALSE));
  g_assert_false (report_at (rig, FIREFOX, RIG_REAL - RIG_MIN, FALSE));
  g_assert_cmpint (begun (rig, FIREFOX), ==, RIG_REAL);
  g_assert_true (report_at (rig, CHROMIUM, RIG_REAL - RIG_HOUR, FALSE));
  g_assert_cmpint (begun (rig, CHROMIUM), ==, RIG_REAL - RIG_HOUR);
}

/* After a sign-out, a sign-in within the same minute is a new one. */
static void
test_signed_out (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();
  g_autoptr (GError) error = NULL;

  g_assert_true (report (rig, FIREFOX));
  g_assert_true (report (rig, CHROMIUM));
  g_assert_true (signin_tracker_sign_out (rig->tracker, "contoso", FIREFOX, &error));
  fake_clock_pump (rig->clock);
  g_assert_cmpint (begun (rig, FIREFOX), ==, 0);
  g_assert_cmpint (begun (rig, CHROMIUM), ==, RIG_REAL);
  g_assert_true (report (rig, FIREFOX));
}

/* A report replaces what was recorded by hand up to 10 minutes before or after, and nothing else. */
static void
test_replaces_manual (void)
{
  static const struct
  {
    gint64 manual_usec;
    gboolean stays;
  } cases[] = {
    { 0, FALSE }, { -RIG_SEC, FALSE }, { -TEN_MINUTES, FALSE }, { -TEN_MINUTES - 1, TRUE }, { -RIG_HOUR, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Rig) rig = rig_new_with_account ();

      rig_sign_in_at (rig, "contoso", SIGNIN_SOURCE_MANUAL, RIG_REAL + cases[i].manual_usec);
      rig_sign_in_at (rig, "contoso", "script", RIG_REAL);
      rig_forget (rig);
      g_assert_true (report (rig, FIREFOX));
      rig_expect (rig, "signed-in contoso " FIREFOX, NULL);
      g_assert_cmpint (begun (rig, FIREFOX), ==, RIG_REAL);
      g_assert_true ((begun (rig, SIGNIN_SOURCE_MANUAL) != 0) == cases[i].stays);
      g_assert_cmpint (begun (rig, "script"), ==, RIG_REAL);
      rig_restart (rig);
      g_assert_true ((begun (rig, SIGNIN_SOURCE_MANUAL) != 0) == cases[i].stays);
    }
}

/* A report of an earlier sign-in than the manual one, too. */
static void
test_replaces_later_manual (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();

  rig_sign_in (rig, "contoso", SIGNIN_SOURCE_MANUAL);
  g_assert_true (report_at (rig, FIREFOX, RIG_REAL - TEN_MINUTES - 1, FALSE));
  g_assert_cmpint (begun (rig, SIGNIN_SOURCE_MANUAL), ==, RIG_REAL);
  g_assert_true (report_at (rig, CHROMIUM, RIG_REAL - TEN_MINUTES, FALSE));
  g_assert_cmpint (begun (rig, SIGNIN_SOURCE_MANUAL), ==, 0);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL - TEN_MINUTES - 1 + RIG_WARNING);
}

/* By hand within 10 minutes of a report nothing changes; 1 µs more, and it does. */
static void
test_manual_beside (void)
{
  static const struct
  {
    gint64 at_usec;
    gboolean counts;
  } cases[] = {
    { RIG_REAL, FALSE },
    { RIG_REAL + TEN_MINUTES, FALSE },
    { RIG_REAL + TEN_MINUTES + 1, TRUE },
    { RIG_REAL - TEN_MINUTES, FALSE },
    { RIG_REAL - TEN_MINUTES - 1, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Rig) rig = rig_new_with_account ();
      gint64 ends;

      report (rig, FIREFOX);
      fake_clock_advance (rig->clock, RIG_HOUR);
      rig_forget (rig);
      ends = rig_sign_in_at (rig, "contoso", SIGNIN_SOURCE_MANUAL, cases[i].at_usec);
      g_assert_cmpint (ends, ==, (cases[i].counts ? cases[i].at_usec : RIG_REAL) + RIG_END);
      g_assert_cmpint (begun (rig, SIGNIN_SOURCE_MANUAL), ==, cases[i].counts ? cases[i].at_usec : 0);
      if (!cases[i].counts)
        rig_expect_nothing (rig);
    }
}

/* "Now" is a time like any other; other programs are no hands; the latest of several reports is meant. */
static void
test_manual_now (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();

  report (rig, FIREFOX);
  fake_clock_advance (rig->clock, 2 * RIG_MIN);
  report (rig, CHROMIUM);
  fake_clock_advance (rig->clock, RIG_MIN);
  g_assert_cmpint (rig_sign_in (rig, "contoso", SIGNIN_SOURCE_MANUAL), ==, RIG_REAL + 2 * RIG_MIN + RIG_END);
  g_assert_cmpuint (n_sessions (rig), ==, 2);
  g_assert_cmpint (rig_sign_in (rig, "contoso", "script"), ==, RIG_REAL + 3 * RIG_MIN + RIG_END);
  g_assert_cmpuint (n_sessions (rig), ==, 3);
  /* And what a program says is no browser's report. */
  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_sign_in (rig, "contoso", "script");
  rig_sign_in (rig, "contoso", SIGNIN_SOURCE_MANUAL);
  g_assert_cmpint (begun (rig, SIGNIN_SOURCE_MANUAL), ==, RIG_REAL + 3 * RIG_MIN + RIG_HOUR);
}

static void
test_force (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();
  g_autoptr (GError) error = NULL;
  gint64 ends = 0;

  report (rig, FIREFOX);
  fake_clock_advance (rig->clock, RIG_MIN);
  g_assert_true (
      signin_tracker_force_sign_in (rig->tracker, "contoso", SIGNIN_SOURCE_MANUAL, -1, FALSE, &ends, &error));
  fake_clock_pump (rig->clock);
  g_assert_cmpint (ends, ==, RIG_REAL + RIG_MIN + RIG_END);
  g_assert_cmpint (begun (rig, SIGNIN_SOURCE_MANUAL), ==, RIG_REAL + RIG_MIN);
  g_assert_cmpint (begun (rig, FIREFOX), ==, RIG_REAL);
}

/* A silent sign-in is of its own source alone. */
static void
test_silent (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();

  rig_sign_in (rig, "contoso", SIGNIN_SOURCE_MANUAL);
  report (rig, CHROMIUM);
  rig_sign_in (rig, "contoso", SIGNIN_SOURCE_MANUAL);
  fake_clock_advance (rig->clock, 11 * RIG_MIN);
  rig_sign_in (rig, "contoso", SIGNIN_SOURCE_MANUAL);
  rig_forget (rig);

  g_assert_true (report_at (rig, FIREFOX, -1, TRUE));
  rig_expect (rig, "signed-in contoso " FIREFOX, NULL);
  g_assert_true (rig_session (rig, "contoso", FIREFOX)->silent);
  g_assert_cmpint (begun (rig, SIGNIN_SOURCE_MANUAL), ==, RIG_REAL + 11 * RIG_MIN);
  g_assert_cmpint (begun (rig, CHROMIUM), ==, RIG_REAL);

  fake_clock_advance (rig->clock, RIG_HOUR);
  g_assert_true (report_at (rig, FIREFOX, -1, TRUE));
  g_assert_cmpint (begun (rig, FIREFOX), ==, RIG_REAL + 11 * RIG_MIN + RIG_HOUR);
  g_assert_cmpint (begun (rig, CHROMIUM), ==, RIG_REAL);
  rig_restart (rig);
  g_assert_true (rig_session (rig, "contoso", FIREFOX)->silent);
}

/* That somebody typed something may be seen only after what looked silent; the other way round says nothing new. */
static void
test_silent_then_typed (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();

  g_assert_true (report_at (rig, FIREFOX, -1, TRUE));
  fake_clock_advance (rig->clock, 20 * RIG_SEC);
  g_assert_false (report_at (rig, FIREFOX, -1, TRUE));
  g_assert_true (report (rig, FIREFOX));
  g_assert_false (rig_session (rig, "contoso", FIREFOX)->silent);
  g_assert_cmpint (begun (rig, FIREFOX), ==, RIG_REAL + 20 * RIG_SEC);
  g_assert_false (report_at (rig, FIREFOX, -1, TRUE));
  g_assert_false (rig_session (rig, "contoso", FIREFOX)->silent);
  /* One that comes late is of before the silent one. */
  fake_clock_advance (rig->clock, RIG_HOUR);
  g_assert_true (report_at (rig, FIREFOX, -1, TRUE));
  g_assert_false (report_at (rig, FIREFOX, RIG_REAL + RIG_MIN, FALSE));
}

static void
test_refused (void)
{
  static const struct
  {
    const char *id;
    const char *source;
    gint64 at_usec;
    SigninError code;
  } cases[] = {
    { "nobody", FIREFOX, -1, SIGNIN_ERROR_NO_SUCH_ACCOUNT },
    { "contoso", "\x1b[31m", -1, SIGNIN_ERROR_INVALID_ARGUMENT },
    { "contoso", FIREFOX, RIG_REAL + 3 * RIG_SEC, SIGNIN_ERROR_INVALID_TIME },
    { "contoso", FIREFOX, RIG_REAL - RIG_END, SIGNIN_ERROR_INVALID_TIME },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Rig) rig = rig_new_with_account ();
      g_autoptr (GError) error = NULL;

      rig_sign_in (rig, "contoso", SIGNIN_SOURCE_MANUAL);
      rig_forget (rig);
      g_assert_false (
          signin_tracker_report (rig->tracker, cases[i].id, cases[i].source, cases[i].at_usec, FALSE, NULL, &error));
      g_assert_error (error, SIGNIN_ERROR, (int) cases[i].code);
      fake_clock_pump (rig->clock);
      rig_expect_nothing (rig);
      g_assert_cmpint (begun (rig, SIGNIN_SOURCE_MANUAL), ==, RIG_REAL);
    }
}

static char *
profile (guint number)
{
  return g_strdup_printf ("firefox:%016x", number);
}

/* Profiles that are gone leave their sessions behind: the one that ended first makes room, a running one never does. */
static void
test_room (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();
  g_autoptr (GError) error = NULL;
  g_autofree char *first = profile (0);
  g_autofree char *second = profile (1);
  g_autofree char *third = profile (2);

  for (guint i = 0; i < 16; i++)
    {
      g_autofree char *source = profile (i);

      g_assert_true (report (rig, source));
      fake_clock_advance (rig->clock, RIG_MIN);
    }
  g_assert_false (signin_tracker_report (rig->tracker, "contoso", CHROMIUM, -1, FALSE, NULL, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_LIMIT_EXCEEDED);
  /* Two are over by then. */
  fake_clock_advance (rig->clock, RIG_END - 15 * RIG_MIN);
  g_assert_true (report (rig, CHROMIUM));
  g_assert_cmpuint (n_sessions (rig), ==, 16);
  g_assert_null (rig_session (rig, "contoso", first));
  g_assert_nonnull (rig_session (rig, "contoso", second));
  g_assert_true (report (rig, "edge:0123456789abcdef"));
  g_assert_null (rig_session (rig, "contoso", second));
  g_assert_nonnull (rig_session (rig, "contoso", third));
  g_clear_error (&error);
  g_assert_false (signin_tracker_report (rig->tracker, "contoso", "brave:0123456789abcdef", -1, FALSE, NULL, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_LIMIT_EXCEEDED);
}

/* Once a browser has reported the account it is known for good that browsers do, sign-outs and restarts or not. */
static void
test_remembered (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();
  g_autoptr (GError) error = NULL;

  rig_sign_in (rig, "contoso", SIGNIN_SOURCE_MANUAL);
  g_assert_false (signin_tracker_get (rig->tracker, "contoso")->reported);
  report (rig, FIREFOX);
  g_assert_true (signin_tracker_get (rig->tracker, "contoso")->reported);
  g_assert_true (signin_tracker_sign_out (rig->tracker, "contoso", NULL, &error));
  fake_clock_pump (rig->clock);
  rig_restart (rig);
  g_assert_cmpuint (n_sessions (rig), ==, 0);
  g_assert_true (signin_tracker_get (rig->tracker, "contoso")->reported);
  g_assert_true (signin_tracker_remove_account (rig->tracker, "contoso", &error));
  fake_clock_pump (rig->clock);
  rig_add (rig, "contoso");
  rig_restart (rig);
  g_assert_false (signin_tracker_get (rig->tracker, "contoso")->reported);
}

/* A report that cannot be stored has never been. */
static void
test_full_disk (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();
  g_autoptr (GError) error = NULL;

  rig_sign_in (rig, "contoso", SIGNIN_SOURCE_MANUAL);
  scratch_fill_disk (TRUE);
  report (rig, FIREFOX);
  g_assert_cmpint (begun (rig, SIGNIN_SOURCE_MANUAL), ==, RIG_REAL);
  g_assert_cmpuint (n_sessions (rig), ==, 1);
  g_assert_false (signin_tracker_get (rig->tracker, "contoso")->reported);
  scratch_fill_disk (FALSE);
  report (rig, FIREFOX);
  g_assert_cmpint (begun (rig, FIREFOX), ==, RIG_REAL);
}

/* A step of the wall clock does not tear a record by hand and a report apart. */
static void
test_clock_step (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();

  rig_sign_in (rig, "contoso", SIGNIN_SOURCE_MANUAL);
  fake_clock_step (rig->clock, 3 * RIG_HOUR, FAKE_STEP_TOLD);
  fake_clock_advance (rig->clock, 9 * RIG_MIN);
  g_assert_true (report (rig, FIREFOX));
  g_assert_cmpint (begun (rig, SIGNIN_SOURCE_MANUAL), ==, 0);
  fake_clock_step (rig->clock, -2 * RIG_HOUR, FAKE_STEP_TOLD);
  g_assert_false (report (rig, FIREFOX));
  fake_clock_advance (rig->clock, RIG_HOUR);
  g_assert_true (report (rig, FIREFOX));
}

/* Not what was reported last, but what ended first; and never what was said by hand. */
static void
test_room_order (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();
  g_autofree char *later = profile (0);
  g_autofree char *earlier = profile (1);
  SigninSession behind;

  rig_sign_in (rig, "contoso", SIGNIN_SOURCE_MANUAL);
  fake_clock_advance (rig->clock, 30 * RIG_MIN);
  g_assert_true (report (rig, later));
  g_assert_true (report_at (rig, earlier, RIG_REAL + 20 * RIG_MIN, FALSE));
  fake_clock_advance (rig->clock, RIG_HOUR);
  for (guint i = 2; i < 15; i++)
    {
      g_autofree char *source = profile (i);

      g_assert_true (report (rig, source));
    }
  g_assert_cmpuint (n_sessions (rig), ==, 16);
  fake_clock_advance (rig->clock, RIG_END - 55 * RIG_MIN);
  behind = *rig_session (rig, "contoso", earlier);
  behind.start.real_usec -= RIG_MIN;
  behind.start.boot_usec -= RIG_MIN;
  g_strlcpy (behind.source, "firefox:00000000000000ff", sizeof behind.source);
  rig_put_behind (rig, "contoso", &behind);
  g_assert_true (report (rig, CHROMIUM));
  g_assert_null (rig_session (rig, "contoso", earlier));
  g_assert_nonnull (rig_session (rig, "contoso", later));
  g_assert_nonnull (rig_session (rig, "contoso", SIGNIN_SOURCE_MANUAL));
}

/* Of two browsers the one that signed in last is meant. */
static void
test_manual_beside_two (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();

  fake_clock_advance (rig->clock, 5 * RIG_MIN);
  g_assert_true (report (rig, FIREFOX));
  g_assert_true (report_at (rig, CHROMIUM, RIG_REAL + RIG_MIN, FALSE));
  g_assert_cmpint (rig_sign_in (rig, "contoso", SIGNIN_SOURCE_MANUAL), ==, RIG_REAL + 5 * RIG_MIN + RIG_END);
  g_assert_cmpuint (n_sessions (rig), ==, 2);
}

/* A minute before a silent sign-on somebody typed something: that is the same one, and not silent. */
static void
test_typed_before_silent (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();

  fake_clock_advance (rig->clock, RIG_HOUR);
  g_assert_true (report_at (rig, FIREFOX, -1, TRUE));
  g_assert_false (report_at (rig, FIREFOX, RIG_REAL + 59 * RIG_MIN - 1, FALSE));
  g_assert_true (report_at (rig, FIREFOX, RIG_REAL + 59 * RIG_MIN, FALSE));
}

/* That a browser reported it cannot be kept, so nothing of the report is. */
static void
test_report_not_kept (void)
{
  g_autoptr (Rig) rig = rig_new_with_account ();

  rig_stop (rig);
  scratch_sql (rig->scratch, "CREATE TRIGGER t BEFORE INSERT ON reported BEGIN SELECT RAISE (ABORT, 'cursed'); END");
  rig_start (rig);
  report (rig, FIREFOX);
  g_assert_cmpuint (n_sessions (rig), ==, 0);
  g_assert_false (signin_tracker_get (rig->tracker, "contoso")->reported);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  g_test_add_func ("/browser-reports/session", test_session);
  g_test_add_func ("/browser-reports/profiles", test_profiles);
  g_test_add_func ("/browser-reports/repeats", test_repeats);
  g_test_add_func ("/browser-reports/late", test_late);
  g_test_add_func ("/browser-reports/signed-out", test_signed_out);
  g_test_add_func ("/browser-reports/replaces-manual", test_replaces_manual);
  g_test_add_func ("/browser-reports/replaces-later-manual", test_replaces_later_manual);
  g_test_add_func ("/browser-reports/manual-beside", test_manual_beside);
  g_test_add_func ("/browser-reports/manual-now", test_manual_now);
  g_test_add_func ("/browser-reports/force", test_force);
  g_test_add_func ("/browser-reports/silent", test_silent);
  g_test_add_func ("/browser-reports/silent-then-typed", test_silent_then_typed);
  g_test_add_func ("/browser-reports/refused", test_refused);
  g_test_add_func ("/browser-reports/room", test_room);
  g_test_add_func ("/browser-reports/room-order", test_room_order);
  g_test_add_func ("/browser-reports/manual-beside-two", test_manual_beside_two);
  g_test_add_func ("/browser-reports/typed-before-silent", test_typed_before_silent);
  g_test_add_func ("/browser-reports/report-not-kept", test_report_not_kept);
  g_test_add_func ("/browser-reports/remembered", test_remembered);
  g_test_add_func ("/browser-reports/full-disk", test_full_disk);
  g_test_add_func ("/browser-reports/clock-step", test_clock_step);
  return g_test_run ();
}
