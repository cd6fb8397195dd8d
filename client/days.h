/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Days of the calendar here: 24 hours, or 23 or 25 where clocks are put forward or back. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SIGNIN_CTL_CELLS_MAX 96

/**
 * SigninCtlDay:
 * @begins: its first instant, in microseconds of CLOCK_REALTIME
 * @ends: the first instant of the next day
 * @cells: into how many parts the clock's 24 hours are divided
 * @instants: for each part, the instants at which the clock shows its middle: none, one or two; 0 where there is none
 *
 * One day, as the clock on the wall shows it.
 */
typedef struct
{
  gint64 begins;
  gint64 ends;
  guint cells;
  gint64 instants[SIGNIN_CTL_CELLS_MAX][2];
} SigninCtlDay;

gint64 signin_ctl_day_begin (gint64 usec, int days);
void signin_ctl_day_init (SigninCtlDay *day, gint64 usec, guint cells);
guint signin_ctl_day_cell (const SigninCtlDay *day, gint64 usec);
gboolean signin_ctl_day_has (const SigninCtlDay *day, guint cell);
gboolean signin_ctl_day_covers (const SigninCtlDay *day, guint cell, gint64 begins, gint64 ends);
char *signin_ctl_day_format (gint64 usec, gboolean with_year);
char *signin_ctl_day_weekday (gint64 usec);
guint signin_ctl_day_year (gint64 usec);

G_END_DECLS
