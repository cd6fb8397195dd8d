/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "tree.h"

/**
 * tree_put:
 * @root: a folder
 * @name: a file in it, whose own folders are made
 * @text: what it says
 * @mode: who may do what with it
 *
 * Returns: (transfer full): its path
 */
char *
tree_put (const char *root, const char *name, const char *text, int mode)
{
  char *path = g_build_filename (root, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
  return path;
}

/**
 * tree_remove:
 * @path: a file or a folder with all that is in it
 */
void
tree_remove (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      tree_remove (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}
