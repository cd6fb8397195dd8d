/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "popup-stage.h"

struct _SigninRegister
{
  atomic_uint     ref_count;
  pthread_mutex_t lock; /* never held while a server is waited for */
  GHashTable     *shown; /* account -> Shown */
};

typedef struct
{
  guint32 id;
  char    server[];
} Shown;

/**
 * signin_register_new:
 *
 * Returns: (transfer full): an empty register
 */
SigninRegister *
signin_register_new (void)
{
  SigninRegister *self = g_new0 (SigninRegister, 1);

  atomic_init (&self->ref_count, 1);
  pthread_mutex_init (&self->lock, NULL);
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * signin_register_ref:
 * @self: a register
 *
 * Returns: (transfer full): @self
 */
SigninRegister *
signin_register_ref (SigninRegister *self)
{
  atomic_fetch_add (&self->ref_count, 1);
  return self;
}

/**
 * signin_register_unref:
 * @self: (transfer full): a register
 */
void
signin_register_unref (SigninRegister *self)
{
  if (atomic_fetch_sub (&self->ref_count, 1) != 1)
    return;

  g_hash_table_unref (self->shown);
  pthread_mutex_destroy (&self->lock);
  g_free (self);
}

/**
 * signin_register_put:
 * @self: a register
 * @account: whose popup it is
 * @server: unique name of the server that shows it
 * @id: what the server calls it
 *
 * Takes down that a popup is on the screen, in place of the account's last one.
 */
void
signin_register_put (SigninRegister *self, const char *account, const char *server, guint32 id)
{
  Shown *shown = g_malloc (sizeof (Shown) + strlen (server) + 1);

  shown->id = id;
  strcpy (shown->server, server);
  pthread_mutex_lock (&self->lock);
  g_hash_table_replace (self->shown, g_strdup (account), shown);
  pthread_mutex_unlock (&self->lock);
}

/**
 * signin_register_drop:
 * @self: a register
 * @account: whose popup is no longer on the screen
 */
void
signin_register_drop (SigninRegister *self, const char *account)
{
  pthread_mutex_lock (&self->lock);
  g_hash_table_remove (self->shown, account);
  pthread_mutex_unlock (&self->lock);
}

/**
 * signin_register_close_all:
 * @self: a register
 * @bus: the session bus
 *
 * Asks the server to close what is on the screen, without waiting for an answer.
 */
void
signin_register_close_all (SigninRegister *self, GDBusConnection *bus)
{
  GHashTableIter iter;
  gpointer value;
  gboolean any;

  pthread_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Shown *shown = value;

      signin_popup_send_close (bus, shown->server, shown->id);
    }
  any = g_hash_table_size (self->shown) > 0;
  g_hash_table_remove_all (self->shown);
  pthread_mutex_unlock (&self->lock);

  /* Waits for the bus only, to which these few bytes have to be handed before the process ends. */
  if (any)
    g_dbus_connection_flush_sync (bus, NULL, NULL);
}

/**
 * signin_popup_send_close:
 * @bus: the session bus
 * @server: unique name of a notification server
 * @id: what the server calls the popup
 *
 * Asks a server to close a popup. libnotify would wait for the answer, and some servers call it an error when the popup
 * is gone already: no answer is asked for.
 */
void
signin_popup_send_close (GDBusConnection *bus, const char *server, guint32 id)
{
  g_dbus_connection_call (bus, server, SIGNIN_NOTIFICATIONS_PATH, SIGNIN_NOTIFICATIONS_NAME, "CloseNotification",
                          g_variant_new ("(u)", id), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}
