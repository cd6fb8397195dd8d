/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The small parts around a request: when to come again, which proxy, what a row may hold, which addresses are asked. */

#include "config.h"

#include <string.h>

#include "errors.h"
#include "proxy.h"
#include "row.h"
#include "target.h"

#define NOW_USEC (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC) /* Tue, 14 Nov 2023 22:13:20 GMT */

static void
test_retry_after (void)
{
  static const struct
  {
    const char *text;
    guint64 sec;
  } samples[] = {
    { NULL, 0 },
    { "", 0 },
    { "0", 0 },
    { "7", 7 },
    { "120 ", 120 },
    { "86400", 86400 },
    { "86401", 86400 },
    { "99999999999999999999999", 86400 },
    { "-5", 0 },
    { "5.5", 0 },
    { "12abc", 0 },
    { "soon", 0 },
    { "Tue, 14 Nov 2023 22:14:20 GMT", 60 },
    { "Tue, 14 Nov 2023 22:12:20 GMT", 0 },
    { "Fri, 31 Dec 2100 00:00:00 GMT", 86400 },
    { "Tuesday, 14-Nov-23 22:14:20 GMT", 60 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_test_message ("%s", samples[i].text != NULL ? samples[i].text : "(none)");
      g_assert_cmpuint (signin_fetch_parse_retry_after (samples[i].text, NOW_USEC), ==, samples[i].sec);
    }
}

static void
test_headers (void)
{
  const char *lines[] = { "WWW-Authenticate: Negotiate", "www-authenticate:  Bearer x", "Retry-After: 9", "X", NULL };
  const SigninFetchResponse response = { .headers = (char **) lines };

  g_assert_cmpstr (signin_fetch_response_get_header (&response, "WWW-Authenticate", 0), ==, "Negotiate");
  g_assert_cmpstr (signin_fetch_response_get_header (&response, "WWW-Authenticate", 1), ==, "Bearer x");
  g_assert_null (signin_fetch_response_get_header (&response, "WWW-Authenticate", 2));
  g_assert_null (signin_fetch_response_get_header (&response, "WWW", 0));
  g_assert_null (signin_fetch_response_get_header (&response, "X", 0));
  g_assert_cmpuint (signin_fetch_response_get_retry_after (&response), ==, 9);
}

static void
check_proxy (const char *host, const char *expected, const char *const *environment)
{
  g_autofree char *proxy = signin_proxy_from_environment (host, (char **) environment);

  g_test_message ("%s", host);
  g_assert_cmpstr (proxy, ==, expected);
}

static void
test_proxy (void)
{
  const char *const none[] = { "PATH=/bin", "https_proxy=", NULL };
  const char *const all[] = { "https_proxy=http://s", "all_proxy=http://a", "http_proxy=http://h", NULL };
  const char *const upper[] = { "HTTPS_PROXY=http://S", "ALL_PROXY=http://A", NULL };
  const char *const plain[] = { "http_proxy=http://h", NULL };
  const char *const header[] = { "HTTP_PROXY=http://attacker", NULL };
  const char *const star[] = { "https_proxy=http://s", "no_proxy=*", NULL };
  const char *const some[] = { "https_proxy=http://s", "no_proxy=localhost, .dynamics.com,*.example.org,exact.net",
                               NULL };

  check_proxy ("x.example", NULL, none);
  check_proxy ("x.example", "http://s", all);
  check_proxy ("x.example", "http://S", upper);
  check_proxy ("x.example", "http://h", plain);
  check_proxy ("x.example", NULL, header);
  check_proxy ("x.example", NULL, star);
  check_proxy ("contoso.crm4.dynamics.com", NULL, some);
  check_proxy ("a.EXAMPLE.org", NULL, some);
  check_proxy ("exact.net", NULL, some);
  check_proxy ("a.exact.net", NULL, some);
  check_proxy ("notexact.net", "http://s", some);
  check_proxy ("dynamics.com.evil.net", "http://s", some);
}

static void
test_row (void)
{
  g_autofree char *endless = g_strnfill (5000, 'x');
  const SigninRow row = {
    .kind = SIGNIN_ROW_ORGANIZATION,
    .name = "a\x1b[31mb\xff\xe2\x80\xae"
            "c",
    .reason = "failed",
    .detail = endless,
    .at_usec = -5,
  };
  g_autoptr (GVariant) variant = g_variant_ref_sink (signin_row_to_variant (&row));
  const char *name, *detail, *tenant;
  guint64 at;

  g_assert_true (g_variant_lookup (variant, "name", "&s", &name));
  g_assert_cmpstr (name, ==, "a [31mb\xef\xbf\xbd c");
  g_assert_true (g_variant_lookup (variant, "detail", "&s", &detail));
  g_assert_cmpuint (strlen (detail), ==, SIGNIN_ROW_TEXT_MAX_CHARS);
  g_assert_true (g_variant_lookup (variant, "at", "t", &at));
  g_assert_cmpuint (at, ==, 0);
  g_assert_true (g_variant_lookup (variant, "tenant", "&s", &tenant));
  g_assert_cmpstr (tenant, ==, "");
}

static GPtrArray *
parse (const SigninServices *services, const char *text, GError **error)
{
  g_autoptr (GVariant) list = g_variant_parse (G_VARIANT_TYPE ("aa{sv}"), text, NULL, NULL, error);

  g_assert_no_error (*error);
  return signin_targets_parse (services, list, 64, error);
}

static void
check_target (const char *text, SigninRowKind kind, const char *url, const char *authority_url)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SigninServices) services = signin_services_load (&error);
  g_autoptr (GPtrArray) targets = parse (services, text, &error);
  const SigninTarget *target;

  g_assert_no_error (error);
  g_assert_cmpuint (targets->len, ==, 1);
  target = g_ptr_array_index (targets, 0);
  g_assert_cmpint (target->kind, ==, kind);
  g_assert_cmpstr (target->url, ==, url);
  g_assert_cmpstr (target->authority_url, ==, authority_url);
}

