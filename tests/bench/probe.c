/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The stop-watch of the measurements: what has to be timed closer than a script can. Each verb prints one number of
 * microseconds a line, and speaks to the bus at the address that it is given. */

#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <time.h>
#include <unistd.h>

#include "names.h"

#define USEC_PER_SEC 1000000LL
#define BOUND_USEC (60 * USEC_PER_SEC)

extern char **environ;

static long long
read_usec (clockid_t id)
{
  struct timespec ts;

  clock_gettime (id, &ts);
  return ts.tv_sec * USEC_PER_SEC + ts.tv_nsec / 1000;
}

static void
check (int result, const char *what)
{
  if (result >= 0)
    return;
  fprintf (stderr, "probe: %s: %s\n", what, strerror (-result));
  exit (EXIT_FAILURE);
}

static sd_bus *
open_bus (const char *address)
{
  sd_bus *bus = NULL;

  check (sd_bus_new (&bus), "new bus");
  check (sd_bus_set_address (bus, address), address);
  check (sd_bus_set_bus_client (bus, 1), "client");
  check (sd_bus_start (bus), "connect");
  return bus;
}

static pid_t
spawn (char **argv)
{
  pid_t pid = -1;

  check (-posix_spawnp (&pid, argv[0], NULL, NULL, argv, environ), argv[0]);
  return pid;
}

/* Stands in for the service manager. */
static int
open_notify_socket (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  char path[sizeof address.sun_path];
  int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int length = snprintf (path, sizeof path, "@signind-probe-%d", (int) getpid ());

  memcpy (address.sun_path, path, length);
  address.sun_path[0] = '\0';
  if (fd < 0 || bind (fd, (struct sockaddr *) &address, offsetof (struct sockaddr_un, sun_path) + length) < 0)
    check (-errno, "notify socket");
  setenv ("NOTIFY_SOCKET", path, 1);
  return fd;
}

static int
is_ready (int fd)
{
  char text[4096];
  ssize_t length;

  while ((length = recv (fd, text, sizeof text - 1, 0)) > 0)
    {
      text[length] = '\0';
      if (strstr (text, "READY=1") != NULL)
        return 1;
    }
  return 0;
}

static int
on_owner (sd_bus_message *message, void *user_data, sd_bus_error *error)
{
  const char *name, *before, *after;

  if (sd_bus_message_read (message, "sss", &name, &before, &after) >= 0 && *after != '\0')
    *(int *) user_data = 1;
  return 0;
}

/* start ADDRESS NAME name|ready PROGRAM ARG...: from here until it has its name, and, if asked, says that it is ready.
 * Ends it then. */
static int
start (int argc, char **argv)
{
  __attribute__ ((cleanup (sd_bus_close_unrefp))) sd_bus *bus = open_bus (argv[0]);
  char match[512];
  int fd = open_notify_socket (), owned = 0, ready = strcmp (argv[2], "name") == 0;
  long long begin, now;
  pid_t pid;

  snprintf (match, sizeof match, "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='%s'",
            argv[1]);
  check (sd_bus_add_match (bus, NULL, match, on_owner, &owned), "match");
  begin = now = read_usec (CLOCK_MONOTONIC);
  pid = spawn (argv + 3);

  while (!(owned && ready) && now - begin < BOUND_USEC)
    {
      struct pollfd fds[] = { { .fd = sd_bus_get_fd (bus), .events = POLLIN }, { .fd = fd, .events = POLLIN } };

      poll (fds, 2, 1000);
      while (sd_bus_process (bus, NULL) > 0)
        ;
      ready = ready || is_ready (fd);
      now = read_usec (CLOCK_MONOTONIC);
      if (waitpid (pid, NULL, WNOHANG) == pid)
        check (-ECHILD, argv[3]);
    }

  /* Peers need not take leave; some do not even when asked. */
  kill (pid, owned && ready && strcmp (argv[2], "ready") == 0 ? SIGTERM : SIGKILL);
  waitpid (pid, NULL, 0);
  if (!owned || !ready)
    check (-ETIME, argv[1]);
  printf ("%lld\n", now - begin);
  return EXIT_SUCCESS;
}

/* run PROGRAM ARG...: a whole process, from here to its end. The number goes to standard error, out of the way of what
 * the program prints. */
static int
run (int argc, char **argv)
{
  long long begin = read_usec (CLOCK_MONOTONIC);
  pid_t pid = spawn (argv);
  int status = 0;

  if (waitpid (pid, &status, 0) != pid || status != 0)
    check (-ECHILD, argv[0]);
  fprintf (stderr, "%lld\n", read_usec (CLOCK_MONOTONIC) - begin);
  return EXIT_SUCCESS;
}

