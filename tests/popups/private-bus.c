/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "private-bus.h"

static const char CONFIG[] = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>"
                             "<policy context='default'><allow send_destination='*' eavesdrop='true'/>"
                             "<allow eavesdrop='true'/><allow own='*'/></policy>"
                             "</busconfig>";

static void
die_with_parent (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/**
 * private_bus_start:
 * @bus: a bus to start
 */
void
private_bus_start (PrivateBus *bus)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                                                        | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *config = NULL;
  g_autofree char *option = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("signind-bus-XXXXXX.conf", &config, &error);

  g_assert_no_error (error);
  g_assert_cmpint (write (fd, CONFIG, sizeof CONFIG - 1), ==, sizeof CONFIG - 1);
  close (fd);

  option = g_strconcat ("--config-file=", config, NULL);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  bus->process = g_subprocess_launcher_spawn (launcher, &error, "dbus-daemon", "--nofork", "--print-address=1", option,
                                              NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (bus->process));
  bus->address = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (bus->address);
  g_unlink (config);

  bus->runtime = g_dir_make_tmp ("signind-run-XXXXXX", &error);
  g_assert_no_error (error);
  g_setenv ("XDG_RUNTIME_DIR", bus->runtime, TRUE);
}

/**
 * private_bus_connect:
 * @bus: a bus
 *
 * Returns: (transfer full): a connection of its own
 */
GDBusConnection *
private_bus_connect (PrivateBus *bus)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
      bus->address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

/**
 * private_bus_stop:
 * @bus: a bus
 */
void
private_bus_stop (PrivateBus *bus)
{
  g_autofree char *folder = NULL;
  g_autofree char *file = NULL;

  g_subprocess_force_exit (bus->process);
  g_subprocess_wait (bus->process, NULL, NULL);
  g_clear_object (&bus->process);
  g_clear_pointer (&bus->address, g_free);

  folder = g_build_filename (bus->runtime, "signind", NULL);
  file = g_build_filename (folder, "popups", NULL);
  g_unlink (file);
  g_rmdir (folder);
  g_rmdir (bus->runtime);
  g_clear_pointer (&bus->runtime, g_free);
}
