/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reads what the daemon shows. Properties that are missing, unknown or of another type do no harm. */

#include "config.h"

#include "snapshot.h"

#include <glib/gi18n.h>

#include "fields.h"

static const SigninCtlField session_fields[] = {
  { "source", 's', G_STRUCT_OFFSET (SigninCtlSession, source) },
  { "state", 's', G_STRUCT_OFFSET (SigninCtlSession, state) },
  { "signed-in-at", 't', G_STRUCT_OFFSET (SigninCtlSession, signed_in_at) },
  { "warns-at", 't', G_STRUCT_OFFSET (SigninCtlSession, warns_at) },
  { "expires-at", 't', G_STRUCT_OFFSET (SigninCtlSession, expires_at) },
  { "silent", 'b', G_STRUCT_OFFSET (SigninCtlSession, silent) },
  { "dismissed", 'b', G_STRUCT_OFFSET (SigninCtlSession, dismissed) },
  { NULL },
};

static const SigninCtlField account_fields[] = {
  { "Id", 's', G_STRUCT_OFFSET (SigninCtlAccount, id) },
  { "Service", 's', G_STRUCT_OFFSET (SigninCtlAccount, service) },
  { "ServiceName", 's', G_STRUCT_OFFSET (SigninCtlAccount, service_name) },
  { "UserName", 's', G_STRUCT_OFFSET (SigninCtlAccount, user_name) },
  { "Organization", 's', G_STRUCT_OFFSET (SigninCtlAccount, organization) },
  { "Region", 's', G_STRUCT_OFFSET (SigninCtlAccount, region) },
  { "Url", 's', G_STRUCT_OFFSET (SigninCtlAccount, url) },
  { "State", 's', G_STRUCT_OFFSET (SigninCtlAccount, state) },
  { "Source", 's', G_STRUCT_OFFSET (SigninCtlAccount, source) },
  { "SignedInAt", 't', G_STRUCT_OFFSET (SigninCtlAccount, signed_in_at) },
  { "WarnsAt", 't', G_STRUCT_OFFSET (SigninCtlAccount, warns_at) },
  { "ExpiresAt", 't', G_STRUCT_OFFSET (SigninCtlAccount, expires_at) },
  { "SnoozedUntil", 't', G_STRUCT_OFFSET (SigninCtlAccount, snoozed_until) },
  { "SessionLength", 't', G_STRUCT_OFFSET (SigninCtlAccount, session_length) },
  { "WarningLead", 't', G_STRUCT_OFFSET (SigninCtlAccount, warning_lead) },
  { NULL },
};

static const SigninCtlField suggestion_fields[] = {
  { "host", 's', G_STRUCT_OFFSET (SigninCtlSuggestion, host) },
  { "source", 's', G_STRUCT_OFFSET (SigninCtlSuggestion, source) },
  { NULL },
};

static const SigninCtlField manager_fields[] = {
  { "Version", 's', G_STRUCT_OFFSET (SigninCtlSnapshot, daemon_version) },
  { "NextEvent", 's', G_STRUCT_OFFSET (SigninCtlSnapshot, next_event) },
  { "NextAccount", 'o', G_STRUCT_OFFSET (SigninCtlSnapshot, next_account) },
  { "NextDeadline", 't', G_STRUCT_OFFSET (SigninCtlSnapshot, next_deadline) },
  { NULL },
};

static void
free_session (gpointer data)
{
  signin_ctl_fields_clear (session_fields, data);
  g_free (data);
}

static void
free_suggestion (gpointer data)
{
  signin_ctl_fields_clear (suggestion_fields, data);
  g_free (data);
}

/**
 * List:
 * @name: a property of type `aa{sv}`
 * @rows: what its items are, and where they go
 *
 * An array of them ends with one without a name.
 */
typedef struct
{
  const char *name;
  SigninCtlRows rows;
} List;

static int
take_list (sd_bus_message *message, const char *name, const char *type, gpointer user_data)
{
  for (const List *list = user_data; list->name != NULL; list++)
    if (g_str_equal (name, list->name))
      return signin_ctl_rows_take (message, type, &list->rows);
  return 0;
}

/**
 * Health:
 *
 * A row of the manager's property of that name.
 */
typedef struct
{
  char *account;
  char *verdict;
  char *reason;
  gint64 at;
} Health;

