/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Changes to the person's own settings file, which leave the rest of it as it is. */

#pragma once

#include "settings.h"

G_BEGIN_DECLS

char *signin_ctl_settings_edit (const char *text, SigninSetting setting, const char *value);
gboolean signin_ctl_settings_write (const char *path, char *const *values, GError **error);

G_END_DECLS
