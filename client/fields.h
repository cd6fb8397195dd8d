/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Dictionaries from the bus, put into records. What is missing, unknown or of another type does no harm. */

#pragma once

#include "bus.h"

G_BEGIN_DECLS

/**
 * SigninCtlField:
 * @name: the property or key
 * @type: 's' or 'o' for a text, 't' for a #gint64, 'u' for a #guint, 'b' for a #gboolean
 * @offset: where it goes
 *
 * What is taken of a dictionary. A table of them ends with one without a name.
 */
typedef struct
{
  const char *name;
  char type;
  gsize offset;
} SigninCtlField;

/**
 * SigninCtlRows:
 * @name: the property or key that has them
 * @fields: what is taken of each
 * @size: how large the record of one is
 * @rows: where they go; frees them itself
 *
 * A value that is itself a list of dictionaries.
 */
typedef struct
{
  const char *name;
  const SigninCtlField *fields;
  gsize size;
  GPtrArray *rows;
} SigninCtlRows;

void signin_ctl_fields_init (const SigninCtlField *fields, gpointer record);
void signin_ctl_fields_clear (const SigninCtlField *fields, gpointer record);
int signin_ctl_fields_read (sd_bus_message *message, const SigninCtlField *fields, gpointer record,
                            const SigninCtlRows *rows);
int signin_ctl_rows_read (sd_bus_message *message, const SigninCtlRows *rows);

G_END_DECLS
