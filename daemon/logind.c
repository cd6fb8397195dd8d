/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <unistd.h>

#include "logind.h"

#define TIMEOUT_MSEC 3000

#define LOGIND_NAME "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define MANAGER_INTERFACE LOGIND_NAME ".Manager"
#define SESSION_INTERFACE LOGIND_NAME ".Session"
#define USER_INTERFACE LOGIND_NAME ".User"
#define PROPERTIES_INTERFACE "org.freedesktop.DBus.Properties"
#define HINT "LockedHint"

enum
{
  SLEEP,
  SESSION_NEW,
  SESSION_REMOVED,
  PROPERTIES,
  N_SUBSCRIPTIONS
};

struct _SigninLogind
{
  guint ref_count; /* one of the owner, one of each call, subscription and watch */
  const SigninLogindEvents *events;
  gpointer user_data;
  GCancellable *stopped;
  GSource *deadline; /* of the connecting */
  GDBusConnection *bus;
  guint watch;
  char *owner;          /* only it is asked and heard: nothing is ever started */
  GCancellable *asking; /* of the latest search for the session: earlier ones count no more */
  gboolean by_user;     /* that search has come to its second way */
  char *session;        /* its path, once found */
  gboolean asleep;
  guint subscriptions[N_SUBSCRIPTIONS];
};

static SigninLogind *
logind_ref (SigninLogind *self)
{
  self->ref_count++;
  return self;
}

static void
logind_unref (SigninLogind *self)
{
  if (--self->ref_count > 0)
    return;

  g_clear_object (&self->bus);
  g_object_unref (self->stopped);
  g_free (self->owner);
  g_free (self->session);
  g_free (self);
}

typedef SigninLogind LogindRef;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LogindRef, logind_unref)

/* Whoever is told may free us: nothing is told after that. */
static void
tell_hint (SigninLogind *self, gboolean known, gboolean locked)
{
  if (!g_cancellable_is_cancelled (self->stopped))
    self->events->hint (known, locked, self->user_data);
}

static void
tell_sleep (SigninLogind *self, gboolean before)
{
  if (!g_cancellable_is_cancelled (self->stopped))
    self->events->sleep (before, self->user_data);
}

static void
stop_asking (SigninLogind *self)
{
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
}

static void
call (SigninLogind *self, const char *path, const char *interface, const char *method, GVariant *args,
      const char *reply_type, GAsyncReadyCallback done)
{
  g_dbus_connection_call (self->bus, self->owner, path, interface, method, args, G_VARIANT_TYPE (reply_type),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MSEC, self->asking, done, logind_ref (self));
}

/* Takes an answer, or says why there is none. Returns %FALSE if nobody waits for it any more. */
static gboolean
take_answer (GObject *object, GAsyncResult *result, GVariant **reply)
{
  g_autoptr (GError) error = NULL;

  *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  if (error != NULL)
    g_debug ("logind: %s", error->message);
  return TRUE;
}

/* Takes the answer to Properties.Get. */
static gboolean
take_property (GObject *object, GAsyncResult *result, const char *type, GVariant **value)
{
  g_autoptr (GVariant) reply = NULL;

  *value = NULL;
  if (!take_answer (object, result, &reply))
    return FALSE;
  if (reply != NULL)
    g_variant_get (reply, "(v)", value);
  if (*value != NULL && !g_variant_is_of_type (*value, G_VARIANT_TYPE (type)))
    {
      g_debug ("logind: a property is of type %s instead of %s", g_variant_get_type_string (*value), type);
      g_clear_pointer (value, g_variant_unref);
    }
  return TRUE;
}

static void ask_user (SigninLogind *self);

/* One way to the session led nowhere. */
static void
go_on_searching (SigninLogind *self)
{
  if (!self->by_user)
    {
      ask_user (self);
      return;
    }
  g_clear_pointer (&self->session, g_free);
  tell_hint (self, FALSE, FALSE);
}

static void
on_hint (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LogindRef) self = user_data;
  g_autoptr (GVariant) value = NULL;

  if (!take_property (object, result, "b", &value))
    return;
  if (value != NULL)
    tell_hint (self, TRUE, g_variant_get_boolean (value));
  else
    go_on_searching (self);
}

