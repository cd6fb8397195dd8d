/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "json.h"
#include "openid.h"

/* Not taken apart: the path of an issuer has braces where the directory will stand. */
static gboolean
is_at (const char *address, const char *host)
{
  const char *rest = address + strlen ("https://");
  gsize len = strlen (host);

  return g_str_has_prefix (address, "https://") && g_ascii_strncasecmp (rest, host, len) == 0 && rest[len] == '/';
}

/**
 * signin_openid_judge:
 * @body: what a sign-in authority answered
 * @host: the host that was asked
 *
 * Looks whether this is the configuration of that authority: its issuer, and the page on which people sign in, must be
 * on that host.
 *
 * Returns: %SIGNIN_CONTENT_OPENID, %SIGNIN_CONTENT_NOT_OPENID or %SIGNIN_CONTENT_OTHER_ISSUER
 */
SigninContent
signin_openid_judge (GBytes *body, const char *host)
{
  g_autoptr (json_t) json = signin_json_parse (body, NULL);
  const char *issuer = signin_json_get_text (json, "issuer");
  const char *page = signin_json_get_text (json, "authorization_endpoint");

  if (issuer == NULL || page == NULL)
    return SIGNIN_CONTENT_NOT_OPENID;
  if (!is_at (issuer, host) || !is_at (page, host))
    return SIGNIN_CONTENT_OTHER_ISSUER;
  return SIGNIN_CONTENT_OPENID;
}
