/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "snapshot.h"

G_BEGIN_DECLS

/**
 * SigninCtlBarLine:
 * @text: what is shown
 * @tooltip: what is shown to who asks for more: a line for each account
 * @state: the state of what is shown: that of an account, or "none" without accounts, or "stopped" without a daemon
 * @account: (nullable): the id of the account that is shown
 * @percentage: how much of its session is left, -1 if that is not known
 * @expires_at: when its session ends, 0 if that is not known
 * @changes_at: when @text has to change though nothing happens, in microseconds of CLOCK_REALTIME; 0 for never
 *
 * What a status bar shows.
 */
typedef struct
{
  char *text;
  char *tooltip;
  const char *state;
  char *account;
  int percentage;
  gint64 expires_at;
  gint64 changes_at;
} SigninCtlBarLine;

void signin_ctl_bar_line_init (SigninCtlBarLine *line, const SigninCtlSnapshot *snapshot, gint64 now_usec);
void signin_ctl_bar_line_clear (SigninCtlBarLine *line);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninCtlBarLine, signin_ctl_bar_line_clear)

G_END_DECLS
