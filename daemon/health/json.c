/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "json.h"

/**
 * signin_json_parse:
 * @text: a body
 * @error: return location
 *
 * Returns: (transfer full): the object or list in it, or %NULL with an error that repeats nothing of @text
 */
json_t *
signin_json_parse (GBytes *text, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (text, &size);
  json_error_t problem;
  json_t *json = json_loadb (data != NULL ? data : "", size, 0, &problem);

  if (json == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "not JSON from byte %d on", problem.position);
  return json;
}

/**
 * signin_json_get_text:
 * @object: (nullable): anything
 * @key: a key
 *
 * Returns: (transfer none) (nullable): the text under @key; %NULL if there is none, or something else
 */
const char *
signin_json_get_text (const json_t *object, const char *key)
{
  return json_string_value (json_object_get (object, key));
}
