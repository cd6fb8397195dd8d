/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "address.h"
#include "datafile.h"
#include "service-health.h"

#define WORD_MAX 32
#define PATH_MAX_BYTES 512
#define HOST_MAX 253

#define PATH_DEFAULT "/"
#define AUTHORITY_PATH_DEFAULT "/common/v2.0/.well-known/openid-configuration"
#define INTERVAL_DEFAULT_USEC (60 * G_TIME_SPAN_SECOND)
#define INTERVAL_MAX_USEC G_TIME_SPAN_DAY
#define CONNECT_TIMEOUT_DEFAULT_USEC (5 * G_TIME_SPAN_SECOND)
#define TIMEOUT_DEFAULT_USEC (10 * G_TIME_SPAN_SECOND)
#define TIMEOUT_MAX_USEC (60 * G_TIME_SPAN_SECOND)

static gboolean
read_kind (SigninServiceHealth *health, GKeyFile *file, const char *group, GError **error)
{
  static const char *const words[] = {
    [SIGNIN_HEALTH_NONE] = "none", [SIGNIN_HEALTH_ORGANIZATION] = "organization", [SIGNIN_HEALTH_PORTAL] = "portal",
    [SIGNIN_HEALTH_HOME] = "home", [SIGNIN_HEALTH_DISCONTINUED] = "discontinued",
  };
  g_autofree char *word = NULL;

  if (!signin_datafile_text (file, group, "health", WORD_MAX, &word, error))
    return FALSE;
  if (word == NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (word, words[i]))
      {
        health->kind = (SigninHealthKind) i;
        return TRUE;
      }
  return signin_datafile_fault (error, group, "health",
                                "“%s” is none of none, organization, portal, home, discontinued", word);
}

static gboolean
read_path (GKeyFile *file, const char *group, const char *key, const char *otherwise, char **path, GError **error)
{
  g_autofree char *sample = NULL;
  g_autoptr (GError) problem = NULL;

  if (!signin_datafile_text (file, group, key, PATH_MAX_BYTES, path, error))
    return FALSE;
  if (*path == NULL)
    *path = g_strdup (otherwise);
  sample = g_strconcat ("https://host", *path, NULL);
  if (**path != '/')
    return signin_datafile_fault (error, group, key, "it must begin with a slash");
  if (!signin_url_check (sample, &problem))
    return signin_datafile_fault (error, group, key, "%s", problem->message);
  return TRUE;
}

static gboolean
check_host (const char *host, const char *group, const char *key, GError **error)
{
  return signin_host_is_valid (host, strlen (host))
         || signin_datafile_fault (error, group, key, "“%s” is not a host name", host);
}

static gboolean
read_hosts (SigninServiceHealth *health, GKeyFile *file, const char *group, GError **error)
{
  if (!signin_datafile_list (file, group, "health-hosts", &health->hosts, error)
      || !signin_datafile_text (file, group, "health-authority", HOST_MAX, &health->authority, error))
    return FALSE;
  for (guint i = 0; health->hosts[i] != NULL; i++)
    if (!check_host (health->hosts[i], group, "health-hosts", error))
      return FALSE;
  return health->authority == NULL || check_host (health->authority, group, "health-authority", error);
}

static gboolean
read_times (SigninServiceHealth *health, GKeyFile *file, const char *group, GError **error)
{
  health->interval_usec = INTERVAL_DEFAULT_USEC;
  health->connect_timeout_usec = CONNECT_TIMEOUT_DEFAULT_USEC;
  health->timeout_usec = TIMEOUT_DEFAULT_USEC;
  if (!signin_datafile_duration (file, group, "health-interval", &health->interval_usec, error)
      || !signin_datafile_duration (file, group, "health-connect-timeout", &health->connect_timeout_usec, error)
      || !signin_datafile_duration (file, group, "health-timeout", &health->timeout_usec, error))
    return FALSE;
  if (health->interval_usec > INTERVAL_MAX_USEC)
    return signin_datafile_fault (error, group, "health-interval", "must be at most 24h");
  if (health->timeout_usec == 0 || health->timeout_usec > TIMEOUT_MAX_USEC)
    return signin_datafile_fault (error, group, "health-timeout", "must be at most 60s, and not none");
  if (health->connect_timeout_usec == 0 || health->connect_timeout_usec > health->timeout_usec)
    return signin_datafile_fault (error, group, "health-connect-timeout",
                                  "must be at most health-timeout, and not none");
  return TRUE;
}

/**
 * signin_service_health_read:
 * @health: (out caller-allocates): what the file says; to be cleared, also after an error
 * @file: a service file
 * @group: its group
 * @error: return location
 *
 * Returns: %FALSE with an error that names the key if a value is not acceptable
 */
gboolean
signin_service_health_read (SigninServiceHealth *health, GKeyFile *file, const char *group, GError **error)
{
  *health = (SigninServiceHealth){ 0 };
  return read_kind (health, file, group, error)
         && read_path (file, group, "health-path", PATH_DEFAULT, &health->path, error)
         && read_path (file, group, "health-authority-path", AUTHORITY_PATH_DEFAULT, &health->authority_path, error)
         && read_hosts (health, file, group, error) && read_times (health, file, group, error);
}

/**
 * signin_service_health_clear:
 * @health: what a file said
 *
 * Frees what it holds.
 */
void
signin_service_health_clear (SigninServiceHealth *health)
{
  g_clear_pointer (&health->path, g_free);
  g_clear_pointer (&health->hosts, g_strfreev);
  g_clear_pointer (&health->authority, g_free);
  g_clear_pointer (&health->authority_path, g_free);
}
