/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "history.h"

#include <errno.h>

#include "fields.h"

/* As many as the daemon gives at once. */
#define PAGE 500

static const SigninCtlField fields[] = {
  { "row", 't', G_STRUCT_OFFSET (SigninCtlPast, row) },
  { "account", 's', G_STRUCT_OFFSET (SigninCtlPast, account) },
  { "source", 's', G_STRUCT_OFFSET (SigninCtlPast, source) },
  { "end", 's', G_STRUCT_OFFSET (SigninCtlPast, end) },
  { "signed-in-at", 't', G_STRUCT_OFFSET (SigninCtlPast, began) },
  { "warns-at", 't', G_STRUCT_OFFSET (SigninCtlPast, warns_at) },
  { "expires-at", 't', G_STRUCT_OFFSET (SigninCtlPast, expires_at) },
  { "ended-at", 't', G_STRUCT_OFFSET (SigninCtlPast, ended) },
  { "silent", 'b', G_STRUCT_OFFSET (SigninCtlPast, silent) },
  { "answered", 'b', G_STRUCT_OFFSET (SigninCtlPast, answered) },
  { NULL },
};

static void
past_free (gpointer data)
{
  signin_ctl_fields_clear (fields, data);
  g_free (data);
}

/**
 * signin_ctl_history_append_period:
 * @message: a call whose open container is an `a{sv}`
 * @period: which sessions
 *
 * Returns: a negative errno on failure.
 */
int
signin_ctl_history_append_period (sd_bus_message *message, const SigninCtlPeriod *period)
{
  int r = signin_ctl_append_string (message, "account", period->account);

  if (r >= 0 && period->since > 0)
    r = signin_ctl_append_time (message, "since", period->since);
  if (r >= 0 && period->until > 0)
    r = signin_ctl_append_time (message, "until", period->until);
  return r;
}

static sd_bus_message *
ask (sd_bus *bus, const SigninCtlPeriod *period, gint64 after, GError **error)
{
  g_autoptr (sd_bus_message) message = signin_ctl_bus_message (bus, SIGNIN_MANAGER_INTERFACE, "GetHistory", error);
  int r;

  if (message == NULL)
    return NULL;
  r = sd_bus_message_open_container (message, 'a', "{sv}");
  if (r >= 0)
    r = signin_ctl_history_append_period (message, period);
  if (r >= 0)
    r = signin_ctl_append_time (message, "limit", PAGE);
  if (r >= 0)
    r = signin_ctl_append_time (message, "after", after);
  if (r >= 0)
    r = sd_bus_message_close_container (message);
  return signin_ctl_bus_failed (r, error) ? NULL : signin_ctl_bus_call (bus, message, error);
}

/* Adds what stands in an answer, and tells the number of the last row, or -1 if that was all. Nobody who answers with
 * more than was asked for is believed. */
static int
read_page (sd_bus_message *reply, GPtrArray *history, gint64 *after)
{
  guint n = 0;
  int r = sd_bus_message_enter_container (reply, 'a', "a{sv}");

  while (r >= 0 && (r = sd_bus_message_at_end (reply, 0)) == 0)
    {
      SigninCtlPast *past;

      if (n >= PAGE)
        return -E2BIG;
      past = g_new0 (SigninCtlPast, 1);
      signin_ctl_fields_init (fields, past);
      g_ptr_array_add (history, past);
      r = signin_ctl_fields_read (reply, fields, past, NULL, NULL);
      *after = past->row;
      n++;
    }
  if (n < PAGE)
    *after = -1;
  return r;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const SigninCtlPast *first = *(const SigninCtlPast *const *) a;
  const SigninCtlPast *second = *(const SigninCtlPast *const *) b;

  if (first->began != second->began)
    return first->began < second->began ? -1 : 1;
  return (first->row > second->row) - (first->row < second->row);
}

/**
 * signin_ctl_history_read:
 * @bus: a connection
 * @period: which sessions
 * @error: why not
 *
 * Returns: (transfer full) (element-type SigninCtlPast): the sessions, the first sign-in first.
 */
GPtrArray *
signin_ctl_history_read (sd_bus *bus, const SigninCtlPeriod *period, GError **error)
{
  g_autoptr (GPtrArray) history = g_ptr_array_new_with_free_func (past_free);
  gint64 before = -1;
  gint64 after = 0;

  /* Whoever answers with the same rows again and again is not asked for more. */
  while (after > before)
    {
      g_autoptr (sd_bus_message) reply = ask (bus, period, after, error);

      before = after;
      if (reply == NULL || signin_ctl_bus_failed (read_page (reply, history, &after), error))
        return NULL;
    }
  g_ptr_array_sort (history, compare);
  return g_steal_pointer (&history);
}

/**
 * signin_ctl_past_end:
 * @past: a session
 * @now_usec: now
 *
 * Returns: when it ended; @now_usec if it goes on.
 */
gint64
signin_ctl_past_end (const SigninCtlPast *past, gint64 now_usec)
{
  return MAX (past->ended != 0 ? past->ended : now_usec, past->began);
}

/**
 * signin_ctl_past_is_expired:
 * @past: a session
 *
 * Returns: whether it ran out.
 */
gboolean
signin_ctl_past_is_expired (const SigninCtlPast *past)
{
  return g_str_equal (past->end, "expired");
}

/**
 * signin_ctl_past_is_unnoticed:
 * @past: a session
 *
 * Returns: whether it ran out, and nobody had answered a popup before.
 */
gboolean
signin_ctl_past_is_unnoticed (const SigninCtlPast *past)
{
  return signin_ctl_past_is_expired (past) && !past->answered;
}
