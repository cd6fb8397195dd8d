/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which program opens a page. GIO knows that too, but for the environment of this process only, which may be older than
 * the desktop; and it watches the folders it looked at ever after, by polling where they do not exist. */

#include "config.h"

#include <glib.h>
#include <string.h>

#include "datafile.h"
#include "handler.h"

/* Many times what a cache of all programs of a desktop takes. */
#define FILE_MAX (1024 * 1024)

#define DESKTOP_GROUP "Desktop Entry"

typedef struct
{
  char **environment;
  GPtrArray *config_dirs;
  GPtrArray *data_dirs; /* of desktop files */
  char **desktops;
} Places;

static void
add_dirs (GPtrArray *dirs, const char *list, const char *below)
{
  g_auto (GStrv) parts = g_strsplit (list, ":", -1);

  for (char **part = parts; *part != NULL; part++)
    if (g_path_is_absolute (*part))
      g_ptr_array_add (dirs, g_build_filename (*part, below, NULL));
}

static GPtrArray *
find_dirs (char **environment, const char *home_variable, const char *home_default, const char *variable,
           const char *variable_default, const char *below)
{
  GPtrArray *dirs = g_ptr_array_new_with_free_func (g_free);
  const char *home = g_environ_getenv (environment, home_variable);
  const char *others = g_environ_getenv (environment, variable);
  const char *home_dir = g_environ_getenv (environment, "HOME");
  g_autofree char *fallback = g_build_filename (home_dir != NULL ? home_dir : "/", home_default, NULL);

  add_dirs (dirs, home != NULL && *home != '\0' ? home : fallback, below);
  add_dirs (dirs, others != NULL && *others != '\0' ? others : variable_default, below);
  return dirs;
}

static void
places_init (Places *places, const char *const *environment)
{
  const char *desktops;
  g_autofree char *lower = NULL;

  places->environment = g_strdupv ((char **) environment);
  places->config_dirs = find_dirs (places->environment, "XDG_CONFIG_HOME", ".config", "XDG_CONFIG_DIRS", "/etc/xdg",
                                   NULL);
  places->data_dirs = find_dirs (places->environment, "XDG_DATA_HOME", ".local/share", "XDG_DATA_DIRS",
                                 "/usr/local/share:/usr/share", "applications");
  desktops = g_environ_getenv (places->environment, "XDG_CURRENT_DESKTOP");
  lower = g_ascii_strdown (desktops != NULL ? desktops : "", -1);
  places->desktops = g_strsplit (lower, ":", -1);
}

static void
places_clear (Places *places)
{
  g_strfreev (places->environment);
  g_ptr_array_unref (places->config_dirs);
  g_ptr_array_unref (places->data_dirs);
  g_strfreev (places->desktops);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Places, places_clear)

/* Anybody may have put anything there; what cannot be read is not there. */
static GKeyFile *
load (const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GString) text = signin_datafile_read_text (path, FILE_MAX, NULL);

  if (text == NULL || !g_key_file_load_from_data (file, text->str, text->len, G_KEY_FILE_NONE, NULL))
    return NULL;
  return g_steal_pointer (&file);
}

/* "kde-foo.desktop" may lie in "kde/foo.desktop". */
static GKeyFile *
load_below (const char *dir, const char *id, char **path)
{
  g_autofree char *name = g_strdup (id);
  char *dash = name;

  do
    {
      GKeyFile *file;

      g_free (*path);
      *path = g_build_filename (dir, name, NULL);
      file = load (*path);
      if (file != NULL)
        return file;
      dash = strchr (dash, '-');
      if (dash != NULL)
        *dash = '/';
    }
  while (dash != NULL);
  return NULL;
}

static GKeyFile *
load_desktop_file (const Places *places, const char *id, char **path)
{
  GKeyFile *file = NULL;

  if (!g_str_has_suffix (id, ".desktop") || strchr (id, '/') != NULL)
    return NULL;
  for (guint i = 0; file == NULL && i < places->data_dirs->len; i++)
    file = load_below (places->data_dirs->pdata[i], id, path);
  return file;
}

