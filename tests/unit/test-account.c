/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "account.h"
#include "errors.h"

#define MINUTE G_TIME_SPAN_MINUTE
#define HOUR G_TIME_SPAN_HOUR

#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10

static SigninServices *services;

static const SigninAccountDetails contoso = {
  .organization = "contoso",
  .region = "crm4",
  .length_usec = -1,
  .lead_usec = -1,
};

static SigninAccountInfo *
accept (const char *id, const SigninAccountInfo *base, const SigninAccountDetails *details)
{
  g_autoptr (GError) error = NULL;
  SigninAccountInfo *info = signin_account_info_new (services, id, base, details, &error);

  g_assert_no_error (error);
  g_assert_nonnull (info);
  g_assert_cmpstr (info->id, ==, id);
  return info;
}

static void
refuse (const char *id, const SigninAccountInfo *base, const SigninAccountDetails *details, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SigninAccountInfo) info = signin_account_info_new (services, id, base, details, &error);

  if (info != NULL)
    g_error ("accepted, instead of an error that speaks of “%s”", part);
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT);
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” does not speak of “%s”", error->message, part);
  /* No byte that was not checked is repeated. */
  g_assert_true (signin_text_check (error->message, 2000, "error", NULL));
}

static void
test_id (void)
{
  static const char *const bad[] = { "",     ".a",       "A",     "a/b",     "../etc", "a b",
                                     "a\nb", "a\x1b[1m", "a\xff", "contosö", "-",      "_a" };
  char id[66];

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    refuse (bad[i], NULL, &contoso, "a small letter or digit");
  for (guint len = 62; len <= 65; len++)
    {
      memset (id, 'a', len);
      id[len] = '\0';
      if (len <= 63)
        signin_account_info_unref (accept (id, NULL, &contoso));
      else
        refuse (id, NULL, &contoso, "at most 63 bytes");
    }
}

