/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "snapshot.h"

G_BEGIN_DECLS

const SigninCtlAccount *signin_ctl_most_urgent (const SigninCtlSnapshot *snapshot, GError **error);
const SigninCtlAccount *signin_ctl_only_due (const SigninCtlSnapshot *snapshot, GError **error);

G_END_DECLS
