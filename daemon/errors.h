/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninError:
 * @SIGNIN_ERROR_NO_SUCH_ACCOUNT: no account has that id
 * @SIGNIN_ERROR_ACCOUNT_EXISTS: an account has that id already
 * @SIGNIN_ERROR_INVALID_ARGUMENT: a value is outside of what is accepted; the message says which bound it broke
 * @SIGNIN_ERROR_INVALID_TIME: a point in time is not one at which a sign-in can have been made
 * @SIGNIN_ERROR_NOT_SIGNED_IN: no session is running
 * @SIGNIN_ERROR_LIMIT_EXCEEDED: there are too many of something; the message says how many are allowed
 * @SIGNIN_ERROR_STORAGE: it could not be stored, and therefore nothing was changed
 *
 * Everything that goes wrong for a caller. On the bus each is `org.signind.Signin1.Error.` and its name.
 */
typedef enum
{
  SIGNIN_ERROR_NO_SUCH_ACCOUNT,
  SIGNIN_ERROR_ACCOUNT_EXISTS,
  SIGNIN_ERROR_INVALID_ARGUMENT,
  SIGNIN_ERROR_INVALID_TIME,
  SIGNIN_ERROR_NOT_SIGNED_IN,
  SIGNIN_ERROR_LIMIT_EXCEEDED,
  SIGNIN_ERROR_STORAGE,
} SigninError;

#define SIGNIN_N_ERRORS (SIGNIN_ERROR_STORAGE + 1)
#define SIGNIN_ERROR (signin_error_quark ())

GQuark signin_error_quark (void);
const char *signin_error_name (SigninError code);
gboolean signin_error_from_name (const char *name, SigninError *code);
void signin_error_register_dbus (void);

G_END_DECLS
