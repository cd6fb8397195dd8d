/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "services.h"

#define MINUTE G_TIME_SPAN_MINUTE
#define HOUR G_TIME_SPAN_HOUR

#define MINIMAL "[Service]\nname=Portal\nurl=https://portal.example\n"

static SigninServices *
load (void)
{
  g_autoptr (GError) error = NULL;
  SigninServices *services = signin_services_load (&error);

  g_assert_no_error (error);
  g_assert_nonnull (services);
  return services;
}

static void
test_built_in (void)
{
  static const struct
  {
    const char *id;
    const char *name;
    const char *url;
    gint64 length;
    SigninNameForms names;
    gboolean organization;
    gboolean own_url;
    const char *note;
  } rows[] = {
    { "dynamics365", "Dynamics 365", "https://%o.%h", 8 * HOUR, SIGNIN_NAMES_WORK | SIGNIN_NAMES_MICROSOFT, TRUE, FALSE,
      "1 to 24 hours" },
    { "dynamics365-home", "Dynamics 365 home page", "https://home.dynamics.com", 8 * HOUR,
      SIGNIN_NAMES_WORK | SIGNIN_NAMES_DIRECTORY, FALSE, FALSE, NULL },
    { "office365", "Office 365", "https://portal.office.com", 0, SIGNIN_NAMES_WORK, FALSE, FALSE,
      "kept without warnings" },
    { "social-engagement", "Microsoft Social Engagement", "https://listening.microsoft.com/app/%i/", 0,
      SIGNIN_NAMES_WORK, FALSE, TRUE, "Discontinued" },
  };
  g_autoptr (SigninServices) services = load ();
  const SigninService *const *list = signin_services_list (services);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const SigninService *service = signin_services_get (services, rows[i].id);

      g_assert_true (service == list[i]);
      g_assert_true (service->id == g_intern_string (rows[i].id));
      g_assert_cmpstr (service->name, ==, rows[i].name);
      g_assert_cmpstr (service->url, ==, rows[i].url);
      g_assert_cmpint (service->policy.length_usec, ==, rows[i].length);
      g_assert_cmpint (service->policy.lead_usec, ==, 20 * MINUTE);
      g_assert_cmpint (service->min_length_usec, ==, 60 * MINUTE);
      g_assert_cmpint (service->max_length_usec, ==, 1440 * MINUTE);
      g_assert_cmpint (service->min_lead_usec, ==, 20 * MINUTE);
      g_assert_cmpint (service->names, ==, rows[i].names);
      g_assert_cmpint (service->needs_organization, ==, rows[i].organization);
      g_assert_cmpint (service->needs_region, ==, rows[i].organization);
      g_assert_cmpint (service->needs_url, ==, rows[i].own_url);
      g_assert_true (rows[i].note == NULL ? service->note == NULL : strstr (service->note, rows[i].note) != NULL);
    }
  g_assert_null (list[G_N_ELEMENTS (rows)]);
  g_assert_null (signin_services_get (services, "nothing"));
  g_assert_null (signin_services_get (services, "Dynamics365"));
}

static void
test_url (void)
{
  g_autoptr (SigninServices) services = load ();
  const SigninService *service = signin_services_get (services, "dynamics365");
  g_autofree char *url = signin_service_expand_url (service, "contoso", signin_services_find_region (services, "crm4"));
  g_autofree char *pattern = signin_service_expand_url (service, NULL, NULL);
  g_autofree char *social = signin_service_expand_url (signin_services_get (services, "social-engagement"), NULL, NULL);

  g_assert_cmpstr (url, ==, "https://contoso.crm4.dynamics.com");
  g_assert_cmpstr (pattern, ==, "https://<organization>.<region host>");
  g_assert_cmpstr (social, ==, "https://listening.microsoft.com/app/<appID>/");
}

