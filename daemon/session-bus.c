/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How our programs come to the session bus, and to their names on it. */

#include "config.h"

#include <glib/gi18n.h>

#include "session-bus.h"

/* The answers to RequestName that say that a name is ours. */
enum
{
  NAME_TAKEN = 1,
  NAME_OURS_ALREADY = 4,
};

/**
 * signin_session_bus_connect:
 * @closed: is called when the bus is gone
 * @user_data: for @closed
 * @error: why not
 *
 * Returns: (transfer full): the session bus; %NULL if there is none
 */
GDBusConnection *
signin_session_bus_connect (SigninBusClosedFunc closed, gpointer user_data, GError **error)
{
  GDBusConnection *connection = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, error);

  if (connection == NULL)
    {
      g_prefix_error (error, _ ("There is no session bus: "));
      return NULL;
    }
  /* GDBus would end us by SIGTERM, which service managers take for a success. */
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  g_signal_connect (connection, "closed", G_CALLBACK (closed), user_data);
  return connection;
}

/**
 * signin_session_bus_take_name:
 * @connection: the session bus
 * @name: a name of ours
 * @flags: how to ask for it; nobody is ever waited for
 * @taken: (out): whether it is ours now, and not another's
 * @error: why the bus did not answer
 *
 * Returns: whether @taken tells
 */
gboolean
signin_session_bus_take_name (GDBusConnection *connection, const char *name, GBusNameOwnerFlags flags, gboolean *taken,
                              GError **error)
{
  guint32 all = flags | G_BUS_NAME_OWNER_FLAGS_DO_NOT_QUEUE;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                                            "org.freedesktop.DBus", "RequestName",
                                                            g_variant_new ("(su)", name, all), G_VARIANT_TYPE ("(u)"),
                                                            G_DBUS_CALL_FLAGS_NONE, -1, NULL, error);
  guint32 outcome;

  if (reply == NULL)
    {
      g_prefix_error (error, _ ("Cannot take the name %s: "), name);
      return FALSE;
    }
  g_variant_get (reply, "(u)", &outcome);
  *taken = outcome == NAME_TAKEN || outcome == NAME_OURS_ALREADY;
  return TRUE;
}
