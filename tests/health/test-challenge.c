/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "challenge.h"
#include "openid.h"

#define GUID "0a1b2c3d-1111-2222-3333-444455556666"
#define AUTHORIZE "https://login.microsoftonline.com/" GUID "/oauth2/authorize"
#define RESOURCE "https://contoso.crm4.dynamics.com/"

typedef struct
{
  const char *header;
  const char *uri; /* NULL: there is no challenge in it */
  const char *tenant;
} Sample;

static const Sample samples[] = {
  { "Bearer authorization_uri=" AUTHORIZE, AUTHORIZE, GUID },
  { "Bearer authorization_uri=" AUTHORIZE ", resource_id=" RESOURCE, AUTHORIZE, GUID },
  { "Bearer authorization_uri=" AUTHORIZE ",resource_id=" RESOURCE, AUTHORIZE, GUID },
  { "Bearer resource_id=" RESOURCE ", authorization_uri=" AUTHORIZE, AUTHORIZE, GUID },
  { "Bearer authorization_uri=\"" AUTHORIZE "\", resource_id=\"" RESOURCE "\"", AUTHORIZE, GUID },
  { "Bearer authorization_uri='" AUTHORIZE "'", AUTHORIZE, GUID },
  { "Bearer authorization_uri=" AUTHORIZE "\"", AUTHORIZE, GUID },
  { "Bearer authorization_uri=\"" AUTHORIZE ", resource_id=" RESOURCE, AUTHORIZE, GUID },
  { "bearer Authorization_URI = " AUTHORIZE, AUTHORIZE, GUID },
  { "BEARER  authorization_uri=" AUTHORIZE " ", AUTHORIZE, GUID },
  { "Negotiate, Bearer authorization_uri=" AUTHORIZE, AUTHORIZE, GUID },
  { "Basic realm=\"a, Bearer b\", Bearer authorization_uri=" AUTHORIZE, AUTHORIZE, GUID },
  { "Bearer error=\"invalid_token\", authorization_uri=\"" AUTHORIZE "\"", AUTHORIZE, GUID },
  { "Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize",
    "https://login.microsoftonline.com/common/oauth2/authorize", NULL },
  { "Bearer authorization_uri=https://login.microsoftonline.com/Contoso.onmicrosoft.com/oauth2/authorize",
    "https://login.microsoftonline.com/Contoso.onmicrosoft.com/oauth2/authorize", "contoso.onmicrosoft.com" },
  { "Bearer authorization_uri=https://login.microsoftonline.us", "https://login.microsoftonline.us", NULL },
  { "Bearer authorization_uri=https://login.example/%2e%2e/x", "https://login.example/%2e%2e/x", "x" },

  { "", NULL, NULL },
  { ",,,", NULL, NULL },
  { "Bearer", NULL, NULL },
  { "Bearer ", NULL, NULL },
  { "Bearer authorization_uri", NULL, NULL },
  { "Bearer authorization_uri=", NULL, NULL },
  { "Bearer authorization_uri=\"\"", NULL, NULL },
  { "authorization_uri=" AUTHORIZE, NULL, NULL },
  { "Basic authorization_uri=" AUTHORIZE, NULL, NULL },
  { "Bearer x, Basic authorization_uri=" AUTHORIZE, NULL, NULL },
  { "Bearer authorization_uri_x=" AUTHORIZE, NULL, NULL },
  { "Bearer authorization_uri=http://login.microsoftonline.com/" GUID, NULL, NULL },
  { "Bearer authorization_uri=file:///etc/passwd", NULL, NULL },
  { "Bearer authorization_uri=https://user:password@login.microsoftonline.com/", NULL, NULL },
  { "Bearer authorization_uri=https:///path", NULL, NULL },
  { "Bearer authorization_uri=https://a\x1b[31m.example/", NULL, NULL },
  { "Bearer authorization_uri=https://a\xff\xfe.example/", NULL, NULL },
};

static void
test_samples (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_auto (SigninChallenge) challenge = { 0 };
      gboolean found = signin_challenge_parse (samples[i].header, &challenge);

      g_test_message ("%s", samples[i].header);
      g_assert_cmpint (found, ==, samples[i].uri != NULL);
      g_assert_cmpstr (challenge.authorization_uri, ==, samples[i].uri);
      g_assert_cmpstr (challenge.tenant, ==, samples[i].tenant);
    }
}

static void
test_limits (void)
{
  g_autofree char *blanks = g_strnfill (SIGNIN_CHALLENGE_MAX, ' ');
  g_autofree char *longer = g_strconcat (blanks, "Bearer authorization_uri=" AUTHORIZE, NULL);
  g_autofree char *commas = g_strnfill (SIGNIN_CHALLENGE_MAX, ',');
  g_autofree char *quotes = g_strnfill (SIGNIN_CHALLENGE_MAX, '"');
  g_auto (SigninChallenge) challenge = { 0 };

  g_assert_false (signin_challenge_parse (longer, &challenge));
  g_assert_false (signin_challenge_parse (commas, &challenge));
  g_assert_false (signin_challenge_parse (quotes, &challenge));
}

static SigninContent
judge (const char *body)
{
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  return signin_openid_judge (bytes, "login.microsoftonline.com");
}

static void
test_openid (void)
{
#define AT(host)                                                                                \
  "{\"issuer\":\"https://" host "/{tenantid}/v2.0\",\"authorization_endpoint\":\"https://" host \
  "/common/oauth2/v2.0/authorize\"}"

  g_assert_cmpint (judge (AT ("login.microsoftonline.com")), ==, SIGNIN_CONTENT_OPENID);
  g_assert_cmpint (judge (AT ("LOGIN.microsoftonline.com")), ==, SIGNIN_CONTENT_OPENID);
  g_assert_cmpint (judge (AT ("login.microsoftonline.us")), ==, SIGNIN_CONTENT_OTHER_ISSUER);
  g_assert_cmpint (judge (AT ("login.microsoftonline.com.evil.example")), ==, SIGNIN_CONTENT_OTHER_ISSUER);
  g_assert_cmpint (judge (AT ("evil.example")), ==, SIGNIN_CONTENT_OTHER_ISSUER);
  g_assert_cmpint (judge ("{\"issuer\":\"https://login.microsoftonline.com/x\",\"authorization_endpoint\":"
                          "\"http://login.microsoftonline.com/x\"}"),
                   ==, SIGNIN_CONTENT_OTHER_ISSUER);
  g_assert_cmpint (judge ("{\"issuer\":\"https://login.microsoftonline.com/x\"}"), ==, SIGNIN_CONTENT_NOT_OPENID);
  g_assert_cmpint (judge ("{\"issuer\":1,\"authorization_endpoint\":[]}"), ==, SIGNIN_CONTENT_NOT_OPENID);
  g_assert_cmpint (judge ("[]"), ==, SIGNIN_CONTENT_NOT_OPENID);
  g_assert_cmpint (judge ("{\"error\":\"invalid_tenant\"}"), ==, SIGNIN_CONTENT_NOT_OPENID);
  g_assert_cmpint (judge ("<html>"), ==, SIGNIN_CONTENT_NOT_OPENID);
  g_assert_cmpint (judge (""), ==, SIGNIN_CONTENT_NOT_OPENID);
#undef AT
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/challenge/samples", test_samples);
  g_test_add_func ("/challenge/limits", test_limits);
  g_test_add_func ("/openid/judge", test_openid);
  return g_test_run ();
}
