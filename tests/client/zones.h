/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Time zones by their rules, so that no files are needed: ordinary ones, and whatever is odd about time on this planet.
 */

#pragma once

#include <glib.h>
#include <time.h>

static const char *const zones[] = {
  "UTC0",
  "CET-1CEST,M3.5.0,M10.5.0/3",
  "EST5EDT,M3.2.0,M11.1.0",
  "IST-5:30",
  "<+0545>-5:45",
  "IST-1GMT0,M10.5.0,M3.5.0/1",                   /* Dublin: it is the winter that is special */
  "CST5CDT,M3.2.0/0,M11.1.0/1",                   /* Havana: a day begins at 01:00 */
  "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",              /* Nuuk: clocks change on the evening before */
  "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",         /* Lord Howe: by half an hour */
  "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45", /* Chatham */
  "EET-2EEST,M3.4.4/50,M10.4.4/50",               /* Gaza: two days after the fourth Thursday */
  "<-04>4<-03>,M9.1.6/24,M4.1.6/24",              /* Santiago: at midnight */
  "NZST-12NZDT,M9.5.0,M4.1.0/3",
  "<+14>-14",
  "<-12>12",
};

static inline void
use_zone (guint i)
{
  g_setenv ("TZ", zones[i % G_N_ELEMENTS (zones)], TRUE);
  tzset ();
}
