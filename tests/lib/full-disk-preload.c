/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Preloaded into signind, it lets the disk be full for as long as the file that FULL_DISK names is there: writes to
 * files fail with ENOSPC, those to anything else go on.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int
is_full (int fd)
{
  const char *path = getenv ("FULL_DISK");
  int saved = errno;
  struct stat st;
  int full = path && fd > STDERR_FILENO && access (path, F_OK) == 0 && fstat (fd, &st) == 0 && S_ISREG (st.st_mode);

  errno = full ? ENOSPC : saved;
  return full;
}

ssize_t
write (int fd, const void *data, size_t size)
{
  ssize_t (*real) (int, const void *, size_t);

  *(void **) &real = dlsym (RTLD_NEXT, "write");
  return is_full (fd) ? -1 : real (fd, data, size);
}

ssize_t
pwrite (int fd, const void *data, size_t size, off_t offset)
{
  ssize_t (*real) (int, const void *, size_t, off_t);

  *(void **) &real = dlsym (RTLD_NEXT, "pwrite");
  return is_full (fd) ? -1 : real (fd, data, size, offset);
}

ssize_t
pwrite64 (int fd, const void *data, size_t size, off64_t offset)
{
  ssize_t (*real) (int, const void *, size_t, off64_t);

  *(void **) &real = dlsym (RTLD_NEXT, "pwrite64");
  return is_full (fd) ? -1 : real (fd, data, size, offset);
}
