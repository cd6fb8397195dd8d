/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The manager's object, and the list of accounts. */

#include "config.h"

#include <glib/gi18n.h>

#include "bus-account.h"
#include "bus-history.h"
#include "bus-options.h"
#include "bus-private.h"
#include "errors.h"
#include "names.h"
#include "text.h"

#define TOKEN_MAX_BYTES 1024

/* A call that was accepted and is answered when it is stored. */
typedef struct
{
  GDBusMethodInvocation *invocation;
  GVariant *reply;
} Call;

static void
on_settled (const GError *error, gpointer user_data)
{
  Call *call = user_data;

  if (error != NULL)
    g_dbus_method_invocation_return_gerror (call->invocation, error);
  else
    g_dbus_method_invocation_return_value (call->invocation, call->reply);
  g_clear_pointer (&call->reply, g_variant_unref);
  g_free (call);
}

/* Answers at the end of the turn; takes @error, and a floating @reply, whether that is used or not. */
gboolean
signin_bus_finish (SigninBus *bus, GDBusMethodInvocation *invocation, gboolean accepted, GError *error, GVariant *reply)
{
  g_autoptr (GVariant) owned = reply != NULL ? g_variant_ref_sink (reply) : NULL;
  Call *call;

  if (!accepted)
    {
      g_dbus_method_invocation_take_error (invocation, error);
      return TRUE;
    }
  call = g_new (Call, 1);
  call->invocation = invocation;
  call->reply = g_steal_pointer (&owned);
  signin_tracker_when_settled (bus->tracker, on_settled, call);
  return TRUE;
}

static gboolean
parse_details (GVariant *details, SigninAccountDetails *parsed, gboolean *from_next_sign_in, GError **error)
{
  const SigninOption known[] = {
    { "user-name", "s", &parsed->user_name },
    { "organization", "s", &parsed->organization },
    { "region", "s", &parsed->region },
    { "url", "s", &parsed->url },
    { "length", "t", &parsed->length_usec },
    { "lead", "t", &parsed->lead_usec },
    from_next_sign_in != NULL ? (SigninOption){ "from-next-sign-in", "b", from_next_sign_in }
                              : (SigninOption){ "service", "s", &parsed->service },
  };

  return signin_options_parse (details, known, G_N_ELEMENTS (known), error);
}

static gboolean
is_theirs (SigninBus *bus, const char *id, GError **error)
{
  return bus->provided == NULL || signin_provided_check (bus->provided, id, error);
}

static gboolean
on_add_account (SigninDBusManager *manager, GDBusMethodInvocation *invocation, const char *id, GVariant *details,
                SigninBus *bus)
{
  SigninAccountDetails parsed = SIGNIN_ACCOUNT_DETAILS_INIT;
  GError *error = NULL;
  gboolean accepted = signin_account_id_check (id, &error) && parse_details (details, &parsed, NULL, &error)
                      && signin_tracker_add_account (bus->tracker, id, &parsed, &error);
  g_autofree char *path = accepted ? signin_account_path (id) : NULL;

  return signin_bus_finish (bus, invocation, accepted, error, accepted ? g_variant_new ("(o)", path) : NULL);
}

static gboolean
on_set_account (SigninDBusManager *manager, GDBusMethodInvocation *invocation, const char *id, GVariant *details,
                SigninBus *bus)
{
  SigninAccountDetails parsed = SIGNIN_ACCOUNT_DETAILS_INIT;
  gboolean from_next_sign_in = FALSE;
  GError *error = NULL;
  gboolean accepted = parse_details (details, &parsed, &from_next_sign_in, &error) && is_theirs (bus, id, &error)
                      && signin_tracker_set_account (bus->tracker, id, &parsed, from_next_sign_in, &error);

  return signin_bus_finish (bus, invocation, accepted, error, g_variant_new ("()"));
}

static gboolean
on_remove_account (SigninDBusManager *manager, GDBusMethodInvocation *invocation, const char *id, SigninBus *bus)
{
  GError *error = NULL;
  gboolean accepted = is_theirs (bus, id, &error) && signin_tracker_remove_account (bus->tracker, id, &error);

  return signin_bus_finish (bus, invocation, accepted, error, g_variant_new ("()"));
}

