/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tries what a line of the sandbox forbids: `sandbox-probe ACT...` says of each whether it is "allowed" or "denied",
 * and ends with 0. Run alone, under one line of the unit, and under all of them. With --root or --chroot it tells by
 * its status what a file with the set-user-ID bit, or with capabilities, has become. */

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
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
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

/* Whether this program, from where @variable says, comes to another end because of what its file is marked with. */
static bool
run_marked (const char *variable, const char *what)
{
  const char *file = getenv (variable);

  if (file != NULL)
    execl (file, file, what, (char *) NULL);
  return false;
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
  return run_marked ("PROBE_SETUID", "--root");
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

/* Only root can have one: the kernel says so, unless it is not even asked. */
static bool
open_packet_socket (void)
{
  return socket (AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) >= 0 || errno == EPERM;
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
  return run_marked ("PROBE_CAPABLE", "--chroot");
}

/* To load one takes a capability that nobody here has; which there are can be seen by everybody. */
static bool
see_modules (void)
{
  return can_see ("PROBE_MODULE");
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

/* Of a clock that cannot be set: the kernel says so before it looks at rights; the filter comes before. */
static bool
set_clock (void)
{
  struct timespec time = { .tv_sec = 1 };

  return clock_settime (CLOCK_MONOTONIC, &time) < 0 && errno == EINVAL;
}

/* The file that lists the processes of this one's own cgroup. */
static const char *
own_cgroup (void)
{
  FILE *file = fopen ("/proc/self/cgroup", "re");
  char line[2048], group[2048] = "/nonexistent";

  while (file != NULL && fgets (line, sizeof line, file) != NULL)
    sscanf (line, "0::%2047s", group);
  if (file != NULL)
    fclose (file);
  snprintf (path, sizeof path, "/sys/fs/cgroup%s/cgroup.procs", group);
  return path;
}

/* By moving this process to where it is already. */
static bool
change_cgroups (void)
{
  int fd = open (own_cgroup (), O_WRONLY | O_CLOEXEC);
  bool moved = fd >= 0 && write (fd, "0", 1) == 1;

  if (fd >= 0)
    close (fd);
  return moved;
}

static bool
can_open (const char *file, int flags)
{
  int fd = open (file, flags | O_CLOEXEC);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

/* The test puts a file there that everybody can read. */
static bool
read_kernel_log (void)
{
  return can_open ("/proc/kmsg", O_RDONLY);
}

/* The test puts a file there that everybody can write. */
static bool
change_kernel_settings (void)
{
  return can_open ("/proc/sys/kernel/printk", O_WRONLY);
}

static bool
write_home (void)
{
  return can_write (below ("HOME", "sandbox-probe"));
}

static bool
write_settings (void)
{
  return can_write (below ("HOME", ".config/sandbox-probe"));
}

static bool
write_runtime (void)
{
  return can_write (below ("XDG_RUNTIME_DIR", "sandbox-probe"));
}

static bool
write_own_runtime (void)
{
  return can_write (below ("XDG_RUNTIME_DIR", "signind/sandbox-probe"));
}

static bool
write_dconf (void)
{
  return can_write (below ("XDG_RUNTIME_DIR", "dconf/sandbox-probe"));
}

static bool
write_shared_memory (void)
{
  return can_write ("/dev/shm/sandbox-probe");
}

static bool
write_var_tmp (void)
{
  return can_write (below ("PROBE_VAR_TMP", "sandbox-probe"));
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
  { "packet", open_packet_socket },
  { "namespace", make_namespace },
  { "realtime", run_in_real_time },
  { "setuid", set_user_bit },
  { "32-bit", call_as_32_bit },
  { "priority", change_priority },
  { "chown", give_file_away },
  { "trace", be_traced },
  { "users", see_other_users },
  { "capabilities", get_capabilities },
  { "modules", see_modules },
  { "devices", see_devices },
  { "network", see_network },
  { "tmp", see_tmp },
  { "clock", set_clock },
  { "cgroups", change_cgroups },
  { "kernel-log", read_kernel_log },
  { "kernel-settings", change_kernel_settings },
  { "home", write_home },
  { "config", write_settings },
  { "runtime", write_runtime },
  { "runtime-own", write_own_runtime },
  { "dconf", write_dconf },
  { "shm", write_shared_memory },
  { "var-tmp", write_var_tmp },
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
  if (argc == 2 && strcmp (argv[1], "--root") == 0)
    return geteuid () != 0;
  if (argc == 2 && strcmp (argv[1], "--chroot") == 0)
    return chroot ("/") != 0;
  for (int i = 1; i < argc; i++)
    for (size_t n = 0; n < sizeof acts / sizeof acts[0]; n++)
      if (strcmp (argv[i], acts[n].name) == 0 || strcmp (argv[i], "all") == 0)
        printf ("%s %s\n", acts[n].name, is_allowed (acts[n].try) ? "allowed" : "denied");
  return 0;
}
