/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "account.h"
#include "handler.h"
#include "launch.h"
#include "supervisor.h"
#include "transient.h"

#define CALL_TIMEOUT_MSEC 3000

/* How many may wait for the same page to open, and how long a token may be. */
#define MAX_WAITERS 64
#define MAX_TOKEN 4096

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"

struct _SigninLauncher
{
  GDBusConnection *bus;
  GHashTable *openings; /* url -> Opening: one at a time for each */
  GCancellable *freed;
};

typedef struct
{
  SigninOpened opened;
  gpointer user_data;
} Waiter;

/* One page on its way. */
typedef struct
{
  guint ref_count;          /* one of the launcher, one of each call */
  SigninLauncher *launcher; /* NULL once everybody was told */
  GDBusConnection *bus;
  char *url;
  char *token;
  GArray *waiters;
  guint response; /* subscription to what the portal says */
  GSource *deadline;
} Opening;

static void
stop_waiting (Opening *opening)
{
  if (opening->response != 0)
    g_dbus_connection_signal_unsubscribe (opening->bus, opening->response);
  opening->response = 0;
  if (opening->deadline != NULL)
    {
      g_source_destroy (opening->deadline);
      g_clear_pointer (&opening->deadline, g_source_unref);
    }
}

static void
opening_unref (Opening *opening)
{
  if (--opening->ref_count > 0)
    return;

  stop_waiting (opening);
  g_object_unref (opening->bus);
  g_array_unref (opening->waiters);
  g_free (opening->url);
  g_free (opening->token);
  g_free (opening);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_unref)

static Opening *
opening_ref (Opening *opening)
{
  opening->ref_count++;
  return opening;
}

/* Tells everybody, once. */
static void
finish (Opening *opening, const GError *error)
{
  SigninLauncher *launcher = g_steal_pointer (&opening->launcher);

  if (launcher == NULL)
    return;

  opening_ref (opening);
  stop_waiting (opening);
  g_hash_table_remove (launcher->openings, opening->url);
  for (guint i = 0; i < opening->waiters->len; i++)
    {
      Waiter *waiter = &g_array_index (opening->waiters, Waiter, i);

      waiter->opened (error, waiter->user_data);
    }
  opening_unref (opening);
}

static void
call (Opening *opening, const char *name, const char *path, const char *interface, const char *method, GVariant *args,
      const char *reply_type, GDBusCallFlags flags, GAsyncReadyCallback done)
{
  g_dbus_connection_call (opening->bus, name, path, interface, method, args, G_VARIANT_TYPE (reply_type), flags,
                          CALL_TIMEOUT_MSEC, opening->launcher->freed, done, opening_ref (opening));
}

static void
leave_session (gpointer user_data)
{
  setsid ();
}

/* The third way: without a user manager and without a portal, as a child that outlives us. */
static void
launch_plainly (Opening *opening, const GError *portal_error)
{
  g_auto (GStrv) environment = g_get_environ ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;

  /* Ours is a sandbox that nothing may be started in; it also ends with us. */
  if (signin_supervisor_has_us ())
    {
      finish (opening, portal_error);
      return;
    }

  argv = signin_handler_command (opening->url, (const char *const *) environment, &error);
  if (argv != NULL)
    {
      if (opening->token != NULL)
        {
          environment = g_environ_setenv (environment, "XDG_ACTIVATION_TOKEN", opening->token, TRUE);
          environment = g_environ_setenv (environment, "DESKTOP_STARTUP_ID", opening->token, TRUE);
        }
      g_spawn_async (NULL, argv, environment, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, leave_session,
                     NULL, NULL, &error);
    }
  finish (opening, error);
}

static void
on_portal_response (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
                    const char *signal, GVariant *parameters, gpointer user_data)
{
  g_autoptr (Opening) opening = opening_ref (user_data);
  g_autoptr (GError) error = NULL;
  guint32 response = 2;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    g_variant_get (parameters, "(ua{sv})", &response, NULL);
  if (response != 0)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_FAILED, "The desktop portal did not open the page");
  finish (opening, error);
}

/* Nothing else is tried then: the page may still open. */
static gboolean
on_portal_silent (gpointer user_data)
{
  g_autoptr (Opening) opening = opening_ref (user_data);
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                                  "The desktop portal did not say whether it opened the page");

  finish (opening, error);
  return G_SOURCE_REMOVE;
}

static void
on_portal_called (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (opening->launcher == NULL)
    return;
  if (reply == NULL)
    {
      stop_waiting (opening);
      g_dbus_error_strip_remote_error (error);
      g_prefix_error (&error, "Neither the user manager nor the desktop portal could open the page: ");
      launch_plainly (opening, error);
      return;
    }

  opening->deadline = g_timeout_source_new (CALL_TIMEOUT_MSEC);
  g_source_set_callback (opening->deadline, on_portal_silent, opening, NULL);
  g_source_attach (opening->deadline, g_main_context_get_thread_default ());
}

