/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Popups as a view of state: the real tracker on a fake clock, the real popup thread, a fake notification server. */

#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "fake-server.h"
#include "popup-text.h"
#include "popups.h"
#include "rig.h"

#define BOUND_SEC 60
#define ID "contoso"

typedef struct
{
  Rig             *rig;
  GDBusConnection *bus;
  FakeServer      *server;
  SigninPopups    *popups;
  gboolean         too_late;
} World;

static PrivateBus the_bus;

/* The launcher of these tests: remembers, and lets the test say what came of it. */
struct _SigninLauncher
{
  char        *url;
  char        *token;
  SigninOpened opened;
  gpointer     user_data;
};

static SigninLauncher the_launcher;

void
signin_launcher_open (SigninLauncher *self, const char *url, const char *token, SigninOpened opened,
                      gpointer user_data)
{
  g_assert_null (self->opened);
  self->url = g_strdup (url);
  self->token = g_strdup (token);
  self->opened = opened;
  self->user_data = user_data;
}

static void
finish_opening (const GError *error)
{
  SigninLauncher launcher = the_launcher;

  memset (&the_launcher, 0, sizeof the_launcher);
  launcher.opened (error, launcher.user_data);
  g_free (launcher.url);
  g_free (launcher.token);
}

static void
set_up (World *world, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  world->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  world->rig = rig_new ();
  world->popups = signin_popups_new (world->bus, world->rig->tracker, world->rig->scratch->services, &the_launcher);
  rig_add (world->rig, ID);
}

static void
tear_down (World *world, gconstpointer unused)
{
  if (world->popups != NULL)
    signin_popups_free (world->popups);
  if (the_launcher.opened != NULL)
    finish_opening (NULL);
  fake_server_free (world->server);
  fake_clock_pump (world->rig->clock);
  rig_free (world->rig);
  g_object_unref (world->bus);
}

static gboolean
on_bound (gpointer user_data)
{
  ((World *) user_data)->too_late = TRUE;
  return G_SOURCE_CONTINUE;
}

#define WAIT(world, condition)                                                                                         \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    guint bound_ = g_timeout_add_seconds (BOUND_SEC, on_bound, (world));                                               \
                                                                                                                       \
    while (!(condition) && !(world)->too_late)                                                                         \
      g_main_context_iteration (NULL, TRUE);                                                                           \
    g_source_remove (bound_);                                                                                          \
    g_assert_true (condition);                                                                                         \
  }                                                                                                                    \
  G_STMT_END

/* The COUNT-th popup, counted from 1, and nothing after it. */
static const FakePopup *
popup (World *world, guint count)
{
  WAIT (world, world->server->popups->len >= count);
  g_assert_cmpuint (world->server->popups->len, ==, count);
  return fake_server_last (world->server);
}

static void
wait_closed (World *world, guint32 id)
{
  WAIT (world, fake_server_is_asked (world->server, id));
}

static void
press (World *world, const char *key)
{
  fake_server_press (world->server, fake_server_last (world->server)->id, key, NULL);
}

/* A second account makes the whole way through thread and server, and leaves: nothing is under way any more. */
static void
settle (World *world)
{
  guint before = world->server->popups->len;
  guint32 id;

  rig_add (world->rig, "barrier");
  rig_sign_in_at (world->rig, "barrier", "manual", world->rig->clock->now.real_usec - RIG_WARNING);
  WAIT (world, world->server->popups->len > before && strstr (fake_server_last (world->server)->title, "barrier"));
  g_assert_cmpuint (world->server->popups->len, ==, before + 1);
  id = fake_server_last (world->server)->id;
  g_assert_true (signin_tracker_remove_account (world->rig->tracker, "barrier", NULL));
  fake_clock_pump (world->rig->clock);
  wait_closed (world, id);
  g_ptr_array_set_size (world->server->popups, before);
}

