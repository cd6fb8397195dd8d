/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the desktop shows popups, and opens pages. */

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "doctor.h"
#include "handler.h"
#include "notify.h"

#define PORTAL "org.freedesktop.portal.Desktop"

#define NOTIFICATIONS SIGNIN_CTL_NOTIFICATIONS
#define NOTIFICATIONS_PATH SIGNIN_CTL_NOTIFICATIONS_PATH

/* What people have to know of servers that do things in their own way; tried with each. */
static const struct
{
  const char *server;
  const char *vendor; /* NULL where the name says it all */
  const char *text;
  const char *remedy;
} quirks[] = {
  { "dunst", NULL, N_ ("dunst shows no buttons on its popups"),
    N_ ("Middle-click a popup, or 'dunstctl action', to sign in again; 'dunstctl context' for its other actions") },
  { "mako", NULL, N_ ("mako shows no buttons on its popups"),
    N_ ("Click a popup, or 'makoctl invoke', to sign in again; 'makoctl menu' for its other actions") },
  { "Xfce Notify Daemon", NULL, N_ ("A click on the text of Xfce's popups only closes them"),
    N_ ("Press a button of the popup instead") },
  { "Notification Daemon", "MATE",
    N_ ("With do-not-disturb on, this server hides urgent popups too and does not say so"),
    N_ ("Look at 'signinctl status' then, or follow 'signinctl monitor'") },
};

static void
check_quirks (SigninDoctor *doctor, const char *server, const char *vendor)
{
  for (guint i = 0; i < G_N_ELEMENTS (quirks); i++)
    if (g_ascii_strcasecmp (quirks[i].server, server) == 0
        && (quirks[i].vendor == NULL || g_ascii_strcasecmp (quirks[i].vendor, vendor) == 0))
      signin_doctor_found (doctor, "notification-server-quirk", SIGNIN_VERDICT_NOTE, _ (quirks[i].remedy), "%s",
                           _ (quirks[i].text));
}

static void
check_capabilities (SigninDoctor *doctor)
{
  g_autoptr (sd_bus_message) reply = NULL;
  sd_bus_error failure = SD_BUS_ERROR_NULL;
  g_auto (GStrv) capabilities = NULL;
  g_autofree char *list = NULL;
  int r = sd_bus_call_method (doctor->bus, NOTIFICATIONS, NOTIFICATIONS_PATH, NOTIFICATIONS, "GetCapabilities",
                              &failure, &reply, NULL);

  if (r >= 0)
    r = sd_bus_message_read_strv (reply, &capabilities);
  if (r < 0)
    {
      g_autofree char *reason = signin_doctor_say (&failure, r);

      signin_doctor_found (doctor, "notification-capabilities", SIGNIN_VERDICT_PROBLEM, NULL,
                           _ ("The notification server does not say what it can do: %s"), reason);
      return;
    }
  list = g_strjoinv (", ", capabilities != NULL ? capabilities : (char *[]){ NULL });
  if (capabilities != NULL && g_strv_contains ((const char *const *) capabilities, "actions"))
    signin_doctor_found (doctor, "notification-capabilities", SIGNIN_VERDICT_OK, NULL, _ ("It can show: %s"), list);
  else
    signin_doctor_found (doctor, "notification-capabilities", SIGNIN_VERDICT_NOTE,
                         _ ("Use 'signinctl open', 'record' and 'dismiss' instead"),
                         _ ("This notification server has no buttons; it can show: %s"), list);
}

