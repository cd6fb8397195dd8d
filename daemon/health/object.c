/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The object on the bus: takes calls, hands them on, answers them. Decides nothing. */

#include "config.h"

#include <glib/gi18n.h>

#include "health-dbus.h"
#include "errors.h"
#include "names.h"
#include "object.h"

struct _SigninHealthObject
{
  SigninDBusHealth1 *skeleton;
  SigninHealth *health;
  GHashTable *calls; /* of Call: what is not answered yet */
  SigninHealthObjectBusy busy;
  gpointer user_data;
};

typedef struct
{
  SigninHealthObject *object;
  GDBusMethodInvocation *invocation; /* until it is answered */
} Call;

/* Takes @invocation, as every answer does. */
static void
refuse (GDBusMethodInvocation *invocation, const GError *error)
{
  const char *name = "Failed";
  g_autofree char *full = NULL;

  if (g_error_matches (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT))
    name = "InvalidArgument";
  else if (g_error_matches (error, SIGNIN_ERROR, SIGNIN_ERROR_LIMIT_EXCEEDED))
    name = "LimitExceeded";
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    name = "Busy";
  full = g_strconcat (SIGNIN_HEALTH_ERROR_PREFIX, name, NULL);
  g_dbus_method_invocation_return_dbus_error (invocation, full, error->message);
}

static void
on_checked (GVariant *results, gboolean asked, gpointer user_data)
{
  Call *call = user_data;
  SigninHealthObject *self = call->object;

  if (asked)
    signin_dbus_health1_emit_changed (self->skeleton, results);
  signin_dbus_health1_complete_check (self->skeleton, g_steal_pointer (&call->invocation), results);
  g_hash_table_remove (self->calls, call);
  self->busy (signin_health_object_is_busy (self), self->user_data);
}

static gboolean
on_check (SigninDBusHealth1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options, gpointer user_data)
{
  SigninHealthObject *self = user_data;
  g_autoptr (GError) error = NULL;
  Call *call;

  if (g_hash_table_size (self->calls) >= SIGNIN_HEALTH_CHECKS_MAX)
    {
      g_set_error (&error, G_IO_ERROR, G_IO_ERROR_BUSY, _ ("%d checks run already; that is the most at a time"),
                   SIGNIN_HEALTH_CHECKS_MAX);
      refuse (invocation, error);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  call = g_new0 (Call, 1);
  call->object = self;
  call->invocation = invocation;
  g_hash_table_add (self->calls, call);
  if (!signin_health_check (self->health, options, on_checked, call, &error))
    {
      refuse (g_steal_pointer (&call->invocation), error);
      g_hash_table_remove (self->calls, call);
    }
  self->busy (signin_health_object_is_busy (self), self->user_data);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
on_get (SigninDBusHealth1 *skeleton, GDBusMethodInvocation *invocation, gpointer user_data)
{
  SigninHealthObject *self = user_data;

  signin_dbus_health1_complete_get (skeleton, invocation, signin_health_get (self->health));
  self->busy (signin_health_object_is_busy (self), self->user_data);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->invocation);
  g_free (call);
}

/**
 * signin_health_object_new:
 * @connection: the bus
 * @health: what is behind it; outlives this
 * @busy: called after each call and each answer
 * @user_data: for @busy
 * @error: return location
 *
 * Returns: (transfer full): the object, exported, or %NULL with an error
 */
SigninHealthObject *
signin_health_object_new (GDBusConnection *connection, SigninHealth *health, SigninHealthObjectBusy busy,
                          gpointer user_data, GError **error)
{
  g_autoptr (SigninHealthObject) self = g_new0 (SigninHealthObject, 1);

  self->health = health;
  self->busy = busy;
  self->user_data = user_data;
  self->calls = g_hash_table_new_full (NULL, NULL, call_free, NULL);
  self->skeleton = signin_dbus_health1_skeleton_new ();
  g_signal_connect (self->skeleton, "handle-check", G_CALLBACK (on_check), self);
  g_signal_connect (self->skeleton, "handle-get", G_CALLBACK (on_get), self);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                         SIGNIN_HEALTH_OBJECT_PATH, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * signin_health_object_free:
 * @self: (nullable): an object; its health runs no check any more
 *
 * Takes it from the bus. Who still waits is told that there will be no answer.
 */
void
signin_health_object_free (SigninHealthObject *self)
{
  GHashTableIter iter;
  gpointer key;

  if (self == NULL)
    return;
  g_hash_table_iter_init (&iter, self->calls);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, _ ("signin-healthd was stopped"));
      Call *call = key;

      refuse (g_steal_pointer (&call->invocation), error);
    }
  g_hash_table_unref (self->calls);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  g_object_unref (self->skeleton);
  g_free (self);
}

/**
 * signin_health_object_is_busy:
 * @self: an object
 *
 * Returns: whether somebody waits for an answer
 */
gboolean
signin_health_object_is_busy (const SigninHealthObject *self)
{
  return g_hash_table_size (self->calls) > 0;
}
