/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What status says of an account at one fixed moment: a Tuesday, 15:00. */

#include "config.h"

#include "client/status.h"
#include "client/times.h"

#define NOW (G_GINT64_CONSTANT (1795532400) * G_USEC_PER_SEC)

static SigninCtlAccount *
account_new (const char *state, gint64 ago, gint64 length)
{
  SigninCtlAccount *account = g_new0 (SigninCtlAccount, 1);

  account->path = g_strdup ("/account/contoso");
  account->id = g_strdup ("contoso");
  account->service = g_strdup ("dynamics365");
  account->service_name = g_strdup ("Dynamics 365");
  account->user_name = g_strdup ("");
  account->organization = g_strdup ("contoso");
  account->region = g_strdup ("crm4");
  account->url = g_strdup ("https://contoso.crm4.dynamics.com");
  account->state = g_strdup (state);
  account->source = g_strdup (ago > 0 ? "manual" : "");
  account->signed_in_at = ago > 0 ? NOW - ago : 0;
  account->expires_at = ago > 0 && length > 0 ? NOW - ago + length : 0;
  account->warns_at = account->expires_at > 0 ? account->expires_at - 20 * SIGNIN_CTL_MINUTE : 0;
  account->health_verdict = g_strdup ("");
  account->health_reason = g_strdup ("");
  account->sessions = g_ptr_array_new ();
  return account;
}

static void
assert_status (const char *state, gint64 ago, gint64 length, const char *expected)
{
  const SigninCtlStyle style = { .width = 80, .unicode = TRUE, .bars = TRUE };
  g_autoptr (SigninCtlAccount) account = account_new (state, ago, length);
  g_autoptr (GString) out = g_string_new (NULL);

  signin_ctl_status_account (out, &style, account, NOW);
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_states (void)
{
  assert_status ("active", 408 * SIGNIN_CTL_MINUTE, 8 * SIGNIN_CTL_HOUR,
                 "contoso: signed in since 08:12 (manual)\n"
                 "  Dynamics 365\n"
                 "  ██████████░░ 1 h 12 min left\n"
                 "  Warning at 15:52, end at 16:12\n");
  assert_status ("expiring", 460 * SIGNIN_CTL_MINUTE, 8 * SIGNIN_CTL_HOUR,
                 "contoso: about to expire, signed in since 07:20 (manual)\n"
                 "  Dynamics 365\n"
                 "  ███████████░ 20 min left\n"
                 "  Warning was at 15:00, end at 15:20\n");
  assert_status ("expiring", 8 * SIGNIN_CTL_HOUR - 1, 8 * SIGNIN_CTL_HOUR,
                 "contoso: about to expire, signed in since 07:00 (manual)\n"
                 "  Dynamics 365\n"
                 "  ███████████░ 1 s left\n"
                 "  Warning was at 14:40, end at 15:00\n");
  assert_status ("expired", 8 * SIGNIN_CTL_HOUR, 8 * SIGNIN_CTL_HOUR,
                 "contoso: expired at 15:00 (manual)\n"
                 "  Dynamics 365\n"
                 "  Sign in again: signinctl open contoso\n"
                 "  After signing in: signinctl record contoso\n");
  assert_status ("active", 2 * SIGNIN_CTL_HOUR, 0,
                 "contoso: signed in since 13:00 (manual)\n"
                 "  Dynamics 365\n"
                 "  No session length is known: no warning will come\n");
  assert_status ("signed-out", 0, 0,
                 "contoso: signed out\n"
                 "  Dynamics 365\n"
                 "  After signing in: signinctl record contoso\n");
  assert_status ("of-the-future", 0, 0, "contoso: of-the-future\n  Dynamics 365\n");
}

static void
test_poor_terminal (void)
{
  SigninCtlStyle style = { .width = 40, .bars = TRUE, .glyphs = TRUE };
  g_autoptr (SigninCtlAccount) account = account_new ("active", 408 * SIGNIN_CTL_MINUTE, 8 * SIGNIN_CTL_HOUR);
  g_autoptr (GString) out = g_string_new (NULL);

  signin_ctl_status_account (out, &style, account, NOW);
  g_assert_cmpstr (out->str, ==,
                   "* contoso: signed in since 08:12\n"
                   "  (manual)\n"
                   "  Dynamics 365\n"
                   "  [##########--] 1 h 12 min left\n"
                   "  Warning at 15:52, end at 16:12\n");
  g_string_truncate (out, 0);
  style.bars = style.glyphs = FALSE;
  signin_ctl_status_account (out, &style, account, NOW);
  g_assert_nonnull (strstr (out->str, "\n  1 h 12 min left\n"));
}

static void
test_next (void)
{
  const SigninCtlStyle style = { .width = 80 };
  g_autoptr (SigninCtlSnapshot) snapshot = signin_ctl_snapshot_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  signin_ctl_status_next (out, &style, snapshot, NOW);
  g_assert_cmpstr (out->str, ==, "Next: nothing is waited for\n");
  g_string_truncate (out, 0);
  g_ptr_array_add (snapshot->accounts, account_new ("active", SIGNIN_CTL_HOUR, 8 * SIGNIN_CTL_HOUR));
  g_free (snapshot->next_event);
  g_free (snapshot->next_account);
  snapshot->next_event = g_strdup ("warning");
  snapshot->next_account = g_strdup ("/account/contoso");
  snapshot->next_deadline = NOW + 52 * SIGNIN_CTL_MINUTE;
  signin_ctl_status_next (out, &style, snapshot, NOW);
  g_assert_cmpstr (out->str, ==, "Next: the warning for contoso at 15:52, in 52 min\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/states", test_states);
  g_test_add_func ("/status/poor-terminal", test_poor_terminal);
  g_test_add_func ("/status/next", test_next);
  return g_test_run ();
}
