/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdlib.h>

#include "bus.h"
#include "errors.h"
#include "health-watch.h"
#include "hooks.h"
#include "journal.h"
#include "language.h"
#include "lifecycle.h"
#include "names.h"
#include "popups.h"
#include "session-bus.h"
#include "settings-watch.h"

/* How long a daemon that is replaced may take to close its database. */
#define HANDOVER_TRIES 100
#define LOCKED_TRIES 20
#define HANDOVER_PAUSE_USEC (50 * 1000)

/* How long leaving may take for what is still on its way out. */
#define SETTLE_MSEC 1000

typedef struct
{
  gboolean replace;
  gboolean verbose;
  gboolean version;
} Options;

typedef struct
{
  GMainLoop *loop;
  int status;
  gboolean settling;
  gboolean flushed;
  GDBusConnection *connection;
  SigninSettingsWatch *settings;
  SigninServices *services;
  SigninProvided *provided;
  SigninStore *store;
  SigninClock *clock;
  SigninTracker *tracker;
  SigninSuggestions *suggestions;
  SigninCompanion *companion;
  SigninLauncher *launcher;
  SigninPopups *popups;
  SigninHooks *hooks;
  SigninHealthWatch *health;
  SigninBus *bus;
  SigninLifecycle *lifecycle;
} Daemon;

