/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the manager's object share: bus.c has the accounts, bus-browser.c what is for browsers. */

#pragma once

#include "bus.h"
#include "signind-dbus.h"

G_BEGIN_DECLS

struct _SigninBus
{
  GDBusConnection *connection;
  SigninTracker *tracker;
  const SigninServices *services;
  SigninLauncher *launcher;
  SigninCompanion *companion;
  SigninProvided *provided;
  SigninDBusManager *manager;
  GDBusObjectManagerServer *objects;
  GHashTable *accounts; /* id → SigninDBusObjectSkeleton */
};

gboolean signin_bus_finish (SigninBus *bus, GDBusMethodInvocation *invocation, gboolean accepted, GError *error,
                            GVariant *reply);
void signin_bus_connect_browser (SigninBus *bus);

G_END_DECLS
