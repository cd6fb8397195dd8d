/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which rows a turn writes: what changed in it, and nothing beside. */

#include "config.h"

#include <locale.h>

#include "failures.h"
#include "rig.h"

/* A turn writes what changed in it: sessions beside that are left alone, whatever may be wrong with their rows. */
static void
test_only_what_changed (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Answers answers = { 0 };

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  rig_sign_in (rig, "contoso", "firefox");
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
  rig_stop (rig);
  scratch_sql (rig->scratch, "CREATE TRIGGER sealed BEFORE INSERT ON sessions WHEN NEW.source = 'firefox'"
                             " BEGIN SELECT RAISE (ABORT, 'sealed'); END");
  rig_start (rig);
  g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "manual", -1, FALSE, NULL, NULL));
  signin_tracker_when_settled (rig->tracker, on_answer, &answers);
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (answers.n_done, ==, 1);

  n_store_failures = 0;
  g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "firefox", -1, FALSE, NULL, NULL));
  signin_tracker_when_settled (rig->tracker, on_answer, &answers);
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (answers.n_failed, ==, 1);
  g_assert_cmpuint (n_store_failures, ==, 1);
}

/* Signed in once more at the same instant of the wall clock: whatever else is different is kept. */
static void
test_same_instant (void)
{
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (Rig) rig = rig_new ();
      SigninSession before;

      rig_add (rig, "contoso");
      rig_sign_in_at (rig, "contoso", "manual", RIG_REAL);
      if (i == 0)
        rig->clock->now.boot_usec += RIG_SEC / 1000; /* too small a step to move anything */
      if (i == 1)
        {
          rig_stop (rig);
          rig->clock->now.boot_id = fake_boot_id (2);
          rig_start (rig);
        }
      if (i == 3)
        fake_clock_advance (rig->clock, RIG_WARNING + RIG_MIN); /* its warning was sent; that of the new one was not */
      g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "manual", RIG_REAL, i == 2, NULL, NULL));
      fake_clock_pump (rig->clock);
      before = *rig_session (rig, "contoso", "manual");
      rig_restart (rig);
      g_assert_cmpint (rig_session (rig, "contoso", "manual")->start.boot_usec, ==, before.start.boot_usec);
      g_assert_true (sd_id128_equal (rig_session (rig, "contoso", "manual")->start.boot_id, before.start.boot_id));
      g_assert_cmpint (rig_session (rig, "contoso", "manual")->silent, ==, i == 2);
    }
}

/* Added and removed in one turn: there is nothing to write, and nobody hears of a change. */
static void
test_added_and_removed (void)
{
  g_autoptr (Rig) rig = rig_new ();
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;

  details.service = "office365";
  g_assert_true (signin_tracker_add_account (rig->tracker, "contoso", &details, NULL));
  g_assert_true (signin_tracker_remove_account (rig->tracker, "contoso", NULL));
  fake_clock_pump (rig->clock);
  g_assert_null (signin_tracker_get (rig->tracker, "contoso"));
  rig_restart (rig);
  g_assert_null (signin_tracker_get (rig->tracker, "contoso"));
}

/* A row of that id is in the file that made no sense, and does not go. */
static void
test_old_row_stays (void)
{
  g_autoptr (Rig) rig = rig_new ();
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  Answers answers = { 0 };

  rig_stop (rig);
  scratch_sql (rig->scratch, "CREATE TRIGGER t BEFORE DELETE ON accounts WHEN OLD.id = 'contoso'"
                             " BEGIN SELECT RAISE (ABORT, 'cursed'); END;"
                             "INSERT INTO accounts VALUES ('contoso', 'nonsense', NULL, NULL, NULL, NULL, -2, -2)");
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "*makes no sense now*");
  rig_start (rig);
  g_test_assert_expected_messages ();
  g_assert_null (signin_tracker_get (rig->tracker, "contoso"));
  details.service = "office365";
  g_assert_true (signin_tracker_add_account (rig->tracker, "contoso", &details, NULL));
  signin_tracker_when_settled (rig->tracker, on_answer, &answers);
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (answers.n_failed, ==, 1);
  g_assert_null (signin_tracker_get (rig->tracker, "contoso"));
}

/* A transaction that cannot even begin. */
static void
test_no_transaction (void)
{
  g_autoptr (Rig) rig = rig_new ();
  Answers answers = { 0 };

  rig_add (rig, "contoso");
  g_assert_true (signin_store_begin (rig->store, NULL));
  g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "manual", -1, FALSE, NULL, NULL));
  signin_tracker_when_settled (rig->tracker, on_answer, &answers);
  fake_clock_pump (rig->clock);
  g_assert_cmpuint (answers.n_failed, ==, 1);
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_SIGNED_OUT);
  rig_sign_in (rig, "contoso", "manual");
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_ACTIVE);
}

/* What was sent has left, and the account goes before that is kept. */
static void
test_removed_unsaved (void)
{
  g_autoptr (Rig) rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  rig->holds_flushes = TRUE;
  fake_clock_advance (rig->clock, RIG_WARNING + RIG_LATE);
  rig_finish_flush (rig);
  g_assert_true (signin_tracker_remove_account (rig->tracker, "contoso", NULL));
  rig_release_flushes (rig);
  rig_restart (rig);
  g_assert_null (signin_tracker_get (rig->tracker, "contoso"));
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  g_test_add_func ("/tracker/rows/only-what-changed", test_only_what_changed);
  g_test_add_func ("/tracker/rows/same-instant", test_same_instant);
  g_test_add_func ("/tracker/rows/added-and-removed", test_added_and_removed);
  g_test_add_func ("/tracker/rows/old-row-stays", test_old_row_stays);
  g_test_add_func ("/tracker/rows/no-transaction", test_no_transaction);
  g_test_add_func ("/tracker/rows/removed-unsaved", test_removed_unsaved);
  return g_test_run ();
}
