/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Preloaded into signind, it lets the disk be bad for as long as the file that BAD_DISK names is there: what changes a
 * file fails with the error whose number stands in it, or as on a full disk where none does. All else goes on.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int
wanted_error (const char *path)
{
  char text[16] = "";
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd >= 0 ? read (fd, text, sizeof text - 1) : -1;

  if (fd >= 0)
    close (fd);
  if (length < 0)
    return 0;
  return atoi (text) > 0 ? atoi (text) : ENOSPC;
}

static int
is_bad (int fd)
{
  const char *path = getenv ("BAD_DISK");
  int saved = errno;
  struct stat st;
  int error = path && fd > STDERR_FILENO && fstat (fd, &st) == 0 && S_ISREG (st.st_mode) ? wanted_error (path) : 0;

  errno = error ? error : saved;
  return error != 0;
}

ssize_t
write (int fd, const void *data, size_t size)
{
  ssize_t (*real) (int, const void *, size_t);

  *(void **) &real = dlsym (RTLD_NEXT, "write");
  return is_bad (fd) ? -1 : real (fd, data, size);
}

ssize_t
pwrite (int fd, const void *data, size_t size, off_t offset)
{
  ssize_t (*real) (int, const void *, size_t, off_t);

  *(void **) &real = dlsym (RTLD_NEXT, "pwrite");
  return is_bad (fd) ? -1 : real (fd, data, size, offset);
}

ssize_t
pwrite64 (int fd, const void *data, size_t size, off64_t offset)
{
  ssize_t (*real) (int, const void *, size_t, off64_t);

  *(void **) &real = dlsym (RTLD_NEXT, "pwrite64");
  return is_bad (fd) ? -1 : real (fd, data, size, offset);
}

int
fsync (int fd)
{
  int (*real) (int);

  *(void **) &real = dlsym (RTLD_NEXT, "fsync");
  return is_bad (fd) ? -1 : real (fd);
}

int
fdatasync (int fd)
{
  int (*real) (int);

  *(void **) &real = dlsym (RTLD_NEXT, "fdatasync");
  return is_bad (fd) ? -1 : real (fd);
}
