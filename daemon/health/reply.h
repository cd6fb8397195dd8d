/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "row.h"

G_BEGIN_DECLS

gboolean signin_reply_take (SigninRow *row, const SigninFetchResponse *response);

G_END_DECLS
