/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reminders and snooze as rules of time: each step to the microsecond, and what becomes of it when plans change. */

#include "config.h"

#include <locale.h>

#include "fake-clock.h"
#include "session.h"

#define SEC ((gint64) G_USEC_PER_SEC)
#define MIN_ (60 * SEC)
#define HOUR (60 * MIN_)
#define R0 (1800000720 * SEC)
#define B0 (5 * HOUR)
#define THIS_BOOT 1

#define W SIGNIN_MARK_WARNING
#define R1 SIGNIN_MARK_REMINDER_FIRST
#define R2 SIGNIN_MARK_REMINDER_SECOND
#define R3 SIGNIN_MARK_REMINDER_LAST
#define E SIGNIN_MARK_EXPIRED
#define S SIGNIN_MARK_STALE
#define Z SIGNIN_MARK_SNOOZED

static const SigninPolicy dynamics = { .length_usec = 8 * HOUR, .lead_usec = 20 * MIN_ };
static const SigninLadder usual = { { 600, 300, 60 } };
static const SigninLadder no_ladder = { { 0 } };

static SigninSession
session_with (SigninPolicy policy, SigninLadder ladder)
{
  return (SigninSession){
    .source = "manual",
    .start = { .boot_usec = B0, .real_usec = R0, .boot_id = fake_boot_id (THIS_BOOT) },
    .policy = policy,
    .ladder = ladder,
  };
}

static SigninNow
later (gint64 usec)
{
  return (SigninNow){ .boot_usec = B0 + usec, .real_usec = R0 + usec, .boot_id = fake_boot_id (THIS_BOOT) };
}

/* This long before the end of a usual session. */
static SigninNow
before_end (gint64 usec)
{
  return later (8 * HOUR - usec);
}

/* What the tracker does with what is due. */
static guint
announce (SigninSession *session, gint64 usec_before_end)
{
  SigninNow now = later (session->policy.length_usec - usec_before_end);
  guint due = signin_session_due (session, &now);

  if (due != 0)
    session->announced |= signin_session_passed (session, &now);
  return due;
}

static void
test_boundaries (void)
{
  static const struct
  {
    gint64 left;
    guint8 announced;
    guint due;
    SigninMark next;
  } cases[] = {
    { 20 * MIN_ + 1, 0, 0, W },
    { 20 * MIN_, 0, W, W },
    { 20 * MIN_, W, 0, R1 },
    { 10 * MIN_ + 1, W, 0, R1 },
    { 10 * MIN_, W, R1, R1 },
    { 10 * MIN_ - 1, W, R1, R1 },
    { 10 * MIN_ - 1, W | R1, 0, R2 },
    { 5 * MIN_ + 1, W | R1, 0, R2 },
    { 5 * MIN_, W | R1, R2, R2 },
    { 5 * MIN_ - 1, W | R1 | R2, 0, R3 },
    { MIN_ + 1, W | R1 | R2, 0, R3 },
    { MIN_, W | R1 | R2, R3, R3 },
    { MIN_ - 1, W | R1 | R2 | R3, 0, E },
    { 1, W | R1 | R2 | R3, 0, E },
    { 1, W | R1 | R2, R3, R3 },
    { 0, W | R1 | R2, E, R3 },
    { 0, W | R1 | R2 | R3, E, E },
    { 0, 0, E, W },
    { -1, W | R1 | R2 | R3 | E, 0, S },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SigninSession session = session_with (dynamics, usual);
      SigninNow now = before_end (cases[i].left);

      session.announced = cases[i].announced;
      g_test_message ("%" G_GINT64_FORMAT " us left, announced %u", cases[i].left, cases[i].announced);
      g_assert_cmpuint (signin_session_due (&session, &now), ==, cases[i].due);
      g_assert_cmpint (signin_session_next_mark (&session), ==, cases[i].next);
    }
}

