/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"

/* Returns how many of @len bytes came before the end, or before reading failed. */
static gsize
read_full (int fd, char *buffer, gsize len)
{
  gsize done = 0;

  while (done < len)
    {
      ssize_t n = read (fd, buffer + done, len - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      done += n;
    }
  return done;
}

/**
 * signin_frame_read:
 * @fd: where to read from
 * @data: (out) (transfer full): the message, with a null after it; only if there is one
 * @len: (out): its length in bytes
 *
 * Reads one message, and waits for it. Nothing is allocated for one that is too long.
 *
 * Returns: what came
 */
SigninFrameResult
signin_frame_read (int fd, char **data, gsize *len)
{
  g_autofree char *buffer = NULL;
  guint32 size = 0;
  gsize n = read_full (fd, (char *) &size, sizeof size);

  if (n == 0)
    return SIGNIN_FRAME_END;
  if (n < sizeof size)
    return SIGNIN_FRAME_CUT;
  if (size > SIGNIN_FRAME_READ_MAX)
    return SIGNIN_FRAME_TOO_LARGE;
  buffer = g_malloc0 (size + 1);
  if (read_full (fd, buffer, size) < size)
    return SIGNIN_FRAME_CUT;
  *data = g_steal_pointer (&buffer);
  *len = size;
  return SIGNIN_FRAME_OK;
}

/**
 * signin_frame_write:
 * @fd: where to write to
 * @data: a message
 * @len: its length in bytes, at most #SIGNIN_FRAME_WRITE_MAX
 *
 * Returns: whether all of it was written
 */
gboolean
signin_frame_write (int fd, const char *data, gsize len)
{
  guint32 size = len;
  g_autofree char *frame = NULL;
  gsize done = 0;

  g_return_val_if_fail (len <= SIGNIN_FRAME_WRITE_MAX, FALSE);

  frame = g_malloc (sizeof size + len);
  memcpy (frame, &size, sizeof size);
  memcpy (frame + sizeof size, data, len);
  while (done < sizeof size + len)
    {
      ssize_t n = write (fd, frame + done, sizeof size + len - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;
      done += n;
    }
  return TRUE;
}
