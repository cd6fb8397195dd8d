/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How tracker and store grow: `many-sessions FILE COUNT` makes COUNT accounts with one running session each, which is
 * the dearest way to have so many sessions, and prints as JSON what it takes to load them, to keep them, and to change
 * one. `change` is a sign-in up to the point where its turn is due; `turn` is all of it, kept in memory instead of on
 * disk. */

#include "config.h"

#include <malloc.h>
#include <stdlib.h>
#include <time.h>

#include "tracker.h"

#define CHANGES 2000
#define BATCH 1000

typedef struct
{
  SigninClock *clock;
  SigninStore *store;
  SigninTracker *tracker;
} Rig;

static const SigninServices *services;

static void
check (gboolean done, const GError *error)
{
  if (done)
    return;
  g_printerr ("many-sessions: %s\n", error->message);
  exit (EXIT_FAILURE);
}

static void
rig_open (Rig *rig, const char *path, guint count)
{
  SigninLimits limits = { .accounts = count, .sources = 16 };
  g_autoptr (GError) error = NULL;

  rig->clock = signin_clock_new_real (NULL, &error);
  check (rig->clock != NULL, error);
  rig->store = signin_store_open (path, services);
  rig->tracker = signin_tracker_new (rig->clock, rig->store, services, &limits);
  check (signin_tracker_start (rig->tracker, &error), error);
}

static void
rig_close (Rig *rig)
{
  signin_tracker_free (rig->tracker);
  signin_store_free (rig->store);
  signin_clock_free (rig->clock);
}

static void
run_turn (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
sign_in (Rig *rig, guint number, gint64 at_usec)
{
  g_autoptr (GError) error = NULL;
  char id[16];

  g_snprintf (id, sizeof id, "account%06u", number);
  check (signin_tracker_sign_in (rig->tracker, id, "manual", at_usec, FALSE, NULL, &error), error);
}

/* None of the marks is reached while this runs: they begin an hour from now. */
static void
fill (Rig *rig, guint count)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  gint64 step_usec = 6 * G_TIME_SPAN_HOUR / count;

  details.organization = "contoso";
  details.region = "crm4";
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (GError) error = NULL;
      char id[16];

      g_snprintf (id, sizeof id, "account%06u", i);
      check (signin_tracker_add_account (rig->tracker, id, &details, &error), error);
      sign_in (rig, i, g_get_real_time () - i * step_usec);
      if (i % BATCH == BATCH - 1)
        run_turn ();
    }
  run_turn ();
}

static gsize
used_bytes (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

static double
now_usec (void)
{
  struct timespec ts;

  clock_gettime (CLOCK_MONOTONIC, &ts);
  return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}

/* The median, in microseconds: a single one may be interrupted. */
static void
time_changes (Rig *rig, guint count, double *change_usec, double *turn_usec)
{
  g_autofree double *changes = g_new (double, CHANGES), *turns = g_new (double, CHANGES);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < CHANGES; i++)
    {
      guint number = g_rand_int_range (rand, 0, count);
      gint64 at_usec = g_get_real_time () - g_rand_int_range (rand, 1, 6 * 60 * 60) * G_TIME_SPAN_SECOND;

      double begin_usec = now_usec ();

      sign_in (rig, number, at_usec);
      changes[i] = now_usec () - begin_usec;
      run_turn ();
      turns[i] = now_usec () - begin_usec;
    }
  qsort (changes, CHANGES, sizeof *changes, compare_doubles);
  qsort (turns, CHANGES, sizeof *turns, compare_doubles);
  *change_usec = changes[CHANGES / 2];
  *turn_usec = turns[CHANGES / 2];
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SigninServices) known = signin_services_load (&error);
  guint count = argc == 3 ? strtoul (argv[2], NULL, 10) : 0;
  double begin_usec, load_usec, change_usec, turn_usec;
  gsize before, after;
  Rig rig;

  check (known != NULL, error);
  if (count == 0)
    {
      g_printerr ("Usage: many-sessions FILE COUNT\n");
      return 2;
    }
  services = known;
  rig_open (&rig, argv[1], count);
  fill (&rig, count);
  rig_close (&rig);
  malloc_trim (0);

  before = used_bytes ();
  begin_usec = now_usec ();
  rig_open (&rig, argv[1], count);
  load_usec = now_usec () - begin_usec;
  run_turn ();
  after = used_bytes ();
  rig_close (&rig);

  /* No file can be made there, so the store keeps everything in memory. */
  rig_open (&rig, "/proc/none", count);
  fill (&rig, count);
  time_changes (&rig, count, &change_usec, &turn_usec);
  rig_close (&rig);

  g_print ("{\"count\": %u, \"load_sec\": %.4f, \"bytes_each\": %.1f, \"change_usec\": %.3f, \"turn_usec\": %.3f}\n",
           count, load_usec / 1e6, (double) (after - before) / count, change_usec, turn_usec);
  return EXIT_SUCCESS;
}
