/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The hosts that people do not want to be asked about. */

#include "config.h"

#include <glib/gi18n.h>

#include "store-private.h"

/**
 * signin_store_load_refused:
 * @store: a store
 * @error: where to put what went wrong
 *
 * Returns: (transfer full): the hosts that are kept, ended by %NULL; %NULL with %SIGNIN_ERROR_STORAGE if they cannot be
 *   read
 */
char **
signin_store_load_refused (SigninStore *store, GError **error)
{
  sqlite3 *db = signin_store_get_database (store);
  g_autoptr (GPtrArray) hosts = g_ptr_array_new_with_free_func (g_free);
  sqlite3_stmt *row = NULL;
  int rc = sqlite3_prepare_v2 (db, "SELECT host FROM refused ORDER BY host", -1, &row, NULL);

  while (rc == SQLITE_OK && (rc = sqlite3_step (row)) == SQLITE_ROW)
    {
      g_ptr_array_add (hosts, g_strdup ((const char *) sqlite3_column_text (row, 0)));
      rc = SQLITE_OK;
    }
  sqlite3_finalize (row);
  if (rc != SQLITE_DONE)
    {
      signin_sqlite_error (db, _ ("Cannot read what is stored"), error);
      return NULL;
    }
  g_ptr_array_add (hosts, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&hosts), FALSE);
}

/**
 * signin_store_put_refused:
 * @store: a store in which no transaction is open
 * @host: a host that nobody wants to be asked about
 * @error: where to put what went wrong
 *
 * Keeps the host.
 *
 * Returns: whether it is on disk; if not, @error is %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_store_put_refused (SigninStore *store, const char *host, GError **error)
{
  sqlite3 *db = signin_store_get_database (store);
  sqlite3_stmt *statement = NULL;
  int rc = sqlite3_prepare_v2 (db, "INSERT OR IGNORE INTO refused VALUES (?1)", -1, &statement, NULL);

  if (rc == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, host, -1, SQLITE_STATIC);
      rc = sqlite3_step (statement);
    }
  sqlite3_finalize (statement);
  if (rc == SQLITE_DONE)
    return TRUE;
  signin_sqlite_error (db, _ ("Cannot store it"), error);
  return FALSE;
}
