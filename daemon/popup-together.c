/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which accounts share a popup now, and what its title is about. */

#include "config.h"

#include <string.h>

#include "popups-private.h"

/* One that shares a popup, or could. */
typedef struct
{
  char *account;
  Item *item; /* NULL if nothing was said of it so far */
  SigninPopupStep step;
} Candidate;

typedef struct
{
  SigninPopups *popups;
  SigninNow now;
  GArray *candidates; /* Candidate */
  GArray *items;      /* SigninGroupItem, in the same order */
} Gathering;

static void
gather (const SigninAccount *account, gpointer user_data)
{
  Gathering *gathering = user_data;
  Candidate candidate = { .item = g_hash_table_lookup (gathering->popups->items, account->info->id) };
  SigninGroupItem item = { 0 };

  signin_popup_step_read (&candidate.step, account, &gathering->now);
  if (candidate.item == NULL && (candidate.step.due_usec > SIGNIN_TOGETHER_USEC || candidate.step.pending))
    return;
  candidate.account = account->info->id;
  item.due_usec = candidate.step.due_usec;
  if (candidate.item != NULL)
    {
      if (candidate.item->told_usec != 0 && candidate.item->told_usec == candidate.step.next_usec)
        item.due_usec = SIGNIN_NEVER; /* that step was told already */
      item.stepped = candidate.item->stepped;
      item.group = candidate.item->group != NULL ? candidate.item->group->number : 0;
    }
  g_array_append_val (gathering->candidates, candidate);
  g_array_append_val (gathering->items, item);
}

/* What the title is about: of what is new, the end that comes first. */
static void
choose_lead (Group *group, const Gathering *gathering)
{
  const Candidate *lead = NULL;
  gint64 lead_usec = 0;

  for (guint i = 0; i < gathering->candidates->len; i++)
    {
      const Candidate *candidate = &g_array_index (gathering->candidates, Candidate, i);
      gint64 ends_usec = candidate->step.session != NULL
                             ? signin_session_remaining (candidate->step.session, &gathering->now)
                             : 0;

      if (candidate->item == NULL || !candidate->item->stepped
          || (lead != NULL
              && (ends_usec > lead_usec || (ends_usec == lead_usec && strcmp (candidate->account, lead->account) > 0))))
        continue;
      lead = candidate;
      lead_usec = ends_usec;
    }
  if (lead == NULL)
    return;

  group->lead = g_strdup (lead->account);
  group->quiet = FALSE;
  if (lead->item->telling != NULL && lead->item->telling->event == SIGNIN_EVENT_REMINDER)
    {
      group->minutes = signin_popup_minutes (lead->item->telling->remaining_usec);
      group->quiet = lead->item->telling->mark_usec
                     == signin_session_mark (lead->step.session, SIGNIN_MARK_REMINDER_FIRST);
    }
}

/* Puts everything that is new, and what is due soon, into one popup. */
void
signin_popups_regroup (SigninPopups *self, const SigninNow *now)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (SigninGroupItem));
  Gathering gathering = { .popups = self, .now = *now, .candidates = candidates, .items = items };
  Group *group;
  guint number;

  signin_tracker_foreach (self->tracker, gather, &gathering);
  number = signin_popup_group ((SigninGroupItem *) (gpointer) items->data, items->len, self->last_group + 1);
  group = signin_popups_find_group (self, number);
  if (group == NULL)
    group = signin_popups_add_group (self);
  for (guint i = 0; i < candidates->len; i++)
    {
      Candidate *candidate = &g_array_index (candidates, Candidate, i);
      const SigninGroupItem *item = &g_array_index (items, SigninGroupItem, i);

      if (item->group != number)
        continue;
      if (candidate->item == NULL)
        candidate->item = signin_popups_add_item (self, candidate->account, candidate->step.session);
      if (item->taken_in)
        candidate->item->told_usec = candidate->step.next_usec;
      signin_popups_move (self, candidate->item, group);
    }
  signin_popups_begin_step (self, group);
  choose_lead (group, &gathering);
}
