/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Popups about what browsers reported: whether to track an organization, and what is not asked any more. */

#include "config.h"

#include <string.h>

#include "popups-rig.h"

#define FIREFOX "firefox:0123456789abcdef"
#define NORTHWIND "northwind.crm4.dynamics.com"

static void
suggest (World *world, const char *host)
{
  g_assert_true (signin_suggestions_add (world->suggestions, host, FIREFOX, world->rig->clock->now.real_usec, FALSE));
}

static void
test_track (World *world, gconstpointer unused)
{
  const FakePopup *question;

  suggest (world, NORTHWIND);
  question = world_popup (world, 1);
  g_assert_cmpstr (question->title, ==, "Track northwind?");
  g_assert_cmpstr (question->body, ==,
                   "Firefox signed in to " NORTHWIND ". If it is tracked, you are warned before the session ends.");
  g_assert_cmpstr (question->actions, ==, "signind-track signind-never");
  g_assert_cmpint (question->urgency, ==, 1);
  world_press (world, "signind-track");
  WAIT (signin_tracker_get (world->rig->tracker, "northwind") != NULL);
  fake_clock_pump (world->rig->clock);
  g_assert_nonnull (rig_session (world->rig, "northwind", FIREFOX));
  world_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
}

/* One at a time, and never again what was refused. */
static void
test_never (World *world, gconstpointer unused)
{
  suggest (world, NORTHWIND);
  suggest (world, "fabrikam.crm.dynamics.com");
  suggest (world, NORTHWIND);
  g_assert_cmpstr (world_popup (world, 1)->title, ==, "Track northwind?");
  world_press (world, "signind-never");
  g_assert_cmpstr (world_popup (world, 2)->title, ==, "Track fabrikam?");
  g_assert_false (signin_suggestions_add (world->suggestions, NORTHWIND, FIREFOX, RIG_REAL, FALSE));
  g_assert_null (signin_tracker_get (world->rig->tracker, "northwind"));
}

/* Who closes it, or clicks beside the buttons, is not asked again; the suggestion stays. */
static void
test_suggestion_closed (World *world, gconstpointer unused)
{
  suggest (world, NORTHWIND);
  fake_server_close (world->server, world_popup (world, 1)->id);
  suggest (world, "fabrikam.crm.dynamics.com");
  suggest (world, NORTHWIND);
  g_assert_cmpstr (world_popup (world, 2)->title, ==, "Track fabrikam?");
  world_press (world, "default");
  world_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 2);
  g_assert_cmpuint (signin_suggestions_get_list (world->suggestions)->len, ==, 2);
}

/* It goes when the account is added in another way. */
static void
test_suggestion_gone (World *world, gconstpointer unused)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  guint32 id;

  suggest (world, NORTHWIND);
  id = world_popup (world, 1)->id;
  details.organization = "northwind";
  details.region = "crm4";
  g_assert_true (signin_tracker_add_account (world->rig->tracker, "work", &details, NULL));
  fake_clock_pump (world->rig->clock);
  world_wait_closed (world, id);
}

static void
test_suggestion_without_popups (World *world, gconstpointer unused)
{
  SigninSettings settings;
  guint32 id;

  suggest (world, NORTHWIND);
  id = world_popup (world, 1)->id;
  signin_settings_init (&settings);
  settings.popups = FALSE;
  world_set_settings (world, &settings);
  world_wait_closed (world, id);
  suggest (world, "fabrikam.crm.dynamics.com");
  settings.popups = TRUE;
  world_set_settings (world, &settings);
  g_assert_cmpstr (world_popup (world, 2)->title, ==, "Track northwind?");
}

/* That nothing can be stored is a warning, and expected here. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  return level & G_LOG_LEVEL_WARNING ? G_LOG_WRITER_HANDLED : g_log_writer_default (level, fields, n_fields, user_data);
}

/* What cannot be stored did not happen, and is asked about again. */
static void
test_suggestion_full_disk (World *world, gconstpointer unused)
{
  g_log_set_writer_func (write_log, NULL, NULL);
  suggest (world, NORTHWIND);
  world_popup (world, 1);
  scratch_fill_disk (TRUE);
  world_press (world, "signind-track");
  g_assert_cmpstr (world_popup (world, 2)->title, ==, "Track northwind?");
  world_press (world, "signind-never");
  g_assert_cmpstr (world_popup (world, 3)->title, ==, "Track northwind?");
  scratch_fill_disk (FALSE);
  world_press (world, "signind-track");
  WAIT (signin_tracker_get (world->rig->tracker, "northwind") != NULL);
}

/* Where browsers report, what is said by hand asks nothing back, even after a sign-out. */
static void
test_reported_once (World *world, gconstpointer unused)
{
  g_assert_true (signin_tracker_report (world->rig->tracker, ID, FIREFOX, -1, FALSE, NULL, NULL));
  fake_clock_pump (world->rig->clock);
  g_assert_true (signin_tracker_sign_out (world->rig->tracker, ID, NULL, NULL));
  fake_clock_advance (world->rig->clock, RIG_HOUR);
  world_warn (world);
  world_popup (world, 1);
  world_press (world, "signind-sign-in");
  WAIT (world_launcher.opened != NULL);
  world_finish_opening (NULL);
  world_settle (world);
  g_assert_cmpuint (world->server->popups->len, ==, 1);
}

static void
add (const char *name, void (*test) (World *, gconstpointer))
{
  world_add_test ("popups-suggest", name, test);
}

static void
add_all (void)
{
  add ("track", test_track);
  add ("never", test_never);
  add ("closed", test_suggestion_closed);
  add ("gone", test_suggestion_gone);
  add ("without-popups", test_suggestion_without_popups);
  add ("full-disk", test_suggestion_full_disk);
  add ("reported-once", test_reported_once);
}

int
main (int argc, char **argv)
{
  return popup_case_run (argc, argv, add_all);
}
