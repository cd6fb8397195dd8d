/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bus.h"

G_BEGIN_DECLS

#define SIGNIN_CTL_NOTIFICATIONS "org.freedesktop.Notifications"
#define SIGNIN_CTL_NOTIFICATIONS_PATH "/org/freedesktop/Notifications"

guint signin_ctl_notify (sd_bus *bus, const char *title, const char *body, GError **error);
guint signin_ctl_notify_text (sd_bus *bus, const char *text, GError **error);

G_END_DECLS
