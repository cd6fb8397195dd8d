/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "feed-source.h"

#include "reply.h"
#include "topics.h"

#define CONNECT_TIMEOUT_MSEC 5000
#define TIMEOUT_MSEC 10000

/* Incidents that are told; who wants to read all of them is led to the page. */
#define INCIDENTS_MAX 5

struct _SigninFeedSource
{
  GPtrArray *configs;
  SigninTopics *topics;
  GPtrArray *order; /* SigninTopic */
};

typedef struct
{
  SigninFetcher *fetcher;
  const SigninFeedConfig *config;
} Feed;

typedef struct
{
  SigninTopic *topic;
  const Feed *feed;
  guint fetch;
} Run;

static void
add_row (GPtrArray *rows, const SigninRow *row)
{
  g_ptr_array_add (rows, g_variant_ref_sink (signin_row_to_variant (row)));
}

static void
add_items (GPtrArray *rows, SigninRow *row, const SigninFeed *feed, const SigninFeedConfig *config)
{
  guint n = MIN (feed->items->len, config->kind == SIGNIN_FEED_STATUS ? 1 : INCIDENTS_MAX);

  /* That all is well is no news: there is nothing to be told beside it. */
  if (row->verdict == SIGNIN_VERDICT_UP)
    n = 0;

  for (guint i = 0; i < n; i++)
    {
      const SigninFeedItem *item = g_ptr_array_index (feed->items, i);

      row->title = item->title;
      row->since_usec = item->at_usec;
      /* Only what is not known has to be repeated. */
      row->detail = g_str_equal (row->reason, "unknown-word") ? item->status : item->detail;
      row->url = item->link != NULL ? item->link : config->page;
      add_row (rows, row);
    }
  if (n == 0)
    add_row (rows, row);
}

static void
judge_body (GPtrArray *rows, SigninRow *row, const SigninFetchResponse *response, const SigninFeedConfig *config)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SigninFeed) feed = signin_feed_parse (response->body, &error);

  if (feed == NULL)
    {
      row->reason = "not-understood";
      row->detail = error->message;
      add_row (rows, row);
      return;
    }
  row->verdict = signin_feed_judge (feed, config->kind, response->at_usec, config->fresh_usec, &row->reason);
  /* What is over, or is only said to be going on, is not shown as an incident. */
  if (row->verdict == SIGNIN_VERDICT_UNKNOWN && config->kind == SIGNIN_FEED_INCIDENTS)
    add_row (rows, row);
  else
    add_items (rows, row, feed, config);
}

static SigninRow
make_row (const SigninFeedConfig *config)
{
  return (SigninRow){
    .kind = SIGNIN_ROW_FEED,
    .name = config->name,
    .verdict = SIGNIN_VERDICT_UNKNOWN,
    .asked = config->url,
    .url = config->page,
  };
}

static GPtrArray *
make_rows (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
}

static void
on_fetched (const SigninFetchResponse *response, gpointer user_data)
{
  Run *run = user_data;
  const SigninFeedConfig *config = run->feed->config;
  GPtrArray *rows = make_rows ();
  SigninRow row = make_row (config);

  run->fetch = 0;
  if (signin_reply_take (&row, response))
    judge_body (rows, &row, response, config);
  else
    add_row (rows, &row);
  signin_topic_end (run->topic, rows, row.retry_after_sec);
}

static gpointer
start (SigninTopic *topic, gpointer data)
{
  static const char *const headers[] = { "Accept: application/rss+xml, application/json;q=0.9, */*;q=0.1", NULL };
  const Feed *feed = data;
  const SigninFetchRequest request = {
    .url = feed->config->url,
    .headers = headers,
    .max_body = SIGNIN_FETCH_BODY_MAX,
    .connect_timeout_msec = CONNECT_TIMEOUT_MSEC,
    .timeout_msec = TIMEOUT_MSEC,
  };
  g_autoptr (GError) error = NULL;
  Run *run = g_new0 (Run, 1);

  run->topic = topic;
  run->feed = feed;
  run->fetch = signin_fetch_start (feed->fetcher, &request, on_fetched, run, &error);
  if (run->fetch == 0)
    {
      SigninRow row = make_row (feed->config);
      GPtrArray *rows = make_rows ();

      row.reason = "failed";
      row.detail = error->message;
      add_row (rows, &row);
      signin_topic_fail (topic, rows);
      g_clear_pointer (&run, g_free);
    }
  return run;
}

static void
stop (gpointer data)
{
  Run *run = data;

  if (run->fetch != 0)
    signin_fetch_cancel (run->feed->fetcher, run->fetch);
  g_free (run);
}

/**
 * signin_feed_source_new:
 * @fetcher: asks; outlives this
 * @configs: (element-type SigninFeedConfig): what there is to ask
 *
 * Returns: (transfer full): the public feeds
 */
SigninFeedSource *
signin_feed_source_new (SigninFetcher *fetcher, GPtrArray *configs)
{
  static const SigninTopicClass class = { start, stop, g_free };
  SigninFeedSource *source = g_new0 (SigninFeedSource, 1);

  source->configs = g_ptr_array_ref (configs);
  source->topics = signin_topics_new ();
  source->order = g_ptr_array_new ();
  for (guint i = 0; i < configs->len; i++)
    {
      const SigninFeedConfig *config = g_ptr_array_index (configs, i);
      Feed *feed = g_new (Feed, 1);

      *feed = (Feed){ fetcher, config };
      g_ptr_array_add (source->order,
                       signin_topics_add (source->topics, config->url, config->interval_usec, &class, feed));
    }
  return source;
}

/**
 * signin_feed_source_free:
 * @source: (nullable): the feeds
 */
void
signin_feed_source_free (SigninFeedSource *source)
{
  if (source == NULL)
    return;
  signin_topics_free (source->topics);
  g_ptr_array_unref (source->order);
  g_ptr_array_unref (source->configs);
  g_free (source);
}

/**
 * signin_feed_source_ask:
 * @source: the feeds
 * @refresh: ask also those of which a good answer is known
 * @done: called once, later, with a row or more for each feed
 * @user_data: passed to @done
 *
 * Returns: an id for signin_feed_source_cancel(); 0 if there are no feeds, and @done is not called
 */
guint
signin_feed_source_ask (SigninFeedSource *source, gboolean refresh, SigninHealthRowsDone done, gpointer user_data)
{
  return source->order->len > 0 ? signin_topics_ask (source->topics, source->order, refresh, done, user_data) : 0;
}

/**
 * signin_feed_source_cancel:
 * @source: the feeds
 * @id: what signin_feed_source_ask() returned
 */
void
signin_feed_source_cancel (SigninFeedSource *source, guint id)
{
  signin_topics_cancel (source->topics, id);
}
