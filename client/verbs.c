/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The verbs, and the help that is made of them. */

#include "config.h"

#include "verbs.h"

#include <glib/gi18n.h>

#define BIT(option) SIGNIN_CTL_BIT (SIGNIN_CTL_OPT_##option)
#define ACCOUNT_OPTIONS (BIT (ORG) | BIT (REGION) | BIT (USER) | BIT (URL) | BIT (LENGTH) | BIT (WARN))
#define ANY_NUMBER 1024

/* Where the explanations begin. */
#define COLUMN 24

/* TRANSLATORS: a heading in signinctl --help */
#define SESSIONS N_ ("Sessions")
/* TRANSLATORS: a heading in signinctl --help */
#define SERVICES N_ ("Services")
/* TRANSLATORS: a heading in signinctl --help */
#define SET_UP N_ ("Set-up")

/* The first one is what signinctl does if no verb is given. Groups stand together. */
const SigninCtlVerb signin_ctl_verbs[] = {
  { "status", NULL, SESSIONS, "[ACCOUNT...]", N_ ("Show each account and what is left of its session (the default)"), 0,
    ANY_NUMBER, BIT (POPUP), signin_ctl_run_status },
  { "record", "signed-in", SESSIONS, "[ACCOUNT]", N_ ("Say \"I signed in\", now or earlier (also: signed-in)"), 0, 1,
    BIT (AT) | BIT (SOURCE) | BIT (FORCE) | BIT (POPUP), signin_ctl_run_record },
  { "end", "signed-out", SESSIONS, "[ACCOUNT]", N_ ("Say \"I signed out\": stop counting (also: signed-out)"), 0, 1, 0,
    signin_ctl_run_end },
  { "open", NULL, SESSIONS, "[ACCOUNT]", N_ ("Open the page to sign in on"), 0, 1, BIT (POPUP), signin_ctl_run_open },
  { "dismiss", NULL, SESSIONS, "[ACCOUNT]", N_ ("No more popups about this session"), 0, 1, 0, signin_ctl_run_dismiss },
  { "snooze", NULL, SESSIONS, "[ACCOUNT] [DURATION]", N_ ("No popups about this session for a while"), 0, 2, 0,
    signin_ctl_run_snooze },
  { "check", NULL, SESSIONS, "[ACCOUNT]", N_ ("Tell by the exit status alone whether enough time is left"), 0, 1,
    BIT (MIN_REMAINING), signin_ctl_run_check },
  { "monitor", NULL, SESSIONS, NULL, N_ ("Show what happens, as it happens"), 0, 0, 0, signin_ctl_run_monitor },
  { "bar", NULL, SESSIONS, NULL, N_ ("Show one line for a status bar"), 0, 0, BIT (FORMAT) | BIT (FOLLOW),
    signin_ctl_run_bar },
  { "history", NULL, SESSIONS, "[forget]", N_ ("Show past sessions day by day, or forget them"), 0, 1,
    BIT (SINCE) | BIT (UNTIL) | BIT (ACCOUNT) | BIT (YES), signin_ctl_run_history },
  { "health", NULL, SERVICES, "[ACCOUNT]", N_ ("Ask the network whether signing in works, and if not, why"), 0, 1,
    BIT (REFRESH) | BIT (WAIT), signin_ctl_run_health },
  { "explain", NULL, SERVICES, "[CODE|TEXT...]", N_ ("Say what a sign-in error means and who can mend it"), 0,
    ANY_NUMBER, 0, signin_ctl_run_explain },
  { "services", NULL, SERVICES, "[SERVICE]", N_ ("List the services that are known, or tell all of one"), 0, 1, 0,
    signin_ctl_run_services },
  { "regions", NULL, SERVICES, "[REGION]", N_ ("List the regions that are known, or look one up"), 0, 1, 0,
    signin_ctl_run_regions },
  { "add", NULL, SET_UP, "ID|URL", N_ ("Add an account"), 0, 1, BIT (SERVICE) | ACCOUNT_OPTIONS, signin_ctl_run_add },
  { "edit", NULL, SET_UP, "[ACCOUNT]", N_ ("Change an account"), 0, 1, ACCOUNT_OPTIONS | BIT (FROM_NEXT),
    signin_ctl_run_edit },
  { "remove", NULL, SET_UP, "[ACCOUNT]", N_ ("Remove an account and its sessions"), 0, 1, 0, signin_ctl_run_remove },
  { "browser", NULL, SET_UP, "[install|remove|status] [BROWSER...]", N_ ("Let browsers report sign-ins"), 0, ANY_NUMBER,
    0, signin_ctl_run_browser },
  { "export", NULL, SET_UP, NULL, N_ ("Write accounts and settings for another computer"), 0, 0, 0,
    signin_ctl_run_export },
  { "import", NULL, SET_UP, "[FILE]", N_ ("Take in what export wrote"), 0, 1, BIT (REPLACE) | BIT (DRY_RUN),
    signin_ctl_run_import },
  { "config", NULL, SET_UP, "[SETTING]", N_ ("Show the settings in force and where each comes from"), 0, 1, 0,
    signin_ctl_run_config },
  { "doctor", NULL, SET_UP, NULL, N_ ("Check everything between a sign-in and a popup"), 0, 0, BIT (POPUP),
    signin_ctl_run_doctor },
  /* For the completions of shells; no group, so no help speaks of it. */
  { "_complete", NULL, NULL, "[WORD...]", NULL, 0, ANY_NUMBER, 0, signin_ctl_run_complete },
  { NULL },
};

