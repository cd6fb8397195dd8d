/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When signin-healthd is asked, and what is remembered of its answers.
 *
 * It is asked at the warning of a session, and again at each reminder of it until the answer was "up": that is when
 * somebody looks at a popup, and nothing else makes a request. Nothing here runs in between. */

#include "config.h"

#include "health-watch.h"

#include <string.h>

#include "health-told.h"
#include "names.h"

/* Longer than the service may take; whoever hangs is given up. */
#define ANSWER_USEC (15 * (guint64) G_USEC_PER_SEC)
#define CALL_MSEC 20000

/* More rows than 64 accounts have are not looked at. */
#define ROWS_MAX 1024

/**
 * Known:
 * @verdict: what was last said of it (static); %NULL if nothing was
 * @reason: why, a code
 * @at_usec: when, in microseconds of CLOCK_REALTIME
 * @url: the page that it was about
 * @trouble: what its popup says
 * @well: the answer was "up" since its warning
 *
 * What is known of an account.
 */
typedef struct
{
  const char *verdict;
  char *reason;
  gint64 at_usec;
  char *url;
  SigninTrouble trouble;
  gboolean well;
} Known;

struct _SigninHealthWatch
{
  GDBusConnection *bus;
  SigninTracker *tracker;
  const SigninServices *services;
  SigninHealthEvents events;
  gpointer user_data;
  gboolean enabled;
  guint subscription;
  GHashTable *known;   /* id -> Known */
  GHashTable *waiting; /* ids to ask about */
  GSource *turn;       /* after which that is done */
  GCancellable *call;  /* while an answer is waited for */
};

static void
known_free (gpointer data)
{
  Known *known = data;

  g_free (known->reason);
  g_free (known->url);
  g_free (known);
}

static Known *
get_known (SigninHealthWatch *watch, const char *id)
{
  Known *known = g_hash_table_lookup (watch->known, id);

  if (known == NULL)
    {
      known = g_new0 (Known, 1);
      g_hash_table_insert (watch->known, g_strdup (id), known);
    }
  return known;
}

static void
show (SigninHealthWatch *watch)
{
  GVariantBuilder rows;
  GHashTableIter iter;
  gpointer id, value;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  g_hash_table_iter_init (&iter, watch->known);
  while (g_hash_table_iter_next (&iter, &id, &value))
    {
      const Known *known = value;

      if (known->verdict == NULL)
        continue;
      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&rows, "{sv}", "account", g_variant_new_string (id));
      g_variant_builder_add (&rows, "{sv}", "verdict", g_variant_new_string (known->verdict));
      g_variant_builder_add (&rows, "{sv}", "reason", g_variant_new_string (known->reason));
      g_variant_builder_add (&rows, "{sv}", "at", g_variant_new_uint64 (known->at_usec));
      g_variant_builder_close (&rows);
    }
  watch->events.known (g_variant_builder_end (&rows), watch->user_data);
}

static gboolean
is_expiring (SigninHealthWatch *watch, const SigninAccount *account)
{
  SigninAccountView view;
  SigninNow now;

  signin_tracker_read_clock (watch->tracker, &now);
  signin_account_view (account, &now, &view);
  return view.state == SIGNIN_STATE_EXPIRING;
}

/* What a popup says is changed only while there is one to act on. */
static void
take_trouble (SigninHealthWatch *watch, const SigninAccount *account, Known *known)
{
  if (known->trouble == SIGNIN_TROUBLE_NONE && !is_expiring (watch, account))
    return;
  if (signin_trouble_apply (&known->trouble, known->verdict, known->reason))
    watch->events.trouble (account->info->id, known->trouble, watch->user_data);
}

static void
take_row (SigninHealthWatch *watch, GVariant *row)
{
  const SigninAccount *account;
  SigninHealthTold told;
  Known *known;

  if (!signin_health_told_read (&told, row, g_get_real_time ()))
    return;
  account = signin_tracker_get (watch->tracker, told.account);
  if (account == NULL)
    return;

  known = get_known (watch, told.account);
  known->verdict = told.verdict;
  g_free (known->reason);
  known->reason = g_strdup (told.reason);
  known->at_usec = told.at_usec;
  g_free (known->url);
  known->url = signin_account_info_get_url (account->info, watch->services);
  known->well = known->well || g_str_equal (known->verdict, "up");
  take_trouble (watch, account, known);
}

