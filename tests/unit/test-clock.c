/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The real clock and its GSource, under a preloaded shim that steps the wall clock for this process alone. How late a
 * deadline fires is never asserted: that it does not fire early, and how often it wakes us, is. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "shim.h"

#define MSEC ((gint64) 1000)
#define SEC ((gint64) G_USEC_PER_SEC)
#define HOUR (3600 * SEC)

/* Ends the test where something waits for ever. */
#define BOUND_SEC 60

typedef struct
{
  GMainContext *context;
  SigninClock *clock;
  guint calls;
  SigninNow called_at;
} Fixture;

static void
on_clock (gpointer user_data)
{
  Fixture *f = user_data;

  f->calls++;
  signin_clock_read (f->clock, &f->called_at);
}

/* Attaching a source wakes the context once. */
static void
settle (Fixture *f)
{
  while (g_main_context_iteration (f->context, FALSE))
    ;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->context = g_main_context_new ();
  f->clock = signin_clock_new_real (f->context, &error);
  g_assert_no_error (error);
  signin_clock_set_func (f->clock, on_clock, f);
  settle (f);
  shim.counts ();
  alarm (BOUND_SEC);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  shim.cancel_reads (0);
  shim.cancel_settimes (0);
  g_clear_pointer (&f->clock, signin_clock_free);
  g_main_context_unref (f->context);
}

static gint64
real_now (Fixture *f)
{
  SigninNow now;

  signin_clock_read (f->clock, &now);
  return now.real_usec;
}

/* Waits as a daemon does; whatever wakes us must be a call of the function. */
static void
wait_for_one_wakeup (Fixture *f)
{
  guint calls = f->calls;

  g_main_context_iteration (f->context, TRUE);
  g_assert_cmpuint (f->calls, ==, calls + 1);
  g_assert_false (g_main_context_iteration (f->context, FALSE));
}

static void
test_deadline (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 5; i++)
    {
      gint64 deadline = real_now (f) + 10 * MSEC;

      g_assert_true (signin_clock_arm (f->clock, deadline));
      wait_for_one_wakeup (f);
      g_assert_cmpint (f->called_at.real_usec, >=, deadline);
    }
  g_assert_cmpuint (shim.counts ().reads, ==, 5);
}

/* To the microsecond, in a second and at its end, and once. */
static void
test_armed_for (Fixture *f, gconstpointer data)
{
  static const gint64 deadlines[] = { 1, SEC, 1800000720 * SEC + 1, 1800000720 * SEC + 999999 };

  for (guint i = 0; i < G_N_ELEMENTS (deadlines); i++)
    {
      ClockShimCounts counts;

      g_assert_true (signin_clock_arm (f->clock, deadlines[i]));
      counts = shim.counts ();
      g_assert_cmpint (counts.armed_nsec, ==, deadlines[i] * 1000);
      g_assert_cmpint (counts.period_nsec, ==, 0);
    }
}

static gint64
read_usec (clockid_t id)
{
  struct timespec ts;

  g_assert_cmpint (clock_gettime (id, &ts), ==, 0);
  return ts.tv_sec * SEC + ts.tv_nsec / 1000;
}

static void
test_readings (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 100; i++)
    {
      gint64 real = read_usec (CLOCK_REALTIME), boot = read_usec (CLOCK_BOOTTIME);
      SigninNow now;

      signin_clock_read (f->clock, &now);
      g_assert_cmpint (now.real_usec, >=, real);
      g_assert_cmpint (now.real_usec, <=, read_usec (CLOCK_REALTIME));
      g_assert_cmpint (now.boot_usec, >=, boot);
      g_assert_cmpint (now.boot_usec, <=, read_usec (CLOCK_BOOTTIME));
    }
}

static void
test_past (Fixture *f, gconstpointer data)
{
  static const gint64 past[] = { G_MININT64, -1, 0, 1, SEC };

  for (guint i = 0; i < G_N_ELEMENTS (past); i++)
    {
      g_assert_true (signin_clock_arm (f->clock, past[i]));
      wait_for_one_wakeup (f);
    }
}

