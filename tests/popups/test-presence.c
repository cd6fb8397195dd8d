/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "presence.h"
#include "private-bus.h"

#define BOUND_SEC 20

#define LOGIND "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define SESSION "/org/freedesktop/login1/session/_32"
#define OTHER_SESSION "/org/freedesktop/login1/session/_33"
#define USER "/org/freedesktop/login1/user/_7"

#define GET_SESSION "GetSession " LOGIND_PATH
#define GET_USER "GetUser " LOGIND_PATH
#define GET_HINT "LockedHint " SESSION
#define GET_DISPLAY "Display " USER

/* A program that answers by a script: what is not in it is refused, "hangs" is never answered. */
typedef struct
{
  GDBusConnection *bus;
  GMutex mutex;
  GHashTable *answers; /* "Member path" -> text of a GVariant, or "hangs" */
  GString *calls;      /* a line each */
} Program;

typedef struct
{
  PrivateBus system_bus;
  PrivateBus session_bus;
  Program logind;
  Program savers;
  GDBusConnection *bus; /* signind's own, to the session bus */
  SigninPresence *presence;
  GString *events; /* a letter each, see on_changed() */
  char act_on;     /* a letter of them, at which @act is done */
  void (*act) (SigninPresence *presence);
  gboolean timed_out;
} World;

static gboolean
on_bound (gpointer user_data)
{
  World *world = user_data;

  world->timed_out = TRUE;
  return G_SOURCE_CONTINUE;
}

static void
wait_for (World *world, gboolean (*done) (World *world, gconstpointer what), gconstpointer what)
{
  guint bound = g_timeout_add_seconds (BOUND_SEC, on_bound, world);

  while (!done (world, what) && !world->timed_out)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (bound);
  g_assert_false (world->timed_out);
}

static void
on_changed (SigninPresenceReason reason, gpointer user_data)
{
  World *world = user_data;
  char letter = "LUSW"[reason];

  g_string_append_c (world->events, letter);
  /* What is told of the lock holds already. */
  if (world->presence != NULL && (letter == 'L' || letter == 'U'))
    g_assert_cmpint (signin_presence_is_locked (world->presence), ==, letter == 'L');
  if (letter == world->act_on)
    world->act (g_steal_pointer (&world->presence));
}

static gboolean
are_as_many (World *world, gconstpointer expected)
{
  return world->events->len >= strlen (expected);
}

/* Everything that was told since the last time, in order. */
static void
assert_events (World *world, const char *expected)
{
  wait_for (world, are_as_many, expected);
  g_assert_cmpstr (world->events->str, ==, expected);
  g_string_truncate (world->events, 0);
}

static char *
key_of (GDBusMessage *message)
{
  g_autofree char *property = NULL;
  const char *member = g_dbus_message_get_member (message);

  if (g_str_equal (g_dbus_message_get_interface (message), "org.freedesktop.DBus.Properties"))
    {
      g_variant_get_child (g_dbus_message_get_body (message), 1, "s", &property);
      member = property;
    }
  return g_strconcat (member, " ", g_dbus_message_get_path (message), NULL);
}

