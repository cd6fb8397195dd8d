/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>

#include <glib/gi18n.h>

#include "describe.h"
#include "times.h"
#include "verbs.h"

/**
 * Event:
 * @signal: its name on the bus
 * @name: its name here
 * @keys: what the times after account, id and source are called; a duration ends in "_sec"
 */
typedef struct
{
  const char *signal;
  const char *name;
  const char *keys[4];
} Event;

static const Event events[] = {
  { "SignedIn", "signed-in", { "signed_in_at", "warns_at", "expires_at" } },
  { "Warning", "warning", { "signed_in_at", "expires_at", "remaining_sec" } },
  { "Reminder", "reminder", { "expires_at", "remaining_sec" } },
  { "Expired", "expired", { "expired_at" } },
  { "SignedOut", "signed-out", { "signed_out_at" } },
};

/**
 * Monitor:
 * @ctl: the call
 * @ids: ids of the accounts there are, by path: whoever is removed says only which object went
 * @ready: the accounts are known; that this very call started the daemon is no news
 * @error: why no more can be shown
 */
typedef struct
{
  SigninCtl *ctl;
  GHashTable *ids;
  gboolean ready;
  GError *error;
} Monitor;

static char *
describe_event (const Event *event, const gint64 times[3], const char *source, gint64 now_usec)
{
  g_autofree char *first = signin_ctl_format_clock (times[0], now_usec);
  g_autofree char *second = signin_ctl_format_clock (times[1], now_usec);
  g_autofree char *third = signin_ctl_format_clock (times[2], now_usec);
  g_autofree char *left = signin_ctl_format_duration (g_str_equal (event->name, "reminder") ? times[1] : times[2]);

  if (g_str_equal (event->name, "signed-in") && times[2] == 0)
    /* TRANSLATORS: a clock time, and where the sign-in was made */
    return g_strdup_printf (_ ("signed in since %s (%s)"), first, source);
  if (g_str_equal (event->name, "signed-in"))
    /* TRANSLATORS: two clock times, and where the sign-in was made */
    return g_strdup_printf (_ ("signed in since %s, end at %s (%s)"), first, third, source);
  if (g_str_equal (event->name, "warning"))
    /* TRANSLATORS: a duration, a clock time, and where the sign-in was made */
    return g_strdup_printf (_ ("warning, %s left, end at %s (%s)"), left, second, source);
  if (g_str_equal (event->name, "reminder"))
    /* TRANSLATORS: a duration, a clock time, and where the sign-in was made */
    return g_strdup_printf (_ ("reminder, %s left, end at %s (%s)"), left, first, source);
  if (g_str_equal (event->name, "expired"))
    /* TRANSLATORS: a clock time, and where the sign-in was made */
    return g_strdup_printf (_ ("expired at %s (%s)"), first, source);
  /* TRANSLATORS: where the sign-in was made */
  return g_strdup_printf (_ ("signed out (%s)"), source);
}

/* One line each, never wrapped: whoever reads along reads lines. */
static void
tell (Monitor *monitor, const char *id, const char *text, gint64 now_usec)
{
  time_t now = now_usec / G_USEC_PER_SEC;
  struct tm local = { 0 };
  g_autofree char *line = NULL;
  g_autofree char *fitting = NULL;
  g_autofree char *out = NULL;

  localtime_r (&now, &local);
  line = g_strdup_printf ("%02d:%02d:%02d %s: %s", local.tm_hour, local.tm_min, local.tm_sec, id, text);
  fitting = signin_ctl_shorten (&monitor->ctl->style, line, monitor->ctl->style.width);
  out = g_strconcat (fitting, "\n", NULL);
  if (monitor->error == NULL)
    signin_ctl_write (stdout, out, &monitor->error);
}

