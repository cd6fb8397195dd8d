/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is put into the store comes out of it, whole, or not at all. */

#include "config.h"

#include <locale.h>

#include "scratch.h"
#include "store-private.h"

/* Further away lies no instant that anything could be reckoned with: 36,000 years. */
#define EXTREME (G_GINT64_CONSTANT (1) << 60)

static void
put_account (SigninStore *store, const SigninAccountInfo *info)
{
  g_autoptr (GError) error = NULL;

  signin_store_put_account (store, info, &error);
  g_assert_no_error (error);
}

static void
put_session (SigninStore *store, const char *id, const SigninSession *session)
{
  g_autoptr (GError) error = NULL;

  signin_store_put_session (store, id, session, &error);
  g_assert_no_error (error);
}

static void
begin (SigninStore *store)
{
  g_autoptr (GError) error = NULL;

  signin_store_begin (store, &error);
  g_assert_no_error (error);
}

static void
commit (SigninStore *store)
{
  g_autoptr (GError) error = NULL;

  signin_store_commit (store, &error);
  g_assert_no_error (error);
}

/* What a store gives that is opened anew. */
static void
expect_kept (Scratch *scratch, const char *text)
{
  g_autoptr (SigninStore) store = scratch_open (scratch);
  g_autoptr (Loaded) loaded = loaded_new (store);

  g_assert_cmpint (signin_store_get_mode (store), ==, SIGNIN_STORE_DURABLE);
  g_assert_cmpstr (loaded->text->str, ==, text);
}

static void
visit_account (SigninAccountInfo *info, gpointer user_data)
{
  SigninAccountInfo **place = user_data;

  g_assert_null (*place);
  *place = signin_account_info_ref (info);
}

static void
visit_session (const char *account_id, const SigninSession *session, gpointer user_data)
{
  g_assert_not_reached ();
}

