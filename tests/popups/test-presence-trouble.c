/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "presence-rig.h"

static void
test_hung_logind (World *world, gconstpointer unused)
{
  answer (&world->logind, GET_SESSION, "hangs");
  own (&world->logind, LOGIND);
  own (&world->savers, "org.xfce.ScreenSaver");
  answer (&world->savers, "GetActive /org/xfce/ScreenSaver", "(true,)");
  signin_presence_watch (world->presence);
  assert_events (world, "L");
  /* After the time-out it goes on to the second way; when it is heard again, it is asked again. */
  assert_calls (world, GET_SESSION "\n" GET_USER "\n");
  answer (&world->logind, GET_SESSION, "(objectpath '" SESSION "',)");
  answer (&world->logind, GET_HINT, "(<true>,)");
  emit_hint (world, TRUE);
  assert_calls (world, GET_SESSION "\n" GET_HINT "\n");
  emit_sleep (world, FALSE);
  assert_events (world, "W");
  emit_hint (world, FALSE);
  assert_events (world, "U");
}

static void
test_hung_screensaver (World *world, gconstpointer unused)
{
  start_logind (world, FALSE);
  own (&world->savers, "org.gnome.ScreenSaver");
  answer (&world->savers, "GetActive /org/gnome/ScreenSaver", "hangs");
  watch_logind (world);
  assert_calls (world, "GetActive /org/gnome/ScreenSaver\n");
  assert_events (world, "W");
  emit_hint (world, TRUE);
  assert_events (world, "L");
}

static void
test_no_system_bus (World *world, gconstpointer address)
{
  own (&world->savers, "org.cinnamon.ScreenSaver");
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", address, TRUE);
  signin_presence_watch (world->presence);
  assert_calls (world, "GetActive /org/cinnamon/ScreenSaver\n");
  emit_active (world, "org.cinnamon.ScreenSaver", TRUE);
  assert_events (world, "L");
}

static void
on_closed (GObject *stream, GAsyncResult *result, gpointer user_data)
{
  gboolean *closed = user_data;

  *closed = g_input_stream_skip_finish (G_INPUT_STREAM (stream), result, NULL) == 0;
}

static gboolean
is_true (World *world, gconstpointer flag)
{
  return *(const gboolean *) flag;
}

/* A bus that takes the connection and says nothing is left after the time-out. */
static void
test_hung_system_bus (World *world, gconstpointer unused)
{
  g_autofree char *dir = g_dir_make_tmp ("signind-presence-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "bus", NULL);
  g_autofree char *bus_address = g_strconcat ("unix:path=", path, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  char greeting[256];
  gboolean closed = FALSE;

  g_socket_listener_add_address (listener, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL,
                                 &error);
  g_assert_no_error (error);
  test_no_system_bus (world, bus_address);
  connection = g_socket_listener_accept (listener, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), greeting,
                                        sizeof greeting, NULL, NULL),
                   >, 0);
  g_input_stream_skip_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), 1, G_PRIORITY_DEFAULT, NULL,
                             on_closed, &closed);
  wait_for (world, is_true, &closed);
  emit_active (world, "org.cinnamon.ScreenSaver", FALSE);
  assert_events (world, "U");
  g_unlink (path);
  g_rmdir (dir);
}

static void
test_system_bus_dies (World *world, gconstpointer unused)
{
  start_logind (world, TRUE);
  watch_logind (world);
  assert_events (world, "LW");
  private_bus_stop (&world->system_bus);
  assert_events (world, "U");
  private_bus_start (&world->system_bus);
}

