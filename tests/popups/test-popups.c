/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Popups as a view of state: the real tracker on a fake clock, the real popup thread, a fake notification server. */

#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "fake-server.h"
#include "popup-group.h"
#include "popup-text.h"
#include "popups.h"
#include "presence.h"
#include "rig.h"

#define BOUND_SEC 60
#define ID "contoso"

typedef struct
{
  Rig *rig;
  GDBusConnection *bus;
  FakeServer *server;
  SigninPopups *popups;
  gboolean too_late;
} World;

static PrivateBus the_bus;

/* The launcher of these tests: remembers, and lets the test say what came of it. */
struct _SigninLauncher
{
  char *url;
  char *token;
  SigninOpened opened;
  gpointer user_data;
};

static SigninLauncher the_launcher;

void
signin_launcher_open (SigninLauncher *self, const char *url, const char *token, SigninOpened opened, gpointer user_data)
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

/* The presence of these tests: says what the test wants. */
struct _SigninPresence
{
  SigninPresenceFunc changed;
  gpointer user_data;
  gboolean watched;
  gboolean locked;
};

static SigninPresence the_presence;

SigninPresence *
signin_presence_new (GDBusConnection *session_bus, SigninPresenceFunc changed, gpointer user_data)
{
  the_presence = (SigninPresence){ .changed = changed, .user_data = user_data };
  return &the_presence;
}

void
signin_presence_free (SigninPresence *self)
{
  memset (self, 0, sizeof *self);
}

void
signin_presence_watch (SigninPresence *self)
{
  self->watched = TRUE;
}

void
signin_presence_unwatch (SigninPresence *self)
{
  self->watched = FALSE;
  self->locked = FALSE;
}

gboolean
signin_presence_is_locked (const SigninPresence *self)
{
  return self->locked;
}

static void
tell_presence (SigninPresenceReason reason)
{
  if (!the_presence.watched)
    return;
  if (reason == SIGNIN_PRESENCE_LOCKED || reason == SIGNIN_PRESENCE_UNLOCKED)
    the_presence.locked = reason == SIGNIN_PRESENCE_LOCKED;
  the_presence.changed (reason, the_presence.user_data);
}

static void
set_up (World *world, gconstpointer unused)
{
  SigninSettings settings;
  g_autoptr (GError) error = NULL;

  world->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  world->server = fake_server_new (&the_bus, FAKE_ANSWERS);
  world->rig = rig_new ();
  world->popups = signin_popups_new (world->bus, world->rig->tracker, world->rig->scratch->services, &the_launcher);
  signin_settings_init (&settings);
  world->rig->ladder = settings.ladder;
  signin_tracker_set_ladder (world->rig->tracker, &settings.ladder);
  rig_add (world->rig, ID);
}

static void
tear_down (World *world, gconstpointer unused)
{
  /* The tracker is not run once they are gone. */
  fake_clock_pump (world->rig->clock);
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

/* A second account makes the whole way through thread and server, and leaves: nothing is under way any more. Only where
 * no other step is due within two minutes: it would take that in. */
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
  fake_clock_advance (world->rig->clock, RIG_WARNING - 3 * RIG_MIN);
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 0);
  g_assert_false (the_presence.watched);
  fake_clock_advance (world->rig->clock, 3 * RIG_MIN - 1);
  g_assert_false (the_presence.watched);
  fake_clock_advance (world->rig->clock, 1 + RIG_LATE);
  g_assert_true (the_presence.watched);
  warning = popup (world, 1);
  g_assert_cmpstr (warning->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
  g_assert_cmpstr (warning->actions, ==, "default signind-sign-in signind-snooze signind-dismiss");
  g_assert_cmpint (warning->urgency, ==, 1);
  g_assert_true (warning->suppresses_sound);

  /* Once, whatever else changes in the account. */
  rig_sign_in (world->rig, ID, "firefox");
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
}

