/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts by the address that people have in front of them: the one in their browser. */

#include "config.h"

#include "address.h"

#include <string.h>

#include <glib/gi18n.h>

#include "exits.h"

#define SCHEME "https://"

/* The region below whose host name @host is, with something before it. */
static const SigninRegion *
find_region_of_host (const SigninServices *services, const char *host, gsize *organization_length)
{
  const SigninRegion *region = signin_services_find_region_host (services, host, organization_length);

  return region != NULL && *organization_length > 0 ? region : NULL;
}

/* The service whose accounts live below its regions' host names. */
static const SigninService *
find_regional_service (const SigninServices *services)
{
  const SigninService *usual = signin_services_get (services, SIGNIN_SERVICE_DEFAULT);

  if (usual != NULL && usual->needs_region)
    return usual;
  for (const SigninService *const *s = signin_services_list (services); *s != NULL; s++)
    if ((*s)->needs_region)
      return *s;
  return NULL;
}

static char *
host_of (const char *text)
{
  const char *begin = strstr (text, "://");

  begin = begin != NULL ? begin + 3 : text;
  return g_ascii_strdown (begin, strcspn (begin, "/?#"));
}

static const SigninService *
find_service_of_host (const SigninServices *services, const char *host)
{
  for (const SigninService *const *s = signin_services_list (services); *s != NULL; s++)
    {
      g_autofree char *own = host_of ((*s)->url);

      if (!(*s)->needs_region && strcmp (own, host) == 0)
        return *s;
    }
  return NULL;
}

/**
 * signin_ctl_is_address:
 * @services: what is known
 * @text: what was typed
 *
 * Returns: whether @text is the address of a page, with "https://" or without, rather than an id.
 */
gboolean
signin_ctl_is_address (const SigninServices *services, const char *text)
{
  g_autofree char *host = host_of (text);
  gsize length;

  return strstr (text, "://") != NULL || find_region_of_host (services, host, &length) != NULL;
}

static gboolean G_GNUC_PRINTF (2, 3) refuse (GError **error, const char *format, ...)
{
  va_list args;
  GError *refusal;

  va_start (args, format);
  refusal = g_error_new_valist (SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, format, args);
  va_end (args);
  g_propagate_error (error, refusal);
  return FALSE;
}

static gboolean
check_form (const char *text, const char *host, GError **error)
{
  if (strstr (text, "://") != NULL && g_ascii_strncasecmp (text, SCHEME, strlen (SCHEME)) != 0)
    return refuse (error, _ ("'%s' does not begin with https://"), text);
  if (*host == '\0' || strpbrk (host, "@:") != NULL)
    return refuse (error, _ ("'%s' is no address of a page; write it like https://contoso.crm4.dynamics.com"), text);
  return TRUE;
}

/* Whatever comes after the service's own address, such as the id of an app, belongs to the account. */
static char *
own_url (const char *host, const char *text)
{
  const char *scheme = strstr (text, "://");
  const char *begin = scheme != NULL ? scheme + strlen ("://") : text;
  const char *path = begin + strcspn (begin, "/?#");

  if (*path == '\0' || strcmp (path, "/") == 0)
    return NULL;
  return g_strconcat (SCHEME, host, path, NULL);
}

/**
 * signin_ctl_parse_address:
 * @address: (out): what it tells
 * @services: what is known
 * @text: an address, such as `https://contoso.crm4.dynamics.com/main.aspx`
 * @error: why it tells nothing
 *
 * Returns: whether an account can be made of it.
 */
gboolean
signin_ctl_parse_address (SigninCtlAddress *address, const SigninServices *services, const char *text, GError **error)
{
  g_autofree char *host = host_of (text);
  const SigninService *service;
  const SigninRegion *region;
  gsize length;

  *address = (SigninCtlAddress){ NULL };
  if (!check_form (text, host, error))
    return FALSE;
  region = find_region_of_host (services, host, &length);
  service = region != NULL ? find_regional_service (services) : find_service_of_host (services, host);
  if (service == NULL)
    return refuse (error,
                   _ ("No service is known at '%s'; see 'signinctl services' and 'signinctl regions', or write "
                      "'signinctl add ID --service SERVICE --url URL'"),
                   host);
  address->service = service->id;
  if (region != NULL)
    {
      address->region = region->label;
      address->organization = g_strndup (host, length);
      address->id = g_strdup (address->organization);
      return TRUE;
    }
  address->id = g_strdup (service->id);
  address->url = own_url (host, text);
  return TRUE;
}

/**
 * signin_ctl_address_clear:
 * @address: an address
 *
 * Frees what reading it took.
 */
void
signin_ctl_address_clear (SigninCtlAddress *address)
{
  g_clear_pointer (&address->id, g_free);
  g_clear_pointer (&address->organization, g_free);
  g_clear_pointer (&address->url, g_free);
}
