/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Instants as servers write them. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gint64 signin_stamp_parse (const char *text);
gboolean signin_stamp_is_near (gint64 usec, gint64 now_usec, gint64 within_usec);

G_END_DECLS
