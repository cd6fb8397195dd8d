/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Preloaded: shifts CLOCK_REALTIME for one process, and tells its timerfds of it as the kernel does. For programs whose
 * timers belong to one thread. */

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "clock-shim.h"

#define NSEC_PER_SEC INT64_C (1000000000)
#define MAX_FDS 1024

typedef struct
{
  bool is_timer;
  bool is_listed; /* asked to be told of steps */
  bool is_cancelled;
  int flags;
  struct itimerspec spec; /* in shifted time */
} Timer;

static int (*real_clock_gettime) (clockid_t, struct timespec *);
static int (*real_timerfd_create) (int, int);
static int (*real_timerfd_settime) (int, int, const struct itimerspec *, struct itimerspec *);
static ssize_t (*real_read) (int, void *, size_t);
static int (*real_close) (int);

static Timer timers[MAX_FDS];
static int64_t real_shift_nsec;
static int64_t boot_shift_nsec;
static int64_t step_at_settime_usec;
static int64_t slow_usec;
static uint32_t slow_times;
static uint32_t reads_to_cancel;
static uint32_t settimes_to_cancel;
static ClockShimCounts counts;

__attribute__ ((constructor)) static void
find_real_functions (void)
{
  real_clock_gettime = dlsym (RTLD_NEXT, "clock_gettime");
  real_timerfd_create = dlsym (RTLD_NEXT, "timerfd_create");
  real_timerfd_settime = dlsym (RTLD_NEXT, "timerfd_settime");
  real_read = dlsym (RTLD_NEXT, "read");
  real_close = dlsym (RTLD_NEXT, "close");
}

static void
shift (struct timespec *ts, int64_t nsec)
{
  nsec += ts->tv_nsec;
  ts->tv_sec += nsec / NSEC_PER_SEC;
  ts->tv_nsec = nsec % NSEC_PER_SEC;
  if (ts->tv_nsec < 0)
    {
      ts->tv_nsec += NSEC_PER_SEC;
      ts->tv_sec -= 1;
    }
}

static bool
take (uint32_t *times)
{
  if (*times == 0)
    return false;
  if (*times != CLOCK_SHIM_ALWAYS)
    --*times;
  return true;
}

static Timer *
get_timer (int fd)
{
  return fd >= 0 && fd < MAX_FDS && timers[fd].is_timer ? &timers[fd] : NULL;
}

/* Arms the kernel's timer for what was asked in shifted time. */
static int
arm (int fd, const Timer *timer)
{
  struct itimerspec spec = timer->spec;
  bool is_armed = spec.it_value.tv_sec != 0 || spec.it_value.tv_nsec != 0;

  if (is_armed && (timer->flags & TFD_TIMER_ABSTIME))
    {
      shift (&spec.it_value, -real_shift_nsec);
      if (spec.it_value.tv_sec < 0)
        spec.it_value = (struct timespec){ .tv_nsec = 1 };
    }
  return real_timerfd_settime (fd, timer->flags & ~TFD_TIMER_CANCEL_ON_SET, &spec, NULL);
}

/* Makes a timer readable, so that its owner comes and reads ECANCELED. */
static void
wake_reader (int fd)
{
  const struct itimerspec past = { .it_value = { .tv_nsec = 1 } };

  real_timerfd_settime (fd, TFD_TIMER_ABSTIME, &past, NULL);
}

/* What has expired when ECANCELED is read does not become readable again. */
static void
arm_if_ahead (int fd, const Timer *timer)
{
  const struct timespec *at = &timer->spec.it_value;
  struct timespec now;

  real_clock_gettime (CLOCK_REALTIME, &now);
  shift (&now, real_shift_nsec);
  if (at->tv_sec > now.tv_sec || (at->tv_sec == now.tv_sec && at->tv_nsec > now.tv_nsec))
    arm (fd, timer);
}

static void
tell_timers (void)
{
  for (int fd = 0; fd < MAX_FDS; fd++)
    {
      Timer *timer = get_timer (fd);

      if (timer == NULL)
        continue;
      if (timer->is_listed)
        {
          timer->is_cancelled = true;
          wake_reader (fd);
        }
      else
        {
          arm (fd, timer);
        }
    }
}

