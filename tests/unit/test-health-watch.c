/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When signin-healthd is asked, on a fake clock: at warnings, at reminders while all is not well, and at no other time.
 * The service is a fake one in the test's own main context, so that nothing is answered unless the test lets it. */

#include "config.h"

#include <string.h>

#include "health-watch.h"
#include "private-bus.h"
#include "rig.h"

#define BOUND_SEC 60
#define ID "contoso"

static const char INTERFACE[] = "<node><interface name='" SIGNIN_HEALTH_INTERFACE "'>"
                                "<method name='Check'><arg type='a{sv}' direction='in'/>"
                                "<arg type='aa{sv}' direction='out'/></method>"
                                "<signal name='Changed'><arg type='aa{sv}'/></signal>"
                                "</interface></node>";

typedef struct
{
  Rig *rig;
  GDBusConnection *bus;
  GDBusConnection *service;
  guint object;
  SigninHealthWatch *watch;
  GPtrArray *asked;   /* ids of each call's targets, with a space between */
  GPtrArray *waiting; /* GDBusMethodInvocation */
  GVariant *options;  /* of the last call */
  GVariant *known;    /* what the manager would show */
  GString *troubles;  /* "contoso=3 " each */
  guint n_known;
  gboolean too_late;
} World;

static PrivateBus the_bus;

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

static void
on_call (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *method,
         GVariant *parameters, GDBusMethodInvocation *invocation, gpointer user_data)
{
  World *world = user_data;
  g_autoptr (GVariant) targets = NULL;
  GString *ids = g_string_new (NULL);

  g_clear_pointer (&world->options, g_variant_unref);
  world->options = g_variant_get_child_value (parameters, 0);
  targets = g_variant_lookup_value (world->options, "targets", G_VARIANT_TYPE ("aa{sv}"));
  for (gsize i = 0; i < g_variant_n_children (targets); i++)
    {
      g_autoptr (GVariant) target = g_variant_get_child_value (targets, i);
      const char *id = NULL;

      g_assert_true (g_variant_lookup (target, "account", "&s", &id));
      g_string_append_printf (ids, "%s%s", i > 0 ? " " : "", id);
    }
  g_ptr_array_add (world->asked, g_string_free (ids, FALSE));
  g_ptr_array_add (world->waiting, invocation);
}

static GVariant *
make_row (const char *kind, const char *id, const char *verdict, const char *reason)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&rows, "{sv}", "kind", g_variant_new_string (kind));
  g_variant_builder_add (&rows, "{sv}", "account", g_variant_new_string (id));
  g_variant_builder_add (&rows, "{sv}", "verdict", g_variant_new_string (verdict));
  g_variant_builder_add (&rows, "{sv}", "reason", g_variant_new_string (reason));
  g_variant_builder_add (&rows, "{sv}", "at", g_variant_new_uint64 (1800000000000000));
  g_variant_builder_close (&rows);
  return g_variant_builder_end (&rows);
}

static void
on_known (GVariant *rows, gpointer user_data)
{
  World *world = user_data;

  g_clear_pointer (&world->known, g_variant_unref);
  world->known = g_variant_ref_sink (rows);
  world->n_known++;
}

static void
on_trouble (const char *id, SigninTrouble trouble, gpointer user_data)
{
  g_string_append_printf (((World *) user_data)->troubles, "%s=%d ", id, trouble);
}

static void
set_up (World *world, gconstpointer unused)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_call };
  static const SigninHealthEvents events = { .known = on_known, .trouble = on_trouble };
  static const SigninLadder ladder = { { 10 * 60, 5 * 60, 60 } };
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (INTERFACE, NULL);
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  world->asked = g_ptr_array_new_with_free_func (g_free);
  world->waiting = g_ptr_array_new ();
  world->troubles = g_string_new (NULL);
  world->service = private_bus_connect (&the_bus);
  world->bus = private_bus_connect (&the_bus);
  world->object = g_dbus_connection_register_object (world->service, SIGNIN_HEALTH_OBJECT_PATH, node->interfaces[0],
                                                     &vtable, world, NULL, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (world->service, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", SIGNIN_HEALTH_BUS_NAME, 0), NULL, G_DBUS_CALL_FLAGS_NONE,
                                       -1, NULL, &error);
  g_assert_no_error (error);
  world->rig = rig_new ();
  world->watch = signin_health_watch_new (world->bus, world->rig->tracker, world->rig->scratch->services, &events,
                                          world);
  signin_health_watch_set_enabled (world->watch, TRUE);
  world->rig->ladder = ladder;
  signin_tracker_set_ladder (world->rig->tracker, &ladder);
  rig_add (world->rig, ID);
}

