/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asking the network: the only place that does. HTTPS only, redirects are told and not followed, everything is bounded,
 * and nothing of it happens on the caller's thread. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How many connections there are at a time; what is beyond waits its turn, and its time-outs begin then. */
#define SIGNIN_FETCH_CONNECTIONS 8

/* The most that is ever kept of an answer. */
#define SIGNIN_FETCH_BODY_MAX (256 * 1024)
#define SIGNIN_FETCH_HEADERS_MAX (32 * 1024)

/* How many requests may wait or run at a time. */
#define SIGNIN_FETCH_REQUESTS_MAX 512

/**
 * SigninFetchEnd:
 * @SIGNIN_FETCH_ANSWERED: there is a status, and the body as far as it was wanted
 * @SIGNIN_FETCH_TOO_LARGE: there is a status; the body went on beyond its limit
 * @SIGNIN_FETCH_CUT_OFF: there is a status; the connection ended, or the time was up, before the body did
 * @SIGNIN_FETCH_NAME_UNKNOWN: the name of the host does not resolve; or nothing does: curl cannot tell
 * @SIGNIN_FETCH_NAME_TIMEOUT: no answer to what the host's address is
 * @SIGNIN_FETCH_UNREACHABLE: this machine has no way to the host's address
 * @SIGNIN_FETCH_REFUSED: the host refuses connections, or breaks them
 * @SIGNIN_FETCH_TIMEOUT: the host did not answer in time
 * @SIGNIN_FETCH_CERTIFICATE_NAME: the certificate is another host's
 * @SIGNIN_FETCH_CERTIFICATE_EXPIRED: the certificate is no longer or not yet valid
 * @SIGNIN_FETCH_CERTIFICATE_UNTRUSTED: the certificate was issued by nobody that is trusted here
 * @SIGNIN_FETCH_TLS_FAILED: no secure connection came about for another reason
 * @SIGNIN_FETCH_PROXY_REFUSED: the proxy did not let the connection through; see its status
 * @SIGNIN_FETCH_PROXY_UNREACHABLE: the proxy itself cannot be reached
 * @SIGNIN_FETCH_FAILED: anything else; the message says what
 *
 * How a request ended.
 */
typedef enum
{
  SIGNIN_FETCH_ANSWERED,
  SIGNIN_FETCH_TOO_LARGE,
  SIGNIN_FETCH_CUT_OFF,
  SIGNIN_FETCH_NAME_UNKNOWN,
  SIGNIN_FETCH_NAME_TIMEOUT,
  SIGNIN_FETCH_UNREACHABLE,
  SIGNIN_FETCH_REFUSED,
  SIGNIN_FETCH_TIMEOUT,
  SIGNIN_FETCH_CERTIFICATE_NAME,
  SIGNIN_FETCH_CERTIFICATE_EXPIRED,
  SIGNIN_FETCH_CERTIFICATE_UNTRUSTED,
  SIGNIN_FETCH_TLS_FAILED,
  SIGNIN_FETCH_PROXY_REFUSED,
  SIGNIN_FETCH_PROXY_UNREACHABLE,
  SIGNIN_FETCH_FAILED,
  SIGNIN_N_FETCH_ENDS
} SigninFetchEnd;

/**
 * SigninFetchTimes:
 * @dns_usec: the name was resolved
 * @connect_usec: the connection stood, after that
 * @tls_usec: it was secure, after that
 * @first_byte_usec: the answer began, after that
 * @total_usec: all of it, from the first step to the end
 *
 * How long each step took; 0 for those that were not reached.
 */
typedef struct
{
  gint64 dns_usec;
  gint64 connect_usec;
  gint64 tls_usec;
  gint64 first_byte_usec;
  gint64 total_usec;
} SigninFetchTimes;

/**
 * SigninFetchRequest:
 * @url: what to ask for, https only; without user information
 * @headers: (nullable): %NULL-terminated lines such as "Accept: application/json"; wiped from our memory when the
 *   request has ended, so a token may stand here
 * @max_body: how much of the body is wanted, at most #SIGNIN_FETCH_BODY_MAX; 0 to stop when the headers are there
 * @connect_timeout_msec: time to resolve, connect and secure
 * @timeout_msec: time for all of it
 *
 * What to ask.
 */
typedef struct
{
  const char *url;
  const char *const *headers;
  gsize max_body;
  guint connect_timeout_msec;
  guint timeout_msec;
} SigninFetchRequest;

/**
 * SigninFetchResponse:
 * @end: how it ended
 * @status: the HTTP status, 0 if there was none
 * @proxy: the request went through a proxy
 * @proxy_status: the proxy's own status, 0 if it gave none
 * @headers: %NULL-terminated lines as they came, at most #SIGNIN_FETCH_HEADERS_MAX bytes of them; see
 *   signin_fetch_response_get_header()
 * @body: the body as it came, not decompressed; at most what was wanted of it
 * @times: how long each step took
 * @at_usec: when it ended, CLOCK_REALTIME
 * @message: (nullable): what went wrong, in curl's words
 *
 * What came of it.
 */
typedef struct
{
  SigninFetchEnd end;
  guint status;
  gboolean proxy;
  guint proxy_status;
  char **headers;
  GBytes *body;
  SigninFetchTimes times;
  gint64 at_usec;
  char *message;
} SigninFetchResponse;

/**
 * SigninFetchDone:
 * @response: (transfer none): what came of it
 * @user_data: as it was given
 *
 * Called once for each request that was not cancelled, on the main context of who made the fetcher, and never before
 * signin_fetch_start() has returned.
 */
typedef void (*SigninFetchDone) (const SigninFetchResponse *response, gpointer user_data);

/**
 * SigninFetcher:
 *
 * A thread that asks, and the requests that it has.
 */
typedef struct _SigninFetcher SigninFetcher;

SigninFetcher *signin_fetcher_new (const char *ca_file, GError **error);
void signin_fetcher_free (SigninFetcher *fetcher);

guint signin_fetch_start (SigninFetcher *fetcher, const SigninFetchRequest *request, SigninFetchDone done,
                          gpointer user_data, GError **error);
void signin_fetch_cancel (SigninFetcher *fetcher, guint id);

const char *signin_fetch_response_get_header (const SigninFetchResponse *response, const char *name, guint nth);
guint64 signin_fetch_response_get_retry_after (const SigninFetchResponse *response);
guint64 signin_fetch_parse_retry_after (const char *text, gint64 now_usec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninFetcher, signin_fetcher_free)

G_END_DECLS
