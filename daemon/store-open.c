/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening what is kept, whatever shape the file is in: the daemon always starts. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "errors.h"
#include "names.h"
#include "store-private.h"

/* When the log starts over. From then on it is overwritten in place, which takes the disk half as long as making it
 * grow; SQLite's own 1000 pages are years of sign-ins away. */
#define LOG_PAGES 64

/* What makes a database of version n out of one of version n - 1, which is nothing at first. A step that was released
 * is never changed: somebody has a database of it. */
static const char *const steps[] = {
  "CREATE TABLE accounts (id TEXT PRIMARY KEY, service TEXT NOT NULL, user_name TEXT, organization TEXT, region TEXT,"
  " url TEXT, length_usec INTEGER NOT NULL, lead_usec INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE sessions (account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE, source TEXT NOT NULL,"
  " real_usec INTEGER NOT NULL, boot_usec INTEGER NOT NULL, boot_id BLOB, length_usec INTEGER NOT NULL,"
  " lead_usec INTEGER NOT NULL, announced INTEGER NOT NULL, silent INTEGER NOT NULL, dismissed INTEGER NOT NULL,"
  " PRIMARY KEY (account, source)) STRICT, WITHOUT ROWID;",
  "ALTER TABLE sessions ADD COLUMN snoozed_usec INTEGER NOT NULL DEFAULT 0;",
  /* Sessions that go on have a row already, without an end: one at most for each source. */
  "CREATE TABLE history (id INTEGER PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,"
  " source TEXT NOT NULL, began_usec INTEGER NOT NULL, warns_usec INTEGER NOT NULL, expires_usec INTEGER NOT NULL,"
  " ended_usec INTEGER, ended_how INTEGER NOT NULL DEFAULT 0, silent INTEGER NOT NULL,"
  " answered INTEGER NOT NULL DEFAULT 0) STRICT;"
  "CREATE UNIQUE INDEX history_open ON history (account, source) WHERE ended_usec IS NULL;"
  "INSERT INTO history (account, source, began_usec, warns_usec, expires_usec, silent) SELECT account, source,"
  " real_usec, iif (length_usec > 0, real_usec + length_usec - lead_usec, 0),"
  " iif (length_usec > 0, real_usec + length_usec, 0), silent FROM sessions WHERE announced & 16 = 0;",
  /* What people do not want to be asked about, and which accounts a browser has reported, whatever became of that. */
  "CREATE TABLE refused (host TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;"
  "CREATE TABLE reported (account TEXT PRIMARY KEY REFERENCES accounts ON DELETE CASCADE) STRICT, WITHOUT ROWID;",
  "ALTER TABLE sessions ADD COLUMN opened INTEGER NOT NULL DEFAULT 0;",
};

#define SCHEMA_VERSION ((gint64) G_N_ELEMENTS (steps))

/* How many tables each version has, as SQLite says it. */
static const char *const tables[] = { "0", "2", "2", "3", "5", "5" };

G_STATIC_ASSERT (G_N_ELEMENTS (tables) == G_N_ELEMENTS (steps) + 1);

typedef enum
{
  OPENED,
  DAMAGED,
  NEWER,
  LOCKED,
  UNUSABLE,
} Outcome;

void
signin_sqlite_error (sqlite3 *db, const char *what, GError **error)
{
  g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_STORAGE, "%s: %s", what,
               db != NULL ? sqlite3_errmsg (db) : sqlite3_errstr (SQLITE_NOMEM));
}

static Outcome
outcome_of (int rc)
{
  switch (rc & 0xff)
    {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return DAMAGED;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return LOCKED;
    default:
      return UNUSABLE;
    }
}

/* One value out of a pragma or a query; for text, whether it is what is expected. */
static int
query (sqlite3 *db, const char *sql, const char *expected, gint64 *value)
{
  sqlite3_stmt *statement = NULL;
  int rc = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);

  if (rc != SQLITE_OK)
    return rc;

  rc = sqlite3_step (statement);
  if (rc == SQLITE_ROW)
    {
      if (value != NULL)
        *value = sqlite3_column_int64 (statement, 0);
      rc = SQLITE_OK;
      if (expected != NULL && g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), expected) != 0)
        rc = SQLITE_CORRUPT;
    }
  sqlite3_finalize (statement);
  return rc;
}

