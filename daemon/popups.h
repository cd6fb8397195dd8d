/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "launch.h"
#include "settings.h"
#include "suggestions.h"
#include "tracker.h"
#include "trouble.h"

G_BEGIN_DECLS

/**
 * SigninPopups:
 *
 * Shows on the desktop what is true of the sessions, and hands to the tracker what people press. libnotify blocks its
 * caller for as long as a notification server hangs, so all of it happens on a thread of its own.
 */
typedef struct _SigninPopups SigninPopups;

SigninPopups *signin_popups_new (GDBusConnection *bus, SigninTracker *tracker, const SigninServices *services,
                                 SigninLauncher *launcher);
void signin_popups_set_trouble (SigninPopups *self, const char *account, SigninTrouble trouble);
void signin_popups_set_settings (SigninPopups *popups, const SigninSettings *settings);
void signin_popups_set_suggestions (SigninPopups *popups, SigninSuggestions *suggestions);
void signin_popups_free (SigninPopups *popups);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninPopups, signin_popups_free)

G_END_DECLS
