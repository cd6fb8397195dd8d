/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "fake-server.h"
#include "popup-text.h"

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"

enum
{
  CLOSED_BY_TIME = 1,
  CLOSED_BY_PERSON = 2,
  CLOSED_BY_CALL = 3,
};

static const char INTERFACE[]
    = "<node><interface name='" NAME "'>"
      "<method name='GetServerInformation'><arg type='s' direction='out'/><arg type='s' direction='out'/>"
      "<arg type='s' direction='out'/><arg type='s' direction='out'/></method>"
      "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
      "<method name='CloseNotification'><arg type='u'/></method>"
      "<method name='Notify'><arg type='s'/><arg type='u'/><arg type='s'/><arg type='s'/><arg type='s'/><arg "
      "type='as'/>"
      "<arg type='a{sv}'/><arg type='i'/><arg type='u' direction='out'/></method>"
      "</interface></node>";

static void
popup_free (gpointer data)
{
  FakePopup *popup = data;

  g_free (popup->title);
  g_free (popup->body);
  g_free (popup->actions);
  g_free (popup->sound);
  g_free (popup);
}

static void
emit (FakeServer *self, const char *signal, GVariant *parameters)
{
  g_dbus_connection_emit_signal (self->bus, NULL, PATH, NAME, signal, parameters, NULL);
}

static void
take_popup (FakeServer *self, GVariant *parameters)
{
  FakePopup *popup = g_new0 (FakePopup, 1);
  g_auto (GStrv) actions = NULL;
  g_autoptr (GVariant) hints = NULL;
  g_autoptr (GString) keys = g_string_new (NULL);
  guint8 urgency = 255;

  g_variant_get (parameters, "(susss^as@a{sv}i)", NULL, &popup->replaces, NULL, &popup->title, &popup->body, &actions,
                 &hints, &popup->timeout);
  for (guint i = 0; actions[i] != NULL && actions[i + 1] != NULL; i += 2)
    g_string_append_printf (keys, "%s%s", i > 0 ? " " : "", actions[i]);
  popup->actions = g_string_free (g_steal_pointer (&keys), FALSE);
  g_variant_lookup (hints, "urgency", "y", &urgency);
  popup->urgency = urgency;
  g_variant_lookup (hints, "sound-name", "s", &popup->sound);
  g_variant_lookup (hints, "suppress-sound", "b", &popup->suppresses_sound);
  popup->id = popup->replaces != 0 ? popup->replaces : ++self->last_id;
  g_ptr_array_add (self->popups, popup);
  self->n_closed_before = self->closed->len;
}

static void
answer (FakeServer *self, GDBusMethodInvocation *invocation)
{
  const char *method = g_dbus_method_invocation_get_method_name (invocation);
  GVariant *parameters = g_dbus_method_invocation_get_parameters (invocation);
  GVariant *reply = NULL;
  guint32 id;

  if (strcmp (method, "GetServerInformation") == 0)
    reply = g_variant_new ("(ssss)", self->name, "test", "1", "1.2");
  else if (strcmp (method, "GetCapabilities") == 0)
    {
      g_auto (GStrv) capabilities = g_strsplit (self->capabilities, " ", -1);

      reply = g_variant_new ("(^as)", capabilities);
    }
  else if (strcmp (method, "Notify") == 0)
    {
      take_popup (self, parameters);
      if (self->manner == FAKE_IS_OUTRUN && fake_server_last (self)->replaces != 0)
        fake_server_close (self, fake_server_last (self)->replaces);
      reply = g_variant_new ("(u)", fake_server_last (self)->id);
    }
  else
    {
      g_variant_get (parameters, "(u)", &id);
      if (self->manner == FAKE_IS_PRESSED)
        fake_server_press (self, id, SIGNIN_ACTION_DISMISS, NULL);
      g_array_append_val (self->closed, id);
      if (!self->keeps_quiet)
        emit (self, "NotificationClosed", g_variant_new ("(uu)", id, CLOSED_BY_CALL));
    }
  g_dbus_method_invocation_return_value (invocation, reply);
  if (self->manner == FAKE_HANDS_ON && strcmp (method, "GetCapabilities") == 0)
    g_dbus_connection_call (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                            "ReleaseName", g_variant_new ("(s)", NAME), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL,
                            NULL);
}

