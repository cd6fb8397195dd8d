/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "settings-write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <glib/gi18n.h>

#include "datafile.h"
#include "exits.h"

#define NOWHERE G_MAXUINT

static gboolean
is_group (const char *line, const char *group)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (line));
  gsize len = strlen (group);

  return trimmed[0] == '[' && strncmp (trimmed + 1, group, len) == 0 && strcmp (trimmed + 1 + len, "]") == 0;
}

static gboolean
is_key (const char *line, const char *key)
{
  gsize len = strlen (key);

  line += strspn (line, " \t");
  return strncmp (line, key, len) == 0 && line[len + strspn (line + len, " \t")] == '=';
}

/* Finds the last line of @key in the groups called @group, which is the one that counts; and where a new one would go.
 */
static guint
find_line (char *const *lines, const char *group, const char *key, guint *place)
{
  guint found = NOWHERE;
  gboolean inside = FALSE;

  *place = NOWHERE;
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (lines[i][strspn (lines[i], " \t")] == '[')
        inside = is_group (lines[i], group);
      if (inside && is_key (lines[i], key))
        found = i;
      if (inside && lines[i][strspn (lines[i], " \t\r")] != '\0')
        *place = i + 1;
    }
  return found;
}

/**
 * signin_ctl_settings_edit:
 * @text: a settings file
 * @setting: a setting
 * @value: its new value, as a file has it
 *
 * Returns: (transfer full): @text with that value; comments, order and everything else stay as they are.
 */
char *
signin_ctl_settings_edit (const char *text, SigninSetting setting, const char *value)
{
  const char *group = signin_setting_group (setting);
  g_autofree char *line = g_strdup_printf ("%s=%s", signin_setting_key (setting), value);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *edited;
  guint place, found;

  found = find_line (lines, group, signin_setting_key (setting), &place);
  if (found == NOWHERE && place == NOWHERE)
    {
      gboolean ended = *text == '\0' || g_str_has_suffix (text, "\n");

      return g_strdup_printf ("%s%s%s[%s]\n%s\n", text, ended ? "" : "\n", *text == '\0' ? "" : "\n", group, line);
    }
  edited = g_string_new (NULL);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (found == NOWHERE && i == place)
        g_string_append_printf (edited, "%s\n", line);
      g_string_append_printf (edited, "%s%s", i == found ? line : lines[i], lines[i + 1] != NULL ? "\n" : "");
    }
  if (found == NOWHERE && place == g_strv_length (lines))
    g_string_append_printf (edited, "\n%s\n", line);
  return g_string_free (edited, FALSE);
}

static gboolean
refuse (const char *path, const GError *problem, GError **error)
{
  const char *why = problem->message;

  /* What GLib says when it writes names a file that nobody knows. */
  if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_ACCES)
      || g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_PERM))
    why = g_strerror (EACCES);
  else if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    why = g_strerror (ENOSPC);
  else if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_ROFS))
    why = g_strerror (EROFS);
  else if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
    why = g_strerror (ENOTDIR);
  else if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    why = g_strerror (ENOENT);
  else if (problem->domain == G_FILE_ERROR && problem->code != G_FILE_ERROR_INVAL)
    why = g_strerror (EIO);
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("Cannot write '%s': %s"), path, why);
  return FALSE;
}

/**
 * signin_ctl_settings_write:
 * @path: the person's settings file, which need not be there
 * @values: for each setting its new value, as a file has it, or %NULL to leave it alone
 * @error: why not
 *
 * Changes the file in one step: whoever reads it sees all of the old or all of the new one. A link stays a link.
 *
 * Returns: whether it is on the disk.
 */
gboolean
signin_ctl_settings_write (const char *path, char *const *values, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  char *resolved = realpath (path, NULL);
  g_autofree char *target = g_strdup (resolved != NULL ? resolved : path);
  g_autoptr (GError) problem = NULL;
  g_autoptr (GString) old = signin_datafile_read_text (target, SIGNIN_DATAFILE_MAX, &problem);
  g_autofree char *text = g_strdup (old != NULL ? old->str : "");

  free (resolved);
  if (old == NULL && !g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return refuse (path, problem, error);
  g_clear_error (&problem);
  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    if (values[i] != NULL)
      {
        char *edited = signin_ctl_settings_edit (text, i, values[i]);

        g_free (text);
        text = edited;
      }
  /* What is wrong with the folder is said by who writes into it. */
  g_mkdir_with_parents (folder, 0700);
  if (!g_file_set_contents_full (target, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &problem))
    return refuse (path, problem, error);
  return TRUE;
}