static const struct
{
  const char *label;
  const char *host;
  const char *codes;
  gboolean listed;
} regions[] = {
  { "crm", "crm.dynamics.com", "NAM", TRUE },
  { "crm2", "crm2.dynamics.com", "LATAM,SAM", TRUE },
  { "crm3", "crm3.dynamics.com", "CAN", TRUE },
  { "crm4", "crm4.dynamics.com", "EMEA,EUR", TRUE },
  { "crm5", "crm5.dynamics.com", "APAC,APJ", TRUE },
  { "crm6", "crm6.dynamics.com", "OCE", TRUE },
  { "crm7", "crm7.dynamics.com", "JPN", TRUE },
  { "crm8", "crm8.dynamics.com", "IND", TRUE },
  { "crm9", "crm9.dynamics.com", "GCC", TRUE },
  { "crm10", "crm10.dynamics.com", "TIP", FALSE },
  { "crm11", "crm11.dynamics.com", "GBR", FALSE },
  { "crm12", "crm12.dynamics.com", "FRA", FALSE },
  { "crm14", "crm14.dynamics.com", "ZAF", FALSE },
  { "crm15", "crm15.dynamics.com", "UAE", FALSE },
  { "crm16", "crm16.dynamics.com", "GER", FALSE },
  { "crm17", "crm17.dynamics.com", "CHE", FALSE },
  { "crm19", "crm19.dynamics.com", "NOR", FALSE },
  { "crm20", "crm20.dynamics.com", "SGP", FALSE },
  { "crm21", "crm21.dynamics.com", "KOR", FALSE },
  { "crm22", "crm22.dynamics.com", "SWE", FALSE },
  { "gcchigh", "crm.microsoftdynamics.us", "GCC High,USG", FALSE },
  { "dod", "crm.appsplatform.us", "DOD", FALSE },
  { "chn", "crm.dynamics.cn", "CHN", FALSE },
  { "deu", "crm.microsoftdynamics.de", "DEU", FALSE },
};

static const char *
authority_of (const char *label)
{
  if (g_str_equal (label, "gcchigh") || g_str_equal (label, "dod"))
    return "login.microsoftonline.us";
  if (g_str_equal (label, "chn"))
    return "login.partner.microsoftonline.cn";
  if (g_str_equal (label, "deu"))
    return "login.microsoftonline.de";
  return "login.microsoftonline.com";
}

static void
test_regions (void)
{
  g_autoptr (SigninServices) services = load ();
  const SigninRegion *const *list = signin_services_list_regions (services);
  guint n_listed = 0;

  for (guint i = 0; i < G_N_ELEMENTS (regions); i++)
    {
      g_autofree char *codes = NULL;

      g_assert_nonnull (list[i]);
      codes = g_strjoinv (",", list[i]->codes);
      g_assert_cmpstr (list[i]->label, ==, regions[i].label);
      g_assert_true (list[i]->label == g_intern_string (regions[i].label));
      g_assert_cmpstr (list[i]->host, ==, regions[i].host);
      g_assert_cmpstr (codes, ==, regions[i].codes);
      g_assert_cmpint (list[i]->listed, ==, regions[i].listed);
      g_assert_cmpstr (list[i]->authority, ==, authority_of (regions[i].label));
      g_assert_cmpstr (list[i]->name, ==, list[i]->plain_name);
      n_listed += list[i]->listed;
    }
  g_assert_null (list[G_N_ELEMENTS (regions)]);
  g_assert_cmpuint (n_listed, ==, 9);
}

static void
test_find_region (void)
{
  static const struct
  {
    const char *text;
    const char *label;
  } rows[] = {
    { "crm4", "crm4" },
    { ".crm4", "crm4" },
    { "CRM4", "crm4" },
    { "EMEA", "crm4" },
    { "emea", "crm4" },
    { "EUR", "crm4" },
    { "Europe", "crm4" },
    { "europe", "crm4" },
    { "crm4.dynamics.com", "crm4" },
    { "LATAM", "crm2" },
    { "SAM", "crm2" },
    { ".crm4.dynamics.com", "crm4" },
    { "crm", "crm" },
    { "North America", "crm" },
    { "crm.dynamics.com", "crm" },
    { "GCC", "crm9" },
    { "GCC High", "gcchigh" },
    { "crm.microsoftdynamics.us", "gcchigh" },
    { "Germany", "crm16" },
    { "DEU", "deu" },
    { "China", "chn" },
    { "UK", "crm11" },
    { "gbr", "crm11" },
    { "Europe, Middle East, Africa", "crm4" },
    { "", NULL },
    { ".", NULL },
    { "crm13", NULL },
    { "crm44", NULL },
    { "..crm4", NULL },
    { "dynamics.com", NULL },
    { " crm4", NULL },
    { "\xff", NULL },
    { ".hosts", NULL },
    { "Europe\xcc\x81", NULL },
  };
  g_autoptr (SigninServices) services = load ();
  g_autofree char *huge = g_strnfill (10 * 1000 * 1000, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const SigninRegion *region = signin_services_find_region (services, rows[i].text);

      g_assert_cmpstr (region != NULL ? region->label : NULL, ==, rows[i].label);
    }
  g_assert_null (signin_services_find_region (services, huge));
}

