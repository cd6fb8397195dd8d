/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "address.h"
#include "datafile.h"
#include "regions.h"
#include "services.h"
#include "text.h"

#define SERVICES_MAX 64
#define FOLDER_ENTRIES_MAX 1024
#define SERVICE_NAME_MAX 128
#define SERVICE_NOTE_MAX 512
#define GROUP "Service"
#define SUFFIX ".conf"

/* Bounds of what administrators can set for an organization, where a service says nothing else. */
#define MIN_LENGTH_USEC (60 * G_TIME_SPAN_MINUTE)
#define MAX_LENGTH_USEC (1440 * G_TIME_SPAN_MINUTE)
#define MIN_LEAD_USEC (20 * G_TIME_SPAN_MINUTE)

struct _SigninServices
{
  GPtrArray *list;
  char *regions_file;
  SigninRegions *regions;
};

static void
service_free (SigninService *service)
{
  if (service == NULL)
    return;
  g_free (service->name);
  g_free (service->url);
  g_free (service->note);
  g_free (service->path);
  signin_service_health_clear (&service->health);
  g_strfreev (service->help);
  g_free (service);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninService, service_free)

/* Puts the three parts of an address into a template that was checked. */
static char *
expand (const char *template, const char *organization, const char *host, const char *id)
{
  GString *url = g_string_sized_new (64);

  for (const char *p = template; *p != '\0'; p++)
    {
      const char *part = NULL;

      if (*p == '%')
        part = p[1] == 'o' ? organization : p[1] == 'h' ? host : p[1] == 'i' ? id : NULL;
      if (part != NULL)
        {
          g_string_append (url, part);
          p++;
        }
      else
        {
          g_string_append_c (url, *p);
        }
    }
  return g_string_free (url, FALSE);
}

static gboolean
read_url (SigninService *service, GKeyFile *file, GError **error)
{
  g_autofree char *sample = NULL;
  g_autoptr (GError) problem = NULL;

  if (!signin_datafile_text (file, GROUP, "url", SIGNIN_URL_MAX / 2, &service->url, error))
    return FALSE;
  if (service->url == NULL)
    return signin_datafile_fault (error, GROUP, "url", _ ("missing"));
  for (const char *p = strchr (service->url, '%'); p != NULL; p = strchr (p + 1, '%'))
    {
      service->needs_organization |= p[1] == 'o';
      service->needs_region |= p[1] == 'h';
      service->needs_url |= p[1] == 'i';
    }
  /* Whatever else follows a percent sign must be an escaped byte: the check of the sample sees to that. */
  sample = expand (service->url, "organization", "crm.dynamics.com", "id");
  if (!signin_url_check (sample, &problem))
    return signin_datafile_fault (error, GROUP, "url", "%s", problem->message);
  return TRUE;
}

static gboolean
read_names (SigninService *service, GKeyFile *file, GError **error)
{
  static const struct
  {
    const char *word;
    SigninNameForms form;
  } words[] = {
    { "work", SIGNIN_NAMES_WORK },
    { "microsoft", SIGNIN_NAMES_MICROSOFT },
    { "directory", SIGNIN_NAMES_DIRECTORY },
    { "any", SIGNIN_NAMES_ANY },
  };
  g_auto (GStrv) list = NULL;

  if (!signin_datafile_list (file, GROUP, "names", &list, error))
    return FALSE;
  for (guint i = 0; list[i] != NULL; i++)
    {
      guint w = 0;

      while (w < G_N_ELEMENTS (words) && !g_str_equal (list[i], words[w].word))
        w++;
      if (w == G_N_ELEMENTS (words))
        return signin_datafile_fault (error, GROUP, "names", _ ("“%s” is none of work, microsoft, directory, any"),
                                      list[i]);
      service->names |= words[w].form;
    }
  if (service->names == 0)
    service->names = SIGNIN_NAMES_ANY;
  return TRUE;
}

static gboolean
read_policy (SigninService *service, GKeyFile *file, GError **error)
{
  gint64 length = 0, lead = SIGNIN_LEAD_DEFAULT_USEC;

  if (!signin_datafile_duration (file, GROUP, "length", &length, error)
      || !signin_datafile_duration (file, GROUP, "lead", &lead, error))
    return FALSE;
  /* A service that says its own length and lead is not outside of bounds that it does not mention. */
  service->min_length_usec = length > 0 ? MIN (length, MIN_LENGTH_USEC) : MIN_LENGTH_USEC;
  service->max_length_usec = MAX (length, MAX_LENGTH_USEC);
  service->min_lead_usec = MIN (lead, MIN_LEAD_USEC);
  if (!signin_datafile_duration (file, GROUP, "min-length", &service->min_length_usec, error)
      || !signin_datafile_duration (file, GROUP, "max-length", &service->max_length_usec, error)
      || !signin_datafile_duration (file, GROUP, "min-lead", &service->min_lead_usec, error))
    return FALSE;
  if (service->min_lead_usec == 0 || service->min_lead_usec >= service->max_length_usec)
    return signin_datafile_fault (error, GROUP, "min-lead", _ ("must be less than max-length, and not none"));
  if (service->min_length_usec == 0 || service->min_length_usec > service->max_length_usec)
    return signin_datafile_fault (error, GROUP, "min-length", _ ("must be at most max-length, and not none"));
  if (length > 0 && (length < service->min_length_usec || length > service->max_length_usec))
    return signin_datafile_fault (error, GROUP, "length", _ ("must be from min-length to max-length"));
  if (lead < service->min_lead_usec || (length > 0 && lead >= length))
    return signin_datafile_fault (error, GROUP, "lead", _ ("must be at least min-lead and less than length"));
  service->policy = (SigninPolicy){ .length_usec = length, .lead_usec = lead };
  return TRUE;
}

