/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "scratch.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

Scratch *
scratch_new (void)
{
  Scratch *scratch = g_new0 (Scratch, 1);
  g_autoptr (GError) error = NULL;

  scratch->services = signin_services_load (&error);
  g_assert_no_error (error);
  scratch->folder = g_dir_make_tmp ("signin-test-XXXXXX", &error);
  g_assert_no_error (error);
  scratch->path = g_build_filename (scratch->folder, "signind.db", NULL);
  return scratch;
}

/* Whatever is in there, folders and all. */
static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_file_test (file, G_FILE_TEST_IS_DIR) && !g_file_test (file, G_FILE_TEST_IS_SYMLINK))
        remove_folder (file);
      else
        g_unlink (file);
    }
  g_rmdir (path);
}

void
scratch_free (Scratch *scratch)
{
  g_chmod (scratch->folder, 0700);
  remove_folder (scratch->folder);
  signin_services_free (scratch->services);
  g_free (scratch->folder);
  g_free (scratch->path);
  g_free (scratch);
}

SigninStore *
scratch_open (Scratch *scratch)
{
  return signin_store_open (scratch->path, scratch->services);
}

/* An account of Dynamics 365; a length of -1 is what the service says. */
SigninAccountInfo *
scratch_account (Scratch *scratch, const char *id, gint64 length_usec)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  g_autoptr (GError) error = NULL;
  SigninAccountInfo *info;

  details.service = "dynamics365";
  details.organization = "contoso";
  details.region = "crm4";
  details.user_name = "adele@contoso.com";
  details.length_usec = length_usec;
  info = signin_account_info_new (scratch->services, id, NULL, &details, &error);
  g_assert_no_error (error);
  return info;
}

SigninSession
scratch_session (const char *source)
{
  SigninSession session = {
    .start = { .real_usec = 1800000720000000, .boot_usec = 18000000000 },
    .policy = { .length_usec = 28800000000, .lead_usec = 1200000000 },
    .announced = SIGNIN_MARK_WARNING | SIGNIN_MARK_EXPIRED,
    .confirmed = SIGNIN_MARK_WARNING,
  };

  session.start.boot_id.qwords[0] = G_GUINT64_CONSTANT (0x0123456789abcdef);
  session.start.boot_id.qwords[1] = 42;
  g_strlcpy (session.source, source, sizeof session.source);
  return session;
}

/* A sound database: the accounts contoso and fabrikam, with two sessions and one. */
void
scratch_fill (Scratch *scratch)
{
  g_autoptr (SigninStore) store = scratch_open (scratch);
  g_autoptr (SigninAccountInfo) contoso = scratch_account (scratch, "contoso", -1);
  g_autoptr (SigninAccountInfo) fabrikam = scratch_account (scratch, "fabrikam", -1);
  SigninSession manual = scratch_session ("manual"), firefox = scratch_session ("firefox");

  g_assert_true (signin_store_begin (store, NULL));
  g_assert_true (signin_store_put_account (store, contoso, NULL));
  g_assert_true (signin_store_put_account (store, fabrikam, NULL));
  g_assert_true (signin_store_put_session (store, "contoso", &manual, NULL));
  g_assert_true (signin_store_put_session (store, "contoso", &firefox, NULL));
  g_assert_true (signin_store_put_session (store, "fabrikam", &manual, NULL));
  g_assert_true (signin_store_commit (store, NULL));
}

