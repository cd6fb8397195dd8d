/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Anybody can start the host and say anything to it: what passes here is short, of known form, and harmless. */

#include "config.h"

#include <jansson.h>
#include <string.h>

#include "address.h"
#include "message.h"
#include "source.h"
#include "text.h"

/* The end of the year 9999, in milliseconds: a time beyond it is none. */
#define LAST_MSEC G_GINT64_CONSTANT (253402300799999)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)

static gboolean
refuse (const char **problem, const char *what)
{
  *problem = what;
  return FALSE;
}

/* A text of an object; %NULL if it is not there or is no text. What has a null inside ends there for everybody. */
static const char *
get_text (const json_t *object, const char *key)
{
  const json_t *value = json_object_get (object, key);

  if (!json_is_string (value) || strlen (json_string_value (value)) != json_string_length (value))
    return NULL;
  return json_string_value (value);
}

static gboolean
is_host (const char *text)
{
  return text != NULL && signin_host_is_valid (text, strlen (text));
}

static gboolean
is_kind (const char *text)
{
  static const char *const kinds[] = { "signed-in", "sso", "signed-out", NULL };

  return text != NULL && g_strv_contains (kinds, text);
}

static gboolean
parse_at (SigninMessage *message, const json_t *object, const char **problem)
{
  const json_t *at = json_object_get (object, "at");

  message->at_usec = -1;
  if (at == NULL)
    return TRUE;
  if (!json_is_integer (at) || json_integer_value (at) <= 0 || json_integer_value (at) > LAST_MSEC)
    return refuse (problem, "\"at\" is not a time in whole milliseconds");
  message->at_usec = json_integer_value (at) * 1000;
  return TRUE;
}

static gboolean
parse_event (SigninMessage *message, const json_t *object, const char **problem)
{
  const char *host = get_text (object, "host");
  const char *organization_host = get_text (object, "organization_host");
  const char *kind = get_text (object, "kind");
  const char *browser = get_text (object, "browser");
  const char *profile = get_text (object, "profile");

  if (!is_host (host))
    return refuse (problem, "\"host\" is not a host name");
  if (json_object_get (object, "organization_host") != NULL && !is_host (organization_host))
    return refuse (problem, "\"organization_host\" is not a host name");
  if (!is_kind (kind))
    return refuse (problem, "\"kind\" is not known");
  if (browser == NULL || !signin_browser_is_known (browser))
    return refuse (problem, "\"browser\" is not known");
  if (profile == NULL || !signin_profile_is_valid (profile))
    return refuse (problem, "\"profile\" is not 16 hexadecimal digits");
  if (!parse_at (message, object, problem))
    return FALSE;
  message->host = g_strdup (host);
  message->organization_host = g_strdup (organization_host);
  message->kind = g_strdup (kind);
  message->source = g_strdup_printf ("%s:%s", browser, profile);
  return TRUE;
}

static gboolean
parse_account (SigninMessage *message, const json_t *object, const char **problem)
{
  const char *account = get_text (object, "account");

  if (account == NULL || !signin_text_is_id (account))
    return refuse (problem, "\"account\" is not the id of an account");
  message->account = g_strdup (account);
  return TRUE;
}

static gboolean
find_type (const char *word, SigninMessageType *type)
{
  static const char *const words[] = {
    [SIGNIN_MESSAGE_EVENT] = "event",
    [SIGNIN_MESSAGE_STATUS] = "status",
    [SIGNIN_MESSAGE_OPEN] = "open",
    [SIGNIN_MESSAGE_SNOOZE] = "snooze",
  };

  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (word, words[i]))
      {
        *type = (SigninMessageType) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * signin_message_parse:
 * @message: (out caller-allocates): what it says; cleared by the caller, also after a refusal
 * @data: a message from outside
 * @len: its length in bytes
 * @problem: (out) (transfer none): why it is refused, for the journal; repeats nothing of it
 *
 * Reads a message. Members that are not known are passed over, so that host and extension need not be of the same
 * version; members that are known have to be as they should.
 *
 * Returns: whether it makes sense
 */
gboolean
signin_message_parse (SigninMessage *message, const char *data, gsize len, const char **problem)
{
  g_autoptr (json_t) object = NULL;

  *message = (SigninMessage){ .at_usec = -1 };
  /* Strict UTF-8, no null, no name twice and no more than 2048 levels: jansson sees to that. */
  object = json_loadb (data, len, JSON_REJECT_DUPLICATES, NULL);
  if (!json_is_object (object))
    return refuse (problem, object == NULL ? "it is not JSON" : "it is not an object");
  if (!find_type (get_text (object, "type"), &message->type))
    return refuse (problem, "\"type\" is not known");
  if (message->type == SIGNIN_MESSAGE_EVENT)
    return parse_event (message, object, problem);
  return message->type == SIGNIN_MESSAGE_STATUS || parse_account (message, object, problem);
}

/**
 * signin_message_clear:
 * @message: a message
 *
 * Frees what it holds.
 */
void
signin_message_clear (SigninMessage *message)
{
  g_clear_pointer (&message->host, g_free);
  g_clear_pointer (&message->organization_host, g_free);
  g_clear_pointer (&message->kind, g_free);
  g_clear_pointer (&message->source, g_free);
  g_clear_pointer (&message->account, g_free);
}
