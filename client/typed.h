/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Points in time and durations, as people type them. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean signin_ctl_parse_duration (const char *text, gint64 *usec, GError **error);
gboolean signin_ctl_parse_bound (const char *text, gint64 now_usec, gboolean is_end, gint64 *usec, GError **error);
gboolean signin_ctl_parse_point (const char *text, gint64 now_usec, gint64 *usec, GError **error);

G_END_DECLS
