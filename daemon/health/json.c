/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "json.h"
#include "stamp.h"
#include "text.h"

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, what);
  return FALSE;
}

/* The library allows 2048 levels and any number of values, each many times larger than the two bytes that make one. */
static gboolean
check_bounds (const char *bytes, gsize len, GError **error)
{
  guint depth = 0, values = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < len; i++)
    {
      char c = bytes[i];

      if (in_string && c == '\\')
        i++;
      else if (c == '"')
        in_string = !in_string;
      else if (!in_string && (c == '[' || c == '{'))
        depth++;
      else if (!in_string && (c == ']' || c == '}'))
        depth -= MIN (depth, 1);
      if (!in_string && (c == ',' || c == ':' || c == '[' || c == '{'))
        values++;
      if (depth > SIGNIN_JSON_DEPTH_MAX)
        return refuse (error, "nested deeper than " G_STRINGIFY (SIGNIN_JSON_DEPTH_MAX));
      if (values > SIGNIN_JSON_VALUES_MAX)
        return refuse (error, "more than " G_STRINGIFY (SIGNIN_JSON_VALUES_MAX) " values");
    }
  return TRUE;
}

/**
 * signin_json_parse:
 * @text: a body
 * @error: return location
 *
 * Reads a JSON text within the bounds above; it may begin with a byte order mark.
 *
 * Returns: (transfer full): the object or list in it, or %NULL with %G_IO_ERROR_INVALID_DATA, which repeats nothing of
 *   @text
 */
json_t *
signin_json_parse (GBytes *text, GError **error)
{
  static const char mark[] = "\xef\xbb\xbf";
  gsize len;
  const char *bytes = g_bytes_get_data (text, &len);
  json_error_t problem;
  json_t *json;

  if (len >= strlen (mark) && memcmp (bytes, mark, strlen (mark)) == 0)
    {
      bytes += strlen (mark);
      len -= strlen (mark);
    }
  if (!check_bounds (bytes, len, error))
    return NULL;
  json = json_loadb (bytes != NULL ? bytes : "", len, 0, &problem);
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

/**
 * signin_json_get_time:
 * @object: (nullable): anything
 * @key: a key
 *
 * Returns: the instant under @key, in microseconds of CLOCK_REALTIME; 0 if there is none
 */
gint64
signin_json_get_time (const json_t *object, const char *key)
{
  return signin_stamp_parse (signin_json_get_text (object, key));
}

/**
 * signin_json_get_clean:
 * @object: (nullable): anything
 * @key: a key
 * @max_bytes: how many bytes are wanted
 *
 * Returns: (transfer full): the text under @key, fit to be shown; empty if there is none
 */
char *
signin_json_get_clean (const json_t *object, const char *key, gsize max_bytes)
{
  const json_t *text = json_object_get (object, key);

  return json_is_string (text) ? signin_text_clean (json_string_value (text), json_string_length (text), max_bytes)
                               : g_strdup ("");
}
