/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <signal.h>

#include "popup-case.h"

PrivateBus popup_case_bus;

static gboolean too_late;

static gboolean
on_bound (gpointer unused)
{
  too_late = TRUE;
  return G_SOURCE_CONTINUE;
}

/**
 * popup_case_begin_wait:
 *
 * Returns: the source that says when it has lasted too long
 */
guint
popup_case_begin_wait (void)
{
  return g_timeout_add_seconds (POPUP_CASE_BOUND_SEC, on_bound, NULL);
}

/**
 * popup_case_is_late:
 *
 * Returns: whether something was waited for in vain
 */
gboolean
popup_case_is_late (void)
{
  return too_late;
}

static void
run_case (gconstpointer path)
{
  g_test_trap_subprocess (path, POPUP_CASE_BOUND_SEC * 2 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/**
 * popup_case_add:
 * @suite: name of the program's tests
 * @name: of this one
 * @size: of the fixture
 * @set_up: makes it ready
 * @test: the test
 * @tear_down: clears it
 */
void
popup_case_add (const char *suite, const char *name, gsize size, GTestFixtureFunc set_up, GTestFixtureFunc test,
                GTestFixtureFunc tear_down)
{
  g_autofree char *path = g_strdup_printf ("/%s/%s", suite, name);
  g_autofree char *subprocess = g_strdup_printf ("/%s/subprocess/%s", suite, name);
  const char *inner = g_intern_string (subprocess);

  g_test_add_vtable (inner, size, NULL, set_up, test, tear_down);
  g_test_add_data_func (path, inner, run_case);
}

/**
 * popup_case_run:
 * @argc: number of arguments
 * @argv: arguments of the program
 * @add_all: adds the tests
 *
 * Returns: exit status of the program
 */
int
popup_case_run (int argc, char **argv, void (*add_all) (void))
{
  int status;

  g_setenv ("TZ", "UTC", TRUE);
  signal (SIGXFSZ, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
  if (g_test_subprocess ())
    {
      private_bus_start (&popup_case_bus);
      g_setenv ("DBUS_SESSION_BUS_ADDRESS", popup_case_bus.address, TRUE);
    }
  add_all ();
  status = g_test_run ();
  if (g_test_subprocess ())
    private_bus_stop (&popup_case_bus);
  return status;
}
