/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "health.h"

G_BEGIN_DECLS

/**
 * SigninHealthObject:
 *
 * What callers see of a #SigninHealth on the bus.
 */
typedef struct _SigninHealthObject SigninHealthObject;

/* A call has come in, or the last one was answered. */
typedef void (*SigninHealthObjectBusy) (gboolean busy, gpointer user_data);

SigninHealthObject *signin_health_object_new (GDBusConnection *connection, SigninHealth *health,
                                              SigninHealthObjectBusy busy, gpointer user_data, GError **error);
void signin_health_object_free (SigninHealthObject *object);
gboolean signin_health_object_is_busy (const SigninHealthObject *object);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninHealthObject, signin_health_object_free)

G_END_DECLS