/* Arming takes the place of what was armed, and never adds to it. */
static void
test_rearm (Fixture *f, gconstpointer data)
{
  gint64 now = real_now (f);

  g_assert_true (signin_clock_arm (f->clock, now + 5 * MSEC));
  g_assert_true (signin_clock_arm (f->clock, now + 30 * MSEC));
  wait_for_one_wakeup (f);
  g_assert_cmpint (f->called_at.real_usec, >=, now + 30 * MSEC);

  g_assert_true (signin_clock_arm (f->clock, G_MAXINT64));
  g_assert_true (signin_clock_arm (f->clock, real_now (f) + 5 * MSEC));
  wait_for_one_wakeup (f);
}

/* Lets so much time pass, by another clock on the same context. */
static void
let_pass (Fixture *f, gint64 usec)
{
  Fixture other = { .context = f->context };

  other.clock = signin_clock_new_real (f->context, NULL);
  g_assert_nonnull (other.clock);
  signin_clock_set_func (other.clock, on_clock, &other);
  signin_clock_arm (other.clock, real_now (f) + usec);
  while (other.calls == 0)
    g_main_context_iteration (f->context, TRUE);
  signin_clock_free (other.clock);
  settle (f);
}

static void
test_disarm (Fixture *f, gconstpointer data)
{
  signin_clock_arm (f->clock, real_now (f) + 5 * MSEC);
  signin_clock_disarm (f->clock);
  shim.step (HOUR);
  let_pass (f, 15 * MSEC);
  g_assert_cmpuint (f->calls, ==, 0);

  /* A deadline that was reached, but not yet looked at, is gone as well. */
  signin_clock_arm (f->clock, 1);
  signin_clock_disarm (f->clock);
  g_assert_false (g_main_context_iteration (f->context, FALSE));
  g_assert_cmpuint (f->calls, ==, 0);
}

/* Between poll() and the look at what it found, somebody else took back the deadline. */
static void
test_disarm_after_poll (Fixture *f, gconstpointer data)
{
  GPollFD fds[8];
  int priority, timeout, n;

  g_assert_true (signin_clock_arm (f->clock, 1));
  g_assert_true (g_main_context_acquire (f->context));
  g_main_context_prepare (f->context, &priority);
  n = g_main_context_query (f->context, priority, &timeout, fds, G_N_ELEMENTS (fds));
  g_assert_cmpint (g_poll (fds, n, -1), >, 0);
  g_assert_true (g_main_context_check (f->context, priority, fds, n));
  signin_clock_disarm (f->clock);
  g_main_context_dispatch (f->context);
  g_main_context_release (f->context);
  g_assert_cmpuint (f->calls, ==, 0);
}

/* What went wrong before, elsewhere, plays no part. */
static void
test_old_errno (Fixture *f, gconstpointer data)
{
  g_assert_true (signin_clock_arm (f->clock, 1));
  errno = EAGAIN;
  wait_for_one_wakeup (f);
}

static void
test_step (Fixture *f, gconstpointer data)
{
  static const gint64 steps[] = { HOUR, -HOUR, 24 * HOUR, -24 * HOUR, 10 * SEC, -10 * SEC };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      SigninNow before;
      gint64 deadline;

      signin_clock_read (f->clock, &before);
      g_assert_true (signin_clock_arm (f->clock, before.real_usec + 2 * HOUR));
      shim.step (steps[i]);
      wait_for_one_wakeup (f);
      g_assert_true (signin_now_stepped (&before, &f->called_at));
      g_assert_cmpuint (shim.counts ().cancels, ==, 1);

      deadline = f->called_at.real_usec + 10 * MSEC;
      g_assert_true (signin_clock_arm (f->clock, deadline));
      wait_for_one_wakeup (f);
      g_assert_cmpint (f->called_at.real_usec, >=, deadline);
      g_assert_cmpuint (shim.counts ().cancels, ==, 0);
    }
}