static void
begin_json (SigninCtlJson *json, const char *event, const char *id, gint64 now_usec)
{
  signin_ctl_json_init (json, TRUE);
  signin_ctl_json_string (json, "event", event);
  signin_ctl_json_time (json, "at", now_usec);
  if (id != NULL)
    signin_ctl_json_string (json, "account", id);
}

static void
tell_json (Monitor *monitor, SigninCtlJson *json)
{
  if (monitor->error == NULL)
    signin_ctl_show_json (json, &monitor->error);
}

static void
tell_event (Monitor *monitor, const Event *event, const char *id, const char *source, const gint64 times[3])
{
  gint64 now_usec = g_get_real_time ();
  g_auto (SigninCtlJson) json = { NULL };
  g_autofree char *text = NULL;

  if (!monitor->ctl->json)
    {
      g_autofree char *where = signin_ctl_describe_source (NULL, source);

      text = describe_event (event, times, where, now_usec);
      tell (monitor, id, text, now_usec);
      return;
    }
  begin_json (&json, event->name, id, now_usec);
  signin_ctl_json_string (&json, "source", source);
  for (guint i = 0; event->keys[i] != NULL; i++)
    if (g_str_has_suffix (event->keys[i], "_sec"))
      signin_ctl_json_duration (&json, event->keys[i], times[i]);
    else
      signin_ctl_json_time (&json, event->keys[i], times[i]);
  tell_json (monitor, &json);
}

/* What happens to accounts, and to the daemon itself. */
static void
tell_change (Monitor *monitor, const char *event, const char *id, const char *text)
{
  gint64 now_usec = g_get_real_time ();
  g_auto (SigninCtlJson) json = { NULL };

  if (!monitor->ctl->json)
    {
      tell (monitor, id != NULL ? id : "signind", text, now_usec);
      return;
    }
  begin_json (&json, event, id, now_usec);
  tell_json (monitor, &json);
}

static int
on_event (sd_bus_message *message, void *user_data, sd_bus_error *ret_error G_GNUC_UNUSED)
{
  Monitor *monitor = user_data;
  const char *member = sd_bus_message_get_member (message);
  const char *path, *id, *source;
  g_autofree char *clean_id = NULL;
  g_autofree char *clean_source = NULL;
  gint64 times[3] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    {
      int r;

      if (g_strcmp0 (events[i].signal, member) != 0)
        continue;
      r = sd_bus_message_read (message, "oss", &path, &id, &source);
      for (guint j = 0; r > 0 && events[i].keys[j] != NULL; j++)
        {
          guint64 usec;

          r = sd_bus_message_read_basic (message, 't', &usec);
          times[j] = r > 0 && usec <= (guint64) SIGNIN_CTL_LAST_USEC ? (gint64) usec : 0;
        }
      if (r <= 0)
        return 0;
      clean_id = signin_ctl_clean (id);
      clean_source = signin_ctl_clean (source);
      tell_event (monitor, &events[i], clean_id, clean_source, times);
    }
  return 0;
}

static int
on_added (sd_bus_message *message, void *user_data, sd_bus_error *ret_error G_GNUC_UNUSED)
{
  Monitor *monitor = user_data;
  g_autoptr (SigninCtlAccount) account = NULL;
  const char *path;

  if (sd_bus_message_read_basic (message, 'o', &path) <= 0)
    return 0;
  account = signin_ctl_read_account (message, path, NULL);
  if (account != NULL && !g_hash_table_contains (monitor->ids, path))
    {
      g_hash_table_insert (monitor->ids, g_strdup (path), g_strdup (account->id));
      tell_change (monitor, "account-added", account->id, _ ("account added"));
    }
  return 0;
}

static int
on_removed (sd_bus_message *message, void *user_data, sd_bus_error *ret_error G_GNUC_UNUSED)
{
  Monitor *monitor = user_data;
  g_autofree char *id = NULL;
  g_autofree char *key = NULL;
  const char *path;

  if (sd_bus_message_read_basic (message, 'o', &path) > 0
      && g_hash_table_steal_extended (monitor->ids, path, (gpointer *) &key, (gpointer *) &id))
    tell_change (monitor, "account-removed", id, _ ("account removed"));
  return 0;
}

