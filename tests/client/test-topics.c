/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people paste, and what of it is recognized; and the language of all data files. */

#include "config.h"

#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>
#include <string.h>

#include "client/pasted.h"
#include "client/topics.h"
#include "services.h"

static SigninCtlTopics *
load (void)
{
  g_autoptr (GError) error = NULL;
  SigninCtlTopics *topics = signin_ctl_topics_load (&error);

  g_assert_no_error (error);
  return topics;
}

/* Every id that a topic names is one, and every address can be opened. */
static void
test_references (void)
{
  g_autoptr (SigninCtlTopics) topics = load ();
  g_autoptr (SigninServices) services = signin_services_load (NULL);

  g_assert_cmpuint (signin_ctl_topics_count (topics), >=, 40);
  for (guint i = 0; i < signin_ctl_topics_count (topics); i++)
    {
      const SigninCtlTopic *topic = signin_ctl_topics_nth (topics, i);

      for (guint k = 0; topic->who[k] != NULL; k++)
        g_assert_nonnull (signin_ctl_topics_get (topics, topic->who[k]));
      for (guint k = 0; topic->see[k] != NULL; k++)
        g_assert_nonnull (signin_ctl_topics_get (topics, topic->see[k]));
      for (guint k = 0; topic->links[k] != NULL; k++)
        g_assert_true (g_str_has_prefix (topic->links[k], "https://"));
      for (guint k = 0; topic->codes[k] != NULL; k++)
        g_assert_true (g_ascii_isdigit (*topic->codes[k]));
    }
  for (const SigninService *const *s = signin_services_list (services); *s != NULL; s++)
    for (guint k = 0; (*s)->help[k] != NULL; k++)
      g_assert_nonnull (signin_ctl_topics_get (topics, (*s)->help[k]));
}

static void
test_found (void)
{
  static const struct
  {
    const char *text;
    const char *id;
    const char *code;
  } rows[] = {
    { "50126", "wrong-password", "AADSTS50126" },
    { "AADSTS50126", "wrong-password", "AADSTS50126" },
    { "aadsts 50126", "wrong-password", "AADSTS50126" },
    { "AADSTS-50126", "wrong-password", "AADSTS50126" },
    { "AADSTS50126: Error validating credentials.", "wrong-password", "AADSTS50126" },
    { "\"error_codes\":[50079],\"timestamp\":\"2026-11-22 08:12:00Z\"", "register-second-factor", "AADSTS50079" },
    { "https://login.microsoftonline.com/error?code=53003", "blocked", "AADSTS53003" },
    { "https://x/?error=interaction_required&error_description=AADSTS50058%3a+A+silent+sign-in", "not-signed-in",
      "AADSTS50058" },
    { "https://x/#error=access_denied&error_description=The+user+declined+to+consent", "consent-declined", "" },
    { "0x80042f09", "security-role", "0x80042f09" },
    { "0X80042F09", "security-role", "0X80042F09" },
    { "Error Code: 0x80042F09\nTimestamp: 2026", "security-role", "0x80042F09" },
    { "80042f09", "security-role", "80042f09" },
    { "0xFFFFFFFF80042F09", "security-role", "0xFFFFFFFF80042F09" },
    { "2147757833", "security-role", "2147757833" },
    { "-2147209463", "security-role", "-2147209463" },
    { "2147812097", "app-licence", "2147812097" },
    { "0x80050301", "app-licence", "0x80050301" },
    { "The selected user or the user trying to log on has not been assigned a security role, and does not have "
      "sufficient privileges for this action",
      "security-role", "" },
    { "the selected user  OR the user trying to log on\nhas not been assigned a SECURITY ROLE.", "security-role", "" },
    { "user selected has not got any security role assigned for this action, sufficient privileges", "security-role",
      "" },
    { "not been assigned a security", "security-role", "" },
    { "We couldn\342\200\231t sign you in. Please try again.", "client-loop", "" },
    { "Sites added to this zone must use the https:// prefix", "trusted-sites-prefix", "" },
    { "ERR_TOO_MANY_REDIRECTS", "redirect-loop", "" },
    { "redirect loop", "redirect-loop", "" },
    { "loop", "redirect-loop", "" },
    { "UserInterventionNeeded_CookiesBlocked", "cookies", "" },
    { "password", "password", "" },
    { "I forgot my password, help", "password", "" },
    { "Sign in again", "session-length", "" },
    { "  Trusted Sites  ", "cookies", "" },
    { "You cannot get to your Dynamics 365 environment using the above URL", "stale-bookmark", "" },
  };
  g_autoptr (SigninCtlTopics) topics = load ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (SigninCtlPasted) pasted = { NULL };

      g_test_message ("%s", rows[i].text);
      signin_ctl_pasted_read (&pasted, topics, rows[i].text);
      g_assert_cmpuint (pasted.topics->len, ==, 1);
      g_assert_cmpstr (((SigninCtlTopic *) g_ptr_array_index (pasted.topics, 0))->id, ==, rows[i].id);
      g_assert_cmpstr (g_ptr_array_index (pasted.codes, 0), ==, rows[i].code);
    }
}

static void
test_several (void)
{
  g_autoptr (SigninCtlTopics) topics = load ();
  g_auto (SigninCtlPasted) pasted = { NULL };

  signin_ctl_pasted_read (&pasted, topics, "AADSTS50076 then AADSTS50126, AADSTS50126 and AADSTS50074");
  g_assert_cmpuint (pasted.topics->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (pasted.codes, 0), ==, "AADSTS50076");
  g_assert_cmpstr (g_ptr_array_index (pasted.codes, 1), ==, "AADSTS50126");
}

