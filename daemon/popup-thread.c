/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "popup-stage.h"
#include "popup-thread.h"

#include <sys/eventfd.h>
#include <unistd.h>

/* No popup has an empty key. */
#define QUIT ""

/* The thread needs a main context, a connection and a moment's files beside them. */
#define DESCRIPTORS 16

/* What the thread takes with it. The one who started it never waits for it: it may hang in libnotify. */
typedef struct
{
  SigninMailbox *orders;  /* key -> SigninPopup, or NULL to withdraw; QUIT */
  SigninMailbox *answers; /* SigninAnswer */
  SigninRegister *reg;
  GMainLoop *loop;
  SigninStage *stage;
} Luggage;

struct _SigninPopupThread
{
  SigninMailbox *orders;
  SigninMailbox *answers;
  SigninRegister *reg;
  Luggage *luggage; /* until the thread takes it */
  SigninPopupAnswer answer;
  gpointer user_data;
};

static void
luggage_free (Luggage *self)
{
  g_clear_pointer (&self->loop, g_main_loop_unref);
  signin_mailbox_unref (self->orders);
  signin_mailbox_unref (self->answers);
  signin_register_unref (self->reg);
  g_free (self);
}

static void
on_order (const char *key, gpointer message, gpointer user_data)
{
  Luggage *self = user_data;

  if (g_str_equal (key, QUIT))
    g_main_loop_quit (self->loop);
  else if (message != NULL)
    signin_stage_show (self->stage, key, message);
  else
    signin_stage_withdraw (self->stage, key);
}

static void
run_stage (Luggage *self, GMainContext *context)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);

  if (bus == NULL)
    {
      g_message ("No popups: cannot connect to the session bus: %s", error->message);
      return;
    }

  /* GDBus would end the whole process by SIGTERM, which looks like success. */
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  self->stage = signin_stage_new (bus, context, self->answers, self->reg);
  signin_mailbox_attach (self->orders, context);
  g_main_loop_run (self->loop);
  g_clear_pointer (&self->stage, signin_stage_free);
}

static gpointer
thread_main (gpointer data)
{
  Luggage *self = data;
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  self->loop = g_main_loop_new (context, FALSE);
  run_stage (self, context);
  signin_mailbox_close (self->orders);
  g_main_context_pop_thread_default (context);

  luggage_free (self);
  return NULL;
}

static void
on_answer (const char *key, gpointer message, gpointer user_data)
{
  SigninPopupThread *self = user_data;
  SigninAnswer *answer = message;

  self->answer (answer->popup, answer->step, answer->action, answer->token, self->user_data);
  signin_answer_free (answer);
}

static void
free_order (gpointer message)
{
  signin_popup_free (message);
}

static void
free_answer (gpointer message)
{
  signin_answer_free (message);
}

/**
 * signin_popup_thread_new:
 * @context: (nullable): the main context of the calling thread
 * @answer: told what a person does with a popup
 * @user_data: passed to @answer
 * @error: return location for an error
 *
 * Makes the way to the thread. The thread itself starts with the first popup: until then it costs nothing.
 *
 * Returns: (transfer full): the popup thread, or %NULL if the process has no file descriptor left
 */
SigninPopupThread *
signin_popup_thread_new (GMainContext *context, SigninPopupAnswer answer, gpointer user_data, GError **error)
{
  g_autofree SigninPopupThread *self = g_new0 (SigninPopupThread, 1);
  g_autofree Luggage *luggage = g_new0 (Luggage, 1);
  g_autoptr (SigninMailbox) orders = signin_mailbox_new (on_order, luggage, free_order, error);
  g_autoptr (SigninMailbox) answers = NULL;

  if (orders == NULL)
    return NULL;
  answers = signin_mailbox_new (on_answer, self, free_answer, error);
  if (answers == NULL)
    return NULL;

  self->answer = answer;
  self->user_data = user_data;
  self->reg = signin_register_new ();
  luggage->orders = signin_mailbox_ref (orders);
  luggage->answers = signin_mailbox_ref (answers);
  luggage->reg = signin_register_ref (self->reg);
  self->orders = g_steal_pointer (&orders);
  self->answers = g_steal_pointer (&answers);
  self->luggage = g_steal_pointer (&luggage);
  signin_mailbox_attach (self->answers, context);
  return g_steal_pointer (&self);
}

