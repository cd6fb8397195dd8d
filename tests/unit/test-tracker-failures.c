/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Announcing at least once, whenever the daemon ends; and a disk that takes nothing, which undoes what was asked but
 * stops no warning. */

#include "config.h"

#include <locale.h>

#include "failures.h"
#include "rig.h"

/* Who is to be told that something has left. */
typedef struct
{
  SigninFlushed done;
  gpointer data;
} Held;

/* Runs the turn on a full disk, and on one with room afterwards. */
static void
run_failing_turn (Rig *rig, Answers *answers)
{
  signin_tracker_when_settled (rig->tracker, on_answer, answers);
  rig_forget (rig);
  scratch_fill_disk (TRUE);
  fake_clock_pump (rig->clock);
  scratch_fill_disk (FALSE);
  g_assert_cmpuint (answers->n_failed, ==, 1);
  g_assert_cmpuint (answers->n_done, ==, 0);
  rig_expect_nothing (rig);
}

static void
test_sign_in_fails (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Answers answers = { 0 };

  rig_add (rig, "contoso");
  g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "manual", -1, FALSE, NULL, NULL));
  run_failing_turn (rig, &answers);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_SIGNED_OUT);
  g_assert_false (rig->clock->armed);
  rig_expect_none_next (rig);
  rig_restart (rig);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_SIGNED_OUT);

  rig_sign_in (rig, "contoso", "manual");
  rig_restart (rig);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_ACTIVE);
}

static void
test_renewal_fails (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Answers answers = { 0 };

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_HOUR);
  g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "manual", -1, FALSE, NULL, NULL));
  g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "firefox", -1, FALSE, NULL, NULL));
  run_failing_turn (rig, &answers);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, 7 * RIG_HOUR);
  g_assert_null (rig_session (rig, "contoso", "firefox"));
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + RIG_WARNING);
  fake_clock_advance_to (rig->clock, RIG_REAL + RIG_WARNING + RIG_LATE);
  rig_expect (rig, "warning contoso manual", NULL);
}

static void
test_sign_out_fails (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Answers answers = { 0 };

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  g_assert_true (signin_tracker_sign_out (rig->tracker, "contoso", NULL, NULL));
  run_failing_turn (rig, &answers);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + RIG_WARNING);
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
  rig_expect (rig, "warning contoso manual", NULL);

  /* Once it can be stored, nothing is waited for any more. */
  g_assert_true (signin_tracker_sign_out (rig->tracker, "contoso", NULL, NULL));
  fake_clock_pump (rig->clock);
  g_assert_false (rig->clock->armed);
}

static void
test_accounts_fail (void)
{
  g_autoptr (Rig) rig = rig_new ();
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  Answers answers = { 0 };

  details.length_usec = 4 * RIG_HOUR;
  rig_add (rig, "contoso");
  rig_add (rig, "fabrikam");
  rig_sign_in (rig, "contoso", "manual");
  rig_sign_in (rig, "fabrikam", "manual");
  g_assert_true (signin_tracker_remove_account (rig->tracker, "contoso", NULL));
  g_assert_true (signin_tracker_set_account (rig->tracker, "fabrikam", &details, FALSE, NULL));
  details.service = "dynamics365";
  details.organization = "contoso";
  details.region = "crm4";
  g_assert_true (signin_tracker_add_account (rig->tracker, "newcomer", &details, NULL));
  g_assert_true (signin_tracker_sign_in (rig->tracker, "newcomer", "manual", -1, FALSE, NULL, NULL));
  run_failing_turn (rig, &answers);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (signin_tracker_n_accounts (rig->tracker), ==, 2);
      g_assert_null (signin_tracker_get (rig->tracker, "newcomer"));
      g_assert_cmpint (signin_tracker_get (rig->tracker, "fabrikam")->info->policy.length_usec, ==, RIG_END);
      g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, RIG_END);
      g_assert_cmpint (rig_remaining (rig, "fabrikam", "manual"), ==, RIG_END);
      rig_expect_next (rig, SIGNIN_EVENT_WARNING, rig->next_id, RIG_REAL + RIG_WARNING);
      rig_restart (rig);
    }
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
  rig_expect (rig, "warning contoso manual", "warning fabrikam manual", NULL);
}

static void
test_dismiss_fails (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Answers answers = { 0 };

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_MIN);
  g_assert_true (signin_tracker_dismiss (rig->tracker, "contoso", NULL));
  run_failing_turn (rig, &answers);
  g_assert_false (rig_session (rig, "contoso", "manual")->dismissed);
}

