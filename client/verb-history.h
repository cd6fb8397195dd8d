/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "history.h"
#include "verbs.h"

G_BEGIN_DECLS

gboolean signin_ctl_read_period (SigninCtl *ctl, SigninCtlPeriod *period, GError **error);
int signin_ctl_forget_history (SigninCtl *ctl, GError **error);

G_END_DECLS