static void
test_source (void)
{
  static const char *const bad[] = { "", " a", "a ", "a\nb", "\x1b", "\xff", X60 "xxxx", "a\xe2\x80\xae" };

  g_assert_true (signin_source_check ("manual", NULL));
  g_assert_true (signin_source_check ("Firefox: Jürgen's profile", NULL));
  g_assert_true (signin_source_check (X60 "xxx", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (signin_source_check (bad[i], &error));
      g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_path (void)
{
  static const struct
  {
    const char *id;
    const char *path;
  } rows[] = {
    { "contoso", "/org/signind/Signin1/account/contoso" },
    { "a.b-c_d", "/org/signind/Signin1/account/a_2eb_2dc_5fd" },
    { "0", "/org/signind/Signin1/account/0" },
    { "ä/Z", "/org/signind/Signin1/account/_c3_a4_2fZ" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = signin_account_path (rows[i].id);

      g_assert_cmpstr (path, ==, rows[i].path);
    }
}

/* The details that let an account of a service exist at all. */
static SigninAccountDetails
details_for (const char *service)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;

  details.service = service;
  if (g_str_equal (service, "dynamics365"))
    {
      details.organization = "contoso";
      details.region = "crm4";
    }
  if (g_str_equal (service, "social-engagement"))
    details.url = "https://listening.microsoft.com/app/1234/";
  return details;
}

/* Which service takes which name: d(ynamics365), o(ffice365), h(ome), s(ocial engagement). */
static void
test_user_names (void)
{
  static const struct
  {
    const char *name;
    const char *taken_by;
  } rows[] = {
    { "user@contoso.onmicrosoft.com", "dohs" },
    { "user@contoso.com", "dohs" },
    { "first.last+tag@mail.contoso.co.uk", "dohs" },
    { "o'brien@contoso.com", "dohs" },
    { "USER@CONTOSO.COM", "dohs" },
    { "user@outlook.contoso.com", "dohs" },
    { "user@outlook.example.com", "dohs" },
    { "user@myoutlook.com", "dohs" },
    { "user@xn--mller-kva.de", "dohs" },
    { "user@gmail.com", "dohs" },
    { "user@outlook.com", "d" },
    { "user@Hotmail.com", "d" },
    { "user@live.com", "d" },
    { "user@hotmail.co.uk", "d" },
    { "user@outlook.de", "d" },
    { "user@live.com.mx", "d" },
    { "user@msn.com", "d" },
    { "user@windowslive.com", "d" },
    { "CONTOSO\\user", "h" },
    { "contoso.com\\user", "h" },
    { "CONTOSO\\jürgen", "h" },
    { "user@contoso", "h" },
    { X10 "xxxxx\\user", "h" },
    { X10 "xxxxxx\\user", "" },
    { "CONTOSO\\" X60 "xxxx", "h" },
    { "CONTOSO\\" X60 "xxxxx", "" },
    { "\\user", "" },
    { "CONTOSO\\", "" },
    { "CONTOSO\\a\\b", "" },
    { "CON TOSO\\user", "" },
    { "CONTOSO\\a@b", "" },
    { "user", "" },
    { "@contoso.com", "" },
    { "user@", "" },
    { "@", "" },
    { "user@@contoso.com", "" },
    { "a@b@contoso.com", "" },
    { "user@onmicrosoft.com", "" },
    { "us er@contoso.com", "" },
    { ".user@contoso.com", "" },
    { "user.@contoso.com", "" },
    { "us..er@contoso.com", "" },
    { "user@-contoso.com", "" },
    { "user@contoso-.com", "" },
    { "user@contoso..com", "" },
    { "user@contoso.com.", "" },
    { "user@.contoso.com", "" },
    { "user@con_toso.com", "" },
    { "jürgen@contoso.com", "" },
    { "user@contoso.com\n", "" },
    { "\x1b[31muser@contoso.com", "" },
    { "user\xe2\x80\xae@contoso.com", "" },
    { "\xff@contoso.com", "" },
    { X60 "xxxx@contoso.com", "dohs" },
    { X60 "xxxxx@contoso.com", "" },
    { "user@" X60 "xxx.com", "dohs" },
    { "user@" X60 "xxxx.com", "" },
    /* 254 and 255 bytes */
    { "user@" X60 "." X60 "." X60 "." X60 ".xxxxx", "dohs" },
    { "user@" X60 "." X60 "." X60 "." X60 ".xxxxxx", "" },
  };
  static const char *const ids[] = { "dynamics365", "office365", "dynamics365-home", "social-engagement" };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      for (guint s = 0; s < G_N_ELEMENTS (ids); s++)
        {
          SigninAccountDetails details = details_for (ids[s]);
          g_autoptr (SigninAccountInfo) info = NULL;

          details.user_name = rows[i].name;
          if (strchr (rows[i].taken_by, "dohs"[s]) == NULL)
            {
              refuse ("a", NULL, &details, "user name: ");
              continue;
            }
          info = accept ("a", NULL, &details);
          g_assert_cmpstr (info->user_name, ==, rows[i].name);
        }
    }
}

static void
test_user_name_reasons (void)
{
  SigninAccountDetails details = details_for ("social-engagement");

  details.user_name = "user@outlook.com";
  refuse ("a", NULL, &details, "a name at outlook.com is a Microsoft account, and Microsoft Social Engagement does");
  details.user_name = "CONTOSO\\user";
  refuse ("a", NULL, &details, "does not take Active Directory names");
  details.user_name = "user@onmicrosoft.com";
  refuse ("a", NULL, &details, "the organization is missing");
  details.user_name = X60 X60 X60 X60 X60;
  refuse ("a", NULL, &details, "at most 254 bytes");
}

static void
test_organizations (void)
{
  static const struct
  {
    const char *organization;
    const char *error;
  } rows[] = {
    { "contoso", NULL },
    { "a", NULL },
    { "1", NULL },
    { "org-1a2b3c4d", NULL },
    { "long--dashes", NULL },
    { "admin", NULL },
    { X60 "xx", NULL },
    { X60 "xxx", NULL },
    { X60 "xxxx", "at most 63 bytes" },
    { "-a", "inner dashes" },
    { "a-", "inner dashes" },
    { "a_b", "inner dashes" },
    { "a.b", "inner dashes" },
    { "a/b", "inner dashes" },
    { "a@b", "inner dashes" },
    { "contosö", "inner dashes" },
    { "a b", "inner dashes" },
    { "contoso\n", "U+000A" },
    { "a\xe2\x80\xae", "U+202E" },
    { "\xff", "UTF-8" },
    { "disco", "address of the service" },
    { "globaldisco", "address of the service" },
    { "dev", "address of the service" },
    { "Port", "address of the service" },
    { "admin.services", "address of the service" },
    { "cloudredirector", "address of the service" },
    { "bn1--namcrlivesg614", "passes the sign-in on" },
    { "syd--ocecrmlivesg602", "passes the sign-in on" },
    { "BY--namcrmlivesg644", "passes the sign-in on" },
    { "xn--contoso", "passes the sign-in on" },
    { "abcd--eurcrmlivesg1", "passes the sign-in on" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      SigninAccountDetails details = contoso;
      g_autoptr (SigninAccountInfo) info = NULL;

      details.organization = rows[i].organization;
      if (rows[i].error != NULL)
        {
          refuse ("a", NULL, &details, rows[i].error);
          continue;
        }
      info = accept ("a", NULL, &details);
      g_assert_cmpstr (info->organization, ==, rows[i].organization);
    }
}

static void
assert_address (const SigninAccountInfo *info, const char *organization, const char *region, const char *own_url,
                const char *url)
{
  g_autofree char *actual = signin_account_info_get_url (info, services);

  g_assert_cmpstr (info->organization, ==, organization);
  g_assert_true (info->region == g_intern_string (region));
  g_assert_cmpstr (info->own_url, ==, own_url);
  g_assert_cmpstr (actual, ==, url);
}

/* All regions of the 2017 page and of today: label, code, geography and host name make the same address. */
static void
test_regions (void)
{
  const SigninRegion *const *list = signin_services_list_regions (services);

  for (guint i = 0; list[i] != NULL; i++)
    {
      const char *texts[] = { list[i]->label, list[i]->host, list[i]->name, list[i]->codes[0] };
      g_autofree char *url = g_strdup_printf ("https://contoso.%s", list[i]->host);
      g_autofree char *shouted = g_strdup_printf ("HTTPS://Contoso.%s/", list[i]->host);
      SigninAccountDetails by_url = SIGNIN_ACCOUNT_DETAILS_INIT;
      g_autoptr (SigninAccountInfo) from_url = NULL;

      for (guint t = 0; t < G_N_ELEMENTS (texts); t++)
        {
          SigninAccountDetails details = contoso;
          g_autoptr (SigninAccountInfo) info = NULL;

          details.organization = "Contoso";
          details.region = texts[t];
          info = accept ("a", NULL, &details);
          assert_address (info, "contoso", list[i]->label, NULL, url);
        }
      by_url.url = shouted;
      from_url = accept ("a", NULL, &by_url);
      assert_address (from_url, "contoso", list[i]->label, NULL, url);
    }
}

static void
test_missing_details (void)
{
  SigninAccountDetails none = SIGNIN_ACCOUNT_DETAILS_INIT;
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;

  refuse ("a", NULL, &none, "365: give organization and region, or the URL, https://<organization>.<region host>");
  details.organization = "contoso";
  refuse ("a", NULL, &details, "region: needed with an organization");
  details.organization = NULL;
  details.region = "crm4";
  refuse ("a", NULL, &details, "organization: needed with a region");
  details = contoso;
  details.region = "crm13";
  refuse ("a", NULL, &details, "region: “crm13” is not known; known are crm, crm2, crm3");
  details.region = "crm\x1b[31m";
  refuse ("a", NULL, &details, "region: the character U+001B");
  details = contoso;
  details.service = "nothing";
  refuse ("a", NULL, &details, "service: “nothing” is not known; known are dynamics365, dynamics365-home, office365");
  details.service = "\x1b";
  refuse ("a", NULL, &details, "service: ");
  details.service = "office365";
  refuse ("a", NULL, &details, "Office 365 has no organizations and regions");
  details = none;
  details.service = "social-engagement";
  refuse ("a", NULL, &details, "give its URL, https://listening.microsoft.com/app/<appID>/");
}

static void
test_services (void)
{
  static const struct
  {
    const char *service;
    const char *url;
    gint64 length;
    gint64 lead;
  } rows[] = {
    { "dynamics365", "https://contoso.crm4.dynamics.com", 8 * HOUR, 20 * MINUTE },
    { "office365", "https://portal.office.com", 0, 0 },
    { "dynamics365-home", "https://home.dynamics.com", 8 * HOUR, 20 * MINUTE },
    { "social-engagement", "https://listening.microsoft.com/app/1234/", 0, 0 },
  };
  g_autoptr (SigninAccountInfo) first = accept ("a", NULL, &contoso);

  g_assert_cmpstr (first->service, ==, "dynamics365");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      SigninAccountDetails details = details_for (rows[i].service);
      g_autoptr (SigninAccountInfo) info = accept ("a", NULL, &details);
      g_autofree char *url = signin_account_info_get_url (info, services);

      g_assert_true (info->service == g_intern_string (rows[i].service));
      g_assert_cmpstr (url, ==, rows[i].url);
      g_assert_cmpint (info->policy.length_usec, ==, rows[i].length);
      g_assert_cmpint (info->policy.lead_usec, ==, rows[i].lead);
      g_assert_null (info->user_name);
    }
}

static void
test_bad_urls (void)
{
  static const struct
  {
    const char *url;
    const char *error;
  } rows[] = {
    { "contoso.crm4.dynamics.com", "must begin with https://" },
    { "http://contoso.crm4.dynamics.com", "must begin with https://" },
    { "https:/portal.office.com", "must begin with https://" },
    { "javascript:alert(1)", "must begin with https://" },
    { "file:///etc/passwd", "must begin with https://" },
    { " https://a.example", "written as %20" },
    { "https://", "URL: " },
    { "https:///path", "URL: " },
    { "https://user@a.example/", "before the host" },
    { "https://user:secret@a.example/", "before the host" },
    { "https://@a.example/", "before the host" },
    { "https://contoso.crm4.dynamics.com\\@evil.example/", "written as %5C" },
    { "https://a.example/\"", "written as %22" },
    { "https://a.example/<", "written as %3C" },
    { "https://a.example/ä", "written as %C3" },
    { "https://a.example/ b", "written as %20" },
    { "https://a.example/\n", "U+000A" },
    { "https://a.example/\x1b[31m", "U+001B" },
    { "https://a.example/\xff", "UTF-8" },
    { "https://a_b.example/", "not a host name" },
    { "https://a..example/", "not a host name" },
    { "https://a.example./", "not a host name" },
    { "https://%61.example/", "not a host name" },
    { "https://[::1]/", "not a host name" },
    { "https://a.example:99999/", "URL: " },
    { "https://a.example:x/", "URL: " },
    { "https://crm4.dynamics.com/", "organization is missing before crm4.dynamics.com" },
    { "https://a.b.crm4.dynamics.com/", "organization: " },
    { "https://contoso.api.crm4.dynamics.com/api/data/v9.2/", "Web API" },
    { "https://disco.crm4.dynamics.com/", "address of the service" },
    { "https://admin.services.crm4.dynamics.com/", "address of the service" },
    { "https://port.crm4.dynamics.com/G/instances/InstancePicker.aspx", "address of the service" },
    { "https://syd--ocecrmlivesg602.crm6.dynamics.com/", "passes the sign-in on" },
    { "https://login.microsoftonline.com/common/oauth2/authorize?x=1", "sign-in page" },
    { "https://LOGIN.microsoftonline.us/", "sign-in page" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;

      details.url = rows[i].url;
      refuse ("a", NULL, &details, rows[i].error);
    }
}

static void
test_url_length (void)
{
  static const char start[] = "https://a.example/";

  for (guint len = 2047; len <= 2049; len++)
    {
      g_autofree char *path = g_strnfill (len - strlen (start), 'x');
      g_autofree char *url = g_strconcat (start, path, NULL);
      SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
      SigninAccountDetails office = { .service = "office365", .url = url, .length_usec = -1, .lead_usec = -1 };

      details.url = url;
      if (len > 2048)
        {
          refuse ("a", NULL, &details, "URL: at most 2048 bytes");
          refuse ("a", NULL, &office, "URL: at most 2048 bytes");
          continue;
        }
      signin_account_info_unref (accept ("a", NULL, &details));
      signin_account_info_unref (accept ("a", NULL, &office));
    }
}

static void
test_urls (void)
{
  static const struct
  {
    const char *url;
    const char *organization;
    const char *region;
    const char *own_url;
    const char *result;
  } rows[] = {
    { "https://contoso.crm4.dynamics.com", "contoso", "crm4", NULL, "https://contoso.crm4.dynamics.com" },
    { "https://contoso.crm4.dynamics.com/", "contoso", "crm4", NULL, "https://contoso.crm4.dynamics.com" },
    { "https://Contoso.CRM.dynamics.com:443/", "contoso", "crm", NULL, "https://contoso.crm.dynamics.com" },
    { "https://contoso.crm.dynamics.cn", "contoso", "chn", NULL, "https://contoso.crm.dynamics.cn" },
    { "https://contoso.crm4.dynamics.com/main.aspx?appid={1-2}", "contoso", "crm4",
      "https://contoso.crm4.dynamics.com/main.aspx?appid={1-2}",
      "https://contoso.crm4.dynamics.com/main.aspx?appid={1-2}" },
    { "https://contoso.crm4.dynamics.com/?whr=contoso.com", "contoso", "crm4",
      "https://contoso.crm4.dynamics.com/?whr=contoso.com", "https://contoso.crm4.dynamics.com/?whr=contoso.com" },
    { "https://crm.contoso.com/sales", NULL, NULL, "https://crm.contoso.com/sales", "https://crm.contoso.com/sales" },
    { "https://contoso.crm99.dynamics.com", NULL, NULL, "https://contoso.crm99.dynamics.com",
      "https://contoso.crm99.dynamics.com" },
    { "https://contoso.crm4.dynamics.com.evil.example", NULL, NULL, "https://contoso.crm4.dynamics.com.evil.example",
      "https://contoso.crm4.dynamics.com.evil.example" },
    { "https://localhost:8443/", NULL, NULL, "https://localhost:8443/", "https://localhost:8443/" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
      g_autoptr (SigninAccountInfo) info = NULL;

      details.url = rows[i].url;
      info = accept ("a", NULL, &details);
      assert_address (info, rows[i].organization, rows[i].region, rows[i].own_url, rows[i].result);
    }
}

static void
test_url_beside_organization (void)
{
  SigninAccountDetails details = contoso;
  g_autoptr (SigninAccountInfo) same = NULL;
  g_autoptr (SigninAccountInfo) elsewhere = NULL;

  details.url = "https://contoso.crm4.dynamics.com/main.aspx";
  details.region = "EMEA";
  same = accept ("a", NULL, &details);
  assert_address (same, "contoso", "crm4", details.url, details.url);
  details.region = "crm";
  refuse ("a", NULL, &details, "URL: it is that of organization contoso in region crm4");
  details.region = "nowhere";
  refuse ("a", NULL, &details, "region: “nowhere”");
  details.region = "crm4";
  details.organization = "fabrikam";
  refuse ("a", NULL, &details, "URL: it is that of organization contoso in region crm4");
  details.organization = "\x1b[31m";
  refuse ("a", NULL, &details, "URL: it is that of organization contoso in region crm4");
  /* A page of another host leaves the organization alone. */
  details = contoso;
  details.url = "https://portal.contoso.com/";
  elsewhere = accept ("a", NULL, &details);
  assert_address (elsewhere, "contoso", "crm4", details.url, details.url);
}

static SigninAccountInfo *
edit (const SigninAccountInfo *base, const char *organization, const char *region, const char *url)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;

  details.organization = organization;
  details.region = region;
  details.url = url;
  return accept (base->id, base, &details);
}

static void
test_edit_address (void)
{
  static const char page[] = "https://contoso.crm4.dynamics.com/main.aspx";
  static const char other[] = "https://portal.contoso.com/";
  g_autoptr (SigninAccountInfo) plain = accept ("a", NULL, &contoso);
  g_autoptr (SigninAccountInfo) unchanged = edit (plain, NULL, NULL, NULL);
  g_autoptr (SigninAccountInfo) moved = edit (plain, NULL, "crm", NULL);
  g_autoptr (SigninAccountInfo) paged = edit (plain, NULL, NULL, page);
  g_autoptr (SigninAccountInfo) kept = edit (paged, NULL, NULL, NULL);
  g_autoptr (SigninAccountInfo) unpaged = edit (paged, NULL, NULL, "");
  g_autoptr (SigninAccountInfo) fabrikam = edit (paged, "fabrikam", NULL, NULL);
  g_autoptr (SigninAccountInfo) followed = edit (paged, NULL, NULL, "https://fabrikam.crm2.dynamics.com");
  g_autoptr (SigninAccountInfo) elsewhere = edit (plain, NULL, NULL, other);
  g_autoptr (SigninAccountInfo) alone = edit (elsewhere, "", NULL, NULL);
  g_autoptr (SigninAccountInfo) both = edit (paged, "", "", "https://fabrikam.crm2.dynamics.com");
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;

  assert_address (unchanged, "contoso", "crm4", NULL, "https://contoso.crm4.dynamics.com");
  assert_address (moved, "contoso", "crm", NULL, "https://contoso.crm.dynamics.com");
  assert_address (paged, "contoso", "crm4", page, page);
  assert_address (kept, "contoso", "crm4", page, page);
  assert_address (unpaged, "contoso", "crm4", NULL, "https://contoso.crm4.dynamics.com");
  assert_address (fabrikam, "fabrikam", "crm4", NULL, "https://fabrikam.crm4.dynamics.com");
  assert_address (followed, "fabrikam", "crm2", NULL, "https://fabrikam.crm2.dynamics.com");
  assert_address (elsewhere, "contoso", "crm4", other, other);
  assert_address (alone, NULL, NULL, other, other);
  assert_address (both, "fabrikam", "crm2", NULL, "https://fabrikam.crm2.dynamics.com");
  details.organization = "";
  refuse ("a", plain, &details, "give organization and region");
  refuse ("a", paged, &details, "give organization and region");
  details.organization = NULL;
  details.region = "";
  refuse ("a", plain, &details, "region: needed");
  details.region = NULL;
  details.url = "";
  refuse ("a", alone, &details, "give organization and region");
}

static void
test_edit_rest (void)
{
  SigninAccountDetails details = contoso;
  g_autoptr (SigninAccountInfo) base = NULL;
  g_autoptr (SigninAccountInfo) kept = NULL;
  g_autoptr (SigninAccountInfo) removed = NULL;
  SigninAccountDetails change = SIGNIN_ACCOUNT_DETAILS_INIT;

  details.user_name = "user@contoso.com";
  details.length_usec = 2 * HOUR;
  base = accept ("a", NULL, &details);
  kept = accept ("a", base, &change);
  g_assert_cmpstr (kept->user_name, ==, "user@contoso.com");
  g_assert_cmpint (kept->policy.length_usec, ==, 2 * HOUR);
  change.user_name = "";
  change.service = "dynamics365";
  removed = accept ("a", base, &change);
  g_assert_null (removed->user_name);
  change.service = "office365";
  refuse ("a", base, &change, "stays with its service");
}

/* What was accepted once is accepted again, as when it is read from the database. */
static void
test_round_trip (void)
{
  static const char *const urls[] = { NULL, "https://contoso.crm4.dynamics.com/main", "https://portal.contoso.com" };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      SigninAccountDetails details = contoso;
      g_autoptr (SigninAccountInfo) info = NULL;
      g_autoptr (SigninAccountInfo) again = NULL;

      details.url = urls[i];
      details.user_name = "user@contoso.com";
      details.length_usec = i == 0 ? 0 : -1;
      info = accept ("a", NULL, &details);
      details = (SigninAccountDetails){ info->service, info->user_name,          info->organization,    info->region,
                                        info->own_url, info->policy.length_usec, info->policy.lead_usec };
      again = accept ("a", NULL, &details);
      assert_address (again, info->organization, info->region, info->own_url,
                      urls[i] != NULL ? urls[i] : "https://contoso.crm4.dynamics.com");
      g_assert_cmpstr (again->user_name, ==, info->user_name);
      g_assert_cmpint (again->policy.length_usec, ==, info->policy.length_usec);
      g_assert_cmpint (again->policy.lead_usec, ==, info->policy.lead_usec);
    }
}

static void
test_policy (void)
{
  static const struct
  {
    gint64 length;
    gint64 lead;
    gint64 new_length;
    gint64 new_lead;
    const char *error;
  } rows[] = {
    { -1, -1, 8 * HOUR, 20 * MINUTE, NULL },
    { 0, -1, 0, 0, NULL },
    { 0, 0, 0, 0, NULL },
    { 0, 20 * MINUTE, 0, 0, "no warning without a session length" },
    { 60 * MINUTE, -1, 60 * MINUTE, 20 * MINUTE, NULL },
    { 60 * MINUTE - 1, -1, 0, 0, "from 60 min to 1440 min" },
    { 59 * MINUTE, -1, 0, 0, "from 60 min to 1440 min" },
    { 1, -1, 0, 0, "from 60 min to 1440 min" },
    { 1440 * MINUTE, -1, 1440 * MINUTE, 20 * MINUTE, NULL },
    { 1440 * MINUTE + 1, -1, 0, 0, "from 60 min to 1440 min" },
    { G_MAXINT64, -1, 0, 0, "from 60 min to 1440 min" },
    { -1, 20 * MINUTE, 8 * HOUR, 20 * MINUTE, NULL },
    { -1, 20 * MINUTE - G_USEC_PER_SEC, 0, 0, "from 20 min up to less than the session length of 480 min" },
    { -1, 20 * MINUTE - 1, 0, 0, "from 20 min" },
    { -1, 0, 0, 0, "from 20 min" },
    { -1, 8 * HOUR - 1, 8 * HOUR, 8 * HOUR - 1, NULL },
    { -1, 8 * HOUR, 0, 0, "less than the session length of 480 min" },
    { -1, G_MAXINT64, 0, 0, "less than the session length of 480 min" },
    { 60 * MINUTE, 60 * MINUTE - 1, 60 * MINUTE, 60 * MINUTE - 1, NULL },
    { 60 * MINUTE, 60 * MINUTE, 0, 0, "less than the session length of 60 min" },
    { 1440 * MINUTE, 1439 * MINUTE, 1440 * MINUTE, 1439 * MINUTE, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      SigninAccountDetails details = contoso;
      g_autoptr (SigninAccountInfo) info = NULL;

      details.length_usec = rows[i].length;
      details.lead_usec = rows[i].lead;
      if (rows[i].error != NULL)
        {
          refuse ("a", NULL, &details, rows[i].error);
          continue;
        }
      info = accept ("a", NULL, &details);
      g_assert_cmpint (info->policy.length_usec, ==, rows[i].new_length);
      g_assert_cmpint (info->policy.lead_usec, ==, rows[i].new_lead);
    }
}

static void
test_edit_policy (void)
{
  SigninAccountDetails details = contoso;
  SigninAccountDetails length = SIGNIN_ACCOUNT_DETAILS_INIT;
  SigninAccountDetails lead = SIGNIN_ACCOUNT_DETAILS_INIT;
  SigninAccountDetails none = SIGNIN_ACCOUNT_DETAILS_INIT;
  g_autoptr (SigninAccountInfo) base = NULL;
  g_autoptr (SigninAccountInfo) longer = NULL;
  g_autoptr (SigninAccountInfo) without = NULL;
  g_autoptr (SigninAccountInfo) back = NULL;

  details.lead_usec = 70 * MINUTE;
  base = accept ("a", NULL, &details);
  length.length_usec = 71 * MINUTE;
  longer = accept ("a", base, &length);
  g_assert_cmpint (longer->policy.length_usec, ==, 71 * MINUTE);
  g_assert_cmpint (longer->policy.lead_usec, ==, 70 * MINUTE);
  length.length_usec = 70 * MINUTE;
  refuse ("a", base, &length, "the present one of 70 min does not fit a session length of 70 min; give one from 20");
  none.length_usec = 0;
  without = accept ("a", base, &none);
  g_assert_cmpint (without->policy.length_usec, ==, 0);
  g_assert_cmpint (without->policy.lead_usec, ==, 0);
  lead.lead_usec = 20 * MINUTE;
  refuse ("a", without, &lead, "give that too");
  back = accept ("a", without, &length);
  g_assert_cmpint (back->policy.lead_usec, ==, 20 * MINUTE);
}

static void
test_references (void)
{
  SigninAccountInfo *info = accept ("a", NULL, &contoso);

  g_assert_true (signin_account_info_ref (info) == info);
  signin_account_info_unref (info);
  g_assert_cmpstr (info->organization, ==, "contoso");
  signin_account_info_unref (info);
  signin_account_info_unref (NULL);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  int status;

  /* Nobody's own services get in the way. */
  g_setenv ("XDG_CONFIG_HOME", "/nonexistent", TRUE);
  g_test_init (&argc, &argv, NULL);
  services = signin_services_load (&error);
  g_assert_no_error (error);
  g_test_add_func ("/account/id", test_id);
  g_test_add_func ("/account/source", test_source);
  g_test_add_func ("/account/path", test_path);
  g_test_add_func ("/account/user-names", test_user_names);
  g_test_add_func ("/account/user-name-reasons", test_user_name_reasons);
  g_test_add_func ("/account/organizations", test_organizations);
  g_test_add_func ("/account/regions", test_regions);
  g_test_add_func ("/account/missing-details", test_missing_details);
  g_test_add_func ("/account/services", test_services);
  g_test_add_func ("/account/bad-urls", test_bad_urls);
  g_test_add_func ("/account/url-length", test_url_length);
  g_test_add_func ("/account/urls", test_urls);
  g_test_add_func ("/account/url-beside-organization", test_url_beside_organization);
  g_test_add_func ("/account/edit-address", test_edit_address);
  g_test_add_func ("/account/edit-rest", test_edit_rest);
  g_test_add_func ("/account/round-trip", test_round_trip);
  g_test_add_func ("/account/policy", test_policy);
  g_test_add_func ("/account/edit-policy", test_edit_policy);
  g_test_add_func ("/account/references", test_references);
  status = g_test_run ();
  signin_services_free (services);
  return status;
}
