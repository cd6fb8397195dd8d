/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "topics.h"

/* Beyond it the oldest of those that nobody waits for is forgotten. */
#define TOPICS_MAX 256

/* What a server may say, at most. */
#define LEAVE_ALONE_MAX_SEC (24 * 60 * 60)

struct _SigninTopic
{
  SigninTopics *topics;
  char *key;
  gint64 interval_usec;
  const SigninTopicClass *class;
  gpointer data;

  gpointer run;           /* while it is being asked */
  GPtrArray *rows;        /* the last answer, or NULL */
  gint64 answered_usec;   /* when that came, CLOCK_MONOTONIC */
  gint64 not_before_usec; /* it is to be left alone until then */
  gboolean failed;        /* nobody was asked, so it may be tried again at once */
};

typedef struct
{
  guint id;
  GPtrArray *topics; /* SigninTopic */
  gboolean asked;
  SigninHealthRowsDone done;
  gpointer user_data;
} Ask;

struct _SigninTopics
{
  GPtrArray *list; /* SigninTopic */
  GPtrArray *asks; /* Ask */
  GSource *settle;
  guint last_id;
};

static void
topic_stop (SigninTopic *topic)
{
  gpointer run = g_steal_pointer (&topic->run);

  if (run != NULL)
    topic->class->stop (run);
}

static void
topic_free (SigninTopic *topic)
{
  topic_stop (topic);
  g_clear_pointer (&topic->rows, g_ptr_array_unref);
  if (topic->class->free != NULL)
    topic->class->free (topic->data);
  g_free (topic->key);
  g_free (topic);
}

static void
ask_free (Ask *ask)
{
  g_ptr_array_unref (ask->topics);
  g_free (ask);
}

/**
 * signin_topics_new:
 *
 * Returns: (transfer full): no topics
 */
SigninTopics *
signin_topics_new (void)
{
  SigninTopics *topics = g_new0 (SigninTopics, 1);

  topics->list = g_ptr_array_new_with_free_func ((GDestroyNotify) topic_free);
  topics->asks = g_ptr_array_new_with_free_func ((GDestroyNotify) ask_free);
  return topics;
}

/**
 * signin_topics_free:
 * @topics: (nullable): topics
 *
 * Asks no longer. Nobody is called back any more.
 */
void
signin_topics_free (SigninTopics *topics)
{
  if (topics == NULL)
    return;
  if (topics->settle != NULL)
    {
      g_source_destroy (topics->settle);
      g_source_unref (topics->settle);
    }
  g_ptr_array_unref (topics->asks);
  g_ptr_array_unref (topics->list);
  g_free (topics);
}

static gboolean
is_waited_for (const SigninTopics *topics, SigninTopic *topic)
{
  for (guint i = 0; i < topics->asks->len; i++)
    {
      const Ask *ask = g_ptr_array_index (topics->asks, i);

      if (g_ptr_array_find (ask->topics, topic, NULL))
        return TRUE;
    }
  return FALSE;
}

static void
forget_one (SigninTopics *topics)
{
  for (guint i = 0; i < topics->list->len; i++)
    if (!is_waited_for (topics, g_ptr_array_index (topics->list, i)))
      {
        g_ptr_array_remove_index (topics->list, i);
        return;
      }
}

/**
 * signin_topics_find:
 * @topics: topics
 * @key: a key
 *
 * Returns: (transfer none) (nullable): the topic that was added under @key
 */
SigninTopic *
signin_topics_find (SigninTopics *topics, const char *key)
{
  for (guint i = 0; i < topics->list->len; i++)
    {
      SigninTopic *topic = g_ptr_array_index (topics->list, i);

      if (g_str_equal (topic->key, key))
        return topic;
    }
  return NULL;
}

/**
 * signin_topics_add:
 * @topics: topics
 * @key: a key that none of them has
 * @interval_usec: for how long an answer is good
 * @class: how it is asked
 * @data: (transfer full): for @class
 *
 * Returns: (transfer none): a new topic; good until another one is added, unless it is being asked
 */
SigninTopic *
signin_topics_add (SigninTopics *topics, const char *key, gint64 interval_usec, const SigninTopicClass *class,
                   gpointer data)
{
  SigninTopic *topic = g_new0 (SigninTopic, 1);

  if (topics->list->len >= TOPICS_MAX)
    forget_one (topics);
  topic->topics = topics;
  topic->key = g_strdup (key);
  topic->interval_usec = interval_usec;
  topic->class = class;
  topic->data = data;
  g_ptr_array_add (topics->list, topic);
  return topic;
}

static gboolean
is_settled (const Ask *ask)
{
  for (guint i = 0; i < ask->topics->len; i++)
    {
      const SigninTopic *topic = g_ptr_array_index (ask->topics, i);

      if (topic->run != NULL)
        return FALSE;
    }
  return TRUE;
}

static void
answer (Ask *ask)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  for (guint i = 0; i < ask->topics->len; i++)
    {
      const SigninTopic *topic = g_ptr_array_index (ask->topics, i);

      for (guint r = 0; topic->rows != NULL && r < topic->rows->len; r++)
        g_ptr_array_add (rows, g_variant_ref (g_ptr_array_index (topic->rows, r)));
    }
  ask->done (rows, ask->asked, ask->user_data);
}