/* Whatever is on its way to the service arrives before the answer to this. */
static void
settle (World *world)
{
  g_autoptr (GVariant) reply = NULL;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  reply = g_dbus_connection_call_sync (world->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "GetId", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                                       NULL);
  g_assert_nonnull (reply);
  g_clear_pointer (&reply, g_variant_unref);
  reply = g_dbus_connection_call_sync (world->service, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "GetId", NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                                       NULL);
  g_assert_nonnull (reply);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
tear_down (World *world, gconstpointer unused)
{
  fake_clock_pump (world->rig->clock);
  if (world->watch != NULL)
    signin_health_watch_free (world->watch);
  for (guint i = 0; i < world->waiting->len; i++)
    g_dbus_method_invocation_return_dbus_error (world->waiting->pdata[i], SIGNIN_HEALTH_ERROR_PREFIX "Failed", "Late");
  settle (world);
  rig_free (world->rig);
  g_dbus_connection_unregister_object (world->service, world->object);
  g_dbus_connection_close_sync (world->service, NULL, NULL);
  g_dbus_connection_close_sync (world->bus, NULL, NULL);
  g_object_unref (world->service);
  g_object_unref (world->bus);
  g_clear_pointer (&world->options, g_variant_unref);
  g_clear_pointer (&world->known, g_variant_unref);
  g_ptr_array_unref (world->asked);
  g_ptr_array_unref (world->waiting);
  g_string_free (world->troubles, TRUE);
}

/* So many calls were made so far, and no more. */
static void
expect_calls (World *world, guint n)
{
  WAIT (world, world->asked->len >= n);
  settle (world);
  g_assert_cmpuint (world->asked->len, ==, n);
}

static const char *
last_asked (World *world)
{
  return world->asked->pdata[world->asked->len - 1];
}

static void
answer (World *world, const char *id, const char *verdict, const char *reason)
{
  guint before = world->n_known;

  g_assert_cmpuint (world->waiting->len, ==, 1);
  g_dbus_method_invocation_return_value (world->waiting->pdata[0],
                                         g_variant_new ("(@aa{sv})", make_row ("summary", id, verdict, reason)));
  g_ptr_array_set_size (world->waiting, 0);
  WAIT (world, world->n_known > before);
}

/* As after a call of somebody else. */
static void
tell (World *world, const char *kind, const char *id, const char *verdict)
{
  guint before = world->n_known;

  g_dbus_connection_emit_signal (world->service, NULL, SIGNIN_HEALTH_OBJECT_PATH, SIGNIN_HEALTH_INTERFACE, "Changed",
                                 g_variant_new ("(@aa{sv})", make_row (kind, id, verdict, "of-a-test")), NULL);
  WAIT (world, world->n_known > before);
}

static void
expect_troubles (World *world, const char *expected)
{
  g_assert_cmpstr (world->troubles->str, ==, expected);
  g_string_truncate (world->troubles, 0);
}

static void
expect_known (World *world, const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < g_variant_n_children (world->known); i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (world->known, i);
      const char *id = "", *verdict = "", *reason = "";
      guint64 at = 0;

      g_variant_lookup (row, "account", "&s", &id);
      g_variant_lookup (row, "verdict", "&s", &verdict);
      g_variant_lookup (row, "reason", "&s", &reason);
      g_assert_true (g_variant_lookup (row, "at", "t", &at) && at > 0 && at <= (guint64) g_get_real_time ());
      g_string_append_printf (text, "%s %s %s;", id, verdict, reason);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
warn (World *world)
{
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  fake_clock_advance (world->rig->clock, RIG_WARNING + RIG_LATE);
}

/* A day with one session, and a night: one call at the warning where all is well. */
static void
test_day_well (World *world, gconstpointer unused)
{
  const char *service = NULL, *url = NULL, *region = NULL;
  g_autoptr (GVariant) targets = NULL;
  g_autoptr (GVariant) target = NULL;
  gboolean asked_feeds = TRUE;
  guint64 bound = 0;

  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  fake_clock_advance (world->rig->clock, RIG_WARNING - 1);
  expect_calls (world, 0);
  fake_clock_advance (world->rig->clock, 1 + RIG_LATE);
  expect_calls (world, 1);
  g_assert_cmpstr (last_asked (world), ==, ID);
  targets = g_variant_lookup_value (world->options, "targets", NULL);
  target = g_variant_get_child_value (targets, 0);
  g_assert_true (g_variant_lookup (target, "service", "&s", &service));
  g_assert_cmpstr (service, ==, "dynamics365");
  g_assert_true (g_variant_lookup (target, "url", "&s", &url) && g_str_has_prefix (url, "https://"));
  g_assert_true (g_variant_lookup (target, "region", "&s", &region));
  g_assert_true (g_variant_lookup (world->options, "feeds", "b", &asked_feeds));
  g_assert_false (asked_feeds);
  g_assert_true (g_variant_lookup (world->options, "timeout_usec", "t", &bound) && bound <= 20 * G_USEC_PER_SEC);
  answer (world, ID, "up", "auth-challenge");
  expect_known (world, "contoso up auth-challenge;");
  for (guint minutes = 20; minutes < 16 * 60; minutes++)
    {
      fake_clock_advance (world->rig->clock, RIG_MIN);
      settle (world);
    }
  expect_calls (world, 1);
  expect_troubles (world, "");
}

/* Where all is not well, each reminder asks again, until it is; then no more. */
static void
test_reminders (World *world, gconstpointer unused)
{
  warn (world);
  expect_calls (world, 1);
  answer (world, ID, "offline", "name-unknown");
  expect_troubles (world, "contoso=5 ");
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  expect_calls (world, 2);
  answer (world, ID, "unknown", "");
  expect_troubles (world, "");
  fake_clock_advance (world->rig->clock, 5 * RIG_MIN);
  expect_calls (world, 3);
  answer (world, ID, "up", "auth-challenge");
  expect_troubles (world, "contoso=1 ");
  fake_clock_advance (world->rig->clock, 4 * RIG_MIN);
  fake_clock_advance (world->rig->clock, RIG_MIN);
  fake_clock_advance (world->rig->clock, RIG_DAY);
  expect_calls (world, 3);
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  expect_troubles (world, "contoso=0 ");
  expect_known (world, "contoso up auth-challenge;");

  /* The next session is asked for anew. */
  fake_clock_advance (world->rig->clock, RIG_WARNING + RIG_LATE);
  expect_calls (world, 4);
}

/* Never well: at the warning and at three reminders, and not at the end. */
static void
test_never_well (World *world, gconstpointer unused)
{
  static const guint minutes[] = { 10, 5, 4, 1 };

  warn (world);
  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    {
      expect_calls (world, i + 1);
      answer (world, ID, "down", "timeout");
      fake_clock_advance (world->rig->clock, minutes[i] * RIG_MIN);
    }
  fake_clock_advance (world->rig->clock, RIG_DAY);
  expect_calls (world, 4);
  expect_troubles (world, "contoso=3 ");
}

static void
test_disabled (World *world, gconstpointer unused)
{
  signin_health_watch_set_enabled (world->watch, FALSE);
  warn (world);
  expect_calls (world, 0);
  /* What others ask is taken in all the same. */
  tell (world, "summary", ID, "down");
  expect_troubles (world, "contoso=3 ");
  fake_clock_advance (world->rig->clock, 20 * RIG_MIN);
  expect_calls (world, 0);
  signin_health_watch_set_enabled (world->watch, TRUE);
  settle (world);
  expect_calls (world, 0);
}

/* A service that does not answer is not asked again meanwhile; whoever waits is asked about in one call. */
static void
test_hanging (World *world, gconstpointer unused)
{
  rig_add (world->rig, "fabrikam");
  rig_add (world->rig, "adatum");
  warn (world);
  expect_calls (world, 1);
  rig_sign_in_at (world->rig, "fabrikam", "manual", world->rig->clock->now.real_usec - RIG_WARNING);
  rig_sign_in_at (world->rig, "adatum", "manual", world->rig->clock->now.real_usec - RIG_WARNING);
  fake_clock_advance (world->rig->clock, 10 * RIG_MIN);
  expect_calls (world, 1);
  answer (world, ID, "up", "");
  expect_calls (world, 2);
  g_assert_cmpuint (strlen (last_asked (world)), ==, strlen ("contoso fabrikam adatum"));

  /* What it is still busy with when the daemon ends holds nothing back. */
  g_clear_pointer (&world->watch, signin_health_watch_free);
  settle (world);
}

/* Answers are about one session: nothing is said of the next, of somebody unknown, or of another address. */
static void
test_late_answers (World *world, gconstpointer unused)
{
  warn (world);
  expect_calls (world, 1);
  rig_sign_in (world->rig, ID, SIGNIN_SOURCE_MANUAL);
  answer (world, ID, "offline", "captive");
  expect_troubles (world, "");
  expect_known (world, "contoso offline captive;");
  tell (world, "summary", "nobody", "down");
  tell (world, "organization", ID, "down");
  tell (world, "summary", ID, "splen\033did");
  expect_known (world, "contoso unknown of-a-test;");
  g_assert_true (signin_tracker_remove_account (world->rig->tracker, ID, NULL));
  fake_clock_pump (world->rig->clock);
  expect_known (world, "");
}

static void
test_dismissed (World *world, gconstpointer unused)
{
  warn (world);
  expect_calls (world, 1);
  answer (world, ID, "down", "http-500");
  g_assert_true (signin_tracker_dismiss (world->rig->tracker, ID, NULL));
  fake_clock_advance (world->rig->clock, 20 * RIG_MIN);
  expect_calls (world, 1);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  private_bus_start (&the_bus);
#define ADD(name, func) g_test_add ("/health-watch/" name, World, NULL, set_up, func, tear_down)
  ADD ("day-well", test_day_well);
  ADD ("reminders", test_reminders);
  ADD ("never-well", test_never_well);
  ADD ("disabled", test_disabled);
  ADD ("hanging", test_hanging);
  ADD ("late-answers", test_late_answers);
  ADD ("dismissed", test_dismissed);
  status = g_test_run ();
  private_bus_stop (&the_bus);
  return status;
}
