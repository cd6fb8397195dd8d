/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A scratch folder with files in it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *tree_put (const char *root, const char *name, const char *text, int mode);
void tree_remove (const char *path);

G_END_DECLS