static void
test_marks (void)
{
  SigninSession session = session_with (dynamics, usual);

  g_assert_cmpint (signin_session_mark (&session, R1), ==, 8 * HOUR - 10 * MIN_);
  g_assert_cmpint (signin_session_mark (&session, R2), ==, 8 * HOUR - 5 * MIN_);
  g_assert_cmpint (signin_session_mark (&session, R3), ==, 8 * HOUR - MIN_);
  g_assert_cmpint (signin_session_mark (&session, Z), ==, SIGNIN_NEVER);

  session.snoozed_usec = 1;
  g_assert_cmpint (signin_session_mark (&session, Z), ==, 1);

  session.ladder = (SigninLadder){ { 20 * 60 } };
  g_assert_cmpint (signin_session_mark (&session, R1), ==, SIGNIN_NEVER);
  session.ladder = (SigninLadder){ { 20 * 60 - 1 } };
  g_assert_cmpint (signin_session_mark (&session, R1), ==, 8 * HOUR - 20 * MIN_ + SEC);
  session.ladder = (SigninLadder){ { 90 } };
  g_assert_cmpint (signin_session_mark (&session, R1), ==, 8 * HOUR - 90 * SEC);
  g_assert_cmpint (signin_session_mark (&session, R2), ==, SIGNIN_NEVER);
  g_assert_cmpint (signin_session_mark (&session, R3), ==, SIGNIN_NEVER);

  session.policy.length_usec = 0;
  g_assert_cmpint (signin_session_mark (&session, R1), ==, SIGNIN_NEVER);
}

/* A step that does not come after the warning is none. */
static void
test_not_after_warning (void)
{
  static const struct
  {
    gint64 lead;
    SigninMark after_warning;
  } cases[] = {
    { 10 * MIN_ + 1, R1 }, { 10 * MIN_, R2 }, { 10 * MIN_ - 1, R2 }, { 5 * MIN_ + 1, R2 },
    { 5 * MIN_, R3 },      { MIN_ + 1, R3 },  { MIN_, E },           { 1, E },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SigninSession session = session_with ((SigninPolicy){ 8 * HOUR, cases[i].lead }, usual);

      g_assert_cmpint (signin_session_next_mark (&session), ==, W);
      g_assert_cmpuint (announce (&session, cases[i].lead), ==, W);
      g_assert_cmpint (signin_session_next_mark (&session), ==, cases[i].after_warning);
    }
}

/* Of several steps slept across one is told: the warning if it is still to come, else the latest. */
static void
test_slept (void)
{
  static const struct
  {
    gint64 left;
    guint8 announced;
    guint due;
    guint8 after;
  } cases[] = {
    { 4 * MIN_, W, R2, W | R1 | R2 },
    { 30 * SEC, W, R3, W | R1 | R2 | R3 },
    { 30 * SEC, W | R1, R3, W | R1 | R2 | R3 },
    { 10 * MIN_, 0, W, W | R1 },
    { 4 * MIN_, 0, W, W | R1 | R2 },
    { 1, 0, W, W | R1 | R2 | R3 },
    { 0, W, E, W | R1 | R2 | R3 | E },
    { 0, 0, E, W | R1 | R2 | R3 | E },
    { -59 * MIN_, W | R1, E, W | R1 | R2 | R3 | E },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SigninSession session = session_with (dynamics, usual);

      session.announced = cases[i].announced;
      g_assert_cmpuint (announce (&session, cases[i].left), ==, cases[i].due);
      g_assert_cmpuint (session.announced, ==, cases[i].after);
      g_assert_cmpuint (announce (&session, cases[i].left), ==, 0);
    }
}

static void
snooze (SigninSession *session, gint64 left, gint64 duration)
{
  SigninNow now = later (session->policy.length_usec - left);

  signin_session_snooze (session, duration, &now);
}

/* The end of a snooze is a step of its own, in place of those before it. */
static void
test_snooze (void)
{
  SigninSession session = session_with (dynamics, usual);
  SigninNow at;

  session.announced = W;
  snooze (&session, 19 * MIN_, 5 * MIN_);
  g_assert_cmpint (signin_session_mark (&session, Z), ==, 8 * HOUR - 14 * MIN_);
  g_assert_cmpint (signin_session_next_mark (&session), ==, Z);
  at = before_end (14 * MIN_ + 1);
  g_assert_true (signin_session_is_snoozed (&session, &at));
  g_assert_cmpuint (announce (&session, 14 * MIN_ + 1), ==, 0);
  at = before_end (14 * MIN_);
  g_assert_false (signin_session_is_snoozed (&session, &at));
  g_assert_cmpuint (announce (&session, 14 * MIN_), ==, Z);
  g_assert_cmpint (signin_session_next_mark (&session), ==, R1);
  g_assert_cmpuint (announce (&session, 10 * MIN_), ==, R1);

  /* Once more, across two steps. */
  snooze (&session, 9 * MIN_, 8 * MIN_ + 30 * SEC);
  g_assert_cmpint (signin_session_next_mark (&session), ==, Z);
  g_assert_cmpuint (announce (&session, 5 * MIN_), ==, 0);
  g_assert_cmpuint (announce (&session, MIN_), ==, 0);
  g_assert_cmpuint (announce (&session, 30 * SEC + 1), ==, 0);
  g_assert_cmpuint (announce (&session, 30 * SEC), ==, Z);
  g_assert_cmpint (signin_session_next_mark (&session), ==, E);
  g_assert_cmpuint (announce (&session, 0), ==, E);
}