static gboolean
on_record_sign_in (SigninDBusManager *manager, GDBusMethodInvocation *invocation, const char *id, GVariant *options,
                   SigninBus *bus)
{
  const char *source = SIGNIN_SOURCE_MANUAL;
  gint64 at_usec = -1, expires_at = 0;
  gboolean silent = FALSE, force = FALSE;
  const SigninOption known[] = {
    { "at", "t", &at_usec },
    { "source", "s", &source },
    { "silent", "b", &silent },
    { "force", "b", &force },
  };
  GError *error = NULL;
  gboolean accepted = signin_options_parse (options, known, G_N_ELEMENTS (known), &error)
                      && (force ? signin_tracker_force_sign_in : signin_tracker_sign_in) (bus->tracker, id, source,
                                                                                          at_usec, silent, &expires_at,
                                                                                          &error);

  return signin_bus_finish (bus, invocation, accepted, error, g_variant_new ("(t)", (guint64) expires_at));
}

static gboolean
on_record_sign_out (SigninDBusManager *manager, GDBusMethodInvocation *invocation, const char *id, GVariant *options,
                    SigninBus *bus)
{
  const char *source = NULL;
  const SigninOption known[] = { { "source", "s", &source } };
  GError *error = NULL;
  gboolean accepted = signin_options_parse (options, known, G_N_ELEMENTS (known), &error)
                      && signin_tracker_sign_out (bus->tracker, id, source, &error);

  return signin_bus_finish (bus, invocation, accepted, error, g_variant_new ("()"));
}

static gboolean
on_dismiss (SigninDBusManager *manager, GDBusMethodInvocation *invocation, const char *id, SigninBus *bus)
{
  GError *error = NULL;
  gboolean accepted = signin_tracker_dismiss (bus->tracker, id, &error);

  return signin_bus_finish (bus, invocation, accepted, error, g_variant_new ("()"));
}

static gboolean
on_snooze (SigninDBusManager *manager, GDBusMethodInvocation *invocation, const char *id, guint64 duration_usec,
           SigninBus *bus)
{
  GError *error = NULL;
  gboolean accepted = signin_tracker_snooze (bus->tracker, id, (gint64) MIN (duration_usec, (guint64) G_MAXINT64),
                                             &error);

  return signin_bus_finish (bus, invocation, accepted, error, g_variant_new ("()"));
}

static gboolean
on_get_history (SigninDBusManager *manager, GDBusMethodInvocation *invocation, GVariant *filter, SigninBus *bus)
{
  GError *error = NULL;
  GVariant *history = signin_bus_read_history (bus->tracker, filter, &error);

  if (history != NULL)
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@aa{sv})", history));
  else
    g_dbus_method_invocation_take_error (invocation, error);
  return TRUE;
}

static gboolean
on_forget_history (SigninDBusManager *manager, GDBusMethodInvocation *invocation, GVariant *filter, SigninBus *bus)
{
  GError *error = NULL;
  gboolean accepted = signin_bus_forget_history (bus->tracker, filter, &error);

  return signin_bus_finish (bus, invocation, accepted, error, g_variant_new ("()"));
}

static void
on_opened (const GError *error, gpointer user_data)
{
  GDBusMethodInvocation *invocation = user_data;

  if (error != NULL)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
                                           _ ("The page cannot be opened: %s"), error->message);
  else
    g_dbus_method_invocation_return_value (invocation, NULL);
}

static const SigninAccountInfo *
find_account (SigninBus *bus, const char *id, GError **error)
{
  const SigninAccount *account = signin_tracker_get (bus->tracker, id);

  if (account != NULL)
    return account->info;
  if (signin_account_id_check (id, error))
    g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_NO_SUCH_ACCOUNT, _ ("There is no account %s"), id);
  return NULL;
}

/* Platform data carries whatever a desktop puts there: what is not known is passed over, as the field does. */
static gboolean
on_open_sign_in_page (SigninDBusManager *manager, GDBusMethodInvocation *invocation, const char *id,
                      GVariant *platform_data, SigninBus *bus)
{
  GError *error = NULL;
  const SigninAccountInfo *info = find_account (bus, id, &error);
  g_autofree char *url = NULL;
  const char *token = NULL;

  if (!g_variant_lookup (platform_data, "activation-token", "&s", &token))
    g_variant_lookup (platform_data, "desktop-startup-id", "&s", &token);
  if (info == NULL || (token != NULL && !signin_text_check (token, TOKEN_MAX_BYTES, "activation-token", &error)))
    {
      g_dbus_method_invocation_take_error (invocation, error);
      return TRUE;
    }

  url = signin_account_info_get_url (info, bus->services);
  signin_launcher_open (bus->launcher, url, token, on_opened, invocation);
  return TRUE;
}

