/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Popups as a view of state: what is said at each step, and what is said again when facts change. */

#include "config.h"

#include <string.h>

#include "popups-rig.h"

static void
test_warning (World *world, gconstpointer unused)
{
  const FakePopup *warning;

  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  fake_clock_advance (world->rig->clock, RIG_WARNING - 3 * RIG_MIN);
  world_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 0);
  g_assert_false (world_presence.watched);
  fake_clock_advance (world->rig->clock, 3 * RIG_MIN - 1);
  g_assert_false (world_presence.watched);
  fake_clock_advance (world->rig->clock, 1 + RIG_LATE);
  g_assert_true (world_presence.watched);
  warning = world_popup (world, 1);
  g_assert_cmpstr (warning->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
  g_assert_cmpstr (warning->actions, ==, "default signind-sign-in signind-snooze signind-dismiss");
  g_assert_cmpint (warning->urgency, ==, 1);
  g_assert_true (warning->suppresses_sound);

  /* Once, whatever else changes in the account. */
  rig_sign_in (world->rig, ID, "firefox");
  world_settle (world);
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
      shown = world_popup (world, i + 1);
      g_assert_cmpstr (shown->title, ==, steps[i].title);
      g_assert_cmpint (shown->urgency, ==, steps[i].urgency);
      g_assert_cmpstr (shown->actions, ==, steps[i].actions);
      g_assert_nonnull (strstr (shown->body, "16:12"));
      /* What is less urgent would not be seen in the place of a critical one. */
      if (i == G_N_ELEMENTS (steps) - 1)
        {
          g_assert_true (fake_server_is_asked (world->server, first));
          first = 0;
        }
      g_assert_cmpuint (shown->replaces, ==, first);
      first = shown->id;
    }
}

static void
test_expired (World *world, gconstpointer unused)
{
  guint32 first;
  const FakePopup *expired;

  world_warn (world);
  world_popup (world, 1);
  expired = world_pass_ladder (world, 1);
  first = expired->id;
  g_assert_cmpstr (expired->title, ==, "Dynamics 365 (contoso) probably signed you out at 16:12");
  fake_clock_advance (world->rig->clock, 60 * RIG_MIN - RIG_LATE - 1);
  world_settle (world);
  g_assert_false (fake_server_is_asked (world->server, first));
  fake_clock_advance (world->rig->clock, 1 + RIG_LATE);
  world_wait_closed (world, first);
}

/* Asleep across the end: 40 minutes later it is told once, a day later not at all. */
static void
test_slept (World *world, gconstpointer unused)
{
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  fake_clock_suspend (world->rig->clock, RIG_END + 40 * RIG_MIN);
  g_assert_nonnull (strstr (world_popup (world, 1)->body, "has probably ended"));
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  world_wait_closed (world, world_popup (world, 1)->id);
  fake_clock_suspend (world->rig->clock, RIG_DAY);
  world_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
}

/* The clock was wrong by an hour: the words change, and nobody is warned a second time. */
static void
test_clock_step (World *world, gconstpointer unused)
{
  guint32 first;

  world_warn (world);
  first = world_popup (world, 1)->id;
  fake_clock_step (world->rig->clock, RIG_HOUR, FAKE_STEP_TOLD);
  g_assert_cmpuint (world_popup (world, 2)->replaces, ==, first);
  g_assert_nonnull (strstr (world_popup (world, 2)->title, "17:12"));
}

static void
test_withdrawn (World *world, gconstpointer unused)
{
  guint32 first;

  world_warn (world);
  first = world_popup (world, 1)->id;
  g_assert_true (signin_tracker_sign_out (world->rig->tracker, ID, NULL, NULL));
  fake_clock_pump (world->rig->clock);
  world_wait_closed (world, first);

  world_warn (world);
  first = world_popup (world, 2)->id;
  g_assert_true (signin_tracker_remove_account (world->rig->tracker, ID, NULL));
  fake_clock_pump (world->rig->clock);
  world_wait_closed (world, first);
}

