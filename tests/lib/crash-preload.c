/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Preloaded into signind, it ends the process by SIGKILL right before one chosen call of those that leave traces
 * outside: write, pwrite, fsync, fdatasync, send, sendmsg. What the kernel was given before stays given; nothing else
 * does.
 *
 *   CRASH_AT     the N-th such call is never made (1 is the first)
 *   CRASH_ONLY   name of a call: only these are counted
 *   CRASH_AFTER  text: count only from the moment at which a message with this text was sent
 *   CRASH_LOG    file to which the name of that call and the number of calls before it are appended
 *
 * Writes to eventfds and to the standard streams are not counted: they are wake-ups and words, not traces.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static long crash_at;
static const char *crash_after;
static const char *crash_only;
static atomic_long n_calls;
static atomic_bool counting;

static ssize_t (*real_write) (int, const void *, size_t);
static ssize_t (*real_pwrite) (int, const void *, size_t, off_t);
static ssize_t (*real_pwrite64) (int, const void *, size_t, off64_t);
static ssize_t (*real_send) (int, const void *, size_t, int);
static int (*real_fsync) (int);
static int (*real_fdatasync) (int);
static ssize_t (*real_sendmsg) (int, const struct msghdr *, int);

static void
set_up (void)
{
  const char *at = getenv ("CRASH_AT");

  *(void **) &real_write = dlsym (RTLD_NEXT, "write");
  *(void **) &real_pwrite = dlsym (RTLD_NEXT, "pwrite");
  *(void **) &real_pwrite64 = dlsym (RTLD_NEXT, "pwrite64");
  *(void **) &real_send = dlsym (RTLD_NEXT, "send");
  *(void **) &real_fsync = dlsym (RTLD_NEXT, "fsync");
  *(void **) &real_fdatasync = dlsym (RTLD_NEXT, "fdatasync");
  *(void **) &real_sendmsg = dlsym (RTLD_NEXT, "sendmsg");
  crash_at = at ? atol (at) : 0;
  crash_after = getenv ("CRASH_AFTER");
  crash_only = getenv ("CRASH_ONLY");
  atomic_store (&counting, !crash_after || !*crash_after);
}

static void
leave_word (const char *name, long n)
{
  const char *path = getenv ("CRASH_LOG");
  char line[64];
  int length;
  int fd;

  if (!path)
    return;
  fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  length = snprintf (line, sizeof line, "%s %ld\n", name, n - 1);
  if (fd < 0 || syscall (SYS_write, fd, line, (size_t) length) != length)
    _exit (99);
  close (fd);
}

static void
count (const char *name)
{
  long n;

  if (!crash_at || !atomic_load (&counting) || (crash_only && strcmp (crash_only, name) != 0))
    return;
  n = atomic_fetch_add (&n_calls, 1) + 1;
  if (n != crash_at)
    return;
  leave_word (name, n);
  kill (getpid (), SIGKILL);
  /* The kill is on its way to every thread; this one must not make the call meanwhile. */
  for (;;)
    pause ();
}

static int
leaves_no_trace (int fd)
{
  struct stat st;

  return fd <= STDERR_FILENO || fstat (fd, &st) < 0 || (st.st_mode & S_IFMT) == 0;
}

/* Counting begins once a message with the chosen text was sent. */
static void
look_at (const void *data, size_t size)
{
  if (crash_after && memmem (data, size, crash_after, strlen (crash_after)))
    atomic_store (&counting, 1);
}

ssize_t
write (int fd, const void *data, size_t size)
{
  pthread_once (&once, set_up);
  if (!leaves_no_trace (fd))
    count ("write");
  return real_write (fd, data, size);
}

ssize_t
pwrite (int fd, const void *data, size_t size, off_t offset)
{
  pthread_once (&once, set_up);
  count ("pwrite");
  return real_pwrite (fd, data, size, offset);
}

ssize_t
pwrite64 (int fd, const void *data, size_t size, off64_t offset)
{
  pthread_once (&once, set_up);
  count ("pwrite");
  return real_pwrite64 (fd, data, size, offset);
}

int
fsync (int fd)
{
  pthread_once (&once, set_up);
  count ("fsync");
  return real_fsync (fd);
}

int
fdatasync (int fd)
{
  pthread_once (&once, set_up);
  count ("fdatasync");
  return real_fdatasync (fd);
}

/* Where GDBus sends messages that carry no file descriptors. */
ssize_t
send (int fd, const void *data, size_t size, int flags)
{
  ssize_t sent;

  pthread_once (&once, set_up);
  count ("send");
  sent = real_send (fd, data, size, flags);
  if (sent > 0)
    look_at (data, (size_t) sent);
  return sent;
}

ssize_t
sendmsg (int fd, const struct msghdr *message, int flags)
{
  ssize_t sent;

  pthread_once (&once, set_up);
  count ("sendmsg");
  sent = real_sendmsg (fd, message, flags);
  for (size_t i = 0; sent > 0 && i < message->msg_iovlen; i++)
    look_at (message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
  return sent;
}
