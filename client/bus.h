/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <systemd/sd-bus.h>

#include "exits.h"
#include "names.h"

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sd_bus, sd_bus_close_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sd_bus_message, sd_bus_message_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sd_bus_slot, sd_bus_slot_unref)

/**
 * SigninCtlCall:
 * @slot: the call that is under way
 * @reply: its answer, an error perhaps, once it came
 */
typedef struct
{
  sd_bus_slot *slot;
  sd_bus_message *reply;
} SigninCtlCall;

void signin_ctl_call_clear (SigninCtlCall *call);
gboolean signin_ctl_call_start (SigninCtlCall *call, sd_bus *bus, sd_bus_message *message, GError **error);
gboolean signin_ctl_call_start_within (SigninCtlCall *call, sd_bus *bus, sd_bus_message *message, guint64 usec,
                                       GError **error);
gboolean signin_ctl_call_poll (SigninCtlCall *call, sd_bus *bus, guint64 usec, GError **error);
gboolean signin_ctl_call_wait (SigninCtlCall *call, sd_bus *bus, GError **error);

sd_bus *signin_ctl_bus_open (GError **error);
gboolean signin_ctl_bus_failed (int result, GError **error);
sd_bus_message *signin_ctl_bus_message (sd_bus *bus, const char *interface, const char *method, GError **error);
sd_bus_message *signin_ctl_bus_call (sd_bus *bus, sd_bus_message *message, GError **error);

int signin_ctl_append_string (sd_bus_message *message, const char *key, const char *value);
int signin_ctl_append_time (sd_bus_message *message, const char *key, gint64 usec);
int signin_ctl_append_flag (sd_bus_message *message, const char *key, gboolean value);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninCtlCall, signin_ctl_call_clear)

G_END_DECLS
