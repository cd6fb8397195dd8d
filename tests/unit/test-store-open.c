/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The daemon always starts, whatever shape the file is in; and what it cannot use it never spoils. */

#include "config.h"

#include <glib/gstdio.h>
#include <grp.h>
#include <locale.h>
#include <sys/wait.h>
#include <unistd.h>

#include "names.h"
#include "scratch.h"
#include "store-private.h"

#define FILLED "contoso: contoso/firefox, contoso/manual, fabrikam: fabrikam/manual, "

static guint n_damaged;

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE_ID") && g_str_equal (fields[i].value, SIGNIN_MESSAGE_STORE_DAMAGED))
      {
        n_damaged++;
        return G_LOG_WRITER_HANDLED;
      }
  return g_log_writer_default (level, fields, n_fields, user_data);
}

static void
write_file (const char *path, const void *content, gssize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, content, length, &error);
  g_assert_no_error (error);
}

/* It can be used, whether or not it keeps anything. */
static void
use (Scratch *scratch, SigninStore *store)
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

static void
expect_durable (Scratch *scratch, const char *text)
{
  g_autoptr (SigninStore) store = scratch_open (scratch);
  g_autoptr (Loaded) loaded = loaded_new (store);

  g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_DURABLE);
  g_assert_cmpstr (signin_store_get_problem (store), ==, NULL);
  g_assert_false (signin_store_is_locked (store));
  g_assert_cmpstr (loaded->text->str, ==, text);
  use (scratch, store);
}

/* It works, keeps nothing, says why, and leaves everything in the folder as it was. */
static void
expect_memory (Scratch *scratch, const char *reason)
{
  g_autoptr (SigninStore) store = scratch_open (scratch);

  g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_MEMORY);
  g_assert_nonnull (signin_store_get_problem (store));
  g_assert_nonnull (strstr (signin_store_get_problem (store), scratch->path));
  g_assert_nonnull (strstr (signin_store_get_problem (store), reason));
  use (scratch, store);
}

static void
expect_unchanged (Scratch *scratch, GBytes *before)
{
  g_autoptr (GBytes) after = scratch_read (scratch->path);
  g_autofree char *aside = scratch_find (scratch, "damaged");

  g_assert_cmpmem (g_bytes_get_data (before, NULL), g_bytes_get_size (before), g_bytes_get_data (after, NULL),
                   g_bytes_get_size (after));
  g_assert_null (aside);
}

/* Runs a function in a process of its own, which says 0 if all was well. */
static void
run_apart (void (*func) (Scratch *), Scratch *scratch)
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

static int
mode_of (const char *path)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_mode & 0777;
}

static void
test_new (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *folder = g_build_filename (scratch->folder, "state", "signind", NULL);
  g_autofree char *log = NULL;
  mode_t mask = umask (0);

  g_free (scratch->path);
  scratch->path = g_build_filename (folder, "signind.db", NULL);
  log = g_strconcat (scratch->path, "-wal", NULL);
  {
    g_autoptr (SigninStore) store = scratch_open (scratch);

    g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_DURABLE);
    use (scratch, store);
    g_assert_cmpint (mode_of (folder), ==, 0700);
    g_assert_cmpint (mode_of (scratch->path), ==, 0600);
    g_assert_cmpint (mode_of (log), ==, 0600);
  }
  umask (mask);
  expect_durable (scratch, "newcomer: newcomer/manual, ");
}

/* Durable when committed: these are what that rests on. */
static void
test_pragmas (void)
{
  static const struct
  {
    const char *sql;
    const char *value;
  } pragmas[] = {
    { "PRAGMA journal_mode", "wal" }, { "PRAGMA synchronous", "2" },  { "PRAGMA locking_mode", "exclusive" },
    { "PRAGMA foreign_keys", "1" },   { "PRAGMA user_version", "1" },
  };
  g_autoptr (Scratch) scratch = scratch_new ();
  SigninStoreOpened opened = { 0 };

  signin_store_open_database (scratch->path, &opened);
  for (guint i = 0; i < G_N_ELEMENTS (pragmas); i++)
    {
      sqlite3_stmt *row = NULL;

      g_assert_cmpint (sqlite3_prepare_v2 (opened.db, pragmas[i].sql, -1, &row, NULL), ==, SQLITE_OK);
      g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
      g_assert_cmpstr ((const char *) sqlite3_column_text (row, 0), ==, pragmas[i].value);
      sqlite3_finalize (row);
    }
  g_assert_cmpint (sqlite3_close (opened.db), ==, SQLITE_OK);
  g_free (opened.problem);
}

static void
test_zero_length (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();

  write_file (scratch->path, "", 0);
  expect_durable (scratch, "");
  expect_durable (scratch, "newcomer: newcomer/manual, ");
}