/* What somebody else does to the file, while no store has it. */
void
scratch_sql (Scratch *scratch, const char *sql)
{
  sqlite3 *db = NULL;
  char *error = NULL;

  g_assert_cmpint (sqlite3_open (scratch->path, &db), ==, SQLITE_OK);
  sqlite3_exec (db, sql, NULL, NULL, &error);
  g_assert_cmpstr (error, ==, NULL);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

GBytes *
scratch_read (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *content = NULL;
  gsize length = 0;

  g_file_get_contents (path, &content, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (content, length);
}

/* The one file whose name has this part, or NULL. */
char *
scratch_find (Scratch *scratch, const char *part)
{
  g_autoptr (GDir) dir = g_dir_open (scratch->folder, 0, NULL);
  const char *name;
  char *found = NULL;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (strstr (name, part) != NULL)
      {
        g_assert_null (found);
        found = g_build_filename (scratch->folder, name, NULL);
      }
  return found;
}

/* While it is full, no file can be written at all; the test prints nothing meanwhile. */
void
scratch_fill_disk (gboolean full)
{
  struct rlimit limit;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = full ? 0 : limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
on_account (SigninAccountInfo *info, gpointer user_data)
{
  Loaded *loaded = user_data;

  loaded->n_accounts++;
  g_string_append_printf (loaded->text, "%s: ", info->id);
}

static void
on_session (const char *account_id, const SigninSession *session, gpointer user_data)
{
  Loaded *loaded = user_data;

  g_array_append_val (loaded->sessions, *session);
  g_string_append_printf (loaded->text, "%s/%s, ", account_id, session->source);
}

Loaded *
loaded_new (SigninStore *store)
{
  static const SigninStoreVisitor visitor = { .account = on_account, .session = on_session };
  Loaded *loaded = g_new0 (Loaded, 1);
  g_autoptr (GError) error = NULL;

  loaded->text = g_string_new (NULL);
  loaded->sessions = g_array_new (FALSE, FALSE, sizeof (SigninSession));
  signin_store_load (store, &visitor, loaded, &error);
  g_assert_no_error (error);
  return loaded;
}

void
loaded_free (Loaded *loaded)
{
  g_string_free (loaded->text, TRUE);
  g_array_unref (loaded->sessions);
  g_free (loaded);
}

void
scratch_write (const char *path, const void *content, gssize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, content, length, &error);
  g_assert_no_error (error);
}

/* It can be used, whether or not it keeps anything. */
void
scratch_use (Scratch *scratch, SigninStore *store)
{
  g_autoptr (SigninAccountInfo) info = scratch_account (scratch, "newcomer", -1);
  g_autoptr (Loaded) loaded = NULL;
  SigninSession session = scratch_session ("manual");

  g_assert_true (signin_store_begin (store, NULL));
  g_assert_true (signin_store_put_account (store, info, NULL));
  g_assert_true (signin_store_put_session (store, "newcomer", &session, NULL));
  g_assert_true (signin_store_commit (store, NULL));
  loaded = loaded_new (store);
  g_assert_nonnull (strstr (loaded->text->str, "newcomer: newcomer/manual, "));
}

void
scratch_expect_durable (Scratch *scratch, const char *text)
{
  g_autoptr (SigninStore) store = scratch_open (scratch);
  g_autoptr (Loaded) loaded = loaded_new (store);

  g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_DURABLE);
  g_assert_cmpstr (signin_store_get_problem (store), ==, NULL);
  g_assert_false (signin_store_is_locked (store));
  g_assert_cmpstr (loaded->text->str, ==, text);
  scratch_use (scratch, store);
}

/* It works, keeps nothing, says why, and leaves everything in the folder as it was. */
void
scratch_expect_memory (Scratch *scratch, const char *reason)
{
  g_autoptr (SigninAccountInfo) info = scratch_account (scratch, "newcomer", -1);
  g_autoptr (SigninStore) store = scratch_open (scratch);
  g_autoptr (Loaded) loaded = NULL;

  g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_MEMORY);
  g_assert_nonnull (signin_store_get_problem (store));
  g_assert_nonnull (strstr (signin_store_get_problem (store), scratch->path));
  g_assert_nonnull (strstr (signin_store_get_problem (store), reason));
  scratch_use (scratch, store);
  loaded = loaded_new (store);
  g_assert_cmpstr (loaded->text->str, ==, "newcomer: newcomer/manual, ");

  /* The sessions of an account go with it here as well. */
  g_assert_true (signin_store_drop_account (store, "newcomer", NULL));
  g_assert_true (signin_store_put_account (store, info, NULL));
  loaded_free (loaded);
  loaded = loaded_new (store);
  g_assert_cmpstr (loaded->text->str, ==, "newcomer: ");
}

void
scratch_expect_unchanged (Scratch *scratch, GBytes *before)
{
  g_autoptr (GBytes) after = scratch_read (scratch->path);
  g_autofree char *aside = scratch_find (scratch, "damaged");

  g_assert_cmpmem (g_bytes_get_data (before, NULL), g_bytes_get_size (before), g_bytes_get_data (after, NULL),
                   g_bytes_get_size (after));
  g_assert_null (aside);
}

/* Runs a function in a process of its own, which says 0 if all was well. */
void
scratch_run_apart (void (*func) (Scratch *), Scratch *scratch)
{
  int status = -1;
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      func (scratch);
      _exit (0);
    }
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}
