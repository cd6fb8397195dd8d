/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What cannot be used is never spoiled: the store works from memory, and says why. */

#include "config.h"

#include <glib/gstdio.h>
#include <grp.h>
#include <locale.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"

/* Of a newer schema: left alone to the last byte, and none of it is believed. */
static void
test_newer (void)
{
  static const int versions[] = { SCRATCH_VERSION + 1, 999 };

  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_autoptr (Scratch) scratch = scratch_new ();
      g_autoptr (GBytes) before = NULL;
      g_autoptr (SigninStore) store = NULL;
      g_autofree char *sql = g_strdup_printf ("PRAGMA user_version = %d", versions[i]);

      scratch_fill (scratch);
      scratch_sql (scratch, sql);
      before = scratch_read (scratch->path);
      scratch_expect_memory (scratch, "newer");
      scratch_expect_unchanged (scratch, before);
      store = scratch_open (scratch);
      g_assert_false (signin_store_is_locked (store));
    }
}

static void
write_newer_and_die (Scratch *scratch)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (scratch->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA journal_mode = WAL; PRAGMA user_version = 999", NULL, NULL, NULL), ==,
                   SQLITE_OK);
}

/* A newer version has crashed: what it left behind is for it to take up, not for us. */
static void
test_newer_with_log (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *log = g_strconcat (scratch->path, "-wal", NULL);
  g_autoptr (GBytes) before = NULL, log_before = NULL, log_after = NULL;

  scratch_fill (scratch);
  scratch_run_apart (write_newer_and_die, scratch);
  before = scratch_read (scratch->path);
  log_before = scratch_read (log);
  g_assert_cmpuint (g_bytes_get_size (log_before), >, 0);
  scratch_expect_memory (scratch, "newer");
  scratch_expect_unchanged (scratch, before);
  log_after = scratch_read (log);
  g_assert_true (g_bytes_equal (log_before, log_after));
}

/* Somebody else's tables under our names. */
static void
test_foreign_tables (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (GBytes) before = NULL;

  scratch_sql (scratch, "CREATE TABLE accounts (money REAL); INSERT INTO accounts VALUES (1.5)");
  scratch_expect_memory (scratch, "");
  scratch_sql (scratch, "INSERT INTO accounts VALUES (2.5)");
}

static void
test_folder_in_its_place (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *file = g_build_filename (scratch->path, "file", NULL);

  g_assert_cmpint (g_mkdir (scratch->path, 0700), ==, 0);
  scratch_write (file, "mine", -1);
  scratch_expect_memory (scratch, "");
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
}

static void
test_file_in_place_of_folder (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *file = g_steal_pointer (&scratch->path);
  g_autoptr (SigninStore) store = NULL;

  scratch_write (file, "mine", -1);
  scratch->path = g_build_filename (file, "signind.db", NULL);
  store = scratch_open (scratch);
  g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_MEMORY);
  g_assert_nonnull (strstr (signin_store_get_problem (store), file));
  scratch_use (scratch, store);
}

static void
test_full_disk (void)
{
  for (guint filled = 0; filled < 2; filled++)
    {
      g_autoptr (Scratch) scratch = scratch_new ();
      g_autoptr (SigninStore) store = NULL;
      g_autofree char *aside = NULL;

      if (filled)
        scratch_fill (scratch);
      scratch_fill_disk (TRUE);
      store = scratch_open (scratch);
      scratch_fill_disk (FALSE);
      aside = scratch_find (scratch, "damaged");
      g_assert_null (aside);
      if (signin_store_get_mode (store) == SIGNIN_STORE_MEMORY)
        g_assert_nonnull (signin_store_get_problem (store));
      scratch_use (scratch, store);
      g_clear_pointer (&store, signin_store_free);
      if (!filled)
        continue;
      store = scratch_open (scratch);
      g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_DURABLE);
    }
}

/* Nothing is read-only to root. */
static void
drop_privileges (void)
{
  const uid_t nobody = 65534;

  if (geteuid () != 0)
    return;
  g_assert_cmpint (setgroups (0, NULL), ==, 0);
  g_assert_cmpint (setresgid (nobody, nobody, nobody), ==, 0);
  g_assert_cmpint (setresuid (nobody, nobody, nobody), ==, 0);
}

static void
use_read_only (Scratch *scratch)
{
  g_autoptr (SigninStore) store = NULL;
  g_autoptr (Loaded) loaded = NULL;

  drop_privileges ();
  store = scratch_open (scratch);
  g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_MEMORY);
  g_assert_false (signin_store_is_locked (store));
  g_assert_nonnull (strstr (signin_store_get_problem (store), scratch->path));

  /* What can be read is better than nothing. */
  loaded = loaded_new (store);
  g_assert_cmpstr (loaded->text->str, ==, SCRATCH_FILLED);
  scratch_use (scratch, store);
}

