/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The callers' side of fetching: everything here runs on their main context. */

#include "config.h"

#include <string.h>

#include "address.h"
#include "fetch-private.h"
#include "proxy.h"

/* What a service asks for may be believed up to here. */
#define RETRY_AFTER_MAX_SEC (24 * 60 * 60)

struct _SigninFetcher
{
  GMainContext *context;
  FetchThread *thread;
  GHashTable *transfers; /* id → Transfer */
  guint last_id;
  char *ca_file;
  char *ca_folder;
};

static gboolean
has_hashed_certificates (const char *folder)
{
  g_autoptr (GDir) dir = folder != NULL ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".0"))
      return TRUE;
  return FALSE;
}

/* Where the system has each of its certificates in a file of its own, only those that are needed are read: the one file
 * with all of them would cost each connection 10 ms and 1 MB. */
static void
find_certificates (SigninFetcher *self, const char *ca_file)
{
  const curl_version_info_data *info = curl_version_info (CURLVERSION_NOW);

  if (has_hashed_certificates (info->capath))
    self->ca_folder = g_strdup (info->capath);
  if (ca_file != NULL)
    self->ca_file = g_strdup (ca_file);
  else if (self->ca_folder == NULL)
    self->ca_file = g_strdup (info->cainfo);
}

static gboolean
deliver (gpointer user_data)
{
  Transfer *transfer = user_data;

  if (!transfer_is_cancelled (transfer))
    {
      g_hash_table_remove (transfer->fetcher->transfers, GUINT_TO_POINTER (transfer->id));
      transfer->done (&transfer->response, transfer->user_data);
      transfer_unref (transfer); /* the table's */
    }
  return G_SOURCE_REMOVE;
}

/* On the thread, which has nothing more to do with it. */
static void
on_ended (Transfer *transfer)
{
  g_autoptr (GSource) source = NULL;

  if (transfer_is_cancelled (transfer))
    {
      transfer_unref (transfer);
      return;
    }
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver, transfer, (GDestroyNotify) transfer_unref);
  g_source_attach (source, transfer->fetcher->context);
}

static void
cancel (gpointer data)
{
  Transfer *transfer = data;

  g_atomic_int_set (&transfer->cancelled, TRUE);
  g_cancellable_cancel (transfer->cancellable);
  transfer_unref (transfer);
}

/**
 * signin_fetcher_new:
 * @ca_file: (nullable): a file of certificates to trust beside those of the system
 * @error: return location
 *
 * Starts the thread. Callbacks come on the main context that is the default here.
 *
 * Returns: (transfer full): a fetcher, or %NULL with an error
 */
SigninFetcher *
signin_fetcher_new (const char *ca_file, GError **error)
{
  SigninFetcher *self;
  FetchThread *thread;

  if (curl_global_init (CURL_GLOBAL_DEFAULT) != CURLE_OK)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "curl cannot start");
      return NULL;
    }
  thread = fetch_thread_new (on_ended, error);
  if (thread == NULL)
    return NULL;
  self = g_new0 (SigninFetcher, 1);
  self->thread = thread;
  self->context = g_main_context_ref_thread_default ();
  self->transfers = g_hash_table_new (NULL, NULL);
  find_certificates (self, ca_file);
  return self;
}

/**
 * signin_fetcher_free:
 * @self: (nullable): a fetcher
 *
 * Drops all requests, whose callbacks are not called any more, and ends the thread without waiting for any host.
 */
void
signin_fetcher_free (SigninFetcher *self)
{
  GHashTableIter iter;
  gpointer transfer;

  if (self == NULL)
    return;
  g_hash_table_iter_init (&iter, self->transfers);
  while (g_hash_table_iter_next (&iter, NULL, &transfer))
    cancel (transfer);
  fetch_thread_free (self->thread);
  g_hash_table_unref (self->transfers);
  g_main_context_unref (self->context);
  g_free (self->ca_file);
  g_free (self->ca_folder);
  g_free (self);
}

static void
on_proxy_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Transfer) transfer = user_data;
  g_autofree char *proxy = signin_proxy_find_finish (result, NULL);
  FetchThread *thread;

  if (transfer_is_cancelled (transfer))
    return;
  transfer_set_proxy (transfer, proxy);
  thread = transfer->fetcher->thread;
  fetch_thread_add (thread, g_steal_pointer (&transfer));
}

