/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

/**
 * PrivateBus:
 * @process: the dbus-daemon
 * @address: where it listens
 * @runtime: the runtime folder of the process from now on
 *
 * A session bus for one test, on which nothing can be activated. It ends with the test, also with one that fails.
 */
typedef struct
{
  GSubprocess *process;
  char *address;
  char *runtime;
} PrivateBus;

void private_bus_start (PrivateBus *bus);
GDBusConnection *private_bus_connect (PrivateBus *bus);
void private_bus_stop (PrivateBus *bus);
