/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninOption:
 * @name: its key
 * @type: its type: "s", "t", "b", or that of a list
 * @value: (not nullable): where to put it: a `const char *`, a #gint64, a #gboolean or a #GVariant*, untouched if it is
 *   not given
 *
 * One option that a call takes.
 */
typedef struct
{
  const char *name;
  const char *type;
  gpointer value;
} SigninOption;

gboolean signin_options_parse (GVariant *options, const SigninOption *known, gsize n_known, GError **error);

G_END_DECLS
