/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The regions behind services.h, which is what everybody else asks. */

#pragma once

#include "services.h"

G_BEGIN_DECLS

typedef struct _SigninRegions SigninRegions;

SigninRegions *signin_regions_load (const char *path);
void signin_regions_free (SigninRegions *regions);
const SigninRegion *signin_regions_find (const SigninRegions *regions, const char *text);
const SigninRegion *signin_regions_find_host (const SigninRegions *regions, const char *host, gsize *prefix_len);
const SigninRegion *const *signin_regions_list (const SigninRegions *regions);
gboolean signin_regions_is_reserved (const SigninRegions *regions, const char *label);
gboolean signin_regions_is_sign_in_host (const SigninRegions *regions, const char *host);

G_END_DECLS
