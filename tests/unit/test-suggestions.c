/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Organizations that nobody tracks: asked about, taken up, refused for good. */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "companion.h"
#include "rig.h"

#define FIREFOX "firefox:0123456789abcdef"
#define NORTHWIND "northwind.crm4.dynamics.com"

/**
 * Stage:
 * @told: the hosts that are suggested now, separated by spaces
 * @n_told: how often they changed
 */
typedef struct
{
  Rig *rig;
  SigninSuggestions *suggestions;
  SigninCompanion *companion;
  GString *told;
  guint n_told;
} Stage;

static void
on_suggestions (const GPtrArray *suggestions, gpointer user_data)
{
  Stage *stage = user_data;

  g_string_truncate (stage->told, 0);
  for (guint i = 0; i < suggestions->len; i++)
    g_string_append_printf (stage->told, "%s%s", i > 0 ? " " : "",
                            ((const SigninSuggestion *) suggestions->pdata[i])->host);
  stage->n_told++;
}

static void
open_stage (Stage *stage)
{
  stage->suggestions = signin_suggestions_new (stage->rig->tracker, stage->rig->store, stage->rig->scratch->services);
  stage->companion = signin_companion_new (stage->rig->tracker, stage->rig->scratch->services, stage->suggestions);
  signin_suggestions_observe (stage->suggestions, on_suggestions, stage);
}

static Stage *
stage_new (void)
{
  Stage *stage = g_new0 (Stage, 1);

  stage->rig = rig_new ();
  stage->told = g_string_new (NULL);
  open_stage (stage);
  return stage;
}

static void
close_stage (Stage *stage)
{
  signin_companion_free (stage->companion);
  signin_suggestions_free (stage->suggestions);
}

static void
stage_free (Stage *stage)
{
  rig_free (stage->rig);
  close_stage (stage);
  g_string_free (stage->told, TRUE);
  g_free (stage);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Stage, stage_free)

static void
restart (Stage *stage)
{
  rig_restart (stage->rig);
  close_stage (stage);
  open_stage (stage);
}

static SigninReportOutcome
report (Stage *stage, const char *host, SigninBrowserKind kind)
{
  SigninBrowserEvent event = { .host = host, .source = FIREFOX, .kind = kind, .at_usec = -1 };
  SigninReportOutcome outcome;
  g_autoptr (GError) error = NULL;

  signin_companion_report (stage->companion, &event, &outcome, &error);
  g_assert_no_error (error);
  fake_clock_pump (stage->rig->clock);
  return outcome;
}

static char *
accept (Stage *stage, const char *host)
{
  g_autoptr (GError) error = NULL;
  char *id = signin_suggestions_accept (stage->suggestions, host, &error);

  g_assert_no_error (error);
  fake_clock_pump (stage->rig->clock);
  return id;
}

static void
test_report (void)
{
  g_autoptr (Stage) stage = stage_new ();
  SigninReportOutcome outcome;

  rig_add (stage->rig, "contoso");
  outcome = report (stage, "contoso.crm4.dynamics.com", SIGNIN_BROWSER_SIGNED_IN);
  g_assert_cmpstr (outcome.account, ==, "contoso");
  g_assert_true (outcome.counted && !outcome.suggested);
  outcome = report (stage, "contoso.crm4.dynamics.com", SIGNIN_BROWSER_SIGNED_IN);
  g_assert_cmpstr (outcome.account, ==, "contoso");
  g_assert_true (!outcome.counted && !outcome.suggested);
  outcome = report (stage, "contoso.crm4.dynamics.com", SIGNIN_BROWSER_SIGNED_OUT);
  g_assert_true (outcome.counted);
  g_assert_null (rig_session (stage->rig, "contoso", FIREFOX));
  outcome = report (stage, "contoso.crm4.dynamics.com", SIGNIN_BROWSER_SIGNED_OUT);
  g_assert_cmpstr (outcome.account, ==, "contoso");
  g_assert_false (outcome.counted);
  outcome = report (stage, "contoso.crm4.dynamics.com", SIGNIN_BROWSER_SSO);
  g_assert_true (outcome.counted);
  g_assert_true (rig_session (stage->rig, "contoso", FIREFOX)->silent);
  outcome = report (stage, "example.org", SIGNIN_BROWSER_SIGNED_IN);
  g_assert_cmpstr (outcome.account, ==, "");
  g_assert_true (!outcome.counted && !outcome.suggested);
}

/* A sign-out of one browser's profile is not one of another source. */
static void
test_sign_out (void)
{
  g_autoptr (Stage) stage = stage_new ();

  rig_add (stage->rig, "contoso");
  rig_sign_in (stage->rig, "contoso", SIGNIN_SOURCE_MANUAL);
  g_assert_false (report (stage, "contoso.crm4.dynamics.com", SIGNIN_BROWSER_SIGNED_OUT).counted);
  g_assert_nonnull (rig_session (stage->rig, "contoso", SIGNIN_SOURCE_MANUAL));
}