static void
daemon_clear (Daemon *daemon)
{
  g_clear_pointer (&daemon->lifecycle, signin_lifecycle_free);
  g_clear_pointer (&daemon->health, signin_health_watch_free);
  g_clear_pointer (&daemon->hooks, signin_hooks_free);
  g_clear_pointer (&daemon->popups, signin_popups_free);
  g_clear_pointer (&daemon->bus, signin_bus_free);
  g_clear_pointer (&daemon->tracker, signin_tracker_free);
  g_clear_pointer (&daemon->companion, signin_companion_free);
  g_clear_pointer (&daemon->suggestions, signin_suggestions_free);
  g_clear_pointer (&daemon->launcher, signin_launcher_free);
  g_clear_pointer (&daemon->clock, signin_clock_free);
  g_clear_pointer (&daemon->store, signin_store_free);
  g_clear_pointer (&daemon->provided, signin_provided_free);
  g_clear_pointer (&daemon->services, signin_services_free);
  g_clear_pointer (&daemon->settings, signin_settings_watch_free);
  g_clear_object (&daemon->connection);
  g_clear_pointer (&daemon->loop, g_main_loop_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Daemon, daemon_clear)

static gboolean
on_signal (gpointer user_data)
{
  Daemon *daemon = user_data;

  daemon->status = EXIT_SUCCESS;
  g_main_loop_quit (daemon->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_reload (gpointer user_data)
{
  Daemon *daemon = user_data;

  signin_settings_watch_reload (daemon->settings);
  signin_provided_apply (daemon->provided, daemon->tracker);
  return G_SOURCE_CONTINUE;
}

static void
on_settings (const SigninSettings *settings, gpointer user_data)
{
  Daemon *daemon = user_data;

  signin_tracker_set_ladder (daemon->tracker, &settings->ladder);
  signin_tracker_set_history_days (daemon->tracker, settings->history_days);
  signin_companion_set_settings (daemon->companion, settings);
  signin_popups_set_settings (daemon->popups, settings);
  signin_hooks_set_user_names (daemon->hooks, settings->show_user_name);
  signin_health_watch_set_enabled (daemon->health, settings->health_at_warning);
}

static void
on_health_known (GVariant *rows, gpointer user_data)
{
  signin_bus_set_health (((Daemon *) user_data)->bus, rows);
}

static void
on_trouble (const char *id, SigninTrouble trouble, gpointer user_data)
{
  signin_popups_set_trouble (((Daemon *) user_data)->popups, id, trouble);
}

/* Without a bus nobody hears us: leave with an error, so that the service manager starts us again. */
static void
on_closed (GDBusConnection *connection, gboolean remote_peer_vanished, GError *error, gpointer user_data)
{
  Daemon *daemon = user_data;

  g_warning ("The session bus is gone");
  g_main_loop_quit (daemon->loop);
}

static void
on_name_lost (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
              const char *signal, GVariant *parameters, gpointer user_data)
{
  Daemon *daemon = user_data;

  g_message ("Replaced by another instance");
  daemon->status = EXIT_SUCCESS;
  g_main_loop_quit (daemon->loop);
}

static gboolean
take_name (Daemon *daemon, gboolean replace, GError **error)
{
  GBusNameOwnerFlags flags = G_BUS_NAME_OWNER_FLAGS_ALLOW_REPLACEMENT;
  gboolean taken;

  if (replace)
    flags |= G_BUS_NAME_OWNER_FLAGS_REPLACE;
  if (!signin_session_bus_take_name (daemon->connection, SIGNIN_BUS_NAME, flags, &taken, error))
    return FALSE;
  if (taken)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _ ("signind is running already; see --replace"));
  return FALSE;
}

static gboolean
connect_bus (Daemon *daemon, GError **error)
{
  daemon->connection = signin_session_bus_connect (on_closed, daemon, error);
  if (daemon->connection == NULL)
    return FALSE;
  g_dbus_connection_signal_subscribe (daemon->connection, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameLost",
                                      "/org/freedesktop/DBus", SIGNIN_BUS_NAME, G_DBUS_SIGNAL_FLAGS_NONE, on_name_lost,
                                      daemon, NULL);
  return TRUE;
}

static gboolean
is_running_elsewhere (Daemon *daemon)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (daemon->connection, "org.freedesktop.DBus",
                                                            "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                                            "NameHasOwner", g_variant_new ("(s)", SIGNIN_BUS_NAME),
                                                            G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                                                            NULL);
  gboolean owned = FALSE;

  if (reply != NULL)
    g_variant_get (reply, "(b)", &owned);
  return owned;
}

/* Whoever has the database may be on the way out: the one that we replace, or one that was just killed. */
static void
open_store (Daemon *daemon, gboolean replace)
{
  g_autofree char *path = signin_store_default_path ();
  guint tries = replace ? HANDOVER_TRIES : LOCKED_TRIES;

  daemon->store = signin_store_open (path, daemon->services);
  if (!signin_store_is_locked (daemon->store) || (!replace && is_running_elsewhere (daemon)))
    return;
  while (signin_store_is_locked (daemon->store) && tries-- > 0)
    {
      signin_store_free (daemon->store);
      g_usleep (HANDOVER_PAUSE_USEC);
      daemon->store = signin_store_open (path, daemon->services);
    }
}

/* Where the name is ours already, whoever waits for us is told of each account as it comes. */
static gboolean
build (Daemon *daemon, gboolean named, GError **error)
{
  static const SigninLimits limits = SIGNIN_LIMITS_DEFAULT;
  static const SigninHooksConfig hooks = SIGNIN_HOOKS_CONFIG_DEFAULT;
  static const SigninHealthEvents health = { .known = on_health_known, .trouble = on_trouble };
  g_autoptr (GError) load_error = NULL;

  daemon->clock = signin_clock_new_real (NULL, error);
  if (daemon->clock == NULL)
    return FALSE;
  daemon->tracker = signin_tracker_new (daemon->clock, daemon->store, daemon->services, &limits);
  daemon->suggestions = signin_suggestions_new (daemon->tracker, daemon->store, daemon->services);
  daemon->companion = signin_companion_new (daemon->tracker, daemon->services, daemon->suggestions);
  daemon->launcher = signin_launcher_new (daemon->connection);
  daemon->bus = signin_bus_new (daemon->connection, daemon->tracker, daemon->services, daemon->launcher,
                                daemon->companion, error);
  if (daemon->bus == NULL)
    return FALSE;
  signin_bus_set_storage_problem (daemon->bus, signin_store_get_problem (daemon->store));
  daemon->provided = signin_provided_new (NULL, NULL);
  signin_bus_set_provided (daemon->bus, daemon->provided);
  daemon->popups = signin_popups_new (daemon->connection, daemon->tracker, daemon->services, daemon->launcher);
  signin_popups_set_suggestions (daemon->popups, daemon->suggestions);
  daemon->lifecycle = signin_lifecycle_new (daemon->tracker);
  daemon->hooks = signin_hooks_new (daemon->connection, &hooks);
  signin_hooks_observe (daemon->hooks, daemon->tracker);
  daemon->health = signin_health_watch_new (daemon->connection, daemon->tracker, daemon->services, &health, daemon);
  daemon->settings = signin_settings_watch_new (signin_settings_files_new (NULL, NULL), on_settings, daemon);
  signin_journal_observe (daemon->tracker, signin_settings_watch_get (daemon->settings));
  on_settings (signin_settings_watch_get (daemon->settings), daemon);

  if (named)
    signin_bus_show_accounts (daemon->bus);
  if (!signin_tracker_start (daemon->tracker, &load_error))
    g_warning ("%s", load_error->message);
  signin_provided_apply (daemon->provided, daemon->tracker);
  if (!named)
    signin_bus_show_accounts (daemon->bus);
  signin_store_let_rest (daemon->store);
  return TRUE;
}

/* Everything is there before the name is: whoever activates us finds the accounts. Only who replaces somebody has to
 * take the name first, because the other one has the database until then. */
static gboolean
start (Daemon *daemon, const Options *options, GError **error)
{
  daemon->services = signin_services_load (error);
  if (daemon->services == NULL || !connect_bus (daemon, error))
    return FALSE;
  if (options->replace && !take_name (daemon, TRUE, error))
    return FALSE;
  open_store (daemon, options->replace);
  if (!build (daemon, options->replace, error) || (!options->replace && !take_name (daemon, FALSE, error)))
    return FALSE;

  if (signin_store_get_mode (daemon->store) == SIGNIN_STORE_MEMORY)
    g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "MESSAGE_ID", SIGNIN_MESSAGE_STORE_MEMORY, "MESSAGE",
                      "Nothing is kept across a restart: %s", signin_store_get_problem (daemon->store));
  g_unix_signal_add (SIGTERM, on_signal, daemon);
  g_unix_signal_add (SIGINT, on_signal, daemon);
  g_unix_signal_add (SIGHUP, on_reload, daemon);
  g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_INFO, "MESSAGE_ID", SIGNIN_MESSAGE_STARTED, "MESSAGE",
                    "signind " PACKAGE_VERSION " is ready with %u accounts",
                    signin_tracker_n_accounts (daemon->tracker));
  signin_lifecycle_ready (daemon->lifecycle);
  return TRUE;
}

