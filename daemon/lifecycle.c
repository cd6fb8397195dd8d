/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the service manager is told: that we are ready, what we wait for, that we are well, that we leave. */

#include "config.h"

#include <glib/gi18n.h>

#include "lifecycle.h"
#include "supervisor.h"

static char *
describe_next (const SigninNext *next)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *clock_time = NULL;

  if (next->info == NULL)
    return g_strdup (_ ("Nothing to wait for"));

  time = g_date_time_new_from_unix_local (next->deadline_usec / G_USEC_PER_SEC);
  clock_time = time != NULL ? g_date_time_format (time, "%F %R") : g_strdup ("?");
  if (next->event == SIGNIN_EVENT_WARNING)
    /* TRANSLATORS: account, date and time */
    return g_strdup_printf (_ ("%s is warned of at %s"), next->info->id, clock_time);
  if (next->event == SIGNIN_EVENT_REMINDER)
    /* TRANSLATORS: account, date and time */
    return g_strdup_printf (_ ("%s is reminded of at %s"), next->info->id, clock_time);
  /* TRANSLATORS: account, date and time */
  return g_strdup_printf (_ ("The session of %s ends at %s"), next->info->id, clock_time);
}

static void
on_planned (const SigninNext *next, gpointer user_data)
{
  g_autofree char *text = describe_next (next);
  g_autofree char *state = g_strconcat ("STATUS=", text, NULL);

  signin_supervisor_tell (state, FALSE);
}

/**
 * signin_lifecycle_observe:
 * @tracker: a tracker
 *
 * Shows in the unit's status what is waited for next.
 */
void
signin_lifecycle_observe (SigninTracker *tracker)
{
  static const SigninObserver observer = { .planned = on_planned };

  signin_tracker_observe (tracker, &observer, NULL);
}

/* A ping that came from a mere timer would prove that timers work. */
static gboolean
on_watchdog (gpointer user_data)
{
  if (signin_tracker_is_healthy (user_data))
    signin_supervisor_tell ("WATCHDOG=1", FALSE);
  else
    g_warning ("A deadline is overdue: not telling the watchdog that all is well");
  return G_SOURCE_CONTINUE;
}

/**
 * signin_lifecycle_ready:
 * @tracker: a tracker that was started; outlives the main loop
 *
 * Tells that name and state are ready, and from then on, if the unit has a watchdog, that the deadline is armed and not
 * overdue.
 */
void
signin_lifecycle_ready (SigninTracker *tracker)
{
  guint64 watchdog_usec = signin_supervisor_watchdog ();

  if (watchdog_usec > 0)
    g_timeout_add_full (G_PRIORITY_DEFAULT, CLAMP (watchdog_usec / 2000, 1, G_MAXINT), on_watchdog, tracker, NULL);
  signin_supervisor_tell ("READY=1", TRUE);
}

/**
 * signin_lifecycle_stopping:
 *
 * Tells that we leave, so that whoever calls us now is answered by our successor.
 */
void
signin_lifecycle_stopping (void)
{
  signin_supervisor_tell ("STOPPING=1", FALSE);
}
