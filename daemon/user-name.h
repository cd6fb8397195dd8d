/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "services.h"

G_BEGIN_DECLS

gboolean signin_user_name_check (const SigninService *service, const char *user_name, GError **error);

G_END_DECLS
