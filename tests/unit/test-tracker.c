/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What callers ask of the tracker: what is accepted and what is refused. */

#include "config.h"

#include <locale.h>

#include "rig.h"

/* A renewed sign-in takes the place of the session before, with everything that was said of it. */
static void
test_renew (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_WARNING + 5 * RIG_MIN);
  rig_forget (rig);
  g_assert_true (signin_tracker_dismiss (rig->tracker, "contoso", NULL));
  g_assert_cmpint (rig_sign_in (rig, "contoso", "manual"), ==, RIG_REAL + RIG_WARNING + 5 * RIG_MIN + RIG_END);
  g_assert_cmpuint (signin_tracker_get (rig->tracker, "contoso")->n_sessions, ==, 1);
  g_assert_false (rig_session (rig, "contoso", "manual")->dismissed);
  g_assert_cmpuint (rig_session (rig, "contoso", "manual")->announced, ==, 0);
  rig_expect (rig, "signed-in contoso manual", NULL);
  rig_restart (rig);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, RIG_END);
  fake_clock_advance (rig->clock, RIG_END + RIG_LATE);
  rig_expect (rig, "warning contoso manual", "expired contoso manual", NULL);
}

static void
test_no_length (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add_with_length (rig, "contoso", 0);
  g_assert_cmpint (rig_sign_in (rig, "contoso", "manual"), ==, 0);
  rig_expect_none_next (rig);
  g_assert_false (fake_clock_is_waiting (rig->clock));
  rig_expect (rig, "signed-in contoso manual", NULL);
  fake_clock_advance (rig->clock, 60 * RIG_DAY);
  g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 0);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_ACTIVE);

  /* Its start is published all the same, and moves with the clock. */
  fake_clock_step (rig->clock, RIG_HOUR, FAKE_STEP_TOLD);
  g_assert_cmpuint (rig->changed->len, ==, 1);
  g_assert_cmpint (rig_session (rig, "contoso", "manual")->start.real_usec, ==, RIG_REAL + RIG_HOUR);
  rig_restart (rig);
  g_assert_cmpint (rig_session (rig, "contoso", "manual")->start.real_usec, ==, RIG_REAL + RIG_HOUR);
  rig_expect_nothing (rig);
}

static gboolean
add_account (Rig *rig, const char *id, GError **error)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;

  details.service = "office365";
  return signin_tracker_add_account (rig->tracker, id, &details, error);
}

static void
test_account_limit (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 256; i++)
    {
      g_autofree char *id = g_strdup_printf ("account-%u", i);

      add_account (rig, id, &error);
      g_assert_no_error (error);
    }
  g_assert_false (add_account (rig, "one-more", &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_LIMIT_EXCEEDED);
  g_assert_nonnull (strstr (error->message, "256"));
  g_clear_error (&error);
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (rig->n_turns, ==, 1);
  rig_restart (rig);
  g_assert_cmpuint (signin_tracker_n_accounts (rig->tracker), ==, 256);
  g_assert_false (add_account (rig, "one-more", NULL));

  g_assert_true (signin_tracker_remove_account (rig->tracker, "account-7", &error));
  g_assert_true (add_account (rig, "one-more", &error));
  g_assert_false (add_account (rig, "account-7", NULL));
  rig_restart (rig);
}

static void
test_source_limit (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;

  rig_add (rig, "contoso");
  for (guint i = 0; i < 16; i++)
    {
      g_autofree char *source = g_strdup_printf ("source-%u", i);

      rig_sign_in (rig, "contoso", source);
    }
  rig_forget (rig);
  g_assert_false (signin_tracker_sign_in (rig->tracker, "contoso", "one-more", -1, FALSE, NULL, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_LIMIT_EXCEEDED);
  g_assert_nonnull (strstr (error->message, "16"));
  rig_expect_nothing (rig);

  rig_sign_in (rig, "contoso", "source-3");
  rig_expect (rig, "signed-in contoso source-3", NULL);
  g_clear_error (&error);
  signin_tracker_sign_out (rig->tracker, "contoso", "source-3", &error);
  g_assert_no_error (error);
  rig_sign_in (rig, "contoso", "one-more");
  g_assert_cmpuint (signin_tracker_get (rig->tracker, "contoso")->n_sessions, ==, 16);
}

static void
test_unknown (void)
{
  static const SigninAccountDetails nothing = SIGNIN_ACCOUNT_DETAILS_INIT;
  static const struct
  {
    const char *id;
    SigninError error;
  } cases[] = {
    { "nobody", SIGNIN_ERROR_NO_SUCH_ACCOUNT },
    { "", SIGNIN_ERROR_INVALID_ARGUMENT },
    { "a/b", SIGNIN_ERROR_INVALID_ARGUMENT },
    { "\033[31m", SIGNIN_ERROR_INVALID_ARGUMENT },
  };
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *id = cases[i].id;
      GError *errors[5] = { NULL };

      g_assert_false (signin_tracker_set_account (rig->tracker, id, &nothing, FALSE, &errors[0]));
      g_assert_false (signin_tracker_remove_account (rig->tracker, id, &errors[1]));
      g_assert_false (signin_tracker_sign_in (rig->tracker, id, "manual", -1, FALSE, NULL, &errors[2]));
      g_assert_false (signin_tracker_sign_out (rig->tracker, id, NULL, &errors[3]));
      g_assert_false (signin_tracker_dismiss (rig->tracker, id, &errors[4]));
      g_assert_null (signin_tracker_get (rig->tracker, id));
      for (guint e = 0; e < G_N_ELEMENTS (errors); e++)
        {
          g_assert_error (errors[e], SIGNIN_ERROR, (int) cases[i].error);
          g_assert_null (strchr (errors[e]->message, '\033'));
          g_clear_error (&errors[e]);
        }
    }
  fake_clock_pump (rig->clock);
  rig_expect_nothing (rig);
}

