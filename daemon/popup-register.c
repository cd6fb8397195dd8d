/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "popup-stage.h"

struct _SigninRegister
{
  atomic_uint ref_count;
  pthread_mutex_t lock; /* never held while a server is waited for */
  GHashTable *shown;    /* key -> Shown */
  char *server;         /* whose numbers are known */
  gboolean locked;
  gboolean closed; /* nothing is put on the screen any more */
  gboolean fading; /* what is closed stays on the screen */
  gboolean busy;   /* a server is being asked to show something, whose number is not known yet */
  pthread_cond_t idle;
};

/* A server that works answers within this; one that hangs makes us end no later. */
#define IDLE_BOUND_NSEC (100 * 1000 * 1000)

typedef struct
{
  guint32 id;
  char *line; /* in the file */
  char server[];
} Shown;

static void
shown_free (gpointer data)
{
  g_free (((Shown *) data)->line);
  g_free (data);
}

/* In the order in which things happen to the register, so with the lock held. */
static void
write_down (SigninRegister *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    g_string_append (text, ((Shown *) value)->line);
  signin_popup_file_write (text->str);
}

/**
 * signin_register_new:
 *
 * Returns: (transfer full): an empty register
 */
SigninRegister *
signin_register_new (void)
{
  SigninRegister *self = g_new0 (SigninRegister, 1);
  pthread_condattr_t attributes;

  atomic_init (&self->ref_count, 1);
  pthread_mutex_init (&self->lock, NULL);
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (&self->idle, &attributes);
  pthread_condattr_destroy (&attributes);
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, shown_free);
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
  g_free (self->server);
  pthread_cond_destroy (&self->idle);
  pthread_mutex_destroy (&self->lock);
  g_free (self);
}

/**
 * signin_register_set_fading:
 * @self: a register
 * @fading: whether popups of the server that shows them now go by signin_popup_send_fade() only
 */
void
signin_register_set_fading (SigninRegister *self, gboolean fading)
{
  pthread_mutex_lock (&self->lock);
  self->fading = fading;
  pthread_mutex_unlock (&self->lock);
}

/**
 * signin_register_set_server:
 * @self: a register
 * @server: unique name of the notification server that popups go to from now on
 */
void
signin_register_set_server (SigninRegister *self, const char *server)
{
  pthread_mutex_lock (&self->lock);
  g_free (self->server);
  self->server = g_strdup (server);
  pthread_mutex_unlock (&self->lock);
}

/**
 * signin_register_dup_server:
 * @self: a register
 *
 * Returns: (transfer full) (nullable): unique name of the server that popups go to
 */
char *
signin_register_dup_server (SigninRegister *self)
{
  char *server;

  pthread_mutex_lock (&self->lock);
  server = g_strdup (self->server);
  pthread_mutex_unlock (&self->lock);
  return server;
}

/**
 * signin_register_begin:
 * @self: a register
 *
 * Says that a popup is on its way to a server.
 */
void
signin_register_begin (SigninRegister *self)
{
  pthread_mutex_lock (&self->lock);
  self->busy = TRUE;
  pthread_mutex_unlock (&self->lock);
}

/**
 * signin_register_end:
 * @self: a register
 *
 * Says that it arrived and was put down, or did not arrive.
 */
void
signin_register_end (SigninRegister *self)
{
  pthread_mutex_lock (&self->lock);
  self->busy = FALSE;
  pthread_cond_broadcast (&self->idle);
  pthread_mutex_unlock (&self->lock);
}

/* What the server shows just now has no number yet: nobody could close it afterwards. Called with the lock held. */
static void
wait_for_number (SigninRegister *self)
{
  struct timespec end;

  clock_gettime (CLOCK_MONOTONIC, &end);
  end.tv_nsec += IDLE_BOUND_NSEC;
  if (end.tv_nsec >= 1000000000)
    {
      end.tv_sec++;
      end.tv_nsec -= 1000000000;
    }
  while (self->busy)
    if (pthread_cond_timedwait (&self->idle, &self->lock, &end) != 0)
      break;
}