static SigninService *
service_read (const char *path, const char *id, GError **error)
{
  static const char *const known[] = { "name",
                                       "note",
                                       "url",
                                       "help",
                                       "names",
                                       "length",
                                       "lead",
                                       "min-length",
                                       "max-length",
                                       "min-lead",
                                       SIGNIN_SERVICE_HEALTH_KEYS,
                                       NULL };
  g_autoptr (SigninService) service = g_new0 (SigninService, 1);
  g_autoptr (GKeyFile) file = signin_datafile_read (path, error);

  if (file == NULL)
    return NULL;
  if (!signin_datafile_text (file, GROUP, "name", SERVICE_NAME_MAX, &service->name, error)
      || !signin_datafile_text (file, GROUP, "note", SERVICE_NOTE_MAX, &service->note, error)
      || !signin_datafile_list (file, GROUP, "help", &service->help, error) || !read_url (service, file, error)
      || !read_names (service, file, error) || !read_policy (service, file, error)
      || !signin_service_health_read (&service->health, file, GROUP, error))
    return NULL;
  if (service->name == NULL)
    {
      signin_datafile_fault (error, GROUP, "name", _ ("missing"));
      return NULL;
    }
  signin_datafile_warn_unknown (file, path, GROUP, known);
  service->id = g_intern_string (id);
  service->path = g_strdup (path);
  return g_steal_pointer (&service);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The names of the data files in a folder, sorted, so that a limit always spares the same ones. */
static GPtrArray *
list_folder (const char *folder)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;
  guint n = 0;

  if (dir == NULL && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT)
      && !g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
    g_warning ("%s", error->message);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (++n > FOLDER_ENTRIES_MAX)
        {
          g_warning (_ ("%s: more than %d files, the rest is ignored"), folder, FOLDER_ENTRIES_MAX);
          break;
        }
      if (g_str_has_suffix (name, SUFFIX) && *name != '.')
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

static const SigninService *
find_service (GPtrArray *list, const char *id)
{
  for (guint i = 0; i < list->len; i++)
    {
      const SigninService *service = g_ptr_array_index (list, i);

      if (service != NULL && g_str_equal (service->id, id))
        return service;
    }
  return NULL;
}

static void
load_folder (SigninServices *services, const char *folder, gboolean ours)
{
  g_autoptr (GPtrArray) names = list_folder (folder);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *id = g_strndup (name, strlen (name) - strlen (SUFFIX));
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autoptr (GError) error = NULL;
      SigninService *service;

      if (!signin_text_is_id (id))
        {
          g_warning (_ ("%s: the name is not the id of a service; this file is ignored"), path);
          continue;
        }
      if (find_service (services->list, id) != NULL)
        continue;
      if (services->list->len == SERVICES_MAX)
        {
          g_warning (_ ("%s: more than %d services; this file is ignored"), path, SERVICES_MAX);
          continue;
        }
      service = service_read (path, id, &error);
      if (service == NULL)
        {
          g_warning (_ ("%s: %s; this file is ignored"), path, error->message);
          continue;
        }
      if (ours)
        {
          signin_datafile_translate (&service->name);
          signin_datafile_translate (&service->note);
        }
      g_ptr_array_add (services->list, service);
    }
}

static int
compare_services (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const SigninService *const *) a)->id, (*(const SigninService *const *) b)->id);
}

/**
 * signin_services_load_from:
 * @service_dirs: %NULL-terminated folders of services; a file hides those of the same name in later folders. The last
 *   is that of the files that come with signind
 * @regions_file: the data file of the regions; read when first needed
 * @error: return location
 *
 * Reads what is known of services. A file that cannot be understood is logged and hides nothing.
 *
 * Returns: (transfer full): the services, or %NULL with an error if there is not a single one
 */
