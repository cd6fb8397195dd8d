/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "authorized.h"

#include "token.h"

#define CONNECT_TIMEOUT_MSEC 5000
#define TIMEOUT_MSEC 10000

struct _SigninAuthorized
{
  SigninFetcher *fetcher;
  SigninTokenRun *token;
  char *header; /* with the token in it */
  guint fetch;
  SigninFetchDone done;
  SigninAuthorizedReady ready;
  gpointer user_data;
};

static void
on_token (const char *token, const char *reason, gpointer user_data)
{
  SigninAuthorized *self = user_data;

  if (token != NULL)
    self->header = signin_token_header (token);
  self->ready (reason, self->user_data);
}

/**
 * signin_authorized_new:
 * @authorizer: what it takes
 * @resource: whom the token is to be for: the beginning of an address, "https://HOST"
 * @ready: called once, later, when there is a token or will be none
 * @user_data: passed to @ready and to whoever is told of an answer
 *
 * Returns: (transfer full): a host that can be asked, once @ready was called; it may be freed from there on
 */
SigninAuthorized *
signin_authorized_new (const SigninAuthorizer *authorizer, const char *resource, SigninAuthorizedReady ready,
                       gpointer user_data)
{
  SigninAuthorized *self = g_new0 (SigninAuthorized, 1);

  self->fetcher = authorizer->fetcher;
  self->ready = ready;
  self->user_data = user_data;
  self->token = signin_token_run_new (authorizer->bus, authorizer->token_command, resource, on_token, self);
  return self;
}

/**
 * signin_authorized_free:
 * @authorized: (nullable): a host
 *
 * Wipes the token. Nobody is called back any more.
 */
void
signin_authorized_free (SigninAuthorized *authorized)
{
  if (authorized == NULL)
    return;
  signin_token_run_free (authorized->token);
  if (authorized->fetch != 0)
    signin_fetch_cancel (authorized->fetcher, authorized->fetch);
  signin_token_wipe (authorized->header);
  g_free (authorized);
}

static void
on_fetched (const SigninFetchResponse *response, gpointer user_data)
{
  SigninAuthorized *self = user_data;

  self->fetch = 0;
  self->done (response, self->user_data);
}

/**
 * signin_authorized_get:
 * @authorized: a host that is ready, and is not being asked
 * @url: what to ask for there: the caller sees to it that it is the same host
 * @done: called once, later, with the answer
 * @error: return location
 *
 * Returns: %FALSE with an error if it cannot be asked now
 */
gboolean
signin_authorized_get (SigninAuthorized *authorized, const char *url, SigninFetchDone done, GError **error)
{
  const char *const headers[] = { authorized->header, "Accept: application/json", "Prefer: odata.maxpagesize=50",
                                  NULL };
  const SigninFetchRequest request = {
    .url = url,
    .headers = headers,
    .max_body = SIGNIN_FETCH_BODY_MAX,
    .connect_timeout_msec = CONNECT_TIMEOUT_MSEC,
    .timeout_msec = TIMEOUT_MSEC,
  };

  authorized->done = done;
  authorized->fetch = signin_fetch_start (authorized->fetcher, &request, on_fetched, authorized, error);
  return authorized->fetch != 0;
}
