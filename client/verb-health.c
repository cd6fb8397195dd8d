/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Is it me, my network, or them? */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "describe.h"
#include "health.h"
#include "times.h"
#include "verbs.h"

/* Intervals of --wait: quick at first, and never a burden to a service that has trouble enough. */
#define PAUSE_FIRST_USEC (2 * (gint64) G_USEC_PER_SEC)
#define PAUSE_LAST_USEC (5 * 60 * (gint64) G_USEC_PER_SEC)

/* Whoever waits shorter than this sees the answer before anything else. */
#define QUIET_USEC (300 * 1000)
#define TICK_USEC (100 * 1000)

#define CLEAR_LINE "\r\033[K"

/**
 * Asking:
 * @ctl: the call
 * @shown: there is something on the terminal's last line
 * @said: what is going on
 */
typedef struct
{
  SigninCtl *ctl;
  gboolean shown;
  char *said;
} Asking;

/* Progress is for somebody who looks at a terminal, and gone when there is an answer. */
static void
show_progress (gint64 waited_usec, gpointer user_data)
{
  Asking *asking = user_data;
  SigninCtlStyle style;
  g_autofree char *text = NULL;
  g_autofree char *fitting = NULL;
  g_autofree char *line = NULL;

  if (asking->ctl->json || waited_usec < QUIET_USEC)
    return;
  signin_ctl_style_init (&style, STDERR_FILENO, signin_ctl_args_has (&asking->ctl->args, SIGNIN_CTL_OPT_PLAIN));
  if (!style.glyphs)
    return;
  text = g_strdup_printf ("%s %d s", asking->said, (int) (waited_usec / G_USEC_PER_SEC));
  fitting = signin_ctl_shorten (&style, text, style.width - 1);
  line = g_strdup_printf (CLEAR_LINE "%s", fitting);
  asking->shown = signin_ctl_write (stderr, line, NULL);
}

static void
hide_progress (Asking *asking)
{
  if (asking->shown)
    signin_ctl_write (stderr, CLEAR_LINE, NULL);
  asking->shown = FALSE;
}

static GPtrArray *
ask (SigninCtl *ctl, GPtrArray *accounts, gboolean refresh, GError **error)
{
  g_auto (GStrv) ids = g_new0 (char *, accounts->len + 1);
  g_autofree char *list = NULL;
  g_autofree char *said = NULL;
  Asking asking = { .ctl = ctl };
  GPtrArray *rows;

  for (guint i = 0; i < accounts->len; i++)
    ids[i] = g_strdup (((const SigninCtlAccount *) g_ptr_array_index (accounts, i))->id);
  list = g_strjoinv (", ", ids);
  /* TRANSLATORS: shown while the network is asked; a list of accounts */
  said = accounts->len > 0 ? g_strdup_printf (_ ("Asking for %s…"), list) : g_strdup (_ ("Asking…"));
  asking.said = said;
  rows = signin_ctl_health_ask (ctl->bus, accounts, refresh, show_progress, &asking, error);
  hide_progress (&asking);
  ctl->now_usec = g_get_real_time ();
  return rows;
}

/* Waits, with the bus served meanwhile. */
static gboolean
pause_for (SigninCtl *ctl, const SigninCtlHealth *health, gint64 pause_usec, GError **error)
{
  g_autofree char *sentence = signin_ctl_health_sentence (health);
  g_autofree char *duration = signin_ctl_format_duration (pause_usec);
  /* TRANSLATORS: a sentence such as "You are offline.", and a duration */
  g_autofree char *said = g_strdup_printf (_ ("%s Asked again every %s…"), sentence, duration);
  Asking waiting = { .ctl = ctl, .said = said };
  gint64 begin_usec = g_get_monotonic_time ();
  gint64 waited_usec = 0;
  gboolean served = TRUE;

  while (served && waited_usec < pause_usec)
    {
      int r = sd_bus_process (ctl->bus, NULL);

      if (r == 0)
        r = sd_bus_wait (ctl->bus, MIN (TICK_USEC, pause_usec - waited_usec));
      served = r == -EINTR || !signin_ctl_bus_failed (r, error);
      waited_usec = g_get_monotonic_time () - begin_usec;
      show_progress (waited_usec, &waiting);
    }
  hide_progress (&waiting);
  return served;
}

/* What the service itself asks for is respected, within bounds. */
static gint64
longest_pause (const SigninCtlHealth *health, gint64 pause_usec)
{
  for (guint i = 0; i < health->rows->len; i++)
    {
      const SigninCtlHealthRow *row = g_ptr_array_index (health->rows, i);

      if (*row->account != '\0' && row->retry_after_sec > 0)
        pause_usec = MAX (pause_usec, MIN (row->retry_after_sec, PAUSE_LAST_USEC / G_USEC_PER_SEC) * G_USEC_PER_SEC);
    }
  return pause_usec;
}

static gboolean
wait_until_up (SigninCtl *ctl, SigninCtlHealth *health, GError **error)
{
  gint64 pause_usec = PAUSE_FIRST_USEC;

  while (signin_ctl_health_verdict (health) != SIGNIN_CTL_UP && !signin_ctl_health_is_hopeless (health))
    {
      GPtrArray *rows;

      if (!pause_for (ctl, health, longest_pause (health, pause_usec), error))
        return FALSE;
      pause_usec = MIN (pause_usec * 2, PAUSE_LAST_USEC);
      rows = ask (ctl, health->accounts, TRUE, error);
      if (rows == NULL)
        return FALSE;
      g_ptr_array_unref (health->rows);
      health->rows = rows;
    }
  return TRUE;
}

