/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A service file of somebody's own, for what it says of feeds and of Graph: only what can be asked is taken. */

#include "config.h"

#include "address.h"
#include "datafile.h"
#include "feed-source.h"
#include "graph-source.h"
#include "text.h"

#include "in-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_feeds (GKeyFile *file)
{
  g_autoptr (GPtrArray) configs = signin_feed_configs_new ();

  signin_feed_configs_read (configs, file, "fuzz.conf");
  g_assert_cmpuint (configs->len, <=, SIGNIN_FEED_CONFIGS_MAX);
  for (guint i = 0; i < configs->len; i++)
    {
      const SigninFeedConfig *config = g_ptr_array_index (configs, i);

      g_assert_true (signin_text_check (config->name, 128, "The name", NULL));
      g_assert_true (signin_url_check (config->url, NULL));
      g_assert_true (config->page == NULL || signin_url_check (config->page, NULL));
      g_assert_cmpint (config->fresh_usec, >, 0);
      g_assert_cmpint (config->interval_usec, >=, 0);
    }
}

static void
check_graph (GKeyFile *file)
{
  g_autoptr (SigninGraphConfig) config = signin_graph_config_new ();
  g_autofree char *url = NULL;
  g_autofree char *session_url = NULL;

  signin_graph_config_read (config, file, "fuzz.conf");
  g_assert_cmpuint (config->ids->len, <=, 16);
  g_assert_true (config->page == NULL || signin_url_check (config->page, NULL));
  url = g_strconcat ("https://graph.microsoft.com", config->path, NULL);
  g_assert_true (signin_url_check (url, NULL));
  if (config->session_path != NULL)
    session_url = g_strconcat ("https://contoso.crm4.dynamics.com", config->session_path, NULL);
  g_assert_true (session_url == NULL || signin_url_check (session_url, NULL));
  g_assert_cmpint (config->interval_usec, >=, 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GKeyFile) file = NULL;

  fuzz_quiet ();
  file = signin_datafile_read (fuzz_in_file (data, size), NULL);
  if (file == NULL)
    return 0;
  check_feeds (file);
  check_graph (file);
  return 0;
}
