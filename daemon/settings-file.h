/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A settings file, line by line: GKeyFile does not know in which line something stands. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninSettingsLineFunc:
 * @group: the group it stands in
 * @key: what is left of the equals sign, or %NULL for the line that begins @group
 * @value: what is right of it, without spaces around
 * @line: its number, from 1
 *
 * One line that says something. Its texts are harmless wherever they are shown.
 */
typedef void (*SigninSettingsLineFunc) (const char *group, const char *key, const char *value, guint line,
                                        gpointer user_data);

gboolean signin_settings_file_read (const char *path, SigninSettingsLineFunc func, gpointer user_data, char **problem);

G_END_DECLS
