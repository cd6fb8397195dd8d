/* SPDX-License-Identifier: GPL-3.0-or-later */

/* WWW-Authenticate as it is really sent: addresses with quotes, without, or with one too many; several challenges in
 * one line; any case. Laxer than RFC 9110, and therefore not to be used for more than what it is used for here. */

#include "config.h"

#include <string.h>

#include "address.h"
#include "challenge.h"

#define BLANKS " \t"

/* Names that stand where the directory stands, and mean any. */
static const char *const any_tenant[] = { "common", "organizations", "consumers", NULL };

/* The end of an item: a comma that is not between quotes. A quote that is never closed hides no comma. */
static const char *
find_comma (const char *text)
{
  const char *p = text + strcspn (text, ",\"");

  while (*p == '"')
    {
      const char *close = strchr (p + 1, '"');

      if (close == NULL)
        return p + strcspn (p, ",");
      p = close + 1 + strcspn (close + 1, ",\"");
    }
  return p;
}

static gsize
token_length (const char *text)
{
  gsize n = 0;

  while (g_ascii_isalnum (text[n]) || (text[n] != '\0' && strchr ("!#$%&'*+-.^_`|~", text[n]) != NULL))
    n++;
  return n;
}

static gboolean
is_word (const char *text, gsize len, const char *word)
{
  return len == strlen (word) && g_ascii_strncasecmp (text, word, len) == 0;
}

static char *
unquote (const char *text)
{
  gsize len;

  text += strspn (text, BLANKS "\"'");
  len = strlen (text);
  while (len > 0 && strchr (BLANKS "\"';", text[len - 1]) != NULL)
    len--;
  return g_strndup (text, len);
}

static char *
read_tenant (const char *path)
{
  g_autofree char *tenant = NULL;
  gsize len;

  path += strspn (path, "/");
  len = strcspn (path, "/");
  tenant = g_ascii_strdown (path, (gssize) len);
  if (!signin_host_is_valid (tenant, len) || g_strv_contains (any_tenant, tenant))
    return NULL;
  return g_steal_pointer (&tenant);
}

static gboolean
take_address (const char *value, SigninChallenge *challenge)
{
  g_autofree char *address = unquote (value);
  g_autoptr (GUri) uri = NULL;

  if (!signin_url_check (address, NULL))
    return FALSE;
  uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);
  if (uri == NULL)
    return FALSE;
  challenge->host = g_ascii_strdown (g_uri_get_host (uri), -1);
  challenge->tenant = read_tenant (g_uri_get_path (uri));
  challenge->authorization_uri = g_steal_pointer (&address);
  return TRUE;
}

/* "Scheme key=value", "key=value" or "Scheme"; the scheme holds on until the next one. */
static gboolean
take_item (const char *item, gboolean *bearer, SigninChallenge *challenge)
{
  gsize len;
  const char *after;

  item += strspn (item, BLANKS);
  len = token_length (item);
  after = item + len + strspn (item + len, BLANKS);
  if (len > 0 && *after != '=')
    {
      *bearer = is_word (item, len, "Bearer");
      item = after;
      len = token_length (item);
      after = item + len + strspn (item + len, BLANKS);
    }
  if (!*bearer || *after != '=' || !is_word (item, len, "authorization_uri"))
    return FALSE;
  return take_address (after + 1, challenge);
}

/**
 * signin_challenge_parse:
 * @header: the value of a WWW-Authenticate header, any bytes
 * @challenge: (out caller-allocates): what it says, if it says something
 *
 * Looks for a Bearer challenge with the https address of a sign-in page. At most #SIGNIN_CHALLENGE_MAX bytes are read.
 *
 * Returns: whether there is one
 */
gboolean
signin_challenge_parse (const char *header, SigninChallenge *challenge)
{
  gsize len = strnlen (header, SIGNIN_CHALLENGE_MAX + 1);
  gboolean bearer = FALSE;

  *challenge = (SigninChallenge){ 0 };
  if (len > SIGNIN_CHALLENGE_MAX)
    return FALSE;
  while (*header != '\0')
    {
      const char *end = find_comma (header);
      g_autofree char *item = g_strndup (header, (gsize) (end - header));

      if (take_item (item, &bearer, challenge))
        return TRUE;
      header = *end == ',' ? end + 1 : end;
    }
  return FALSE;
}

/**
 * signin_challenge_clear:
 * @challenge: a challenge
 *
 * Frees what it holds.
 */
void
signin_challenge_clear (SigninChallenge *challenge)
{
  g_clear_pointer (&challenge->authorization_uri, g_free);
  g_clear_pointer (&challenge->host, g_free);
  g_clear_pointer (&challenge->tenant, g_free);
}