static void
on_changed (const char *id, const SigninAccount *account, const SigninNow *now, gpointer user_data)
{
  SigninBus *bus = user_data;
  SigninDBusObjectSkeleton *object = g_hash_table_lookup (bus->accounts, id);

  if (account == NULL)
    {
      if (object != NULL)
        g_dbus_object_manager_server_unexport (bus->objects, g_dbus_object_get_object_path (G_DBUS_OBJECT (object)));
      g_hash_table_remove (bus->accounts, id);
      return;
    }

  if (object != NULL)
    {
      signin_bus_account_update (object, account, bus->services, now);
      return;
    }
  object = signin_bus_account_new (id);
  signin_bus_account_update (object, account, bus->services, now);
  g_dbus_object_manager_server_export (bus->objects, G_DBUS_OBJECT_SKELETON (object));
  g_hash_table_insert (bus->accounts, g_strdup (id), object);
}

static void
on_news (const SigninNews *news, gpointer user_data)
{
  SigninBus *bus = user_data;
  const SigninSession *session = &news->session;
  const char *id = news->info->id;
  g_autofree char *path = signin_account_path (id);
  gint64 warns_at = signin_session_real (session, signin_session_mark (session, SIGNIN_MARK_WARNING));
  gint64 expires_at = signin_session_real (session, signin_session_mark (session, SIGNIN_MARK_EXPIRED));
  gint64 signed_in_at = signin_session_real (session, 0);

  switch (news->event)
    {
    case SIGNIN_EVENT_SIGNED_IN:
      signin_dbus_manager_emit_signed_in (bus->manager, path, id, session->source, signed_in_at, warns_at, expires_at);
      break;
    case SIGNIN_EVENT_WARNING:
      signin_dbus_manager_emit_warning (bus->manager, path, id, session->source, signed_in_at, expires_at,
                                        signin_session_remaining (session, &news->now));
      break;
    case SIGNIN_EVENT_REMINDER:
      signin_dbus_manager_emit_reminder (bus->manager, path, id, session->source, expires_at,
                                         signin_session_remaining (session, &news->now));
      break;
    case SIGNIN_EVENT_EXPIRED:
      signin_dbus_manager_emit_expired (bus->manager, path, id, session->source, expires_at);
      break;
    case SIGNIN_EVENT_SIGNED_OUT:
      signin_dbus_manager_emit_signed_out (bus->manager, path, id, session->source, news->at_usec);
      break;
    }
}

static void
on_planned (const SigninNext *next, gpointer user_data)
{
  SigninBus *bus = user_data;
  g_autofree char *path = next->info != NULL ? signin_account_path (next->info->id) : g_strdup ("/");

  g_object_set (bus->manager, "next-deadline", next->deadline_usec, "next-event",
                next->info != NULL ? signin_event_to_string (next->event) : "", "next-account", path, NULL);
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (bus->manager));
}

typedef struct
{
  SigninFlushed done;
  gpointer data;
} Flush;

static void
on_flushed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Flush *flush = user_data;
  g_autoptr (GError) error = NULL;

  /* Where it fails the bus is gone: what was not flushed stays unconfirmed, and comes again at the next start. */
  if (g_dbus_connection_flush_finish (G_DBUS_CONNECTION (source), result, &error))
    flush->done (flush->data);
  else
    g_debug ("Not flushed: %s", error->message);
}

static void
on_flush (SigninFlushed done, gpointer done_data, gpointer user_data)
{
  SigninBus *bus = user_data;
  Flush *flush = g_new (Flush, 1);

  *flush = (Flush){ .done = done, .data = done_data };
  g_dbus_connection_flush (bus->connection, NULL, on_flushed, flush);
}

static const SigninObserver observer = {
  .changed = on_changed,
  .planned = on_planned,
  .news = on_news,
  .flush = on_flush,
};

