/* SPDX-License-Identifier: GPL-3.0-or-later */

/* JSON from outside: at most as large as a body is, and not nested deeper than jansson follows. */

#pragma once

#include <gio/gio.h>
#include <jansson.h>

G_BEGIN_DECLS

json_t *signin_json_parse (GBytes *text, GError **error);
const char *signin_json_get_text (const json_t *object, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)

G_END_DECLS
