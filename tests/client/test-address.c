/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts by the address in the browser. */

#include "config.h"

#include "client/address.h"
#include "client/exits.h"

static SigninServices *services;

static void
assert_address (const char *text, const char *id, const char *service, const char *region, const char *url)
{
  g_auto (SigninCtlAddress) address = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (signin_ctl_is_address (services, text));
  g_assert_true (signin_ctl_parse_address (&address, services, text, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (address.id, ==, id);
  g_assert_cmpstr (address.organization, ==, region != NULL ? id : NULL);
  g_assert_cmpstr (address.service, ==, service);
  g_assert_cmpstr (address.region, ==, region);
  g_assert_cmpstr (address.url, ==, url);
}

static void
test_known (void)
{
  assert_address ("https://contoso.crm4.dynamics.com", "contoso", "dynamics365", "crm4", NULL);
  assert_address ("https://contoso.crm4.dynamics.com/main.aspx?appid=1#x", "contoso", "dynamics365", "crm4", NULL);
  assert_address ("HTTPS://Contoso.CRM.Dynamics.com/", "contoso", "dynamics365", "crm", NULL);
  assert_address ("contoso.crm4.dynamics.com", "contoso", "dynamics365", "crm4", NULL);
  assert_address ("https://portal.office.com", "office365", "office365", NULL, NULL);
  assert_address ("https://home.dynamics.com/", "dynamics365-home", "dynamics365-home", NULL, NULL);
  assert_address ("https://listening.microsoft.com/app/1234/", "social-engagement", "social-engagement", NULL,
                  "https://listening.microsoft.com/app/1234/");
}

static void
assert_refused (const char *text, const char *part)
{
  g_auto (SigninCtlAddress) address = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (signin_ctl_parse_address (&address, services, text, &error));
  g_assert_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_refused (void)
{
  assert_refused ("http://contoso.crm4.dynamics.com", "https://");
  assert_refused ("javascript://contoso.crm4.dynamics.com", "https://");
  assert_refused ("https://", "no address");
  assert_refused ("https:///main.aspx", "no address");
  assert_refused ("https://user@contoso.crm4.dynamics.com", "no address");
  assert_refused ("https://contoso.crm4.dynamics.com:444/", "no address");
  assert_refused ("https://crm4.dynamics.com", "No service");
  assert_refused ("https://contoso.crm4.dynamics.com.example.org", "No service");
  assert_refused ("https://www.example.org/", "No service");
}

static void
test_ids (void)
{
  g_assert_false (signin_ctl_is_address (services, "contoso"));
  g_assert_false (signin_ctl_is_address (services, "contoso.test"));
  g_assert_false (signin_ctl_is_address (services, "crm4.dynamics.com"));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  services = signin_services_load (&error);
  g_assert_no_error (error);
  g_test_add_func ("/address/known", test_known);
  g_test_add_func ("/address/refused", test_refused);
  g_test_add_func ("/address/ids", test_ids);
  status = g_test_run ();
  signin_services_free (services);
  return status;
}