static void
test_bad_sources (void)
{
  static const char *const sources[] = { "", "a\nb", "a\033b", "\xff" };
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *too_long = g_strnfill (SIGNIN_SOURCE_MAX + 1, 'a'), *longest = g_strnfill (SIGNIN_SOURCE_MAX, 'a');

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", longest);
  for (guint i = 0; i <= G_N_ELEMENTS (sources); i++)
    {
      const char *source = i < G_N_ELEMENTS (sources) ? sources[i] : too_long;
      g_autoptr (GError) error = NULL, out_error = NULL;

      g_assert_false (signin_tracker_sign_in (rig->tracker, "contoso", source, -1, FALSE, NULL, &error));
      g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT);
      g_assert_false (signin_tracker_sign_out (rig->tracker, "contoso", source, &out_error));
      g_assert_error (out_error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT);
    }
  g_assert_cmpuint (signin_tracker_get (rig->tracker, "contoso")->n_sessions, ==, 1);
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
  rig_restart (rig);
  g_assert_nonnull (rig_session (rig, "contoso", longest));
  rig_expect_nothing (rig);
}

static void
test_duplicate (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  g_assert_false (add_account (rig, "contoso", &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_ACCOUNT_EXISTS);
  fake_clock_pump (rig->clock);
  g_assert_cmpstr (signin_tracker_get (rig->tracker, "contoso")->info->service, ==, "dynamics365");
  g_assert_nonnull (rig_session (rig, "contoso", "manual"));
}

static void
test_bad_account (void)
{
  g_autoptr (Rig) rig = rig_new ();
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  g_autoptr (GError) error = NULL, id_error = NULL;

  details.service = "no-such-service";
  g_assert_false (signin_tracker_add_account (rig->tracker, "contoso", &details, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT);
  g_assert_false (add_account (rig, "NO ID", &id_error));
  g_assert_error (id_error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT);
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (signin_tracker_n_accounts (rig->tracker), ==, 0);
}

/* A new length plans the running session anew. */
static void
test_new_length (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, 3 * RIG_HOUR);
  rig_forget (rig);
  rig_set_length (rig, "contoso", 4 * RIG_HOUR, FALSE);
  g_assert_cmpuint (rig->changed->len, ==, 1);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + 3 * RIG_HOUR + 40 * RIG_MIN);
  rig_expect_nothing (rig);
  rig_restart (rig);
  fake_clock_advance (rig->clock, 40 * RIG_MIN + RIG_LATE);
  rig_expect (rig, "warning contoso manual", NULL);

  /* Longer again: what was said of the earlier end does not hold any more. */
  rig_set_length (rig, "contoso", 10 * RIG_HOUR, FALSE);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_ACTIVE);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + 9 * RIG_HOUR + 40 * RIG_MIN);
  rig_restart (rig);
  fake_clock_advance_to (rig->clock, RIG_REAL + 10 * RIG_HOUR + RIG_LATE);
  rig_expect (rig, "warning contoso manual", "expired contoso manual", NULL);

  /* Even what had ended goes on, if it has not really ended. */
  rig_set_length (rig, "contoso", 24 * RIG_HOUR, FALSE);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_ACTIVE);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + 23 * RIG_HOUR + 40 * RIG_MIN);
  rig_expect_nothing (rig);
}

