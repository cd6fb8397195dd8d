/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "errors.h"
#include "text.h"

static void
assert_refused (const char *text, gsize max_bytes, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (signin_text_check (text, max_bytes, "label", &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT);
  g_assert_true (g_str_has_prefix (error->message, "label: "));
  if (strstr (error->message, part) == NULL)
    g_error ("“%s” does not speak of “%s”", error->message, part);
  /* Whatever was refused, the error itself is fit to be shown. */
  g_assert_true (signin_text_check (error->message, 1000, "error", NULL));
}

static void
assert_accepted (const char *text, gsize max_bytes)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (signin_text_check (text, max_bytes, "label", &error));
  g_assert_no_error (error);
}

static void
test_accepted (void)
{
  static const char *const texts[] = {
    "", "a", "Jürgen", "日本語", "😀", "a b  c", "«~^{}|\\\"'<>&%s", "\xc2\xa0", "\xef\xbf\xbd", "e\xcc\x81", "\xd7\xa9",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_accepted (texts[i], 64);
}

static void
test_length (void)
{
  g_autofree char *huge = g_strnfill (10 * 1000 * 1000, 'x');

  assert_accepted ("12345678", 8);
  assert_refused ("123456789", 8, "at most 8 bytes");
  assert_accepted ("äöüß", 8);
  assert_refused ("äöüßa", 8, "at most 8 bytes");
  /* A limit in the middle of a character is a limit all the same. */
  assert_refused ("äöüß", 7, "at most 7 bytes");
  assert_accepted ("", 0);
  assert_refused ("x", 0, "at most 0 bytes");
  assert_refused (huge, 254, "at most 254 bytes");
}

static void
test_encoding (void)
{
  static const struct
  {
    const char *text;
    const char *part;
  } rows[] = {
    { "\xff", "byte 1" },          { "ab\x80", "byte 3" },           { "ab\xc3", "byte 3" },   { "\xc0\xaf", "byte 1" },
    { "a\xed\xa0\x80", "byte 2" }, { "\xf5\x80\x80\x80", "byte 1" }, { "\xe2\x82", "byte 1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_refused (rows[i].text, 64, rows[i].part);
}

static gboolean
is_forbidden (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || c == 0x200e || c == 0x200f
         || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || (c >= 0xfdd0 && c <= 0xfdef)
         || (c & 0xffff) == 0xfffe || (c & 0xffff) == 0xffff;
}

/* Every character that there is, against the list in words. */
static void
test_every_character (void)
{
  for (gunichar c = 1; c <= 0x10ffff; c++)
    {
      char text[8] = "a";
      int n;

      if (c >= 0xd800 && c <= 0xdfff)
        continue;
      n = g_unichar_to_utf8 (c, text + 1);
      text[1 + n] = '\0';
      if (signin_text_check (text, 64, "label", NULL) == is_forbidden (c))
        g_error ("U+%04X is %s", c, is_forbidden (c) ? "accepted" : "refused");
    }
}

static void
test_characters (void)
{
  assert_refused ("ab\x1b[31m", 64, "U+001B at byte 3");
  assert_refused ("\xc2\x9b"
                  "31m",
                  64, "U+009B at byte 1");
  assert_refused ("a\nb", 64, "U+000A at byte 2");
  assert_refused ("user\xe2\x80\xaemoc.osotnoc", 64, "U+202E at byte 5");
  assert_refused ("\xf4\x8f\xbf\xbf", 64, "U+10FFFF at byte 1");
}

static void
test_id (void)
{
  static const char *const good[] = { "a", "0", "contoso", "a.b-c_d", "9..", "a-", "x_" };
  static const char *const bad[] = { "",    ".a", "-a", "_a",  "A",     "aB",  "a/b",
                                     "a b", "ä",  "aä", "a\n", "a\x1b", "a@b", "\xff" };
  char id[66];

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (signin_text_is_id (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (signin_text_is_id (bad[i]));
  for (guint len = 62; len <= 64; len++)
    {
      memset (id, 'a', len);
      id[len] = '\0';
      g_assert_cmpint (signin_text_is_id (id), ==, len <= 63);
    }
}

static void
assert_cleaned (const char *text, gsize max_bytes, const char *expected)
{
  g_autofree char *clean = signin_text_clean (text, strlen (text), max_bytes);

  g_assert_cmpstr (clean, ==, expected);
  g_assert_true (signin_text_check (clean, max_bytes, "label", NULL));
}

static void
test_clean (void)
{
  g_autofree char *huge = g_strnfill (10 * 1000 * 1000, ' ');
  g_autofree char *with_null = signin_text_clean ("a\0b", 3, 64);

  assert_cleaned ("", 64, "");
  assert_cleaned ("Jürgen 日本語", 64, "Jürgen 日本語");
  assert_cleaned ("  a \n\t b\r\n", 64, "a b");
  assert_cleaned ("a\x1b[31mb", 64, "a [31mb");
  assert_cleaned ("user\xe2\x80\xaemoc", 64, "user moc");
  assert_cleaned ("\xef\xbf\xbe", 64, "");
  assert_cleaned ("a\xff"
                  "b",
                  64,
                  "a\xef\xbf\xbd"
                  "b");
  assert_cleaned ("12345678", 8, "12345678");
  assert_cleaned ("123456789", 8, "12345…");
  assert_cleaned ("ääääää", 8, "ää…");
  assert_cleaned ("ääääää", 3, "…");
  assert_cleaned ("ääääää", 2, "");
  assert_cleaned (huge, 64, "");
  g_assert_true (signin_text_check (with_null, 64, "label", NULL));
}

/* Whatever is in it, what comes out is let in. */
static void
test_clean_any_bytes (void)
{
  char text[24];

  for (guint round = 0; round < 20000; round++)
    {
      gsize len = g_test_rand_int_range (0, sizeof text + 1);
      gsize max_bytes = g_test_rand_int_range (0, sizeof text + 1);
      g_autofree char *clean = NULL;

      for (gsize i = 0; i < len; i++)
        text[i] = (char) g_test_rand_int_range (0, 256);
      clean = signin_text_clean (text, len, max_bytes);
      g_assert_true (signin_text_check (clean, max_bytes, "label", NULL));
    }
}

static void
test_escape_path (void)
{
  g_autofree char *escaped = signin_text_escape_path ("a-1.b_c");

  g_assert_cmpstr (escaped, ==, "a_2d1_2eb_5fc");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/accepted", test_accepted);
  g_test_add_func ("/text/length", test_length);
  g_test_add_func ("/text/encoding", test_encoding);
  g_test_add_func ("/text/every-character", test_every_character);
  g_test_add_func ("/text/characters", test_characters);
  g_test_add_func ("/text/id", test_id);
  g_test_add_func ("/text/clean", test_clean);
  g_test_add_func ("/text/clean-any-bytes", test_clean_any_bytes);
  g_test_add_func ("/text/escape-path", test_escape_path);
  return g_test_run ();
}
