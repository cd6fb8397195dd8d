/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "graph.h"
#include "health.h"

G_BEGIN_DECLS

/**
 * SigninGraphConfig:
 * @ids: (element-type utf8): what Graph calls the services that are always told of, the first first
 * @page: (nullable): where administrators can read the same
 * @path: what to ask for at Graph's host
 * @interval_usec: for how long what it said is good
 * @session_path: (nullable): what to ask organizations for, to learn how long their sessions are
 *
 * What is asked with a token, as service files say.
 */
typedef struct
{
  GPtrArray *ids;
  char *page;
  char *path;
  gint64 interval_usec;
  char *session_path;
} SigninGraphConfig;

SigninGraphConfig *signin_graph_config_new (void);
void signin_graph_config_free (SigninGraphConfig *config);
void signin_graph_config_read (SigninGraphConfig *config, GKeyFile *file, const char *path);

/**
 * SigninGraphSource:
 *
 * Asks Microsoft Graph, and organizations for their settings, with tokens of the person's own command.
 */
typedef struct _SigninGraphSource SigninGraphSource;

SigninGraphSource *signin_graph_source_new (SigninFetcher *fetcher, GDBusConnection *bus, SigninGraphConfig *config);
void signin_graph_source_set_command (SigninGraphSource *source, const char *token_command);
void signin_graph_source_free (SigninGraphSource *source);
guint signin_graph_source_ask (SigninGraphSource *source, const char *const *hosts, const char *organization,
                               gboolean refresh, SigninHealthRowsDone done, gpointer user_data);
void signin_graph_source_cancel (SigninGraphSource *source, guint id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninGraphConfig, signin_graph_config_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninGraphSource, signin_graph_source_free)

G_END_DECLS
