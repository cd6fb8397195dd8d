/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the daemon is there: the bus, its name, its unit. */

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "doctor.h"

#define SYSTEMD "org.freedesktop.systemd1"
#define SYSTEMD_PATH "/org/freedesktop/systemd1"
#define SYSTEMD_MANAGER SYSTEMD ".Manager"
#define SYSTEMD_UNIT SYSTEMD ".Unit"
#define SYSTEMD_SERVICE SYSTEMD ".Service"

#define BUS "org.freedesktop.DBus"
#define BUS_PATH "/org/freedesktop/DBus"

#define UNIT "signind.service"

/**
 * signin_doctor_has_name:
 * @bus: a bus
 * @name: a name on it
 *
 * Returns: whether somebody has it.
 */
gboolean
signin_doctor_has_name (sd_bus *bus, const char *name)
{
  g_autoptr (sd_bus_message) reply = NULL;
  int owned = 0;

  return sd_bus_call_method (bus, BUS, BUS_PATH, BUS, "NameHasOwner", NULL, &reply, "s", name) >= 0
         && sd_bus_message_read (reply, "b", &owned) >= 0 && owned;
}

/**
 * signin_doctor_can_start:
 * @bus: a bus
 * @name: a name on it
 *
 * Returns: whether the bus would start who owns it.
 */
gboolean
signin_doctor_can_start (sd_bus *bus, const char *name)
{
  g_autoptr (sd_bus_message) reply = NULL;
  g_auto (GStrv) names = NULL;

  return sd_bus_call_method (bus, BUS, BUS_PATH, BUS, "ListActivatableNames", NULL, &reply, NULL) >= 0
         && sd_bus_message_read_strv (reply, &names) >= 0 && names != NULL
         && g_strv_contains ((const char *const *) names, name);
}

/**
 * signin_doctor_say:
 * @failure: (inout): an error that came over the bus, or an empty one; it is freed
 * @result: what a function of sd-bus returned
 *
 * Returns: (transfer full): it in words.
 */
char *
signin_doctor_say (sd_bus_error *failure, int result)
{
  char *text;

  if (result == -ETIMEDOUT || sd_bus_error_has_name (failure, SD_BUS_ERROR_NO_REPLY))
    text = g_strdup (_ ("it does not answer"));
  else
    text = g_strdup (failure->message != NULL ? failure->message : g_strerror (-result));
  sd_bus_error_free (failure);
  return text;
}

/**
 * signin_doctor_check_bus:
 * @doctor: who looks
 *
 * Is there a session bus, and a user manager on it?
 */
void
signin_doctor_check_bus (SigninDoctor *doctor)
{
  g_autoptr (GError) error = NULL;
  const char *unique = NULL;

  if (signin_ctl_connect (doctor->ctl, &error) == NULL || sd_bus_get_unique_name (doctor->bus, &unique) < 0)
    {
      doctor->bus = NULL;
      signin_doctor_found (doctor, "session-bus", SIGNIN_VERDICT_PROBLEM,
                           _ ("signind and popups need one: log in to a desktop, or start a shell in dbus-run-session"),
                           "%s", error != NULL ? error->message : _ ("The session bus does not answer"));
      return;
    }
  doctor->has_manager = signin_doctor_has_name (doctor->bus, SYSTEMD);
  signin_doctor_found (doctor, "session-bus", SIGNIN_VERDICT_OK, NULL, _ ("There is a session bus"));
  if (!doctor->has_manager)
    {
      signin_doctor_found (
          doctor, "user-manager", SIGNIN_VERDICT_NOTE, NULL,
          _ ("There is no systemd user manager: the session bus starts signind, at the first call or by "
             "the autostart entry"));
      return;
    }
  signin_doctor_found (doctor, "user-manager", SIGNIN_VERDICT_OK, NULL, _ ("There is a systemd user manager"));
  sd_bus_get_property_strv (doctor->bus, SYSTEMD, SYSTEMD_PATH, SYSTEMD_MANAGER, "Environment", NULL,
                            &doctor->environment);
}

static void
check_version (SigninDoctor *doctor, const char *version)
{
  if (g_str_equal (version, PACKAGE_VERSION))
    signin_doctor_found (doctor, "daemon", SIGNIN_VERDICT_OK, NULL, _ ("signind %s answers"), version);
  else
    signin_doctor_found (doctor, "daemon", SIGNIN_VERDICT_PROBLEM, _ ("Try: systemctl --user restart signind"),
                         _ ("signind %s runs, but signinctl is %s"), version, PACKAGE_VERSION);
}

