/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "token.h"

#include <string.h>

#include "run.h"

/* Shorter is no token, and longer is refused by servers. */
#define TOKEN_MIN 16
#define TOKEN_MAX (32 * 1024)

#define ARGUMENTS_MAX 64

/* What a token may be made of: RFC 6750, b64token. No space and no line end can get into a header so. */
#define TOKEN_CHARACTERS G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-._~+/="

struct _SigninTokenRun
{
  SigninRun *run;
  GSource *failed;
  SigninTokenDone done;
  gpointer user_data;
};

static char *
fill_in (const char *argument, const char *resource)
{
  g_auto (GStrv) parts = g_strsplit (argument, "%r", -1);

  return g_strjoinv (resource, parts);
}

/**
 * signin_token_command_parse:
 * @command: the command, quoted as for a shell, which it is not run by
 * @resource: what the token is to be for: `%r` in arguments stands for it
 * @error: return location
 *
 * Returns: (transfer full): the program by its absolute path, and its arguments, or %NULL with an error that repeats
 *   nothing of @command
 */
char **
signin_token_command_parse (const char *command, const char *resource, GError **error)
{
  g_auto (GStrv) argv = NULL;
  char *program;
  int argc;

  if (!g_shell_parse_argv (command, &argc, &argv, NULL) || argc > ARGUMENTS_MAX)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "not a command of at most %d words", ARGUMENTS_MAX);
      return NULL;
    }
  program = g_find_program_in_path (argv[0]);
  if (program == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "its program is not there");
      return NULL;
    }
  g_free (argv[0]);
  argv[0] = program;
  for (int i = 1; i < argc; i++)
    {
      char *filled = fill_in (argv[i], resource);

      g_free (argv[i]);
      argv[i] = filled;
    }
  return g_steal_pointer (&argv);
}

/**
 * signin_token_find:
 * @output: what the command has written
 * @len: how much
 * @token_len: (out): how long the token is
 *
 * A token stands alone in a line of its own, with nothing after it: a message of a command that failed is not sent
 * anywhere.
 *
 * Returns: (nullable): where in @output it begins, if there is one
 */
const char *
signin_token_find (const char *output, gsize len, gsize *token_len)
{
  gsize start = 0;

  while (start < len && g_ascii_isspace (output[start]))
    start++;
  while (len > start && g_ascii_isspace (output[len - 1]))
    len--;
  *token_len = len - start;
  if (*token_len < TOKEN_MIN || *token_len > TOKEN_MAX)
    return NULL;
  for (gsize i = start; i < len; i++)
    if (output[i] == '\0' || strchr (TOKEN_CHARACTERS, output[i]) == NULL)
      return NULL;
  return output + start;
}

/**
 * signin_token_header:
 * @token: a token
 *
 * Returns: (transfer full): the header that it is sent in; free it with signin_token_wipe()
 */
char *
signin_token_header (const char *token)
{
  return g_strconcat ("Authorization: Bearer ", token, NULL);
}

/**
 * signin_token_wipe:
 * @secret: (nullable) (transfer full): what nobody else is to see
 */
void
signin_token_wipe (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static const char *
why_not (const SigninRun *run, const SigninOutput *output)
{
  if (output->cut)
    return "token-too-long";
  if (!signin_run_succeeded (run))
    return "token-command-failed";
  return output->len == 0 ? "token-missing" : "token-malformed";
}

static void
on_ended (SigninRun *run, gpointer user_data)
{
  SigninTokenRun *self = user_data;
  const SigninOutput *output = signin_run_get_output (run);
  gsize len = 0;
  const char *found = signin_token_find (output->bytes, output->len, &len);
  char *token = NULL;

  if (found != NULL && !output->cut && signin_run_succeeded (run))
    token = g_strndup (found, len);
  /* This may be the end of @self. */
  self->done (token, token == NULL ? why_not (run, output) : NULL, self->user_data);
  signin_token_wipe (token);
}

static gboolean
on_failed (gpointer user_data)
{
  SigninTokenRun *self = user_data;

  self->done (NULL, "token-command-invalid", self->user_data);
  return G_SOURCE_REMOVE;
}

/* Nobody may be called back before the one who asked for this run has it. */
static void
fail_later (SigninTokenRun *self)
{
  self->failed = g_idle_source_new ();
  g_source_set_callback (self->failed, on_failed, self, NULL);
  g_source_attach (self->failed, g_main_context_get_thread_default ());
}

/**
 * signin_token_run_new:
 * @bus: (nullable): the session bus
 * @command: the command of the settings
 * @resource: what the token is to be for, such as "https://graph.microsoft.com"; also in the command's environment, as
 *   SIGNIND_RESOURCE
 * @done: called once, never from in here; may free the run
 * @user_data: passed to @done
 *
 * Returns: (transfer full): a run of the command
 */
SigninTokenRun *
signin_token_run_new (GDBusConnection *bus, const char *command, const char *resource, SigninTokenDone done,
                      gpointer user_data)
{
  SigninTokenRun *self = g_new0 (SigninTokenRun, 1);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) argv = signin_token_command_parse (command, resource, &error);
  g_autofree char *fact = g_strconcat ("SIGNIND_RESOURCE=", resource, NULL);
  const char *const facts[] = { fact, NULL };
  const SigninProgram program = {
    .name = "The token command",
    .unit = "token",
    .description = "Token command of signind",
    .argv = (const char *const *) argv,
    .facts = facts,
    .runtime_msec = SIGNIN_TOKEN_RUNTIME_MSEC,
    .output_max = SIGNIN_TOKEN_OUTPUT_MAX,
  };

  self->done = done;
  self->user_data = user_data;
  if (argv != NULL)
    {
      self->run = signin_run_new (bus, &program, on_ended, self);
      return self;
    }
  g_message ("The token command is not run: %s", error->message);
  fail_later (self);
  return self;
}

/**
 * signin_token_run_free:
 * @run: (nullable) (transfer full): a run
 *
 * Wipes what it has written, and calls nobody back.
 */
void
signin_token_run_free (SigninTokenRun *run)
{
  if (run == NULL)
    return;
  if (run->failed != NULL)
    {
      g_source_destroy (run->failed);
      g_source_unref (run->failed);
    }
  g_clear_pointer (&run->run, signin_run_free);
  g_free (run);
}
