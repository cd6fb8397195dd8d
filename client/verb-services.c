/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "services.h"
#include "times.h"
#include "verbs.h"

static char *
replace (const char *text, const char *mark, const char *word)
{
  g_auto (GStrv) parts = g_strsplit (text, mark, -1);

  return g_strjoinv (word, parts);
}

/* The address with words for what differs from account to account. */
static char *
readable_url (const char *url)
{
  g_autofree char *with_org = replace (url, "%o", "<org>");
  g_autofree char *with_host = replace (with_org, "%h", "<region>");

  return replace (with_host, "%i", "<id>");
}

static char *
describe_policy (const SigninService *service)
{
  g_autofree char *length = signin_ctl_format_duration (service->policy.length_usec);
  g_autofree char *lead = signin_ctl_format_duration (service->policy.lead_usec);

  if (service->policy.length_usec == 0)
    return g_strdup (_ ("No session length is known"));
  /* TRANSLATORS: two durations */
  return g_strdup_printf (_ ("A session lasts %s, the warning comes %s before its end"), length, lead);
}

static void
add_service (GString *out, const SigninCtlStyle *style, const SigninService *service)
{
  g_autofree char *url = readable_url (service->url);
  g_autofree char *policy = describe_policy (service);
  g_autofree char *heading = g_strdup_printf ("%s: %s", service->id, service->name);

  signin_ctl_wrap (out, style, 0, 2, heading);
  signin_ctl_line (out, style, 2, "%s", url);
  signin_ctl_line (out, style, 2, "%s", policy);
  if (service->note != NULL && *service->note != '\0')
    signin_ctl_line (out, style, 2, "%s", service->note);
}

static void
add_json (SigninCtlJson *json, const SigninService *service)
{
  static const struct
  {
    SigninNameForms form;
    const char *word;
  } forms[] = { { SIGNIN_NAMES_WORK, "work" },
                { SIGNIN_NAMES_MICROSOFT, "microsoft" },
                { SIGNIN_NAMES_DIRECTORY, "directory" },
                { SIGNIN_NAMES_ANY, "any" } };
  gboolean has_length = service->policy.length_usec > 0;
  g_autofree char *url = readable_url (service->url);

  signin_ctl_json_object (json, NULL);
  signin_ctl_json_string (json, "id", service->id);
  signin_ctl_json_string (json, "name", service->name);
  signin_ctl_json_string (json, "url", url);
  signin_ctl_json_bool (json, "needs_organization", service->needs_organization);
  signin_ctl_json_bool (json, "needs_region", service->needs_region);
  signin_ctl_json_bool (json, "needs_url", service->needs_url);
  signin_ctl_json_duration (json, "session_length_sec", has_length ? service->policy.length_usec : -1);
  signin_ctl_json_duration (json, "warning_lead_sec", has_length ? service->policy.lead_usec : -1);
  signin_ctl_json_duration (json, "min_length_sec", service->min_length_usec);
  signin_ctl_json_duration (json, "max_length_sec", service->max_length_usec);
  signin_ctl_json_duration (json, "min_lead_sec", service->min_lead_usec);
  signin_ctl_json_array (json, "user_names");
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    if (service->names & forms[i].form)
      signin_ctl_json_string (json, NULL, forms[i].word);
  signin_ctl_json_end (json, ']');
  signin_ctl_json_string (json, "note", service->note);
  signin_ctl_json_end (json, '}');
}

/**
 * signin_ctl_run_services:
 * @ctl: the call
 * @error: why not
 *
 * Lists the services; needs no daemon.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_services (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninServices) services = signin_services_load (error);
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (SigninCtlJson) json = { NULL };

  if (services == NULL)
    return SIGNIN_CTL_FAILED;
  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_array (&json, "services");
      for (const SigninService *const *s = signin_services_list (services); *s != NULL; s++)
        add_json (&json, *s);
      signin_ctl_json_end (&json, ']');
      return signin_ctl_show_json (&json, error);
    }
  for (const SigninService *const *s = signin_services_list (services); *s != NULL; s++)
    add_service (out, &ctl->style, *s);
  return signin_ctl_show (out->str, error);
}
