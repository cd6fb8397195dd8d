/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One request as curl wants it, and what curl says of it in our words. */

#include "config.h"

#include <errno.h>
#include <string.h>

#include "fetch-private.h"

/* Verification results of OpenSSL, which we do not link for three numbers: x509_vfy.h. */
#define VERIFY_OK 0
#define VERIFY_NOT_SAID 1
#define VERIFY_NOT_YET_VALID 9
#define VERIFY_HAS_EXPIRED 10
#define VERIFY_HOSTNAME_MISMATCH 62

#define STATUS_FINAL 200

/* Whoever goes on sending headers beyond this is cut off. */
#define HEADERS_SIZE_MAX (8 * SIGNIN_FETCH_HEADERS_MAX)

static gsize
on_header (char *data, gsize size, gsize n, void *user_data)
{
  Transfer *transfer = user_data;
  gsize len = size * n;
  gsize kept = len;
  long status = 0;

  transfer->headers_size += len;
  if (transfer->headers_size > HEADERS_SIZE_MAX)
    {
      transfer->too_large = TRUE;
      return 0;
    }
  while (kept > 0 && g_ascii_isspace (data[kept - 1]))
    kept--;
  if (kept >= 5 && memcmp (data, "HTTP/", 5) == 0)
    {
      /* Another answer: what came before was only the announcement of one. */
      g_ptr_array_set_size (transfer->headers, 0);
      return len;
    }
  if (kept > 0 || len > 2)
    {
      if (transfer->headers_size <= SIGNIN_FETCH_HEADERS_MAX && memchr (data, '\0', kept) == NULL)
        g_ptr_array_add (transfer->headers, g_strndup (data, kept));
      return len;
    }
  curl_easy_getinfo (transfer->easy, CURLINFO_RESPONSE_CODE, &status);
  transfer->enough = transfer->max_body == 0 && status >= STATUS_FINAL;
  return transfer->enough ? 0 : len;
}

static gsize
on_body (char *data, gsize size, gsize n, void *user_data)
{
  Transfer *transfer = user_data;
  gsize len = size * n;

  if (len > transfer->max_body - transfer->body->len)
    {
      transfer->too_large = TRUE;
      return 0;
    }
  g_byte_array_append (transfer->body, (const guint8 *) data, len);
  return len;
}

