/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Programs as children, and what they write. */

#include "config.h"

#include <string.h>

#include "run.h"

#define BOUND_USEC (20 * G_USEC_PER_SEC)
#define OUTPUT_MAX 64

static void
on_ended (SigninRun *run, gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static SigninRun *
run_script (const char *script, guint runtime_msec)
{
  const char *const argv[] = { "/bin/sh", "-c", script, NULL };
  const char *const facts[] = { "SIGNIND_FACT=a b", NULL };
  const SigninProgram program = {
    .name = "The program",
    .unit = "test",
    .description = "Test",
    .argv = argv,
    .facts = facts,
    .runtime_msec = runtime_msec,
    .output_max = OUTPUT_MAX,
  };
  gint64 bound = g_get_monotonic_time () + BOUND_USEC;
  gboolean ended = FALSE;
  SigninRun *run = signin_run_new (NULL, &program, on_ended, &ended);

  g_assert_false (ended);
  while (!ended && g_get_monotonic_time () < bound)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (ended);
  return run;
}

static void
test_output (void)
{
  g_autoptr (SigninRun) run = run_script ("printf '%s' \"$SIGNIND_FACT\"; echo never >&2; echo '!'", 10000);
  const SigninOutput *output = signin_run_get_output (run);

  g_assert_true (signin_run_succeeded (run));
  g_assert_cmpmem (output->bytes, output->len + 1, "a b!\n", 6);
  g_assert_false (output->cut);
}

static void
test_nothing (void)
{
  g_autoptr (SigninRun) run = run_script ("exit 0", 10000);

  g_assert_true (signin_run_succeeded (run));
  g_assert_cmpuint (signin_run_get_output (run)->len, ==, 0);
}

static void
test_limit (void)
{
  g_autoptr (SigninRun) full = run_script ("printf %064d 0", 10000);
  g_autoptr (SigninRun) over = run_script ("printf %065d 0", 10000);
  g_autoptr (SigninRun) endless = run_script ("exec yes", 10000);

  g_assert_cmpuint (signin_run_get_output (full)->len, ==, OUTPUT_MAX);
  g_assert_false (signin_run_get_output (full)->cut);
  g_assert_cmpuint (signin_run_get_output (over)->len, ==, OUTPUT_MAX);
  g_assert_true (signin_run_get_output (over)->cut);
  g_assert_cmpuint (signin_run_get_output (endless)->len, ==, OUTPUT_MAX);
  g_assert_cmpuint (strlen (signin_run_get_output (endless)->bytes), ==, OUTPUT_MAX);
  g_assert_true (signin_run_get_output (endless)->cut);
  /* It was not killed for the time it took, but because nobody listened. */
  g_assert_false (signin_run_succeeded (endless));
}

static void
expect_message (const char *pattern)
{
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, pattern);
}

static void
test_failure (void)
{
  g_autoptr (SigninRun) run = NULL;

  expect_message ("The program ended with status 3");
  run = run_script ("echo sorry; exit 3", 10000);
  g_test_assert_expected_messages ();
  g_assert_false (signin_run_succeeded (run));
  g_assert_cmpstr (signin_run_get_output (run)->bytes, ==, "sorry\n");
}

static void
test_too_long (void)
{
  g_autoptr (SigninRun) run = NULL;

  expect_message ("The program ran for more than 300 ms and was killed");
  run = run_script ("echo early; sleep 1000; echo late", 300);
  g_test_assert_expected_messages ();
  g_assert_false (signin_run_succeeded (run));
  g_assert_cmpstr (signin_run_get_output (run)->bytes, ==, "early\n");
}

/* What is left behind holds the pipe open; that is not waited for. */
static void
test_left_behind (void)
{
  g_autoptr (SigninRun) run = run_script ("sleep 1000 & echo done", 15000);

  g_assert_true (signin_run_succeeded (run));
  g_assert_cmpstr (signin_run_get_output (run)->bytes, ==, "done\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/output", test_output);
  g_test_add_func ("/run/nothing", test_nothing);
  g_test_add_func ("/run/limit", test_limit);
  g_test_add_func ("/run/failure", test_failure);
  g_test_add_func ("/run/too-long", test_too_long);
  g_test_add_func ("/run/left-behind", test_left_behind);
  return g_test_run ();
}