static void
test_targets (void)
{
#define OPENID "/common/v2.0/.well-known/openid-configuration"

  check_target ("[{'organization': <'contoso'>, 'region': <'crm4'>}]", SIGNIN_ROW_ORGANIZATION,
                "https://contoso.crm4.dynamics.com/api/data/v9.2/", "https://login.microsoftonline.com" OPENID);
  check_target ("[{'organization': <'contoso'>, 'region': <'gcchigh'>}]", SIGNIN_ROW_ORGANIZATION,
                "https://contoso.crm.microsoftdynamics.us/api/data/v9.2/", "https://login.microsoftonline.us" OPENID);
  check_target ("[{'organization': <'contoso'>, 'region': <'CHN'>}]", SIGNIN_ROW_ORGANIZATION,
                "https://contoso.crm.dynamics.cn/api/data/v9.2/", "https://login.partner.microsoftonline.cn" OPENID);
  check_target ("[{'url': <'https://Contoso.CRM.dynamics.com/main.aspx?appid=1#x'>}]", SIGNIN_ROW_ORGANIZATION,
                "https://contoso.crm.dynamics.com/api/data/v9.2/", "https://login.microsoftonline.com" OPENID);
  check_target ("[{'url': <'https://crm.contoso.example:8443/'>}]", SIGNIN_ROW_ORGANIZATION,
                "https://crm.contoso.example:8443/api/data/v9.2/", NULL);
  check_target ("[{'service': <'office365'>}]", SIGNIN_ROW_PORTAL, "https://portal.office.com/",
                "https://login.microsoftonline.com" OPENID);
  check_target ("[{'service': <'dynamics365-home'>}]", SIGNIN_ROW_HOME, "https://home.dynamics.com/",
                "https://login.microsoftonline.com" OPENID);
  check_target ("[{'service': <'social-engagement'>, 'url': <'https://listening.microsoft.com/app/1/'>}]",
                SIGNIN_ROW_DISCONTINUED, NULL, NULL);
#undef OPENID
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parts/retry-after", test_retry_after);
  g_test_add_func ("/parts/headers", test_headers);
  g_test_add_func ("/parts/proxy", test_proxy);
  g_test_add_func ("/parts/row", test_row);
  g_test_add_func ("/parts/targets", test_targets);
  return g_test_run ();
}
