/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the files of provided accounts are. GLib's core only: signinctl links it too. */

#include "config.h"

#include "provided-path.h"

#include "text.h"

/**
 * signin_provided_system_path:
 * @name: (nullable): the name of a file
 *
 * Returns: (transfer full): the administrator's folder, or a file in it.
 */
char *
signin_provided_system_path (const char *name)
{
  return g_build_filename (SYSCONFDIR, "signind", "accounts", name, NULL);
}

/**
 * signin_provided_user_path:
 * @name: (nullable): the name of a file
 *
 * Returns: (transfer full): the person's folder, or a file in it.
 */
char *
signin_provided_user_path (const char *name)
{
  return g_build_filename (g_get_user_config_dir (), "signind", "accounts", name, NULL);
}

/**
 * signin_provided_is_shown:
 * @system_folder: the administrator's
 * @user_folder: the person's
 * @id: an account
 *
 * Returns: whether the administrator provides it, and the person has not hidden it by a file of the same name.
 */
gboolean
signin_provided_is_shown (const char *system_folder, const char *user_folder, const char *id)
{
  g_autofree char *name = g_strconcat (id, SIGNIN_PROVIDED_SUFFIX, NULL);
  g_autofree char *system_path = g_build_filename (system_folder, name, NULL);
  g_autofree char *user_path = g_build_filename (user_folder, name, NULL);

  return signin_text_is_id (id) && g_file_test (system_path, G_FILE_TEST_EXISTS)
         && !g_file_test (user_path, G_FILE_TEST_EXISTS);
}
