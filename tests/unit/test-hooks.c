/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hook-files.h"
#include "hooks.h"
#include "tree.h"

#define BOUND_USEC (20 * G_USEC_PER_SEC)

typedef struct
{
  char *top;
  char *user;
  char *admin;
  GPtrArray *problems;
} Rig;

static void
setup (Rig *rig, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  rig->top = g_dir_make_tmp ("signind-hooks-XXXXXX", &error);
  g_assert_no_error (error);
  rig->user = g_build_filename (rig->top, "user", NULL);
  rig->admin = g_build_filename (rig->top, "admin", NULL);
  rig->problems = g_ptr_array_new_with_free_func (g_free);
  g_assert_cmpint (g_mkdir (rig->user, 0755), ==, 0);
  g_assert_cmpint (g_mkdir (rig->admin, 0755), ==, 0);
}

static void
teardown (Rig *rig, gconstpointer data)
{
  tree_remove (rig->top);
  g_ptr_array_unref (rig->problems);
  g_free (rig->admin);
  g_free (rig->user);
  g_free (rig->top);
}

static void
put_hook (const char *folder, const char *name, mode_t mode)
{
  g_free (tree_put (folder, name, "#!/bin/sh\n", mode));
}

/* What is found, as "user/a admin/b". */
static char *
find (Rig *rig)
{
  const char *const folders[] = { rig->user, rig->admin, "/nonexistent", NULL };
  g_autoptr (GPtrArray) hooks = signin_hooks_find (folders, rig->problems);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < hooks->len; i++)
    {
      const SigninHook *hook = g_ptr_array_index (hooks, i);

      g_assert_true (g_str_has_prefix (hook->path, rig->top));
      g_assert_true (g_str_has_suffix (hook->path, hook->name));
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", hook->path + strlen (rig->top) + 1);
    }
  return g_string_free (text, FALSE);
}

static void
expect_problem (Rig *rig, const char *what)
{
  g_assert_cmpuint (rig->problems->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (rig->problems, 0), what));
}

static void
test_layers (Rig *rig, gconstpointer data)
{
  g_autofree char *none = find (rig);
  g_autofree char *mask = g_build_filename (rig->user, "30-masked", NULL);
  g_autofree char *found = NULL;

  g_assert_cmpstr (none, ==, "");
  put_hook (rig->admin, "90-last", 0755);
  put_hook (rig->admin, "20-both", 0755);
  put_hook (rig->admin, "30-masked", 0755);
  put_hook (rig->admin, "40-hidden", 0755);
  put_hook (rig->user, "20-both", 0700);
  put_hook (rig->user, "10-first", 0555);
  put_hook (rig->user, "40-hidden", 0644);
  g_assert_cmpint (symlink ("/dev/null", mask), ==, 0);
  found = find (rig);
  g_assert_cmpstr (found, ==, "user/10-first user/20-both admin/90-last");
  g_assert_cmpuint (rig->problems->len, ==, 0);
}

static void
test_names (Rig *rig, gconstpointer data)
{
  g_autofree char *long_name = g_strnfill (SIGNIN_HOOK_NAME_MAX + 1, 'x');
  g_autofree char *folder = g_build_filename (rig->user, "folder", NULL);
  g_autofree char *found = NULL;

  put_hook (rig->user, ".hidden", 0755);
  put_hook (rig->user, "backup~", 0755);
  put_hook (rig->user, "with space", 0755);
  put_hook (rig->user, "x.dpkg-old", 0755);
  put_hook (rig->user, "README", 0644);
  put_hook (rig->user, long_name, 0755);
  put_hook (rig->user, "good.sh", 0755);
  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  found = find (rig);
  g_assert_cmpstr (found, ==, "user/good.sh");
  g_assert_cmpuint (rig->problems->len, ==, 0);
}

static void
test_refused (Rig *rig, gconstpointer data)
{
  g_autofree char *found = NULL;
  g_autofree char *bad = tree_put (rig->user, "bad", "#!/bin/sh\n", 0757);

  put_hook (rig->admin, "bad", 0755);
  put_hook (rig->admin, "good", 0755);
  found = find (rig);
  g_assert_cmpstr (found, ==, "admin/good");
  expect_problem (rig, "everybody can write");
  if (geteuid () == 0)
    {
      g_autofree char *again = NULL;

      g_ptr_array_set_size (rig->problems, 0);
      g_assert_cmpint (chmod (bad, 0755), ==, 0);
      g_assert_cmpint (chown (bad, 65534, 65534), ==, 0);
      again = find (rig);
      g_assert_cmpstr (again, ==, "admin/good");
      expect_problem (rig, "belongs neither");
    }
}

