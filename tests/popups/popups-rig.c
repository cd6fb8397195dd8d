/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "popups-rig.h"

SigninLauncher world_launcher;
SigninPresence world_presence;

void
signin_launcher_open (SigninLauncher *self, const char *url, const char *token, SigninOpened opened, gpointer user_data)
{
  g_assert_null (self->opened);
  self->url = g_strdup (url);
  self->token = g_strdup (token);
  self->opened = opened;
  self->user_data = user_data;
}

/**
 * world_finish_opening:
 * @error: (nullable): why nothing was opened
 *
 * Says what came of the sign-in page that was opened last.
 */
void
world_finish_opening (const GError *error)
{
  SigninLauncher launcher = world_launcher;

  memset (&world_launcher, 0, sizeof world_launcher);
  launcher.opened (error, launcher.user_data);
  g_free (launcher.url);
  g_free (launcher.token);
}

SigninPresence *
signin_presence_new (GDBusConnection *session_bus, SigninPresenceFunc changed, gpointer user_data)
{
  world_presence = (SigninPresence){ .changed = changed, .user_data = user_data };
  return &world_presence;
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

/**
 * world_tell_presence:
 * @reason: what happened
 *
 * Tells of the person or the machine, if somebody listens.
 */
void
world_tell_presence (SigninPresenceReason reason)
{
  if (!world_presence.watched)
    return;
  if (reason == SIGNIN_PRESENCE_LOCKED || reason == SIGNIN_PRESENCE_UNLOCKED)
    world_presence.locked = reason == SIGNIN_PRESENCE_LOCKED;
  world_presence.changed (reason, world_presence.user_data);
}

/**
 * world_set_up:
 * @world: a world
 * @unused: nothing
 *
 * Makes everything, with the account contoso.
 */
void
world_set_up (World *world, gconstpointer unused)
{
  SigninSettings settings;
  g_autoptr (GError) error = NULL;

  world->bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  g_assert_no_error (error);
  world->server = fake_server_new (&popup_case_bus, FAKE_ANSWERS);
  world->rig = rig_new ();
  world->popups = signin_popups_new (world->bus, world->rig->tracker, world->rig->scratch->services, &world_launcher);
  world->suggestions = signin_suggestions_new (world->rig->tracker, world->rig->store, world->rig->scratch->services);
  signin_popups_set_suggestions (world->popups, world->suggestions);
  signin_settings_init (&settings);
  world->rig->ladder = settings.ladder;
  signin_tracker_set_ladder (world->rig->tracker, &settings.ladder);
  rig_add (world->rig, ID);
}

/**
 * world_tear_down:
 * @world: a world
 * @unused: nothing
 *
 * Frees everything.
 */
void
world_tear_down (World *world, gconstpointer unused)
{
  /* The tracker is not run once they are gone. */
  fake_clock_pump (world->rig->clock);
  if (world->popups != NULL)
    signin_popups_free (world->popups);
  if (world_launcher.opened != NULL)
    world_finish_opening (NULL);
  fake_server_free (world->server);
  fake_clock_pump (world->rig->clock);
  rig_free (world->rig);
  signin_suggestions_free (world->suggestions);
  g_object_unref (world->bus);
}

/**
 * world_popup:
 * @world: a world
 * @count: how many popups the server was asked for by now, or will be
 *
 * Waits for a popup. Fails if there are more.
 *
 * Returns: (transfer none): the last of them
 */
const FakePopup *
world_popup (World *world, guint count)
{
  WAIT (world->server->popups->len >= count);
  g_assert_cmpuint (world->server->popups->len, ==, count);
  return fake_server_last (world->server);
}

/**
 * world_wait_closed:
 * @world: a world
 * @id: a popup
 *
 * Waits until the server is asked to close it.
 */
void
world_wait_closed (World *world, guint32 id)
{
  WAIT (fake_server_is_asked (world->server, id));
}

/**
 * world_press:
 * @world: a world
 * @key: a button
 *
 * Presses a button of the last popup.
 */
void
world_press (World *world, const char *key)
{
  fake_server_press (world->server, fake_server_last (world->server)->id, key, NULL);
}

/**
 * world_settle:
 * @world: a world
 *
 * Waits until nothing is under way any more: a second account makes the whole way through thread and server, and
 * leaves. Only where no other step is due within two minutes, which it would take in.
 */
void
world_settle (World *world)
{
  guint before = world->server->popups->len;
  guint32 id;

  rig_add (world->rig, "barrier");
  rig_sign_in_at (world->rig, "barrier", "manual", world->rig->clock->now.real_usec - RIG_WARNING);
  WAIT (world->server->popups->len > before && strstr (fake_server_last (world->server)->title, "barrier"));
  g_assert_cmpuint (world->server->popups->len, ==, before + 1);
  id = fake_server_last (world->server)->id;
  g_assert_true (signin_tracker_remove_account (world->rig->tracker, "barrier", NULL));
  fake_clock_pump (world->rig->clock);
  world_wait_closed (world, id);
  g_ptr_array_set_size (world->server->popups, before);
}

/**
 * world_warn:
 * @world: a world
 *
 * Signs in, and goes on to the warning.
 */
void
world_warn (World *world)
{
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  fake_clock_advance (world->rig->clock, RIG_WARNING + RIG_LATE);
}

/**
 * world_pass_ladder:
 * @world: a world, which was just warned
 * @shown: how many popups there were
 *
 * Lets time go by until the session is over, with three reminders and the end.
 *
 * Returns: (transfer none): the popup of the end
 */
const FakePopup *
world_pass_ladder (World *world, guint shown)
{
  static const guint minutes[] = { 10, 5, 4, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    {
      fake_clock_advance (world->rig->clock, minutes[i] * RIG_MIN);
      world_popup (world, ++shown);
    }
  return world_popup (world, shown);
}

/**
 * world_set_settings:
 * @world: a world
 * @settings: what is in force from now on
 *
 * Changes settings.
 */
void
world_set_settings (World *world, const SigninSettings *settings)
{
  signin_tracker_set_ladder (world->rig->tracker, &settings->ladder);
  signin_popups_set_settings (world->popups, settings);
  fake_clock_pump (world->rig->clock);
}

/**
 * world_add_second:
 * @world: a world
 * @id: another account
 * @after_usec: when it signed in, from now
 *
 * Adds an account that is signed in.
 */
void
world_add_second (World *world, const char *id, gint64 after_usec)
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

/**
 * world_begin_two:
 * @world: a world
 * @after_usec: how much later the second one ends
 *
 * Goes on to the warning of contoso, with fabrikam beside it.
 */
void
world_begin_two (World *world, gint64 after_usec)
{
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  fake_clock_advance (world->rig->clock, RIG_MIN * 10);
  world_add_second (world, "fabrikam", after_usec - RIG_MIN * 10);
  fake_clock_advance (world->rig->clock, RIG_WARNING - RIG_MIN * 10 + RIG_LATE);
}

/**
 * world_add_test:
 * @suite: name of the program's tests
 * @name: of this one
 * @test: the test
 *
 * Adds a test with a world of its own.
 */
void
world_add_test (const char *suite, const char *name, void (*test) (World *, gconstpointer))
{
  popup_case_add (suite, name, sizeof (World), (GTestFixtureFunc) world_set_up, (GTestFixtureFunc) test,
                  (GTestFixtureFunc) world_tear_down);
}
