/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "popup-stage-private.h"

/* A bound on doing again what failed, until something new is to be said: a server that dies of our popup, or swallows
 * it, must not keep us busy for ever. */
#define MAX_TRIES 3

/* libnotify goes on using an object after the callback in which we are done with it. */
static void
unref_later (SigninStage *self, NotifyNotification *notification)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, G_SOURCE_FUNC (g_object_unref), notification, NULL);
  g_source_attach (source, self->context);
}

static void
remove_barrier (Slot *slot)
{
  slot->outrun = FALSE;
  if (slot->barrier == NULL)
    return;
  g_source_destroy (slot->barrier);
  g_source_unref (slot->barrier);
  slot->barrier = NULL;
}

/* Hears nothing of the popup any more, without closing it. */
static void
forget_shown (Slot *slot)
{
  remove_barrier (slot);
  slot->id = 0;
  if (slot->shown == NULL)
    return;

  g_signal_handlers_disconnect_by_data (slot->shown, slot->stage);
  /* Or it would still take a button of what has its number now for one of its own. */
  g_object_set (slot->shown, "id", 0, NULL);
  unref_later (slot->stage, g_steal_pointer (&slot->shown));
  signin_register_drop (slot->stage->reg, slot->key);
}

static void
take_down (Slot *slot)
{
  SigninStage *self = slot->stage;
  guint32 id = slot->id;

  forget_shown (slot);
  if (id != 0 && self->server != NULL)
    signin_popup_send_close (self->bus, self->server, id);
}

static void
slot_free (Slot *slot)
{
  forget_shown (slot);
  g_clear_pointer (&slot->wanted, signin_popup_free);
  g_free (slot->key);
  g_free (slot);
}

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
    if (((Slot *) value)->shown == notification)
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

static void
post_answer (Slot *slot, const char *action, const char *token)
{
  g_autofree char *key = g_strdup_printf ("%s %s", slot->key, action != NULL ? action : "");
  SigninAnswer *answer = g_new0 (SigninAnswer, 1);

  answer->popup = g_strdup (slot->key);
  /* What came before the server took in our last words is an answer to the words before. */
  answer->step = slot->barrier != NULL ? slot->old_step : slot->step;
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
  post_answer (slot, action, notify_notification_get_activation_token (notification));
  take_down (slot);
}

static void
on_closed (NotifyNotification *notification, gpointer user_data)
{
  SigninStage *self = user_data;
  Slot *slot = find_slot (self, notification);

  if (slot == NULL)
    return;
  if (slot->barrier != NULL)
    {
      slot->outrun = TRUE;
      return;
    }

  slot->closed = TRUE;
  post_answer (slot, NULL, NULL);
  forget_shown (slot);
}

static gboolean
is_hang (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT);
}

static gboolean
on_barrier (gpointer user_data)
{
  Slot *slot = user_data;
  gboolean outrun = slot->outrun;

  remove_barrier (slot);
  if (outrun)
    {
      /* libnotify has written the object off. */
      take_down (slot);
      signin_stage_ask_server (slot->stage);
    }
  return G_SOURCE_REMOVE;
}

/* What the server sent before it took in our popup is in the queue of this context already, so before this source. */
static void
raise_barrier (Slot *slot)
{
  slot->barrier = g_idle_source_new ();
  g_source_set_priority (slot->barrier, G_PRIORITY_DEFAULT);
  g_source_set_callback (slot->barrier, on_barrier, slot, NULL);
  g_source_attach (slot->barrier, slot->stage->context);
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
      if (slot->id == 0)
        slot->id = popup->id;
      else
        signin_popup_send_close (self->bus, self->server, popup->id);
    }
}

/* The one call that can block, for as long as libnotify waits for the server. */
static void
hand_over (SigninStage *self, Slot *slot)
{
  g_autoptr (GObject) object = NULL;
  NotifyNotification *notification;
  g_autoptr (GError) error = NULL;
  guint32 replaces;
  int id;

  take_over (self, slot);
  replaces = slot->id;
  notification = signin_stage_make_notification (self, slot);
  object = G_OBJECT (notification);
  slot->tries++;
  if (!notify_notification_show (notification, &error))
    {
      signin_stage_complain (self, "The notification server does not take a popup", error);
      take_down (slot);
      if (is_hang (error))
        signin_stage_ask_server (self);
      return;
    }

  forget_shown (slot);
  /* Another server: the news is on its way, and everything is shown again then. */
  if (!signin_stage_is_same_server (self))
    return;

  g_object_get (notification, "id", &id, NULL);
  slot->id = id;
  slot->old_step = slot->step;
  slot->step = slot->wanted->step;
  slot->was_shown = TRUE;
  slot->shown = notification;
  g_steal_pointer (&object);
  g_signal_connect (slot->shown, "closed", G_CALLBACK (on_closed), self);
  signin_register_put (self->reg, slot->key, g_dbus_connection_get_guid (self->bus), self->server, slot->id);
  if (replaces != 0)
    raise_barrier (slot);
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
  return slot->shown == NULL && !slot->closed && slot->tries < MAX_TRIES
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
  GHashTableIter iter;
  gpointer value;

  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_clear_pointer (&self->server, g_free);
  self->awake = FALSE;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      forget_shown (value);
      ((Slot *) value)->tries = 0;
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
  self->slots = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) slot_free);
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
  slot->tries = 0;
  self->starts = 0;

  if (slot->closed || !self->watched)
    return;
  if (self->server == NULL)
    signin_stage_start_server (self);
  /* One that came to a stop meanwhile would show a new popup once more when it goes on: nobody would have its number. A
   * popup in the place of another one stays one. */
  else if (self->awake && slot->id != 0)
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

  if (slot == NULL)
    return;
  if (self->fading && slot->shown != NULL && self->server != NULL)
    signin_popup_send_fade (self->bus, self->server, slot->id);
  else
    take_down (slot);
  g_hash_table_remove (self->slots, key);
}