static void
warn (World *world)
{
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  fake_clock_advance (world->rig->clock, RIG_WARNING + RIG_LATE);
}

static void
test_warning (World *world, gconstpointer unused)
{
  const FakePopup *warning;

  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  fake_clock_advance (world->rig->clock, RIG_WARNING - 1);
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 0);
  fake_clock_advance (world->rig->clock, 1 + RIG_LATE);
  warning = popup (world, 1);
  g_assert_cmpstr (warning->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");

  /* Once, whatever else changes in the account. */
  rig_sign_in (world->rig, ID, "firefox");
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
}

static void
test_expired (World *world, gconstpointer unused)
{
  guint32 first;
  const FakePopup *expired;

  warn (world);
  first = popup (world, 1)->id;
  fake_clock_advance (world->rig->clock, 20 * RIG_MIN);
  expired = popup (world, 2);
  g_assert_cmpuint (expired->replaces, ==, first);
  g_assert_cmpstr (expired->title, ==, "Dynamics 365 (contoso) probably signed you out at 16:12");
  fake_clock_advance (world->rig->clock, 60 * RIG_MIN - RIG_LATE - 1);
  settle (world);
  g_assert_false (fake_server_is_asked (world->server, first));
  fake_clock_advance (world->rig->clock, 1 + RIG_LATE);
  wait_closed (world, first);
}

/* Asleep across the end: 40 minutes later it is told once, a day later not at all. */
static void
test_slept (World *world, gconstpointer unused)
{
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  fake_clock_suspend (world->rig->clock, RIG_END + 40 * RIG_MIN);
  g_assert_nonnull (strstr (popup (world, 1)->body, "has probably ended"));
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  wait_closed (world, popup (world, 1)->id);
  fake_clock_suspend (world->rig->clock, RIG_DAY);
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
}

static void
test_signed_in (World *world, gconstpointer unused)
{
  guint32 first;

  warn (world);
  first = popup (world, 1)->id;
  press (world, SIGNIN_ACTION_SIGNED_IN);
  WAIT (world, rig_state (world->rig, ID) == SIGNIN_STATE_ACTIVE);
  g_assert_cmpint (rig_remaining (world->rig, ID, SIGNIN_SOURCE_MANUAL), ==, RIG_END);
  wait_closed (world, first);
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
}

static void
test_dismissed (World *world, gconstpointer unused)
{
  warn (world);
  popup (world, 1);
  press (world, SIGNIN_ACTION_DISMISS);
  WAIT (world, rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->dismissed);
  fake_clock_advance (world->rig->clock, 20 * RIG_MIN);
  rig_state (world->rig, ID);
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
}

/* A click opens the page, and is never counted as a sign-in. */
static void
test_sign_in_again (World *world, gconstpointer unused)
{
  warn (world);
  fake_server_press (world->server, popup (world, 1)->id, SIGNIN_ACTION_SIGN_IN, "token-9");
  WAIT (world, the_launcher.opened != NULL);
  g_assert_cmpstr (the_launcher.token, ==, "token-9");
  g_assert_true (g_str_has_prefix (the_launcher.url, "https://"));
  finish_opening (NULL);
  g_assert_cmpstr (popup (world, 2)->title, ==, "Signed in again to Dynamics 365 (contoso)?");
  g_assert_cmpint (rig_state (world->rig, ID), ==, SIGNIN_STATE_EXPIRING);

  press (world, SIGNIN_ACTION_NOT_YET);
  g_assert_cmpstr (popup (world, 3)->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
  press (world, SIGNIN_ACTION_DEFAULT);
  WAIT (world, the_launcher.opened != NULL);
  finish_opening (NULL);
  g_assert_nonnull (strstr (popup (world, 4)->title, "Signed in again"));
  press (world, SIGNIN_ACTION_SIGNED_IN);
  WAIT (world, rig_state (world->rig, ID) == SIGNIN_STATE_ACTIVE);
}

static void
test_question_unanswered (World *world, gconstpointer unused)
{
  warn (world);
  popup (world, 1);
  press (world, SIGNIN_ACTION_SIGN_IN);
  WAIT (world, the_launcher.opened != NULL);
  finish_opening (NULL);
  popup (world, 2);
  fake_clock_advance (world->rig->clock, 20 * RIG_MIN);
  g_assert_nonnull (strstr (popup (world, 3)->body, "has probably ended"));
}

/* The end comes while the browser is being started: what is said last is what is true last. */
static void
test_expired_while_opening (World *world, gconstpointer unused)
{
  warn (world);
  popup (world, 1);
  press (world, SIGNIN_ACTION_SIGN_IN);
  WAIT (world, the_launcher.opened != NULL);
  fake_clock_advance (world->rig->clock, 20 * RIG_MIN);
  popup (world, 2);
  finish_opening (NULL);
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 2);
}

