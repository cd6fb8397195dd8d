/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Popups as a view of state: what is true of the sessions is taken in once after each turn of the tracker. */

#include "config.h"

#include <string.h>

#include "popups-private.h"

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->account);
  g_free (item->source);
  g_free (item);
}

static void
group_free (gpointer data)
{
  Group *group = data;

  g_ptr_array_unref (group->items);
  g_free (group->address);
  g_free (group->lead);
  g_free (group->said);
  g_free (group);
}

static void
telling_free (gpointer data)
{
  Telling *telling = data;

  g_free (telling->account);
  g_free (telling->source);
  g_free (telling);
}

void
signin_popups_unref (SigninPopups *self)
{
  if (--self->ref_count > 0)
    return;
  g_hash_table_unref (self->items);
  g_ptr_array_unref (self->groups);
  g_hash_table_unref (self->troubles);
  g_hash_table_unref (self->changed);
  g_ptr_array_unref (self->tellings);
  g_hash_table_unref (self->asked);
  g_free (self->asking);
  g_object_unref (self->bus);
  g_free (self);
}

Group *
signin_popups_add_group (SigninPopups *self)
{
  Group *group = g_new0 (Group, 1);

  group->number = ++self->last_group;
  group->items = g_ptr_array_new ();
  g_ptr_array_add (self->groups, group);
  return group;
}

Group *
signin_popups_find_group (SigninPopups *self, guint number)
{
  for (guint i = 0; i < self->groups->len; i++)
    if (((Group *) self->groups->pdata[i])->number == number)
      return self->groups->pdata[i];
  return NULL;
}

/* To %NULL, @item is put away. A popup that nobody is left in goes from the screen. */
void
signin_popups_move (SigninPopups *self, Item *item, Group *group)
{
  Group *old = item->group;

  if (old == group)
    return;
  item->group = group;
  item->since = 0;
  if (group != NULL)
    g_ptr_array_add (group->items, item);
  if (old == NULL)
    return;
  g_ptr_array_remove (old->items, item);
  if (old->items->len > 0)
    return;
  signin_popups_withdraw (self, old);
  g_ptr_array_remove (self->groups, old);
}

void
signin_popups_begin_step (SigninPopups *self, Group *group)
{
  group->step = ++self->last_step;
  group->closed = FALSE;
  group->question = FALSE;
  group->minutes = 0;
  group->quiet = TRUE;
  g_clear_pointer (&group->address, g_free);
  g_clear_pointer (&group->lead, g_free);
  g_clear_pointer (&group->said, g_free);
  for (guint i = 0; i < group->items->len; i++)
    {
      Item *item = group->items->pdata[i];
      const SigninAccount *account = signin_tracker_get (self->tracker, item->account);

      item->names_source = account != NULL && account->n_sessions > 1;
      if (item->since == 0)
        item->since = group->step;
    }
}

static void
drop_item (SigninPopups *self, Item *item)
{
  signin_popups_move (self, item, NULL);
  g_hash_table_remove (self->items, item->account);
}

Item *
signin_popups_add_item (SigninPopups *self, const char *account, const SigninSession *session)
{
  Item *item = g_new0 (Item, 1);

  item->account = g_strdup (account);
  item->source = g_strdup (session->source);
  item->start = session->start.boot_usec;
  g_hash_table_insert (self->items, item->account, item);
  return item;
}

static const Telling *
find_telling (SigninPopups *self, const char *account, const char *source)
{
  const Telling *latest = NULL;

  for (guint i = 0; i < self->tellings->len; i++)
    {
      const Telling *telling = self->tellings->pdata[i];

      if (strcmp (telling->account, account) == 0 && strcmp (telling->source, source) == 0)
        latest = telling;
    }
  return latest;
}

static gboolean
is_visible (const Item *item, const SigninPopupStep *step)
{
  if (step->kind != SIGNIN_POPUP_NONE)
    return item != NULL || !step->pending;
  /* What is announced any moment now stays as it is, and so does what was told ahead. */
  return item != NULL && (step->pending || (item->told_usec != 0 && item->told_usec == step->next_usec));
}