/* A step in the microsecond in which the snooze ends makes one reminder, not two. */
static void
test_snooze_meets_step (void)
{
  SigninSession session = session_with (dynamics, usual);
  guint due;

  session.announced = W;
  snooze (&session, 15 * MIN_, 5 * MIN_);
  g_assert_cmpuint (announce (&session, 10 * MIN_ + 1), ==, 0);
  due = announce (&session, 10 * MIN_);
  g_assert_true (due == R1 || due == Z);
  g_assert_cmpuint (announce (&session, 10 * MIN_), ==, 0);
  g_assert_cmpint (signin_session_next_mark (&session), ==, R2);
}

static void
test_snooze_and_end (void)
{
  static const gint64 durations[] = { 4 * MIN_, 4 * MIN_ + 1, HOUR, 24 * HOUR, G_MAXINT64 };

  for (guint i = 0; i < G_N_ELEMENTS (durations); i++)
    {
      SigninSession session = session_with (dynamics, usual);

      session.announced = W | R1 | R2;
      snooze (&session, 4 * MIN_, durations[i]);
      g_assert_cmpint (session.snoozed_usec, ==, 8 * HOUR);
      g_assert_cmpint (signin_session_next_mark (&session), ==, E);
      g_assert_cmpuint (announce (&session, MIN_), ==, 0);
      g_assert_cmpuint (announce (&session, 1), ==, 0);
      g_assert_cmpuint (announce (&session, 0), ==, E);
      g_assert_cmpint (signin_session_next_mark (&session), ==, S);
    }
}

/* It counts from the sign-in at the earliest, also while the session is held; and what was sent before stays sent. */
static void
test_snooze_from (void)
{
  static const struct
  {
    gint64 elapsed;
    gint64 duration;
    gint64 snoozed;
  } cases[] = {
    { -HOUR, 5 * MIN_, 5 * MIN_ },
    { 0, 5 * MIN_, 5 * MIN_ },
    { 1, 5 * MIN_, 5 * MIN_ + 1 },
    { 1, G_MAXINT64, 8 * HOUR },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SigninSession session = session_with (dynamics, usual);

      session.announced = W | Z;
      session.confirmed = W | Z;
      snooze (&session, 8 * HOUR - cases[i].elapsed, cases[i].duration);
      g_assert_cmpint (session.snoozed_usec, ==, cases[i].snoozed);
      g_assert_cmpuint (session.announced, ==, W);
      g_assert_cmpuint (session.confirmed, ==, W);
    }
}

/* The last word counts, be it longer or shorter. */
static void
test_snooze_again (void)
{
  SigninSession session = session_with (dynamics, usual);

  session.announced = W;
  snooze (&session, 19 * MIN_, 15 * MIN_);
  snooze (&session, 18 * MIN_, 2 * MIN_);
  g_assert_cmpuint (announce (&session, 16 * MIN_), ==, Z);
  g_assert_cmpuint (announce (&session, 10 * MIN_), ==, R1);
  snooze (&session, 9 * MIN_, 2 * MIN_);
  snooze (&session, 8 * MIN_, 6 * MIN_);
  g_assert_cmpuint (announce (&session, 5 * MIN_), ==, 0);
  g_assert_cmpuint (announce (&session, 2 * MIN_), ==, Z);
  g_assert_cmpuint (announce (&session, MIN_), ==, R3);
}

static void
test_slept_across_snooze (void)
{
  SigninSession session = session_with (dynamics, usual);

  session.announced = W;
  snooze (&session, 19 * MIN_, 5 * MIN_);
  g_assert_cmpuint (announce (&session, 12 * MIN_), ==, Z);
  snooze (&session, 12 * MIN_, 5 * MIN_);
  g_assert_cmpuint (announce (&session, 4 * MIN_), ==, R2);
  snooze (&session, 4 * MIN_, MIN_);
  g_assert_cmpuint (announce (&session, 0), ==, E);
}

static void
set_ladder (SigninSession *session, gint64 left, SigninLadder ladder)
{
  SigninNow now = later (session->policy.length_usec - left);

  signin_session_set_ladder (session, &ladder, &now);
}

