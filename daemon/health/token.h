/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A token from the person's own command: asked for when it is needed, kept for one request, written nowhere. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGNIN_TOKEN_OUTPUT_MAX (64 * 1024)
#define SIGNIN_TOKEN_RUNTIME_MSEC 10000

/**
 * SigninTokenRun:
 *
 * A run of the token command.
 */
typedef struct _SigninTokenRun SigninTokenRun;

/**
 * SigninTokenDone:
 * @token: (transfer none) (nullable): the token; gone when this returns
 * @reason: (nullable): why there is none, as a stable code
 */
typedef void (*SigninTokenDone) (const char *token, const char *reason, gpointer user_data);

SigninTokenRun *signin_token_run_new (GDBusConnection *bus, const char *command, const char *resource,
                                      SigninTokenDone done, gpointer user_data);
void signin_token_run_free (SigninTokenRun *run);

char **signin_token_command_parse (const char *command, const char *resource, GError **error);
const char *signin_token_find (const char *output, gsize len, gsize *token_len);
char *signin_token_header (const char *token);
void signin_token_wipe (char *secret);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninTokenRun, signin_token_run_free)

G_END_DECLS
