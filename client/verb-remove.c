/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include <errno.h>
#include <glib/gstdio.h>

#include "describe.h"
#include "exits.h"
#include "provided-path.h"
#include "times.h"
#include "verbs.h"

static void
append_option (GString *command, const char *name, const char *value)
{
  g_autofree char *quoted = signin_ctl_quote (value);

  if (*value != '\0')
    g_string_append_printf (command, " --%s %s", name, quoted);
}

/* As it would be typed. */
static char *
format_minutes (gint64 usec)
{
  gint64 minutes = usec / SIGNIN_CTL_MINUTE;

  if (minutes == 0)
    return g_strdup ("none");
  if (minutes % 60 == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT "h", minutes / 60);
  return g_strdup_printf ("%" G_GINT64_FORMAT "min", minutes);
}

/* The call that brings @account back. Its address follows from organization and region where it has them. */
static char *
add_command (const SigninCtlAccount *account)
{
  GString *command = g_string_new ("signinctl add ");
  g_autofree char *id = signin_ctl_quote (account->id);
  g_autofree char *length = format_minutes (account->session_length);
  g_autofree char *warn = format_minutes (account->warning_lead);

  g_string_append (command, id);
  append_option (command, "service", account->service);
  append_option (command, "org", account->organization);
  append_option (command, "region", account->region);
  append_option (command, "user", account->user_name);
  if (*account->organization == '\0')
    append_option (command, "url", account->url);
  append_option (command, "length", length);
  if (account->session_length > 0)
    append_option (command, "warn", warn);
  return g_string_free (command, FALSE);
}

/* A file of the person's own hides the administrator's of the same name. %NULL if there is nothing to hide. */
static gboolean
hide (const char *id, char **mask, GError **error)
{
  g_autofree char *system_folder = signin_provided_system_path (NULL);
  g_autofree char *user_folder = signin_provided_user_path (NULL);
  g_autofree char *name = g_strconcat (id, SIGNIN_PROVIDED_SUFFIX, NULL);
  g_autofree char *path = g_build_filename (user_folder, name, NULL);

  if (!signin_provided_is_shown (system_folder, user_folder, id))
    return TRUE;
  if (g_mkdir_with_parents (user_folder, 0700) < 0
      || !g_file_set_contents (path, "# Hides the account of this name that the administrator provides.\n", -1, NULL))
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("%s cannot be written: %s"), path,
                   g_strerror (errno));
      return FALSE;
    }
  *mask = g_steal_pointer (&path);
  return TRUE;
}

/* What brings back what was hidden. */
static char *
show_again_command (const char *mask)
{
  g_autofree char *quoted = signin_ctl_quote (mask);

  return g_strdup_printf ("rm %s && systemctl --user reload signind", quoted);
}

static int
show (SigninCtl *ctl, const SigninCtlAccount *account, const char *mask, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *command = mask != NULL ? show_again_command (mask) : add_command (account);

  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_account (&json, "removed", account, ctl->now_usec);
      signin_ctl_json_string (&json, "add_again", command);
      return signin_ctl_show_json (&json, error);
    }
  if (mask != NULL)
    signin_ctl_line (out, &ctl->style, 0, _ ("Hid %s, which the administrator provides. To see it again:"),
                     account->id);
  else
    signin_ctl_line (out, &ctl->style, 0, _ ("Removed %s and its sessions. To add it again:"), account->id);
  signin_ctl_command (out, &ctl->style, 2, command);
  return signin_ctl_show (out->str, error);
}

/**
 * signin_ctl_run_remove:
 * @ctl: the call
 * @error: why not
 *
 * Removes an account without a question, or hides it if it is the administrator's, and says how to get it back.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_remove (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninCtlSnapshot) snapshot = signin_ctl_look (ctl, error);
  const SigninCtlAccount *account = snapshot != NULL ? signin_ctl_pick (ctl, snapshot, error) : NULL;
  g_autoptr (sd_bus_message) message = account != NULL ? signin_ctl_begin (ctl, "RemoveAccount", error) : NULL;
  g_autofree char *mask = NULL;

  if (message == NULL || signin_ctl_bus_failed (sd_bus_message_append (message, "s", account->id), error)
      || !hide (account->id, &mask, error))
    return SIGNIN_CTL_FAILED;
  if (!signin_ctl_commit (ctl, message, error))
    {
      if (mask != NULL)
        g_unlink (mask);
      return SIGNIN_CTL_FAILED;
    }
  return show (ctl, account, mask, error);
}
