/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "popup-stage-private.h"

/* A bound on doing again what failed, until something new is to be said: a server that dies of our popup, or swallows
 * it, must not keep us busy for ever. */
#define MAX_TRIES 3

/* As the specification of notifications numbers the reasons. */
#define CLOSED_BY_TIME 1

/* Makes room for one that was not there yet. */
static Slot *
claim_slot (SigninStage *self, const char *key)
{
  Slot *slot = g_hash_table_lookup (self->slots, key);

  if (slot != NULL)
    return slot;
  slot = g_new0 (Slot, 1);
  slot->stage = self;
  slot->key = g_strdup (key);
  g_hash_table_insert (self->slots, slot->key, slot);
  return slot;
}

static Slot *
find_slot (SigninStage *self, NotifyNotification *notification)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((Slot *) value)->shown == notification || ((Slot *) value)->leaving == notification)
      return value;
  return NULL;
}

/**
 * signin_answer_free:
 * @answer: (transfer full): an answer
 */
void
signin_answer_free (SigninAnswer *answer)
{
  g_free (answer->popup);
  g_free (answer->action);
  g_free (answer->token);
  g_free (answer);
}

/* What came before the server took in our last words is an answer to the words before. */
static gboolean
is_old (const Slot *slot, const NotifyNotification *notification)
{
  return notification == slot->leaving || (slot->barrier != NULL && slot->same_id);
}

static void
post_answer (Slot *slot, NotifyNotification *notification, const char *action, const char *token)
{
  g_autofree char *key = g_strdup_printf ("%s %s", slot->key, action != NULL ? action : "");
  SigninAnswer *answer = g_new0 (SigninAnswer, 1);

  answer->popup = g_strdup (slot->key);
  answer->step = is_old (slot, notification) ? slot->old_step : slot->step;
  answer->action = g_strdup (action);
  answer->token = g_strdup (token);
  signin_mailbox_post (slot->stage->answers, key, answer);
}

void
signin_stage_on_action (NotifyNotification *notification, char *action, gpointer user_data)
{
  SigninStage *self = user_data;
  Slot *slot = find_slot (self, notification);

  if (slot == NULL)
    return;

  /* Some servers leave a popup open after its button was pressed. Its id is never used again: the closing that most
   * servers send now would count against the next popup. */
  slot->closed = TRUE;
  post_answer (slot, notification, action, notify_notification_get_activation_token (notification));
  signin_slot_take_down (slot);
}

static void
on_closed (NotifyNotification *notification, gpointer user_data)
{
  SigninStage *self = user_data;
  Slot *slot = find_slot (self, notification);

  if (slot == NULL || notification == slot->leaving)
    return;
  if (is_old (slot, notification))
    {
      slot->outrun = TRUE;
      return;
    }

  /* A server that lets nothing stay has not asked the person: what it took away is as good as lost with it. */
  if (notify_notification_get_closed_reason (notification) == CLOSED_BY_TIME)
    slot->timed_out = TRUE;
  else
    {
      /* The next step may wait for the server to wake up. */
      slot->closed = slot->step == slot->wanted->step;
      post_answer (slot, notification, NULL, NULL);
    }
  signin_slot_forget (slot);
}

/* What takes the place of a critical popup is not seen: GNOME Shell puts it straight into its list, for that one was on
 * the screen for long enough. So it is a new one. */
static gboolean
is_to_be_anew (const Slot *slot)
{
  return slot->id != 0 && slot->critical && !slot->wanted->critical;
}

/* For what is on the screen. */
static void
close_seen (SigninStage *self, guint32 id)
{
  if (self->fading)
    signin_popup_send_fade (self->bus, self->server, id);
  else
    signin_popup_send_close (self->bus, self->server, id);
}

static gboolean
is_hang (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT);
}

/* The first popup takes the place of one that a daemon has left that was killed; others of it are taken away. But only
 * on the server that showed them: to another one their numbers mean something else. */
