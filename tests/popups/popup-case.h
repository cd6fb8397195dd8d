/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tests in which libnotify is used, each in a process with a bus of its own: libnotify has one connection to its server
 * for each process, bound to the first thread that used it. */

#pragma once

#include "private-bus.h"

#define POPUP_CASE_BOUND_SEC 60

extern PrivateBus popup_case_bus;

/* Waits for what CONDITION says, and fails where it does not become true. */
#define WAIT(condition)                            \
  G_STMT_START                                     \
  {                                                \
    guint bound_ = popup_case_begin_wait ();       \
                                                   \
    while (!(condition) && !popup_case_is_late ()) \
      g_main_context_iteration (NULL, TRUE);       \
    g_source_remove (bound_);                      \
    g_assert_true (condition);                     \
  }                                                \
  G_STMT_END

guint popup_case_begin_wait (void);
gboolean popup_case_is_late (void);
void popup_case_add (const char *suite, const char *name, gsize size, GTestFixtureFunc set_up, GTestFixtureFunc test,
                     GTestFixtureFunc tear_down);
int popup_case_run (int argc, char **argv, void (*add_all) (void));
