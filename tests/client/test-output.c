/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is written: bars, lines that fit, clean texts, JSON. */

#include "config.h"

#include "client/bar.h"
#include "client/json.h"
#include "client/output.h"

#define HOUR (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

static void
assert_bar (gint64 now_usec, const char *expected)
{
  g_autofree char *bar = signin_ctl_bar (0, 8 * HOUR, now_usec, 12, FALSE);

  g_assert_cmpstr (bar, ==, expected);
}

static void
test_bar (void)
{
  g_autofree char *unicode = signin_ctl_bar (0, 8 * HOUR, 8 * HOUR - HOUR * 72 / 60, 12, TRUE);
  g_autofree char *none = signin_ctl_bar (5, 5, 4, 12, FALSE);

  g_assert_cmpstr (unicode, ==, "██████████░░");
  assert_bar (-HOUR, "[------------]");
  assert_bar (0, "[------------]");
  assert_bar (HOUR * 40 / 60 - 1, "[------------]");
  assert_bar (HOUR * 40 / 60, "[#-----------]");
  assert_bar (4 * HOUR, "[######------]");
  assert_bar (8 * HOUR - 1, "[###########-]");
  assert_bar (8 * HOUR, "[############]");
  assert_bar (G_MAXINT64, "[############]");
  g_assert_cmpstr (none, ==, "[------------]");
}

