/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "handler.h"
#include "tree.h"

#define URI "https://contoso.crm4.dynamics.com/main.aspx?a=%20&b=$HOME"

/* A home of its own, with a browser that is just a file that may be executed. */
typedef struct
{
  char *root;
  char *browser;
  char *environment[7];
} Home;

static void
put_browser (Home *home, const char *name, const char *exec, const char *more)
{
  g_autofree char *path = g_strconcat ("data/applications/", name, NULL);
  g_autofree char *text = g_strdup_printf ("[Desktop Entry]\nType=Application\nName=Web\nIcon=web\nExec=%s\n%s", exec,
                                           more);

  g_free (tree_put (home->root, path, text, 0600));
}

static void
set_up (Home *home, gconstpointer unused)
{
  home->root = g_dir_make_tmp ("signind-handler-XXXXXX", NULL);
  g_assert_nonnull (home->root);
  home->browser = tree_put (home->root, "bin/browser", "#!/bin/sh\n", 0700);
  home->environment[0] = g_strdup_printf ("PATH=relative:%s/bin", home->root);
  home->environment[1] = g_strdup_printf ("XDG_CONFIG_HOME=%s/config", home->root);
  home->environment[2] = g_strdup_printf ("XDG_CONFIG_DIRS=%s/xdg", home->root);
  home->environment[3] = g_strdup_printf ("XDG_DATA_HOME=%s/data", home->root);
  home->environment[4] = g_strdup_printf ("XDG_DATA_DIRS=%s/share", home->root);
  home->environment[5] = g_strdup ("XDG_CURRENT_DESKTOP=ubuntu:GNOME");
}

static void
tear_down (Home *home, gconstpointer unused)
{
  tree_remove (home->root);
  g_free (home->root);
  g_free (home->browser);
  for (guint i = 0; i < G_N_ELEMENTS (home->environment); i++)
    g_free (home->environment[i]);
}

static char *
find (Home *home)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = signin_handler_command (URI, (const char *const *) home->environment, &error);

  if (argv == NULL)
    {
      g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
      return NULL;
    }
  g_assert_no_error (error);
  g_assert_cmpstr (argv[0], ==, home->browser);
  return g_strjoinv ("|", argv + 1);
}

static void
assert_found (Home *home, const char *expected)
{
  g_autofree char *found = find (home);

  g_assert_cmpstr (found, ==, expected);
}

#define DEFAULT "[Default Applications]\nx-scheme-handler/https=%s\n"

static void
set_default (Home *home, const char *list, const char *ids)
{
  g_autofree char *text = g_strdup_printf (DEFAULT, ids);

  g_free (tree_put (home->root, list, text, 0600));
}

static void
test_none (Home *home, gconstpointer unused)
{
  assert_found (home, NULL);
  set_default (home, "config/mimeapps.list", "nowhere.desktop;../up.desktop;no-suffix;");
  g_free (tree_put (home->root, "data/up.desktop", "[Desktop Entry]\nExec=browser\n", 0600));
  assert_found (home, NULL);
}

static void
test_field_codes (Home *home, gconstpointer unused)
{
  static const struct
  {
    const char *exec;
    const char *expected;
  } cases[] = {
    { "browser %u", URI },
    { "browser %U", URI },
    { "browser", URI },
    { "browser -a \"b c\" %u", "-a|b c|" URI },
    { "browser --url=%u %f %F %d %%", "--url=" URI "|%" },
    { "browser %i %c %u", "--icon|web|Web|" URI },
    { "browser %u;rm $HOME `id`", URI ";rm|$HOME|`id`" },
    { "browser %u %", URI },
  };

  set_default (home, "config/mimeapps.list", "web.desktop");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      put_browser (home, "web.desktop", cases[i].exec, "");
      assert_found (home, cases[i].expected);
    }
}

static void
test_unusable (Home *home, gconstpointer unused)
{
  set_default (home, "config/mimeapps.list", "web.desktop;other.desktop;");
  put_browser (home, "other.desktop", "browser other", "");
  assert_found (home, "other|" URI);
  put_browser (home, "web.desktop", "browser web", "Hidden=true\n");
  assert_found (home, "other|" URI);
  put_browser (home, "web.desktop", "browser web", "Terminal=true\n");
  assert_found (home, "other|" URI);
  put_browser (home, "web.desktop", "browser web", "TryExec=missing\n");
  assert_found (home, "other|" URI);
  put_browser (home, "web.desktop", "missing web", "");
  assert_found (home, "other|" URI);
  put_browser (home, "web.desktop", "bin/browser web", "");
  assert_found (home, "other|" URI);
  put_browser (home, "web.desktop", "browser \"unbalanced", "");
  assert_found (home, "other|" URI);
  put_browser (home, "web.desktop", "browser web", "");
  assert_found (home, "web|" URI);
}

/* From the least to the most important place. */
static void
test_precedence (Home *home, gconstpointer unused)
{
  static const char *const lists[] = { "share/applications/mimeapps.list",
                                       "share/applications/gnome-mimeapps.list",
                                       "data/applications/mimeapps.list",
                                       "xdg/mimeapps.list",
                                       "config/mimeapps.list",
                                       "config/gnome-mimeapps.list",
                                       "config/ubuntu-mimeapps.list" };

  put_browser (home, "cache.desktop", "browser cache", "");
  g_free (tree_put (home->root, "data/applications/mimeinfo.cache",
                    "[MIME Cache]\nx-scheme-handler/https=cache.desktop;\n", 0600));
  assert_found (home, "cache|" URI);
  put_browser (home, "added.desktop", "browser added", "");
  g_free (tree_put (home->root, "config/mimeapps.list", "[Added Associations]\nx-scheme-handler/https=added.desktop;\n",
                    0600));
  assert_found (home, "added|" URI);

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *name = g_strdup_printf ("number%u.desktop", i);
      g_autofree char *exec = g_strdup_printf ("browser %u", i);
      g_autofree char *expected = g_strdup_printf ("%u|%s", i, URI);

      put_browser (home, name, exec, "");
      set_default (home, lists[i], name);
      assert_found (home, expected);
    }
}

static void
test_subfolder (Home *home, gconstpointer unused)
{
  set_default (home, "config/mimeapps.list", "vendor-web-one.desktop");
  put_browser (home, "vendor/web/one.desktop", "browser deep", "");
  assert_found (home, "deep|" URI);
}

/* What is no file, or larger than any that was made for this, keeps nobody waiting and counts as not there. */
static void
test_no_file (Home *home, gconstpointer unused)
{
  g_autofree char *spaces = g_strnfill (2 * 1024 * 1024, '\n');
  g_autofree char *path = g_build_filename (home->root, "config", "mimeapps.list", NULL);

  set_default (home, "data/applications/mimeapps.list", "web.desktop");
  put_browser (home, "web.desktop", "browser web", "");
  set_default (home, "config/mimeapps.list", "other.desktop");
  put_browser (home, "other.desktop", "browser other", spaces);
  assert_found (home, "web|" URI);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  assert_found (home, "web|" URI);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/handler/none", Home, NULL, set_up, test_none, tear_down);
  g_test_add ("/handler/field-codes", Home, NULL, set_up, test_field_codes, tear_down);
  g_test_add ("/handler/unusable", Home, NULL, set_up, test_unusable, tear_down);
  g_test_add ("/handler/precedence", Home, NULL, set_up, test_precedence, tear_down);
  g_test_add ("/handler/subfolder", Home, NULL, set_up, test_subfolder, tear_down);
  g_test_add ("/handler/no-file", Home, NULL, set_up, test_no_file, tear_down);
  return g_test_run ();
}