static void
test_nonsense (World *world, gconstpointer unused)
{
  answer (&world->logind, GET_SESSION, "('session',)");
  answer (&world->logind, GET_USER, "(objectpath '" USER "',)");
  answer (&world->logind, GET_DISPLAY, "(<'2'>,)");
  own (&world->logind, LOGIND);
  own (&world->savers, "org.gnome.ScreenSaver");
  answer (&world->savers, "GetActive /org/gnome/ScreenSaver", "(1,)");
  signin_presence_watch (world->presence);
  assert_calls (world, "GetActive /org/gnome/ScreenSaver\n");
  assert_calls (world, GET_SESSION "\n" GET_USER "\n" GET_DISPLAY "\n");

  answer (&world->logind, GET_SESSION, "(objectpath '" SESSION "',)");
  answer (&world->logind, GET_HINT, "(<'yes'>,)");
  emit (&world->logind, LOGIND_PATH, LOGIND ".Manager", "SessionNew", "('2',)");
  emit (&world->logind, LOGIND_PATH, LOGIND ".Manager", "SessionNew", "('2', objectpath '" SESSION "')");
  assert_calls (world, GET_SESSION "\n" GET_HINT "\n" GET_USER "\n" GET_DISPLAY "\n");

  answer (&world->logind, GET_HINT, "(<false>,)");
  emit (&world->logind, LOGIND_PATH, LOGIND ".Manager", "SessionNew", "('2', objectpath '" SESSION "')");
  assert_calls (world, GET_SESSION "\n" GET_HINT "\n");
  emit (&world->logind, LOGIND_PATH, LOGIND ".Manager", "PrepareForSleep", "('now',)");
  emit_properties (&world->logind, SESSION, "{'LockedHint': <1>}");
  emit (&world->logind, SESSION, "org.freedesktop.DBus.Properties", "PropertiesChanged",
        "('" LOGIND ".Session', true)");
  emit (&world->savers, "/", "org.gnome.ScreenSaver", "ActiveChanged", "(1,)");
  emit_hint (world, TRUE);
  assert_events (world, "L");
}

/* Only who owns the name is heard. */
static void
test_imposter (World *world, gconstpointer unused)
{
  Program imposter = { 0 };

  start_logind (world, FALSE);
  watch_logind (world);
  assert_events (world, "W");
  program_start (&imposter, &world->system_bus);
  emit_properties (&imposter, SESSION, "{'LockedHint': <true>}");
  emit (&imposter, LOGIND_PATH, LOGIND ".Manager", "PrepareForSleep", "(true,)");
  /* What was sent before has reached the bus. */
  bus_call (imposter.bus, "GetId", NULL);
  emit_hint (world, FALSE);
  emit_sleep (world, FALSE);
  assert_events (world, "W");
  program_stop (&imposter);
}

/* Whoever is told may stop everything, at each of the events; and at any time. */
static void
test_freed_when_told (World *world, gconstpointer letter)
{
  guint names;

  start_logind (world, FALSE);
  names = count_names (world);
  world->act_on = *(const char *) letter;
  world->act = signin_presence_free;
  signin_presence_watch (world->presence);
  assert_calls (world, GET_SESSION "\n" GET_HINT "\n");
  emit_hint (world, TRUE);
  emit_sleep (world, TRUE);
  disown (&world->logind, LOGIND);
  assert_events (world, *(const char *) letter == 'L' ? "L" : *(const char *) letter == 'S' ? "LS" : "LSW");
  wait_for (world, has_left, GUINT_TO_POINTER (names - 1));
}

static void
test_freed_at_once (World *world, gconstpointer unused)
{
  guint names = count_names (world);

  signin_presence_watch (world->presence);
  g_clear_pointer (&world->presence, signin_presence_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  wait_for (world, has_left, GUINT_TO_POINTER (names));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("hung-logind", NULL, test_hung_logind);
  add ("hung-screensaver", NULL, test_hung_screensaver);
  add ("no-system-bus", "unix:path=/nonexistent", test_no_system_bus);
  add ("bad-system-bus", "nonsense", test_no_system_bus);
  add ("hung-system-bus", NULL, test_hung_system_bus);
  add ("system-bus-dies", NULL, test_system_bus_dies);
  add ("nonsense", NULL, test_nonsense);
  add ("imposter", NULL, test_imposter);
  add ("freed-when-locked", "L", test_freed_when_told);
  add ("freed-before-sleep", "S", test_freed_when_told);
  add ("freed-when-woken", "W", test_freed_when_told);
  add ("freed-at-once", NULL, test_freed_at_once);
  return g_test_run ();
}