static void
on_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
         GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  FakeServer *self = user_data;
  gboolean notify = strcmp (method, "Notify") == 0;

  self->n_calls++;
  if (notify && (self->manner == FAKE_SWALLOWS || self->manner == FAKE_REFUSES))
    self->n_refused++;
  if (self->manner == FAKE_MUTE)
    g_ptr_array_add (self->held, invocation);
  else if (notify && self->manner == FAKE_SWALLOWS)
    g_dbus_method_invocation_return_dbus_error (invocation, "org.freedesktop.DBus.Error.NoReply", "Nothing came");
  else if (notify && self->manner == FAKE_REFUSES)
    g_dbus_method_invocation_return_dbus_error (invocation, "org.freedesktop.Notifications.Error", "Too many");
  else
    answer (self, invocation);
}

/**
 * fake_server_new:
 * @bus: the bus to serve
 * @manner: how it takes what it is asked
 *
 * Returns: (transfer full): a server that owns the name, or will when the one that does gives it away
 */
FakeServer *
fake_server_new (PrivateBus *bus, FakeManner manner)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (INTERFACE, NULL);
  FakeServer *self = g_new0 (FakeServer, 1);
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  self->bus = private_bus_connect (bus);
  self->manner = manner;
  self->name = "fake";
  self->capabilities = "actions body body-markup";
  self->popups = g_ptr_array_new_with_free_func (popup_free);
  self->closed = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->held = g_ptr_array_new ();
  self->object = g_dbus_connection_register_object (self->bus, PATH, node->interfaces[0], &vtable, self, NULL, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName", g_variant_new ("(su)", NAME, 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
  return self;
}

/**
 * fake_server_free:
 * @self: (transfer full): a server
 *
 * Ends it as a crash does: its name goes, nothing is told of its popups.
 */
void
fake_server_free (FakeServer *self)
{
  for (guint i = 0; i < self->held->len; i++)
    g_object_unref (self->held->pdata[i]);
  g_ptr_array_unref (self->held);
  g_dbus_connection_unregister_object (self->bus, self->object);
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_object_unref (self->bus);
  g_ptr_array_unref (self->popups);
  g_array_unref (self->closed);
  g_free (self);
}

/**
 * fake_server_wake:
 * @self: a mute server
 *
 * Answers all that waits, and from now on everything.
 */
void
fake_server_wake (FakeServer *self)
{
  self->manner = FAKE_ANSWERS;
  for (guint i = 0; i < self->held->len; i++)
    answer (self, self->held->pdata[i]);
  g_ptr_array_set_size (self->held, 0);
}

/**
 * fake_server_press:
 * @self: a server
 * @id: a popup
 * @key: its button
 * @token: (nullable): activation token to send before
 *
 * A person presses a button. Like most servers this one tells everybody, and closes the popup.
 */
void
fake_server_press (FakeServer *self, guint32 id, const char *key, const char *token)
{
  if (token != NULL)
    emit (self, "ActivationToken", g_variant_new ("(us)", id, token));
  emit (self, "ActionInvoked", g_variant_new ("(us)", id, key));
  if (!self->keeps_quiet)
    emit (self, "NotificationClosed", g_variant_new ("(uu)", id, CLOSED_BY_PERSON));
}

/**
 * fake_server_close:
 * @self: a server
 * @id: a popup
 *
 * A person closes a popup.
 */
void
fake_server_close (FakeServer *self, guint32 id)
{
  emit (self, "NotificationClosed", g_variant_new ("(uu)", id, CLOSED_BY_PERSON));
}

/**
 * fake_server_expire:
 * @self: a server
 * @id: a popup
 *
 * Takes a popup away because it was there for long enough.
 */
void
fake_server_expire (FakeServer *self, guint32 id)
{
  emit (self, "NotificationClosed", g_variant_new ("(uu)", id, CLOSED_BY_TIME));
}

/**
 * fake_server_is_asked:
 * @self: a server
 * @id: a popup
 *
 * Returns: whether it was asked to close it
 */
gboolean
fake_server_is_asked (FakeServer *self, guint32 id)
{
  for (guint i = 0; i < self->closed->len; i++)
    if (g_array_index (self->closed, guint32, i) == id)
      return TRUE;
  return FALSE;
}

/**
 * fake_server_last:
 * @self: a server
 *
 * Returns: (transfer none) (nullable): what it was asked to show last
 */
const FakePopup *
fake_server_last (FakeServer *self)
{
  return self->popups->len > 0 ? self->popups->pdata[self->popups->len - 1] : NULL;
}
