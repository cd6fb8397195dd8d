/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Feeds as they were seen, as they could be, and as they must not be taken for good news. */

#include "config.h"

#include <string.h>

#include "feed-source.h"
#include "feeds.h"
#include "graph-source.h"
#include "stamp.h"
#include "text.h"

/* 2026-08-01 00:10:00 UTC, five minutes after all that is in the documents. */
#define NOW_USEC (G_GINT64_CONSTANT (1785543000) * G_USEC_PER_SEC)
#define FRESH_USEC (30 * G_TIME_SPAN_MINUTE)

static GBytes *
document (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fuzz", "corpus", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text;
  gsize len;

  g_file_get_contents (path, &text, &len, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (text, len);
}

static SigninFeed *
read_feed (const char *name)
{
  g_autoptr (GBytes) body = document (name);
  g_autoptr (GError) error = NULL;
  SigninFeed *feed = signin_feed_parse (body, &error);

  g_assert_no_error (error);
  return feed;
}

static const SigninFeedItem *
item (const SigninFeed *feed, guint i)
{
  g_assert_cmpuint (i, <, feed->items->len);
  return g_ptr_array_index (feed->items, i);
}

typedef struct
{
  const char *document;
  SigninFeedKind kind;
  int age_min; /* how long after NOW it is looked at */
  SigninVerdict verdict;
  const char *reason;
} Row;

static void
test_verdicts (void)
{
  static const Row rows[] = {
    { "feed/available", SIGNIN_FEED_STATUS, 0, SIGNIN_VERDICT_UP, "available" },
    { "feed/marked", SIGNIN_FEED_STATUS, 0, SIGNIN_VERDICT_UP, "available" },
    { "feed/restored", SIGNIN_FEED_STATUS, 0, SIGNIN_VERDICT_UP, "service-restored" },
    { "feed/degradation", SIGNIN_FEED_STATUS, 0, SIGNIN_VERDICT_DEGRADED, "service-degradation" },
    { "feed/unknown", SIGNIN_FEED_STATUS, 0, SIGNIN_VERDICT_UNKNOWN, "status-unknown" },
    { "feed/unknown-word", SIGNIN_FEED_STATUS, 0, SIGNIN_VERDICT_UNKNOWN, "unknown-word" },
    { "feed/no-date", SIGNIN_FEED_STATUS, 0, SIGNIN_VERDICT_UNKNOWN, "no-date" },
    { "feed/available", SIGNIN_FEED_STATUS, 25, SIGNIN_VERDICT_UP, "available" },
    { "feed/available", SIGNIN_FEED_STATUS, 26, SIGNIN_VERDICT_UNKNOWN, "stale" },
    { "feed/available", SIGNIN_FEED_STATUS, -36, SIGNIN_VERDICT_UNKNOWN, "stale" },
    { "rss/available", SIGNIN_FEED_STATUS, 0, SIGNIN_VERDICT_UP, "available" },
    { "rss/available", SIGNIN_FEED_STATUS, 1440, SIGNIN_VERDICT_UNKNOWN, "stale" },
    { "rss/degradation", SIGNIN_FEED_STATUS, 0, SIGNIN_VERDICT_DEGRADED, "service-degradation" },
    { "rss/unknown-word", SIGNIN_FEED_STATUS, 0, SIGNIN_VERDICT_UNKNOWN, "unknown-word" },
    { "rss/azure-empty", SIGNIN_FEED_STATUS, 0, SIGNIN_VERDICT_UNKNOWN, "empty" },
    { "rss/azure-empty", SIGNIN_FEED_INCIDENTS, 0, SIGNIN_VERDICT_UP, "no-incidents" },
    { "rss/azure-empty", SIGNIN_FEED_INCIDENTS, 26, SIGNIN_VERDICT_UNKNOWN, "stale" },
    { "rss/azure-undated", SIGNIN_FEED_INCIDENTS, 0, SIGNIN_VERDICT_UNKNOWN, "no-date" },
    { "rss/azure-incidents", SIGNIN_FEED_INCIDENTS, 0, SIGNIN_VERDICT_DEGRADED, "incidents" },
    { "rss/azure-incidents", SIGNIN_FEED_INCIDENTS, 60, SIGNIN_VERDICT_UNKNOWN, "stale" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (SigninFeed) feed = read_feed (rows[i].document);
      const char *reason = NULL;
      SigninVerdict verdict = signin_feed_judge (feed, rows[i].kind, NOW_USEC + rows[i].age_min * G_TIME_SPAN_MINUTE,
                                                 FRESH_USEC, &reason);

      g_test_message ("%s after %d min", rows[i].document, rows[i].age_min);
      g_assert_cmpstr (reason, ==, rows[i].reason);
      g_assert_cmpint (verdict, ==, rows[i].verdict);
    }
}

static void
test_refused (void)
{
  static const char *const rows[][2] = {
    { "feed/no-status", "no status" },
    { "feed/not-an-object", "no status" },
    { "feed/cut-off", "not JSON" },
    { "feed/deep", "nested deeper than 16" },
    { "feed/hostile", "not JSON" },
    { "feed/empty", "not JSON" },
    { "rss/cut-off", "not XML" },
    { "rss/entity", "not XML" },
    { "rss/external", "not XML" },
    { "rss/html", "not RSS" },
    { "rss/html-loose", "not RSS" },
    { "rss/atom", "not RSS" },
    { "rss/deep", "nested deeper than 16" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GBytes) body = document (rows[i][0]);
      g_autoptr (GError) error = NULL;

      g_assert_null (signin_feed_parse (body, &error));
      g_assert_nonnull (error);
      if (!g_str_has_prefix (error->message, rows[i][1]))
        g_error ("%s: “%s” is not “%s”", rows[i][0], error->message, rows[i][1]);
    }
}

static void
test_words (void)
{
  g_autoptr (SigninFeed) post = read_feed ("feed/degradation");
  g_autoptr (SigninFeed) azure = read_feed ("rss/azure-incidents");

  g_assert_cmpstr (item (post, 0)->title, ==, "Admins can't sign in");
  g_assert_cmpstr (item (post, 0)->detail, ==,
                   "We're looking into it & will say more. alert(1) Next update: 02:00 UTC");
  g_assert_cmpint (item (post, 0)->at_usec, ==, NOW_USEC - 5 * G_TIME_SPAN_MINUTE);
  g_assert_cmpuint (azure->items->len, ==, 2);
  g_assert_cmpstr (item (azure, 0)->title, ==, "Microsoft Entra ID - sign-in failures - Investigating");
  g_assert_cmpstr (item (azure, 0)->detail, ==, "Starting at 21:10 UTC, customers may see \"errors\".");
  g_assert_cmpstr (item (azure, 0)->link, ==, "https://azure.status.microsoft/en-us/status/");
  g_assert_cmpint (item (azure, 0)->at_usec, ==, NOW_USEC - 160 * G_TIME_SPAN_MINUTE);
  g_assert_null (item (azure, 1)->link);
}

/* What could be taken for something else, or reach further than the line it stands in. */
static void
test_clean (void)
{
  static const char *const names[] = { "feed/bidi", "rss/bidi" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (SigninFeed) feed = read_feed (names[i]);

      g_assert_true (signin_text_check (item (feed, 0)->title, SIGNIN_FEED_TITLE_MAX, "title", NULL));
      g_assert_true (g_str_has_prefix (item (feed, 0)->title, "a cba"));
    }
}

static void
test_bounds (void)
{
  g_autoptr (SigninFeed) many = read_feed ("rss/azure-many");
  g_autofree char *long_text = g_strnfill (200000, 'x');
  g_autofree char *text = g_strconcat ("<rss><channel><item><title>", long_text, "</title></item></channel></rss>",
                                       NULL);
  g_autofree char *values = g_strnfill (100000, ',');
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) commas = g_bytes_new (values, strlen (values));
  g_autoptr (SigninFeed) feed = signin_feed_parse (body, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (many->items->len, ==, SIGNIN_FEED_ITEMS_MAX);
  g_assert_cmpuint (strlen (item (feed, 0)->title), <=, SIGNIN_FEED_TITLE_MAX);
  g_assert_null (signin_feed_parse (commas, &error));
  g_assert_cmpstr (error->message, ==, "more than 16384 values");
}

static void
test_stamps (void)
{
  static const struct
  {
    const char *text;
    gint64 sec;
  } rows[] = {
    { "Sat, 01 Aug 2026 00:05:00 Z", 1785542700 },
    { "Sat, 01 Aug 2026 00:05:00 GMT", 1785542700 },
    { "Sat, 01 Aug 2026 02:05:00 +0200", 1785542700 },
    { "2026-08-01T00:05:00Z", 1785542700 },
    { "2026-08-01T00:05:00", 1785542700 },
    { "2026-08-01T02:05:00.767+02:00", 1785542700 },
    { " \n2026-08-01T00:05:00Z", 1785542700 },
    { "", 0 },
    { "soon", 0 },
    { "1970-01-01T00:00:00Z", 0 },
    { "9999-12-31T23:59:59Z", 0 },
    { "Sat, 01 Aug 2026 00:05:00 Z and so on and so on and so on and so on and so on", 0 },
    { NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (signin_stamp_parse (rows[i].text), ==, rows[i].sec * G_USEC_PER_SEC);
}

static GPtrArray *
read_configs (const char *text)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  GPtrArray *configs = signin_feed_configs_new ();

  g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  signin_feed_configs_read (configs, file, "FILE");
  return configs;
}

static void
test_configs (void)
{
  g_autoptr (GPtrArray) configs = read_configs ("[Feed a]\nname=A\nurl=https://a.example/\n"
                                                "[Feed again]\nname=B\nurl=https://a.example/\n"
                                                "[Other]\nname=C\nurl=https://c.example/\n"
                                                "[Feed d]\nname=D\nurl=https://d.example/\npage=https://p.example/\n"
                                                "kind=incidents\nfresh=1h\ninterval=2min\n");
  const SigninFeedConfig *config;

  g_assert_cmpuint (configs->len, ==, 2);
  config = g_ptr_array_index (configs, 0);
  g_assert_cmpstr (config->name, ==, "A");
  g_assert_cmpint (config->kind, ==, SIGNIN_FEED_STATUS);
  g_assert_cmpint (config->fresh_usec, ==, 30 * G_TIME_SPAN_MINUTE);
  g_assert_cmpint (config->interval_usec, ==, 10 * G_TIME_SPAN_MINUTE);
  config = g_ptr_array_index (configs, 1);
  g_assert_cmpstr (config->page, ==, "https://p.example/");
  g_assert_cmpint (config->kind, ==, SIGNIN_FEED_INCIDENTS);
  g_assert_cmpint (config->fresh_usec, ==, G_TIME_SPAN_HOUR);
  g_assert_cmpint (config->interval_usec, ==, 2 * G_TIME_SPAN_MINUTE);
}

static void
test_bad_configs (void)
{
  static const char *const rows[][2] = {
    { "url=https://a.example/", "*?Feed x? name: missing*" },
    { "name=A", "*?Feed x? url: missing*" },
    { "name=A\nurl=http://a.example/", "*?Feed x? url: URL: it must begin with https*" },
    { "name=A\nurl=file:///etc/passwd", "*?Feed x? url: URL: it must begin with https*" },
    { "name=A\nurl=https://a.example/\nkind=news", "*?Feed x? kind: *none of status, incidents*" },
    { "name=A\nurl=https://a.example/\nfresh=soon", "*?Feed x? fresh: *is not a duration*" },
    { "name=A\nurl=https://a.example/\nfresh=none", "*?Feed x? fresh: must not be none*" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strconcat ("[Feed x]\n", rows[i][0], "\n", NULL);
      g_autoptr (GPtrArray) configs = NULL;

      g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, rows[i][1]);
      configs = read_configs (text);
      g_test_assert_expected_messages ();
      g_assert_cmpuint (configs->len, ==, 0);
    }
}

/* What is installed asks exactly these. */
static void
test_installed (void)
{
  static const char *const names[] = { "Power Platform admin center", "Microsoft Azure", "Microsoft 365 admin center" };
  static const char *const ids[] = { "DynamicsCRM", "OrgLiveID", "OSDPPlatform" };
  g_autoptr (SigninServices) services = signin_services_load (NULL);
  g_autoptr (GPtrArray) configs = signin_feed_configs_new ();
  g_autoptr (SigninGraphConfig) graph = signin_graph_config_new ();

  for (const SigninService *const *list = signin_services_list (services); *list != NULL; list++)
    {
      g_autoptr (GKeyFile) file = g_key_file_new ();

      g_assert_true (g_key_file_load_from_file (file, (*list)->path, G_KEY_FILE_NONE, NULL));
      signin_feed_configs_read (configs, file, (*list)->path);
      signin_graph_config_read (graph, file, (*list)->path);
    }
  g_assert_cmpuint (configs->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < configs->len; i++)
    g_assert_cmpstr (((SigninFeedConfig *) g_ptr_array_index (configs, i))->name, ==, names[i]);
  g_assert_cmpuint (graph->ids->len, ==, G_N_ELEMENTS (ids));
  for (guint i = 0; i < graph->ids->len; i++)
    g_assert_cmpstr (g_ptr_array_index (graph->ids, i), ==, ids[i]);
  g_assert_cmpstr (graph->path, ==, "/v1.0/admin/serviceAnnouncement");
  g_assert_true (g_str_has_prefix (graph->session_path, "/api/data/v9.2/organizations?$select=sessiontimeoutenabled,"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/feeds/verdicts", test_verdicts);
  g_test_add_func ("/feeds/refused", test_refused);
  g_test_add_func ("/feeds/words", test_words);
  g_test_add_func ("/feeds/clean", test_clean);
  g_test_add_func ("/feeds/bounds", test_bounds);
  g_test_add_func ("/feeds/stamps", test_stamps);
  g_test_add_func ("/feeds/configs", test_configs);
  g_test_add_func ("/feeds/bad-configs", test_bad_configs);
  g_test_add_func ("/feeds/installed", test_installed);
  return g_test_run ();
}
