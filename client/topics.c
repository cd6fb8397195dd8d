/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "topics.h"

#include <string.h>

#include <glib/gi18n.h>

#include "datafile.h"
#include "exits.h"
#include "text.h"

#define TOPICS_MAX 256
#define TITLE_MAX 128
#define TEXT_MAX 1024
#define STEPS_MAX 9

struct _SigninCtlTopics
{
  GPtrArray *list;
};

static void
topic_free (SigninCtlTopic *topic)
{
  if (topic == NULL)
    return;
  g_free (topic->id);
  g_free (topic->title);
  g_free (topic->meaning);
  g_strfreev (topic->codes);
  g_strfreev (topic->texts);
  g_strfreev (topic->names);
  g_strfreev (topic->who);
  g_strfreev (topic->links);
  g_strfreev (topic->old_links);
  g_strfreev (topic->see);
  for (guint i = 0; i < SIGNIN_CTL_N_AUDIENCES; i++)
    g_strfreev (topic->steps[i]);
  g_free (topic);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninCtlTopic, topic_free)

/* A text in the person's language, whether the file or the program's catalog has it. */
static gboolean
read_text (GKeyFile *file, const char *group, const char *key, gsize max_bytes, char **text, GError **error)
{
  if (!signin_datafile_text (file, group, key, max_bytes, text, error))
    return FALSE;
  signin_datafile_translate (text);
  return TRUE;
}

static gboolean
read_steps (SigninCtlTopic *topic, GKeyFile *file, SigninCtlAudience audience, GError **error)
{
  static const char *const names[SIGNIN_CTL_N_AUDIENCES] = { "you", "admin", "firefox", "chromium" };
  g_autoptr (GStrvBuilder) steps = g_strv_builder_new ();

  for (guint n = 1; n <= STEPS_MAX; n++)
    {
      g_autofree char *key = g_strdup_printf ("%s%u", names[audience], n);
      g_autofree char *step = NULL;

      if (!read_text (file, topic->id, key, TEXT_MAX, &step, error))
        return FALSE;
      if (step == NULL)
        break;
      g_strv_builder_add (steps, step);
    }
  topic->steps[audience] = g_strv_builder_end (steps);
  return TRUE;
}

static gboolean
read_lists (SigninCtlTopic *topic, GKeyFile *file, GError **error)
{
  const struct
  {
    const char *key;
    char ***list;
  } lists[] = {
    { "codes", &topic->codes }, { "texts", &topic->texts },         { "names", &topic->names }, { "who", &topic->who },
    { "links", &topic->links }, { "old-links", &topic->old_links }, { "see", &topic->see },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (!signin_datafile_list (file, topic->id, lists[i].key, lists[i].list, error))
      return FALSE;
  return TRUE;
}

static SigninCtlTopic *
read_topic (GKeyFile *file, const char *group, GError **error)
{
  g_autoptr (SigninCtlTopic) topic = g_new0 (SigninCtlTopic, 1);

  topic->id = g_strdup (group);
  if (!signin_text_is_id (group))
    {
      signin_datafile_fault (error, group, "", _ ("not an id"));
      return NULL;
    }
  if (!read_text (file, group, "title", TITLE_MAX, &topic->title, error)
      || !read_text (file, group, "meaning", TEXT_MAX, &topic->meaning, error) || !read_lists (topic, file, error))
    return NULL;
  for (guint i = 0; i < SIGNIN_CTL_N_AUDIENCES; i++)
    if (!read_steps (topic, file, i, error))
      return NULL;
  if (topic->title == NULL || topic->meaning == NULL)
    {
      signin_datafile_fault (error, group, topic->title == NULL ? "title" : "meaning", _ ("missing"));
      return NULL;
    }
  return g_steal_pointer (&topic);
}

/**
 * signin_ctl_topics_load_from:
 * @path: a data file
 * @error: why not
 *
 * Reads what can be understood of a data file, and logs a warning for the rest.
 *
 * Returns: (transfer full): the topics, or %NULL if the file cannot be read.
 */
SigninCtlTopics *
signin_ctl_topics_load_from (const char *path, GError **error)
{
  g_autoptr (SigninCtlTopics) topics = g_new0 (SigninCtlTopics, 1);
  g_autoptr (GKeyFile) file = NULL;
  g_autoptr (GError) problem = NULL;
  g_auto (GStrv) groups = NULL;

  topics->list = g_ptr_array_new_with_free_func ((GDestroyNotify) topic_free);
  file = signin_datafile_read (path, &problem);
  if (file == NULL)
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
                   _ ("'%s' cannot be read; signind is not installed completely"), path);
      return NULL;
    }
  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL && topics->list->len < TOPICS_MAX; i++)
    {
      g_autoptr (GError) fault = NULL;
      SigninCtlTopic *topic = read_topic (file, groups[i], &fault);

      if (topic != NULL)
        g_ptr_array_add (topics->list, topic);
      else
        g_warning (_ ("%s: %s; this topic is ignored"), path, fault->message);
    }
  return g_steal_pointer (&topics);
}

/**
 * signin_ctl_topics_load:
 * @error: why not
 *
 * Returns: (transfer full): the topics that are installed.
 */
SigninCtlTopics *
signin_ctl_topics_load (GError **error)
{
  g_autofree char *path = signin_datafile_path ("errors.conf");

  return signin_ctl_topics_load_from (path, error);
}

/**
 * signin_ctl_topics_free:
 * @topics: (nullable): topics
 */
void
signin_ctl_topics_free (SigninCtlTopics *topics)
{
  if (topics == NULL)
    return;
  g_ptr_array_unref (topics->list);
  g_free (topics);
}

/**
 * signin_ctl_topics_count:
 * @topics: topics
 *
 * Returns: how many there are.
 */
guint
signin_ctl_topics_count (const SigninCtlTopics *topics)
{
  return topics->list->len;
}

/**
 * signin_ctl_topics_nth:
 * @topics: topics
 * @n: a number below their count
 *
 * Returns: (transfer none): that one.
 */
const SigninCtlTopic *
signin_ctl_topics_nth (const SigninCtlTopics *topics, guint n)
{
  return g_ptr_array_index (topics->list, n);
}

/**
 * signin_ctl_topics_get:
 * @topics: topics
 * @id: an id
 *
 * Returns: (transfer none) (nullable): the topic of that id.
 */
const SigninCtlTopic *
signin_ctl_topics_get (const SigninCtlTopics *topics, const char *id)
{
  for (guint i = 0; i < topics->list->len; i++)
    if (g_str_equal (signin_ctl_topics_nth (topics, i)->id, id))
      return signin_ctl_topics_nth (topics, i);
  return NULL;
}
