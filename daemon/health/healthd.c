/* SPDX-License-Identifier: GPL-3.0-or-later */

/* signin-healthd: started by the bus when somebody calls, gone when nobody has called for a while. */

#include "config.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <malloc.h>
#include <stdlib.h>

#include "health.h"
#include "language.h"
#include "names.h"
#include "object.h"
#include "session-bus.h"
#include "settings.h"
#include "sources.h"
#include "supervisor.h"

#define IDLE_SEC 60
#define IDLE_MAX_SEC 3600

typedef struct
{
  GMainLoop *loop;
  int status;
  int idle_sec;
  guint idle_source;
  gboolean leaving;  /* nobody starts a call any more that we do not answer */
  gboolean released; /* and nobody can */
  GDBusConnection *connection;
  SigninServices *services;
  SigninFetcher *fetcher;
  SigninSettingsFiles *settings;
  SigninSources *sources;
  SigninHealth *health;
  SigninHealthObject *object;
} Daemon;

static void
daemon_clear (Daemon *daemon)
{
  g_clear_handle_id (&daemon->idle_source, g_source_remove);
  /* Checks end first, so that nobody is called who is gone; the object answers those who waited for them. */
  g_clear_pointer (&daemon->health, signin_health_free);
  g_clear_pointer (&daemon->object, signin_health_object_free);
  g_clear_pointer (&daemon->sources, signin_sources_free);
  g_clear_pointer (&daemon->settings, signin_settings_files_free);
  g_clear_pointer (&daemon->fetcher, signin_fetcher_free);
  g_clear_pointer (&daemon->services, signin_services_free);
  if (daemon->connection != NULL && !g_dbus_connection_is_closed (daemon->connection))
    g_dbus_connection_flush_sync (daemon->connection, NULL, NULL);
  g_clear_object (&daemon->connection);
  g_clear_pointer (&daemon->loop, g_main_loop_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Daemon, daemon_clear)

static gboolean
on_quiet (gpointer user_data)
{
  Daemon *daemon = user_data;

  if (!signin_health_object_is_busy (daemon->object))
    g_main_loop_quit (daemon->loop);
  return G_SOURCE_REMOVE;
}

static void
on_released (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Daemon *daemon = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    g_warning ("The name was not given back: %s", error->message);
  daemon->released = TRUE;
  /* What came in before this answer is in the queue of the main loop: after it. */
  g_idle_add (on_quiet, daemon);
}

/* Nobody is to be lost on the way. The service manager hears first: from now on it starts a successor for who calls, as
 * soon as we are gone. Then the name is given back, and whoever called until then is still answered. */
static gboolean
on_idle (gpointer user_data)
{
  Daemon *daemon = user_data;

  daemon->idle_source = 0;
  daemon->leaving = TRUE;
  daemon->status = EXIT_SUCCESS;
  signin_supervisor_tell ("STOPPING=1\nSTATUS=", TRUE);
  g_dbus_connection_call (daemon->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                          "ReleaseName", g_variant_new ("(s)", SIGNIN_HEALTH_BUS_NAME), G_VARIANT_TYPE ("(u)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_released, daemon);
  return G_SOURCE_REMOVE;
}

static void
on_busy (gboolean busy, gpointer user_data)
{
  Daemon *daemon = user_data;

  g_clear_handle_id (&daemon->idle_source, g_source_remove);
  /* What eight connections took is of no use for the minute in which nobody may call. */
  if (!busy)
    malloc_trim (0);
  if (daemon->released && !busy)
    g_idle_add (on_quiet, daemon);
  else if (!daemon->leaving && !busy)
    daemon->idle_source = g_timeout_add ((guint) daemon->idle_sec * 1000, on_idle, daemon);
}

static gboolean
on_signal (gpointer user_data)
{
  Daemon *daemon = user_data;

  daemon->status = EXIT_SUCCESS;
  g_main_loop_quit (daemon->loop);
  return G_SOURCE_CONTINUE;
}

static void
on_closed (GDBusConnection *connection, gboolean remote_peer_vanished, GError *error, gpointer user_data)
{
  Daemon *daemon = user_data;

  daemon->status = EXIT_FAILURE;
  g_main_loop_quit (daemon->loop);
}

static gboolean
take_name (Daemon *daemon, GError **error)
{
  gboolean taken;

  if (!signin_session_bus_take_name (daemon->connection, SIGNIN_HEALTH_BUS_NAME, G_BUS_NAME_OWNER_FLAGS_NONE, &taken,
                                     error))
    return FALSE;
  if (taken)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _ ("signin-healthd is running already"));
  return FALSE;
}

static void
read_settings (Daemon *daemon, SigninSettings *settings)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);

  daemon->settings = signin_settings_files_new (NULL, NULL);
  signin_settings_files_read (daemon->settings, settings, problems);
  for (guint i = 0; i < problems->len; i++)
    g_message ("%s", (const char *) g_ptr_array_index (problems, i));
}

