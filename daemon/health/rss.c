/* SPDX-License-Identifier: GPL-3.0-or-later */

/* RSS 2.0, read with GMarkup: it knows no entities but the five of XML, opens no other file and no connection. */

#include "config.h"

#include <string.h>

#include "feeds.h"
#include "stamp.h"
#include "text.h"

#define DEPTH_MAX 16
#define ELEMENT_MAX 4096

typedef struct
{
  SigninFeed *feed;
  SigninFeedItem *item; /* the one that is being read */
  GString *text;        /* of the innermost element */
  guint depth;
  gboolean full;
} Rss;

/* rss > channel > item, and what is directly in the last two. */
enum
{
  IN_RSS = 1,
  IN_CHANNEL,
  IN_ITEM,
  IN_DETAIL
};

static void
refuse (GError **error, const char *what)
{
  g_set_error_literal (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, what);
}

static void
start_element (GMarkupParseContext *context, const char *element, const char **names, const char **values,
               gpointer user_data, GError **error)
{
  Rss *rss = user_data;

  rss->depth++;
  g_string_truncate (rss->text, 0);
  if (rss->depth > DEPTH_MAX)
    refuse (error, "nested deeper than " G_STRINGIFY (DEPTH_MAX));
  else if (rss->depth == IN_RSS && !g_str_equal (element, "rss"))
    refuse (error, "not RSS");
  else if (rss->depth == IN_ITEM && g_str_equal (element, "item"))
    {
      rss->full = rss->feed->items->len >= SIGNIN_FEED_ITEMS_MAX;
      if (!rss->full)
        {
          rss->item = signin_feed_item_new ();
          g_ptr_array_add (rss->feed->items, rss->item);
        }
    }
}

static void
take (char **into, char *text)
{
  g_free (*into);
  *into = text;
}

static void
end_in_item (SigninFeedItem *item, const char *element, const char *text)
{
  if (g_str_equal (element, "title"))
    take (&item->title, signin_feed_plain (text, SIGNIN_FEED_TITLE_MAX));
  else if (g_str_equal (element, "description"))
    take (&item->detail, signin_feed_plain (text, SIGNIN_FEED_DETAIL_MAX));
  else if (g_str_equal (element, "link"))
    take (&item->link, signin_feed_link (text));
  else if (g_str_equal (element, "status"))
    take (&item->status, signin_text_clean (text, strlen (text), SIGNIN_FEED_STATUS_MAX));
  else if (g_str_equal (element, "pubDate"))
    item->at_usec = signin_stamp_parse (text);
}

static void
end_in_channel (Rss *rss, const char *element)
{
  if (g_str_equal (element, "lastBuildDate"))
    rss->feed->built_usec = signin_stamp_parse (rss->text->str);
  else if (g_str_equal (element, "pubDate") && rss->feed->built_usec == 0)
    rss->feed->built_usec = signin_stamp_parse (rss->text->str);
}

static void
end_element (GMarkupParseContext *context, const char *element, gpointer user_data, GError **error)
{
  Rss *rss = user_data;

  if (rss->depth == IN_DETAIL && rss->item != NULL)
    end_in_item (rss->item, element, rss->text->str);
  else if (rss->depth == IN_ITEM && rss->item == NULL && !rss->full)
    end_in_channel (rss, element);
  if (rss->depth == IN_ITEM)
    {
      rss->item = NULL;
      rss->full = FALSE;
    }
  g_string_truncate (rss->text, 0);
  rss->depth--;
}

/* An element that is too long is cut, not refused: it is long descriptions that are. */
static void
on_text (GMarkupParseContext *context, const char *text, gsize len, gpointer user_data, GError **error)
{
  Rss *rss = user_data;

  g_string_append_len (rss->text, text, (gssize) MIN (len, ELEMENT_MAX - rss->text->len));
}

/**
 * signin_rss_parse:
 * @bytes: what was received, without a byte order mark
 * @len: how much
 * @error: return location
 *
 * Reads RSS 2.0, and the "status" that items of status.cloud.microsoft have in addition. Of more than
 * #SIGNIN_FEED_ITEMS_MAX items the rest is left out.
 *
 * Returns: (transfer full): what it says, or %NULL with #G_MARKUP_ERROR, which repeats nothing of @bytes
 */
SigninFeed *
signin_rss_parse (const char *bytes, gsize len, GError **error)
{
  static const GMarkupParser parser = { start_element, end_element, on_text, NULL, NULL };
  g_autoptr (SigninFeed) feed = signin_feed_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  Rss rss = { .feed = feed, .text = text };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &rss,
                                                                        NULL);
  g_autoptr (GError) problem = NULL;

  if (g_markup_parse_context_parse (context, bytes, (gssize) len, &problem)
      && g_markup_parse_context_end_parse (context, &problem))
    return g_steal_pointer (&feed);
  /* GLib's own errors quote what they stumble over. */
  refuse (error,
          g_error_matches (problem, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT) ? problem->message : "not XML");
  return NULL;
}
