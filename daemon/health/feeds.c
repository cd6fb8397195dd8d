/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "address.h"
#include "feeds.h"
#include "json.h"
#include "stamp.h"
#include "text.h"

#define LINK_MAX 512

/* Mark-up that is looked at for a line of text. */
#define MARKUP_MAX 4096

SigninFeed *
signin_feed_new (void)
{
  SigninFeed *feed = g_new0 (SigninFeed, 1);

  feed->items = g_ptr_array_new_with_free_func ((GDestroyNotify) signin_feed_item_free);
  return feed;
}

void
signin_feed_free (SigninFeed *feed)
{
  if (feed == NULL)
    return;
  g_ptr_array_unref (feed->items);
  g_free (feed);
}

SigninFeedItem *
signin_feed_item_new (void)
{
  SigninFeedItem *item = g_new0 (SigninFeedItem, 1);

  item->title = g_strdup ("");
  item->detail = g_strdup ("");
  return item;
}

void
signin_feed_item_free (SigninFeedItem *item)
{
  if (item == NULL)
    return;
  g_free (item->title);
  g_free (item->detail);
  g_free (item->link);
  g_free (item->status);
  g_free (item);
}

/* Puts what an entity such as "&amp;" stands for, or a space. Returns what follows it. */
static const char *
skip_entity (const char *p, GString *text)
{
  static const struct
  {
    const char *entity;
    char c;
  } entities[] = { { "&amp;", '&' },  { "&lt;", '<' },    { "&gt;", '>' },  { "&quot;", '"' },
                   { "&#39;", '\'' }, { "&apos;", '\'' }, { "&nbsp;", ' ' } };

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (g_str_has_prefix (p, entities[i].entity))
      {
        g_string_append_c (text, entities[i].c);
        return p + strlen (entities[i].entity);
      }
  g_string_append_c (text, '&');
  return p + 1;
}

/**
 * signin_feed_plain:
 * @markup: (nullable): text with HTML in it
 * @max_bytes: how many bytes are wanted
 *
 * Returns: (transfer full): its words in one line that is fit to be shown
 */
char *
signin_feed_plain (const char *markup, gsize max_bytes)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *p = markup != NULL ? markup : "";
  const char *end = p + strnlen (p, MARKUP_MAX);

  while (p < end)
    {
      if (*p == '<')
        {
          const char *close = memchr (p, '>', end - p);

          g_string_append_c (text, ' ');
          p = close != NULL ? close + 1 : end;
        }
      else if (*p == '&')
        {
          p = skip_entity (p, text);
        }
      else
        {
          g_string_append_c (text, *p++);
        }
    }
  return signin_text_clean (text->str, text->len, max_bytes);
}

/**
 * signin_feed_link:
 * @url: (nullable): an address from outside
 *
 * Returns: (transfer full) (nullable): it, if it is one that people can be led to
 */
char *
signin_feed_link (const char *url)
{
  g_autofree char *trimmed = NULL;

  if (url == NULL || strnlen (url, LINK_MAX + 1) > LINK_MAX)
    return NULL;
  trimmed = g_strstrip (g_strdup (url));
  return signin_url_check (trimmed, NULL) ? g_steal_pointer (&trimmed) : NULL;
}

/* An object of status.cloud.microsoft. Its LastUpdatedTime is only the clock of whoever answers. */
static SigninFeed *
post_parse (GBytes *body, GError **error)
{
  g_autoptr (json_t) post = signin_json_parse (body, error);
  g_autoptr (SigninFeed) feed = NULL;
  SigninFeedItem *item;

  if (post == NULL)
    return NULL;
  if (!json_is_string (json_object_get (post, "Status")))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no status");
      return NULL;
    }
  feed = signin_feed_new ();
  item = g_new0 (SigninFeedItem, 1);
  g_ptr_array_add (feed->items, item);
  item->status = signin_json_get_clean (post, "Status", SIGNIN_FEED_STATUS_MAX);
  item->title = signin_feed_plain (signin_json_get_text (post, "Title"), SIGNIN_FEED_TITLE_MAX);
  item->detail = signin_feed_plain (signin_json_get_text (post, "Message"), SIGNIN_FEED_DETAIL_MAX);
  item->at_usec = signin_json_get_time (post, "InternalDateTime");
  feed->built_usec = item->at_usec;
  return g_steal_pointer (&feed);
}

/**
 * signin_feed_parse:
 * @body: what was received
 * @error: return location
 *
 * Reads a feed in any of the forms that are known: RSS 2.0, or an object of status.cloud.microsoft.
 *
 * Returns: (transfer full): what it says, or %NULL with an error that repeats nothing of @body
 */
SigninFeed *
signin_feed_parse (GBytes *body, GError **error)
{
  gsize len, start = 0;
  const char *bytes = g_bytes_get_data (body, &len);

  if (len >= 3 && memcmp (bytes, "\xef\xbb\xbf", 3) == 0)
    start = 3;
  while (start < len && g_ascii_isspace (bytes[start]))
    start++;
  if (start < len && bytes[start] == '<')
    return signin_rss_parse (bytes + start, len - start, error);
  return post_parse (body, error);
}

/**
 * signin_feed_judge_word:
 * @word: (nullable): the word for a state
 * @reason: (out): the stable code of it
 *
 * Returns: what it means; a word that is not known means nothing, least of all that all is well
 */
SigninVerdict
signin_feed_judge_word (const char *word, const char **reason)
{
  static const SigninVerdictWord words[] = {
    { "Available", "available", SIGNIN_VERDICT_UP },
    { "Operational", "operational", SIGNIN_VERDICT_UP },
    { "Service restored", "service-restored", SIGNIN_VERDICT_UP },
    { "Service degradation", "service-degradation", SIGNIN_VERDICT_DEGRADED },
    { "Unknown", "status-unknown", SIGNIN_VERDICT_UNKNOWN },
    { NULL },
  };

  return signin_verdict_judge_word (words, word, reason);
}

/**
 * signin_feed_judge:
 * @feed: a feed
 * @kind: what it is made of
 * @now_usec: now, in microseconds of CLOCK_REALTIME
 * @fresh_usec: how old it may be
 * @reason: (out): a stable code for why it is judged so
 *
 * Returns: what the feed says of its subject; nothing, unless it was made a short while ago
 */
SigninVerdict
signin_feed_judge (const SigninFeed *feed, SigninFeedKind kind, gint64 now_usec, gint64 fresh_usec, const char **reason)
{
  const SigninFeedItem *first = feed->items->len > 0 ? g_ptr_array_index (feed->items, 0) : NULL;
  gint64 said_usec = kind == SIGNIN_FEED_STATUS && first != NULL ? first->at_usec : feed->built_usec;

  if (kind == SIGNIN_FEED_STATUS && first == NULL)
    *reason = "empty";
  else if (said_usec == 0)
    *reason = "no-date";
  else if (!signin_stamp_is_near (said_usec, now_usec, fresh_usec))
    *reason = "stale";
  else if (kind == SIGNIN_FEED_STATUS)
    return signin_feed_judge_word (first->status, reason);
  else
    {
      *reason = first != NULL ? "incidents" : "no-incidents";
      return first != NULL ? SIGNIN_VERDICT_DEGRADED : SIGNIN_VERDICT_UP;
    }
  return SIGNIN_VERDICT_UNKNOWN;
}