/* On the thread of GDBus. */
static GDBusMessage *
on_message (GDBusConnection *bus, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  Program *program = user_data;
  g_autofree char *key = NULL;
  g_autofree char *answer = NULL;
  g_autoptr (GDBusMessage) reply = NULL;

  if (!incoming || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    return message;

  key = key_of (message);
  g_mutex_lock (&program->mutex);
  answer = g_strdup (g_hash_table_lookup (program->answers, key));
  g_mutex_unlock (&program->mutex);
  if (answer == NULL)
    reply = g_dbus_message_new_method_error_literal (message, "org.freedesktop.DBus.Error.UnknownMethod", "No");
  else if (strcmp (answer, "hangs") != 0)
    {
      reply = g_dbus_message_new_method_reply (message);
      g_dbus_message_set_body (reply, g_variant_new_parsed (answer));
    }
  if (reply != NULL)
    g_dbus_connection_send_message (bus, reply, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
  g_object_unref (message);
  /* Only now: what the test sends next comes after the reply. */
  g_mutex_lock (&program->mutex);
  g_string_append_printf (program->calls, "%s\n", key);
  g_mutex_unlock (&program->mutex);
  g_main_context_wakeup (NULL);
  return NULL;
}

static void
program_start (Program *program, PrivateBus *bus)
{
  g_mutex_init (&program->mutex);
  program->bus = private_bus_connect (bus);
  program->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  program->calls = g_string_new ("");
  g_dbus_connection_add_filter (program->bus, on_message, program, NULL);
}

static void
program_stop (Program *program)
{
  if (program->bus == NULL)
    return;
  g_dbus_connection_close_sync (program->bus, NULL, NULL);
  g_clear_object (&program->bus);
  g_hash_table_unref (program->answers);
  g_string_free (program->calls, TRUE);
  g_mutex_clear (&program->mutex);
}

static void
answer (Program *program, const char *key, const char *text)
{
  g_mutex_lock (&program->mutex);
  g_hash_table_insert (program->answers, g_strdup (key), g_strdup (text));
  g_mutex_unlock (&program->mutex);
}

static void
refuse (Program *program, const char *key)
{
  g_mutex_lock (&program->mutex);
  g_hash_table_remove (program->answers, key);
  g_mutex_unlock (&program->mutex);
}

static void
bus_call (GDBusConnection *bus, const char *method, GVariant *args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                     method, args, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
}

static void
own (Program *program, const char *name)
{
  bus_call (program->bus, "RequestName", g_variant_new ("(su)", name, 0));
}

static void
disown (Program *program, const char *name)
{
  bus_call (program->bus, "ReleaseName", g_variant_new ("(s)", name));
}

static void
emit (Program *program, const char *path, const char *interface, const char *signal, const char *args)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (program->bus, NULL, path, interface, signal, g_variant_new_parsed (args), &error);
  g_assert_no_error (error);
}

static void
emit_sleep (World *world, gboolean before)
{
  emit (&world->logind, LOGIND_PATH, LOGIND ".Manager", "PrepareForSleep", before ? "(true,)" : "(false,)");
}

static void
emit_properties (Program *program, const char *session, const char *changed)
{
  g_autofree char *args = g_strdup_printf ("('%s', %s, @as [])", LOGIND ".Session", changed);

  emit (program, session, "org.freedesktop.DBus.Properties", "PropertiesChanged", args);
}

static void
emit_hint (World *world, gboolean locked)
{
  emit_properties (&world->logind, SESSION, locked ? "{'LockedHint': <true>}" : "{'LockedHint': <false>}");
}

static void
emit_active (World *world, const char *name, gboolean active)
{
  emit (&world->savers, "/somewhere", name, "ActiveChanged", active ? "(true,)" : "(false,)");
}

static gboolean
were_called (World *world, gconstpointer calls)
{
  Program *program = strstr (calls, "GetActive") != NULL ? &world->savers : &world->logind;
  gboolean done;

  g_mutex_lock (&program->mutex);
  done = strlen (program->calls->str) >= strlen (calls);
  if (done)
    g_assert_cmpstr (program->calls->str, ==, calls);
  if (done)
    g_string_truncate (program->calls, 0);
  g_mutex_unlock (&program->mutex);
  return done;
}

static void
assert_calls (World *world, const char *expected)
{
  wait_for (world, were_called, expected);
}

/* The person's session, as a real logind tells of it to a user unit. */
static void
start_logind (World *world, gboolean locked)
{
  answer (&world->logind, GET_SESSION, "(objectpath '" SESSION "',)");
  answer (&world->logind, GET_HINT, locked ? "(<true>,)" : "(<false>,)");
  own (&world->logind, LOGIND);
}

/* Waits until its answer has been taken in too. */
static void
watch_logind (World *world)
{
  signin_presence_watch (world->presence);
  assert_calls (world, GET_SESSION "\n" GET_HINT "\n");
  emit_sleep (world, FALSE);
}

static void
set_up (World *world, gconstpointer unused)
{
  private_bus_start (&world->system_bus);
  private_bus_start (&world->session_bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", world->system_bus.address, TRUE);
  program_start (&world->logind, &world->system_bus);
  program_start (&world->savers, &world->session_bus);
  world->bus = private_bus_connect (&world->session_bus);
  world->events = g_string_new ("");
  world->presence = signin_presence_new (world->bus, on_changed, world);
}

static void
tear_down (World *world, gconstpointer unused)
{
  g_clear_pointer (&world->presence, signin_presence_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (world->events->str, ==, "");
  g_string_free (world->events, TRUE);
  program_stop (&world->logind);
  program_stop (&world->savers);
  g_object_unref (world->bus);
  private_bus_stop (&world->system_bus);
  private_bus_stop (&world->session_bus);
}

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
  return *(const gboolean *)flag;
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

/* How many connections the system bus has. */
static guint
count_names (World *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      world->logind.bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ListNames", NULL,
      G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_autofree const char **names = NULL;

  g_assert_no_error (error);
  g_variant_get (reply, "(^a&s)", &names);
  return g_strv_length ((char **)names);
}

static gboolean
has_left (World *world, gconstpointer names)
{
  return count_names (world) == GPOINTER_TO_UINT (names);
}

static GDBusMessage *
count_message (GDBusConnection *bus, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  g_atomic_int_inc ((gint *)user_data);
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

/* Whoever is told may stop everything, at each of the events; and at any time. */
static void
test_freed_when_told (World *world, gconstpointer letter)
{
  guint names;

  start_logind (world, FALSE);
  names = count_names (world);
  world->act_on = *(const char *)letter;
  world->act = signin_presence_free;
  signin_presence_watch (world->presence);
  assert_calls (world, GET_SESSION "\n" GET_HINT "\n");
  emit_hint (world, TRUE);
  emit_sleep (world, TRUE);
  disown (&world->logind, LOGIND);
  assert_events (world, *(const char *)letter == 'L' ? "L" : *(const char *)letter == 'S' ? "LS" : "LSW");
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

static void
add (const char *name, gconstpointer data, void (*test) (World *world, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/presence/", name, NULL);

  g_test_add (path, World, data, set_up, test, tear_down);
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
  add ("hung-logind", NULL, test_hung_logind);
  add ("hung-screensaver", NULL, test_hung_screensaver);
  add ("no-system-bus", "unix:path=/nonexistent", test_no_system_bus);
  add ("bad-system-bus", "nonsense", test_no_system_bus);
  add ("hung-system-bus", NULL, test_hung_system_bus);
  add ("system-bus-dies", NULL, test_system_bus_dies);
  add ("nonsense", NULL, test_nonsense);
  add ("imposter", NULL, test_imposter);
  add ("silence", NULL, test_silence);
  add ("freed-when-locked", "L", test_freed_when_told);
  add ("freed-before-sleep", "S", test_freed_when_told);
  add ("freed-when-woken", "W", test_freed_when_told);
  add ("freed-at-once", NULL, test_freed_at_once);
  return g_test_run ();
}
