/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The popup thread and a server that is well. */

#include "config.h"

#include <string.h>

#include "thread-rig.h"

static void
test_shown (Thread *world, gconstpointer unused)
{
  const FakePopup *popup = thread_show_first (world);

  g_assert_cmpstr (popup->title, ==, "One (contoso) signs you out at 00:00");
  g_assert_cmpstr (popup->actions, ==, "default signind-sign-in signind-snooze signind-dismiss");
  g_assert_cmpint (popup->timeout, ==, 0);
  g_assert_cmpint (popup->urgency, ==, 1);
  g_assert_cmpuint (popup->replaces, ==, 0);
}

static void
test_markup (Thread *world, gconstpointer unused)
{
  SigninPopup *popup = thread_make (1, SIGNIN_POPUP_WARNING, "A");

  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  g_free (popup->body);
  popup->body = g_strdup ("a < b & <i>c</i>");
  signin_popup_thread_show (world->thread, "contoso", popup);
  WAIT (world->server->popups->len == 1);
  g_assert_cmpstr (fake_server_last (world->server)->body, ==, "a &lt; b &amp; &lt;i&gt;c&lt;/i&gt;");
}

static void
test_no_markup (Thread *world, gconstpointer unused)
{
  SigninPopup *popup = thread_make (1, SIGNIN_POPUP_WARNING, "A");

  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  world->server->capabilities = "body";
  g_free (popup->body);
  popup->body = g_strdup ("a < b");
  signin_popup_thread_show (world->thread, "contoso", popup);
  WAIT (world->server->popups->len == 1);
  g_assert_cmpstr (fake_server_last (world->server)->body, ==, "a < b");
  g_assert_cmpstr (fake_server_last (world->server)->actions, ==, "");
}

/* It would show "default" as one more button. */
static void
test_default_is_button (Thread *world, gconstpointer unused)
{
  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  world->server->name = "Xfce Notify Daemon";
  thread_show (world, "contoso", 1, "One");
  WAIT (world->server->popups->len == 1);
  g_assert_cmpstr (fake_server_last (world->server)->actions, ==, "signind-sign-in signind-snooze signind-dismiss");
}

static void
test_replaced (Thread *world, gconstpointer unused)
{
  guint32 first = thread_show_first (world)->id;

  thread_show (world, "contoso", 2, "Two");
  WAIT (world->server->popups->len == 2);
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, first);
  fake_server_press (world->server, first, SIGNIN_ACTION_DISMISS, NULL);
  WAIT (world->answers->len > 0);
  g_assert_cmpstr (world->answers->str, ==, "contoso signind-dismiss -;");
}

/* The closing of the old popup, which has the same number, must not count against the new one: its buttons would be
 * dead. */
static void
test_outrun (Thread *world, gconstpointer unused)
{
  thread_show_first (world);
  world->server->manner = FAKE_IS_OUTRUN;
  thread_show (world, "contoso", 2, "Two");
  WAIT (world->server->popups->len == 3);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "Two"));
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, 0);
  fake_server_press (world->server, fake_server_last (world->server)->id, SIGNIN_ACTION_DISMISS, NULL);
  WAIT (world->answers->len > 0);
  g_assert_cmpstr (world->answers->str, ==, "contoso signind-dismiss -;");
}

static void
test_pressed (Thread *world, gconstpointer unused)
{
  guint32 first = thread_show_first (world)->id;

  fake_server_press (world->server, first, SIGNIN_ACTION_SIGN_IN, "token-7");
  fake_server_press (world->server, first, SIGNIN_ACTION_DISMISS, NULL);
  WAIT (world->answers->len > 0);
  thread_settle (world);
  g_assert_cmpstr (world->answers->str, ==, "contoso signind-sign-in token-7;");
  g_assert_cmpuint (world->step, ==, 1);
  /* Servers that leave it open are asked to close it, and its number is not used again. */
  g_assert_true (fake_server_is_asked (world->server, first));
  thread_show (world, "contoso", 2, "Two");
  WAIT (strstr (fake_server_last (world->server)->title, "Two"));
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, 0);
}

static void
test_closed_by_person (Thread *world, gconstpointer unused)
{
  guint32 first = thread_show_first (world)->id;
  guint before;

  fake_server_close (world->server, first);
  WAIT (world->answers->len > 0);
  g_assert_cmpstr (world->answers->str, ==, "contoso closed -;");

  /* Not again for the same step, whatever its words are, nor on another server. */
  thread_show (world, "contoso", 1, "One, later");
  thread_settle (world);
  thread_stop_server (world);
  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  thread_settle (world);
  for (guint i = 0; i < world->server->popups->len; i++)
    g_assert_nonnull (strstr (((FakePopup *) world->server->popups->pdata[i])->title, "Barrier"));

  before = world->server->popups->len;
  thread_show (world, "contoso", 2, "Two");
  WAIT (world->server->popups->len > before);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "Two"));
}

static void
test_withdrawn (Thread *world, gconstpointer unused)
{
  guint32 first = thread_show_first (world)->id;

  signin_popup_thread_withdraw (world->thread, "contoso");
  WAIT (fake_server_is_asked (world->server, first));
  thread_settle (world);
  g_assert_cmpstr (world->answers->str, ==, "");
}

static void
test_freed (Thread *world, gconstpointer unused)
{
  guint32 first = thread_show_first (world)->id;
  guint32 second;

  thread_show (world, "fabrikam", 1, "Two");
  WAIT (world->server->popups->len == 2);
  second = fake_server_last (world->server)->id;
  thread_settle (world);
  signin_popup_thread_free (g_steal_pointer (&world->thread), world->bus);
  WAIT (fake_server_is_asked (world->server, first) && fake_server_is_asked (world->server, second));
}