/* Changes are subscribed to already, so none is lost between this answer and the next change. */
static void
ask_hint (SigninLogind *self, const char *session)
{
  if (g_strcmp0 (self->session, session) != 0)
    {
      g_free (self->session);
      self->session = g_strdup (session);
    }
  call (self, session, PROPERTIES_INTERFACE, "Get", g_variant_new ("(ss)", SESSION_INTERFACE, HINT), "(v)", on_hint);
}

static void
on_display (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LogindRef) self = user_data;
  g_autoptr (GVariant) value = NULL;
  const char *session = "/";

  if (!take_property (object, result, "(so)", &value))
    return;
  if (value != NULL)
    g_variant_get (value, "(&s&o)", NULL, &session);
  if (g_strcmp0 (session, "/") != 0)
    ask_hint (self, session);
  else
    go_on_searching (self);
}

static void
on_user (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LogindRef) self = user_data;
  g_autoptr (GVariant) reply = NULL;
  const char *user;

  if (!take_answer (object, result, &reply))
    return;
  if (reply == NULL)
    {
      go_on_searching (self);
      return;
    }
  g_variant_get (reply, "(&o)", &user);
  call (self, user, PROPERTIES_INTERFACE, "Get", g_variant_new ("(ss)", USER_INTERFACE, "Display"), "(v)", on_display);
}

/* The second way: a user unit belongs to no session, and not every logind knows what "auto" is. */
static void
ask_user (SigninLogind *self)
{
  self->by_user = TRUE;
  call (self, LOGIND_PATH, MANAGER_INTERFACE, "GetUser", g_variant_new ("(u)", (guint32) getuid ()), "(o)", on_user);
}

static void
on_session (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LogindRef) self = user_data;
  g_autoptr (GVariant) reply = NULL;
  const char *session;

  if (!take_answer (object, result, &reply))
    return;
  if (reply == NULL)
    {
      go_on_searching (self);
      return;
    }
  g_variant_get (reply, "(&o)", &session);
  ask_hint (self, session);
}

/* Signals name the real path of the session, so that is what has to be found. */
static void
find_session (SigninLogind *self)
{
  stop_asking (self);
  self->asking = g_cancellable_new ();
  self->by_user = FALSE;
  call (self, LOGIND_PATH, MANAGER_INTERFACE, "GetSession", g_variant_new ("(s)", "auto"), "(o)", on_session);
}

static void
on_sleep (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
          GVariant *parameters, gpointer user_data)
{
  SigninLogind *self = user_data;
  gboolean before;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &before);
  if (before && self->asleep)
    return;
  self->asleep = before;
  tell_sleep (self, before);
}

