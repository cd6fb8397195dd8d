/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is kept of past sessions. A session has a row from its beginning on, which is open until it ends: so whatever
 * stops this program, the row is there, and an end is written once however often it is told. */

#include "config.h"

#include <glib/gi18n.h>

#include "errors.h"
#include "store-private.h"

typedef enum
{
  STATEMENT_BEGAN,
  STATEMENT_ENDED,
  STATEMENT_DROP_OPEN,
  STATEMENT_DROP_ORPHANS,
  STATEMENT_PRUNE_AGE,
  STATEMENT_PRUNE_ROWS,
  STATEMENT_FORGET,
  STATEMENT_READ,
  N_STATEMENTS,
} Statement;

/* Which rows a filter means: ?1 since, ?2 until, ?3 the account. */
#define MEANT \
  " FROM history WHERE began_usec < ?2 AND (ended_usec IS NULL OR ended_usec > ?1) AND (?3 IS NULL OR account = ?3)"

static const char *const sql[N_STATEMENTS] = {
  [STATEMENT_BEGAN] = "INSERT INTO history (account, source, began_usec, warns_usec, expires_usec, silent)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
  [STATEMENT_ENDED] = "UPDATE history SET began_usec = ?3, warns_usec = ?4, expires_usec = ?5, ended_usec = ?6,"
                      " ended_how = ?7, answered = ?8 WHERE account = ?1 AND source = ?2 AND ended_usec IS NULL",
  [STATEMENT_DROP_OPEN] = "DELETE FROM history WHERE account = ?1 AND source = ?2 AND ended_usec IS NULL",
  [STATEMENT_DROP_ORPHANS] = "DELETE FROM history WHERE ended_usec IS NULL AND NOT EXISTS (SELECT 1 FROM sessions"
                             " WHERE sessions.account = history.account AND sessions.source = history.source)",
  [STATEMENT_PRUNE_AGE] = "DELETE FROM history WHERE ended_usec < ?1",
  [STATEMENT_PRUNE_ROWS] = "DELETE FROM history WHERE id <= (SELECT max (id) FROM history) - ?1",
  [STATEMENT_FORGET] = "DELETE" MEANT,
  [STATEMENT_READ] = "SELECT id, account, source, began_usec, warns_usec, expires_usec, ended_usec, ended_how, silent,"
                     " answered" MEANT " AND id > ?4 ORDER BY id",
};

struct _SigninStoreHistory
{
  sqlite3 *db;
  sqlite3_stmt *statements[N_STATEMENTS];
  gboolean forgot; /* something that the log still has */
};

SigninStoreHistory *
signin_store_history_new (sqlite3 *db)
{
  SigninStoreHistory *history = g_new0 (SigninStoreHistory, 1);

  history->db = db;
  return history;
}

void
signin_store_history_free (SigninStoreHistory *history)
{
  for (guint i = 0; i < N_STATEMENTS; i++)
    sqlite3_finalize (history->statements[i]);
  g_free (history);
}

static sqlite3_stmt *
prepare (SigninStoreHistory *history, Statement which, GError **error)
{
  sqlite3_stmt **statement = &history->statements[which];

  if (*statement == NULL
      && sqlite3_prepare_v3 (history->db, sql[which], -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) != SQLITE_OK)
    signin_sqlite_error (history->db, _ ("Cannot keep the history"), error);
  return *statement;
}

/* What a sign-in needs is held ready; the rest is made when it is asked for, and takes no memory in between. */
static void
put_away (SigninStoreHistory *history, Statement which)
{
  if (which <= STATEMENT_DROP_OPEN)
    {
      sqlite3_reset (history->statements[which]);
      sqlite3_clear_bindings (history->statements[which]);
    }
  else
    /* cppcheck-suppress arrayIndexOutOfBoundsCond ; there is a statement for each value of the enumeration */
    g_clear_pointer (&history->statements[which], sqlite3_finalize);
}

static gboolean
run (SigninStoreHistory *history, Statement which, GError **error)
{
  gboolean done = sqlite3_step (history->statements[which]) == SQLITE_DONE;

  if (!done)
    signin_sqlite_error (history->db, _ ("Cannot keep the history"), error);
  put_away (history, which);
  return done;
}