/* The portal answers twice: at once with a handle, and on that handle when it is done. */
static void
ask_portal (Opening *opening)
{
  g_autofree char *sender = g_strdup (g_dbus_connection_get_unique_name (opening->bus));
  g_autofree char *token = g_strdup_printf ("signind%08x", g_random_int ());
  g_autofree char *handle = NULL;
  GVariantBuilder options;

  g_strdelimit (sender, ".", '_');
  handle = g_strdup_printf (PORTAL_PATH "/request/%s/%s", sender + 1, token);
  opening->response = g_dbus_connection_signal_subscribe (opening->bus, PORTAL_NAME, "org.freedesktop.portal.Request",
                                                          "Response", handle, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                          on_portal_response, opening, NULL);

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  if (opening->token != NULL)
    g_variant_builder_add (&options, "{sv}", "activation_token", g_variant_new_string (opening->token));
  call (opening, PORTAL_NAME, PORTAL_PATH, "org.freedesktop.portal.OpenURI", "OpenURI",
        g_variant_new ("(ssa{sv})", "", opening->url, &options), "(o)", G_DBUS_CALL_FLAGS_NONE, on_portal_called);
}

static void
on_unit_started (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (opening->launcher == NULL)
    return;
  if (reply != NULL)
    {
      finish (opening, NULL);
      return;
    }
  g_message ("The user manager did not start the browser: %s", error->message);
  ask_portal (opening);
}

static void
add_variable (GPtrArray *variables, const char *name, const char *value)
{
  g_ptr_array_add (variables, g_strconcat (name, "=", value, NULL));
}

/* The manager's variables hold by themselves. The way to the display is ours where nobody told the manager. */
static GPtrArray *
unit_environment (const Opening *opening, char **managers)
{
  static const char *const display[] = { "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY" };
  GPtrArray *variables = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (display); i++)
    if (g_getenv (display[i]) != NULL && g_environ_getenv (managers, display[i]) == NULL)
      add_variable (variables, display[i], g_getenv (display[i]));
  if (opening->token != NULL)
    {
      add_variable (variables, "XDG_ACTIVATION_TOKEN", opening->token);
      add_variable (variables, "DESKTOP_STARTUP_ID", opening->token);
    }
  g_ptr_array_add (variables, NULL);
  return variables;
}

/* Browsers fork, and must not die with their first process. */
static GVariant *
unit_arguments (const Opening *opening, const char *const *argv, char **managers)
{
  g_autofree char *name = g_strdup_printf ("app-signind-open-%u.service", g_random_int ());
  g_autoptr (GPtrArray) environment = unit_environment (opening, managers);
  SigninTransient unit = {
    .name = name,
    .description = "Sign-in page, opened by signind",
    .argv = argv,
    .environment = (const char *const *) environment->pdata,
    .forks = TRUE,
  };

  return signin_transient_arguments (&unit);
}

static gboolean
is_utf8 (char **words)
{
  for (; *words != NULL; words++)
    if (!g_utf8_validate (*words, -1, NULL))
      return FALSE;
  return TRUE;
}

/* The first way: outside of our sandbox, and not bound to our life. */
static void
start_unit (Opening *opening, char **managers)
{
  g_auto (GStrv) environment = g_get_environ ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;

  for (char **variable = managers; *variable != NULL; variable++)
    {
      g_auto (GStrv) parts = g_strsplit (*variable, "=", 2);

      if (parts[0] != NULL && *parts[0] != '\0' && parts[1] != NULL)
        environment = g_environ_setenv (environment, parts[0], parts[1], TRUE);
    }
  argv = signin_handler_command (opening->url, (const char *const *) environment, &error);
  if (argv == NULL || !is_utf8 (argv))
    {
      g_message ("%s", error != NULL ? error->message : "The browser's command is not UTF-8");
      ask_portal (opening);
      return;
    }

  call (opening, SIGNIN_SYSTEMD_NAME, SIGNIN_SYSTEMD_PATH, SIGNIN_SYSTEMD_MANAGER, "StartTransientUnit",
        unit_arguments (opening, (const char *const *) argv, managers), "(o)", G_DBUS_CALL_FLAGS_NO_AUTO_START,
        on_unit_started);
}

