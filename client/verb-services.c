/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "services.h"
#include "times.h"
#include "topics.h"
#include "verbs.h"

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
  g_autofree char *url = signin_service_expand_url (service, NULL, NULL);
  g_autofree char *policy = describe_policy (service);
  g_autofree char *heading = g_strdup_printf ("%s: %s", service->id, service->name);

  signin_ctl_wrap (out, style, 0, 2, heading);
  signin_ctl_address (out, style, 2, url);
  signin_ctl_line (out, style, 2, "%s", policy);
  if (service->note != NULL && *service->note != '\0')
    signin_ctl_line (out, style, 2, "%s", service->note);
}

static void
add_names (GString *out, const SigninCtlStyle *style, const SigninService *service)
{
  signin_ctl_line (out, style, 2, _ ("Names to sign in with:"));
  if (service->names & SIGNIN_NAMES_WORK)
    {
      /* TRANSLATORS: the first part is a name and stays as it is */
      signin_ctl_line (out, style, 4, _ ("username@contoso.onmicrosoft.com (standard Office 365 domain)"));
      /* TRANSLATORS: the first part is a name and stays as it is */
      signin_ctl_line (out, style, 4, _ ("username@contoso.com (your organization's own domain)"));
    }
  if (service->names & SIGNIN_NAMES_DIRECTORY)
    /* TRANSLATORS: the first part is a name and stays as it is */
    signin_ctl_line (out, style, 4, _ ("CONTOSO\\username (Active Directory)"));
  if (service->names & SIGNIN_NAMES_MICROSOFT)
    signin_ctl_line (out, style, 4,
                     _ ("the e-mail address to which the administrator's invitation was sent (Microsoft account, "
                        "formerly Windows Live ID)"));
  else if (!(service->names & SIGNIN_NAMES_ANY))
    signin_ctl_line (out, style, 4, _ ("not a Microsoft account"));
  if (service->names & SIGNIN_NAMES_ANY)
    signin_ctl_line (out, style, 4, _ ("any"));
}

/* Everything that a person could want to know of one service. */
static int
show_service (SigninCtl *ctl, const SigninService *service, GError **error)
{
  const SigninCtlStyle *style = &ctl->style;
  g_autoptr (SigninCtlTopics) topics = signin_ctl_topics_load (error);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *min = signin_ctl_format_duration (service->min_length_usec);
  g_autofree char *max = signin_ctl_format_duration (service->max_length_usec);

  if (topics == NULL)
    return SIGNIN_CTL_FAILED;
  add_service (out, style, service);
  /* TRANSLATORS: two durations */
  signin_ctl_line (out, style, 2, _ ("An account can say another length, from %s to %s, or none"), min, max);
  add_names (out, style, service);
  if (service->needs_region)
    signin_ctl_line (out, style, 2, _ ("Regions: signinctl regions"));
  if (*service->help != NULL)
    signin_ctl_line (out, style, 2, _ ("Help:"));
  for (char *const *id = service->help; *id != NULL; id++)
    {
      const SigninCtlTopic *topic = signin_ctl_topics_get (topics, *id);

      if (topic != NULL)
        signin_ctl_line (out, style, 4, "signinctl explain %s (%s)", topic->id, topic->title);
    }
  return signin_ctl_show (out->str, error);
}

static const SigninService *
find_service (const SigninServices *services, const char *word, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autofree char *list = NULL;

  for (const SigninService *const *s = signin_services_list (services); *s != NULL; s++)
    {
      if (g_ascii_strcasecmp ((*s)->id, word) == 0 || g_ascii_strcasecmp ((*s)->name, word) == 0)
        return *s;
      g_ptr_array_add (ids, (gpointer) (*s)->id);
    }
  g_ptr_array_add (ids, NULL);
  list = g_strjoinv (", ", (char **) ids->pdata);
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("No service is called '%s'; there are: %s"), word, list);
  return NULL;
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
  g_autofree char *url = signin_service_expand_url (service, NULL, NULL);

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
  signin_ctl_json_array (json, "help");
  for (char *const *id = service->help; *id != NULL; id++)
    signin_ctl_json_string (json, NULL, *id);
  signin_ctl_json_end (json, ']');
  signin_ctl_json_end (json, '}');
}

/**
 * signin_ctl_run_services:
 * @ctl: the call
 * @error: why not
 *
 * Lists the services, or tells all of one; needs no daemon.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_services (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninServices) services = signin_services_load (error);
  g_autoptr (GString) out = g_string_new (NULL);
  g_auto (SigninCtlJson) json = { NULL };
  const SigninService *one = NULL;

  if (services == NULL)
    return SIGNIN_CTL_FAILED;
  if (ctl->args.n_words > 0)
    {
      one = find_service (services, ctl->args.words[0], error);
      if (one == NULL)
        return SIGNIN_CTL_USAGE;
    }
  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_array (&json, "services");
      for (const SigninService *const *s = signin_services_list (services); *s != NULL; s++)
        if (one == NULL || one == *s)
          add_json (&json, *s);
      signin_ctl_json_end (&json, ']');
      return signin_ctl_show_json (&json, error);
    }
  if (one != NULL)
    return show_service (ctl, one, error);
  for (const SigninService *const *s = signin_services_list (services); *s != NULL; s++)
    add_service (out, &ctl->style, *s);
  return signin_ctl_show (out->str, error);
}
