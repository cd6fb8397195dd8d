/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a commit costs when nothing is around it: the rows of one more sign-in to contoso, in a database that signind
 * made and with the pragmas that it uses, by SQLite alone. bare-sqlite FILE COUNT prints the microseconds of each
 * commit. */

#include "config.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char pragmas[]
    = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = ON; PRAGMA cache_size = -128; PRAGMA secure_delete = ON;"
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 64";

static const char *const turn_sql[] = {
  "BEGIN IMMEDIATE",
  "INSERT OR REPLACE INTO sessions VALUES ('contoso', 'manual', ?1, ?1, x'00112233445566778899aabbccddeeff',"
  " 28800000000, 1200000000, 0, 0, 0, 0, 0)",
  "UPDATE history SET ended_usec = ?1, ended_how = 1 WHERE account = 'contoso' AND source = 'manual'"
  " AND ended_usec IS NULL",
  "INSERT INTO history (account, source, began_usec, warns_usec, expires_usec, silent)"
  " VALUES ('contoso', 'manual', ?1, ?1, ?1, 0)",
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

  if (argc != 3)
    {
      fputs ("Usage: bare-sqlite FILE COUNT\n", stderr);
      return 2;
    }
  check (db, SQLITE_OK, sqlite3_open (argv[1], &db));
  check (db, SQLITE_OK, sqlite3_exec (db, pragmas, NULL, NULL, NULL));
  for (size_t i = 0; i < N_STATEMENTS; i++)
    check (db, SQLITE_OK, sqlite3_prepare_v3 (db, turn_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &turn[i], NULL));

  for (int count = atoi (argv[2]); count > 0; count--)
    {
      long long begin = now_nsec ();

      for (size_t i = 0; i < N_STATEMENTS; i++)
        if (sqlite3_bind_parameter_count (turn[i]) > 0)
          sqlite3_bind_int64 (turn[i], 1, begin);
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
