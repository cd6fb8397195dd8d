/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Talking to the daemon: calls that do not wait for each other, and errors in words that help. */

#include "config.h"

#include "bus.h"

#include <errno.h>

#include <glib/gi18n.h>

#include "errors.h"
#include "output.h"

/* Longer than starting the daemon takes on a slow machine; a person who waits this long has given up. */
#define TIMEOUT_USEC (20 * G_USEC_PER_SEC)

/**
 * signin_ctl_call_clear:
 * @call: a call
 *
 * Forgets the call; if it is still under way, its answer is not waited for.
 */
void
signin_ctl_call_clear (SigninCtlCall *call)
{
  g_clear_pointer (&call->slot, sd_bus_slot_unref);
  g_clear_pointer (&call->reply, sd_bus_message_unref);
}

static gboolean
fail (GError **error, SigninCtlExit code, const char *message)
{
  g_set_error_literal (error, SIGNIN_CTL_ERROR, code, message);
  return FALSE;
}

/* The standard error that a failed call or a lost connection gives, in words. */
static gboolean
fail_without_daemon (const char *name, const char *detail, GError **error)
{
  if (g_str_equal (name, SD_BUS_ERROR_SERVICE_UNKNOWN) || g_str_equal (name, SD_BUS_ERROR_NAME_HAS_NO_OWNER))
    return fail (error, SIGNIN_CTL_UNREACHABLE,
                 _ ("signind is not running and this session bus cannot start it; is it installed? "
                    "Try: systemctl --user enable --now signind"));
  if (g_str_equal (name, SD_BUS_ERROR_NO_REPLY) || g_str_equal (name, SD_BUS_ERROR_TIMEOUT))
    return fail (error, SIGNIN_CTL_UNREACHABLE, _ ("signind does not answer; try: systemctl --user restart signind"));
  if (g_str_has_prefix (name, "org.freedesktop.DBus.Error.Spawn.")
      || g_str_has_prefix (name, "org.freedesktop.systemd1."))
    return fail (error, SIGNIN_CTL_UNREACHABLE, _ ("signind could not be started; see: journalctl --user -u signind"));
  if (g_str_equal (name, SD_BUS_ERROR_DISCONNECTED))
    return fail (error, SIGNIN_CTL_UNREACHABLE, _ ("The session bus ended the connection; log in again"));
  if (g_str_equal (name, SD_BUS_ERROR_ACCESS_DENIED))
    return fail (error, SIGNIN_CTL_UNREACHABLE, _ ("The session bus does not let this program speak to signind"));
  if (g_str_equal (name, SD_BUS_ERROR_UNKNOWN_METHOD) || g_str_equal (name, SD_BUS_ERROR_UNKNOWN_INTERFACE)
      || g_str_equal (name, SD_BUS_ERROR_UNKNOWN_OBJECT) || g_str_equal (name, SD_BUS_ERROR_INVALID_ARGS))
    return fail (error, SIGNIN_CTL_FAILED,
                 _ ("The running signind is of another version; try: systemctl --user restart signind"));
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("signind failed: %s"), detail);
  return FALSE;
}

static gboolean
fail_by_reply (const sd_bus_error *reply, GError **error)
{
  g_autofree char *detail = signin_ctl_clean (reply->message);
  SigninError code;

  if (*detail == '\0')
    {
      g_free (detail);
      detail = g_strdup (_ ("it did not say why"));
    }
  if (!signin_error_from_name (reply->name, &code))
    return fail_without_daemon (reply->name, detail, error);
  g_set_error_literal (error, SIGNIN_ERROR, code, detail);
  return FALSE;
}

/**
 * signin_ctl_bus_failed:
 * @result: what a function of sd-bus returned
 * @error: (out): what that means, if it is an error
 *
 * Returns: whether it failed.
 */
gboolean
signin_ctl_bus_failed (int result, GError **error)
{
  if (result >= 0)
    return FALSE;
  if (result == -ETIMEDOUT)
    fail_without_daemon (SD_BUS_ERROR_TIMEOUT, "", error);
  else if (result == -ECONNRESET || result == -ENOTCONN || result == -EPIPE || result == -ESHUTDOWN)
    fail_without_daemon (SD_BUS_ERROR_DISCONNECTED, "", error);
  else if (result == -EBADMSG || result == -ENXIO)
    fail_without_daemon (SD_BUS_ERROR_UNKNOWN_METHOD, "", error);
  else
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("Speaking to signind failed: %s"),
                 g_strerror (-result));
  return TRUE;
}

/**
 * signin_ctl_bus_open:
 * @error: why there is no bus
 *
 * Begins a connection to the session bus, without waiting for it.
 *
 * Returns: (transfer full): the connection.
 */
sd_bus *
signin_ctl_bus_open (GError **error)
{
  sd_bus *bus = NULL;
  int r = sd_bus_open_user (&bus);

  if (r >= 0)
    return bus;
  if (r == -ENOMEDIUM)
    fail (error, SIGNIN_CTL_UNREACHABLE,
          _ ("There is no session bus here: neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set; "
             "try it in a login session"));
  else
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_UNREACHABLE,
                 _ ("The session bus cannot be reached (%s); try it in a login session"), g_strerror (-r));
  return NULL;
}

