/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "times.h"

#include <glib/gi18n.h>

#include "days.h"

static gboolean
same_wall (const struct tm *a, const struct tm *b)
{
  return a->tm_year == b->tm_year && a->tm_mon == b->tm_mon && a->tm_mday == b->tm_mday && a->tm_hour == b->tm_hour
         && a->tm_min == b->tm_min && a->tm_sec == b->tm_sec;
}

/**
 * signin_ctl_local_instants:
 * @wall: what a clock on the wall shows; only the date and the time of day are looked at
 * @instants: (out): the instants at which it does, in seconds, the earlier one first
 *
 * Where clocks are put forward, some times never come; where they are put back, some come twice. The offsets of the day
 * before and of the day after cover both.
 *
 * Returns: how many instants there are: 0, 1 or 2.
 */
guint
signin_ctl_local_instants (const struct tm *wall, gint64 instants[2])
{
  struct tm copy = *wall;
  time_t base = timegm (&copy);
  guint n = 0;

  for (int side = -1; side <= 1; side += 2)
    {
      time_t near = base + side * SIGNIN_CTL_DAY_SEC;
      time_t instant;
      struct tm local;

      if (localtime_r (&near, &local) == NULL)
        continue;
      instant = base - local.tm_gmtoff;
      if (localtime_r (&instant, &local) == NULL || !same_wall (&local, wall))
        continue;
      if (n == 0 || instants[0] != instant)
        instants[n++] = instant;
    }
  if (n == 2 && instants[0] > instants[1])
    {
      gint64 later = instants[0];

      instants[0] = instants[1];
      instants[1] = later;
    }
  return n;
}

static gboolean
get_local (gint64 usec, struct tm *local)
{
  time_t sec = CLAMP (usec, 0, SIGNIN_CTL_LAST_USEC) / G_USEC_PER_SEC;

  return localtime_r (&sec, local) != NULL;
}

static gint64
day_number (const struct tm *local)
{
  struct tm date = { .tm_year = local->tm_year, .tm_mon = local->tm_mon, .tm_mday = local->tm_mday };

  return timegm (&date) / SIGNIN_CTL_DAY_SEC;
}

/* "16:12", and in the hour that comes twice "02:30 CEST". */
static char *
format_time_of_day (const struct tm *local)
{
  gint64 instants[2];
  gboolean twice = signin_ctl_local_instants (local, instants) == 2;

  return g_strdup_printf ("%02d:%02d%s%s", local->tm_hour, local->tm_min, twice ? " " : "",
                          twice && local->tm_zone != NULL ? local->tm_zone : "");
}

/**
 * signin_ctl_format_clock:
 * @usec: a point in time
 * @now_usec: now
 *
 * Returns: (transfer full): @usec as the clock on the wall shows it, with the day where that is not today.
 */
char *
signin_ctl_format_clock (gint64 usec, gint64 now_usec)
{
  struct tm local;
  struct tm today;
  g_autofree char *time_of_day = NULL;
  g_autofree char *weekday = NULL;
  gint64 days;

  if (!get_local (usec, &local) || !get_local (now_usec, &today))
    return g_strdup (_ ("unknown"));
  time_of_day = format_time_of_day (&local);
  days = day_number (&local) - day_number (&today);
  if (days == 0)
    return g_steal_pointer (&time_of_day);
  if (days == -1)
    /* TRANSLATORS: a time of day, such as "17:30 yesterday" */
    return g_strdup_printf (_ ("%s yesterday"), time_of_day);
  if (days == 1)
    /* TRANSLATORS: a time of day, such as "02:15 tomorrow" */
    return g_strdup_printf (_ ("%s tomorrow"), time_of_day);
  if (ABS (days) >= 7)
    /* TRANSLATORS: a time of day and a date, such as "17:30 on 2026-11-22" */
    return g_strdup_printf (_ ("%s on %04d-%02d-%02d"), time_of_day, local.tm_year + 1900, local.tm_mon + 1,
                            local.tm_mday);
  weekday = signin_ctl_day_weekday (usec);
  /* TRANSLATORS: a time of day and the name of a day, such as "17:30 on Friday" */
  return g_strdup_printf (_ ("%s on %s"), time_of_day, weekday);
}

/**
 * signin_ctl_format_duration:
 * @usec: a duration
 *
 * A warning that comes 20 minutes before the end says so, although some microseconds of them are gone when it is read.
 *
 * Returns: (transfer full): @usec, taken for a whole second where one has begun, in words such as "1 h 12 min", and
 * never more minutes than it has; below a minute in seconds.
 */
char *
signin_ctl_format_duration (gint64 usec)
{
  gint64 seconds = usec > 0 ? (usec - 1) / G_USEC_PER_SEC + 1 : 0;
  int hours = (int) MIN (seconds / 3600, G_MAXINT);
  int minutes = (int) (seconds / 60 % 60);

  if (hours > 0 && minutes > 0)
    /* TRANSLATORS: hours and minutes, such as "7 h 40 min" */
    return g_strdup_printf (_ ("%d h %d min"), hours, minutes);
  if (hours > 0)
    /* TRANSLATORS: hours */
    return g_strdup_printf (_ ("%d h"), hours);
  if (minutes > 0)
    /* TRANSLATORS: minutes */
    return g_strdup_printf (_ ("%d min"), minutes);
  /* TRANSLATORS: seconds */
  return g_strdup_printf (_ ("%d s"), (int) (seconds % 60));
}

/**
 * signin_ctl_format_rfc3339:
 * @usec: a point in time
 *
 * Returns: (transfer full): @usec in the form of RFC 3339, with the offset of this time zone, and with microseconds
 * where there are any.
 */
char *
signin_ctl_format_rfc3339 (gint64 usec)
{
  struct tm local;
  int fraction = (int) (usec % G_USEC_PER_SEC);
  g_autofree char *decimals = fraction != 0 ? g_strdup_printf (".%06d", ABS (fraction)) : g_strdup ("");
  int minutes;

  if (!get_local (usec, &local))
    return g_strdup ("");
  minutes = (int) (local.tm_gmtoff / 60);
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d%s%c%02d:%02d", local.tm_year + 1900, local.tm_mon + 1,
                          local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec, decimals, minutes < 0 ? '-' : '+',
                          ABS (minutes) / 60, ABS (minutes) % 60);
}
