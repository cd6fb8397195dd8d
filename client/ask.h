/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Questions, where there is somebody to answer them. */

#pragma once

#include "output.h"

G_BEGIN_DECLS

gboolean signin_ctl_can_ask (void);
gboolean signin_ctl_confirm (const SigninCtlStyle *style, const char *question);
char *signin_ctl_ask (const SigninCtlStyle *style, const char *question, GError **error);
gboolean signin_ctl_ask_again (const SigninCtlStyle *style, const GError *error, guint *tries);

G_END_DECLS
