/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninHealthTold:
 * @account: an account's id, which there may be or not
 * @verdict: a word for how its service is (static)
 * @reason: why, a code; may be empty
 * @at_usec: when that was found out, in microseconds of CLOCK_REALTIME
 *
 * What signin-healthd tells of an account; texts belong to what it was read from.
 */
typedef struct
{
  const char *account;
  const char *verdict;
  const char *reason;
  gint64 at_usec;
} SigninHealthTold;

gboolean signin_health_told_read (SigninHealthTold *told, GVariant *row, gint64 now_usec);

G_END_DECLS
