/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "output.h"
#include "snapshot.h"

G_BEGIN_DECLS

void signin_ctl_status_account (GString *out, const SigninCtlStyle *style, const SigninCtlAccount *account,
                                gint64 now_usec);
void signin_ctl_status_next (GString *out, const SigninCtlStyle *style, const SigninCtlSnapshot *snapshot,
                             gint64 now_usec);

G_END_DECLS
