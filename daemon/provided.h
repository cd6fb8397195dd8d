/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts that an administrator provides for everybody on the machine. */

#pragma once

#include "tracker.h"

G_BEGIN_DECLS

/**
 * SigninProvided:
 *
 * The files of such accounts. What stands in them is for all; a person may hide one of them, by a file of the same name
 * of their own, and cannot change it.
 */
typedef struct _SigninProvided SigninProvided;

SigninProvided *signin_provided_new (const char *system_folder, const char *user_folder);
void signin_provided_free (SigninProvided *provided);
void signin_provided_apply (SigninProvided *provided, SigninTracker *tracker);
gboolean signin_provided_has (SigninProvided *provided, const char *id);
gboolean signin_provided_check (SigninProvided *provided, const char *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninProvided, signin_provided_free)

G_END_DECLS
