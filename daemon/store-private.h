/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the store share: store-open.c opens, store.c keeps what is true, store-history.c what was,
 * store-rest.c gives back what rest does not need. */

#pragma once

#include <sqlite3.h>

#include "store.h"

G_BEGIN_DECLS

void signin_sqlite_error (sqlite3 *db, const char *what, GError **error);

/**
 * SigninStoreOpened:
 * @db: the database, never %NULL
 * @mode: whether it keeps anything
 * @locked: another process has the file
 * @problem: why it keeps nothing, for people, or %NULL
 *
 * What opening led to.
 */
typedef struct
{
  sqlite3 *db;
  SigninStoreMode mode;
  gboolean locked;
  char *problem;
} SigninStoreOpened;

sqlite3 *signin_store_get_database (SigninStore *store);
void signin_store_open_database (const char *path, SigninStoreOpened *opened);

typedef struct _SigninStoreHistory SigninStoreHistory;

SigninStoreHistory *signin_store_history_new (sqlite3 *db);
void signin_store_history_free (SigninStoreHistory *history);
SigninStoreHistory *signin_store_get_history (SigninStore *store);

/**
 * SigninStoreRest:
 * @db: whose memory is given back
 * @source: what waits until then, 0 if nothing does; who has this removes that source
 *
 * When a store rests.
 */
typedef struct
{
  sqlite3 *db;
  guint source;
} SigninStoreRest;

void signin_store_rest (sqlite3 *db);
void signin_store_rest_later (SigninStoreRest *rest);

G_END_DECLS
