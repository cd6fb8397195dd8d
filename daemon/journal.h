/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "settings.h"
#include "tracker.h"

G_BEGIN_DECLS

void signin_journal_observe (SigninTracker *tracker, const SigninSettings *settings);

G_END_DECLS