static void
test_no_browser (World *world, gconstpointer unused)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No browser");
  g_autofree char *url = NULL;

  warn (world);
  popup (world, 1);
  press (world, SIGNIN_ACTION_SIGN_IN);
  WAIT (world, the_launcher.opened != NULL);
  url = g_strdup (the_launcher.url);
  finish_opening (error);
  g_assert_true (g_str_has_suffix (popup (world, 2)->body, url));
  g_assert_nonnull (strstr (popup (world, 2)->title, "signs you out at 16:12"));
}

static void
test_closed (World *world, gconstpointer unused)
{
  warn (world);
  fake_server_close (world->server, popup (world, 1)->id);
  settle (world);
  rig_sign_in (world->rig, ID, "firefox");
  fake_clock_step (world->rig->clock, RIG_HOUR, FAKE_STEP_TOLD);
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
}

static void
test_closed_until_next_step (World *world, gconstpointer unused)
{
  warn (world);
  fake_server_close (world->server, popup (world, 1)->id);
  settle (world);
  fake_clock_advance (world->rig->clock, 20 * RIG_MIN);
  g_assert_cmpuint (popup (world, 2)->replaces, ==, 0);
}

/* The clock was wrong by an hour: the words change, and nobody is warned a second time. */
static void
test_clock_step (World *world, gconstpointer unused)
{
  guint32 first;

  warn (world);
  first = popup (world, 1)->id;
  fake_clock_step (world->rig->clock, RIG_HOUR, FAKE_STEP_TOLD);
  g_assert_cmpuint (popup (world, 2)->replaces, ==, first);
  g_assert_nonnull (strstr (popup (world, 2)->title, "17:12"));
}

static void
test_withdrawn (World *world, gconstpointer unused)
{
  guint32 first;

  warn (world);
  first = popup (world, 1)->id;
  g_assert_true (signin_tracker_sign_out (world->rig->tracker, ID, NULL, NULL));
  fake_clock_pump (world->rig->clock);
  wait_closed (world, first);

  warn (world);
  first = popup (world, 2)->id;
  g_assert_true (signin_tracker_remove_account (world->rig->tracker, ID, NULL));
  fake_clock_pump (world->rig->clock);
  wait_closed (world, first);
}

/* A button that comes after what it was about has gone does nothing. */
static void
test_late_button (World *world, gconstpointer unused)
{
  warn (world);
  popup (world, 1);
  press (world, SIGNIN_ACTION_SIGNED_IN);
  g_assert_true (signin_tracker_remove_account (world->rig->tracker, ID, NULL));
  fake_clock_pump (world->rig->clock);
  settle (world);
  g_assert_cmpuint (signin_tracker_n_accounts (world->rig->tracker), ==, 0);
}

