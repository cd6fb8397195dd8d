/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is remembered of past sessions: every session once, with its end, for as long as the person wants. */

#include "config.h"

#include <glib/gstdio.h>
#include <locale.h>

#include "rig.h"

/* That nothing can be stored is said in the journal; any other warning ends the test. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE_ID") && g_str_equal (fields[i].value, SIGNIN_MESSAGE_STORE_FAILED))
      return G_LOG_WRITER_HANDLED;
  return level > G_LOG_LEVEL_WARNING ? G_LOG_WRITER_HANDLED : g_log_writer_default (level, fields, n_fields, user_data);
}

static void
describe (const SigninHistoryRecord *record, gpointer user_data)
{
  GString *text = user_data;

  g_string_append_printf (text, "%s/%s %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT " %s%s%s, ", record->account,
                          record->source, (record->began_usec - RIG_REAL) / RIG_MIN,
                          record->ended_usec == 0 ? -1 : (record->ended_usec - RIG_REAL) / RIG_MIN,
                          signin_history_end_to_string (record->end), record->answered ? " answered" : "",
                          record->silent ? " silent" : "");
}

/* Begin and end are in minutes after the rig began; an end of -1 is none. */
static void
expect (Rig *rig, const SigninHistoryFilter *filter, const char *expected)
{
  const SigninHistoryFilter everything = SIGNIN_HISTORY_FILTER_INIT;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  signin_tracker_read_history (rig->tracker, filter != NULL ? filter : &everything, describe, text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==, expected);
}

static Rig *
signed_in (void)
{
  Rig *rig = rig_new ();

  rig_add (rig, "contoso");
  rig_sign_in (rig, "contoso", "manual");
  fake_clock_advance (rig->clock, RIG_HOUR);
  return rig;
}

static void
sign_out (Rig *rig, const char *id)
{
  g_assert_true (signin_tracker_sign_out (rig->tracker, id, NULL, NULL));
  fake_clock_pump (rig->clock);
}

static void
test_ends (void)
{
  g_autoptr (Rig) rig = signed_in ();

  expect (rig, NULL, "contoso/manual 0--1 running, ");
  rig_sign_in (rig, "contoso", "manual");
  expect (rig, NULL, "contoso/manual 0-60 renewed, contoso/manual 60--1 running, ");
  fake_clock_advance (rig->clock, RIG_HOUR);
  sign_out (rig, "contoso");
  expect (rig, NULL, "contoso/manual 0-60 renewed, contoso/manual 60-120 signed-out, ");
  rig_sign_in (rig, "contoso", "firefox");
  fake_clock_advance (rig->clock, RIG_END + RIG_HOUR);
  expect (rig, NULL,
          "contoso/manual 0-60 renewed, contoso/manual 60-120 signed-out, contoso/firefox 120-600 expired, ");
  /* What comes after the end changes nothing of it. */
  g_assert_true (signin_tracker_dismiss (rig->tracker, "contoso", NULL));
  rig_sign_in (rig, "contoso", "firefox");
  expect (rig, NULL,
          "contoso/manual 0-60 renewed, contoso/manual 60-120 signed-out, contoso/firefox 120-600 expired, "
          "contoso/firefox 660--1 running, ");
}

static void
test_answered (void)
{
  g_autoptr (Rig) rig = signed_in ();

  rig_add (rig, "fabrikam");
  rig_sign_in (rig, "fabrikam", "manual");
  rig_add (rig, "northwind");
  rig_sign_in (rig, "northwind", "manual");
  fake_clock_advance (rig->clock, RIG_WARNING);
  g_assert_true (signin_tracker_dismiss (rig->tracker, "fabrikam", NULL));
  g_assert_true (signin_tracker_open_ahead (rig->tracker, "northwind", 0, NULL));
  fake_clock_pump (rig->clock);
  fake_clock_advance (rig->clock, RIG_HOUR);
  expect (rig, NULL,
          "contoso/manual 0-480 expired, fabrikam/manual 60-540 expired answered, "
          "northwind/manual 60-540 expired answered, ");
}

