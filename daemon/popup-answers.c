/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people press: an input of the tracker like any other, and what is to be said afterwards. */

#include "config.h"

#include <string.h>

#include "names.h"
#include "popups-private.h"

/* An answer that comes later, when the popups may be gone. */
typedef struct
{
  SigninPopups *popups;
  guint step;
  char *url;
  char account[];
} Pending;

static Pending *
pending_new (SigninPopups *self, const Item *item, char *url)
{
  Pending *pending = g_malloc0 (sizeof (Pending) + strlen (item->account) + 1);

  self->ref_count++;
  pending->popups = self;
  pending->step = item->group->step;
  pending->url = url;
  strcpy (pending->account, item->account);
  return pending;
}

static void
pending_free (Pending *pending)
{
  signin_popups_unref (pending->popups);
  g_free (pending->url);
  g_free (pending);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pending, pending_free)

/* A popup is gone once something on it was pressed: what is still to be said needs a step of its own. */
static void
go_on (SigninPopups *self, Group *group, gboolean question, const char *address)
{
  signin_popups_begin_step (self, group);
  group->question = question;
  group->address = g_strdup (address);
  signin_popups_say_now (self, group);
}

/* What @pending was about, if nothing has changed since. */
static Group *
still_shown (const Pending *pending)
{
  const Item *item;

  if (pending->popups->freed)
    return NULL;
  item = g_hash_table_lookup (pending->popups->items, pending->account);
  return item != NULL && item->group != NULL && item->group->step == pending->step ? item->group : NULL;
}

static void
on_opened (const GError *error, gpointer user_data)
{
  g_autoptr (Pending) pending = user_data;
  SigninPopups *self = pending->popups;
  Group *group = still_shown (pending);
  const SigninAccount *account;

  if (group == NULL)
    return;

  if (error != NULL)
    {
      g_message ("Cannot open the sign-in page of %s: %s", pending->account, error->message);
      go_on (self, group, FALSE, pending->url);
      return;
    }

  /* Where a browser reports sign-ins there is nothing to ask. */
  account = signin_tracker_get (self->tracker, pending->account);
  if (account != NULL && !signin_popups_is_reported (account))
    go_on (self, group, TRUE, NULL);
}

static void
open_page (SigninPopups *self, const Item *item, const char *token)
{
  const SigninAccount *account = signin_tracker_get (self->tracker, item->account);
  char *url;

  if (account == NULL)
    return;
  url = signin_account_info_get_url (account->info, self->services);
  signin_launcher_open (self->launcher, url, token, on_opened, pending_new (self, item, url));
}

static void
say_again (const Pending *pending, const GError *error)
{
  Group *group = still_shown (pending);

  g_message ("What was pressed for %s did not take effect: %s", pending->account, error->message);
  if (group != NULL)
    go_on (pending->popups, group, group->question, NULL);
}

static void
on_settled (const GError *error, gpointer user_data)
{
  g_autoptr (Pending) pending = user_data;

  if (error != NULL)
    say_again (pending, error);
}

static gboolean
call_tracker (SigninPopups *self, const char *id, const char *action, GError **error)
{
  if (strcmp (action, SIGNIN_ACTION_SIGNED_IN) == 0)
    return signin_tracker_sign_in (self->tracker, id, SIGNIN_SOURCE_MANUAL, -1, FALSE, NULL, error);
  if (strcmp (action, SIGNIN_ACTION_SNOOZE) == 0)
    return signin_tracker_snooze (self->tracker, id, self->settings.snooze_usec, error);
  return signin_tracker_dismiss_ahead (self->tracker, id, SIGNIN_TOGETHER_USEC, error);
}

/* Nobody waits for the answer to a button: if it cannot be stored, the popup comes back. */
static void
enter (SigninPopups *self, const Item *item, const char *action)
{
  g_autoptr (Pending) pending = pending_new (self, item, NULL);
  g_autoptr (GError) error = NULL;

  if (call_tracker (self, item->account, action, &error))
    signin_tracker_when_settled (self->tracker, on_settled, g_steal_pointer (&pending));
  else
    say_again (pending, error);
}

/* The popup is gone, but was not about @item alone: the others are said again. */
static void
separate (SigninPopups *self, Item *item)
{
  Group *old = item->group;
  Group *group;

  if (old->items->len == 1)
    return;
  group = signin_popups_add_group (self);
  signin_popups_move (self, item, group);
  signin_popups_begin_step (self, group);
  group->closed = TRUE;
}

static Item *
find_item (const Group *group, const char *account)
{
  for (guint i = 0; i < group->items->len; i++)
    if (strcmp (((Item *) group->items->pdata[i])->account, account) == 0)
      return group->items->pdata[i];
  return NULL;
}

static void
sign_in (SigninPopups *self, Group *group, const char *account, guint step, const char *token)
{
  Item *item = account != NULL ? find_item (group, account) : signin_popups_first_item (self, group, step);
  g_autoptr (GError) error = NULL;

  if (item == NULL)
    return;
  if (!signin_tracker_open_ahead (self->tracker, item->account, SIGNIN_TOGETHER_USEC, &error))
    g_debug ("Nothing of %s is answered: %s", item->account, error->message);
  separate (self, item);
  if (item->group != group)
    go_on (self, group, FALSE, NULL);
  open_page (self, item, token);
}

/* Nothing is done to an account that came to the popup after the person has looked. */
static void
enter_all (SigninPopups *self, Group *group, const char *action, guint step)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  gboolean others = FALSE;

  for (guint i = 0; i < group->items->len; i++)
    {
      Item *item = group->items->pdata[i];

      if (item->since <= step)
        g_ptr_array_add (known, item);
      else
        others = TRUE;
    }
  for (guint i = 0; i < known->len; i++)
    {
      if (others)
        separate (self, known->pdata[i]);
      enter (self, known->pdata[i], action);
    }
  if (others)
    go_on (self, group, FALSE, NULL);
}

static void
press (SigninPopups *self, Group *group, guint step, const char *action, const char *token)
{
  group->closed = TRUE;
  if (strcmp (action, SIGNIN_ACTION_DEFAULT) == 0 || strcmp (action, SIGNIN_ACTION_SIGN_IN) == 0)
    sign_in (self, group, NULL, step, token);
  else if (g_str_has_prefix (action, SIGNIN_ACTION_SIGN_IN ":"))
    sign_in (self, group, action + strlen (SIGNIN_ACTION_SIGN_IN ":"), step, token);
  else if (strcmp (action, SIGNIN_ACTION_SIGNED_IN) == 0 || strcmp (action, SIGNIN_ACTION_DISMISS) == 0
           || strcmp (action, SIGNIN_ACTION_SNOOZE) == 0)
    enter_all (self, group, action, step);
  else if (strcmp (action, SIGNIN_ACTION_NOT_YET) == 0)
    go_on (self, group, FALSE, NULL);
}

void
signin_popups_on_answer (const char *popup, guint step, const char *action, const char *token, gpointer user_data)
{
  SigninPopups *self = user_data;
  Group *group;

  if (signin_popups_take_suggestion (self, popup, action))
    return;
  group = signin_popups_find_group (self, g_ascii_strtoull (popup, NULL, 10));
  if (group == NULL)
    return;
  if (action != NULL)
    {
      press (self, group, step, action, token);
      return;
    }

  /* Behind a locked screen nobody closes a popup, but some lock screens do. */
  if (step == group->step && !signin_presence_is_locked (self->presence))
    group->closed = TRUE;
  g_debug ("A popup was closed");
}
