/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes as files of given names, in a scratch folder that goes with the process. */

#pragma once

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

static char *fuzz_folder_path;

/* Without following links, and no deeper than a target makes folders. */
static inline void
fuzz_empty (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        fuzz_empty (path);
      g_remove (path);
    }
}

static inline void
fuzz_remove_folder (void)
{
  fuzz_empty (fuzz_folder_path);
  g_rmdir (fuzz_folder_path);
  g_free (fuzz_folder_path);
}

/* The folder; it is made by the first call. */
static inline const char *
fuzz_folder (void)
{
  if (fuzz_folder_path == NULL)
    {
      fuzz_folder_path = g_dir_make_tmp ("signind-fuzz-XXXXXX", NULL);
      if (fuzz_folder_path == NULL)
        g_error ("no folder");
      atexit (fuzz_remove_folder);
    }
  return fuzz_folder_path;
}

/* A file in the folder with these bytes, in place of the one that was there. */
static inline void
fuzz_put (const char *path, const guint8 *data, gsize size)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  if (fd < 0 || write (fd, data, size) != (gssize) size)
    g_error ("no file");
  close (fd);
}