/* "I signed in at 08:00" after "I signed in": one session, not two. */
static void
test_mistaken (void)
{
  g_autoptr (Rig) rig = signed_in ();

  rig_sign_in_at (rig, "contoso", "manual", RIG_REAL - 30 * RIG_MIN);
  expect (rig, NULL, "contoso/manual -30--1 running, ");
  /* Later than was said: that was another one. */
  rig_sign_in_at (rig, "contoso", "manual", RIG_REAL + 30 * RIG_MIN);
  expect (rig, NULL, "contoso/manual -30-30 renewed, contoso/manual 30--1 running, ");
  /* The same again is the same. */
  rig_sign_in_at (rig, "contoso", "manual", RIG_REAL + 30 * RIG_MIN);
  expect (rig, NULL, "contoso/manual -30-30 renewed, contoso/manual 30--1 running, ");
  rig_sign_in_at (rig, "contoso", "manual", RIG_REAL + 30 * RIG_MIN + 1);
  expect (rig, NULL, "contoso/manual -30-30 renewed, contoso/manual 30-30 renewed, contoso/manual 30--1 running, ");
}

/* All in one turn, as from a caller that does not wait for answers. */
static void
test_one_turn (void)
{
  g_autoptr (Rig) rig = signed_in ();

  g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "firefox", -1, TRUE, NULL, NULL));
  g_assert_true (signin_tracker_sign_out (rig->tracker, "contoso", "firefox", NULL));
  g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "manual", -1, FALSE, NULL, NULL));
  fake_clock_pump (rig->clock);
  expect (rig, NULL,
          "contoso/manual 0-60 renewed, contoso/firefox 60-60 signed-out silent, contoso/manual 60--1 running, ");
  g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "firefox", -1, FALSE, NULL, NULL));
  g_assert_true (signin_tracker_remove_account (rig->tracker, "contoso", NULL));
  fake_clock_pump (rig->clock);
  expect (rig, NULL, "");
}

/* It ran out while nobody was there to see it. */
static void
test_while_stopped (void)
{
  g_autoptr (Rig) rig = signed_in ();

  rig_restart (rig);
  expect (rig, NULL, "contoso/manual 0--1 running, ");
  rig_stop (rig);
  fake_clock_reboot (rig->clock, 2 * RIG_DAY, 2);
  rig_start (rig);
  for (guint life = 0; life < 2; life++)
    {
      expect (rig, NULL, "contoso/manual 0-480 expired, ");
      rig_restart (rig);
    }
}

/* It has ended, but that could not be told yet: shown as it is, and kept once it was told. */
static void
test_in_flight (void)
{
  g_autoptr (Rig) rig = signed_in ();

  rig->holds_flushes = TRUE;
  fake_clock_advance (rig->clock, RIG_END);
  expect (rig, NULL, "contoso/manual 0-480 expired, ");
  rig_sign_in (rig, "contoso", "manual");
  expect (rig, NULL, "contoso/manual 0-480 expired, contoso/manual 540--1 running, ");
  rig_release_flushes (rig);
  expect (rig, NULL, "contoso/manual 0-480 expired, contoso/manual 540--1 running, ");
}

/* The clock was set, and the length changed, while the session went on. */
static void
test_moved (void)
{
  g_autoptr (Rig) rig = signed_in ();

  fake_clock_step (rig->clock, RIG_HOUR, FAKE_STEP_TOLD);
  expect (rig, NULL, "contoso/manual 60--1 running, ");
  rig_set_length (rig, "contoso", 10 * RIG_HOUR, FALSE);
  fake_clock_advance (rig->clock, 9 * RIG_HOUR);
  expect (rig, NULL, "contoso/manual 60-660 expired, ");
}

static void
test_remove (void)
{
  g_autoptr (Rig) rig = signed_in ();

  rig_add (rig, "fabrikam");
  rig_sign_in (rig, "fabrikam", "manual");
  g_assert_true (signin_tracker_remove_account (rig->tracker, "contoso", NULL));
  fake_clock_pump (rig->clock);
  expect (rig, NULL, "fabrikam/manual 60--1 running, ");
  rig_add (rig, "contoso");
  expect (rig, NULL, "fabrikam/manual 60--1 running, ");
}