/* Where one of several things cannot be stored, none is. */
static void
test_half_a_turn (void)
{
  static const char *const triggers[] = {
    "CREATE TRIGGER t BEFORE INSERT ON accounts WHEN NEW.id = 'newcomer' BEGIN SELECT RAISE (ABORT, 'cursed'); END",
    "CREATE TRIGGER t BEFORE INSERT ON sessions WHEN NEW.source = 'firefox' BEGIN SELECT RAISE (ABORT, 'cursed'); END",
    "CREATE TRIGGER t BEFORE DELETE ON sessions WHEN OLD.source = 'old' BEGIN SELECT RAISE (ABORT, 'cursed'); END",
    "CREATE TRIGGER t BEFORE DELETE ON accounts WHEN OLD.id = 'fabrikam' BEGIN SELECT RAISE (ABORT, 'cursed'); END",
  };

  for (guint i = 0; i < G_N_ELEMENTS (triggers); i++)
    {
      g_autoptr (Rig) rig = rig_new ();
      SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
      Answers answers = { 0 };

      rig_add (rig, "contoso");
      rig_add (rig, "fabrikam");
      rig_sign_in (rig, "contoso", "old");
      rig_stop (rig);
      scratch_sql (rig->scratch, triggers[i]);
      rig_start (rig);
      rig_forget (rig);
      details.service = "office365";
      g_assert_true (signin_tracker_add_account (rig->tracker, "newcomer", &details, NULL));
      g_assert_true (signin_tracker_remove_account (rig->tracker, "fabrikam", NULL));
      g_assert_true (signin_tracker_sign_out (rig->tracker, "contoso", "old", NULL));
      g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "firefox", -1, FALSE, NULL, NULL));
      g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "manual", -1, FALSE, NULL, NULL));
      signin_tracker_when_settled (rig->tracker, on_answer, &answers);
      fake_clock_pump (rig->clock);
      g_assert_cmpuint (answers.n_failed, ==, 1);
      rig_expect_nothing (rig);
      for (guint again = 0; again < 2; again++)
        {
          g_assert_null (signin_tracker_get (rig->tracker, "newcomer"));
          g_assert_nonnull (signin_tracker_get (rig->tracker, "fabrikam"));
          g_assert_cmpuint (signin_tracker_get (rig->tracker, "contoso")->n_sessions, ==, 1);
          g_assert_nonnull (rig_session (rig, "contoso", "old"));
          g_assert_true ((signin_tracker_get (rig->tracker, "later") != NULL) == (again > 0));

          /* And the turns after it are stored as ever. */
          if (again == 0)
            rig_add (rig, "later");
          rig_restart (rig);
        }
    }
}

/* What was confirmed but could not be kept is tried again with every turn, until it is. */
static void
test_confirm_later (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_add (rig, "obstacle");
  rig_sign_in (rig, "contoso", "manual");
  rig_stop (rig);
  scratch_sql (rig->scratch, "CREATE TRIGGER t BEFORE INSERT ON sessions WHEN NEW.announced > 0"
                             " AND EXISTS (SELECT * FROM accounts WHERE id = 'obstacle')"
                             " BEGIN SELECT RAISE (ABORT, 'cursed'); END");
  rig_start (rig);
  rig_forget (rig);
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_MIN);
  rig_expect (rig, "warning contoso manual", NULL);
  g_assert_true (signin_tracker_remove_account (rig->tracker, "obstacle", NULL));
  fake_clock_pump (rig->clock);
  rig_restart (rig);
  rig_expect_nothing (rig);
}

/* What is stored is not stored again and again: a turn without changes needs no disk. */
static void
test_nothing_to_store (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Answers answers = { 0 };

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_MIN);
  fake_clock_step (rig->clock, RIG_DAY, FAKE_STEP_TOLD);
  signin_tracker_when_settled (rig->tracker, on_answer, &answers);
  scratch_fill_disk (TRUE);
  fake_clock_pump (rig->clock);
  scratch_fill_disk (FALSE);
  g_assert_cmpuint (answers.n_done, ==, 1);
}

