/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The manifests by which browsers know our program. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "client/browsers.h"
#include "source.h"

static void
test_table (void)
{
  guint n = 0;

  for (const SigninBrowser *browser = signin_browsers; browser->id != NULL; browser++, n++)
    {
      g_assert_true (signin_browser_find (browser->id) == browser);
      /* What it is called here is what the extension calls it. */
      g_assert_true (signin_browser_is_known (browser->id));
    }
  g_assert_cmpuint (n, ==, 6);
  g_assert_true (signin_browser_find ("FireFox") == &signin_browsers[0]);
  g_assert_null (signin_browser_find (""));
  g_assert_null (signin_browser_find ("lynx"));
}

static void
test_text (void)
{
  g_autofree char *firefox = signin_browser_manifest_text (signin_browser_find ("firefox"), "/opt/a b/host");
  g_autofree char *chrome = signin_browser_manifest_text (signin_browser_find ("chrome"), "/opt/host");

  g_assert_cmpstr (firefox, ==,
                   "{\n  \"name\": \"org.signind.browser\",\n  \"description\": \"signind\",\n"
                   "  \"path\": \"/opt/a b/host\",\n  \"type\": \"stdio\",\n"
                   "  \"allowed_extensions\": [\"signind@signind.org\"]\n}\n");
  g_assert_nonnull (strstr (chrome, "\"allowed_origins\": [\"chrome-extension://" CHROMIUM_EXTENSION_ID "/\"]"));
  g_assert_null (strstr (chrome, "allowed_extensions"));
  g_assert_null (signin_browser_manifest_text (signin_browser_find ("chrome"), "/opt/\"host"));
  g_assert_null (signin_browser_manifest_text (signin_browser_find ("chrome"), "/opt/ho\\st"));
  g_assert_null (signin_browser_manifest_text (signin_browser_find ("chrome"), "/opt/host\n"));
}

static void
put (const char *root, const char *folder)
{
  g_autofree char *path = g_build_filename (root, folder, "org.signind.browser.json", NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "{}", -1, NULL));
}

static void
expect_system (const char *root, const char *id, const char *folder)
{
  g_autofree char *found = signin_browser_system_manifest (signin_browser_find (id), root);
  g_autofree char *expected = folder != NULL ? g_build_filename (root, folder, "org.signind.browser.json", NULL) : NULL;

  g_assert_cmpstr (found, ==, expected);
}

/* For everybody: where each browser looks, /lib64 included. */
static void
test_system (void)
{
  g_autofree char *root = g_dir_make_tmp ("signind-browsers-XXXXXX", NULL);
  const char *command[] = { "rm", "-rf", root, NULL };

  expect_system (root, "firefox", NULL);
  expect_system (root, "brave", NULL);
  put (root, "/usr/lib64/mozilla/native-messaging-hosts");
  expect_system (root, "firefox", "/usr/lib64/mozilla/native-messaging-hosts");
  put (root, "/usr/lib/mozilla/native-messaging-hosts");
  expect_system (root, "firefox", "/usr/lib/mozilla/native-messaging-hosts");
  put (root, FIREFOXHOSTDIR);
  expect_system (root, "firefox", FIREFOXHOSTDIR);
  put (root, "/etc/chromium/native-messaging-hosts");
  expect_system (root, "chromium", "/etc/chromium/native-messaging-hosts");
  expect_system (root, "chrome", NULL);
  put (root, "/etc/opt/chrome/native-messaging-hosts");
  expect_system (root, "chrome", "/etc/opt/chrome/native-messaging-hosts");
  expect_system (root, "brave", "/etc/opt/chrome/native-messaging-hosts");
  expect_system (root, "edge", NULL);
  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/browsers/table", test_table);
  g_test_add_func ("/browsers/text", test_text);
  g_test_add_func ("/browsers/system", test_system);
  return g_test_run ();
}
