/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SIGNIN_PROVIDED_SUFFIX ".conf"

char *signin_provided_system_path (const char *name);
char *signin_provided_user_path (const char *name);
gboolean signin_provided_is_shown (const char *system_folder, const char *user_folder, const char *id);

G_END_DECLS
