/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a status bar shows. It says when it has to be drawn anew, so that nobody looks more often. */

#include "config.h"

#include "barline.h"

#include <glib/gi18n.h>

#include "days.h"
#include "describe.h"
#include "times.h"

/* For so long an end is more important than what goes on. */
#define RECENT_USEC SIGNIN_CTL_HOUR

enum
{
  EXPIRING,
  JUST_EXPIRED,
  ACTIVE,
  EXPIRED,
  SIGNED_OUT,
};

static int
rank (const SigninCtlAccount *account, gint64 now_usec)
{
  if (g_str_equal (account->state, "expiring"))
    return EXPIRING;
  if (g_str_equal (account->state, "active"))
    return ACTIVE;
  if (!g_str_equal (account->state, "expired"))
    return SIGNED_OUT;
  return now_usec - account->expires_at < RECENT_USEC ? JUST_EXPIRED : EXPIRED;
}

static gboolean
comes_first (const SigninCtlAccount *account, const SigninCtlAccount *other, gint64 now_usec)
{
  int place = rank (account, now_usec);
  gint64 end = account->expires_at != 0 ? account->expires_at : G_MAXINT64;
  gint64 other_end = other->expires_at != 0 ? other->expires_at : G_MAXINT64;

  if (place != rank (other, now_usec))
    return place < rank (other, now_usec);
  return place == JUST_EXPIRED || place == EXPIRED ? end > other_end : end < other_end;
}

static const SigninCtlAccount *
choose (const SigninCtlSnapshot *snapshot, gint64 now_usec)
{
  const SigninCtlAccount *first = NULL;

  for (guint i = 0; i < snapshot->accounts->len; i++)
    {
      const SigninCtlAccount *account = signin_ctl_snapshot_get (snapshot, i);

      if (first == NULL || comes_first (account, first, now_usec))
        first = account;
    }
  return first;
}

/* "Tue 11-24 16:12": what stays right however long it is shown. */
static char *
format_instant (gint64 usec)
{
  g_autofree char *day = signin_ctl_day_format (usec, FALSE);
  g_autofree char *clock = signin_ctl_format_clock (usec, usec);

  return g_strdup_printf ("%s %s", day, clock);
}

static char *
describe (const SigninCtlAccount *account)
{
  g_autofree char *since = format_instant (account->signed_in_at);
  g_autofree char *end = format_instant (account->expires_at);

  if (g_str_equal (account->state, "expired"))
    /* TRANSLATORS: an account, and a day with a clock time */
    return g_strdup_printf (_ ("%s: expired %s"), account->id, end);
  if (!signin_ctl_account_is_running (account))
    /* TRANSLATORS: an account */
    return g_strdup_printf (_ ("%s: signed out"), account->id);
  if (account->expires_at == 0)
    /* TRANSLATORS: an account, and a day with a clock time */
    return g_strdup_printf (_ ("%s: signed in since %s"), account->id, since);
  /* TRANSLATORS: an account, and two days with clock times */
  return g_strdup_printf (_ ("%s: signed in since %s, end %s"), account->id, since, end);
}

static char *
describe_all (const SigninCtlSnapshot *snapshot)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < snapshot->accounts->len; i++)
    {
      g_autofree char *line = describe (signin_ctl_snapshot_get (snapshot, i));

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", line);
    }
  return g_string_free (text, FALSE);
}

/* In words that stay right for a minute; the last minute is not counted down. */
static char *
describe_running (const SigninCtlAccount *account, gint64 now_usec)
{
  gint64 left = MAX (account->expires_at - now_usec, 0);
  g_autofree char *duration = signin_ctl_format_duration (left);
  gboolean last_minute = left <= SIGNIN_CTL_MINUTE - G_USEC_PER_SEC;

  if (account->expires_at == 0)
    /* TRANSLATORS: an account; as short as can be */
    return g_strdup_printf (_ ("%s signed in"), account->id);
  if (last_minute)
    /* TRANSLATORS: an account; as short as can be */
    return g_strdup_printf (_ ("%s ends within 1 min"), account->id);
  if (g_str_equal (account->state, "expiring"))
    /* TRANSLATORS: an account and a duration; as short as can be */
    return g_strdup_printf (_ ("%s ends in %s"), account->id, duration);
  /* TRANSLATORS: an account and what is left of its session; as short as can be */
  return g_strdup_printf (_ ("%s %s"), account->id, duration);
}

