/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "../daemon/account.h"
#include "transfer.h"
#include "verbs.h"

/* The address, where it is not what service, organization and region make of it anyhow. */
static const char *
own_url (const SigninServices *services, const SigninCtlAccount *account)
{
  const SigninService *service = signin_services_get (services, account->service);
  const SigninRegion *region = NULL;
  g_autofree char *usual = NULL;

  if (service == NULL || service->needs_url)
    return account->url;
  if (*account->region != '\0')
    region = signin_services_find_region (services, account->region);
  usual = signin_service_expand_url (service, account->organization, region);
  return g_str_equal (usual, account->url) ? NULL : account->url;
}

static void
add_account (SigninCtlJson *json, const SigninServices *services, const SigninCtlAccount *account)
{
  gboolean has_length = account->session_length > 0;

  signin_ctl_json_object (json, NULL);
  signin_ctl_json_string (json, "id", account->id);
  signin_ctl_json_string (json, "service", account->service);
  signin_ctl_json_string (json, "user_name", account->user_name);
  signin_ctl_json_string (json, "organization", account->organization);
  signin_ctl_json_string (json, "region", account->region);
  signin_ctl_json_string (json, "url", own_url (services, account));
  signin_ctl_json_duration (json, "session_length_sec", has_length ? account->session_length : -1);
  signin_ctl_json_duration (json, "warning_lead_sec", has_length ? account->warning_lead : -1);
  signin_ctl_json_end (json, '}');
}

/* The person's own choices; what an administrator says is for that computer. */
static void
add_settings (SigninCtlJson *json)
{
  g_autoptr (SigninSettingsFiles) files = signin_settings_files_new (NULL, NULL);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  SigninSettings settings;

  signin_settings_files_read (files, &settings, problems);
  signin_ctl_json_object (json, "settings");
  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    if (settings.origins[i].layer == SIGNIN_LAYER_USER)
      {
        g_autofree char *value = signin_settings_format (&settings, i);

        signin_ctl_json_string (json, signin_setting_key (i), value);
      }
  signin_ctl_json_end (json, '}');
}

/**
 * signin_ctl_run_export:
 * @ctl: the call
 * @error: why not
 *
 * Writes accounts and settings, but nothing of sessions, for another computer.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_export (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninServices) services = signin_services_load (error);
  g_autoptr (SigninCtlSnapshot) snapshot = services != NULL ? signin_ctl_look (ctl, error) : NULL;
  g_auto (SigninCtlJson) json = { NULL };

  if (snapshot == NULL)
    return SIGNIN_CTL_FAILED;
  signin_ctl_json_init (&json, FALSE);
  signin_ctl_json_string (&json, "kind", SIGNIN_CTL_TRANSFER_KIND);
  signin_ctl_json_array (&json, "accounts");
  for (guint i = 0; i < snapshot->accounts->len; i++)
    add_account (&json, services, signin_ctl_snapshot_get (snapshot, i));
  signin_ctl_json_end (&json, ']');
  add_settings (&json);
  return signin_ctl_show_json (&json, error);
}
