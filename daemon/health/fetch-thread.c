/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The thread that has curl's multi handle. It sleeps until there is something to do: no timer of its own. */

#include "config.h"

#include "fetch-private.h"

/* curl wakes up earlier for its own time-outs; fetch_thread_add() and _look() wake it as well. */
#define SLEEP_MSEC (60 * 60 * 1000)

struct _FetchThread
{
  GThread *thread;
  CURLM *multi;
  FetchThreadDone done;
  GPtrArray *running; /* the thread's own */
  GMutex lock;
  GQueue waiting; /* this and what follows: under the lock */
  gboolean stop;
};

static void
give_back (FetchThread *self, Transfer *transfer, CURLcode code)
{
  curl_multi_remove_handle (self->multi, transfer->easy);
  transfer_finish (transfer, code);
  g_ptr_array_remove_fast (self->running, transfer);
  self->done (transfer);
}

static void
drop_cancelled (FetchThread *self)
{
  for (guint i = self->running->len; i > 0; i--)
    {
      Transfer *transfer = g_ptr_array_index (self->running, i - 1);

      if (transfer_is_cancelled (transfer))
        give_back (self, transfer, CURLE_ABORTED_BY_CALLBACK);
    }
}

/* Ours is the only queue: in curl's own, the time-outs of a request would run while it waits. */
static gboolean
start_waiting (FetchThread *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (!self->stop && self->running->len < SIGNIN_FETCH_CONNECTIONS && !g_queue_is_empty (&self->waiting))
    {
      Transfer *transfer = g_queue_pop_head (&self->waiting);

      g_ptr_array_add (self->running, transfer);
      curl_multi_add_handle (self->multi, transfer->easy);
    }
  return !self->stop;
}

static gboolean
take_finished (FetchThread *self)
{
  gboolean any = FALSE;
  CURLMsg *message;
  int left;

  while ((message = curl_multi_info_read (self->multi, &left)) != NULL)
    {
      CURLcode code = message->data.result;
      char *transfer = NULL;

      if (message->msg != CURLMSG_DONE)
        continue;
      curl_easy_getinfo (message->easy_handle, CURLINFO_PRIVATE, &transfer);
      give_back (self, (Transfer *) (gpointer) transfer, code);
      any = TRUE;
    }
  return any;
}

static gpointer
run (gpointer user_data)
{
  FetchThread *self = user_data;

  while (start_waiting (self))
    {
      int n_running;

      curl_multi_perform (self->multi, &n_running);
      drop_cancelled (self);
      if (!take_finished (self))
        curl_multi_poll (self->multi, NULL, 0, SLEEP_MSEC, NULL);
    }
  while (self->running->len > 0)
    give_back (self, g_ptr_array_index (self->running, 0), CURLE_ABORTED_BY_CALLBACK);
  return NULL;
}

/**
 * fetch_thread_new:
 * @done: gets each transfer when it has ended
 * @error: return location
 *
 * Returns: (transfer full): a thread, or %NULL with an error
 */
FetchThread *
fetch_thread_new (FetchThreadDone done, GError **error)
{
  FetchThread *self = g_new0 (FetchThread, 1);

  g_mutex_init (&self->lock);
  g_queue_init (&self->waiting);
  self->running = g_ptr_array_new ();
  self->done = done;
  self->multi = curl_multi_init ();
  if (self->multi != NULL)
    {
      curl_multi_setopt (self->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long) SIGNIN_FETCH_CONNECTIONS);
      self->thread = g_thread_try_new ("fetch", run, self, error);
    }
  else
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "curl cannot start");
    }
  if (self->thread != NULL)
    return self;
  fetch_thread_free (self);
  return NULL;
}

/**
 * fetch_thread_free:
 * @self: (nullable): a thread
 *
 * Ends everything that still runs, without waiting for any host or name server.
 */
void
fetch_thread_free (FetchThread *self)
{
  Transfer *transfer;

  if (self == NULL)
    return;
  if (self->thread != NULL)
    {
      g_mutex_lock (&self->lock);
      self->stop = TRUE;
      g_mutex_unlock (&self->lock);
      curl_multi_wakeup (self->multi);
      g_thread_join (self->thread);
    }
  while ((transfer = g_queue_pop_head (&self->waiting)) != NULL)
    self->done (transfer);
  curl_multi_cleanup (self->multi);
  g_ptr_array_unref (self->running);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * fetch_thread_add:
 * @self: a thread
 * @transfer: (transfer full): what to run when there is room
 */
void
fetch_thread_add (FetchThread *self, Transfer *transfer)
{
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->waiting, transfer);
  g_mutex_unlock (&self->lock);
  curl_multi_wakeup (self->multi);
}

/**
 * fetch_thread_look:
 * @self: a thread
 *
 * Lets it look for transfers that were cancelled.
 */
void
fetch_thread_look (FetchThread *self)
{
  curl_multi_wakeup (self->multi);
}