static char *
find_program (const Places *places, const char *name)
{
  const char *path = g_environ_getenv (places->environment, "PATH");
  g_auto (GStrv) dirs = g_strsplit (path != NULL ? path : "/usr/local/bin:/usr/bin:/bin", ":", -1);

  if (g_path_is_absolute (name))
    return g_file_test (name, G_FILE_TEST_IS_EXECUTABLE) ? g_strdup (name) : NULL;
  if (strchr (name, '/') != NULL)
    return NULL;

  for (char **dir = dirs; *dir != NULL; dir++)
    {
      g_autofree char *candidate = g_build_filename (*dir, name, NULL);

      if (g_path_is_absolute (candidate) && g_file_test (candidate, G_FILE_TEST_IS_EXECUTABLE)
          && !g_file_test (candidate, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&candidate);
    }
  return NULL;
}

typedef struct
{
  GKeyFile *file;
  const char *path;
  const char *uri;
  GPtrArray *argv;
  gboolean has_uri;
} Expansion;

/* Fills one field code in; FALSE for one that stands for nothing. */
static gboolean
expand_code (Expansion *expansion, char code, GString *out)
{
  g_autofree char *name = NULL;

  switch (code)
    {
    case 'u':
    case 'U':
      g_string_append (out, expansion->uri);
      expansion->has_uri = TRUE;
      return TRUE;
    case 'c':
      name = g_key_file_get_locale_string (expansion->file, DESKTOP_GROUP, "Name", NULL, NULL);
      g_string_append (out, name != NULL ? name : "");
      return TRUE;
    case 'k':
      g_string_append (out, expansion->path);
      return TRUE;
    case '%':
      g_string_append_c (out, '%');
      return TRUE;
    default:
      /* Files, which a page is not, and what the specification has given up. */
      return FALSE;
    }
}

static void
expand_icon (Expansion *expansion)
{
  g_autofree char *icon = g_key_file_get_string (expansion->file, DESKTOP_GROUP, "Icon", NULL);

  if (icon == NULL || *icon == '\0')
    return;
  g_ptr_array_add (expansion->argv, g_strdup ("--icon"));
  g_ptr_array_add (expansion->argv, g_steal_pointer (&icon));
}

static void
expand_word (Expansion *expansion, const char *word)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gboolean keep = TRUE;

  if (strcmp (word, "%i") == 0)
    {
      expand_icon (expansion);
      return;
    }
  for (const char *c = word; *c != '\0'; c++)
    if (*c != '%')
      g_string_append_c (out, *c);
    else
      {
        keep = expand_code (expansion, c[1], out) && keep;
        c += c[1] != '\0' ? 1 : 0;
      }

  /* A word that was nothing but an empty code is no argument at all. */
  if (keep || out->len > 0)
    g_ptr_array_add (expansion->argv, g_string_free (g_steal_pointer (&out), FALSE));
}

/* The Exec line as arguments, without a shell. */
static char **
expand_exec (const Places *places, GKeyFile *file, const char *path, const char *uri)
{
  g_autofree char *exec = g_key_file_get_string (file, DESKTOP_GROUP, "Exec", NULL);
  g_auto (GStrv) words = NULL;
  g_autofree char *program = NULL;
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  Expansion expansion = { .file = file, .path = path, .uri = uri, .argv = argv };

  if (exec == NULL || !g_shell_parse_argv (exec, NULL, &words, NULL))
    return NULL;
  program = find_program (places, words[0]);
  if (program == NULL)
    return NULL;

  g_ptr_array_add (argv, g_steal_pointer (&program));
  for (char **word = words + 1; *word != NULL; word++)
    expand_word (&expansion, *word);
  if (!expansion.has_uri)
    g_ptr_array_add (argv, g_strdup (uri));
  g_ptr_array_add (argv, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&argv), FALSE);
}

