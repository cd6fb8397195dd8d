/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "account.h"
#include "address.h"
#include "ctl.h"

G_BEGIN_DECLS

gboolean signin_ctl_read_details (const SigninCtl *ctl, SigninAccountDetails *details, GError **error);
int signin_ctl_append_details (sd_bus_message *message, const SigninAccountDetails *details,
                               gboolean from_next_sign_in);

G_END_DECLS
