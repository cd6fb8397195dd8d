/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Questions on a terminal. */

#pragma once

#include "ctl.h"

G_BEGIN_DECLS

gboolean signin_ctl_may_ask (const SigninCtl *ctl);
char *signin_ctl_ask (const char *question, GError **error);
gboolean signin_ctl_ask_again (const GError *error, guint *tries);

G_END_DECLS
