/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One address: what it answered, taken apart but not judged. */

#include "config.h"

#include <string.h>

#include "address.h"
#include "challenge.h"
#include "openid.h"
#include "probe.h"

#define STATUS_UNAUTHORIZED 401
#define CHALLENGES_MAX 16

/**
 * signin_probe_new:
 * @kind: what is asked
 * @url: what to ask for
 * @host: the host in it
 * @health: what its service says; outlives this
 *
 * Returns: (transfer full): a probe that was not sent yet
 */
SigninProbe *
signin_probe_new (SigninRowKind kind, const char *url, const char *host, const SigninServiceHealth *health)
{
  SigninProbe *probe = g_new0 (SigninProbe, 1);

  probe->kind = kind;
  probe->url = g_strdup (url);
  probe->host = g_strdup (host);
  probe->health = health;
  return probe;
}

/**
 * signin_probe_free:
 * @probe: (nullable): a probe whose request does not run
 */
void
signin_probe_free (SigninProbe *probe)
{
  if (probe == NULL)
    return;
  g_free (probe->url);
  g_free (probe->host);
  g_free (probe->tenant);
  g_free (probe->detail);
  g_free (probe);
}

/**
 * signin_probe_is_fresh:
 * @probe: a probe
 * @now_boot_usec: now, CLOCK_BOOTTIME
 *
 * Returns: whether its last answer is still good, or it asked to be left alone
 */
gboolean
signin_probe_is_fresh (const SigninProbe *probe, gint64 now_boot_usec)
{
  gint64 good_usec = MAX (probe->health->interval_usec, (gint64) probe->retry_after_sec * G_USEC_PER_SEC);

  return probe->known && now_boot_usec - probe->asked_boot_usec < good_usec;
}

/**
 * signin_probe_get_max_body:
 * @probe: a probe
 *
 * Returns: how much of the body is wanted; 0 where the headers tell all
 */
gsize
signin_probe_get_max_body (const SigninProbe *probe)
{
  return probe->kind == SIGNIN_ROW_AUTHORITY ? SIGNIN_FETCH_BODY_MAX : 0;
}

static gboolean
is_authority (const SigninProbe *probe, const SigninServices *services, const char *host)
{
  const SigninRegion *const *regions = signin_services_list_regions (services);

  if (probe->health->authority != NULL && g_ascii_strcasecmp (probe->health->authority, host) == 0)
    return TRUE;
  for (guint i = 0; regions[i] != NULL; i++)
    if (g_ascii_strcasecmp (regions[i]->authority, host) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_own (const SigninProbe *probe, const char *host)
{
  if (g_ascii_strcasecmp (probe->host, host) == 0)
    return TRUE;
  for (guint i = 0; probe->health->hosts[i] != NULL; i++)
    if (g_ascii_strcasecmp (probe->health->hosts[i], host) == 0)
      return TRUE;
  return FALSE;
}

/* What follows the path of such an address is good for one person and a few minutes: not for a journal. */
static char *
without_query (const char *address)
{
  return g_strndup (address, strcspn (address, "?#"));
}

static SigninContent
read_location (SigninProbe *probe, const char *location, const SigninServices *services)
{
  g_autofree char *address = NULL;
  g_autoptr (GUri) uri = NULL;

  if (location == NULL || strnlen (location, SIGNIN_URL_MAX * 8) == SIGNIN_URL_MAX * 8)
    return SIGNIN_CONTENT_PLAIN;
  address = g_uri_resolve_relative (probe->url, location, G_URI_FLAGS_ENCODED, NULL);
  probe->detail = without_query (address != NULL ? address : location);
  if (address == NULL || g_ascii_strncasecmp (address, "https://", 8) != 0)
    return SIGNIN_CONTENT_TO_STRANGER;
  uri = g_uri_parse (address, G_URI_FLAGS_ENCODED | G_URI_FLAGS_HAS_PASSWORD, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || g_uri_get_userinfo (uri) != NULL)
    return SIGNIN_CONTENT_TO_STRANGER;
  if (g_str_equal (address, probe->url))
    return SIGNIN_CONTENT_LOOP;
  if (is_authority (probe, services, g_uri_get_host (uri)))
    return SIGNIN_CONTENT_TO_AUTHORITY;
  return is_own (probe, g_uri_get_host (uri)) ? SIGNIN_CONTENT_TO_ITSELF : SIGNIN_CONTENT_TO_STRANGER;
}

static SigninContent
read_challenges (SigninProbe *probe, const SigninFetchResponse *response)
{
  for (guint i = 0; i < CHALLENGES_MAX; i++)
    {
      const char *header = signin_fetch_response_get_header (response, "WWW-Authenticate", i);
      g_auto (SigninChallenge) challenge = { 0 };

      if (header == NULL)
        break;
      if (!signin_challenge_parse (header, &challenge))
        continue;
      probe->tenant = g_steal_pointer (&challenge.tenant);
      probe->detail = without_query (challenge.authorization_uri);
      return SIGNIN_CONTENT_CHALLENGE;
    }
  return SIGNIN_CONTENT_PLAIN;
}

static SigninContent
read_content (SigninProbe *probe, const SigninFetchResponse *response, const SigninServices *services)
{
  if (response->status / 100 == 3)
    return read_location (probe, signin_fetch_response_get_header (response, "Location", 0), services);
  if (probe->kind == SIGNIN_ROW_ORGANIZATION && response->status == STATUS_UNAUTHORIZED)
    return read_challenges (probe, response);
  if (probe->kind == SIGNIN_ROW_AUTHORITY && response->end == SIGNIN_FETCH_ANSWERED && response->status == 200)
    return signin_openid_judge (response->body, probe->host);
  return SIGNIN_CONTENT_PLAIN;
}

/**
 * signin_probe_read:
 * @probe: a probe
 * @response: what came of its request
 * @services: the services
 *
 * Takes in what was seen.
 */
void
signin_probe_read (SigninProbe *probe, const SigninFetchResponse *response, const SigninServices *services)
{
  g_clear_pointer (&probe->tenant, g_free);
  g_clear_pointer (&probe->detail, g_free);
  probe->known = TRUE;
  probe->at_usec = response->at_usec;
  probe->times = response->times;
  probe->seen.end = response->end;
  probe->seen.status = response->status;
  probe->seen.proxy_status = response->proxy_status;
  probe->seen.content = read_content (probe, response, services);
  probe->retry_after_sec = signin_fetch_response_get_retry_after (response);
  if (response->message != NULL)
    {
      g_free (probe->detail);
      probe->detail = g_strdup (response->message);
    }
}
