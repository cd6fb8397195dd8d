/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Requests with a token: it is fetched once, sent to one host, and wiped. */

#pragma once

#include "fetch.h"

G_BEGIN_DECLS

/**
 * SigninAuthorizer:
 * @fetcher: asks; outlives whoever uses it
 * @bus: (nullable): the session bus
 * @token_command: the command of the settings
 *
 * What it takes to ask with a token.
 */
typedef struct
{
  SigninFetcher *fetcher;
  GDBusConnection *bus;
  char *token_command;
} SigninAuthorizer;

/**
 * SigninAuthorized:
 *
 * Some requests to one host.
 */
typedef struct _SigninAuthorized SigninAuthorized;

/**
 * SigninAuthorizedReady:
 * @reason: (nullable): why there is no token, as a code; %NULL if there is one
 */
typedef void (*SigninAuthorizedReady) (const char *reason, gpointer user_data);

SigninAuthorized *signin_authorized_new (const SigninAuthorizer *authorizer, const char *resource,
                                         SigninAuthorizedReady ready, gpointer user_data);
void signin_authorized_free (SigninAuthorized *authorized);
gboolean signin_authorized_get (SigninAuthorized *authorized, const char *url, SigninFetchDone done, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninAuthorized, signin_authorized_free)

G_END_DECLS
