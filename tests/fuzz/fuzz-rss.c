/* SPDX-License-Identifier: GPL-3.0-or-later */

/* RSS, of whatever bytes: what it says is fit to be shown, and within its bounds. */

#include "config.h"

#include "feeds.h"
#include "text.h"

#include "in-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SigninFeed) feed = NULL;

  fuzz_quiet ();
  feed = signin_rss_parse ((const char *) data, size, &error);
  g_assert_true ((feed == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (signin_text_check (error->message, 200, "error", NULL));
  for (guint i = 0; feed != NULL && i < feed->items->len; i++)
    {
      const SigninFeedItem *item = g_ptr_array_index (feed->items, i);

      g_assert_cmpuint (i, <, SIGNIN_FEED_ITEMS_MAX);
      g_assert_true (signin_text_check (item->title, SIGNIN_FEED_TITLE_MAX, "title", NULL));
      g_assert_true (signin_text_check (item->detail, SIGNIN_FEED_DETAIL_MAX, "detail", NULL));
    }
  return 0;
}
