/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Points in time and durations, as they are typed and shown. Central Europe, by rule: no time zone files are needed. */

#include "config.h"

#include <time.h>

#include "client/exits.h"
#include "client/times.h"
#include "client/typed.h"

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"

/* What @text means, typed at @now; 0 if it is refused. Both are in RFC 3339. */
static gint64
point (const char *text, const char *now, GError **error)
{
  gint64 now_usec = 0;
  gint64 usec = 0;

  g_assert_true (signin_ctl_parse_point (now, 0, &now_usec, NULL));
  return signin_ctl_parse_point (text, now_usec, &usec, error) ? usec : 0;
}

static void
assert_point (const char *text, const char *now, const char *expected)
{
  g_autoptr (GError) error = NULL;
  gint64 usec = point (text, now, &error);
  g_autofree char *shown = usec != 0 ? signin_ctl_format_rfc3339 (usec) : NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (shown, ==, expected);
}

static void
assert_refused (const char *text, const char *now, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (point (text, now, &error), ==, 0);
  g_assert_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE);
  g_assert_nonnull (strstr (error->message, part));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_time_of_day (void)
{
  assert_point ("08:12", "2026-11-24T15:00:00+01:00", "2026-11-24T08:12:00+01:00");
  assert_point ("8:12", "2026-11-24T15:00:00+01:00", "2026-11-24T08:12:00+01:00");
  assert_point ("08:12:30", "2026-11-24T15:00:00+01:00", "2026-11-24T08:12:30+01:00");
  /* In the night, the morning that is meant is yesterday's. */
  assert_point ("08:12", "2026-11-24T00:30:00+01:00", "2026-11-23T08:12:00+01:00");
  assert_point ("23:59", "2026-01-01T00:00:00+01:00", "2025-12-31T23:59:00+01:00");
  /* This very minute has begun; the next one has not. */
  assert_point ("08:12", "2026-11-24T08:12:00+01:00", "2026-11-24T08:12:00+01:00");
  assert_point ("08:12", "2026-11-24T08:11:59.999999+01:00", "2026-11-23T08:12:00+01:00");
  assert_point ("00:00", "2026-11-24T00:00:00+01:00", "2026-11-24T00:00:00+01:00");
  assert_point ("23:59", "2028-03-01T12:00:00+01:00", "2028-02-29T23:59:00+01:00");
}

static void
test_days (void)
{
  assert_point ("yesterday 17:30", "2026-11-24T15:00:00+01:00", "2026-11-23T17:30:00+01:00");
  assert_point ("yesterday 17:30", "2026-03-01T00:10:00+01:00", "2026-02-28T17:30:00+01:00");
  assert_point ("Yesterday  17:30", "2026-01-01T15:00:00+01:00", "2025-12-31T17:30:00+01:00");
  assert_point ("today 08:12", "2026-11-24T15:00:00+01:00", "2026-11-24T08:12:00+01:00");
  assert_point ("now", "2026-11-24T15:00:00.5+01:00", "2026-11-24T15:00:00.500000+01:00");
  assert_point ("2026-11-20 08:12", "2026-11-24T15:00:00+01:00", "2026-11-20T08:12:00+01:00");
  assert_point ("2026-07-20 08:12", "2026-11-24T15:00:00+01:00", "2026-07-20T08:12:00+02:00");
  assert_point ("2028-02-29T08:12", "2028-11-24T15:00:00+01:00", "2028-02-29T08:12:00+01:00");
}

static void
test_ago (void)
{
  assert_point ("25 min ago", "2026-11-24T15:00:00+01:00", "2026-11-24T14:35:00+01:00");
  assert_point ("1h 25min ago", "2026-11-24T15:00:00+01:00", "2026-11-24T13:35:00+01:00");
  assert_point (" 2 hours ago ", "2026-11-24T01:00:00+01:00", "2026-11-23T23:00:00+01:00");
  /* True time, not what the clock on the wall says: the clocks were put forward in between. */
  assert_point ("3 h ago", "2026-03-29T04:00:00+02:00", "2026-03-29T00:00:00+01:00");
}

static void
test_rfc3339 (void)
{
  assert_point ("2026-11-22T08:12:00Z", "2026-11-24T15:00:00+01:00", "2026-11-22T09:12:00+01:00");
  assert_point ("2026-11-22t08:12:00z", "2026-11-24T15:00:00+01:00", "2026-11-22T09:12:00+01:00");
  assert_point ("2026-11-22T08:12:00+05:30", "2026-11-24T15:00:00+01:00", "2026-11-22T03:42:00+01:00");
  assert_point ("2026-11-22T08:12:00-08:00", "2026-11-24T15:00:00+01:00", "2026-11-22T17:12:00+01:00");
  assert_point ("2026-11-22T08:12:00.123456789Z", "2026-11-24T15:00:00Z", "2026-11-22T09:12:00.123456+01:00");
}

