/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "verb-history.h"

#include <glib/gi18n.h>

#include "days.h"
#include "describe.h"
#include "settings.h"
#include "table.h"
#include "timeline.h"
#include "times.h"
#include "typed.h"

/* Today, and the days before it that are shown if nobody says since when. */
#define DAYS_BACK 6

/**
 * Sums:
 * @sign_ins: sessions that somebody signed in to
 * @expired: sessions that ran out
 * @unnoticed: of these, those of which no popup was answered
 * @signed_in: for how long, of every session
 */
typedef struct
{
  guint sign_ins;
  guint expired;
  guint unnoticed;
  gint64 signed_in;
} Sums;

/**
 * signin_ctl_read_period:
 * @ctl: the call
 * @period: (out): which sessions --since, --until and --account mean
 * @error: what is wrong with them
 *
 * Returns: whether they make sense.
 */
gboolean
signin_ctl_read_period (SigninCtl *ctl, SigninCtlPeriod *period, GError **error)
{
  const char *since = signin_ctl_value (ctl, SIGNIN_CTL_OPT_SINCE);
  const char *until = signin_ctl_value (ctl, SIGNIN_CTL_OPT_UNTIL);

  *period = (SigninCtlPeriod){ .account = signin_ctl_value (ctl, SIGNIN_CTL_OPT_ACCOUNT) };
  if (since != NULL && !signin_ctl_parse_bound (since, ctl->now_usec, FALSE, &period->since, error))
    return FALSE;
  if (until != NULL && !signin_ctl_parse_bound (until, ctl->now_usec, TRUE, &period->until, error))
    return FALSE;
  if (since == NULL || until == NULL || period->since < period->until)
    return TRUE;
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
               _ ("'%s' is not before '%s': --since comes first, --until later"), since, until);
  return FALSE;
}

static void
add_to_sums (Sums *sums, const SigninCtlPast *past, gint64 begins, gint64 ends, gint64 now_usec)
{
  gint64 end = signin_ctl_past_end (past, now_usec);

  if (past->began >= begins && past->began < ends && !past->silent)
    sums->sign_ins++;
  if (signin_ctl_past_is_expired (past) && end >= begins && end < ends)
    {
      sums->expired++;
      sums->unnoticed += signin_ctl_past_is_unnoticed (past);
    }
  if (end > begins && past->began < ends)
    sums->signed_in += MIN (end, ends) - MAX (past->began, begins);
}

static const char *
describe_end (const SigninCtlPast *past)
{
  if (signin_ctl_past_is_unnoticed (past))
    return _ ("ran out unnoticed");
  if (signin_ctl_past_is_expired (past))
    return _ ("ran out");
  if (g_str_equal (past->end, "signed-out"))
    return _ ("signed out");
  if (g_str_equal (past->end, "renewed"))
    return _ ("signed in again");
  return past->ended == 0 ? _ ("goes on") : past->end;
}

/* "16:12", and "Fri 05:40" where that is another day than the one of the sign-in. */
static char *
format_end (const SigninCtlPast *past)
{
  g_autofree char *clock = NULL;
  g_autofree char *weekday = NULL;

  if (past->ended == 0)
    return g_strdup ("");
  clock = signin_ctl_format_clock (past->ended, past->ended);
  if (past->ended < signin_ctl_day_begin (past->began, 1))
    return g_steal_pointer (&clock);
  weekday = signin_ctl_day_weekday (past->ended);
  /* TRANSLATORS: the short name of a weekday, and a clock time */
  return g_strdup_printf (_ ("%s %s"), weekday, clock);
}

static char *
format_source (const SigninCtlPast *past)
{
  g_autofree char *source = signin_ctl_describe_source (NULL, past->source);

  /* TRANSLATORS: where a sign-in was made that nobody had to type anything for */
  return past->silent ? g_strdup_printf (_ ("%s, silently"), source) : g_steal_pointer (&source);
}