/**
 * signin_ctl_bus_message:
 * @bus: a connection
 * @interface: an interface of the manager's object
 * @method: one of its methods
 * @error: why not
 *
 * Returns: (transfer full): a call to be filled in and made.
 */
sd_bus_message *
signin_ctl_bus_message (sd_bus *bus, const char *interface, const char *method, GError **error)
{
  sd_bus_message *message = NULL;
  int r = sd_bus_message_new_method_call (bus, &message, SIGNIN_BUS_NAME, SIGNIN_OBJECT_PATH, interface, method);

  return signin_ctl_bus_failed (r, error) ? NULL : message;
}

static int
on_reply (sd_bus_message *message, void *user_data, sd_bus_error *ret_error G_GNUC_UNUSED)
{
  SigninCtlCall *call = user_data;

  call->reply = sd_bus_message_ref (message);
  return 1;
}

/**
 * signin_ctl_call_start:
 * @call: (out): the call; must stay where it is until it is cleared
 * @bus: a connection
 * @message: what to say
 * @error: why not
 *
 * Makes a call and does not wait for the answer, so that several can be under way at once.
 *
 * Returns: whether it could be sent.
 */
gboolean
signin_ctl_call_start (SigninCtlCall *call, sd_bus *bus, sd_bus_message *message, GError **error)
{
  return signin_ctl_call_start_within (call, bus, message, TIMEOUT_USEC, error);
}

/**
 * signin_ctl_call_start_within:
 * @call: (out): the call; must stay where it is until it is cleared
 * @bus: a connection
 * @message: what to say
 * @usec: how long the answer may take
 * @error: why not
 *
 * Like signin_ctl_call_start(), for somebody who takes more time.
 *
 * Returns: whether it could be sent.
 */
gboolean
signin_ctl_call_start_within (SigninCtlCall *call, sd_bus *bus, sd_bus_message *message, guint64 usec, GError **error)
{
  return !signin_ctl_bus_failed (sd_bus_call_async (bus, &call->slot, message, on_reply, call, usec), error);
}

/**
 * signin_ctl_call_poll:
 * @call: a call that was started
 * @bus: its connection
 * @usec: how long to wait at most
 * @error: why no answer can come any more
 *
 * Waits until there is an answer, good or not, something else has come, or the time is over.
 *
 * Returns: %FALSE if no answer can come any more.
 */
gboolean
signin_ctl_call_poll (SigninCtlCall *call, sd_bus *bus, guint64 usec, GError **error)
{
  int r = sd_bus_process (bus, NULL);

  if (r == 0 && call->reply == NULL)
    r = sd_bus_wait (bus, usec);
  return r >= 0 || r == -EINTR || !signin_ctl_bus_failed (r, error);
}

/**
 * signin_ctl_call_wait:
 * @call: a call that was started
 * @bus: its connection
 * @error: what the daemon, or whoever answered in its place, had against it
 *
 * Waits for the answer.
 *
 * Returns: whether @call has a good one.
 */
gboolean
signin_ctl_call_wait (SigninCtlCall *call, sd_bus *bus, GError **error)
{
  while (call->reply == NULL)
    if (!signin_ctl_call_poll (call, bus, G_MAXUINT64, error))
      return FALSE;
  if (!sd_bus_message_is_method_error (call->reply, NULL))
    return TRUE;
  return fail_by_reply (sd_bus_message_get_error (call->reply), error);
}

/**
 * signin_ctl_bus_call:
 * @bus: a connection
 * @message: (transfer none): what to say
 * @error: what the daemon had against it
 *
 * Makes one call and waits for its answer.
 *
 * Returns: (transfer full): the answer.
 */
sd_bus_message *
signin_ctl_bus_call (sd_bus *bus, sd_bus_message *message, GError **error)
{
  g_auto (SigninCtlCall) call = { NULL };

  if (!signin_ctl_call_start (&call, bus, message, error) || !signin_ctl_call_wait (&call, bus, error))
    return NULL;
  return g_steal_pointer (&call.reply);
}

/**
 * signin_ctl_append_string:
 * @message: a call whose open container is an `a{sv}`
 * @key: a key
 * @value: (nullable): its text; %NULL adds nothing
 *
 * Returns: a negative errno on failure.
 */
int
signin_ctl_append_string (sd_bus_message *message, const char *key, const char *value)
{
  return value != NULL ? sd_bus_message_append (message, "{sv}", key, "s", value) : 0;
}

/**
 * signin_ctl_append_time:
 * @message: a call whose open container is an `a{sv}`
 * @key: a key
 * @usec: its time or duration; a negative one adds nothing
 *
 * Returns: a negative errno on failure.
 */
int
signin_ctl_append_time (sd_bus_message *message, const char *key, gint64 usec)
{
  return usec >= 0 ? sd_bus_message_append (message, "{sv}", key, "t", (guint64) usec) : 0;
}

/**
 * signin_ctl_append_flag:
 * @message: a call whose open container is an `a{sv}`
 * @key: a key
 * @value: %FALSE adds nothing
 *
 * Returns: a negative errno on failure.
 */
int
signin_ctl_append_flag (sd_bus_message *message, const char *key, gboolean value)
{
  return value ? sd_bus_message_append (message, "{sv}", key, "b", 1) : 0;
}
