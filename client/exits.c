/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "exits.h"

#include "errors.h"

/**
 * signin_ctl_error_quark:
 *
 * The domain of what signinctl itself finds wrong. Its codes are exit codes.
 */
G_DEFINE_QUARK (signin - ctl - error - quark, signin_ctl_error)

/* A value that the daemon refuses was typed here: that is a wrong call, not a failure. */
static const SigninCtlExit daemon_exits[SIGNIN_N_ERRORS] = {
  [SIGNIN_ERROR_NO_SUCH_ACCOUNT] = SIGNIN_CTL_NO_ACCOUNT,
  [SIGNIN_ERROR_ACCOUNT_EXISTS] = SIGNIN_CTL_FAILED,
  [SIGNIN_ERROR_INVALID_ARGUMENT] = SIGNIN_CTL_USAGE,
  [SIGNIN_ERROR_INVALID_TIME] = SIGNIN_CTL_USAGE,
  [SIGNIN_ERROR_NOT_SIGNED_IN] = SIGNIN_CTL_FAILED,
  [SIGNIN_ERROR_LIMIT_EXCEEDED] = SIGNIN_CTL_FAILED,
  [SIGNIN_ERROR_STORAGE] = SIGNIN_CTL_FAILED,
};

/**
 * signin_ctl_error_exit:
 * @error: what went wrong
 *
 * Returns: the exit code that tells of @error.
 */
SigninCtlExit
signin_ctl_error_exit (const GError *error)
{
  if (error->domain == SIGNIN_CTL_ERROR)
    return error->code;
  if (error->domain == SIGNIN_ERROR && error->code >= 0 && error->code < SIGNIN_N_ERRORS)
    return daemon_exits[error->code];
  return SIGNIN_CTL_FAILED;
}

/**
 * signin_ctl_error_word:
 * @error: what went wrong
 *
 * Returns: the word for the kind of @error that programs compare with.
 */
const char *
signin_ctl_error_word (const GError *error)
{
  switch (signin_ctl_error_exit (error))
    {
    case SIGNIN_CTL_USAGE:
      return "usage";
    case SIGNIN_CTL_NO_ACCOUNT:
      return "no-such-account";
    case SIGNIN_CTL_ENDED:
      return "ended";
    case SIGNIN_CTL_UNREACHABLE:
      return "unreachable";
    case SIGNIN_CTL_LESS:
      return "less";
    case SIGNIN_CTL_DONE:
    case SIGNIN_CTL_FAILED:
      break;
    }
  return "failed";
}
