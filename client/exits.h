/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninCtlExit:
 * @SIGNIN_CTL_DONE: done
 * @SIGNIN_CTL_FAILED: it could not be done
 * @SIGNIN_CTL_USAGE: what was asked makes no sense; the message says what would
 * @SIGNIN_CTL_NO_ACCOUNT: no such account
 * @SIGNIN_CTL_ENDED: the session expired, or the person signed out
 * @SIGNIN_CTL_UNREACHABLE: the daemon cannot be reached
 * @SIGNIN_CTL_LESS: less time is left than was asked for
 *
 * How signinctl ends; also the codes of the error domain #SIGNIN_CTL_ERROR.
 */
typedef enum
{
  SIGNIN_CTL_DONE = 0,
  SIGNIN_CTL_FAILED = 1,
  SIGNIN_CTL_USAGE = 2,
  SIGNIN_CTL_NO_ACCOUNT = 3,
  SIGNIN_CTL_ENDED = 4,
  SIGNIN_CTL_UNREACHABLE = 5,
  SIGNIN_CTL_LESS = 6,
} SigninCtlExit;

#define SIGNIN_CTL_ERROR (signin_ctl_error_quark ())

GQuark signin_ctl_error_quark (void);
SigninCtlExit signin_ctl_error_exit (const GError *error);
const char *signin_ctl_error_word (const GError *error);

G_END_DECLS