SigninServices *
signin_services_load_from (const char *const *service_dirs, const char *regions_file, GError **error)
{
  g_autoptr (SigninServices) services = g_new0 (SigninServices, 1);

  services->regions_file = g_strdup (regions_file);
  services->list = g_ptr_array_new_with_free_func ((GDestroyNotify) service_free);
  for (guint i = 0; service_dirs[i] != NULL; i++)
    load_folder (services, service_dirs[i], service_dirs[i + 1] == NULL);
  if (services->list->len == 0)
    {
      g_autofree char *looked = g_strjoinv (", ", (char **) service_dirs);

      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, _ ("No service found in %s"), looked);
      return NULL;
    }
  g_ptr_array_sort (services->list, compare_services);
  g_ptr_array_add (services->list, NULL);
  return g_steal_pointer (&services);
}

/**
 * signin_services_load:
 * @error: return location
 *
 * Reads the services from where they are installed, and those of the administrator and the user before them.
 *
 * Returns: (transfer full): the services, or %NULL with an error if there is not a single one
 */
SigninServices *
signin_services_load (GError **error)
{
  g_autofree char *user = g_build_filename (g_get_user_config_dir (), "signind", "services", NULL);
  g_autofree char *installed = signin_datafile_path ("services");
  g_autofree char *regions_file = signin_datafile_path ("regions.conf");
  const char *const dirs[] = { user, SYSCONFDIR "/signind/services", installed, NULL };

  return signin_services_load_from (dirs, regions_file, error);
}

/**
 * signin_services_free:
 * @services: (nullable): the services
 */
void
signin_services_free (SigninServices *services)
{
  if (services == NULL)
    return;
  g_ptr_array_unref (services->list);
  signin_regions_free (services->regions);
  g_free (services->regions_file);
  g_free (services);
}

/**
 * signin_services_get:
 * @services: the services
 * @id: an id
 *
 * Returns: (transfer none) (nullable): the service of that id
 */
const SigninService *
signin_services_get (const SigninServices *services, const char *id)
{
  return find_service (services->list, id);
}

/**
 * signin_services_list:
 * @services: the services
 *
 * Returns: (transfer none): all of them, %NULL-terminated, sorted by id
 */
const SigninService *const *
signin_services_list (const SigninServices *services)
{
  return (const SigninService *const *) services->list->pdata;
}

/**
 * signin_service_expand_url:
 * @service: a service
 * @organization: (nullable): an organization
 * @region: (nullable): its region
 *
 * The page to sign in on. What is left out stands there as a word in angle brackets, so that without organization and
 * region people see what the address looks like.
 *
 * Returns: (transfer full): the address
 */
char *
signin_service_expand_url (const SigninService *service, const char *organization, const SigninRegion *region)
{
  return expand (service->url, organization != NULL ? organization : "<organization>",
                 region != NULL ? region->host : "<region host>", "<appID>");
}

static const SigninRegions *
get_regions (const SigninServices *services)
{
  /* Read late: most runs of signinctl need none. What callers can see of @services is the same before and after. */
  SigninServices *cache = (SigninServices *) services;

  if (cache->regions == NULL)
    cache->regions = signin_regions_load (services->regions_file);
  return cache->regions;
}

/**
 * signin_services_find_region:
 * @services: the services
 * @text: a label, with or without a leading dot, or a host name, code, geography or name, in any case
 *
 * Returns: (transfer none) (nullable): the region that it means
 */
const SigninRegion *
signin_services_find_region (const SigninServices *services, const char *text)
{
  return signin_regions_find (get_regions (services), text);
}

/**
 * signin_services_find_region_host:
 * @services: the services
 * @host: a host name
 * @prefix_len: (out): how many bytes stand before the region's host name and its dot; 0 if it is that name itself
 *
 * Returns: (transfer none) (nullable): the region in which @host is
 */
const SigninRegion *
signin_services_find_region_host (const SigninServices *services, const char *host, gsize *prefix_len)
{
  return signin_regions_find_host (get_regions (services), host, prefix_len);
}

/**
 * signin_services_list_regions:
 * @services: the services
 *
 * Returns: (transfer none): all regions, %NULL-terminated, in the order of the data file
 */
const SigninRegion *const *
signin_services_list_regions (const SigninServices *services)
{
  return signin_regions_list (get_regions (services));
}

/**
 * signin_services_is_reserved:
 * @services: the services
 * @label: what stands before a region's host name
 *
 * Returns: whether that host is something else than an organization
 */
gboolean
signin_services_is_reserved (const SigninServices *services, const char *label)
{
  return signin_regions_is_reserved (get_regions (services), label);
}

/**
 * signin_services_is_sign_in_host:
 * @services: the services
 * @host: a host name
 *
 * Returns: whether pages there are those of a sign-in under way, good for some minutes and for nobody's account
 */
gboolean
signin_services_is_sign_in_host (const SigninServices *services, const char *host)
{
  return signin_regions_is_sign_in_host (get_regions (services), host);
}
