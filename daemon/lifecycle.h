/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "tracker.h"

G_BEGIN_DECLS

void signin_lifecycle_observe  (SigninTracker *tracker);
void signin_lifecycle_ready    (SigninTracker *tracker);
void signin_lifecycle_stopping (void);

G_END_DECLS