static SigninCtlTable *
make_table (GPtrArray *history, gint64 now_usec, gboolean with_year)
{
  /* TRANSLATORS: headings of a table of past sessions, in capitals where that is usual; TIME is how long one lasted */
  const char *const heading[] = { _ ("DAY"), _ ("ACCOUNT"), C_ ("when a session began", "FROM"), _ ("TO"), _ ("TIME"),
                                  _ ("END"), _ ("SOURCE") };
  SigninCtlTable *table = signin_ctl_table_new (G_N_ELEMENTS (heading), TRUE);

  signin_ctl_table_add (table, heading);
  for (guint i = 0; i < history->len; i++)
    {
      const SigninCtlPast *past = g_ptr_array_index (history, i);
      g_autofree char *day = signin_ctl_day_format (past->began, with_year);
      g_autofree char *from = signin_ctl_format_clock (past->began, past->began);
      g_autofree char *to = format_end (past);
      g_autofree char *length = signin_ctl_format_duration (signin_ctl_past_end (past, now_usec) - past->began);
      g_autofree char *source = format_source (past);
      const char *const cells[] = { day, past->account, from, to, length, describe_end (past), source };

      signin_ctl_table_add (table, cells);
    }
  return table;
}

/* Where there is no room for a table. */
static void
add_narrow (GString *out, const SigninCtlStyle *style, const SigninCtlPast *past, gint64 now_usec, gboolean with_year)
{
  g_autofree char *day = signin_ctl_day_format (past->began, with_year);
  g_autofree char *from = signin_ctl_format_clock (past->began, past->began);
  g_autofree char *to = format_end (past);
  g_autofree char *length = signin_ctl_format_duration (signin_ctl_past_end (past, now_usec) - past->began);
  g_autofree char *source = format_source (past);

  if (past->ended == 0)
    /* TRANSLATORS: a day, a clock time and a duration: since when a session goes on */
    signin_ctl_line (out, style, 0, _ ("%s: since %s, %s"), day, from, length);
  else
    /* TRANSLATORS: a day, two clock times and a duration */
    signin_ctl_line (out, style, 0, _ ("%s: %s to %s, %s"), day, from, to, length);
  /* TRANSLATORS: an account, how its session ended, and where the sign-in was made */
  signin_ctl_line (out, style, 2, _ ("%s: %s (%s)"), past->account, describe_end (past), source);
}

static void
add_table (GString *out, SigninCtl *ctl, GPtrArray *history)
{
  const SigninCtlPast *first = g_ptr_array_index (history, 0);
  gboolean plain = signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_PLAIN);
  gboolean with_year = plain || signin_ctl_day_year (first->began) != signin_ctl_day_year (ctl->now_usec);
  g_autoptr (SigninCtlTable) table = make_table (history, ctl->now_usec, with_year);

  if (plain || signin_ctl_table_fits (table, &ctl->style))
    signin_ctl_table_show (out, &ctl->style, table, plain);
  else
    for (guint i = 0; i < history->len; i++)
      add_narrow (out, &ctl->style, g_ptr_array_index (history, i), ctl->now_usec, with_year);
}

/* On how many days somebody signed in. */
static guint
count_days (GPtrArray *history)
{
  gint64 last = -1;
  guint days = 0;

  for (guint i = 0; i < history->len; i++)
    {
      const SigninCtlPast *past = g_ptr_array_index (history, i);
      gint64 day = signin_ctl_day_begin (past->began, 0);

      days += !past->silent && day != last;
      if (!past->silent)
        last = day;
    }
  return days;
}

static void
sum_up (GPtrArray *history, gint64 now_usec, Sums *sums)
{
  *sums = (Sums){ 0 };
  for (guint i = 0; i < history->len; i++)
    add_to_sums (sums, g_ptr_array_index (history, i), 0, G_MAXINT64, now_usec);
}

