/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Public status feeds: what they say, and what that is worth. */

#pragma once

#include <gio/gio.h>

#include "verdict.h"

G_BEGIN_DECLS

#define SIGNIN_FEED_ITEMS_MAX 32
#define SIGNIN_FEED_STATUS_MAX 48
#define SIGNIN_FEED_TITLE_MAX 160
#define SIGNIN_FEED_DETAIL_MAX 200

/**
 * SigninFeedKind:
 * @SIGNIN_FEED_STATUS: one item, always there, with the state in one word
 * @SIGNIN_FEED_INCIDENTS: an item for each incident, none when there is none
 *
 * What a feed is made of.
 */
typedef enum
{
  SIGNIN_FEED_STATUS,
  SIGNIN_FEED_INCIDENTS
} SigninFeedKind;

/**
 * SigninFeedItem:
 * @title: what it is called
 * @detail: what is said about it, without mark-up
 * @link: (nullable): where more is said, an https address
 * @status: (nullable): the word for its state
 * @at_usec: when that was said, in microseconds of CLOCK_REALTIME; 0 if it is not told
 *
 * What a feed says, in texts that are fit to be shown.
 */
typedef struct
{
  char *title;
  char *detail;
  char *link;
  char *status;
  gint64 at_usec;
} SigninFeedItem;

/**
 * SigninFeed:
 * @built_usec: when it was made; 0 if it is not told
 * @items: (element-type SigninFeedItem): what it says, the first first
 *
 * A feed.
 */
typedef struct
{
  gint64 built_usec;
  GPtrArray *items;
} SigninFeed;

SigninFeed *signin_feed_parse (GBytes *body, GError **error);
SigninFeed *signin_rss_parse (const char *bytes, gsize len, GError **error);
SigninFeed *signin_feed_new (void);
void signin_feed_free (SigninFeed *feed);
SigninFeedItem *signin_feed_item_new (void);
void signin_feed_item_free (SigninFeedItem *item);
char *signin_feed_plain (const char *markup, gsize max_bytes);
char *signin_feed_link (const char *url);
SigninVerdict signin_feed_judge (const SigninFeed *feed, SigninFeedKind kind, gint64 now_usec, gint64 fresh_usec,
                                 const char **reason);
SigninVerdict signin_feed_judge_word (const char *word, const char **reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninFeed, signin_feed_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninFeedItem, signin_feed_item_free)

G_END_DECLS