/* EXCLUSIVE comes before WAL, so that no shared memory is used and a second daemon finds the file locked. */
static int
prepare_connection (sqlite3 *db, gboolean kept, gint64 *version)
{
  int rc;

  sqlite3_extended_result_codes (db, 1);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  /* Closing would empty and delete the write-ahead log, also of a file that is not ours to change. */
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  rc = sqlite3_exec (db,
                     "PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = ON; PRAGMA cache_size = -128;"
                     "PRAGMA secure_delete = ON",
                     NULL, NULL, NULL);
  if (rc == SQLITE_OK)
    rc = query (db, "PRAGMA user_version", NULL, version);
  if (rc == SQLITE_OK && kept && *version <= SCHEMA_VERSION)
    rc = sqlite3_exec (db,
                       "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                       "PRAGMA wal_autocheckpoint = " G_STRINGIFY (LOG_PAGES),
                       NULL, NULL, NULL);
  return rc;
}

/* All steps or none. */
static int
migrate (sqlite3 *db, gint64 version)
{
  g_autoptr (GString) sql = g_string_new ("BEGIN IMMEDIATE;");
  int rc;

  if (version >= SCHEMA_VERSION)
    return SQLITE_OK;
  for (gint64 i = MAX (version, 0); i < SCHEMA_VERSION; i++)
    g_string_append (sql, steps[i]);
  g_string_append_printf (sql, "PRAGMA user_version = %d; COMMIT", (int) SCHEMA_VERSION);
  rc = sqlite3_exec (db, sql->str, NULL, NULL, NULL);

  if (rc != SQLITE_OK && !sqlite3_get_autocommit (db))
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
  return rc;
}

/* What only looks like our tables is nothing that could be read and written for years: a view may never end. */
static int
check_content (sqlite3 *db, gint64 version)
{
  int rc = query (db, "PRAGMA quick_check(1)", "ok", NULL);

  if (rc == SQLITE_OK)
    rc = query (db,
                "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict"
                " AND name IN ('accounts', 'sessions', 'history', 'refused', 'reported')",
                tables[version], NULL);
  return rc;
}

/* SQLite would make the file readable for everybody. */
static gboolean
make_file (const char *path, char **problem)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;

  if (g_mkdir_with_parents (folder, 0700) < 0)
    {
      *problem = g_strdup_printf (_ ("%s cannot be made: %s"), folder, g_strerror (errno));
      return FALSE;
    }
  fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    {
      *problem = g_strdup_printf (_ ("%s cannot be written: %s"), path, g_strerror (errno));
      return FALSE;
    }
  close (fd);
  return TRUE;
}

/* SQLite is made for databases much bigger than ours, which has a handful of pages. By default it takes 87 kB for pages
 * and 48 kB for small blocks at once and for good; taken as they are needed, both stay far below that. */
static void
configure_sqlite (void)
{
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return;
  if (sqlite3_config (SQLITE_CONFIG_PAGECACHE, NULL, 0, 0) != SQLITE_OK
      || sqlite3_config (SQLITE_CONFIG_LOOKASIDE, 0, 0) != SQLITE_OK)
    g_debug ("SQLite is in use already and keeps its settings");
  g_once_init_leave (&done, 1);
}

