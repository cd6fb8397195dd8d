/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "presence-rig.h"

#define BOUND_SEC 20

static gboolean
on_bound (gpointer user_data)
{
  World *world = user_data;

  world->timed_out = TRUE;
  return G_SOURCE_CONTINUE;
}

void
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
void
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

void
program_start (Program *program, PrivateBus *bus)
{
  g_mutex_init (&program->mutex);
  program->bus = private_bus_connect (bus);
  program->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  program->calls = g_string_new ("");
  g_dbus_connection_add_filter (program->bus, on_message, program, NULL);
}

void
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

void
answer (Program *program, const char *key, const char *text)
{
  g_mutex_lock (&program->mutex);
  g_hash_table_insert (program->answers, g_strdup (key), g_strdup (text));
  g_mutex_unlock (&program->mutex);
}

void
refuse (Program *program, const char *key)
{
  g_mutex_lock (&program->mutex);
  g_hash_table_remove (program->answers, key);
  g_mutex_unlock (&program->mutex);
}

void
bus_call (GDBusConnection *bus, const char *method, GVariant *args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                                            "org.freedesktop.DBus", method, args, NULL,
                                                            G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
}

void
own (Program *program, const char *name)
{
  bus_call (program->bus, "RequestName", g_variant_new ("(su)", name, 0));
}

void
disown (Program *program, const char *name)
{
  bus_call (program->bus, "ReleaseName", g_variant_new ("(s)", name));
}

void
emit (Program *program, const char *path, const char *interface, const char *signal, const char *args)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (program->bus, NULL, path, interface, signal, g_variant_new_parsed (args), &error);
  g_assert_no_error (error);
}

void
emit_sleep (World *world, gboolean before)
{
  emit (&world->logind, LOGIND_PATH, LOGIND ".Manager", "PrepareForSleep", before ? "(true,)" : "(false,)");
}

void
emit_properties (Program *program, const char *session, const char *changed)
{
  g_autofree char *args = g_strdup_printf ("('%s', %s, @as [])", LOGIND ".Session", changed);

  emit (program, session, "org.freedesktop.DBus.Properties", "PropertiesChanged", args);
}

void
emit_hint (World *world, gboolean locked)
{
  emit_properties (&world->logind, SESSION, locked ? "{'LockedHint': <true>}" : "{'LockedHint': <false>}");
}

void
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

void
assert_calls (World *world, const char *expected)
{
  wait_for (world, were_called, expected);
}

/* The person's session, as a real logind tells of it to a user unit. */
void
start_logind (World *world, gboolean locked)
{
  answer (&world->logind, GET_SESSION, "(objectpath '" SESSION "',)");
  answer (&world->logind, GET_HINT, locked ? "(<true>,)" : "(<false>,)");
  own (&world->logind, LOGIND);
}

/* Waits until its answer has been taken in too. */
void
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

/* How many connections the system bus has. */
guint
count_names (World *world)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (world->logind.bus, "org.freedesktop.DBus",
                                                            "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                                            "ListNames", NULL, G_VARIANT_TYPE ("(as)"),
                                                            G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_autofree const char **names = NULL;

  g_assert_no_error (error);
  g_variant_get (reply, "(^a&s)", &names);
  return g_strv_length ((char **) names);
}

gboolean
has_left (World *world, gconstpointer names)
{
  return count_names (world) == GPOINTER_TO_UINT (names);
}

void
add (const char *name, gconstpointer data, void (*test) (World *world, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/presence/", name, NULL);

  g_test_add (path, World, data, set_up, test, tear_down);
}