/* Who logs in may get another session for the display; who logs out has none. */
static void
on_sessions (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
             GVariant *parameters, gpointer user_data)
{
  SigninLogind *self = user_data;
  const char *session;

  if (g_cancellable_is_cancelled (self->stopped) || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(so)")))
    return;
  find_session (self);
  g_variant_get (parameters, "(&s&o)", NULL, &session);
  if (g_str_equal (signal, "SessionRemoved") && g_strcmp0 (session, self->session) == 0)
    {
      g_clear_pointer (&self->session, g_free);
      tell_hint (self, FALSE, FALSE);
    }
}

static void
on_properties (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
               GVariant *parameters, gpointer user_data)
{
  SigninLogind *self = user_data;
  g_autoptr (GVariant) changed = NULL;
  g_autofree const char **invalidated = NULL;
  gboolean locked;

  if (g_cancellable_is_cancelled (self->stopped) || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  /* It did not answer in time when it was asked: it seems to be able to now. */
  if (self->session == NULL)
    {
      find_session (self);
      return;
    }
  if (g_strcmp0 (path, self->session) != 0)
    return;

  g_variant_get (parameters, "(&s@a{sv}^a&s)", NULL, &changed, &invalidated);
  if (g_strv_contains ((const char *const *) invalidated, HINT))
    find_session (self);
  else if (g_variant_lookup (changed, HINT, "b", &locked))
    tell_hint (self, TRUE, locked);
}

static guint
subscribe (SigninLogind *self, const char *interface, const char *signal, const char *path, const char *arg0,
           GDBusSignalCallback done)
{
  return g_dbus_connection_signal_subscribe (self->bus, self->owner, interface, signal, path, arg0,
                                             G_DBUS_SIGNAL_FLAGS_NONE, done, logind_ref (self),
                                             (GDestroyNotify) logind_unref);
}

static void
unsubscribe (SigninLogind *self)
{
  for (guint i = 0; i < N_SUBSCRIPTIONS; i++)
    {
      if (self->subscriptions[i] != 0)
        g_dbus_connection_signal_unsubscribe (self->bus, self->subscriptions[i]);
      self->subscriptions[i] = 0;
    }
}

static void
on_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  SigninLogind *self = user_data;

  if (g_cancellable_is_cancelled (self->stopped))
    return;
  self->owner = g_strdup (owner);
  self->subscriptions[SLEEP] = subscribe (self, MANAGER_INTERFACE, "PrepareForSleep", LOGIND_PATH, NULL, on_sleep);
  self->subscriptions[SESSION_NEW] = subscribe (self, MANAGER_INTERFACE, "SessionNew", LOGIND_PATH, NULL, on_sessions);
  self->subscriptions[SESSION_REMOVED] = subscribe (self, MANAGER_INTERFACE, "SessionRemoved", LOGIND_PATH, NULL,
                                                    on_sessions);
  self->subscriptions[PROPERTIES] = subscribe (self, PROPERTIES_INTERFACE, "PropertiesChanged", NULL, SESSION_INTERFACE,
                                               on_properties);
  find_session (self);
}

/* Also where there never was one, and when the bus is gone. */
static void
on_vanished (GDBusConnection *bus, const char *name, gpointer user_data)
{
  SigninLogind *self = user_data;

  stop_asking (self);
  unsubscribe (self);
  g_clear_pointer (&self->owner, g_free);
  g_clear_pointer (&self->session, g_free);
  if (self->asleep)
    {
      self->asleep = FALSE;
      tell_sleep (self, FALSE);
    }
  tell_hint (self, FALSE, FALSE);
}

static void
forget_deadline (SigninLogind *self)
{
  if (self->deadline == NULL)
    return;
  g_source_destroy (self->deadline);
  g_clear_pointer (&self->deadline, g_source_unref);
}

static void
on_connected (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LogindRef) self = user_data;
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_dbus_connection_new_for_address_finish (result, &error);

  forget_deadline (self);
  if (bus == NULL)
    {
      g_debug ("No system bus: %s", error->message);
      return;
    }
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  self->bus = bus;
  if (g_cancellable_is_cancelled (self->stopped))
    {
      g_dbus_connection_close (bus, NULL, NULL, NULL);
      return;
    }
  self->watch = g_bus_watch_name_on_connection (bus, LOGIND_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared,
                                                on_vanished, logind_ref (self), (GDestroyNotify) logind_unref);
}

/* A bus that takes us in and says nothing. */
static gboolean
on_deadline (gpointer user_data)
{
  SigninLogind *self = user_data;

  forget_deadline (self);
  g_cancellable_cancel (self->stopped);
  return G_SOURCE_REMOVE;
}

static void
connect_to_bus (SigninLogind *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, &error);

  if (address == NULL)
    {
      g_debug ("No system bus: %s", error->message);
      return;
    }
  self->deadline = g_timeout_source_new (TIMEOUT_MSEC);
  g_source_set_callback (self->deadline, on_deadline, self, NULL);
  g_source_attach (self->deadline, g_main_context_get_thread_default ());
  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                         | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, self->stopped, on_connected, logind_ref (self));
}

/**
 * signin_logind_new:
 * @events: what is told; outlives the object
 * @user_data: passed to each of @events
 *
 * Connects to the system bus and follows logind, for as long as the main context of the calling thread runs. Each
 * answer is waited for 3 s. Where there is no bus or no logind, nothing is started, tried again or told, except that
 * the hint is not known; a logind that comes later is heard.
 *
 * Returns: (transfer full): the object
 */
SigninLogind *
signin_logind_new (const SigninLogindEvents *events, gpointer user_data)
{
  SigninLogind *self = g_new0 (SigninLogind, 1);

  self->ref_count = 1;
  self->events = events;
  self->user_data = user_data;
  self->stopped = g_cancellable_new ();
  connect_to_bus (self);
  return self;
}

/**
 * signin_logind_free:
 * @self: (transfer full): the object
 *
 * Closes the connection. Nothing is told any more.
 */
void
signin_logind_free (SigninLogind *self)
{
  g_cancellable_cancel (self->stopped);
  stop_asking (self);
  forget_deadline (self);
  if (self->watch != 0)
    {
      unsubscribe (self);
      g_bus_unwatch_name (self->watch);
      g_dbus_connection_close (self->bus, NULL, NULL, NULL);
    }
  logind_unref (self);
}
