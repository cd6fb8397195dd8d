/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From the host on which a sign-in ended to the account that it is of. Pure functions: nothing is changed here. */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "address.h"
#include "browser-event.h"
#include "bus-options.h"
#include "errors.h"
#include "source.h"

#define KIND_MAX 32

/**
 * signin_browser_kind_parse:
 * @word: a word from outside
 * @kind: (out): what it means
 * @error: where to put what went wrong
 *
 * Returns: whether it means anything; if not, @error is %SIGNIN_ERROR_INVALID_ARGUMENT
 */
gboolean
signin_browser_kind_parse (const char *word, SigninBrowserKind *kind, GError **error)
{
  static const char *const words[] = {
    [SIGNIN_BROWSER_SIGNED_IN] = "signed-in",
    [SIGNIN_BROWSER_SSO] = "sso",
    [SIGNIN_BROWSER_SIGNED_OUT] = "signed-out",
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strncmp (word, words[i], KIND_MAX) == 0)
      {
        *kind = (SigninBrowserKind) i;
        return TRUE;
      }
  g_set_error_literal (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT,
                       /* TRANSLATORS: the three words are to be typed as they are */
                       _ ("The kind of a browser's report is signed-in, sso or signed-out"));
  return FALSE;
}

static gboolean
check_host (const char *host, GError **error)
{
  /* One byte more than a host name can have is enough to see that it is none. */
  if (signin_host_is_valid (host, strnlen (host, SIGNIN_HOST_MAX + 1)))
    return TRUE;
  g_set_error_literal (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT, _ ("A browser's report needs a host name"));
  return FALSE;
}

/**
 * signin_browser_event_read:
 * @event: (out): the report
 * @host: the host that the sign-in ended on
 * @kind: a word for what was seen
 * @details: the rest, a{sv}; like @host it has to stay for as long as @event is used
 * @error: where to put what went wrong
 *
 * Takes a report of the bus apart; see signin_browser_event_check() for what is in it.
 *
 * Returns: whether it is made as it has to be; if not, @error is %SIGNIN_ERROR_INVALID_ARGUMENT
 */
gboolean
signin_browser_event_read (SigninBrowserEvent *event, const char *host, const char *kind, GVariant *details,
                           GError **error)
{
  const SigninOption known[] = {
    { "organization-host", "s", &event->organization_host },
    { "source", "s", &event->source },
    { "at", "t", &event->at_usec },
  };

  *event = (SigninBrowserEvent){ .host = host, .source = "", .at_usec = -1 };
  return signin_browser_kind_parse (kind, &event->kind, error)
         && signin_options_parse (details, known, G_N_ELEMENTS (known), error);
}

/**
 * signin_browser_event_check:
 * @event: a report from outside
 * @error: where to put what went wrong
 *
 * Checks the form of a report, not whether anybody knows the host.
 *
 * Returns: whether it can be one; if not, @error is %SIGNIN_ERROR_INVALID_ARGUMENT
 */
gboolean
signin_browser_event_check (const SigninBrowserEvent *event, GError **error)
{
  if (!check_host (event->host, error)
      || (event->organization_host != NULL && !check_host (event->organization_host, error)))
    return FALSE;
  if (signin_source_is_browser (event->source))
    return TRUE;
  g_set_error_literal (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT,
                       /* TRANSLATORS: the example is to be written as it is */
                       _ ("The source of a browser's report is a browser and a profile, such as "
                          "firefox:0123456789abcdef"));
  return FALSE;
}

/**
 * signin_browser_split_host:
 * @services: the services
 * @host: a host name
 * @organization: (out) (nullable) (transfer full): the organization whose address it is, in small letters; %NULL if it
 *   is a host of the service itself, such as one that only passes a sign-in on
 *
 * Returns: (nullable) (transfer none): the region that the host is in
 */
const SigninRegion *
signin_browser_split_host (const SigninServices *services, const char *host, char **organization)
{
  gsize prefix_len = 0;
  const SigninRegion *region = signin_services_find_region_host (services, host, &prefix_len);
  g_autofree char *prefix = region != NULL ? g_ascii_strdown (host, prefix_len) : NULL;

  *organization = NULL;
  if (region != NULL && signin_organization_check (services, prefix, NULL))
    *organization = g_steal_pointer (&prefix);
  return region;
}

