/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "json.h"

#include <string.h>

#include "times.h"

/**
 * signin_ctl_json_init:
 * @json: a writer
 * @compact: write all on one line
 *
 * Begins a document: an object that says of which version of this format it is.
 */
void
signin_ctl_json_init (SigninCtlJson *json, gboolean compact)
{
  *json = (SigninCtlJson){ .text = g_string_new (NULL), .compact = compact };
  signin_ctl_json_object (json, NULL);
  signin_ctl_json_int (json, "version", 1);
}

/**
 * signin_ctl_json_finish:
 * @json: a writer
 *
 * Ends the document.
 *
 * Returns: (transfer full): all of it, with an end of line.
 */
char *
signin_ctl_json_finish (SigninCtlJson *json)
{
  signin_ctl_json_end (json, '}');
  g_string_append_c (json->text, '\n');
  return g_string_free (g_steal_pointer (&json->text), FALSE);
}

/**
 * signin_ctl_json_clear:
 * @json: a writer
 *
 * Frees what was written and not taken.
 */
void
signin_ctl_json_clear (SigninCtlJson *json)
{
  if (json->text != NULL)
    g_string_free (g_steal_pointer (&json->text), TRUE);
}

static void
new_line (SigninCtlJson *json)
{
  if (!json->compact)
    g_string_append_printf (json->text, "\n%*s", (int) json->depth * 2, "");
}

static void
append_quoted (GString *text, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);

  g_string_append_c (text, '"');
  for (const char *p = valid; *p != '\0'; p++)
    if (*p == '"' || *p == '\\')
      g_string_append_printf (text, "\\%c", *p);
    else if ((guchar) *p < 0x20 || *p == 0x7f)
      g_string_append_printf (text, "\\u%04x", *p);
    else
      g_string_append_c (text, *p);
  g_string_append_c (text, '"');
}

/* Everything that comes next: the comma before it, the line it stands on, its key. */
static GString *
begin_value (SigninCtlJson *json, const char *key)
{
  if (json->more)
    g_string_append_c (json->text, ',');
  if (json->depth > 0)
    new_line (json);
  if (key != NULL)
    {
      append_quoted (json->text, key);
      g_string_append (json->text, json->compact ? ":" : ": ");
    }
  json->more = TRUE;
  return json->text;
}

static void
begin (SigninCtlJson *json, const char *key, char bracket)
{
  g_string_append_c (begin_value (json, key), bracket);
  json->depth++;
  json->more = FALSE;
}

/**
 * signin_ctl_json_object:
 * @json: a writer
 * @key: (nullable): its key, or %NULL inside of an array
 *
 * Begins an object.
 */
void
signin_ctl_json_object (SigninCtlJson *json, const char *key)
{
  begin (json, key, '{');
}

/**
 * signin_ctl_json_array:
 * @json: a writer
 * @key: (nullable): its key, or %NULL inside of an array
 *
 * Begins an array.
 */
void
signin_ctl_json_array (SigninCtlJson *json, const char *key)
{
  begin (json, key, '[');
}

/**
 * signin_ctl_json_end:
 * @json: a writer
 * @bracket: what ends it
 *
 * Ends the innermost object or array.
 */
void
signin_ctl_json_end (SigninCtlJson *json, char bracket)
{
  json->depth--;
  if (json->more)
    new_line (json);
  g_string_append_c (json->text, bracket);
  json->more = TRUE;
}

/**
 * signin_ctl_json_null:
 * @json: a writer
 * @key: (nullable): its key, or %NULL inside of an array
 *
 * Adds "nothing".
 */
void
signin_ctl_json_null (SigninCtlJson *json, const char *key)
{
  g_string_append (begin_value (json, key), "null");
}

/**
 * signin_ctl_json_string:
 * @json: a writer
 * @key: (nullable): its key, or %NULL inside of an array
 * @value: (nullable): a text; no text and an empty one are nothing
 *
 * Adds a text.
 */
void
signin_ctl_json_string (SigninCtlJson *json, const char *key, const char *value)
{
  if (value == NULL || *value == '\0')
    signin_ctl_json_null (json, key);
  else
    append_quoted (begin_value (json, key), value);
}

/**
 * signin_ctl_json_int:
 * @json: a writer
 * @key: (nullable): its key, or %NULL inside of an array
 * @value: a number
 *
 * Adds a whole number.
 */
void
signin_ctl_json_int (SigninCtlJson *json, const char *key, gint64 value)
{
  g_string_append_printf (begin_value (json, key), "%" G_GINT64_FORMAT, value);
}

/**
 * signin_ctl_json_bool:
 * @json: a writer
 * @key: (nullable): its key, or %NULL inside of an array
 * @value: yes or no
 *
 * Adds a truth.
 */
void
signin_ctl_json_bool (SigninCtlJson *json, const char *key, gboolean value)
{
  g_string_append (begin_value (json, key), value ? "true" : "false");
}

/**
 * signin_ctl_json_time:
 * @json: a writer
 * @key: its key
 * @usec: microseconds since the epoch, 0 for none
 *
 * Adds a point in time twice: as @key in the form of RFC 3339, and as @key`_sec` in whole seconds since the epoch.
 */
void
signin_ctl_json_time (SigninCtlJson *json, const char *key, gint64 usec)
{
  g_autofree char *key_sec = g_strconcat (key, "_sec", NULL);
  g_autofree char *text = usec > 0 ? signin_ctl_format_rfc3339 (usec) : NULL;

  signin_ctl_json_string (json, key, text);
  if (usec > 0)
    signin_ctl_json_int (json, key_sec, usec / G_USEC_PER_SEC);
  else
    signin_ctl_json_null (json, key_sec);
}

/**
 * signin_ctl_json_duration:
 * @json: a writer
 * @key: its key, ending in `_sec`
 * @usec: microseconds, negative for none
 *
 * Adds a duration in whole seconds.
 */
void
signin_ctl_json_duration (SigninCtlJson *json, const char *key, gint64 usec)
{
  if (usec < 0)
    signin_ctl_json_null (json, key);
  else
    signin_ctl_json_int (json, key, usec / G_USEC_PER_SEC);
}