/* What was told ahead is not told twice, but for the end: whoever has put the popup away, or is being asked something
 * by it, has not heard of it. */
static gboolean
is_told (const Item *item)
{
  return item->telling->mark_usec == item->told_usec
         && (item->telling->event != SIGNIN_EVENT_EXPIRED
             || (item->group != NULL && !item->group->closed && !item->group->question));
}

/* Takes in what has become of one account. Returns whether there is something new to be said of it. */
static gboolean
refresh (SigninPopups *self, const char *id, const SigninNow *now)
{
  Item *item = g_hash_table_lookup (self->items, id);
  const SigninAccount *account = self->settings.popups ? signin_tracker_get (self->tracker, id) : NULL;
  SigninPopupStep step;

  signin_popup_step_read (&step, account, now);
  if (item != NULL
      && (step.session == NULL || item->start != step.session->start.boot_usec
          || strcmp (item->source, step.session->source) != 0 || !is_visible (item, &step)))
    {
      drop_item (self, item);
      item = NULL;
    }
  if (step.pending)
    self->waits_for_news = TRUE;
  if (step.session == NULL || !is_visible (item, &step))
    return FALSE;

  if (item == NULL)
    {
      item = signin_popups_add_item (self, id, step.session);
      item->stepped = TRUE;
    }
  item->telling = find_telling (self, id, step.session->source);
  if (item->telling != NULL)
    {
      item->stepped = item->stepped || !is_told (item);
      item->told_usec = 0;
    }
  return item->stepped;
}

static void
forget_news (SigninPopups *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_remove_all (self->changed);
  g_ptr_array_set_size (self->tellings, 0);
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      ((Item *) value)->stepped = FALSE;
      ((Item *) value)->telling = NULL;
    }
}

/* What a daemon that was killed has left on the screen goes, unless the first popup is about to take its place. */
static void
sweep (SigninPopups *self)
{
  if (self->swept || self->waits_for_news)
    return;
  self->swept = TRUE;
  if (self->groups->len == 0)
    signin_popup_thread_sweep (self->thread, self->bus);
}

/* Whether the screen is locked and when the machine sleeps is asked for as long as there is something to be seen. */
static void
follow_presence (SigninPopups *self)
{
  if (g_hash_table_size (self->items) > 0)
    signin_presence_watch (self->presence);
  else
    {
      signin_presence_unwatch (self->presence);
      signin_popup_thread_set_locked (self->thread, FALSE);
    }
}

void
signin_popups_take_in (SigninPopups *self)
{
  gboolean stepped = FALSE;
  GHashTableIter iter;
  gpointer id;
  SigninNow now;

  if (self->update != NULL)
    g_source_destroy (self->update);
  g_clear_pointer (&self->update, g_source_unref);

  signin_tracker_read_clock (self->tracker, &now);
  self->waits_for_news = FALSE;
  g_hash_table_iter_init (&iter, self->changed);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    stepped = refresh (self, id, &now) || stepped;
  if (stepped)
    signin_popups_regroup (self, &now);
  forget_news (self);
  for (guint i = 0; i < self->groups->len; i++)
    signin_popups_say (self, self->groups->pdata[i], &now);
  sweep (self);
  follow_presence (self);
}

static gboolean
on_update (gpointer user_data)
{
  signin_popups_take_in (user_data);
  return G_SOURCE_REMOVE;
}

/* After the turn in which things happen, so that what happens together is said together. */
static void
schedule (SigninPopups *self)
{
  if (self->update != NULL)
    return;
  self->update = g_idle_source_new ();
  g_source_set_priority (self->update, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->update, "signin-popups");
  g_source_set_callback (self->update, on_update, self, NULL);
  g_source_attach (self->update, g_main_context_get_thread_default ());
}

static void
on_changed (const char *id, const SigninAccount *account, const SigninNow *now, gpointer user_data)
{
  SigninPopups *self = user_data;

  g_hash_table_add (self->changed, g_strdup (id));
  schedule (self);
}