static void
bind_session (sqlite3_stmt *statement, const char *account_id, const SigninSession *session)
{
  SigninHistoryRecord record = { 0 };

  signin_history_describe (&record, session);
  sqlite3_bind_text (statement, 1, account_id, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, session->source, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 3, record.began_usec);
  sqlite3_bind_int64 (statement, 4, record.warns_usec);
  sqlite3_bind_int64 (statement, 5, record.expires_usec);
}

/**
 * signin_store_add_history:
 * @store: a store
 * @account_id: an account that is kept
 * @session: a session that began; the one before it of the same source has ended
 * @error: where to put what went wrong
 *
 * Keeps that a session began.
 *
 * Returns: whether it was written; if not, @error is %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_store_add_history (SigninStore *store, const char *account_id, const SigninSession *session, GError **error)
{
  SigninStoreHistory *history = signin_store_get_history (store);
  sqlite3_stmt *statement = prepare (history, STATEMENT_BEGAN, error);

  if (statement == NULL)
    return FALSE;
  bind_session (statement, account_id, session);
  sqlite3_bind_int (statement, 6, session->silent);
  return run (history, STATEMENT_BEGAN, error);
}

/**
 * signin_store_end_history:
 * @store: a store
 * @account_id: an account
 * @session: one of its sessions
 * @end: how it ended
 * @ended_usec: when
 * @error: where to put what went wrong
 *
 * Keeps how a session ended. If its end is kept already, or its beginning is not, nothing changes.
 *
 * Returns: whether that went well; if not, @error is %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_store_end_history (SigninStore *store, const char *account_id, const SigninSession *session,
                          SigninHistoryEnd end, gint64 ended_usec, GError **error)
{
  SigninStoreHistory *history = signin_store_get_history (store);
  sqlite3_stmt *statement = prepare (history, STATEMENT_ENDED, error);
  SigninHistoryRecord record = { 0 };

  if (statement == NULL)
    return FALSE;
  signin_history_describe (&record, session);
  bind_session (statement, account_id, session);
  sqlite3_bind_int64 (statement, 6, MAX (ended_usec, record.began_usec));
  sqlite3_bind_int (statement, 7, end);
  sqlite3_bind_int (statement, 8, record.answered);
  return run (history, STATEMENT_ENDED, error);
}

/**
 * signin_store_drop_history:
 * @store: a store
 * @account_id: an account
 * @source: where a session of it was made
 * @error: where to put what went wrong
 *
 * Forgets that a session began, because it did not.
 *
 * Returns: whether that went well; if not, @error is %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_store_drop_history (SigninStore *store, const char *account_id, const char *source, GError **error)
{
  SigninStoreHistory *history = signin_store_get_history (store);
  sqlite3_stmt *statement = prepare (history, STATEMENT_DROP_OPEN, error);

  if (statement == NULL)
    return FALSE;
  sqlite3_bind_text (statement, 1, account_id, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, source, -1, SQLITE_STATIC);
  return run (history, STATEMENT_DROP_OPEN, error);
}

/**
 * signin_store_prune_history:
 * @store: a store
 * @before_usec: what ended before this is not wanted any more
 * @error: where to put what went wrong
 *
 * Forgets what is too old, what is too much, and what has begun and can never end.
 *
 * Returns: whether that went well; if not, @error is %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_store_prune_history (SigninStore *store, gint64 before_usec, GError **error)
{
  SigninStoreHistory *history = signin_store_get_history (store);
  sqlite3_stmt *age = prepare (history, STATEMENT_PRUNE_AGE, error);
  sqlite3_stmt *rows = age != NULL ? prepare (history, STATEMENT_PRUNE_ROWS, error) : NULL;
  sqlite3_stmt *orphans = rows != NULL ? prepare (history, STATEMENT_DROP_ORPHANS, error) : NULL;

  if (orphans == NULL)
    return FALSE;
  sqlite3_bind_int64 (age, 1, before_usec);
  sqlite3_bind_int64 (rows, 1, SIGNIN_HISTORY_ROWS_MAX);
  return run (history, STATEMENT_PRUNE_AGE, error) && run (history, STATEMENT_PRUNE_ROWS, error)
         && run (history, STATEMENT_DROP_ORPHANS, error);
}

static void
bind_filter (sqlite3_stmt *statement, const SigninHistoryFilter *filter)
{
  sqlite3_bind_int64 (statement, 1, filter->since_usec);
  sqlite3_bind_int64 (statement, 2, filter->until_usec);
  if (filter->account != NULL)
    sqlite3_bind_text (statement, 3, filter->account, -1, SQLITE_STATIC);
}

/**
 * signin_store_forget_history:
 * @store: a store
 * @filter: what to forget; its limit and row do not count
 * @error: where to put what went wrong
 *
 * Forgets sessions, also those that go on: their end is not kept either.
 *
 * Returns: whether that went well; if not, @error is %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_store_forget_history (SigninStore *store, const SigninHistoryFilter *filter, GError **error)
{
  SigninStoreHistory *history = signin_store_get_history (store);
  sqlite3_stmt *statement = prepare (history, STATEMENT_FORGET, error);

  if (statement == NULL)
    return FALSE;
  bind_filter (statement, filter);
  if (!run (history, STATEMENT_FORGET, error))
    return FALSE;
  history->forgot |= sqlite3_changes (history->db) > 0;
  return TRUE;
}

/**
 * signin_store_empty_log:
 * @store: a store without a transaction
 *
 * Empties the write-ahead log if it has something in it that was forgotten.
 */
