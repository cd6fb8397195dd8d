/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which programs are run on events. GLib's core only: signinctl asks the same. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SIGNIN_HOOKS_MAX 32
#define SIGNIN_HOOK_NAME_MAX 128

/**
 * SigninHook:
 * @name: its file name
 * @path: where it is
 */
typedef struct
{
  char *name;
  char *path;
} SigninHook;

char **signin_hook_folders (void);
GPtrArray *signin_hooks_find (const char *const *folders, GPtrArray *problems);

G_END_DECLS
