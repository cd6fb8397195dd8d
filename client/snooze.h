/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gint64 signin_ctl_usual_snooze (void);

G_END_DECLS