static void
test_unknown (void)
{
  static const struct
  {
    const char *text;
    const char *number;
    gboolean hex;
  } rows[] = {
    { "AADSTS99999", "99999", FALSE },
    { "AADSTS50126x1", NULL, FALSE },
    { "99999", "99999", FALSE },
    { "error code: 1234567 in a page", "1234567", FALSE },
    { "0x80070005", "0x80070005", TRUE },
    { "2147942405", "2147942405", TRUE },
    /* Parts of other things. */
    { "Trace ID: 50126abc-0000-50126-9999-80042f09abcd", NULL, FALSE },
    { "Correlation ID 80042f09-1111-2222", NULL, FALSE },
    { "bought 12345 apples", NULL, FALSE },
    { "the weather is fine", NULL, FALSE },
    { "x", NULL, FALSE },
    { "%", NULL, FALSE },
    { "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", NULL, FALSE },
  };
  g_autoptr (SigninCtlTopics) topics = load ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (SigninCtlPasted) pasted = { NULL };

      g_test_message ("%s", rows[i].text);
      signin_ctl_pasted_read (&pasted, topics, rows[i].text);
      g_assert_cmpuint (pasted.topics->len, ==, 0);
      g_assert_cmpstr (pasted.unknown, ==, rows[i].number);
      g_assert_true (pasted.unknown == NULL || pasted.unknown_is_hex == rows[i].hex);
    }
}

static void
test_broken (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "topics-XXXXXX", NULL);
  int fd = g_mkstemp (path);
  g_autoptr (SigninCtlTopics) topics = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_file_set_contents (path, "[no-meaning]\ntitle=x\n[Bad Id]\ntitle=x\nmeaning=x\n[good]\ntitle=t\nmeaning=m\n", -1,
                       NULL);
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "*[no-meaning] meaning: missing*");
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "*not an id*");
  topics = signin_ctl_topics_load_from (path, &error);
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
  g_assert_cmpuint (signin_ctl_topics_count (topics), ==, 1);
  g_unlink (path);
  g_assert_null (signin_ctl_topics_load_from (path, &error));
  g_assert_nonnull (strstr (error->message, path));
}

static const char catalog[] = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n"
                              "msgid \"South America\"\nmsgstr \"Südamerika\"\n"
                              "msgid \"Dynamics 365 home page\"\nmsgstr \"Startseite von Dynamics 365\"\n"
                              "msgid \"Discontinued on 16 January 2020.\"\nmsgstr \"Eingestellt.\"\n"
                              "msgid \"Wrong user name or password\"\nmsgstr \"Falscher Name\"\n"
                              "msgid \"Reset the person's password.\"\nmsgstr \"Kennwort zurücksetzen.\"\n";

/* Makes the catalog that a translator's file would become. */
static char *
make_catalog (void)
{
  g_autoptr (GError) error = NULL;
  char *root = g_dir_make_tmp ("catalog-XXXXXX", &error);
  g_autofree char *folder = g_build_filename (root, "de", "LC_MESSAGES", NULL);
  g_autofree char *po = g_build_filename (root, "de.po", NULL);
  g_autofree char *mo = g_build_filename (folder, GETTEXT_PACKAGE ".mo", NULL);
  const char *argv[] = { "msgfmt", "-o", mo, po, NULL };
  int status = -1;

  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (po, catalog, -1, &error);
  g_assert_no_error (error);
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return root;
}

static void
remove_catalog (const char *root)
{
  static const char *const parts[] = { "de/LC_MESSAGES/" GETTEXT_PACKAGE ".mo", "de/LC_MESSAGES", "de", "de.po", "" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *path = g_build_filename (root, parts[i], NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
}

/* In another process: the language is that of a process. */
static void
test_translated (void)
{
  g_autofree char *root = NULL;
  g_autoptr (SigninServices) services = NULL;
  g_autoptr (SigninCtlTopics) topics = NULL;
  const SigninRegion *region;
  const SigninCtlTopic *topic;

  if (!g_test_subprocess ())
    {
      g_setenv ("LANGUAGE", "de", TRUE);
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_unsetenv ("LANGUAGE");
      g_test_trap_assert_passed ();
      return;
    }
  root = make_catalog ();
  g_assert_nonnull (setlocale (LC_ALL, "C.UTF-8"));
  bindtextdomain (GETTEXT_PACKAGE, root);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  services = signin_services_load (NULL);
  topics = load ();
  region = signin_services_find_region (services, "SÜDAMERIKA");
  g_assert_nonnull (region);
  g_assert_cmpstr (region->name, ==, "Südamerika");
  g_assert_true (signin_services_find_region (services, "South America") == region);
  g_assert_cmpstr (signin_services_get (services, "dynamics365-home")->name, ==, "Startseite von Dynamics 365");
  g_assert_cmpstr (signin_services_get (services, "social-engagement")->note, ==, "Eingestellt.");
  topic = signin_ctl_topics_get (topics, "wrong-password");
  g_assert_cmpstr (topic->title, ==, "Falscher Name");
  g_assert_cmpstr (topic->steps[SIGNIN_CTL_FOR_ADMIN][0], ==, "Kennwort zurücksetzen.");
  remove_catalog (root);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/topics/references", test_references);
  g_test_add_func ("/topics/found", test_found);
  g_test_add_func ("/topics/several", test_several);
  g_test_add_func ("/topics/unknown", test_unknown);
  g_test_add_func ("/topics/broken", test_broken);
  g_test_add_func ("/topics/translated", test_translated);
  return g_test_run ();
}
