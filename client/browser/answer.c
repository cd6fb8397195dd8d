/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <jansson.h>

#include "answer.h"
#include "errors.h"
#include "snapshot.h"
#include "snooze.h"
#include "source.h"

/**
 * signin_answer_error:
 * @code: one of `SIGNIN_ANSWER_*`
 *
 * Returns: (transfer full): the answer that something did not work
 */
char *
signin_answer_error (const char *code)
{
  return g_strdup_printf ("{\"ok\":false,\"error\":\"%s\"}", code);
}

/**
 * signin_answer_code:
 * @error: what went wrong
 *
 * Returns: (transfer none): the word for it
 */
const char *
signin_answer_code (const GError *error)
{
  if (g_error_matches (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_UNREACHABLE))
    return SIGNIN_ANSWER_DAEMON_AWAY;
  if (error->domain != SIGNIN_ERROR)
    return SIGNIN_ANSWER_FAILED;
  switch ((SigninError) error->code)
    {
    case SIGNIN_ERROR_NO_SUCH_ACCOUNT:
      return SIGNIN_ANSWER_NO_SUCH_ACCOUNT;
    case SIGNIN_ERROR_NOT_SIGNED_IN:
      return SIGNIN_ANSWER_NOT_SIGNED_IN;
    case SIGNIN_ERROR_INVALID_ARGUMENT:
    case SIGNIN_ERROR_INVALID_TIME:
      return SIGNIN_ANSWER_INVALID;
    case SIGNIN_ERROR_ACCOUNT_EXISTS:
    case SIGNIN_ERROR_LIMIT_EXCEEDED:
    case SIGNIN_ERROR_STORAGE:
      break;
    }
  return SIGNIN_ANSWER_FAILED;
}

static int
append_event (sd_bus_message *call, const SigninMessage *message)
{
  int r = sd_bus_message_append (call, "ss", message->host, message->kind);

  if (r >= 0)
    r = sd_bus_message_open_container (call, 'a', "{sv}");
  if (r >= 0)
    r = signin_ctl_append_string (call, "source", message->source);
  if (r >= 0)
    r = signin_ctl_append_string (call, "organization-host", message->organization_host);
  if (r >= 0)
    r = signin_ctl_append_time (call, "at", message->at_usec);
  return r < 0 ? r : sd_bus_message_close_container (call);
}

/* What of the outcome is passed on; the rest is skipped. */
typedef struct
{
  const char *account;
  int suggested;
} Outcome;

static int
read_outcome (sd_bus_message *reply, Outcome *outcome)
{
  int r = sd_bus_message_enter_container (reply, 'a', "{sv}");

  while (r >= 0 && (r = sd_bus_message_enter_container (reply, 'e', "sv")) > 0)
    {
      const char *key;

      r = sd_bus_message_read_basic (reply, 's', &key);
      if (r >= 0 && g_str_equal (key, "account"))
        r = sd_bus_message_read (reply, "v", "s", &outcome->account);
      else if (r >= 0 && g_str_equal (key, "suggested"))
        r = sd_bus_message_read (reply, "v", "b", &outcome->suggested);
      else if (r >= 0)
        r = sd_bus_message_skip (reply, "v");
      if (r >= 0)
        r = sd_bus_message_exit_container (reply);
    }
  return r;
}

static json_t *
report (sd_bus *bus, const SigninMessage *message, GError **error)
{
  g_autoptr (sd_bus_message) call = signin_ctl_bus_message (bus, SIGNIN_MANAGER_INTERFACE, "ReportBrowserEvent", error);
  g_autoptr (sd_bus_message) reply = NULL;
  Outcome outcome = { "", 0 };

  if (call == NULL || signin_ctl_bus_failed (append_event (call, message), error))
    return NULL;
  reply = signin_ctl_bus_call (bus, call, error);
  if (reply == NULL || signin_ctl_bus_failed (read_outcome (reply, &outcome), error))
    return NULL;
  return json_pack ("{s:b, s:s, s:b}", "ok", 1, "account", outcome.account, "suggested", outcome.suggested);
}

static json_t *
describe_account (const SigninCtlAccount *account)
{
  const char *name = *account->service_name != '\0' ? account->service_name : account->service;
  g_autofree char *source = signin_source_describe (account->source, FALSE);

  return json_pack ("{s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:s, s:s}", "id", account->id, "name", name, "state",
                    account->state, "signed_in_at", (json_int_t) account->signed_in_at / 1000, "warns_at",
                    (json_int_t) account->warns_at / 1000, "expires_at", (json_int_t) account->expires_at / 1000, "url",
                    account->url, "source", account->source, "source_name", source);
}

static json_t *
describe_all (sd_bus *bus, GError **error)
{
  g_autoptr (SigninCtlSnapshot) snapshot = signin_ctl_snapshot_read (bus, error);
  json_t *accounts;

  if (snapshot == NULL)
    return NULL;
  accounts = json_array ();
  for (guint i = 0; i < snapshot->accounts->len; i++)
    json_array_append_new (accounts, describe_account (signin_ctl_snapshot_get (snapshot, i)));
  return json_pack ("{s:b, s:s, s:o}", "ok", 1, "version", snapshot->daemon_version, "accounts", accounts);
}

static json_t *
act (sd_bus *bus, const SigninMessage *message, GError **error)
{
  gboolean opens = message->type == SIGNIN_MESSAGE_OPEN;
  g_autoptr (sd_bus_message) call = signin_ctl_bus_message (bus, SIGNIN_MANAGER_INTERFACE,
                                                            opens ? "OpenSignInPage" : "Snooze", error);
  g_autoptr (sd_bus_message) reply = NULL;
  int r;

  if (call == NULL)
    return NULL;
  if (opens)
    r = sd_bus_message_append (call, "sa{sv}", message->account, 0);
  else
    r = sd_bus_message_append (call, "st", message->account, (guint64) signin_ctl_usual_snooze ());
  if (signin_ctl_bus_failed (r, error))
    return NULL;
  reply = signin_ctl_bus_call (bus, call, error);
  return reply != NULL ? json_pack ("{s:b}", "ok", 1) : NULL;
}

static json_t *
ask (sd_bus *bus, const SigninMessage *message, GError **error)
{
  switch (message->type)
    {
    case SIGNIN_MESSAGE_EVENT:
      return report (bus, message, error);
    case SIGNIN_MESSAGE_STATUS:
      return describe_all (bus, error);
    case SIGNIN_MESSAGE_OPEN:
    case SIGNIN_MESSAGE_SNOOZE:
      return act (bus, message, error);
    }
  g_return_val_if_reached (NULL);
}

/**
 * signin_answer_to:
 * @message: what the extension said
 * @error: what went wrong; see signin_answer_code()
 *
 * Asks signind.
 *
 * Returns: (transfer full): the answer
 */
char *
signin_answer_to (const SigninMessage *message, GError **error)
{
  g_autoptr (sd_bus) bus = signin_ctl_bus_open (error);
  json_t *answer = bus != NULL ? ask (bus, message, error) : NULL;
  g_autofree char *text = answer != NULL ? json_dumps (answer, JSON_COMPACT) : NULL;

  json_decref (answer);
  if (text == NULL && error != NULL && *error == NULL)
    g_set_error_literal (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, "the answer cannot be written as JSON");
  return g_steal_pointer (&text);
}