/* The whole ladder, each step in the place of the one before. */
static void
test_ladder (World *world, gconstpointer unused)
{
  static const struct
  {
    guint after_min;
    const char *title;
    int urgency;
    const char *actions;
  } steps[] = {
    { 0, "Dynamics 365 (contoso) signs you out at 16:12", 1, "default signind-sign-in signind-snooze signind-dismiss" },
    { 10, "Dynamics 365 (contoso) signs you out in 10 minutes", 1,
      "default signind-sign-in signind-snooze signind-dismiss" },
    { 5, "Dynamics 365 (contoso) signs you out in 5 minutes", 2, "default signind-sign-in signind-dismiss" },
    { 4, "Dynamics 365 (contoso) signs you out in 1 minute", 2, "default signind-sign-in signind-dismiss" },
    { 1, "Dynamics 365 (contoso) probably signed you out at 16:12", 1, "default signind-sign-in signind-signed-in" },
  };
  guint32 first = 0;

  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  fake_clock_advance (world->rig->clock, RIG_WARNING + RIG_LATE);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      const FakePopup *shown;

      fake_clock_advance (world->rig->clock, steps[i].after_min * RIG_MIN);
      shown = popup (world, i + 1);
      g_assert_cmpstr (shown->title, ==, steps[i].title);
      g_assert_cmpint (shown->urgency, ==, steps[i].urgency);
      g_assert_cmpstr (shown->actions, ==, steps[i].actions);
      g_assert_nonnull (strstr (shown->body, "16:12"));
      g_assert_cmpuint (shown->replaces, ==, first);
      first = shown->id;
    }
}

/* Time goes by until the session is over: three reminders and the end have taken the place of the warning. */
static const FakePopup *
pass_ladder (World *world, guint shown)
{
  static const guint minutes[] = { 10, 5, 4, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    {
      fake_clock_advance (world->rig->clock, minutes[i] * RIG_MIN);
      popup (world, ++shown);
    }
  return popup (world, shown);
}

static void
test_expired (World *world, gconstpointer unused)
{
  guint32 first;
  const FakePopup *expired;

  warn (world);
  first = popup (world, 1)->id;
  expired = pass_ladder (world, 1);
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
  popup (world, 1);
  first = pass_ladder (world, 1)->id;
  press (world, SIGNIN_ACTION_SIGNED_IN);
  WAIT (world, rig_state (world->rig, ID) == SIGNIN_STATE_ACTIVE);
  g_assert_cmpint (rig_remaining (world->rig, ID, SIGNIN_SOURCE_MANUAL), ==, RIG_END);
  wait_closed (world, first);
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 5);
  g_assert_false (the_presence.watched);
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
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  g_assert_cmpstr (popup (world, 3)->title, ==, "Dynamics 365 (contoso) signs you out in 10 minutes");
  g_assert_cmpuint (popup (world, 3)->replaces, ==, 2);
}

/* The end comes while the browser is being started: what is said last is what is true last. */
static void
test_expired_while_opening (World *world, gconstpointer unused)
{
  warn (world);
  popup (world, 1);
  press (world, SIGNIN_ACTION_SIGN_IN);
  WAIT (world, the_launcher.opened != NULL);
  pass_ladder (world, 1);
  finish_opening (NULL);
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 5);
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
  g_assert_nonnull (strstr (popup (world, 2)->body, url));
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
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  g_assert_cmpuint (popup (world, 2)->replaces, ==, 0);
  fake_server_close (world->server, popup (world, 2)->id);
  settle (world);
  fake_clock_advance (world->rig->clock, 5 * RIG_MIN);
  g_assert_cmpstr (popup (world, 3)->title, ==, "Dynamics 365 (contoso) signs you out in 5 minutes");
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
  press (world, SIGNIN_ACTION_DISMISS);
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
  fake_clock_advance (world->rig->clock, 9 * RIG_MIN + 30 * RIG_SEC);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
  fake_clock_advance (world->rig->clock, 30 * RIG_SEC);
  g_assert_cmpstr (popup (world, 2)->title, ==, "Dynamics 365 (contoso, firefox) signs you out in 10 minutes");

  /* The next end is said when it is the next. */
  rig_sign_in (world->rig, ID, "firefox");
  g_assert_cmpstr (popup (world, 3)->title, ==, "Dynamics 365 (contoso, chromium) signs you out at 16:13");
  fake_clock_advance (world->rig->clock, RIG_MIN);
  g_assert_cmpstr (popup (world, 4)->title, ==, "Dynamics 365 (contoso, chromium) signs you out in 10 minutes");
}

