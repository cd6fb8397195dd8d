/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a daemon that was killed has left on the screen. */

#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "thread-rig.h"

static void
write_old (Thread *world, const char *server, const char *guid, guint32 first, guint32 second)
{
  g_autofree char *line = signin_popup_file_line (guid, server, first);
  g_autofree char *other = signin_popup_file_line (guid, server, second);
  g_autofree char *text = g_strconcat (line, "garbage\n", other, NULL);

  signin_popup_file_write (text);
}

static GArray *
read_old (Thread *world)
{
  return signin_popup_file_read (g_dbus_connection_get_guid (world->bus));
}

/* A daemon was killed: its popups have dead buttons. The first new one takes the place of one, the others go. */
static void
test_taken_over (Thread *world, gconstpointer unused)
{
  g_autoptr (GArray) old = NULL;

  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  world->server->last_id = 50;
  write_old (world, g_dbus_connection_get_unique_name (world->server->bus), g_dbus_connection_get_guid (world->bus), 7,
             8);
  signin_popup_thread_show (world->thread, "contoso", thread_make_reminder (1));
  WAIT (world->server->popups->len == 1);
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, 7);
  WAIT (fake_server_is_asked (world->server, 8));
  thread_settle (world);
  g_assert_false (fake_server_is_asked (world->server, 7));
  old = read_old (world);
  g_assert_cmpuint (old->len, ==, 1);
  g_assert_cmpuint (g_array_index (old, SigninOldPopup, 0).id, ==, 7);

  signin_popup_thread_free (g_steal_pointer (&world->thread), world->bus);
  g_array_unref (old);
  old = read_old (world);
  g_assert_cmpuint (old->len, ==, 0);
}

/* It may have been a critical one: what is not would not be seen in its place. */
static void
test_taken_away (Thread *world, gconstpointer unused)
{
  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  world->server->last_id = 50;
  write_old (world, g_dbus_connection_get_unique_name (world->server->bus), g_dbus_connection_get_guid (world->bus), 7,
             8);
  thread_show (world, "contoso", 1, "One");
  WAIT (world->server->popups->len == 1);
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, 0);
  g_assert_cmpuint (world->server->n_closed_before, ==, 2);
  g_assert_true (fake_server_is_asked (world->server, 7) && fake_server_is_asked (world->server, 8));
}

/* Numbers of another server, or of another bus, mean nothing here. */
static void
test_not_taken_over (Thread *world, gconstpointer other_bus)
{
  const char *name;

  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  name = g_dbus_connection_get_unique_name (world->server->bus);
  if (other_bus)
    write_old (world, name, "0123456789abcdef0123456789abcdef", 7, 8);
  else
    write_old (world, ":1.999999", g_dbus_connection_get_guid (world->bus), 7, 8);
  thread_show (world, "contoso", 1, "One");
  WAIT (world->server->popups->len == 1);
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, 0);
  thread_settle (world);
  g_assert_false (fake_server_is_asked (world->server, 7));
  g_assert_false (fake_server_is_asked (world->server, 8));
}

static void
test_other_server (Thread *world, gconstpointer unused)
{
  test_not_taken_over (world, NULL);
}

static void
test_other_bus (Thread *world, gconstpointer unused)
{
  test_not_taken_over (world, "other");
}

static void
test_swept (Thread *world, gconstpointer unused)
{
  g_autoptr (GArray) old = NULL;

  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  write_old (world, g_dbus_connection_get_unique_name (world->server->bus), g_dbus_connection_get_guid (world->bus), 7,
             8);
  signin_popup_thread_sweep (world->thread, world->bus);
  WAIT (fake_server_is_asked (world->server, 7) && fake_server_is_asked (world->server, 8));
  old = read_old (world);
  g_assert_cmpuint (old->len, ==, 0);
}

/* Whatever lies there: nothing hangs, and nothing of it is believed. */
static void
test_bad_file (Thread *world, gconstpointer unused)
{
  g_autofree char *folder = g_build_filename (g_getenv ("XDG_RUNTIME_DIR"), "signind", NULL);
  g_autofree char *path = g_build_filename (folder, "popups", NULL);
  const char *guid = g_dbus_connection_get_guid (world->bus);
  g_autofree char *line = signin_popup_file_line (guid, ":1.2", 3);
  g_autofree char *zero = signin_popup_file_line (guid, ":1.2", 0);
  g_autofree char *name = signin_popup_file_line (guid, "org.example.Server", 3);
  g_autofree char *big = g_strdup_printf ("%s :1.2 4294967296\n%s :1.2 -1\n%s :1.2 3 4\n%s :1.2\n", guid, guid, guid,
                                          guid);
  g_autofree char *bad = g_strconcat (zero, name, big, "\n \n\xff\xfe", NULL);
  g_autoptr (GString) many = g_string_new (NULL);
  const guint expected[] = { 0, 0, SIGNIN_MAX_OLD_POPUPS };

  for (guint i = 0; i < 60; i++)
    g_string_append (many, line);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (GArray) old = NULL;

      signin_popup_file_write (i == 0 ? "x" : i == 1 ? bad : many->str);
      old = read_old (world);
      g_assert_cmpuint (old->len, ==, expected[i]);
    }

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GArray) old = NULL;

      g_assert_cmpint (unlink (path), ==, 0);
      if (i == 0)
        g_assert_cmpint (mkfifo (path, 0600), ==, 0);
      else if (i == 1)
        g_assert_cmpint (symlink ("/dev/zero", path), ==, 0);
      else
        {
          while (many->len <= 4096)
            g_string_append (many, line);
          g_assert_true (g_file_set_contents (path, many->str, -1, NULL));
        }
      old = read_old (world);
      g_assert_cmpuint (old->len, ==, 0);
    }
}

static void
add_all (void)
{
  thread_add_test ("popup-file", "taken-over", test_taken_over);
  thread_add_test ("popup-file", "taken-away", test_taken_away);
  thread_add_test ("popup-file", "other-server", test_other_server);
  thread_add_test ("popup-file", "other-bus", test_other_bus);
  thread_add_test ("popup-file", "swept", test_swept);
  thread_add_test ("popup-file", "bad-file", test_bad_file);
}

int
main (int argc, char **argv)
{
  return popup_case_run (argc, argv, add_all);
}
