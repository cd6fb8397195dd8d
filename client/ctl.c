/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One call of signinctl, from the command line to the exit code, and what all verbs need on the way. */

#include "config.h"

#include "ctl.h"

#include <signal.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "errors.h"
#include "notify.h"
#include "urgent.h"
#include "verbs.h"

static void
ctl_clear (SigninCtl *ctl)
{
  signin_ctl_args_clear (&ctl->args);
  g_clear_pointer (&ctl->bus, sd_bus_close_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninCtl, ctl_clear)

/**
 * signin_ctl_value:
 * @ctl: the call
 * @option: an option that takes a value
 *
 * Returns: (nullable) (transfer none): the value that was given.
 */
const char *
signin_ctl_value (const SigninCtl *ctl, SigninCtlOption option)
{
  return ctl->args.values[option];
}

/**
 * signin_ctl_connect:
 * @ctl: the call
 * @error: why there is no bus
 *
 * Returns: (transfer none): the connection to the session bus, made when first needed.
 */
sd_bus *
signin_ctl_connect (SigninCtl *ctl, GError **error)
{
  if (ctl->bus == NULL)
    ctl->bus = signin_ctl_bus_open (error);
  return ctl->bus;
}

/**
 * signin_ctl_look:
 * @ctl: the call
 * @error: why not
 *
 * Returns: (transfer full): what is true now.
 */
SigninCtlSnapshot *
signin_ctl_look (SigninCtl *ctl, GError **error)
{
  sd_bus *bus = signin_ctl_connect (ctl, error);
  SigninCtlSnapshot *snapshot = bus != NULL ? signin_ctl_snapshot_read (bus, error) : NULL;

  /* Starting the daemon may have taken a while. */
  ctl->now_usec = g_get_real_time ();
  return snapshot;
}

/**
 * signin_ctl_pick:
 * @ctl: the call
 * @snapshot: what is true
 * @error: why it is not clear which account is meant
 *
 * Returns: (transfer none): the account that was named, or the only one. Who clicked could name none, and means the
 * most urgent.
 */
const SigninCtlAccount *
signin_ctl_pick (SigninCtl *ctl, const SigninCtlSnapshot *snapshot, GError **error)
{
  if (ctl->args.n_words > 0)
    return signin_ctl_snapshot_find (snapshot, ctl->args.words[0], error);
  return signin_ctl_is_popup (ctl) ? signin_ctl_most_urgent (snapshot, error)
                                   : signin_ctl_snapshot_only (snapshot, error);
}

/**
 * signin_ctl_pick_id:
 * @ctl: the call
 * @error: why it is not clear which account is meant
 *
 * Like signin_ctl_pick(), but asks nobody if an account was named: whoever is told to do something knows it or not.
 *
 * Returns: (transfer full): its id.
 */
char *
signin_ctl_pick_id (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninCtlSnapshot) snapshot = NULL;
  const SigninCtlAccount *account;

  if (ctl->args.n_words > 0)
    return g_strdup (ctl->args.words[0]);
  snapshot = signin_ctl_look (ctl, error);
  if (snapshot == NULL)
    return NULL;
  account = signin_ctl_is_popup (ctl) ? signin_ctl_only_due (snapshot, error)
                                      : signin_ctl_snapshot_only (snapshot, error);
  return account != NULL ? g_strdup (account->id) : NULL;
}

/**
 * signin_ctl_begin:
 * @ctl: the call
 * @method: a method of the manager
 * @error: why not
 *
 * Returns: (transfer full): a message to fill in.
 */
sd_bus_message *
signin_ctl_begin (SigninCtl *ctl, const char *method, GError **error)
{
  sd_bus *bus = signin_ctl_connect (ctl, error);

  return bus != NULL ? signin_ctl_bus_message (bus, SIGNIN_MANAGER_INTERFACE, method, error) : NULL;
}

/* Says which accounts there are, to whoever named one that does not exist. */
static GError *
improve (SigninCtl *ctl, GError *refusal)
{
  g_autoptr (SigninCtlSnapshot) snapshot = NULL;
  GError *better = NULL;

  if (ctl->args.n_words == 0 || !g_error_matches (refusal, SIGNIN_ERROR, SIGNIN_ERROR_NO_SUCH_ACCOUNT))
    return refusal;
  snapshot = signin_ctl_look (ctl, NULL);
  if (snapshot == NULL || signin_ctl_snapshot_find (snapshot, ctl->args.words[0], &better) != NULL)
    return refusal;
  g_error_free (refusal);
  return better;
}

/**
 * signin_ctl_commit:
 * @ctl: the call
 * @message: what to do
 * @error: what the daemon had against it
 *
 * Has it done.
 *
 * Returns: whether it was.
 */
gboolean
signin_ctl_commit (SigninCtl *ctl, sd_bus_message *message, GError **error)
{
  GError *refusal = NULL;
  g_autoptr (sd_bus_message) reply = signin_ctl_bus_call (ctl->bus, message, &refusal);

  if (refusal != NULL)
    g_propagate_error (error, improve (ctl, refusal));
  return reply != NULL;
}