/* Two sources whose ends are ten minutes apart, at the warning of the first. */
static void
begin_sources (World *world)
{
  rig_sign_in (world->rig, ID, "firefox");
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  rig_sign_in (world->rig, ID, "chromium");
  fake_clock_advance (world->rig->clock, RIG_WARNING - 10 * RIG_MIN + RIG_LATE);
  g_assert_cmpstr (popup (world, 1)->title, ==, "Dynamics 365 (contoso, firefox) signs you out at 16:12");
}

/* Nobody has dismissed the second one: it is not hidden behind the first, whose end comes earlier. */
static void
test_sources_dismissed (World *world, gconstpointer unused)
{
  begin_sources (world);
  press (world, SIGNIN_ACTION_DISMISS);
  WAIT (world, rig_session (world->rig, ID, "firefox")->dismissed);
  g_assert_false (rig_session (world->rig, ID, "chromium")->dismissed);
  fake_clock_pump (world->rig->clock);
  fake_clock_advance (world->rig->clock, 7 * RIG_MIN);
  settle (world);
  fake_clock_advance (world->rig->clock, 3 * RIG_MIN);
  g_assert_cmpstr (popup (world, 2)->title, ==, "Dynamics 365 (contoso, chromium) signs you out at 16:22");

  /* The end of the first changes nothing. */
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  g_assert_cmpstr (popup (world, 3)->title, ==, "Dynamics 365 (contoso, chromium) signs you out in 10 minutes");
  fake_clock_advance (world->rig->clock, 2 * RIG_MIN);
  settle (world);
  popup (world, 3);
}

static void
test_sources_snoozed (World *world, gconstpointer unused)
{
  begin_sources (world);
  g_assert_true (signin_tracker_snooze (world->rig->tracker, ID, 24 * RIG_HOUR, NULL));
  fake_clock_pump (world->rig->clock);
  wait_closed (world, popup (world, 1)->id);
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  g_assert_cmpstr (popup (world, 2)->title, ==, "Dynamics 365 (contoso, chromium) signs you out at 16:22");
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
  press (world, SIGNIN_ACTION_DISMISS);
  g_assert_nonnull (strstr (popup (world, 2)->title, "signs you out at 16:12"));
  press (world, SIGNIN_ACTION_SNOOZE);
  g_assert_nonnull (strstr (popup (world, 3)->title, "signs you out at 16:12"));
  g_assert_false (rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->dismissed);

  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  press (world, SIGNIN_ACTION_DISMISS);
  WAIT (world, rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->dismissed);
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
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  popup (world, 2);
  settle (world);
  signin_popups_free (g_steal_pointer (&world->popups));
  finish_opening (NULL);
  wait_closed (world, fake_server_last (world->server)->id);
}

/* Nothing is shown until the pause is over, and then a reminder. */
static void
test_snoozed (World *world, gconstpointer unused)
{
  guint32 first;

  warn (world);
  fake_clock_advance (world->rig->clock, RIG_MIN);
  first = popup (world, 1)->id;
  press (world, SIGNIN_ACTION_SNOOZE);
  WAIT (world, rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->snoozed_usec > 0);
  wait_closed (world, first);
  fake_clock_pump (world->rig->clock);
  fake_clock_advance (world->rig->clock, 5 * RIG_MIN - 1);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
  fake_clock_advance (world->rig->clock, 1 + RIG_LATE);
  g_assert_cmpstr (popup (world, 2)->title, ==, "Dynamics 365 (contoso) signs you out in 14 minutes");
  g_assert_cmpint (popup (world, 2)->urgency, ==, 1);
  g_assert_cmpuint (popup (world, 2)->replaces, ==, 0);
  press (world, SIGNIN_ACTION_SNOOZE);
  WAIT (world, !the_presence.watched);

  /* It takes the place of the step at 10 minutes. */
  fake_clock_advance (world->rig->clock, 4 * RIG_MIN + RIG_SEC);
  g_assert_cmpuint (world->server->popups->len, ==, 2);
  fake_clock_advance (world->rig->clock, RIG_MIN);
  g_assert_cmpstr (popup (world, 3)->title, ==, "Dynamics 365 (contoso) signs you out in 9 minutes");
}

