/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asking signin-healthd, which the bus starts for that. */

#include "config.h"

#include "health.h"

#include <glib/gi18n.h>

#include "errors.h"
#include "fields.h"

/* The service's own bound, and a little more for the way. */
#define ANSWER_USEC (25 * (guint64) G_USEC_PER_SEC)
#define CALL_USEC (30 * (guint64) G_USEC_PER_SEC)

/* So often somebody who looks at a terminal sees that something goes on. */
#define TICK_USEC (100 * 1000)

#define FIELD(member, type)                                    \
  {                                                            \
#member, type, G_STRUCT_OFFSET(SigninCtlHealthRow, member) \
  }

static const SigninCtlField row_fields[] = {
  FIELD (kind, 's'),
  FIELD (account, 's'),
  FIELD (name, 's'),
  FIELD (verdict, 's'),
  FIELD (reason, 's'),
  FIELD (asked, 's'),
  FIELD (detail, 's'),
  FIELD (tenant, 's'),
  FIELD (title, 's'),
  FIELD (issue_id, 's'),
  FIELD (url, 's'),
  FIELD (at, 't'),
  FIELD (since, 't'),
  FIELD (status, 'u'),
  FIELD (dns_usec, 't'),
  FIELD (connect_usec, 't'),
  FIELD (tls_usec, 't'),
  FIELD (first_byte_usec, 't'),
  FIELD (total_usec, 't'),
  FIELD (retry_after_sec, 't'),
  FIELD (session_length_usec, 't'),
  FIELD (warning_lead_usec, 't'),
  { NULL },
};

static void
row_free (gpointer data)
{
  signin_ctl_fields_clear (row_fields, data);
  g_free (data);
}

/* Whoever has no signin-healthd can use everything else. */
static void
set_error (const sd_bus_error *reply, GError **error)
{
  g_autofree char *detail = signin_ctl_clean (reply->message);

  if (sd_bus_error_has_name (reply, SD_BUS_ERROR_SERVICE_UNKNOWN)
      || sd_bus_error_has_name (reply, SD_BUS_ERROR_NAME_HAS_NO_OWNER))
    g_set_error_literal (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_UNREACHABLE,
                         _ ("This session bus cannot start signin-healthd, which asks the network; is it installed?"));
  else if (sd_bus_error_has_name (reply, SD_BUS_ERROR_NO_REPLY) || sd_bus_error_has_name (reply, SD_BUS_ERROR_TIMEOUT))
    g_set_error_literal (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_UNREACHABLE,
                         _ ("signin-healthd, which asks the network, does not answer; "
                            "see: journalctl --user -u signin-healthd"));
  else if (g_str_has_prefix (reply->name, "org.freedesktop."))
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_UNREACHABLE,
                 _ ("signin-healthd, which asks the network, could not be started: %s"), detail);
  else
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("The services could not be asked: %s"), detail);
}

static int
append_target (sd_bus_message *message, const SigninCtlAccount *account)
{
  int r = sd_bus_message_open_container (message, 'a', "{sv}");

  if (r >= 0)
    r = signin_ctl_append_string (message, "account", account->id);
  if (r >= 0)
    r = signin_ctl_append_string (message, "service", account->service);
  if (r >= 0 && *account->organization != '\0')
    r = signin_ctl_append_string (message, "organization", account->organization);
  if (r >= 0 && *account->region != '\0')
    r = signin_ctl_append_string (message, "region", account->region);
  if (r >= 0)
    r = signin_ctl_append_string (message, "url", account->url);
  return r < 0 ? r : sd_bus_message_close_container (message);
}

static int
append_targets (sd_bus_message *message, GPtrArray *accounts, guint first)
{
  guint end = MIN (accounts->len, first + SIGNIN_HEALTH_TARGETS_MAX);
  int r = sd_bus_message_open_container (message, 'e', "sv");

  if (r >= 0)
    r = sd_bus_message_append_basic (message, 's', "targets");
  if (r >= 0)
    r = sd_bus_message_open_container (message, 'v', "aa{sv}");
  if (r >= 0)
    r = sd_bus_message_open_container (message, 'a', "a{sv}");
  for (guint i = first; r >= 0 && i < end; i++)
    r = append_target (message, g_ptr_array_index (accounts, i));
  for (guint i = 0; r >= 0 && i < 3; i++)
    r = sd_bus_message_close_container (message);
  return r;
}