static Outcome
open_file (const char *path, sqlite3 **db, char **problem)
{
  gint64 version = 0;
  Outcome outcome = OPENED;
  int rc;

  g_clear_pointer (problem, g_free);
  if (!make_file (path, problem))
    return UNUSABLE;

  rc = sqlite3_open_v2 (path, db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (rc == SQLITE_OK && sqlite3_db_readonly (*db, "main") == 1)
    rc = SQLITE_READONLY;
  if (rc == SQLITE_OK)
    rc = prepare_connection (*db, TRUE, &version);
  if (rc == SQLITE_OK && version > SCHEMA_VERSION)
    {
      *problem = g_strdup_printf (_ ("%s was written by a newer version of signind"), path);
      outcome = NEWER;
    }
  else if (rc == SQLITE_OK)
    {
      /* What is damaged is not made worse. */
      rc = version > 0 ? check_content (*db, version) : SQLITE_OK;
      if (rc == SQLITE_OK)
        rc = migrate (*db, version);
      if (rc == SQLITE_OK && version <= 0)
        rc = check_content (*db, SCHEMA_VERSION);
    }

  if (rc != SQLITE_OK)
    {
      outcome = outcome_of (rc);
      *problem = g_strdup_printf (_ ("%s cannot be used: %s"), path, sqlite3_errstr (rc));
    }
  if (outcome == OPENED)
    sqlite3_db_config (*db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  else
    g_clear_pointer (db, sqlite3_close);
  return outcome;
}

/* The write-ahead log goes along: with it somebody may still get at what was in there. */
static gboolean
set_aside (const char *path, char **aside)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autofree char *log_aside = NULL;
  GStatBuf info;
  guint n = 1;

  *aside = g_strdup_printf ("%s.damaged-%s", path, date);
  while (g_file_test (*aside, G_FILE_TEST_EXISTS))
    {
      g_free (*aside);
      *aside = g_strdup_printf ("%s.damaged-%s-%u", path, date, ++n);
    }

  log_aside = g_strconcat (*aside, "-wal", NULL);
  if (g_stat (log, &info) == 0 && info.st_size == 0)
    g_unlink (log); /* it was made by opening */
  else if (g_rename (log, log_aside) < 0 && errno != ENOENT)
    return FALSE;
  return g_rename (path, *aside) == 0;
}

/* What can still be read of a file that cannot be written is better than nothing. */
static void
copy_readable (const char *path, sqlite3 *memory)
{
  g_autofree char *escaped = g_uri_escape_string (path, "/", TRUE);
  g_autofree char *uri = g_strconcat ("file:", escaped, "?immutable=1", NULL);
  sqlite3 *file = NULL;
  gint64 version = 0;

  if (sqlite3_open_v2 (uri, &file, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK
      && query (file, "PRAGMA user_version", NULL, &version) == SQLITE_OK && version > 0 && version <= SCHEMA_VERSION
      && check_content (file, version) == SQLITE_OK)
    {
      sqlite3_backup *backup = sqlite3_backup_init (memory, "main", file, "main");

      if (backup != NULL)
        {
          sqlite3_backup_step (backup, -1);
          sqlite3_backup_finish (backup);
        }
    }
  sqlite3_close (file);
}

static sqlite3 *
open_memory (const char *readable_path)
{
  sqlite3 *db = NULL;
  gint64 version = 0;

  if (sqlite3_open_v2 (":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
    return db; /* out of memory: every use of it says so */
  if (readable_path != NULL)
    copy_readable (readable_path, db);
  prepare_connection (db, FALSE, &version);
  migrate (db, version);
  return db;
}

/**
 * signin_store_open_database:
 * @path: the file
 * @opened: (out): what it led to; its strings and database belong to the caller
 *
 * Opens the file. A damaged one is set aside, with its date in the name, and a new one begun. One that is read-only, of
 * a newer schema, in use or on a full disk is left alone, and a database in memory takes its place.
 */
void
signin_store_open_database (const char *path, SigninStoreOpened *opened)
{
  g_autofree char *problem = NULL;
  Outcome outcome;

  configure_sqlite ();
  outcome = open_file (path, &opened->db, &problem);

  if (outcome == DAMAGED)
    {
      g_autofree char *aside = NULL;

      if (set_aside (path, &aside))
        {
          g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "MESSAGE_ID", SIGNIN_MESSAGE_STORE_DAMAGED, "MESSAGE",
                            "The database was damaged (%s). It is kept as %s; a new one was begun.", problem, aside);
          outcome = open_file (path, &opened->db, &problem);
        }
    }

  opened->mode = outcome == OPENED ? SIGNIN_STORE_DURABLE : SIGNIN_STORE_MEMORY;
  opened->locked = outcome == LOCKED;
  if (outcome != OPENED)
    opened->db = open_memory (outcome == UNUSABLE ? path : NULL);
  opened->problem = g_steal_pointer (&problem);
}
