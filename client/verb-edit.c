/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <stdio.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "describe.h"
#include "details.h"
#include "health.h"
#include "times.h"
#include "verbs.h"

/* What is typed for the length that an organization has set itself. */
#define OF_ORGANIZATION "organization"

/**
 * OwnRule:
 * @length_usec: how long the organization keeps people signed in; 0 if that is not known
 * @lead_usec: how long before the end it warns them; 0 if that is not known
 */
typedef struct
{
  gint64 length_usec;
  gint64 lead_usec;
} OwnRule;

static void
read_own_rule (OwnRule *own, GPtrArray *rows, const char *account)
{
  SigninCtlHealth health = { .rows = rows };
  const SigninCtlHealthRow *row = signin_ctl_health_find (&health, account, "organization");

  *own = (OwnRule){ row != NULL ? row->session_length_usec : 0, row != NULL ? row->warning_lead_usec : 0 };
}

/* What the organization's administrators have set, which takes a token to be told. */
static gboolean
ask_own_rule (SigninCtl *ctl, OwnRule *own, GError **error)
{
  g_autoptr (SigninCtlSnapshot) snapshot = signin_ctl_look (ctl, error);
  const SigninCtlAccount *account = snapshot != NULL ? signin_ctl_pick (ctl, snapshot, error) : NULL;
  g_autoptr (GPtrArray) accounts = g_ptr_array_new ();
  g_autoptr (GPtrArray) rows = NULL;

  if (account == NULL)
    return FALSE;
  g_ptr_array_add (accounts, (gpointer) account);
  rows = signin_ctl_health_ask (ctl->bus, accounts, FALSE, NULL, NULL, error);
  if (rows == NULL)
    return FALSE;
  read_own_rule (own, rows, account->id);
  if (own->length_usec > 0)
    return TRUE;
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
               _ ("What length the organization of %s has set is not known. It takes a token to be told, see "
                  "token-command in signind.conf(5), and not every organization has set one"),
               account->id);
  return FALSE;
}

/* What was found out a moment ago. Nobody is asked, and nobody started for it. */
static gboolean
recall_own_rule (SigninCtl *ctl, OwnRule *own, const char *id)
{
  g_autoptr (GPtrArray) rows = signin_ctl_health_get (ctl->bus, NULL);

  *own = (OwnRule){ 0 };
  if (rows != NULL)
    read_own_rule (own, rows, id);
  return own->length_usec > 0;
}

static char *
describe_own_rule (const OwnRule *own, const char *id)
{
  g_autofree char *length = signin_ctl_format_duration (own->length_usec);
  g_autofree char *lead = signin_ctl_format_duration (own->lead_usec);

  if (own->lead_usec == 0)
    /* TRANSLATORS: an account and a duration */
    return g_strdup_printf (_ ("The organization of %s keeps people signed in for %s."), id, length);
  /* TRANSLATORS: an account and two durations */
  return g_strdup_printf (_ ("The organization of %s keeps people signed in for %s, and warns them %s before the end."),
                          id, length, lead);
}

/* Only "yes" is a yes, in English or in the person's language. */
static gboolean
is_yes (const char *answer)
{
  /* TRANSLATORS: letters and words that mean "yes" when they are typed, with a semicolon between */
  g_auto (GStrv) words = g_strsplit (_ ("y;yes"), ";", -1);
  g_autofree char *typed = g_strstrip (g_strdup (answer));
  g_autofree char *lower = g_utf8_strdown (typed, -1);

  return g_strv_contains ((const char *const *) words, lower);
}

static gboolean
offer_own_rule (SigninCtl *ctl, const OwnRule *own, const char *id)
{
  g_autofree char *rule = describe_own_rule (own, id);
  /* TRANSLATORS: a sentence, and a question behind it; [y/N]: "n" is meant if nothing is typed */
  g_autofree char *question = g_strdup_printf (_ ("%s Count with that? [y/N] "), rule);
  char answer[64];

  return !ctl->json && isatty (STDIN_FILENO) && isatty (STDOUT_FILENO) && signin_ctl_write (stdout, question, NULL)
         && fgets (answer, sizeof answer, stdin) != NULL && g_utf8_validate (answer, -1, NULL) && is_yes (answer);
}