static void
add_sums (GString *out, SigninCtl *ctl, GPtrArray *history)
{
  guint days = count_days (history);
  guint tenths;
  Sums sums;

  sum_up (history, ctl->now_usec, &sums);
  tenths = days > 0 ? (10 * sums.sign_ins + days / 2) / days : 0;
  /* TRANSLATORS: a number, and an average such as 1.8 in two parts, in front of and behind the decimal sign */
  signin_ctl_line (out, &ctl->style, 0, _ ("Sign-ins: %u; %u.%u a day, on days with sign-ins"), sums.sign_ins,
                   tenths / 10, tenths % 10);
  /* TRANSLATORS: two numbers: of how many sessions nobody noticed the end, and how many ran out in all */
  signin_ctl_line (out, &ctl->style, 0, _ ("Ran out unnoticed: %u; ran out in all: %u"), sums.unnoticed, sums.expired);
}

static void
add_past_json (SigninCtlJson *json, const SigninCtlPast *past, gint64 now_usec)
{
  signin_ctl_json_object (json, NULL);
  signin_ctl_json_string (json, "account", past->account);
  signin_ctl_json_string (json, "source", past->source);
  signin_ctl_json_time (json, "signed_in_at", past->began);
  signin_ctl_json_time (json, "warns_at", past->warns_at);
  signin_ctl_json_time (json, "expires_at", past->expires_at);
  signin_ctl_json_time (json, "ended_at", past->ended);
  signin_ctl_json_string (json, "end", past->end);
  signin_ctl_json_bool (json, "silent", past->silent);
  signin_ctl_json_bool (json, "answered", past->answered);
  signin_ctl_json_duration (json, "signed_in_sec", signin_ctl_past_end (past, now_usec) - past->began);
  signin_ctl_json_end (json, '}');
}

static void
add_sums_json (SigninCtlJson *json, const Sums *sums)
{
  signin_ctl_json_int (json, "sign_ins", sums->sign_ins);
  signin_ctl_json_int (json, "expired", sums->expired);
  signin_ctl_json_int (json, "unnoticed", sums->unnoticed);
  signin_ctl_json_duration (json, "signed_in_sec", sums->signed_in);
}

static void
add_day_json (SigninCtlJson *json, GPtrArray *history, gint64 begins, gint64 ends, gint64 now_usec)
{
  Sums sums = { 0 };

  for (guint i = 0; i < history->len; i++)
    add_to_sums (&sums, g_ptr_array_index (history, i), begins, ends, now_usec);
  if (sums.signed_in == 0 && sums.sign_ins == 0)
    return;
  signin_ctl_json_object (json, NULL);
  signin_ctl_json_time (json, "begins", begins);
  signin_ctl_json_time (json, "ends", ends);
  add_sums_json (json, &sums);
  signin_ctl_json_end (json, '}');
}

/* Days from one session to the next; what lies in between is left out. */
static void
add_days_json (SigninCtlJson *json, GPtrArray *history, const SigninCtlPeriod *period, gint64 now_usec)
{
  gint64 until = period->until != 0 ? period->until : G_MAXINT64;
  gint64 at = signin_ctl_day_begin (period->since, 0);

  for (guint i = 0; i < history->len; i++)
    {
      const SigninCtlPast *past = g_ptr_array_index (history, i);
      gint64 end = MIN (signin_ctl_past_end (past, now_usec), until - 1);

      at = MAX (at, signin_ctl_day_begin (past->began, 0));
      while (at <= end)
        {
          gint64 ends = signin_ctl_day_begin (at, 1);

          add_day_json (json, history, at, ends, now_usec);
          at = ends;
        }
    }
}

