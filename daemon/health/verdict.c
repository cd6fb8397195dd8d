/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "verdict.h"

static const char *const verdict_texts[SIGNIN_N_VERDICTS] = {
  [SIGNIN_VERDICT_UP] = "up",           [SIGNIN_VERDICT_DEGRADED] = "degraded",
  [SIGNIN_VERDICT_DOWN] = "down",       [SIGNIN_VERDICT_NOT_FOUND] = "not-found",
  [SIGNIN_VERDICT_OFFLINE] = "offline", [SIGNIN_VERDICT_UNKNOWN] = "unknown",
};

/**
 * signin_verdict_to_text:
 * @verdict: a verdict
 *
 * Returns: (transfer none): its word on the bus
 */
const char *
signin_verdict_to_text (SigninVerdict verdict)
{
  return verdict_texts[verdict];
}
