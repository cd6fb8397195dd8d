/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SigninBusClosedFunc:
 * @connection: the connection
 * @remote_peer_vanished: whether the bus closed it
 * @error: (nullable): why
 * @user_data: what was given with it
 *
 * The bus is gone.
 */
typedef void (*SigninBusClosedFunc) (GDBusConnection *connection, gboolean remote_peer_vanished, GError *error,
                                     gpointer user_data);

GDBusConnection *signin_session_bus_connect (SigninBusClosedFunc closed, gpointer user_data, GError **error);
gboolean signin_session_bus_take_name (GDBusConnection *connection, const char *name, GBusNameOwnerFlags flags,
                                       gboolean *taken, GError **error);

G_END_DECLS
