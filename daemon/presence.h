/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SigninPresence:
 *
 * Tells whether the person's screen is locked, and when the machine goes to sleep and wakes. Nothing is asked and
 * nothing is connected except between signin_presence_watch() and signin_presence_unwatch().
 */
typedef struct _SigninPresence SigninPresence;

/**
 * SigninPresenceReason:
 * @SIGNIN_PRESENCE_LOCKED: the screen is locked now
 * @SIGNIN_PRESENCE_UNLOCKED: it was locked and is not any more, or nobody knows any more
 * @SIGNIN_PRESENCE_SLEEPING: the machine is about to sleep
 * @SIGNIN_PRESENCE_WOKEN: it has woken, or did not sleep after all. The screen may be locked still
 *
 * What has changed.
 */
typedef enum
{
  SIGNIN_PRESENCE_LOCKED,
  SIGNIN_PRESENCE_UNLOCKED,
  SIGNIN_PRESENCE_SLEEPING,
  SIGNIN_PRESENCE_WOKEN,
} SigninPresenceReason;

/**
 * SigninPresenceFunc:
 * @reason: what has changed
 * @user_data: what was given to signin_presence_new()
 *
 * Called in the main context that signin_presence_watch() was called in, never from inside of one of the functions
 * below. It may call each of them.
 */
typedef void (*SigninPresenceFunc) (SigninPresenceReason reason, gpointer user_data);

SigninPresence *signin_presence_new (GDBusConnection *session_bus, SigninPresenceFunc changed, gpointer user_data);
void signin_presence_free (SigninPresence *presence);
void signin_presence_watch (SigninPresence *presence);
void signin_presence_unwatch (SigninPresence *presence);
gboolean signin_presence_is_locked (const SigninPresence *presence);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninPresence, signin_presence_free)

G_END_DECLS