/* To 1970 and back: no reading, however odd, is special. */
static void
test_step_to_1970 (Fixture *f, gconstpointer data)
{
  gint64 way = real_now (f) - 5 * SEC;

  shim.step (-way);
  g_assert_cmpint (real_now (f), <, 60 * SEC);
  g_assert_true (signin_clock_arm (f->clock, real_now (f) + 5 * MSEC));
  wait_for_one_wakeup (f);
  g_assert_true (signin_clock_arm (f->clock, real_now (f) + HOUR));
  shim.step (way);
  wait_for_one_wakeup (f);
}

static void
test_resume (Fixture *f, gconstpointer data)
{
  SigninNow before;

  signin_clock_read (f->clock, &before);
  g_assert_true (signin_clock_arm (f->clock, before.real_usec + HOUR));
  shim.sleep (10 * HOUR);
  wait_for_one_wakeup (f); /* although it was cancelled and has passed as well */
  g_assert_cmpint (f->called_at.boot_usec - before.boot_usec, >=, 10 * HOUR);
  g_assert_false (signin_now_stepped (&before, &f->called_at));

  g_assert_true (signin_clock_arm (f->clock, f->called_at.real_usec + 5 * MSEC));
  wait_for_one_wakeup (f);
}

/* A step between a wake-up and arming again is told by arming, which has armed all the same. */
static void
test_step_at_arm (Fixture *f, gconstpointer data)
{
  g_assert_true (signin_clock_arm (f->clock, 1));
  wait_for_one_wakeup (f);
  shim.step_at_settime (-HOUR);
  g_assert_false (signin_clock_arm (f->clock, real_now (f) - HOUR + 20 * MSEC));
  wait_for_one_wakeup (f);
}

static void
test_cancelled_settime (Fixture *f, gconstpointer data)
{
  gint64 deadline = real_now (f) + 10 * MSEC;

  shim.cancel_settimes (1);
  g_assert_false (signin_clock_arm (f->clock, deadline));
  wait_for_one_wakeup (f);
  g_assert_cmpint (f->called_at.real_usec, >=, deadline);
  g_assert_true (signin_clock_arm (f->clock, 1));
}

/* If everything says ECANCELED, always, each call makes one system call, and deadlines come all the same. */
static void
test_endless_cancel (Fixture *f, gconstpointer data)
{
  gint64 deadline = real_now (f) + 20 * MSEC;
  ClockShimCounts counts;

  shim.cancel_settimes (CLOCK_SHIM_ALWAYS);
  shim.cancel_reads (CLOCK_SHIM_ALWAYS);
  g_assert_false (signin_clock_arm (f->clock, deadline));
  wait_for_one_wakeup (f);
  g_assert_cmpint (f->called_at.real_usec, >=, deadline);
  counts = shim.counts ();
  g_assert_cmpuint (counts.settimes, ==, 1);
  g_assert_cmpuint (counts.reads, ==, 1);
  g_assert_cmpuint (counts.cancels, ==, 2);
}

static void
test_cancelled_read (Fixture *f, gconstpointer data)
{
  gint64 deadline = real_now (f) + 30 * MSEC;

  g_assert_true (signin_clock_arm (f->clock, deadline));
  shim.cancel_reads (1);
  wait_for_one_wakeup (f);
  g_assert_true (signin_clock_arm (f->clock, deadline));
  wait_for_one_wakeup (f);
  g_assert_cmpint (f->called_at.real_usec, >=, deadline);
}

/* Rule 1a: a process that is stopped between the readings tries again; the boot reading after the real one counts. */
static void
test_pair (Fixture *f, gconstpointer data)
{
  SigninNow before, after;
  guint n_single = 0;

  /* Unless this process was really stopped in between, once is enough. */
  for (guint i = 0; i < 100; i++)
    {
      signin_clock_read (f->clock, &before);
      n_single += shim.counts ().real_readings == 1;
    }
  g_assert_cmpuint (n_single, >=, 50);
  shim.slow_readings (2 * MSEC, 1);
  signin_clock_read (f->clock, &after);
  g_assert_cmpuint (shim.counts ().real_readings, >=, 2);
  shim.slow_readings (HOUR, 2);
  signin_clock_read (f->clock, &after);
  g_assert_cmpuint (shim.counts ().real_readings, >=, 3);
  g_assert_false (signin_now_stepped (&before, &after));
  g_assert_cmpint (after.boot_usec - before.boot_usec, >=, 2 * HOUR);

  /* It does not try for ever; and what it gives then is still a pair. */
  shim.slow_readings (HOUR, CLOCK_SHIM_ALWAYS);
  signin_clock_read (f->clock, &after);
  g_assert_cmpuint (shim.counts ().real_readings, ==, 8);
  shim.slow_readings (0, 0);
  g_assert_false (signin_now_stepped (&before, &after));
}