static void
add_once (GHashTable *seen, const char *text, const char *label)
{
  g_autofree char *key = g_utf8_strdown (text, -1);
  const char *other = g_hash_table_lookup (seen, key);

  if (other != NULL && !g_str_equal (other, label))
    g_error ("“%s” means both %s and %s", text, other, label);
  g_hash_table_insert (seen, g_steal_pointer (&key), (char *) label);
}

/* No text may mean two regions. */
static void
test_regions_unambiguous (void)
{
  g_autoptr (SigninServices) services = load ();
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const SigninRegion *const *list = signin_services_list_regions (services);

  for (guint i = 0; list[i] != NULL; i++)
    {
      const SigninRegion *r = list[i];

      add_once (seen, r->label, r->label);
      add_once (seen, r->host, r->label);
      add_once (seen, r->name, r->label);
      for (guint j = 0; r->codes[j] != NULL; j++)
        add_once (seen, r->codes[j], r->label);
      for (guint j = 0; r->aliases[j] != NULL; j++)
        add_once (seen, r->aliases[j], r->label);
    }
}

static void
test_hosts (void)
{
  static const char *const reserved[] = { "disco", "globaldisco", "dev", "port", "admin.services", "cloudredirector" };
  g_autoptr (SigninServices) services = load ();
  gsize prefix = 99;
  const SigninRegion *region = signin_services_find_region_host (services, "contoso.crm4.dynamics.com", &prefix);

  g_assert_cmpstr (region->label, ==, "crm4");
  g_assert_cmpstr (region->graph, ==, "graph.microsoft.com");
  g_assert_cmpuint (prefix, ==, 7);
  region = signin_services_find_region_host (services, "A.B.CRM.dynamics.COM", &prefix);
  g_assert_cmpstr (region->label, ==, "crm");
  g_assert_cmpuint (prefix, ==, 3);
  region = signin_services_find_region_host (services, "crm.dynamics.cn", &prefix);
  g_assert_cmpstr (region->label, ==, "chn");
  g_assert_cmpstr (region->graph, ==, "microsoftgraph.chinacloudapi.cn");
  g_assert_cmpuint (prefix, ==, 0);
  g_assert_null (signin_services_find_region_host (services, "contosocrm4.dynamics.com", &prefix));
  g_assert_null (signin_services_find_region_host (services, "contoso.crm4.dynamics.com.evil.example", &prefix));
  g_assert_null (signin_services_find_region_host (services, "", &prefix));
  for (guint i = 0; i < G_N_ELEMENTS (reserved); i++)
    g_assert_true (signin_services_is_reserved (services, reserved[i]));
  g_assert_true (signin_services_is_reserved (services, "DISCO"));
  g_assert_false (signin_services_is_reserved (services, "contoso"));
}

static guint
count (const SigninServices *services)
{
  guint n = 0;

  while (signin_services_list (services)[n] != NULL)
    n++;
  return n;
}

typedef struct
{
  char *root;
  char *user;
  char *system;
} Folders;

