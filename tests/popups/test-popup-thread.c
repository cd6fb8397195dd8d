/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The popup thread against servers with every fault that is known of. The server lives in the main context of the test:
 * it answers only while the test waits, and a main context that stalled would fail the test, not slow it down. */

#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake-server.h"
#include "popup-stage.h"
#include "popup-thread.h"

#define BOUND_SEC 60
#define ROUND_TRIPS 200

typedef struct
{
  GDBusConnection *bus;
  SigninPopupThread *thread;
  FakeServer *server;
  GString *answers;
  guint step; /* of the last of them */
  gboolean too_late;
} World;

static PrivateBus the_bus;

static void
on_answer (const char *popup, guint step, const char *action, const char *token, gpointer user_data)
{
  World *world = user_data;

  world->step = step;
  g_string_append_printf (world->answers, "%s %s %s;", popup, action != NULL ? action : "closed",
                          token != NULL ? token : "-");
}

static void
set_up (World *world, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  world->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  world->answers = g_string_new (NULL);
  world->thread = signin_popup_thread_new (NULL, on_answer, world, &error);
  g_assert_no_error (error);
}

static gboolean
on_bound (gpointer user_data)
{
  ((World *) user_data)->too_late = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Waits for what CONDITION says, and fails where it does not become true. */
#define WAIT(world, condition)                                           \
  G_STMT_START                                                           \
  {                                                                      \
    guint bound_ = g_timeout_add_seconds (BOUND_SEC, on_bound, (world)); \
                                                                         \
    while (!(condition) && !(world)->too_late)                           \
      g_main_context_iteration (NULL, TRUE);                             \
    g_source_remove (bound_);                                            \
    g_assert_true (condition);                                           \
  }                                                                      \
  G_STMT_END

static void
stop_server (World *world)
{
  g_clear_pointer (&world->server, fake_server_free);
}

static void
tear_down (World *world, gconstpointer unused)
{
  if (world->thread != NULL)
    signin_popup_thread_free (world->thread, world->bus);
  stop_server (world);
  g_object_unref (world->bus);
  g_string_free (world->answers, TRUE);
}

static SigninPopup *
make (guint step, SigninPopupKind kind, const char *name)
{
  SigninPopupAccount account
      = { .kind = kind, .id = "contoso", .service = "dynamics365", .service_name = name, .ends_usec = 1 };
  SigninPopupFacts facts = { .accounts = &account, .n_accounts = 1, .snooze_minutes = 5 };
  SigninPopup *popup = signin_popup_new (&facts);

  popup->step = step;
  return popup;
}

static void
show (World *world, const char *account, guint step, const char *name)
{
  signin_popup_thread_show (world->thread, account, make (step, SIGNIN_POPUP_WARNING, name));
}

/* Calls to the bus and back, one after the other, that come through while the popup thread is busy. */
static void
on_round_trip (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, NULL);

  g_assert_nonnull (reply);
  (*(guint *) user_data)++;
}

static void
run_round_trips (World *world, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      guint done = 0;

      g_dbus_connection_call (world->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                              "GetId", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_round_trip, &done);
      WAIT (world, done == 1);
    }
}

/* Everything that was under way between thread, bus and server has arrived: what is ordered after it by the same ways
 * has. */
static void
settle (World *world)
{
  guint before = world->server->popups->len;
  guint32 id;

  show (world, "barrier", before + 1, "Barrier");
  WAIT (world, world->server->popups->len > before && strstr (fake_server_last (world->server)->title, "Barrier"));
  id = fake_server_last (world->server)->id;
  signin_popup_thread_withdraw (world->thread, "barrier");
  WAIT (world, fake_server_is_asked (world->server, id));
}

static const FakePopup *
show_first (World *world)
{
  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  show (world, "contoso", 1, "One");
  WAIT (world, world->server->popups->len == 1);
  return fake_server_last (world->server);
}