static void
test_read_only (void)
{
  static const struct
  {
    int file;
    int folder;
  } modes[] = { { 0444, 0555 }, { 0444, 0777 } };

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (Scratch) scratch = scratch_new ();
      g_autoptr (GBytes) before = NULL;

      scratch_fill (scratch);
      before = scratch_read (scratch->path);
      g_assert_cmpint (g_chmod (scratch->path, modes[i].file), ==, 0);
      g_assert_cmpint (g_chmod (scratch->folder, modes[i].folder), ==, 0);
      scratch_run_apart (use_read_only, scratch);
      scratch_expect_unchanged (scratch, before);
      g_assert_cmpint (g_chmod (scratch->path, 0600), ==, 0);
      g_assert_cmpint (g_chmod (scratch->folder, 0700), ==, 0);
      scratch_expect_durable (scratch, SCRATCH_FILLED);
    }
}

static void
use_nothing_of_it (Scratch *scratch)
{
  drop_privileges ();
  scratch_expect_memory (scratch, "");
}

/* Nothing of a newer schema, and nothing of a damaged file, is believed just because it can be read. */
static void
test_read_only_and_odd (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (Scratch) scratch = scratch_new ();
      g_autofree char *garbage = g_strnfill (8192, 'g');

      scratch_fill (scratch);
      if (i == 0)
        scratch_sql (scratch, "PRAGMA user_version = 999");
      else
        scratch_write (scratch->path, garbage, 8192);
      g_assert_cmpint (g_chmod (scratch->path, 0444), ==, 0);
      g_assert_cmpint (g_chmod (scratch->folder, 0555), ==, 0);
      scratch_run_apart (use_nothing_of_it, scratch);
    }
}

static void
test_unreadable (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (GBytes) before = NULL;

  scratch_fill (scratch);
  before = scratch_read (scratch->path);
  g_assert_cmpint (g_chmod (scratch->path, 0), ==, 0);
  g_assert_cmpint (g_chmod (scratch->folder, 0755), ==, 0);
  scratch_run_apart (use_nothing_of_it, scratch);
  g_assert_cmpint (g_chmod (scratch->path, 0600), ==, 0);
  scratch_expect_unchanged (scratch, before);
}

/* Another process has the file: it keeps it, and we work from memory, with nothing of it. */
static void
test_locked (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  int ready[2], leave[2], status = -1;
  char byte = 0;
  pid_t pid;

  scratch_fill (scratch);
  g_assert_cmpint (pipe (ready), ==, 0);
  g_assert_cmpint (pipe (leave), ==, 0);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      SigninStore *store = scratch_open (scratch);
      gboolean durable = signin_store_get_mode (store) == SIGNIN_STORE_DURABLE;

      close (leave[1]);
      if (write (ready[1], "r", 1) != 1 || read (leave[0], &byte, 1) < 0)
        _exit (1);
      scratch_use (scratch, store);
      signin_store_free (store);
      _exit (durable ? 0 : 1);
    }

  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  {
    g_autoptr (SigninStore) store = scratch_open (scratch);
    g_autoptr (Loaded) loaded = loaded_new (store);
    g_autofree char *aside = scratch_find (scratch, "damaged");

    g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_MEMORY);
    g_assert_true (signin_store_is_locked (store));
    g_assert_cmpstr (loaded->text->str, ==, "");
    g_assert_null (aside);
    scratch_use (scratch, store);
  }
  close (leave[0]);
  close (leave[1]);
  close (ready[0]);
  close (ready[1]);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  {
    g_autoptr (SigninStore) store = scratch_open (scratch);
    g_autoptr (Loaded) loaded = loaded_new (store);

    g_assert_false (signin_store_is_locked (store));
    g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_DURABLE);
    g_assert_cmpstr (loaded->text->str, ==, SCRATCH_FILLED "newcomer: newcomer/manual, ");
  }
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/unusable/newer", test_newer);
  g_test_add_func ("/store/unusable/newer-with-log", test_newer_with_log);
  g_test_add_func ("/store/unusable/foreign-tables", test_foreign_tables);
  g_test_add_func ("/store/unusable/folder-in-its-place", test_folder_in_its_place);
  g_test_add_func ("/store/unusable/file-in-place-of-folder", test_file_in_place_of_folder);
  g_test_add_func ("/store/unusable/full-disk", test_full_disk);
  g_test_add_func ("/store/unusable/read-only", test_read_only);
  g_test_add_func ("/store/unusable/read-only-and-odd", test_read_only_and_odd);
  g_test_add_func ("/store/unusable/unreadable", test_unreadable);
  g_test_add_func ("/store/unusable/locked", test_locked);
  return g_test_run ();
}