void
signin_store_empty_log (SigninStore *store)
{
  SigninStoreHistory *history = signin_store_get_history (store);

  if (!history->forgot)
    return;
  history->forgot = FALSE;
  if (sqlite3_wal_checkpoint_v2 (history->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) != SQLITE_OK)
    g_debug ("The log cannot be emptied now: %s", sqlite3_errmsg (history->db));
}

static void
read_record (sqlite3_stmt *row, SigninHistoryRecord *record)
{
  *record = (SigninHistoryRecord){
    .row = sqlite3_column_int64 (row, 0),
    .account = (const char *) sqlite3_column_text (row, 1),
    .source = (const char *) sqlite3_column_text (row, 2),
    .began_usec = sqlite3_column_int64 (row, 3),
    .warns_usec = sqlite3_column_int64 (row, 4),
    .expires_usec = sqlite3_column_int64 (row, 5),
    .ended_usec = sqlite3_column_int64 (row, 6),
    .end = sqlite3_column_int (row, 7),
    .silent = sqlite3_column_int (row, 8) != 0,
    .answered = sqlite3_column_int (row, 9) != 0,
  };
}

/* No caller has to think of what else may stand in a file. */
static gboolean
makes_sense (const SigninHistoryRecord *record)
{
  return record->account != NULL && signin_text_is_id (record->account) && record->source != NULL
         && signin_source_check (record->source, NULL);
}

/**
 * signin_store_read_history:
 * @store: a store
 * @filter: which sessions
 * @func: shown each of them, in the order in which they were recorded
 * @user_data: for @func
 * @error: where to put what went wrong
 *
 * Rows that make no sense are passed over, and do not count.
 *
 * Returns: whether all of it could be read; if not, @error is %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_store_read_history (SigninStore *store, const SigninHistoryFilter *filter, SigninHistoryFunc func,
                           gpointer user_data, GError **error)
{
  SigninStoreHistory *history = signin_store_get_history (store);
  sqlite3_stmt *row = prepare (history, STATEMENT_READ, error);
  int rc = SQLITE_ROW;

  if (row == NULL)
    return FALSE;
  bind_filter (row, filter);
  sqlite3_bind_int64 (row, 4, filter->after_row);
  for (gint64 n = 0; n < filter->limit && (rc = sqlite3_step (row)) == SQLITE_ROW;)
    {
      SigninHistoryRecord record;

      read_record (row, &record);
      if (!makes_sense (&record))
        continue;
      func (&record, user_data);
      n++;
    }
  if (rc != SQLITE_DONE && rc != SQLITE_ROW)
    signin_sqlite_error (history->db, _ ("Cannot read the history"), error);
  put_away (history, STATEMENT_READ);
  return rc == SQLITE_DONE || rc == SQLITE_ROW;
}
