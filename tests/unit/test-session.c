/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules of time as pure functions: each boundary to the microsecond. */

#include "config.h"

#include <locale.h>

#include "fake-clock.h"
#include "tracker.h"

#define SEC ((gint64) G_USEC_PER_SEC)
#define MIN_ (60 * SEC)
#define HOUR (60 * MIN_)
#define DAY (24 * HOUR)

/* 2027-01-15 08:12:00 UTC, five hours after the machine was started. */
#define R0 (1800000720 * SEC)
#define B0 (5 * HOUR)
#define RELEASE (RELEASE_DATE_SEC * SEC)

#define THIS_BOOT 1
#define OTHER_BOOT 2
#define UNKNOWN_BOOT 0

static const SigninPolicy dynamics = { .length_usec = 8 * HOUR, .lead_usec = 20 * MIN_ };

static SigninNow
now_at (gint64 boot_usec, gint64 real_usec, guint boot)
{
  return (SigninNow){ .boot_usec = boot_usec, .real_usec = real_usec, .boot_id = fake_boot_id (boot) };
}

static SigninStamp
stamp_at (gint64 boot_usec, gint64 real_usec, guint boot)
{
  return (SigninStamp){ .boot_usec = boot_usec, .real_usec = real_usec, .boot_id = fake_boot_id (boot) };
}

/* A session that began at R0 and B0 of this boot. */
static SigninSession
session_with (SigninPolicy policy)
{
  return (SigninSession){ .source = "manual", .start = stamp_at (B0, R0, THIS_BOOT), .policy = policy };
}

static SigninNow
later (gint64 usec)
{
  return now_at (B0 + usec, R0 + usec, THIS_BOOT);
}

typedef struct
{
  gint64 elapsed;
  guint8 announced;
  SigninState state;
  guint due;
  SigninMark next;
  gint64 remaining;
} Case;

#define W SIGNIN_MARK_WARNING
#define E SIGNIN_MARK_EXPIRED
#define S SIGNIN_MARK_STALE

static const Case boundaries[] = {
  { 0, 0, SIGNIN_STATE_ACTIVE, 0, W, 8 * HOUR },
  { 1, 0, SIGNIN_STATE_ACTIVE, 0, W, 8 * HOUR - 1 },
  { 7 * HOUR + 40 * MIN_ - 1, 0, SIGNIN_STATE_ACTIVE, 0, W, 20 * MIN_ + 1 },
  { 7 * HOUR + 40 * MIN_, 0, SIGNIN_STATE_EXPIRING, W, W, 20 * MIN_ },
  { 7 * HOUR + 40 * MIN_ + 1, 0, SIGNIN_STATE_EXPIRING, W, W, 20 * MIN_ - 1 },
  { 7 * HOUR + 40 * MIN_, W, SIGNIN_STATE_EXPIRING, 0, E, 20 * MIN_ },
  { 8 * HOUR - 1, 0, SIGNIN_STATE_EXPIRING, W, W, 1 },
  { 8 * HOUR - 1, W, SIGNIN_STATE_EXPIRING, 0, E, 1 },
  { 8 * HOUR, 0, SIGNIN_STATE_EXPIRED, E, W, 0 },
  { 8 * HOUR, W, SIGNIN_STATE_EXPIRED, E, E, 0 },
  { 8 * HOUR + 1, W, SIGNIN_STATE_EXPIRED, E, E, 0 },
  { 8 * HOUR, W | E, SIGNIN_STATE_EXPIRED, 0, S, 0 },
  { 8 * HOUR, E, SIGNIN_STATE_EXPIRED, 0, S, 0 },
  { 9 * HOUR - 1, W | E, SIGNIN_STATE_EXPIRED, 0, S, 0 },
  { 9 * HOUR, W | E, SIGNIN_STATE_EXPIRED, S, S, 0 },
  { 9 * HOUR, W, SIGNIN_STATE_EXPIRED, E | S, E, 0 },
  { 9 * HOUR, 0, SIGNIN_STATE_EXPIRED, E | S, W, 0 },
  { 9 * HOUR, W | E | S, SIGNIN_STATE_EXPIRED, 0, 0, 0 },
  { 9 * HOUR, S, SIGNIN_STATE_EXPIRED, E, 0, 0 },
  { 14 * DAY, 0, SIGNIN_STATE_EXPIRED, E | S, W, 0 },
};

