/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where a sign-in was made: by hand, by some program, or in one profile of a browser. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SIGNIN_PROFILE_LEN 16
#define SIGNIN_BROWSER_NAME_MAX 15

gboolean signin_browser_is_known (const char *browser);
gboolean signin_profile_is_valid (const char *profile);
gboolean signin_source_is_browser (const char *source);
gboolean signin_source_same_browser (const char *a, const char *b);
char *signin_source_describe (const char *source, gboolean with_profile);

G_END_DECLS
