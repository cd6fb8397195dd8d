/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "tracker.h"

G_BEGIN_DECLS

void signin_journal_observe (SigninTracker *tracker);

G_END_DECLS
