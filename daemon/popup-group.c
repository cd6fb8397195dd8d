/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which accounts share a popup. Pure: nothing is looked up, nothing is kept. */

#include "config.h"

#include "popup-group.h"

static gboolean
is_due (const SigninGroupItem *item)
{
  return item->due_usec <= SIGNIN_TOGETHER_USEC;
}

static guint
lowest_group (const SigninGroupItem *items, guint n_items, gboolean stepped)
{
  guint lowest = 0;

  for (guint i = 0; i < n_items; i++)
    if ((stepped ? items[i].stepped : is_due (&items[i])) && items[i].group != 0
        && (lowest == 0 || items[i].group < lowest))
      lowest = items[i].group;
  return lowest;
}

/**
 * signin_popup_group:
 * @items: (inout): the accounts of which something is said, or could be soon
 * @n_items: how many
 * @new_group: number for a popup that there is not yet
 *
 * Puts what is new, and what is due soon, into one popup: one of theirs if they have any, so that it takes the place of
 * the old one. Who shares that popup already stays in it: it is not worth a popup more to come apart. All others are
 * left as they are.
 *
 * Returns: the popup that says something new now; 0 if nothing is new
 */
guint
signin_popup_group (SigninGroupItem *items, guint n_items, guint new_group)
{
  gboolean any = FALSE;
  guint group;

  for (guint i = 0; i < n_items; i++)
    {
      items[i].taken_in = FALSE;
      any = any || items[i].stepped;
    }
  if (!any)
    return 0;

  group = lowest_group (items, n_items, TRUE);
  if (group == 0)
    group = lowest_group (items, n_items, FALSE);
  if (group == 0)
    group = new_group;
  for (guint i = 0; i < n_items; i++)
    if (items[i].stepped || is_due (&items[i]))
      {
        items[i].taken_in = !items[i].stepped;
        items[i].group = group;
      }
  return group;
}
