/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninMailbox:
 *
 * Hands messages from any thread to the one that runs a main context. At most one message waits under each key, the
 * latest, so a receiver that hangs never makes it grow.
 */
typedef struct _SigninMailbox SigninMailbox;

/**
 * SigninMailboxFunc:
 * @key: what the message is about
 * @message: (transfer full): the latest message under @key
 * @user_data: what was given to signin_mailbox_new()
 *
 * Receives a message, in the main context that the mailbox is attached to.
 */
typedef void (*SigninMailboxFunc) (const char *key, gpointer message, gpointer user_data);

SigninMailbox *signin_mailbox_new (SigninMailboxFunc func, gpointer user_data, GDestroyNotify free_message,
                                   GError **error);
SigninMailbox *signin_mailbox_ref (SigninMailbox *mailbox);
void signin_mailbox_unref (SigninMailbox *mailbox);
void signin_mailbox_attach (SigninMailbox *mailbox, GMainContext *context);
void signin_mailbox_post (SigninMailbox *mailbox, const char *key, gpointer message);
void signin_mailbox_close (SigninMailbox *mailbox);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninMailbox, signin_mailbox_unref)

G_END_DECLS
