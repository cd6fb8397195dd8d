/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Points in time and durations, as people read them. All in microseconds; points are of CLOCK_REALTIME. */

#pragma once

#include <glib.h>
#include <time.h>

G_BEGIN_DECLS

#define SIGNIN_CTL_MINUTE (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)
#define SIGNIN_CTL_HOUR (60 * SIGNIN_CTL_MINUTE)
#define SIGNIN_CTL_DAY_SEC (24 * 60 * 60)

/* The last instant of the year 9999: later ones cannot be written in the form of RFC 3339. */
#define SIGNIN_CTL_LAST_USEC (G_GINT64_CONSTANT (253402300799) * G_USEC_PER_SEC)

guint signin_ctl_local_instants (const struct tm *wall, gint64 instants[2]);
char *signin_ctl_format_clock (gint64 usec, gint64 now_usec);
char *signin_ctl_format_duration (gint64 usec);
char *signin_ctl_format_rfc3339 (gint64 usec);

G_END_DECLS
