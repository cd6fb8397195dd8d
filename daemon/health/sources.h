/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "health.h"
#include "settings.h"

G_BEGIN_DECLS

/**
 * SigninSources:
 *
 * What is asked beside the services themselves: public feeds, and Microsoft Graph.
 */
typedef struct _SigninSources SigninSources;

SigninSources *signin_sources_new (const SigninServices *services, SigninFetcher *fetcher, GDBusConnection *bus,
                                   SigninSettingsFiles *settings);
void signin_sources_free (SigninSources *sources);
void signin_sources_add_to (SigninSources *sources, SigninHealth *health);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninSources, signin_sources_free)

G_END_DECLS
