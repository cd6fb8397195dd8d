/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What holds for points in time and durations whatever the time zone, the day and the hour; each is compared with what
 * looking at every minute in turn finds. A run begins with a seed of its own; --seed repeats one. */

#include "config.h"

#include <string.h>

#include "client/days.h"
#include "client/exits.h"
#include "client/times.h"
#include "client/typed.h"

#include "zones.h"

#define MINUTE_SEC 60
#define HOUR_SEC (60 * MINUTE_SEC)
#define ROUNDS 150

/* From 1971 to 2100; half of them near a change of the clocks, where there are any. */
static gint64
random_instant (void)
{
  gint64 sec = g_test_rand_int_range (1, 131 * 365) * (gint64) SIGNIN_CTL_DAY_SEC + g_test_rand_int_range (0, 86400);
  struct tm local, later;
  time_t time = sec;

  if (g_test_rand_bit ())
    return sec;
  for (guint i = 0; i < 366; i++)
    {
      time_t next = time + SIGNIN_CTL_DAY_SEC;

      localtime_r (&time, &local);
      localtime_r (&next, &later);
      if (local.tm_gmtoff != later.tm_gmtoff)
        return time + g_test_rand_int_range (0, 3 * SIGNIN_CTL_DAY_SEC);
      time = next;
    }
  return sec;
}

static struct tm
local_of (gint64 sec)
{
  time_t time = sec;
  struct tm local;

  localtime_r (&time, &local);
  return local;
}

/* Every instant at which the clock shows @wall, the slow way: all offsets that are in use about then are tried. */
static guint
all_instants (struct tm wall, gint64 found[8])
{
  time_t base = timegm (&wall);
  guint n = 0;

  for (time_t at = base - 40 * HOUR_SEC; at < base + 40 * HOUR_SEC; at += 15 * MINUTE_SEC)
    {
      gint64 instant = base - local_of (at).tm_gmtoff;
      struct tm shown = local_of (instant);
      gboolean known = FALSE;

      for (guint i = 0; i < n; i++)
        known |= found[i] == instant;
      if (!known && shown.tm_gmtoff == base - instant)
        found[n++] = instant;
    }
  return n;
}

static void
test_instants (void)
{
  for (guint zone = 0; zone < G_N_ELEMENTS (zones); zone++)
    for (guint i = 0; i < ROUNDS; i++)
      {
        struct tm wall;
        gint64 instants[2], expected[8];
        guint n;

        use_zone (zone);
        wall = local_of (random_instant ());
        wall.tm_hour = g_test_rand_int_range (0, 24);
        n = signin_ctl_local_instants (&wall, instants);
        g_assert_cmpuint (n, ==, all_instants (wall, expected));
        for (guint j = 0; j < n; j++)
          g_assert_true (instants[j] == expected[0] || instants[j] == expected[1]);
        if (n == 2)
          g_assert_cmpint (instants[0], <, instants[1]);
      }
}

/* What is written in the form of RFC 3339 is read as what it was. */
static void
test_rfc3339 (void)
{
  for (guint i = 0; i < ROUNDS * G_N_ELEMENTS (zones); i++)
    {
      gint64 usec, read = 0;
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;

      use_zone (i);
      usec = random_instant () * G_USEC_PER_SEC + g_test_rand_int_range (0, G_USEC_PER_SEC);
      text = signin_ctl_format_rfc3339 (usec);
      signin_ctl_parse_point (text, usec, &read, &error);
      g_assert_no_error (error);
      g_assert_cmpint (read, ==, usec);
    }
}

static void
expect_refusal (const GError *error, const char *words)
{
  g_assert_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE);
  g_assert_nonnull (strstr (error->message, words));
}

/* A date and a time mean the one instant at which the clock shows them; of two, and of none, it is said that it is so.
 */
static void
test_date_and_time (void)
{
  for (guint i = 0; i < ROUNDS * G_N_ELEMENTS (zones); i++)
    {
      gint64 now, instants[8], read = 0;
      struct tm wall;
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;
      guint n;

      use_zone (i);
      now = random_instant () + 3 * SIGNIN_CTL_DAY_SEC;
      wall = local_of (now - 2 * SIGNIN_CTL_DAY_SEC);
      wall.tm_hour = g_test_rand_int_range (0, 24);
      n = all_instants (wall, instants);
      text = g_strdup_printf ("%04d-%02d-%02d %02d:%02d:%02d", wall.tm_year + 1900, wall.tm_mon + 1, wall.tm_mday,
                              wall.tm_hour, wall.tm_min, wall.tm_sec);
      signin_ctl_parse_point (text, now * G_USEC_PER_SEC, &read, &error);
      if (n == 0)
        expect_refusal (error, "did not exist");
      else if (n == 2)
        expect_refusal (error, "twice");
      else
        g_assert_cmpint (read, ==, instants[0] * G_USEC_PER_SEC);
    }
}