/* A new ladder brings its steps that are still ahead, and none late. */
static void
test_ladder_changed (void)
{
  SigninSession session = session_with (dynamics, usual);

  g_assert_cmpuint (announce (&session, 20 * MIN_), ==, W);
  g_assert_cmpuint (announce (&session, 10 * MIN_), ==, R1);
  set_ladder (&session, 8 * MIN_, (SigninLadder){ { 900, 420, 30 } });
  g_assert_cmpuint (announce (&session, 8 * MIN_), ==, 0);
  g_assert_cmpint (signin_session_next_mark (&session), ==, R2);
  g_assert_cmpuint (announce (&session, 7 * MIN_ + 1), ==, 0);
  g_assert_cmpuint (announce (&session, 7 * MIN_), ==, R2);
  set_ladder (&session, 6 * MIN_, (SigninLadder){ { 240 } });
  g_assert_cmpint (signin_session_next_mark (&session), ==, R1);
  g_assert_cmpuint (announce (&session, 4 * MIN_), ==, R1);
  set_ladder (&session, 3 * MIN_, no_ladder);
  g_assert_cmpint (signin_session_next_mark (&session), ==, E);
  set_ladder (&session, 3 * MIN_, usual);
  g_assert_cmpuint (announce (&session, 3 * MIN_), ==, 0);
  g_assert_cmpuint (announce (&session, MIN_), ==, R3);
  set_ladder (&session, 30 * SEC, usual);
  g_assert_cmpuint (announce (&session, 0), ==, E);
}

/* Steps that do not come late count as sent; of the others it stays known what was. */
static void
test_ladder_and_confirmed (void)
{
  SigninSession session = session_with (dynamics, no_ladder);

  session.announced = W;
  set_ladder (&session, 4 * MIN_, usual);
  g_assert_cmpuint (session.announced, ==, W | R1 | R2);
  g_assert_cmpuint (session.confirmed, ==, R1 | R2);
  session.confirmed |= W;
  set_ladder (&session, 4 * MIN_, (SigninLadder){ { 60 } });
  g_assert_cmpuint (session.announced, ==, W);
  g_assert_cmpuint (session.confirmed, ==, W);
}

/* After a restart the steps ahead are to come, and nothing else is forgotten. */
static void
test_resume_ladder (void)
{
  static const struct
  {
    gint64 elapsed;
    guint8 told;
    guint8 kept;
  } cases[] = {
    { 8 * HOUR - 9 * MIN_, W | R1 | R2 | R3, W | R1 },
    { 8 * HOUR - 5 * MIN_, W | R1 | R2 | R3, W | R1 | R2 },
    { 8 * HOUR - 30 * SEC, W | R1 | R2 | R3 | Z, W | R1 | R2 | R3 | Z },
    { 0, W | R1 | Z | E, W | Z | E },                   /* the wall clock was set back while the machine was off */
    { -1, W | R1 | R2 | R3 | Z, W | R1 | R2 | R3 | Z }, /* held: maybe they have passed */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SigninSession session = session_with (dynamics, no_ladder);
      SigninNow now = later (cases[i].elapsed);

      if (cases[i].elapsed < 0)
        now.boot_id = fake_boot_id (THIS_BOOT + 1);
      session.announced = session.confirmed = cases[i].told;
      signin_session_resume_ladder (&session, &usual, &now);
      g_assert_cmpuint (session.announced, ==, cases[i].kept);
      g_assert_cmpuint (session.confirmed, ==, cases[i].kept);
    }
}

/* At the microsecond of a step it has passed. */
static void
test_ladder_changed_at_step (void)
{
  SigninSession session = session_with (dynamics, no_ladder);

  session.announced = W;
  set_ladder (&session, 5 * MIN_, usual);
  g_assert_cmpint (signin_session_next_mark (&session), ==, R3);
  session = session_with (dynamics, no_ladder);
  session.announced = W;
  set_ladder (&session, 5 * MIN_ + 1, usual);
  g_assert_cmpint (signin_session_next_mark (&session), ==, R2);
}

/* Neither the warning nor a snooze is a step of the ladder. */
static void
test_ladder_and_others (void)
{
  SigninSession session = session_with (dynamics, usual);

  set_ladder (&session, 15 * MIN_, no_ladder);
  g_assert_cmpuint (announce (&session, 15 * MIN_), ==, W);
  snooze (&session, 15 * MIN_, 8 * MIN_);
  set_ladder (&session, 14 * MIN_, usual);
  g_assert_cmpint (signin_session_next_mark (&session), ==, Z);
  g_assert_cmpuint (announce (&session, 10 * MIN_), ==, 0);
  g_assert_cmpuint (announce (&session, 7 * MIN_), ==, Z);
  set_ladder (&session, 6 * MIN_, usual);
  g_assert_cmpuint (announce (&session, 6 * MIN_), ==, 0);
  g_assert_cmpuint (announce (&session, 5 * MIN_), ==, R2);
}