static void
test_age (void)
{
  g_autoptr (Rig) rig = signed_in ();

  sign_out (rig, "contoso");
  fake_clock_wakeups (rig->clock);
  fake_clock_advance (rig->clock, 29 * RIG_DAY);
  rig_sign_in (rig, "contoso", "manual");
  sign_out (rig, "contoso");
  fake_clock_advance (rig->clock, RIG_DAY);
  expect (rig, NULL, "contoso/manual 0-60 signed-out, contoso/manual 41820-41820 signed-out, ");
  /* Nobody wakes up for it: it goes with the next write, or at the next start. */
  fake_clock_advance (rig->clock, RIG_HOUR);
  g_assert_cmpuint (fake_clock_wakeups (rig->clock), ==, 0);
  rig_sign_in (rig, "contoso", "firefox");
  expect (rig, NULL, "contoso/manual 41820-41820 signed-out, contoso/firefox 43320--1 running, ");
  sign_out (rig, "contoso");
  rig_stop (rig);
  fake_clock_reboot (rig->clock, 31 * RIG_DAY, 2);
  rig_start (rig);
  expect (rig, NULL, "");
}

static gboolean
is_in_files (Rig *rig, const char *text)
{
  g_autofree char *log = g_strconcat (rig->scratch->path, "-wal", NULL);
  const char *paths[] = { rig->scratch->path, log };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GBytes) bytes = scratch_read (paths[i]);
      gsize length;
      const char *data = g_bytes_get_data (bytes, &length);

      if (length > 0 && memmem (data, length, text, strlen (text)) != NULL)
        return TRUE;
    }
  return FALSE;
}

static void
test_none (void)
{
  g_autoptr (Rig) rig = signed_in ();

  rig_sign_in (rig, "contoso", "browser-of-the-past");
  g_assert_true (signin_tracker_sign_out (rig->tracker, "contoso", "browser-of-the-past", NULL));
  fake_clock_pump (rig->clock);
  g_assert_true (is_in_files (rig, "browser-of-the-past"));
  signin_tracker_set_history_days (rig->tracker, 0);
  fake_clock_pump (rig->clock);
  expect (rig, NULL, "");
  /* Gone is gone, also from the log. */
  g_assert_false (is_in_files (rig, "browser-of-the-past"));
  rig_sign_in (rig, "contoso", "manual");
  rig_sign_in (rig, "contoso", "firefox");
  expect (rig, NULL, "");
  /* Whoever wants it again gets it from then on. */
  signin_tracker_set_history_days (rig->tracker, 7);
  fake_clock_pump (rig->clock);
  sign_out (rig, "contoso");
  expect (rig, NULL, "");
  rig_sign_in (rig, "contoso", "manual");
  expect (rig, NULL, "contoso/manual 60--1 running, ");
}

static Rig *
three_sessions (void)
{
  Rig *rig = signed_in ();

  sign_out (rig, "contoso");
  rig_add (rig, "fabrikam");
  rig_sign_in (rig, "fabrikam", "manual");
  fake_clock_advance (rig->clock, RIG_HOUR);
  sign_out (rig, "fabrikam");
  rig_sign_in (rig, "contoso", "manual");
  expect (rig, NULL,
          "contoso/manual 0-60 signed-out, fabrikam/manual 60-120 signed-out, contoso/manual 120--1 running, ");
  return rig;
}

static void
first_row (const SigninHistoryRecord *record, gpointer user_data)
{
  gint64 *row = user_data;

  if (*row == 0)
    *row = record->row;
}

