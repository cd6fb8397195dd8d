/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SigninScreensaver:
 *
 * Whether a screen saver or locker of the desktop is up, as those of the larger desktops say on the session bus.
 */
typedef struct _SigninScreensaver SigninScreensaver;

/**
 * SigninScreensaverFunc:
 * @active: whether one is up
 *
 * Called at each change, never from inside of one of the functions below. None is up at first.
 */
typedef void (*SigninScreensaverFunc) (gboolean active, gpointer user_data);

SigninScreensaver *signin_screensaver_new (GDBusConnection *bus, SigninScreensaverFunc changed, gpointer user_data);
void signin_screensaver_free (SigninScreensaver *screensaver);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninScreensaver, signin_screensaver_free)

G_END_DECLS
