/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "tracker.h"

G_BEGIN_DECLS

/**
 * SigninLifecycle:
 *
 * What the service manager is told of us.
 */
typedef struct _SigninLifecycle SigninLifecycle;

SigninLifecycle *signin_lifecycle_new (SigninTracker *tracker);
void signin_lifecycle_free (SigninLifecycle *self);
void signin_lifecycle_ready (SigninLifecycle *self);
void signin_lifecycle_stopping (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninLifecycle, signin_lifecycle_free)

G_END_DECLS
