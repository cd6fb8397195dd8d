/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "feeds.h"
#include "health.h"

G_BEGIN_DECLS

#define SIGNIN_FEED_CONFIGS_MAX 16
#define SIGNIN_FEED_URL_MAX 512

/**
 * SigninFeedConfig:
 * @name: what the feed speaks of, for people
 * @url: where it is
 * @page: (nullable): where people can read the same
 * @kind: what it is made of
 * @fresh_usec: how old it may be to be believed
 * @interval_usec: for how long what it said is good
 *
 * A feed that is asked, as a service file says.
 */
typedef struct
{
  char *name;
  char *url;
  char *page;
  SigninFeedKind kind;
  gint64 fresh_usec;
  gint64 interval_usec;
} SigninFeedConfig;

GPtrArray *signin_feed_configs_new (void);
void signin_feed_configs_read (GPtrArray *configs, GKeyFile *file, const char *path);

/**
 * SigninFeedSource:
 *
 * Asks the public feeds.
 */
typedef struct _SigninFeedSource SigninFeedSource;

SigninFeedSource *signin_feed_source_new (SigninFetcher *fetcher, GPtrArray *configs);
void signin_feed_source_free (SigninFeedSource *source);
guint signin_feed_source_ask (SigninFeedSource *source, gboolean refresh, SigninHealthRowsDone done,
                              gpointer user_data);
void signin_feed_source_cancel (SigninFeedSource *source, guint id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninFeedSource, signin_feed_source_free)

G_END_DECLS
