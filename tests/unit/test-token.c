/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The token command as a child: what counts as a token, and that it is for the one who asked only. */

#include "config.h"

#include <string.h>

#include "token.h"

#define BOUND_USEC (30 * G_USEC_PER_SEC)
#define RESOURCE "https://graph.microsoft.com"

typedef struct
{
  gboolean called;
  char *token;
  char *reason;
} Answer;

static void
on_done (const char *token, const char *reason, gpointer user_data)
{
  Answer *answer = user_data;

  g_assert_false (answer->called);
  g_assert_true ((token == NULL) != (reason == NULL));
  answer->called = TRUE;
  answer->token = g_strdup (token);
  answer->reason = g_strdup (reason);
}

static void
answer_clear (Answer *answer)
{
  g_free (answer->token);
  g_free (answer->reason);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

static void
ask (const char *command, Answer *answer)
{
  gint64 bound = g_get_monotonic_time () + BOUND_USEC;
  g_autoptr (SigninTokenRun) run = signin_token_run_new (NULL, command, RESOURCE, on_done, answer);

  g_assert_false (answer->called);
  while (!answer->called && g_get_monotonic_time () < bound)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (answer->called);
}

static void
assert_token (const char *command, const char *token)
{
  g_auto (Answer) answer = { FALSE };

  ask (command, &answer);
  g_assert_cmpstr (answer.reason, ==, NULL);
  g_assert_cmpstr (answer.token, ==, token);
}

static void
assert_none (const char *command, const char *reason)
{
  g_auto (Answer) answer = { FALSE };

  ask (command, &answer);
  g_assert_cmpstr (answer.reason, ==, reason);
}

static void
test_tokens (void)
{
  assert_token ("printf eyJ0eXAiOiJKV1Qi.abc-_~+/=", "eyJ0eXAiOiJKV1Qi.abc-_~+/=");
  assert_token ("echo eyJ0eXAiOiJKV1QiLCJhbGci", "eyJ0eXAiOiJKV1QiLCJhbGci");
  assert_token ("sh -c 'printf \" \\r\\n0123456789abcdef \\r\\n\"; echo warning >&2'", "0123456789abcdef");
  assert_token ("sh -c 'printf %s. \"$1\" \"$SIGNIND_RESOURCE\" | tr -d :' x a%rb%r",
                "ahttps//graph.microsoft.combhttps//graph.microsoft.com.https//graph.microsoft.com.");
}

static void
test_none (void)
{
  assert_none ("true", "token-missing");
  assert_none ("echo Please run az login to set up an account", "token-malformed");
  assert_none ("sh -c 'echo 0123456789abcdef; echo 0123456789abcdef'", "token-malformed");
  assert_none ("sh -c 'printf 0123456789abcdef\\\\0'", "token-malformed");
  assert_none ("echo short", "token-malformed");
  assert_none ("sh -c 'printf %040000d 0'", "token-malformed");
  assert_none ("sh -c 'printf %070000d 0'", "token-too-long");
  assert_none ("sh -c 'exec yes'", "token-too-long");
}

static void
test_failure (void)
{
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "The token command ended with status 1");
  assert_none ("sh -c 'echo 0123456789abcdef; exit 1'", "token-command-failed");
  g_test_assert_expected_messages ();
}

/* What cannot be run is said without repeating it: it may have a secret in it. */
static void
test_invalid (void)
{
  static const char *const commands[] = { "", "   ", "'unclosed", "no-such-program-anywhere --secret", "/etc/passwd" };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE, "The token command is not run: *");
      assert_none (commands[i], "token-command-invalid");
      g_test_assert_expected_messages ();
    }
}

/* Whoever gives up hears no more of it. */
static void
test_free_early (void)
{
  g_auto (Answer) answer = { FALSE };
  g_auto (Answer) later = { FALSE };

  signin_token_run_free (signin_token_run_new (NULL, "echo 0123456789abcdef", RESOURCE, on_done, &answer));
  signin_token_run_free (signin_token_run_new (NULL, "", RESOURCE, on_done, &answer));
  ask ("true", &later);
  g_assert_false (answer.called);
}

static void
test_header (void)
{
  char *header = signin_token_header ("0123456789abcdef");

  g_assert_cmpstr (header, ==, "Authorization: Bearer 0123456789abcdef");
  signin_token_wipe (header);
  signin_token_wipe (NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token/tokens", test_tokens);
  g_test_add_func ("/token/none", test_none);
  g_test_add_func ("/token/failure", test_failure);
  g_test_add_func ("/token/invalid", test_invalid);
  g_test_add_func ("/token/free-early", test_free_early);
  g_test_add_func ("/token/header", test_header);
  return g_test_run ();
}
