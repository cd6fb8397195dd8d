/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is kept: accounts, and their sessions with what was announced of them. */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "errors.h"
#include "names.h"
#include "store-private.h"

typedef enum
{
  STATEMENT_BEGIN,
  STATEMENT_COMMIT,
  STATEMENT_ROLLBACK,
  STATEMENT_PUT_ACCOUNT,
  STATEMENT_PUT_REPORTED,
  STATEMENT_DROP_ACCOUNT,
  STATEMENT_PUT_SESSION,
  STATEMENT_DROP_SESSION,
  N_STATEMENTS,
} Statement;

/* An account that is already there is updated, not replaced: replacing would take its sessions away. */
static const char *const sql[N_STATEMENTS] = {
  [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
  [STATEMENT_COMMIT] = "COMMIT",
  [STATEMENT_ROLLBACK] = "ROLLBACK",
  [STATEMENT_PUT_ACCOUNT]
  = "INSERT INTO accounts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET service = ?2,"
    " user_name = ?3, organization = ?4, region = ?5, url = ?6, length_usec = ?7, lead_usec = ?8",
  [STATEMENT_PUT_REPORTED] = "INSERT OR IGNORE INTO reported VALUES (?1)",
  [STATEMENT_DROP_ACCOUNT] = "DELETE FROM accounts WHERE id = ?1",
  [STATEMENT_PUT_SESSION]
  = "INSERT OR REPLACE INTO sessions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
  [STATEMENT_DROP_SESSION] = "DELETE FROM sessions WHERE account = ?1 AND source = ?2",
};

static const char load_sql[]
    = "SELECT a.id, a.service, a.user_name, a.organization, a.region, a.url, a.length_usec, a.lead_usec,"
      " a.id IN reported, s.source, s.real_usec, s.boot_usec, s.boot_id, s.length_usec, s.lead_usec, s.snoozed_usec,"
      " s.announced, s.silent, s.dismissed, s.opened"
      " FROM accounts a LEFT JOIN sessions s ON s.account = a.id ORDER BY a.id, s.source";

enum
{
  COLUMN_ID,
  COLUMN_SERVICE,
  COLUMN_USER_NAME,
  COLUMN_ORGANIZATION,
  COLUMN_REGION,
  COLUMN_URL,
  COLUMN_LENGTH,
  COLUMN_LEAD,
  COLUMN_REPORTED,
  COLUMN_SOURCE,
  COLUMN_REAL,
  COLUMN_BOOT,
  COLUMN_BOOT_ID,
  COLUMN_SESSION_LENGTH,
  COLUMN_SESSION_LEAD,
  COLUMN_SNOOZED,
  COLUMN_ANNOUNCED,
  COLUMN_SILENT,
  COLUMN_DISMISSED,
  COLUMN_OPENED,
};

struct _SigninStore
{
  const SigninServices *services;
  SigninStoreOpened opened;
  sqlite3_stmt *statements[N_STATEMENTS];
  SigninStoreHistory *history;
  SigninStoreRest rest; /* without a database until it is let */
};

static void
used (SigninStore *store)
{
  if (store->rest.db != NULL)
    signin_store_rest_later (&store->rest);
}

/**
 * signin_store_open:
 * @path: the file; it and its folder are made if they are missing
 * @services: what is known of services, to check what is read
 *
 * Opens what is kept. This never fails: see signin_store_get_mode() and signin_store_get_problem().
 *
 * Returns: (transfer full): a store
 */
SigninStore *
signin_store_open (const char *path, const SigninServices *services)
{
  SigninStore *store = g_new0 (SigninStore, 1);

  store->services = services;
  signin_store_open_database (path, &store->opened);
  store->history = signin_store_history_new (store->opened.db);
  return store;
}

/**
 * signin_store_free:
 * @store: a store
 *
 * Closes it. What was begun and not committed is forgotten.
 */
void
signin_store_free (SigninStore *store)
{
  g_clear_handle_id (&store->rest.source, g_source_remove);
  for (guint i = 0; i < N_STATEMENTS; i++)
    sqlite3_finalize (store->statements[i]);
  signin_store_history_free (store->history);
  sqlite3_close (store->opened.db);
  g_free (store->opened.problem);
  g_free (store);
}

/**
 * signin_store_get_mode:
 * @store: a store
 *
 * Returns: whether anything is kept
 */
SigninStoreMode
signin_store_get_mode (const SigninStore *store)
{
  return store->opened.mode;
}

/**
 * signin_store_get_problem:
 * @store: a store
 *
 * Returns: (nullable): why nothing is kept, in the person's language
 */
const char *
signin_store_get_problem (const SigninStore *store)
{
  return store->opened.problem;
}

/**
 * signin_store_is_locked:
 * @store: a store
 *
 * Returns: whether nothing is kept because another process, most likely another signind, has the file
 */
gboolean
signin_store_is_locked (const SigninStore *store)
{
  return store->opened.locked;
}

/**
 * signin_store_let_rest:
 * @store: a store
 *
 * From now on it calls signin_store_rest() after each time of use, from the main loop.
 */
void
signin_store_let_rest (SigninStore *store)
{
  store->rest.db = store->opened.db;
  used (store);
}

SigninStoreHistory *
signin_store_get_history (SigninStore *store)
{
  used (store);
  return store->history;
}

sqlite3 *
signin_store_get_database (SigninStore *store)
{
  used (store);
  return store->opened.db;
}

static sqlite3_stmt *
prepare (SigninStore *store, Statement which, GError **error)
{
  sqlite3_stmt **statement = &store->statements[which];

  if (*statement == NULL
      && sqlite3_prepare_v3 (store->opened.db, sql[which], -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) != SQLITE_OK)
    signin_sqlite_error (store->opened.db, _ ("Cannot store anything"), error);
  return *statement;
}

static gboolean
run (SigninStore *store, sqlite3_stmt *statement, GError **error)
{
  gboolean done = sqlite3_step (statement) == SQLITE_DONE;

  used (store);
  if (!done)
    signin_sqlite_error (store->opened.db, _ ("Cannot store it"), error);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return done;
}

static gboolean
run_simple (SigninStore *store, Statement which, GError **error)
{
  sqlite3_stmt *statement = prepare (store, which, error);

  return statement != NULL && run (store, statement, error);
}

static void
bind_text (sqlite3_stmt *statement, int index, const char *text)
{
  if (text != NULL)
    sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
}

/**
 * signin_store_begin:
 * @store: a store
 * @error: where to put what went wrong
 *
 * Begins a transaction: what follows is kept as a whole, or not at all.
 *
 * Returns: whether it began; if not, @error is %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_store_begin (SigninStore *store, GError **error)
{
  return run_simple (store, STATEMENT_BEGIN, error);
}

/**
 * signin_store_commit:
 * @store: a store
 * @error: where to put what went wrong
 *
 * Ends the transaction. When this returns %TRUE, it is on disk.
 *
 * Returns: whether it is kept; if not, @error is %SIGNIN_ERROR_STORAGE, and signin_store_rollback() is due
 */
gboolean
signin_store_commit (SigninStore *store, GError **error)
{
  return run_simple (store, STATEMENT_COMMIT, error);
}

/**
 * signin_store_rollback:
 * @store: a store
 *
 * Forgets the transaction, where one is open still.
 */
void
signin_store_rollback (SigninStore *store)
{
  g_autoptr (GError) error = NULL;

  /* SQLite may have rolled back by itself, on a full disk for one. */
  if (!sqlite3_get_autocommit (store->opened.db) && !run_simple (store, STATEMENT_ROLLBACK, &error))
    g_warning ("Cannot roll back: %s", error->message);
}

/**
 * signin_store_put_account:
 * @store: a store
 * @info: an account, new or known
 * @error: where to put what went wrong
 *
 * Keeps the account.
 *
 * Returns: whether it was written; if not, @error is %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_store_put_account (SigninStore *store, const SigninAccountInfo *info, GError **error)
{
  sqlite3_stmt *statement = prepare (store, STATEMENT_PUT_ACCOUNT, error);

  if (statement == NULL)
    return FALSE;
  bind_text (statement, 1, info->id);
  bind_text (statement, 2, info->service);
  bind_text (statement, 3, info->user_name);
  bind_text (statement, 4, info->organization);
  bind_text (statement, 5, info->region);
  bind_text (statement, 6, info->own_url);
  sqlite3_bind_int64 (statement, 7, info->policy.length_usec);
  sqlite3_bind_int64 (statement, 8, info->policy.lead_usec);
  return run (store, statement, error);
}

/**
 * signin_store_put_reported:
 * @store: a store
 * @id: the id of an account that is kept
 * @error: where to put what went wrong
 *
 * Keeps that a browser has reported the account.
 *
 * Returns: whether it was written; if not, @error is %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_store_put_reported (SigninStore *store, const char *id, GError **error)
{
  sqlite3_stmt *statement = prepare (store, STATEMENT_PUT_REPORTED, error);

  if (statement == NULL)
    return FALSE;
  bind_text (statement, 1, id);
  return run (store, statement, error);
}

/**
 * signin_store_drop_account:
 * @store: a store
 * @id: an account's id
 * @error: where to put what went wrong
 *
 * Forgets the account and its sessions.
 *
 * Returns: whether that was written; if not, @error is %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_store_drop_account (SigninStore *store, const char *id, GError **error)
{
  sqlite3_stmt *statement = prepare (store, STATEMENT_DROP_ACCOUNT, error);

  if (statement == NULL)
    return FALSE;
  bind_text (statement, 1, id);
  return run (store, statement, error);
}

/**
 * signin_store_put_session:
 * @store: a store
 * @account_id: whose session it is
 * @session: the session; it takes the place of the one of the same source
 * @error: where to put what went wrong
 *
 * Keeps the session. Of its announced marks only the confirmed ones are kept: after a crash the others come again.
 *
 * Returns: whether it was written; if not, @error is %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_store_put_session (SigninStore *store, const char *account_id, const SigninSession *session, GError **error)
{
  sqlite3_stmt *statement = prepare (store, STATEMENT_PUT_SESSION, error);

  if (statement == NULL)
    return FALSE;
  bind_text (statement, 1, account_id);
  bind_text (statement, 2, session->source);
  sqlite3_bind_int64 (statement, 3, session->start.real_usec);
  sqlite3_bind_int64 (statement, 4, session->start.boot_usec);
  if (!sd_id128_is_null (session->start.boot_id))
    sqlite3_bind_blob (statement, 5, &session->start.boot_id, sizeof session->start.boot_id, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 6, session->policy.length_usec);
  sqlite3_bind_int64 (statement, 7, session->policy.lead_usec);
  sqlite3_bind_int (statement, 8, session->confirmed);
  sqlite3_bind_int (statement, 9, session->silent);
  sqlite3_bind_int (statement, 10, session->dismissed);
  sqlite3_bind_int64 (statement, 11, session->snoozed_usec);
  sqlite3_bind_int (statement, 12, session->opened);
  return run (store, statement, error);
}

/**
 * signin_store_drop_session:
 * @store: a store
 * @account_id: whose session it is
 * @source: its source
 * @error: where to put what went wrong
 *
 * Forgets the session.
 *
 * Returns: whether that was written; if not, @error is %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_store_drop_session (SigninStore *store, const char *account_id, const char *source, GError **error)
{
  sqlite3_stmt *statement = prepare (store, STATEMENT_DROP_SESSION, error);

  if (statement == NULL)
    return FALSE;
  bind_text (statement, 1, account_id);
  bind_text (statement, 2, source);
  return run (store, statement, error);
}

static const char *
column_text (sqlite3_stmt *row, int column)
{
  return (const char *) sqlite3_column_text (row, column);
}

static SigninAccountInfo *
read_account (SigninStore *store, sqlite3_stmt *row)
{
  g_autoptr (GError) error = NULL;
  SigninAccountDetails details = {
    .service = column_text (row, COLUMN_SERVICE),
    .user_name = column_text (row, COLUMN_USER_NAME),
    .organization = column_text (row, COLUMN_ORGANIZATION),
    .region = column_text (row, COLUMN_REGION),
    .url = column_text (row, COLUMN_URL),
    .length_usec = sqlite3_column_int64 (row, COLUMN_LENGTH),
    .lead_usec = sqlite3_column_int64 (row, COLUMN_LEAD),
  };
  SigninAccountInfo *info = signin_account_info_new (store->services, column_text (row, COLUMN_ID), NULL, &details,
                                                     &error);

  if (info == NULL)
    g_warning ("An account is kept that makes no sense now: %s", error->message);
  return info;
}

/* Sums of what passes here cannot overflow. */
static gboolean
is_plausible (gint64 usec)
{
  return usec > -(G_GINT64_CONSTANT (1) << 60) && usec < (G_GINT64_CONSTANT (1) << 60);
}

static gboolean
read_session (sqlite3_stmt *row, SigninSession *session, GError **error)
{
  const char *source = column_text (row, COLUMN_SOURCE);
  const void *boot_id = sqlite3_column_blob (row, COLUMN_BOOT_ID);
  gint64 length_usec = sqlite3_column_int64 (row, COLUMN_SESSION_LENGTH);
  gint64 lead_usec = sqlite3_column_int64 (row, COLUMN_SESSION_LEAD);

  if (!signin_source_check (source, error))
    return FALSE;
  if (length_usec < 0 || lead_usec < 0 || (length_usec > 0 && lead_usec >= length_usec) || !is_plausible (length_usec)
      || !is_plausible (sqlite3_column_int64 (row, COLUMN_SNOOZED))
      || !is_plausible (sqlite3_column_int64 (row, COLUMN_REAL))
      || !is_plausible (sqlite3_column_int64 (row, COLUMN_BOOT))
      || (boot_id != NULL && sqlite3_column_bytes (row, COLUMN_BOOT_ID) != sizeof session->start.boot_id))
    {
      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_STORAGE, "the session of %s has impossible values", source);
      return FALSE;
    }

  *session = (SigninSession){
    .start = {
      .real_usec = sqlite3_column_int64 (row, COLUMN_REAL),
      .boot_usec = sqlite3_column_int64 (row, COLUMN_BOOT),
    },
    .policy = { .length_usec = length_usec, .lead_usec = lead_usec },
    .snoozed_usec = sqlite3_column_int64 (row, COLUMN_SNOOZED),
    .announced = sqlite3_column_int (row, COLUMN_ANNOUNCED) & SIGNIN_MARKS_ALL,
    .confirmed = sqlite3_column_int (row, COLUMN_ANNOUNCED) & SIGNIN_MARKS_ALL,
    .silent = sqlite3_column_int (row, COLUMN_SILENT) != 0,
    .dismissed = sqlite3_column_int (row, COLUMN_DISMISSED) != 0,
    .opened = sqlite3_column_int (row, COLUMN_OPENED) != 0,
  };
  g_strlcpy (session->source, source, sizeof session->source);
  if (boot_id != NULL)
    memcpy (&session->start.boot_id, boot_id, sizeof session->start.boot_id);
  return TRUE;
}

