/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "run-output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

/* Takes what is there, up to the limit and one byte more, which tells that there was more. */
static void
take (SigninOutput *output)
{
  gssize n = 1;

  while (output->len <= output->max && (n > 0 || (n < 0 && errno == EINTR)))
    {
      n = read (output->fd, output->bytes + output->len, output->max + 1 - output->len);
      output->len += n > 0 ? n : 0;
    }
  output->cut = output->len > output->max;
}

static void
stop (SigninOutput *output)
{
  if (output->readable != NULL)
    {
      g_source_destroy (output->readable);
      g_clear_pointer (&output->readable, g_source_unref);
    }
  if (output->fd >= 0)
    close (output->fd);
  output->fd = -1;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  SigninOutput *output = user_data;
  gsize before = output->len;

  take (output);
  /* Enough, or the end: nothing came although something was to be read. The writer is told that nobody listens. */
  if (!output->cut && output->len > before)
    return G_SOURCE_CONTINUE;
  stop (output);
  return G_SOURCE_REMOVE;
}

/**
 * signin_output_init:
 * @output: (out): nothing yet
 * @max: how much is wanted
 */
void
signin_output_init (SigninOutput *output, gsize max)
{
  /* Of its full size at once: what grows leaves copies behind. */
  *output = (SigninOutput){ .bytes = g_malloc0 (max + 2), .max = max, .fd = -1 };
}

/**
 * signin_output_open:
 * @output: nothing yet
 *
 * Takes what is written from now on, whenever the thread's main context turns.
 *
 * Returns: where a program is to write, for the caller to close; -1 with errno if there can be no such thing
 */
int
signin_output_open (SigninOutput *output)
{
  int fds[2];

  signin_output_close (output);
  if (pipe2 (fds, O_CLOEXEC) < 0)
    return -1;
  output->fd = fds[0];
  g_unix_set_fd_nonblocking (output->fd, TRUE, NULL);
  output->readable = g_unix_fd_source_new (output->fd, G_IO_IN | G_IO_HUP);
  g_source_set_callback (output->readable, G_SOURCE_FUNC (on_readable), output, NULL);
  g_source_attach (output->readable, g_main_context_get_thread_default ());
  return fds[1];
}

/**
 * signin_output_close:
 * @output: what was written
 *
 * Takes the last of it and listens no longer.
 */
void
signin_output_close (SigninOutput *output)
{
  if (output->fd >= 0)
    take (output);
  stop (output);
  output->len = MIN (output->len, output->max);
  output->bytes[output->len] = '\0';
}

/**
 * signin_output_clear:
 * @output: what was written
 *
 * Wipes it from memory, because it may be somebody's secret.
 */
void
signin_output_clear (SigninOutput *output)
{
  stop (output);
  explicit_bzero (output->bytes, output->max + 2);
  g_clear_pointer (&output->bytes, g_free);
}