static void
on_manager_environment (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Opening) opening = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  g_autoptr (GVariant) value = NULL;
  g_auto (GStrv) managers = NULL;

  if (opening->launcher == NULL)
    return;
  if (reply != NULL)
    g_variant_get (reply, "(v)", &value);
  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    {
      g_debug ("No user manager: %s", error != NULL ? error->message : "its environment makes no sense");
      ask_portal (opening);
      return;
    }
  managers = g_variant_dup_strv (value, NULL);
  start_unit (opening, managers);
}

static gboolean
check_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = NULL;

  for (const char *c = url; *c != '\0'; c++)
    if (*c == ' ' || g_ascii_iscntrl (*c))
      {
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                             "The address contains a space or a control character");
        return FALSE;
      }

  if (strlen (url) > SIGNIN_URL_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "The address is longer than %d bytes",
                   SIGNIN_URL_MAX);
      return FALSE;
    }
  uri = g_uri_parse (url, G_URI_FLAGS_NONE, error);
  if (uri == NULL)
    return FALSE;
  if (strcmp (g_uri_get_scheme (uri), "https") != 0 || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "The address does not begin with https://");
      return FALSE;
    }
  return TRUE;
}

/* A token comes from the server of the popup, or from who called: what makes no sense is left out. */
static gboolean
is_token (const char *token)
{
  if (token == NULL || *token == '\0' || strlen (token) > MAX_TOKEN || !g_utf8_validate (token, -1, NULL))
    return FALSE;
  for (const char *c = token; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  return TRUE;
}

static Opening *
opening_new (SigninLauncher *launcher, const char *url, const char *token)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->ref_count = 1;
  opening->launcher = launcher;
  opening->bus = g_object_ref (launcher->bus);
  opening->url = g_strdup (url);
  opening->token = is_token (token) ? g_strdup (token) : NULL;
  opening->waiters = g_array_new (FALSE, FALSE, sizeof (Waiter));
  return opening;
}

/**
 * signin_launcher_new:
 * @bus: the session bus
 *
 * Returns: (transfer full): a launcher
 */
SigninLauncher *
signin_launcher_new (GDBusConnection *bus)
{
  SigninLauncher *self = g_new0 (SigninLauncher, 1);

  self->bus = g_object_ref (bus);
  self->openings = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) opening_unref);
  self->freed = g_cancellable_new ();
  return self;
}

/**
 * signin_launcher_free:
 * @self: (transfer full): a launcher
 *
 * Who still waits for a page is told %G_IO_ERROR_CANCELLED.
 */
void
signin_launcher_free (SigninLauncher *self)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "signind is being stopped");
  GHashTableIter iter;
  gpointer opening;

  g_cancellable_cancel (self->freed);
  for (;;)
    {
      g_hash_table_iter_init (&iter, self->openings);
      if (!g_hash_table_iter_next (&iter, NULL, &opening))
        break;
      finish (opening, error);
    }
  g_hash_table_unref (self->openings);
  g_object_unref (self->freed);
  g_object_unref (self->bus);
  g_free (self);
}

/**
 * signin_launcher_open:
 * @self: a launcher
 * @url: an address that begins with https://
 * @activation_token: (nullable): token of the click that led here, so that the browser may come to the front
 * @opened: called exactly once with the result, for a refused address before this returns
 * @user_data: passed to @opened
 *
 * Opens a page in the person's browser: as a transient unit of the user manager; where none answers, by the desktop
 * portal; where there is none either, as a child, unless signind itself runs in a unit. Each is given 3 s. While a page
 * is on its way, asking for it again joins the first attempt.
 */
void
signin_launcher_open (SigninLauncher *self, const char *url, const char *activation_token, SigninOpened opened,
                      gpointer user_data)
{
  Waiter waiter = { opened, user_data };
  Opening *opening = g_hash_table_lookup (self->openings, url);
  g_autoptr (GError) error = NULL;

  if (opening == NULL && !check_url (url, &error))
    {
      opened (error, user_data);
      return;
    }
  if (opening != NULL && opening->waiters->len >= MAX_WAITERS)
    {
      g_set_error (&error, G_IO_ERROR, G_IO_ERROR_BUSY, "More than %d ask for this page", MAX_WAITERS);
      opened (error, user_data);
      return;
    }
  if (opening != NULL)
    {
      g_array_append_val (opening->waiters, waiter);
      return;
    }

  opening = opening_new (self, url, activation_token);
  g_array_append_val (opening->waiters, waiter);
  g_hash_table_insert (self->openings, opening->url, opening);
  call (opening, SIGNIN_SYSTEMD_NAME, SIGNIN_SYSTEMD_PATH, "org.freedesktop.DBus.Properties", "Get",
        g_variant_new ("(ss)", SIGNIN_SYSTEMD_MANAGER, "Environment"), "(v)", G_DBUS_CALL_FLAGS_NO_AUTO_START,
        on_manager_environment);
}