/**
 * signin_register_put:
 * @self: a register
 * @key: which popup it is
 * @guid: of the bus
 * @server: unique name of the server that shows it
 * @id: what the server calls it
 *
 * Takes down that a popup is on the screen, in place of the last one with that key. One that comes while we leave is
 * not kept: the file would name it for ever.
 */
void
signin_register_put (SigninRegister *self, const char *key, const char *guid, const char *server, guint32 id)
{
  Shown *shown = g_malloc (sizeof (Shown) + strlen (server) + 1);

  shown->id = id;
  shown->line = signin_popup_file_line (guid, server, id);
  strcpy (shown->server, server);
  pthread_mutex_lock (&self->lock);
  if (self->closed)
    shown_free (shown);
  else
    {
      g_hash_table_replace (self->shown, g_strdup (key), shown);
      write_down (self);
    }
  pthread_mutex_unlock (&self->lock);
}

/**
 * signin_register_drop:
 * @self: a register
 * @key: which popup is no longer on the screen
 */
void
signin_register_drop (SigninRegister *self, const char *key)
{
  pthread_mutex_lock (&self->lock);
  if (g_hash_table_remove (self->shown, key))
    write_down (self);
  pthread_mutex_unlock (&self->lock);
}

/**
 * signin_register_close_all:
 * @self: a register
 * @bus: the session bus
 *
 * Asks the server to close what is on the screen, without waiting for an answer. What is on its way there is waited
 * for, for a moment.
 */
void
signin_register_close_all (SigninRegister *self, GDBusConnection *bus)
{
  GHashTableIter iter;
  gpointer value;
  gboolean any;

  pthread_mutex_lock (&self->lock);
  wait_for_number (self);
  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Shown *shown = value;

      if (self->fading)
        signin_popup_send_fade (bus, shown->server, shown->id);
      else
        signin_popup_send_close (bus, shown->server, shown->id);
    }
  self->closed = TRUE;
  any = g_hash_table_size (self->shown) > 0;
  g_hash_table_remove_all (self->shown);
  if (any)
    write_down (self);
  pthread_mutex_unlock (&self->lock);

  /* Waits for the bus only, to which these few bytes have to be handed before the process ends. */
  if (any)
    g_dbus_connection_flush_sync (bus, NULL, NULL);
}

/**
 * signin_register_set_locked:
 * @self: a register
 * @locked: whether the screen is locked
 *
 * While it is, nothing is shown that was shown before.
 */
void
signin_register_set_locked (SigninRegister *self, gboolean locked)
{
  pthread_mutex_lock (&self->lock);
  self->locked = locked;
  pthread_mutex_unlock (&self->lock);
}

/**
 * signin_register_is_locked:
 * @self: a register
 *
 * Returns: whether the screen is locked
 */
gboolean
signin_register_is_locked (SigninRegister *self)
{
  gboolean locked;

  pthread_mutex_lock (&self->lock);
  locked = self->locked;
  pthread_mutex_unlock (&self->lock);
  return locked;
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

/**
 * signin_popup_send_fade:
 * @bus: the session bus
 * @server: unique name of a notification server
 * @id: what the server calls the popup
 *
 * Replaces a popup by one that is over at once. notification-daemon (3.20) says of what it is asked to close that it is
 * closed, and leaves it on the screen, where it also stands in the way of whatever comes next.
 */
void
signin_popup_send_fade (GDBusConnection *bus, const char *server, guint32 id)
{
  g_auto (GVariantBuilder) hints = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&hints, "{sv}", "transient", g_variant_new_boolean (TRUE));
  g_dbus_connection_call (bus, server, SIGNIN_NOTIFICATIONS_PATH, SIGNIN_NOTIFICATIONS_NAME, "Notify",
                          g_variant_new ("(susss@asa{sv}i)", "signind", id, "", " ", "", g_variant_new_strv (NULL, 0),
                                         &hints, 1),
                          NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}