static void
test_refused_folder (Rig *rig, gconstpointer data)
{
  g_autofree char *found = NULL;

  put_hook (rig->user, "a", 0755);
  put_hook (rig->admin, "b", 0755);
  g_assert_cmpint (g_chmod (rig->user, 0777), ==, 0);
  found = find (rig);
  g_assert_cmpstr (found, ==, "admin/b");
  expect_problem (rig, "user");
}

static void
test_dangling (Rig *rig, gconstpointer data)
{
  g_autofree char *link = g_build_filename (rig->user, "gone", NULL);
  g_autofree char *found = NULL;

  g_assert_cmpint (symlink ("/nonexistent/program", link), ==, 0);
  found = find (rig);
  g_assert_cmpstr (found, ==, "");
  expect_problem (rig, "gone");
}

static void
test_too_many (Rig *rig, gconstpointer data)
{
  g_autofree char *found = NULL;

  for (guint i = 0; i < SIGNIN_HOOKS_MAX + 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("%03u", i);

      put_hook (i % 2 ? rig->user : rig->admin, name, 0755);
    }
  found = find (rig);
  g_assert_true (g_str_has_prefix (found, "admin/000 user/001 "));
  g_assert_true (g_str_has_suffix (found, "/031"));
  expect_problem (rig, "35 hooks");
}

static SigninNews
make_news (SigninEvent event)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SigninServices) services = signin_services_load (&error);
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  SigninNews news = { .event = event,
                      .at_usec = 1800027120123456,
                      .now = { .boot_usec = 27600500000, .real_usec = 1800027120123456 } };

  g_assert_no_error (error);
  details.organization = "contoso";
  details.region = "crm4";
  details.user_name = "kim@contoso.com";
  news.info = signin_account_info_new (services, "contoso", NULL, &details, &error);
  g_assert_no_error (error);
  strcpy (news.session.source, "manual");
  news.session.policy = news.info->policy;
  news.session.start = (SigninStamp){ .real_usec = 1799999520123456, .boot_usec = 500000 };
  return news;
}

static void
test_facts (void)
{
  SigninNews news = make_news (SIGNIN_EVENT_WARNING);
  g_auto (GStrv) facts = signin_hook_facts (&news, FALSE);
  g_auto (GStrv) with_name = signin_hook_facts (&news, TRUE);

  g_assert_cmpstr (g_environ_getenv (facts, "SIGNIND_EVENT"), ==, "warning");
  g_assert_cmpstr (g_environ_getenv (facts, "SIGNIND_ACCOUNT"), ==, "contoso");
  g_assert_cmpstr (g_environ_getenv (facts, "SIGNIND_SERVICE"), ==, "dynamics365");
  g_assert_cmpstr (g_environ_getenv (facts, "SIGNIND_SOURCE"), ==, "manual");
  g_assert_cmpstr (g_environ_getenv (facts, "SIGNIND_AT"), ==, "1800027120");
  g_assert_cmpstr (g_environ_getenv (facts, "SIGNIND_SIGNED_IN_AT"), ==, "1799999520");
  g_assert_cmpstr (g_environ_getenv (facts, "SIGNIND_WARNS_AT"), ==, "1800027120");
  g_assert_cmpstr (g_environ_getenv (facts, "SIGNIND_EXPIRES_AT"), ==, "1800028320");
  g_assert_cmpstr (g_environ_getenv (facts, "SIGNIND_REMAINING"), ==, "1200");
  g_assert_null (g_environ_getenv (facts, "SIGNIND_USER_NAME"));
  g_assert_cmpstr (g_environ_getenv (with_name, "SIGNIND_USER_NAME"), ==, "kim@contoso.com");
  signin_account_info_unref (news.info);
}

