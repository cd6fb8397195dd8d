/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "names.h"
#include "popup-text.h"

/* 2026-11-23 16:12:00 UTC; the test's time zone is UTC. */
#define ENDS (G_GINT64_CONSTANT (1795450320) * G_USEC_PER_SEC)

static SigninPopupFacts
contoso (SigninPopupKind kind)
{
  SigninPopupFacts facts = {
    .kind = kind,
    .account = "contoso",
    .service = "dynamics365",
    .service_name = "Dynamics 365",
    .ends_usec = ENDS,
  };

  return facts;
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
  SigninPopupFacts facts = contoso (SIGNIN_POPUP_WARNING);
  g_autoptr (SigninPopup) popup = signin_popup_new (&facts);

  g_assert_cmpstr (popup->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
  g_assert_cmpstr (popup->body, ==,
                   "Save your work. In the Dynamics page choose OK in its message, sign in again, then go Back.");
  g_assert_cmpstr (popup->default_label, ==, "Sign in again");
  assert_buttons (popup, "[signind-sign-in: Sign in again][signind-signed-in: I have signed in]"
                         "[signind-dismiss: Dismiss]");
}

/* What a page does is said only where it is known. */
static void
test_other_service (void)
{
  SigninPopupFacts facts = contoso (SIGNIN_POPUP_WARNING);
  g_autoptr (SigninPopup) popup = NULL;

  facts.service = "timesheets";
  facts.service_name = "Time sheets";
  popup = signin_popup_new (&facts);
  g_assert_cmpstr (popup->title, ==, "Time sheets (contoso) signs you out at 16:12");
  g_assert_cmpstr (popup->body, ==, "Save your work, then sign in again.");
}

static void
test_expired (void)
{
  SigninPopupFacts facts = contoso (SIGNIN_POPUP_EXPIRED);
  g_autoptr (SigninPopup) popup = signin_popup_new (&facts);

  g_assert_cmpstr (popup->title, ==, "Dynamics 365 (contoso) probably signed you out at 16:12");
  g_assert_nonnull (strstr (popup->body, "has probably ended"));
  g_assert_cmpstr (popup->default_label, ==, "Sign in");
  assert_buttons (popup, "[signind-sign-in: Sign in][signind-signed-in: I have signed in]");
}

static void
test_expired_reported (void)
{
  SigninPopupFacts facts = contoso (SIGNIN_POPUP_EXPIRED);
  g_autoptr (SigninPopup) popup = NULL;

  facts.reported = TRUE;
  popup = signin_popup_new (&facts);
  g_assert_cmpstr (popup->title, ==, "Dynamics 365 (contoso) signed you out at 16:12");
  g_assert_null (strstr (popup->body, "probably"));
}

/* A click beside the buttons must not count as an answer. */
static void
test_question (void)
{
  SigninPopupFacts facts = contoso (SIGNIN_POPUP_QUESTION);
  g_autoptr (SigninPopup) popup = signin_popup_new (&facts);

  g_assert_cmpstr (popup->title, ==, "Signed in again to Dynamics 365 (contoso)?");
  g_assert_null (popup->default_label);
  assert_buttons (popup, "[signind-signed-in: I have signed in][signind-not-yet: Not yet]");
}

static void
test_sources (void)
{
  SigninPopupFacts facts = contoso (SIGNIN_POPUP_WARNING);
  g_autoptr (SigninPopup) browser = NULL;
  g_autoptr (SigninPopup) manual = NULL;

  facts.source = "firefox";
  browser = signin_popup_new (&facts);
  facts.source = SIGNIN_SOURCE_MANUAL;
  manual = signin_popup_new (&facts);
  g_assert_cmpstr (browser->title, ==, "Dynamics 365 (contoso, firefox) signs you out at 16:12");
  g_assert_cmpstr (manual->title, ==, "Dynamics 365 (contoso, recorded by hand) signs you out at 16:12");
}

static void
test_only_account (void)
{
  SigninPopupFacts facts = contoso (SIGNIN_POPUP_WARNING);
  g_autoptr (SigninPopup) popup = NULL;

  facts.account = "dynamics365";
  popup = signin_popup_new (&facts);
  g_assert_cmpstr (popup->title, ==, "Dynamics 365 signs you out at 16:12");
}

/* Words are kept as they are here: what has to be escaped depends on the server. */
static void
test_plain (void)
{
  SigninPopupFacts facts = contoso (SIGNIN_POPUP_WARNING);
  g_autoptr (SigninPopup) popup = NULL;

  facts.service_name = "<b>Fish & Chips</b> %s";
  facts.address = "https://x.example/?a=1&b=<2>%20";
  popup = signin_popup_new (&facts);
  g_assert_cmpstr (popup->title, ==, "<b>Fish & Chips</b> %s (contoso) signs you out at 16:12");
  g_assert_true (g_str_has_suffix (popup->body, "\nNo browser could be started. The page to sign in on: "
                                                "https://x.example/?a=1&b=<2>%20"));
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

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/popup-text/warning", test_warning);
  g_test_add_func ("/popup-text/other-service", test_other_service);
  g_test_add_func ("/popup-text/expired", test_expired);
  g_test_add_func ("/popup-text/expired-reported", test_expired_reported);
  g_test_add_func ("/popup-text/question", test_question);
  g_test_add_func ("/popup-text/sources", test_sources);
  g_test_add_func ("/popup-text/only-account", test_only_account);
  g_test_add_func ("/popup-text/plain", test_plain);
  g_test_add_func ("/popup-text/clock", test_clock);
  return g_test_run ();
}
