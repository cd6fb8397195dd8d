/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Popups of signinctl's own, for who has no terminal. */

#include "config.h"

#include "notify.h"

#include <string.h>

#include <glib/gi18n.h>

#include "icon.h"
#include "output.h"

/* Starting a server takes a while; one that hangs must not hold the person up. */
#define TIMEOUT_USEC (10 * G_USEC_PER_SEC)

#define URGENCY_NORMAL 1
#define NEVER 0

static sd_bus_message *
begin (sd_bus *bus, const char *method)
{
  sd_bus_message *message = NULL;

  sd_bus_message_new_method_call (bus, &message, SIGNIN_CTL_NOTIFICATIONS, SIGNIN_CTL_NOTIFICATIONS_PATH,
                                  SIGNIN_CTL_NOTIFICATIONS, method);
  return message;
}

/* Only asked where escaping would make a difference. */
static gboolean
reads_markup (sd_bus *bus)
{
  g_autoptr (sd_bus_message) message = begin (bus, "GetCapabilities");
  g_autoptr (sd_bus_message) reply = NULL;
  g_auto (GStrv) capabilities = NULL;

  return message != NULL && sd_bus_call (bus, message, TIMEOUT_USEC, NULL, &reply) >= 0
         && sd_bus_message_read_strv (reply, &capabilities) >= 0 && capabilities != NULL
         && g_strv_contains ((const char *const *) capabilities, "body-markup");
}

/* The hints are those of the daemon's popups, so that the same settings of the desktop hold for both. */
static int
fill_in (sd_bus_message *message, const char *title, const char *body)
{
  return sd_bus_message_append (message, "susssasa{sv}i", _ ("Sign-in reminders"), 0, signin_icon_name (), title, body,
                                2,
                                /* TRANSLATORS: a button */
                                "signind-close", _ ("Close"), 3, "desktop-entry", "s", SIGNIN_DESKTOP_ID, "urgency",
                                "y", URGENCY_NORMAL, "category", "s", "x-signind.session", NEVER);
}

/**
 * signin_ctl_notify:
 * @bus: the session bus
 * @title: what it says; makes sense alone
 * @body: more, as plain text
 * @error: why not
 *
 * Shows a popup that stays until somebody closes it.
 *
 * Returns: its number at the notification server, never 0; 0 on failure.
 */
guint
signin_ctl_notify (sd_bus *bus, const char *title, const char *body, GError **error)
{
  g_autoptr (sd_bus_message) message = begin (bus, "Notify");
  g_autoptr (sd_bus_message) reply = NULL;
  g_autofree char *text = strpbrk (body, "&<>") != NULL && reads_markup (bus) ? g_markup_escape_text (body, -1)
                                                                              : g_strdup (body);
  sd_bus_error failure = SD_BUS_ERROR_NULL;
  guint32 id = 0;
  int r = message != NULL ? fill_in (message, title, text) : -ENOMEM;

  if (r >= 0)
    r = sd_bus_call (bus, message, TIMEOUT_USEC, &failure, &reply);
  if (r >= 0)
    r = sd_bus_message_read (reply, "u", &id);
  if (r >= 0 && id == 0)
    r = -EBADMSG;
  if (r < 0)
    {
      g_autofree char *reason = signin_ctl_clean (failure.message != NULL ? failure.message : g_strerror (-r));

      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("No popup can be shown: %s"), reason);
      id = 0;
    }
  sd_bus_error_free (&failure);
  return id;
}

/**
 * signin_ctl_notify_text:
 * @bus: the session bus
 * @text: lines of text
 * @error: why not
 *
 * Shows a popup whose title is the first line.
 *
 * Returns: its number, 0 on failure.
 */
guint
signin_ctl_notify_text (sd_bus *bus, const char *text, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", 2);
  g_autofree char *body = g_strdup (lines[0] != NULL && lines[1] != NULL ? lines[1] : "");

  return signin_ctl_notify (bus, lines[0] != NULL ? lines[0] : "", g_strstrip (body), error);
}
