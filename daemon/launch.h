/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SigninLauncher:
 *
 * Opens pages in the person's browser from inside the sandbox, without ever waiting.
 */
typedef struct _SigninLauncher SigninLauncher;

/**
 * SigninOpened:
 * @error: why the page could not be opened by any way, or %NULL
 */
typedef void (*SigninOpened) (const GError *error, gpointer user_data);

SigninLauncher *signin_launcher_new (GDBusConnection *bus);
void signin_launcher_free (SigninLauncher *launcher);
void signin_launcher_open (SigninLauncher *launcher, const char *url, const char *activation_token, SigninOpened opened,
                           gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninLauncher, signin_launcher_free)

G_END_DECLS
