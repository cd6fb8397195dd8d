/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "logind.h"
#include "presence.h"
#include "screensaver.h"

struct _SigninPresence
{
  GDBusConnection *session_bus;
  SigninPresenceFunc changed;
  gpointer user_data;
  SigninLogind *logind;           /* NULL while nothing is watched */
  SigninScreensaver *screensaver; /* the same */
  gboolean hint;
  gboolean hint_is_used; /* the locker of this session has set it once */
  gboolean saver_is_up;
  gboolean locked;
};

/*
 * logind's hint is what counts. But it is set by the locker, and of many (of MATE and Cinnamon, light-locker, swaylock)
 * never: then it always reads "not locked". So that is believed only once it has said "locked" before.
 */
static void
take_in (SigninPresence *self)
{
  gboolean locked = self->hint || (!self->hint_is_used && self->saver_is_up);

  if (locked == self->locked)
    return;
  self->locked = locked;
  self->changed (locked ? SIGNIN_PRESENCE_LOCKED : SIGNIN_PRESENCE_UNLOCKED, self->user_data);
}

static void
on_hint (gboolean known, gboolean locked, gpointer user_data)
{
  SigninPresence *self = user_data;

  self->hint = locked;
  self->hint_is_used = known && (self->hint_is_used || locked);
  take_in (self);
}

static void
on_saver (gboolean active, gpointer user_data)
{
  SigninPresence *self = user_data;

  self->saver_is_up = active;
  take_in (self);
}

static void
on_sleep (gboolean before, gpointer user_data)
{
  SigninPresence *self = user_data;

  self->changed (before ? SIGNIN_PRESENCE_SLEEPING : SIGNIN_PRESENCE_WOKEN, self->user_data);
}

static const SigninLogindEvents logind_events = {
  .hint = on_hint,
  .sleep = on_sleep,
};

/**
 * signin_presence_new:
 * @session_bus: the session bus
 * @changed: told of each change while it is watched
 * @user_data: passed to @changed
 *
 * Does nothing before signin_presence_watch().
 *
 * Returns: (transfer full): the object
 */
SigninPresence *
signin_presence_new (GDBusConnection *session_bus, SigninPresenceFunc changed, gpointer user_data)
{
  SigninPresence *self = g_new0 (SigninPresence, 1);

  self->session_bus = g_object_ref (session_bus);
  self->changed = changed;
  self->user_data = user_data;
  return self;
}

/**
 * signin_presence_free:
 * @self: (transfer full): the object
 *
 * Nothing is told any more.
 */
void
signin_presence_free (SigninPresence *self)
{
  signin_presence_unwatch (self);
  g_object_unref (self->session_bus);
  g_free (self);
}

/**
 * signin_presence_watch:
 * @self: the object
 *
 * Follows logind and the desktop's screen savers, for as long as the main context of the calling thread runs, until
 * signin_presence_unwatch(). A screen that is locked already is told like a change, as soon as somebody has said so.
 * Nothing is ever waited for, started or asked twice: as long as nobody says anything the screen counts as not locked.
 * If it is watched already nothing changes.
 */
void
signin_presence_watch (SigninPresence *self)
{
  if (self->logind != NULL)
    return;
  self->logind = signin_logind_new (&logind_events, self);
  self->screensaver = signin_screensaver_new (self->session_bus, on_saver, self);
}

/**
 * signin_presence_unwatch:
 * @self: the object
 *
 * Leaves the system bus and stops listening to the session bus. What was known is forgotten, without a word to anybody.
 */
void
signin_presence_unwatch (SigninPresence *self)
{
  g_clear_pointer (&self->logind, signin_logind_free);
  g_clear_pointer (&self->screensaver, signin_screensaver_free);
  self->hint = FALSE;
  self->hint_is_used = FALSE;
  self->saver_is_up = FALSE;
  self->locked = FALSE;
}

/**
 * signin_presence_is_locked:
 * @self: the object
 *
 * Returns: whether the screen is known to be locked
 */
gboolean
signin_presence_is_locked (const SigninPresence *self)
{
  return self->locked;
}
