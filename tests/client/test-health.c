/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From results to words: a sentence for each verdict, words for each reason, and tables, at one fixed moment. */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "client/health.h"
#include "client/times.h"

#define NOW (G_GINT64_CONSTANT (1795532400) * G_USEC_PER_SEC)
#define MSEC 1000

static void
row_free (gpointer data)
{
  SigninCtlHealthRow *row = data;

  g_free (row->url);
  g_free (row);
}

static void
account_free (gpointer data)
{
  g_free (data);
}

static void
health_clear (SigninCtlHealth *health)
{
  g_ptr_array_unref (health->rows);
  g_ptr_array_unref (health->accounts);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninCtlHealth, health_clear)

static SigninCtlHealth
health_init (void)
{
  return (SigninCtlHealth){ g_ptr_array_new_with_free_func (row_free), g_ptr_array_new_with_free_func (account_free) };
}

static void
add_account (SigninCtlHealth *health, const char *id, const char *organization, const char *region)
{
  SigninCtlAccount *account = g_new0 (SigninCtlAccount, 1);

  account->id = (char *) id;
  account->service_name = (char *) "Microsoft Social Engagement";
  account->organization = (char *) organization;
  account->region = (char *) region;
  account->url = (char *) "https://contoso.crm4.dynamics.com";
  g_ptr_array_add (health->accounts, account);
}

static SigninCtlHealthRow *
add_row (SigninCtlHealth *health, const char *kind, const char *account, const char *name, const char *verdict,
         const char *reason)
{
  SigninCtlHealthRow *row = g_new0 (SigninCtlHealthRow, 1);

  row->kind = (char *) kind;
  row->account = (char *) account;
  row->name = (char *) name;
  row->verdict = (char *) verdict;
  row->reason = (char *) reason;
  row->asked = (char *) name;
  row->detail = row->tenant = row->title = row->issue_id = (char *) "";
  row->url = g_strdup ("");
  row->at = NOW - G_USEC_PER_SEC;
  g_ptr_array_add (health->rows, row);
  return row;
}

static void
set_times (SigninCtlHealthRow *row, gint64 dns, gint64 connect, gint64 tls, gint64 answer)
{
  row->dns_usec = dns * MSEC;
  row->connect_usec = connect * MSEC;
  row->tls_usec = tls * MSEC;
  row->first_byte_usec = answer * MSEC;
  row->total_usec = (dns + connect + tls + answer) * MSEC;
}

