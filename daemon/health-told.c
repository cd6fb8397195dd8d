/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What signin-healthd tells, or whoever has taken its name on the bus. */

#include "config.h"

#include "health-told.h"
#include "text.h"

/* Words that are not known are no reason to believe that all is well. */
static const char *
check_verdict (const char *text)
{
  static const char *const verdicts[] = { "up", "degraded", "down", "not-found", "offline" };

  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (g_str_equal (text, verdicts[i]))
      return verdicts[i];
  return "unknown";
}

/**
 * signin_health_told_read:
 * @told: (out): what it says
 * @row: a row of an answer, a{sv}; it has to stay for as long as @told is used
 * @now_usec: now, in microseconds of CLOCK_REALTIME: nothing was found out later
 *
 * Returns: whether it is about an account as a whole
 */
gboolean
signin_health_told_read (SigninHealthTold *told, GVariant *row, gint64 now_usec)
{
  const char *kind = "", *verdict = "", *reason = "";
  guint64 at_usec = 0;

  *told = (SigninHealthTold){ .account = "" };
  g_variant_lookup (row, "kind", "&s", &kind);
  g_variant_lookup (row, "account", "&s", &told->account);
  g_variant_lookup (row, "verdict", "&s", &verdict);
  g_variant_lookup (row, "reason", "&s", &reason);
  g_variant_lookup (row, "at", "t", &at_usec);
  told->verdict = check_verdict (verdict);
  told->reason = signin_text_is_id (reason) ? reason : "";
  told->at_usec = at_usec == 0 || at_usec > (guint64) now_usec ? now_usec : (gint64) at_usec;
  return g_str_equal (kind, "summary");
}
