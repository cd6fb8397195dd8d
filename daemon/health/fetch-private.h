/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The two sides of fetch.h: what callers see, and the thread that has curl. */

#pragma once

#include <curl/curl.h>

#include "fetch.h"

G_BEGIN_DECLS

/**
 * Transfer:
 * @refs: who knows it: the fetcher's table, the thread, what is on its way between them
 * @id: what callers call it
 * @fetcher: whose it is; not to be touched any more when it is cancelled
 * @cancelled: nobody waits for it (atomic)
 * @cancellable: ends the search for its proxy
 * @easy: the request for curl; the thread's own from when it was handed over until it comes back
 * @lines: its headers for curl
 * @proxy: the proxy to take; %NULL for none
 * @max_body: how much of the body is wanted
 * @headers: what came of headers
 * @headers_size: how much that was, whether or not it was kept
 * @body: what came of the body
 * @enough: we ended it ourselves, because all that is wanted has come
 * @too_large: we ended it ourselves, because more came than is allowed
 * @error_text: where curl puts its words
 * @response: what is told in the end
 *
 * One request.
 */
typedef struct
{
  gatomicrefcount refs;
  guint id;
  SigninFetcher *fetcher;
  SigninFetchDone done;
  gpointer user_data;
  int cancelled;
  GCancellable *cancellable;
  CURL *easy;
  struct curl_slist *lines;
  char *proxy;
  gsize max_body;
  GPtrArray *headers;
  gsize headers_size;
  GByteArray *body;
  gboolean enough;
  gboolean too_large;
  char error_text[CURL_ERROR_SIZE];
  SigninFetchResponse response;
} Transfer;

Transfer *transfer_new (const SigninFetchRequest *request, const char *ca_file, const char *ca_folder, GError **error);
Transfer *transfer_ref (Transfer *transfer);
void transfer_unref (Transfer *transfer);
gboolean transfer_is_cancelled (Transfer *transfer);
void transfer_set_proxy (Transfer *transfer, const char *proxy);
void transfer_finish (Transfer *transfer, CURLcode code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Transfer, transfer_unref)

/**
 * FetchThread:
 *
 * The thread that runs the transfers it is given, a few at a time, and hands each back.
 */
typedef struct _FetchThread FetchThread;

/* Called on the thread; takes the transfer. */
typedef void (*FetchThreadDone) (Transfer *transfer);

FetchThread *fetch_thread_new (FetchThreadDone done, GError **error);
void fetch_thread_free (FetchThread *thread);
void fetch_thread_add (FetchThread *thread, Transfer *transfer);
void fetch_thread_look (FetchThread *thread);

G_END_DECLS
