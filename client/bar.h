/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SIGNIN_CTL_BAR_CELLS 12

char *signin_ctl_bar (gint64 begin_usec, gint64 end_usec, gint64 now_usec, guint cells, gboolean unicode);

G_END_DECLS
