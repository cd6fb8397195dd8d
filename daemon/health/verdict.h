/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fetch.h"

G_BEGIN_DECLS

/**
 * SigninVerdict:
 * @SIGNIN_VERDICT_UP: it works
 * @SIGNIN_VERDICT_DEGRADED: it works for some, or says that it has too much to do
 * @SIGNIN_VERDICT_DOWN: it does not work, and the trouble is there
 * @SIGNIN_VERDICT_NOT_FOUND: there is no such thing
 * @SIGNIN_VERDICT_OFFLINE: it cannot be reached, and the trouble is here
 * @SIGNIN_VERDICT_UNKNOWN: what was seen proves none of these
 *
 * What the answers of a service, or their absence, come to.
 */
typedef enum
{
  SIGNIN_VERDICT_UP,
  SIGNIN_VERDICT_DEGRADED,
  SIGNIN_VERDICT_DOWN,
  SIGNIN_VERDICT_NOT_FOUND,
  SIGNIN_VERDICT_OFFLINE,
  SIGNIN_VERDICT_UNKNOWN,
  SIGNIN_N_VERDICTS
} SigninVerdict;

const char *signin_verdict_to_text (SigninVerdict verdict);

G_END_DECLS