static void
test_sources (World *world, gconstpointer unused)
{
  rig_sign_in (world->rig, ID, "firefox");
  fake_clock_advance (world->rig->clock, RIG_MIN);
  rig_sign_in (world->rig, ID, "chromium");
  fake_clock_advance (world->rig->clock, RIG_WARNING - RIG_MIN + RIG_LATE);
  g_assert_cmpstr (world_popup (world, 1)->title, ==, "Dynamics 365 (contoso, firefox) signs you out at 16:12");

  /* Browsers that report sign-ins are not asked about. */
  world_press (world, SIGNIN_ACTION_SIGN_IN);
  WAIT (world_launcher.opened != NULL);
  world_finish_opening (NULL);
  fake_clock_advance (world->rig->clock, 9 * RIG_MIN + 30 * RIG_SEC);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
  fake_clock_advance (world->rig->clock, 30 * RIG_SEC);
  g_assert_cmpstr (world_popup (world, 2)->title, ==, "Dynamics 365 (contoso, firefox) signs you out in 10 minutes");

  /* The next end is said when it is the next. */
  rig_sign_in (world->rig, ID, "firefox");
  g_assert_cmpstr (world_popup (world, 3)->title, ==, "Dynamics 365 (contoso, chromium) signs you out at 16:13");
  fake_clock_advance (world->rig->clock, RIG_MIN);
  g_assert_cmpstr (world_popup (world, 4)->title, ==, "Dynamics 365 (contoso, chromium) signs you out in 10 minutes");
}

/* Two sources whose ends are ten minutes apart, at the warning of the first. */
static void
begin_sources (World *world)
{
  rig_sign_in (world->rig, ID, "firefox");
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  rig_sign_in (world->rig, ID, "chromium");
  fake_clock_advance (world->rig->clock, RIG_WARNING - 10 * RIG_MIN + RIG_LATE);
  g_assert_cmpstr (world_popup (world, 1)->title, ==, "Dynamics 365 (contoso, firefox) signs you out at 16:12");
}

/* Nobody has dismissed the second one: it is not hidden behind the first, whose end comes earlier. */
static void
test_sources_dismissed (World *world, gconstpointer unused)
{
  begin_sources (world);
  world_press (world, SIGNIN_ACTION_DISMISS);
  WAIT (rig_session (world->rig, ID, "firefox")->dismissed);
  g_assert_false (rig_session (world->rig, ID, "chromium")->dismissed);
  fake_clock_pump (world->rig->clock);
  fake_clock_advance (world->rig->clock, 7 * RIG_MIN);
  world_settle (world);
  fake_clock_advance (world->rig->clock, 3 * RIG_MIN);
  g_assert_cmpstr (world_popup (world, 2)->title, ==, "Dynamics 365 (contoso, chromium) signs you out at 16:22");

  /* The end of the first changes nothing. */
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  g_assert_cmpstr (world_popup (world, 3)->title, ==, "Dynamics 365 (contoso, chromium) signs you out in 10 minutes");
  fake_clock_advance (world->rig->clock, 2 * RIG_MIN);
  world_settle (world);
  world_popup (world, 3);
}

static void
test_sources_snoozed (World *world, gconstpointer unused)
{
  begin_sources (world);
  g_assert_true (signin_tracker_snooze (world->rig->tracker, ID, 24 * RIG_HOUR, NULL));
  fake_clock_pump (world->rig->clock);
  world_wait_closed (world, world_popup (world, 1)->id);
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  g_assert_cmpstr (world_popup (world, 2)->title, ==, "Dynamics 365 (contoso, chromium) signs you out at 16:22");
}

/* Each setting counts at once, and none makes a step of its own. */
static void
test_settings (World *world, gconstpointer unused)
{
  SigninSettings settings;
  guint32 first;

  signin_settings_init (&settings);
  world_warn (world);
  first = world_popup (world, 1)->id;
  settings.show_user_name = TRUE;
  settings.snooze_usec = 3 * RIG_MIN;
  settings.sound = TRUE;
  settings.ladder.before_end_sec[0] = 18 * 60;
  fake_clock_advance (world->rig->clock, 3 * RIG_MIN);
  world_set_settings (world, &settings);
  g_assert_cmpuint (world_popup (world, 2)->replaces, ==, first);
  g_assert_true (world_popup (world, 2)->suppresses_sound);
  world_press (world, SIGNIN_ACTION_SNOOZE);
  WAIT (rig_session (world->rig, ID, SIGNIN_SOURCE_MANUAL)->snoozed_usec > 0);
  fake_clock_pump (world->rig->clock);
  fake_clock_advance (world->rig->clock, 3 * RIG_MIN + RIG_LATE);
  g_assert_cmpstr (world_popup (world, 3)->title, ==, "Dynamics 365 (contoso) signs you out in 14 minutes");
  g_assert_cmpstr (world_popup (world, 3)->sound, ==, "dialog-warning");

  settings.popups = FALSE;
  world_set_settings (world, &settings);
  world_wait_closed (world, world_popup (world, 3)->id);
  fake_clock_advance (world->rig->clock, 9 * RIG_MIN);
  g_assert_cmpuint (world->server->popups->len, ==, 3);
  settings.popups = TRUE;
  world_set_settings (world, &settings);
  g_assert_cmpstr (world_popup (world, 4)->title, ==, "Dynamics 365 (contoso) signs you out at 16:12");
}