static int
show_json (SigninCtl *ctl, GPtrArray *history, const SigninCtlPeriod *period, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };
  Sums sums;

  sum_up (history, ctl->now_usec, &sums);
  signin_ctl_json_init (&json, FALSE);
  signin_ctl_json_time (&json, "since", period->since);
  signin_ctl_json_time (&json, "until", period->until);
  signin_ctl_json_array (&json, "sessions");
  for (guint i = 0; i < history->len; i++)
    add_past_json (&json, g_ptr_array_index (history, i), ctl->now_usec);
  signin_ctl_json_end (&json, ']');
  signin_ctl_json_array (&json, "days");
  add_days_json (&json, history, period, ctl->now_usec);
  signin_ctl_json_end (&json, ']');
  signin_ctl_json_object (&json, "sums");
  add_sums_json (&json, &sums);
  signin_ctl_json_int (&json, "days_with_sign_ins", count_days (history));
  signin_ctl_json_end (&json, '}');
  return signin_ctl_show_json (&json, error);
}

/* The file that says whether anything is kept is looked at only where that is of use. */
static void
add_nothing (GString *out, SigninCtl *ctl, const SigninCtlPeriod *period)
{
  g_autoptr (SigninSettingsFiles) files = signin_settings_files_new (NULL, NULL);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *since = signin_ctl_day_format (period->since, TRUE);
  SigninSettings settings;

  signin_settings_files_read (files, &settings, problems);
  if (settings.history_days == 0)
    /* TRANSLATORS: history-days and signind.conf(5) are to be typed as they are */
    signin_ctl_line (out, &ctl->style, 0, _ ("No sessions are kept: history-days is 0; see signind.conf(5)."));
  else
    /* TRANSLATORS: a day */
    signin_ctl_line (out, &ctl->style, 0, _ ("There are no sessions since %s."), since);
}

static int
show (SigninCtl *ctl, GPtrArray *history, const SigninCtlPeriod *period, GError **error)
{
  gint64 until = period->until != 0 ? period->until : G_MAXINT64;
  g_autoptr (GString) out = g_string_new (NULL);

  if (history->len == 0)
    {
      add_nothing (out, ctl, period);
      return signin_ctl_show (out->str, error);
    }
  if (ctl->style.bars)
    {
      signin_ctl_timeline (out, &ctl->style, history, signin_ctl_day_begin (period->since, 0), until, ctl->now_usec);
      g_string_append_c (out, '\n');
    }
  add_table (out, ctl, history);
  g_string_append_c (out, '\n');
  add_sums (out, ctl, history);
  return signin_ctl_show (out->str, error);
}

static gboolean
check_word (SigninCtl *ctl, GError **error)
{
  if (ctl->args.n_words == 0)
    {
      if (!signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_YES))
        return TRUE;
      g_set_error_literal (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
                           _ ("--yes answers a question of 'signinctl history forget'"));
      return FALSE;
    }
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
               _ ("'%s' is not known here: write 'signinctl history', with --account %s for one account, or "
                  "'signinctl history forget'"),
               ctl->args.words[0], ctl->args.words[0]);
  return FALSE;
}

/**
 * signin_ctl_run_history:
 * @ctl: the call
 * @error: why not
 *
 * Shows past sessions, or forgets them.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_history (SigninCtl *ctl, GError **error)
{
  g_autoptr (GPtrArray) history = NULL;
  SigninCtlPeriod period;
  sd_bus *bus;

  if (g_strcmp0 (ctl->args.words[0], "forget") == 0)
    return signin_ctl_forget_history (ctl, error);
  if (!check_word (ctl, error) || !signin_ctl_read_period (ctl, &period, error))
    return SIGNIN_CTL_USAGE;
  if (period.since == 0)
    period.since = signin_ctl_day_begin (period.until != 0 ? period.until - 1 : ctl->now_usec, -DAYS_BACK);
  bus = signin_ctl_connect (ctl, error);
  history = bus != NULL ? signin_ctl_history_read (bus, &period, error) : NULL;
  if (history == NULL)
    return SIGNIN_CTL_FAILED;
  return ctl->json ? show_json (ctl, history, &period, error) : show (ctl, history, &period, error);
}
