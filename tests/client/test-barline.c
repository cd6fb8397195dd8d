/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a status bar shows, and when it has to be drawn anew. */

#include "config.h"

#include <time.h>

#include "client/barline.h"
#include "client/times.h"

#define NOW (G_GINT64_CONSTANT (1795528800) * G_USEC_PER_SEC)

static SigninCtlSnapshot *snapshot;

static SigninCtlAccount *
add (const char *id, const char *state, gint64 ends_in_usec)
{
  SigninCtlAccount *account = g_new0 (SigninCtlAccount, 1);

  account->id = g_strdup (id);
  account->state = g_strdup (state);
  account->expires_at = ends_in_usec != 0 ? NOW + ends_in_usec : 0;
  account->signed_in_at = NOW + ends_in_usec - 8 * SIGNIN_CTL_HOUR;
  account->sessions = g_ptr_array_new ();
  g_ptr_array_add (snapshot->accounts, account);
  return account;
}

static void
begin (void)
{
  g_clear_pointer (&snapshot, signin_ctl_snapshot_free);
  snapshot = signin_ctl_snapshot_new ();
}

static void
expect (gint64 now_usec, const char *text, const char *state)
{
  g_auto (SigninCtlBarLine) line = { NULL };

  signin_ctl_bar_line_init (&line, snapshot, now_usec);
  g_assert_cmpstr (line.text, ==, text);
  g_assert_cmpstr (line.state, ==, state);
}

static void
test_texts (void)
{
  begin ();
  expect (NOW, "", "none");
  add ("out", "signed-out", 0);
  expect (NOW, "out signed out", "signed-out");
  add ("late", "expired", -2 * SIGNIN_CTL_HOUR);
  expect (NOW, "late expired", "expired");
  add ("later", "expired", -SIGNIN_CTL_HOUR - 1);
  expect (NOW, "later expired", "expired");
  add ("endless", "active", 0);
  expect (NOW, "endless signed in", "active");
  add ("contoso", "active", 72 * SIGNIN_CTL_MINUTE);
  expect (NOW, "contoso 1 h 12 min", "active");
  add ("just", "expired", -SIGNIN_CTL_MINUTE);
  expect (NOW, "just expired", "expired");
  expect (NOW + SIGNIN_CTL_HOUR, "contoso 12 min", "active");
  add ("soon", "expiring", 12 * SIGNIN_CTL_MINUTE);
  expect (NOW, "soon ends in 12 min", "expiring");
  expect (NOW + 11 * SIGNIN_CTL_MINUTE, "soon ends in 1 min", "expiring");
  expect (NOW + 11 * SIGNIN_CTL_MINUTE + G_USEC_PER_SEC, "soon ends within 1 min", "expiring");
  expect (NOW + 13 * SIGNIN_CTL_MINUTE, "soon ends within 1 min", "expiring");
}

/* The time given is the very microsecond from which on the words are others, and no two are less than a minute apart.
 */
static void
test_changes (void)
{
  gint64 at = NOW;
  guint n = 0;

  begin ();
  add ("contoso", "active", 8 * SIGNIN_CTL_HOUR - 30 * G_USEC_PER_SEC);
  for (;;)
    {
      g_auto (SigninCtlBarLine) line = { NULL };
      g_auto (SigninCtlBarLine) before = { NULL };
      g_auto (SigninCtlBarLine) after = { NULL };

      signin_ctl_bar_line_init (&line, snapshot, at);
      if (line.changes_at == 0)
        break;
      g_assert_cmpint (line.changes_at, >, at);
      if (n > 0)
        g_assert_cmpint (line.changes_at - at, >=, SIGNIN_CTL_MINUTE);
      signin_ctl_bar_line_init (&before, snapshot, line.changes_at - 1);
      signin_ctl_bar_line_init (&after, snapshot, line.changes_at);
      g_assert_cmpstr (before.text, ==, line.text);
      g_assert_cmpstr (after.text, !=, line.text);
      at = line.changes_at;
      n++;
    }
  g_assert_cmpuint (n, ==, 479);
}

/* What stays as it is needs nobody to wake up. */
static void
test_rest (void)
{
  static const struct
  {
    const char *state;
    gint64 ends_in_usec;
  } still[] = { { "signed-out", 0 }, { "expired", -1 }, { "expired", -SIGNIN_CTL_HOUR }, { "active", 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (still); i++)
    {
      g_auto (SigninCtlBarLine) line = { NULL };

      begin ();
      add ("contoso", still[i].state, still[i].ends_in_usec);
      signin_ctl_bar_line_init (&line, snapshot, NOW);
      g_assert_cmpint (line.changes_at, ==, 0);
    }
  begin ();
  {
    g_auto (SigninCtlBarLine) line = { NULL };
    g_auto (SigninCtlBarLine) stopped = { NULL };

    /* An end stops to be news after an hour, if something else goes on. */
    add ("contoso", "expired", -SIGNIN_CTL_MINUTE);
    add ("fabrikam", "active", SIGNIN_CTL_HOUR * 4);
    signin_ctl_bar_line_init (&line, snapshot, NOW);
    g_assert_cmpint (line.changes_at, ==, NOW + SIGNIN_CTL_HOUR - SIGNIN_CTL_MINUTE);
    signin_ctl_bar_line_init (&stopped, NULL, NOW);
    g_assert_cmpstr (stopped.state, ==, "stopped");
    g_assert_cmpint (stopped.changes_at, ==, 0);
  }
}

int
main (int argc, char **argv)
{
  int status;

  g_setenv ("TZ", "UTC", TRUE);
  tzset ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/barline/texts", test_texts);
  g_test_add_func ("/barline/changes", test_changes);
  g_test_add_func ("/barline/rest", test_rest);
  status = g_test_run ();
  g_clear_pointer (&snapshot, signin_ctl_snapshot_free);
  return status;
}