static const SigninCtlField health_fields[] = {
  { "account", 's', G_STRUCT_OFFSET (Health, account) },
  { "verdict", 's', G_STRUCT_OFFSET (Health, verdict) },
  { "reason", 's', G_STRUCT_OFFSET (Health, reason) },
  { "at", 't', G_STRUCT_OFFSET (Health, at) },
  { NULL },
};

static void
free_health (gpointer data)
{
  signin_ctl_fields_clear (health_fields, data);
  g_free (data);
}

/**
 * signin_ctl_account_free:
 * @account: an account
 *
 * Frees @account.
 */
void
signin_ctl_account_free (SigninCtlAccount *account)
{
  signin_ctl_fields_clear (account_fields, account);
  g_clear_pointer (&account->path, g_free);
  g_clear_pointer (&account->health_verdict, g_free);
  g_clear_pointer (&account->health_reason, g_free);
  g_clear_pointer (&account->sessions, g_ptr_array_unref);
  g_free (account);
}

/**
 * signin_ctl_account_find:
 * @account: an account
 * @source: a source
 *
 * Returns: (nullable) (transfer none): the session that was made there.
 */
const SigninCtlSession *
signin_ctl_account_find (const SigninCtlAccount *account, const char *source)
{
  for (guint i = 0; i < account->sessions->len; i++)
    {
      const SigninCtlSession *session = g_ptr_array_index (account->sessions, i);

      if (g_str_equal (session->source, source))
        return session;
    }
  return NULL;
}

/**
 * signin_ctl_account_is_running:
 * @account: an account
 *
 * Returns: whether one of its sessions still runs.
 */
gboolean
signin_ctl_account_is_running (const SigninCtlAccount *account)
{
  return g_str_equal (account->state, "active") || g_str_equal (account->state, "expiring");
}

/* Reads the `a{sa{sv}}` of an object; 0 without an account if it is none. */
static int
read_interfaces (sd_bus_message *message, const char *path, SigninCtlAccount **account)
{
  g_autoptr (SigninCtlAccount) read = g_new0 (SigninCtlAccount, 1);
  List lists[] = { { "Sessions", { session_fields, sizeof (SigninCtlSession), NULL } }, { NULL } };
  gboolean is_account = FALSE;
  int r;

  read->path = g_strdup (path);
  read->health_verdict = g_strdup ("");
  read->health_reason = g_strdup ("");
  read->sessions = g_ptr_array_new_with_free_func (free_session);
  lists[0].rows.rows = read->sessions;
  signin_ctl_fields_init (account_fields, read);
  r = sd_bus_message_enter_container (message, 'a', "{sa{sv}}");
  while (r >= 0 && (r = sd_bus_message_enter_container (message, 'e', "sa{sv}")) > 0)
    {
      const char *interface;

      r = sd_bus_message_read_basic (message, 's', &interface);
      if (r < 0)
        return r;
      if (g_str_equal (interface, SIGNIN_ACCOUNT_INTERFACE))
        {
          is_account = TRUE;
          r = signin_ctl_fields_read (message, account_fields, read, take_list, lists);
        }
      else
        r = sd_bus_message_skip (message, "a{sv}");
      if (r >= 0)
        r = sd_bus_message_exit_container (message);
    }
  if (r >= 0)
    r = sd_bus_message_exit_container (message);
  if (r >= 0 && is_account && *read->id != '\0')
    *account = g_steal_pointer (&read);
  return r;
}

/**
 * signin_ctl_read_account:
 * @message: a message at the `a{sa{sv}}` of an object
 * @path: the object's path
 * @error: why it cannot be read
 *
 * Returns: (nullable) (transfer full): the account; %NULL without @error if the object is something else.
 */
SigninCtlAccount *
signin_ctl_read_account (sd_bus_message *message, const char *path, GError **error)
{
  SigninCtlAccount *account = NULL;

  signin_ctl_bus_failed (read_interfaces (message, path, &account), error);
  return account;
}

/* Gives each account what the manager knows of its service. */
static void
spread_health (SigninCtlSnapshot *snapshot, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      Health *health = g_ptr_array_index (rows, i);

      for (guint j = 0; j < snapshot->accounts->len; j++)
        {
          SigninCtlAccount *account = g_ptr_array_index (snapshot->accounts, j);

          if (!g_str_equal (account->id, health->account))
            continue;
          g_free (account->health_verdict);
          account->health_verdict = g_steal_pointer (&health->verdict);
          g_free (account->health_reason);
          account->health_reason = g_steal_pointer (&health->reason);
          account->health_at = health->at;
          break;
        }
    }
}

