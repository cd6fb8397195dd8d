/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What store.c and store-open.c share. */

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

G_END_DECLS
