/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "address.h"
#include "datafile.h"
#include "regions.h"
#include "text.h"

#define REGIONS_MAX 256
#define REGION_NAME_MAX 128

/* Not a region: no label begins with a dot. */
#define HOSTS_GROUP ".hosts"

#define AUTHORITY_DEFAULT "login.microsoftonline.com"

struct _SigninRegions
{
  GPtrArray *list;
  char **reserved;
  char **sign_in;
};

static void
region_free (SigninRegion *region)
{
  if (region == NULL)
    return;
  g_free (region->host);
  g_free (region->name);
  g_free (region->plain_name);
  g_free (region->authority);
  g_free (region->graph);
  g_strfreev (region->codes);
  g_strfreev (region->aliases);
  g_free (region);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninRegion, region_free)

static gboolean
read_host (GKeyFile *file, const char *group, const char *key, char **host, GError **error)
{
  if (!signin_datafile_text (file, group, key, SIGNIN_HOST_MAX, host, error))
    return FALSE;
  if (*host != NULL && !signin_host_is_valid (*host, strlen (*host)))
    return signin_datafile_fault (error, group, key, _ ("“%s” is not a host name"), *host);
  return TRUE;
}

static SigninRegion *
region_read (GKeyFile *file, const char *label, GError **error)
{
  g_autoptr (SigninRegion) region = g_new0 (SigninRegion, 1);

  if (!signin_host_is_valid (label, strlen (label)) || strchr (label, '.') != NULL)
    {
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, _ ("[%s]: not a label"), label);
      return NULL;
    }
  if (!read_host (file, label, "host", &region->host, error)
      || !read_host (file, label, "authority", &region->authority, error)
      || !read_host (file, label, "graph", &region->graph, error)
      || !signin_datafile_text (file, label, "name", REGION_NAME_MAX, &region->name, error)
      || !signin_datafile_list (file, label, "codes", &region->codes, error)
      || !signin_datafile_list (file, label, "aliases", &region->aliases, error)
      || !signin_datafile_flag (file, label, "listed", &region->listed, error))
    return NULL;
  if (region->host == NULL || region->name == NULL)
    {
      signin_datafile_fault (error, label, region->host == NULL ? "host" : "name", _ ("missing"));
      return NULL;
    }
  region->label = g_intern_string (label);
  region->plain_name = g_key_file_get_string (file, label, "name", NULL);
  signin_datafile_translate (&region->name);
  if (region->authority == NULL)
    region->authority = g_strdup (AUTHORITY_DEFAULT);
  if (region->graph == NULL)
    region->graph = g_strdup (SIGNIN_GRAPH_DEFAULT);
  return g_steal_pointer (&region);
}

static void
regions_read (SigninRegions *regions, GKeyFile *file, const char *path)
{
  static const char *const known[] = { "host", "name", "codes", "aliases", "authority", "graph", "listed", NULL };
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  g_autoptr (GError) problem = NULL;

  if (!signin_datafile_list (file, HOSTS_GROUP, "reserved", &regions->reserved, &problem)
      || !signin_datafile_list (file, HOSTS_GROUP, "sign-in", &regions->sign_in, &problem))
    g_warning ("%s: %s", path, problem->message);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      SigninRegion *region;

      if (g_str_equal (groups[i], HOSTS_GROUP))
        continue;
      if (regions->list->len == REGIONS_MAX)
        {
          g_warning (_ ("%s: more than %d regions, the rest is ignored"), path, REGIONS_MAX);
          break;
        }
      region = region_read (file, groups[i], &error);
      if (region != NULL)
        {
          signin_datafile_warn_unknown (file, path, groups[i], known);
          g_ptr_array_add (regions->list, region);
        }
      else
        {
          g_warning (_ ("%s: %s; this region is ignored"), path, error->message);
        }
    }
}

/**
 * signin_regions_load:
 * @path: the data file
 *
 * Reads what can be understood of the data file, and logs a warning for the rest.
 *
 * Returns: (transfer full): the regions, never %NULL
 */
SigninRegions *
signin_regions_load (const char *path)
{
  SigninRegions *regions = g_new0 (SigninRegions, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GKeyFile) file = signin_datafile_read (path, &error);

  regions->list = g_ptr_array_new_with_free_func ((GDestroyNotify) region_free);
  if (file != NULL)
    regions_read (regions, file, path);
  else
    g_warning (_ ("%s: %s; no region is known"), path, error->message);
  g_ptr_array_add (regions->list, NULL);
  return regions;
}