/* The host on which people sign in to @info. */
static char *
account_host (const SigninServices *services, const SigninAccountInfo *info)
{
  g_autofree char *url = signin_account_info_get_url (info, services);
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);

  return uri != NULL ? g_strdup (g_uri_get_host (uri)) : NULL;
}

static gboolean
has_session (const SigninAccount *account, const char *source)
{
  for (guint i = 0; i < account->n_sessions; i++)
    if (g_str_equal (account->sessions[i].source, source))
      return TRUE;
  return FALSE;
}

/* A profile has one set of cookies for a host. Of several accounts there it is the one that it was before; nobody can
 * tell which one it is the first time. Of several organizations of a region it can be any. */
static const SigninAccount *
choose (const GPtrArray *candidates, gboolean same_host, const char *source)
{
  const SigninAccount *chosen = NULL;

  if (candidates->len == 1)
    return candidates->pdata[0];
  if (!same_host)
    return NULL;
  for (guint i = 0; i < candidates->len; i++)
    {
      if (!has_session (candidates->pdata[i], source))
        continue;
      if (chosen != NULL)
        return NULL;
      chosen = candidates->pdata[i];
    }
  return chosen;
}

static GPtrArray *
find_by_host (const SigninServices *services, const SigninAccount *const *accounts, guint n_accounts, const char *host)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < n_accounts; i++)
    {
      g_autofree char *own = account_host (services, accounts[i]->info);

      if (own != NULL && g_ascii_strcasecmp (own, host) == 0)
        g_ptr_array_add (found, (gpointer) accounts[i]);
    }
  return found;
}

static GPtrArray *
find_by_region (const SigninAccount *const *accounts, guint n_accounts, const SigninRegion *region)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < n_accounts; i++)
    if (g_strcmp0 (accounts[i]->info->region, region->label) == 0)
      g_ptr_array_add (found, (gpointer) accounts[i]);
  return found;
}

/**
 * signin_browser_match:
 * @match: (out caller-allocates): whose sign-in it is; cleared by the caller
 * @services: the services
 * @accounts: all accounts
 * @n_accounts: how many there are
 * @event: a report that was checked
 *
 * Works out whose sign-in was reported. A host of an organization, or of a service, is its accounts'. A host that only
 * passes sign-ins on stands for the organization at which the sign-in began, and where that is not known, for the only
 * account of its region. An organization that nobody tracks is not an account by itself: who signs in there is asked.
 */
void
signin_browser_match (SigninBrowserMatch *match, const SigninServices *services, const SigninAccount *const *accounts,
                      guint n_accounts, const SigninBrowserEvent *event)
{
  g_autofree char *organization = NULL;
  const char *host = event->host;
  const SigninRegion *region = signin_browser_split_host (services, host, &organization);
  g_autoptr (GPtrArray) candidates = NULL;
  gboolean same_host;

  *match = (SigninBrowserMatch){ NULL };
  if (region != NULL && organization == NULL && event->organization_host != NULL)
    {
      const SigninRegion *other = signin_browser_split_host (services, event->organization_host, &organization);

      /* An account of one cloud signs in with its own cloud's hosts only. */
      if (organization != NULL && g_ascii_strcasecmp (other->authority, region->authority) == 0)
        host = event->organization_host;
      else
        g_clear_pointer (&organization, g_free);
    }
  same_host = region == NULL || organization != NULL;
  candidates = same_host ? find_by_host (services, accounts, n_accounts, host)
                         : find_by_region (accounts, n_accounts, region);

  match->account = choose (candidates, same_host, event->source);
  if (organization != NULL && candidates->len == 0)
    match->organization_host = g_ascii_strdown (host, -1);
}

/**
 * signin_browser_match_clear:
 * @match: whose sign-in it is
 *
 * Frees what it holds.
 */
void
signin_browser_match_clear (SigninBrowserMatch *match)
{
  g_clear_pointer (&match->organization_host, g_free);
}
