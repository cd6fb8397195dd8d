/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages of native messaging: a length of 32 bits in the machine's own byte order, then that many bytes of JSON. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A browser may send 64 MiB; nothing that is meant for us comes near this. */
#define SIGNIN_FRAME_READ_MAX (16 * 1024)

/* What a browser takes. */
#define SIGNIN_FRAME_WRITE_MAX (1024 * 1024)

/**
 * SigninFrameResult:
 * @SIGNIN_FRAME_OK: a message was read
 * @SIGNIN_FRAME_END: there is none: the browser closed the pipe
 * @SIGNIN_FRAME_CUT: the browser closed the pipe, or reading failed, in the middle of one
 * @SIGNIN_FRAME_TOO_LARGE: it is longer than #SIGNIN_FRAME_READ_MAX, and was not read
 */
typedef enum
{
  SIGNIN_FRAME_OK,
  SIGNIN_FRAME_END,
  SIGNIN_FRAME_CUT,
  SIGNIN_FRAME_TOO_LARGE,
} SigninFrameResult;

SigninFrameResult signin_frame_read (int fd, char **data, gsize *len);
gboolean signin_frame_write (int fd, const char *data, gsize len);

G_END_DECLS
