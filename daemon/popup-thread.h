/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "popup-text.h"

G_BEGIN_DECLS

/**
 * SigninPopupThread:
 *
 * Shows popups with libnotify on a thread of its own. None of its functions ever waits for a notification server.
 */
typedef struct _SigninPopupThread SigninPopupThread;

/**
 * SigninPopupAnswer:
 * @popup: which popup it was
 * @step: what it said when the person saw it
 * @action: the key of what was pressed; %NULL if the popup was closed
 * @token: (nullable): activation token that the server gave with it
 *
 * What a person did with a popup. It is gone from the screen then. Told in the main context that was given to
 * signin_popup_thread_new().
 */
typedef void (*SigninPopupAnswer) (const char *popup, guint step, const char *action, const char *token,
                                   gpointer user_data);

SigninPopupThread *signin_popup_thread_new (GMainContext *context, SigninPopupAnswer answer, gpointer user_data,
                                            GError **error);
void signin_popup_thread_free (SigninPopupThread *thread, GDBusConnection *bus);
void signin_popup_thread_show (SigninPopupThread *thread, const char *key, SigninPopup *popup);
void signin_popup_thread_withdraw (SigninPopupThread *thread, const char *key);
void signin_popup_thread_set_locked (SigninPopupThread *thread, gboolean locked);
void signin_popup_thread_sweep (SigninPopupThread *thread, GDBusConnection *bus);

G_END_DECLS
