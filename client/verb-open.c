/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "verbs.h"

static gboolean
has_display (void)
{
  const char *x11 = g_getenv ("DISPLAY");
  const char *wayland = g_getenv ("WAYLAND_DISPLAY");

  return (x11 != NULL && *x11 != '\0') || (wayland != NULL && *wayland != '\0');
}

/* The address came over the bus: it must not be an option, a file, or a program's own scheme. */
static gboolean
check_url (const SigninCtlAccount *account, GError **error)
{
  if (g_str_has_prefix (account->url, "https://") && strpbrk (account->url, " \t") == NULL)
    return TRUE;
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
               _ ("'%s' has no address that can be opened; give it one: signinctl edit %s --url URL"), account->id,
               account->id);
  return FALSE;
}

/* The browser must outlive this terminal. */
static void
leave_session (gpointer user_data G_GNUC_UNUSED)
{
  setsid ();
}

static gboolean
spawn (char **argv, GError **error)
{
  return g_spawn_async (NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                        leave_session, NULL, NULL, error);
}

static gboolean
open_url (const char *url, GError **error)
{
  char *xdg_open[] = { (char *) "xdg-open", (char *) url, NULL };
  char *gio_open[] = { (char *) "gio", (char *) "open", (char *) url, NULL };
  g_autoptr (GError) reason = NULL;

  if (spawn (xdg_open, NULL) || spawn (gio_open, &reason))
    return TRUE;
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
               _ ("Nothing here opens pages (%s); install xdg-utils, or open it yourself: %s"), reason->message, url);
  return FALSE;
}

static int
show (SigninCtl *ctl, const SigninCtlAccount *account, gboolean opened, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);

  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_string (&json, "account", account->id);
      signin_ctl_json_string (&json, "url", account->url);
      signin_ctl_json_bool (&json, "opened", opened);
      return signin_ctl_show_json (&json, error);
    }
  /* Who clicked sees the page. */
  if (opened && signin_ctl_is_popup (ctl))
    return SIGNIN_CTL_DONE;
  if (opened)
    {
      signin_ctl_line (out, &ctl->style, 0, _ ("Opening the page of %s. After signing in: signinctl record %s"),
                       account->id, account->id);
      return signin_ctl_show (out->str, error);
    }
  /* Alone on its line and never shortened: this is to be copied. */
  g_string_append_printf (out, "%s\n", account->url);
  return signin_ctl_tell (ctl, out->str, error);
}

/**
 * signin_ctl_run_open:
 * @ctl: the call
 * @error: why not
 *
 * Opens the page to sign in on, here and not through the daemon: this process knows the person's display best. Where
 * there is none, shows the address.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_open (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninCtlSnapshot) snapshot = signin_ctl_look (ctl, error);
  const SigninCtlAccount *account = snapshot != NULL ? signin_ctl_pick (ctl, snapshot, error) : NULL;
  gboolean opened = FALSE;

  if (account == NULL || !check_url (account, error))
    return SIGNIN_CTL_FAILED;
  if (has_display ())
    {
      if (!open_url (account->url, error))
        return SIGNIN_CTL_FAILED;
      opened = TRUE;
    }
  return show (ctl, account, opened, error);
}
