/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A store opens whatever shape its file is in: a new one is begun where there is none, and where it is damaged. */

#include "config.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <sys/stat.h>

#include "names.h"
#include "scratch.h"
#include "store-private.h"

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
    scratch_use (scratch, store);
    g_assert_cmpint (mode_of (folder), ==, 0700);
    g_assert_cmpint (mode_of (scratch->path), ==, 0600);
    g_assert_cmpint (mode_of (log), ==, 0600);
  }
  umask (mask);
  scratch_expect_durable (scratch, "newcomer: newcomer/manual, ");
}

/* Durable when committed: these are what that rests on. */
static void
check_pragmas (Scratch *scratch)
{
  static const struct
  {
    const char *sql;
    const char *value;
  } pragmas[] = {
    { "PRAGMA journal_mode", "wal" },
    { "PRAGMA synchronous", "2" },
    { "PRAGMA locking_mode", "exclusive" },
    { "PRAGMA foreign_keys", "1" },
    { "PRAGMA user_version", G_STRINGIFY (SCRATCH_VERSION) },
  };
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
test_pragmas (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();

  check_pragmas (scratch);
  check_pragmas (scratch);
  scratch_sql (scratch, "PRAGMA journal_mode = DELETE");
  check_pragmas (scratch);
}

static guint
count_open_files (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_no_leak (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  guint n = count_open_files ();

  for (guint i = 0; i < 2; i++)
    {
      signin_store_free (scratch_open (scratch));
      g_assert_cmpuint (count_open_files (), ==, n);
      scratch_sql (scratch, "PRAGMA user_version = 999");
    }
}

static void
test_zero_length (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();

  scratch_write (scratch->path, "", 0);
  scratch_expect_durable (scratch, "");
  scratch_expect_durable (scratch, "newcomer: newcomer/manual, ");
}

/* Set aside with its date in the name, reported once, and a new one begun. */
static void
expect_set_aside (Scratch *scratch)
{
  g_autoptr (GBytes) before = scratch_read (scratch->path), after = NULL;
  g_autofree char *aside = NULL, *date = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  n_damaged = 0;
  scratch_expect_durable (scratch, "");
  g_assert_cmpuint (n_damaged, ==, 1);
  aside = scratch_find (scratch, "damaged");
  g_assert_nonnull (aside);
  date = g_date_time_format (now, "-%Y%m");
  g_assert_nonnull (strstr (aside, date));
  after = scratch_read (aside);
  g_assert_cmpmem (g_bytes_get_data (before, NULL), g_bytes_get_size (before), g_bytes_get_data (after, NULL),
                   g_bytes_get_size (after));

  scratch_expect_durable (scratch, "newcomer: newcomer/manual, ");
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

      scratch_write (scratch->path, garbage, (gssize) lengths[i]);
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
      scratch_write (scratch->path, g_bytes_get_data (whole, NULL), (gssize) lengths[i]);
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
      scratch_write (scratch->path, content, (gssize) size);
      expect_set_aside (scratch);
    }
}

/* The first schema, as it was released, with what an account of it looked like. */
static const char first_schema[]
    = "CREATE TABLE accounts (id TEXT PRIMARY KEY, service TEXT NOT NULL, user_name TEXT, organization TEXT, region "
      "TEXT,"
      " url TEXT, length_usec INTEGER NOT NULL, lead_usec INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
      "CREATE TABLE sessions (account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE, source TEXT NOT NULL,"
      " real_usec INTEGER NOT NULL, boot_usec INTEGER NOT NULL, boot_id BLOB, length_usec INTEGER NOT NULL,"
      " lead_usec INTEGER NOT NULL, announced INTEGER NOT NULL, silent INTEGER NOT NULL, dismissed INTEGER NOT NULL,"
      " PRIMARY KEY (account, source)) STRICT, WITHOUT ROWID;"
      "PRAGMA user_version = 1;"
      "INSERT INTO accounts VALUES ('contoso', 'dynamics365', NULL, 'contoso', 'crm4', NULL, 28800000000, 1200000000);"
      "INSERT INTO sessions VALUES ('contoso', 'firefox', 1800000000000000, 1000, NULL, 28800000000, 1200000000, 1, 1, "
      "1);";

static void
keep_session (const char *account_id, const SigninSession *session, gpointer user_data)
{
  *(SigninSession *) user_data = *session;
}

static void
ignore_account (SigninAccountInfo *info, gpointer user_data)
{
}

/* An older database is taken up as it is, and for good. */
static void
test_older (void)
{
  static const SigninStoreVisitor visitor = { .account = ignore_account, .session = keep_session };

  g_autoptr (Scratch) scratch = scratch_new ();

  scratch_sql (scratch, first_schema);
  for (guint life = 0; life < 2; life++)
    {
      g_autoptr (SigninStore) store = scratch_open (scratch);
      g_autoptr (GError) error = NULL;
      SigninSession session = { 0 };

      g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_DURABLE);
      signin_store_load (store, &visitor, &session, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (session.source, ==, "firefox");
      g_assert_cmpint (session.start.real_usec, ==, 1800000000000000);
      g_assert_cmpint (session.start.boot_usec, ==, 1000);
      g_assert_cmpint (session.policy.lead_usec, ==, 1200000000);
      g_assert_cmpint (session.snoozed_usec, ==, life == 0 ? 0 : 5);
      g_assert_cmpuint (session.announced, ==, SIGNIN_MARK_WARNING);
      g_assert_true (session.silent && session.dismissed && !session.opened);

      session.snoozed_usec = 5;
      g_assert_true (signin_store_put_session (store, "contoso", &session, &error));
    }
}

/* A database of this schema's number that has none of it. */
static void
test_no_tables (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();

  scratch_sql (scratch, "CREATE TABLE other (x); PRAGMA user_version = " G_STRINGIFY (SCRATCH_VERSION));
  n_damaged = 0;
  scratch_expect_durable (scratch, "");
  g_assert_cmpuint (n_damaged, ==, 1);
  g_free (scratch->path);
  scratch->path = scratch_find (scratch, "damaged");
  g_assert_nonnull (scratch->path);
  scratch_sql (scratch, "INSERT INTO other VALUES (1)");
}

/* Tables that are missing, and what only looks like one: it could be read or written one day, or never end. */
static void
test_other_tables (void)
{
  static const char *const changes[] = {
    "DROP TABLE reported",
    "DROP TABLE refused; CREATE VIEW refused AS WITH RECURSIVE n (host) AS (SELECT 1 UNION ALL SELECT host + 1 FROM n)"
    " SELECT host FROM n",
    "DROP TABLE history; CREATE TABLE history (id, account, source, began_usec, warns_usec, expires_usec, ended_usec,"
    " ended_how, silent, answered)",
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (Scratch) scratch = scratch_new ();

      scratch_fill (scratch);
      scratch_sql (scratch, changes[i]);
      n_damaged = 0;
      scratch_expect_durable (scratch, "");
      g_assert_cmpuint (n_damaged, ==, 1);
    }
}

static void
test_log_set_aside (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *log = g_strconcat (scratch->path, "-wal", NULL), *log_aside = NULL;
  g_autofree char *garbage = g_strnfill (8192, 'g');
  g_autofree char *content = NULL;

  scratch_write (scratch->path, garbage, 8192);
  scratch_write (log, "precious", -1);
  n_damaged = 0;
  scratch_expect_durable (scratch, "");
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

      scratch_write (scratch->path, garbage, 8192);
      scratch_expect_durable (scratch, "");
    }
  dir = g_dir_open (scratch->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    n_aside += strstr (name, ".damaged-") != NULL;
  g_assert_cmpuint (n_aside, ==, 3);
}

static void
write_and_die (Scratch *scratch)
{
  scratch_use (scratch, scratch_open (scratch));
}

/* A process that just ends leaves its log behind: what it committed is there. */
static void
test_after_crash (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autofree char *log = NULL;

  scratch_fill (scratch);
  scratch_run_apart (write_and_die, scratch);
  log = scratch_find (scratch, "-wal");
  g_assert_nonnull (log);
  {
    g_autoptr (SigninStore) store = scratch_open (scratch);
    g_autoptr (Loaded) loaded = loaded_new (store);

    g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_DURABLE);
    g_assert_cmpstr (loaded->text->str, ==, SCRATCH_FILLED "newcomer: newcomer/manual, ");
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
  g_test_add_func ("/store/open/no-leak", test_no_leak);
  g_test_add_func ("/store/open/zero-length", test_zero_length);
  g_test_add_func ("/store/open/garbage", test_garbage);
  g_test_add_func ("/store/open/truncated", test_truncated);
  g_test_add_func ("/store/open/overwritten", test_overwritten);
  g_test_add_func ("/store/open/older", test_older);
  g_test_add_func ("/store/open/no-tables", test_no_tables);
  g_test_add_func ("/store/open/other-tables", test_other_tables);
  g_test_add_func ("/store/open/log-set-aside", test_log_set_aside);
  g_test_add_func ("/store/open/damaged-twice", test_damaged_twice);
  g_test_add_func ("/store/open/after-crash", test_after_crash);
  g_test_add_func ("/store/open/default-path", test_default_path);
  return g_test_run ();
}
