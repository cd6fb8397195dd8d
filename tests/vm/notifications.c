/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A notification server for a machine without a display: it prints what it is asked to show and to take away, and when,
 * on the clock that counts the time asleep, too. */

#include "config.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <time.h>

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"

static const char INTERFACE[]
    = "<node><interface name='" NAME "'>"
      "<method name='GetServerInformation'><arg type='s' direction='out'/><arg type='s' direction='out'/>"
      "<arg type='s' direction='out'/><arg type='s' direction='out'/></method>"
      "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
      "<method name='CloseNotification'><arg type='u'/></method>"
      "<method name='Notify'><arg type='s'/><arg type='u'/><arg type='s'/><arg type='s'/><arg type='s'/>"
      "<arg type='as'/><arg type='a{sv}'/><arg type='i'/><arg type='u' direction='out'/></method>"
      "</interface></node>";

/* What /proc/uptime says. */
static double
now (void)
{
  struct timespec ts;

  clock_gettime (CLOCK_BOOTTIME, &ts);
  return (double) ts.tv_sec + (double) ts.tv_nsec / 1e9;
}

static guint32
show (GVariant *parameters)
{
  static guint32 last_id = 0;
  const char *title;
  guint32 id;

  g_variant_get (parameters, "(&su&s&s&s@as@a{sv}i)", NULL, &id, NULL, &title, NULL, NULL, NULL, NULL);
  if (id == 0)
    id = ++last_id;
  g_print ("%.2f show %u %s\n", now (), id, title);
  return id;
}

static void
take_away (GDBusConnection *bus, GVariant *parameters)
{
  guint32 id;

  g_variant_get (parameters, "(u)", &id);
  g_print ("%.2f close %u\n", now (), id);
  g_dbus_connection_emit_signal (bus, NULL, PATH, NAME, "NotificationClosed", g_variant_new ("(uu)", id, 3), NULL);
}

static void
on_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
         GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  static const char *const capabilities[] = { "actions", "body", "persistence", NULL };
  GVariant *reply = NULL;

  if (g_str_equal (method, "GetServerInformation"))
    reply = g_variant_new ("(ssss)", "guest", "signind", "1", "1.2");
  else if (g_str_equal (method, "GetCapabilities"))
    reply = g_variant_new ("(^as)", capabilities);
  else if (g_str_equal (method, "Notify"))
    reply = g_variant_new ("(u)", show (parameters));
  else
    take_away (bus, parameters);
  g_dbus_method_invocation_return_value (invocation, reply);
}

static void
on_bus (GDBusConnection *bus, const char *name, gpointer user_data)
{
  static const GDBusInterfaceVTable calls = { .method_call = on_call };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (INTERFACE, NULL);

  g_dbus_connection_register_object (bus, PATH, node->interfaces[0], &calls, NULL, NULL, NULL);
}

static void
on_name (GDBusConnection *bus, const char *name, gpointer user_data)
{
  g_print ("ready\n");
}

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

int
main (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  guint owned = g_bus_own_name (G_BUS_TYPE_SESSION, NAME, G_BUS_NAME_OWNER_FLAGS_NONE, on_bus, on_name, NULL, NULL,
                                NULL);

  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_main_loop_run (loop);
  g_bus_unown_name (owned);
  return 0;
}