/* Set aside with its date in the name, reported once, and a new one begun. */
static void
expect_set_aside (Scratch *scratch)
{
  g_autoptr (GBytes) before = scratch_read (scratch->path), after = NULL;
  g_autofree char *aside = NULL, *date = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  n_damaged = 0;
  expect_durable (scratch, "");
  g_assert_cmpuint (n_damaged, ==, 1);
  aside = scratch_find (scratch, "damaged");
  g_assert_nonnull (aside);
  date = g_date_time_format (now, "-%Y%m");
  g_assert_nonnull (strstr (aside, date));
  after = scratch_read (aside);
  g_assert_cmpmem (g_bytes_get_data (before, NULL), g_bytes_get_size (before), g_bytes_get_data (after, NULL),
                   g_bytes_get_size (after));

  expect_durable (scratch, "newcomer: newcomer/manual, ");
  g_assert_cmpuint (n_damaged, ==, 1);
}

static void
test_garbage (void)
{
  static const gsize lengths[] = { 16, 100, 4096, 50000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (Scratch) scratch = scratch_new ();
      g_autofree char *garbage = g_strnfill (lengths[i], 'g');

      write_file (scratch->path, garbage, (gssize) lengths[i]);
      expect_set_aside (scratch);
    }
}

static void
test_truncated (void)
{
  static const gsize lengths[] = { 50, 100, 1000, 4096, 8192, 10000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (Scratch) scratch = scratch_new ();
      g_autoptr (GBytes) whole = NULL;

      scratch_fill (scratch);
      whole = scratch_read (scratch->path);
      g_assert_cmpuint (g_bytes_get_size (whole), >, lengths[i]);
      write_file (scratch->path, g_bytes_get_data (whole, NULL), (gssize) lengths[i]);
      expect_set_aside (scratch);
    }
}

/* Something was written over a part of it, page by page. */
static void
test_overwritten (void)
{
  g_autoptr (Scratch) source = scratch_new ();
  g_autoptr (GBytes) whole = NULL;
  gsize size;

  scratch_fill (source);
  whole = scratch_read (source->path);
  size = g_bytes_get_size (whole);
  for (gsize at = 0; at < size; at += 4096)
    {
      g_autoptr (Scratch) scratch = scratch_new ();
      g_autofree char *content = g_memdup2 (g_bytes_get_data (whole, NULL), size);

      memset (content + at, 0xa5, MIN (4096, size - at));
      write_file (scratch->path, content, (gssize) size);
      expect_set_aside (scratch);
    }
}

/* A database of this schema's number that has none of it. */
static void
test_no_tables (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();

  scratch_sql (scratch, "CREATE TABLE other (x); PRAGMA user_version = 1");
  n_damaged = 0;
  expect_durable (scratch, "");
  g_assert_cmpuint (n_damaged, ==, 1);
  g_free (scratch->path);
  scratch->path = scratch_find (scratch, "damaged");
  g_assert_nonnull (scratch->path);
  scratch_sql (scratch, "INSERT INTO other VALUES (1)");
}

static void
test_log_set_aside (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *log = g_strconcat (scratch->path, "-wal", NULL), *log_aside = NULL;
  g_autofree char *garbage = g_strnfill (8192, 'g');
  g_autofree char *content = NULL;

  write_file (scratch->path, garbage, 8192);
  write_file (log, "precious", -1);
  n_damaged = 0;
  expect_durable (scratch, "");
  log_aside = scratch_find (scratch, "Z-wal");
  g_assert_nonnull (log_aside);
  g_assert_nonnull (strstr (log_aside, ".damaged-"));
  g_assert_true (g_file_get_contents (log_aside, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "precious");
}

/* The second one within a second does not take the place of the first. */
static void
test_damaged_twice (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (GDir) dir = NULL;
  const char *name;
  guint n_aside = 0;

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *garbage = g_strnfill (8192, (char) ('a' + i));

      write_file (scratch->path, garbage, 8192);
      expect_durable (scratch, "");
    }
  dir = g_dir_open (scratch->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    n_aside += strstr (name, ".damaged-") != NULL;
  g_assert_cmpuint (n_aside, ==, 3);
}

/* Of a newer schema: left alone to the last byte, and none of it is believed. */
static void
test_newer (void)
{
  static const char *const versions[] = { "PRAGMA user_version = 2", "PRAGMA user_version = 999" };

  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_autoptr (Scratch) scratch = scratch_new ();
      g_autoptr (GBytes) before = NULL;
      g_autoptr (SigninStore) store = NULL;

      scratch_fill (scratch);
      scratch_sql (scratch, versions[i]);
      before = scratch_read (scratch->path);
      expect_memory (scratch, "newer");
      expect_unchanged (scratch, before);
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
  run_apart (write_newer_and_die, scratch);
  before = scratch_read (scratch->path);
  log_before = scratch_read (log);
  g_assert_cmpuint (g_bytes_get_size (log_before), >, 0);
  expect_memory (scratch, "newer");
  expect_unchanged (scratch, before);
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
  expect_memory (scratch, "");
  scratch_sql (scratch, "INSERT INTO accounts VALUES (2.5)");
}

static void
test_folder_in_its_place (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *file = g_build_filename (scratch->path, "file", NULL);

  g_assert_cmpint (g_mkdir (scratch->path, 0700), ==, 0);
  write_file (file, "mine", -1);
  expect_memory (scratch, "");
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_REGULAR));
}