static void
test_filter (void)
{
  g_autoptr (Rig) rig = three_sessions ();
  SigninHistoryFilter filter = SIGNIN_HISTORY_FILTER_INIT;
  g_autoptr (GError) error = NULL;

  filter.account = "contoso";
  expect (rig, &filter, "contoso/manual 0-60 signed-out, contoso/manual 120--1 running, ");
  filter.since_usec = RIG_REAL + 60 * RIG_MIN;
  expect (rig, &filter, "contoso/manual 120--1 running, ");
  filter.until_usec = RIG_REAL + 120 * RIG_MIN;
  expect (rig, &filter, "");
  filter.account = NULL;
  expect (rig, &filter, "fabrikam/manual 60-120 signed-out, ");

  filter = (SigninHistoryFilter) SIGNIN_HISTORY_FILTER_INIT;
  filter.limit = 1;
  expect (rig, &filter, "contoso/manual 0-60 signed-out, ");
  g_assert_true (signin_tracker_read_history (rig->tracker, &filter, first_row, &filter.after_row, &error));
  expect (rig, &filter, "fabrikam/manual 60-120 signed-out, ");

  filter.account = "nobody";
  g_assert_false (signin_tracker_read_history (rig->tracker, &filter, first_row, &filter.after_row, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_NO_SUCH_ACCOUNT);
}

static void
test_forget (void)
{
  g_autoptr (Rig) rig = three_sessions ();
  SigninHistoryFilter filter = SIGNIN_HISTORY_FILTER_INIT;
  g_autoptr (GError) error = NULL;

  filter.until_usec = RIG_REAL + RIG_MIN;
  g_assert_true (signin_tracker_forget_history (rig->tracker, &filter, &error));
  fake_clock_pump (rig->clock);
  expect (rig, NULL, "fabrikam/manual 60-120 signed-out, contoso/manual 120--1 running, ");
  filter = (SigninHistoryFilter) SIGNIN_HISTORY_FILTER_INIT;
  filter.account = "contoso";
  g_assert_true (signin_tracker_forget_history (rig->tracker, &filter, &error));
  fake_clock_pump (rig->clock);
  expect (rig, NULL, "fabrikam/manual 60-120 signed-out, ");
  /* The session goes on all the same, and its end is nobody's business. */
  g_assert_cmpint (rig_remaining (rig, "contoso", "manual"), ==, RIG_END);
  sign_out (rig, "contoso");
  expect (rig, NULL, "fabrikam/manual 60-120 signed-out, ");
  filter.account = "nobody";
  g_assert_false (signin_tracker_forget_history (rig->tracker, &filter, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_NO_SUCH_ACCOUNT);
}

/* Session and history are kept together, or neither is. */
static void
test_together (void)
{
  g_autoptr (Rig) rig = signed_in ();

  rig_stop (rig);
  scratch_sql (rig->scratch, "CREATE TRIGGER t BEFORE UPDATE ON history BEGIN SELECT RAISE (ABORT, 'cursed'); END");
  rig_start (rig);
  sign_out (rig, "contoso");
  g_assert_cmpint (rig_state (rig, "contoso"), ==, SIGNIN_STATE_ACTIVE);
  expect (rig, NULL, "contoso/manual 0--1 running, ");
  rig_stop (rig);
  scratch_sql (rig->scratch, "DROP TRIGGER t");
  rig_start (rig);
  sign_out (rig, "contoso");
  expect (rig, NULL, "contoso/manual 0-60 signed-out, ");
}

/* Before there was a history, there were sessions: those that go on are in it from its beginning. */
static void
test_older_database (void)
{
  g_autoptr (Rig) rig = signed_in ();

  rig_add (rig, "fabrikam");
  rig_sign_in_at (rig, "fabrikam", "manual", RIG_REAL - 6 * RIG_HOUR - 50 * RIG_MIN);
  fake_clock_advance (rig->clock, 20 * RIG_MIN);
  rig_stop (rig);
  scratch_sql (rig->scratch, "DROP TABLE history; DROP TABLE refused; DROP TABLE reported;"
                             "ALTER TABLE sessions DROP COLUMN opened; PRAGMA user_version = 2");
  rig_start (rig);
  expect (rig, NULL, "contoso/manual 0--1 running, ");
  sign_out (rig, "contoso");
  expect (rig, NULL, "contoso/manual 0-80 signed-out, ");
}

/* A program that records without end does not fill the disk. */
static void
test_rows (void)
{
  g_autoptr (Rig) rig = signed_in ();

  sign_out (rig, "contoso");
  rig_stop (rig);
  scratch_sql (rig->scratch,
               "INSERT INTO history (id, account, source, began_usec, warns_usec, expires_usec,"
               " ended_usec, silent) VALUES (1 + " G_STRINGIFY (
                   SIGNIN_HISTORY_ROWS_MAX) ", 'contoso', 'x', 1800000720000000, 0, 0, 1800000780000000, 0)");
  rig_start (rig);
  expect (rig, NULL, "contoso/x 0-1 running, ");
}

/* Renewed around its end, and said while the machine wakes up: what ended the first one is what came first. */
static void
test_renewed_late (void)
{
  static const struct
  {
    gint64 began;
    const char *expected;
  } cases[] = {
    { 470, "contoso/manual 0-470 renewed, contoso/manual 470--1 running, " },
    { 480, "contoso/manual 0-480 expired, contoso/manual 480--1 running, " },
    { 490, "contoso/manual 0-480 expired, contoso/manual 490--1 running, " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Rig) rig = signed_in ();

      /* Before anybody was woken. */
      rig->clock->now.boot_usec += RIG_END;
      rig->clock->now.real_usec += RIG_END;
      rig_sign_in_at (rig, "contoso", "manual", RIG_REAL + cases[i].began * RIG_MIN);
      expect (rig, NULL, cases[i].expected);
    }
}

/* The clock is set beyond the end in the very moment of the sign-out: the session was running all the same. */
static void
test_step_at_sign_out (void)
{
  g_autoptr (Rig) rig = signed_in ();

  rig->clock->now.real_usec += RIG_DAY;
  sign_out (rig, "contoso");
  expect (rig, NULL, "contoso/manual 0-1500 signed-out, ");
}

/* What is too old goes once a day, not with every turn. */
static void
test_pruned_daily (void)
{
  g_autoptr (Rig) rig = signed_in ();

  sign_out (rig, "contoso");
  signin_tracker_set_history_days (rig->tracker, 1);
  fake_clock_pump (rig->clock);
  signin_tracker_set_history_days (rig->tracker, 1); /* nothing new */
  fake_clock_pump (rig->clock);
  rig_add (rig, "fabrikam");
  fake_clock_advance (rig->clock, RIG_DAY - RIG_HOUR);
  rig_sign_in (rig, "fabrikam", "manual");
  fake_clock_advance (rig->clock, RIG_HOUR);
  g_assert_true (signin_tracker_sign_out (rig->tracker, "fabrikam", NULL, NULL));
  fake_clock_pump (rig->clock);
  expect (rig, NULL, "contoso/manual 0-60 signed-out, fabrikam/manual 1440-1500 signed-out, ");
  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_sign_in (rig, "fabrikam", "manual");
  expect (rig, NULL, "fabrikam/manual 1440-1500 signed-out, fabrikam/manual 1560--1 running, ");
  /* Two hours after it had become too old, and less than a day after the last look. */
  fake_clock_advance (rig->clock, 23 * RIG_HOUR + 30 * RIG_MIN);
  rig_sign_in (rig, "contoso", "manual");
  expect (rig, NULL,
          "fabrikam/manual 1440-1500 signed-out, fabrikam/manual 1560-2040 expired, contoso/manual 2970--1 running, ");
  fake_clock_advance (rig->clock, RIG_HOUR);
  rig_sign_in (rig, "fabrikam", "manual");
  expect (rig, NULL,
          "fabrikam/manual 1560-2040 expired, contoso/manual 2970--1 running, fabrikam/manual 3030--1 running, ");
}

/* Removed, and not stored yet. */
static void
test_read_after_remove (void)
{
  g_autoptr (Rig) rig = signed_in ();

  g_assert_true (signin_tracker_remove_account (rig->tracker, "contoso", NULL));
  expect (rig, NULL, "contoso/manual 0--1 running, ");
  fake_clock_pump (rig->clock);
  expect (rig, NULL, "");
}

/* Where the history takes nothing, nothing is said to be kept. */
static void
test_failures (void)
{
  static const char *const faults[] = {
    "CREATE TRIGGER t BEFORE INSERT ON history BEGIN SELECT RAISE (ABORT, 'cursed'); END",
    "CREATE TRIGGER t BEFORE DELETE ON history BEGIN SELECT RAISE (ABORT, 'cursed'); END;"
    "INSERT INTO history (account, source, began_usec, warns_usec, expires_usec, ended_usec, silent)"
    " VALUES ('contoso', 'x', 1, 0, 0, 2, 0)",
    "ALTER TABLE history RENAME COLUMN source TO elsewhere",
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      const SigninHistoryFilter everything = SIGNIN_HISTORY_FILTER_INIT;
      g_autoptr (Rig) rig = rig_new ();
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      rig_add (rig, "contoso");
      rig_stop (rig);
      scratch_sql (rig->scratch, faults[i]);
      rig_start (rig);
      fake_clock_advance (rig->clock, 2 * RIG_DAY); /* what is old is looked for again */
      g_assert_true (signin_tracker_sign_in (rig->tracker, "contoso", "manual", -1, FALSE, NULL, NULL));
      fake_clock_pump (rig->clock);
      g_assert_null (rig_session (rig, "contoso", "manual"));
      if (i == 2)
        {
          g_assert_false (signin_tracker_read_history (rig->tracker, &everything, describe, text, &error));
          g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_STORAGE);
        }
    }
}

/* That a session ran out cannot be noted: people hear of it all the same. */
static void
test_end_not_kept (void)
{
  g_autoptr (Rig) rig = signed_in ();

  rig_stop (rig);
  scratch_sql (rig->scratch, "CREATE TRIGGER t BEFORE UPDATE ON history BEGIN SELECT RAISE (ABORT, 'cursed'); END");
  rig_start (rig);
  rig_forget (rig);
  fake_clock_advance (rig->clock, RIG_END);
  rig_expect (rig, "warning contoso manual", "expired contoso manual", NULL);
}

/* Rows that cannot be shown on the bus: they are passed over, do not count, and stay where they are. */
static void
test_nonsense (void)
{
  SigninHistoryFilter two = SIGNIN_HISTORY_FILTER_INIT;
  g_autoptr (Rig) rig = signed_in ();

  sign_out (rig, "contoso");
  rig_sign_in (rig, "contoso", "firefox");
  sign_out (rig, "contoso");
  rig_sign_in (rig, "contoso", "chrome");
  rig_stop (rig);
  scratch_sql (rig->scratch,
               "PRAGMA foreign_keys = OFF;"
               "UPDATE history SET id = id * 10;"
               "INSERT INTO history SELECT id + 1, account, CAST (x'ff' AS TEXT), began_usec, warns_usec,"
               " expires_usec, 1900000000000000, 2, 0, 0 FROM history;"
               "INSERT INTO history SELECT id + 2, CAST (x'63c3' AS TEXT), source, began_usec, warns_usec,"
               " expires_usec, 1900000000000000, 2, 0, 0 FROM history WHERE id % 10 = 0");
  rig_start (rig);
  expect (rig, NULL,
          "contoso/manual 0-60 signed-out, contoso/firefox 60-60 signed-out, contoso/chrome 60--1 running, ");
  two.limit = 2;
  expect (rig, &two, "contoso/manual 0-60 signed-out, contoso/firefox 60-60 signed-out, ");
  rig_stop (rig);
  scratch_sql (rig->scratch, "UPDATE history SET source = 'edge', account = 'contoso' WHERE id = 11");
  rig_start (rig);
  two.limit = 1;
  two.after_row = 10;
  expect (rig, &two, "contoso/edge 0-1666654 signed-out, ");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "C");
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  g_test_add_func ("/history/ends", test_ends);
  g_test_add_func ("/history/answered", test_answered);
  g_test_add_func ("/history/mistaken", test_mistaken);
  g_test_add_func ("/history/one-turn", test_one_turn);
  g_test_add_func ("/history/while-stopped", test_while_stopped);
  g_test_add_func ("/history/in-flight", test_in_flight);
  g_test_add_func ("/history/moved", test_moved);
  g_test_add_func ("/history/remove", test_remove);
  g_test_add_func ("/history/age", test_age);
  g_test_add_func ("/history/none", test_none);
  g_test_add_func ("/history/filter", test_filter);
  g_test_add_func ("/history/forget", test_forget);
  g_test_add_func ("/history/together", test_together);
  g_test_add_func ("/history/older-database", test_older_database);
  g_test_add_func ("/history/rows", test_rows);
  g_test_add_func ("/history/renewed-late", test_renewed_late);
  g_test_add_func ("/history/step-at-sign-out", test_step_at_sign_out);
  g_test_add_func ("/history/pruned-daily", test_pruned_daily);
  g_test_add_func ("/history/read-after-remove", test_read_after_remove);
  g_test_add_func ("/history/failures", test_failures);
  g_test_add_func ("/history/end-not-kept", test_end_not_kept);
  g_test_add_func ("/history/nonsense", test_nonsense);
  return g_test_run ();
}