static void
on_news (const SigninNews *news, gpointer user_data)
{
  SigninPopups *self = user_data;
  Telling *telling;

  if (news->event != SIGNIN_EVENT_WARNING && news->event != SIGNIN_EVENT_REMINDER
      && news->event != SIGNIN_EVENT_EXPIRED)
    return;
  telling = g_new0 (Telling, 1);
  telling->event = news->event;
  telling->account = g_strdup (news->info->id);
  telling->source = g_strdup (news->session.source);
  telling->mark_usec = news->at_usec - news->session.start.real_usec;
  telling->remaining_usec = signin_session_remaining (&news->session, &news->now);
  g_ptr_array_add (self->tellings, telling);
  schedule (self);
}

static void
mark_account (const SigninAccount *account, gpointer user_data)
{
  g_hash_table_add (((SigninPopups *) user_data)->changed, g_strdup (account->info->id));
}

static const SigninObserver observer = {
  .changed = on_changed,
  .news = on_news,
};

/**
 * signin_popups_new:
 * @bus: the session bus
 * @tracker: whose accounts are shown; outlives the popups' last use, and is not run after they are freed
 * @services: what is known of services; outlives the popups
 * @launcher: opens sign-in pages; outlives the popups
 *
 * Shows popups from now on, for as long as the main context of the calling thread runs. Call it before the tracker is
 * started. Nothing is done before there is something to show.
 *
 * Returns: (transfer full): the popups
 */
SigninPopups *
signin_popups_new (GDBusConnection *bus, SigninTracker *tracker, const SigninServices *services,
                   SigninLauncher *launcher)
{
  SigninPopups *self = g_new0 (SigninPopups, 1);
  g_autoptr (GError) error = NULL;

  self->ref_count = 1;
  self->bus = g_object_ref (bus);
  self->tracker = tracker;
  self->services = services;
  self->launcher = launcher;
  self->items = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, item_free);
  self->groups = g_ptr_array_new_with_free_func (group_free);
  self->troubles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->tellings = g_ptr_array_new_with_free_func (telling_free);
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  signin_settings_init (&self->settings);
  self->thread = signin_popup_thread_new (g_main_context_get_thread_default (), signin_popups_on_answer, self, &error);
  if (self->thread == NULL)
    {
      g_message ("No popups: %s", error->message);
      return self;
    }
  self->presence = signin_presence_new (bus, signin_popups_on_presence, self);
  signin_tracker_observe (tracker, &observer, self);
  schedule (self);
  return self;
}

/**
 * signin_popups_set_settings:
 * @self: the popups
 * @settings: what is in force from now on
 */
void
signin_popups_set_settings (SigninPopups *self, const SigninSettings *settings)
{
  self->settings = *settings;
  if (self->thread == NULL)
    return;
  signin_tracker_foreach (self->tracker, mark_account, self);
  signin_popups_refresh_suggestions (self);
  schedule (self);
}

/**
 * signin_popups_set_trouble:
 * @self: the popups
 * @account: an id
 * @trouble: what keeps the person from signing in to it again
 *
 * Says so in the popup of that account, now if there is one, or as soon as there is.
 */
void
signin_popups_set_trouble (SigninPopups *self, const char *account, SigninTrouble trouble)
{
  if (self->thread == NULL)
    return;
  if (trouble == SIGNIN_TROUBLE_NONE)
    g_hash_table_remove (self->troubles, account);
  else
    g_hash_table_insert (self->troubles, g_strdup (account), GUINT_TO_POINTER (trouble));
  g_hash_table_add (self->changed, g_strdup (account));
  schedule (self);
}

/**
 * signin_popups_free:
 * @self: (transfer full): the popups
 *
 * Asks for everything to be taken from the screen. Never waits for a notification server.
 */
void
signin_popups_free (SigninPopups *self)
{
  self->freed = TRUE;
  if (self->update != NULL)
    g_source_destroy (self->update);
  g_clear_pointer (&self->update, g_source_unref);
  g_clear_pointer (&self->presence, signin_presence_free);
  g_ptr_array_set_size (self->groups, 0);
  g_hash_table_remove_all (self->items);
  if (self->thread != NULL)
    signin_popup_thread_free (self->thread, self->bus);
  self->thread = NULL;
  signin_popups_unref (self);
}
