/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the stage's four files share: popup-stage.c keeps what is wanted on the screen, popup-slot.c lets go of what
 * was, popup-server.c knows who shows it, popup-notification.c makes it. */

#pragma once

#include <libnotify/notify.h>

#include "popup-stage.h"

G_BEGIN_DECLS

/* One popup's place on the screen. */
typedef struct
{
  SigninStage *stage;
  char *key;
  SigninPopup *wanted;
  gint64 ordered_nsec;
  NotifyNotification *shown;   /* NULL if it is not on the screen */
  guint32 id;                  /* of @shown */
  guint step;                  /* of @shown */
  gboolean critical;           /* what has @id is, or may be */
  NotifyNotification *leaving; /* closed when @shown came; heard until @barrier fires */
  gboolean same_id;            /* @shown has the number of what it took the place of */
  guint old_step;              /* of what it took the place of */
  guint tries;
  gboolean was_shown; /* in this step */
  gboolean closed;    /* the person has seen this step and is done with it */
  gboolean timed_out; /* this server does not let it stay, in this step */
  GSource *barrier;   /* until it fires, a closing is about the popup that @shown took the place of */
  gboolean outrun;    /* such a closing came */
} Slot;

struct _SigninStage
{
  GDBusConnection *bus;
  GMainContext *context;
  SigninMailbox *answers;
  SigninRegister *reg;
  GHashTable *slots; /* key -> Slot */
  GArray *old;       /* what a daemon that was killed has left on the screen; NULL once it is dealt with */

  guint filter;
  guint watch;
  gboolean watched;     /* it is known whether there is a server */
  char *server;         /* its unique name, or NULL */
  GCancellable *asking; /* the server is asked whether it is awake, and what it can do */
  gboolean awake;
  gboolean has_actions;
  gboolean has_markup;
  gboolean default_is_button;
  gboolean fading; /* what it closes stays on the screen */

  gboolean starting;
  guint starts;
  gboolean complained;
};

/* popup-stage.c */
void signin_stage_on_action (NotifyNotification *notification, char *action, gpointer user_data);
void signin_stage_show_missing (SigninStage *self);
gboolean signin_stage_any_missing (SigninStage *self);

/* popup-slot.c */
void signin_slot_forget (Slot *slot);
void signin_slot_take_down (Slot *slot);
void signin_slot_raise_barrier (Slot *slot);
void signin_slot_free (Slot *slot);

/* popup-server.c */
guint signin_stage_address_popups (SigninStage *self);
void signin_stage_ask_server (SigninStage *self);
void signin_stage_start_server (SigninStage *self);
void signin_stage_complain (SigninStage *self, const char *what, const GError *error);

/* popup-notification.c */
NotifyNotification *signin_stage_make_notification (SigninStage *self, const Slot *slot);
gint64 signin_stage_now_nsec (void);

G_END_DECLS
