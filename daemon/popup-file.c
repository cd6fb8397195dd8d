/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which popups are on the screen, for the daemon that comes after one that was killed. In the runtime folder: popups do
 * not outlive the login either. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "popup-stage.h"

#define MAX_BYTES 4096
#define MAX_NAME 255

static char *
folder_path (void)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");

  return runtime != NULL && g_path_is_absolute (runtime) ? g_build_filename (runtime, "signind", NULL) : NULL;
}

/* Whatever lies there: neither waits for anybody nor reads without end. */
static char *
read_file (const char *path)
{
  char buffer[MAX_BYTES + 1] = { 0 };
  struct stat facts;
  gsize length = 0;
  gssize got = 0;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (fd < 0)
    return NULL;
  if (fstat (fd, &facts) == 0 && S_ISREG (facts.st_mode) && facts.st_uid == geteuid ())
    while (length < sizeof buffer && (got = read (fd, buffer + length, sizeof buffer - length)) > 0)
      length += got;
  close (fd);
  if (got < 0 || length > MAX_BYTES || memchr (buffer, '\0', length) != NULL)
    return NULL;
  return g_strndup (buffer, length);
}

/* A line is "BUS SERVER ID"; what is not one of ours, or of another bus, is passed over. */
static gboolean
parse_line (const char *line, const char *guid, SigninOldPopup *popup)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 4);
  guint64 id;

  if (g_strv_length (words) != 3 || strcmp (words[0], guid) != 0)
    return FALSE;
  if (strlen (words[1]) > MAX_NAME || !g_dbus_is_unique_name (words[1]))
    return FALSE;
  if (!g_ascii_string_to_unsigned (words[2], 10, 1, G_MAXUINT32, &id, NULL))
    return FALSE;
  popup->server = g_strdup (words[1]);
  popup->id = id;
  return TRUE;
}

static void
clear_old (gpointer data)
{
  g_free (((SigninOldPopup *) data)->server);
}

/**
 * signin_popup_file_read:
 * @guid: of the bus that there is now: unique names of another one mean nothing on it
 *
 * Returns: (transfer full) (element-type SigninOldPopup): the popups that were left on the screen, none in most cases
 */
GArray *
signin_popup_file_read (const char *guid)
{
  GArray *popups = g_array_new (FALSE, FALSE, sizeof (SigninOldPopup));
  g_autofree char *folder = folder_path ();
  g_autofree char *path = folder != NULL ? g_build_filename (folder, "popups", NULL) : NULL;
  g_autofree char *text = path != NULL ? read_file (path) : NULL;
  g_auto (GStrv) lines = text != NULL ? g_strsplit (text, "\n", -1) : NULL;

  g_array_set_clear_func (popups, clear_old);
  for (guint i = 0; lines != NULL && lines[i] != NULL && popups->len < SIGNIN_MAX_OLD_POPUPS; i++)
    {
      SigninOldPopup popup;

      if (parse_line (lines[i], guid, &popup))
        g_array_append_val (popups, popup);
    }
  return popups;
}

/**
 * signin_popup_file_write:
 * @text: what the file is to say, a line for each popup; "" if none is left on the screen
 *
 * Failing is no more than a popup with dead buttons, should we be killed.
 */
void
signin_popup_file_write (const char *text)
{
  g_autofree char *folder = folder_path ();
  g_autofree char *path = folder != NULL ? g_build_filename (folder, "popups", NULL) : NULL;
  g_autofree char *draft = folder != NULL ? g_build_filename (folder, "popups.new", NULL) : NULL;
  g_autoptr (GError) error = NULL;

  if (path == NULL)
    return;
  if (*text == '\0')
    {
      if (g_unlink (path) != 0 && errno != ENOENT)
        g_debug ("Cannot remove %s: %s", path, g_strerror (errno));
      return;
    }
  if (g_mkdir (folder, 0700) != 0 && errno != EEXIST)
    g_debug ("Cannot make %s: %s", folder, g_strerror (errno));
  /* Whole if we are killed; nothing of it is worth waiting for a disk, as it would where the database is stored. */
  else if (!g_file_set_contents_full (draft, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error))
    g_debug ("Popups are not kept in mind: %s", error->message);
  else if (g_rename (draft, path) != 0)
    g_debug ("Cannot rename %s: %s", draft, g_strerror (errno));
}

/**
 * signin_popup_file_line:
 * @guid: of the bus
 * @server: unique name of a notification server
 * @id: what it calls the popup
 *
 * Returns: (transfer full): the line of the file for that popup
 */
char *
signin_popup_file_line (const char *guid, const char *server, guint32 id)
{
  return g_strdup_printf ("%s %s %u\n", guid, server, id);
}
