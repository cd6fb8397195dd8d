/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "settings.h"

G_BEGIN_DECLS

/**
 * SigninSettingsWatch:
 *
 * The settings in force, kept as the files say while those come, change and go.
 */
typedef struct _SigninSettingsWatch SigninSettingsWatch;

/**
 * SigninSettingsFunc:
 * @settings: what is in force from now on
 *
 * A value has changed.
 */
typedef void (*SigninSettingsFunc) (const SigninSettings *settings, gpointer user_data);

SigninSettingsWatch *signin_settings_watch_new (SigninSettingsFiles *files, SigninSettingsFunc func,
                                                gpointer user_data);
void signin_settings_watch_free (SigninSettingsWatch *watch);
const SigninSettings *signin_settings_watch_get (const SigninSettingsWatch *watch);
void signin_settings_watch_reload (SigninSettingsWatch *watch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninSettingsWatch, signin_settings_watch_free)

G_END_DECLS
