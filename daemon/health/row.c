/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "row.h"

/* An address can be longer than what people read. */
#define ADDRESS_MAX_CHARS 2048

static const char *const kind_texts[SIGNIN_N_ROW_KINDS] = {
  [SIGNIN_ROW_SUMMARY] = "summary",     [SIGNIN_ROW_ORGANIZATION] = "organization",
  [SIGNIN_ROW_AUTHORITY] = "authority", [SIGNIN_ROW_PORTAL] = "portal",
  [SIGNIN_ROW_HOME] = "home",           [SIGNIN_ROW_DISCONTINUED] = "discontinued",
  [SIGNIN_ROW_FEED] = "feed",           [SIGNIN_ROW_GRAPH] = "graph",
};

/**
 * signin_row_kind_to_text:
 * @kind: a kind
 *
 * Returns: (transfer none): its word on the bus
 */
const char *
signin_row_kind_to_text (SigninRowKind kind)
{
  return kind_texts[kind];
}

/* Controls, and what turns the direction of writing, could do harm where the text is shown: blanks stand for them. */
static gboolean
is_harmless (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return TRUE;
    }
}

static char *
clean (const char *text, guint max_chars)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *cleaned = g_string_new (NULL);
  guint n = 0;

  for (const char *p = valid; *p != '\0' && n < max_chars; p = g_utf8_next_char (p), n++)
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (cleaned, is_harmless (c) ? c : ' ');
    }
  return g_string_free (cleaned, FALSE);
}

static void
add_text (GVariantBuilder *builder, const char *key, const char *text, guint max_chars)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_take_string (clean (text, max_chars)));
}

static void
add_number (GVariantBuilder *builder, const char *key, gint64 number)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_uint64 ((guint64) MAX (number, 0)));
}

/**
 * signin_row_to_variant:
 * @row: a result
 *
 * Returns: (transfer floating): the same as a{sv}, in one piece of memory
 */
GVariant *
signin_row_to_variant (const SigninRow *row)
{
  GVariantBuilder builder;
  GVariant *variant;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "kind", kind_texts[row->kind], SIGNIN_ROW_TEXT_MAX_CHARS);
  add_text (&builder, "account", row->account, SIGNIN_ROW_TEXT_MAX_CHARS);
  add_text (&builder, "name", row->name, ADDRESS_MAX_CHARS);
  add_text (&builder, "verdict", signin_verdict_to_text (row->verdict), SIGNIN_ROW_TEXT_MAX_CHARS);
  add_text (&builder, "reason", row->reason, SIGNIN_ROW_TEXT_MAX_CHARS);
  add_text (&builder, "asked", row->asked, ADDRESS_MAX_CHARS);
  add_number (&builder, "at", row->at_usec);
  g_variant_builder_add (&builder, "{sv}", "status", g_variant_new_uint32 (row->status));
  add_number (&builder, "dns_usec", row->times.dns_usec);
  add_number (&builder, "connect_usec", row->times.connect_usec);
  add_number (&builder, "tls_usec", row->times.tls_usec);
  add_number (&builder, "first_byte_usec", row->times.first_byte_usec);
  add_number (&builder, "total_usec", row->times.total_usec);
  add_number (&builder, "retry_after_sec", (gint64) row->retry_after_sec);
  add_text (&builder, "detail", row->detail, SIGNIN_ROW_TEXT_MAX_CHARS);
  if (row->kind == SIGNIN_ROW_ORGANIZATION)
    add_text (&builder, "tenant", row->tenant, SIGNIN_ROW_TEXT_MAX_CHARS);
  if (row->kind == SIGNIN_ROW_FEED || row->kind == SIGNIN_ROW_GRAPH)
    {
      add_text (&builder, "title", row->title, SIGNIN_ROW_TEXT_MAX_CHARS);
      add_text (&builder, "issue_id", row->issue_id, SIGNIN_ROW_TEXT_MAX_CHARS);
      add_number (&builder, "since", row->since_usec);
      add_text (&builder, "url", row->url, ADDRESS_MAX_CHARS);
    }
  variant = g_variant_builder_end (&builder);
  /* As a tree of its values it would take ten times as much, for as long as it is known. */
  g_variant_get_data (variant);
  return variant;
}

static gboolean
has_text (GVariant *row, const char *key, const char *text)
{
  const char *value;

  return g_variant_lookup (row, key, "&s", &value) && g_str_equal (value, text);
}

static GVariant *
extend (GVariant *row, GVariant *addition)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (row);
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, addition);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    if (!g_variant_dict_contains (&dict, key))
      g_variant_dict_insert_value (&dict, key, value);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

/**
 * signin_rows_add:
 * @rows: (element-type GVariant): results
 * @row: another one, or an addition to those of an organization
 *
 * Adds @row, or what it tells to the results that it belongs into.
 */
void
signin_rows_add (GPtrArray *rows, GVariant *row)
{
  const char *name = "";

  if (!has_text (row, "kind", SIGNIN_ROW_ADDITION))
    {
      g_ptr_array_add (rows, g_variant_ref (row));
      return;
    }
  g_variant_lookup (row, "name", "&s", &name);
  for (guint i = 0; i < rows->len; i++)
    {
      GVariant *old = g_ptr_array_index (rows, i);

      if (!has_text (old, "kind", "organization") || !has_text (old, "name", name))
        continue;
      g_ptr_array_index (rows, i) = extend (old, row);
      g_variant_unref (old);
    }
}
