/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "days.h"

#include "times.h"

#define DAY_MINUTES (24 * 60)

static void
get_local (gint64 sec, struct tm *local)
{
  time_t time = CLAMP (sec, 0, SIGNIN_CTL_LAST_USEC / G_USEC_PER_SEC);

  if (localtime_r (&time, local) == NULL)
    *local = (struct tm){ .tm_year = 70, .tm_mday = 1 };
}

static gint64
number_of (const struct tm *local)
{
  struct tm date = { .tm_year = local->tm_year, .tm_mon = local->tm_mon, .tm_mday = local->tm_mday };

  return timegm (&date) / SIGNIN_CTL_DAY_SEC;
}

static gint64
number_at (gint64 sec)
{
  struct tm local;

  get_local (sec, &local);
  return number_of (&local);
}

/**
 * signin_ctl_day_begin:
 * @usec: a point in time
 * @days: how many days later
 *
 * Midnight is not always there: where clocks are put forward at midnight, a day begins at 01:00.
 *
 * Returns: the first instant of the day of @usec here, or of one some days later or earlier.
 */
gint64
signin_ctl_day_begin (gint64 usec, int days)
{
  gint64 sec = usec / G_USEC_PER_SEC;
  gint64 wanted = number_at (sec) + days;
  /* No place is further from UTC than this. */
  gint64 before = (wanted - 2) * SIGNIN_CTL_DAY_SEC;
  gint64 after = (wanted + 2) * SIGNIN_CTL_DAY_SEC;

  while (after - before > 1)
    {
      gint64 middle = before + (after - before) / 2;

      if (number_at (middle) < wanted)
        before = middle;
      else
        after = middle;
    }
  return MAX (after, 0) * G_USEC_PER_SEC;
}

/**
 * signin_ctl_day_init:
 * @day: (out): where to store it
 * @usec: a point in time
 * @cells: into how many parts to divide its 24 hours, at most %SIGNIN_CTL_CELLS_MAX
 *
 * Looks at the day of @usec.
 */
void
signin_ctl_day_init (SigninCtlDay *day, gint64 usec, guint cells)
{
  struct tm wall;

  *day = (SigninCtlDay){ .cells = cells };
  day->begins = signin_ctl_day_begin (usec, 0);
  day->ends = signin_ctl_day_begin (usec, 1);
  get_local (usec / G_USEC_PER_SEC, &wall);
  wall.tm_sec = 0;
  for (guint i = 0; i < cells; i++)
    {
      guint minute = (2 * i + 1) * DAY_MINUTES / (2 * cells);
      gint64 instants[2];
      guint n;

      wall.tm_hour = minute / 60;
      wall.tm_min = minute % 60;
      n = signin_ctl_local_instants (&wall, instants);
      for (guint j = 0; j < n; j++)
        day->instants[i][j] = instants[j] * G_USEC_PER_SEC;
    }
}

/**
 * signin_ctl_day_cell:
 * @day: a day
 * @usec: an instant of it
 *
 * Returns: the part of the day in which it is.
 */
guint
signin_ctl_day_cell (const SigninCtlDay *day, gint64 usec)
{
  struct tm local;

  get_local (usec / G_USEC_PER_SEC, &local);
  return MIN ((local.tm_hour * 60 + local.tm_min) * day->cells / DAY_MINUTES, day->cells - 1);
}

/**
 * signin_ctl_day_has:
 * @day: a day
 * @cell: a part of it
 *
 * Returns: whether the clock ever shows it: what is skipped when clocks are put forward is not there.
 */
gboolean
signin_ctl_day_has (const SigninCtlDay *day, guint cell)
{
  return day->instants[cell][0] != 0;
}

/**
 * signin_ctl_day_covers:
 * @day: a day
 * @cell: a part of it
 * @begins: when something began
 * @ends: when it ended
 *
 * Returns: whether the middle of @cell lies in between, at least once where it comes twice.
 */
gboolean
signin_ctl_day_covers (const SigninCtlDay *day, guint cell, gint64 begins, gint64 ends)
{
  for (guint i = 0; i < 2; i++)
    {
      gint64 instant = day->instants[cell][i];

      if (instant != 0 && instant >= begins && instant < ends)
        return TRUE;
    }
  return FALSE;
}

/**
 * signin_ctl_day_weekday:
 * @usec: an instant
 *
 * Returns: (transfer full): "Mon", as this locale writes it.
 */
char *
signin_ctl_day_weekday (gint64 usec)
{
  struct tm local;
  char text[64];
  char *utf8 = NULL;

  get_local (usec / G_USEC_PER_SEC, &local);
  if (strftime (text, sizeof text, "%a", &local) > 0)
    utf8 = g_locale_to_utf8 (text, -1, NULL, NULL, NULL);
  return utf8 != NULL ? utf8 : g_strdup ("");
}

/**
 * signin_ctl_day_year:
 * @usec: an instant
 *
 * Returns: its year here.
 */
guint
signin_ctl_day_year (gint64 usec)
{
  struct tm local;

  get_local (usec / G_USEC_PER_SEC, &local);
  return local.tm_year + 1900;
}

/**
 * signin_ctl_day_format:
 * @usec: an instant
 * @with_year: whether the year belongs to it
 *
 * Returns: (transfer full): its day here, such as "Mon 2026-11-23" or "Mon 11-23".
 */
char *
signin_ctl_day_format (gint64 usec, gboolean with_year)
{
  g_autofree char *weekday = signin_ctl_day_weekday (usec);
  struct tm local;

  get_local (usec / G_USEC_PER_SEC, &local);
  if (with_year)
    return g_strdup_printf ("%s %04d-%02d-%02d", weekday, local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
  return g_strdup_printf ("%s %02d-%02d", weekday, local.tm_mon + 1, local.tm_mday);
}
