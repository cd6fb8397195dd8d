/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From what a caller says of an account to the addresses that are asked for it. */

#include "config.h"

#include <glib/gi18n.h>

#include "address.h"
#include "bus-options.h"
#include "errors.h"
#include "target.h"
#include "text.h"

#define ACCOUNT_MAX 200

static void
target_free (gpointer data)
{
  SigninTarget *target = data;

  g_free (target->account);
  g_free (target->host);
  g_free (target->url);
  g_free (target->authority);
  g_free (target->authority_url);
  g_free (target);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninTarget, target_free)

static SigninRowKind
to_row_kind (SigninHealthKind kind)
{
  switch (kind)
    {
    case SIGNIN_HEALTH_ORGANIZATION:
      return SIGNIN_ROW_ORGANIZATION;
    case SIGNIN_HEALTH_HOME:
      return SIGNIN_ROW_HOME;
    case SIGNIN_HEALTH_DISCONTINUED:
      return SIGNIN_ROW_DISCONTINUED;
    default:
      return SIGNIN_ROW_PORTAL;
    }
}

/* Where an account signs in, as its own address or as the service's template says. */
static char *
find_address (const SigninServices *services, const SigninService *service, const char *organization,
              const char *region_text, const char *url, GError **error)
{
  const SigninRegion *region = NULL;

  if (url != NULL && *url != '\0')
    return signin_url_check (url, error) ? g_strdup (url) : NULL;
  if (service->needs_organization && !signin_organization_check (services, organization, error))
    return NULL;
  if (service->needs_region)
    {
      if (!signin_text_check (region_text, ACCOUNT_MAX, _ ("region"), error))
        return NULL;
      region = signin_services_find_region (services, region_text);
    }
  if (service->needs_url || (service->needs_region && region == NULL))
    {
      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT,
                   service->needs_url ? _ ("%s: its address is not known without a URL")
                                      : _ ("%s: its address is not known without a URL or a known region"),
                   service->name);
      return NULL;
    }
  return signin_service_expand_url (service, organization, region);
}

static void
set_authority (SigninTarget *target, const SigninServices *services)
{
  gsize prefix_len;
  const SigninRegion *region = signin_services_find_region_host (services, target->host, &prefix_len);
  const char *authority = region != NULL ? region->authority : target->health->authority;

  if (authority == NULL)
    return;
  target->authority = g_ascii_strdown (authority, -1);
  target->authority_url = g_strconcat ("https://", target->authority, target->health->authority_path, NULL);
}

static SigninTarget *
target_new (const SigninServices *services, const SigninService *service, const char *account, const char *address)
{
  SigninTarget *target = g_new0 (SigninTarget, 1);
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);
  g_autofree char *port = NULL;

  target->account = g_strdup (account);
  target->kind = to_row_kind (service->health.kind);
  target->health = &service->health;
  target->host = g_ascii_strdown (uri != NULL ? g_uri_get_host (uri) : "", -1);
  if (service->health.kind == SIGNIN_HEALTH_NONE || service->health.kind == SIGNIN_HEALTH_DISCONTINUED)
    return target;
  if (uri != NULL && g_uri_get_port (uri) > 0)
    port = g_strdup_printf (":%d", g_uri_get_port (uri));
  target->url = g_strconcat ("https://", target->host, port != NULL ? port : "", service->health.path, NULL);
  set_authority (target, services);
  return target;
}

static SigninTarget *
parse_one (const SigninServices *services, GVariant *details, GError **error)
{
  const char *account = "", *id = SIGNIN_SERVICE_DEFAULT, *organization = "", *region = "", *url = "";
  const SigninOption known[] = {
    { "account", "s", &account }, { "service", "s", &id }, { "organization", "s", &organization },
    { "region", "s", &region },   { "url", "s", &url },
  };
  const SigninService *service;
  g_autofree char *address = NULL;

  if (!signin_options_parse (details, known, G_N_ELEMENTS (known), error)
      || !signin_text_check (account, ACCOUNT_MAX, _ ("account"), error))
    return NULL;
  service = signin_text_is_id (id) ? signin_services_get (services, id) : NULL;
  if (service == NULL)
    {
      g_set_error_literal (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT, _ ("There is no such service"));
      return NULL;
    }
  /* What is not asked needs no address. */
  if (service->health.kind == SIGNIN_HEALTH_NONE || service->health.kind == SIGNIN_HEALTH_DISCONTINUED)
    return target_new (services, service, account, *url != '\0' && signin_url_check (url, NULL) ? url : service->url);
  address = find_address (services, service, organization, region, url, error);
  return address != NULL ? target_new (services, service, account, address) : NULL;
}

/**
 * signin_targets_parse:
 * @services: the services; outlive the targets
 * @list: (nullable): the accounts, aa{sv}
 * @max: how many there may be
 * @error: return location
 *
 * Returns: (transfer full): the targets, or %NULL with %SIGNIN_ERROR_INVALID_ARGUMENT or %SIGNIN_ERROR_LIMIT_EXCEEDED
 */
GPtrArray *
signin_targets_parse (const SigninServices *services, GVariant *list, guint max, GError **error)
{
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func (target_free);
  gsize n = list != NULL ? g_variant_n_children (list) : 0;

  if (n > max)
    {
      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_LIMIT_EXCEEDED,
                   _ ("At most %u accounts can be asked for at a time"), max);
      return NULL;
    }
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) details = g_variant_get_child_value (list, i);
      SigninTarget *target = parse_one (services, details, error);

      if (target == NULL)
        {
          g_prefix_error (error, _ ("Account %u of those to ask for: "), (guint) i + 1);
          return NULL;
        }
      g_ptr_array_add (targets, target);
    }
  return g_steal_pointer (&targets);
}

/**
 * signin_targets_add_common:
 * @services: the services; outlive the targets
 * @targets: where to add
 *
 * Adds the pages that are the same for everybody.
 */
void
signin_targets_add_common (const SigninServices *services, GPtrArray *targets)
{
  const SigninService *const *list = signin_services_list (services);

  for (guint i = 0; list[i] != NULL; i++)
    {
      const SigninService *service = list[i];
      gboolean page = service->health.kind == SIGNIN_HEALTH_PORTAL || service->health.kind == SIGNIN_HEALTH_HOME;

      if (page && !service->needs_organization && !service->needs_region && !service->needs_url)
        g_ptr_array_add (targets, target_new (services, service, "", service->url));
    }
}
