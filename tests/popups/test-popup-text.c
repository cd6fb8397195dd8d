/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "names.h"
#include "popup-text.h"

/* 2026-11-23 16:12:00 UTC; the test's time zone is UTC. */
#define ENDS (G_GINT64_CONSTANT (1795450320) * G_USEC_PER_SEC)

static SigninPopupAccount
contoso (SigninPopupKind kind)
{
  return (SigninPopupAccount){
    .kind = kind,
    .id = "contoso",
    .service = "dynamics365",
    .service_name = "Dynamics 365",
    .ends_usec = ENDS,
  };
}

static SigninPopup *
make (const SigninPopupAccount *account)
{
  SigninPopupFacts facts = { .accounts = account, .n_accounts = 1, .snooze_minutes = 5 };

  return signin_popup_new (&facts);
}

static void
assert_buttons (const SigninPopup *popup, const char *expected)
{
  g_autoptr (GString) buttons = g_string_new (NULL);

  for (guint i = 0; i < popup->n_buttons; i++)
    g_string_append_printf (buttons, "[%s: %s]", popup->buttons[i].key, popup->buttons[i].label);
  g_assert_cmpstr (buttons->str, ==, expected);
}

static void
test_warning (void)
{
  SigninPopupAccount account = contoso (SIGNIN_POPUP_WARNING);
  g_autoptr (SigninPopup) popup = make (&account);

  g_assert_cmpstr (popup->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
  g_assert_null (popup->later_title);
  g_assert_cmpstr (popup->body, ==,
                   "Your session ends at 16:12. Save your work. In the Dynamics page choose OK in its message, sign in "
                   "again, then go Back.");
  g_assert_cmpstr (popup->default_label, ==, "Sign in again");
  g_assert_cmpstr (popup->icon, ==, "dialog-warning");
  g_assert_false (popup->critical);
  assert_buttons (popup, "[signind-sign-in: Sign in again][signind-snooze: Remind me in 5 minutes]"
                         "[signind-dismiss: Dismiss]");
}

/* Minutes are true for a moment only: who shows it later takes the other title. */
static void
test_reminder (void)
{
  SigninPopupAccount account = contoso (SIGNIN_POPUP_WARNING);
  SigninPopupFacts facts = { .accounts = &account, .n_accounts = 1, .minutes = 5, .critical = TRUE, .sound = TRUE };
  g_autoptr (SigninPopup) five = signin_popup_new (&facts);
  g_autoptr (SigninPopup) one = NULL;

  g_assert_cmpstr (five->title, ==, "Dynamics 365 (contoso) signs you out in 5 minutes");
  g_assert_cmpstr (five->later_title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
  g_assert_true (g_str_has_prefix (five->body, "Your session ends at 16:12. Save your work."));
  g_assert_true (five->critical);
  g_assert_true (five->sound);
  assert_buttons (five, "[signind-sign-in: Sign in again][signind-dismiss: Dismiss]");

  facts.minutes = 1;
  facts.snooze_minutes = 1;
  one = signin_popup_new (&facts);
  g_assert_cmpstr (one->title, ==, "Dynamics 365 (contoso) signs you out in 1 minute");
  g_assert_cmpstr (one->buttons[1].label, ==, "Remind me in 1 minute");
}

/* What a page does is said only where it is known. */
static void
test_other_service (void)
{
  SigninPopupAccount account = contoso (SIGNIN_POPUP_WARNING);
  g_autoptr (SigninPopup) popup = NULL;

  account.service = "timesheets";
  account.service_name = "Time sheets";
  popup = make (&account);
  g_assert_cmpstr (popup->title, ==, "Time sheets (contoso) signs you out at 16:12");
  g_assert_cmpstr (popup->body, ==, "Your session ends at 16:12. Save your work, then sign in again.");
}

static void
test_expired (void)
{
  SigninPopupAccount account = contoso (SIGNIN_POPUP_EXPIRED);
  g_autoptr (SigninPopup) popup = make (&account);

  g_assert_cmpstr (popup->title, ==, "Dynamics 365 (contoso) probably signed you out at 16:12");
  g_assert_cmpstr (
      popup->body, ==,
      "Your session has probably ended at 16:12. Copy what you have not saved before you click anything in "
      "the page, then sign in again.");
  g_assert_cmpstr (popup->default_label, ==, "Sign in");
  assert_buttons (popup, "[signind-sign-in: Sign in][signind-signed-in: I have signed in]");
}

static void
test_expired_reported (void)
{
  SigninPopupAccount account = contoso (SIGNIN_POPUP_EXPIRED);
  g_autoptr (SigninPopup) popup = NULL;

  account.reported = TRUE;
  popup = make (&account);
  g_assert_cmpstr (popup->title, ==, "Dynamics 365 (contoso) signed you out at 16:12");
  g_assert_true (g_str_has_prefix (popup->body, "Your session ended at 16:12."));
  assert_buttons (popup, "[signind-sign-in: Sign in][signind-dismiss: Dismiss]");
}

/* A click beside the buttons must not count as an answer. */
static void
test_question (void)
{
  SigninPopupAccount account = contoso (SIGNIN_POPUP_QUESTION);
  g_autoptr (SigninPopup) popup = make (&account);

  g_assert_cmpstr (popup->title, ==, "Signed in again to Dynamics 365 (contoso)?");
  g_assert_null (popup->default_label);
  assert_buttons (popup, "[signind-signed-in: I have signed in][signind-not-yet: Not yet]");
}

static void
test_sources (void)
{
  SigninPopupAccount account = contoso (SIGNIN_POPUP_WARNING);
  g_autoptr (SigninPopup) browser = NULL;
  g_autoptr (SigninPopup) manual = NULL;

  account.source = "firefox";
  browser = make (&account);
  account.source = SIGNIN_SOURCE_MANUAL;
  manual = make (&account);
  g_assert_cmpstr (browser->title, ==, "Dynamics 365 (contoso, firefox) signs you out at 16:12");
  g_assert_cmpstr (manual->title, ==, "Dynamics 365 (contoso, recorded by hand) signs you out at 16:12");
}

static void
test_only_account (void)
{
  SigninPopupAccount account = contoso (SIGNIN_POPUP_WARNING);
  g_autoptr (SigninPopup) popup = NULL;

  account.id = "dynamics365";
  popup = make (&account);
  g_assert_cmpstr (popup->title, ==, "Dynamics 365 signs you out at 16:12");
}

static void
test_user_name (void)
{
  SigninPopupAccount account = contoso (SIGNIN_POPUP_WARNING);
  g_autoptr (SigninPopup) popup = NULL;

  account.user_name = "kim@contoso.com";
  popup = make (&account);
  g_assert_true (g_str_has_suffix (popup->body, "\nUser name: kim@contoso.com"));
  g_assert_null (strstr (popup->title, "kim"));
}

/* Words are kept as they are here: what has to be escaped depends on the server. */
static void
test_plain (void)
{
  SigninPopupAccount account = contoso (SIGNIN_POPUP_WARNING);
  SigninPopupFacts facts = { .accounts = &account, .n_accounts = 1 };
  g_autoptr (SigninPopup) popup = NULL;

  account.service_name = "<b>Fish & Chips</b> %s";
  facts.address = "https://x.example/?a=1&b=<2>%20";
  popup = signin_popup_new (&facts);
  g_assert_cmpstr (popup->title, ==, "<b>Fish & Chips</b> %s (contoso) signs you out at 16:12");
  g_assert_true (g_str_has_suffix (popup->body, "\nNo browser could be started. The page to sign in on: "
                                                "https://x.example/?a=1&b=<2>%20"));
}

static void
test_two (void)
{
  SigninPopupAccount accounts[] = { contoso (SIGNIN_POPUP_WARNING), contoso (SIGNIN_POPUP_WARNING) };
  SigninPopupFacts facts = { .accounts = accounts, .n_accounts = 2, .snooze_minutes = 5 };
  g_autoptr (SigninPopup) warning = NULL;
  g_autoptr (SigninPopup) reminder = NULL;

  accounts[1].id = "fabrikam";
  accounts[1].ends_usec += 60 * G_USEC_PER_SEC;
  accounts[1].user_name = "kim@fabrikam.com";
  warning = signin_popup_new (&facts);
  g_assert_cmpstr (warning->title, ==, "Dynamics 365 (contoso) signs you out at 16:12 – and 1 more account");
  g_assert_cmpstr (warning->body, ==,
                   "Dynamics 365 (contoso) signs you out at 16:12\n"
                   "Dynamics 365 (fabrikam) signs you out at 16:13 (kim@fabrikam.com)\n"
                   "Save your work. In the Dynamics page choose OK in its message, sign in again, then go Back.");
  assert_buttons (warning, "[signind-sign-in:contoso: contoso][signind-sign-in:fabrikam: fabrikam]"
                           "[signind-dismiss: Dismiss]");

  /* One is over, and the other is what is new. */
  accounts[0].kind = SIGNIN_POPUP_EXPIRED;
  facts.lead = 1;
  facts.minutes = 1;
  reminder = signin_popup_new (&facts);
  g_assert_cmpstr (reminder->title, ==, "Dynamics 365 (fabrikam) signs you out in 1 minute – and 1 more account");
  g_assert_cmpstr (reminder->later_title, ==, "Dynamics 365 (fabrikam) signs you out at 16:13 – and 1 more account");
  g_assert_true (g_str_has_prefix (reminder->body, "Dynamics 365 (contoso) probably signed you out at 16:12\n"));
  g_assert_nonnull (strstr (reminder->body, "\nSave your work."));
}

static void
test_many (void)
{
  SigninPopupAccount accounts[256];
  SigninPopupFacts facts = { .accounts = accounts, .n_accounts = 3 };
  g_autoptr (SigninPopup) three = NULL;
  g_autoptr (SigninPopup) all = NULL;
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (accounts); i++)
    accounts[i] = contoso (i == 1 ? SIGNIN_POPUP_WARNING : SIGNIN_POPUP_EXPIRED);
  three = signin_popup_new (&facts);
  assert_buttons (three, "[signind-sign-in: Sign in again][signind-dismiss: Dismiss]");
  g_assert_true (g_str_has_suffix (three->title, " – and 2 more accounts"));
  g_assert_null (strstr (three->body, "more"));

  facts.n_accounts = G_N_ELEMENTS (accounts);
  all = signin_popup_new (&facts);
  lines = g_strsplit (all->body, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, SIGNIN_POPUP_MAX_LINES + 1);
  g_assert_cmpstr (lines[SIGNIN_POPUP_MAX_LINES - 1], ==, "and 251 more");
}

static void
test_minutes (void)
{
  const gint64 sec = G_USEC_PER_SEC;

  g_assert_cmpuint (signin_popup_minutes (600 * sec), ==, 10);
  g_assert_cmpuint (signin_popup_minutes (600 * sec - 1), ==, 10);
  g_assert_cmpuint (signin_popup_minutes (590 * sec), ==, 10);
  g_assert_cmpuint (signin_popup_minutes (90 * sec - 1), ==, 1);
  g_assert_cmpuint (signin_popup_minutes (0), ==, 1);
}

static void
test_clock (void)
{
  g_autofree char *midnight = signin_popup_clock (ENDS - (16 * 60 + 12) * 60 * (gint64) G_USEC_PER_SEC);
  g_autofree char *before = signin_popup_clock (ENDS + 59999999);
  g_autofree char *first = signin_popup_clock (1);
  g_autofree char *never = signin_popup_clock (G_MAXINT64);

  g_assert_cmpstr (midnight, ==, "00:00");
  g_assert_cmpstr (before, ==, "16:12");
  g_assert_cmpstr (first, ==, "00:00");
  g_assert_nonnull (never);
}

#define FIRST "Save your work first, and copy what cannot be saved before you click anything in the page."
#define USUAL "Save your work. In the Dynamics page choose OK in its message, sign in again, then go Back."

/* What keeps a person from signing in again comes before what to do, and changes it. */
static void
test_trouble (void)
{
  static const struct
  {
    SigninTrouble trouble;
    const char *body;
  } cases[] = {
    { SIGNIN_TROUBLE_NONE, USUAL },
    { SIGNIN_TROUBLE_OVER, "Signing in works again. " USUAL },
    { SIGNIN_TROUBLE_DEGRADED, "The service is overloaded: signing in again may take several tries. " FIRST },
    { SIGNIN_TROUBLE_DOWN, "The service does not work: signing in again will probably fail now. " FIRST },
    { SIGNIN_TROUBLE_CAPTIVE,
      "This network wants you to log in to it first: until then signing in again will not work. " FIRST },
    { SIGNIN_TROUBLE_OFFLINE, "You are offline: signing in again will not work now. " FIRST },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SigninPopupAccount account = contoso (SIGNIN_POPUP_WARNING);
      g_autofree char *expected = g_strconcat ("Your session ends at 16:12. ", cases[i].body, NULL);
      g_autoptr (SigninPopup) popup = NULL;

      account.trouble = cases[i].trouble;
      popup = make (&account);
      g_assert_cmpstr (popup->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
      g_assert_cmpstr (popup->body, ==, expected);
      assert_buttons (popup, "[signind-sign-in: Sign in again][signind-snooze: Remind me in 5 minutes]"
                             "[signind-dismiss: Dismiss]");
    }
}

static void
test_trouble_elsewhere (void)
{
  SigninPopupAccount expired = contoso (SIGNIN_POPUP_EXPIRED);
  SigninPopupAccount question = contoso (SIGNIN_POPUP_QUESTION);
  SigninPopupAccount both[] = { contoso (SIGNIN_POPUP_WARNING), contoso (SIGNIN_POPUP_WARNING) };
  SigninPopupFacts facts = { .accounts = both, .n_accounts = 2 };
  g_autoptr (SigninPopup) over = NULL;
  g_autoptr (SigninPopup) asking = NULL;
  g_autoptr (SigninPopup) two = NULL;

  expired.trouble = question.trouble = SIGNIN_TROUBLE_OFFLINE;
  over = make (&expired);
  g_assert_cmpstr (
      over->body, ==,
      "Your session has probably ended at 16:12. You are offline: signing in again will not work now. Copy "
      "what you have not saved before you click anything in the page, then sign in again.");
  asking = make (&question);
  g_assert_null (strstr (asking->body, "offline"));

  both[1].id = "fabrikam";
  both[1].trouble = SIGNIN_TROUBLE_DOWN;
  two = signin_popup_new (&facts);
  g_assert_true (g_str_has_suffix (two->body, "\nThe service does not work: signing in again will probably fail now "
                                              "(fabrikam). " FIRST));
}

/* From what was found to what is said: what is not known changes nothing, and "up" is news only after a trouble. */
static void
test_trouble_steps (void)
{
  static const struct
  {
    const char *verdict;
    const char *reason;
    SigninTrouble after;
  } steps[] = {
    { "up", "auth-challenge", SIGNIN_TROUBLE_NONE },
    { "unknown", "", SIGNIN_TROUBLE_NONE },
    { "not-found", "name-unknown", SIGNIN_TROUBLE_NONE },
    { "splendid", "", SIGNIN_TROUBLE_NONE },
    { "down", "timeout", SIGNIN_TROUBLE_DOWN },
    { "unknown", "", SIGNIN_TROUBLE_DOWN },
    { "not-found", "http-404", SIGNIN_TROUBLE_DOWN },
    { "degraded", "http-503", SIGNIN_TROUBLE_DEGRADED },
    { "offline", "name-unknown", SIGNIN_TROUBLE_OFFLINE },
    { "offline", "captive", SIGNIN_TROUBLE_CAPTIVE },
    { "up", "auth-challenge", SIGNIN_TROUBLE_OVER },
    { "unknown", "", SIGNIN_TROUBLE_OVER },
    { "offline", "", SIGNIN_TROUBLE_OFFLINE },
  };
  SigninTrouble trouble = SIGNIN_TROUBLE_NONE;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      SigninTrouble before = trouble;

      g_assert_cmpint (signin_trouble_apply (&trouble, steps[i].verdict, steps[i].reason), ==,
                       before != steps[i].after);
      g_assert_cmpint (trouble, ==, steps[i].after);
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/popup-text/warning", test_warning);
  g_test_add_func ("/popup-text/reminder", test_reminder);
  g_test_add_func ("/popup-text/other-service", test_other_service);
  g_test_add_func ("/popup-text/expired", test_expired);
  g_test_add_func ("/popup-text/expired-reported", test_expired_reported);
  g_test_add_func ("/popup-text/question", test_question);
  g_test_add_func ("/popup-text/sources", test_sources);
  g_test_add_func ("/popup-text/only-account", test_only_account);
  g_test_add_func ("/popup-text/user-name", test_user_name);
  g_test_add_func ("/popup-text/plain", test_plain);
  g_test_add_func ("/popup-text/two", test_two);
  g_test_add_func ("/popup-text/many", test_many);
  g_test_add_func ("/popup-text/minutes", test_minutes);
  g_test_add_func ("/popup-text/clock", test_clock);
  g_test_add_func ("/popup-text/trouble", test_trouble);
  g_test_add_func ("/popup-text/trouble-elsewhere", test_trouble_elsewhere);
  g_test_add_func ("/popup-text/trouble-steps", test_trouble_steps);
  return g_test_run ();
}
