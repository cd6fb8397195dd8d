/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "status.h"
#include "verbs.h"

#include <glib/gi18n.h>

#include "bar.h"
#include "describe.h"
#include "health.h"
#include "source.h"
#include "times.h"

/**
 * Look:
 * @state: what the daemon calls it
 * @glyph: a sign for it
 * @ascii: the same for poorer terminals
 * @colour: a colour for it
 */
typedef struct
{
  const char *state;
  const char *glyph;
  const char *ascii;
  SigninCtlColour colour;
} Look;

static const Look looks[] = {
  { "active", "●", "*", SIGNIN_CTL_GOOD },
  { "expiring", "▲", "!", SIGNIN_CTL_CARE },
  { "expired", "✗", "x", SIGNIN_CTL_BAD },
  { "signed-out", "○", "-", SIGNIN_CTL_FAINT },
};

static const Look *
find_look (const char *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    if (g_str_equal (looks[i].state, state))
      return &looks[i];
  return &looks[G_N_ELEMENTS (looks) - 1];
}

/* The state in words: whatever the colour says stands here too. */
static char *
describe_state (const SigninCtlAccount *account, gint64 now_usec)
{
  g_autofree char *since = signin_ctl_format_clock (account->signed_in_at, now_usec);
  g_autofree char *ended = signin_ctl_format_clock (account->expires_at, now_usec);
  g_autofree char *source = signin_ctl_describe_source (account, account->source);

  if (g_str_equal (account->state, "active"))
    /* TRANSLATORS: a clock time, and where the sign-in was made */
    return g_strdup_printf (_ ("signed in since %s (%s)"), since, source);
  if (g_str_equal (account->state, "expiring"))
    /* TRANSLATORS: a clock time, and where the sign-in was made */
    return g_strdup_printf (_ ("about to expire, signed in since %s (%s)"), since, source);
  if (g_str_equal (account->state, "expired"))
    /* TRANSLATORS: a clock time, and where the sign-in was made */
    return g_strdup_printf (_ ("expired at %s (%s)"), ended, source);
  if (g_str_equal (account->state, "signed-out"))
    return g_strdup (_ ("signed out"));
  return g_strdup (account->state);
}

static void
add_heading (GString *out, const SigninCtlStyle *style, const SigninCtlAccount *account, gint64 now_usec)
{
  const Look *look = find_look (account->state);
  const char *glyph = style->unicode ? look->glyph : look->ascii;
  g_autofree char *state = describe_state (account, now_usec);
  g_autofree char *painted = signin_ctl_paint (style, look->colour, state);
  g_autofree char *text = g_strdup_printf ("%s: %s", account->id, painted);

  if (style->glyphs)
    {
      g_autofree char *sign = signin_ctl_paint (style, look->colour, glyph);

      g_string_append_printf (out, "%s ", sign);
    }
  signin_ctl_wrap (out, style, style->glyphs ? 2 : 0, 2, text);
}

/* "██████████░░ 1 h 12 min left" */
static void
add_remaining (GString *out, const SigninCtlStyle *style, const SigninCtlAccount *account, gint64 now_usec)
{
  gint64 remaining = signin_ctl_remaining (account->state, account->expires_at, now_usec);
  g_autofree char *left = signin_ctl_format_duration (remaining);
  g_autofree char *bar = NULL;
  g_autofree char *painted = NULL;

  if (remaining < 0)
    return;
  bar = signin_ctl_bar (account->signed_in_at, account->expires_at, now_usec, SIGNIN_CTL_BAR_CELLS, style->unicode);
  painted = signin_ctl_paint (style, find_look (account->state)->colour, bar);
  /* TRANSLATORS: a bar, a space and a duration; without a bar the first two are empty */
  signin_ctl_line (out, style, 2, _ ("%s%s%s left"), style->bars ? painted : "", style->bars ? " " : "", left);
}

static gboolean
is_dismissed (const SigninCtlAccount *account)
{
  const SigninCtlSession *session = signin_ctl_account_find (account, account->source);

  return session != NULL && session->dismissed;
}

/* The sessions that the heading does not speak of: other browsers, other profiles. */
static void
add_others (GString *out, const SigninCtlStyle *style, const SigninCtlAccount *account, gint64 now_usec)
{
  for (guint i = 0; i < account->sessions->len; i++)
    {
      const SigninCtlSession *session = g_ptr_array_index (account->sessions, i);
      g_autofree char *source = signin_ctl_describe_source (account, session->source);
      g_autofree char *since = signin_ctl_format_clock (session->signed_in_at, now_usec);
      g_autofree char *end = signin_ctl_format_clock (session->expires_at, now_usec);

      if (g_str_equal (session->source, account->source))
        continue;
      if (g_str_equal (session->state, "expired"))
        /* TRANSLATORS: a source, such as a browser, and a clock time */
        signin_ctl_line (out, style, 2, _ ("%s: expired at %s"), source, end);
      else if (session->expires_at == 0)
        /* TRANSLATORS: a source, such as a browser, and a clock time */
        signin_ctl_line (out, style, 2, _ ("%s: signed in since %s"), source, since);
      else
        /* TRANSLATORS: a source, such as a browser, and two clock times */
        signin_ctl_line (out, style, 2, _ ("%s: signed in since %s, end at %s"), source, since, end);
    }
}