static void
take_rows (SigninHealthWatch *watch, GVariant *rows)
{
  gsize n = MIN (g_variant_n_children (rows), ROWS_MAX);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);

      take_row (watch, row);
    }
  show (watch);
}

static void
on_told (GDBusConnection *connection, const char *sender, const char *path, const char *interface, const char *signal,
         GVariant *parameters, gpointer user_data)
{
  g_autoptr (GVariant) rows = NULL;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(aa{sv})")))
    return;
  rows = g_variant_get_child_value (parameters, 0);
  take_rows (user_data, rows);
}

static void schedule (SigninHealthWatch *watch);

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SigninHealthWatch *watch = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) rows = NULL;

  /* Only freeing the watch cancels a call. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&watch->call);
  if (answer != NULL)
    {
      rows = g_variant_get_child_value (answer, 0);
      take_rows (watch, rows);
    }
  else
    g_debug ("Nothing is known of the services: %s", error->message);
  if (g_hash_table_size (watch->waiting) > 0)
    schedule (watch);
}

static void
add_target (SigninHealthWatch *watch, GVariantBuilder *targets, const SigninAccountInfo *info)
{
  g_autofree char *url = signin_account_info_get_url (info, watch->services);

  g_variant_builder_open (targets, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (targets, "{sv}", "account", g_variant_new_string (info->id));
  g_variant_builder_add (targets, "{sv}", "service", g_variant_new_string (info->service));
  if (info->organization != NULL)
    g_variant_builder_add (targets, "{sv}", "organization", g_variant_new_string (info->organization));
  if (info->region != NULL)
    g_variant_builder_add (targets, "{sv}", "region", g_variant_new_string (info->region));
  g_variant_builder_add (targets, "{sv}", "url", g_variant_new_string (url));
  g_variant_builder_close (targets);
}

/* As many of those that wait as one call takes. */
static GVariant *
take_targets (SigninHealthWatch *watch)
{
  GVariantBuilder targets;
  GHashTableIter iter;
  gpointer id;
  guint n = 0;

  g_variant_builder_init (&targets, G_VARIANT_TYPE ("aa{sv}"));
  g_hash_table_iter_init (&iter, watch->waiting);
  while (n < SIGNIN_HEALTH_TARGETS_MAX && g_hash_table_iter_next (&iter, &id, NULL))
    {
      const SigninAccount *account = signin_tracker_get (watch->tracker, id);

      if (account != NULL)
        {
          add_target (watch, &targets, account->info);
          n++;
        }
      g_hash_table_iter_remove (&iter);
    }
  if (n > 0)
    return g_variant_builder_end (&targets);
  g_variant_builder_clear (&targets);
  return NULL;
}

static gboolean
on_turn (gpointer user_data)
{
  SigninHealthWatch *watch = user_data;
  GVariant *targets = take_targets (watch);
  GVariantBuilder options;

  g_clear_pointer (&watch->turn, g_source_unref);
  if (targets == NULL)
    return G_SOURCE_REMOVE;
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "targets", targets);
  g_variant_builder_add (&options, "{sv}", "common", g_variant_new_boolean (FALSE));
  g_variant_builder_add (&options, "{sv}", "feeds", g_variant_new_boolean (FALSE));
  g_variant_builder_add (&options, "{sv}", "graph", g_variant_new_boolean (FALSE));
  g_variant_builder_add (&options, "{sv}", "timeout_usec", g_variant_new_uint64 (ANSWER_USEC));
  watch->call = g_cancellable_new ();
  g_dbus_connection_call (watch->bus, SIGNIN_HEALTH_BUS_NAME, SIGNIN_HEALTH_OBJECT_PATH, SIGNIN_HEALTH_INTERFACE,
                          "Check", g_variant_new ("(a{sv})", &options), G_VARIANT_TYPE ("(aa{sv})"),
                          G_DBUS_CALL_FLAGS_NONE, CALL_MSEC, watch->call, on_answer, watch);
  return G_SOURCE_REMOVE;
}

/* One call at a time, after everybody else was told: who hangs is asked once, not once an account. */
static void
schedule (SigninHealthWatch *watch)
{
  if (watch->turn != NULL || watch->call != NULL)
    return;
  watch->turn = g_idle_source_new ();
  g_source_set_priority (watch->turn, G_PRIORITY_DEFAULT);
  g_source_set_static_name (watch->turn, "signin-health");
  g_source_set_callback (watch->turn, on_turn, watch, NULL);
  g_source_attach (watch->turn, g_main_context_get_thread_default ());
}

