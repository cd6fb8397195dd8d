/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Preloaded into a program, it holds the clock on the wall at the second that FIXED_CLOCK names. The other clocks go
 * on, and with them whatever has a bound. */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

int
clock_gettime (clockid_t which, struct timespec *time)
{
  static int (*real) (clockid_t, struct timespec *);
  const char *fixed = getenv ("FIXED_CLOCK");

  if (which == CLOCK_REALTIME && fixed != NULL)
    {
      *time = (struct timespec){ .tv_sec = atoll (fixed) };
      return 0;
    }
  if (real == NULL)
    real = (int (*) (clockid_t, struct timespec *)) dlsym (RTLD_NEXT, "clock_gettime");
  return real (which, time);
}

/* What GLib asks. */
int
gettimeofday (struct timeval *restrict time, void *restrict zone)
{
  struct timespec now;

  if (clock_gettime (CLOCK_REALTIME, &now) < 0)
    return -1;
  *time = (struct timeval){ .tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000 };
  return 0;
}
