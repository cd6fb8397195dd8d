/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "address.h"
#include "errors.h"
#include "text.h"

#define LABEL_MAX 63
#define REGION_TEXT_MAX 128
#define HTTPS_PORT 443

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT, format, args));
  va_end (args);
  return FALSE;
}

/**
 * signin_address_clear:
 * @address: an address
 *
 * Frees what it holds.
 */
void
signin_address_clear (SigninAddress *address)
{
  g_clear_pointer (&address->organization, g_free);
  g_clear_pointer (&address->own_url, g_free);
}

/**
 * signin_host_is_valid:
 * @host: a host name
 * @len: its length in bytes
 *
 * Returns: whether it is made of labels of 1 to 63 letters, digits and inner dashes, 253 bytes at most
 */
gboolean
signin_host_is_valid (const char *host, gsize len)
{
  gsize label = 0;

  if (len == 0 || len > SIGNIN_HOST_MAX || host[len - 1] == '.')
    return FALSE;
  for (gsize i = 0; i < len; i++)
    {
      if (host[i] == '.')
        {
          if (label == 0 || host[i - 1] == '-')
            return FALSE;
          label = 0;
        }
      else if (++label > LABEL_MAX || !(g_ascii_isalnum (host[i]) || (host[i] == '-' && label > 1)))
        {
          return FALSE;
        }
    }
  return host[len - 1] != '-';
}

/* Laxer than RFC 3986 where pages write raw braces, but what programs take for an end or a slash is not passed on. */
static gboolean
check_characters (const char *url, GError **error)
{
  for (const char *p = url; *p != '\0'; p++)
    {
      if ((guchar) *p > 0x7f || strchr (" \"<>\\`", *p) != NULL)
        return refuse (error, _ ("URL: the character at byte %lu must be written as %%%02X"),
                       (unsigned long) (p - url) + 1, (guchar) *p);
    }
  return TRUE;
}

/* An address that was taken apart, or %NULL with an error. */
static GUri *
parse_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = NULL;
  const char *host;

  if (!signin_text_check (url, SIGNIN_URL_MAX, _ ("URL"), error) || !check_characters (url, error))
    return NULL;
  if (g_ascii_strncasecmp (url, "https://", 8) != 0)
    {
      refuse (error, _ ("URL: it must begin with https://"));
      return NULL;
    }
  uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL);
  if (uri == NULL)
    {
      refuse (error, _ ("URL: it is not made like an address; write it like https://contoso.crm4.dynamics.com"));
      return NULL;
    }
  host = g_uri_get_host (uri);
  if (g_uri_get_userinfo (uri) != NULL)
    refuse (error, _ ("URL: a user name or password before the host is not allowed"));
  else if (host == NULL || *host == '\0')
    refuse (error, _ ("URL: the host is missing"));
  else if (!signin_host_is_valid (host, strlen (host)) || memchr (url + 8, '%', strcspn (url + 8, "/?#")) != NULL)
    refuse (error, _ ("URL: the host is not a host name"));
  else
    return g_steal_pointer (&uri);
  return NULL;
}

/**
 * signin_url_check:
 * @url: an address from outside
 * @error: return location
 *
 * Checks that @url is an https address with a host name and without user information, of at most #SIGNIN_URL_MAX bytes,
 * that can be handed on to other programs.
 *
 * Returns: %FALSE with #SIGNIN_ERROR_INVALID_ARGUMENT if it is not
 */
gboolean
signin_url_check (const char *url, GError **error)
{
  g_autoptr (GUri) uri = parse_url (url, error);

  return uri != NULL;
}

/* The hosts that only pass a sign-in on are called like bn1--namcrmlivesg614. */
static gboolean
is_redirector (const char *label)
{
  const char *dashes = strstr (label, "--");
  g_autofree char *lower = NULL;

  if (dashes == NULL)
    return FALSE;
  lower = g_ascii_strdown (dashes, -1);
  return dashes - label == 2 || dashes - label == 3 || strstr (lower, "livesg") != NULL;
}

/**
 * signin_organization_check:
 * @services: the services
 * @organization: the organization's part of an address, from outside
 * @error: return location
 *
 * Checks that @organization is a host name label and not one that is known to be something else.
 *
 * Returns: %FALSE with #SIGNIN_ERROR_INVALID_ARGUMENT if it is not
 */
