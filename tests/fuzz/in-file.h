/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes as a file, for what reads files: in memory, and gone with the process. */

#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <glib.h>

/* The path of a file with these bytes; the next call changes them. */
static inline const char *
fuzz_in_file (const guint8 *data, gsize size)
{
  static char path[32];
  static int fd = -1;

  if (fd < 0)
    {
      fd = memfd_create ("fuzz", MFD_CLOEXEC);
      g_snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
    }
  if (fd < 0 || ftruncate (fd, 0) < 0 || pwrite (fd, data, size, 0) != (gssize) size)
    g_error ("no file in memory");
  return path;
}

/* What is wrong with an input is told as a warning or a message, ten thousand times a second. */
static inline GLogWriterOutput
fuzz_no_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  return level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR) ? g_log_writer_default (level, fields, n_fields, data)
                                                            : G_LOG_WRITER_HANDLED;
}

/* A critical is a mistake of ours, whatever the input. */
static inline void
fuzz_quiet (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    {
      g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
      g_log_set_writer_func (fuzz_no_log, NULL, NULL);
      g_once_init_leave (&once, 1);
    }
}
