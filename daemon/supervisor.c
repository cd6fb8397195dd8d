/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The service manager: the three things that we need to say to it or know of it.
 *
 * libsystemd has them too, but loads seven more libraries for it, each of which costs memory that nobody shares and
 * time at every start. The protocol is documented as stable for programs that speak it themselves: sd_notify(3). */

#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "supervisor.h"

/* How long a manager may be busy before it is left without an important message. */
#define WAIT_MSEC 5000

static gboolean
get_address (struct sockaddr_un *address, socklen_t *length)
{
  const char *path = g_getenv ("NOTIFY_SOCKET");
  gsize path_length = path != NULL ? strlen (path) : 0;

  if (path == NULL || (*path != '/' && *path != '@') || path_length >= sizeof address->sun_path)
    return FALSE;

  *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
  memcpy (address->sun_path, path, path_length);
  if (*path == '@')
    address->sun_path[0] = '\0'; /* a name that is in no file system */
  *length = offsetof (struct sockaddr_un, sun_path) + path_length;
  return TRUE;
}

static gboolean
send_state (int fd, const char *state, gboolean wait)
{
  struct pollfd writable = { .fd = fd, .events = POLLOUT };
  int flags = MSG_NOSIGNAL | MSG_DONTWAIT;

  if (send (fd, state, strlen (state), flags) >= 0)
    return TRUE;
  if (errno != EAGAIN || !wait || poll (&writable, 1, WAIT_MSEC) <= 0)
    return FALSE;
  return send (fd, state, strlen (state), flags) >= 0;
}

/**
 * signin_supervisor_tell:
 * @state: lines such as "READY=1"
 * @wait: whether this is worth waiting for a manager that is busy; for nothing that comes again, or a warning could be
 *   late because of it
 *
 * Tells the service manager, if there is one.
 *
 * Returns: whether it was told
 */
gboolean
signin_supervisor_tell (const char *state, gboolean wait)
{
  struct sockaddr_un address;
  socklen_t length;
  gboolean told;
  int fd;

  if (!get_address (&address, &length))
    return FALSE;
  fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return FALSE;
  told = connect (fd, (struct sockaddr *) &address, length) == 0 && send_state (fd, state, wait);
  close (fd);
  return told;
}

/**
 * signin_supervisor_watchdog:
 *
 * Returns: within how many microseconds "WATCHDOG=1" is waited for, again and again; 0 if it is not
 */
guint64
signin_supervisor_watchdog (void)
{
  const char *usec = g_getenv ("WATCHDOG_USEC");
  const char *pid = g_getenv ("WATCHDOG_PID");
  guint64 value;

  /* A variable for another process may have been inherited. */
  if (pid != NULL && g_ascii_strtoull (pid, NULL, 10) != (guint64) getpid ())
    return 0;
  return usec != NULL && g_ascii_string_to_unsigned (usec, 10, 1, G_MAXUINT64 - 1, &value, NULL) ? value : 0;
}

/**
 * signin_supervisor_has_us:
 *
 * Returns: whether we are the main process of a unit: what we start would then stay in it, and in its sandbox
 */
gboolean
signin_supervisor_has_us (void)
{
  const char *pid = g_getenv ("SYSTEMD_EXEC_PID");

  /* INVOCATION_ID tells nothing: every terminal inherits it from the unit of its desktop. */
  return pid != NULL && g_ascii_strtoull (pid, NULL, 10) == (guint64) getpid ();
}
