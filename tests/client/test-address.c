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
  assert_address ("portal.office.com", "office365", "office365", NULL, NULL);
  assert_address ("https://contoso.crm.microsoftdynamics.us", "contoso", "dynamics365", "gcchigh", NULL);
  assert_address ("https://contoso.crm.appsplatform.us", "contoso", "dynamics365", "dod", NULL);
  assert_address ("https://contoso.crm.dynamics.cn", "contoso", "dynamics365", "chn", NULL);
  assert_address ("https://contoso.crm.microsoftdynamics.de", "contoso", "dynamics365", "deu", NULL);
  assert_address ("https://listening.microsoft.com/app/1234/", "social-engagement", "social-engagement", NULL,
                  "https://listening.microsoft.com/app/1234/");
}

/* One slash got lost. */
static void
test_repaired (void)
{
  static const struct
  {
    const char *text;
    gboolean repaired;
  } rows[] = {
    { "https:/portal.office.com", TRUE },         { "https:/contoso.crm4.dynamics.com/main.aspx?appid=1", TRUE },
    { "HTTPS:/Contoso.crm4.dynamics.com", TRUE }, { "https://portal.office.com", FALSE },
    { "contoso.crm4.dynamics.com", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (SigninCtlAddress) address = { NULL };
      g_autoptr (GError) error = NULL;

      g_assert_true (signin_ctl_is_address (services, rows[i].text));
      g_assert_true (signin_ctl_parse_address (&address, services, rows[i].text, &error));
      g_assert_no_error (error);
      g_assert_cmpint (address.repaired, ==, rows[i].repaired);
      g_assert_null (address.url);
    }
  assert_address ("https:/listening.microsoft.com/app/1234/", "social-engagement", "social-engagement", NULL,
                  "https://listening.microsoft.com/app/1234/");
}

static void
assert_not_an_account (const char *text, const char *part)
{
  g_auto (SigninCtlAddress) address = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (signin_ctl_parse_address (&address, services, text, &error));
  g_test_message ("%s: %s", text, error->message);
  g_assert_nonnull (strstr (error->message, part));
}

/* Addresses that belong to the service itself, and to sign-ins under way. */
static void
test_not_accounts (void)
{
  assert_not_an_account ("https://disco.crm4.dynamics.com/XRMServices/2011/Discovery.svc", "service itself");
  assert_not_an_account ("https://globaldisco.crm.dynamics.com", "service itself");
  assert_not_an_account ("https://port.crm4.dynamics.com/G/instances/InstancePicker.aspx", "service itself");
  assert_not_an_account ("https://admin.services.crm.dynamics.com", "service itself");
  assert_not_an_account ("https://bn1--namcrlivesg614.crm.dynamics.com/?x=1", "passes the sign-in on");
  assert_not_an_account ("https://syd--ocecrmlivesg602.crm6.dynamics.com", "passes the sign-in on");
  assert_not_an_account ("https://contoso.api.crm4.dynamics.com/api/data/v9.2/", "https://contoso.crm4.dynamics.com");
  assert_not_an_account ("https://login.microsoftonline.com/common/oauth2/authorize?client_id=1", "some minutes");
  assert_not_an_account ("https://login.live.com/login.srf", "some minutes");
  assert_not_an_account ("https://login.microsoftonline.us/", "some minutes");
  assert_not_an_account ("https:/login.windows.net/common/", "some minutes");
  /* Where it would have returned to is the address that is meant. */
  assert_not_an_account ("https://login.microsoftonline.com/common/oauth2/authorize?client_id=1&redirect_uri="
                         "https%3a%2f%2fbn1--namcrmlivesg614.crm.dynamics.com%2f&state=https%253a%252f%252f"
                         "contoso.crm4.dynamics.com%252fmain.aspx",
                         "address, https://contoso.crm4.dynamics.com");
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
  assert_refused ("http:/contoso.crm4.dynamics.com", "https://");
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
  g_test_add_func ("/address/repaired", test_repaired);
  g_test_add_func ("/address/not-accounts", test_not_accounts);
  g_test_add_func ("/address/refused", test_refused);
  g_test_add_func ("/address/ids", test_ids);
  status = g_test_run ();
  signin_services_free (services);
  return status;
}
