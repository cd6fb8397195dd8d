/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts by the address that people have in front of them: the one in their browser. */

#include "config.h"

#include "address.h"

#include <string.h>

#include <glib/gi18n.h>

#include "../daemon/address.h"
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

/* What stands after "https://"; one slash of the two gets lost easily. %NULL if there is nothing like it. */
static const char *
after_scheme (const char *text)
{
  const char *p = text;

  while (g_ascii_isalnum (*p))
    p++;
  if (p == text || p[0] != ':' || p[1] != '/')
    return NULL;
  return p[2] == '/' ? p + 3 : p + 2;
}

static gboolean
is_one_slash (const char *text)
{
  const char *begin = after_scheme (text);

  return begin != NULL && begin[-2] == ':';
}

static char *
host_of (const char *text)
{
  const char *begin = after_scheme (text);

  if (begin == NULL)
    begin = text;
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

  return after_scheme (text) != NULL || find_region_of_host (services, host, &length) != NULL
         || find_service_of_host (services, host) != NULL;
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
  if (after_scheme (text) != NULL && g_ascii_strncasecmp (text, "https:", 6) != 0)
    return refuse (error, _ ("'%s' does not begin with https://"), text);
  if (*host == '\0' || strpbrk (host, "@:") != NULL)
    return refuse (error, _ ("'%s' is no address of a page; write it like https://contoso.crm4.dynamics.com"), text);
  return TRUE;
}

/* Whatever comes after the service's own address, such as the id of an app, belongs to the account. */
static char *
own_url (const char *host, const char *text)
{
  const char *begin = after_scheme (text);
  const char *path;

  if (begin == NULL)
    begin = text;
  path = begin + strcspn (begin, "/?#");
  if (*path == '\0' || strcmp (path, "/") == 0)
    return NULL;
  return g_strconcat (SCHEME, host, path, NULL);
}

/* The address of an organization that a sign-in page's address carries along, to return to. */
static char *
find_return_address (const SigninServices *services, const char *text)
{
  g_autofree char *once = g_uri_unescape_string (text, NULL);
  g_autofree char *twice = once != NULL ? g_uri_unescape_string (once, NULL) : NULL;
  const char *p = twice != NULL ? twice : text;

  for (p = strstr (p + 1, SCHEME); p != NULL; p = strstr (p + 1, SCHEME))
    {
      const char *begin = p + strlen (SCHEME);
      g_autofree char *host = g_ascii_strdown (begin, strcspn (begin, "/?#&\"' "));
      gsize length;
      g_autofree char *organization = NULL;

      if (find_region_of_host (services, host, &length) == NULL)
        continue;
      organization = g_strndup (host, length);
      if (signin_organization_check (services, organization, NULL))
        return g_strconcat (SCHEME, host, NULL);
    }
  return NULL;
}

static gboolean
refuse_sign_in_page (const SigninServices *services, const char *text, const char *host, GError **error)
{
  g_autofree char *meant = find_return_address (services, text);

  if (meant != NULL)
    return refuse (error,
                   _ ("'%s' is a sign-in page, whose codes are good for some minutes only; give the organization's "
                      "address, %s"),
                   host, meant);
  return refuse (error,
                 _ ("'%s' is a sign-in page, whose codes are good for some minutes only; give the organization's "
                    "address, such as https://contoso.crm4.dynamics.com"),
                 host);
}

/* Takes the organization from the first @length bytes of @host, or says whose name that is. */
static gboolean
read_organization (SigninCtlAddress *address, const SigninServices *services, const char *host, gsize length,
                   GError **error)
{
  g_autofree char *organization = g_strndup (host, length);

  if (g_str_has_suffix (organization, ".api"))
    return refuse (error, _ ("'%s' is the Web API; the organization's address is https://%.*s%s"), host,
                   (int) (length - strlen (".api")), host, host + length);
  if (!signin_organization_check (services, organization, error))
    return FALSE;
  address->id = g_strdup (organization);
  address->organization = g_steal_pointer (&organization);
  return TRUE;
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

  *address = (SigninCtlAddress){ .repaired = is_one_slash (text) };
  if (!check_form (text, host, error))
    return FALSE;
  if (signin_services_is_sign_in_host (services, host))
    return refuse_sign_in_page (services, text, host, error);
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
      return read_organization (address, services, host, length, error);
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
