/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands where a browser looks for our manifest: what is not of signind is never touched. */

#include "config.h"

#include <string.h>

#include "client/browsers.h"

#include "in-file.h"
#include "in-folder.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static char *path;

static void
set_up (void)
{
  g_autofree char *folder = NULL;
  g_autofree char *program = g_build_filename (fuzz_folder (), "signind-browser-host", NULL);

  g_setenv ("XDG_CONFIG_HOME", fuzz_folder (), TRUE);
  g_setenv ("SIGNIND_LIBEXECDIR", fuzz_folder (), TRUE);
  fuzz_put (program, (const guint8 *) "#!/bin/true\n", 12);
  g_assert_cmpint (g_chmod (program, 0700), ==, 0);
  path = signin_browser_manifest_path (signin_browser_find ("chromium"));
  folder = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
}

static void
check_untouched (const guint8 *data, gsize size)
{
  g_autofree char *text = NULL;
  gsize len = 0;

  g_assert_true (g_file_get_contents (path, &text, &len, NULL));
  g_assert_cmpmem (text, len, data, size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const SigninBrowser *browser = signin_browser_find ("chromium");
  gboolean foreign, changed = FALSE;

  fuzz_quiet ();
  if (path == NULL)
    set_up ();
  fuzz_put (path, data, size);
  foreign = signin_browser_manifest_look (browser) == SIGNIN_MANIFEST_FOREIGN;
  g_assert_true (signin_browser_manifest_install (browser, &changed, NULL) == !foreign);
  if (!foreign)
    g_assert_cmpint (signin_browser_manifest_look (browser), ==, SIGNIN_MANIFEST_GOOD);
  g_assert_true (signin_browser_manifest_remove (browser, &changed, NULL) == !foreign);
  if (foreign)
    check_untouched (data, size);
  else
    g_assert_cmpint (signin_browser_manifest_look (browser), ==, SIGNIN_MANIFEST_MISSING);
  return 0;
}
