/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages as they come through a browser's pipe, one after the other. */

#include "config.h"

#include <fcntl.h>
#include <string.h>

#include <glib/gstdio.h>

#include "client/browser/frame.h"

#include "in-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const guint8 *rest = data;
  int fd;

  fuzz_quiet ();
  fd = g_open (fuzz_in_file (data, size), O_RDONLY | O_CLOEXEC, 0);
  g_assert_cmpint (fd, >=, 0);
  for (SigninFrameResult result = SIGNIN_FRAME_OK; result == SIGNIN_FRAME_OK;)
    {
      g_autofree char *message = NULL;
      gsize len = 0;

      result = signin_frame_read (fd, &message, &len);
      g_assert_true ((message != NULL) == (result == SIGNIN_FRAME_OK));
      g_assert_true (result != SIGNIN_FRAME_END || rest == data + size);
      if (message == NULL)
        break;
      g_assert_cmpuint (len, <=, SIGNIN_FRAME_READ_MAX);
      g_assert_cmpint (message[len], ==, '\0');
      g_assert_cmpmem (message, len, rest + sizeof (guint32), len);
      rest += sizeof (guint32) + len;
    }
  close (fd);
  return 0;
}
