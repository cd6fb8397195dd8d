/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The notification server: whether it answers, what it can do, and that it is started. */

#include "config.h"

#include <string.h>

#include "popup-stage-private.h"

/* A bound on starting what does not stay, until something new is to be said. */
#define MAX_STARTS 3

/* Whether libnotify sends it; what we send ourselves goes to the right server, and waits for no answer. */
static gboolean
is_popup (GDBusMessage *message)
{
  return g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_METHOD_CALL
         && g_strcmp0 (g_dbus_message_get_member (message), "Notify") == 0
         && g_strcmp0 (g_dbus_message_get_interface (message), SIGNIN_NOTIFICATIONS_NAME) == 0
         && (g_dbus_message_get_flags (message) & G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED) == 0;
}

/* In a thread of GDBus. */
static GDBusMessage *
address_popup (GDBusConnection *bus, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  g_autofree char *server = NULL;
  g_autoptr (GDBusMessage) addressed = NULL;

  if (incoming || !is_popup (message))
    return message;
  server = signin_register_dup_server (user_data);
  if (server == NULL || g_strcmp0 (g_dbus_message_get_destination (message), server) == 0)
    return message;
  addressed = g_dbus_message_copy (message, NULL);
  if (addressed == NULL)
    return message;
  g_dbus_message_set_destination (addressed, server);
  g_object_unref (message);
  return g_steal_pointer (&addressed);
}

/* Popups are told apart by number only, and each server counts for itself. So a popup goes to the one server whose
 * numbers we know, and not, as libnotify has it, to whoever has the name by then: that one could put it in the place of
 * another program's, and its answer would make the buttons of other programs ours. */
guint
signin_stage_address_popups (SigninStage *self)
{
  return g_dbus_connection_add_filter (self->bus, address_popup, signin_register_ref (self->reg),
                                       (GDestroyNotify) signin_register_unref);
}

void
signin_stage_complain (SigninStage *self, const char *what, const GError *error)
{
  if (!self->complained)
    g_message ("%s: %s. The popup is kept until that changes.", what, error->message);
  self->complained = TRUE;
}

static void
on_capabilities (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SigninStage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  g_autofree const char **capabilities = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->asking);
  self->awake = TRUE;
  self->has_actions = TRUE;
  self->has_markup = FALSE;
  if (reply != NULL)
    {
      g_variant_get (reply, "(^a&s)", &capabilities);
      self->has_actions = g_strv_contains (capabilities, "actions");
      self->has_markup = g_strv_contains (capabilities, "body-markup");
    }
  signin_stage_show_missing (self);
}

static void
call_server (SigninStage *self, const char *method, const char *reply_type, GAsyncReadyCallback done)
{
  g_dbus_connection_call (self->bus, self->server, SIGNIN_NOTIFICATIONS_PATH, SIGNIN_NOTIFICATIONS_NAME, method, NULL,
                          G_VARIANT_TYPE (reply_type), G_DBUS_CALL_FLAGS_NO_AUTO_START, G_MAXINT, self->asking, done,
                          self);
}

static void
on_information (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SigninStage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  const char *name, *vendor;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->default_is_button = FALSE;
  self->fading = FALSE;
  if (reply != NULL)
    {
      g_variant_get (reply, "(&s&s&s&s)", &name, &vendor, NULL, NULL);
      /* MATE's has the same name. */
      self->fading = strcmp (name, "Notification Daemon") == 0 && strcmp (vendor, "GNOME") == 0;
      /* Shows "default" as one more button, with the label of the first. */
      self->default_is_button = strcmp (name, "Xfce Notify Daemon") == 0;
    }
  signin_register_set_fading (self->reg, self->fading);
  call_server (self, "GetCapabilities", "(as)", on_capabilities);
}

/* A server that does not answer this, however long it takes, is not trusted with a call that libnotify waits for. When
 * it wakes up, the answer comes by itself: nothing is polled. */
void
signin_stage_ask_server (SigninStage *self)
{
  self->awake = FALSE;
  if (self->asking != NULL || self->server == NULL)
    return;

  self->asking = g_cancellable_new ();
  call_server (self, "GetServerInformation", "(ssss)", on_information);
}

static void
on_started (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SigninStage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  self->starting = FALSE;
  if (reply == NULL && self->server == NULL)
    signin_stage_complain (self, "There is no notification server", error);
}

/* By hand rather than by the first popup, so that a server that never comes up keeps nobody waiting. */
void
signin_stage_start_server (SigninStage *self)
{
  if (self->starting || self->starts >= MAX_STARTS || !signin_stage_any_missing (self))
    return;

  self->starting = TRUE;
  self->starts++;
  g_dbus_connection_call (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                          "StartServiceByName", g_variant_new ("(su)", SIGNIN_NOTIFICATIONS_NAME, 0),
                          G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_started, self);
}
