/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "history.h"
#include "output.h"

G_BEGIN_DECLS

void signin_ctl_timeline (GString *out, const SigninCtlStyle *style, GPtrArray *history, gint64 since, gint64 until,
                          gint64 now_usec);
GPtrArray *signin_ctl_history_accounts (GPtrArray *history);
char *signin_ctl_account_letter (guint number);

G_END_DECLS