static void
test_shown (World *world, gconstpointer unused)
{
  const FakePopup *popup = show_first (world);

  g_assert_cmpstr (popup->title, ==, "One (contoso) signs you out at 00:00");
  g_assert_cmpstr (popup->actions, ==, "default signind-sign-in signind-snooze signind-dismiss");
  g_assert_cmpint (popup->timeout, ==, 0);
  g_assert_cmpint (popup->urgency, ==, 1);
  g_assert_cmpuint (popup->replaces, ==, 0);
}

static void
test_markup (World *world, gconstpointer unused)
{
  SigninPopup *popup = make (1, SIGNIN_POPUP_WARNING, "A");

  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  g_free (popup->body);
  popup->body = g_strdup ("a < b & <i>c</i>");
  signin_popup_thread_show (world->thread, "contoso", popup);
  WAIT (world, world->server->popups->len == 1);
  g_assert_cmpstr (fake_server_last (world->server)->body, ==, "a &lt; b &amp; &lt;i&gt;c&lt;/i&gt;");
}

static void
test_no_markup (World *world, gconstpointer unused)
{
  SigninPopup *popup = make (1, SIGNIN_POPUP_WARNING, "A");

  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  world->server->capabilities = "body";
  g_free (popup->body);
  popup->body = g_strdup ("a < b");
  signin_popup_thread_show (world->thread, "contoso", popup);
  WAIT (world, world->server->popups->len == 1);
  g_assert_cmpstr (fake_server_last (world->server)->body, ==, "a < b");
  g_assert_cmpstr (fake_server_last (world->server)->actions, ==, "");
}

/* It would show "default" as one more button. */
static void
test_default_is_button (World *world, gconstpointer unused)
{
  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  world->server->name = "Xfce Notify Daemon";
  show (world, "contoso", 1, "One");
  WAIT (world, world->server->popups->len == 1);
  g_assert_cmpstr (fake_server_last (world->server)->actions, ==, "signind-sign-in signind-snooze signind-dismiss");
}

static void
test_replaced (World *world, gconstpointer unused)
{
  guint32 first = show_first (world)->id;

  show (world, "contoso", 2, "Two");
  WAIT (world, world->server->popups->len == 2);
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, first);
  fake_server_press (world->server, first, SIGNIN_ACTION_DISMISS, NULL);
  WAIT (world, world->answers->len > 0);
  g_assert_cmpstr (world->answers->str, ==, "contoso signind-dismiss -;");
}

/* The closing of the old popup, which has the same number, must not count against the new one: its buttons would be
 * dead. */
static void
test_outrun (World *world, gconstpointer unused)
{
  show_first (world);
  world->server->manner = FAKE_IS_OUTRUN;
  show (world, "contoso", 2, "Two");
  WAIT (world, world->server->popups->len == 3);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "Two"));
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, 0);
  fake_server_press (world->server, fake_server_last (world->server)->id, SIGNIN_ACTION_DISMISS, NULL);
  WAIT (world, world->answers->len > 0);
  g_assert_cmpstr (world->answers->str, ==, "contoso signind-dismiss -;");
}

static void
test_pressed (World *world, gconstpointer unused)
{
  guint32 first = show_first (world)->id;

  fake_server_press (world->server, first, SIGNIN_ACTION_SIGN_IN, "token-7");
  fake_server_press (world->server, first, SIGNIN_ACTION_DISMISS, NULL);
  WAIT (world, world->answers->len > 0);
  settle (world);
  g_assert_cmpstr (world->answers->str, ==, "contoso signind-sign-in token-7;");
  g_assert_cmpuint (world->step, ==, 1);
  /* Servers that leave it open are asked to close it, and its number is not used again. */
  g_assert_true (fake_server_is_asked (world->server, first));
  show (world, "contoso", 2, "Two");
  WAIT (world, strstr (fake_server_last (world->server)->title, "Two"));
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, 0);
}