/* Whoever is called may ask again or cancel. */
static gboolean
on_settle (gpointer user_data)
{
  SigninTopics *topics = user_data;
  guint i = 0;

  g_clear_pointer (&topics->settle, g_source_unref);
  while (i < topics->asks->len)
    if (is_settled (g_ptr_array_index (topics->asks, i)))
      {
        Ask *ask = g_ptr_array_steal_index (topics->asks, i);

        answer (ask);
        ask_free (ask);
        i = 0;
      }
    else
      {
        i++;
      }
  return G_SOURCE_REMOVE;
}

/* Nobody is called back before the call that asked has returned. */
static void
settle_later (SigninTopics *topics)
{
  if (topics->settle != NULL)
    return;
  topics->settle = g_idle_source_new ();
  g_source_set_priority (topics->settle, G_PRIORITY_DEFAULT);
  g_source_set_callback (topics->settle, on_settle, topics, NULL);
  g_source_attach (topics->settle, g_main_context_get_thread_default ());
}

static gboolean
is_due (const SigninTopic *topic, gboolean refresh)
{
  gint64 now = g_get_monotonic_time ();

  if (topic->run != NULL || now < topic->not_before_usec)
    return FALSE;
  return refresh || topic->failed || topic->rows == NULL || now - topic->answered_usec >= topic->interval_usec;
}

/**
 * signin_topics_ask:
 * @topics: topics
 * @which: (element-type SigninTopic): which of them; none of them twice
 * @refresh: ask also those of which a good answer is known
 * @done: called once, later, with the answers to all of them in this order
 * @user_data: passed to @done
 *
 * Asks those of which no good answer is known. One that asked to be left alone is.
 *
 * Returns: an id for signin_topics_cancel(), never 0
 */
guint
signin_topics_ask (SigninTopics *topics, GPtrArray *which, gboolean refresh, SigninHealthRowsDone done,
                   gpointer user_data)
{
  Ask *ask = g_new0 (Ask, 1);

  topics->last_id = MAX (topics->last_id + 1, 1);
  ask->id = topics->last_id;
  ask->topics = g_ptr_array_ref (which);
  ask->done = done;
  ask->user_data = user_data;
  g_ptr_array_add (topics->asks, ask);
  for (guint i = 0; i < which->len; i++)
    {
      SigninTopic *topic = g_ptr_array_index (which, i);

      if (is_due (topic, refresh))
        topic->run = topic->class->start (topic, topic->data);
      ask->asked = ask->asked || topic->run != NULL;
    }
  settle_later (topics);
  return ask->id;
}

/**
 * signin_topics_cancel:
 * @topics: topics
 * @id: what signin_topics_ask() returned
 *
 * Its callback is not called any more. What nobody else waits for is not asked any longer.
 */
void
signin_topics_cancel (SigninTopics *topics, guint id)
{
  for (guint i = 0; i < topics->asks->len; i++)
    if (((Ask *) g_ptr_array_index (topics->asks, i))->id == id)
      {
        g_ptr_array_remove_index (topics->asks, i);
        break;
      }
  for (guint i = 0; i < topics->list->len; i++)
    if (!is_waited_for (topics, g_ptr_array_index (topics->list, i)))
      topic_stop (g_ptr_array_index (topics->list, i));
}

/**
 * signin_topics_forget:
 * @topics: topics
 *
 * Answers of before are good no longer, for what they depend on has changed.
 */
void
signin_topics_forget (SigninTopics *topics)
{
  for (guint i = 0; i < topics->list->len; i++)
    {
      SigninTopic *topic = g_ptr_array_index (topics->list, i);

      g_clear_pointer (&topic->rows, g_ptr_array_unref);
      topic->not_before_usec = 0;
    }
}

/**
 * signin_topic_end:
 * @topic: a topic that is being asked
 * @rows: (transfer full): the answer, of #GVariant of type a{sv}
 * @leave_alone_sec: for how long it asked to be left alone
 *
 * Tells what came of asking. Frees what the start of @topic returned.
 */
void
signin_topic_end (SigninTopic *topic, GPtrArray *rows, guint64 leave_alone_sec)
{
  g_clear_pointer (&topic->rows, g_ptr_array_unref);
  topic->rows = rows;
  topic->failed = FALSE;
  topic->answered_usec = g_get_monotonic_time ();
  topic->not_before_usec = topic->answered_usec + (gint64) MIN (leave_alone_sec, LEAVE_ALONE_MAX_SEC) * G_USEC_PER_SEC;
  settle_later (topic->topics);
  topic_stop (topic);
}

/**
 * signin_topic_fail:
 * @topic: a topic that is being asked
 * @rows: (transfer full): why nobody could be asked, of #GVariant of type a{sv}
 *
 * Tells that it did not come to asking, as signin_topic_end() does.
 */
void
signin_topic_fail (SigninTopic *topic, GPtrArray *rows)
{
  signin_topic_end (topic, rows, 0);
  topic->failed = TRUE;
}
