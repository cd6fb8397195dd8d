/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the host on which a sign-in ended to the account that it is of. */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "browser-event.h"
#include "errors.h"
#include "scratch.h"
#include "source.h"

#define FIREFOX "firefox:0123456789abcdef"
#define CHROMIUM "chromium:0123456789abcdef"

/**
 * World:
 * @accounts: those that are tracked
 *
 * Two organizations in crm4 would leave its redirectors in doubt, so there is one there, and two in crm.
 */
typedef struct
{
  SigninServices *services;
  GPtrArray *accounts;
} World;

static void
add (World *world, const char *id, const char *service, const char *organization, const char *region, const char *url,
     const char *source)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  SigninAccount *account = g_new0 (SigninAccount, 1);
  g_autoptr (GError) error = NULL;

  details.service = service;
  details.organization = organization;
  details.region = region;
  details.url = url;
  account->info = signin_account_info_new (world->services, id, NULL, &details, &error);
  g_assert_no_error (error);
  if (source != NULL)
    {
      account->n_sessions = 1;
      account->sessions = g_new0 (SigninSession, 1);
      g_strlcpy (account->sessions[0].source, source, sizeof account->sessions[0].source);
    }
  g_ptr_array_add (world->accounts, account);
}

static void
account_free (gpointer data)
{
  SigninAccount *account = data;

  signin_account_info_unref (account->info);
  g_free (account->sessions);
  g_free (account);
}

static World *
world_new (void)
{
  World *world = g_new0 (World, 1);
  g_autoptr (GError) error = NULL;

  world->services = signin_services_load (&error);
  g_assert_no_error (error);
  world->accounts = g_ptr_array_new_with_free_func (account_free);
  return world;
}