static void
test_closed_by_person (World *world, gconstpointer unused)
{
  guint32 first = show_first (world)->id;
  guint before;

  fake_server_close (world->server, first);
  WAIT (world, world->answers->len > 0);
  g_assert_cmpstr (world->answers->str, ==, "contoso closed -;");

  /* Not again for the same step, whatever its words are, nor on another server. */
  show (world, "contoso", 1, "One, later");
  settle (world);
  stop_server (world);
  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  settle (world);
  for (guint i = 0; i < world->server->popups->len; i++)
    g_assert_nonnull (strstr (((FakePopup *) world->server->popups->pdata[i])->title, "Barrier"));

  before = world->server->popups->len;
  show (world, "contoso", 2, "Two");
  WAIT (world, world->server->popups->len > before);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "Two"));
}

static void
test_withdrawn (World *world, gconstpointer unused)
{
  guint32 first = show_first (world)->id;

  signin_popup_thread_withdraw (world->thread, "contoso");
  WAIT (world, fake_server_is_asked (world->server, first));
  settle (world);
  g_assert_cmpstr (world->answers->str, ==, "");
}

static void
test_late_server (World *world, gconstpointer unused)
{
  show (world, "contoso", 1, "One");
  show (world, "fabrikam", 2, "Two");
  show (world, "contoso", 3, "Three");
  signin_popup_thread_withdraw (world->thread, "fabrikam");
  run_round_trips (world, ROUND_TRIPS);

  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  WAIT (world, world->server->popups->len == 1);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "Three"));
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 2);
}

/* The new server gives the same number to another program's popup, whose button even has our key. */
static void
test_foreign_click (World *world, gconstpointer unused)
{
  guint32 first = show_first (world)->id;

  settle (world);
  fake_server_close (world->server, 99);
  stop_server (world);
  world->server = fake_server_new (&the_bus, FAKE_MUTE);
  fake_server_press (world->server, first, SIGNIN_ACTION_DISMISS, NULL);
  run_round_trips (world, ROUND_TRIPS);
  world->server->last_id = 41;
  fake_server_wake (world->server);
  WAIT (world, world->server->popups->len == 1);
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, 0);
  g_assert_cmpuint (fake_server_last (world->server)->id, ==, 42);
  fake_server_press (world->server, first, SIGNIN_ACTION_DISMISS, NULL);
  settle (world);
  g_assert_cmpstr (world->answers->str, ==, "");

  fake_server_press (world->server, 42, SIGNIN_ACTION_DISMISS, NULL);
  WAIT (world, world->answers->len > 0);
  g_assert_cmpstr (world->answers->str, ==, "contoso signind-dismiss -;");
}

/* A server that never answers is asked once, and costs the main context nothing; what was wanted meanwhile comes when
 * it wakes up. */
static void
test_mute (World *world, gconstpointer unused)
{
  world->server = fake_server_new (&the_bus, FAKE_MUTE);
  for (guint i = 1; i <= ROUND_TRIPS; i++)
    {
      show (world, "contoso", i, i < ROUND_TRIPS ? "Early" : "Last");
      run_round_trips (world, 1);
    }
  WAIT (world, world->server->n_calls > 0);
  g_assert_cmpuint (world->server->n_calls, ==, 1);
  fake_server_wake (world->server);
  WAIT (world, world->server->popups->len == 1);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "Last"));
}

/* One that hangs in the middle of a popup blocks the thread, and nobody else. Ends without waiting for it. */
static void
test_hangs_later (World *world, gconstpointer unused)
{
  guint calls;

  show_first (world);
  world->server->manner = FAKE_MUTE;
  calls = world->server->n_calls;
  show (world, "contoso", 2, "Two");
  WAIT (world, world->server->n_calls > calls);
  run_round_trips (world, ROUND_TRIPS);
  for (guint i = 3; i < 1000; i++)
    show (world, "contoso", i, "More");
  run_round_trips (world, ROUND_TRIPS);
  g_assert_cmpuint (world->server->n_calls, ==, calls + 1);

  signin_popup_thread_free (g_steal_pointer (&world->thread), world->bus);
}