/* Nothing was said to be changed: perhaps there is something to offer. */
static gboolean
find_change (SigninCtl *ctl, OwnRule *own, GError **error)
{
  g_autofree char *id = signin_ctl_pick_id (ctl, NULL);
  gboolean known = id != NULL && signin_ctl_connect (ctl, NULL) != NULL && recall_own_rule (ctl, own, id);
  g_autofree char *rule = known ? describe_own_rule (own, id) : NULL;

  if (known && offer_own_rule (ctl, own, id))
    return TRUE;
  if (known)
    /* TRANSLATORS: a sentence */
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
                 _ ("Nothing to change; say what, such as --length organization. %s"), rule);
  else
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
                 _ ("Nothing to change; say what, such as --length 10h; see 'signinctl edit --help'"));
  return FALSE;
}

static gboolean
wants_own_rule (const SigninCtl *ctl)
{
  return g_strcmp0 (signin_ctl_value (ctl, SIGNIN_CTL_OPT_LENGTH), OF_ORGANIZATION) == 0;
}

/* Goes on as if the organization's own length had been typed. */
static void
take_own_rule (SigninCtl *ctl, const OwnRule *own, SigninAccountDetails *details)
{
  ctl->args.given |= SIGNIN_CTL_BIT (SIGNIN_CTL_OPT_LENGTH);
  details->length_usec = own->length_usec;
  if (own->lead_usec > 0 && !signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_WARN))
    details->lead_usec = own->lead_usec;
}

static gboolean
set_account (SigninCtl *ctl, const char *id, const OwnRule *own, GError **error)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  g_autoptr (sd_bus_message) message = NULL;
  gboolean from_next = signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_FROM_NEXT);

  if (wants_own_rule (ctl))
    ctl->args.values[SIGNIN_CTL_OPT_LENGTH] = NULL;
  if (!signin_ctl_read_details (ctl, &details, error))
    return FALSE;
  if (own->length_usec > 0)
    take_own_rule (ctl, own, &details);
  message = signin_ctl_begin (ctl, "SetAccount", error);
  if (message == NULL || signin_ctl_bus_failed (sd_bus_message_append (message, "s", id), error)
      || signin_ctl_bus_failed (signin_ctl_append_details (message, &details, from_next), error))
    return FALSE;
  return signin_ctl_commit (ctl, message, error);
}

static gboolean
changes_rule (const SigninCtl *ctl)
{
  return signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_LENGTH)
         || signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_WARN);
}

/* What a new rule means for the session that runs. */
static void
add_plan (GString *out, SigninCtl *ctl, const SigninCtlAccount *account)
{
  g_autofree char *marks = signin_ctl_describe_marks (account->warns_at, account->expires_at, ctl->now_usec);

  if (!changes_rule (ctl) || !signin_ctl_account_is_running (account))
    return;
  if (signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_FROM_NEXT))
    signin_ctl_line (out, &ctl->style, 2, _ ("The running session stays as it is; this counts from the next sign-in"));
  else
    signin_ctl_line (out, &ctl->style, 2, _ ("The running session is planned anew"));
  signin_ctl_line (out, &ctl->style, 2, "%s", marks);
}

static int
show (SigninCtl *ctl, const SigninCtlAccount *account, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *what = signin_ctl_describe_what (account);
  g_autofree char *rule = signin_ctl_describe_rule (account);

  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_account (&json, "account", account, ctl->now_usec);
      return signin_ctl_show_json (&json, error);
    }
  /* TRANSLATORS: an account, and what it is */
  signin_ctl_line (out, &ctl->style, 0, _ ("Changed %s: %s"), account->id, what);
  signin_ctl_address (out, &ctl->style, 2, account->url);
  signin_ctl_line (out, &ctl->style, 2, "%s", rule);
  add_plan (out, ctl, account);
  return signin_ctl_show (out->str, error);
}

/**
 * signin_ctl_run_edit:
 * @ctl: the call
 * @error: why not
 *
 * Changes an account, and says what becomes of its running session.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_edit (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninCtlSnapshot) snapshot = NULL;
  const SigninCtlAccount *account;
  g_autofree char *id = NULL;
  OwnRule own = { 0 };

  if (!(ctl->args.given & ctl->args.verb->options & ~SIGNIN_CTL_BIT (SIGNIN_CTL_OPT_FROM_NEXT))
      && !find_change (ctl, &own, error))
    return SIGNIN_CTL_USAGE;
  if (wants_own_rule (ctl) && !ask_own_rule (ctl, &own, error))
    return SIGNIN_CTL_FAILED;
  id = signin_ctl_pick_id (ctl, error);
  if (id == NULL || !set_account (ctl, id, &own, error))
    return SIGNIN_CTL_FAILED;
  snapshot = signin_ctl_look (ctl, error);
  account = snapshot != NULL ? signin_ctl_snapshot_find (snapshot, id, error) : NULL;
  return account != NULL ? show (ctl, account, error) : SIGNIN_CTL_FAILED;
}