static int
append_options (sd_bus_message *message, GPtrArray *accounts, guint first, gboolean refresh)
{
  int r = sd_bus_message_open_container (message, 'a', "{sv}");

  if (r >= 0 && accounts->len > first)
    r = append_targets (message, accounts, first);
  /* What belongs to nobody alone is asked for once. */
  if (r >= 0)
    r = sd_bus_message_append (message, "{sv}{sv}{sv}", "common", "b", first == 0, "feeds", "b", first == 0, "graph",
                               "b", first == 0);
  if (r >= 0)
    r = signin_ctl_append_flag (message, "refresh", refresh);
  if (r >= 0)
    r = signin_ctl_append_time (message, "timeout_usec", ANSWER_USEC);
  return r < 0 ? r : sd_bus_message_close_container (message);
}

static sd_bus_message *
new_call (sd_bus *bus, const char *method, GError **error)
{
  sd_bus_message *message = NULL;
  int r = sd_bus_message_new_method_call (bus, &message, SIGNIN_HEALTH_BUS_NAME, SIGNIN_HEALTH_OBJECT_PATH,
                                          SIGNIN_HEALTH_INTERFACE, method);

  return signin_ctl_bus_failed (r, error) ? NULL : message;
}

/* Makes the call, and adds what it answers to @rows. */
static gboolean
call (sd_bus *bus, sd_bus_message *message, GPtrArray *rows, SigninCtlHealthTick tick, gpointer user_data,
      GError **error)
{
  const SigninCtlRows taken = { row_fields, sizeof (SigninCtlHealthRow), rows };
  g_auto (SigninCtlCall) asked = { NULL };
  gint64 begin_usec = g_get_monotonic_time ();

  if (!signin_ctl_call_start_within (&asked, bus, message, CALL_USEC, error))
    return FALSE;
  while (asked.reply == NULL)
    {
      if (!signin_ctl_call_poll (&asked, bus, tick != NULL ? TICK_USEC : G_MAXUINT64, error))
        return FALSE;
      if (tick != NULL && asked.reply == NULL)
        tick (g_get_monotonic_time () - begin_usec, user_data);
    }
  if (sd_bus_message_is_method_error (asked.reply, NULL))
    {
      set_error (sd_bus_message_get_error (asked.reply), error);
      return FALSE;
    }
  return !signin_ctl_bus_failed (signin_ctl_rows_read (asked.reply, &taken), error);
}

/**
 * signin_ctl_health_ask:
 * @bus: a connection
 * @accounts: (element-type SigninCtlAccount): whom to ask for; none for what is nobody's alone
 * @refresh: ask again although that was done a moment ago
 * @tick: (nullable): called while the answer is waited for
 * @user_data: passed to @tick
 * @error: why nothing could be asked
 *
 * Has the network asked.
 *
 * Returns: (transfer full) (element-type SigninCtlHealthRow): what came out.
 */
GPtrArray *
signin_ctl_health_ask (sd_bus *bus, GPtrArray *accounts, gboolean refresh, SigninCtlHealthTick tick, gpointer user_data,
                       GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  guint first = 0;

  do
    {
      g_autoptr (sd_bus_message) message = new_call (bus, "Check", error);

      if (message == NULL || signin_ctl_bus_failed (append_options (message, accounts, first, refresh), error)
          || !call (bus, message, rows, tick, user_data, error))
        return NULL;
      first += SIGNIN_HEALTH_TARGETS_MAX;
    }
  while (first < accounts->len);
  return g_steal_pointer (&rows);
}

/**
 * signin_ctl_health_get:
 * @bus: a connection
 * @error: why not
 *
 * Returns: (transfer full) (element-type SigninCtlHealthRow): what was found out before; nothing is asked for it, and
 * signin-healthd is not started: who was just started knows nothing.
 */
GPtrArray *
signin_ctl_health_get (sd_bus *bus, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  g_autoptr (sd_bus_message) message = new_call (bus, "Get", error);

  if (message == NULL || signin_ctl_bus_failed (sd_bus_message_set_auto_start (message, FALSE), error)
      || !call (bus, message, rows, NULL, NULL, error))
    return NULL;
  return g_steal_pointer (&rows);
}
