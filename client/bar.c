/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "bar.h"

static guint
filled_cells (gint64 begin_usec, gint64 end_usec, gint64 now_usec, guint cells)
{
  double part;

  if (now_usec >= end_usec)
    return cells;
  if (now_usec <= begin_usec || cells == 0)
    return 0;
  part = (double) (now_usec - begin_usec) / (double) (end_usec - begin_usec);
  /* Rounding must never say "over" of what still runs. */
  return MIN ((guint) (part * cells), cells - 1);
}

/**
 * signin_ctl_bar:
 * @begin_usec: when it began
 * @end_usec: when it ends
 * @now_usec: now, on the same clock
 * @cells: how wide the bar is
 * @unicode: more than ASCII can be shown
 *
 * Returns: (transfer full): a bar that fills up as the time goes by; an empty cell is left as long as any time is.
 */
char *
signin_ctl_bar (gint64 begin_usec, gint64 end_usec, gint64 now_usec, guint cells, gboolean unicode)
{
  guint filled = filled_cells (begin_usec, end_usec, now_usec, cells);
  GString *bar = g_string_new (unicode ? NULL : "[");

  for (guint i = 0; i < cells; i++)
    if (unicode)
      g_string_append (bar, i < filled ? "█" : "░");
    else
      g_string_append_c (bar, i < filled ? '#' : '-');
  if (!unicode)
    g_string_append_c (bar, ']');
  return g_string_free (bar, FALSE);
}
