/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is asked with a token: the groups "[Graph]" and "[Session]" of the service files. */

#include "config.h"

#include "account.h"
#include "address.h"
#include "datafile.h"
#include "graph-source.h"

#define IDS_MAX 16
#define PATH_DEFAULT "/v1.0/admin/serviceAnnouncement"
#define INTERVAL_DEFAULT_USEC (5 * G_TIME_SPAN_MINUTE)

/**
 * signin_graph_config_new:
 *
 * Returns: (transfer full): nothing to ask for in particular
 */
SigninGraphConfig *
signin_graph_config_new (void)
{
  SigninGraphConfig *config = g_new0 (SigninGraphConfig, 1);

  config->ids = g_ptr_array_new_with_free_func (g_free);
  config->path = g_strdup (PATH_DEFAULT);
  config->interval_usec = INTERVAL_DEFAULT_USEC;
  return config;
}

/**
 * signin_graph_config_free:
 * @config: (nullable): what is asked
 */
void
signin_graph_config_free (SigninGraphConfig *config)
{
  if (config == NULL)
    return;
  g_ptr_array_unref (config->ids);
  g_free (config->page);
  g_free (config->path);
  g_free (config->session_path);
  g_free (config);
}

/* A text that makes an address when it stands after @before; replaces @text if it is there. */
static gboolean
read_part (GKeyFile *file, const char *group, const char *key, const char *before, char **text, GError **error)
{
  g_autofree char *value = NULL;
  g_autofree char *sample = NULL;
  g_autoptr (GError) problem = NULL;

  if (!signin_datafile_text (file, group, key, SIGNIN_URL_MAX / 2, &value, error))
    return FALSE;
  if (value == NULL)
    return TRUE;
  sample = g_strconcat (before, value, NULL);
  if (*before != '\0' && *value != '/')
    return signin_datafile_fault (error, group, key, "it must begin with a slash");
  if (!signin_url_check (sample, &problem))
    return signin_datafile_fault (error, group, key, "%s", problem->message);
  g_free (*text);
  *text = g_steal_pointer (&value);
  return TRUE;
}

static gboolean
read_ids (SigninGraphConfig *config, GKeyFile *file, GError **error)
{
  g_auto (GStrv) ids = NULL;

  if (!signin_datafile_list (file, "Graph", "ids", &ids, error))
    return FALSE;
  for (guint i = 0; ids[i] != NULL && config->ids->len < IDS_MAX; i++)
    if (!g_ptr_array_find_with_equal_func (config->ids, ids[i], g_str_equal, NULL))
      g_ptr_array_add (config->ids, g_strdup (ids[i]));
  return TRUE;
}

/**
 * signin_graph_config_read:
 * @config: what is asked so far
 * @file: a service file
 * @path: its name, for warnings
 *
 * Adds what a service file says. What cannot be understood is logged.
 */
void
signin_graph_config_read (SigninGraphConfig *config, GKeyFile *file, const char *path)
{
  static const char *const graph_keys[] = { "ids", "page", "path", "interval", NULL };
  static const char *const session_keys[] = { "path", NULL };
  g_autoptr (GError) error = NULL;

  signin_datafile_warn_unknown (file, path, "Graph", graph_keys);
  signin_datafile_warn_unknown (file, path, "Session", session_keys);
  if (!read_ids (config, file, &error) || !read_part (file, "Graph", "page", "", &config->page, &error)
      || !read_part (file, "Graph", "path", "https://host", &config->path, &error)
      || !signin_datafile_duration (file, "Graph", "interval", &config->interval_usec, &error)
      || !read_part (file, "Session", "path", "https://host", &config->session_path, &error))
    g_warning ("%s: %s; this is ignored", path, error->message);
}