static void
test_silent_ignored (void)
{
  g_autoptr (Stage) stage = stage_new ();
  SigninSettings settings;
  SigninReportOutcome outcome;

  rig_add (stage->rig, "contoso");
  signin_settings_init (&settings);
  g_assert_cmpint (settings.silent, ==, SIGNIN_SILENT_RESTART);
  settings.silent = SIGNIN_SILENT_IGNORE;
  signin_companion_set_settings (stage->companion, &settings);
  outcome = report (stage, "contoso.crm4.dynamics.com", SIGNIN_BROWSER_SSO);
  g_assert_cmpstr (outcome.account, ==, "contoso");
  g_assert_false (outcome.counted);
  g_assert_null (rig_session (stage->rig, "contoso", FIREFOX));
  g_assert_true (report (stage, "contoso.crm4.dynamics.com", SIGNIN_BROWSER_SIGNED_IN).counted);
  settings.silent = SIGNIN_SILENT_RESTART;
  signin_companion_set_settings (stage->companion, &settings);
  fake_clock_advance (stage->rig->clock, RIG_HOUR);
  g_assert_true (report (stage, "contoso.crm4.dynamics.com", SIGNIN_BROWSER_SSO).counted);
}

static void
test_suggest (void)
{
  g_autoptr (Stage) stage = stage_new ();

  g_assert_true (report (stage, NORTHWIND, SIGNIN_BROWSER_SIGNED_IN).suggested);
  g_assert_cmpstr (stage->told->str, ==, NORTHWIND);
  g_assert_true (report (stage, "fabrikam.crm.dynamics.com", SIGNIN_BROWSER_SSO).suggested);
  g_assert_true (report (stage, NORTHWIND, SIGNIN_BROWSER_SIGNED_IN).suggested);
  g_assert_cmpstr (stage->told->str, ==, NORTHWIND " fabrikam.crm.dynamics.com");
  g_assert_false (report (stage, "woodgrove.crm4.dynamics.com", SIGNIN_BROWSER_SIGNED_OUT).suggested);
  g_assert_false (report (stage, "db3--eurcrmlivesg622.crm4.dynamics.com", SIGNIN_BROWSER_SIGNED_IN).suggested);
  g_assert_cmpstr (stage->told->str, ==, NORTHWIND " fabrikam.crm.dynamics.com");
  /* Never an account by itself. */
  g_assert_cmpuint (signin_tracker_n_accounts (stage->rig->tracker), ==, 0);
}

/* What was seen before the person said yes counts from when it was seen. */
static void
test_accept (void)
{
  g_autoptr (Stage) stage = stage_new ();
  g_autofree char *id = NULL;
  const SigninAccount *account;

  report (stage, NORTHWIND, SIGNIN_BROWSER_SSO);
  fake_clock_advance (stage->rig->clock, RIG_HOUR);
  id = accept (stage, "NORTHWIND.crm4.dynamics.com");
  g_assert_cmpstr (id, ==, "northwind");
  g_assert_cmpstr (stage->told->str, ==, "");
  account = signin_tracker_get (stage->rig->tracker, "northwind");
  g_assert_cmpstr (account->info->organization, ==, "northwind");
  g_assert_cmpstr (account->info->region, ==, "crm4");
  g_assert_cmpint (rig_session (stage->rig, "northwind", FIREFOX)->start.real_usec, ==, RIG_REAL);
  g_assert_true (rig_session (stage->rig, "northwind", FIREFOX)->silent);
  rig_expect_next (stage->rig, SIGNIN_EVENT_WARNING, "northwind", RIG_REAL + RIG_WARNING);
}

/* Late in the evening the account is added, and the session that is over is not. */
static void
test_accept_late (void)
{
  g_autoptr (Stage) stage = stage_new ();
  g_autofree char *id = NULL;

  report (stage, NORTHWIND, SIGNIN_BROWSER_SIGNED_IN);
  fake_clock_advance (stage->rig->clock, RIG_END);
  id = accept (stage, NORTHWIND);
  g_assert_cmpuint (signin_tracker_get (stage->rig->tracker, "northwind")->n_sessions, ==, 0);
}

static void
test_accept_same_name (void)
{
  g_autoptr (Stage) stage = stage_new ();
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  rig_add (stage->rig, "northwind");
  rig_add (stage->rig, "fabrikam");
  rig_add (stage->rig, "fabrikam-crm");
  report (stage, NORTHWIND, SIGNIN_BROWSER_SIGNED_IN);
  report (stage, "fabrikam.crm.dynamics.com", SIGNIN_BROWSER_SIGNED_IN);
  second = accept (stage, NORTHWIND);
  third = accept (stage, "fabrikam.crm.dynamics.com");
  g_assert_cmpstr (second, ==, "northwind-crm4");
  g_assert_cmpstr (third, ==, "fabrikam-crm-2");
}