static void
on_signal (int number G_GNUC_UNUSED)
{
  _exit (SIGNIN_CTL_DONE);
}

/**
 * signin_ctl_end_on_signals:
 *
 * For verbs that go on until somebody ends them: that is how they are done. Every line has left by the time the next
 * one begins, so there is nothing to put in order.
 */
void
signin_ctl_end_on_signals (void)
{
  struct sigaction action = { .sa_handler = on_signal };

  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
}

/**
 * signin_ctl_is_popup:
 * @ctl: the call
 *
 * Returns: whether this was started from the desktop, and answers there.
 */
gboolean
signin_ctl_is_popup (const SigninCtl *ctl)
{
  return signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_POPUP);
}

/**
 * signin_ctl_tell:
 * @ctl: the call
 * @text: lines of valid UTF-8
 * @error: why not
 *
 * Writes to standard output, or shows a popup if that is asked for.
 *
 * Returns: an exit code.
 */
int
signin_ctl_tell (SigninCtl *ctl, const char *text, GError **error)
{
  sd_bus *bus;

  if (!signin_ctl_is_popup (ctl))
    return signin_ctl_show (text, error);
  bus = signin_ctl_connect (ctl, error);
  return bus != NULL && signin_ctl_notify_text (bus, text, error) != 0 ? SIGNIN_CTL_DONE : SIGNIN_CTL_FAILED;
}

/**
 * signin_ctl_show:
 * @text: valid UTF-8
 * @error: why not
 *
 * Writes to standard output.
 *
 * Returns: an exit code.
 */
int
signin_ctl_show (const char *text, GError **error)
{
  return signin_ctl_write (stdout, text, error) ? SIGNIN_CTL_DONE : SIGNIN_CTL_FAILED;
}

/**
 * signin_ctl_show_json:
 * @json: a document, which this ends
 * @error: why not
 *
 * Writes to standard output.
 *
 * Returns: an exit code.
 */
int
signin_ctl_show_json (SigninCtlJson *json, GError **error)
{
  g_autofree char *text = signin_ctl_json_finish (json);

  return signin_ctl_show (text, error);
}

static void
tell_error_json (const GError *error)
{
  g_auto (SigninCtlJson) json = { NULL };
  g_autofree char *message = signin_ctl_clean (error->message);
  g_autofree char *text = NULL;

  signin_ctl_json_init (&json, FALSE);
  signin_ctl_json_object (&json, "error");
  signin_ctl_json_string (&json, "code", signin_ctl_error_word (error));
  signin_ctl_json_int (&json, "exit_status", signin_ctl_error_exit (error));
  signin_ctl_json_string (&json, "message", message);
  signin_ctl_json_end (&json, '}');
  text = signin_ctl_json_finish (&json);
  signin_ctl_write (stdout, text, NULL);
}

/* Standard error is no place that somebody who clicked could see. */
static void
tell_error_popup (SigninCtl *ctl, const GError *error)
{
  g_autofree char *message = signin_ctl_clean (error->message);
  sd_bus *bus = signin_ctl_connect (ctl, NULL);

  if (bus != NULL)
    /* TRANSLATORS: title of a popup; its text says why */
    signin_ctl_notify (bus, _ ("Sign-in reminders: this did not work"), message, NULL);
}

static int
tell_error (const GError *error, gboolean json)
{
  g_autofree char *message = signin_ctl_clean (error->message);
  g_autofree char *line = g_strdup_printf ("signinctl: %s\n", message);

  if (json)
    tell_error_json (error);
  else
    signin_ctl_write (stderr, line, NULL);
  return signin_ctl_error_exit (error);
}

static int
run (SigninCtl *ctl, GError **error)
{
  if (signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_HELP))
    return signin_ctl_show_help (ctl, error);
  if (signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_VERSION))
    return signin_ctl_show_version (ctl, error);
  return ctl->args.verb->run (ctl, error);
}

/**
 * signin_ctl_main:
 * @argc: number of arguments
 * @argv: arguments
 *
 * Everything but the locale.
 *
 * Returns: the exit code.
 */
int
signin_ctl_main (int argc, char **argv)
{
  g_auto (SigninCtl) ctl = { .json = signin_ctl_args_wants_json (argc, argv), .now_usec = g_get_real_time () };
  g_autoptr (GError) error = NULL;
  int status;

  if (!signin_ctl_args_parse (&ctl.args, signin_ctl_verbs, argc, argv, &error))
    return tell_error (error, ctl.json);
  if (signin_ctl_is_popup (&ctl) && ctl.args.verb->run != signin_ctl_run_doctor)
    ctl.style = (SigninCtlStyle){ .width = SIGNIN_CTL_WIDTH_MAX, .unicode = TRUE };
  else
    signin_ctl_style_init (&ctl.style, STDOUT_FILENO, signin_ctl_args_has (&ctl.args, SIGNIN_CTL_OPT_PLAIN));
  status = run (&ctl, &error);
  if (error != NULL && signin_ctl_is_popup (&ctl))
    tell_error_popup (&ctl, error);
  return error != NULL ? tell_error (error, ctl.json) : status;
}
