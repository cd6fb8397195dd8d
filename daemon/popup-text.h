/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "trouble.h"

G_BEGIN_DECLS

/* What buttons are called on the bus. Our own words: libnotify tells popups apart by number only, and "ok" or "yes" of
 * another program's popup must never mean anything here. Where a button is about one account of several, a colon and
 * the account follow. */
#define SIGNIN_ACTION_SIGN_IN "signind-sign-in"
#define SIGNIN_ACTION_SIGNED_IN "signind-signed-in"
#define SIGNIN_ACTION_SNOOZE "signind-snooze"
#define SIGNIN_ACTION_DISMISS "signind-dismiss"
#define SIGNIN_ACTION_NOT_YET "signind-not-yet"
#define SIGNIN_ACTION_TRACK "signind-track"
#define SIGNIN_ACTION_NEVER "signind-never"
#define SIGNIN_ACTION_DEFAULT "default"

#define SIGNIN_POPUP_MAX_BUTTONS 3

/* How many accounts a popup lists; of the others it says how many they are. */
#define SIGNIN_POPUP_MAX_LINES 6

/**
 * SigninPopupKind:
 * @SIGNIN_POPUP_NONE: nothing is to be shown
 * @SIGNIN_POPUP_WARNING: the end is near
 * @SIGNIN_POPUP_EXPIRED: the session is over
 * @SIGNIN_POPUP_QUESTION: the sign-in page was opened: did the person sign in?
 *
 * What a popup says of an account.
 */
typedef enum
{
  SIGNIN_POPUP_NONE,
  SIGNIN_POPUP_WARNING,
  SIGNIN_POPUP_EXPIRED,
  SIGNIN_POPUP_QUESTION,
} SigninPopupKind;

/**
 * SigninPopupAccount:
 * @kind: what to say of it
 * @id: id of the account
 * @service: id of its service
 * @service_name: name of its service, for people
 * @source: (nullable): the source of the session; %NULL where the account has only one
 * @with_profile: another profile of the same browser has a session too
 * @user_name: (nullable): the user name, if it may be shown
 * @ends_usec: when the session ends or ended, in microseconds of CLOCK_REALTIME
 * @reported: a browser reports the sign-ins of this account: its end is certain
 * @trouble: what keeps the person from signing in again
 *
 * One account; everything borrowed.
 */
typedef struct
{
  SigninPopupKind kind;
  const char *id;
  const char *service;
  const char *service_name;
  const char *source;
  gboolean with_profile;
  const char *user_name;
  gint64 ends_usec;
  gboolean reported;
  SigninTrouble trouble;
} SigninPopupAccount;

/**
 * SigninPopupFacts:
 * @accounts: at least one, the earliest end first
 * @n_accounts: how many
 * @lead: which one the title is about
 * @minutes: how many minutes that one has left, for a reminder; 0 if the popup says only until when
 * @snooze_minutes: for how long "remind me later" would be; 0 if it is not offered
 * @address: (nullable): the sign-in page, if no browser could be started
 * @critical: it is the last moment
 * @sound: it makes a sound
 *
 * What a popup is about; everything borrowed.
 */
typedef struct
{
  const SigninPopupAccount *accounts;
  guint n_accounts;
  guint lead;
  guint minutes;
  guint snooze_minutes;
  const char *address;
  gboolean critical;
  gboolean sound;
} SigninPopupFacts;

/**
 * SigninPopupButton:
 * @key: what it is called on the bus
 * @label: what it is called on the screen
 */
typedef struct
{
  char *key;
  char *label;
} SigninPopupButton;

/**
 * SigninPopup:
 * @step: which step it belongs to: what a person closed stays closed until the next
 * @icon: name of its icon
 * @title: plain text
 * @later_title: (nullable): what it is instead when it is shown later than at once, and minutes have gone by
 * @body: plain text
 * @critical: it is the last moment
 * @sound: it makes a sound when it is shown for the first time
 * @default_label: (nullable): name of what a click on the popup itself does; %NULL if it does nothing
 * @n_buttons: how many of @buttons there are
 * @buttons: in the order in which they are shown
 *
 * A popup in words, before anything is known of the server that shows it. Never changed once made.
 */
typedef struct
{
  guint step;
  const char *icon;
  char *title;
  char *later_title;
  char *body;
  gboolean critical;
  gboolean sound;
  const char *default_label;
  guint n_buttons;
  SigninPopupButton buttons[SIGNIN_POPUP_MAX_BUTTONS];
} SigninPopup;

SigninPopup *signin_popup_new (const SigninPopupFacts *facts);
SigninPopup *signin_popup_new_suggestion (const char *organization, const char *host, const char *browser);
void signin_popup_free (SigninPopup *popup);
char *signin_popup_clock (gint64 real_usec);
guint signin_popup_minutes (gint64 usec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninPopup, signin_popup_free)

G_END_DECLS
