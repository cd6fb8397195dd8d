/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Dictionaries of the bus, as members of a structure. */

#pragma once

#include "bus.h"

G_BEGIN_DECLS

/**
 * SigninCtlField:
 * @name: the property or key
 * @type: 's', 'o', 't' or 'b'
 * @offset: where it goes: a `char *`, a #gint64 or a #gboolean
 */
typedef struct
{
  const char *name;
  char type;
  gsize offset;
} SigninCtlField;

/**
 * SigninCtlFieldFunc:
 * @message: a message at a variant
 * @name: its key
 * @type: (nullable): what is in it
 * @user_data: whatever was given
 *
 * Returns: 1 if it was read, 0 if nothing was, a negative errno on failure.
 */
typedef int (*SigninCtlFieldFunc) (sd_bus_message *message, const char *name, const char *type, gpointer user_data);

void signin_ctl_fields_init (const SigninCtlField *fields, gpointer record);
void signin_ctl_fields_clear (const SigninCtlField *fields, gpointer record);
int signin_ctl_fields_read (sd_bus_message *message, const SigninCtlField *fields, gpointer record,
                            SigninCtlFieldFunc other, gpointer user_data);

G_END_DECLS