/**
 * signin_ctl_status_account:
 * @out: what to append to
 * @style: what can be shown
 * @account: an account
 * @now_usec: now
 *
 * Adds what there is to say of @account.
 */
void
signin_ctl_status_account (GString *out, const SigninCtlStyle *style, const SigninCtlAccount *account, gint64 now_usec)
{
  g_autofree char *what = signin_ctl_describe_what (account);
  g_autofree char *marks = signin_ctl_describe_marks (account->warns_at, account->expires_at, now_usec);
  g_autofree char *until = signin_ctl_format_clock (account->snoozed_until, now_usec);
  g_autofree char *id = signin_ctl_quote (account->id);

  add_heading (out, style, account, now_usec);
  if (*what != '\0')
    signin_ctl_line (out, style, 2, "%s", what);
  if (signin_ctl_account_is_running (account))
    {
      add_remaining (out, style, account, now_usec);
      signin_ctl_line (out, style, 2, "%s", marks);
      if (is_dismissed (account))
        signin_ctl_line (out, style, 2, _ ("Popups are dismissed"));
      else if (account->snoozed_until > now_usec)
        /* TRANSLATORS: a clock time */
        signin_ctl_line (out, style, 2, _ ("Quiet until %s"), until);
    }
  add_others (out, style, account, now_usec);
  if (*account->health_verdict != '\0')
    {
      g_autofree char *last = signin_ctl_health_last (account, now_usec);

      signin_ctl_line (out, style, 2, "%s", last);
    }
  if (g_str_equal (account->state, "expired"))
    signin_ctl_line (out, style, 2, _ ("Sign in again: signinctl open %s"), id);
  if (g_str_equal (account->state, "expired") || g_str_equal (account->state, "signed-out"))
    signin_ctl_line (out, style, 2, _ ("After signing in: signinctl record %s"), id);
}

/**
 * signin_ctl_status_next:
 * @out: what to append to
 * @style: what can be shown
 * @snapshot: what is true
 * @now_usec: now
 *
 * Adds what is waited for next.
 */
void
signin_ctl_status_next (GString *out, const SigninCtlStyle *style, const SigninCtlSnapshot *snapshot, gint64 now_usec)
{
  const SigninCtlAccount *account = signin_ctl_snapshot_next (snapshot);
  g_autofree char *clock = signin_ctl_format_clock (snapshot->next_deadline, now_usec);
  g_autofree char *wait = signin_ctl_format_duration (snapshot->next_deadline - now_usec);
  const char *id = account != NULL ? account->id : "";

  if (snapshot->next_deadline == 0)
    signin_ctl_line (out, style, 0, _ ("Next: nothing is waited for"));
  else if (g_str_equal (snapshot->next_event, "warning"))
    /* TRANSLATORS: an account, a clock time and a duration */
    signin_ctl_line (out, style, 0, _ ("Next: the warning for %s at %s, in %s"), id, clock, wait);
  else if (g_str_equal (snapshot->next_event, "reminder"))
    /* TRANSLATORS: an account, a clock time and a duration */
    signin_ctl_line (out, style, 0, _ ("Next: the reminder for %s at %s, in %s"), id, clock, wait);
  else if (g_str_equal (snapshot->next_event, "expired"))
    /* TRANSLATORS: an account, a clock time and a duration */
    signin_ctl_line (out, style, 0, _ ("Next: the end for %s at %s, in %s"), id, clock, wait);
  else
    /* TRANSLATORS: the name of an event, an account, a clock time and a duration */
    signin_ctl_line (out, style, 0, _ ("Next: %s for %s at %s, in %s"), snapshot->next_event, id, clock, wait);
}

/* The accounts that were named, in that order; all if none was. */
static GPtrArray *
choose_accounts (SigninCtl *ctl, const SigninCtlSnapshot *snapshot, GError **error)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();

  for (guint i = 0; i < ctl->args.n_words; i++)
    {
      const SigninCtlAccount *account = signin_ctl_snapshot_find (snapshot, ctl->args.words[i], error);

      if (account == NULL)
        return NULL;
      g_ptr_array_add (chosen, (gpointer) account);
    }
  for (guint i = 0; ctl->args.n_words == 0 && i < snapshot->accounts->len; i++)
    g_ptr_array_add (chosen, (gpointer) signin_ctl_snapshot_get (snapshot, i));
  return g_steal_pointer (&chosen);
}

