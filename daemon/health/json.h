/* SPDX-License-Identifier: GPL-3.0-or-later */

/* JSON that others wrote: read within bounds, and asked without assuming what is in it. */

#pragma once

#include <gio/gio.h>
#include <jansson.h>

G_BEGIN_DECLS

#define SIGNIN_JSON_DEPTH_MAX 16
#define SIGNIN_JSON_VALUES_MAX 16384

json_t *signin_json_parse (GBytes *text, GError **error);
const char *signin_json_get_text (const json_t *object, const char *key);
gint64 signin_json_get_time (const json_t *object, const char *key);
char *signin_json_get_clean (const json_t *object, const char *key, gsize max_bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)

G_END_DECLS