static void
connect_methods (SigninBus *bus)
{
  g_object_connect (bus->manager, "signal::handle-add-account", on_add_account, bus, "signal::handle-set-account",
                    on_set_account, bus, "signal::handle-remove-account", on_remove_account, bus,
                    "signal::handle-record-sign-in", on_record_sign_in, bus, "signal::handle-record-sign-out",
                    on_record_sign_out, bus, "signal::handle-snooze", on_snooze, bus, "signal::handle-dismiss",
                    on_dismiss, bus, "signal::handle-open-sign-in-page", on_open_sign_in_page, bus,
                    "signal::handle-get-history", on_get_history, bus, "signal::handle-forget-history",
                    on_forget_history, bus, NULL);
  signin_bus_connect_browser (bus);
}

/**
 * signin_bus_new:
 * @connection: the session bus
 * @tracker: (transfer none): whom to translate for; outlives this
 * @services: what is known of services; outlives this
 * @launcher: what opens pages; outlives this
 * @companion: what takes in reports of browsers; outlives this
 * @error: where to put what went wrong
 *
 * Puts the manager on the bus, and keeps the objects as the tracker says; the accounts are there from
 * signin_bus_show_accounts() on. It does not take the name.
 *
 * Returns: (transfer full): the objects, or %NULL with a #GIOErrorEnum
 */
SigninBus *
signin_bus_new (GDBusConnection *connection, SigninTracker *tracker, const SigninServices *services,
                SigninLauncher *launcher, SigninCompanion *companion, GError **error)
{
  g_autoptr (SigninBus) bus = g_new0 (SigninBus, 1);

  bus->connection = g_object_ref (connection);
  bus->tracker = tracker;
  bus->services = services;
  bus->launcher = launcher;
  bus->companion = companion;
  bus->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  bus->manager = signin_dbus_manager_skeleton_new ();
  bus->objects = g_dbus_object_manager_server_new (SIGNIN_OBJECT_PATH);
  g_object_set (bus->manager, "version", PACKAGE_VERSION, "next-event", "", "next-account", "/", "storage-problem", "",
                "health", g_variant_new ("aa{sv}", NULL), NULL);
  connect_methods (bus);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (bus->manager), connection, SIGNIN_OBJECT_PATH,
                                         error))
    return NULL;
  signin_tracker_observe (tracker, &observer, bus);
  return g_steal_pointer (&bus);
}

/**
 * signin_bus_set_storage_problem:
 * @bus: the objects
 * @problem: (nullable): why what is recorded is not kept, in words
 *
 * Shows on the bus whether anything is kept across a restart.
 */
void
signin_bus_set_storage_problem (SigninBus *bus, const char *problem)
{
  g_autofree char *text = g_utf8_make_valid (problem != NULL ? problem : "", -1);

  g_object_set (bus->manager, "storage-problem", text, NULL);
}

/**
 * signin_bus_show_accounts:
 * @bus: the objects
 *
 * Puts the accounts on the bus, those that are there now and those to come. As long as nobody can know of us, each of
 * them would be announced to nobody, which is a twentieth of the start.
 */
void
signin_bus_show_accounts (SigninBus *bus)
{
  g_dbus_object_manager_server_set_connection (bus->objects, bus->connection);
}

/**
 * signin_bus_set_health:
 * @bus: the objects
 * @rows: (transfer floating): what was last found out about each account, `aa{sv}`
 */
void
signin_bus_set_health (SigninBus *bus, GVariant *rows)
{
  g_object_set (bus->manager, "health", rows, NULL);
}

/**
 * signin_bus_set_provided:
 * @bus: the objects
 * @provided: accounts that people cannot change; outlives @bus
 *
 * Refuses to change or remove these.
 */
void
signin_bus_set_provided (SigninBus *bus, SigninProvided *provided)
{
  bus->provided = provided;
}

/**
 * signin_bus_free:
 * @bus: the objects
 *
 * Takes the objects off the bus. The tracker must have no more turns after this.
 */
void
signin_bus_free (SigninBus *bus)
{
  g_dbus_object_manager_server_set_connection (bus->objects, NULL);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (bus->manager));
  g_clear_object (&bus->objects);
  g_clear_object (&bus->manager);
  g_hash_table_unref (bus->accounts);
  g_object_unref (bus->connection);
  g_free (bus);
}
