/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "typed.h"

#include <string.h>

#include <glib/gi18n.h>

#include "days.h"
#include "exits.h"
#include "times.h"

/* Longer than any session; keeps every sum far from overflow. */
#define DURATION_MAX_HOURS (366 * 24)

static const struct
{
  const char *name;
  gint64 usec;
} units[] = {
  { "h", SIGNIN_CTL_HOUR },         { "hr", SIGNIN_CTL_HOUR },     { "hrs", SIGNIN_CTL_HOUR },
  { "hour", SIGNIN_CTL_HOUR },      { "hours", SIGNIN_CTL_HOUR },  { "m", SIGNIN_CTL_MINUTE },
  { "min", SIGNIN_CTL_MINUTE },     { "mins", SIGNIN_CTL_MINUTE }, { "minute", SIGNIN_CTL_MINUTE },
  { "minutes", SIGNIN_CTL_MINUTE }, { "s", G_USEC_PER_SEC },       { "sec", G_USEC_PER_SEC },
  { "secs", G_USEC_PER_SEC },       { "second", G_USEC_PER_SEC },  { "seconds", G_USEC_PER_SEC },
};

static const char *
skip_spaces (const char *p)
{
  while (*p == ' ')
    p++;
  return p;
}

/* Reads @min to @max digits; %NULL if there are fewer or more. */
static const char *
read_digits (const char *p, guint min, guint max, int *value)
{
  guint n = 0;

  *value = 0;
  for (; g_ascii_isdigit (*p) && n <= max; p++, n++)
    *value = *value * 10 + g_ascii_digit_value (*p);
  return n >= min && n <= max ? p : NULL;
}

static gint64
find_unit (const char *name, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (strlen (units[i].name) == length && g_ascii_strncasecmp (units[i].name, name, length) == 0)
      return units[i].usec;
  return 0;
}

/* "7 h 40 min": numbers with units, the larger ones first. */
static gboolean
read_duration (const char *p, gint64 *usec)
{
  gint64 last_unit = G_MAXINT64;

  *usec = 0;
  p = skip_spaces (p);
  if (*p == '\0')
    return FALSE;
  while (*p != '\0')
    {
      int value;
      const char *name;
      gint64 unit;

      p = read_digits (p, 1, 8, &value);
      if (p == NULL)
        return FALSE;
      name = p = skip_spaces (p);
      while (g_ascii_isalpha (*p))
        p++;
      unit = find_unit (name, p - name);
      if (unit == 0 || unit >= last_unit || value > DURATION_MAX_HOURS * SIGNIN_CTL_HOUR / unit)
        return FALSE;
      *usec += value * unit;
      last_unit = unit;
      p = skip_spaces (p);
    }
  return TRUE;
}

/**
 * signin_ctl_parse_duration:
 * @text: what was typed, such as "8h", "7 h 40 min" or "20 min"
 * @usec: (out): the duration
 * @error: why it is none
 *
 * Returns: whether @text is a duration; 0 is one.
 */
gboolean
signin_ctl_parse_duration (const char *text, gint64 *usec, GError **error)
{
  if (read_duration (text, usec))
    return TRUE;
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
               _ ("'%s' is not a duration: write it as 8h, '7h 40min' or 20min, up to a year"), text);
  return FALSE;
}

/* "8:12" or "08:12:30", and nothing after it but @rest. */
static gboolean
read_time_of_day (const char *p, struct tm *wall, const char **rest)
{
  p = read_digits (p, 1, 2, &wall->tm_hour);
  if (p == NULL || *p != ':')
    return FALSE;
  p = read_digits (p + 1, 2, 2, &wall->tm_min);
  if (p == NULL)
    return FALSE;
  wall->tm_sec = 0;
  if (*p == ':')
    p = read_digits (p + 1, 2, 2, &wall->tm_sec);
  if (p == NULL || wall->tm_hour > 23 || wall->tm_min > 59 || wall->tm_sec > 59)
    return FALSE;
  *rest = p;
  return TRUE;
}

/* "2026-11-22", a day that the calendar has. */
static gboolean
read_date (const char *p, struct tm *wall, const char **rest)
{
  struct tm day = { 0 };
  struct tm copy;

  p = read_digits (p, 4, 4, &day.tm_year);
  if (p == NULL || *p != '-')
    return FALSE;
  p = read_digits (p + 1, 2, 2, &day.tm_mon);
  if (p == NULL || *p != '-')
    return FALSE;
  p = read_digits (p + 1, 2, 2, &day.tm_mday);
  if (p == NULL || day.tm_year < 1970)
    return FALSE;
  day.tm_year -= 1900;
  day.tm_mon -= 1;
  copy = day;
  timegm (&copy);
  if (copy.tm_mon != day.tm_mon || copy.tm_mday != day.tm_mday)
    return FALSE;
  *wall = day;
  *rest = p;
  return TRUE;
}