static void
world_free (World *world)
{
  g_ptr_array_unref (world->accounts);
  signin_services_free (world->services);
  g_free (world);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

static World *
world_new_full (void)
{
  World *world = world_new ();

  add (world, "contoso", "dynamics365", "contoso", "crm4", NULL, NULL);
  add (world, "paged", "dynamics365", NULL, NULL, "https://paged.crm.dynamics.com/main.aspx?appid=1", NULL);
  add (world, "fabrikam", "dynamics365", "fabrikam", "crm", NULL, NULL);
  add (world, "navy", "dynamics365", "navy", "dod", NULL, NULL);
  add (world, "home", "dynamics365-home", NULL, NULL, NULL, NULL);
  add (world, "portal", "office365", NULL, NULL, NULL, NULL);
  add (world, "social", "social-engagement", NULL, NULL, "https://listening.microsoft.com/app/123/", NULL);
  return world;
}

/* Which account a report is of, a suggested host with a question mark, or "-". */
static char *
match_from (World *world, const char *source, const char *host, const char *organization_host)
{
  SigninBrowserEvent event = { .host = host, .organization_host = organization_host, .source = source, .at_usec = -1 };
  g_auto (SigninBrowserMatch) match = { NULL };
  g_autoptr (GError) error = NULL;

  signin_browser_event_check (&event, &error);
  g_assert_no_error (error);
  signin_browser_match (&match, world->services, (const SigninAccount *const *) world->accounts->pdata,
                        world->accounts->len, &event);
  g_assert_true (match.account == NULL || match.organization_host == NULL);
  if (match.account != NULL)
    return g_strdup (match.account->info->id);
  return match.organization_host != NULL ? g_strconcat (match.organization_host, "?", NULL) : g_strdup ("-");
}

static void
test_match (void)
{
  static const struct
  {
    const char *host;
    const char *organization_host;
    const char *expected;
  } cases[] = {
    /* The organization itself. */
    { "contoso.crm4.dynamics.com", NULL, "contoso" },
    { "CONTOSO.CRM4.Dynamics.COM", NULL, "contoso" },
    { "contoso.crm4.dynamics.com", "fabrikam.crm.dynamics.com", "contoso" },
    { "paged.crm.dynamics.com", NULL, "paged" },
    { "navy.crm.appsplatform.us", NULL, "navy" },
    /* One that nobody tracks, be it called like one that somebody does. */
    { "contoso.crm.dynamics.com", NULL, "contoso.crm.dynamics.com?" },
    { "northwind.crm4.dynamics.com", NULL, "northwind.crm4.dynamics.com?" },
    { "Northwind.crm4.dynamics.com", NULL, "northwind.crm4.dynamics.com?" },
    { "northwind.crm.microsoftdynamics.us", NULL, "northwind.crm.microsoftdynamics.us?" },
    /* Hosts that pass a sign-in on: for the organization where it began. */
    { "db3--eurcrmlivesg622.crm4.dynamics.com", "contoso.crm4.dynamics.com", "contoso" },
    { "db3--eurcrmlivesg622.crm4.dynamics.com", "northwind.crm4.dynamics.com", "northwind.crm4.dynamics.com?" },
    { "bn1--namcrlivesg614.crm.dynamics.com", "fabrikam.crm.dynamics.com", "fabrikam" },
    { "cloudredirector.crm4.dynamics.com", "contoso.crm4.dynamics.com", "contoso" },
    { "cloudredirector.crm4.dynamics.com", "fabrikam.crm.dynamics.com", "fabrikam" },
    /* Or else for the only account of the region; not of another cloud, and not where there are two. */
    { "db3--eurcrmlivesg622.crm4.dynamics.com", NULL, "contoso" },
    { "cloudredirector.crm4.dynamics.com", NULL, "contoso" },
    { "bn1--namcrlivesg614.crm.dynamics.com", NULL, "-" },
    { "db3--eurcrmlivesg622.crm4.dynamics.com", "evil.example.com", "contoso" },
    { "db3--eurcrmlivesg622.crm4.dynamics.com", "disco.crm4.dynamics.com", "contoso" },
    { "db3--eurcrmlivesg622.crm4.dynamics.com", "navy.crm.appsplatform.us", "contoso" },
    { "sg1--livesg1.crm.appsplatform.us", NULL, "navy" },
    { "sg1--livesg1.crm.appsplatform.us", "contoso.crm4.dynamics.com", "navy" },
    { "syd--ocecrmlivesg602.crm6.dynamics.com", NULL, "-" },
    { "disco.crm6.dynamics.com", NULL, "-" },
    { "port.crm6.dynamics.com", NULL, "-" },
    { "crm6.dynamics.com", NULL, "-" },
    { "northwind.api.crm4.dynamics.com", NULL, "contoso" },
    /* Services that are the same for everybody. */
    { "home.dynamics.com", NULL, "home" },
    { "portal.office.com", NULL, "portal" },
    { "listening.microsoft.com", NULL, "social" },
    /* What has nothing to do with any of it. */
    { "login.microsoftonline.com", NULL, "-" },
    { "crm4.dynamics.com.evil.example", NULL, "-" },
    { "contoso.crm4.dynamics.com.evil.example", NULL, "-" },
    { "evilcrm4.dynamics.com", NULL, "-" },
    { "evil.example", "contoso.crm4.dynamics.com", "-" },
    { "localhost", NULL, "-" },
  };
  g_autoptr (World) world = world_new_full ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *got = match_from (world, FIREFOX, cases[i].host, cases[i].organization_host);

      g_test_message ("%s, %s", cases[i].host, cases[i].organization_host);
      g_assert_cmpstr (got, ==, cases[i].expected);
    }
}

static void
test_nobody (void)
{
  g_autoptr (World) world = world_new ();
  g_autofree char *organization = match_from (world, FIREFOX, "contoso.crm4.dynamics.com", NULL);
  g_autofree char *redirector = match_from (world, FIREFOX, "db3--eurcrmlivesg622.crm4.dynamics.com", NULL);
  g_autofree char *portal = match_from (world, FIREFOX, "portal.office.com", NULL);

  g_assert_cmpstr (organization, ==, "contoso.crm4.dynamics.com?");
  g_assert_cmpstr (redirector, ==, "-");
  g_assert_cmpstr (portal, ==, "-");
}

/* Of two people at one organization it is the one who was there before in that profile, and never a guess. */
static void
test_shared_host (void)
{
  g_autoptr (World) world = world_new ();

  add (world, "ada", "dynamics365", "contoso", "crm4", NULL, FIREFOX);
  add (world, "grace", "dynamics365", "contoso", "crm4", NULL, CHROMIUM);
  for (guint i = 0; i < 2; i++)
    {
      const char *host = i == 0 ? "contoso.crm4.dynamics.com" : "db3--eurcrmlivesg622.crm4.dynamics.com";
      const char *organization_host = i == 0 ? NULL : "contoso.crm4.dynamics.com";
      g_autofree char *first = match_from (world, FIREFOX, host, organization_host);
      g_autofree char *second = match_from (world, CHROMIUM, host, organization_host);
      g_autofree char *third = match_from (world, "edge:0123456789abcdef", host, organization_host);
      g_autofree char *doubt = match_from (world, FIREFOX, "db3--eurcrmlivesg622.crm4.dynamics.com", NULL);

      g_assert_cmpstr (first, ==, "ada");
      g_assert_cmpstr (second, ==, "grace");
      g_assert_cmpstr (third, ==, "-");
      g_assert_cmpstr (doubt, ==, "-");
    }
  add (world, "joan", "dynamics365", "contoso", "crm4", NULL, FIREFOX);
  {
    g_autofree char *both = match_from (world, FIREFOX, "contoso.crm4.dynamics.com", NULL);

    g_assert_cmpstr (both, ==, "-");
  }
}

