/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Times and durations as anybody may type them, anywhere and at any time: the first byte says where, the next eight
 * when. What is read lies within bounds, and is read again as the same. */

#include "config.h"

#include <string.h>

#include "client/times.h"
#include "client/typed.h"

#include "tests/client/zones.h"

#define YEAR_USEC (366 * 24 * SIGNIN_CTL_HOUR)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_point (const char *text, gint64 now_usec)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *written = NULL;
  gint64 usec = -1, again = -1;

  if (!signin_ctl_parse_point (text, now_usec, &usec, &error))
    {
      g_assert_nonnull (error);
      return;
    }
  g_assert_null (error);
  g_assert_cmpint (usec, >, 0);
  if (usec > SIGNIN_CTL_LAST_USEC || usec < 24 * SIGNIN_CTL_HOUR)
    return; /* it may be 1969 there still */
  written = signin_ctl_format_rfc3339 (usec);
  if (written[4] != '-')
    return; /* it is the year 10000 there already */
  g_assert_true (signin_ctl_parse_point (written, now_usec, &again, NULL));
  g_assert_cmpint (again, ==, usec);
}

static void
check_duration (const char *text)
{
  g_autoptr (GError) error = NULL;
  gint64 usec = -1;

  if (signin_ctl_parse_duration (text, &usec, &error))
    g_assert_true (usec >= 0 && usec <= 3 * YEAR_USEC);
  else
    g_assert_nonnull (error);
}

static void
check_bound (const char *text, gint64 now_usec)
{
  g_autoptr (GError) error = NULL;
  gint64 since = -1, until = -1;

  if (!signin_ctl_parse_bound (text, now_usec, FALSE, &since, &error))
    {
      g_assert_nonnull (error);
      return;
    }
  g_assert_true (signin_ctl_parse_bound (text, now_usec, TRUE, &until, NULL));
  g_assert_true (since > 0 && since <= until);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = NULL;
  guint64 now = 0;

  if (size < 9)
    return 0;
  use_zone (data[0]);
  memcpy (&now, data + 1, sizeof now);
  now = 1 + now % (guint64) (SIGNIN_CTL_LAST_USEC - 1);
  text = g_strndup ((const char *) data + 9, size - 9);
  /* The command line refuses everything else before this. */
  if (!g_utf8_validate (text, -1, NULL))
    return 0;
  check_point (text, (gint64) now);
  check_bound (text, (gint64) now);
  check_duration (text);
  return 0;
}