static void
replan (SigninSession *session, gint64 elapsed, gint64 length, gint64 lead)
{
  SigninPolicy policy = { length, lead };
  SigninNow now = later (elapsed);

  signin_session_replan (session, &policy, &now);
}

/* Steps belong to the end, wherever that moves. */
static void
test_replan (void)
{
  SigninSession session = session_with (dynamics, usual);

  g_assert_cmpuint (announce (&session, 20 * MIN_), ==, W);
  g_assert_cmpuint (announce (&session, 10 * MIN_), ==, R1);
  replan (&session, 8 * HOUR - 9 * MIN_, 9 * HOUR, 20 * MIN_);
  g_assert_cmpuint (announce (&session, 69 * MIN_), ==, 0);
  g_assert_cmpint (signin_session_next_mark (&session), ==, W);
  g_assert_cmpuint (announce (&session, 20 * MIN_), ==, W);
  g_assert_cmpuint (announce (&session, 10 * MIN_), ==, R1);

  /* An hour less, at a point that is 4 min before the new end: one reminder, for the step that is nearest. */
  session = session_with (dynamics, usual);
  replan (&session, 7 * HOUR - 4 * MIN_, 7 * HOUR, 20 * MIN_);
  g_assert_cmpuint (announce (&session, 4 * MIN_), ==, W);
  g_assert_cmpint (signin_session_next_mark (&session), ==, R3);
}

/* The new warning is another one than the one that was dismissed. */
static void
test_replan_dismissed (void)
{
  SigninSession session = session_with (dynamics, usual);

  session.dismissed = session.opened = true;
  replan (&session, 8 * HOUR - 15 * MIN_, 8 * HOUR + 2 * MIN_, 20 * MIN_);
  g_assert_true (session.dismissed && session.opened);
  replan (&session, 8 * HOUR - 15 * MIN_, 9 * HOUR, 20 * MIN_);
  g_assert_false (session.dismissed || session.opened);
}

/* Any button will do. */
static void
test_answered (void)
{
  SigninSession session = session_with (dynamics, usual);

  g_assert_false (signin_session_is_answered (&session));
  session.dismissed = true;
  g_assert_true (signin_session_is_answered (&session));
  session.dismissed = false;
  session.opened = true;
  g_assert_true (signin_session_is_answered (&session));
  session.opened = false;
  session.snoozed_usec = 1;
  g_assert_true (signin_session_is_answered (&session));
}

static void
test_replan_snoozed (void)
{
  SigninSession session = session_with (dynamics, usual);

  session.announced = W;
  snooze (&session, 15 * MIN_, 10 * MIN_);
  replan (&session, 8 * HOUR - 14 * MIN_, 8 * HOUR - 8 * MIN_, 20 * MIN_);
  g_assert_cmpint (session.snoozed_usec, ==, 8 * HOUR - 8 * MIN_);
  g_assert_cmpint (signin_session_next_mark (&session), ==, E);

  /* No known length, and none of it is waited for. */
  replan (&session, 8 * HOUR - 13 * MIN_, 0, 20 * MIN_);
  g_assert_cmpint (signin_session_next_mark (&session), ==, 0);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/steps/boundaries", test_boundaries);
  g_test_add_func ("/steps/marks", test_marks);
  g_test_add_func ("/steps/not-after-warning", test_not_after_warning);
  g_test_add_func ("/steps/slept", test_slept);
  g_test_add_func ("/steps/snooze", test_snooze);
  g_test_add_func ("/steps/snooze-meets-step", test_snooze_meets_step);
  g_test_add_func ("/steps/snooze-and-end", test_snooze_and_end);
  g_test_add_func ("/steps/snooze-from", test_snooze_from);
  g_test_add_func ("/steps/snooze-again", test_snooze_again);
  g_test_add_func ("/steps/slept-across-snooze", test_slept_across_snooze);
  g_test_add_func ("/steps/ladder-changed", test_ladder_changed);
  g_test_add_func ("/steps/ladder-and-confirmed", test_ladder_and_confirmed);
  g_test_add_func ("/steps/resume-ladder", test_resume_ladder);
  g_test_add_func ("/steps/ladder-changed-at-step", test_ladder_changed_at_step);
  g_test_add_func ("/steps/ladder-and-others", test_ladder_and_others);
  g_test_add_func ("/steps/replan", test_replan);
  g_test_add_func ("/steps/replan-dismissed", test_replan_dismissed);
  g_test_add_func ("/steps/answered", test_answered);
  g_test_add_func ("/steps/replan-snoozed", test_replan_snoozed);
  return g_test_run ();
}
