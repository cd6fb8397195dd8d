/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean signin_text_check (const char *text,
                            gsize       max_bytes,
                            const char *what,
                            GError    **error);

G_END_DECLS