static gboolean
read_fraction (const char **p, gint64 *usec)
{
  gint64 place = G_USEC_PER_SEC / 10;

  *usec = 0;
  if (**p != '.')
    return TRUE;
  (*p)++;
  if (!g_ascii_isdigit (**p))
    return FALSE;
  for (; g_ascii_isdigit (**p); (*p)++, place /= 10)
    *usec += place * g_ascii_digit_value (**p);
  return TRUE;
}

/* "Z", "+01:00", or nothing at all, which means the time of this place. */
static gboolean
read_offset (const char *p, gboolean *given, int *seconds)
{
  int sign = *p == '-' ? -1 : 1;
  int hours = 0;
  int minutes = 0;

  *given = *p != '\0';
  *seconds = 0;
  if (!*given || g_ascii_strcasecmp (p, "Z") == 0)
    return TRUE;
  if (*p != '+' && *p != '-')
    return FALSE;
  p = read_digits (p + 1, 2, 2, &hours);
  if (p == NULL || *p != ':')
    return FALSE;
  p = read_digits (p + 1, 2, 2, &minutes);
  if (p == NULL || *p != '\0' || hours > 23 || minutes > 59)
    return FALSE;
  *seconds = sign * (hours * 3600 + minutes * 60);
  return TRUE;
}

static gboolean
refuse_gap (const char *text, GError **error)
{
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
               _ ("'%s' did not exist here: the clocks were put forward over it; give another time"), text);
  return FALSE;
}

static gboolean
refuse_twice (const char *text, const gint64 instants[2], GError **error)
{
  g_autofree char *first = signin_ctl_format_rfc3339 (instants[0] * G_USEC_PER_SEC);
  g_autofree char *second = signin_ctl_format_rfc3339 (instants[1] * G_USEC_PER_SEC);

  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
               _ ("'%s' came twice, as the clocks were put back: write %s or %s"), text, first, second);
  return FALSE;
}

/* A wall time that was given with its day. The one of two that is not over yet is not meant. */
static gboolean
resolve (const char *text, const struct tm *wall, gint64 now_usec, gint64 *usec, GError **error)
{
  gint64 instants[2];
  guint n = signin_ctl_local_instants (wall, instants);

  if (n == 0)
    return refuse_gap (text, error);
  if (n == 2 && instants[1] * G_USEC_PER_SEC <= now_usec)
    return refuse_twice (text, instants, error);
  *usec = instants[0] * G_USEC_PER_SEC;
  return TRUE;
}

/* The day of @now_usec on the calendar here, @days later. */
static void
set_day (struct tm *wall, gint64 now_usec, int days)
{
  time_t now = now_usec / G_USEC_PER_SEC;
  struct tm local = { 0 };
  struct tm day = { 0 };

  localtime_r (&now, &local);
  day.tm_year = local.tm_year;
  day.tm_mon = local.tm_mon;
  day.tm_mday = local.tm_mday + days;
  timegm (&day);
  wall->tm_year = day.tm_year;
  wall->tm_mon = day.tm_mon;
  wall->tm_mday = day.tm_mday;
}

/* Whether a time that never came would lie behind us, had the clocks not been put forward. */
static gboolean
gap_is_past (const struct tm *wall, gint64 now_usec)
{
  struct tm copy = *wall;
  time_t base = timegm (&copy);
  time_t before = base - SIGNIN_CTL_DAY_SEC;
  struct tm local;

  return localtime_r (&before, &local) != NULL && (base - local.tm_gmtoff) * G_USEC_PER_SEC <= now_usec;
}

/* A time of day alone: the last time it was that late. */
static gboolean
resolve_latest (const char *text, struct tm *wall, gint64 now_usec, gint64 *usec, GError **error)
{
  for (int days = 0; days >= -2; days--)
    {
      gint64 instants[2];
      guint n;

      set_day (wall, now_usec, days);
      n = signin_ctl_local_instants (wall, instants);
      if (n == 0 && gap_is_past (wall, now_usec))
        return refuse_gap (text, error);
      if (n > 0 && instants[0] * G_USEC_PER_SEC <= now_usec)
        return resolve (text, wall, now_usec, usec, error);
    }
  return refuse_gap (text, error);
}

static const char *
after_word (const char *text, const char *word)
{
  gsize length = strlen (word);

  if (g_ascii_strncasecmp (text, word, length) != 0 || text[length] != ' ')
    return NULL;
  return skip_spaces (text + length);
}

/* "2026-11-22 08:12", "2026-11-22T08:12:00.5+01:00". */
static gboolean
parse_date_and_time (const char *text, gint64 now_usec, gint64 *usec, gboolean *matches, GError **error)
{
  struct tm wall = { 0 };
  const char *p;
  gint64 fraction;
  gboolean has_offset;
  int offset;

  *matches = read_date (text, &wall, &p) && (*p == 'T' || *p == 't' || *p == ' ') && read_time_of_day (p + 1, &wall, &p)
             && read_fraction (&p, &fraction) && read_offset (p, &has_offset, &offset);
  if (!*matches)
    return FALSE;
  if (has_offset)
    *usec = ((gint64) timegm (&wall) - offset) * G_USEC_PER_SEC;
  else if (!resolve (text, &wall, now_usec, usec, error))
    return FALSE;
  *usec += fraction;
  return TRUE;
}

