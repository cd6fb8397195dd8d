/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is known of the world: services and regions, read from data files. GLib's core only: signinctl links it too. */

#pragma once

#include "service-health.h"
#include "session.h"

G_BEGIN_DECLS

/* The service of an account that names none. */
#define SIGNIN_SERVICE_DEFAULT "dynamics365"

/* Microsoft Graph of the public cloud. */
#define SIGNIN_GRAPH_DEFAULT "graph.microsoft.com"

/* How long before the end the warning comes, where neither service nor account says. */
#define SIGNIN_LEAD_DEFAULT_USEC (20 * 60 * G_USEC_PER_SEC)

/**
 * SigninNameForms:
 * @SIGNIN_NAMES_WORK: work or school names, such as user@contoso.onmicrosoft.com and user@contoso.com
 * @SIGNIN_NAMES_MICROSOFT: Microsoft accounts, by the e-mail address that was invited
 * @SIGNIN_NAMES_DIRECTORY: Active Directory names, such as CONTOSO\user
 * @SIGNIN_NAMES_ANY: whatever the service calls its users
 *
 * Forms of user names that a service accepts.
 */
typedef enum
{
  SIGNIN_NAMES_WORK = 1 << 0,
  SIGNIN_NAMES_MICROSOFT = 1 << 1,
  SIGNIN_NAMES_DIRECTORY = 1 << 2,
  SIGNIN_NAMES_ANY = 1 << 3,
} SigninNameForms;

/**
 * SigninService:
 * @id: its id (interned)
 * @name: its name for people
 * @url: the page to sign in on; `%o` stands for the organization, `%h` for the region's host name and `%i` for an id
 *   that only the invitation tells
 * @policy: the rule of its sessions; a length of 0 if none is known
 * @min_length_usec: shortest length that an organization can set
 * @max_length_usec: longest length that an organization can set
 * @min_lead_usec: shortest lead that an organization can set
 * @names: the forms of user names it accepts
 * @needs_organization: its address has an organization
 * @needs_region: its address has the host name of a region
 * @needs_url: its address cannot be told without an account's own
 * @note: what people ought to know of it, in their language, or %NULL
 * @path: the file that says all this
 * @health: what to ask to learn whether it works
 * @help: %NULL-terminated ids of topics that help with it
 */
typedef struct
{
  const char *id;
  char *name;
  char *url;
  SigninPolicy policy;
  gint64 min_length_usec;
  gint64 max_length_usec;
  gint64 min_lead_usec;
  SigninNameForms names;
  gboolean needs_organization;
  gboolean needs_region;
  gboolean needs_url;
  char *note;
  char *path;
  SigninServiceHealth health;
  char **help;
} SigninService;

/**
 * SigninRegion:
 * @label: its label (interned), such as "crm4"
 * @host: what follows the organization in the address, such as "crm4.dynamics.com"
 * @name: its name for people, such as "Europe, Middle East, Africa", in their language
 * @plain_name: the same in English, which is understood in every language
 * @codes: %NULL-terminated codes, such as "EMEA" and "EUR"; the first is the one that is shown
 * @aliases: %NULL-terminated geographies that mean it, such as "Europe"
 * @authority: host name of the sign-in authority of its cloud
 * @graph: host name of Microsoft Graph of its cloud
 * @listed: the 2017 page that signind started from lists it
 */
typedef struct
{
  const char *label;
  char *host;
  char *name;
  char *plain_name;
  char **codes;
  char **aliases;
  char *authority;
  char *graph;
  gboolean listed;
} SigninRegion;

/**
 * SigninServices:
 *
 * All services and regions that are known here. Services are read once; regions when somebody first asks for one. Not
 * to be shared between threads.
 */
typedef struct _SigninServices SigninServices;

SigninServices *signin_services_load (GError **error);
SigninServices *signin_services_load_from (const char *const *service_dirs, const char *regions_file, GError **error);
void signin_services_free (SigninServices *services);

const SigninService *signin_services_get (const SigninServices *services, const char *id);
const SigninService *const *signin_services_list (const SigninServices *services);
char *signin_service_expand_url (const SigninService *service, const char *organization, const SigninRegion *region);

const SigninRegion *signin_services_find_region (const SigninServices *services, const char *text);
const SigninRegion *signin_services_find_region_host (const SigninServices *services, const char *host,
                                                      gsize *prefix_len);
const SigninRegion *const *signin_services_list_regions (const SigninServices *services);
gboolean signin_services_is_reserved (const SigninServices *services, const char *label);
gboolean signin_services_is_sign_in_host (const SigninServices *services, const char *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninServices, signin_services_free)

G_END_DECLS