/* Nothing is started where nothing is shown. */
static void
test_unused (Thread *world, gconstpointer unused)
{
  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  signin_popup_thread_withdraw (world->thread, "contoso");
  thread_round_trips (world, 10);
  g_assert_cmpuint (world->server->n_calls, ==, 0);
}

/* Minutes, and a sound, are for the first time only. */
static void
test_shown_again (Thread *world, gconstpointer unused)
{
  const FakePopup *popup;

  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  signin_popup_thread_show (world->thread, "contoso", thread_make_reminder (1));
  WAIT (world->server->popups->len == 1);
  popup = fake_server_last (world->server);
  g_assert_cmpstr (popup->title, ==, "X (contoso) signs you out in 5 minutes");
  g_assert_cmpint (popup->urgency, ==, 2);
  g_assert_cmpstr (popup->sound, ==, "dialog-warning");
  thread_settle (world);

  thread_stop_server (world);
  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  WAIT (world->server->popups->len == 1);
  popup = fake_server_last (world->server);
  g_assert_cmpstr (popup->title, ==, "X (contoso) signs you out at 00:00");
  g_assert_cmpint (popup->urgency, ==, 2);
  g_assert_null (popup->sound);
  g_assert_true (popup->suppresses_sound);
}

/* Behind a locked screen nothing is shown a second time, but what is new is. */
static void
test_locked (Thread *world, gconstpointer unused)
{
  thread_show_first (world);
  thread_settle (world);
  signin_popup_thread_set_locked (world->thread, TRUE);
  thread_stop_server (world);
  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  thread_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
  thread_show (world, "contoso", 2, "Two");
  WAIT (strstr (fake_server_last (world->server)->title, "Two"));
  g_assert_cmpuint (world->server->popups->len, ==, 2);
}

/* What is less urgent than what is there would not be seen in its place. The old one goes first, and what was pressed
 * on it meanwhile counts. */
static void
test_less_urgent (Thread *world, gconstpointer unused)
{
  guint32 first;

  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  signin_popup_thread_show (world->thread, "contoso", thread_make_reminder (1));
  WAIT (world->server->popups->len == 1);
  first = fake_server_last (world->server)->id;
  thread_show (world, "contoso", 2, "Two");
  WAIT (world->server->popups->len == 2);
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, 0);
  g_assert_cmpuint (world->server->n_closed_before, ==, 1);
  g_assert_true (fake_server_is_asked (world->server, first));
  thread_settle (world);
  g_assert_cmpstr (world->answers->str, ==, "");
  fake_server_press (world->server, first + 1, SIGNIN_ACTION_DISMISS, NULL);
  WAIT (world->answers->len > 0);
  g_assert_cmpstr (world->answers->str, ==, "contoso signind-dismiss -;");
  g_assert_cmpuint (world->step, ==, 2);
}

/* Pressed when the server was about to show the next one: the press was meant for the old one, and both go. */
static void
test_pressed_while_leaving (Thread *world, gconstpointer unused)
{
  guint32 first;

  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  signin_popup_thread_show (world->thread, "contoso", thread_make_reminder (1));
  WAIT (world->server->popups->len == 1);
  first = fake_server_last (world->server)->id;
  world->server->manner = FAKE_IS_PRESSED;
  thread_show (world, "contoso", 2, "Two");
  WAIT (world->answers->len > 0);
  g_assert_cmpstr (world->answers->str, ==, "contoso signind-dismiss -;");
  g_assert_cmpuint (world->step, ==, 1);
  WAIT (fake_server_is_asked (world->server, first + 1));
}

/* What the server took away by itself nobody has closed: the next server shows it, and new words of the same step. */
static void
test_timed_out (Thread *world, gconstpointer unused)
{
  fake_server_expire (world->server, thread_show_first (world)->id);
  thread_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 2);
  g_assert_cmpstr (world->answers->str, ==, "");
  thread_show (world, "contoso", 1, "One, later");
  WAIT (world->server->popups->len == 3);
  fake_server_expire (world->server, fake_server_last (world->server)->id);
  thread_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 4);

  thread_stop_server (world);
  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  WAIT (world->server->popups->len == 1);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "One, later"));
}

static void
add_all (void)
{
  thread_add_test ("popup-thread", "shown", test_shown);
  thread_add_test ("popup-thread", "markup", test_markup);
  thread_add_test ("popup-thread", "no-markup", test_no_markup);
  thread_add_test ("popup-thread", "default-is-button", test_default_is_button);
  thread_add_test ("popup-thread", "replaced", test_replaced);
  thread_add_test ("popup-thread", "outrun", test_outrun);
  thread_add_test ("popup-thread", "pressed", test_pressed);
  thread_add_test ("popup-thread", "closed-by-person", test_closed_by_person);
  thread_add_test ("popup-thread", "withdrawn", test_withdrawn);
  thread_add_test ("popup-thread", "freed", test_freed);
  thread_add_test ("popup-thread", "unused", test_unused);
  thread_add_test ("popup-thread", "shown-again", test_shown_again);
  thread_add_test ("popup-thread", "locked", test_locked);
  thread_add_test ("popup-thread", "less-urgent", test_less_urgent);
  thread_add_test ("popup-thread", "pressed-while-leaving", test_pressed_while_leaving);
  thread_add_test ("popup-thread", "timed-out", test_timed_out);
}

int
main (int argc, char **argv)
{
  return popup_case_run (argc, argv, add_all);
}