/* A new popup waits until it is known that it is not shown twice. */
static void
test_stopped_meanwhile (World *world, gconstpointer unused)
{
  guint calls;

  show_first (world);
  world->server->manner = FAKE_MUTE;
  calls = world->server->n_calls;
  show (world, "fabrikam", 2, "Two");
  WAIT (world, world->server->n_calls > calls);
  run_round_trips (world, ROUND_TRIPS);
  g_assert_cmpuint (world->server->n_calls, ==, calls + 1);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
  fake_server_wake (world->server);
  WAIT (world, world->server->popups->len > 1);
  run_round_trips (world, ROUND_TRIPS);
  g_assert_cmpuint (world->server->popups->len, ==, 2);
  g_assert_cmpuint (world->server->n_calls, ==, calls + 3);
}

static void
test_swallowed (World *world, gconstpointer unused)
{
  world->server = fake_server_new (&the_bus, FAKE_SWALLOWS);
  show (world, "contoso", 1, "One");
  WAIT (world, world->server->n_refused == 3);
  run_round_trips (world, ROUND_TRIPS);
  g_assert_cmpuint (world->server->n_refused, ==, 3);
  world->server->manner = FAKE_ANSWERS;
  show (world, "contoso", 2, "Two");
  WAIT (world, world->server->popups->len == 1);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "Two"));
}

static void
test_refused (World *world, gconstpointer unused)
{
  world->server = fake_server_new (&the_bus, FAKE_REFUSES);
  show (world, "contoso", 1, "One");
  WAIT (world, world->server->n_refused == 1);
  run_round_trips (world, ROUND_TRIPS);
  g_assert_cmpuint (world->server->n_refused, ==, 1);

  stop_server (world);
  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  WAIT (world, world->server->popups->len == 1);
  g_assert_nonnull (strstr (fake_server_last (world->server)->title, "One"));
}

static void
test_freed (World *world, gconstpointer unused)
{
  guint32 first = show_first (world)->id;
  guint32 second;

  show (world, "fabrikam", 1, "Two");
  WAIT (world, world->server->popups->len == 2);
  second = fake_server_last (world->server)->id;
  settle (world);
  signin_popup_thread_free (g_steal_pointer (&world->thread), world->bus);
  WAIT (world, fake_server_is_asked (world->server, first) && fake_server_is_asked (world->server, second));
}

/* Nothing is started where nothing is shown. */
static void
test_unused (World *world, gconstpointer unused)
{
  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  signin_popup_thread_withdraw (world->thread, "contoso");
  run_round_trips (world, 10);
  g_assert_cmpuint (world->server->n_calls, ==, 0);
}

static SigninPopup *
make_reminder (guint step)
{
  SigninPopupAccount account
      = { .kind = SIGNIN_POPUP_WARNING, .id = "contoso", .service = "x", .service_name = "X", .ends_usec = 1 };
  SigninPopupFacts facts = { .accounts = &account, .n_accounts = 1, .minutes = 5, .critical = TRUE, .sound = TRUE };
  SigninPopup *popup = signin_popup_new (&facts);

  popup->step = step;
  return popup;
}

/* Minutes, and a sound, are for the first time only. */
static void
test_shown_again (World *world, gconstpointer unused)
{
  const FakePopup *popup;

  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  signin_popup_thread_show (world->thread, "contoso", make_reminder (1));
  WAIT (world, world->server->popups->len == 1);
  popup = fake_server_last (world->server);
  g_assert_cmpstr (popup->title, ==, "X (contoso) signs you out in 5 minutes");
  g_assert_cmpint (popup->urgency, ==, 2);
  g_assert_cmpstr (popup->sound, ==, "dialog-warning");
  settle (world);

  stop_server (world);
  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  WAIT (world, world->server->popups->len == 1);
  popup = fake_server_last (world->server);
  g_assert_cmpstr (popup->title, ==, "X (contoso) signs you out at 00:00");
  g_assert_cmpint (popup->urgency, ==, 2);
  g_assert_null (popup->sound);
  g_assert_true (popup->suppresses_sound);
}