/* One that makes the mark, or the end, lie in the past is told of at once. */
static void
test_shorter_length (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, 3 * RIG_HOUR + 50 * RIG_MIN);
  rig_forget (rig);
  rig_set_length (rig, "contoso", 4 * RIG_HOUR, FALSE);
  rig_expect (rig, "warning contoso manual", NULL);
  rig_expect_next (rig, SIGNIN_EVENT_EXPIRED, "contoso", RIG_REAL + 4 * RIG_HOUR);
  rig_set_length (rig, "contoso", 3 * RIG_HOUR, FALSE);
  rig_expect (rig, "expired contoso manual", NULL);
  rig_expect_none_next (rig);
}

/* Nothing but the lead changes, or nothing but how the sign-in was made: that is kept as well. */
static void
test_small_changes (void)
{
  g_autoptr (Rig) rig = rig_new ();
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  details.lead_usec = RIG_HOUR;
  g_assert_true (signin_tracker_set_account (rig->tracker, "contoso", &details, FALSE, NULL));
  fake_clock_pump (rig->clock);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + 7 * RIG_HOUR);
  rig_restart (rig);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + 7 * RIG_HOUR);
  g_assert_cmpint (rig_session (rig, "contoso", "manual")->policy.lead_usec, ==, RIG_HOUR);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "manual", -1, i == 0, NULL, NULL));
      fake_clock_pump (rig->clock);
      rig_restart (rig);
      g_assert_cmpint (rig_session (rig, "contoso", "manual")->silent, ==, i == 0);
    }
}

static void
test_length_from_next_sign_in (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  rig_set_length (rig, "contoso", 4 * RIG_HOUR, TRUE);
  rig_restart (rig);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + RIG_WARNING);
  g_assert_cmpint (signin_tracker_get (rig->tracker, "contoso")->info->policy.length_usec, ==, 4 * RIG_HOUR);
  rig_expect_nothing (rig);
  g_assert_cmpint (rig_sign_in (rig, "contoso", "manual"), ==, RIG_REAL + 4 * RIG_HOUR);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + 3 * RIG_HOUR + 40 * RIG_MIN);
}

static void
test_length_taken_away (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  rig_set_length (rig, "contoso", 0, FALSE);
  rig_expect_none_next (rig);
  g_assert_false (fake_clock_is_waiting (rig->clock));
  rig_restart (rig);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, SIGNIN_NEVER);
  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_expect_nothing (rig);
  rig_set_length (rig, "contoso", RIG_END, FALSE);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + RIG_WARNING);
}

/* Refused details change nothing; others leave the sessions as they are. */
static void
test_set_account (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_MIN);
  rig_forget (rig);
  details.length_usec = 1;
  g_assert_false (signin_tracker_set_account (rig->tracker, "contoso", &details, FALSE, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT);
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (rig->changed->len, ==, 0);

  details.length_usec = -1;
  details.user_name = "adele@contoso.com";
  g_clear_error (&error);
  signin_tracker_set_account (rig->tracker, "contoso", &details, FALSE, &error);
  g_assert_no_error (error);
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (rig->changed->len, ==, 1);
  rig_expect_nothing (rig);
  rig_restart (rig);
  g_assert_cmpstr (signin_tracker_get (rig->tracker, "contoso")->info->user_name, ==, "adele@contoso.com");
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_EXPIRING);
  rig_expect_nothing (rig);
}

static void
test_sign_out (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  rig_sign_in (rig, "contoso", "firefox");
  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_forget (rig);
  g_assert_false (signin_tracker_sign_out (rig->tracker, "contoso", "chromium", &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_NOT_SIGNED_IN);
  g_clear_error (&error);
  rig_expect_nothing (rig);

  g_assert_true (signin_tracker_sign_out (rig->tracker, "contoso", "firefox", &error));
  fake_clock_pump (rig->clock);
  g_assert_cmpint (rig_news (rig, 0)->at_usec, ==, RIG_REAL + RIG_HOUR);
  g_assert_cmpuint (rig->changed->len, ==, 1);
  rig_expect (rig, "signed-out contoso firefox", NULL);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + RIG_WARNING);
  g_assert_true (signin_tracker_sign_out (rig->tracker, "contoso", NULL, &error));
  fake_clock_pump (rig->clock);
  rig_expect (rig, "signed-out contoso manual", NULL);
  rig_expect_none_next (rig);
  g_assert_false (rig->clock->armed);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_SIGNED_OUT);

  g_assert_false (signin_tracker_sign_out (rig->tracker, "contoso", NULL, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_NOT_SIGNED_IN);
  rig_restart (rig);
  g_assert_cmpuint (signin_tracker_get (rig->tracker, "contoso")->n_sessions, ==, 0);
  g_assert_false (rig->clock->armed);
}