static gboolean
start (Daemon *daemon, GError **error)
{
  SigninSettings settings;

  daemon->services = signin_services_load (error);
  if (daemon->services == NULL)
    return FALSE;
  daemon->connection = signin_session_bus_connect (on_closed, daemon, error);
  if (daemon->connection == NULL)
    return FALSE;
  read_settings (daemon, &settings);
  daemon->fetcher = signin_fetcher_new (settings.ca_file, error);
  if (daemon->fetcher == NULL)
    return FALSE;
  daemon->health = signin_health_new (daemon->services, daemon->fetcher);
  daemon->sources = signin_sources_new (daemon->services, daemon->fetcher, daemon->connection, daemon->settings);
  signin_sources_add_to (daemon->sources, daemon->health);
  daemon->object = signin_health_object_new (daemon->connection, daemon->health, on_busy, daemon, error);
  if (daemon->object == NULL || !take_name (daemon, error))
    return FALSE;
  g_unix_signal_add (SIGTERM, on_signal, daemon);
  g_unix_signal_add (SIGINT, on_signal, daemon);
  on_busy (FALSE, daemon);
  signin_supervisor_tell ("READY=1", TRUE);
  return TRUE;
}

static gboolean
parse (Daemon *daemon, gboolean *version, int *argc, char ***argv)
{
  gboolean verbose = FALSE;
  const GOptionEntry entries[] = {
    { "idle", 0, 0, G_OPTION_ARG_INT, &daemon->idle_sec, N_ ("Leave after so long without a call (60)"),
      /* TRANSLATORS: stands for a number of seconds in the help */
      N_ ("SECONDS") },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, N_ ("Log debug messages too"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, version, N_ ("Show the version"), NULL },
    { 0 },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, _ ("Asks services whether signing in works, when somebody calls."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, &error))
    g_printerr ("signin-healthd: %s\n", error->message);
  else if (*argc != 1)
    g_printerr (_ ("signin-healthd: takes no arguments, only options: see --help\n"));
  else if (daemon->idle_sec < 1 || daemon->idle_sec > IDLE_MAX_SEC)
    g_printerr (_ ("signin-healthd: --idle is from 1 to %d\n"), IDLE_MAX_SEC);
  else
    {
      g_log_set_debug_enabled (verbose);
      return TRUE;
    }
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_auto (Daemon) daemon = { .status = EXIT_FAILURE, .idle_sec = IDLE_SEC };
  g_autoptr (GError) error = NULL;
  gboolean version = FALSE;

  signin_language_init ();
  g_log_writer_default_set_use_stderr (TRUE);
  /* Threads that share one heap cost less memory than they win time. */
  mallopt (M_ARENA_MAX, 1);

  if (!parse (&daemon, &version, &argc, &argv))
    return EXIT_FAILURE;
  if (version)
    {
      g_print ("signin-healthd %s\n", PACKAGE_VERSION);
      return EXIT_SUCCESS;
    }
  daemon.loop = g_main_loop_new (NULL, FALSE);
  if (!start (&daemon, &error))
    {
      g_printerr ("signin-healthd: %s\n", error->message);
      return EXIT_FAILURE;
    }
  g_main_loop_run (daemon.loop);
  if (!daemon.leaving)
    signin_supervisor_tell ("STOPPING=1", FALSE);
  return daemon.status;
}
