/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Things that are asked as a whole, however many steps that takes, and whose answers are good for a while. */

#pragma once

#include "health.h"

G_BEGIN_DECLS

/**
 * SigninTopic:
 *
 * One of them.
 */
typedef struct _SigninTopic SigninTopic;

/**
 * SigninTopics:
 *
 * Those that belong together. Who asks for one that is being asked waits for the same answer.
 */
typedef struct _SigninTopics SigninTopics;

/**
 * SigninTopicClass:
 * @start: begins to ask, and returns what @stop is given; or calls signin_topic_fail() at once and returns %NULL
 * @stop: frees that, after its end or before; then there is no end
 * @free: (nullable): frees the data that @start is given, once the topic is gone
 *
 * How a topic is asked.
 */
typedef struct
{
  gpointer (*start) (SigninTopic *topic, gpointer data);
  void (*stop) (gpointer run);
  void (*free) (gpointer data);
} SigninTopicClass;

SigninTopics *signin_topics_new (void);
void signin_topics_free (SigninTopics *topics);
SigninTopic *signin_topics_find (SigninTopics *topics, const char *key);
SigninTopic *signin_topics_add (SigninTopics *topics, const char *key, gint64 interval_usec,
                                const SigninTopicClass *class, gpointer data);
guint signin_topics_ask (SigninTopics *topics, GPtrArray *which, gboolean refresh, SigninHealthRowsDone done,
                         gpointer user_data);
void signin_topics_cancel (SigninTopics *topics, guint id);
void signin_topics_forget (SigninTopics *topics);

void signin_topic_end (SigninTopic *topic, GPtrArray *rows, guint64 leave_alone_sec);
void signin_topic_fail (SigninTopic *topic, GPtrArray *rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninTopics, signin_topics_free)

G_END_DECLS
