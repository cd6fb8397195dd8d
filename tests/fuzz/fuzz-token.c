/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the token command is called, and what it writes: the same bytes as both. A token goes into a header as it is. */

#include "config.h"

#include <string.h>

#include "token.h"

#include "in-file.h"

#define RESOURCE "https://graph.microsoft.com"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_command (const char *command)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = signin_token_command_parse (command, RESOURCE, &error);

  g_assert_true ((argv == NULL) == (error != NULL));
  if (argv == NULL)
    return;
  g_assert_true (g_path_is_absolute (argv[0]));
  g_assert_cmpuint (g_strv_length (argv), <=, 64);
  for (char **word = argv + 1; *word != NULL; word++)
    g_assert_null (strstr (*word, "%r"));
}

static void
check_output (const char *output, gsize size)
{
  gsize len = 0;
  const char *found = signin_token_find (output, size, &len);

  if (found == NULL)
    return;
  g_assert_true (found >= output && found + len <= output + size);
  g_assert_cmpuint (len, >=, 16);
  for (gsize i = 0; i < len; i++)
    g_assert_true (g_ascii_isgraph (found[i]) && found[i] != ',' && found[i] != '"');
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  fuzz_quiet ();
  check_command (text);
  check_output ((const char *) data, size);
  return 0;
}
