/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "signind-dbus.h"
#include "tracker.h"

G_BEGIN_DECLS

SigninDBusObjectSkeleton *signin_bus_account_new (const char *id);
void signin_bus_account_update (SigninDBusObjectSkeleton *object, const SigninAccount *account,
                                const SigninServices *services, const SigninNow *now);

G_END_DECLS
