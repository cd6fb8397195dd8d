/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What clock-shim.so offers to the program that it is preloaded into; found by dlsym(). */

#pragma once

#include <stdint.h>

/* Every time without end, for clock_shim_cancel_*(). */
#define CLOCK_SHIM_ALWAYS UINT32_MAX

typedef struct
{
  uint32_t settimes;
  uint32_t reads;
  uint32_t cancels;
  uint32_t real_readings;
  int64_t armed_nsec; /* what the last timerfd_settime() asked for, and again after so long */
  int64_t period_nsec;
} ClockShimCounts;

/* Sets CLOCK_REALTIME on by @usec, now. Timers that asked for it are told by ECANCELED. */
void clock_shim_step (int64_t usec);

/* The same, right before the next timerfd_settime() takes effect. */
void clock_shim_step_at_settime (int64_t usec);

/* The machine sleeps for @usec: both clocks go on, timers are told. */
void clock_shim_sleep (int64_t usec);

/* Each of the next @times readings of CLOCK_REALTIME takes @usec: the process is stopped there. */
void clock_shim_slow_readings (int64_t usec, uint32_t times);

/* The next @times read()s of a timer, or timerfd_settime()s, say ECANCELED, although nothing has happened. */
void clock_shim_cancel_reads (uint32_t times);
void clock_shim_cancel_settimes (uint32_t times);

/* What was called since this was asked the last time. */
ClockShimCounts clock_shim_counts (void);