static gboolean
on_settled_too_late (gpointer user_data)
{
  Daemon *daemon = user_data;

  daemon->settling = FALSE;
  return G_SOURCE_REMOVE;
}

static void
on_flushed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Daemon *daemon = user_data;

  /* Where it failed there is nobody left to flush to. */
  g_dbus_connection_flush_finish (G_DBUS_CONNECTION (source), result, NULL);
  daemon->flushed = TRUE;
}

/* What was told is kept as told, and what was stored is answered, before we leave: whoever comes after us would tell it
 * again, and callers would think that it failed. A bus that is stuck does not hold us back for long. */
static void
settle (Daemon *daemon)
{
  daemon->settling = TRUE;
  g_timeout_add (SETTLE_MSEC, on_settled_too_late, daemon);
  while (daemon->settling && !g_dbus_connection_is_closed (daemon->connection)
         && !signin_tracker_is_settled (daemon->tracker))
    g_main_context_iteration (NULL, TRUE);

  g_dbus_connection_flush (daemon->connection, NULL, on_flushed, daemon);
  while (daemon->settling && !daemon->flushed)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
parse (Options *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "replace", 0, 0, G_OPTION_ARG_NONE, &options->replace, N_ ("Take the place of a running signind"), NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &options->verbose, N_ ("Log debug messages too"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, N_ ("Show the version"), NULL },
    { 0 },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, _ ("Tracks sign-ins and warns before they end."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (g_option_context_parse (context, argc, argv, &error) && *argc == 1)
    return TRUE;
  if (error != NULL)
    g_printerr ("signind: %s\n", error->message);
  else
    g_printerr (_ ("signind: takes no arguments, only options: see --help\n"));
  return FALSE;
}

int
main (int argc, char **argv)
{
  g_auto (Daemon) daemon = { .status = EXIT_FAILURE };
  g_autoptr (GError) error = NULL;
  Options options = { 0 };

  signin_language_init ();
  g_log_writer_default_set_use_stderr (TRUE);
  signin_error_register_dbus ();

  if (!parse (&options, &argc, &argv))
    return EXIT_FAILURE;
  if (options.version)
    {
      g_print ("signind %s\n", PACKAGE_VERSION);
      return EXIT_SUCCESS;
    }
  g_log_set_debug_enabled (options.verbose);

  daemon.loop = g_main_loop_new (NULL, FALSE);
  if (!start (&daemon, &options, &error))
    {
      g_printerr ("signind: %s\n", error->message);
      return EXIT_FAILURE;
    }
  g_main_loop_run (daemon.loop);
  signin_lifecycle_stopping ();
  settle (&daemon);
  return daemon.status;
}
