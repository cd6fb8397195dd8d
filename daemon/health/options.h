/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "target.h"

G_BEGIN_DECLS

/* How many things can be asked beside accounts and pages: feeds, Graph. */
#define SIGNIN_HEALTH_SOURCES_MAX 8

/**
 * SigninHealthOptions:
 * @targets: of #SigninTarget: what is wanted
 * @refresh: answers that are still good are not enough
 * @timeout_usec: how long the check may take
 * @sources: which of the other sources are wanted, as they were named
 *
 * What a caller of Check wants.
 */
typedef struct
{
  GPtrArray *targets;
  gboolean refresh;
  gint64 timeout_usec;
  gboolean sources[SIGNIN_HEALTH_SOURCES_MAX];
} SigninHealthOptions;

gboolean signin_health_options_parse (SigninHealthOptions *options, GVariant *variant, const SigninServices *services,
                                      const char *const *sources, guint n_sources, GError **error);
void signin_health_options_clear (SigninHealthOptions *options);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninHealthOptions, signin_health_options_clear)

G_END_DECLS
