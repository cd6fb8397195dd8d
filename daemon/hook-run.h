/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One program, running for a bounded time, as a unit of the user manager or as a process group of ours. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SigninHookRun:
 *
 * One run of a hook.
 */
typedef struct _SigninHookRun SigninHookRun;

/**
 * SigninHookEnded:
 * @run: the run, over now; free it here or later
 */
typedef void (*SigninHookEnded) (SigninHookRun *run, gpointer user_data);

SigninHookRun *signin_hook_run_new (GDBusConnection *bus, const char *path, const char *const *facts,
                                    guint runtime_msec, SigninHookEnded ended, gpointer user_data);
void signin_hook_run_free (SigninHookRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninHookRun, signin_hook_run_free)

G_END_DECLS
