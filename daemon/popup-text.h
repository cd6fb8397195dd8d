/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What buttons are called on the bus. Our own words: libnotify tells popups apart by number only, and "ok" or "yes" of
 * another program's popup must never mean anything here. */
#define SIGNIN_ACTION_SIGN_IN "signind-sign-in"
#define SIGNIN_ACTION_SIGNED_IN "signind-signed-in"
#define SIGNIN_ACTION_DISMISS "signind-dismiss"
#define SIGNIN_ACTION_NOT_YET "signind-not-yet"
#define SIGNIN_ACTION_DEFAULT "default"

#define SIGNIN_POPUP_MAX_BUTTONS 3

/**
 * SigninPopupKind:
 * @SIGNIN_POPUP_NONE: nothing is to be shown
 * @SIGNIN_POPUP_WARNING: the end is near
 * @SIGNIN_POPUP_EXPIRED: the session is over
 * @SIGNIN_POPUP_QUESTION: the sign-in page was opened: did the person sign in?
 *
 * What a popup says.
 */
typedef enum
{
  SIGNIN_POPUP_NONE,
  SIGNIN_POPUP_WARNING,
  SIGNIN_POPUP_EXPIRED,
  SIGNIN_POPUP_QUESTION,
} SigninPopupKind;

/**
 * SigninPopupFacts:
 * @kind: what to say
 * @account: id of the account
 * @service: id of its service
 * @service_name: name of its service, for people
 * @source: the source of the session, or %NULL where the account has only one
 * @ends_usec: when the session ends or ended, in microseconds of CLOCK_REALTIME
 * @reported: a browser reports the sign-ins of this account: its end is certain
 * @address: (nullable): the sign-in page, if no browser could be started
 *
 * What a popup is about; everything borrowed.
 */
typedef struct
{
  SigninPopupKind kind;
  const char     *account;
  const char     *service;
  const char     *service_name;
  const char     *source;
  gint64          ends_usec;
  gboolean        reported;
  const char     *address;
} SigninPopupFacts;

/**
 * SigninPopupButton:
 * @key: what it is called on the bus
 * @label: what it is called on the screen
 */
typedef struct
{
  const char *key;
  const char *label;
} SigninPopupButton;

/**
 * SigninPopup:
 * @step: which step of the account it belongs to: what a person closed stays closed until the next
 * @icon: name of its icon
 * @title: plain text
 * @body: plain text
 * @default_label: (nullable): name of what a click on the popup itself does; %NULL if it does nothing
 * @n_buttons: how many of @buttons there are
 * @buttons: in the order in which they are shown
 *
 * A popup in words, before anything is known of the server that shows it. Never changed once made.
 */
typedef struct
{
  guint             step;
  const char       *icon;
  char             *title;
  char             *body;
  const char       *default_label;
  guint             n_buttons;
  SigninPopupButton buttons[SIGNIN_POPUP_MAX_BUTTONS];
} SigninPopup;

SigninPopup *signin_popup_new   (const SigninPopupFacts *facts);
void         signin_popup_free  (SigninPopup *popup);
char        *signin_popup_clock (gint64 real_usec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninPopup, signin_popup_free)

G_END_DECLS