/* Behind a locked screen nothing is shown a second time, but what is new is. */
static void
test_locked (World *world, gconstpointer unused)
{
  show_first (world);
  settle (world);
  signin_popup_thread_set_locked (world->thread, TRUE);
  stop_server (world);
  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
  show (world, "contoso", 2, "Two");
  WAIT (world, strstr (fake_server_last (world->server)->title, "Two"));
  g_assert_cmpuint (world->server->popups->len, ==, 2);
}

static void
write_old (World *world, const char *server, const char *guid, guint32 first, guint32 second)
{
  g_autofree char *line = signin_popup_file_line (guid, server, first);
  g_autofree char *other = signin_popup_file_line (guid, server, second);
  g_autofree char *text = g_strconcat (line, "garbage\n", other, NULL);

  signin_popup_file_write (text);
}

static GArray *
read_old (World *world)
{
  return signin_popup_file_read (g_dbus_connection_get_guid (world->bus));
}

/* A daemon was killed: its popups have dead buttons. The first new one takes the place of one, the others go. */
static void
test_taken_over (World *world, gconstpointer unused)
{
  g_autoptr (GArray) old = NULL;

  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  world->server->last_id = 50;
  write_old (world, g_dbus_connection_get_unique_name (world->server->bus), g_dbus_connection_get_guid (world->bus), 7,
             8);
  show (world, "contoso", 1, "One");
  WAIT (world, world->server->popups->len == 1);
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, 7);
  WAIT (world, fake_server_is_asked (world->server, 8));
  settle (world);
  g_assert_false (fake_server_is_asked (world->server, 7));
  old = read_old (world);
  g_assert_cmpuint (old->len, ==, 1);
  g_assert_cmpuint (g_array_index (old, SigninOldPopup, 0).id, ==, 7);

  signin_popup_thread_free (g_steal_pointer (&world->thread), world->bus);
  g_array_unref (old);
  old = read_old (world);
  g_assert_cmpuint (old->len, ==, 0);
}

/* Numbers of another server, or of another bus, mean nothing here. */
static void
test_not_taken_over (World *world, gconstpointer other_bus)
{
  const char *name;

  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  name = g_dbus_connection_get_unique_name (world->server->bus);
  if (other_bus)
    write_old (world, name, "0123456789abcdef0123456789abcdef", 7, 8);
  else
    write_old (world, ":1.999999", g_dbus_connection_get_guid (world->bus), 7, 8);
  show (world, "contoso", 1, "One");
  WAIT (world, world->server->popups->len == 1);
  g_assert_cmpuint (fake_server_last (world->server)->replaces, ==, 0);
  settle (world);
  g_assert_false (fake_server_is_asked (world->server, 7));
  g_assert_false (fake_server_is_asked (world->server, 8));
}

static void
test_other_server (World *world, gconstpointer unused)
{
  test_not_taken_over (world, NULL);
}

static void
test_other_bus (World *world, gconstpointer unused)
{
  test_not_taken_over (world, "other");
}

static void
test_swept (World *world, gconstpointer unused)
{
  g_autoptr (GArray) old = NULL;

  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  write_old (world, g_dbus_connection_get_unique_name (world->server->bus), g_dbus_connection_get_guid (world->bus), 7,
             8);
  signin_popup_thread_sweep (world->thread, world->bus);
  WAIT (world, fake_server_is_asked (world->server, 7) && fake_server_is_asked (world->server, 8));
  old = read_old (world);
  g_assert_cmpuint (old->len, ==, 0);
}