static void
add_options (GString *out, const SigninCtlStyle *style, guint bits)
{
  for (guint i = 0; i < SIGNIN_CTL_N_OPTIONS; i++)
    {
      const SigninCtlOptionInfo *info = signin_ctl_option_info (i);
      g_autofree char *name = NULL;

      if (!(bits & SIGNIN_CTL_BIT (i)))
        continue;
      name = g_strconcat ("--", info->name, info->value != NULL ? " " : NULL, info->value, NULL);
      signin_ctl_entry (out, style, COLUMN, name, _ (info->help));
    }
}

static void
add_verbs (GString *out, const SigninCtlStyle *style)
{
  const char *group = NULL;

  for (const SigninCtlVerb *verb = signin_ctl_verbs; verb->name != NULL; verb++)
    {
      g_autofree char *name = g_strconcat (verb->name, verb->words != NULL ? " " : NULL, verb->words, NULL);

      if (verb->group == NULL)
        continue;
      if (group == NULL || !g_str_equal (group, verb->group))
        g_string_append_printf (out, "\n%s:\n", _ (verb->group));
      group = verb->group;
      signin_ctl_entry (out, style, COLUMN, name, _ (verb->help));
    }
}

static void
add_verb_help (GString *out, const SigninCtlStyle *style, const SigninCtlVerb *verb)
{
  signin_ctl_line (out, style, 0, _ ("Usage: signinctl %s%s%s [OPTION...]"), verb->name, verb->words != NULL ? " " : "",
                   verb->words != NULL ? verb->words : "");
  if (verb->help != NULL)
    signin_ctl_line (out, style, 0, "%s.", _ (verb->help));
  g_string_append_printf (out, "\n%s:\n", _ ("Options"));
  add_options (out, style, verb->options);
  add_options (out, style, SIGNIN_CTL_GLOBAL_OPTIONS);
}

static void
add_verb_json (SigninCtlJson *json, const SigninCtlVerb *verb)
{
  guint bits = verb->options | SIGNIN_CTL_GLOBAL_OPTIONS;

  signin_ctl_json_object (json, NULL);
  signin_ctl_json_string (json, "name", verb->name);
  signin_ctl_json_string (json, "alias", verb->alias);
  signin_ctl_json_string (json, "group", _ (verb->group));
  signin_ctl_json_string (json, "words", verb->words);
  signin_ctl_json_string (json, "help", _ (verb->help));
  signin_ctl_json_array (json, "options");
  for (guint i = 0; i < SIGNIN_CTL_N_OPTIONS; i++)
    if (bits & SIGNIN_CTL_BIT (i))
      signin_ctl_json_string (json, NULL, signin_ctl_option_info (i)->name);
  signin_ctl_json_end (json, ']');
  signin_ctl_json_end (json, '}');
}

/* For whoever has to know all of it: man pages, completions and tests are held against this. */
static int
show_help_json (SigninCtl *ctl, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };

  signin_ctl_json_init (&json, FALSE);
  signin_ctl_json_array (&json, "verbs");
  for (const SigninCtlVerb *verb = signin_ctl_verbs; verb->name != NULL; verb++)
    if (verb->group != NULL && (!ctl->args.verb_given || ctl->args.verb == verb))
      add_verb_json (&json, verb);
  signin_ctl_json_end (&json, ']');
  signin_ctl_json_array (&json, "options");
  for (guint i = 0; i < SIGNIN_CTL_N_OPTIONS; i++)
    {
      const SigninCtlOptionInfo *info = signin_ctl_option_info (i);

      if (ctl->args.verb_given && !((ctl->args.verb->options | SIGNIN_CTL_GLOBAL_OPTIONS) & SIGNIN_CTL_BIT (i)))
        continue;
      signin_ctl_json_object (&json, NULL);
      signin_ctl_json_string (&json, "name", info->name);
      signin_ctl_json_string (&json, "value", info->value);
      signin_ctl_json_string (&json, "help", _ (info->help));
      signin_ctl_json_end (&json, '}');
    }
  signin_ctl_json_end (&json, ']');
  return signin_ctl_show_json (&json, error);
}

/**
 * signin_ctl_show_help:
 * @ctl: the call
 * @error: why not
 *
 * Shows what there is, or what can be said to the verb that was given.
 *
 * Returns: an exit code.
 */
int
signin_ctl_show_help (SigninCtl *ctl, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (ctl->json)
    return show_help_json (ctl, error);
  if (ctl->args.verb_given)
    {
      add_verb_help (out, &ctl->style, ctl->args.verb);
      return signin_ctl_show (out->str, error);
    }
  signin_ctl_line (out, &ctl->style, 0, _ ("Usage: signinctl [VERB] [OPTION...]"));
  signin_ctl_line (out, &ctl->style, 0, _ ("Knows when your web sign-ins end, before they do."));
  add_verbs (out, &ctl->style);
  g_string_append_printf (out, "\n%s:\n", _ ("Options"));
  add_options (out, &ctl->style, SIGNIN_CTL_GLOBAL_OPTIONS);
  g_string_append_c (out, '\n');
  signin_ctl_line (out, &ctl->style, 0,
                   _ ("ACCOUNT may be left out where there is only one. 'signinctl VERB --help' tells more of a verb, "
                      "and signinctl(1) of everything."));
  return signin_ctl_show (out->str, error);
}

/**
 * signin_ctl_show_version:
 * @ctl: the call
 * @error: why not
 *
 * Returns: an exit code.
 */
int
signin_ctl_show_version (SigninCtl *ctl, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };

  if (!ctl->json)
    return signin_ctl_show ("signinctl (signind) " PACKAGE_VERSION "\n", error);
  signin_ctl_json_init (&json, FALSE);
  signin_ctl_json_string (&json, "signinctl_version", PACKAGE_VERSION);
  return signin_ctl_show_json (&json, error);
}
