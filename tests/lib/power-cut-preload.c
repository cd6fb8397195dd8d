/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Preloaded into signind, it keeps a log of all that a power cut could undo: each change of a file below
 * POWER_CUT_FOLDER goes to POWER_CUT_LOG with what stood there before, and each fsync with the file that is safe from
 * then on. Who reads the log after a kill decides which of the unsafe changes the disk ever saw.
 *
 * A record is one line "KIND OFFSET OLD-SIZE LENGTH OLD-LENGTH PATH", KIND being write, truncate or sync; after a write
 * come LENGTH bytes as written and OLD-LENGTH bytes as they were.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The path of an open file, if a power cut can harm it. */
static int
is_watched (int fd, char path[4096], struct stat *st)
{
  const char *folder = getenv ("POWER_CUT_FOLDER");
  char link[64];
  ssize_t length;

  if (!folder || fd <= STDERR_FILENO || fstat (fd, st) < 0 || !S_ISREG (st->st_mode))
    return 0;
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink (link, path, 4095);
  if (length < 0)
    return 0;
  path[length] = '\0';
  return strncmp (path, folder, strlen (folder)) == 0;
}

/* One call of the kernel a record: a kill leaves it whole or not at all. */
static void
put (const char *kind, const char *path, off64_t offset, off64_t old_size, const void *data, size_t size,
     const void *old, size_t n_old)
{
  const char *log_path = getenv ("POWER_CUT_LOG");
  char head[4200];
  int fd = open (log_path ? log_path : "/dev/null", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  int length = snprintf (head, sizeof head, "%s %lld %lld %zu %zu %s\n", kind, (long long) offset, (long long) old_size,
                         size, n_old, path);
  struct iovec parts[] = { { head, (size_t) length }, { (void *) data, size }, { (void *) old, n_old } };

  if (fd < 0 || syscall (SYS_writev, fd, parts, 3) != (ssize_t) ((size_t) length + size + n_old))
    _exit (99);
  close (fd);
}

static void
log_write (int fd, const void *data, size_t size, off64_t offset)
{
  char path[4096];
  struct stat st;
  void *old;
  ssize_t n_old;
  int saved = errno;

  pthread_mutex_lock (&lock);
  if (is_watched (fd, path, &st))
    {
      if (offset < 0)
        offset = lseek64 (fd, 0, SEEK_CUR);
      old = malloc (size + 1);
      /* Not by another descriptor of the file: closing that would drop SQLite's locks. */
      n_old = old ? pread64 (fd, old, size, offset) : 0;
      put ("write", path, offset, st.st_size, data, size, old, n_old > 0 ? (size_t) n_old : 0);
      free (old);
    }
  pthread_mutex_unlock (&lock);
  errno = saved;
}

static void
log_sync (int fd)
{
  char path[4096];
  struct stat st;

  pthread_mutex_lock (&lock);
  if (is_watched (fd, path, &st))
    put ("sync", path, 0, st.st_size, NULL, 0, NULL, 0);
  pthread_mutex_unlock (&lock);
}

ssize_t
write (int fd, const void *data, size_t size)
{
  ssize_t (*real) (int, const void *, size_t);

  *(void **) &real = dlsym (RTLD_NEXT, "write");
  log_write (fd, data, size, -1);
  return real (fd, data, size);
}

ssize_t
pwrite (int fd, const void *data, size_t size, off_t offset)
{
  ssize_t (*real) (int, const void *, size_t, off_t);

  *(void **) &real = dlsym (RTLD_NEXT, "pwrite");
  log_write (fd, data, size, offset);
  return real (fd, data, size, offset);
}

ssize_t
pwrite64 (int fd, const void *data, size_t size, off64_t offset)
{
  ssize_t (*real) (int, const void *, size_t, off64_t);

  *(void **) &real = dlsym (RTLD_NEXT, "pwrite64");
  log_write (fd, data, size, offset);
  return real (fd, data, size, offset);
}

static void
log_truncate (int fd, off64_t size)
{
  char path[4096];
  struct stat st;

  pthread_mutex_lock (&lock);
  if (is_watched (fd, path, &st))
    put ("truncate", path, size, st.st_size, NULL, 0, NULL, 0);
  pthread_mutex_unlock (&lock);
}

int
ftruncate (int fd, off_t size)
{
  int (*real) (int, off_t);

  *(void **) &real = dlsym (RTLD_NEXT, "ftruncate");
  log_truncate (fd, size);
  return real (fd, size);
}

int
ftruncate64 (int fd, off64_t size)
{
  int (*real) (int, off64_t);

  *(void **) &real = dlsym (RTLD_NEXT, "ftruncate64");
  log_truncate (fd, size);
  return real (fd, size);
}

int
fsync (int fd)
{
  int (*real) (int), status;

  *(void **) &real = dlsym (RTLD_NEXT, "fsync");
  status = real (fd);
  if (status == 0)
    log_sync (fd);
  return status;
}

int
fdatasync (int fd)
{
  int (*real) (int), status;

  *(void **) &real = dlsym (RTLD_NEXT, "fdatasync");
  status = real (fd);
  if (status == 0)
    log_sync (fd);
  return status;
}
