/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What anybody may have put into mimeapps.list and a desktop file: the first line that is "--" is between the two.
 * Whatever they say, a program that is there is started, and never a shell on the way to it. */

#include "config.h"

#include <string.h>

#include "handler.h"

#include "in-file.h"
#include "in-folder.h"

#define BETWEEN "\n--\n"
#define URI "https://contoso.crm4.dynamics.com/main.aspx?a=%22b&c='d e'"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static char *list, *desktop, *environment[6];

static void
make_places (void)
{
  g_autofree char *applications = g_build_filename (fuzz_folder (), "applications", NULL);

  g_assert_cmpint (g_mkdir (applications, 0700), ==, 0);
  list = g_build_filename (fuzz_folder (), "mimeapps.list", NULL);
  desktop = g_build_filename (applications, "fuzz.desktop", NULL);
  environment[0] = g_strconcat ("XDG_CONFIG_HOME=", fuzz_folder (), NULL);
  environment[1] = g_strconcat ("XDG_DATA_HOME=", fuzz_folder (), NULL);
  environment[2] = g_strdup ("XDG_CONFIG_DIRS=/nonexistent");
  environment[3] = g_strdup ("XDG_DATA_DIRS=/nonexistent");
  environment[4] = g_strdup ("PATH=/usr/bin:/bin");
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  const char *between = strstr (text, BETWEEN);
  gsize len = between != NULL ? (gsize) (between - text) + strlen (BETWEEN) : size;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = NULL;

  fuzz_quiet ();
  if (list == NULL)
    make_places ();
  fuzz_put (list, data, between != NULL ? (gsize) (between - text) + 1 : size);
  fuzz_put (desktop, data + len, size - len);
  argv = signin_handler_command (URI, (const char *const *) environment, &error);
  g_assert_true ((argv == NULL) == (error != NULL));
  if (argv == NULL)
    return 0;
  g_assert_true (g_path_is_absolute (argv[0]));
  g_assert_true (g_file_test (argv[0], G_FILE_TEST_IS_EXECUTABLE));
  g_assert_cmpuint (g_strv_length (argv), >=, 2);
  return 0;
}
