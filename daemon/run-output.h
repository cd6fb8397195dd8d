/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a program writes to its standard output, in memory and within a limit. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninOutput:
 * @bytes: what was written, and a null; at most as much as was wanted
 * @len: how much
 * @max: how much is wanted
 * @cut: more was written than was wanted
 *
 * What was written so far.
 */
typedef struct
{
  char *bytes;
  gsize len;
  gsize max;
  gboolean cut;
  /*< private >*/
  int fd;
  GSource *readable;
} SigninOutput;

void signin_output_init (SigninOutput *output, gsize max);
int signin_output_open (SigninOutput *output);
void signin_output_close (SigninOutput *output);
void signin_output_clear (SigninOutput *output);

G_END_DECLS
