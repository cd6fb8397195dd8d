/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "popup-text.h"
#include "tracker.h"

G_BEGIN_DECLS

/**
 * SigninPopupStep:
 * @session: the session that is spoken of, or %NULL
 * @kind: what was announced of it and is still to be seen
 * @pending: an announcement is due this very moment: wait for it
 * @next_usec: the elapsed time at which its next step comes; %SIGNIN_NEVER if nobody is to hear of one
 * @due_usec: how long until then, never negative
 *
 * What an account calls for.
 */
typedef struct
{
  const SigninSession *session;
  SigninPopupKind kind;
  gboolean pending;
  gint64 next_usec;
  gint64 due_usec;
} SigninPopupStep;

void signin_popup_step_read (SigninPopupStep *step, const SigninAccount *account, const SigninNow *now);

G_END_DECLS
