/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A service file and a regions file of somebody's own: the same bytes as both. */

#include "config.h"

#include "services.h"

#include "in-file.h"
#include "in-folder.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A folder with one service file in it, which is the file in memory. */
static const char *
folder_of (const char *path)
{
  static char *link;

  if (link == NULL)
    {
      link = g_build_filename (fuzz_folder (), "own.conf", NULL);
      if (symlink (path, link) < 0)
        g_error ("no link");
    }
  return fuzz_folder ();
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *path, *folders[2] = { NULL };
  g_autoptr (SigninServices) services = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  fuzz_quiet ();
  path = fuzz_in_file (data, size);
  folders[0] = folder_of (path);
  services = signin_services_load_from (folders, path, &error);
  if (services == NULL)
    return 0;
  for (const SigninService *const *s = signin_services_list (services); *s != NULL; s++)
    g_assert_true (signin_services_get (services, (*s)->id) == *s);
  signin_services_find_region_host (services, "contoso.crm4.dynamics.com", &length);
  return 0;
}