/* Everybody of that turn is told, and it is said once for as long as it goes on. */
static void
test_everybody_is_told (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Answers answers = { 0 };

  rig_add (rig, "a");
  rig_add (rig, "b");
  n_store_failures = n_store_recoveries = 0;
  scratch_fill_disk (TRUE);
  for (guint i = 0; i < 3; i++)
    {
      signin_tracker_sign_in (rig->tracker, "a", "manual", -1, FALSE, NULL, NULL);
      signin_tracker_when_settled (rig->tracker, on_answer, &answers);
      signin_tracker_sign_in (rig->tracker, "b", "manual", -1, FALSE, NULL, NULL);
      signin_tracker_when_settled (rig->tracker, on_answer, &answers);
      fake_clock_pump (rig->clock);
    }
  scratch_fill_disk (FALSE);
  g_assert_cmpuint (answers.n_failed, ==, 6);
  g_assert_cmpuint (n_store_failures, ==, 1);
  g_assert_cmpuint (n_store_recoveries, ==, 0);

  signin_tracker_sign_in (rig->tracker, "a", "manual", -1, FALSE, NULL, NULL);
  signin_tracker_when_settled (rig->tracker, on_answer, &answers);
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (answers.n_done, ==, 1);
  fake_clock_advance (rig->clock, RIG_MIN);
  rig_add (rig, "c");
  g_assert_cmpuint (n_store_recoveries, ==, 1);
  scratch_fill_disk (TRUE);
  signin_tracker_sign_in (rig->tracker, "a", "manual", -1, FALSE, NULL, NULL);
  fake_clock_pump (rig->clock);
  scratch_fill_disk (FALSE);
  g_assert_cmpuint (n_store_failures, ==, 2);
}

/* A step of the clock that comes to be known in a turn that fails moves what is restored as well. */
static void
test_step_in_failing_turn (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Answers answers = { 0 };

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  g_assert_true (signin_tracker_sign_out (rig->tracker, "contoso", NULL, NULL));
  rig->clock->now.real_usec += RIG_HOUR;
  run_failing_turn (rig, &answers);
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, RIG_END);
  rig_expect_next (rig, SIGNIN_EVENT_WARNING, "contoso", RIG_REAL + RIG_HOUR + RIG_WARNING);
  g_assert_cmpint (rig->clock->deadline_usec, ==, RIG_REAL + RIG_HOUR + RIG_WARNING + RIG_LATE);
}

/* Warnings and ends are told though nothing can be stored: once in this process, and not lost to the next one. */
static void
test_timers_go_on (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  rig_forget (rig);
  scratch_fill_disk (TRUE);
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
  fake_clock_step (rig->clock, RIG_DAY, FAKE_STEP_TOLD);
  fake_clock_suspend (rig->clock, RIG_MIN);
  fake_clock_advance (rig->clock, 19 * RIG_MIN);
  scratch_fill_disk (FALSE);
  rig_expect (rig, "warning contoso manual", "expired contoso manual", NULL);

  /* As soon as there is room again, what was confirmed is kept by the next turn, whatever it is about. */
  rig_add (rig, "fabrikam");
  rig_restart (rig);
  rig_expect_nothing (rig);
  g_assert_cmpint (rig_session (rig, "contoso", "manual")->start.real_usec, ==, RIG_REAL + RIG_DAY);
}

static void
test_not_lost_on_full_disk (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  rig_forget (rig);
  scratch_fill_disk (TRUE);
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
  rig_stop (rig);
  scratch_fill_disk (FALSE);
  rig_expect (rig, "warning contoso manual", NULL);
  rig_start (rig);
  rig_expect (rig, "warning contoso manual", NULL);
}

/* What has not left when the daemon ends comes again; what has does not. */
static void
test_in_flight (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  rig->holds_flushes = TRUE;
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_MIN);
  rig_expect (rig, "signed-in contoso manual", "warning contoso manual", NULL);
  for (guint i = 0; i < 3; i++)
    {
      rig_restart (rig);
      g_assert_cmpint (rig_news (rig, 0)->at_usec, ==, RIG_REAL + RIG_WARNING);
      g_assert_cmpint (rig_news (rig, 0)->session.start.real_usec, ==, RIG_REAL);
      rig_expect (rig, "warning contoso manual", NULL);
    }
  fake_clock_wake_early (rig->clock);
  rig_expect_nothing (rig);
  rig_release_flushes (rig);
  rig_restart (rig);
  rig_expect_nothing (rig);

  rig->holds_flushes = TRUE;
  fake_clock_advance (rig->clock, 19 * RIG_MIN + RIG_LATE);
  rig_expect (rig, "expired contoso manual", NULL);
  rig_restart (rig);
  rig_expect (rig, "expired contoso manual", NULL);
  rig_release_flushes (rig);
  rig_restart (rig);
  rig_expect_nothing (rig);
  fake_clock_advance (rig->clock, 2 * RIG_HOUR);
  rig_restart (rig);
  rig_expect_nothing (rig);
}

