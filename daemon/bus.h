/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "companion.h"
#include "launch.h"
#include "provided.h"
#include "tracker.h"

G_BEGIN_DECLS

/**
 * SigninBus:
 *
 * The objects on the bus. Translates between D-Bus and the tracker, and decides nothing.
 */
typedef struct _SigninBus SigninBus;

SigninBus *signin_bus_new (GDBusConnection *connection, SigninTracker *tracker, const SigninServices *services,
                           SigninLauncher *launcher, SigninCompanion *companion, GError **error);
void signin_bus_free (SigninBus *bus);
void signin_bus_set_storage_problem (SigninBus *bus, const char *problem);
void signin_bus_show_accounts (SigninBus *bus);
void signin_bus_set_health (SigninBus *bus, GVariant *rows);
void signin_bus_set_provided (SigninBus *bus, SigninProvided *provided);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninBus, signin_bus_free)

G_END_DECLS