void
clock_shim_step (int64_t usec)
{
  real_shift_nsec += usec * 1000;
  tell_timers ();
}

void
clock_shim_step_at_settime (int64_t usec)
{
  step_at_settime_usec = usec;
}

void
clock_shim_sleep (int64_t usec)
{
  boot_shift_nsec += usec * 1000;
  real_shift_nsec += usec * 1000;
  tell_timers ();
}

void
clock_shim_slow_readings (int64_t usec, uint32_t times)
{
  slow_usec = usec;
  slow_times = times;
}

void
clock_shim_cancel_reads (uint32_t times)
{
  reads_to_cancel = times;
  for (int fd = 0; times > 0 && fd < MAX_FDS; fd++)
    if (get_timer (fd) != NULL && timers[fd].is_listed)
      wake_reader (fd);
}

void
clock_shim_cancel_settimes (uint32_t times)
{
  settimes_to_cancel = times;
}

ClockShimCounts
clock_shim_counts (void)
{
  ClockShimCounts old = counts;

  memset (&counts, 0, sizeof counts);
  return old;
}

int
clock_gettime (clockid_t id, struct timespec *ts)
{
  int r;

  if (real_clock_gettime == NULL)
    find_real_functions ();
  if (id == CLOCK_REALTIME)
    {
      counts.real_readings++;
      if (take (&slow_times))
        {
          boot_shift_nsec += slow_usec * 1000;
          real_shift_nsec += slow_usec * 1000;
        }
    }
  r = real_clock_gettime (id, ts);
  if (r == 0 && id == CLOCK_REALTIME)
    shift (ts, real_shift_nsec);
  if (r == 0 && id == CLOCK_BOOTTIME)
    shift (ts, boot_shift_nsec);
  return r;
}

int
timerfd_create (int clockid, int flags)
{
  int fd = real_timerfd_create (clockid, flags);

  if (fd >= 0 && fd < MAX_FDS)
    timers[fd] = (Timer){ .is_timer = clockid == CLOCK_REALTIME };
  return fd;
}

int
timerfd_settime (int fd, int flags, const struct itimerspec *new_value, struct itimerspec *old_value)
{
  Timer *timer = get_timer (fd);
  bool was_listed, is_cancelled;

  if (timer == NULL || new_value == NULL)
    return real_timerfd_settime (fd, flags, new_value, old_value);

  counts.settimes++;
  counts.armed_nsec = new_value->it_value.tv_sec * NSEC_PER_SEC + new_value->it_value.tv_nsec;
  counts.period_nsec = new_value->it_interval.tv_sec * NSEC_PER_SEC + new_value->it_interval.tv_nsec;
  was_listed = timer->is_listed;
  is_cancelled = timer->is_cancelled;
  if (step_at_settime_usec != 0)
    {
      real_shift_nsec += step_at_settime_usec * 1000;
      step_at_settime_usec = 0;
      is_cancelled = is_cancelled || was_listed;
    }
  timer->flags = flags;
  timer->spec = *new_value;
  timer->is_listed = (flags & TFD_TIMER_ABSTIME) && (flags & TFD_TIMER_CANCEL_ON_SET);
  timer->is_cancelled = false;
  if (arm (fd, timer) < 0)
    return -1;

  /* As in the kernel, it is armed all the same. */
  if (timer->is_listed && (is_cancelled || take (&settimes_to_cancel)))
    {
      counts.cancels++;
      errno = ECANCELED;
      return -1;
    }
  return 0;
}

ssize_t
read (int fd, void *buffer, size_t size)
{
  Timer *timer = get_timer (fd);
  ssize_t n;

  if (real_read == NULL)
    find_real_functions ();
  n = real_read (fd, buffer, size);
  if (timer == NULL)
    return n;

  counts.reads++;
  if (n < 0 || !timer->is_listed || !(timer->is_cancelled || take (&reads_to_cancel)))
    return n;
  timer->is_cancelled = false;
  counts.cancels++;
  arm_if_ahead (fd, timer);
  errno = ECANCELED;
  return -1;
}

int
close (int fd)
{
  if (real_close == NULL)
    find_real_functions ();
  if (get_timer (fd) != NULL)
    timers[fd].is_timer = false;
  return real_close (fd);
}