static void
check_account (Scratch *scratch, const SigninAccountDetails *details)
{
  static const SigninStoreVisitor visitor = { .account = visit_account, .session = visit_session };
  g_autoptr (GError) error = NULL;
  g_autoptr (SigninAccountInfo) info = signin_account_info_new (scratch->services, "contoso", NULL, details, &error);
  g_autoptr (SigninAccountInfo) loaded = NULL;
  g_autoptr (SigninStore) store = scratch_open (scratch);

  g_assert_no_error (error);
  put_account (store, info);
  g_clear_pointer (&store, signin_store_free);
  store = scratch_open (scratch);
  g_assert_true (signin_store_load (store, &visitor, &loaded, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (loaded->id, ==, "contoso");
  g_assert_cmpstr (loaded->service, ==, info->service);
  g_assert_cmpstr (loaded->user_name, ==, info->user_name);
  g_assert_cmpstr (loaded->organization, ==, info->organization);
  g_assert_cmpstr (loaded->region, ==, info->region);
  g_assert_cmpstr (loaded->own_url, ==, info->own_url);
  g_assert_cmpint (loaded->policy.length_usec, ==, info->policy.length_usec);
  g_assert_cmpint (loaded->policy.lead_usec, ==, info->policy.lead_usec);
}

static void
test_accounts (void)
{
  const gint64 hour = 60 * 60 * (gint64) G_USEC_PER_SEC;
  const SigninAccountDetails cases[] = {
    { "dynamics365", "adele@contoso.com", "contoso", "crm4", NULL, -1, -1 },
    { "dynamics365", NULL, "contoso", "crm4", NULL, 12 * hour, 2 * hour },
    { "dynamics365", NULL, "contoso", "crm", "https://crm.contoso.com/main.aspx?x=1&y=%20", 24 * hour, -1 },
    { "dynamics365", NULL, "contoso", "crm4", NULL, 0, -1 },
    { "office365", "adele@contoso.com", NULL, NULL, NULL, -1, -1 },
    { "dynamics365-home", NULL, NULL, NULL, NULL, hour, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Scratch) scratch = scratch_new ();

      check_account (scratch, &cases[i]);
    }
}

static void
check_session (const SigninSession *session)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (SigninAccountInfo) info = scratch_account (scratch, "contoso", -1);
  g_autoptr (SigninStore) store = scratch_open (scratch);
  g_autoptr (Loaded) loaded = NULL;
  const SigninSession *found;

  put_account (store, info);
  put_session (store, "contoso", session);
  g_clear_pointer (&store, signin_store_free);
  store = scratch_open (scratch);
  loaded = loaded_new (store);
  g_assert_cmpuint (loaded->sessions->len, ==, 1);
  found = &g_array_index (loaded->sessions, SigninSession, 0);
  g_assert_cmpstr (found->source, ==, session->source);
  g_assert_cmpint (found->start.real_usec, ==, session->start.real_usec);
  g_assert_cmpint (found->start.boot_usec, ==, session->start.boot_usec);
  g_assert_true (sd_id128_equal (found->start.boot_id, session->start.boot_id));
  g_assert_cmpint (found->policy.length_usec, ==, session->policy.length_usec);
  g_assert_cmpint (found->policy.lead_usec, ==, session->policy.lead_usec);
  g_assert_cmpint (found->silent, ==, session->silent);
  g_assert_cmpint (found->dismissed, ==, session->dismissed);
  g_assert_cmpint (found->opened, ==, session->opened);

  /* What was sent but not confirmed is not kept: it comes again. */
  g_assert_cmpuint (found->announced, ==, session->confirmed);
  g_assert_cmpuint (found->confirmed, ==, session->confirmed);
}

static void
test_sessions (void)
{
  SigninSession session = scratch_session ("manual");

  check_session (&session);
  session.silent = TRUE;
  check_session (&session);
  session.silent = FALSE;
  session.dismissed = TRUE;
  check_session (&session);
  session.dismissed = FALSE;
  session.opened = TRUE;
  check_session (&session);
  session.start.boot_usec = -7 * (gint64) G_USEC_PER_SEC;
  check_session (&session);
  session.start.boot_id = SD_ID128_NULL;
  check_session (&session);
  session.start.real_usec = EXTREME - 1;
  session.start.boot_usec = -EXTREME + 1;
  check_session (&session);
  session.policy = (SigninPolicy){ .length_usec = 0 };
  check_session (&session);
  session.policy = (SigninPolicy){ .length_usec = EXTREME - 1, .lead_usec = EXTREME - 2 };
  check_session (&session);
  for (guint marks = 0; marks <= SIGNIN_MARKS_ALL; marks++)
    {
      if (marks & ~SIGNIN_MARKS_ALL)
        continue;
      session.announced = SIGNIN_MARKS_ALL;
      session.confirmed = marks;
      check_session (&session);
    }
  memset (session.source, 'x', SIGNIN_SOURCE_MAX);
  check_session (&session);
}

/* Account by account, each before its sessions; an account that changes keeps them. */
static void
test_several (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (SigninAccountInfo) longer = scratch_account (scratch, "contoso", 12 * 3600 * (gint64) G_USEC_PER_SEC);
  SigninSession firefox = scratch_session ("firefox"), chromium = scratch_session ("chromium");
  g_autoptr (SigninStore) store = NULL;

  scratch_fill (scratch);
  expect_kept (scratch, SCRATCH_FILLED);
  store = scratch_open (scratch);
  put_account (store, longer);
  firefox.dismissed = TRUE;
  put_session (store, "contoso", &firefox);
  put_session (store, "contoso", &chromium);
  g_clear_pointer (&store, signin_store_free);
  expect_kept (scratch, "contoso: contoso/chromium, contoso/firefox, contoso/manual, fabrikam: fabrikam/manual, ");

  store = scratch_open (scratch);
  g_assert_true (signin_store_drop_session (store, "contoso", "manual", NULL));
  g_assert_true (signin_store_drop_session (store, "contoso", "nowhere", NULL));
  g_assert_true (signin_store_drop_account (store, "fabrikam", NULL));
  g_assert_true (signin_store_drop_account (store, "nobody", NULL));
  g_clear_pointer (&store, signin_store_free);
  expect_kept (scratch, "contoso: contoso/chromium, contoso/firefox, ");

  /* The sessions of an account go with it, and do not come back with its name. */
  store = scratch_open (scratch);
  g_assert_true (signin_store_drop_account (store, "contoso", NULL));
  put_account (store, longer);
  g_clear_pointer (&store, signin_store_free);
  expect_kept (scratch, "contoso: ");
}

static void
test_transactions (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (SigninAccountInfo) info = scratch_account (scratch, "newcomer", -1);
  g_autoptr (SigninStore) store = NULL;
  g_autoptr (Loaded) loaded = NULL;
  SigninSession session = scratch_session ("manual");

  scratch_fill (scratch);
  store = scratch_open (scratch);
  begin (store);
  put_account (store, info);
  put_session (store, "newcomer", &session);
  g_assert_true (signin_store_drop_account (store, "contoso", NULL));
  signin_store_rollback (store);
  loaded = loaded_new (store);
  g_assert_cmpstr (loaded->text->str, ==, SCRATCH_FILLED);

  /* Where there is nothing to roll back, nothing happens. */
  signin_store_rollback (store);
  begin (store);
  put_account (store, info);
  g_clear_pointer (&store, signin_store_free);
  expect_kept (scratch, SCRATCH_FILLED);

  store = scratch_open (scratch);
  begin (store);
  put_account (store, info);
  put_session (store, "newcomer", &session);
  commit (store);
  g_clear_pointer (&store, signin_store_free);
  expect_kept (scratch,
               "contoso: contoso/firefox, contoso/manual, fabrikam: fabrikam/manual, newcomer: newcomer/manual, ");
}

/* A session without its account would be lost at the next start. */
static void
test_orphan (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (SigninStore) store = scratch_open (scratch);
  g_autoptr (GError) error = NULL;
  SigninSession session = scratch_session ("manual");

  g_assert_false (signin_store_put_session (store, "nobody", &session, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_STORAGE);
}

static void
test_full_disk (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (SigninAccountInfo) info = scratch_account (scratch, "newcomer", -1);
  g_autoptr (SigninStore) store = NULL;
  g_autoptr (Loaded) loaded = NULL;
  g_autoptr (GError) error = NULL;
  gboolean kept;

  scratch_fill (scratch);
  store = scratch_open (scratch);
  begin (store);
  scratch_fill_disk (TRUE);
  kept = signin_store_put_account (store, info, &error) && signin_store_commit (store, &error);
  signin_store_rollback (store);
  scratch_fill_disk (FALSE);
  g_assert_false (kept);
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_STORAGE);
  loaded = loaded_new (store);
  g_assert_cmpuint (loaded->n_accounts, ==, 2);

  begin (store);
  put_account (store, info);
  commit (store);
  g_clear_pointer (&store, signin_store_free);
  expect_kept (scratch, "contoso: contoso/firefox, contoso/manual, fabrikam: fabrikam/manual, newcomer: ");
}

/* Rows that make no sense are passed over, one by one, and stay in the file. */
static void
test_impossible_rows (void)
{
  static const struct
  {
    const char *sql;
    const char *text;
  } cases[] = {
    { "UPDATE sessions SET length_usec = -1 WHERE source = 'firefox'", "session" },
    { "UPDATE sessions SET lead_usec = -1 WHERE source = 'firefox'", "session" },
    { "UPDATE sessions SET lead_usec = length_usec + 1 WHERE source = 'firefox'", "session" },
    { "UPDATE sessions SET lead_usec = length_usec WHERE source = 'firefox'", "session" },
    { "UPDATE sessions SET real_usec = 1 << 60 WHERE source = 'firefox'", "session" },
    { "UPDATE sessions SET real_usec = -(1 << 60) WHERE source = 'firefox'", "session" },
    { "UPDATE sessions SET boot_usec = 1 << 60 WHERE source = 'firefox'", "session" },
    { "UPDATE sessions SET boot_usec = -(1 << 60) WHERE source = 'firefox'", "session" },
    { "UPDATE sessions SET length_usec = 1 << 60 WHERE source = 'firefox'", "session" },
    { "UPDATE sessions SET boot_id = x'00' WHERE source = 'firefox'", "session" },
    { "UPDATE sessions SET source = '' WHERE source = 'firefox'", "session" },
    { "UPDATE sessions SET source = char (27) || '[31m' WHERE source = 'firefox'", "session" },
    { "UPDATE sessions SET source = printf ('%0100d', 1) WHERE source = 'firefox'", "session" },
    { "INSERT INTO accounts SELECT 'NO ID', service, user_name, organization, region, url, length_usec, lead_usec"
      " FROM accounts WHERE id = 'contoso'; UPDATE sessions SET account = 'NO ID' WHERE source = 'firefox'",
      "account" },
    { "INSERT INTO accounts VALUES ('odd', 'no-such-service', NULL, NULL, NULL, NULL, 1, 1);"
      " UPDATE sessions SET account = 'odd' WHERE source = 'firefox'",
      "account" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Scratch) scratch = scratch_new ();
      g_autofree char *pattern = g_strdup_printf ("*%s*makes no sense*", cases[i].text);

      scratch_fill (scratch);
      scratch_sql (scratch, cases[i].sql);
      for (guint again = 0; again < 2; again++)
        {
          g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, pattern);
          expect_kept (scratch, "contoso: contoso/manual, fabrikam: fabrikam/manual, ");
          g_test_assert_expected_messages ();
        }
    }
}

