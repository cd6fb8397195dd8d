/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a commit costs when nothing is around it: the rows of one sign-in, with the pragmas of the store, by SQLite
 * alone. bare-sqlite FILE COUNT [SQL] prints the microseconds of each commit; SQL is run first. */

#include "config.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char prepare_sql[]
    = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = ON; PRAGMA cache_size = -512;"
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
      "CREATE TABLE IF NOT EXISTS accounts (id TEXT PRIMARY KEY, service TEXT NOT NULL) STRICT, WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS sessions (account TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,"
      " source TEXT NOT NULL, real_usec INTEGER NOT NULL, boot_usec INTEGER NOT NULL, boot_id BLOB,"
      " length_usec INTEGER NOT NULL, lead_usec INTEGER NOT NULL, announced INTEGER NOT NULL, silent INTEGER NOT NULL,"
      " dismissed INTEGER NOT NULL, PRIMARY KEY (account, source)) STRICT, WITHOUT ROWID;"
      "INSERT OR IGNORE INTO accounts VALUES ('contoso', 'dynamics365')";

static const char *const turn_sql[] = {
  "BEGIN IMMEDIATE",
  "INSERT OR REPLACE INTO sessions VALUES ('contoso', 'manual', ?1, ?1, x'00112233445566778899aabbccddeeff',"
  " 28800000000, 1200000000, 0, 0, 0)",
  "COMMIT",
};

#define N_STATEMENTS (sizeof turn_sql / sizeof *turn_sql)

static long long
now_nsec (void)
{
  struct timespec ts;

  clock_gettime (CLOCK_MONOTONIC, &ts);
  return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static void
check (sqlite3 *db, int expected, int result)
{
  if (result == expected)
    return;
  fprintf (stderr, "bare-sqlite: %s\n", sqlite3_errmsg (db));
  exit (EXIT_FAILURE);
}

int
main (int argc, char **argv)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *turn[N_STATEMENTS];

  if (argc < 3)
    {
      fputs ("Usage: bare-sqlite FILE COUNT [SQL]\n", stderr);
      return 2;
    }
  check (db, SQLITE_OK, sqlite3_open (argv[1], &db));
  check (db, SQLITE_OK, sqlite3_exec (db, prepare_sql, NULL, NULL, NULL));
  if (argc > 3)
    check (db, SQLITE_OK, sqlite3_exec (db, argv[3], NULL, NULL, NULL));
  for (size_t i = 0; i < N_STATEMENTS; i++)
    check (db, SQLITE_OK, sqlite3_prepare_v3 (db, turn_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &turn[i], NULL));

  for (int count = atoi (argv[2]); count > 0; count--)
    {
      long long begin = now_nsec ();

      sqlite3_bind_int64 (turn[1], 1, begin);
      for (size_t i = 0; i < N_STATEMENTS; i++)
        {
          check (db, SQLITE_DONE, sqlite3_step (turn[i]));
          sqlite3_reset (turn[i]);
        }
      printf ("%.3f\n", (now_nsec () - begin) / 1e3);
    }

  for (size_t i = 0; i < N_STATEMENTS; i++)
    sqlite3_finalize (turn[i]);
  sqlite3_close (db);
  return EXIT_SUCCESS;
}
