/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sources.h"

#include "datafile.h"
#include "feed-source.h"
#include "graph-source.h"
#include "target.h"

struct _SigninSources
{
  const SigninServices *services;
  SigninFeedSource *feeds;
  SigninGraphSource *graph;
  SigninSettingsFiles *settings;
};

/* The service files again: signind, which reads them too, has no use for any of this and is spared it. */
static void
read_files (const SigninServices *services, GPtrArray *feeds, SigninGraphConfig *graph)
{
  const SigninService *const *list = signin_services_list (services);

  for (; *list != NULL; list++)
    {
      g_autoptr (GKeyFile) file = signin_datafile_read ((*list)->path, NULL);

      if (file == NULL)
        continue;
      signin_feed_configs_read (feeds, file, (*list)->path);
      signin_graph_config_read (graph, file, (*list)->path);
    }
}

/**
 * signin_sources_new:
 * @services: the services; outlive this
 * @fetcher: asks; outlives this
 * @bus: (nullable): the session bus
 * @settings: the files of settings; outlive this
 *
 * Returns: (transfer full): what the service files say can be asked
 */
SigninSources *
signin_sources_new (const SigninServices *services, SigninFetcher *fetcher, GDBusConnection *bus,
                    SigninSettingsFiles *settings)
{
  SigninSources *sources = g_new0 (SigninSources, 1);
  g_autoptr (GPtrArray) feeds = signin_feed_configs_new ();
  g_autoptr (SigninGraphConfig) graph = signin_graph_config_new ();

  read_files (services, feeds, graph);
  sources->services = services;
  sources->settings = settings;
  sources->feeds = signin_feed_source_new (fetcher, feeds);
  sources->graph = signin_graph_source_new (fetcher, bus, g_steal_pointer (&graph));
  return sources;
}

/**
 * signin_sources_free:
 * @sources: (nullable): sources
 */
void
signin_sources_free (SigninSources *sources)
{
  if (sources == NULL)
    return;
  signin_feed_source_free (sources->feeds);
  signin_graph_source_free (sources->graph);
  g_free (sources);
}

static guint
ask_feeds (gpointer self, GPtrArray *targets, gboolean refresh, SigninHealthRowsDone done, gpointer user_data)
{
  return signin_feed_source_ask (((SigninSources *) self)->feeds, refresh, done, user_data);
}

static void
cancel_feeds (gpointer self, guint id)
{
  signin_feed_source_cancel (((SigninSources *) self)->feeds, id);
}

static const SigninRegion *
region_of (const SigninSources *sources, const SigninTarget *target)
{
  gsize prefix_len;

  return target->kind == SIGNIN_ROW_ORGANIZATION
             ? signin_services_find_region_host (sources->services, target->host, &prefix_len)
             : NULL;
}

/* Graph as it is in the clouds of the accounts. */
static GPtrArray *
find_hosts (const SigninSources *sources, GPtrArray *targets)
{
  GPtrArray *hosts = g_ptr_array_new ();

  for (guint i = 0; i < targets->len; i++)
    {
      const SigninRegion *region = region_of (sources, g_ptr_array_index (targets, i));

      if (region != NULL && !g_ptr_array_find_with_equal_func (hosts, region->graph, g_str_equal, NULL))
        g_ptr_array_add (hosts, region->graph);
    }
  if (hosts->len == 0)
    g_ptr_array_add (hosts, (gpointer) SIGNIN_GRAPH_DEFAULT);
  g_ptr_array_add (hosts, NULL);
  return hosts;
}

/* Its settings are asked for where one account is meant: a run of the command for each of many would take long. A host
 * of no region may be anybody's, and is sent no token. */
static const char *
find_organization (const SigninSources *sources, GPtrArray *targets)
{
  const char *host = NULL;

  for (guint i = 0; i < targets->len; i++)
    {
      const SigninTarget *target = g_ptr_array_index (targets, i);

      if (target->kind != SIGNIN_ROW_ORGANIZATION)
        continue;
      if (host != NULL || region_of (sources, target) == NULL)
        return NULL;
      host = target->host;
    }
  return host;
}

/* Read each time, so that who has just written it can try it. */
static void
read_command (const SigninSources *sources)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  SigninSettings settings;

  signin_settings_files_read (sources->settings, &settings, problems);
  signin_graph_source_set_command (sources->graph, settings.token_command);
}

static guint
ask_graph (gpointer self, GPtrArray *targets, gboolean refresh, SigninHealthRowsDone done, gpointer user_data)
{
  const SigninSources *sources = self;
  g_autoptr (GPtrArray) hosts = find_hosts (sources, targets);

  read_command (sources);
  return signin_graph_source_ask (sources->graph, (const char *const *) hosts->pdata,
                                  find_organization (sources, targets), refresh, done, user_data);
}

static void
cancel_graph (gpointer self, guint id)
{
  signin_graph_source_cancel (((SigninSources *) self)->graph, id);
}

/**
 * signin_sources_add_to:
 * @sources: sources; outlive @health
 * @health: what asks them
 */
void
signin_sources_add_to (SigninSources *sources, SigninHealth *health)
{
  static const SigninHealthSource feeds = { "feeds", ask_feeds, cancel_feeds };
  static const SigninHealthSource graph = { "graph", ask_graph, cancel_graph };

  signin_health_add_source (health, &feeds, sources);
  signin_health_add_source (health, &graph, sources);
}