static int
on_recorded (sd_bus_message *reply, void *user_data, sd_bus_error *error)
{
  check (sd_bus_message_is_method_error (reply, NULL) ? -EIO : 0, "RecordSignIn");
  ++*(int *) user_data;
  return 0;
}

/* record ADDRESS COUNT ACCOUNT ABREAST: COUNT times ABREAST sign-ins of one account, and what each of them takes. */
static int
record (int argc, char **argv)
{
  __attribute__ ((cleanup (sd_bus_close_unrefp))) sd_bus *bus = open_bus (argv[0]);
  int abreast = atoi (argv[3]);

  for (int i = atoi (argv[1]); i > 0; i--)
    {
      long long begin = read_usec (CLOCK_MONOTONIC);
      int answered = 0;

      for (int n = 0; n < abreast; n++)
        check (sd_bus_call_method_async (bus, NULL, SIGNIN_BUS_NAME, SIGNIN_OBJECT_PATH, SIGNIN_MANAGER_INTERFACE,
                                         "RecordSignIn", on_recorded, &answered, "sa{sv}", argv[2], 0),
               "call");
      while (answered < abreast)
        if (sd_bus_process (bus, NULL) == 0)
          check (sd_bus_wait (bus, BOUND_USEC), "wait");
      printf ("%.3f\n", (double) (read_usec (CLOCK_MONOTONIC) - begin) / abreast);
    }
  return EXIT_SUCCESS;
}

/* read ADDRESS COUNT: reads all accounts, one call after the other. */
static int
read_all (int argc, char **argv)
{
  __attribute__ ((cleanup (sd_bus_close_unrefp))) sd_bus *bus = open_bus (argv[0]);

  for (int i = atoi (argv[1]); i > 0; i--)
    {
      long long begin = read_usec (CLOCK_MONOTONIC);

      check (sd_bus_call_method (bus, SIGNIN_BUS_NAME, SIGNIN_OBJECT_PATH, "org.freedesktop.DBus.ObjectManager",
                                 "GetManagedObjects", NULL, NULL, ""),
             "GetManagedObjects");
      printf ("%lld\n", read_usec (CLOCK_MONOTONIC) - begin);
    }
  return EXIT_SUCCESS;
}

typedef struct
{
  long long lead_usec;
  int left;
} Listener;

static int
on_warning (sd_bus_message *message, void *user_data, sd_bus_error *error)
{
  long long now = read_usec (CLOCK_REALTIME);
  Listener *listener = user_data;
  const char *path, *id, *source;
  uint64_t signed_in_at, expires_at, remaining;

  check (sd_bus_message_read (message, "ossttt", &path, &id, &source, &signed_in_at, &expires_at, &remaining),
         "Warning");
  printf ("%lld\n", now - ((long long) expires_at - listener->lead_usec));
  listener->left--;
  return 0;
}

/* listen ADDRESS COUNT LEAD: how late each Warning is, for sessions that are warned LEAD microseconds before their end.
 */
static int
listen_for (int argc, char **argv)
{
  __attribute__ ((cleanup (sd_bus_close_unrefp))) sd_bus *bus = open_bus (argv[0]);
  Listener listener = { .left = atoi (argv[1]), .lead_usec = atoll (argv[2]) };

  check (sd_bus_match_signal (bus, NULL, SIGNIN_BUS_NAME, SIGNIN_OBJECT_PATH, SIGNIN_MANAGER_INTERFACE, "Warning",
                              on_warning, &listener),
         "match");
  puts ("listening");
  fflush (stdout);
  while (listener.left > 0)
    {
      int result = sd_bus_process (bus, NULL);

      check (result, "process");
      if (result > 0)
        continue;
      result = sd_bus_wait (bus, BOUND_USEC);
      check (result == 0 ? -ETIME : result, "warnings");
    }
  return EXIT_SUCCESS;
}

static const struct
{
  const char *verb;
  int min_args;
  int (*run) (int argc, char **argv);
} verbs[] = {
  { "start", 4, start },   { "run", 1, run },           { "record", 4, record },
  { "read", 2, read_all }, { "listen", 3, listen_for },
};

int
main (int argc, char **argv)
{
  for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
    if (strcmp (argv[1], verbs[i].verb) == 0 && argc - 2 >= verbs[i].min_args)
      return verbs[i].run (argc - 2, argv + 2);
  fputs ("Usage: probe start|run|record|read|listen ARG...\n", stderr);
  return 2;
}