/**
 * signin_popup_thread_free:
 * @self: (transfer full): the popup thread
 * @bus: the session bus, as seen by the calling thread
 *
 * Asks for everything to be taken from the screen, and lets the thread go. Waits neither for a server nor for the
 * thread.
 */
void
signin_popup_thread_free (SigninPopupThread *self, GDBusConnection *bus)
{
  signin_mailbox_close (self->answers);
  /* In this order: a thread that ends forgets what it has on the screen. */
  signin_register_close_all (self->reg, bus);
  signin_mailbox_post (self->orders, QUIT, NULL);

  g_clear_pointer (&self->luggage, luggage_free);
  signin_mailbox_unref (self->orders);
  signin_mailbox_unref (self->answers);
  signin_register_unref (self->reg);
  g_free (self);
}

/* GLib ends the process where there is none for a main context or a connection. */
static gboolean
has_descriptors (void)
{
  int fds[DESCRIPTORS];
  guint n = 0;

  while (n < DESCRIPTORS && (fds[n] = eventfd (0, EFD_CLOEXEC)) >= 0)
    n++;
  for (guint i = 0; i < n; i++)
    close (fds[i]);
  return n == DESCRIPTORS;
}

static void
start (SigninPopupThread *self)
{
  g_autoptr (GError) error = NULL;
  GThread *thread;

  if (self->luggage == NULL)
    return;
  if (!has_descriptors ())
    {
      g_message ("No popups before the next one is due: too many files are open");
      return;
    }

  thread = g_thread_try_new ("popups", thread_main, self->luggage, &error);
  if (thread == NULL)
    {
      g_message ("No popups: cannot start a thread: %s", error->message);
      return;
    }
  self->luggage = NULL;
  g_thread_unref (thread);
}

/**
 * signin_popup_thread_show:
 * @self: the popup thread
 * @key: which popup it is, not empty
 * @popup: (transfer full): what to show, in place of what it said before
 *
 * Wants a popup on the screen, from now on and after every restart of the server, until a person closes it, something
 * else is to be shown, or it is withdrawn. What a person has closed does not come back for the same step.
 */
void
signin_popup_thread_show (SigninPopupThread *self, const char *key, SigninPopup *popup)
{
  signin_mailbox_post (self->orders, key, popup);
  start (self);
}

/**
 * signin_popup_thread_withdraw:
 * @self: the popup thread
 * @key: which popup goes
 */
void
signin_popup_thread_withdraw (SigninPopupThread *self, const char *key)
{
  signin_mailbox_post (self->orders, key, NULL);
}

/**
 * signin_popup_thread_set_locked:
 * @self: the popup thread
 * @locked: whether the screen is locked
 *
 * While it is, nothing is shown again on a server that was started anew: order what is to be shown afterwards.
 */
void
signin_popup_thread_set_locked (SigninPopupThread *self, gboolean locked)
{
  signin_register_set_locked (self->reg, locked);
}

/**
 * signin_popup_thread_sweep:
 * @self: the popup thread, which has shown nothing yet and will not soon
 * @bus: the session bus, as seen by the calling thread
 *
 * Takes away what a daemon that was killed has left on the screen. The first popup would take its place otherwise.
 */
void
signin_popup_thread_sweep (SigninPopupThread *self, GDBusConnection *bus)
{
  g_autoptr (GArray) old = NULL;

  if (self->luggage == NULL)
    return;
  old = signin_popup_file_read (g_dbus_connection_get_guid (bus));
  for (guint i = 0; i < old->len; i++)
    {
      const SigninOldPopup *popup = &g_array_index (old, SigninOldPopup, i);

      signin_popup_send_close (bus, popup->server, popup->id);
    }
  if (old->len > 0)
    signin_popup_file_write ("");
}
