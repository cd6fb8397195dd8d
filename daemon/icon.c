/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "icon.h"

#include "names.h"

#define ICON_FILE "icons/hicolor/scalable/apps/" SIGNIN_DESKTOP_ID ".svg"

static gboolean
has_icon (const char *data_dir)
{
  g_autofree char *path = g_build_filename (data_dir, ICON_FILE, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/**
 * signin_icon_name:
 *
 * Returns: (transfer none): the name of our icon, if it is where icon themes are looked for, or of one that every theme
 *   has
 */
const char *
signin_icon_name (void)
{
  if (has_icon (g_get_user_data_dir ()))
    return SIGNIN_DESKTOP_ID;
  for (const char *const *dir = g_get_system_data_dirs (); *dir != NULL; dir++)
    if (has_icon (*dir))
      return SIGNIN_DESKTOP_ID;
  return "dialog-warning";
}
