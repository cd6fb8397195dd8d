/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "shim.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

Shim shim;

/* Without the shim in place this program starts itself again with it. */
static void
preload (char *argv[])
{
  const char *build_dir = g_getenv ("G_TEST_BUILDDIR");
  g_autofree char *program_dir = g_path_get_dirname (argv[0]);
  g_autofree char *path = build_dir != NULL ? g_build_filename (build_dir, "lib", "clock-shim.so", NULL)
                                            : g_build_filename (program_dir, "..", "lib", "clock-shim.so", NULL);
  g_autofree char *asan = g_strconcat (g_getenv ("ASAN_OPTIONS") ?: "", ":verify_asan_link_order=0", NULL);

  if (dlsym (RTLD_DEFAULT, "clock_shim_step") != NULL)
    return;
  if (g_getenv ("SIGNIN_TEST_PRELOADED") != NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_print ("Bail out! The clock shim cannot be loaded from %s\n", path);
      exit (1);
    }
  g_setenv ("SIGNIN_TEST_PRELOADED", "1", TRUE);
  g_setenv ("ASAN_OPTIONS", asan, TRUE);
  g_setenv ("LD_PRELOAD", path, TRUE);
  execv ("/proc/self/exe", argv);
  g_print ("Bail out! This program cannot be started again\n");
  exit (1);
}

static gpointer
find (const char *name)
{
  gpointer symbol = dlsym (RTLD_DEFAULT, name);

  g_assert_nonnull (symbol);
  return symbol;
}

/* To be called first of all: from here on the clock of this process is the test's. */
void
shim_preload (char *argv[])
{
  preload (argv);
  shim.step = find ("clock_shim_step");
  shim.step_at_settime = find ("clock_shim_step_at_settime");
  shim.sleep = find ("clock_shim_sleep");
  shim.slow_readings = find ("clock_shim_slow_readings");
  shim.cancel_reads = find ("clock_shim_cancel_reads");
  shim.cancel_settimes = find ("clock_shim_cancel_settimes");
  shim.counts = find ("clock_shim_counts");
}