static void
take_over (SigninStage *self, Slot *slot)
{
  g_autoptr (GArray) old = g_steal_pointer (&self->old);

  for (guint i = 0; old != NULL && i < old->len; i++)
    {
      const SigninOldPopup *popup = &g_array_index (old, SigninOldPopup, i);

      if (strcmp (popup->server, self->server) != 0)
        continue;
      if (slot->id != 0)
        close_seen (self, popup->id);
      else
        {
          slot->id = popup->id;
          /* Nobody knows; it may have been. */
          slot->critical = TRUE;
        }
    }
}

/* Makes room for a new one, before that comes: GNOME Shell does not go on to the next popup of its own accord when one
 * is closed that is to be seen. Its buttons count until it is sure that nothing was pressed before. */
static void
see_off (SigninStage *self, Slot *slot)
{
  NotifyNotification *leaving = g_steal_pointer (&slot->shown);
  guint32 id = slot->id;

  signin_slot_forget (slot);
  signin_register_drop (self->reg, slot->key);
  slot->leaving = leaving;
  close_seen (self, id);
}

static void
keep (SigninStage *self, Slot *slot, NotifyNotification *notification)
{
  int id;

  g_object_get (notification, "id", &id, NULL);
  slot->id = id;
  slot->old_step = slot->step;
  slot->step = slot->wanted->step;
  slot->critical = slot->wanted->critical;
  slot->was_shown = TRUE;
  slot->shown = g_object_ref (notification);
  g_signal_connect (slot->shown, "closed", G_CALLBACK (on_closed), self);
  signin_register_put (self->reg, slot->key, g_dbus_connection_get_guid (self->bus), self->server, slot->id);
}

/* The one call that can block, for as long as libnotify waits for the server. */
static void
hand_over (SigninStage *self, Slot *slot)
{
  g_autoptr (GObject) object = NULL;
  NotifyNotification *notification;
  g_autoptr (GError) error = NULL;
  gboolean was_seen, anew;

  take_over (self, slot);
  was_seen = slot->id != 0;
  anew = is_to_be_anew (slot);
  if (anew)
    see_off (self, slot);
  notification = signin_stage_make_notification (self, slot);
  object = G_OBJECT (notification);
  slot->tries++;
  if (!notify_notification_show (notification, &error))
    {
      signin_stage_complain (self, "The notification server does not take a popup", error);
      signin_slot_take_down (slot);
      if (is_hang (error))
        signin_stage_ask_server (self);
      return;
    }

  if (!anew)
    signin_slot_forget (slot);
  keep (self, slot, notification);
  slot->same_id = !anew;
  if (was_seen)
    signin_slot_raise_barrier (slot);
}

static void
put_on_screen (SigninStage *self, Slot *slot)
{
  signin_register_begin (self->reg);
  hand_over (self, slot);
  signin_register_end (self->reg);
}

/* Nobody sees a locked screen: what was shown once is shown again when somebody is back. */
static gboolean
is_missing (const Slot *slot)
{
  return (slot->shown == NULL || is_to_be_anew (slot)) && !slot->closed && !slot->timed_out && slot->tries < MAX_TRIES
         && !(slot->was_shown && signin_register_is_locked (slot->stage->reg));
}

void
signin_stage_show_missing (SigninStage *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->slots);
  while (self->awake && g_hash_table_iter_next (&iter, NULL, &value))
    if (is_missing (value))
      put_on_screen (self, value);
}

gboolean
signin_stage_any_missing (SigninStage *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (is_missing (value))
      return TRUE;
  return FALSE;
}

/* All at once: the next server gives the same numbers to other programs' popups. */
static void
lose_server (SigninStage *self)
{
  g_autofree char *server = g_steal_pointer (&self->server);
  GHashTableIter iter;
  gpointer value;

  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  self->awake = FALSE;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Slot *slot = value;

      /* One that has only handed on its name would show it beside the next one's. */
      if (slot->shown != NULL && server != NULL)
        signin_popup_send_close (self->bus, server, slot->id);
      signin_slot_forget (slot);
      slot->timed_out = FALSE;
      slot->tries = 0;
    }
}

