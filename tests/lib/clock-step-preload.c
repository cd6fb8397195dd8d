/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Preloaded into signind behind clock-shim.so, it lets somebody outside change the clocks of this one process: by as
 * many microseconds as the file that CLOCK_STEP names says, the wall clock is stepped at SIGUSR1, and both clocks go on
 * at SIGUSR2, as after a suspend. From the start they are ahead by CLOCK_AHEAD.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock-shim.h"

static const char *path;

static void
step (int number)
{
  int saved = errno;
  char text[32] = "";
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : pread (fd, text, sizeof text - 1, 0);

  if (fd >= 0)
    close (fd);
  if (n > 0 && number == SIGUSR1)
    clock_shim_step (atoll (text));
  else if (n > 0)
    clock_shim_sleep (atoll (text));
  errno = saved;
}

__attribute__ ((constructor)) static void
listen_for_steps (void)
{
  struct sigaction action = { .sa_handler = step, .sa_flags = SA_RESTART };

  const char *ahead = getenv ("CLOCK_AHEAD");

  path = getenv ("CLOCK_STEP");
  if (path)
    {
      sigaction (SIGUSR1, &action, NULL);
      sigaction (SIGUSR2, &action, NULL);
    }
  if (ahead)
    clock_shim_sleep (atoll (ahead));
}