/* The last time the clock showed it, the slow way; 0 if not within two days. */
static gint64
latest (int hour, int minute, gint64 now)
{
  for (gint64 at = now - now % MINUTE_SEC; at > now - 50 * HOUR_SEC; at -= MINUTE_SEC)
    {
      struct tm local = local_of (at);

      if (local.tm_hour == hour && local.tm_min == minute)
        return at;
    }
  return 0;
}

static gboolean
is_gap_on_day_of (gint64 at, int hour, int minute)
{
  struct tm wall = local_of (at);
  gint64 instants[8];

  wall.tm_hour = hour;
  wall.tm_min = minute;
  wall.tm_sec = 0;
  return all_instants (wall, instants) == 0;
}

/* Nobody may take such a time without a question: it came twice, or it would have come today and did not. */
static gboolean
is_doubtful (int hour, int minute, gint64 now, gint64 found)
{
  struct tm wall = local_of (found), today = local_of (now);
  gint64 instants[8];
  guint n = all_instants (wall, instants), past = 0;

  for (guint i = 0; i < n; i++)
    past += instants[i] <= now;
  return past > 1
         || (is_gap_on_day_of (now, hour, minute) && today.tm_hour * 60 + today.tm_min > hour * 60 + minute + 120);
}

/* A time of day alone means the last time it was that late; where that came twice or not at all, this is said. */
static void
test_time_of_day (void)
{
  for (guint i = 0; i < ROUNDS * G_N_ELEMENTS (zones); i++)
    {
      /* Most clocks are changed at night. */
      int hour = g_test_rand_int_range (0, g_test_rand_bit () ? 24 : 4), minute = g_test_rand_int_range (0, 60);
      g_autofree char *text = g_strdup_printf ("%02d:%02d", hour, minute);
      g_autoptr (GError) error = NULL;
      gint64 now, read = 0, expected;

      use_zone (i);
      now = MAX (random_instant (), 3 * SIGNIN_CTL_DAY_SEC);
      expected = latest (hour, minute, now);
      if (signin_ctl_parse_point (text, now * G_USEC_PER_SEC, &read, &error))
        {
          g_assert_cmpint (read, ==, expected * G_USEC_PER_SEC);
          g_assert_false (is_doubtful (hour, minute, now, expected));
        }
      else if (strstr (error->message, "twice") != NULL)
        {
          struct tm wall = local_of (expected);
          gint64 instants[8];

          g_assert_cmpuint (all_instants (wall, instants), ==, 2);
          g_assert_cmpint (MAX (instants[0], instants[1]), <=, now);
        }
      else
        {
          expect_refusal (error, "did not exist");
          g_assert_true (
              is_gap_on_day_of (now, hour, minute)
              || is_gap_on_day_of (signin_ctl_day_begin (now * G_USEC_PER_SEC, -1) / G_USEC_PER_SEC, hour, minute));
        }
    }
}

/* "08:12" in the small hours is yesterday's, wherever and whenever that is. */
static void
test_small_hours (void)
{
  for (guint i = 0; i < ROUNDS * G_N_ELEMENTS (zones); i++)
    {
      gint64 now, read = 0;
      struct tm wall, shown;

      use_zone (i);
      now = signin_ctl_day_begin ((random_instant () + 3 * SIGNIN_CTL_DAY_SEC) * G_USEC_PER_SEC, 0);
      now += 30 * SIGNIN_CTL_MINUTE;
      wall = local_of (now / G_USEC_PER_SEC);
      g_assert_true (signin_ctl_parse_point ("08:12", now, &read, NULL));
      shown = local_of (read / G_USEC_PER_SEC);
      g_assert_cmpint (shown.tm_hour * 100 + shown.tm_min, ==, 812);
      g_assert_cmpint (shown.tm_mday, !=, wall.tm_mday);
      g_assert_cmpint (read, >, now - 18 * SIGNIN_CTL_HOUR);
    }
}