gboolean
signin_organization_check (const SigninServices *services, const char *organization, GError **error)
{
  if (!signin_text_check (organization, SIGNIN_ORGANIZATION_MAX, _ ("organization"), error))
    return FALSE;
  /* Reserved names first: one of them is two labels. */
  if (signin_services_is_reserved (services, organization))
    return refuse (error, _ ("organization: “%s” is an address of the service itself"), organization);
  if (strchr (organization, '.') != NULL || !signin_host_is_valid (organization, strlen (organization)))
    return refuse (error,
                   _ ("organization: give what stands first in its address: 1 to %d letters, digits and inner "
                      "dashes"),
                   SIGNIN_ORGANIZATION_MAX);
  if (is_redirector (organization))
    return refuse (error,
                   _ ("organization: “%s” is a host that only passes the sign-in on; give the organization's own "
                      "address"),
                   organization);
  return TRUE;
}

static gboolean
is_bare (GUri *uri)
{
  const char *path = g_uri_get_path (uri);
  int port = g_uri_get_port (uri);

  return (*path == '\0' || g_str_equal (path, "/")) && (port == -1 || port == HTTPS_PORT)
         && g_uri_get_query (uri) == NULL && g_uri_get_fragment (uri) == NULL;
}

/* Fills organization and region if @url is an organization's; an own page is kept if it is more than that. */
static gboolean
address_from_url (SigninAddress *address, const SigninServices *services, const char *url, GError **error)
{
  g_autoptr (GUri) uri = parse_url (url, error);
  g_autofree char *prefix = NULL;
  const char *host;
  const SigninRegion *region;
  gsize prefix_len = 0;

  if (uri == NULL)
    return FALSE;
  host = g_uri_get_host (uri);
  if (signin_services_is_sign_in_host (services, host))
    return refuse (error, _ ("URL: this is the sign-in page, whose codes are good for some minutes only; give the "
                             "organization's address"));
  region = signin_services_find_region_host (services, host, &prefix_len);
  if (region == NULL)
    {
      address->own_url = g_strdup (url);
      return TRUE;
    }
  prefix = g_ascii_strdown (host, prefix_len);
  if (prefix_len == 0)
    return refuse (error, _ ("URL: the organization is missing before %s"), region->host);
  if (g_str_has_suffix (prefix, ".api"))
    return refuse (error, _ ("URL: this is the Web API; leave out “.api”"));
  if (!signin_organization_check (services, prefix, error))
    return FALSE;
  address->organization = g_steal_pointer (&prefix);
  address->region = region;
  address->own_url = is_bare (uri) ? NULL : g_strdup (url);
  return TRUE;
}

static gboolean
find_region (const SigninServices *services, const char *text, const SigninRegion **region, GError **error)
{
  const SigninRegion *const *list = signin_services_list_regions (services);
  g_autoptr (GString) labels = NULL;

  if (!signin_text_check (text, REGION_TEXT_MAX, _ ("region"), error))
    return FALSE;
  *region = signin_services_find_region (services, text);
  if (*region != NULL)
    return TRUE;
  labels = g_string_new (NULL);
  for (guint i = 0; list[i] != NULL; i++)
    g_string_append_printf (labels, "%s%s", i > 0 ? ", " : "", list[i]->label);
  return refuse (error, _ ("region: “%s” is not known; known are %s"), text, labels->str);
}

/* What a detail is now: given anew, taken away, or as before. */
static const char *
pick (const char *given, const char *before)
{
  if (given == NULL)
    return before;
  return *given != '\0' ? given : NULL;
}

static gboolean
is_given (const char *detail)
{
  return detail != NULL && *detail != '\0';
}

/* The address of a service that is the same for everybody, or of which only the account knows. */
static gboolean
resolve_fixed (SigninAddress *address, const SigninService *service, const SigninAccountInfo *base,
               const SigninAccountDetails *details, GError **error)
{
  const char *url = pick (details->url, base != NULL ? base->own_url : NULL);

  if (is_given (details->organization) || is_given (details->region))
    return refuse (error, _ ("%s has no organizations and regions in its address"), service->name);
  if (url != NULL && !signin_url_check (url, error))
    return FALSE;
  if (url == NULL && service->needs_url)
    {
      g_autofree char *pattern = signin_service_expand_url (service, NULL, NULL);

      return refuse (error, _ ("%s: give its URL, %s, as in the invitation"), service->name, pattern);
    }
  address->own_url = g_strdup (url);
  return TRUE;
}