/**
 * signin_ctl_read_manager:
 * @snapshot: where to store it; its accounts are there already
 * @message: a message at the `a{sv}` of the manager's properties
 * @error: why it cannot be read
 *
 * Returns: whether it could be read.
 */
gboolean
signin_ctl_read_manager (SigninCtlSnapshot *snapshot, sd_bus_message *message, GError **error)
{
  g_autoptr (GPtrArray) health = g_ptr_array_new_with_free_func (free_health);
  List lists[] = {
    { "Suggestions", { suggestion_fields, sizeof (SigninCtlSuggestion), snapshot->suggestions } },
    { "Health", { health_fields, sizeof (Health), health } },
    { NULL },
  };
  int r = signin_ctl_fields_read (message, manager_fields, snapshot, take_list, lists);

  if (signin_ctl_bus_failed (r, error))
    return FALSE;
  spread_health (snapshot, health);
  return TRUE;
}

/**
 * signin_ctl_snapshot_new:
 *
 * Returns: (transfer full): a snapshot without accounts.
 */
SigninCtlSnapshot *
signin_ctl_snapshot_new (void)
{
  SigninCtlSnapshot *snapshot = g_new0 (SigninCtlSnapshot, 1);

  snapshot->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) signin_ctl_account_free);
  snapshot->suggestions = g_ptr_array_new_with_free_func (free_suggestion);
  signin_ctl_fields_init (manager_fields, snapshot);
  return snapshot;
}

/**
 * signin_ctl_snapshot_free:
 * @snapshot: a snapshot
 *
 * Frees @snapshot.
 */
void
signin_ctl_snapshot_free (SigninCtlSnapshot *snapshot)
{
  signin_ctl_fields_clear (manager_fields, snapshot);
  g_ptr_array_unref (snapshot->accounts);
  g_ptr_array_unref (snapshot->suggestions);
  g_free (snapshot);
}

static int
compare_accounts (gconstpointer a, gconstpointer b)
{
  const SigninCtlAccount *first = *(const SigninCtlAccount *const *) a;
  const SigninCtlAccount *second = *(const SigninCtlAccount *const *) b;

  return strcmp (first->id, second->id);
}

static gboolean
read_accounts (SigninCtlSnapshot *snapshot, sd_bus_message *message, GError **error)
{
  int r = sd_bus_message_enter_container (message, 'a', "{oa{sa{sv}}}");

  while (r >= 0 && (r = sd_bus_message_enter_container (message, 'e', "oa{sa{sv}}")) > 0)
    {
      SigninCtlAccount *account = NULL;
      const char *path;

      r = sd_bus_message_read_basic (message, 'o', &path);
      if (r >= 0)
        r = read_interfaces (message, path, &account);
      if (account != NULL)
        g_ptr_array_add (snapshot->accounts, account);
      if (r >= 0)
        r = sd_bus_message_exit_container (message);
    }
  if (signin_ctl_bus_failed (r, error))
    return FALSE;
  g_ptr_array_sort (snapshot->accounts, compare_accounts);
  return TRUE;
}

/**
 * signin_ctl_snapshot_read:
 * @bus: a connection
 * @error: why not
 *
 * Asks for everything at once: both questions leave before the first answer is there.
 *
 * Returns: (transfer full): what is true now.
 */