/* The words of a duration change when a second less than a whole minute is left. */
static gint64
next_minute (gint64 expires_at, gint64 now_usec)
{
  gint64 seconds = expires_at > now_usec ? (expires_at - now_usec - 1) / G_USEC_PER_SEC + 1 : 0;

  return seconds < 60 ? 0 : expires_at - (seconds / 60 * 60 - 1) * G_USEC_PER_SEC;
}

static void
fill_in (SigninCtlBarLine *line, const SigninCtlAccount *account, gint64 now_usec)
{
  gint64 length = account->expires_at - account->signed_in_at;

  line->account = g_strdup (account->id);
  if (signin_ctl_account_is_running (account))
    {
      line->state = g_str_equal (account->state, "active") ? "active" : "expiring";
      line->text = describe_running (account, now_usec);
      line->expires_at = account->expires_at;
      line->changes_at = account->expires_at != 0 ? next_minute (account->expires_at, now_usec) : 0;
      if (account->expires_at != 0 && length > 0)
        line->percentage = (int) (CLAMP (account->expires_at - now_usec, 0, length) * 100 / length);
    }
  else if (g_str_equal (account->state, "expired"))
    {
      line->state = "expired";
      /* TRANSLATORS: an account; as short as can be */
      line->text = g_strdup_printf (_ ("%s expired"), account->id);
      line->expires_at = account->expires_at;
      line->percentage = 0;
    }
  else
    {
      line->state = "signed-out";
      /* TRANSLATORS: an account; as short as can be */
      line->text = g_strdup_printf (_ ("%s signed out"), account->id);
    }
}

/* Whether something else is to be shown once the end that is shown is not recent any more. */
static gboolean
has_active (const SigninCtlSnapshot *snapshot)
{
  for (guint i = 0; i < snapshot->accounts->len; i++)
    if (signin_ctl_account_is_running (signin_ctl_snapshot_get (snapshot, i)))
      return TRUE;
  return FALSE;
}

/**
 * signin_ctl_bar_line_init:
 * @line: (out): where to store it
 * @snapshot: (nullable): what is true; %NULL if there is no daemon
 * @now_usec: now
 *
 * Says what a status bar is to show: the account whose session ends first, or has ended just now.
 */
void
signin_ctl_bar_line_init (SigninCtlBarLine *line, const SigninCtlSnapshot *snapshot, gint64 now_usec)
{
  const SigninCtlAccount *account = snapshot != NULL ? choose (snapshot, now_usec) : NULL;

  *line = (SigninCtlBarLine){ .state = snapshot != NULL ? "none" : "stopped", .percentage = -1 };
  if (account == NULL)
    {
      /* TRANSLATORS: what a status bar shows while the daemon does not run; as short as can be */
      line->text = g_strdup (snapshot != NULL ? "" : _ ("signind stopped"));
      line->tooltip = g_strdup (snapshot != NULL ? "" : _ ("No warnings come: signind does not run"));
      return;
    }
  line->tooltip = describe_all (snapshot);
  fill_in (line, account, now_usec);
  if (rank (account, now_usec) == JUST_EXPIRED && has_active (snapshot))
    line->changes_at = account->expires_at + RECENT_USEC;
}

/**
 * signin_ctl_bar_line_clear:
 * @line: a line
 *
 * Frees what belongs to it.
 */
void
signin_ctl_bar_line_clear (SigninCtlBarLine *line)
{
  g_clear_pointer (&line->text, g_free);
  g_clear_pointer (&line->tooltip, g_free);
  g_clear_pointer (&line->account, g_free);
}