/* While it is on the screen somebody puts it off elsewhere. */
static void
test_snoozed_elsewhere (World *world, gconstpointer unused)
{
  warn (world);
  popup (world, 1);
  g_assert_true (signin_tracker_snooze (world->rig->tracker, ID, 24 * RIG_HOUR, NULL));
  fake_clock_pump (world->rig->clock);
  wait_closed (world, popup (world, 1)->id);
  fake_clock_advance (world->rig->clock, 20 * RIG_MIN);
  g_assert_nonnull (strstr (popup (world, 2)->title, "probably signed you out at 16:12"));
}

static void
set_settings (World *world, const SigninSettings *settings)
{
  signin_tracker_set_ladder (world->rig->tracker, &settings->ladder);
  signin_popups_set_settings (world->popups, settings);
  fake_clock_pump (world->rig->clock);
}

/* Each setting counts at once, and none makes a step of its own. */
static void
test_settings (World *world, gconstpointer unused)
{
  SigninSettings settings;
  guint32 first;

  signin_settings_init (&settings);
  warn (world);
  first = popup (world, 1)->id;
  settings.show_user_name = TRUE;
  settings.snooze_usec = 3 * RIG_MIN;
  settings.sound = TRUE;
  settings.ladder.before_end_sec[0] = 18 * 60;
  fake_clock_advance (world->rig->clock, 3 * RIG_MIN);
  set_settings (world, &settings);
  g_assert_cmpuint (popup (world, 2)->replaces, ==, first);
  g_assert_true (popup (world, 2)->suppresses_sound);
  press (world, SIGNIN_ACTION_SNOOZE);
  WAIT (world, rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->snoozed_usec > 0);
  fake_clock_pump (world->rig->clock);
  fake_clock_advance (world->rig->clock, 3 * RIG_MIN + RIG_LATE);
  g_assert_cmpstr (popup (world, 3)->title, ==, "Dynamics 365 (contoso) signs you out in 14 minutes");
  g_assert_cmpstr (popup (world, 3)->sound, ==, "dialog-warning");

  settings.popups = FALSE;
  set_settings (world, &settings);
  wait_closed (world, popup (world, 3)->id);
  fake_clock_advance (world->rig->clock, 9 * RIG_MIN);
  g_assert_cmpuint (world->server->popups->len, ==, 3);
  settings.popups = TRUE;
  set_settings (world, &settings);
  g_assert_cmpstr (popup (world, 4)->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
}

/* What is shown without a sound even so: the first reminder, which only takes the place of the warning. */
static void
test_sound (World *world, gconstpointer unused)
{
  static const guint minutes[] = { 0, 10, 5, 4, 1 };
  SigninSettings settings;

  signin_settings_init (&settings);
  settings.sound = TRUE;
  set_settings (world, &settings);
  warn (world);
  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    {
      fake_clock_advance (world->rig->clock, minutes[i] * RIG_MIN);
      g_assert_cmpstr (popup (world, i + 1)->sound, ==, i == 1 ? NULL : "dialog-warning");
    }
}

/* contoso ends at 16:12, and another account so many minutes later. */
static void
add_second (World *world, const char *id, gint64 after_usec)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  g_autoptr (GError) error = NULL;

  details.service = "dynamics365";
  details.organization = id;
  details.region = "crm4";
  signin_tracker_add_account (world->rig->tracker, id, &details, &error);
  g_assert_no_error (error);
  rig_sign_in_at (world->rig, id, SIGNIN_SOURCE_MANUAL, world->rig->clock->now.real_usec + after_usec);
}

