/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a test gets clock-shim.so into its own process, and at what it offers. */

#pragma once

#include <glib.h>

#include "clock-shim.h"

G_BEGIN_DECLS

typedef struct
{
  void (*step) (int64_t);
  void (*step_at_settime) (int64_t);
  void (*sleep) (int64_t);
  void (*slow_readings) (int64_t, uint32_t);
  void (*cancel_reads) (uint32_t);
  void (*cancel_settimes) (uint32_t);
  ClockShimCounts (*counts) (void);
} Shim;

extern Shim shim;

void shim_preload (char *argv[]);

G_END_DECLS
