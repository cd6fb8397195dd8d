/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a verdict on a service to what a person whose session ends has to hear of it. */

#include "config.h"

#include "trouble.h"

static SigninTrouble
trouble_of (const char *verdict, const char *reason)
{
  if (g_str_equal (verdict, "offline"))
    return g_str_equal (reason, "captive") ? SIGNIN_TROUBLE_CAPTIVE : SIGNIN_TROUBLE_OFFLINE;
  if (g_str_equal (verdict, "down"))
    return SIGNIN_TROUBLE_DOWN;
  if (g_str_equal (verdict, "degraded"))
    return SIGNIN_TROUBLE_DEGRADED;
  return SIGNIN_TROUBLE_NONE;
}

/**
 * signin_trouble_apply:
 * @trouble: (inout): what was known so far
 * @verdict: what was found now
 * @reason: why
 *
 * What is found to be well is worth a word only where a trouble was told before. What could not be found out, and what
 * waiting does not mend, changes nothing.
 *
 * Returns: whether @trouble is another one now
 */
gboolean
signin_trouble_apply (SigninTrouble *trouble, const char *verdict, const char *reason)
{
  SigninTrouble found = trouble_of (verdict, reason);
  SigninTrouble before = *trouble;

  if (found != SIGNIN_TROUBLE_NONE)
    *trouble = found;
  else if (g_str_equal (verdict, "up") && before != SIGNIN_TROUBLE_NONE)
    *trouble = SIGNIN_TROUBLE_OVER;
  return *trouble != before;
}
