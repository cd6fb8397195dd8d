/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "presence-rig.h"

static void
test_locked_at_start (World *world, gconstpointer unused)
{
  start_logind (world, TRUE);
  g_assert_false (signin_presence_is_locked (world->presence));
  watch_logind (world);
  assert_events (world, "LW");
  g_assert_true (signin_presence_is_locked (world->presence));
}

static void
test_logind (World *world, gconstpointer unused)
{
  start_logind (world, FALSE);
  watch_logind (world);
  assert_events (world, "W");
  emit_hint (world, TRUE);
  assert_events (world, "L");
  emit_hint (world, TRUE);
  emit_properties (&world->logind, OTHER_SESSION, "{'LockedHint': <false>}");
  emit_properties (&world->logind, SESSION, "{'IdleHint': <false>}");
  emit_sleep (world, FALSE);
  assert_events (world, "W");
  emit_hint (world, FALSE);
  assert_events (world, "U");

  /* The value may be left out of the signal. */
  answer (&world->logind, GET_HINT, "(<true>,)");
  emit (&world->logind, SESSION, "org.freedesktop.DBus.Properties", "PropertiesChanged",
        "('" LOGIND ".Session', @a{sv} {}, ['LockedHint'])");
  assert_events (world, "L");
}

static void
test_sleep (World *world, gconstpointer unused)
{
  start_logind (world, FALSE);
  watch_logind (world);
  assert_events (world, "W");
  emit_sleep (world, TRUE);
  emit_sleep (world, TRUE);
  emit_hint (world, TRUE);
  emit_sleep (world, FALSE);
  emit_hint (world, FALSE);
  assert_events (world, "SLWU");
  /* Nobody is left to say that it has woken. */
  emit_sleep (world, TRUE);
  disown (&world->logind, LOGIND);
  assert_events (world, "SW");
}

/* A logind that does not know "auto". */
static void
test_display_session (World *world, gconstpointer unused)
{
  start_logind (world, TRUE);
  refuse (&world->logind, GET_SESSION);
  answer (&world->logind, GET_USER, "(objectpath '" USER "',)");
  answer (&world->logind, GET_DISPLAY, "(<('2', objectpath '" SESSION "')>,)");
  signin_presence_watch (world->presence);
  assert_calls (world, GET_SESSION "\n" GET_USER "\n" GET_DISPLAY "\n" GET_HINT "\n");
  assert_events (world, "L");
}

/* Or knows an object that is none. */
static void
test_no_such_session (World *world, gconstpointer unused)
{
  start_logind (world, TRUE);
  answer (&world->logind, GET_SESSION, "(objectpath '/org/freedesktop/login1/session/auto',)");
  answer (&world->logind, GET_USER, "(objectpath '" USER "',)");
  answer (&world->logind, GET_DISPLAY, "(<('2', objectpath '" SESSION "')>,)");
  signin_presence_watch (world->presence);
  assert_events (world, "L");
  emit_hint (world, FALSE);
  assert_events (world, "U");
}

static void
test_other_login (World *world, gconstpointer unused)
{
  start_logind (world, TRUE);
  watch_logind (world);
  assert_events (world, "LW");

  /* The person logs out: nobody can unlock that screen any more. */
  answer (&world->logind, "LockedHint " OTHER_SESSION, "(<true>,)");
  refuse (&world->logind, GET_SESSION);
  emit (&world->logind, LOGIND_PATH, LOGIND ".Manager", "SessionRemoved", "('2', objectpath '" SESSION "')");
  assert_events (world, "U");
  assert_calls (world, GET_SESSION "\n" GET_USER "\n");

  answer (&world->logind, GET_SESSION, "(objectpath '" OTHER_SESSION "',)");
  emit (&world->logind, LOGIND_PATH, LOGIND ".Manager", "SessionNew", "('3', objectpath '" OTHER_SESSION "')");
  assert_events (world, "L");
  emit_hint (world, FALSE);
  emit_properties (&world->logind, OTHER_SESSION, "{'LockedHint': <false>}");
  assert_events (world, "U");
}

static void
test_logind_restarts (World *world, gconstpointer unused)
{
  start_logind (world, TRUE);
  watch_logind (world);
  assert_events (world, "LW");
  disown (&world->logind, LOGIND);
  assert_events (world, "U");
  own (&world->logind, LOGIND);
  assert_events (world, "L");

  /* Without it the others are asked again. */
  own (&world->savers, "org.gnome.ScreenSaver");
  assert_calls (world, "GetActive /org/gnome/ScreenSaver\n");
  emit_hint (world, FALSE);
  assert_events (world, "U");
  disown (&world->logind, LOGIND);
  emit_active (world, "org.gnome.ScreenSaver", TRUE);
  assert_events (world, "L");
}

static void
test_screensaver (World *world, gconstpointer name)
{
  g_autofree char *path = g_strdelimit (g_strconcat ("/", name, NULL), ".", '/');
  g_autofree char *get_active = g_strconcat ("GetActive ", path, NULL);

  answer (&world->savers, get_active, "(true,)");
  own (&world->savers, name);
  signin_presence_watch (world->presence);
  assert_events (world, "L");
  emit_active (world, name, FALSE);
  assert_events (world, "U");
  emit_active (world, name, TRUE);
  assert_events (world, "L");
  disown (&world->savers, name);
  assert_events (world, "U");
  own (&world->savers, name);
  assert_events (world, "L");
}