/* Whether organization and region that were given are those of the address. */
static gboolean
agrees (const SigninAddress *address, const SigninServices *services, const SigninAccountDetails *details,
        gboolean *result, GError **error)
{
  const SigninRegion *region = NULL;

  *result = TRUE;
  if (details->organization != NULL && g_ascii_strcasecmp (details->organization, address->organization) != 0)
    *result = FALSE;
  if (is_given (details->region) && !find_region (services, details->region, &region, error))
    return FALSE;
  if (details->region != NULL && region != address->region)
    *result = FALSE;
  return TRUE;
}

/* Whether the page that was given, or is kept, has settled the whole address. */
static gboolean
resolve_by_url (SigninAddress *address, const SigninServices *services, const SigninAccountInfo *base,
                const SigninAccountDetails *details, gboolean *settled, GError **error)
{
  SigninAccountDetails said = *details;
  const char *url = pick (details->url, base != NULL ? base->own_url : NULL);
  gboolean same;

  *settled = FALSE;
  if (url == NULL)
    return TRUE;
  if (!address_from_url (address, services, url, error))
    return FALSE;
  if (address->organization == NULL)
    return TRUE;
  if (is_given (details->url))
    {
      /* "Take the organization away, and here is a page": the page counts. */
      said.organization = pick (details->organization, NULL);
      said.region = pick (details->region, NULL);
    }
  if (!agrees (address, services, &said, &same, error))
    return FALSE;
  if (!same && is_given (details->url))
    return refuse (error, _ ("URL: it is that of organization %s in region %s, not of what was given beside it"),
                   address->organization, address->region->label);
  *settled = same;
  /* A page that was kept is no longer the right one once the account moves to another organization. */
  if (!same)
    signin_address_clear (address);
  return TRUE;
}

static gboolean
resolve_parts (SigninAddress *address, const SigninServices *services, const SigninService *service,
               const SigninAccountInfo *base, const SigninAccountDetails *details, GError **error)
{
  const char *organization = pick (details->organization, base != NULL ? base->organization : NULL);
  const char *region = pick (details->region, base != NULL ? base->region : NULL);
  g_autofree char *pattern = NULL;

  address->region = NULL;
  /* A region alone means nothing: it goes with the organization. */
  if (organization == NULL && !is_given (details->region))
    region = NULL;
  if (organization != NULL && !signin_organization_check (services, organization, error))
    return FALSE;
  if (region != NULL && !find_region (services, region, &address->region, error))
    return FALSE;
  if (!service->needs_region && is_given (details->region))
    return refuse (error, _ ("%s has no regions in its address"), service->name);
  if (organization == NULL && region == NULL && address->own_url != NULL)
    return TRUE;
  if (organization != NULL && (region != NULL || !service->needs_region))
    {
      address->organization = g_ascii_strdown (organization, -1);
      return TRUE;
    }
  pattern = signin_service_expand_url (service, NULL, NULL);
  if (organization != NULL)
    return refuse (error, _ ("region: needed with an organization, by label, code or geography, such as crm4, EMEA or "
                             "Europe"));
  if (region != NULL)
    return refuse (error, _ ("organization: needed with a region"));
  if (service->needs_region)
    return refuse (error, _ ("%s: give organization and region, or the URL, %s"), service->name, pattern);
  return refuse (error, _ ("%s: give the organization, or the URL, %s"), service->name, pattern);
}

/**
 * signin_address_resolve:
 * @address: (out caller-allocates): where the address is put; cleared by the caller, also after an error
 * @services: the services
 * @service: the account's service
 * @base: (nullable): the account as it was
 * @details: what was said of it
 * @error: return location
 *
 * Works out where an account signs in. The URL of an organization tells organization and region, and is itself kept
 * only if it leads further than to the first page. An organization or region that is given anew drops a page of the old
 * one; given together with a URL, they must agree.
 *
 * Returns: %FALSE with #SIGNIN_ERROR_INVALID_ARGUMENT and what to give, if the details do not suffice or contradict
 *   each other
 */
gboolean
signin_address_resolve (SigninAddress *address, const SigninServices *services, const SigninService *service,
                        const SigninAccountInfo *base, const SigninAccountDetails *details, GError **error)
{
  gboolean settled = FALSE;

  *address = (SigninAddress){ 0 };
  if (!service->needs_organization && !service->needs_region)
    return resolve_fixed (address, service, base, details, error);
  if (service->needs_region && !resolve_by_url (address, services, base, details, &settled, error))
    return FALSE;
  if (!service->needs_region)
    {
      const char *url = pick (details->url, base != NULL ? base->own_url : NULL);

      if (url != NULL && !signin_url_check (url, error))
        return FALSE;
      address->own_url = g_strdup (url);
    }
  return settled || resolve_parts (address, services, service, base, details, error);
}