/**
 * signin_regions_free:
 * @regions: (nullable): the regions
 */
void
signin_regions_free (SigninRegions *regions)
{
  if (regions == NULL)
    return;
  g_ptr_array_unref (regions->list);
  g_strfreev (regions->reserved);
  g_strfreev (regions->sign_in);
  g_free (regions);
}

/**
 * signin_regions_list:
 * @regions: the regions
 *
 * Returns: (transfer none): all of them, %NULL-terminated, in the order of the data file
 */
const SigninRegion *const *
signin_regions_list (const SigninRegions *regions)
{
  return (const SigninRegion *const *) regions->list->pdata;
}

static gboolean
same_text (const char *a, const char *b)
{
  g_autofree char *folded_a = NULL;
  g_autofree char *folded_b = NULL;

  if (g_str_is_ascii (a) || g_str_is_ascii (b))
    return g_ascii_strcasecmp (a, b) == 0;
  folded_a = g_utf8_casefold (a, -1);
  folded_b = g_utf8_casefold (b, -1);
  return g_utf8_collate (folded_a, folded_b) == 0;
}

static gboolean
same_as_any (char *const *list, const char *text)
{
  for (; *list != NULL; list++)
    {
      if (same_text (*list, text))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_other_name (const SigninRegion *region, const char *text)
{
  return g_ascii_strcasecmp (region->host, text) == 0 || same_as_any (region->codes, text)
         || same_as_any (region->aliases, text) || same_text (region->name, text)
         || same_text (region->plain_name, text);
}

/**
 * signin_regions_find:
 * @regions: the regions
 * @text: a label, with or without a leading dot, or a host name, code, geography or name, in any case
 *
 * Returns: (transfer none) (nullable): the region that it means
 */
const SigninRegion *
signin_regions_find (const SigninRegions *regions, const char *text)
{
  const SigninRegion *const *list = signin_regions_list (regions);

  if (strnlen (text, SIGNIN_HOST_MAX + 2) > SIGNIN_HOST_MAX + 1 || !g_utf8_validate (text, -1, NULL))
    return NULL;
  if (*text == '.')
    text++;
  /* Labels first: they are what accounts are stored with. */
  for (guint i = 0; list[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (list[i]->label, text) == 0)
        return list[i];
    }
  for (guint i = 0; list[i] != NULL; i++)
    {
      if (has_other_name (list[i], text))
        return list[i];
    }
  return NULL;
}

/**
 * signin_regions_find_host:
 * @regions: the regions
 * @host: a host name
 * @prefix_len: (out): how many bytes stand before the region's host name and its dot; 0 if it is that name itself
 *
 * Returns: (transfer none) (nullable): the region in which @host is
 */
const SigninRegion *
signin_regions_find_host (const SigninRegions *regions, const char *host, gsize *prefix_len)
{
  const SigninRegion *const *list = signin_regions_list (regions);
  gsize len = strlen (host);

  for (guint i = 0; list[i] != NULL; i++)
    {
      gsize suffix_len = strlen (list[i]->host);

      if (len < suffix_len || g_ascii_strcasecmp (host + len - suffix_len, list[i]->host) != 0)
        continue;
      if (len > suffix_len && host[len - suffix_len - 1] != '.')
        continue;
      *prefix_len = len > suffix_len ? len - suffix_len - 1 : 0;
      return list[i];
    }
  return NULL;
}

/**
 * signin_regions_is_reserved:
 * @regions: the regions
 * @label: what stands before a region's host name
 *
 * Returns: whether that host is something else than an organization
 */
gboolean
signin_regions_is_reserved (const SigninRegions *regions, const char *label)
{
  return regions->reserved != NULL && same_as_any (regions->reserved, label);
}

/**
 * signin_regions_is_sign_in_host:
 * @regions: the regions
 * @host: a host name
 *
 * Returns: whether it is the sign-in authority of a cloud, or another host that only sign-ins pass through
 */
gboolean
signin_regions_is_sign_in_host (const SigninRegions *regions, const char *host)
{
  const SigninRegion *const *list = signin_regions_list (regions);

  for (guint i = 0; list[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (list[i]->authority, host) == 0)
        return TRUE;
    }
  return regions->sign_in != NULL && same_as_any (regions->sign_in, host);
}