static void
begin_two (World *world, gint64 after_usec)
{
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  fake_clock_advance (world->rig->clock, RIG_MIN * 10);
  add_second (world, "fabrikam", after_usec - RIG_MIN * 10);
  fake_clock_advance (world->rig->clock, RIG_WARNING - RIG_MIN * 10 + RIG_LATE);
}

#define TWO_AT "Dynamics 365 (contoso) signs you out at 16:12 – and 1 more account"

/* Each step takes in the other account's step, which is due a minute later and brings no popup of its own. */
static void
test_two (World *world, gconstpointer unused)
{
  guint32 first;

  begin_two (world, RIG_MIN);
  first = popup (world, 1)->id;
  g_assert_cmpstr (popup (world, 1)->title, ==, TWO_AT);
  g_assert_true (g_str_has_prefix (popup (world, 1)->body, "Dynamics 365 (contoso) signs you out at 16:12\n"
                                                           "Dynamics 365 (fabrikam) signs you out at 16:13\n"));
  g_assert_cmpstr (popup (world, 1)->actions, ==,
                   "default signind-sign-in:contoso signind-sign-in:fabrikam signind-dismiss");
  fake_clock_advance (world->rig->clock, 7 * RIG_MIN);
  settle (world);
  popup (world, 1);
  fake_clock_advance (world->rig->clock, 3 * RIG_MIN);
  g_assert_cmpstr (popup (world, 2)->title, ==,
                   "Dynamics 365 (contoso) signs you out in 10 minutes – and 1 more account");
  fake_clock_advance (world->rig->clock, 5 * RIG_MIN);
  g_assert_cmpint (popup (world, 3)->urgency, ==, 2);
  fake_clock_advance (world->rig->clock, 4 * RIG_MIN);
  popup (world, 4);
  fake_clock_advance (world->rig->clock, RIG_MIN);
  g_assert_cmpstr (popup (world, 5)->title, ==,
                   "Dynamics 365 (contoso) probably signed you out at 16:12 – and 1 more account");
  g_assert_nonnull (strstr (popup (world, 5)->body, "(fabrikam) signs you out at 16:13"));
  fake_clock_advance (world->rig->clock, RIG_MIN);
  g_assert_nonnull (strstr (popup (world, 6)->body, "(fabrikam) probably signed you out at 16:13"));
  g_assert_cmpuint (popup (world, 6)->replaces, ==, first);
}

/* Just within the two minutes, and just not. */
static void
test_two_minutes (World *world, gconstpointer unused)
{
  begin_two (world, SIGNIN_TOGETHER_USEC + RIG_LATE);
  g_assert_cmpstr (popup (world, 1)->title, ==, TWO_AT);
}

