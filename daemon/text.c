/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which texts are let in. They end up in terminals, popups and journals, where some characters do harm. */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "errors.h"
#include "text.h"

/* Characters that reorder or break the text around them, so that people read something else than what is there. */
static gboolean
is_deceptive (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)
         || c == 0x2028 || c == 0x2029;
}

static gboolean
is_noncharacter (gunichar c)
{
  return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

static gboolean
is_control (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c <= 0x9f);
}

/**
 * signin_text_check:
 * @text: a text from outside
 * @max_bytes: how many bytes it may have, without the final null
 * @what: what it is, for the error: a few words in the caller's language
 * @error: return location
 *
 * Checks that @text is UTF-8 within the limit and harmless wherever it is shown: no control characters (and thereby no
 * terminal escapes), nothing that changes the direction of writing, no line or paragraph separators, no noncharacters.
 * Reads at most @max_bytes + 1 bytes. The error names the bound that was broken and repeats nothing of @text.
 *
 * Returns: %FALSE with #SIGNIN_ERROR_INVALID_ARGUMENT if it is not
 */
gboolean
signin_text_check (const char *text, gsize max_bytes, const char *what, GError **error)
{
  gsize len = strnlen (text, max_bytes + 1);
  const char *end;

  if (len > max_bytes)
    {
      /* TRANSLATORS: %s is the name of a detail, such as "user name" */
      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT, _ ("%s: at most %lu bytes are allowed"), what,
                   (unsigned long) max_bytes);
      return FALSE;
    }
  if (!g_utf8_validate_len (text, len, &end))
    {
      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT, _ ("%s: not valid UTF-8 at byte %lu"), what,
                   (unsigned long) (end - text) + 1);
      return FALSE;
    }
  for (const char *p = text; p < text + len; p = g_utf8_next_char (p))
    {
      gunichar c = (guchar) *p < 0x80 ? (guchar) *p : g_utf8_get_char (p);

      if (G_UNLIKELY (is_control (c) || is_deceptive (c) || is_noncharacter (c)))
        {
          g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT,
                       /* TRANSLATORS: "user name: the character U+202E at byte 3 is not allowed" */
                       _ ("%s: the character U+%04X at byte %lu is not allowed"), what, c,
                       (unsigned long) (p - text) + 1);
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * signin_text_clean:
 * @text: bytes from outside
 * @len: how many
 * @max_bytes: how many bytes are wanted, without the final null
 *
 * Makes a text of one line that is harmless wherever it is shown, for what is worth showing even if parts of it are
 * not: what signin_text_check() refuses, and white space, becomes one space between words. What is too long is cut
 * after a whole character and ends in "…".
 *
 * Returns: (transfer full): the text, which signin_text_check() accepts
 */
char *
signin_text_clean (const char *text, gsize len, gsize max_bytes)
{
  /* Enough for every text that fits; a huge one is not gone through for the little that is shown of it. */
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) MIN (len, max_bytes * 4 + 64));
  GString *clean = g_string_new (NULL);
  gboolean gap = FALSE;

  for (const char *p = valid; *p != '\0' && clean->len <= max_bytes; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_control (c) || is_deceptive (c) || is_noncharacter (c) || g_unichar_isspace (c))
        {
          gap = clean->len > 0;
          continue;
        }
      if (gap)
        g_string_append_c (clean, ' ');
      gap = FALSE;
      g_string_append_unichar (clean, c);
    }
  if (clean->len > max_bytes)
    {
      gsize end = max_bytes - MIN (max_bytes, strlen ("…"));

      while (end > 0 && ((guchar) clean->str[end] & 0xc0) == 0x80)
        end--;
      g_string_truncate (clean, end);
      if (max_bytes >= strlen ("…"))
        g_string_append (clean, "…");
    }
  return g_string_free (clean, FALSE);
}

/**
 * signin_text_is_id:
 * @text: a text from outside
 *
 * Returns: whether @text can be the id of an account or a service: a small letter or digit, then up to 62 of a-z, 0-9,
 *   dot, dash and underscore
 */
gboolean
signin_text_is_id (const char *text)
{
  gsize len = 0;

  for (; text[len] != '\0'; len++)
    {
      char c = text[len];
      gboolean alnum = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

      if (len == SIGNIN_ID_MAX || (!alnum && (len == 0 || (c != '.' && c != '_' && c != '-'))))
        return FALSE;
    }
  return len > 0;
}

/**
 * signin_text_escape_path:
 * @text: a text that is not empty
 *
 * Returns: (transfer full): it as an element of a path on the bus; every byte but letters and digits is written as
 * `_xx`
 */
char *
signin_text_escape_path (const char *text)
{
  GString *path = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p++)
    {
      if (g_ascii_isalnum (*p))
        g_string_append_c (path, *p);
      else
        g_string_append_printf (path, "_%02x", (guchar) *p);
    }
  return g_string_free (path, FALSE);
}