static int
show_json (SigninCtl *ctl, const SigninCtlSnapshot *snapshot, GPtrArray *accounts, GError **error)
{
  const SigninCtlAccount *next = signin_ctl_snapshot_next (snapshot);
  g_auto (SigninCtlJson) json = { NULL };

  signin_ctl_json_init (&json, FALSE);
  signin_ctl_json_string (&json, "daemon_version", snapshot->daemon_version);
  signin_ctl_json_time (&json, "now", ctl->now_usec);
  signin_ctl_json_array (&json, "accounts");
  for (guint i = 0; i < accounts->len; i++)
    signin_ctl_json_account (&json, NULL, g_ptr_array_index (accounts, i), ctl->now_usec);
  signin_ctl_json_end (&json, ']');
  signin_ctl_json_array (&json, "suggestions");
  for (guint i = 0; i < snapshot->suggestions->len; i++)
    {
      const SigninCtlSuggestion *suggestion = g_ptr_array_index (snapshot->suggestions, i);

      signin_ctl_json_object (&json, NULL);
      signin_ctl_json_string (&json, "host", suggestion->host);
      signin_ctl_json_string (&json, "source", suggestion->source);
      signin_ctl_json_end (&json, '}');
    }
  signin_ctl_json_end (&json, ']');
  if (snapshot->next_deadline == 0)
    signin_ctl_json_null (&json, "next");
  else
    {
      signin_ctl_json_object (&json, "next");
      signin_ctl_json_string (&json, "event", snapshot->next_event);
      signin_ctl_json_string (&json, "account", next != NULL ? next->id : NULL);
      signin_ctl_json_time (&json, "at", snapshot->next_deadline);
      signin_ctl_json_end (&json, '}');
    }
  return signin_ctl_show_json (&json, error);
}

/* What a popup asks, for those who have none: organizations that a browser signed in to and nobody tracks. */
static void
add_suggestions (GString *out, const SigninCtlStyle *style, const SigninCtlSnapshot *snapshot)
{
  for (guint i = 0; i < snapshot->suggestions->len; i++)
    {
      const SigninCtlSuggestion *suggestion = g_ptr_array_index (snapshot->suggestions, i);
      g_autofree char *source = signin_source_describe (suggestion->source, FALSE);
      g_autofree char *url = g_strconcat ("https://", suggestion->host, NULL);
      g_autofree char *quoted = signin_ctl_quote (url);
      g_autofree char *command = g_strconcat ("signinctl add ", quoted, NULL);

      /* TRANSLATORS: a browser and a host; below it the command that adds it */
      signin_ctl_line (out, style, 0, _ ("%s signed in to %s, which is not tracked. To track it:"), source,
                       suggestion->host);
      signin_ctl_command (out, style, 2, command);
      g_string_append_c (out, '\n');
    }
}

static void
add_welcome (GString *out, const SigninCtlStyle *style)
{
  signin_ctl_line (out, style, 0, _ ("There is no account yet. Add one by the address you sign in on:"));
  signin_ctl_command (out, style, 2, "signinctl add https://contoso.crm4.dynamics.com");
}

/**
 * signin_ctl_run_status:
 * @ctl: the call
 * @error: why not
 *
 * Shows accounts, and what is waited for next.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_status (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninCtlSnapshot) snapshot = signin_ctl_look (ctl, error);
  g_autoptr (GPtrArray) accounts = snapshot != NULL ? choose_accounts (ctl, snapshot, error) : NULL;
  g_autoptr (GString) out = g_string_new (NULL);

  if (accounts == NULL)
    return SIGNIN_CTL_FAILED;
  if (ctl->json)
    return show_json (ctl, snapshot, accounts, error);
  /* The first line is the title of a popup. */
  if (signin_ctl_is_popup (ctl) && accounts->len > 1)
    signin_ctl_status_next (out, &ctl->style, snapshot, ctl->now_usec);
  for (guint i = 0; i < accounts->len; i++)
    {
      signin_ctl_status_account (out, &ctl->style, g_ptr_array_index (accounts, i), ctl->now_usec);
      g_string_append_c (out, '\n');
    }
  if (!signin_ctl_is_popup (ctl) && ctl->args.n_words == 0)
    add_suggestions (out, &ctl->style, snapshot);
  if (accounts->len == 0 && snapshot->suggestions->len == 0)
    add_welcome (out, &ctl->style);
  else if (!signin_ctl_is_popup (ctl))
    signin_ctl_status_next (out, &ctl->style, snapshot, ctl->now_usec);
  return signin_ctl_tell (ctl, out->str, error);
}