static void
test_sources (World *world, gconstpointer unused)
{
  rig_sign_in (world->rig, ID, "firefox");
  fake_clock_advance (world->rig->clock, RIG_MIN);
  rig_sign_in (world->rig, ID, "chromium");
  fake_clock_advance (world->rig->clock, RIG_WARNING - RIG_MIN + RIG_LATE);
  g_assert_cmpstr (popup (world, 1)->title, ==, "Dynamics 365 (contoso, firefox) signs you out at 16:12");

  /* Browsers that report sign-ins are not asked about. */
  press (world, SIGNIN_ACTION_SIGN_IN);
  WAIT (world, the_launcher.opened != NULL);
  finish_opening (NULL);
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
  fake_clock_advance (world->rig->clock, 20 * RIG_MIN);
  g_assert_cmpstr (popup (world, 2)->title, ==, "Dynamics 365 (contoso, chromium) signs you out at 16:13");
}

/* The disk is full: the popup comes back, or the person would believe the button. */
static void
test_not_stored (World *world, gconstpointer unused)
{
  struct rlimit before;
  struct rlimit none;

  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
  warn (world);
  popup (world, 1);
  settle (world);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  none = before;
  none.rlim_cur = 0;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &none), ==, 0);
  press (world, SIGNIN_ACTION_SIGNED_IN);
  g_assert_nonnull (strstr (popup (world, 2)->title, "signs you out at 16:12"));
  g_assert_cmpint (rig_state (world->rig, ID), ==, SIGNIN_STATE_EXPIRING);

  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  press (world, SIGNIN_ACTION_SIGNED_IN);
  WAIT (world, rig_state (world->rig, ID) == SIGNIN_STATE_ACTIVE);
}

static void
test_freed (World *world, gconstpointer unused)
{
  guint32 first;

  warn (world);
  first = popup (world, 1)->id;
  settle (world);
  fake_server_press (world->server, first, SIGNIN_ACTION_SIGN_IN, NULL);
  WAIT (world, the_launcher.opened != NULL);
  fake_clock_advance (world->rig->clock, 20 * RIG_MIN);
  popup (world, 2);
  settle (world);
  signin_popups_free (g_steal_pointer (&world->popups));
  finish_opening (NULL);
  wait_closed (world, fake_server_last (world->server)->id);
}

/* As in the test of the popup thread: libnotify belongs to one thread of a process for ever. */
static void
run_case (gconstpointer path)
{
  g_test_trap_subprocess (path, BOUND_SEC * 2 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
add (const char *name, void (*test) (World *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/popups/", name, NULL);
  g_autofree char *subprocess = g_strconcat ("/popups/subprocess/", name, NULL);
  const char *inner = g_intern_string (subprocess);

  g_test_add (inner, World, NULL, set_up, test, tear_down);
  g_test_add_data_func (path, inner, run_case);
}

static void
add_all (void)
{
  add ("warning", test_warning);
  add ("expired", test_expired);
  add ("slept", test_slept);
  add ("signed-in", test_signed_in);
  add ("dismissed", test_dismissed);
  add ("sign-in-again", test_sign_in_again);
  add ("question-unanswered", test_question_unanswered);
  add ("expired-while-opening", test_expired_while_opening);
  add ("no-browser", test_no_browser);
  add ("closed", test_closed);
  add ("closed-until-next-step", test_closed_until_next_step);
  add ("clock-step", test_clock_step);
  add ("withdrawn", test_withdrawn);
  add ("late-button", test_late_button);
  add ("sources", test_sources);
  add ("not-stored", test_not_stored);
  add ("freed", test_freed);
}

int
main (int argc, char **argv)
{
  int status;

  g_setenv ("TZ", "UTC", TRUE);
  signal (SIGXFSZ, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
  if (g_test_subprocess ())
    {
      private_bus_start (&the_bus);
      g_setenv ("DBUS_SESSION_BUS_ADDRESS", the_bus.address, TRUE);
    }
  add_all ();
  status = g_test_run ();
  if (g_test_subprocess ())
    private_bus_stop (&the_bus);
  return status;
}
