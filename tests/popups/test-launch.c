/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <unistd.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#include "launch.h"
#include "private-bus.h"
#include "tree.h"

#define URL "https://contoso.crm4.dynamics.com/?a=%20&b=$HOME"
#define BOUND_SEC 20

/* How a fake service takes a call. */
typedef enum
{
  ABSENT,
  WELL,
  REFUSES,
  FAILS_LATER, /* the portal alone: takes the call, then says that nothing was opened */
} Manner;

typedef struct
{
  char *root;
  char *marker; /* the browser writes its arguments there */
  PrivateBus private_bus;
  GDBusConnection *bus;
  GDBusConnection *services;
  Manner systemd;
  Manner portal;
  char *managers_home;
  GPtrArray *calls;
  GVariant *unit;
  GVariant *asked;
  SigninLauncher *launcher;
  guint n_results;
  GError *result;
  gboolean timed_out;
} World;

static const char INTERFACES[]
    = "<node>"
      "<interface name='org.freedesktop.systemd1.Manager'>"
      "<property name='Environment' type='as' access='read'/>"
      "<method name='StartTransientUnit'><arg type='s'/><arg type='s'/><arg type='a(sv)'/><arg type='a(sa(sv))'/>"
      "<arg type='o' direction='out'/></method>"
      "</interface>"
      "<interface name='org.freedesktop.portal.OpenURI'>"
      "<method name='OpenURI'><arg type='s'/><arg type='s'/><arg type='a{sv}'/><arg type='o' direction='out'/></method>"
      "</interface>"
      "</node>";

static void
answer_unit (World *world, GVariant *parameters, GDBusMethodInvocation *invocation)
{
  world->unit = g_variant_ref (parameters);
  if (world->systemd == REFUSES)
    g_dbus_method_invocation_return_dbus_error (invocation, "org.freedesktop.systemd1.UnitExists", "No");
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", "/org/freedesktop/systemd1/job/1"));
}

static void
answer_portal (World *world, GDBusConnection *bus, const char *sender, GVariant *parameters,
               GDBusMethodInvocation *invocation)
{
  g_autoptr (GVariant) options = g_variant_get_child_value (parameters, 2);
  g_autofree char *name = g_strdelimit (g_strdup (sender + 1), ".", '_');
  g_autofree char *handle = NULL;
  const char *token = "";

  world->asked = g_variant_ref (parameters);
  if (world->portal == REFUSES)
    {
      g_dbus_method_invocation_return_dbus_error (invocation, "org.freedesktop.portal.Error.Failed", "No");
      return;
    }
  g_variant_lookup (options, "handle_token", "&s", &token);
  handle = g_strdup_printf ("/org/freedesktop/portal/desktop/request/%s/%s", name, token);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", handle));
  g_dbus_connection_emit_signal (bus, NULL, handle, "org.freedesktop.portal.Request", "Response",
                                 g_variant_new ("(ua{sv})", world->portal == WELL ? 0 : 2, NULL), NULL);
}

static void
on_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
         GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  World *world = user_data;

  g_ptr_array_add (world->calls, g_strdup (method));
  if (strcmp (method, "StartTransientUnit") == 0)
    answer_unit (world, parameters, invocation);
  else
    answer_portal (world, bus, sender, parameters, invocation);
}

static GVariant *
on_get (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *property,
        GError **error, gpointer user_data)
{
  World *world = user_data;
  g_autofree char *data = g_strdup_printf ("XDG_DATA_HOME=%s/%s", world->root, world->managers_home);
  const char *const variables[] = { data, "DISPLAY=:7", NULL };

  g_ptr_array_add (world->calls, g_strdup (property));
  return g_variant_new_strv (variables, -1);
}