static guint
next_id (SigninFetcher *self)
{
  do
    self->last_id++;
  while (self->last_id == 0 || g_hash_table_contains (self->transfers, GUINT_TO_POINTER (self->last_id)));
  return self->last_id;
}

/**
 * signin_fetch_start:
 * @self: a fetcher
 * @request: what to ask; copied
 * @done: called with what came of it
 * @user_data: for @done
 * @error: return location
 *
 * Returns: an id for signin_fetch_cancel(); 0 with an error if the address is not one that is asked
 *   (%SIGNIN_ERROR_INVALID_ARGUMENT) or there are too many requests (%G_IO_ERROR_BUSY)
 */
guint
signin_fetch_start (SigninFetcher *self, const SigninFetchRequest *request, SigninFetchDone done, gpointer user_data,
                    GError **error)
{
  Transfer *transfer;

  if (!signin_url_check (request->url, error))
    return 0;
  if (g_hash_table_size (self->transfers) >= SIGNIN_FETCH_REQUESTS_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "More than %d requests at a time", SIGNIN_FETCH_REQUESTS_MAX);
      return 0;
    }
  transfer = transfer_new (request, self->ca_file, self->ca_folder, error);
  if (transfer == NULL)
    return 0;
  transfer->id = next_id (self);
  transfer->fetcher = self;
  transfer->done = done;
  transfer->user_data = user_data;
  g_hash_table_insert (self->transfers, GUINT_TO_POINTER (transfer->id), transfer);
  signin_proxy_find (request->url, transfer->cancellable, on_proxy_found, transfer_ref (transfer));
  return transfer->id;
}

/**
 * signin_fetch_cancel:
 * @self: a fetcher
 * @id: a request; nothing happens if it has ended
 *
 * Its callback is not called any more.
 */
void
signin_fetch_cancel (SigninFetcher *self, guint id)
{
  Transfer *transfer = g_hash_table_lookup (self->transfers, GUINT_TO_POINTER (id));

  if (transfer == NULL)
    return;
  g_hash_table_remove (self->transfers, GUINT_TO_POINTER (id));
  cancel (transfer);
  fetch_thread_look (self->thread);
}

/**
 * signin_fetch_response_get_header:
 * @response: a response
 * @name: the name of a header, in any case
 * @nth: which one of that name, from 0
 *
 * Returns: (transfer none) (nullable): its value without the blanks around it, as bytes that may not be UTF-8
 */
const char *
signin_fetch_response_get_header (const SigninFetchResponse *response, const char *name, guint nth)
{
  gsize len = strlen (name);

  for (guint i = 0; response->headers != NULL && response->headers[i] != NULL; i++)
    {
      const char *line = response->headers[i];

      if (g_ascii_strncasecmp (line, name, len) != 0 || line[len] != ':' || nth-- > 0)
        continue;
      return line + len + 1 + strspn (line + len + 1, " \t");
    }
  return NULL;
}

/**
 * signin_fetch_parse_retry_after:
 * @text: (nullable): a Retry-After header: seconds or a date
 * @now_usec: now, CLOCK_REALTIME
 *
 * Returns: for how many seconds to wait, a day at most; 0 if @text does not say
 */
guint64
signin_fetch_parse_retry_after (const char *text, gint64 now_usec)
{
  time_t date;
  gsize digits = text != NULL ? strspn (text, "0123456789") : 0;

  if (digits > 0 && text[digits + strspn (text + digits, " \t")] == '\0')
    return digits > 9 ? RETRY_AFTER_MAX_SEC : MIN (g_ascii_strtoull (text, NULL, 10), RETRY_AFTER_MAX_SEC);
  if (text == NULL || digits > 0)
    return 0;
  date = curl_getdate (text, NULL);
  if (date == -1 || date <= now_usec / G_USEC_PER_SEC)
    return 0;
  return MIN ((guint64) (date - now_usec / G_USEC_PER_SEC), RETRY_AFTER_MAX_SEC);
}

/**
 * signin_fetch_response_get_retry_after:
 * @response: a response
 *
 * Returns: for how many seconds the host asks to be left alone, a day at most; 0 if it does not
 */
guint64
signin_fetch_response_get_retry_after (const SigninFetchResponse *response)
{
  return signin_fetch_parse_retry_after (signin_fetch_response_get_header (response, "Retry-After", 0),
                                         response->at_usec);
}