static void
check_server (SigninDoctor *doctor)
{
  g_autoptr (sd_bus_message) reply = NULL;
  sd_bus_error failure = SD_BUS_ERROR_NULL;
  const char *name = "";
  const char *vendor = "";
  const char *version = "";
  int r = sd_bus_call_method (doctor->bus, NOTIFICATIONS, NOTIFICATIONS_PATH, NOTIFICATIONS, "GetServerInformation",
                              &failure, &reply, NULL);

  if (r >= 0)
    r = sd_bus_message_read (reply, "ssss", &name, &vendor, &version, NULL);
  if (r < 0)
    {
      g_autofree char *reason = signin_doctor_say (&failure, r);

      signin_doctor_found (
          doctor, "notification-server", SIGNIN_VERDICT_PROBLEM,
          _ ("On a desktop, restart it or log in again. On a console or over SSH there is none. Warnings "
             "still go to D-Bus, 'signinctl monitor' and hooks"),
          _ ("The notification server cannot be used: %s"), reason);
      return;
    }
  /* TRANSLATORS: name, version and maker of a notification server */
  signin_doctor_found (doctor, "notification-server", SIGNIN_VERDICT_OK, NULL, _ ("Popups are shown by %s %s (%s)"),
                       name, version, vendor);
  check_capabilities (doctor);
  check_quirks (doctor, name, vendor);
}

/**
 * signin_doctor_check_popups:
 * @doctor: who looks
 *
 * Is there a notification server, and what can it do? Asking starts it.
 */
void
signin_doctor_check_popups (SigninDoctor *doctor)
{
  if (doctor->bus == NULL)
    return;
  if (signin_doctor_has_name (doctor->bus, NOTIFICATIONS) || signin_doctor_can_start (doctor->bus, NOTIFICATIONS))
    check_server (doctor);
  else
    signin_doctor_found (
        doctor, "notification-server", SIGNIN_VERDICT_PROBLEM,
        _ ("On a desktop, start the one that belongs to it, or install one, such as dunst or mako. On a "
           "console or over SSH, follow 'signinctl monitor', or put a program into "
           "~/.config/signind/hooks.d"),
        _ ("There is no notification server: no popup can be shown. Warnings still go to D-Bus, "
           "'signinctl monitor' and hooks"));
}

/**
 * signin_doctor_try_popup:
 * @doctor: who looks
 *
 * Does the notification server take a popup like those of the daemon? This one comes from signinctl itself.
 */
void
signin_doctor_try_popup (SigninDoctor *doctor)
{
  g_autoptr (GError) error = NULL;
  guint id;

  if (doctor->bus == NULL)
    return;
  id = signin_ctl_notify (doctor->bus, _ ("Test: a warning before a sign-in ends looks like this"),
                          _ ("This comes from 'signinctl doctor --popup'. Nothing has to be done."), &error);
  if (id != 0)
    signin_doctor_found (
        doctor, "test-popup", SIGNIN_VERDICT_OK,
        _ ("If you do not see it, look for do-not-disturb and the notification settings of the desktop"),
        _ ("signinctl itself, not signind, showed a test popup with the same hints; the notification "
           "server took it as number %u"),
        id);
  else
    signin_doctor_found (doctor, "test-popup", SIGNIN_VERDICT_PROBLEM, NULL, "%s", error->message);
}

static const char *
display_in (char **environment)
{
  static const char *const names[] = { "WAYLAND_DISPLAY", "DISPLAY" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = g_environ_getenv (environment, names[i]);

      if (value != NULL && *value != '\0')
        return names[i];
    }
  return NULL;
}

/**
 * signin_doctor_check_display:
 * @doctor: who looks
 *
 * Do programs that the user manager starts find the display?
 */
void
signin_doctor_check_display (SigninDoctor *doctor)
{
  g_auto (GStrv) own = g_get_environ ();
  const char *theirs = doctor->environment != NULL ? display_in (doctor->environment) : NULL;

  if (theirs != NULL)
    signin_doctor_found (doctor, "display", SIGNIN_VERDICT_OK, NULL, _ ("The user manager knows the display (%s)"),
                         theirs);
  else if (display_in (own) == NULL)
    signin_doctor_found (doctor, "display", SIGNIN_VERDICT_NOTE, _ ("'signinctl open' shows the address instead"),
                         _ ("There is no display here: no page can be opened"));
  else if (doctor->has_manager)
    signin_doctor_found (doctor, "display", SIGNIN_VERDICT_PROBLEM,
                         _ ("Have the start of your desktop call: dbus-update-activation-environment --systemd DISPLAY "
                            "WAYLAND_DISPLAY XAUTHORITY"),
                         _ ("The user manager does not know the display: the browser may not start from a popup"));
}

