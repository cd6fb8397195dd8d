/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How one popup's place on the screen is let go of. */

#include "config.h"

#include "popup-stage-private.h"

/* Hears nothing of it any more. libnotify goes on using an object after the callback in which we are done with it. */
static void
drop (Slot *slot, NotifyNotification *notification)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_signal_handlers_disconnect_by_data (notification, slot->stage);
  /* Or it would still take a button of what has its number now for one of its own. */
  g_object_set (notification, "id", 0, NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (g_object_unref), notification, NULL);
  g_source_attach (source, slot->stage->context);
}

static void
remove_barrier (Slot *slot)
{
  slot->outrun = FALSE;
  if (slot->leaving != NULL)
    drop (slot, g_steal_pointer (&slot->leaving));
  if (slot->barrier == NULL)
    return;
  g_source_destroy (slot->barrier);
  g_source_unref (slot->barrier);
  slot->barrier = NULL;
}

/* Hears nothing of the popup any more, without closing it. */
void
signin_slot_forget (Slot *slot)
{
  remove_barrier (slot);
  slot->id = 0;
  slot->critical = FALSE;
  if (slot->shown == NULL)
    return;
  drop (slot, g_steal_pointer (&slot->shown));
  signin_register_drop (slot->stage->reg, slot->key);
}

void
signin_slot_take_down (Slot *slot)
{
  SigninStage *self = slot->stage;
  guint32 id = slot->id;

  signin_slot_forget (slot);
  if (id != 0 && self->server != NULL)
    signin_popup_send_close (self->bus, self->server, id);
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
      signin_slot_take_down (slot);
      signin_stage_ask_server (slot->stage);
    }
  return G_SOURCE_REMOVE;
}

/* What the server sent before it took in our popup is in the queue of this context already, so before this source. */
void
signin_slot_raise_barrier (Slot *slot)
{
  slot->barrier = g_idle_source_new ();
  g_source_set_priority (slot->barrier, G_PRIORITY_DEFAULT);
  g_source_set_callback (slot->barrier, on_barrier, slot, NULL);
  g_source_attach (slot->barrier, slot->stage->context);
}

void
signin_slot_free (Slot *slot)
{
  signin_slot_forget (slot);
  g_clear_pointer (&slot->wanted, signin_popup_free);
  g_free (slot->key);
  g_free (slot);
}