/* Odd, but with a meaning. */
static void
test_odd_rows (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (SigninStore) store = NULL;
  g_autoptr (Loaded) loaded = NULL;

  scratch_fill (scratch);
  scratch_sql (scratch, "UPDATE sessions SET announced = 255, silent = 7, dismissed = -1, opened = -1, boot_id = NULL");
  store = scratch_open (scratch);
  loaded = loaded_new (store);
  g_assert_cmpuint (loaded->sessions->len, ==, 3);
  for (guint i = 0; i < loaded->sessions->len; i++)
    {
      const SigninSession *session = &g_array_index (loaded->sessions, SigninSession, i);

      g_assert_cmpuint (session->announced, ==, SIGNIN_MARKS_ALL);
      g_assert_true (session->silent);
      g_assert_true (session->dismissed);
      g_assert_true (session->opened);
      g_assert_true (sd_id128_is_null (session->start.boot_id));
    }
}

/* How much of SQLite's code we have mapped, in kB. */
static guint64
measure_sqlite (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean inside = FALSE;
  guint64 kilobytes = 0;

  g_assert_true (g_file_get_contents ("/proc/self/smaps", &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      if (g_ascii_isxdigit (**line) && strchr (*line, '-') != NULL)
        inside = strstr (*line, " r-xp ") != NULL && strstr (*line, "/libsqlite3.") != NULL;
      else if (inside && g_str_has_prefix (*line, "Rss:"))
        kilobytes += g_ascii_strtoull (*line + strlen ("Rss:"), NULL, 10);
    }
  return kilobytes;
}

/* Bytes of the database that are kept in memory. */
static int
measure_pages (SigninStore *store)
{
  int bytes = 0, highest = 0;

  g_assert_cmpint (sqlite3_db_status (signin_store_get_database (store), SQLITE_DBSTATUS_CACHE_USED, &bytes, &highest,
                                      0),
                   ==, SQLITE_OK);
  return bytes;
}

/* A store that rested has lost nothing, and keeps what it is given. */
static void
test_rest (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  SigninSession firefox = scratch_session ("firefox");
  g_autoptr (SigninStore) store = NULL;
  guint64 used;
  int pages;

  scratch_fill (scratch);
  store = scratch_open (scratch);
  used = measure_sqlite ();
  pages = measure_pages (store);
  g_assert_cmpuint (used, >, 0);
  signin_store_rest (signin_store_get_database (store));
  g_assert_cmpuint (measure_sqlite (), <, used / 4);
  g_assert_cmpint (measure_pages (store), <, pages / 4);

  put_session (store, "contoso", &firefox);
  signin_store_rest (signin_store_get_database (store));
  g_clear_pointer (&store, signin_store_free);
  expect_kept (scratch, "contoso: contoso/firefox, contoso/manual, fabrikam: fabrikam/manual, ");
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/accounts", test_accounts);
  g_test_add_func ("/store/sessions", test_sessions);
  g_test_add_func ("/store/several", test_several);
  g_test_add_func ("/store/transactions", test_transactions);
  g_test_add_func ("/store/orphan", test_orphan);
  g_test_add_func ("/store/full-disk", test_full_disk);
  g_test_add_func ("/store/impossible-rows", test_impossible_rows);
  g_test_add_func ("/store/odd-rows", test_odd_rows);
  g_test_add_func ("/store/rest", test_rest);
  return g_test_run ();
}
