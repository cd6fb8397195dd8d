/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The popup thread against servers with every fault that is known of. */

#include "config.h"

#include <string.h>

#include "thread-rig.h"

static void
test_late_server (Thread *world, gconstpointer unused)
{
  thread_show (world, "contoso", 1, "One");
  thread_show (world, "fabrikam", 2, "Two");
  thread_show (world, "contoso", 3, "Three");
  signin_popup_thread_withdraw (world->thread, "fabrikam");
  thread_round_trips (world, ROUND_TRIPS);

  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  WAIT (world->server->popups->len == 1);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "Three"));
  thread_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 2);
}

/* The new server gives the same number to another program's popup, whose button even has our key. */
static void
test_foreign_click (Thread *world, gconstpointer unused)
{
  guint32 first = thread_show_first (world)->id;

  thread_settle (world);
  fake_server_close (world->server, 99);
  thread_stop_server (world);
  world->server = fake_server_new (&popup_case_bus, FAKE_MUTE);
  fake_server_press (world->server, first, SIGNIN_ACTION_DISMISS, NULL);
  thread_round_trips (world, ROUND_TRIPS);
  world->server->last_id = 41;
  fake_server_wake (world->server);
  WAIT (world->server->popups->len == 1);
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, 0);
  g_assert_cmpuint (fake_server_last (world->server)->id, ==, 42);
  fake_server_press (world->server, first, SIGNIN_ACTION_DISMISS, NULL);
  thread_settle (world);
  g_assert_cmpstr (world->answers->str, ==, "");

  fake_server_press (world->server, 42, SIGNIN_ACTION_DISMISS, NULL);
  WAIT (world->answers->len > 0);
  g_assert_cmpstr (world->answers->str, ==, "contoso signind-dismiss -;");
}

/* A server that never answers is asked once, and costs the main context nothing; what was wanted meanwhile comes when
 * it wakes up. */
static void
test_mute (Thread *world, gconstpointer unused)
{
  world->server = fake_server_new (&popup_case_bus, FAKE_MUTE);
  for (guint i = 1; i <= ROUND_TRIPS; i++)
    {
      thread_show (world, "contoso", i, i < ROUND_TRIPS ? "Early" : "Last");
      thread_round_trips (world, 1);
    }
  WAIT (world->server->n_calls > 0);
  g_assert_cmpuint (world->server->n_calls, ==, 1);
  fake_server_wake (world->server);
  WAIT (world->server->popups->len == 1);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "Last"));
}

/* One that hangs in the middle of a popup blocks the thread, and nobody else. Ends without waiting for it. */
static void
test_hangs_later (Thread *world, gconstpointer unused)
{
  guint calls;

  thread_show_first (world);
  world->server->manner = FAKE_MUTE;
  calls = world->server->n_calls;
  thread_show (world, "contoso", 2, "Two");
  WAIT (world->server->n_calls > calls);
  thread_round_trips (world, ROUND_TRIPS);
  for (guint i = 3; i < 1000; i++)
    thread_show (world, "contoso", i, "More");
  thread_round_trips (world, ROUND_TRIPS);
  g_assert_cmpuint (world->server->n_calls, ==, calls + 1);

  signin_popup_thread_free (g_steal_pointer (&world->thread), world->bus);
}

/* A new popup waits until it is known that it is not shown twice. */
static void
test_stopped_meanwhile (Thread *world, gconstpointer unused)
{
  guint calls;

  thread_show_first (world);
  world->server->manner = FAKE_MUTE;
  calls = world->server->n_calls;
  thread_show (world, "fabrikam", 2, "Two");
  WAIT (world->server->n_calls > calls);
  thread_round_trips (world, ROUND_TRIPS);
  g_assert_cmpuint (world->server->n_calls, ==, calls + 1);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
  fake_server_wake (world->server);
  WAIT (world->server->popups->len > 1);
  thread_round_trips (world, ROUND_TRIPS);
  g_assert_cmpuint (world->server->popups->len, ==, 2);
  g_assert_cmpuint (world->server->n_calls, ==, calls + 3);
}

