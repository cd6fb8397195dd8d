/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "verdict.h"

G_BEGIN_DECLS

SigninContent signin_openid_judge (GBytes *body, const char *host);

G_END_DECLS
