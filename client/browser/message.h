/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the extension says. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninMessageType:
 * @SIGNIN_MESSAGE_EVENT: a sign-in or sign-out was seen
 * @SIGNIN_MESSAGE_STATUS: which accounts are there?
 * @SIGNIN_MESSAGE_OPEN: the person wants to sign in
 * @SIGNIN_MESSAGE_SNOOZE: the person wants to hear nothing for a while
 */
typedef enum
{
  SIGNIN_MESSAGE_EVENT,
  SIGNIN_MESSAGE_STATUS,
  SIGNIN_MESSAGE_OPEN,
  SIGNIN_MESSAGE_SNOOZE,
} SigninMessageType;

/**
 * SigninMessage:
 * @type: what it is; only the texts that belong to it are there
 * @host: of an event
 * @organization_host: (nullable): of an event
 * @kind: of an event: "signed-in", "sso" or "signed-out"
 * @source: of an event: the browser and its profile
 * @at_usec: of an event: when, in microseconds of CLOCK_REALTIME; -1 for now
 * @account: of whatever is to be done with one
 *
 * A message that was checked.
 */
typedef struct
{
  SigninMessageType type;
  char *host;
  char *organization_host;
  char *kind;
  char *source;
  gint64 at_usec;
  char *account;
} SigninMessage;

gboolean signin_message_parse (SigninMessage *message, const char *data, gsize len, const char **problem);
void signin_message_clear (SigninMessage *message);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninMessage, signin_message_clear)

G_END_DECLS
