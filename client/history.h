/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Past sessions, as the daemon remembers them. */

#pragma once

#include "bus.h"

G_BEGIN_DECLS

/**
 * SigninCtlPast:
 * @row: its number
 * @account: an account's id
 * @source: where the sign-in was made
 * @end: how it ended: "running", "expired", "signed-out" or "renewed"
 * @began: when it began, in microseconds of CLOCK_REALTIME like all times here
 * @warns_at: when the warning was or is due, 0 for never
 * @expires_at: when it would run or ran out, 0 if not known
 * @ended: when it ended, 0 if it goes on
 * @silent: nobody typed anything
 * @answered: the person answered a popup about it
 *
 * One session.
 */
typedef struct
{
  gint64 row;
  char *account;
  char *source;
  char *end;
  gint64 began;
  gint64 warns_at;
  gint64 expires_at;
  gint64 ended;
  gboolean silent;
  gboolean answered;
} SigninCtlPast;

/**
 * SigninCtlPeriod:
 * @since: from here on
 * @until: up to here; 0 for the end of time
 * @account: (nullable): one account only
 *
 * Which sessions are asked for.
 */
typedef struct
{
  gint64 since;
  gint64 until;
  const char *account;
} SigninCtlPeriod;

GPtrArray *signin_ctl_history_read (sd_bus *bus, const SigninCtlPeriod *period, GError **error);
int signin_ctl_history_append_period (sd_bus_message *message, const SigninCtlPeriod *period);
gint64 signin_ctl_past_end (const SigninCtlPast *past, gint64 now_usec);
gboolean signin_ctl_past_is_expired (const SigninCtlPast *past);
gboolean signin_ctl_past_is_unnoticed (const SigninCtlPast *past);

G_END_DECLS
