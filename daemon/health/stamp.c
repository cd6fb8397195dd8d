/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <curl/curl.h>
#include <string.h>

#include "stamp.h"

#define STAMP_MAX 64

/* From 2000 to 2100: whatever else a server says is a mistake of it. */
#define EARLIEST_SEC G_GINT64_CONSTANT (946684800)
#define LATEST_SEC G_GINT64_CONSTANT (4102444800)

/**
 * signin_stamp_parse:
 * @text: (nullable): an instant in the form of RFC 3339, in UTC where it says nothing else, or of RFC 822
 *
 * Returns: microseconds of CLOCK_REALTIME; 0 if it is no instant between 2000 and 2100
 */
gint64
signin_stamp_parse (const char *text)
{
  g_autoptr (GTimeZone) utc = NULL;
  g_autoptr (GDateTime) time = NULL;
  gint64 sec;

  if (text == NULL || strnlen (text, STAMP_MAX + 1) > STAMP_MAX)
    return 0;
  text += strspn (text, " \t\r\n");
  utc = g_time_zone_new_utc ();
  time = g_date_time_new_from_iso8601 (text, utc);
  sec = time != NULL ? g_date_time_to_unix (time) : (gint64) curl_getdate (text, NULL);
  return sec >= EARLIEST_SEC && sec <= LATEST_SEC ? sec * G_USEC_PER_SEC : 0;
}

/**
 * signin_stamp_is_near:
 * @usec: an instant, or 0
 * @now_usec: now
 * @within_usec: how far apart they may be
 *
 * Returns: whether @usec is an instant at most @within_usec before or after now
 */
gboolean
signin_stamp_is_near (gint64 usec, gint64 now_usec, gint64 within_usec)
{
  return usec > 0 && usec >= now_usec - within_usec && usec <= now_usec + within_usec;
}
