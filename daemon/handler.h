/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char **signin_handler_command (const char *uri, const char *const *environment, GError **error);

G_END_DECLS