static void
test_clean (void)
{
  static const struct
  {
    const char *text;
    const char *clean;
  } cases[] = { { NULL, "" },
                { "contoso", "contoso" },
                { "a\033[31mb", "a[31mb" },
                { "a\nb\rc\td\x7f", "abcd" },
                { "a\xc2\x9b"
                  "31mb",
                  "a31mb" },
                { "a\xe2\x80\xae"
                  "b",
                  "ab" },
                { "a\xe2\x81\xa6"
                  "b\xe2\x80\xa8",
                  "ab" },
                { "Jürgen", "Jürgen" },
                { "a\xff"
                  "b",
                  "a\xef\xbf\xbd"
                  "b" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = signin_ctl_clean (cases[i].text);

      g_assert_cmpstr (clean, ==, cases[i].clean);
    }
}

static void
test_columns (void)
{
  g_assert_cmpuint (signin_ctl_columns (""), ==, 0);
  g_assert_cmpuint (signin_ctl_columns ("Jürgen"), ==, 6);
  g_assert_cmpuint (signin_ctl_columns ("日本"), ==, 4);
  g_assert_cmpuint (signin_ctl_columns ("e\xcc\x81"), ==, 1);
  g_assert_cmpuint (signin_ctl_columns ("\033[1;31mab\033[0m"), ==, 2);
}

static void
assert_short (gboolean unicode, guint columns, const char *text, const char *expected)
{
  SigninCtlStyle style = { .width = 80, .unicode = unicode };
  g_autofree char *shortened = signin_ctl_shorten (&style, text, columns);

  g_assert_cmpstr (shortened, ==, expected);
}

static void
test_shorten (void)
{
  assert_short (TRUE, 7, "contoso", "contoso");
  assert_short (TRUE, 6, "contoso", "conto…");
  assert_short (FALSE, 6, "contoso", "con...");
  assert_short (TRUE, 4, "日本語", "日…");
  assert_short (TRUE, 1, "contoso", "…");
}

static void
assert_fits (const char *text, guint width, gboolean colour)
{
  SigninCtlStyle style = { .width = width, .unicode = TRUE, .colour = colour };
  g_autoptr (GString) out = g_string_new ("● ");
  g_auto (GStrv) lines = NULL;

  signin_ctl_wrap (out, &style, 2, 4, text);
  g_assert_true (g_str_has_suffix (out->str, "\n"));
  lines = g_strsplit (out->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_cmpuint (signin_ctl_columns (lines[i]), <=, width);
}

static void
test_wrap (void)
{
  SigninCtlStyle style = { .width = 20 };
  g_autoptr (GString) out = g_string_new (NULL);

  signin_ctl_wrap (out, &style, 0, 2, "one two three four five six");
  g_assert_cmpstr (out->str, ==, "one two three four\n  five six\n");
  g_string_truncate (out, 0);
  signin_ctl_wrap (out, &style, 0, 2, "12345678901234567890");
  g_assert_cmpstr (out->str, ==, "123456789012345...\n");
  g_string_truncate (out, 0);
  signin_ctl_wrap (out, &style, 0, 0, "12345678901234567890 x");
  g_assert_cmpstr (out->str, ==, "12345678901234567890\nx\n");
  g_string_truncate (out, 0);
  signin_ctl_wrap (out, &style, 0, 0, "");
  g_assert_cmpstr (out->str, ==, "\n");

  for (guint width = SIGNIN_CTL_WIDTH_MIN; width < 100; width++)
    {
      assert_fits ("contoso: \033[32msigned in since 08:12 (a-very-long-source-indeed-longer-than-a-line)\033[0m",
                   width, TRUE);
      assert_fits ("Dynamics 365, 日本語日本語日本語日本語日本語日本語@contoso.onmicrosoft.com", width, FALSE);
    }
}

static void
test_command (void)
{
  const SigninCtlStyle style = { .width = 20 };
  g_autoptr (GString) out = g_string_new (NULL);

  signin_ctl_command (out, &style, 2, "signinctl add abcd");
  g_assert_cmpstr (out->str, ==, "  signinctl add abcd\n");
  g_string_truncate (out, 0);
  signin_ctl_command (out, &style, 2, "signinctl add abcde");
  g_assert_cmpstr (out->str, ==, "  signinctl add \\\n    abcde\n");
  /* An address that is wider than the terminal: half of it would be of no use. */
  g_string_truncate (out, 0);
  signin_ctl_command (out, &style, 2, "signinctl add abcdefghijklmnopqrstuvwxyz");
  g_assert_cmpstr (out->str, ==, "  signinctl add \\\n    abcdefghijklmnopqrstuvwxyz\n");
}

static void
test_json (void)
{
  g_auto (SigninCtlJson) json = { NULL };
  g_autofree char *text = NULL;

  signin_ctl_json_init (&json, TRUE);
  signin_ctl_json_string (&json, "a", "x\"\\\n\033/é");
  signin_ctl_json_string (&json, "b", "");
  signin_ctl_json_array (&json, "c");
  signin_ctl_json_int (&json, NULL, -1);
  signin_ctl_json_object (&json, NULL);
  signin_ctl_json_end (&json, '}');
  signin_ctl_json_end (&json, ']');
  signin_ctl_json_array (&json, "d");
  signin_ctl_json_end (&json, ']');
  signin_ctl_json_bool (&json, "e", TRUE);
  signin_ctl_json_time (&json, "f", G_USEC_PER_SEC);
  signin_ctl_json_time (&json, "g", 0);
  signin_ctl_json_duration (&json, "h_sec", 2 * G_USEC_PER_SEC - 1);
  signin_ctl_json_duration (&json, "i_sec", -1);
  text = signin_ctl_json_finish (&json);
  g_assert_cmpstr (text, ==,
                   "{\"version\":1,\"a\":\"x\\\"\\\\\\u000a\\u001b/é\",\"b\":null,\"c\":[-1,{}],\"d\":[],\"e\":true,"
                   "\"f\":\"1970-01-01T00:00:01+00:00\",\"f_sec\":1,\"g\":null,\"g_sec\":null,\"h_sec\":1,"
                   "\"i_sec\":null}\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/output/bar", test_bar);
  g_test_add_func ("/output/clean", test_clean);
  g_test_add_func ("/output/columns", test_columns);
  g_test_add_func ("/output/shorten", test_shorten);
  g_test_add_func ("/output/wrap", test_wrap);
  g_test_add_func ("/output/command", test_command);
  g_test_add_func ("/output/json", test_json);
  return g_test_run ();
}