/* "08:12", "today 08:12", "yesterday 17:30". */
static gboolean
parse_time_of_day (const char *text, gint64 now_usec, gint64 *usec, gboolean *matches, GError **error)
{
  const char *today = after_word (text, "today");
  const char *yesterday = after_word (text, "yesterday");
  const char *p = today != NULL ? today : yesterday != NULL ? yesterday : text;
  struct tm wall = { 0 };

  *matches = read_time_of_day (p, &wall, &p) && *p == '\0';
  if (!*matches)
    return FALSE;
  if (today == NULL && yesterday == NULL)
    return resolve_latest (text, &wall, now_usec, usec, error);
  set_day (&wall, now_usec, today != NULL ? 0 : -1);
  return resolve (text, &wall, now_usec, usec, error);
}

/* "25 min ago". */
static gboolean
parse_ago (const char *text, gint64 now_usec, gint64 *usec)
{
  gsize length = strlen (text);
  g_autofree char *duration = NULL;
  gint64 ago;

  if (length < 4 || g_ascii_strcasecmp (text + length - 4, " ago") != 0)
    return FALSE;
  duration = g_strndup (text, length - 4);
  if (!read_duration (duration, &ago))
    return FALSE;
  *usec = now_usec - ago;
  return TRUE;
}

/**
 * signin_ctl_parse_point:
 * @text: what was typed: "08:12" for the last time it was that late, "25 min ago", "yesterday 17:30", "2026-11-22
 * 08:12" or RFC 3339
 * @now_usec: now
 * @usec: (out): the point in time
 * @error: why it is none
 *
 * Local times that never came, or came twice, are refused by name. Whether a sign-in can have been made then is for the
 * daemon to say.
 *
 * Returns: whether @text is a point in time.
 */
gboolean
signin_ctl_parse_point (const char *text, gint64 now_usec, gint64 *usec, GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  gboolean matches;
  gboolean parsed;

  if (g_ascii_strcasecmp (trimmed, "now") == 0)
    {
      *usec = now_usec;
      return TRUE;
    }
  parsed = matches = parse_ago (trimmed, now_usec, usec);
  if (!matches)
    parsed = parse_time_of_day (trimmed, now_usec, usec, &matches, error);
  if (!matches)
    parsed = parse_date_and_time (trimmed, now_usec, usec, &matches, error);
  if (!matches)
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
                 _ ("'%s' is not a time: write 08:12, '25 min ago', 'yesterday 17:30' or "
                    "2026-11-22T08:12:00+01:00"),
                 text);
  if (parsed && *usec <= 0)
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("'%s' lies before 1970"), text);
      return FALSE;
    }
  return parsed && matches;
}

/* "3 days ago" */
static gboolean
read_days_ago (const char *text, int *days)
{
  const char *p = read_digits (text, 1, 4, days);

  if (p == NULL)
    return FALSE;
  p = skip_spaces (p);
  return g_ascii_strcasecmp (p, "days ago") == 0 || g_ascii_strcasecmp (p, "day ago") == 0;
}

static gboolean
read_day (const char *text, gint64 now_usec, gint64 *usec)
{
  struct tm wall = { 0 };
  const char *rest;
  int days = 0;

  if (g_ascii_strcasecmp (text, "today") == 0)
    *usec = now_usec;
  else if (g_ascii_strcasecmp (text, "yesterday") == 0)
    *usec = signin_ctl_day_begin (now_usec, -1);
  else if (read_days_ago (text, &days))
    *usec = signin_ctl_day_begin (now_usec, -days);
  else if (read_date (text, &wall, &rest) && *rest == '\0')
    {
      /* At noon it is that day wherever clocks are put forward or back. */
      wall.tm_hour = 12;
      wall.tm_isdst = -1;
      *usec = (gint64) mktime (&wall) * G_USEC_PER_SEC;
    }
  else
    return FALSE;
  return TRUE;
}

/**
 * signin_ctl_parse_bound:
 * @text: what was typed: a day such as "2026-11-22", "yesterday" or "3 days ago", or a point in time
 * @now_usec: now
 * @is_end: of a day its end is meant, not its beginning
 * @usec: (out): the point in time
 * @error: why it is none
 *
 * Returns: whether @text is a day or a point in time.
 */
gboolean
signin_ctl_parse_bound (const char *text, gint64 now_usec, gboolean is_end, gint64 *usec, GError **error)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));

  if (!read_day (trimmed, now_usec, usec))
    return signin_ctl_parse_point (text, now_usec, usec, error);
  *usec = MAX (signin_ctl_day_begin (*usec, is_end ? 1 : 0), 1);
  return TRUE;
}
