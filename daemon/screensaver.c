/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "screensaver.h"

#define CALL_TIMEOUT_MSEC 3000

/* Each speaks an interface of the name that it owns. All of them have the same two members that matter here. */
static const struct
{
  const char *name;
  const char *path;
} known[] = {
  { "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver" },
  { "org.gnome.ScreenSaver", "/org/gnome/ScreenSaver" },
  { "org.mate.ScreenSaver", "/org/mate/ScreenSaver" },
  { "org.xfce.ScreenSaver", "/org/xfce/ScreenSaver" },
  { "org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver" },
};

typedef struct
{
  SigninScreensaver *screensaver;
  guint watch;
  guint subscription;
  gboolean active;
} Saver;

struct _SigninScreensaver
{
  guint ref_count; /* one of the owner, one of each call, subscription and watch */
  GDBusConnection *bus;
  SigninScreensaverFunc changed;
  gpointer user_data;
  GCancellable *stopped;
  gboolean active;
  Saver savers[G_N_ELEMENTS (known)];
};

static void
screensaver_unref (SigninScreensaver *self)
{
  if (--self->ref_count > 0)
    return;

  g_object_unref (self->bus);
  g_object_unref (self->stopped);
  g_free (self);
}

static Saver *
saver_ref (Saver *saver)
{
  saver->screensaver->ref_count++;
  return saver;
}

static void
saver_unref (Saver *saver)
{
  screensaver_unref (saver->screensaver);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Saver, saver_unref)

static void
set_active (Saver *saver, gboolean active)
{
  SigninScreensaver *self = saver->screensaver;
  gboolean any = FALSE;

  saver->active = active;
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    any = any || self->savers[i].active;
  if (any == self->active || g_cancellable_is_cancelled (self->stopped))
    return;
  self->active = any;
  self->changed (any, self->user_data);
}

static void
take_active (Saver *saver, GVariant *parameters)
{
  gboolean active;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &active);
  set_active (saver, active);
}

static void
on_active_changed (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                   const char *signal, GVariant *parameters, gpointer user_data)
{
  take_active (user_data, parameters);
}

static void
on_active (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Saver) saver = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (reply != NULL)
    take_active (saver, reply);
  else
    g_debug ("%s: %s", known[saver - saver->screensaver->savers].name, error->message);
}

static void
unsubscribe (Saver *saver)
{
  if (saver->subscription != 0)
    g_dbus_connection_signal_unsubscribe (saver->screensaver->bus, saver->subscription);
  saver->subscription = 0;
}

/* Only its owner is heard and asked, so nothing is ever started. The path of the signal differs from one to another. */
static void
on_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  Saver *saver = user_data;
  SigninScreensaver *self = saver->screensaver;

  if (g_cancellable_is_cancelled (self->stopped))
    return;
  saver->subscription = g_dbus_connection_signal_subscribe (bus, owner, name, "ActiveChanged", NULL, NULL,
                                                            G_DBUS_SIGNAL_FLAGS_NONE, on_active_changed,
                                                            saver_ref (saver), (GDestroyNotify) saver_unref);
  g_dbus_connection_call (bus, owner, known[saver - self->savers].path, name, "GetActive", NULL, G_VARIANT_TYPE ("(b)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT_MSEC, self->stopped, on_active,
                          saver_ref (saver));
}

/* Also where there never was one, and when the bus is gone. */
static void
on_vanished (GDBusConnection *bus, const char *name, gpointer user_data)
{
  Saver *saver = user_data;

  unsubscribe (saver);
  set_active (saver, FALSE);
}

/**
 * signin_screensaver_new:
 * @bus: the session bus
 * @changed: told when one comes up, and when none is up any more
 * @user_data: passed to @changed
 *
 * Follows the desktop's screen savers, for as long as the main context of the calling thread runs. One that does not
 * answer within 3 s, or answers nonsense, counts as not up until it says otherwise.
 *
 * Returns: (transfer full): the object
 */
SigninScreensaver *
signin_screensaver_new (GDBusConnection *bus, SigninScreensaverFunc changed, gpointer user_data)
{
  SigninScreensaver *self = g_new0 (SigninScreensaver, 1);

  self->ref_count = 1;
  self->bus = g_object_ref (bus);
  self->changed = changed;
  self->user_data = user_data;
  self->stopped = g_cancellable_new ();
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      Saver *saver = &self->savers[i];

      saver->screensaver = self;
      saver->watch = g_bus_watch_name_on_connection (bus, known[i].name, G_BUS_NAME_WATCHER_FLAGS_NONE, on_appeared,
                                                     on_vanished, saver_ref (saver), (GDestroyNotify) saver_unref);
    }
  return self;
}

/**
 * signin_screensaver_free:
 * @self: (transfer full): the object
 *
 * Nothing is told any more.
 */
void
signin_screensaver_free (SigninScreensaver *self)
{
  g_cancellable_cancel (self->stopped);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      unsubscribe (&self->savers[i]);
      g_bus_unwatch_name (self->savers[i].watch);
    }
  screensaver_unref (self);
}
