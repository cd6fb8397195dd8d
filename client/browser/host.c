/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Started by a browser for each message of the extension: reads it, asks signind, answers, leaves. It can do nothing
 * that any other program of the same person could not do as well. */

#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "answer.h"
#include "frame.h"
#include "message.h"

/* How long asking may take: browsers have given up on it, or people have, a little later. */
#define TIMEOUT_SEC 5

#define IDENTIFIER "signind-browser-host"

static int answer_fd = -1;

/* Ready before it is needed: a signal handler can only write it. */
static char late_answer[64];
static gsize late_answer_len;

static void
on_alarm (int signal_number)
{
  ssize_t n = write (answer_fd, late_answer, late_answer_len);

  _exit (n == (ssize_t) late_answer_len ? EXIT_SUCCESS : EXIT_FAILURE);
}

static void
prepare_late_answer (void)
{
  g_autofree char *text = signin_answer_error (SIGNIN_ANSWER_DAEMON_AWAY);
  guint32 len = strlen (text);
  const struct sigaction action = { .sa_handler = on_alarm };

  G_STATIC_ASSERT (sizeof late_answer >= sizeof len + sizeof "{'ok':false,'error':'" SIGNIN_ANSWER_DAEMON_AWAY "'}");
  memcpy (late_answer, &len, sizeof len);
  /* NOLINTNEXTLINE(bugprone-not-null-terminated-result): its length goes before it */
  memcpy (late_answer + sizeof len, text, len);
  late_answer_len = sizeof len + len;
  sigaction (SIGALRM, &action, NULL);
}

static void
log_problem (const char *code, const char *reason)
{
  sd_journal_send ("PRIORITY=4", "SYSLOG_IDENTIFIER=" IDENTIFIER, "MESSAGE=%s: %s", code, reason, NULL);
}

/* Standard output is the browser's: whatever a library prints must not end up between the messages. */
static gboolean
take_output (void)
{
  answer_fd = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (answer_fd < 0)
    return FALSE;
  return dup2 (STDERR_FILENO, STDOUT_FILENO) >= 0 || close (STDOUT_FILENO) == 0;
}

static char *
answer (const char *data, gsize len)
{
  g_auto (SigninMessage) message = { 0 };
  g_autoptr (GError) error = NULL;
  const char *problem = NULL;
  char *text;

  if (!signin_message_parse (&message, data, len, &problem))
    {
      log_problem (SIGNIN_ANSWER_INVALID, problem);
      return signin_answer_error (SIGNIN_ANSWER_INVALID);
    }
  text = signin_answer_to (&message, &error);
  if (text != NULL && strlen (text) <= SIGNIN_FRAME_WRITE_MAX)
    return text;
  g_free (text);
  log_problem (error != NULL ? signin_answer_code (error) : SIGNIN_ANSWER_FAILED,
               error != NULL ? error->message : "the answer is too long for a browser");
  return signin_answer_error (error != NULL ? signin_answer_code (error) : SIGNIN_ANSWER_FAILED);
}

static gboolean
send_answer (const char *text)
{
  alarm (0);
  return signin_frame_write (answer_fd, text, strlen (text));
}

/* For who looks at it by hand: what browsers give begins with no dash. */
static gboolean
tell_about_itself (const char *option)
{
  if (g_str_equal (option, "--version"))
    puts (IDENTIFIER " (signind) " PACKAGE_VERSION);
  else if (g_str_equal (option, "--help"))
    puts ("Browsers start this program for their signind extension; see " IDENTIFIER "(8).");
  else
    return FALSE;
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autofree char *data = NULL;
  g_autofree char *text = NULL;
  gsize len = 0;

  setlocale (LC_ALL, "");
  if (argc == 2 && tell_about_itself (argv[1]))
    return EXIT_SUCCESS;
  if (!take_output ())
    return EXIT_FAILURE;
  prepare_late_answer ();

  switch (signin_frame_read (STDIN_FILENO, &data, &len))
    {
    case SIGNIN_FRAME_END:
      return EXIT_SUCCESS;
    case SIGNIN_FRAME_CUT:
      log_problem (SIGNIN_ANSWER_INVALID, "the message ends too early");
      return EXIT_FAILURE;
    case SIGNIN_FRAME_TOO_LARGE:
      log_problem (SIGNIN_ANSWER_TOO_LARGE, "more than 16 KiB were announced");
      text = signin_answer_error (SIGNIN_ANSWER_TOO_LARGE);
      break;
    case SIGNIN_FRAME_OK:
      alarm (TIMEOUT_SEC);
      text = answer (data, len);
      break;
    }
  return send_answer (text) ? EXIT_SUCCESS : EXIT_FAILURE;
}
