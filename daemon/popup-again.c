/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is shown again when somebody is back, and what is not worth it. */

#include "config.h"

#include "popups-private.h"

/* Whether an announcement is due of one of its accounts: then it is about to be said anyway. */
static gboolean
is_about_to_step (SigninPopups *self, const Group *group, const SigninNow *now)
{
  for (guint i = 0; i < group->items->len; i++)
    {
      const Item *item = group->items->pdata[i];
      SigninPopupStep step;

      signin_popup_step_read (&step, signin_tracker_get (self->tracker, item->account), now);
      if (step.pending)
        return TRUE;
    }
  return FALSE;
}

static void
merge (SigninPopups *self, Group *group, Group *other)
{
  g_clear_pointer (&group->address, g_free);
  group->question = FALSE;
  while (other->items->len > 1)
    signin_popups_move (self, other->items->pdata[0], group);
  signin_popups_move (self, other->items->pdata[0], group);
}

/* Shows what is still true and was last said in @last_step or before, in one popup. What the person has closed stays
 * closed. */
static void
show_again (SigninPopups *self, guint last_step)
{
  Group *again = NULL;
  gboolean question;
  g_autofree char *address = NULL;
  SigninNow now;

  signin_popups_take_in (self);
  signin_tracker_read_clock (self->tracker, &now);
  for (guint i = 0; i < self->groups->len; i++)
    {
      Group *group = self->groups->pdata[i];

      if (group->closed || group->step > last_step || is_about_to_step (self, group, &now))
        continue;
      if (again == NULL)
        {
          again = group;
          continue;
        }
      merge (self, again, group);
      i--;
    }
  if (again == NULL)
    return;

  question = again->question;
  address = g_steal_pointer (&again->address);
  signin_popups_begin_step (self, again);
  again->question = question;
  again->address = g_steal_pointer (&address);
  signin_popups_say (self, again, &now);
}

/* Nobody wants to read of an end in the evening when they come back in the morning. */
static void
put_away_expired (SigninPopups *self)
{
  GHashTableIter iter;
  gpointer item;
  SigninNow now;

  signin_tracker_read_clock (self->tracker, &now);
  g_hash_table_iter_init (&iter, self->items);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    {
      SigninPopupStep step;

      signin_popup_step_read (&step, signin_tracker_get (self->tracker, ((Item *) item)->account), &now);
      if (step.kind == SIGNIN_POPUP_EXPIRED)
        signin_popups_move (self, item, NULL);
    }
  for (guint i = 0; i < self->groups->len; i++)
    signin_popups_say (self, self->groups->pdata[i], &now);
}

void
signin_popups_on_presence (SigninPresenceReason reason, gpointer user_data)
{
  SigninPopups *self = user_data;
  gboolean locked = signin_presence_is_locked (self->presence);

  signin_popup_thread_set_locked (self->thread, locked);
  if (reason == SIGNIN_PRESENCE_SLEEPING)
    {
      self->slept_at = self->last_step;
      put_away_expired (self);
    }
  else if (reason == SIGNIN_PRESENCE_UNLOCKED)
    show_again (self, self->last_step);
  else if (reason == SIGNIN_PRESENCE_WOKEN && !locked)
    show_again (self, self->slept_at);
}