static char **
try_handler (const Places *places, const char *id, const char *uri)
{
  g_autofree char *path = NULL;
  g_autoptr (GKeyFile) file = load_desktop_file (places, id, &path);
  g_autofree char *try_exec = NULL;
  g_autofree char *found = NULL;

  if (file == NULL || g_key_file_get_boolean (file, DESKTOP_GROUP, "Hidden", NULL)
      || g_key_file_get_boolean (file, DESKTOP_GROUP, "Terminal", NULL))
    return NULL;

  try_exec = g_key_file_get_string (file, DESKTOP_GROUP, "TryExec", NULL);
  if (try_exec != NULL && (found = find_program (places, try_exec)) == NULL)
    return NULL;
  return expand_exec (places, file, path, uri);
}

static char **
try_list (const Places *places, const char *path, const char *group, const char *uri)
{
  g_autoptr (GKeyFile) file = load (path);
  g_autofree char *scheme = g_uri_parse_scheme (uri);
  g_autofree char *type = g_strconcat ("x-scheme-handler/", scheme, NULL);
  g_auto (GStrv) ids = NULL;
  char **argv = NULL;

  if (file == NULL)
    return NULL;
  ids = g_key_file_get_string_list (file, group, type, NULL, NULL);
  for (guint i = 0; argv == NULL && ids != NULL && ids[i] != NULL; i++)
    argv = try_handler (places, ids[i], uri);
  return argv;
}

static char **
try_dir (const Places *places, const char *dir, const char *group, const char *uri)
{
  g_autofree char *plain = g_build_filename (dir, "mimeapps.list", NULL);
  char **argv = NULL;

  for (guint i = 0; argv == NULL && places->desktops[i] != NULL; i++)
    {
      g_autofree char *name = g_strconcat (places->desktops[i], "-mimeapps.list", NULL);
      g_autofree char *path = g_build_filename (dir, name, NULL);

      if (*places->desktops[i] != '\0' && strchr (places->desktops[i], '/') == NULL)
        argv = try_list (places, path, group, uri);
    }
  return argv != NULL ? argv : try_list (places, plain, group, uri);
}

static char **
try_dirs (const Places *places, const char *group, const char *uri)
{
  char **argv = NULL;

  for (guint i = 0; argv == NULL && i < places->config_dirs->len; i++)
    argv = try_dir (places, places->config_dirs->pdata[i], group, uri);
  for (guint i = 0; argv == NULL && i < places->data_dirs->len; i++)
    argv = try_dir (places, places->data_dirs->pdata[i], group, uri);
  return argv;
}

/**
 * signin_handler_command:
 * @uri: a URI
 * @environment: (array zero-terminated=1): variables of the desktop, such as "PATH=/usr/bin"
 * @error: return location for an error
 *
 * Finds the person's default program for a URI by the rules of the desktops (MIME Applications 1.0.1, Desktop Entry
 * 1.5).
 *
 * Returns: (transfer full): its command with the URI in it, the program by its absolute path; %NULL with
 *   %G_FILE_ERROR_NOENT if there is none
 */
char **
signin_handler_command (const char *uri, const char *const *environment, GError **error)
{
  g_auto (Places) places = { 0 };
  char **argv;

  places_init (&places, environment);
  argv = try_dirs (&places, "Default Applications", uri);
  if (argv == NULL)
    argv = try_dirs (&places, "Added Associations", uri);
  for (guint i = 0; argv == NULL && i < places.data_dirs->len; i++)
    {
      g_autofree char *cache = g_build_filename (places.data_dirs->pdata[i], "mimeinfo.cache", NULL);

      argv = try_list (&places, cache, "MIME Cache", uri);
    }

  if (argv == NULL)
    g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "No program is set up to open web pages");
  return argv;
}