SigninCtlSnapshot *
signin_ctl_snapshot_read (sd_bus *bus, GError **error)
{
  g_autoptr (SigninCtlSnapshot) snapshot = signin_ctl_snapshot_new ();
  g_autoptr (sd_bus_message) ask_accounts = NULL;
  g_autoptr (sd_bus_message) ask_manager = NULL;
  g_auto (SigninCtlCall) accounts = { NULL };
  g_auto (SigninCtlCall) manager = { NULL };

  ask_accounts = signin_ctl_bus_message (bus, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", error);
  if (ask_accounts == NULL)
    return NULL;
  ask_manager = signin_ctl_bus_message (bus, "org.freedesktop.DBus.Properties", "GetAll", error);
  if (ask_manager == NULL
      || signin_ctl_bus_failed (sd_bus_message_append (ask_manager, "s", SIGNIN_MANAGER_INTERFACE), error))
    return NULL;
  if (!signin_ctl_call_start (&manager, bus, ask_manager, error)
      || !signin_ctl_call_start (&accounts, bus, ask_accounts, error))
    return NULL;
  /* The accounts come last: whoever listens for changes knows them before the first change is looked at. */
  if (!signin_ctl_call_wait (&manager, bus, error) || !signin_ctl_call_wait (&accounts, bus, error))
    return NULL;
  if (!read_accounts (snapshot, accounts.reply, error) || !signin_ctl_read_manager (snapshot, manager.reply, error))
    return NULL;
  return g_steal_pointer (&snapshot);
}

/**
 * signin_ctl_snapshot_peek:
 * @bus: a connection
 * @patience_usec: how long to wait for an answer
 *
 * Asks for the accounts, for who can do without. A daemon that does not run is not started.
 *
 * Returns: (nullable) (transfer full): the accounts, without what comes next.
 */
SigninCtlSnapshot *
signin_ctl_snapshot_peek (sd_bus *bus, guint64 patience_usec)
{
  g_autoptr (SigninCtlSnapshot) snapshot = signin_ctl_snapshot_new ();
  g_autoptr (sd_bus_message) message = NULL;
  g_autoptr (sd_bus_message) reply = NULL;

  message = signin_ctl_bus_message (bus, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects", NULL);
  if (message == NULL || sd_bus_message_set_auto_start (message, FALSE) < 0
      || sd_bus_call (bus, message, patience_usec, NULL, &reply) < 0 || !read_accounts (snapshot, reply, NULL))
    return NULL;
  return g_steal_pointer (&snapshot);
}

/**
 * signin_ctl_snapshot_get:
 * @snapshot: a snapshot
 * @i: a number
 *
 * Returns: (transfer none): its account number @i.
 */
const SigninCtlAccount *
signin_ctl_snapshot_get (const SigninCtlSnapshot *snapshot, guint i)
{
  return g_ptr_array_index (snapshot->accounts, i);
}

static char *
list_ids (const SigninCtlSnapshot *snapshot)
{
  GString *ids = g_string_new (NULL);

  for (guint i = 0; i < snapshot->accounts->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? ", " : "", signin_ctl_snapshot_get (snapshot, i)->id);
  return g_string_free (ids, FALSE);
}

static void
set_no_accounts (GError **error)
{
  g_set_error_literal (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_NO_ACCOUNT,
                       _ ("There is no account yet; add one: signinctl add https://contoso.crm4.dynamics.com"));
}

/**
 * signin_ctl_snapshot_find:
 * @snapshot: a snapshot
 * @id: an id
 * @error: which accounts there are instead
 *
 * Returns: (transfer none): the account of that id.
 */
const SigninCtlAccount *
signin_ctl_snapshot_find (const SigninCtlSnapshot *snapshot, const char *id, GError **error)
{
  g_autofree char *ids = NULL;

  for (guint i = 0; i < snapshot->accounts->len; i++)
    if (g_str_equal (signin_ctl_snapshot_get (snapshot, i)->id, id))
      return signin_ctl_snapshot_get (snapshot, i);
  if (snapshot->accounts->len == 0)
    {
      set_no_accounts (error);
      return NULL;
    }
  ids = list_ids (snapshot);
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_NO_ACCOUNT, _ ("There is no account '%s'; there are: %s"), id, ids);
  return NULL;
}

/**
 * signin_ctl_snapshot_only:
 * @snapshot: a snapshot
 * @error: why it is not clear which account is meant
 *
 * Returns: (transfer none): the one account that there is.
 */
const SigninCtlAccount *
signin_ctl_snapshot_only (const SigninCtlSnapshot *snapshot, GError **error)
{
  g_autofree char *ids = NULL;

  if (snapshot->accounts->len == 1)
    return signin_ctl_snapshot_get (snapshot, 0);
  if (snapshot->accounts->len == 0)
    {
      set_no_accounts (error);
      return NULL;
    }
  ids = list_ids (snapshot);
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("There are several accounts; name one of: %s"), ids);
  return NULL;
}

/**
 * signin_ctl_snapshot_next:
 * @snapshot: a snapshot
 *
 * Returns: (nullable) (transfer none): the account that something is due for next.
 */
const SigninCtlAccount *
signin_ctl_snapshot_next (const SigninCtlSnapshot *snapshot)
{
  for (guint i = 0; i < snapshot->accounts->len; i++)
    if (g_str_equal (signin_ctl_snapshot_get (snapshot, i)->path, snapshot->next_account))
      return signin_ctl_snapshot_get (snapshot, i);
  return NULL;
}