/* A day begins where another date is shown a second before, ends where the next one begins, and is about a day long. */
static void
test_days (void)
{
  for (guint i = 0; i < ROUNDS * G_N_ELEMENTS (zones); i++)
    {
      gint64 at, begins, ends, since = 0, until = 0;
      g_autofree char *date = NULL;
      struct tm wall;

      use_zone (i);
      at = (random_instant () + SIGNIN_CTL_DAY_SEC) * G_USEC_PER_SEC;
      begins = signin_ctl_day_begin (at, 0);
      ends = signin_ctl_day_begin (at, 1);
      wall = local_of (at / G_USEC_PER_SEC);
      g_assert_true (begins <= at && at < ends);
      g_assert_cmpint (local_of (begins / G_USEC_PER_SEC).tm_mday, ==, wall.tm_mday);
      g_assert_cmpint (local_of (begins / G_USEC_PER_SEC - 1).tm_mday, !=, wall.tm_mday);
      g_assert_cmpint (ends - begins, >=, 22 * SIGNIN_CTL_HOUR);
      g_assert_cmpint (ends - begins, <=, 26 * SIGNIN_CTL_HOUR);
      g_assert_cmpint (signin_ctl_day_begin (ends, -1), ==, begins);

      date = g_strdup_printf ("%04d-%02d-%02d", wall.tm_year + 1900, wall.tm_mon + 1, wall.tm_mday);
      g_assert_true (signin_ctl_parse_bound (date, at, FALSE, &since, NULL));
      g_assert_true (signin_ctl_parse_bound (date, at, TRUE, &until, NULL));
      g_assert_true (since == begins && until == ends);
    }
}

/* All parts of a day that the clock shows, and no others; every instant is in the part that shows it. */
static void
test_cells (void)
{
  for (guint i = 0; i < ROUNDS; i++)
    {
      guint cells = 24 * (guint) g_test_rand_int_range (1, 5);
      SigninCtlDay day;
      guint missing = 0;

      use_zone (i);
      signin_ctl_day_init (&day, (random_instant () + SIGNIN_CTL_DAY_SEC) * G_USEC_PER_SEC, cells);
      for (guint cell = 0; cell < cells; cell++)
        {
          missing += !signin_ctl_day_has (&day, cell);
          for (guint j = 0; j < 2; j++)
            if (day.instants[cell][j] != 0)
              {
                g_assert_true (day.instants[cell][j] >= day.begins && day.instants[cell][j] < day.ends);
                g_assert_cmpuint (signin_ctl_day_cell (&day, day.instants[cell][j]), ==, cell);
                g_assert_true (signin_ctl_day_covers (&day, cell, day.begins, day.ends));
              }
        }
      g_assert_cmpuint (missing, ==,
                        MAX (24 * SIGNIN_CTL_HOUR - (day.ends - day.begins), 0) * cells / (24 * SIGNIN_CTL_HOUR));
    }
}

/* A duration is read as what it was written; "ago" is true time, whatever clocks do in between. */
static void
test_durations (void)
{
  for (guint i = 0; i < ROUNDS * G_N_ELEMENTS (zones); i++)
    {
      gint64 usec = g_test_rand_int_range (0, 366 * 24 * 60) * SIGNIN_CTL_MINUTE;
      g_autofree char *text = signin_ctl_format_duration (usec);
      g_autofree char *ago = g_strconcat (text, " ago", NULL);
      gint64 now, read = -1;

      use_zone (i);
      now = (random_instant () + 367 * SIGNIN_CTL_DAY_SEC) * G_USEC_PER_SEC;
      g_assert_true (signin_ctl_parse_duration (text, &read, NULL));
      g_assert_cmpint (read, ==, usec);
      g_assert_true (signin_ctl_parse_point (ago, now, &read, NULL));
      g_assert_cmpint (read, ==, now - usec);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zones/instants", test_instants);
  g_test_add_func ("/zones/rfc3339", test_rfc3339);
  g_test_add_func ("/zones/date-and-time", test_date_and_time);
  g_test_add_func ("/zones/time-of-day", test_time_of_day);
  g_test_add_func ("/zones/small-hours", test_small_hours);
  g_test_add_func ("/zones/days", test_days);
  g_test_add_func ("/zones/cells", test_cells);
  g_test_add_func ("/zones/durations", test_durations);
  return g_test_run ();
}
