/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "output.h"

G_BEGIN_DECLS

/**
 * SigninCtlTable:
 *
 * Rows of texts, the first of them a heading.
 */
typedef struct _SigninCtlTable SigninCtlTable;

SigninCtlTable *signin_ctl_table_new (guint n_columns, gboolean elastic);
void signin_ctl_table_free (SigninCtlTable *table);
void signin_ctl_table_add (SigninCtlTable *table, const char *const *cells);
gboolean signin_ctl_table_fits (const SigninCtlTable *table, const SigninCtlStyle *style);
void signin_ctl_table_show (GString *out, const SigninCtlStyle *style, const SigninCtlTable *table, gboolean plain);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninCtlTable, signin_ctl_table_free)

G_END_DECLS
