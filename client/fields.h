/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Dictionaries of the bus, as members of a structure. */

#pragma once

#include "bus.h"

G_BEGIN_DECLS

/**
 * SigninCtlField:
 * @name: the property or key
 * @type: 's', 'o', 't', 'u' or 'b'
 * @offset: where it goes: a `char *`, a #gint64, a #guint or a #gboolean
 */
typedef struct
{
  const char *name;
  char type;
  gsize offset;
} SigninCtlField;

/**
 * SigninCtlRows:
 * @fields: what is taken of each, ended by one without a name
 * @size: how large the structure of one is
 * @rows: where they go; frees them itself
 *
 * A list of dictionaries.
 */
typedef struct
{
  const SigninCtlField *fields;
  gsize size;
  GPtrArray *rows;
} SigninCtlRows;

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
int signin_ctl_rows_read (sd_bus_message *message, const SigninCtlRows *rows);
int signin_ctl_rows_take (sd_bus_message *message, const char *type, const SigninCtlRows *rows);

G_END_DECLS
