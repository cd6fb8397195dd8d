/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the service manager is told: that we are ready, what we wait for, that we are well, that we leave. */

#include "config.h"

#include <glib/gi18n.h>

#include "lifecycle.h"
#include "supervisor.h"

struct _SigninLifecycle
{
  SigninTracker *tracker;
  char *account; /* whose event is next, or NULL */
  SigninEvent event;
  gint64 deadline_usec;
  char *status; /* as it was told last */
  guint status_source;
  guint watchdog_source;
};

static char *
describe_next (const SigninLifecycle *self)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *clock_time = NULL;

  if (self->account == NULL)
    return g_strdup (_ ("Nothing to wait for"));

  time = g_date_time_new_from_unix_local (self->deadline_usec / G_USEC_PER_SEC);
  clock_time = time != NULL ? g_date_time_format (time, "%F %R") : g_strdup ("?");
  if (self->event == SIGNIN_EVENT_WARNING)
    /* TRANSLATORS: account, date and time */
    return g_strdup_printf (_ ("%s is warned of at %s"), self->account, clock_time);
  if (self->event == SIGNIN_EVENT_REMINDER)
    /* TRANSLATORS: account, date and time */
    return g_strdup_printf (_ ("%s is reminded of at %s"), self->account, clock_time);
  /* TRANSLATORS: account, date and time */
  return g_strdup_printf (_ ("The session of %s ends at %s"), self->account, clock_time);
}

static gboolean
tell_status (gpointer user_data)
{
  SigninLifecycle *self = user_data;
  g_autofree char *text = describe_next (self);
  g_autofree char *status = g_strconcat ("STATUS=", text, NULL);

  self->status_source = 0;
  if (g_strcmp0 (status, self->status) == 0)
    return G_SOURCE_REMOVE;
  signin_supervisor_tell (status, FALSE);
  g_free (self->status);
  self->status = g_steal_pointer (&status);
  return G_SOURCE_REMOVE;
}

/* Told when nothing else is to be done: nobody who waits for an answer waits for this as well. */
static void
on_planned (const SigninNext *next, gpointer user_data)
{
  SigninLifecycle *self = user_data;

  g_free (self->account);
  self->account = next->info != NULL ? g_strdup (next->info->id) : NULL;
  self->event = next->event;
  self->deadline_usec = next->deadline_usec;
  if (self->status_source == 0)
    self->status_source = g_idle_add (tell_status, self);
}

/**
 * signin_lifecycle_new:
 * @tracker: a tracker; outlives this
 *
 * Shows in the unit's status what is waited for next.
 *
 * Returns: (transfer full): what speaks to the service manager
 */
SigninLifecycle *
signin_lifecycle_new (SigninTracker *tracker)
{
  static const SigninObserver observer = { .planned = on_planned };
  SigninLifecycle *self = g_new0 (SigninLifecycle, 1);

  self->tracker = tracker;
  signin_tracker_observe (tracker, &observer, self);
  return self;
}

/**
 * signin_lifecycle_free:
 * @self: what speaks to the service manager; the tracker has no more turns after this
 *
 * Says nothing more.
 */
void
signin_lifecycle_free (SigninLifecycle *self)
{
  g_clear_handle_id (&self->status_source, g_source_remove);
  g_clear_handle_id (&self->watchdog_source, g_source_remove);
  g_free (self->account);
  g_free (self->status);
  g_free (self);
}

/* A ping that came from a mere timer would prove that timers work. */
static gboolean
on_watchdog (gpointer user_data)
{
  SigninLifecycle *self = user_data;

  if (signin_tracker_is_healthy (self->tracker))
    signin_supervisor_tell ("WATCHDOG=1", FALSE);
  else
    g_warning ("A deadline is overdue: not telling the watchdog that all is well");
  return G_SOURCE_CONTINUE;
}

/**
 * signin_lifecycle_ready:
 * @self: what speaks to the service manager
 *
 * Tells that name and state are ready, and from then on, if the unit has a watchdog, that the deadline is armed and not
 * overdue.
 */
void
signin_lifecycle_ready (SigninLifecycle *self)
{
  guint64 watchdog_usec = signin_supervisor_watchdog ();

  if (watchdog_usec > 0)
    self->watchdog_source = g_timeout_add (CLAMP (watchdog_usec / 2000, 1, G_MAXINT), on_watchdog, self);
  signin_supervisor_tell ("READY=1", TRUE);
  g_clear_handle_id (&self->status_source, g_source_remove);
  tell_status (self);
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
