/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "graph-source.h"

#include "graph-run.h"

struct _SigninGraphSource
{
  SigninAuthorizer authorizer;
  SigninGraphConfig *config;
  SigninTopics *topics;
};

/**
 * signin_graph_source_new:
 * @fetcher: asks; outlives this
 * @bus: (nullable): the session bus
 * @config: (transfer full): what to ask for
 *
 * Returns: (transfer full): what is asked with a token
 */
SigninGraphSource *
signin_graph_source_new (SigninFetcher *fetcher, GDBusConnection *bus, SigninGraphConfig *config)
{
  SigninGraphSource *source = g_new0 (SigninGraphSource, 1);

  source->authorizer.fetcher = fetcher;
  source->authorizer.bus = bus != NULL ? g_object_ref (bus) : NULL;
  source->config = config;
  source->topics = signin_topics_new ();
  return source;
}

/**
 * signin_graph_source_free:
 * @source: (nullable): a source
 */
void
signin_graph_source_free (SigninGraphSource *source)
{
  if (source == NULL)
    return;
  signin_topics_free (source->topics);
  signin_graph_config_free (source->config);
  g_clear_object (&source->authorizer.bus);
  g_free (source->authorizer.token_command);
  g_free (source);
}

/**
 * signin_graph_source_set_command:
 * @source: a source
 * @token_command: (nullable): the command of the settings; without one nothing is asked
 */
void
signin_graph_source_set_command (SigninGraphSource *source, const char *token_command)
{
  if (g_strcmp0 (source->authorizer.token_command, token_command) == 0)
    return;
  g_free (source->authorizer.token_command);
  source->authorizer.token_command = g_strdup (token_command);
  signin_topics_forget (source->topics);
}

static SigninTopic *
get_topic (SigninGraphSource *source, const SigninTopicClass *class, const char *kind, const char *host)
{
  g_autofree char *base = g_strconcat ("https://", host, NULL);
  g_autofree char *key = g_strconcat (kind, " ", base, NULL);
  SigninTopic *topic = signin_topics_find (source->topics, key);

  if (topic != NULL)
    return topic;
  return signin_topics_add (source->topics, key, source->config->interval_usec, class,
                            signin_graph_subject_new (&source->authorizer, source->config, base));
}

/**
 * signin_graph_source_ask:
 * @source: a source
 * @hosts: (array zero-terminated=1): the hosts of Graph: one for each cloud, none twice
 * @organization: (nullable): the host of an organization that is asked for the length of its sessions
 * @refresh: ask also those of which a good answer is known
 * @done: called once, later
 * @user_data: passed to @done
 *
 * The command is run once for each of the hosts.
 *
 * Returns: an id for signin_graph_source_cancel(); 0 if there is nothing to ask, and @done is not called
 */
guint
signin_graph_source_ask (SigninGraphSource *source, const char *const *hosts, const char *organization,
                         gboolean refresh, SigninHealthRowsDone done, gpointer user_data)
{
  g_autoptr (GPtrArray) which = g_ptr_array_new ();

  if (source->authorizer.token_command == NULL)
    return 0;
  for (; *hosts != NULL; hosts++)
    g_ptr_array_add (which, get_topic (source, &signin_graph_topic, "graph", *hosts));
  if (organization != NULL && source->config->session_path != NULL)
    g_ptr_array_add (which, get_topic (source, &signin_session_topic, "session", organization));
  return which->len > 0 ? signin_topics_ask (source->topics, which, refresh, done, user_data) : 0;
}

/**
 * signin_graph_source_cancel:
 * @source: a source
 * @id: what signin_graph_source_ask() returned
 */
void
signin_graph_source_cancel (SigninGraphSource *source, guint id)
{
  signin_topics_cancel (source->topics, id);
}