static void
test_beyond_two_minutes (World *world, gconstpointer unused)
{
  begin_two (world, SIGNIN_TOGETHER_USEC + 10);
  g_assert_cmpstr (popup (world, 1)->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
  fake_clock_advance (world->rig->clock, SIGNIN_TOGETHER_USEC + 10);
  g_assert_cmpstr (popup (world, 2)->title, ==, "Dynamics 365 (fabrikam) signs you out at 16:14");
  g_assert_cmpuint (popup (world, 2)->replaces, ==, 0);
}

/* One of them signs in again: the popup says what is left, without being a new one. */
static void
test_one_of_two (World *world, gconstpointer unused)
{
  guint32 first;

  begin_two (world, RIG_MIN);
  first = popup (world, 1)->id;
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  g_assert_cmpstr (popup (world, 2)->title, ==, "Dynamics 365 (fabrikam) signs you out at 16:13");
  g_assert_cmpuint (popup (world, 2)->replaces, ==, first);
  /* Its own warning is a minute away: there is nothing to put off yet. */
  g_assert_cmpstr (popup (world, 2)->actions, ==, "default signind-sign-in signind-dismiss");
  /* Closed any sooner, it would be the one before that was meant. */
  fake_clock_advance (world->rig->clock, 2 * RIG_MIN);
  settle (world);
  fake_server_close (world->server, first);
  fake_clock_advance (world->rig->clock, 3 * RIG_MIN);
  settle (world);
  popup (world, 2);
  rig_sign_in (world->rig, "fabrikam", SIGNIN_SOURCE_MANUAL);
  settle (world);
  popup (world, 2);
}

static void
test_dismiss_two (World *world, gconstpointer unused)
{
  begin_two (world, RIG_MIN);
  popup (world, 1);
  rig_forget (world->rig);
  press (world, SIGNIN_ACTION_DISMISS);
  WAIT (world, rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->dismissed
                   && rig_session (world->rig, "fabrikam", SIGNIN_SOURCE_MANUAL)->dismissed);
  fake_clock_advance (world->rig->clock, RIG_MIN);
  rig_expect (world->rig, "warning fabrikam manual", NULL);
  fake_clock_advance (world->rig->clock, 30 * RIG_MIN);
  settle (world);
  popup (world, 1);
}

/* A button is about its own account. The other one is said again, because the popup went with the click. */
static void
test_sign_in_one_of_two (World *world, gconstpointer unused)
{
  begin_two (world, RIG_MIN);
  popup (world, 1);
  press (world, SIGNIN_ACTION_SIGN_IN ":fabrikam");
  WAIT (world, the_launcher.opened != NULL);
  g_assert_nonnull (strstr (the_launcher.url, "fabrikam"));
  g_assert_cmpstr (popup (world, 2)->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
  settle (world);
  fake_clock_advance (world->rig->clock, RIG_MIN);
  settle (world);
  popup (world, 2);
  finish_opening (NULL);
  g_assert_cmpstr (popup (world, 3)->title, ==, "Signed in again to Dynamics 365 (fabrikam)?");
  g_assert_cmpuint (popup (world, 3)->id, !=, popup (world, 3)->replaces);
  press (world, SIGNIN_ACTION_SIGNED_IN);
  WAIT (world, rig_remaining (world->rig, "fabrikam", SIGNIN_SOURCE_MANUAL) == RIG_END);
  fake_clock_pump (world->rig->clock);
  fake_clock_advance (world->rig->clock, 9 * RIG_MIN);
  g_assert_cmpstr (popup (world, 4)->title, ==, "Dynamics 365 (contoso) signs you out in 10 minutes");
}

static void
test_three (World *world, gconstpointer unused)
{
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  add_second (world, "adatum", -9 * RIG_MIN);
  add_second (world, "fabrikam", -10 * RIG_MIN + RIG_SEC);
  fake_clock_advance (world->rig->clock, RIG_WARNING - RIG_MIN * 10 + RIG_LATE);
  g_assert_cmpstr (popup (world, 1)->title, ==, "Dynamics 365 (contoso) signs you out at 16:12 – and 2 more accounts");
  g_assert_cmpstr (popup (world, 1)->actions, ==, "default signind-sign-in signind-dismiss");
  press (world, SIGNIN_ACTION_SIGN_IN);
  WAIT (world, the_launcher.opened != NULL);
  g_assert_nonnull (strstr (the_launcher.url, "contoso"));
  g_assert_cmpstr (popup (world, 2)->title, ==, "Dynamics 365 (fabrikam) signs you out at 16:12 – and 1 more account");
  press (world, SIGNIN_ACTION_DEFAULT);
}

/* Nobody is at the screen: what is new is said, and all that is true once more, in one popup, when somebody is back. */
static void
test_unlocked (World *world, gconstpointer unused)
{
  guint32 first, second;

  begin_two (world, 5 * RIG_MIN);
  first = popup (world, 1)->id;
  tell_presence (SIGNIN_PRESENCE_LOCKED);
  fake_clock_advance (world->rig->clock, 5 * RIG_MIN);
  second = popup (world, 2)->id;
  g_assert_cmpuint (second, !=, first);
  tell_presence (SIGNIN_PRESENCE_UNLOCKED);
  g_assert_cmpstr (popup (world, 3)->title, ==, TWO_AT);
  g_assert_cmpuint (popup (world, 3)->replaces, ==, first);
  wait_closed (world, second);
  settle (world);
  popup (world, 3);
}

/* What a person has closed stays so; what a lock screen has closed does not. */
static void
test_closed_and_locked (World *world, gconstpointer lock_screen)
{
  warn (world);
  popup (world, 1);
  if (lock_screen)
    tell_presence (SIGNIN_PRESENCE_LOCKED);
  fake_server_close (world->server, popup (world, 1)->id);
  settle (world);
  if (!lock_screen)
    tell_presence (SIGNIN_PRESENCE_LOCKED);
  tell_presence (SIGNIN_PRESENCE_UNLOCKED);
  fake_clock_pump (world->rig->clock);
  if (lock_screen)
    g_assert_cmpuint (popup (world, 2)->replaces, ==, 0);
  settle (world);
  popup (world, lock_screen ? 2 : 1);
}

static void
test_closed_then_locked (World *world, gconstpointer unused)
{
  test_closed_and_locked (world, NULL);
}

static void
test_closed_by_lock_screen (World *world, gconstpointer unused)
{
  test_closed_and_locked (world, "lock");
}

static void
test_woken (World *world, gconstpointer unused)
{
  warn (world);
  popup (world, 1);
  tell_presence (SIGNIN_PRESENCE_SLEEPING);
  fake_clock_suspend (world->rig->clock, 3 * RIG_MIN);
  settle (world);
  popup (world, 1);
  tell_presence (SIGNIN_PRESENCE_WOKEN);
  g_assert_cmpuint (popup (world, 2)->replaces, ==, popup (world, 2)->id);
  g_assert_cmpstr (popup (world, 2)->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");

  /* A step on the way is said once, whichever comes first: the tracker or the news of waking. */
  tell_presence (SIGNIN_PRESENCE_SLEEPING);
  fake_clock_suspend (world->rig->clock, 8 * RIG_MIN);
  g_assert_cmpstr (popup (world, 3)->title, ==, "Dynamics 365 (contoso) signs you out in 9 minutes");
  tell_presence (SIGNIN_PRESENCE_WOKEN);
  settle (world);
  popup (world, 3);
  tell_presence (SIGNIN_PRESENCE_SLEEPING);
  world->rig->clock->now.boot_usec += 5 * RIG_MIN;
  world->rig->clock->now.real_usec += 5 * RIG_MIN;
  tell_presence (SIGNIN_PRESENCE_WOKEN);
  fake_clock_suspend (world->rig->clock, 0);
  g_assert_cmpstr (popup (world, 4)->title, ==, "Dynamics 365 (contoso) signs you out in 4 minutes");
  settle (world);
  popup (world, 4);

  /* Behind a locked screen it waits for the person. */
  tell_presence (SIGNIN_PRESENCE_LOCKED);
  tell_presence (SIGNIN_PRESENCE_SLEEPING);
  fake_clock_suspend (world->rig->clock, RIG_MIN / 2);
  tell_presence (SIGNIN_PRESENCE_WOKEN);
  settle (world);
  popup (world, 4);
  tell_presence (SIGNIN_PRESENCE_UNLOCKED);
  popup (world, 5);
}

/* An end is not worth reading of after the machine has slept. */
static void
test_expired_slept (World *world, gconstpointer unused)
{
  guint32 last;

  warn (world);
  popup (world, 1);
  last = pass_ladder (world, 1)->id;
  tell_presence (SIGNIN_PRESENCE_SLEEPING);
  wait_closed (world, last);
  fake_clock_suspend (world->rig->clock, 5 * RIG_MIN);
  tell_presence (SIGNIN_PRESENCE_WOKEN);
  settle (world);
  popup (world, 5);
  fake_clock_advance (world->rig->clock, RIG_HOUR);
  g_assert_false (the_presence.watched);
}

/* Another life of the daemon shows what is true once, all in one popup. */
static void
test_restarted (World *world, gconstpointer unused)
{
  begin_two (world, 5 * RIG_MIN);
  popup (world, 1);
  fake_clock_advance (world->rig->clock, 6 * RIG_MIN);
  popup (world, 2);
  settle (world);
  signin_popups_free (g_steal_pointer (&world->popups));
  WAIT (world, fake_server_is_asked (world->server, 2));
  rig_stop (world->rig);
  rig_start (world->rig);
  world->popups = signin_popups_new (world->bus, world->rig->tracker, world->rig->scratch->services, &the_launcher);
  signin_popups_set_settings (world->popups, &(SigninSettings){ .popups = TRUE, .snooze_usec = 5 * RIG_MIN });
  fake_clock_pump (world->rig->clock);
  g_assert_cmpstr (popup (world, 3)->title, ==, TWO_AT);
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

/* The popup is there at once, and says more when more is known: in its place, without a sound. */
static void
test_trouble (World *world, gconstpointer unused)
{
  const FakePopup *shown;
  guint32 first;

  warn (world);
  first = popup (world, 1)->id;
  signin_popups_set_trouble (world->popups, ID, SIGNIN_TROUBLE_OFFLINE);
  shown = popup (world, 2);
  g_assert_cmpuint (shown->replaces, ==, first);
  g_assert_nonnull (strstr (shown->body, "You are offline"));
  g_assert_true (shown->suppresses_sound);

  /* Once, and in each step that follows. */
  signin_popups_set_trouble (world->popups, ID, SIGNIN_TROUBLE_OFFLINE);
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  g_assert_nonnull (strstr (popup (world, 3)->body, "You are offline"));
  signin_popups_set_trouble (world->popups, ID, SIGNIN_TROUBLE_OVER);
  g_assert_nonnull (strstr (popup (world, 4)->body, "Signing in works again."));
  signin_popups_set_trouble (world->popups, ID, SIGNIN_TROUBLE_NONE);
  g_assert_null (strstr (popup (world, 5)->body, "again. Save"));
}

/* Of what nothing is shown, nothing is shown; and what a person closed stays closed. */
static void
test_trouble_unseen (World *world, gconstpointer unused)
{
  signin_popups_set_trouble (world->popups, "nobody", SIGNIN_TROUBLE_DOWN);
  signin_popups_set_trouble (world->popups, ID, SIGNIN_TROUBLE_DOWN);
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 0);
  warn (world);
  g_assert_nonnull (strstr (popup (world, 1)->body, "The service does not work"));
  fake_server_close (world->server, fake_server_last (world->server)->id);
  settle (world);
  signin_popups_set_trouble (world->popups, ID, SIGNIN_TROUBLE_OVER);
  settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
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
  add ("sources-dismissed", test_sources_dismissed);
  add ("sources-snoozed", test_sources_snoozed);
  add ("not-stored", test_not_stored);
  add ("freed", test_freed);
  add ("ladder", test_ladder);
  add ("snoozed", test_snoozed);
  add ("snoozed-elsewhere", test_snoozed_elsewhere);
  add ("settings", test_settings);
  add ("sound", test_sound);
  add ("two", test_two);
  add ("two-minutes", test_two_minutes);
  add ("beyond-two-minutes", test_beyond_two_minutes);
  add ("one-of-two", test_one_of_two);
  add ("dismiss-two", test_dismiss_two);
  add ("sign-in-one-of-two", test_sign_in_one_of_two);
  add ("three", test_three);
  add ("unlocked", test_unlocked);
  add ("closed-then-locked", test_closed_then_locked);
  add ("closed-by-lock-screen", test_closed_by_lock_screen);
  add ("woken", test_woken);
  add ("expired-slept", test_expired_slept);
  add ("restarted", test_restarted);
  add ("trouble", test_trouble);
  add ("trouble-unseen", test_trouble_unseen);
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
