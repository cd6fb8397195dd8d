/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tries what a line of the sandbox forbids: `sandbox-probe ACT...` says of each whether it is "allowed" or "denied",
 * and ends with 0. Run alone, under one line of the unit, and under all of them. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[4096];

static const char *
below (const char *variable, const char *name)
{
  const char *folder = getenv (variable);

  snprintf (path, sizeof path, "%s/%s", folder != NULL ? folder : "/nonexistent", name);
  return path;
}

static bool
can_see (const char *variable)
{
  const char *file = getenv (variable);

  return file != NULL && access (file, F_OK) == 0;
}

static bool
can_write (const char *file)
{
  int fd = open (file, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

  if (fd < 0)
    return false;
  close (fd);
  return unlink (file) == 0;
}

/* The value of a line of /proc/self/status. */
static unsigned long long
status_bits (const char *key)
{
  FILE *file = fopen ("/proc/self/status", "re");
  unsigned long long bits = 0;
  char line[256];

  while (file != NULL && fgets (line, sizeof line, file) != NULL)
    if (strncmp (line, key, strlen (key)) == 0)
      bits = strtoull (line + strlen (key) + 1, NULL, 16);
  if (file != NULL)
    fclose (file);
  return bits;
}

static bool
others_can_read_new_files (void)
{
  struct stat st;
  int fd = open (below ("PROBE_FILES", "mode"), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  bool readable = fd >= 0 && fstat (fd, &st) == 0 && (st.st_mode & 077) != 0;

  if (fd >= 0)
    close (fd);
  unlink (path);
  return readable;
}

static bool
gain_privileges (void)
{
  return prctl (PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0;
}

static bool
change_personality (void)
{
  return personality (ADDR_NO_RANDOMIZE) != -1;
}

static bool
make_code (void)
{
  return mmap (NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool
open_network_socket (void)
{
  return socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0 || socket (AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
}

static bool
open_netlink_socket (void)
{
  return socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0) >= 0;
}

static bool
make_namespace (void)
{
  return unshare (CLONE_NEWUSER) == 0;
}

static bool
run_in_real_time (void)
{
  /* No such priority: the kernel says so before it looks at rights, which nobody here has; the filter comes before. */
  struct sched_param parameters = { .sched_priority = 1000 };

  return sched_setscheduler (0, SCHED_FIFO, &parameters) < 0 && errno == EINVAL;
}

static bool
set_user_bit (void)
{
  int fd = open (below ("PROBE_FILES", "setuid"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  bool set = fd >= 0 && fchmod (fd, 04700) == 0;

  if (fd >= 0)
    close (fd);
  unlink (path);
  return set;
}

/* getpid() as a program of 32 bits would call it. */
static bool
call_as_32_bit (void)
{
#ifdef __x86_64__
  long result = 20;

  __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
  return result > 0;
#else
  return false;
#endif
}

static bool
change_priority (void)
{
  return setpriority (PRIO_PROCESS, 0, 19) == 0;
}

static bool
give_file_away (void)
{
  int fd = open (below ("PROBE_FILES", "owner"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  bool given = fd >= 0 && fchown (fd, getuid (), getgid ()) == 0;

  if (fd >= 0)
    close (fd);
  unlink (path);
  return given;
}

static bool
be_traced (void)
{
  return ptrace (PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool
see_other_users (void)
{
  FILE *file = fopen ("/proc/self/uid_map", "re");
  unsigned long first = 1, outside = 1, count = 0;
  bool all = file != NULL && fscanf (file, "%lu %lu %lu", &first, &outside, &count) == 3 && count > 65536;

  if (file != NULL)
    fclose (file);
  return all;
}

static bool
get_capabilities (void)
{
  return status_bits ("CapBnd:") != 0;
}

static bool
load_modules (void)
{
  return (status_bits ("CapBnd:") & (1 << 16)) != 0;
}

static bool
see_devices (void)
{
  return can_see ("PROBE_DEVICE");
}

static bool
see_network (void)
{
  char target[64] = "";
  const char *outside = getenv ("PROBE_NET");

  return readlink ("/proc/self/ns/net", target, sizeof target - 1) > 0 && outside != NULL
         && strcmp (target, outside) == 0;
}

static bool
see_tmp (void)
{
  return can_see ("PROBE_TMP");
}

static bool
read_clock_state (void)
{
  struct timex state = { .modes = 0 };

  return adjtimex (&state) >= 0;
}

static bool
change_cgroups (void)
{
  return access (below ("PROBE_CGROUP", "cgroup.procs"), W_OK) == 0;
}

static bool
read_kernel_log (void)
{
  struct stat st;

  return stat ("/proc/kmsg", &st) == 0 && (st.st_mode & 0777) != 0;
}

static bool
change_kernel_settings (void)
{
  struct statvfs st;

  return statvfs ("/proc/sys", &st) == 0 && (st.f_flag & ST_RDONLY) == 0;
}

static bool
write_home (void)
{
  return can_write (below ("HOME", "sandbox-probe"));
}

static bool
write_system (void)
{
  return can_write (below ("PROBE_SYSTEM", "sandbox-probe"));
}

static bool
write_state (void)
{
  return can_write (below ("HOME", ".local/state/signind/sandbox-probe"));
}

static const struct
{
  const char *name;
  bool (*try) (void);
} acts[] = {
  { "umask", others_can_read_new_files },
  { "privileges", gain_privileges },
  { "personality", change_personality },
  { "code", make_code },
  { "inet", open_network_socket },
  { "netlink", open_netlink_socket },
  { "namespace", make_namespace },
  { "realtime", run_in_real_time },
  { "setuid", set_user_bit },
  { "32-bit", call_as_32_bit },
  { "priority", change_priority },
  { "chown", give_file_away },
  { "trace", be_traced },
  { "users", see_other_users },
  { "capabilities", get_capabilities },
  { "modules", load_modules },
  { "devices", see_devices },
  { "network", see_network },
  { "tmp", see_tmp },
  { "clock", read_clock_state },
  { "cgroups", change_cgroups },
  { "kernel-log", read_kernel_log },
  { "kernel-settings", change_kernel_settings },
  { "home", write_home },
  { "system", write_system },
  { "state", write_state },
};

/* In a process of its own: some filters end who breaks them. */
static bool
is_allowed (bool (*try) (void))
{
  int status;
  pid_t child = fork ();

  if (child == 0)
    _exit (try () ? 0 : 1);
  return child > 0 && waitpid (child, &status, 0) == child && WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

int
main (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    for (size_t n = 0; n < sizeof acts / sizeof acts[0]; n++)
      if (strcmp (argv[i], acts[n].name) == 0 || strcmp (argv[i], "all") == 0)
        printf ("%s %s\n", acts[n].name, is_allowed (acts[n].try) ? "allowed" : "denied");
  return 0;
}
