/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean signin_supervisor_tell (const char *state, gboolean wait);
guint64 signin_supervisor_watchdog (void);
gboolean signin_supervisor_has_us (void);

G_END_DECLS