static void
test_check (void)
{
  static const SigninBrowserEvent bad[] = {
    { .host = "", .source = FIREFOX },
    { .host = "contoso/evil", .source = FIREFOX },
    { .host = "contoso.crm4.dynamics.com:443", .source = FIREFOX },
    { .host = "contoso.crm4.dynamics.com.", .source = FIREFOX },
    { .host = "contoso.crm4.dynamics.com", .organization_host = "", .source = FIREFOX },
    { .host = "contoso.crm4.dynamics.com", .organization_host = "\xff", .source = FIREFOX },
    { .host = "contoso.crm4.dynamics.com", .source = "" },
    { .host = "contoso.crm4.dynamics.com", .source = "manual" },
    { .host = "contoso.crm4.dynamics.com", .source = "firefox" },
    { .host = "contoso.crm4.dynamics.com", .source = "firefox:0123456789abcde" },
    { .host = "contoso.crm4.dynamics.com", .source = "firefox:0123456789abcdefg" },
    { .host = "contoso.crm4.dynamics.com", .source = "netscape:0123456789abcdef" },
  };
  g_autofree char *label = g_strnfill (SIGNIN_SOURCE_MAX, 'a');
  g_autofree char *host = g_strdup_printf ("%s.%s.%s.%s", label, label, label, label);
  SigninBrowserEvent long_host = { .host = host, .source = FIREFOX };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (signin_browser_event_check (&bad[i], &error));
      g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT);
    }
  g_assert_false (signin_browser_event_check (&long_host, NULL));
}

static void
test_kinds (void)
{
  static const char *const bad[] = { "", "signed", "signed-in ", "Signed-In", "signed-outer" };
  g_autoptr (GError) error = NULL;
  SigninBrowserKind kind;

  g_assert_true (signin_browser_kind_parse ("signed-in", &kind, NULL) && kind == SIGNIN_BROWSER_SIGNED_IN);
  g_assert_true (signin_browser_kind_parse ("sso", &kind, NULL) && kind == SIGNIN_BROWSER_SSO);
  g_assert_true (signin_browser_kind_parse ("signed-out", &kind, NULL) && kind == SIGNIN_BROWSER_SIGNED_OUT);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_clear_error (&error);
      g_assert_false (signin_browser_kind_parse (bad[i], &kind, &error));
      g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_sources (void)
{
  static const struct
  {
    const char *source;
    gboolean with_profile;
    const char *expected;
  } cases[] = {
    { "manual", TRUE, "manual" },
    { FIREFOX, FALSE, "Firefox" },
    { FIREFOX, TRUE, "Firefox, profile 0123" },
    { "chromium:fedcba9876543210", TRUE, "Chromium, profile fedc" },
    { "edge:0123456789abcdef", FALSE, "Edge" },
    { "firefox", FALSE, "firefox" },
    { "firefox:work", FALSE, "firefox:work" },
    { "cron", TRUE, "cron" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *got = signin_source_describe (cases[i].source, cases[i].with_profile);

      g_assert_cmpstr (got, ==, cases[i].expected);
    }
  g_assert_true (signin_source_same_browser (FIREFOX, "firefox:fedcba9876543210"));
  g_assert_false (signin_source_same_browser (FIREFOX, CHROMIUM));
  g_assert_false (signin_source_same_browser ("chrome:0123456789abcdef", CHROMIUM));
  g_assert_false (signin_source_same_browser ("manual", "manual"));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/browser-event/match", test_match);
  g_test_add_func ("/browser-event/nobody", test_nobody);
  g_test_add_func ("/browser-event/shared-host", test_shared_host);
  g_test_add_func ("/browser-event/check", test_check);
  g_test_add_func ("/browser-event/kinds", test_kinds);
  g_test_add_func ("/browser-event/sources", test_sources);
  return g_test_run ();
}
