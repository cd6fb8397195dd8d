/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <systemd/sd-id128.h>

G_BEGIN_DECLS

/**
 * SigninNow:
 * @boot_usec: CLOCK_BOOTTIME: counts suspend, knows nothing of the wall clock
 * @real_usec: CLOCK_REALTIME at the same instant
 * @boot_id: which boot @boot_usec counts from; null if that could not be read
 *
 * One instant, read from both clocks.
 */
typedef struct
{
  gint64 boot_usec;
  gint64 real_usec;
  sd_id128_t boot_id;
} SigninNow;

/**
 * SigninClockFunc:
 * @user_data: what was given to signin_clock_set_func()
 *
 * Called when the armed deadline has passed, and after every step of the wall clock and every resume while one is
 * armed. Nothing is armed any more then: look what is due, and arm again.
 */
typedef void (*SigninClockFunc) (gpointer user_data);

typedef struct _SigninClock SigninClock;

/**
 * SigninClockVTable:
 * @read: reads both clocks
 * @arm: arms the one deadline, as told at signin_clock_arm()
 * @disarm: waits for nothing any more
 * @free: frees the clock
 *
 * What a clock is made of: its readings *and* its deadline, so that whoever fakes one fakes both.
 */
typedef struct
{
  void (*read) (SigninClock *clock, SigninNow *now);
  gboolean (*arm) (SigninClock *clock, gint64 real_usec);
  void (*disarm) (SigninClock *clock);
  void (*free) (SigninClock *clock);
} SigninClockVTable;

/**
 * SigninClock:
 *
 * The base of each implementation, as its first member.
 */
struct _SigninClock
{
  const SigninClockVTable *vtable;
  SigninClockFunc func;
  gpointer user_data;
};

SigninClock *signin_clock_new_real (GMainContext *context, GError **error);
void signin_clock_free (SigninClock *clock);
void signin_clock_set_func (SigninClock *clock, SigninClockFunc func, gpointer user_data);
void signin_clock_read (SigninClock *clock, SigninNow *now);
gboolean signin_clock_arm (SigninClock *clock, gint64 real_usec);
void signin_clock_disarm (SigninClock *clock);

gboolean signin_now_stepped (const SigninNow *before, const SigninNow *after);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninClock, signin_clock_free)

G_END_DECLS
