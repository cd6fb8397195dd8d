/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Data files: keyfiles that anybody may have written, read within bounds. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SIGNIN_DATAFILE_MAX (64 * 1024)

char *signin_datafile_path (const char *name);
GString *signin_datafile_read_text (const char *path, gsize max_bytes, GError **error);
GKeyFile *signin_datafile_read (const char *path, GError **error);
gboolean signin_datafile_text (GKeyFile *file, const char *group, const char *key, gsize max_bytes, char **text,
                               GError **error);
void signin_datafile_translate (char **text);
gboolean signin_datafile_list (GKeyFile *file, const char *group, const char *key, char ***list, GError **error);
gboolean signin_datafile_flag (GKeyFile *file, const char *group, const char *key, gboolean *flag, GError **error);
gboolean signin_datafile_duration (GKeyFile *file, const char *group, const char *key, gint64 *usec, GError **error);
gboolean signin_datafile_parse_duration (const char *text, gint64 *usec);
gboolean signin_datafile_fault (GError **error, const char *group, const char *key, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
void signin_datafile_warn_unknown (GKeyFile *file, const char *path, const char *group, const char *const *known);

G_END_DECLS
