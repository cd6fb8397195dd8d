/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninTrouble:
 * @SIGNIN_TROUBLE_NONE: nothing is known that would keep a person from signing in
 * @SIGNIN_TROUBLE_OVER: there was something, and it is over
 * @SIGNIN_TROUBLE_DEGRADED: the service has more to do than it can
 * @SIGNIN_TROUBLE_DOWN: the service does not work
 * @SIGNIN_TROUBLE_CAPTIVE: the network wants a person to log in to it first
 * @SIGNIN_TROUBLE_OFFLINE: there is no network
 *
 * What keeps a person from signing in again, the worst last.
 */
typedef enum
{
  SIGNIN_TROUBLE_NONE,
  SIGNIN_TROUBLE_OVER,
  SIGNIN_TROUBLE_DEGRADED,
  SIGNIN_TROUBLE_DOWN,
  SIGNIN_TROUBLE_CAPTIVE,
  SIGNIN_TROUBLE_OFFLINE,
} SigninTrouble;

gboolean signin_trouble_apply (SigninTrouble *trouble, const char *verdict, const char *reason);

G_END_DECLS
