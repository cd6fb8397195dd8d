/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "health.h"

/**
 * signin_ctl_health_dashboard:
 * @health: what was found out
 *
 * Returns: (nullable) (transfer none): where the Service Health Dashboard is, for those who can see it: Microsoft Graph
 * tells of services only to an administrator's token.
 */
const char *
signin_ctl_health_dashboard (const SigninCtlHealth *health)
{
  for (guint i = 0; i < health->rows->len; i++)
    {
      const SigninCtlHealthRow *row = g_ptr_array_index (health->rows, i);

      if (g_str_equal (row->kind, "graph") && row->status == 200 && g_str_has_prefix (row->url, "https://"))
        return row->url;
    }
  return NULL;
}

static void
add_account (SigninCtlJson *json, const SigninCtlHealth *health, const SigninCtlAccount *account)
{
  const SigninCtlHealthRow *summary = signin_ctl_health_find (health, account->id, "summary");
  g_autofree char *text = signin_ctl_health_account_sentence (health, account);

  signin_ctl_json_object (json, NULL);
  signin_ctl_json_string (json, "account", account->id);
  signin_ctl_json_string (json, "verdict",
                          signin_ctl_verdict_word (signin_ctl_health_account_verdict (health, account)));
  signin_ctl_json_string (json, "reason", summary != NULL ? summary->reason : NULL);
  signin_ctl_json_string (json, "text", text);
  signin_ctl_json_time (json, "at", summary != NULL ? summary->at : 0);
  signin_ctl_json_end (json, '}');
}

static void
add_times (SigninCtlJson *json, const SigninCtlHealthRow *row)
{
  signin_ctl_json_time (json, "at", row->at);
  if (row->status > 0)
    signin_ctl_json_int (json, "status", row->status);
  else
    signin_ctl_json_null (json, "status");
  signin_ctl_json_int (json, "dns_usec", row->dns_usec);
  signin_ctl_json_int (json, "connect_usec", row->connect_usec);
  signin_ctl_json_int (json, "tls_usec", row->tls_usec);
  signin_ctl_json_int (json, "first_byte_usec", row->first_byte_usec);
  signin_ctl_json_int (json, "total_usec", row->total_usec);
  signin_ctl_json_int (json, "retry_after_sec", row->retry_after_sec);
}

static void
add_row (SigninCtlJson *json, const SigninCtlHealthRow *row)
{
  g_autofree char *text = signin_ctl_health_reason (row->reason);

  signin_ctl_json_object (json, NULL);
  signin_ctl_json_string (json, "kind", row->kind);
  signin_ctl_json_string (json, "account", row->account);
  signin_ctl_json_string (json, "name", row->name);
  signin_ctl_json_string (json, "verdict", row->verdict);
  signin_ctl_json_string (json, "reason", row->reason);
  signin_ctl_json_string (json, "text", text);
  signin_ctl_json_string (json, "detail", row->detail);
  signin_ctl_json_string (json, "asked", row->asked);
  add_times (json, row);
  signin_ctl_json_string (json, "tenant", row->tenant);
  signin_ctl_json_string (json, "title", row->title);
  signin_ctl_json_string (json, "issue_id", row->issue_id);
  signin_ctl_json_time (json, "since", row->since);
  signin_ctl_json_string (json, "url", row->url);
  signin_ctl_json_duration (json, "session_length_sec", row->session_length_usec > 0 ? row->session_length_usec : -1);
  signin_ctl_json_duration (json, "warning_lead_sec", row->warning_lead_usec > 0 ? row->warning_lead_usec : -1);
  signin_ctl_json_end (json, '}');
}

/**
 * signin_ctl_health_json:
 * @json: a writer
 * @health: what was found out
 *
 * Adds everything that there is to be said.
 */
void
signin_ctl_health_json (SigninCtlJson *json, const SigninCtlHealth *health)
{
  g_autofree char *text = signin_ctl_health_sentence (health);

  signin_ctl_json_string (json, "verdict", signin_ctl_verdict_word (signin_ctl_health_verdict (health)));
  signin_ctl_json_string (json, "text", text);
  signin_ctl_json_array (json, "accounts");
  for (guint i = 0; i < health->accounts->len; i++)
    add_account (json, health, g_ptr_array_index (health->accounts, i));
  signin_ctl_json_end (json, ']');
  signin_ctl_json_array (json, "results");
  for (guint i = 0; i < health->rows->len; i++)
    add_row (json, g_ptr_array_index (health->rows, i));
  signin_ctl_json_end (json, ']');
  signin_ctl_json_string (json, "dashboard", signin_ctl_health_dashboard (health));
}