static void
set_up (CURL *easy, const SigninFetchRequest *request)
{
  curl_easy_setopt (easy, CURLOPT_URL, request->url);
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt (easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  /* A name server that hangs keeps a thread of curl's; without this, we would wait for it. */
  curl_easy_setopt (easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT_MS, (long) request->connect_timeout_msec);
  curl_easy_setopt (easy, CURLOPT_TIMEOUT_MS, (long) request->timeout_msec);
  curl_easy_setopt (easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt (easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  /* Each request tells how long all of its steps take, and what was learnt in another network is forgotten. */
  curl_easy_setopt (easy, CURLOPT_FORBID_REUSE, 1L);
  curl_easy_setopt (easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  curl_easy_setopt (easy, CURLOPT_USERAGENT, "signind/" PACKAGE_VERSION);
}

/**
 * transfer_new:
 * @request: what to ask
 * @ca_file: (nullable): certificates to trust
 * @ca_folder: (nullable): a folder of certificates to trust, by the hashes of their names
 * @error: return location
 *
 * With neither, what curl was built to trust is trusted.
 *
 * Returns: (transfer full): a transfer that can be run, or %NULL with an error
 */
Transfer *
transfer_new (const SigninFetchRequest *request, const char *ca_file, const char *ca_folder, GError **error)
{
  g_autoptr (Transfer) transfer = g_new0 (Transfer, 1);

  g_atomic_ref_count_init (&transfer->refs);
  transfer->cancellable = g_cancellable_new ();
  transfer->headers = g_ptr_array_new_with_free_func (g_free);
  transfer->body = g_byte_array_new ();
  transfer->max_body = MIN (request->max_body, SIGNIN_FETCH_BODY_MAX);
  transfer->easy = curl_easy_init ();
  if (transfer->easy == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "curl has no room for another request");
      return NULL;
    }
  set_up (transfer->easy, request);
  for (guint i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
    transfer->lines = curl_slist_append (transfer->lines, request->headers[i]);
  curl_easy_setopt (transfer->easy, CURLOPT_HTTPHEADER, transfer->lines);
  curl_easy_setopt (transfer->easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt (transfer->easy, CURLOPT_HEADERDATA, transfer);
  curl_easy_setopt (transfer->easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt (transfer->easy, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt (transfer->easy, CURLOPT_ERRORBUFFER, transfer->error_text);
  curl_easy_setopt (transfer->easy, CURLOPT_PRIVATE, transfer);
  if (ca_file != NULL || ca_folder != NULL)
    {
      curl_easy_setopt (transfer->easy, CURLOPT_CAINFO, ca_file);
      curl_easy_setopt (transfer->easy, CURLOPT_CAPATH, ca_folder);
    }
  return g_steal_pointer (&transfer);
}

/**
 * transfer_ref:
 * @transfer: a transfer
 *
 * Returns: (transfer full): the same
 */
Transfer *
transfer_ref (Transfer *transfer)
{
  g_atomic_ref_count_inc (&transfer->refs);
  return transfer;
}

/* A token may stand in one of them. */
static void
wipe_lines (struct curl_slist *lines)
{
  for (struct curl_slist *line = lines; line != NULL; line = line->next)
    explicit_bzero (line->data, strlen (line->data));
  curl_slist_free_all (lines);
}

/**
 * transfer_unref:
 * @transfer: (nullable): a transfer
 *
 * To be called where nobody else can be using it with curl.
 */
void
transfer_unref (Transfer *transfer)
{
  if (transfer == NULL || !g_atomic_ref_count_dec (&transfer->refs))
    return;
  if (transfer->easy != NULL)
    curl_easy_cleanup (transfer->easy);
  wipe_lines (transfer->lines);
  g_free (transfer->proxy);
  g_object_unref (transfer->cancellable);
  g_ptr_array_unref (transfer->headers);
  g_byte_array_unref (transfer->body);
  g_strfreev (transfer->response.headers);
  g_clear_pointer (&transfer->response.body, g_bytes_unref);
  g_free (transfer->response.message);
  g_free (transfer);
}

/**
 * transfer_is_cancelled:
 * @transfer: a transfer
 *
 * Returns: whether nobody waits for it any more; on any thread
 */
gboolean
transfer_is_cancelled (Transfer *transfer)
{
  return g_atomic_int_get (&transfer->cancelled);
}

/**
 * transfer_set_proxy:
 * @transfer: a transfer that does not run yet
 * @proxy: (nullable): the proxy to take
 */
void
transfer_set_proxy (Transfer *transfer, const char *proxy)
{
  g_free (transfer->proxy);
  transfer->proxy = g_strdup (proxy);
  /* Which proxy is proxy.c's business, so an empty one keeps curl from looking into the environment itself. */
  curl_easy_setopt (transfer->easy, CURLOPT_PROXY, proxy != NULL ? proxy : "");
  curl_easy_setopt (transfer->easy, CURLOPT_NOPROXY, "");
}

static gint64
get_time (CURL *easy, CURLINFO info)
{
  curl_off_t usec = 0;

  return curl_easy_getinfo (easy, info, &usec) == CURLE_OK ? (gint64) usec : 0;
}

static gint64
step (gint64 until, gint64 *from)
{
  gint64 took = until > 0 ? MAX (until - *from, 0) : 0;

  *from = MAX (until, *from);
  return took;
}

static void
read_times (CURL *easy, SigninFetchTimes *times)
{
  gint64 from = 0;

  times->dns_usec = step (get_time (easy, CURLINFO_NAMELOOKUP_TIME_T), &from);
  times->connect_usec = step (get_time (easy, CURLINFO_CONNECT_TIME_T), &from);
  times->tls_usec = step (get_time (easy, CURLINFO_APPCONNECT_TIME_T), &from);
  times->first_byte_usec = step (get_time (easy, CURLINFO_STARTTRANSFER_TIME_T), &from);
  times->total_usec = get_time (easy, CURLINFO_TOTAL_TIME_T);
}

static SigninFetchEnd
judge_certificate (CURL *easy)
{
  long result = 0;

  curl_easy_getinfo (easy, CURLINFO_SSL_VERIFYRESULT, &result);
  switch (result)
    {
    case VERIFY_OK: /* the chain is fine, so it is the name, at which curl looks itself */
    case VERIFY_NOT_SAID:
    case VERIFY_HOSTNAME_MISMATCH:
      return SIGNIN_FETCH_CERTIFICATE_NAME;
    case VERIFY_NOT_YET_VALID:
    case VERIFY_HAS_EXPIRED:
      return SIGNIN_FETCH_CERTIFICATE_EXPIRED;
    default:
      return SIGNIN_FETCH_CERTIFICATE_UNTRUSTED;
    }
}

static SigninFetchEnd
judge_connect (const Transfer *transfer)
{
  long number = 0;

  if (transfer->proxy != NULL)
    return SIGNIN_FETCH_PROXY_UNREACHABLE;
  curl_easy_getinfo (transfer->easy, CURLINFO_OS_ERRNO, &number);
  switch (number)
    {
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
      return SIGNIN_FETCH_UNREACHABLE;
    case ETIMEDOUT:
      return SIGNIN_FETCH_TIMEOUT;
    default:
      return SIGNIN_FETCH_REFUSED;
    }
}

static SigninFetchEnd
judge_timeout (const Transfer *transfer)
{
  if (transfer->response.status > 0)
    return SIGNIN_FETCH_CUT_OFF;
  if (transfer->proxy != NULL && get_time (transfer->easy, CURLINFO_CONNECT_TIME_T) == 0)
    return SIGNIN_FETCH_PROXY_UNREACHABLE;
  if (get_time (transfer->easy, CURLINFO_NAMELOOKUP_TIME_T) == 0)
    return SIGNIN_FETCH_NAME_TIMEOUT;
  return SIGNIN_FETCH_TIMEOUT;
}

/* A connection that broke: before the answer, within it, or at the proxy. */
static SigninFetchEnd
judge_break (const Transfer *transfer)
{
  if (transfer->response.status > 0)
    return SIGNIN_FETCH_CUT_OFF;
  if (transfer->response.proxy_status > 0 && transfer->response.proxy_status / 100 != 2)
    return SIGNIN_FETCH_PROXY_REFUSED;
  return SIGNIN_FETCH_REFUSED;
}

static SigninFetchEnd
judge (const Transfer *transfer, CURLcode code)
{
  if (transfer->too_large)
    return transfer->response.status > 0 ? SIGNIN_FETCH_TOO_LARGE : SIGNIN_FETCH_FAILED;
  if (transfer->enough)
    return SIGNIN_FETCH_ANSWERED;
  switch (code)
    {
    case CURLE_OK:
      return SIGNIN_FETCH_ANSWERED;
    case CURLE_COULDNT_RESOLVE_HOST:
      return SIGNIN_FETCH_NAME_UNKNOWN;
    case CURLE_COULDNT_RESOLVE_PROXY:
      return SIGNIN_FETCH_PROXY_UNREACHABLE;
    case CURLE_COULDNT_CONNECT:
      return judge_connect (transfer);
    case CURLE_OPERATION_TIMEDOUT:
      return judge_timeout (transfer);
    case CURLE_PEER_FAILED_VERIFICATION:
      return judge_certificate (transfer->easy);
    case CURLE_SSL_CONNECT_ERROR:
      return SIGNIN_FETCH_TLS_FAILED;
    case CURLE_PROXY:
      return SIGNIN_FETCH_PROXY_REFUSED;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return judge_break (transfer);
    default:
      return SIGNIN_FETCH_FAILED;
    }
}

/**
 * transfer_finish:
 * @transfer: a transfer that curl has ended
 * @code: how
 *
 * Makes of it what is told.
 */
void
transfer_finish (Transfer *transfer, CURLcode code)
{
  SigninFetchResponse *response = &transfer->response;
  long status = 0, proxy_status = 0;

  curl_easy_getinfo (transfer->easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo (transfer->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  response->at_usec = g_get_real_time ();
  response->proxy = transfer->proxy != NULL;
  response->proxy_status = (guint) MAX (proxy_status, 0);
  /* While there is no other, curl tells the proxy's. */
  response->status = status >= 100 && (proxy_status == 0 || proxy_status / 100 == 2) ? (guint) status : 0;
  response->end = judge (transfer, code);
  read_times (transfer->easy, &response->times);
  if (response->end != SIGNIN_FETCH_ANSWERED)
    response->message = g_strdup (*transfer->error_text != '\0' ? transfer->error_text : curl_easy_strerror (code));
  g_ptr_array_add (transfer->headers, NULL);
  response->headers = (char **) g_ptr_array_steal (transfer->headers, NULL);
  response->body = g_bytes_new (transfer->body->data, transfer->body->len);
  g_byte_array_set_size (transfer->body, 0);
}