static void
test_clocks_forward (void)
{
  assert_refused ("02:30", "2026-03-29T12:00:00+02:00", "did not exist");
  assert_refused ("2026-03-29 02:00", "2026-03-30T12:00:00+02:00", "did not exist");
  assert_refused ("yesterday 02:59", "2026-03-30T12:00:00+02:00", "did not exist");
  assert_point ("01:59", "2026-03-29T12:00:00+02:00", "2026-03-29T01:59:00+01:00");
  assert_point ("03:00", "2026-03-29T12:00:00+02:00", "2026-03-29T03:00:00+02:00");
  /* Before the gap, the day before is meant; a day after it, the new day. */
  assert_point ("02:30", "2026-03-29T01:00:00+01:00", "2026-03-28T02:30:00+01:00");
  assert_point ("02:30", "2026-03-30T12:00:00+02:00", "2026-03-30T02:30:00+02:00");
  assert_refused ("02:30", "2026-03-30T01:00:00+02:00", "did not exist");
}

static void
test_clocks_back (void)
{
  assert_refused ("02:30", "2026-10-25T12:00:00+01:00", "2026-10-25T02:30:00+02:00");
  assert_refused ("02:30", "2026-10-25T12:00:00+01:00", "2026-10-25T02:30:00+01:00");
  assert_refused ("2026-10-25 02:00", "2026-10-26T12:00:00+01:00", "twice");
  assert_point ("2026-10-25T02:30:00+02:00", "2026-10-26T12:00:00+01:00", "2026-10-25T02:30:00+02:00");
  assert_point ("2026-10-25T02:30:00+01:00", "2026-10-26T12:00:00+01:00", "2026-10-25T02:30:00+01:00");
  assert_point ("01:59", "2026-10-25T12:00:00+01:00", "2026-10-25T01:59:00+02:00");
  assert_point ("03:00", "2026-10-25T12:00:00+01:00", "2026-10-25T03:00:00+01:00");
  /* As long as it came only once, there is nothing to ask. */
  assert_point ("02:30", "2026-10-25T02:45:00+02:00", "2026-10-25T02:30:00+02:00");
  assert_point ("02:30", "2026-10-25T02:15:00+01:00", "2026-10-25T02:30:00+02:00");
  assert_refused ("02:30", "2026-10-25T02:30:00+01:00", "twice");
}

static void
test_not_a_time (void)
{
  const char *texts[] = { "",
                          " ",
                          "24:00",
                          "08:60",
                          "08:12:60",
                          "8",
                          "812",
                          "08:1",
                          "008:12",
                          "08:12x",
                          "-08:12",
                          "+08:12",
                          "tomorrow 08:12",
                          "yesterday",
                          "yesterday08:12",
                          "ago",
                          "min ago",
                          "5 ago",
                          "25 min",
                          "2026-02-29 08:12",
                          "2026-13-01 08:12",
                          "2026-00-10 08:12",
                          "2026-11-31T08:12:00Z",
                          "2026-11-22",
                          "2026-11-22T08:12:00+1:00",
                          "2026-11-22T08:12:00+0100",
                          "2026-11-22T08:12:00.Z",
                          "2026-11-22T08:12:00+24:00",
                          "1969-12-31T23:00:00Z",
                          "1970-01-01T00:00:00+01:00",
                          "99999-01-01 00:00",
                          "now now",
                          "\033[31m08:12",
                          "99999999999999999999 min ago",
                          "08:12\n1",
                          "٠٨:١٢" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (point (texts[i], "2026-11-24T15:00:00+01:00", &error), ==, 0);
      g_assert_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE);
    }
}

static void
test_durations (void)
{
  static const struct
  {
    const char *text;
    gint64 minutes;
  } good[] = { { "8h", 480 },  { "7h 40min", 460 }, { "7 h 40 min", 460 }, { "7h40min", 460 },  { "20 min", 20 },
               { "20m", 20 },  { "480min", 480 },   { "1 hour", 60 },      { "2 Hours", 120 },  { " 5 minutes ", 5 },
               { "0 min", 0 }, { "120 s", 2 },      { "1h 60s", 61 },      { "8784 h", 527040 } };
  static const char *const bad[] = { "",           " ",           "8",         "h",           "8 x",
                                     "-5 min",     "5.5 h",       "5 min 1 h", "5 min 5 min", "8785 h",
                                     "99999999 h", "999999999 s", "8h,",       "none",        "8 h ago",
                                     "8h\033",     "８h",         "0x10 h",    "1e3 s" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      gint64 usec = -1;

      g_assert_true (signin_ctl_parse_duration (good[i].text, &usec, NULL));
      g_assert_cmpint (usec, ==, good[i].minutes * SIGNIN_CTL_MINUTE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 usec;

      g_assert_false (signin_ctl_parse_duration (bad[i], &usec, &error));
      g_assert_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE);
    }
}

