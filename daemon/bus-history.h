/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "tracker.h"

G_BEGIN_DECLS

GVariant *signin_bus_read_history (SigninTracker *tracker, GVariant *filter, GError **error);
gboolean signin_bus_forget_history (SigninTracker *tracker, GVariant *filter, GError **error);

G_END_DECLS