/* A new session begins with nothing to be said of it. */
static void
forget_trouble (SigninHealthWatch *watch, const char *id)
{
  Known *known = g_hash_table_lookup (watch->known, id);

  g_hash_table_remove (watch->waiting, id);
  if (known == NULL)
    return;
  known->well = FALSE;
  if (known->trouble == SIGNIN_TROUBLE_NONE)
    return;
  known->trouble = SIGNIN_TROUBLE_NONE;
  watch->events.trouble (id, SIGNIN_TROUBLE_NONE, watch->user_data);
}

static void
on_news (const SigninNews *news, gpointer user_data)
{
  SigninHealthWatch *watch = user_data;
  const char *id = news->info->id;

  if (news->event == SIGNIN_EVENT_SIGNED_IN || news->event == SIGNIN_EVENT_SIGNED_OUT)
    forget_trouble (watch, id);
  if (news->event != SIGNIN_EVENT_WARNING && news->event != SIGNIN_EVENT_REMINDER)
    return;
  if (news->event == SIGNIN_EVENT_WARNING)
    get_known (watch, id)->well = FALSE;
  /* Of a session that was dismissed there is no popup. */
  if (!watch->enabled || news->session.dismissed || get_known (watch, id)->well)
    return;
  g_hash_table_add (watch->waiting, g_strdup (id));
  schedule (watch);
}

/* What was found out is about an address. */
static void
on_changed (const char *id, const SigninAccount *account, const SigninNow *now, gpointer user_data)
{
  SigninHealthWatch *watch = user_data;
  Known *known = g_hash_table_lookup (watch->known, id);
  g_autofree char *url = NULL;

  if (known == NULL)
    return;
  if (account != NULL)
    url = signin_account_info_get_url (account->info, watch->services);
  if (account != NULL && (known->url == NULL || g_str_equal (known->url, url)))
    return;
  forget_trouble (watch, id);
  g_hash_table_remove (watch->known, id);
  show (watch);
}

/**
 * signin_health_watch_new:
 * @bus: the session bus
 * @tracker: whose warnings are followed; has no more turns once the watch is freed
 * @services: what is known of services; outlives the watch
 * @events: what is told
 * @user_data: passed to @events
 *
 * Follows warnings from now on, and what signin-healthd says to anybody. It starts nobody before a warning is due.
 *
 * Returns: (transfer full): the watch, which asks nobody before it is enabled
 */
SigninHealthWatch *
signin_health_watch_new (GDBusConnection *bus, SigninTracker *tracker, const SigninServices *services,
                         const SigninHealthEvents *events, gpointer user_data)
{
  static const SigninObserver observer = { .changed = on_changed, .news = on_news };
  SigninHealthWatch *watch = g_new0 (SigninHealthWatch, 1);

  watch->bus = g_object_ref (bus);
  watch->tracker = tracker;
  watch->services = services;
  watch->events = *events;
  watch->user_data = user_data;
  watch->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_free);
  watch->waiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  watch->subscription = g_dbus_connection_signal_subscribe (bus, SIGNIN_HEALTH_BUS_NAME, SIGNIN_HEALTH_INTERFACE,
                                                            "Changed", SIGNIN_HEALTH_OBJECT_PATH, NULL,
                                                            G_DBUS_SIGNAL_FLAGS_NONE, on_told, watch, NULL);
  signin_tracker_observe (tracker, &observer, watch);
  return watch;
}

/**
 * signin_health_watch_set_enabled:
 * @watch: the watch
 * @enabled: whether signin-healthd is asked at warnings from now on
 */
void
signin_health_watch_set_enabled (SigninHealthWatch *watch, gboolean enabled)
{
  watch->enabled = enabled;
  if (!enabled)
    g_hash_table_remove_all (watch->waiting);
}

/**
 * signin_health_watch_free:
 * @watch: (transfer full): the watch
 *
 * Does not wait for an answer that is under way.
 */
void
signin_health_watch_free (SigninHealthWatch *watch)
{
  if (watch->call != NULL)
    g_cancellable_cancel (watch->call);
  g_clear_object (&watch->call);
  if (watch->turn != NULL)
    g_source_destroy (watch->turn);
  g_clear_pointer (&watch->turn, g_source_unref);
  g_dbus_connection_signal_unsubscribe (watch->bus, watch->subscription);
  g_hash_table_unref (watch->known);
  g_hash_table_unref (watch->waiting);
  g_object_unref (watch->bus);
  g_free (watch);
}