static char **
merged_environment (SigninDoctor *doctor)
{
  char **environment = g_get_environ ();

  for (char **variable = doctor->environment; variable != NULL && *variable != NULL; variable++)
    {
      g_auto (GStrv) parts = g_strsplit (*variable, "=", 2);

      if (parts[0] != NULL && *parts[0] != '\0' && parts[1] != NULL)
        environment = g_environ_setenv (environment, parts[0], parts[1], TRUE);
    }
  return environment;
}

/* The three ways of the daemon, in its order. */
static void
check_way (SigninDoctor *doctor)
{
  if (doctor->has_manager)
    signin_doctor_found (doctor, "opening", SIGNIN_VERDICT_OK, NULL, _ ("Pages are opened by the user manager"));
  else if (signin_doctor_has_name (doctor->bus, PORTAL) || signin_doctor_can_start (doctor->bus, PORTAL))
    signin_doctor_found (doctor, "opening", SIGNIN_VERDICT_OK, NULL, _ ("Pages are opened by the desktop portal"));
  else
    signin_doctor_found (doctor, "opening", SIGNIN_VERDICT_NOTE, NULL,
                         _ ("There is neither a user manager nor a desktop portal: signind starts the browser itself"));
}

/**
 * signin_doctor_check_browser:
 * @doctor: who looks
 *
 * Is there a browser, and a way to start it?
 */
void
signin_doctor_check_browser (SigninDoctor *doctor)
{
  g_auto (GStrv) environment = merged_environment (doctor);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) command = signin_handler_command ("https://example.com/", (const char *const *) environment, &error);

  if (command != NULL)
    signin_doctor_found (doctor, "browser", SIGNIN_VERDICT_OK, NULL, _ ("Pages open in %s"), command[0]);
  else if (display_in (environment) != NULL)
    signin_doctor_found (
        doctor, "browser", SIGNIN_VERDICT_PROBLEM,
        _ ("Choose a web browser in the settings of the desktop, or: xdg-settings set default-web-browser "
           "firefox.desktop"),
        _ ("No program is set up to open web pages"));
  if (doctor->bus != NULL && (command != NULL || display_in (environment) != NULL))
    check_way (doctor);
}

static gboolean
logind_knows_lock (void)
{
  sd_bus *system = NULL;
  int locked = 0;
  int r = sd_bus_open_system (&system);

  if (r >= 0)
    r = sd_bus_get_property_trivial (system, "org.freedesktop.login1", "/org/freedesktop/login1/session/auto",
                                     "org.freedesktop.login1.Session", "LockedHint", NULL, 'b', &locked);
  sd_bus_close_unref (system);
  return r >= 0;
}

static gboolean
desktop_knows_lock (SigninDoctor *doctor)
{
  static const char *const names[] = { "org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.mate.ScreenSaver",
                                       "org.xfce.ScreenSaver", "org.cinnamon.ScreenSaver" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (signin_doctor_has_name (doctor->bus, names[i]))
      return TRUE;
  return FALSE;
}

/**
 * signin_doctor_check_lock:
 * @doctor: who looks
 *
 * Does anybody say when the screen is unlocked?
 */
void
signin_doctor_check_lock (SigninDoctor *doctor)
{
  if (doctor->bus == NULL)
    return;
  if (logind_knows_lock () || desktop_knows_lock (doctor))
    signin_doctor_found (doctor, "screen-lock", SIGNIN_VERDICT_OK, NULL,
                         _ ("It is known when the screen is unlocked: a popup is shown again then"));
  else
    signin_doctor_found (doctor, "screen-lock", SIGNIN_VERDICT_NOTE, NULL,
                         _ ("Nobody says when the screen is unlocked: a popup is not shown again then"));
}