/**
 * signin_store_load:
 * @store: a store
 * @visitor: who receives what is kept
 * @user_data: for @visitor
 * @error: where to put what went wrong
 *
 * Reads all that is kept, account by account. Rows that make no sense are logged and passed over, but stay in the file.
 *
 * Returns: whether everything was read; if not, @error is %SIGNIN_ERROR_STORAGE, and @visitor has received a part
 */
gboolean
signin_store_load (SigninStore *store, const SigninStoreVisitor *visitor, gpointer user_data, GError **error)
{
  g_autofree char *last_id = NULL;
  gboolean known = FALSE;
  sqlite3_stmt *row = NULL;
  int rc;

  if (sqlite3_prepare_v2 (store->opened.db, load_sql, -1, &row, NULL) != SQLITE_OK)
    {
      signin_sqlite_error (store->opened.db, _ ("Cannot read what is stored"), error);
      return FALSE;
    }

  while ((rc = sqlite3_step (row)) == SQLITE_ROW)
    {
      g_autoptr (GError) row_error = NULL;
      SigninSession session;

      if (g_strcmp0 (last_id, column_text (row, COLUMN_ID)) != 0)
        {
          g_autoptr (SigninAccountInfo) info = read_account (store, row);

          g_free (last_id);
          last_id = g_strdup (column_text (row, COLUMN_ID));
          known = info != NULL;
          if (known)
            visitor->account (info, user_data);
          if (known && visitor->reported != NULL && sqlite3_column_int (row, COLUMN_REPORTED) != 0)
            visitor->reported (last_id, user_data);
        }
      if (!known || sqlite3_column_type (row, COLUMN_SOURCE) == SQLITE_NULL)
        continue;
      if (read_session (row, &session, &row_error))
        visitor->session (last_id, &session, user_data);
      else
        g_warning ("A session is kept that makes no sense: %s", row_error->message);
    }

  if (rc != SQLITE_DONE)
    signin_sqlite_error (store->opened.db, _ ("Cannot read what is stored"), error);
  sqlite3_finalize (row);
  return rc == SQLITE_DONE;
}
