/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SigninLogind:
 *
 * What systemd-logind says of the person's session and of the machine's sleep. It has a connection of its own to the
 * system bus, for as long as it lives.
 */
typedef struct _SigninLogind SigninLogind;

/**
 * SigninLogindEvents:
 * @hint: LockedHint of the person's session is known and is @locked; or it is not known any more, and @locked is %FALSE
 * @sleep: the machine is about to sleep (@before), or it has woken
 *
 * Called in the main context that signin_logind_new() was called in, never from inside of one of the functions below.
 */
typedef struct
{
  void (*hint) (gboolean known, gboolean locked, gpointer user_data);
  void (*sleep) (gboolean before, gpointer user_data);
} SigninLogindEvents;

SigninLogind *signin_logind_new (const SigninLogindEvents *events, gpointer user_data);
void signin_logind_free (SigninLogind *logind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninLogind, signin_logind_free)

G_END_DECLS