static void
test_boot_id (Fixture *f, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GString) id = g_string_new (NULL);
  SigninNow now, again;

  signin_clock_read (f->clock, &now);
  signin_clock_read (f->clock, &again);
  g_assert_false (sd_id128_is_null (now.boot_id));
  g_assert_true (sd_id128_equal (now.boot_id, again.boot_id));
  g_assert_true (g_file_get_contents ("/proc/sys/kernel/random/boot_id", &text, NULL, NULL));
  for (guint i = 0; i < sizeof now.boot_id.bytes; i++)
    g_string_append_printf (id, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", now.boot_id.bytes[i]);
  g_assert_cmpstr (g_strchomp (text), ==, id->str);
  g_assert_cmpint (again.boot_usec, >=, now.boot_usec);
}

static void
test_free_armed (Fixture *f, gconstpointer data)
{
  signin_clock_arm (f->clock, 1);
  g_clear_pointer (&f->clock, signin_clock_free);
  g_assert_false (g_main_context_iteration (f->context, FALSE));
  g_assert_cmpuint (f->calls, ==, 0);
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
test_no_leak (Fixture *f, gconstpointer data)
{
  guint n = count_open_files ();

  signin_clock_free (signin_clock_new_real (f->context, NULL));
  g_assert_cmpuint (count_open_files (), ==, n);
}

/* Of the one descriptor that is a @link. */
static void
expect_flags (const char *link, int command, int flag)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;
  guint n = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);

      if (g_strcmp0 (target, link) != 0)
        continue;
      n++;
      g_assert_cmpint (fcntl (atoi (name), command) & flag, ==, flag);
    }
  g_assert_cmpuint (n, ==, 1);
}

static void
test_flags (Fixture *f, gconstpointer data)
{
  expect_flags ("anon_inode:[timerfd]", F_GETFD, FD_CLOEXEC);
  expect_flags ("anon_inode:[timerfd]", F_GETFL, O_NONBLOCK);
}

static void
test_no_more_files (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  struct rlimit before, none;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  none = (struct rlimit){ .rlim_cur = 0, .rlim_max = before.rlim_max };
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &none), ==, 0);
  g_assert_null (signin_clock_new_real (f->context, &error));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES);
}

static void
test_no_func (Fixture *f, gconstpointer data)
{
  signin_clock_set_func (f->clock, NULL, NULL);
  signin_clock_arm (f->clock, 1);
  g_main_context_iteration (f->context, TRUE);
  g_assert_cmpuint (f->calls, ==, 0);
}

#define ADD(path, func) g_test_add ("/clock/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  shim_preload (argv);
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  ADD ("deadline", test_deadline);
  ADD ("armed-for", test_armed_for);
  ADD ("readings", test_readings);
  ADD ("past", test_past);
  ADD ("rearm", test_rearm);
  ADD ("disarm", test_disarm);
  ADD ("disarm-after-poll", test_disarm_after_poll);
  ADD ("old-errno", test_old_errno);
  ADD ("step", test_step);
  ADD ("step-to-1970", test_step_to_1970);
  ADD ("resume", test_resume);
  ADD ("step-at-arm", test_step_at_arm);
  ADD ("cancelled-settime", test_cancelled_settime);
  ADD ("cancelled-read", test_cancelled_read);
  ADD ("endless-cancel", test_endless_cancel);
  ADD ("pair", test_pair);
  ADD ("boot-id", test_boot_id);
  ADD ("free-armed", test_free_armed);
  ADD ("no-leak", test_no_leak);
  ADD ("flags", test_flags);
  ADD ("no-more-files", test_no_more_files);
  ADD ("no-func", test_no_func);
  return g_test_run ();
}