static void
test_sentences (void)
{
  static const struct
  {
    const char *summary[2];
    const char *page[2];
    const char *authority[2];
    gint64 retry_after_sec;
    const char *sentence;
  } cases[] = {
    { { "up", "auth-challenge" },
      { "up", "auth-challenge" },
      { "up", "openid-configuration" },
      0,
      "Sign-in works; contoso answers in 180 ms." },
    { { "offline", "name-unknown" },
      { "offline", "name-unknown" },
      { "offline", "name-unknown" },
      0,
      "You are offline." },
    { { "offline", "captive" },
      { "offline", "captive" },
      { "offline", "captive" },
      0,
      "This network wants you to log in to it first: open any page in a browser." },
    { { "offline", "proxy-unreachable" },
      { "offline", "proxy-unreachable" },
      { "offline", "proxy-unreachable" },
      0,
      "You are offline: the proxy of this network cannot be reached." },
    { { "unknown", "proxy-407" },
      { "unknown", "proxy-407" },
      { "unknown", "proxy-407" },
      0,
      "Whether sign-in to contoso works cannot be told: the proxy of this network refuses with HTTP status 407." },
    { { "not-found", "name-unknown" },
      { "not-found", "name-unknown" },
      { "up", "openid-configuration" },
      0,
      "crm4 knows no organization contoso." },
    { { "down", "http-500" },
      { "down", "http-500" },
      { "up", "openid-configuration" },
      0,
      "contoso is down: it answers with HTTP status 500." },
    { { "down", "timeout" },
      { "down", "timeout" },
      { "up", "openid-configuration" },
      0,
      "contoso is down: it does not answer in time." },
    { { "down", "connection-refused" },
      { "up", "auth-challenge" },
      { "down", "connection-refused" },
      0,
      "The sign-in service login.microsoftonline.com is down: it takes no connections." },
    { { "degraded", "http-503" },
      { "degraded", "http-503" },
      { "up", "openid-configuration" },
      120,
      "contoso is overloaded, and asks to be left alone for 2 min." },
    { { "degraded", "http-429" },
      { "up", "auth-challenge" },
      { "degraded", "http-429" },
      0,
      "The sign-in service login.microsoftonline.com is overloaded: it answers with HTTP status 429." },
    { { "unknown", "challenge-missing" },
      { "unknown", "challenge-missing" },
      { "up", "openid-configuration" },
      0,
      "Whether sign-in to contoso works cannot be told: it asks who you are, but not where to sign in." },
    { { "splendid", "of-the-future" },
      { "splendid", "of-the-future" },
      { "up", "openid-configuration" },
      0,
      "Whether sign-in to contoso works cannot be told: of-the-future." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (SigninCtlHealth) health = health_init ();
      gboolean page_counts = g_str_equal (cases[i].page[0], cases[i].summary[0]);
      SigninCtlHealthRow *page;
      g_autofree char *sentence = NULL;

      add_account (&health, "contoso", "contoso", "crm4");
      add_row (&health, "summary", "contoso", page_counts ? "contoso.crm4.dynamics.com" : "login.microsoftonline.com",
               cases[i].summary[0], cases[i].summary[1]);
      page = add_row (&health, "organization", "contoso", "contoso.crm4.dynamics.com", cases[i].page[0],
                      cases[i].page[1]);
      set_times (page, 10, 20, 50, 100);
      page->retry_after_sec = cases[i].retry_after_sec;
      add_row (&health, "authority", "", "login.microsoftonline.us", "down", "http-500");
      add_row (&health, "authority", i % 2 == 0 ? "contoso" : "", "login.microsoftonline.com", cases[i].authority[0],
               cases[i].authority[1]);
      sentence = signin_ctl_health_sentence (&health);
      g_assert_cmpstr (sentence, ==, cases[i].sentence);
      g_assert_cmpstr (signin_ctl_verdict_word (signin_ctl_health_verdict (&health)), ==,
                       i + 1 < G_N_ELEMENTS (cases) ? cases[i].summary[0] : "unknown");
      g_assert_cmpint (signin_ctl_health_is_hopeless (&health), ==, g_str_equal (cases[i].summary[0], "not-found"));
    }
}

static void
expect_sentence (const SigninCtlHealth *health, const char *expected)
{
  g_autofree char *sentence = signin_ctl_health_sentence (health);

  g_assert_cmpstr (sentence, ==, expected);
}

static void
test_no_organization (void)
{
  g_auto (SigninCtlHealth) health = health_init ();

  add_account (&health, "social", "", "");
  expect_sentence (&health, "Nothing was found out about social.");
  add_row (&health, "summary", "social", "", "not-found", "http-404");
  expect_sentence (&health, "There is nothing to sign in to at https://contoso.crm4.dynamics.com.");
  add_row (&health, "home", "social", "home.dynamics.com", "not-found", "http-404");
  expect_sentence (&health, "There is nothing to sign in to at home.dynamics.com.");
  add_row (&health, "discontinued", "social", "listening.microsoft.com", "not-found", "discontinued");
  expect_sentence (&health, "Microsoft Social Engagement was discontinued: nobody can sign in to it any more.");
  g_assert_true (signin_ctl_health_is_hopeless (&health));
}

static void
test_several (void)
{
  g_auto (SigninCtlHealth) health = health_init ();
  SigninCtlHealthRow *second;

  add_account (&health, "contoso", "contoso", "crm4");
  add_account (&health, "fabrikam", "fabrikam", "crm4");
  add_row (&health, "summary", "contoso", "", "up", "auth-challenge");
  set_times (add_row (&health, "organization", "contoso", "c", "up", "auth-challenge"), 0, 0, 0, 100);
  second = add_row (&health, "summary", "fabrikam", "", "up", "auth-challenge");
  set_times (add_row (&health, "organization", "fabrikam", "f", "up", "auth-challenge"), 0, 0, 0, 1800);
  expect_sentence (&health, "Sign-in works for all 2 accounts; the slowest answer took 1.8 s.");
  second->verdict = (char *) "degraded";
  expect_sentence (&health, "Sign-in works for 1 of 2 accounts.");
  g_assert_cmpint (signin_ctl_health_verdict (&health), ==, SIGNIN_CTL_DEGRADED);
  g_assert_false (signin_ctl_health_is_hopeless (&health));
  second->verdict = (char *) "not-found";
  g_assert_true (signin_ctl_health_is_hopeless (&health));
  ((SigninCtlHealthRow *) g_ptr_array_index (health.rows, 0))->verdict = (char *) "offline";
  expect_sentence (&health, "You are offline.");
  g_assert_false (signin_ctl_health_is_hopeless (&health));
}

static void
test_no_accounts (void)
{
  g_auto (SigninCtlHealth) health = health_init ();
  SigninCtlHealthRow *row;

  expect_sentence (&health, "Nothing could be found out.");
  g_assert_cmpint (signin_ctl_health_verdict (&health), ==, SIGNIN_CTL_UNKNOWN);
  add_row (&health, "feed", "", "mac", "up", "available");
  expect_sentence (&health, "Nothing could be found out.");
  row = add_row (&health, "authority", "", "login.microsoftonline.com", "offline", "name-unknown");
  expect_sentence (&health, "You are offline.");
  row->verdict = (char *) "unknown";
  row->reason = (char *) "http-418";
  expect_sentence (&health,
                   "No service answers as it should; login.microsoftonline.com: it answers with HTTP status 418.");
  set_times (row, 0, 0, 0, 90);
  row->verdict = (char *) "up";
  expect_sentence (&health, "You are online; login.microsoftonline.com answers in 90 ms.");
}

static void
test_reasons (void)
{
  static const struct
  {
    const char *code;
    const char *text;
  } cases[] = {
    { "auth-challenge", "it asks who you are, as it should" },
    { "redirect-to-authority", "it leads to the sign-in page, as it should" },
    { "http-503", "it answers with HTTP status 503" },
    { "proxy-407", "the proxy of this network refuses with HTTP status 407" },
    { "http-", "http-" },
    { "http-5033", "http-5033" },
    { "http-abc", "http-abc" },
    { "timeout", "it does not answer in time" },
    { "of-the-future", "of-the-future" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = signin_ctl_health_reason (cases[i].code);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_latency (void)
{
  static const struct
  {
    gint64 usec;
    const char *text;
  } cases[] = { { 0, "0 ms" },         { 1, "1 ms" },        { 180000, "180 ms" },
                { 999001, "1000 ms" }, { 1000000, "1.0 s" }, { 12345678, "12.3 s" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = signin_ctl_format_latency (cases[i].usec);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
fill (SigninCtlHealth *health)
{
  SigninCtlHealthRow *row;

  add_account (health, "contoso", "contoso", "crm4");
  add_row (health, "summary", "contoso", "", "degraded", "http-503");
  row = add_row (health, "organization", "contoso", "contoso.crm4.dynamics.com", "degraded", "http-503");
  row->retry_after_sec = 120;
  set_times (row, 20, 20, 40, 80);
  row = add_row (health, "authority", "contoso", "login.microsoftonline.com", "up", "openid-configuration");
  row->at = NOW - 3 * SIGNIN_CTL_MINUTE;
  set_times (row, 0, 10, 20, 50);
  /* Of another account, and the same. */
  add_row (health, "authority", "fabrikam", "login.microsoftonline.com", "up", "openid-configuration");
  row = add_row (health, "graph", "", "Dynamics 365 Apps", "degraded", "service-degradation");
  row->issue_id = (char *) "CR384241";
  row->title = (char *) "Some people cannot sign in";
  row->since = NOW - 3 * SIGNIN_CTL_HOUR;
}

static void
expect_table (guint width, gboolean unicode, gboolean bars, const char *expected)
{
  const SigninCtlStyle style = { .width = width, .unicode = unicode, .bars = bars };
  g_auto (SigninCtlHealth) health = health_init ();
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;

  fill (&health);
  signin_ctl_health_table (out, &style, &health, NOW);
  g_assert_cmpstr (out->str, ==, expected);
  lines = g_strsplit (out->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpuint (signin_ctl_columns (lines[i]), <=, width);
}

static void
test_tables (void)
{
  expect_table (40, TRUE, TRUE,
                "degraded: contoso.crm4.dynamics.com\n"
                "  it answers with HTTP status 503; it\n"
                "  asks to be left alone for 2 min\n"
                "  ░▒▓▓████ 160 ms, now\n"
                "up: login.microsoftonline.com\n"
                "  it says how to sign in, as it should\n"
                "  ▒▓██     80 ms, 3 min ago\n"
                "degraded: CR384241\n"
                "  Dynamics 365 Apps; works badly; Some\n"
                "  people cannot sign in, since 12:00\n"
                "  now\n"
                "Time: ░ name ▒ connection ▓ encryption █\n"
                "answer\n");
  expect_table (80, TRUE, TRUE,
                "STATE     ASKED                      TIME             AGE\n"
                "degraded  contoso.crm4.dynamics.com  ░▒▓▓████ 160 ms  now\n"
                "          it answers with HTTP status 503; it asks to be left alone for 2 min\n"
                "up        login.microsoftonline.com  ▒▓██     80 ms   3 min ago\n"
                "          it says how to sign in, as it should\n"
                "degraded  CR384241                                    now\n"
                "          Dynamics 365 Apps; works badly; Some people cannot sign in, since\n"
                "          12:00\n"
                "Time: ░ name ▒ connection ▓ encryption █ answer\n");
  expect_table (
      200, TRUE, TRUE,
      "STATE     ASKED                      TIME             AGE        WHY\n"
      "degraded  contoso.crm4.dynamics.com  ░▒▓▓████ 160 ms  now        "
      "it answers with HTTP status 503; it asks to be left alone for 2 min\n"
      "up        login.microsoftonline.com  ▒▓██     80 ms   3 min ago  it says how to sign in, as it should\n"
      "degraded  CR384241                                    now        "
      "Dynamics 365 Apps; works badly; Some people cannot sign in, since 12:00\n"
      "Time: ░ name ▒ connection ▓ encryption █ answer\n");
}

static void
test_poor_tables (void)
{
  g_auto (SigninCtlHealth) health = health_init ();
  g_autoptr (GString) out = g_string_new (NULL);

  expect_table (80, FALSE, TRUE,
                "STATE     ASKED                      TIME             AGE\n"
                "degraded  contoso.crm4.dynamics.com  .-==#### 160 ms  now\n"
                "          it answers with HTTP status 503; it asks to be left alone for 2 min\n"
                "up        login.microsoftonline.com  -=##     80 ms   3 min ago\n"
                "          it says how to sign in, as it should\n"
                "degraded  CR384241                                    now\n"
                "          Dynamics 365 Apps; works badly; Some people cannot sign in, since\n"
                "          12:00\n"
                "Time: . name - connection = encryption # answer\n");
  fill (&health);
  signin_ctl_health_lines (out, &health, NOW);
  g_assert_cmpstr (out->str, ==,
                   "degraded\tcontoso.crm4.dynamics.com\t160 ms\tnow\tit answers with HTTP status 503; it asks to be "
                   "left alone for 2 min\n"
                   "up\tlogin.microsoftonline.com\t80 ms\t3 min ago\tit says how to sign in, as it should\n"
                   "degraded\tCR384241\t\tnow\tDynamics 365 Apps; works badly; Some people cannot sign in, since "
                   "12:00\n");
}

static void
test_last (void)
{
  static const struct
  {
    const char *verdict;
    const char *reason;
    const char *text;
  } cases[] = {
    { "up", "", "Signing in worked 5 min ago" },
    { "degraded", "", "The service was overloaded 5 min ago" },
    { "down", "", "The service was down 5 min ago" },
    { "not-found", "", "There was nothing to sign in to 5 min ago" },
    { "offline", "", "You were offline 5 min ago" },
    { "unknown", "", "Whether signing in works could not be told 5 min ago" },
    { "splendid", "", "Whether signing in works could not be told 5 min ago" },
    { "not-found", "discontinued", "The service was discontinued" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const SigninCtlAccount account = { .health_verdict = (char *) cases[i].verdict,
                                         .health_reason = (char *) cases[i].reason,
                                         .health_at = NOW - 5 * SIGNIN_CTL_MINUTE };
      g_autofree char *text = signin_ctl_health_last (&account, NOW);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/health/sentences", test_sentences);
  g_test_add_func ("/health/no-organization", test_no_organization);
  g_test_add_func ("/health/several", test_several);
  g_test_add_func ("/health/no-accounts", test_no_accounts);
  g_test_add_func ("/health/reasons", test_reasons);
  g_test_add_func ("/health/latency", test_latency);
  g_test_add_func ("/health/tables", test_tables);
  g_test_add_func ("/health/poor-tables", test_poor_tables);
  g_test_add_func ("/health/last", test_last);
  return g_test_run ();
}