static int
on_owner (sd_bus_message *message, void *user_data, sd_bus_error *ret_error G_GNUC_UNUSED)
{
  Monitor *monitor = user_data;
  const char *name, *before, *after;

  if (sd_bus_message_read (message, "sss", &name, &before, &after) <= 0)
    return 0;
  if (*before != '\0' && *after == '\0')
    {
      monitor->ready = TRUE; /* whoever starts now was not started by us */
      tell_change (monitor, "daemon-stopped", NULL, _ ("the daemon has stopped"));
    }
  else if (*before == '\0' && *after != '\0' && monitor->ready)
    tell_change (monitor, "daemon-started", NULL, _ ("the daemon has started"));
  return 0;
}

static gboolean
subscribe (Monitor *monitor, sd_bus *bus, GError **error)
{
  const char *objects = "org.freedesktop.DBus.ObjectManager";
  int r;

  r = sd_bus_match_signal (bus, NULL, SIGNIN_BUS_NAME, SIGNIN_OBJECT_PATH, SIGNIN_MANAGER_INTERFACE, NULL, on_event,
                           monitor);
  if (r >= 0)
    r = sd_bus_match_signal (bus, NULL, SIGNIN_BUS_NAME, SIGNIN_OBJECT_PATH, objects, "InterfacesAdded", on_added,
                             monitor);
  if (r >= 0)
    r = sd_bus_match_signal (bus, NULL, SIGNIN_BUS_NAME, SIGNIN_OBJECT_PATH, objects, "InterfacesRemoved", on_removed,
                             monitor);
  if (r >= 0)
    r = sd_bus_add_match (bus, NULL,
                          "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',"
                          "arg0='" SIGNIN_BUS_NAME "'",
                          on_owner, monitor);
  return !signin_ctl_bus_failed (r, error);
}

static gboolean
remember_accounts (Monitor *monitor, GError **error)
{
  g_autoptr (SigninCtlSnapshot) snapshot = signin_ctl_look (monitor->ctl, error);

  for (guint i = 0; snapshot != NULL && i < snapshot->accounts->len; i++)
    {
      const SigninCtlAccount *account = signin_ctl_snapshot_get (snapshot, i);

      g_hash_table_insert (monitor->ids, g_strdup (account->path), g_strdup (account->id));
    }
  monitor->ready = snapshot != NULL;
  return monitor->ready;
}

static int
follow (Monitor *monitor, sd_bus *bus, GError **error)
{
  for (;;)
    {
      int r = sd_bus_process (bus, NULL);

      if (monitor->error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&monitor->error));
          return SIGNIN_CTL_FAILED;
        }
      if (r == 0)
        r = sd_bus_wait (bus, G_MAXUINT64);
      if (r != -EINTR && signin_ctl_bus_failed (r, error))
        return SIGNIN_CTL_UNREACHABLE;
    }
}

/**
 * signin_ctl_run_monitor:
 * @ctl: the call
 * @error: why it ended
 *
 * Shows what happens until somebody ends it.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_monitor (SigninCtl *ctl, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Monitor monitor = { .ctl = ctl, .ids = ids };
  int status = SIGNIN_CTL_FAILED;
  sd_bus *bus;

  signin_ctl_end_on_signals ();
  bus = signin_ctl_connect (ctl, error);
  if (bus == NULL)
    return SIGNIN_CTL_UNREACHABLE;
  if (subscribe (&monitor, bus, error) && remember_accounts (&monitor, error))
    status = follow (&monitor, bus, error);
  g_clear_error (&monitor.error);
  /* The matches point to what ends here. */
  g_clear_pointer (&ctl->bus, sd_bus_close_unref);
  return status;
}