/* Whatever lies there: nothing hangs, and nothing of it is believed. */
static void
test_bad_file (World *world, gconstpointer unused)
{
  g_autofree char *folder = g_build_filename (g_getenv ("XDG_RUNTIME_DIR"), "signind", NULL);
  g_autofree char *path = g_build_filename (folder, "popups", NULL);
  const char *guid = g_dbus_connection_get_guid (world->bus);
  g_autofree char *line = signin_popup_file_line (guid, ":1.2", 3);
  g_autofree char *zero = signin_popup_file_line (guid, ":1.2", 0);
  g_autofree char *name = signin_popup_file_line (guid, "org.example.Server", 3);
  g_autofree char *big = g_strdup_printf ("%s :1.2 4294967296\n%s :1.2 -1\n%s :1.2 3 4\n%s :1.2\n", guid, guid, guid,
                                          guid);
  g_autofree char *bad = g_strconcat (zero, name, big, "\n \n\xff\xfe", NULL);
  g_autoptr (GString) many = g_string_new (NULL);
  const guint expected[] = { 0, 0, SIGNIN_MAX_OLD_POPUPS };

  for (guint i = 0; i < 60; i++)
    g_string_append (many, line);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr (GArray) old = NULL;

      signin_popup_file_write (i == 0 ? "x" : i == 1 ? bad : many->str);
      old = read_old (world);
      g_assert_cmpuint (old->len, ==, expected[i]);
    }

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GArray) old = NULL;

      g_assert_cmpint (unlink (path), ==, 0);
      if (i == 0)
        g_assert_cmpint (mkfifo (path, 0600), ==, 0);
      else if (i == 1)
        g_assert_cmpint (symlink ("/dev/zero", path), ==, 0);
      else
        {
          while (many->len <= 4096)
            g_string_append (many, line);
          g_assert_true (g_file_set_contents (path, many->str, -1, NULL));
        }
      old = read_old (world);
      g_assert_cmpuint (old->len, ==, 0);
    }
}

/* libnotify has one connection to its server for each process, bound to the first thread that used it: each case needs
 * a process of its own. */
static void
run_case (gconstpointer path)
{
  g_test_trap_subprocess (path, BOUND_SEC * 2 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
add (const char *name, void (*test) (World *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/popup-thread/", name, NULL);
  g_autofree char *subprocess = g_strconcat ("/popup-thread/subprocess/", name, NULL);
  const char *inner = g_intern_string (subprocess);

  g_test_add (inner, World, NULL, set_up, test, tear_down);
  g_test_add_data_func (path, inner, run_case);
}

int
main (int argc, char **argv)
{
  int status;

  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  if (g_test_subprocess ())
    {
      private_bus_start (&the_bus);
      g_setenv ("DBUS_SESSION_BUS_ADDRESS", the_bus.address, TRUE);
    }
  add ("unused", test_unused);
  add ("shown", test_shown);
  add ("markup", test_markup);
  add ("no-markup", test_no_markup);
  add ("default-is-button", test_default_is_button);
  add ("replaced", test_replaced);
  add ("outrun", test_outrun);
  add ("pressed", test_pressed);
  add ("closed-by-person", test_closed_by_person);
  add ("withdrawn", test_withdrawn);
  add ("late-server", test_late_server);
  add ("foreign-click", test_foreign_click);
  add ("mute", test_mute);
  add ("swallowed", test_swallowed);
  add ("refused", test_refused);
  add ("freed", test_freed);
  add ("hangs-later", test_hangs_later);
  add ("stopped-meanwhile", test_stopped_meanwhile);
  add ("shown-again", test_shown_again);
  add ("locked", test_locked);
  add ("taken-over", test_taken_over);
  add ("other-server", test_other_server);
  add ("other-bus", test_other_bus);
  add ("swept", test_swept);
  add ("bad-file", test_bad_file);
  status = g_test_run ();
  if (g_test_subprocess ())
    private_bus_stop (&the_bus);
  return status;
}
