/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "tracker.h"
#include "trouble.h"

G_BEGIN_DECLS

/**
 * SigninHealthEvents:
 * @known: what is known has changed; @rows is a floating `aa{sv}`, as the manager shows it
 * @trouble: whether the person can sign in to an account again is another than before
 *
 * What comes of asking.
 */
typedef struct
{
  void (*known) (GVariant *rows, gpointer user_data);
  void (*trouble) (const char *id, SigninTrouble trouble, gpointer user_data);
} SigninHealthEvents;

/**
 * SigninHealthWatch:
 *
 * Has signin-healthd asked when a warning is due, and remembers what it last said to anybody. Opens no network socket,
 * never waits, and never keeps anything else waiting.
 */
typedef struct _SigninHealthWatch SigninHealthWatch;

SigninHealthWatch *signin_health_watch_new (GDBusConnection *bus, SigninTracker *tracker,
                                            const SigninServices *services, const SigninHealthEvents *events,
                                            gpointer user_data);
void signin_health_watch_set_enabled (SigninHealthWatch *watch, gboolean enabled);
void signin_health_watch_free (SigninHealthWatch *watch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninHealthWatch, signin_health_watch_free)

G_END_DECLS