/* Everywhere means everywhere; of what had ended by itself nothing is said again. */
static void
test_sign_out_everywhere (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "a");
  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_sign_in (rig, "contoso", "b");
  rig_sign_in (rig, "contoso", "c");
  fake_clock_advance_to (rig->clock, RIG_REAL + RIG_END + RIG_LATE);
  rig_forget (rig);
  g_assert_true (signin_tracker_sign_out (rig->tracker, "contoso", NULL, &error));
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (rig->heard->len, ==, 2);
  g_assert_cmpuint (signin_tracker_get (rig->tracker, "contoso")->n_sessions, ==, 0);
  g_assert_false (rig->clock->armed);

  rig_sign_in (rig, "contoso", "a");
  fake_clock_advance (rig->clock, RIG_END + RIG_LATE);
  g_assert_false (signin_tracker_sign_out (rig->tracker, "contoso", NULL, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_NOT_SIGNED_IN);
}

static void
test_remove (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;

  rig_add (rig, "contoso");
  rig_add (rig, "fabrikam");
  rig_sign_in (rig, "contoso", "manual");
  rig_forget (rig);
  signin_tracker_remove_account (rig->tracker, "contoso", &error);
  g_assert_no_error (error);
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (rig->changed->len, ==, 1);
  g_assert_null (signin_tracker_get (rig->tracker, "contoso"));
  g_assert_false (rig->clock->armed);
  rig_expect_nothing (rig);
  rig_expect_none_next (rig);

  /* Who comes back under the same name has none of its sessions. */
  rig_restart (rig);
  g_assert_cmpuint (signin_tracker_n_accounts (rig->tracker), ==, 1);
  rig_add (rig, "contoso");
  rig_restart (rig);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_SIGNED_OUT);
}

static void
test_dismiss (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autoptr (GError) error = NULL;

  rig_add (rig, "contoso");
  g_assert_false (signin_tracker_dismiss (rig->tracker, "contoso", &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_NOT_SIGNED_IN);
  g_clear_error (&error);
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_sign_in (rig, "contoso", "firefox");
  g_assert_false (signin_tracker_dismiss (rig->tracker, "contoso", &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "15:52")); /* when the warning comes */
  g_clear_error (&error);

  fake_clock_advance_to (rig->clock, RIG_REAL + RIG_WARNING + RIG_LATE);
  rig_forget (rig);
  signin_tracker_dismiss (rig->tracker, "contoso", &error);
  g_assert_no_error (error);
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (rig->changed->len, ==, 1);
  g_assert_true (rig_session (rig, "contoso", "manual")->dismissed);
  g_assert_false (rig_session (rig, "contoso", "firefox")->dismissed);

  /* The popups alone: signals go on, also after a restart. */
  rig_restart (rig);
  g_assert_true (rig_session (rig, "contoso", "manual")->dismissed);
  g_assert_false (rig_session (rig, "contoso", "firefox")->dismissed);
  fake_clock_advance (rig->clock, 20 * RIG_MIN);
  rig_expect (rig, "expired contoso manual", NULL);
}

static void
test_silent (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "firefox", -1, TRUE, NULL, NULL));
  rig_restart (rig);
  g_assert_true (rig_session (rig, "contoso", "firefox") == NULL); /* nothing was answered: nothing was stored */
  g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "firefox", -1, TRUE, NULL, NULL));
  fake_clock_pump (rig->clock);
  rig_restart (rig);
  g_assert_true (rig_session (rig, "contoso", "firefox")->silent);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tracker/renew", test_renew);
  g_test_add_func ("/tracker/no-length", test_no_length);
  g_test_add_func ("/tracker/account-limit", test_account_limit);
  g_test_add_func ("/tracker/source-limit", test_source_limit);
  g_test_add_func ("/tracker/unknown", test_unknown);
  g_test_add_func ("/tracker/bad-sources", test_bad_sources);
  g_test_add_func ("/tracker/duplicate", test_duplicate);
  g_test_add_func ("/tracker/bad-account", test_bad_account);
  g_test_add_func ("/tracker/new-length", test_new_length);
  g_test_add_func ("/tracker/shorter-length", test_shorter_length);
  g_test_add_func ("/tracker/small-changes", test_small_changes);
  g_test_add_func ("/tracker/length-from-next-sign-in", test_length_from_next_sign_in);
  g_test_add_func ("/tracker/length-taken-away", test_length_taken_away);
  g_test_add_func ("/tracker/set-account", test_set_account);
  g_test_add_func ("/tracker/sign-out", test_sign_out);
  g_test_add_func ("/tracker/sign-out-everywhere", test_sign_out_everywhere);
  g_test_add_func ("/tracker/remove", test_remove);
  g_test_add_func ("/tracker/dismiss", test_dismiss);
  g_test_add_func ("/tracker/silent", test_silent);
  return g_test_run ();
}