static void
test_facts_without_length (void)
{
  SigninNews news = make_news (SIGNIN_EVENT_SIGNED_IN);
  g_auto (GStrv) facts = NULL;

  news.session.policy = (SigninPolicy){ 0 };
  facts = signin_hook_facts (&news, FALSE);
  g_assert_cmpstr (g_environ_getenv (facts, "SIGNIND_SIGNED_IN_AT"), ==, "1799999520");
  g_assert_cmpstr (g_environ_getenv (facts, "SIGNIND_EXPIRES_AT"), ==, "");
  g_assert_cmpstr (g_environ_getenv (facts, "SIGNIND_REMAINING"), ==, "");
  signin_account_info_unref (news.info);
}

static SigninHooks *
start (Rig *rig, guint runtime_msec, guint running, guint queued)
{
  const char *const folders[] = { rig->user, rig->admin, NULL };
  SigninHooksConfig config = { .folders = folders, .runtime_msec = runtime_msec, .running = running, .queued = queued };

  return signin_hooks_new (NULL, &config);
}

static void
tell (SigninHooks *hooks, SigninEvent event)
{
  SigninNews news = make_news (event);

  signin_hooks_tell (hooks, &news);
  signin_account_info_unref (news.info);
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

typedef gboolean (*Truth) (gconstpointer data);

static void
wait_until (Truth truth, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + BOUND_USEC;
  guint tick = g_timeout_add (5, on_tick, NULL);

  while (!truth (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (tick);
}

static guint
count_files (const char *folder, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_prefix (name, prefix);
  return n;
}

static gboolean
is_there (gconstpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_environment (Rig *rig, gconstpointer data)
{
  g_autoptr (SigninHooks) hooks = start (rig, 20000, 8, 8);
  g_autofree char *out = g_build_filename (rig->top, "out", NULL);
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\n[ -t 0 ] || env >'%s.new'; mv '%s.new' '%s'\n", out, out, out);
  g_autofree char *environment = NULL;

  g_free (tree_put (rig->user, "hook", script, 0755));
  g_setenv ("NOTIFY_SOCKET", "/nonexistent", TRUE);
  tell (hooks, SIGNIN_EVENT_EXPIRED);
  wait_until (is_there, out);
  g_unsetenv ("NOTIFY_SOCKET");
  g_assert_true (g_file_get_contents (out, &environment, NULL, NULL));
  g_assert_nonnull (strstr (environment, "SIGNIND_EVENT=expired\n"));
  g_assert_nonnull (strstr (environment, "SIGNIND_ACCOUNT=contoso\n"));
  g_assert_nonnull (strstr (environment, "PATH="));
  g_assert_null (strstr (environment, "NOTIFY_SOCKET"));
  g_assert_null (strstr (environment, "kim@"));
}

static gboolean
is_gone (gconstpointer path)
{
  g_autofree char *text = NULL;
  g_autofree char *stat_path = NULL;
  g_autofree char *stat_line = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  stat_path = g_strdup_printf ("/proc/%s/stat", g_strchomp (text));
  /* A zombie waits only for whoever adopted it. */
  return !g_file_get_contents (stat_path, &stat_line, NULL, NULL) || strstr (stat_line, ") Z ") != NULL;
}

/* A hook that goes on for ever, and a child of it that does not care; their numbers are in files. */
static void
put_endless (Rig *rig, char **hook, char **child)
{
  g_autofree char *script = NULL;

  *hook = g_build_filename (rig->top, "hook.pid", NULL);
  *child = g_build_filename (rig->top, "child.pid", NULL);
  script = g_strdup_printf ("#!/bin/sh\ntrap '' TERM HUP\nsleep 1000 &\necho $! >'%s.new'; mv '%s.new' '%s'\n"
                            "echo $$ >'%s.new'; mv '%s.new' '%s'\nwait\n",
                            *child, *child, *child, *hook, *hook, *hook);
  g_free (tree_put (rig->user, "endless", script, 0755));
}

static void
test_killed (Rig *rig, gconstpointer data)
{
  g_autoptr (SigninHooks) hooks = start (rig, 300, 1, 8);
  g_autofree char *hook = NULL;
  g_autofree char *child = NULL;

  put_endless (rig, &hook, &child);
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "*endless ran for more than 300 ms*");
  tell (hooks, SIGNIN_EVENT_WARNING);
  wait_until (is_gone, hook);
  wait_until (is_gone, child);
  g_test_assert_expected_messages ();
}

static void
test_freed (Rig *rig, gconstpointer data)
{
  SigninHooks *hooks = start (rig, 600000, 1, 8);
  g_autofree char *hook = NULL;
  g_autofree char *child = NULL;
  gint64 before;

  put_endless (rig, &hook, &child);
  tell (hooks, SIGNIN_EVENT_WARNING);
  tell (hooks, SIGNIN_EVENT_EXPIRED);
  wait_until (is_there, hook);
  before = g_get_monotonic_time ();
  signin_hooks_free (hooks);
  g_assert_cmpint (g_get_monotonic_time () - before, <, G_USEC_PER_SEC);
  wait_until (is_gone, hook);
  wait_until (is_gone, child);
}

typedef struct
{
  const char *folder;
  guint n;
} Count;

static gboolean
has_begun (gconstpointer data)
{
  const Count *count = data;

  return count_files (count->folder, "begun-") >= count->n;
}

/* Five hooks that each wait for a line, two at once: the third begins when the first has ended. */
static void
test_bounds (Rig *rig, gconstpointer data)
{
  g_autoptr (SigninHooks) hooks = start (rig, 60000, 2, 8);
  g_autofree char *fifo = g_build_filename (rig->top, "fifo", NULL);
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\n: >'%s'/begun-$$; read line <'%s'\n", rig->top, fifo);
  int fd;

  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  fd = open (fifo, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  for (char name[] = "a"; *name <= 'e'; name[0]++)
    g_free (tree_put (rig->user, name, script, 0755));
  tell (hooks, SIGNIN_EVENT_WARNING);
  for (guint released = 0; released < 5; released++)
    {
      Count count = { rig->top, MIN (released + 2, 5) };

      wait_until (has_begun, &count);
      g_assert_cmpuint (count_files (rig->top, "begun-"), ==, count.n);
      g_assert_cmpint (write (fd, "\n", 1), ==, 1);
    }
  close (fd);
}

static void
test_overflow (Rig *rig, gconstpointer data)
{
  g_autoptr (SigninHooks) hooks = start (rig, 60000, 1, 2);
  Count count = { rig->top, 2 };
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\n: >'%s'/begun-$$\n", rig->top);

  for (char name[] = "a"; *name <= 'd'; name[0]++)
    g_free (tree_put (rig->user, name, script, 0755));
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "Too many*user/c is not run for SIGNIND_EVENT=warning");
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "Too many*user/d is not run*");
  tell (hooks, SIGNIN_EVENT_WARNING);
  wait_until (has_begun, &count);
  g_test_assert_expected_messages ();
}

static void
test_broken (Rig *rig, gconstpointer data)
{
  g_autoptr (SigninHooks) hooks = start (rig, 20000, 1, 8);
  Count count = { rig->top, 1 };
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\n: >'%s'/begun-$$\n", rig->top);

  g_free (tree_put (rig->user, "a-broken", "#!/nonexistent/interpreter\n", 0755));
  g_free (tree_put (rig->user, "b-fails", "#!/bin/sh\nexit 3\n", 0755));
  g_free (tree_put (rig->user, "c-works", script, 0755));
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "*a-broken is not run: *");
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "*b-fails ended with status 3");
  tell (hooks, SIGNIN_EVENT_WARNING);
  wait_until (has_begun, &count);
  g_test_assert_expected_messages ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Rig, NULL, setup, func, teardown)
  ADD ("/hooks/find/layers", test_layers);
  ADD ("/hooks/find/names", test_names);
  ADD ("/hooks/find/refused", test_refused);
  ADD ("/hooks/find/refused-folder", test_refused_folder);
  ADD ("/hooks/find/dangling", test_dangling);
  ADD ("/hooks/find/too-many", test_too_many);
  g_test_add_func ("/hooks/facts", test_facts);
  g_test_add_func ("/hooks/facts/without-length", test_facts_without_length);
  ADD ("/hooks/run/environment", test_environment);
  ADD ("/hooks/run/killed", test_killed);
  ADD ("/hooks/run/freed", test_freed);
  ADD ("/hooks/run/bounds", test_bounds);
  ADD ("/hooks/run/overflow", test_overflow);
  ADD ("/hooks/run/broken", test_broken);
  return g_test_run ();
}
