/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the popups' files share: popups.c keeps them true, popup-together.c puts accounts together, popup-say.c says
 * them, popup-again.c shows them again, popup-answers.c takes in what people press, popup-suggest.c asks whether to
 * track an organization. */

#pragma once

#include "popup-group.h"
#include "popup-step.h"
#include "popup-thread.h"
#include "popups.h"
#include "presence.h"

G_BEGIN_DECLS

typedef struct _Group Group;

/**
 * Telling:
 *
 * An announcement of the tracker that has not been taken in yet.
 */
typedef struct
{
  SigninEvent event;
  char *account;
  char *source;
  gint64 mark_usec;
  gint64 remaining_usec;
} Telling;

/**
 * Item:
 * @account: its id
 * @source: of the session that is spoken of
 * @start: of that session, on the boot clock: steps do not move it
 * @names_source: there were others when its step began
 * @told_usec: the elapsed time of a step that was told ahead, because another account's popup took it in; 0 if none was
 * @since: the step of its popup in which it came to it; 0 until that begins
 * @group: its popup; %NULL if it was put away
 * @stepped: there is something new to be said of it
 * @telling: (nullable): what that is; only while it is taken in
 *
 * An account of which something is to be said.
 */
typedef struct
{
  char *account;
  char *source;
  gint64 start;
  gboolean names_source;
  gint64 told_usec;
  guint since;
  Group *group;
  gboolean stepped;
  const Telling *telling;
} Item;

/**
 * Group:
 * @number: what it is called: never used again
 * @items: Item, those that share it
 * @step: what a person closed stays closed until the next
 * @closed: the person closed it, or pressed something
 * @question: the sign-in page was opened: did the person sign in?
 * @address: shown, because no browser could be started
 * @lead: the account that the title is about
 * @minutes: how many it has left, at the beginning of a reminder; 0 otherwise
 * @snooze_minutes: how long the pause would be that it offers, in words; 0 if it offers none
 * @snooze_usec: the setting which that is from
 * @n_said: of how many accounts it spoke last
 * @quiet: its step is not worth a sound
 * @was_said: it was on its way to the screen, in whatever step
 * @said: in this step
 *
 * A popup. There is none of which nothing is to be said.
 */
struct _Group
{
  guint number;
  GPtrArray *items;
  guint step;
  gboolean closed;
  gboolean question;
  char *address;
  char *lead;
  guint minutes;
  guint snooze_minutes;
  gint64 snooze_usec;
  guint n_said;
  gboolean quiet;
  gboolean was_said;
  char *said;
};

struct _SigninPopups
{
  guint ref_count; /* one of its owner, one of each answer that is waited for */
  gboolean freed;
  GDBusConnection *bus;
  SigninTracker *tracker;
  const SigninServices *services;
  SigninLauncher *launcher;
  SigninPopupThread *thread;
  SigninPresence *presence;
  SigninSettings settings;

  GHashTable *items; /* account -> Item */
  GPtrArray *groups; /* Group, the lowest number first */
  guint last_step;
  guint last_group;
  guint slept_at; /* the last step when the machine went to sleep */

  GSource *update;         /* until what has changed is taken in */
  GHashTable *troubles;    /* account -> SigninTrouble, of those that have any */
  GHashTable *changed;     /* ids */
  GPtrArray *tellings;     /* Telling */
  gboolean waits_for_news; /* an announcement is due at this very moment */
  gboolean swept;

  SigninSuggestions *suggestions; /* NULL if there are none to ask about */
  char *asking;                   /* the host that the question on the screen is about, or NULL */
  GHashTable *asked;              /* hosts of suggestions that were asked about */
};

Group *signin_popups_add_group (SigninPopups *self);
Group *signin_popups_find_group (SigninPopups *self, guint number);
void signin_popups_move (SigninPopups *self, Item *item, Group *group);
void signin_popups_begin_step (SigninPopups *self, Group *group);
Item *signin_popups_add_item (SigninPopups *self, const char *account, const SigninSession *session);
void signin_popups_take_in (SigninPopups *self);
void signin_popups_regroup (SigninPopups *self, const SigninNow *now);
void signin_popups_on_presence (SigninPresenceReason reason, gpointer user_data);

void signin_popups_say (SigninPopups *self, Group *group, const SigninNow *now);
void signin_popups_say_now (SigninPopups *self, Group *group);
void signin_popups_withdraw (SigninPopups *self, const Group *group);
Item *signin_popups_first_item (SigninPopups *self, const Group *group, guint step);
gboolean signin_popups_is_reported (const SigninAccount *account);

void signin_popups_on_answer (const char *popup, guint step, const char *action, const char *token, gpointer user_data);
gboolean signin_popups_take_suggestion (SigninPopups *self, const char *popup, const char *action);
void signin_popups_refresh_suggestions (SigninPopups *self);
void signin_popups_unref (SigninPopups *self);

G_END_DECLS