/* Who has set a length of their own for an account knows better than what is built in. */
static void
add_lengths (GString *out, SigninCtl *ctl, const SigninCtlHealth *health)
{
  for (guint i = 0; i < health->accounts->len; i++)
    {
      const SigninCtlAccount *account = g_ptr_array_index (health->accounts, i);
      const SigninCtlHealthRow *row = signin_ctl_health_find (health, account->id, "organization");
      g_autofree char *length = signin_ctl_format_duration (row != NULL ? row->session_length_usec : 0);
      g_autofree char *command = NULL;

      if (row == NULL || row->session_length_usec == 0 || row->session_length_usec == account->session_length)
        continue;
      command = g_strdup_printf ("signinctl edit %s --length organization", account->id);
      /* TRANSLATORS: an organization and a duration; a command follows */
      signin_ctl_line (out, &ctl->style, 0, _ ("%s keeps people signed in for %s. Count with that:"),
                       account->organization, length);
      signin_ctl_command (out, &ctl->style, 2, command);
    }
}

static void
add_accounts (GString *out, const SigninCtlStyle *style, const SigninCtlHealth *health)
{
  gboolean offline = signin_ctl_health_is_offline (health);

  for (guint i = 0; health->accounts->len > 1 && !offline && i < health->accounts->len; i++)
    {
      const SigninCtlAccount *account = g_ptr_array_index (health->accounts, i);
      g_autofree char *sentence = signin_ctl_health_account_sentence (health, account);

      if (signin_ctl_health_account_verdict (health, account) != SIGNIN_CTL_UP)
        signin_ctl_line (out, style, 2, "%s: %s", account->id, sentence);
    }
}

static int
show (SigninCtl *ctl, const SigninCtlHealth *health, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *sentence = signin_ctl_health_sentence (health);
  g_autofree char *painted
      = signin_ctl_paint (&ctl->style, signin_ctl_verdict_colour (signin_ctl_health_verdict (health)), sentence);
  const char *dashboard = signin_ctl_health_dashboard (health);

  signin_ctl_line (out, &ctl->style, 0, "%s", painted);
  add_accounts (out, &ctl->style, health);
  if (signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_PLAIN))
    {
      signin_ctl_health_lines (out, health, ctl->now_usec);
      return signin_ctl_show (out->str, error);
    }
  g_string_append_c (out, '\n');
  signin_ctl_health_table (out, &ctl->style, health, ctl->now_usec);
  if (dashboard != NULL)
    /* TRANSLATORS: what Microsoft shows to administrators, and its address */
    signin_ctl_line (out, &ctl->style, 0, _ ("Service Health Dashboard: %s"), dashboard);
  add_lengths (out, ctl, health);
  return signin_ctl_show (out->str, error);
}

static int
tell (SigninCtl *ctl, const SigninCtlHealth *health, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };
  int status;

  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_time (&json, "now", ctl->now_usec);
      signin_ctl_health_json (&json, health);
      status = signin_ctl_show_json (&json, error);
    }
  else
    status = show (ctl, health, error);
  if (status != SIGNIN_CTL_DONE)
    return status;
  return signin_ctl_health_verdict (health) == SIGNIN_CTL_UP ? SIGNIN_CTL_DONE : SIGNIN_CTL_FAILED;
}

/* The account that was named; all if none was. */
static GPtrArray *
choose (SigninCtl *ctl, const SigninCtlSnapshot *snapshot, GError **error)
{
  g_autoptr (GPtrArray) accounts = g_ptr_array_new ();
  const SigninCtlAccount *account = NULL;

  if (ctl->args.n_words > 0)
    {
      account = signin_ctl_snapshot_find (snapshot, ctl->args.words[0], error);
      if (account == NULL)
        return NULL;
      g_ptr_array_add (accounts, (gpointer) account);
    }
  for (guint i = 0; account == NULL && i < snapshot->accounts->len; i++)
    g_ptr_array_add (accounts, (gpointer) signin_ctl_snapshot_get (snapshot, i));
  return g_steal_pointer (&accounts);
}

static gboolean
check_wait (const SigninCtl *ctl, GError **error)
{
  const char *wait = signin_ctl_value (ctl, SIGNIN_CTL_OPT_WAIT);

  if (wait == NULL || g_str_equal (wait, "up"))
    return TRUE;
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("'%s' is nothing to wait for; only 'up' is"), wait);
  return FALSE;
}

/**
 * signin_ctl_run_health:
 * @ctl: the call
 * @error: why nothing could be found out
 *
 * Has the network asked, says in one sentence what came out, and shows why.
 *
 * Returns: an exit code: %SIGNIN_CTL_FAILED if signing in does not work, or that could not be told.
 */
int
signin_ctl_run_health (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninCtlSnapshot) snapshot = NULL;
  g_autoptr (GPtrArray) accounts = NULL;
  SigninCtlHealth health = { NULL };
  int status = SIGNIN_CTL_FAILED;

  if (!check_wait (ctl, error))
    return SIGNIN_CTL_USAGE;
  snapshot = signin_ctl_look (ctl, error);
  accounts = snapshot != NULL ? choose (ctl, snapshot, error) : NULL;
  if (accounts == NULL)
    return SIGNIN_CTL_FAILED;
  health.accounts = accounts;
  health.rows = ask (ctl, accounts, signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_REFRESH), error);
  if (health.rows != NULL
      && (signin_ctl_value (ctl, SIGNIN_CTL_OPT_WAIT) == NULL || wait_until_up (ctl, &health, error)))
    status = tell (ctl, &health, error);
  g_clear_pointer (&health.rows, g_ptr_array_unref);
  return status;
}
