/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "tracker.h"

G_BEGIN_DECLS

/**
 * SigninHooksConfig:
 * @folders: (array zero-terminated=1): where hooks are, the more important first; %NULL for the usual ones
 * @runtime_msec: how long each may run
 * @running: how many may run at once
 * @queued: how many may wait for that
 * @user_names: they may know who signs in
 *
 * What may be run, and within which bounds.
 */
typedef struct
{
  const char *const *folders;
  guint runtime_msec;
  guint running;
  guint queued;
  gboolean user_names;
} SigninHooksConfig;

#define SIGNIN_HOOKS_CONFIG_DEFAULT                        \
  {                                                        \
    .runtime_msec = 30 * 1000, .running = 8, .queued = 128 \
  }

/**
 * SigninHooks:
 *
 * Runs the programs that people and administrators want to be run on events. Nothing here ever waits for one of them.
 */
typedef struct _SigninHooks SigninHooks;

char **signin_hook_facts (const SigninNews *news, gboolean user_names);

SigninHooks *signin_hooks_new (GDBusConnection *bus, const SigninHooksConfig *config);
void signin_hooks_free (SigninHooks *hooks);
void signin_hooks_observe (SigninHooks *hooks, SigninTracker *tracker);
void signin_hooks_set_user_names (SigninHooks *hooks, gboolean user_names);
void signin_hooks_tell (SigninHooks *hooks, const SigninNews *news);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninHooks, signin_hooks_free)

G_END_DECLS
