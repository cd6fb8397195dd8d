/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The notification server: whether it answers, what it can do, and that it is started. */

#include "config.h"

#include <string.h>

#include "popup-stage-private.h"

/* A bound on starting what does not stay, until something new is to be said. */
#define MAX_STARTS 3

#define BUS_TIMEOUT_MSEC 3000

/* Asks the bus, which always answers, who owns the name now: popups are told apart by number only, and a number from
 * another server than we think would make the buttons of other programs ours. */
gboolean
signin_stage_is_same_server (SigninStage *self)
{
  const char *owner;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                                            "org.freedesktop.DBus", "GetNameOwner",
                                                            g_variant_new ("(s)", SIGNIN_NOTIFICATIONS_NAME),
                                                            G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE,
                                                            BUS_TIMEOUT_MSEC, NULL, NULL);

  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(&s)", &owner);
  return strcmp (owner, self->server) == 0;
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