/* It has left, but the daemon ends before that is kept: it comes again. */
static void
test_flushed_but_not_kept (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  rig->holds_flushes = TRUE;
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_MIN);
  rig_finish_flush (rig);
  rig_restart (rig);
  rig_expect (rig, "warning contoso manual", NULL);
}

/* A minute apart, and from now on what is told does not leave at once. */
static void
sign_in_two (Rig *rig)
{
  rig_add (rig, "a");
  rig_add (rig, "b");
  rig_sign_in (rig, "a", "manual");
  fake_clock_advance (rig->clock, RIG_MIN);
  rig_sign_in (rig, "b", "manual");
  rig->holds_flushes = TRUE;
}

/* Each is confirmed by its own flush. */
static void
test_two_flights (void)
{
  g_autoptr (Rig) rig = rig_new ();

  sign_in_two (rig);
  fake_clock_advance (rig->clock, RIG_WARNING);
  rig_expect (rig, "signed-in a manual", "signed-in b manual", "warning a manual", NULL);
  fake_clock_advance (rig->clock, RIG_LATE);
  rig_expect (rig, "warning b manual", NULL);
  rig_finish_flush (rig);
  fake_clock_pump (rig->clock);
  rig_restart (rig);
  rig_expect (rig, "warning b manual", NULL);
}

/* What has left confirms what was in it, and nothing else of the same account. */
static void
test_two_flights_of_one_account (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_MIN);
  rig_sign_in (rig, "contoso", "firefox");
  rig->holds_flushes = TRUE;
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
  g_assert_cmpuint (rig->n_flushes, ==, 2);
  g_queue_push_head (&rig->flushes, g_queue_pop_tail (&rig->flushes));
  rig_finish_flush (rig);
  fake_clock_pump (rig->clock);
  rig_restart (rig);
  rig_expect (rig, "warning contoso manual", NULL);
}

/* The daemon ends while both are on their way: who says later that they have left speaks to nobody. */
static void
test_two_flights_at_the_end (void)
{
  g_autoptr (Rig) rig = rig_new ();

  sign_in_two (rig);
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
  g_assert_cmpuint (rig->n_flushes, ==, 2);
  rig_restart (rig);
  rig_expect (rig, "warning a manual", "warning b manual", NULL);
}

/* What has left was about the session before: the renewed one has yet to be warned of. */
static void
test_renewed_in_flight (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  rig->holds_flushes = TRUE;
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_MIN);
  rig_sign_in (rig, "contoso", "manual");
  rig_release_flushes (rig);
  g_assert_cmpuint (rig_session (rig, "contoso", "manual")->confirmed, ==, 0);
  rig_restart (rig);
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
  rig_expect (rig, "warning contoso manual", NULL);

  /* Even where both are being warned of: the first flush is not the second's. */
  rig->holds_flushes = TRUE;
  rig_restart (rig);
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
  rig_sign_in_at (rig, "contoso", "manual", rig->clock->now.real_usec - RIG_WARNING - RIG_MIN);
  rig_finish_flush (rig);
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (rig_session (rig, "contoso", "manual")->confirmed, ==, 0);
  rig_restart (rig);
  rig_expect (rig, "warning contoso manual", NULL);
}

/* Likewise where the session was made longer meanwhile, ended, or its account is gone. */
static void
test_changed_in_flight (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "a");
  rig_add (rig, "b");
  rig_add (rig, "c");
  rig_sign_in (rig, "a", "manual");
  rig_sign_in (rig, "b", "manual");
  rig_sign_in (rig, "c", "manual");
  rig->holds_flushes = TRUE;
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_MIN);
  rig_set_length (rig, "a", 10 * RIG_HOUR, FALSE);
  g_assert_true (signin_tracker_sign_out (rig->tracker, "b", NULL, NULL));
  g_assert_true (signin_tracker_remove_account (rig->tracker, "c", NULL));
  fake_clock_pump (rig->clock);
  rig_release_flushes (rig);
  g_assert_cmpuint (rig_session (rig, "a", "manual")->confirmed, ==, 0);
  rig_restart (rig);
  rig_expect_nothing (rig);
  fake_clock_advance_to (rig->clock, RIG_REAL + 9 * RIG_HOUR + 40 * RIG_MIN + RIG_LATE);
  rig_expect (rig, "warning a manual", NULL);
}