static void
test_show_duration (void)
{
  static const struct
  {
    gint64 usec;
    const char *text;
  } cases[] = { { 0, "0 s" },
                { -5, "0 s" },
                { 1, "1 s" },
                { 59000000, "59 s" },
                { 59000001, "1 min" },
                { SIGNIN_CTL_MINUTE, "1 min" },
                { 20 * SIGNIN_CTL_MINUTE - 3000, "20 min" },
                { SIGNIN_CTL_HOUR - G_USEC_PER_SEC, "59 min" },
                { SIGNIN_CTL_HOUR - 1, "1 h" },
                { SIGNIN_CTL_HOUR, "1 h" },
                { 72 * SIGNIN_CTL_MINUTE + 59000000, "1 h 12 min" },
                { 460 * SIGNIN_CTL_MINUTE, "7 h 40 min" },
                { 8 * SIGNIN_CTL_HOUR - G_USEC_PER_SEC, "7 h 59 min" },
                { 8 * SIGNIN_CTL_HOUR, "8 h" },
                { 24 * SIGNIN_CTL_HOUR, "24 h" },
                { G_MAXINT64, "2147483647 h" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = signin_ctl_format_duration (cases[i].usec);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
assert_clock (const char *when, const char *now, const char *expected)
{
  g_autofree char *text = signin_ctl_format_clock (point (when, when, NULL), point (now, now, NULL));

  g_assert_cmpstr (text, ==, expected);
}

static void
test_show_clock (void)
{
  const char *now = "2026-11-24T15:00:00+01:00"; /* a Tuesday */

  assert_clock ("2026-11-24T16:12:59+01:00", now, "16:12");
  assert_clock ("2026-11-24T00:00:00+01:00", now, "00:00");
  assert_clock ("2026-11-23T23:59:59+01:00", now, "23:59 yesterday");
  assert_clock ("2026-11-25T00:00:00+01:00", now, "00:00 tomorrow");
  assert_clock ("2026-11-22T08:12:00+01:00", now, "08:12 on Sun");
  assert_clock ("2026-11-18T08:12:00+01:00", now, "08:12 on Wed");
  assert_clock ("2026-11-17T08:12:00+01:00", now, "08:12 on 2026-11-17");
  assert_clock ("2026-12-01T08:12:00+01:00", now, "08:12 on 2026-12-01");
  /* An hour that comes twice is told apart; a day of 25 or 23 hours is one day. */
  assert_clock ("2026-10-25T02:30:00+02:00", "2026-10-25T12:00:00+01:00", "02:30 CEST");
  assert_clock ("2026-10-25T02:30:00+01:00", "2026-10-25T12:00:00+01:00", "02:30 CET");
  assert_clock ("2026-10-25T03:00:00+01:00", "2026-10-25T12:00:00+01:00", "03:00");
  assert_clock ("2026-10-24T23:30:00+02:00", "2026-10-25T23:45:00+01:00", "23:30 yesterday");
  assert_clock ("2026-03-29T23:30:00+02:00", "2026-03-28T23:45:00+01:00", "23:30 tomorrow");
}

static void
test_show_rfc3339 (void)
{
  g_autofree char *whole = signin_ctl_format_rfc3339 (G_GINT64_CONSTANT (1795305600) * G_USEC_PER_SEC);
  g_autofree char *part = signin_ctl_format_rfc3339 (G_GINT64_CONSTANT (1795305600) * G_USEC_PER_SEC + 1);
  g_autofree char *last = signin_ctl_format_rfc3339 (G_MAXINT64);

  g_assert_cmpstr (whole, ==, "2026-11-22T01:00:00+01:00");
  g_assert_cmpstr (part, ==, "2026-11-22T01:00:00.000001+01:00");
  g_assert_true (g_str_has_prefix (last, "10000-01-01T00:59:59") || g_str_has_prefix (last, "9999-12-31"));
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", BERLIN, TRUE);
  tzset ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/times/typed/time-of-day", test_time_of_day);
  g_test_add_func ("/times/typed/days", test_days);
  g_test_add_func ("/times/typed/ago", test_ago);
  g_test_add_func ("/times/typed/rfc3339", test_rfc3339);
  g_test_add_func ("/times/typed/clocks-forward", test_clocks_forward);
  g_test_add_func ("/times/typed/clocks-back", test_clocks_back);
  g_test_add_func ("/times/typed/not-a-time", test_not_a_time);
  g_test_add_func ("/times/typed/durations", test_durations);
  g_test_add_func ("/times/shown/duration", test_show_duration);
  g_test_add_func ("/times/shown/clock", test_show_clock);
  g_test_add_func ("/times/shown/rfc3339", test_show_rfc3339);
  return g_test_run ();
}
