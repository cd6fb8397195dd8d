/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SIGNIN_ID_MAX 63

gboolean signin_text_check (const char *text, gsize max_bytes, const char *what, GError **error);
char *signin_text_clean (const char *text, gsize len, gsize max_bytes);
gboolean signin_text_is_id (const char *text);
char *signin_text_escape_path (const char *text);

G_END_DECLS