/* Whoever adds the account in another way is not asked any more. */
static void
test_added_otherwise (void)
{
  g_autoptr (Stage) stage = stage_new ();

  report (stage, "contoso.crm4.dynamics.com", SIGNIN_BROWSER_SIGNED_IN);
  report (stage, NORTHWIND, SIGNIN_BROWSER_SIGNED_IN);
  rig_add (stage->rig, "work");
  g_assert_cmpstr (stage->told->str, ==, NORTHWIND);
}

static void
test_refuse (void)
{
  g_autoptr (Stage) stage = stage_new ();
  g_autoptr (GError) error = NULL;

  report (stage, NORTHWIND, SIGNIN_BROWSER_SIGNED_IN);
  g_assert_true (signin_suggestions_refuse (stage->suggestions, "NORTHWIND.crm4.dynamics.com", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (stage->told->str, ==, "");
  g_assert_false (report (stage, NORTHWIND, SIGNIN_BROWSER_SIGNED_IN).suggested);
  restart (stage);
  g_assert_false (report (stage, NORTHWIND, SIGNIN_BROWSER_SIGNED_IN).suggested);
  g_assert_true (report (stage, "fabrikam.crm.dynamics.com", SIGNIN_BROWSER_SIGNED_IN).suggested);
  g_assert_cmpstr (stage->told->str, ==, "fabrikam.crm.dynamics.com");
}

static void
test_not_suggested (void)
{
  g_autoptr (Stage) stage = stage_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (signin_suggestions_accept (stage->suggestions, NORTHWIND, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (signin_suggestions_refuse (stage->suggestions, "\xff", &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (stage->n_told, ==, 0);
}

/* Nobody can fill the memory with hosts. */
static void
test_limits (void)
{
  g_autoptr (Stage) stage = stage_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *host = g_strdup_printf ("org%u.crm4.dynamics.com", i);

      g_assert_true (report (stage, host, SIGNIN_BROWSER_SIGNED_IN).suggested);
    }
  g_assert_true (g_str_has_prefix (stage->told->str, "org84.crm4.dynamics.com org85"));
  g_assert_true (g_str_has_suffix (stage->told->str, "org99.crm4.dynamics.com"));

  for (guint i = 0; i < SIGNIN_REFUSED_MAX; i++)
    {
      g_autofree char *host = g_strdup_printf ("no%u.crm4.dynamics.com", i);

      report (stage, host, SIGNIN_BROWSER_SIGNED_IN);
      g_assert_true (signin_suggestions_refuse (stage->suggestions, host, NULL));
    }
  report (stage, NORTHWIND, SIGNIN_BROWSER_SIGNED_IN);
  g_assert_false (signin_suggestions_refuse (stage->suggestions, NORTHWIND, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_LIMIT_EXCEEDED);
  g_assert_true (g_str_has_suffix (stage->told->str, NORTHWIND));
}

static void
test_full_disk (void)
{
  g_autoptr (Stage) stage = stage_new ();
  g_autoptr (GError) error = NULL;

  report (stage, NORTHWIND, SIGNIN_BROWSER_SIGNED_IN);
  scratch_fill_disk (TRUE);
  g_assert_false (signin_suggestions_refuse (stage->suggestions, NORTHWIND, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_STORAGE);
  scratch_fill_disk (FALSE);
  g_assert_cmpstr (stage->told->str, ==, NORTHWIND);
  g_clear_error (&error);
  g_assert_true (signin_suggestions_refuse (stage->suggestions, NORTHWIND, &error));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/suggestions/report", test_report);
  g_test_add_func ("/suggestions/sign-out", test_sign_out);
  g_test_add_func ("/suggestions/silent-ignored", test_silent_ignored);
  g_test_add_func ("/suggestions/suggest", test_suggest);
  g_test_add_func ("/suggestions/accept", test_accept);
  g_test_add_func ("/suggestions/accept-late", test_accept_late);
  g_test_add_func ("/suggestions/accept-same-name", test_accept_same_name);
  g_test_add_func ("/suggestions/added-otherwise", test_added_otherwise);
  g_test_add_func ("/suggestions/refuse", test_refuse);
  g_test_add_func ("/suggestions/not-suggested", test_not_suggested);
  g_test_add_func ("/suggestions/limits", test_limits);
  g_test_add_func ("/suggestions/full-disk", test_full_disk);
  return g_test_run ();
}
