/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "mailbox.h"

/* pthread and C11 atomics rather than GMutex, GAsyncQueue and gatomicrefcount: ThreadSanitizer cannot see into a GLib
 * that was not built for it, and would report each of them. */
struct _SigninMailbox
{
  atomic_uint ref_count;
  int fd;
  SigninMailboxFunc func;
  gpointer user_data;
  GDestroyNotify free_message;
  GSource *source; /* touched by the receiving thread only */

  pthread_mutex_t lock;
  GQueue waiting;     /* of Letter, oldest first */
  GHashTable *by_key; /* borrowed key -> link in @waiting */
  gboolean closed;
};

typedef struct
{
  char *key;
  gpointer message;
} Letter;

typedef struct
{
  GSource base;
  SigninMailbox *mailbox;
} MailboxSource;

/* Frees a letter without the message in it. */
static void
letter_free (Letter *letter)
{
  g_free (letter->key);
  g_free (letter);
}

static void
discard (SigninMailbox *self, GQueue *letters)
{
  Letter *letter;

  while ((letter = g_queue_pop_head (letters)) != NULL)
    {
      if (letter->message != NULL)
        self->free_message (letter->message);
      letter_free (letter);
    }
}

/* Takes out everything that waits; what comes while it is handed over rings again. */
static void
take_all (SigninMailbox *self, GQueue *letters)
{
  pthread_mutex_lock (&self->lock);
  *letters = self->waiting;
  g_queue_init (&self->waiting);
  g_hash_table_remove_all (self->by_key);
  pthread_mutex_unlock (&self->lock);
}

static gboolean
is_closed (SigninMailbox *self)
{
  gboolean closed;

  pthread_mutex_lock (&self->lock);
  closed = self->closed;
  pthread_mutex_unlock (&self->lock);
  return closed;
}

static gboolean
mailbox_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_autoptr (SigninMailbox) self = signin_mailbox_ref (((MailboxSource *) source)->mailbox);
  GQueue letters;
  Letter *letter;
  guint64 rings;

  /* The bell goes quiet before the box is emptied: a letter can come too often this way, never too late. */
  if (read (self->fd, &rings, sizeof rings) < 0 && errno != EAGAIN && errno != EINTR)
    return G_SOURCE_REMOVE;

  take_all (self, &letters);
  while (!is_closed (self) && (letter = g_queue_pop_head (&letters)) != NULL)
    {
      self->func (letter->key, letter->message, self->user_data);
      letter_free (letter);
    }
  discard (self, &letters);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs mailbox_source_funcs = {
  .dispatch = mailbox_source_dispatch,
};

/**
 * signin_mailbox_new:
 * @func: who receives the messages
 * @user_data: passed to @func
 * @free_message: frees a message that was replaced or came too late
 * @error: return location for an error
 *
 * Makes a mailbox. Nothing is received before signin_mailbox_attach().
 *
 * Returns: (transfer full): the mailbox, or %NULL if the process has no file descriptor left
 */
SigninMailbox *
signin_mailbox_new (SigninMailboxFunc func, gpointer user_data, GDestroyNotify free_message, GError **error)
{
  SigninMailbox *self;
  int fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);

  if (fd < 0)
    {
      int saved = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "Cannot make an event file descriptor: %s",
                   g_strerror (saved));
      return NULL;
    }

  self = g_new0 (SigninMailbox, 1);
  atomic_init (&self->ref_count, 1);
  self->fd = fd;
  self->func = func;
  self->user_data = user_data;
  self->free_message = free_message;
  pthread_mutex_init (&self->lock, NULL);
  g_queue_init (&self->waiting);
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

/**
 * signin_mailbox_ref:
 * @self: a mailbox
 *
 * Each thread that knows the mailbox holds a reference of its own.
 *
 * Returns: (transfer full): @self
 */
SigninMailbox *
signin_mailbox_ref (SigninMailbox *self)
{
  atomic_fetch_add (&self->ref_count, 1);
  return self;
}

/**
 * signin_mailbox_unref:
 * @self: a mailbox
 *
 * Gives a reference back. The receiver calls signin_mailbox_close() before.
 */
void
signin_mailbox_unref (SigninMailbox *self)
{
  if (atomic_fetch_sub (&self->ref_count, 1) != 1)
    return;

  discard (self, &self->waiting);
  g_hash_table_unref (self->by_key);
  pthread_mutex_destroy (&self->lock);
  close (self->fd);
  g_free (self);
}

/**
 * signin_mailbox_attach:
 * @self: a mailbox
 * @context: (nullable): the main context that the calling thread runs
 *
 * Begins to receive, what was posted before included. Called once, by the receiving thread.
 */
void
signin_mailbox_attach (SigninMailbox *self, GMainContext *context)
{
  g_return_if_fail (self->source == NULL);

  self->source = g_source_new (&mailbox_source_funcs, sizeof (MailboxSource));
  ((MailboxSource *) self->source)->mailbox = self;
  g_source_set_name (self->source, "signind mailbox");
  g_source_add_unix_fd (self->source, self->fd, G_IO_IN);
  g_source_attach (self->source, context);
}

/**
 * signin_mailbox_post:
 * @self: a mailbox
 * @key: what the message is about
 * @message: (transfer full) (nullable): the message
 *
 * Leaves a message, from any thread, without waiting. It takes the place of one that waits under the same key. A closed
 * mailbox throws it away.
 */
void
signin_mailbox_post (SigninMailbox *self, const char *key, gpointer message)
{
  const guint64 ring = 1;
  gpointer unwanted = NULL;
  GList *link;

  pthread_mutex_lock (&self->lock);
  if (self->closed)
    unwanted = message;
  else if ((link = g_hash_table_lookup (self->by_key, key)) != NULL)
    {
      Letter *letter = link->data;

      unwanted = letter->message;
      letter->message = message;
    }
  else
    {
      Letter *letter = g_new0 (Letter, 1);

      letter->key = g_strdup (key);
      letter->message = message;
      g_queue_push_tail (&self->waiting, letter);
      g_hash_table_insert (self->by_key, letter->key, self->waiting.tail);
    }
  /* Only fails when the bell rings already. */
  if (write (self->fd, &ring, sizeof ring) < 0)
    g_debug ("The mailbox rings already");
  pthread_mutex_unlock (&self->lock);

  if (unwanted != NULL)
    self->free_message (unwanted);
}

/**
 * signin_mailbox_close:
 * @self: a mailbox
 *
 * Receives nothing any more. Called by the receiving thread; the others may go on posting.
 */
void
signin_mailbox_close (SigninMailbox *self)
{
  GQueue letters;

  pthread_mutex_lock (&self->lock);
  self->closed = TRUE;
  pthread_mutex_unlock (&self->lock);

  take_all (self, &letters);
  discard (self, &letters);
  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_source_unref (self->source);
      self->source = NULL;
    }
}