static void
test_file_in_place_of_folder (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *file = g_steal_pointer (&scratch->path);
  g_autoptr (SigninStore) store = NULL;

  write_file (file, "mine", -1);
  scratch->path = g_build_filename (file, "signind.db", NULL);
  store = scratch_open (scratch);
  g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_MEMORY);
  g_assert_nonnull (strstr (signin_store_get_problem (store), file));
  use (scratch, store);
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
      n_damaged = 0;
      scratch_fill_disk (TRUE);
      store = scratch_open (scratch);
      scratch_fill_disk (FALSE);
      g_assert_cmpuint (n_damaged, ==, 0);
      aside = scratch_find (scratch, "damaged");
      g_assert_null (aside);
      if (signin_store_get_mode (store) == SIGNIN_STORE_MEMORY)
        g_assert_nonnull (signin_store_get_problem (store));
      use (scratch, store);
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
  g_assert_cmpstr (loaded->text->str, ==, FILLED);
  use (scratch, store);
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
      run_apart (use_read_only, scratch);
      expect_unchanged (scratch, before);
      g_assert_cmpint (g_chmod (scratch->path, 0600), ==, 0);
      g_assert_cmpint (g_chmod (scratch->folder, 0700), ==, 0);
      expect_durable (scratch, FILLED);
    }
}

static void
use_unreadable (Scratch *scratch)
{
  drop_privileges ();
  expect_memory (scratch, "");
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
  run_apart (use_unreadable, scratch);
  g_assert_cmpint (g_chmod (scratch->path, 0600), ==, 0);
  expect_unchanged (scratch, before);
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
      use (scratch, store);
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
    use (scratch, store);
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
    g_assert_cmpstr (loaded->text->str, ==, FILLED "newcomer: newcomer/manual, ");
  }
}

static void
write_and_die (Scratch *scratch)
{
  use (scratch, scratch_open (scratch));
}

/* A process that just ends leaves its log behind: what it committed is there. */
static void
test_after_crash (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *log = NULL;

  scratch_fill (scratch);
  run_apart (write_and_die, scratch);
  log = scratch_find (scratch, "-wal");
  g_assert_nonnull (log);
  {
    g_autoptr (SigninStore) store = scratch_open (scratch);
    g_autoptr (Loaded) loaded = loaded_new (store);

    g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_DURABLE);
    g_assert_cmpstr (loaded->text->str, ==, FILLED "newcomer: newcomer/manual, ");
  }
}

static void
test_default_path (void)
{
  g_autofree char *path = signin_store_default_path ();
  g_autofree char *expected = g_build_filename (g_get_user_state_dir (), "signind", "signind.db", NULL);

  g_assert_cmpstr (path, ==, expected);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  g_test_add_func ("/store/open/new", test_new);
  g_test_add_func ("/store/open/pragmas", test_pragmas);
  g_test_add_func ("/store/open/zero-length", test_zero_length);
  g_test_add_func ("/store/open/garbage", test_garbage);
  g_test_add_func ("/store/open/truncated", test_truncated);
  g_test_add_func ("/store/open/overwritten", test_overwritten);
  g_test_add_func ("/store/open/no-tables", test_no_tables);
  g_test_add_func ("/store/open/log-set-aside", test_log_set_aside);
  g_test_add_func ("/store/open/damaged-twice", test_damaged_twice);
  g_test_add_func ("/store/open/newer", test_newer);
  g_test_add_func ("/store/open/newer-with-log", test_newer_with_log);
  g_test_add_func ("/store/open/foreign-tables", test_foreign_tables);
  g_test_add_func ("/store/open/folder-in-its-place", test_folder_in_its_place);
  g_test_add_func ("/store/open/file-in-place-of-folder", test_file_in_place_of_folder);
  g_test_add_func ("/store/open/full-disk", test_full_disk);
  g_test_add_func ("/store/open/read-only", test_read_only);
  g_test_add_func ("/store/open/unreadable", test_unreadable);
  g_test_add_func ("/store/open/locked", test_locked);
  g_test_add_func ("/store/open/after-crash", test_after_crash);
  g_test_add_func ("/store/open/default-path", test_default_path);
  return g_test_run ();
}