static void
put_browser (World *world, const char *home)
{
  g_autofree char *script = g_build_filename (world->root, "browser", NULL);
  g_autofree char *desktop = g_strdup_printf ("[Desktop Entry]\nExec=%s %s %%u\n", script, home);
  g_autofree char *text
      = g_strdup_printf ("#!/bin/sh\nprintf '%%s|' \"$@\" \"$XDG_ACTIVATION_TOKEN\" > %s.new && mv %s.new %s\n",
                         world->marker, world->marker, world->marker);
  g_autofree char *desktop_path = g_build_filename (home, "applications", "web.desktop", NULL);
  g_autofree char *cache_path = g_build_filename (home, "applications", "mimeinfo.cache", NULL);

  g_free (tree_put (world->root, "browser", text, 0700));
  g_free (tree_put (world->root, desktop_path, desktop, 0600));
  g_free (tree_put (world->root, cache_path, "[MIME Cache]\nx-scheme-handler/https=web.desktop;\n", 0600));
}

static void
set_up (World *world, gconstpointer unused)
{
  g_autofree char *pid = NULL;
  g_autofree char *nowhere = NULL;

  world->root = g_dir_make_tmp ("signind-launch-XXXXXX", NULL);
  g_assert_nonnull (world->root);
  world->marker = g_build_filename (world->root, "opened", NULL);
  world->managers_home = g_strdup ("managers");
  world->calls = g_ptr_array_new_with_free_func (g_free);
  private_bus_start (&world->private_bus);
  world->bus = private_bus_connect (&world->private_bus);
  world->services = private_bus_connect (&world->private_bus);
  put_browser (world, "managers");
  put_browser (world, "own");

  nowhere = g_build_filename (world->root, "nowhere", NULL);
  g_setenv ("XDG_CONFIG_HOME", nowhere, TRUE);
  g_setenv ("XDG_CONFIG_DIRS", nowhere, TRUE);
  g_setenv ("XDG_DATA_DIRS", nowhere, TRUE);
  g_free (nowhere);
  nowhere = g_build_filename (world->root, "own", NULL);
  g_setenv ("XDG_DATA_HOME", nowhere, TRUE);
  g_setenv ("WAYLAND_DISPLAY", "wayland-7", TRUE);
  g_setenv ("DISPLAY", ":8", TRUE);
  g_unsetenv ("XAUTHORITY");
  pid = g_strdup_printf ("%d", (int) getpid ());
  g_setenv ("SYSTEMD_EXEC_PID", pid, TRUE);
  world->launcher = signin_launcher_new (world->bus);
}

static void
tear_down (World *world, gconstpointer unused)
{
  g_clear_pointer (&world->launcher, signin_launcher_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&world->bus);
  g_clear_object (&world->services);
  private_bus_stop (&world->private_bus);
  tree_remove (world->root);
  g_free (world->root);
  g_free (world->marker);
  g_free (world->managers_home);
  g_ptr_array_unref (world->calls);
  g_clear_pointer (&world->unit, g_variant_unref);
  g_clear_pointer (&world->asked, g_variant_unref);
  g_clear_error (&world->result);
}

