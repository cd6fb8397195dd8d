/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A public feed, whatever it is made of: what it says is fit to be shown, and never good news without a date. */

#include "config.h"

#include "feeds.h"
#include "text.h"

#include "in-file.h"

#define NOW_USEC (G_GINT64_CONSTANT (1785543000) * G_USEC_PER_SEC)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_item (const SigninFeedItem *item)
{
  g_assert_true (signin_text_check (item->title, SIGNIN_FEED_TITLE_MAX, "title", NULL));
  g_assert_true (signin_text_check (item->detail, SIGNIN_FEED_DETAIL_MAX, "detail", NULL));
  if (item->status != NULL)
    g_assert_true (signin_text_check (item->status, SIGNIN_FEED_STATUS_MAX, "status", NULL));
  if (item->link != NULL)
    g_assert_true (g_ascii_strncasecmp (item->link, "https://", 8) == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SigninFeed) feed = NULL;

  fuzz_quiet ();
  feed = signin_feed_parse (body, &error);
  if (feed == NULL)
    {
      g_assert_true (signin_text_check (error->message, 200, "error", NULL));
      return 0;
    }
  g_assert_cmpuint (feed->items->len, <=, SIGNIN_FEED_ITEMS_MAX);
  for (guint i = 0; i < feed->items->len; i++)
    check_item (g_ptr_array_index (feed->items, i));
  for (SigninFeedKind kind = SIGNIN_FEED_STATUS; kind <= SIGNIN_FEED_INCIDENTS; kind++)
    {
      const char *reason = NULL;

      signin_feed_judge (feed, kind, NOW_USEC, G_TIME_SPAN_HOUR, &reason);
      g_assert_nonnull (reason);
      g_assert_cmpint (signin_feed_judge (feed, kind, G_MAXINT64 / 2, G_TIME_SPAN_HOUR, &reason), ==,
                       SIGNIN_VERDICT_UNKNOWN);
    }
  return 0;
}