/* The next life of a daemon with a running session, with at most this one observer: to where the warning has come. */
static Rig *
warned_with (const SigninObserver *observer, gpointer user_data)
{
  static const SigninLimits limits = SIGNIN_LIMITS_DEFAULT;
  Rig *rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  g_clear_pointer (&rig->tracker, signin_tracker_free);
  rig->tracker = signin_tracker_new (&rig->clock->base, rig->store, rig->scratch->services, &limits);
  if (observer != NULL)
    signin_tracker_observe (rig->tracker, observer, user_data);
  g_assert_true (signin_tracker_start (rig->tracker, NULL));
  fake_clock_pump (rig->clock);
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_MIN);
  return rig;
}

static void
hold (SigninFlushed done, gpointer done_data, gpointer user_data)
{
  Held *held = user_data;

  *held = (Held){ done, done_data };
}

/* Who is asked to flush may be the first of all observers. */
static void
test_only_flusher (void)
{
  static const SigninObserver flusher = { .flush = hold };
  Held held = { NULL, NULL };
  g_autoptr (Rig) rig = warned_with (&flusher, &held);

  g_assert_nonnull (held.done);
  g_assert_cmpuint (rig_session (rig, "contoso", "manual")->confirmed, ==, 0);
  held.done (held.data);
  g_assert_cmpuint (rig_session (rig, "contoso", "manual")->confirmed, ==, SIGNIN_MARK_WARNING);
  fake_clock_pump (rig->clock);
}

/* Where nobody flushes, what was told is told. */
static void
test_nobody_flushes (void)
{
  g_autoptr (Rig) rig = warned_with (NULL, NULL);

  g_assert_cmpuint (rig_session (rig, "contoso", "manual")->confirmed, ==, SIGNIN_MARK_WARNING);
  rig_restart (rig);
  rig_expect_nothing (rig);
}

/* Only marks are flushed for: sign-ins and sign-outs are stored before they are told. */
static void
test_no_needless_flush (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  g_assert_true (signin_tracker_sign_out (rig->tracker, "contoso", NULL, NULL));
  rig_sign_in (rig, "contoso", "manual");
  g_assert_cmpuint (rig->n_flushes, ==, 0);
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
  g_assert_cmpuint (rig->n_flushes, ==, 1);
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  g_test_add_func ("/tracker/failures/sign-in", test_sign_in_fails);
  g_test_add_func ("/tracker/failures/renewal", test_renewal_fails);
  g_test_add_func ("/tracker/failures/sign-out", test_sign_out_fails);
  g_test_add_func ("/tracker/failures/accounts", test_accounts_fail);
  g_test_add_func ("/tracker/failures/dismiss", test_dismiss_fails);
  g_test_add_func ("/tracker/failures/half-a-turn", test_half_a_turn);
  g_test_add_func ("/tracker/failures/confirm-later", test_confirm_later);
  g_test_add_func ("/tracker/failures/nothing-to-store", test_nothing_to_store);
  g_test_add_func ("/tracker/failures/everybody-is-told", test_everybody_is_told);
  g_test_add_func ("/tracker/failures/step", test_step_in_failing_turn);
  g_test_add_func ("/tracker/failures/timers-go-on", test_timers_go_on);
  g_test_add_func ("/tracker/failures/not-lost", test_not_lost_on_full_disk);
  g_test_add_func ("/tracker/announcing/in-flight", test_in_flight);
  g_test_add_func ("/tracker/announcing/flushed-but-not-kept", test_flushed_but_not_kept);
  g_test_add_func ("/tracker/announcing/two-flights", test_two_flights);
  g_test_add_func ("/tracker/announcing/two-flights-of-one-account", test_two_flights_of_one_account);
  g_test_add_func ("/tracker/announcing/two-flights-at-the-end", test_two_flights_at_the_end);
  g_test_add_func ("/tracker/announcing/renewed-in-flight", test_renewed_in_flight);
  g_test_add_func ("/tracker/announcing/changed-in-flight", test_changed_in_flight);
  g_test_add_func ("/tracker/announcing/only-flusher", test_only_flusher);
  g_test_add_func ("/tracker/announcing/nobody-flushes", test_nobody_flushes);
  g_test_add_func ("/tracker/announcing/no-needless-flush", test_no_needless_flush);
  return g_test_run ();
}
