/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A popup takes in everything that is due within this time. */
#define SIGNIN_TOGETHER_USEC (G_GINT64_CONSTANT (2) * 60 * G_USEC_PER_SEC)

/**
 * SigninGroupItem:
 * @stepped: there is something new to be said of the account
 * @due_usec: how long until its next step; %SIGNIN_NEVER if nobody is to hear of it
 * @group: the popup that it is part of; 0 if it is part of none
 * @taken_in: (out): its next step is told already now, and needs no popup of its own
 *
 * One account, as far as it matters with whom it shares a popup.
 */
typedef struct
{
  gboolean stepped;
  gint64 due_usec;
  guint group;
  gboolean taken_in;
} SigninGroupItem;

guint signin_popup_group (SigninGroupItem *items, guint n_items, guint new_group);

G_END_DECLS