static void
test_boundaries (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (boundaries); i++)
    {
      const Case *c = &boundaries[i];
      SigninSession session = session_with (dynamics);
      SigninNow now = later (c->elapsed);

      session.announced = c->announced;
      g_test_message ("%" G_GINT64_FORMAT " us, announced %u", c->elapsed, c->announced);
      g_assert_cmpint (signin_session_state (&session, &now), ==, c->state);
      g_assert_cmpuint (signin_session_due (&session, &now), ==, c->due);
      g_assert_cmpint (signin_session_next_mark (&session), ==, c->next);
      g_assert_cmpint (signin_session_remaining (&session, &now), ==, c->remaining);
    }
}

/* An administrator may set any length from an hour to a day, and a lead of up to the length less one minute. */
static void
test_other_policies (void)
{
  static const SigninPolicy policies[] = {
    { HOUR, 20 * MIN_ }, { HOUR, 59 * MIN_ }, { DAY, 20 * MIN_ }, { DAY, DAY - 1 }, { 2, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (policies); i++)
    {
      SigninSession session = session_with (policies[i]);
      gint64 warning = policies[i].length_usec - policies[i].lead_usec;
      SigninNow before = later (warning - 1), at = later (warning), end = later (policies[i].length_usec);

      g_assert_cmpint (signin_session_mark (&session, W), ==, warning);
      g_assert_cmpint (signin_session_mark (&session, E), ==, policies[i].length_usec);
      g_assert_cmpint (signin_session_mark (&session, S), ==, policies[i].length_usec + HOUR);
      g_assert_cmpint (signin_session_state (&session, &before), ==, SIGNIN_STATE_ACTIVE);
      g_assert_cmpint (signin_session_state (&session, &at), ==, SIGNIN_STATE_EXPIRING);
      g_assert_cmpint (signin_session_state (&session, &end), ==, SIGNIN_STATE_EXPIRED);
    }
}

static void
test_no_length (void)
{
  static const gint64 elapsed[] = { 0, 8 * HOUR, 9 * HOUR, 400 * DAY };
  SigninSession session = session_with ((SigninPolicy){ .length_usec = 0, .lead_usec = 20 * MIN_ });

  for (guint i = 0; i < G_N_ELEMENTS (elapsed); i++)
    {
      SigninNow now = later (elapsed[i]);

      g_assert_cmpint (signin_session_state (&session, &now), ==, SIGNIN_STATE_ACTIVE);
      g_assert_cmpuint (signin_session_due (&session, &now), ==, 0);
      g_assert_cmpint (signin_session_remaining (&session, &now), ==, SIGNIN_NEVER);
    }
  g_assert_cmpint (signin_session_next_mark (&session), ==, 0);
  g_assert_cmpint (signin_session_mark (&session, W), ==, SIGNIN_NEVER);
  g_assert_cmpint (signin_session_mark (&session, E), ==, SIGNIN_NEVER);
  g_assert_cmpint (signin_session_mark (&session, S), ==, SIGNIN_NEVER);
  g_assert_cmpint (signin_session_real (&session, signin_session_mark (&session, E)), ==, 0);
}

/* Rule 1c. */
static void
test_elapsed (void)
{
  static const struct
  {
    const char *what;
    guint stamp_boot;
    guint now_boot;
    gint64 boot_passed;
    gint64 real_passed;
    gint64 elapsed;
  } cases[] = {
    { "this boot", THIS_BOOT, THIS_BOOT, HOUR, HOUR, HOUR },
    { "this boot, clock forward", THIS_BOOT, THIS_BOOT, HOUR, 2 * HOUR, HOUR },
    { "this boot, clock back", THIS_BOOT, THIS_BOOT, HOUR, -DAY, HOUR },
    { "this boot, clock in 1970", THIS_BOOT, THIS_BOOT, HOUR, -R0, HOUR },
    { "this boot, same instant", THIS_BOOT, THIS_BOOT, 0, 5, 0 },
    { "boot clock behind by 1 us", THIS_BOOT, THIS_BOOT, -1, HOUR, HOUR },
    { "another boot", THIS_BOOT, OTHER_BOOT, HOUR, 3 * HOUR, 3 * HOUR },
    { "another boot, boot clock small", THIS_BOOT, OTHER_BOOT, 10 - B0, 3 * HOUR, 3 * HOUR },
    { "another boot, in the future", THIS_BOOT, OTHER_BOOT, HOUR, -1, -1 },
    { "unknown now", THIS_BOOT, UNKNOWN_BOOT, HOUR, 2 * HOUR, 2 * HOUR },
    { "unknown then", UNKNOWN_BOOT, THIS_BOOT, HOUR, 2 * HOUR, 2 * HOUR },
    { "both unknown are not the same", UNKNOWN_BOOT, UNKNOWN_BOOT, HOUR, 2 * HOUR, 2 * HOUR },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SigninStamp stamp = stamp_at (B0, R0, cases[i].stamp_boot);
      SigninNow now = now_at (B0 + cases[i].boot_passed, R0 + cases[i].real_passed, cases[i].now_boot);

      g_test_message ("%s", cases[i].what);
      g_assert_cmpint (signin_stamp_elapsed (&stamp, &now), ==, cases[i].elapsed);
    }
}

/* Rule 1b. */
static void
test_stamp_at (void)
{
  SigninNow now = now_at (B0, R0, THIS_BOOT);
  SigninStamp stamp = signin_stamp_at (&now, R0 - 7 * HOUR);
  SigninNow unknown = now_at (B0, R0, UNKNOWN_BOOT);

  g_assert_cmpint (stamp.real_usec, ==, R0 - 7 * HOUR);
  g_assert_cmpint (stamp.boot_usec, ==, -2 * HOUR); /* before this boot */
  g_assert_true (sd_id128_equal (stamp.boot_id, fake_boot_id (THIS_BOOT)));
  g_assert_cmpint (signin_stamp_elapsed (&stamp, &now), ==, 7 * HOUR);

  stamp = signin_stamp_at (&now, R0);
  g_assert_cmpint (stamp.boot_usec, ==, B0);
  g_assert_cmpint (signin_stamp_elapsed (&stamp, &now), ==, 0);

  stamp = signin_stamp_at (&now, R0 + 2 * SEC);
  g_assert_cmpint (stamp.boot_usec, ==, B0 + 2 * SEC);
  g_assert_cmpint (signin_stamp_elapsed (&stamp, &now), ==, -2 * SEC);

  stamp = signin_stamp_at (&unknown, R0 - HOUR);
  g_assert_true (sd_id128_is_null (stamp.boot_id));
  g_assert_cmpint (signin_stamp_elapsed (&stamp, &unknown), ==, HOUR);
}

/* Rule 1f: nothing is due, and all of the length is left, however long this boot lasts. */
static void
test_held (void)
{
  SigninSession session = session_with (dynamics);
  SigninNow now = now_at (B0 + 30 * DAY, R0 - 1, OTHER_BOOT);

  g_assert_cmpint (signin_session_state (&session, &now), ==, SIGNIN_STATE_ACTIVE);
  g_assert_cmpuint (signin_session_due (&session, &now), ==, 0);
  g_assert_cmpint (signin_session_remaining (&session, &now), ==, 8 * HOUR);
  g_assert_cmpint (signin_session_next_mark (&session), ==, W);

  /* Even where the warning would come at once. */
  session.policy.lead_usec = session.policy.length_usec;
  g_assert_cmpint (signin_session_state (&session, &now), ==, SIGNIN_STATE_ACTIVE);
  g_assert_cmpuint (signin_session_due (&session, &now), ==, 0);
  now.real_usec += 1;
  g_assert_cmpuint (signin_session_due (&session, &now), ==, W);
}

/* Rule 1e. */
static void
test_rebase (void)
{
  static const struct
  {
    const char *what;
    guint stamp_boot;
    guint now_boot;
    gint64 boot_passed;
    gint64 real;
    gint64 moved; /* by how much, 0 for not at all */
  } cases[] = {
    { "no step", THIS_BOOT, THIS_BOOT, HOUR, R0 + HOUR, 0 },
    { "an hour forward", THIS_BOOT, THIS_BOOT, HOUR, R0 + 2 * HOUR, HOUR },
    { "an hour back", THIS_BOOT, THIS_BOOT, HOUR, R0, -HOUR },
    { "1 s and 1 us forward", THIS_BOOT, THIS_BOOT, HOUR, R0 + HOUR + SEC + 1, SEC + 1 },
    { "1 s and 1 us back", THIS_BOOT, THIS_BOOT, HOUR, R0 + HOUR - SEC - 1, -SEC - 1 },
    { "before the release", THIS_BOOT, THIS_BOOT, HOUR, RELEASE - 1, 0 },
    { "in 1970", THIS_BOOT, THIS_BOOT, HOUR, 3 * SEC, 0 },
    { "at the release", THIS_BOOT, THIS_BOOT, HOUR, RELEASE, RELEASE - R0 - HOUR },
    { "another boot", THIS_BOOT, OTHER_BOOT, HOUR, R0 + 2 * HOUR, 0 },
    { "unknown boot", UNKNOWN_BOOT, UNKNOWN_BOOT, HOUR, R0 + 2 * HOUR, 0 },
    { "unknown boot then", UNKNOWN_BOOT, THIS_BOOT, HOUR, R0 + 2 * HOUR, 0 },
    { "boot clock behind", THIS_BOOT, THIS_BOOT, -1, R0 + 2 * HOUR, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SigninStamp stamp = stamp_at (B0, R0, cases[i].stamp_boot), old = stamp;
      SigninNow now = now_at (B0 + cases[i].boot_passed, cases[i].real, cases[i].now_boot);
      gint64 elapsed = signin_stamp_elapsed (&stamp, &now);

      g_test_message ("%s", cases[i].what);
      g_assert_cmpint (signin_stamp_rebase (&stamp, &now), ==, cases[i].moved != 0);
      g_assert_cmpint (stamp.real_usec - old.real_usec, ==, cases[i].moved);
      g_assert_cmpint (stamp.boot_usec, ==, old.boot_usec);
      g_assert_true (sd_id128_equal (stamp.boot_id, old.boot_id));
      g_assert_cmpint (signin_stamp_elapsed (&stamp, &now), ==, elapsed);
      g_assert_false (signin_stamp_rebase (&stamp, &now));
    }
}

/* Reading the pair errs by some microseconds: what is published stays as it was after a mere restart. */
static void
test_rebase_small (void)
{
  static const gint64 offs[] = { -2000, -1, 1, 2000 };

  for (guint i = 0; i < G_N_ELEMENTS (offs); i++)
    {
      SigninStamp stamp = stamp_at (B0, R0, THIS_BOOT);
      SigninNow now = now_at (B0 + HOUR, R0 + HOUR + offs[i], THIS_BOOT);

      g_assert_false (signin_stamp_rebase (&stamp, &now));
      g_assert_cmpint (stamp.real_usec, ==, R0);
      now.real_usec += offs[i] < -1 ? -1 : offs[i] > 1 ? 1 : 0;
      g_assert_cmpint (signin_stamp_rebase (&stamp, &now), ==, ABS (offs[i]) > 1);
    }
}

/* Rule 1g. */
static void
test_real (void)
{
  SigninSession session = session_with (dynamics);

  g_assert_cmpint (signin_session_real (&session, 0), ==, R0);
  g_assert_cmpint (signin_session_real (&session, signin_session_mark (&session, W)), ==, R0 + 7 * HOUR + 40 * MIN_);
  g_assert_cmpint (signin_session_real (&session, signin_session_mark (&session, E)), ==, R0 + 8 * HOUR);
  g_assert_cmpint (signin_session_real (&session, SIGNIN_NEVER), ==, 0);

  /* Known instants are never 0 or negative: those mean "none". */
  session.start.real_usec = -9 * HOUR;
  g_assert_cmpint (signin_session_real (&session, 0), ==, 1);
  g_assert_cmpint (signin_session_real (&session, 8 * HOUR), ==, 1);
  session.start.real_usec = -8 * HOUR;
  g_assert_cmpint (signin_session_real (&session, 8 * HOUR), ==, 1);
  g_assert_cmpint (signin_session_real (&session, 8 * HOUR + 2), ==, 2);
}

/* What a file says may be anything: nothing overflows, and the answers stay in bounds. */
static void
test_extremes (void)
{
  static const gint64 values[] = { G_MININT64, G_MININT64 + 1, -R0, -1, 0, 1, B0, R0, G_MAXINT64 - 1, G_MAXINT64 };
  const guint n = G_N_ELEMENTS (values);

  for (guint i = 0; i < n * n * n; i++)
    {
      gint64 real = values[i % n], boot = values[i / n % n], at = values[i / n / n];

      for (guint same = 0; same < 2; same++)
        {
          SigninNow now = now_at (B0, R0, same ? THIS_BOOT : OTHER_BOOT), odd = now_at (boot, real, THIS_BOOT);
          SigninSession session = session_with (dynamics), made = session;
          gint64 left;

          session.start = stamp_at (boot, real, THIS_BOOT);
          made.start = signin_stamp_at (&odd, at);
          session.policy.length_usec = at < 0 ? 8 * HOUR : at;
          left = signin_session_remaining (&session, &now);
          g_assert_cmpint (left, >=, 0);
          g_assert_cmpuint (signin_session_due (&session, &now) & ~SIGNIN_MARKS_ALL, ==, 0);
          g_assert_cmpint (signin_session_state (&session, &now), !=, SIGNIN_STATE_SIGNED_OUT);
          g_assert_cmpint (signin_session_real (&session, signin_session_mark (&session, S)), >=, 0);
          g_assert_cmpint (signin_session_real (&session, G_MININT64), >=, 1);
          g_assert_cmpint (signin_session_remaining (&made, &odd), >=, 0);
          signin_stamp_rebase (&session.start, &now);
          signin_stamp_rebase (&made.start, &odd);
        }
    }
}

/* The longest ways between two instants saturate in the right direction. */
static void
test_saturation (void)
{
  SigninStamp ancient = stamp_at (G_MININT64, G_MININT64, THIS_BOOT), distant = stamp_at (0, G_MAXINT64, OTHER_BOOT);
  SigninNow now = now_at (B0, R0, THIS_BOOT), before = now_at (B0, G_MININT64, THIS_BOOT);
  SigninSession session = session_with (dynamics);

  g_assert_cmpint (signin_stamp_elapsed (&ancient, &now), ==, G_MAXINT64);
  g_assert_cmpint (signin_stamp_elapsed (&distant, &before), ==, G_MININT64);
  session.start = ancient;
  g_assert_cmpint (signin_session_state (&session, &now), ==, SIGNIN_STATE_EXPIRED);
  session.start = distant;
  g_assert_cmpint (signin_session_state (&session, &before), ==, SIGNIN_STATE_ACTIVE);
  g_assert_cmpint (signin_session_real (&session, 8 * HOUR), ==, G_MAXINT64);
}

/* Marks that lie ahead again come again; those that lie behind now are due. */
static void
test_replan (void)
{
  static const struct
  {
    gint64 elapsed;
    gint64 length;
    guint8 before;
    guint8 after;
    guint due;
  } cases[] = {
    { 3 * HOUR, 4 * HOUR, 0, 0, 0 },
    { 4 * HOUR - 20 * MIN_ - 1, 4 * HOUR, W, 0, 0 },
    { 4 * HOUR - 20 * MIN_, 4 * HOUR, 0, 0, W },
    { 4 * HOUR - 20 * MIN_, 4 * HOUR, W, W, 0 },
    { 4 * HOUR - 1, 4 * HOUR, W | E, W, 0 },
    { 4 * HOUR, 4 * HOUR, W, W, E },
    { 5 * HOUR - 1, 4 * HOUR, W | E | S, W | E, 0 },
    { 5 * HOUR, 4 * HOUR, W | E | S, W | E | S, 0 },
    { 8 * HOUR, 24 * HOUR, W | E | S, 0, 0 },
    { 8 * HOUR, 0, W | E | S, 0, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SigninSession session = session_with (dynamics);
      SigninPolicy policy = { .length_usec = cases[i].length, .lead_usec = 20 * MIN_ };
      SigninNow now = later (cases[i].elapsed);

      session.announced = cases[i].before;
      session.confirmed = cases[i].before;
      signin_session_replan (&session, &policy, &now);
      g_assert_cmpint (session.policy.length_usec, ==, policy.length_usec);
      g_assert_cmpint (session.policy.lead_usec, ==, policy.lead_usec);
      g_assert_cmpuint (session.announced, ==, cases[i].after);
      g_assert_cmpuint (session.confirmed, ==, cases[i].after);
      g_assert_cmpuint (signin_session_due (&session, &now), ==, cases[i].due);
    }
}

/* Several sessions as one account: in whatever order they lie there, the earliest end still running is what is shown.
 */
static void
test_account_view (void)
{
  static const struct
  {
    gint64 ago[3];
    SigninState state;
    guint shown;
  } cases[] = {
    { { HOUR, 2 * HOUR, 3 * HOUR }, SIGNIN_STATE_ACTIVE, 2 },
    { { HOUR, 8 * HOUR - 1, 3 * HOUR }, SIGNIN_STATE_EXPIRING, 1 },
    { { 8 * HOUR - MIN_, 8 * HOUR - 2 * MIN_, HOUR }, SIGNIN_STATE_EXPIRING, 0 },
    { { HOUR, 9 * HOUR, 10 * HOUR }, SIGNIN_STATE_ACTIVE, 0 },
    { { 8 * HOUR - 1, 8 * HOUR, 10 * HOUR }, SIGNIN_STATE_EXPIRING, 0 },
    { { 9 * HOUR, 8 * HOUR, 10 * HOUR }, SIGNIN_STATE_EXPIRED, 1 },
    { { -HOUR, HOUR, 9 * HOUR }, SIGNIN_STATE_ACTIVE, 1 },
  };
  static const guint orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
  SigninNow now = later (0);

  for (guint i = 0; i < G_N_ELEMENTS (cases) * G_N_ELEMENTS (orders); i++)
    {
      const guint *order = orders[i % G_N_ELEMENTS (orders)];
      SigninSession sessions[3];
      SigninAccount account = { .n_sessions = 3, .sessions = sessions };
      SigninAccountView view;
      guint n = i / G_N_ELEMENTS (orders);

      for (guint s = 0; s < 3; s++)
        {
          sessions[s] = session_with (dynamics);
          sessions[s].start = signin_stamp_at (&now, now.real_usec - cases[n].ago[order[s]]);
        }
      signin_account_view (&account, &now, &view);
      g_assert_cmpint (view.state, ==, cases[n].state);
      g_assert_nonnull (view.shown);
      g_assert_cmpuint (order[view.shown - sessions], ==, cases[n].shown);
    }
}

/* An end that is not known comes after each that is. */
static void
test_account_view_no_length (void)
{
  SigninNow now = later (0);
  SigninSession sessions[2] = { session_with ((SigninPolicy){ 0 }), session_with (dynamics) };
  SigninAccount account = { .n_sessions = 0, .sessions = sessions };
  SigninAccountView view;

  signin_account_view (&account, &now, &view);
  g_assert_cmpint (view.state, ==, SIGNIN_STATE_SIGNED_OUT);
  g_assert_null (view.shown);
  account.n_sessions = 1;
  signin_account_view (&account, &now, &view);
  g_assert_cmpint (view.state, ==, SIGNIN_STATE_ACTIVE);
  g_assert_true (view.shown == &sessions[0]);
  account.n_sessions = 2;
  signin_account_view (&account, &now, &view);
  g_assert_true (view.shown == &sessions[1]);
  account.sessions = (SigninSession[]){ sessions[1], sessions[0] };
  signin_account_view (&account, &now, &view);
  g_assert_true (view.shown == &account.sessions[0]);
  account.sessions = sessions;

  /* But one that runs comes before one that is over. */
  now = later (8 * HOUR);
  signin_account_view (&account, &now, &view);
  g_assert_cmpint (view.state, ==, SIGNIN_STATE_ACTIVE);
  g_assert_true (view.shown == &sessions[0]);
}

static void
test_stepped (void)
{
  SigninNow before = now_at (B0, R0, THIS_BOOT);
  static const struct
  {
    gint64 boot;
    gint64 real;
    gboolean stepped;
  } cases[] = {
    { 0, 0, FALSE },
    { DAY, DAY, FALSE },
    { DAY, DAY + 1000, FALSE },
    { DAY, DAY - 1000, FALSE },
    { DAY, DAY - HOUR, TRUE },
    { DAY, DAY + HOUR, TRUE },
    { 0, SEC, TRUE },
    { 0, -SEC, TRUE },
    { 0, 2000, FALSE },
    { 0, 2001, TRUE },
    { 0, -2000, FALSE },
    { 0, -2001, TRUE },
    { DAY, DAY + 10000, TRUE },
    { DAY, DAY - 10000, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SigninNow after = now_at (B0 + cases[i].boot, R0 + cases[i].real, THIS_BOOT);

      g_assert_cmpint (signin_now_stepped (&before, &after), ==, cases[i].stepped);
    }
}

/* Time zones and DST are nothing that these functions could know of: the same instants, the same answers. */
static void
test_time_zones (void)
{
  static const char *const zones[] = { "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe" };
  g_autofree char *saved = g_strdup (g_getenv ("TZ"));
  /* The nights of 2027 in which Europe's and America's clocks change, and a leap day. */
  static const gint64 starts[] = { 1806177600, 1824926400, 1804993200, 1825552800, 1835380800 };

  for (guint i = 0; i < G_N_ELEMENTS (zones) * G_N_ELEMENTS (starts); i++)
    {
      SigninSession session = session_with (dynamics);
      gint64 start = starts[i / G_N_ELEMENTS (zones)] * SEC;
      SigninNow now = now_at (B0 + 8 * HOUR - 1, start + 8 * HOUR - 1, OTHER_BOOT);

      g_setenv ("TZ", zones[i % G_N_ELEMENTS (zones)], TRUE);
      tzset ();
      session.start.real_usec = start;
      g_assert_cmpint (signin_session_state (&session, &now), ==, SIGNIN_STATE_EXPIRING);
      g_assert_cmpint (signin_session_remaining (&session, &now), ==, 1);
      g_assert_cmpint (signin_session_real (&session, 8 * HOUR), ==, start + 8 * HOUR);
      now.real_usec += 1;
      g_assert_cmpint (signin_session_state (&session, &now), ==, SIGNIN_STATE_EXPIRED);
    }
  g_setenv ("TZ", saved != NULL ? saved : "UTC", TRUE);
  tzset ();
}

static void
test_words (void)
{
  SigninSession session = session_with (dynamics);

  g_assert_cmpstr (signin_state_to_string (SIGNIN_STATE_SIGNED_OUT), ==, "signed-out");
  g_assert_cmpstr (signin_state_to_string (SIGNIN_STATE_ACTIVE), ==, "active");
  g_assert_cmpstr (signin_state_to_string (SIGNIN_STATE_EXPIRING), ==, "expiring");
  g_assert_cmpstr (signin_state_to_string (SIGNIN_STATE_EXPIRED), ==, "expired");
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*should not be reached*");
  g_assert_cmpint (signin_session_mark (&session, 1 << 7), ==, SIGNIN_NEVER);
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*state < *");
  g_assert_null (signin_state_to_string (SIGNIN_STATE_EXPIRED + 1));
  g_test_assert_expected_messages ();
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/boundaries", test_boundaries);
  g_test_add_func ("/session/other-policies", test_other_policies);
  g_test_add_func ("/session/no-length", test_no_length);
  g_test_add_func ("/session/elapsed", test_elapsed);
  g_test_add_func ("/session/stamp-at", test_stamp_at);
  g_test_add_func ("/session/held", test_held);
  g_test_add_func ("/session/rebase", test_rebase);
  g_test_add_func ("/session/rebase-small", test_rebase_small);
  g_test_add_func ("/session/real", test_real);
  g_test_add_func ("/session/extremes", test_extremes);
  g_test_add_func ("/session/saturation", test_saturation);
  g_test_add_func ("/session/replan", test_replan);
  g_test_add_func ("/session/account-view", test_account_view);
  g_test_add_func ("/session/account-view-no-length", test_account_view_no_length);
  g_test_add_func ("/session/stepped", test_stepped);
  g_test_add_func ("/session/time-zones", test_time_zones);
  g_test_add_func ("/session/words", test_words);
  return g_test_run ();
}
