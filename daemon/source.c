/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GLib's core only: signinctl and the browsers' host link it too. */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "names.h"
#include "source.h"

/* How much of a profile's name tells it apart from others for people. */
#define PROFILE_SHOWN 4

/* The words that the companion uses, and what each browser calls itself. */
static const struct
{
  const char *word;
  const char *name;
} browsers[] = {
  { "firefox", "Firefox" }, { "chromium", "Chromium" }, { "chrome", "Chrome" },
  { "edge", "Edge" },       { "brave", "Brave" },       { "vivaldi", "Vivaldi" },
};

static const char *
find_name (const char *word, gsize len)
{
  for (gsize i = 0; i < G_N_ELEMENTS (browsers); i++)
    if (strlen (browsers[i].word) == len && strncmp (browsers[i].word, word, len) == 0)
      return browsers[i].name;
  return NULL;
}

/**
 * signin_browser_is_known:
 * @browser: a word from outside
 *
 * Returns: whether it is one of those that stand for a browser in a source, such as "firefox"
 */
gboolean
signin_browser_is_known (const char *browser)
{
  return find_name (browser, strlen (browser)) != NULL;
}

/**
 * signin_profile_is_valid:
 * @profile: a text from outside
 *
 * Returns: whether it is the name that a browser's profile has in a source: 16 digits of 0-9 and a-f
 */
gboolean
signin_profile_is_valid (const char *profile)
{
  return strspn (profile, "0123456789abcdef") == SIGNIN_PROFILE_LEN && profile[SIGNIN_PROFILE_LEN] == '\0';
}

/**
 * signin_source_is_browser:
 * @source: a source
 *
 * Returns: whether it is a browser's profile, written `<browser>:<profile>`
 */
gboolean
signin_source_is_browser (const char *source)
{
  gsize len = strcspn (source, ":");

  return find_name (source, len) != NULL && source[len] == ':' && signin_profile_is_valid (source + len + 1);
}

/**
 * signin_source_same_browser:
 * @a: a source
 * @b: a source
 *
 * Returns: whether both are profiles of the same browser
 */
gboolean
signin_source_same_browser (const char *a, const char *b)
{
  gsize len = strcspn (a, ":");

  return signin_source_is_browser (a) && signin_source_is_browser (b) && strncmp (a, b, len + 1) == 0;
}

/**
 * signin_source_describe:
 * @source: a source
 * @with_profile: the browser alone does not tell it apart
 *
 * Returns: (transfer full): what it is called for people
 */
char *
signin_source_describe (const char *source, gboolean with_profile)
{
  gsize len = strcspn (source, ":");
  const char *name = find_name (source, len);

  if (g_str_equal (source, SIGNIN_SOURCE_MANUAL))
    /* TRANSLATORS: a sign-in that the person reported, in "signed in since 08:12 (manual)" */
    return g_strdup (_ ("manual"));
  if (!signin_source_is_browser (source))
    return g_strdup (source);
  if (!with_profile)
    return g_strdup (name);
  /* TRANSLATORS: a browser, and the first digits of one of its profiles */
  return g_strdup_printf (_ ("%s, profile %.*s"), name, PROFILE_SHOWN, source + len + 1);
}