/**
 * signin_doctor_check_daemon:
 * @doctor: who looks
 *
 * Does signind answer, and would it be started if it did not run? Asking starts it.
 */
void
signin_doctor_check_daemon (SigninDoctor *doctor)
{
  g_autoptr (SigninCtlSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;

  if (doctor->bus == NULL)
    return;
  if (!signin_doctor_can_start (doctor->bus, SIGNIN_BUS_NAME))
    signin_doctor_found (
        doctor, "activation", SIGNIN_VERDICT_PROBLEM,
        _ ("The file org.signind.Signin1.service belongs into a folder dbus-1/services that the bus looks "
           "into; 'make install' says how, and logging in again helps after an installation"),
        _ ("The session bus does not know how to start signind"));
  else
    signin_doctor_found (doctor, "activation", SIGNIN_VERDICT_OK, NULL, _ ("The session bus can start signind"));
  snapshot = signin_ctl_snapshot_read (doctor->bus, &error);
  if (snapshot == NULL)
    {
      signin_doctor_found (doctor, "daemon", SIGNIN_VERDICT_PROBLEM, NULL, "%s", error->message);
      return;
    }
  check_version (doctor, snapshot->daemon_version);
  if (snapshot->accounts->len == 0)
    signin_doctor_found (doctor, "accounts", SIGNIN_VERDICT_NOTE,
                         _ ("Add one: signinctl add https://contoso.crm4.dynamics.com"),
                         _ ("There is no account, so there is nothing to warn of"));
}

/**
 * signin_doctor_check_storage:
 * @doctor: who looks
 *
 * Does the daemon keep what it is told?
 */
void
signin_doctor_check_storage (SigninDoctor *doctor)
{
  g_autofree char *problem = NULL;

  if (doctor->bus == NULL || !signin_doctor_has_name (doctor->bus, SIGNIN_BUS_NAME)
      || sd_bus_get_property_string (doctor->bus, SIGNIN_BUS_NAME, SIGNIN_OBJECT_PATH, SIGNIN_MANAGER_INTERFACE,
                                     "StorageProblem", NULL, &problem)
             < 0)
    return;
  if (*problem == '\0')
    signin_doctor_found (doctor, "storage", SIGNIN_VERDICT_OK, NULL, _ ("Accounts and sign-ins are kept on disk"));
  else
    signin_doctor_found (doctor, "storage", SIGNIN_VERDICT_PROBLEM,
                         _ ("Mend that, then: systemctl --user restart signind"),
                         _ ("What is recorded is forgotten when signind stops: %s"), problem);
}

/**
 * signin_doctor_check_health:
 * @doctor: who looks
 *
 * Would the bus start who asks the network? It is not started for that, and no network is asked.
 */
void
signin_doctor_check_health (SigninDoctor *doctor)
{
  if (doctor->bus == NULL)
    return;
  if (signin_doctor_can_start (doctor->bus, SIGNIN_HEALTH_BUS_NAME)
      || signin_doctor_has_name (doctor->bus, SIGNIN_HEALTH_BUS_NAME))
    signin_doctor_found (doctor, "health", SIGNIN_VERDICT_OK, NULL,
                         _ ("The session bus can start signin-healthd, which asks whether signing in works"));
  else
    signin_doctor_found (
        doctor, "health", SIGNIN_VERDICT_NOTE,
        _ ("The file org.signind.Health1.service belongs into a folder dbus-1/services that the bus "
           "looks into; logging in again helps after an installation"),
        _ ("The session bus does not know how to start signin-healthd: warnings come all the same, but "
           "without a word on whether signing in works, and 'signinctl health' does not"));
}

static char *
unit_property (SigninDoctor *doctor, const char *path, const char *interface, const char *property)
{
  char *value = NULL;

  sd_bus_get_property_string (doctor->bus, SYSTEMD, path, interface, property, NULL, &value);
  return value;
}

static gboolean
unit_flag (SigninDoctor *doctor, const char *path, const char *interface, const char *property)
{
  int value = 0;

  return sd_bus_get_property_trivial (doctor->bus, SYSTEMD, path, interface, property, NULL, 'b', &value) >= 0 && value;
}

/* The object of the unit, loaded if need be. */
static char *
load_unit (SigninDoctor *doctor)
{
  g_autoptr (sd_bus_message) reply = NULL;
  const char *path;

  if (sd_bus_call_method (doctor->bus, SYSTEMD, SYSTEMD_PATH, SYSTEMD_MANAGER, "LoadUnit", NULL, &reply, "s", UNIT) < 0
      || sd_bus_message_read (reply, "o", &path) < 0)
    return NULL;
  return g_strdup (path);
}

static gboolean
check_installed (SigninDoctor *doctor, const char *path)
{
  g_autofree char *state = unit_property (doctor, path, SYSTEMD_UNIT, "UnitFileState");
  g_autofree char *loaded = unit_property (doctor, path, SYSTEMD_UNIT, "LoadState");
  g_autofree char *link = g_strdup_printf (
      _ ("Try: mkdir -p ~/.local/share/systemd/user && ln -sf '%s'/signind*.service ~/.local/share/systemd/user/ && "
         "systemctl --user daemon-reload"),
      SYSTEMDUSERUNITDIR);

  if (g_strcmp0 (loaded, "masked") == 0)
    signin_doctor_found (doctor, "unit", SIGNIN_VERDICT_PROBLEM, _ ("Try: systemctl --user unmask signind.service"),
                         _ ("The unit signind.service is masked"));
  else if (g_strcmp0 (loaded, "loaded") != 0)
    signin_doctor_found (doctor, "unit", SIGNIN_VERDICT_PROBLEM, link,
                         _ ("systemd does not find the unit signind.service"));
  else if (state == NULL || !g_str_has_prefix (state, "enabled"))
    signin_doctor_found (doctor, "unit", SIGNIN_VERDICT_PROBLEM,
                         _ ("Try: systemctl --user enable --now signind.service"),
                         _ ("signind is not started at login: warnings would not come before the first call"));
  else
    {
      signin_doctor_found (doctor, "unit", SIGNIN_VERDICT_OK, NULL, _ ("signind is started at login"));
      return TRUE;
    }
  return g_strcmp0 (loaded, "loaded") == 0;
}

/**
 * signin_doctor_check_unit:
 * @doctor: who looks
 *
 * Is the unit installed, enabled and running?
 */
void
signin_doctor_check_unit (SigninDoctor *doctor)
{
  g_autofree char *path = doctor->has_manager ? load_unit (doctor) : NULL;
  g_autofree char *active = NULL;

  if (path == NULL || !check_installed (doctor, path))
    return;
  active = unit_property (doctor, path, SYSTEMD_UNIT, "ActiveState");
  if (unit_flag (doctor, path, SYSTEMD_UNIT, "NeedDaemonReload"))
    signin_doctor_found (doctor, "unit-reload", SIGNIN_VERDICT_PROBLEM,
                         _ ("Try: systemctl --user daemon-reload && systemctl --user restart signind"),
                         _ ("The unit signind.service has changed since systemd has read it"));
  if (g_strcmp0 (active, "active") == 0)
    signin_doctor_found (doctor, "unit-running", SIGNIN_VERDICT_OK, NULL, _ ("The unit signind.service runs"));
  else if (g_strcmp0 (active, "failed") == 0)
    signin_doctor_found (doctor, "unit-running", SIGNIN_VERDICT_PROBLEM,
                         _ ("See why: journalctl --user -u signind. Then: systemctl --user restart signind"),
                         _ ("The unit signind.service has failed"));
  else if (signin_doctor_has_name (doctor->bus, SIGNIN_BUS_NAME))
    signin_doctor_found (doctor, "unit-running", SIGNIN_VERDICT_NOTE, _ ("Try: systemctl --user start signind"),
                         _ ("signind runs, but not as the unit signind.service"));
  else
    signin_doctor_found (doctor, "unit-running", SIGNIN_VERDICT_PROBLEM, _ ("Try: systemctl --user start signind"),
                         _ ("The unit signind.service does not run"));
}

/**
 * signin_doctor_check_sandbox:
 * @doctor: who looks
 *
 * Is the second half of the sandbox there?
 */
void
signin_doctor_check_sandbox (SigninDoctor *doctor)
{
  g_autofree char *path = doctor->has_manager ? load_unit (doctor) : NULL;
  g_autofree char *loaded = path != NULL ? unit_property (doctor, path, SYSTEMD_UNIT, "LoadState") : NULL;

  if (g_strcmp0 (loaded, "loaded") != 0)
    return;
  if (unit_flag (doctor, path, SYSTEMD_SERVICE, "PrivateUsers"))
    signin_doctor_found (doctor, "sandbox", SIGNIN_VERDICT_OK, NULL, _ ("The whole sandbox of the unit is in use"));
  else
    signin_doctor_found (doctor, "sandbox", SIGNIN_VERDICT_NOTE,
                         _ ("Where they can be had, signind-sandbox-generator adds the other half at login"),
                         _ ("Half of the unit's sandbox is in use; the other half needs user namespaces"));
}