static void
test_swallowed (Thread *world, gconstpointer unused)
{
  world->server = fake_server_new (&popup_case_bus, FAKE_SWALLOWS);
  thread_show (world, "contoso", 1, "One");
  WAIT (world->server->n_refused == 3);
  thread_round_trips (world, ROUND_TRIPS);
  g_assert_cmpuint (world->server->n_refused, ==, 3);
  world->server->manner = FAKE_ANSWERS;
  thread_show (world, "contoso", 2, "Two");
  WAIT (world->server->popups->len == 1);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "Two"));
}

static void
test_refused (Thread *world, gconstpointer unused)
{
  world->server = fake_server_new (&popup_case_bus, FAKE_REFUSES);
  thread_show (world, "contoso", 1, "One");
  WAIT (world->server->n_refused == 1);
  thread_round_trips (world, ROUND_TRIPS);
  g_assert_cmpuint (world->server->n_refused, ==, 1);

  thread_stop_server (world);
  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  WAIT (world->server->popups->len == 1);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "One"));
}

/* A new popup in the place of a critical one waits likewise; closing what is there does not stop it. */
static void
test_stopped_before_less_urgent (Thread *world, gconstpointer unused)
{
  guint calls;

  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  signin_popup_thread_show (world->thread, "contoso", thread_make_reminder (1));
  WAIT (world->server->popups->len == 1);
  thread_settle (world);
  world->server->manner = FAKE_MUTE;
  calls = world->server->n_calls;
  thread_show (world, "contoso", 2, "Two");
  WAIT (world->server->n_calls > calls);
  thread_round_trips (world, ROUND_TRIPS);
  g_assert_cmpuint (world->server->n_calls, ==, calls + 1);
  fake_server_close (world->server, 1);
  WAIT (world->answers->len > 0);
  g_assert_cmpuint (world->step, ==, 1);
  fake_server_wake (world->server);
  WAIT (world->server->popups->len == 3);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "Two"));
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, 0);
}

/* Two servers, the second of which has the name as soon as the first gives it away. The numbers of the first are not
 * used with the second, which has given them to other programs. */
static void
test_swapped (Thread *world, gconstpointer unused)
{
  g_autoptr (FakeServer) second = NULL;
  g_autofree char *line = NULL;
  const char *guid = g_dbus_connection_get_guid (world->bus);

  world->server = fake_server_new (&popup_case_bus, FAKE_HANDS_ON);
  second = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  second->last_id = 41;
  line = signin_popup_file_line (guid, g_dbus_connection_get_unique_name (world->server->bus), 7);
  signin_popup_file_write (line);
  signin_popup_thread_show (world->thread, "contoso", thread_make_reminder (1));
  WAIT (second->popups->len > 0);
  for (guint i = 0; i < second->popups->len; i++)
    g_assert_cmpuint (((FakePopup *) second->popups->pdata[i])->replaces, ==, 0);
  thread_stop_server (world);
  world->server = g_steal_pointer (&second);
  thread_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 2);
  g_assert_false (fake_server_is_asked (world->server, 7));
  fake_server_press (world->server, 42, SIGNIN_ACTION_DISMISS, NULL);
  WAIT (world->answers->len > 0);
  g_assert_cmpstr (world->answers->str, ==, "contoso signind-dismiss -;");
}

static void
add_all (void)
{
  thread_add_test ("popup-servers", "late-server", test_late_server);
  thread_add_test ("popup-servers", "foreign-click", test_foreign_click);
  thread_add_test ("popup-servers", "mute", test_mute);
  thread_add_test ("popup-servers", "hangs-later", test_hangs_later);
  thread_add_test ("popup-servers", "stopped-meanwhile", test_stopped_meanwhile);
  thread_add_test ("popup-servers", "swallowed", test_swallowed);
  thread_add_test ("popup-servers", "refused", test_refused);
  thread_add_test ("popup-servers", "stopped-before-less-urgent", test_stopped_before_less_urgent);
  thread_add_test ("popup-servers", "swapped", test_swapped);
}

int
main (int argc, char **argv)
{
  return popup_case_run (argc, argv, add_all);
}
