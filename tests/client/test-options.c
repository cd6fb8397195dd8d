/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command line: what is understood, and what is refused with which hint. */

#include "config.h"

#include "client/exits.h"
#include "client/verbs.h"

/**
 * Line:
 * @argv: a command line, which @args borrows from
 * @args: what was read of it
 */
typedef struct
{
  char **argv;
  SigninCtlArgs args;
} Line;

static void
line_clear (Line *line)
{
  signin_ctl_args_clear (&line->args);
  g_strfreev (line->argv);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Line, line_clear)

static gboolean
parse (Line *line, const char *text, GError **error)
{
  g_autofree char *full = g_strconcat ("signinctl ", text, NULL);
  int argc = 0;

  g_assert_true (g_shell_parse_argv (full, &argc, &line->argv, NULL));
  return signin_ctl_args_parse (&line->args, signin_ctl_verbs, argc, line->argv, error);
}

static void
assert_verb (const char *text, const char *verb)
{
  g_auto (Line) line = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (parse (&line, text, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (line.args.verb->name, ==, verb);
}

static void
assert_refused (const char *text, const char *part)
{
  g_auto (Line) line = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (parse (&line, text, &error));
  g_assert_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE);
  g_test_message ("%s: %s", text, error->message);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_verbs (void)
{
  assert_verb ("", "status");
  assert_verb ("--json", "status");
  assert_verb ("record", "record");
  assert_verb ("signed-in", "record");
  assert_verb ("signed-out contoso", "end");
  assert_verb ("--json record contoso --plain", "record");
  assert_verb ("status a b c", "status");
  for (const SigninCtlVerb *verb = signin_ctl_verbs; verb->name != NULL; verb++)
    {
      g_autofree char *help = g_strconcat (verb->name, " --help", NULL);

      assert_verb (help, verb->name);
    }
}

static void
test_options (void)
{
  g_auto (Line) line = { NULL };
  g_auto (Line) joined = { NULL };

  g_assert_true (parse (&line, "edit --length '8 h' --user '' --from-next-sign-in -- contoso", NULL));
  g_assert_cmpstr (line.args.values[SIGNIN_CTL_OPT_LENGTH], ==, "8 h");
  g_assert_cmpstr (line.args.values[SIGNIN_CTL_OPT_USER], ==, "");
  g_assert_true (signin_ctl_args_has (&line.args, SIGNIN_CTL_OPT_FROM_NEXT));
  g_assert_false (signin_ctl_args_has (&line.args, SIGNIN_CTL_OPT_WARN));
  g_assert_cmpuint (line.args.n_words, ==, 1);
  g_assert_cmpstr (line.args.words[0], ==, "contoso");
  g_assert_true (parse (&joined, "record --at=08:12", NULL));
  g_assert_cmpstr (joined.args.values[SIGNIN_CTL_OPT_AT], ==, "08:12");
}

static void
test_refused (void)
{
  assert_refused ("statsu", "'status'");
  assert_refused ("recrod", "'record'");
  assert_refused ("singed-in", "'signed-in'");
  assert_refused ("frobnicate", "--help");
  assert_refused ("''", "--help");
  assert_refused ("--jsn", "--json");
  assert_refused ("record --aat 08:12", "--at");
  assert_refused ("record --frobnicate", "signinctl record --help");
  assert_refused ("record -a", "written out");
  assert_refused ("record --at", "--at TIME");
  assert_refused ("record --at --json", "--at TIME");
  assert_refused ("record --at 08:12 --at 08:13", "twice");
  assert_refused ("record --json=yes", "no value");
  assert_refused ("--at 08:12", "record --at");
  assert_refused ("status --min-remaining 5min", "check --min-remaining");
  assert_refused ("edit contoso --service office365", "remove it and add it again");
  assert_refused ("record 25 min ago", "quotes");
  assert_refused ("monitor contoso", "stands alone");
}

static void
test_bounds (void)
{
  g_autofree char *longest = g_strnfill (5000, 'x');
  char *invalid[] = { (char *) "signinctl", (char *) "status", (char *) "\xc3(", NULL };
  char *endless[] = { (char *) "signinctl", (char *) "status", longest, NULL };
  g_auto (SigninCtlArgs) first = { NULL };
  g_auto (SigninCtlArgs) second = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (signin_ctl_args_parse (&first, signin_ctl_verbs, 3, invalid, &error));
  g_assert_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE);
  g_assert_nonnull (strstr (error->message, "UTF-8"));
  g_clear_error (&error);
  g_assert_false (signin_ctl_args_parse (&second, signin_ctl_verbs, 3, endless, &error));
  g_assert_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE);
  g_assert_nonnull (strstr (error->message, "4096"));
}

static void
test_nearest (void)
{
  const char *const words[] = { "add", "edit", "end", "record", NULL };

  g_assert_cmpstr (signin_ctl_nearest ("ad", words), ==, "add");
  g_assert_cmpstr (signin_ctl_nearest ("recordd", words), ==, "record");
  g_assert_cmpstr (signin_ctl_nearest ("recxxx", words), ==, NULL);
  g_assert_cmpstr (signin_ctl_nearest ("", words), ==, NULL);
  g_assert_cmpstr (signin_ctl_nearest ("zz", words), ==, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/options/verbs", test_verbs);
  g_test_add_func ("/options/options", test_options);
  g_test_add_func ("/options/refused", test_refused);
  g_test_add_func ("/options/bounds", test_bounds);
  g_test_add_func ("/options/nearest", test_nearest);
  return g_test_run ();
}
