/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "hook-files.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More than this in a folder is no folder of hooks. */
#define ENTRIES_MAX 1024

static void
hook_free (SigninHook *hook)
{
  g_free (hook->name);
  g_free (hook->path);
  g_free (hook);
}

static void complain (GPtrArray *problems, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
complain (GPtrArray *problems, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (problems != NULL)
    g_ptr_array_add (problems, g_strdup_vprintf (format, args));
  va_end (args);
}

/* What editors and package managers leave behind is not meant to be run. */
static gboolean
is_hook_name (const char *name)
{
  static const char *const leftovers[] = { ".dpkg-old", ".dpkg-new", ".dpkg-dist", ".rpmsave",
                                           ".rpmnew",   ".bak",      ".orig" };

  if (*name == '.' || strlen (name) > SIGNIN_HOOK_NAME_MAX)
    return FALSE;
  for (const char *c = name; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("._-", *c) == NULL)
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (leftovers); i++)
    if (g_str_has_suffix (name, leftovers[i]))
      return FALSE;
  return TRUE;
}

static gboolean
read_number (const char *path, guint64 *number)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL)
         && g_ascii_string_to_unsigned (g_strstrip (text), 10, 0, G_MAXUINT32, number, NULL);
}

/* In the user namespace of our sandbox root is not known by its number. */
static gboolean
is_root_mapped (void)
{
  g_autofree char *map = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents ("/proc/self/uid_map", &map, NULL, NULL))
    return TRUE;
  lines = g_strsplit (map, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0' && g_ascii_strtoull (*line, NULL, 10) == 0)
      return TRUE;
  return FALSE;
}

/* There, whoever is not this person looks like nobody. That other people's files pass then does no harm as long as only
 * this person and root decide what is in the folders. */
static gboolean
is_root (uid_t uid)
{
  guint64 nobody;

  if (uid == 0)
    return TRUE;
  return read_number ("/proc/sys/kernel/overflowuid", &nobody) && uid == nobody && !is_root_mapped ();
}

/* Nobody else may be able to say what runs as this person. */
static gboolean
is_trusted (const char *path, const struct stat *info, GPtrArray *problems)
{
  if (info->st_uid != geteuid () && !is_root (info->st_uid))
    {
      complain (problems, _ ("%s is not used: it belongs neither to you nor to root"), path);
      return FALSE;
    }
  if ((info->st_mode & S_IWOTH) != 0)
    {
      complain (problems, _ ("%s is not used: everybody can write to it; try: chmod o-w '%s'"), path, path);
      return FALSE;
    }
  return TRUE;
}

/* The file itself decides, not a link to it: what is no hook still hides one of the same name. */
static gboolean
is_hook (const char *path, GPtrArray *problems)
{
  struct stat info;

  if (stat (path, &info) < 0)
    {
      complain (problems, _ ("%s is not used: %s"), path, g_strerror (errno));
      return FALSE;
    }
  if (!S_ISREG (info.st_mode) || (info.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0)
    return FALSE;
  return is_trusted (path, &info, problems);
}

static void
find_in (const char *folder, GHashTable *seen, GPtrArray *hooks, GPtrArray *problems)
{
  g_autoptr (GDir) dir = NULL;
  struct stat info;
  const char *name;
  guint n = 0;

  if (stat (folder, &info) < 0 || !S_ISDIR (info.st_mode))
    return;
  if (!is_trusted (folder, &info, problems))
    return;
  dir = g_dir_open (folder, 0, NULL);
  if (dir == NULL)
    {
      complain (problems, _ ("%s cannot be read"), folder);
      return;
    }
  while ((name = g_dir_read_name (dir)) != NULL && n++ < ENTRIES_MAX)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      SigninHook *hook;

      if (!is_hook_name (name) || !g_hash_table_add (seen, g_strdup (name)) || !is_hook (path, problems))
        continue;
      hook = g_new (SigninHook, 1);
      hook->name = g_strdup (name);
      hook->path = g_steal_pointer (&path);
      g_ptr_array_add (hooks, hook);
    }
  if (name != NULL)
    complain (problems, _ ("%s has more than %d entries; the others are not looked at"), folder, ENTRIES_MAX);
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  const SigninHook *const *first = a;
  const SigninHook *const *second = b;

  return strcmp ((*first)->name, (*second)->name);
}

/**
 * signin_hook_folders:
 *
 * Returns: (transfer full): the folders that hooks are looked for in, the person's before the administrator's
 */
char **
signin_hook_folders (void)
{
  char **folders = g_new0 (char *, 3);

  folders[0] = g_build_filename (g_get_user_config_dir (), "signind", "hooks.d", NULL);
  folders[1] = g_strdup (SYSCONFDIR "/signind/hooks.d");
  return folders;
}

/**
 * signin_hooks_find:
 * @folders: (array zero-terminated=1): where to look, the more important first
 * @problems: (element-type utf8) (nullable): takes a sentence for each file that looks like a hook and is not used
 *
 * Finds the programs to run. A name in one folder hides the same name in those after it, whatever it is there: a link
 * to /dev/null takes a hook away. Only executable files of this person or root that not everybody can write to count,
 * at most %SIGNIN_HOOKS_MAX of them.
 *
 * Returns: (transfer full) (element-type SigninHook): them, by name
 */
GPtrArray *
signin_hooks_find (const char *const *folders, GPtrArray *problems)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *hooks = g_ptr_array_new_with_free_func ((GDestroyNotify) hook_free);

  for (; *folders != NULL; folders++)
    find_in (*folders, seen, hooks, problems);
  g_ptr_array_sort (hooks, by_name);
  if (hooks->len > SIGNIN_HOOKS_MAX)
    {
      complain (problems, _ ("There are %u hooks; only the first %d are run"), hooks->len, SIGNIN_HOOKS_MAX);
      g_ptr_array_set_size (hooks, SIGNIN_HOOKS_MAX);
    }
  return hooks;
}
