/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "row-kind.h"
#include "services.h"

G_BEGIN_DECLS

/**
 * SigninTarget:
 * @account: whose it is; empty if nobody's alone
 * @kind: what kind of row it makes
 * @host: its host
 * @url: what to ask; %NULL if nothing is asked
 * @authority: the host of its sign-in authority, or %NULL
 * @authority_url: what to ask there, or %NULL
 * @health: what its service says
 *
 * One thing that somebody wants to know of.
 */
typedef struct
{
  char *account;
  SigninRowKind kind;
  char *host;
  char *url;
  char *authority;
  char *authority_url;
  const SigninServiceHealth *health;
} SigninTarget;

GPtrArray *signin_targets_parse (const SigninServices *services, GVariant *list, guint max, GError **error);
void signin_targets_add_common (const SigninServices *services, GPtrArray *targets);

G_END_DECLS
