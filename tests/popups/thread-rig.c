/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "thread-rig.h"

static void
on_answer (const char *popup, guint step, const char *action, const char *token, gpointer user_data)
{
  Thread *world = user_data;

  world->step = step;
  g_string_append_printf (world->answers, "%s %s %s;", popup, action != NULL ? action : "closed",
                          token != NULL ? token : "-");
}

/**
 * thread_set_up:
 * @world: a popup thread
 * @unused: nothing
 *
 * Makes it, and no server.
 */
void
thread_set_up (Thread *world, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  world->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  world->answers = g_string_new (NULL);
  world->thread = signin_popup_thread_new (NULL, on_answer, world, &error);
  g_assert_no_error (error);
}

/**
 * thread_stop_server:
 * @world: a popup thread
 *
 * Ends its server, if it has one.
 */
void
thread_stop_server (Thread *world)
{
  g_clear_pointer (&world->server, fake_server_free);
}

/**
 * thread_tear_down:
 * @world: a popup thread
 * @unused: nothing
 *
 * Frees everything.
 */
void
thread_tear_down (Thread *world, gconstpointer unused)
{
  if (world->thread != NULL)
    signin_popup_thread_free (world->thread, world->bus);
  thread_stop_server (world);
  g_object_unref (world->bus);
  g_string_free (world->answers, TRUE);
}

/**
 * thread_make:
 * @step: of which step
 * @kind: what is said
 * @name: of the service, to know it by
 *
 * Returns: (transfer full): a popup about contoso
 */
SigninPopup *
thread_make (guint step, SigninPopupKind kind, const char *name)
{
  SigninPopupAccount account
      = { .kind = kind, .id = "contoso", .service = "dynamics365", .service_name = name, .ends_usec = 1 };
  SigninPopupFacts facts = { .accounts = &account, .n_accounts = 1, .snooze_minutes = 5 };
  SigninPopup *popup = signin_popup_new (&facts);

  popup->step = step;
  return popup;
}

/**
 * thread_show:
 * @world: a popup thread
 * @account: which popup it is
 * @step: of which step
 * @name: to know it by
 *
 * Orders a warning.
 */
void
thread_show (Thread *world, const char *account, guint step, const char *name)
{
  signin_popup_thread_show (world->thread, account, thread_make (step, SIGNIN_POPUP_WARNING, name));
}

/* Calls to the bus and back, one after the other, that come through while the popup thread is busy. */
static void
on_round_trip (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, NULL);

  g_assert_nonnull (reply);
  (*(guint *) user_data)++;
}

/**
 * thread_round_trips:
 * @world: a popup thread
 * @n: how many
 *
 * Calls to the bus and back, one after the other, that come through while the popup thread is busy.
 */
void
thread_round_trips (Thread *world, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      guint done = 0;

      g_dbus_connection_call (world->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                              "GetId", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_round_trip, &done);
      WAIT (done == 1);
    }
}

/**
 * thread_settle:
 * @world: a popup thread, whose server answers
 *
 * Waits until everything that was under way between thread, bus and server has arrived: what is ordered after it by
 * the same ways has.
 */
void
thread_settle (Thread *world)
{
  guint before = world->server->popups->len;
  guint32 id;

  thread_show (world, "barrier", before + 1, "Barrier");
  WAIT (world->server->popups->len > before && strstr (fake_server_last (world->server)->title, "Barrier"));
  id = fake_server_last (world->server)->id;
  signin_popup_thread_withdraw (world->thread, "barrier");
  WAIT (fake_server_is_asked (world->server, id));
}

/**
 * thread_show_first:
 * @world: a popup thread
 *
 * Starts a server and shows the first popup.
 *
 * Returns: (transfer none): that
 */
const FakePopup *
thread_show_first (Thread *world)
{
  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  thread_show (world, "contoso", 1, "One");
  WAIT (world->server->popups->len == 1);
  return fake_server_last (world->server);
}

/**
 * thread_make_reminder:
 * @step: of which step
 *
 * Returns: (transfer full): a critical popup with minutes and a sound
 */
SigninPopup *
thread_make_reminder (guint step)
{
  SigninPopupAccount account
      = { .kind = SIGNIN_POPUP_WARNING, .id = "contoso", .service = "x", .service_name = "X", .ends_usec = 1 };
  SigninPopupFacts facts = { .accounts = &account, .n_accounts = 1, .minutes = 5, .critical = TRUE, .sound = TRUE };
  SigninPopup *popup = signin_popup_new (&facts);

  popup->step = step;
  return popup;
}

/**
 * thread_add_test:
 * @suite: name of the program's tests
 * @name: of this one
 * @test: the test
 *
 * Adds a test with a popup thread of its own.
 */
void
thread_add_test (const char *suite, const char *name, void (*test) (Thread *, gconstpointer))
{
  popup_case_add (suite, name, sizeof (Thread), (GTestFixtureFunc) thread_set_up, (GTestFixtureFunc) test,
                  (GTestFixtureFunc) thread_tear_down);
}
