/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can go wrong for a caller: one table, read by the daemon and by signinctl. */

#include "config.h"

#include "errors.h"
#include "names.h"

static const char *const error_names[SIGNIN_N_ERRORS] = {
  [SIGNIN_ERROR_NO_SUCH_ACCOUNT] = SIGNIN_ERROR_PREFIX "NoSuchAccount",
  [SIGNIN_ERROR_ACCOUNT_EXISTS] = SIGNIN_ERROR_PREFIX "AccountExists",
  [SIGNIN_ERROR_INVALID_ARGUMENT] = SIGNIN_ERROR_PREFIX "InvalidArgument",
  [SIGNIN_ERROR_INVALID_TIME] = SIGNIN_ERROR_PREFIX "InvalidTime",
  [SIGNIN_ERROR_NOT_SIGNED_IN] = SIGNIN_ERROR_PREFIX "NotSignedIn",
  [SIGNIN_ERROR_LIMIT_EXCEEDED] = SIGNIN_ERROR_PREFIX "LimitExceeded",
  [SIGNIN_ERROR_STORAGE] = SIGNIN_ERROR_PREFIX "Storage",
};

G_DEFINE_QUARK (signin - error - quark, signin_error)

/**
 * signin_error_name:
 * @code: an error
 *
 * Returns: (transfer none): its name on the bus, such as `org.signind.Signin1.Error.NoSuchAccount`; %NULL if @code is
 *   none of #SigninError
 */
const char *
signin_error_name (SigninError code)
{
  return (guint) code < SIGNIN_N_ERRORS ? error_names[code] : NULL;
}

/**
 * signin_error_from_name:
 * @name: (nullable): the name of an error on the bus
 * @code: (out): which one it is
 *
 * Returns: %FALSE if @name is none of ours; @code is left alone then
 */
gboolean
signin_error_from_name (const char *name, SigninError *code)
{
  for (guint i = 0; i < SIGNIN_N_ERRORS; i++)
    {
      if (g_strcmp0 (name, error_names[i]) == 0)
        {
          *code = (SigninError) i;
          return TRUE;
        }
    }
  return FALSE;
}
