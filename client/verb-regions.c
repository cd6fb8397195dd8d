/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "services.h"
#include "verbs.h"

static void
add_region (GString *out, const SigninCtlStyle *style, const SigninRegion *region)
{
  g_autofree char *codes = region->codes != NULL ? g_strjoinv (", ", region->codes) : g_strdup ("");
  g_autofree char *heading = *codes != '\0' ? g_strdup_printf ("%s: %s (%s)", region->label, region->name, codes)
                                            : g_strdup_printf ("%s: %s", region->label, region->name);
  g_autofree char *url = g_strconcat ("https://<organization>.", region->host, NULL);

  signin_ctl_wrap (out, style, 0, 2, heading);
  signin_ctl_address (out, style, 2, url);
}

static void
add_details (GString *out, const SigninCtlStyle *style, const SigninRegion *region)
{
  g_autofree char *aliases = g_strjoinv (", ", region->aliases);

  if (*aliases != '\0')
    /* TRANSLATORS: other names of a region */
    signin_ctl_line (out, style, 2, _ ("Also: %s"), aliases);
  /* TRANSLATORS: the host name of a sign-in page */
  signin_ctl_line (out, style, 2, _ ("People sign in at %s"), region->authority);
  signin_ctl_line (out, style, 2, "signinctl add https://contoso.%s", region->host);
}

static void
add_words (SigninCtlJson *json, const char *key, char *const *words)
{
  signin_ctl_json_array (json, key);
  for (; words != NULL && *words != NULL; words++)
    signin_ctl_json_string (json, NULL, *words);
  signin_ctl_json_end (json, ']');
}

static void
add_json (SigninCtlJson *json, const SigninRegion *region)
{
  signin_ctl_json_object (json, NULL);
  signin_ctl_json_string (json, "label", region->label);
  signin_ctl_json_string (json, "name", region->name);
  signin_ctl_json_string (json, "host", region->host);
  add_words (json, "codes", region->codes);
  add_words (json, "aliases", region->aliases);
  signin_ctl_json_string (json, "authority", region->authority);
  signin_ctl_json_end (json, '}');
}

static const SigninRegion *
find_region (const SigninServices *services, const char *word, GError **error)
{
  const SigninRegion *region = signin_services_find_region (services, word);
  gsize before;

  if (region == NULL)
    region = signin_services_find_region_host (services, word, &before);
  if (region == NULL)
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
                 _ ("No region is called '%s'; give a label, a code or a geography, such as crm4, EMEA or Europe: "
                    "'signinctl regions' lists them"),
                 word);
  return region;
}

/**
 * signin_ctl_run_regions:
 * @ctl: the call
 * @error: why not
 *
 * Lists the regions, or looks one up; needs no daemon.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_regions (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninServices) services = signin_services_load (error);
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (SigninCtlJson) json = { NULL };
  const SigninRegion *one = NULL;

  if (services == NULL)
    return SIGNIN_CTL_FAILED;
  if (ctl->args.n_words > 0)
    {
      one = find_region (services, ctl->args.words[0], error);
      if (one == NULL)
        return SIGNIN_CTL_USAGE;
    }
  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_array (&json, "regions");
      for (const SigninRegion *const *r = signin_services_list_regions (services); *r != NULL; r++)
        if (one == NULL || one == *r)
          add_json (&json, *r);
      signin_ctl_json_end (&json, ']');
      return signin_ctl_show_json (&json, error);
    }
  for (const SigninRegion *const *r = signin_services_list_regions (services); *r != NULL; r++)
    if (one == NULL || one == *r)
      add_region (out, &ctl->style, *r);
  if (one != NULL)
    add_details (out, &ctl->style, one);
  return signin_ctl_show (out->str, error);
}