static void
offer (World *world, const char *name, const char *path, const char *interface)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call, .get_property = on_get };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (INTERFACES, NULL);
  g_autoptr (GVariant) reply = NULL;
  GDBusInterfaceInfo *info = g_dbus_node_info_lookup_interface (node, interface);
  g_autoptr (GError) error = NULL;

  g_dbus_connection_register_object (world->services, path, info, &vtable, world, NULL, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (world->services, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName", g_variant_new ("(su)", name, 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
populate (World *world, Manner systemd, Manner portal)
{
  world->systemd = systemd;
  world->portal = portal;
  if (systemd != ABSENT)
    offer (world, "org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager");
  if (portal != ABSENT)
    offer (world, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
           "org.freedesktop.portal.OpenURI");
}

static void
on_opened (const GError *error, gpointer user_data)
{
  World *world = user_data;

  world->n_results++;
  g_clear_error (&world->result);
  if (error != NULL)
    world->result = g_error_copy (error);
}

static gboolean
on_bound (gpointer user_data)
{
  World *world = user_data;

  world->timed_out = TRUE;
  return G_SOURCE_CONTINUE;
}

static void
wait_results (World *world, guint n)
{
  guint bound = g_timeout_add_seconds (BOUND_SEC, on_bound, world);

  while (world->n_results < n && !world->timed_out)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (bound);
  g_assert_cmpuint (world->n_results, ==, n);
}

static void
open_page (World *world, const char *token)
{
  signin_launcher_open (world->launcher, URL, token, on_opened, world);
  wait_results (world, 1);
}

static void
assert_calls (World *world, const char *expected)
{
  g_autofree char *calls = NULL;

  g_ptr_array_add (world->calls, NULL);
  calls = g_strjoinv (" ", (char **) world->calls->pdata);
  g_assert_cmpstr (calls, ==, expected);
}

static char *
property (World *world, const char *name)
{
  g_autoptr (GVariant) properties = g_variant_get_child_value (world->unit, 2);
  g_autoptr (GVariant) value = NULL;
  GVariantIter iter;
  const char *key;

  g_variant_iter_init (&iter, properties);
  while (g_variant_iter_next (&iter, "(&sv)", &key, &value))
    {
      if (strcmp (key, name) == 0)
        return g_variant_print (value, FALSE);
      g_clear_pointer (&value, g_variant_unref);
    }
  return NULL;
}

static void
assert_property (World *world, const char *name, const char *expected)
{
  g_autofree char *value = property (world, name);

  g_assert_cmpstr (value, ==, expected);
}

static void
test_unit (World *world, gconstpointer unused)
{
  g_autofree char *command = g_strdup_printf ("[('%s/browser', ['%s/browser', 'managers', '%s'], ['no-env-expand'])]",
                                              world->root, world->root, URL);
  const char *name;

  populate (world, WELL, WELL);
  open_page (world, "token-1");
  g_assert_no_error (world->result);
  assert_calls (world, "Environment StartTransientUnit");
  g_variant_get_child (world->unit, 0, "&s", &name);
  g_assert_true (g_str_has_prefix (name, "app-signind-open-") && g_str_has_suffix (name, ".service"));
  assert_property (world, "ExecStartEx", command);
  assert_property (world, "Slice", "'app.slice'");
  assert_property (world, "CollectMode", "'inactive-or-failed'");
  assert_property (world, "Type", "'exec'");
  assert_property (world, "ExitType", "'cgroup'");
  /* The manager knows its own DISPLAY, and no Wayland. */
  assert_property (world, "Environment",
                   "['WAYLAND_DISPLAY=wayland-7', 'XDG_ACTIVATION_TOKEN=token-1', 'DESKTOP_STARTUP_ID=token-1']");
}

static void
test_bad_token (World *world, gconstpointer unused)
{
  populate (world, WELL, WELL);
  open_page (world, "token\n2");
  g_assert_no_error (world->result);
  assert_property (world, "Environment", "['WAYLAND_DISPLAY=wayland-7']");
}

static void
test_unit_refused (World *world, gconstpointer unused)
{
  const char *url;
  const char *token = NULL;
  g_autoptr (GVariant) options = NULL;

  populate (world, REFUSES, WELL);
  open_page (world, "token-3");
  g_assert_no_error (world->result);
  assert_calls (world, "Environment StartTransientUnit OpenURI");
  g_variant_get (world->asked, "(s&s@a{sv})", NULL, &url, &options);
  g_assert_cmpstr (url, ==, URL);
  g_assert_true (g_variant_lookup (options, "activation_token", "&s", &token));
  g_assert_cmpstr (token, ==, "token-3");
}

static void
test_no_handler (World *world, gconstpointer unused)
{
  g_free (world->managers_home);
  world->managers_home = g_strdup ("empty");
  populate (world, WELL, WELL);
  open_page (world, NULL);
  g_assert_no_error (world->result);
  assert_calls (world, "Environment OpenURI");
}

static void
test_portal_only (World *world, gconstpointer unused)
{
  populate (world, ABSENT, WELL);
  open_page (world, NULL);
  g_assert_no_error (world->result);
  assert_calls (world, "OpenURI");
}

static void
test_portal_fails (World *world, gconstpointer unused)
{
  g_unsetenv ("SYSTEMD_EXEC_PID");
  populate (world, ABSENT, FAILS_LATER);
  open_page (world, NULL);
  g_assert_error (world->result, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_false (g_file_test (world->marker, G_FILE_TEST_EXISTS));
}

static void
test_nobody_in_unit (World *world, gconstpointer unused)
{
  populate (world, ABSENT, REFUSES);
  open_page (world, NULL);
  g_assert_nonnull (world->result);
  g_assert_false (g_file_test (world->marker, G_FILE_TEST_EXISTS));
}

static void
on_marker (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer user_data)
{
  World *world = user_data;

  if (g_file_test (world->marker, G_FILE_TEST_EXISTS))
    world->n_results = 2;
}

static void
test_plain (World *world, gconstpointer unused)
{
  g_autoptr (GFile) file = g_file_new_for_path (world->marker);
  g_autoptr (GFileMonitor) monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  g_autofree char *text = NULL;

  g_signal_connect (monitor, "changed", G_CALLBACK (on_marker), world);
  g_unsetenv ("SYSTEMD_EXEC_PID");
  populate (world, ABSENT, ABSENT);
  open_page (world, "token-4");
  g_assert_no_error (world->result);
  if (!g_file_test (world->marker, G_FILE_TEST_EXISTS))
    wait_results (world, 2);
  g_assert_true (g_file_get_contents (world->marker, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "own|" URL "|token-4|");
}

static void
test_bad_addresses (World *world, gconstpointer unused)
{
  static const char *const bad[] = { "http://contoso.example/",
                                     "file:///etc/passwd",
                                     "javascript:alert(1)",
                                     "https://",
                                     "https:contoso",
                                     "--help",
                                     "",
                                     "https://a b/",
                                     "https://a/\nb" };
  g_autofree char *path = g_strnfill (2048, 'a');
  g_autofree char *too_long = g_strconcat ("https://a.example/", path, NULL);

  populate (world, WELL, WELL);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      signin_launcher_open (world->launcher, bad[i], NULL, on_opened, world);
      g_assert_cmpuint (world->n_results, ==, i + 1);
      g_assert_nonnull (world->result);
    }
  signin_launcher_open (world->launcher, too_long, NULL, on_opened, world);
  g_assert_error (world->result, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  assert_calls (world, "");
}

static void
test_one_at_a_time (World *world, gconstpointer unused)
{
  populate (world, WELL, WELL);
  for (guint i = 0; i < 10; i++)
    signin_launcher_open (world->launcher, URL, NULL, on_opened, world);
  wait_results (world, 10);
  assert_calls (world, "Environment StartTransientUnit");
}

static void
test_freed (World *world, gconstpointer unused)
{
  populate (world, WELL, WELL);
  signin_launcher_open (world->launcher, URL, NULL, on_opened, world);
  g_clear_pointer (&world->launcher, signin_launcher_free);
  g_assert_cmpuint (world->n_results, ==, 1);
  g_assert_error (world->result, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
add (const char *path, void (*test) (World *, gconstpointer))
{
  g_test_add (path, World, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/launch/unit", test_unit);
  add ("/launch/bad-token", test_bad_token);
  add ("/launch/unit-refused", test_unit_refused);
  add ("/launch/no-handler", test_no_handler);
  add ("/launch/portal-only", test_portal_only);
  add ("/launch/portal-fails", test_portal_fails);
  add ("/launch/nobody-in-unit", test_nobody_in_unit);
  add ("/launch/plain", test_plain);
  add ("/launch/bad-addresses", test_bad_addresses);
  add ("/launch/one-at-a-time", test_one_at_a_time);
  add ("/launch/freed", test_freed);
  return g_test_run ();
}