static void
set_up (Folders *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->root = g_dir_make_tmp ("signind-XXXXXX", &error);
  g_assert_no_error (error);
  f->user = g_build_filename (f->root, "user", NULL);
  f->system = g_build_filename (f->root, "system", NULL);
  g_assert_cmpint (g_mkdir (f->user, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (f->system, 0700), ==, 0);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_assert_cmpint (g_remove (file), ==, 0);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

static void
tear_down (Folders *f, gconstpointer data)
{
  g_test_assert_expected_messages ();
  remove_folder (f->user);
  remove_folder (f->system);
  g_assert_cmpint (g_rmdir (f->root), ==, 0);
  g_free (f->user);
  g_free (f->system);
  g_free (f->root);
}

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static SigninServices *
load_folders (Folders *f)
{
  g_autofree char *missing = g_build_filename (f->root, "missing", NULL);
  g_autofree char *built_in = g_build_filename (g_getenv ("SIGNIND_DATADIR"), "services", NULL);
  const char *const dirs[] = { f->user, missing, f->system, built_in, NULL };
  g_autoptr (GError) error = NULL;
  SigninServices *services = signin_services_load_from (dirs, "/nonexistent/regions.conf", &error);

  g_assert_no_error (error);
  return services;
}

static void
expect (const char *pattern)
{
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, pattern);
}

static void
test_override (Folders *f, gconstpointer data)
{
  g_autoptr (SigninServices) services = NULL;

  write_file (f->system, "office365.conf", "[Service]\nname=System\nurl=https://a.example\nlength=24h\n");
  write_file (f->user, "office365.conf", "[Service]\nname=User\nurl=https://b.example\nlength=2h 30min\nlead=1h\n");
  write_file (f->system, "intranet.conf", MINIMAL);
  write_file (f->system, "README", "not a data file");
  write_file (f->system, ".hidden.conf", "neither");
  services = load_folders (f);
  g_assert_cmpstr (signin_services_get (services, "office365")->name, ==, "User");
  g_assert_cmpint (signin_services_get (services, "office365")->policy.length_usec, ==, 150 * MINUTE);
  g_assert_cmpint (signin_services_get (services, "office365")->policy.lead_usec, ==, 60 * MINUTE);
  g_assert_cmpint (signin_services_get (services, "intranet")->names, ==, SIGNIN_NAMES_ANY);
  g_assert_cmpint (signin_services_get (services, "intranet")->policy.length_usec, ==, 0);
  g_assert_nonnull (signin_services_get (services, "dynamics365"));
  g_assert_cmpuint (count (services), ==, 5);
  expect ("/nonexistent/regions.conf: *no region is known");
  g_assert_null (signin_services_find_region (services, "crm4"));
}

/* A service shorter than the usual bounds, as somebody makes it to try things out. */
static void
test_short (Folders *f, gconstpointer data)
{
  g_autoptr (SigninServices) services = NULL;
  const SigninService *service;

  write_file (f->user, "short.conf", MINIMAL "length=10s\nlead=4s\n");
  services = load_folders (f);
  service = signin_services_get (services, "short");
  g_assert_cmpint (service->policy.length_usec, ==, 10 * G_USEC_PER_SEC);
  g_assert_cmpint (service->min_length_usec, ==, 10 * G_USEC_PER_SEC);
  g_assert_cmpint (service->max_length_usec, ==, 24 * HOUR);
  g_assert_cmpint (service->min_lead_usec, ==, 4 * G_USEC_PER_SEC);
}

/* Each of these is named in the log, and the built-in service of that name is used. */
static void
test_broken (Folders *f, gconstpointer data)
{
  static const struct
  {
    const char *text;
    const char *warning;
  } rows[] = {
    { "", "*missing*" },
    { "[Service]\n", "*url: missing*" },
    { "[Service]\nurl=https://a.example\n", "*name: missing*" },
    { "[Service\n", "*office365.conf: line 1 is neither*" },
    { "[Service]\nnonsense\n", "*line 2 is neither*" },
    { MINIMAL "length=8 hours\n", "*[Service] length: *8 hours*" },
    { MINIMAL "length=hours\n", "*length: *" },
    { MINIMAL "length=8\n", "*length: *" },
    { MINIMAL "length=-8h\n", "*length: *" },
    { MINIMAL "length=0h\n", "*length: *" },
    { MINIMAL "length=9000h\n", "*length: *366 days*" },
    { MINIMAL "length=99999999999999999999h\n", "*length: *" },
    { MINIMAL "length=8h\nlead=8h\n", "*lead: *less than length*" },
    { MINIMAL "length=8h\nlead=10min\nmin-lead=20min\n", "*lead: *" },
    { MINIMAL "length=8h\nmax-length=7h\n", "*length: must be from*" },
    { MINIMAL "min-length=8h\nmax-length=7h\n", "*min-length: *" },
    { MINIMAL "names=work;friends\n", "*names: *friends*" },
    { MINIMAL "note=\x1b[31m\n", "*note: *U+001B*" },
    { "[Service]\nname=A\nurl=http://a.example\n", "*url: *https*" },
    { "[Service]\nname=A\nurl=https://a.example/%x\n", "*url: *" },
    { "[Service]\nname=A\nurl=https://user@a.example/\n", "*url: *user name*" },
    { "[Service]\nname=\xff\nurl=https://a.example/\n", "*" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (SigninServices) services = NULL;

      write_file (f->user, "office365.conf", rows[i].text);
      expect (rows[i].warning);
      services = load_folders (f);
      g_test_assert_expected_messages ();
      g_assert_cmpstr (signin_services_get (services, "office365")->name, ==, "Office 365");
    }
}

static void
test_unreadable (Folders *f, gconstpointer data)
{
  g_autofree char *comment = g_strnfill (64 * 1024 - strlen (MINIMAL) - 1, '#');
  g_autofree char *largest = g_strconcat (MINIMAL, comment, "\n", NULL);
  g_autofree char *too_large = g_strconcat (largest, "\n", NULL);
  g_autofree char *fifo = g_build_filename (f->user, "fifo.conf", NULL);
  g_autofree char *folder = g_build_filename (f->user, "folder.conf", NULL);
  g_autoptr (SigninServices) services = NULL;

  g_assert_cmpuint (strlen (largest), ==, 64 * 1024);
  write_file (f->user, "Capital.conf", MINIMAL);
  write_file (f->user, "largest.conf", largest);
  write_file (f->user, "toolarge.conf", too_large);
  write_file (f->user, "unknown.conf", MINIMAL "lenght=8h\n");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  expect ("*Capital.conf: *not the id*");
  expect ("*fifo.conf: not a regular file*");
  expect ("*folder.conf: not a regular file*");
  expect ("*toolarge.conf: larger than 65536 bytes*");
  expect ("*unknown.conf: *lenght: unknown key*");
  services = load_folders (f);
  g_assert_nonnull (signin_services_get (services, "largest"));
  g_assert_nonnull (signin_services_get (services, "unknown"));
  g_assert_null (signin_services_get (services, "toolarge"));
  g_assert_null (signin_services_get (services, "fifo"));
}

static void
test_too_many (Folders *f, gconstpointer data)
{
  g_autoptr (SigninServices) services = NULL;

  for (guint i = 0; i < 65; i++)
    {
      g_autofree char *name = g_strdup_printf ("a%02u.conf", i);

      write_file (f->user, name, MINIMAL);
    }
  expect ("*a64.conf: more than 64 services*");
  for (guint i = 0; i < 4; i++)
    expect ("*more than 64 services*");
  services = load_folders (f);
  g_assert_cmpuint (count (services), ==, 64);
}

static void
test_none (Folders *f, gconstpointer data)
{
  const char *const dirs[] = { f->user, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_null (signin_services_load_from (dirs, "/nonexistent", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_nonnull (strstr (error->message, f->user));
}

static void
test_broken_regions (Folders *f, gconstpointer data)
{
  g_autofree char *file = g_build_filename (f->user, "regions", NULL);
  const char *const dirs[] = { f->user, NULL };
  g_autoptr (SigninServices) services = NULL;
  const SigninRegion *const *list;

  write_file (f->user, "a.conf", MINIMAL);
  write_file (f->user, "regions",
              "[a]\nhost=a.example\nname=A\n[b]\nname=B\n[c]\nhost=c.example\n[d]\nhost=d_.example\nname=D\n"
              "[e.f]\nhost=e.example\nname=E\n[g]\nhost=g.example\nname=G\nlisted=perhaps\n[h]\nhost=h.example\n"
              "name=H\ncodes=h;; HH ;\nlsited=true\n");
  services = signin_services_load_from (dirs, file, NULL);
  expect ("*[b] host: missing*");
  expect ("*[c] name: missing*");
  expect ("*[d] host: *not a host name*");
  expect ("*[e.f]*not a label*");
  expect ("*[g] listed: *");
  expect ("*[h] lsited: unknown key*");
  list = signin_services_list_regions (services);
  g_assert_cmpstr (list[0]->label, ==, "a");
  g_assert_cmpstr (list[1]->label, ==, "h");
  g_assert_cmpstr (list[1]->codes[1], ==, "HH");
  g_assert_null (list[1]->codes[2]);
  g_assert_null (list[2]);
}

/* In another process, because GLib looks at the language once. What signind's own files say is translated with it: see
 * tests/client/test-topics.c. */
static void
test_german (Folders *f, gconstpointer data)
{
  g_autoptr (SigninServices) services = NULL;

  if (!g_test_subprocess ())
    {
      g_setenv ("LANGUAGE", "de", TRUE);
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_unsetenv ("LANGUAGE");
      g_test_trap_assert_passed ();
      return;
    }
  write_file (f->user, "intranet.conf", MINIMAL "name[de]=Portal für alle\nnote=Open\nnote[de]=Offen\n");
  services = load_folders (f);
  g_assert_cmpstr (signin_services_get (services, "intranet")->name, ==, "Portal für alle");
  g_assert_cmpstr (signin_services_get (services, "intranet")->note, ==, "Offen");
}

#define ADD(name, func) g_test_add ("/services/" name, Folders, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  /* Nobody's own services get in the way. */
  g_setenv ("XDG_CONFIG_HOME", "/nonexistent", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/services/built-in", test_built_in);
  g_test_add_func ("/services/url", test_url);
  g_test_add_func ("/services/regions", test_regions);
  g_test_add_func ("/services/find-region", test_find_region);
  g_test_add_func ("/services/regions-unambiguous", test_regions_unambiguous);
  g_test_add_func ("/services/hosts", test_hosts);
  ADD ("german", test_german);
  ADD ("override", test_override);
  ADD ("short", test_short);
  ADD ("broken", test_broken);
  ADD ("unreadable", test_unreadable);
  ADD ("too-many", test_too_many);
  ADD ("none", test_none);
  ADD ("broken-regions", test_broken_regions);
  return g_test_run ();
}