static void
on_server_appeared (GDBusConnection *bus, const char *name, const char *owner, gpointer user_data)
{
  SigninStage *self = user_data;

  lose_server (self);
  self->watched = TRUE;
  self->complained = FALSE;
  self->server = g_strdup (owner);
  signin_register_set_server (self->reg, owner);
  if (signin_stage_any_missing (self))
    signin_stage_ask_server (self);
}

static void
on_server_vanished (GDBusConnection *bus, const char *name, gpointer user_data)
{
  SigninStage *self = user_data;

  lose_server (self);
  self->watched = TRUE;
  if (bus != NULL)
    signin_stage_start_server (self);
}

/**
 * signin_stage_new:
 * @bus: the session bus, the very connection that libnotify uses: only then do its signals and ours come in order
 * @context: main context of this thread, its default one
 * @answers: where to post each #SigninAnswer
 * @reg: where to take down what is on the screen
 *
 * Returns: (transfer full): an empty stage
 */
SigninStage *
signin_stage_new (GDBusConnection *bus, GMainContext *context, SigninMailbox *answers, SigninRegister *reg)
{
  SigninStage *self = g_new0 (SigninStage, 1);

  if (!notify_is_initted ())
    notify_init ("signind");

  self->bus = g_object_ref (bus);
  self->context = g_main_context_ref (context);
  self->answers = signin_mailbox_ref (answers);
  self->reg = signin_register_ref (reg);
  self->slots = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) signin_slot_free);
  self->filter = signin_stage_address_popups (self);
  self->old = signin_popup_file_read (g_dbus_connection_get_guid (bus));
  self->watch = g_bus_watch_name_on_connection (bus, SIGNIN_NOTIFICATIONS_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                on_server_appeared, on_server_vanished, self, NULL);
  return self;
}

/**
 * signin_stage_free:
 * @self: (transfer full): a stage, whose main context runs no more
 *
 * Leaves the screen as it is.
 */
void
signin_stage_free (SigninStage *self)
{
  g_bus_unwatch_name (self->watch);
  g_dbus_connection_remove_filter (self->bus, self->filter);
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_hash_table_unref (self->slots);
  g_clear_pointer (&self->old, g_array_unref);
  g_free (self->server);
  signin_register_unref (self->reg);
  signin_mailbox_unref (self->answers);
  g_main_context_unref (self->context);
  g_object_unref (self->bus);
  g_free (self);
}

/**
 * signin_stage_show:
 * @self: a stage
 * @key: which popup it is
 * @popup: (transfer full): what to show, in place of what it said before
 *
 * Shows a popup, as soon as there is a server that answers. May block for as long as libnotify does.
 */
void
signin_stage_show (SigninStage *self, const char *key, SigninPopup *popup)
{
  Slot *slot = claim_slot (self, key);

  if (slot->wanted == NULL || slot->wanted->step != popup->step)
    {
      slot->closed = FALSE;
      slot->was_shown = FALSE;
    }
  g_clear_pointer (&slot->wanted, signin_popup_free);
  slot->wanted = popup;
  slot->ordered_nsec = signin_stage_now_nsec ();
  slot->timed_out = FALSE;
  slot->tries = 0;
  self->starts = 0;

  if (slot->closed || !self->watched)
    return;
  if (self->server == NULL)
    signin_stage_start_server (self);
  /* One that came to a stop meanwhile would show a new popup once more when it goes on: nobody would have its number. A
   * popup in the place of another one stays one. */
  else if (self->awake && slot->id != 0 && !is_to_be_anew (slot))
    put_on_screen (self, slot);
  else
    signin_stage_ask_server (self);
}

/**
 * signin_stage_withdraw:
 * @self: a stage
 * @key: which popup goes
 *
 * Takes a popup from the screen. Never blocks.
 */
void
signin_stage_withdraw (SigninStage *self, const char *key)
{
  Slot *slot = g_hash_table_lookup (self->slots, key);
  guint32 id;

  if (slot == NULL)
    return;
  id = slot->id;
  g_hash_table_remove (self->slots, key);
  if (id != 0 && self->server != NULL)
    close_seen (self, id);
}