/* What is shown without a sound even so: the first reminder, which only takes the place of the warning. */
static void
test_sound (World *world, gconstpointer unused)
{
  static const guint minutes[] = { 0, 10, 5, 4, 1 };
  SigninSettings settings;

  signin_settings_init (&settings);
  settings.sound = TRUE;
  world_set_settings (world, &settings);
  world_warn (world);
  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    {
      fake_clock_advance (world->rig->clock, minutes[i] * RIG_MIN);
      g_assert_cmpstr (world_popup (world, i + 1)->sound, ==, i == 1 ? NULL : "dialog-warning");
    }
}

/* The popup is there at once, and says more when more is known: in its place, without a sound. */
static void
test_trouble (World *world, gconstpointer unused)
{
  const FakePopup *shown;
  guint32 first;

  world_warn (world);
  first = world_popup (world, 1)->id;
  signin_popups_set_trouble (world->popups, ID, SIGNIN_TROUBLE_OFFLINE);
  shown = world_popup (world, 2);
  g_assert_cmpuint (shown->replaces, ==, first);
  g_assert_nonnull (strstr (shown->body, "You are offline"));
  g_assert_true (shown->suppresses_sound);

  /* Once, and in each step that follows. */
  signin_popups_set_trouble (world->popups, ID, SIGNIN_TROUBLE_OFFLINE);
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  g_assert_nonnull (strstr (world_popup (world, 3)->body, "You are offline"));
  signin_popups_set_trouble (world->popups, ID, SIGNIN_TROUBLE_OVER);
  g_assert_nonnull (strstr (world_popup (world, 4)->body, "Signing in works again."));
  signin_popups_set_trouble (world->popups, ID, SIGNIN_TROUBLE_NONE);
  g_assert_null (strstr (world_popup (world, 5)->body, "again. Save"));
}

/* Of what nothing is shown, nothing is shown; and what a person closed stays closed. */
static void
test_trouble_unseen (World *world, gconstpointer unused)
{
  signin_popups_set_trouble (world->popups, "nobody", SIGNIN_TROUBLE_DOWN);
  signin_popups_set_trouble (world->popups, ID, SIGNIN_TROUBLE_DOWN);
  world_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 0);
  world_warn (world);
  g_assert_nonnull (strstr (world_popup (world, 1)->body, "The service does not work"));
  fake_server_close (world->server, fake_server_last (world->server)->id);
  world_settle (world);
  signin_popups_set_trouble (world->popups, ID, SIGNIN_TROUBLE_OVER);
  world_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
}

static void
add_all (void)
{
  world_add_test ("popups", "warning", test_warning);
  world_add_test ("popups", "ladder", test_ladder);
  world_add_test ("popups", "expired", test_expired);
  world_add_test ("popups", "slept", test_slept);
  world_add_test ("popups", "clock-step", test_clock_step);
  world_add_test ("popups", "withdrawn", test_withdrawn);
  world_add_test ("popups", "sources", test_sources);
  world_add_test ("popups", "sources-dismissed", test_sources_dismissed);
  world_add_test ("popups", "sources-snoozed", test_sources_snoozed);
  world_add_test ("popups", "settings", test_settings);
  world_add_test ("popups", "sound", test_sound);
  world_add_test ("popups", "trouble", test_trouble);
  world_add_test ("popups", "trouble-unseen", test_trouble_unseen);
}

int
main (int argc, char **argv)
{
  return popup_case_run (argc, argv, add_all);
}
