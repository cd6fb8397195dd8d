/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which feeds there are: groups "[Feed NAME]" of the service files. */

#include "config.h"

#include <string.h>

#include "address.h"
#include "datafile.h"
#include "feed-source.h"

#define GROUP_PREFIX "Feed "
#define NAME_MAX_BYTES 128
#define KIND_MAX 32
#define FRESH_DEFAULT_USEC (30 * G_TIME_SPAN_MINUTE)
#define INTERVAL_DEFAULT_USEC (10 * G_TIME_SPAN_MINUTE)

static void
config_free (SigninFeedConfig *config)
{
  g_free (config->name);
  g_free (config->url);
  g_free (config->page);
  g_free (config);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninFeedConfig, config_free)

static gboolean
read_address (GKeyFile *file, const char *group, const char *key, char **url, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (!signin_datafile_text (file, group, key, SIGNIN_FEED_URL_MAX, url, error))
    return FALSE;
  if (*url != NULL && !signin_url_check (*url, &problem))
    return signin_datafile_fault (error, group, key, "%s", problem->message);
  return TRUE;
}

static gboolean
read_kind (SigninFeedConfig *config, GKeyFile *file, const char *group, GError **error)
{
  g_autofree char *word = NULL;

  if (!signin_datafile_text (file, group, "kind", KIND_MAX, &word, error))
    return FALSE;
  if (g_strcmp0 (word, "incidents") == 0)
    config->kind = SIGNIN_FEED_INCIDENTS;
  else if (word != NULL && !g_str_equal (word, "status"))
    return signin_datafile_fault (error, group, "kind", "“%s” is none of status, incidents", word);
  return TRUE;
}

static SigninFeedConfig *
config_read (GKeyFile *file, const char *group, GError **error)
{
  g_autoptr (SigninFeedConfig) config = g_new0 (SigninFeedConfig, 1);

  config->fresh_usec = FRESH_DEFAULT_USEC;
  config->interval_usec = INTERVAL_DEFAULT_USEC;
  if (!signin_datafile_text (file, group, "name", NAME_MAX_BYTES, &config->name, error)
      || !read_address (file, group, "url", &config->url, error)
      || !read_address (file, group, "page", &config->page, error) || !read_kind (config, file, group, error)
      || !signin_datafile_duration (file, group, "fresh", &config->fresh_usec, error)
      || !signin_datafile_duration (file, group, "interval", &config->interval_usec, error))
    return NULL;
  if (config->name != NULL && config->url != NULL && config->fresh_usec > 0)
    return g_steal_pointer (&config);
  if (config->fresh_usec == 0)
    signin_datafile_fault (error, group, "fresh", "must not be none");
  else
    signin_datafile_fault (error, group, config->name == NULL ? "name" : "url", "missing");
  return NULL;
}

static gboolean
is_there (GPtrArray *configs, const char *url)
{
  for (guint i = 0; i < configs->len; i++)
    if (g_str_equal (((const SigninFeedConfig *) g_ptr_array_index (configs, i))->url, url))
      return TRUE;
  return FALSE;
}

/**
 * signin_feed_configs_new:
 *
 * Returns: (transfer full): (element-type SigninFeedConfig): no feeds
 */
GPtrArray *
signin_feed_configs_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) config_free);
}

/**
 * signin_feed_configs_read:
 * @configs: (element-type SigninFeedConfig): where feeds are added
 * @file: a service file
 * @path: its name, for warnings
 *
 * Adds the feeds of a service file that are not there yet. What cannot be understood is logged.
 */
void
signin_feed_configs_read (GPtrArray *configs, GKeyFile *file, const char *path)
{
  static const char *const known[] = { "name", "url", "page", "kind", "fresh", "interval", NULL };
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autoptr (SigninFeedConfig) config = NULL;
      g_autoptr (GError) error = NULL;

      if (!g_str_has_prefix (groups[i], GROUP_PREFIX))
        continue;
      signin_datafile_warn_unknown (file, path, groups[i], known);
      config = config_read (file, groups[i], &error);
      if (config == NULL)
        g_warning ("%s: %s; this feed is ignored", path, error->message);
      else if (configs->len >= SIGNIN_FEED_CONFIGS_MAX)
        g_warning ("%s: [%s]: more than %d feeds; this one is ignored", path, groups[i], SIGNIN_FEED_CONFIGS_MAX);
      else if (!is_there (configs, config->url))
        g_ptr_array_add (configs, g_steal_pointer (&config));
    }
}