/* Some desktops have two, of which one knows nothing. */
static void
test_two_screensavers (World *world, gconstpointer unused)
{
  own (&world->savers, "org.freedesktop.ScreenSaver");
  own (&world->savers, "org.gnome.ScreenSaver");
  answer (&world->savers, "GetActive /org/gnome/ScreenSaver", "(true,)");
  signin_presence_watch (world->presence);
  assert_calls (world, "GetActive /org/freedesktop/ScreenSaver\nGetActive /org/gnome/ScreenSaver\n");
  assert_events (world, "L");
  emit_active (world, "org.freedesktop.ScreenSaver", TRUE);
  emit_active (world, "org.gnome.ScreenSaver", FALSE);
  emit_active (world, "org.freedesktop.ScreenSaver", FALSE);
  assert_events (world, "U");
}

static void
test_both (World *world, gconstpointer unused)
{
  start_logind (world, TRUE);
  own (&world->savers, "org.gnome.ScreenSaver");
  answer (&world->savers, "GetActive /org/gnome/ScreenSaver", "(true,)");
  signin_presence_watch (world->presence);
  assert_calls (world, "GetActive /org/gnome/ScreenSaver\n");
  assert_calls (world, GET_SESSION "\n" GET_HINT "\n");
  assert_events (world, "L");
  emit_hint (world, FALSE);
  assert_events (world, "U");
  /* logind is believed, whatever the other one says. */
  emit_active (world, "org.gnome.ScreenSaver", FALSE);
  emit_active (world, "org.gnome.ScreenSaver", TRUE);
  bus_call (world->savers.bus, "GetId", NULL);
  bus_call (world->bus, "GetId", NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  emit_sleep (world, FALSE);
  assert_events (world, "W");
  g_assert_false (signin_presence_is_locked (world->presence));
}

/* Most lockers never tell logind. */
static void
test_unused_hint (World *world, gconstpointer unused)
{
  start_logind (world, FALSE);
  own (&world->savers, "org.mate.ScreenSaver");
  watch_logind (world);
  assert_calls (world, "GetActive /org/mate/ScreenSaver\n");
  assert_events (world, "W");
  emit_active (world, "org.mate.ScreenSaver", TRUE);
  assert_events (world, "L");
  emit_hint (world, FALSE);
  emit_sleep (world, FALSE);
  assert_events (world, "W");
  emit_active (world, "org.mate.ScreenSaver", FALSE);
  assert_events (world, "U");
}

static GDBusMessage *
count_message (GDBusConnection *bus, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
  return message;
}

/* Everything that this process says on the session bus passes here. */
static void
test_silence (World *world, gconstpointer unused)
{
  gint messages = 0;
  guint names;
  guint filter;

  start_logind (world, TRUE);
  own (&world->savers, "org.gnome.ScreenSaver");
  names = count_names (world);
  filter = g_dbus_connection_add_filter (world->bus, count_message, &messages, NULL);
  signin_presence_unwatch (world->presence);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (count_names (world), ==, names);
  g_assert_cmpint (g_atomic_int_get (&messages), ==, 0);

  signin_presence_watch (world->presence);
  signin_presence_watch (world->presence);
  assert_calls (world, "GetActive /org/gnome/ScreenSaver\n");
  assert_events (world, "L");
  g_assert_cmpuint (count_names (world), ==, names + 1);
  g_assert_cmpint (g_atomic_int_get (&messages), >, 0);

  signin_presence_unwatch (world->presence);
  g_assert_false (signin_presence_is_locked (world->presence));
  wait_for (world, has_left, GUINT_TO_POINTER (names));
  bus_call (world->bus, "GetId", NULL);
  g_atomic_int_set (&messages, 0);
  emit_active (world, "org.gnome.ScreenSaver", TRUE);
  disown (&world->savers, "org.gnome.ScreenSaver");
  emit_hint (world, FALSE);
  bus_call (world->bus, "GetId", NULL);
  g_assert_cmpint (g_atomic_int_get (&messages), ==, 2);
  g_dbus_connection_remove_filter (world->bus, filter);

  /* And again. */
  assert_calls (world, GET_SESSION "\n" GET_HINT "\n");
  watch_logind (world);
  assert_events (world, "LW");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("locked-at-start", NULL, test_locked_at_start);
  add ("logind", NULL, test_logind);
  add ("sleep", NULL, test_sleep);
  add ("display-session", NULL, test_display_session);
  add ("no-such-session", NULL, test_no_such_session);
  add ("other-login", NULL, test_other_login);
  add ("logind-restarts", NULL, test_logind_restarts);
  add ("freedesktop", "org.freedesktop.ScreenSaver", test_screensaver);
  add ("gnome", "org.gnome.ScreenSaver", test_screensaver);
  add ("mate", "org.mate.ScreenSaver", test_screensaver);
  add ("xfce", "org.xfce.ScreenSaver", test_screensaver);
  add ("cinnamon", "org.cinnamon.ScreenSaver", test_screensaver);
  add ("two-screensavers", NULL, test_two_screensavers);
  add ("both", NULL, test_both);
  add ("unused-hint", NULL, test_unused_hint);
  add ("silence", NULL, test_silence);
  return g_test_run ();
}
