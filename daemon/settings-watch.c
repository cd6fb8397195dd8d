/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Takes up changed settings, by inotify itself: GFileMonitor polls for folders that are not there, and to make one
 * loads whatever GIO modules there are. Watched is, for each file, the nearest folder above it that exists. */

#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "settings-watch.h"

#define INTERESTING \
  (IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF)
#define FOLDER_ITSELF (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)

/* An editor makes several changes of one: what it leaves behind is read, not each state on the way. */
#define SETTLE_MSEC 100

/* How often folders may appear while they are being looked for, before the next event is waited for. */
#define TRIES 4

/**
 * Place:
 * @wd: the watch on a folder
 * @name: the entry in it that matters: the file, or the next folder on the way to it
 */
typedef struct
{
  int wd;
  char *name;
} Place;

struct _SigninSettingsWatch
{
  SigninSettingsFiles *files;
  SigninSettings settings;
  SigninSettingsFunc func;
  gpointer user_data;
  char *complained;

  int fd;
  GArray *places;
  guint readable;
  guint settling;
};

static void
place_clear (gpointer data)
{
  g_free (((Place *) data)->name);
}

static GArray *
places_new (void)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (Place));

  g_array_set_clear_func (places, place_clear);
  return places;
}

/* Watches the nearest folder above @path. Returns whether nothing nearer has appeared since. */
static gboolean
watch_nearest (SigninSettingsWatch *self, const char *path, GArray *places)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *missing = NULL;
  int wd;

  while ((wd = inotify_add_watch (self->fd, folder, INTERESTING | IN_ONLYDIR)) < 0)
    {
      int problem = errno;
      g_autofree char *below = g_steal_pointer (&folder);

      if (problem == ENOSPC || strcmp (below, "/") == 0 || strcmp (below, ".") == 0)
        {
          g_message ("Changes of %s are not noticed: %s. SIGHUP has it read again.", path, g_strerror (problem));
          return TRUE;
        }
      g_free (missing);
      missing = problem == ENOENT ? g_strdup (below) : NULL;
      g_free (name);
      name = g_path_get_basename (below);
      folder = g_path_get_dirname (below);
    }
  g_array_append_val (places, ((Place){ .wd = wd, .name = g_steal_pointer (&name) }));
  return missing == NULL || !g_file_test (missing, G_FILE_TEST_IS_DIR);
}

/* Where @path is a link, changes happen where it leads to. */
static void
watch_path (SigninSettingsWatch *self, const char *path, GArray *places)
{
  char *real = realpath (path, NULL);

  for (guint i = 0; i < TRIES && !watch_nearest (self, path, places); i++)
    ;
  if (real != NULL && strcmp (real, path) != 0)
    watch_nearest (self, real, places);
  free (real);
}

static gboolean
has_watch (const GArray *places, int wd)
{
  for (guint i = 0; i < places->len; i++)
    if (g_array_index (places, Place, i).wd == wd)
      return TRUE;
  return FALSE;
}

/* The kernel gives the same number to the same folder, so that nothing is lost between the old places and the new. */
static void
watch_all (SigninSettingsWatch *self)
{
  g_autoptr (GArray) old = g_steal_pointer (&self->places);

  self->places = places_new ();
  if (self->fd < 0)
    return;
  for (SigninLayer i = SIGNIN_LAYER_SYSTEM; i < SIGNIN_N_LAYERS; i++)
    watch_path (self, signin_settings_files_get_path (self->files, i), self->places);
  for (guint i = 0; i < old->len; i++)
    if (!has_watch (self->places, g_array_index (old, Place, i).wd))
      inotify_rm_watch (self->fd, g_array_index (old, Place, i).wd);
}

/* Each problem is named once for as long as nothing else is wrong. */
static void
complain (SigninSettingsWatch *self, GPtrArray *problems)
{
  g_autofree char *all = NULL;

  g_ptr_array_add (problems, NULL);
  all = g_strjoinv ("\n", (char **) problems->pdata);
  if (g_strcmp0 (all, self->complained) == 0)
    return;
  for (guint i = 0; i + 1 < problems->len; i++)
    g_warning ("%s", (const char *) g_ptr_array_index (problems, i));
  g_free (self->complained);
  self->complained = g_steal_pointer (&all);
}

/* Returns whether a value changed. */
static gboolean
read_files (SigninSettingsWatch *self)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  SigninSettings old = self->settings;

  signin_settings_files_read (self->files, &self->settings, problems);
  complain (self, problems);
  return !signin_settings_equal (&old, &self->settings);
}

/* Watched first, then read: what changes in between is noticed. */
static void
follow (SigninSettingsWatch *self)
{
  watch_all (self);
  if (!read_files (self))
    return;
  g_message ("Changed settings are in force now");
  self->func (&self->settings, self->user_data);
}

static gboolean
on_settled (gpointer user_data)
{
  SigninSettingsWatch *self = user_data;

  self->settling = 0;
  follow (self);
  return G_SOURCE_REMOVE;
}

static gboolean
matters (const SigninSettingsWatch *self, const struct inotify_event *event)
{
  if (event->mask & IN_Q_OVERFLOW)
    return TRUE;
  for (guint i = 0; i < self->places->len; i++)
    {
      const Place *place = &g_array_index (self->places, Place, i);

      if (place->wd == event->wd
          && ((event->mask & FOLDER_ITSELF) || (event->len > 0 && strcmp (event->name, place->name) == 0)))
        return TRUE;
    }
  return FALSE;
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  SigninSettingsWatch *self = user_data;
  _Alignas(struct inotify_event) char events[4096];
  gssize n = read (fd, events, sizeof events);
  gboolean changed = FALSE;

  for (gssize at = 0; at < n;)
    {
      const struct inotify_event *event = (const struct inotify_event *) (events + at);

      changed |= matters (self, event);
      at += sizeof *event + event->len;
    }
  if (changed && self->settling == 0)
    self->settling = g_timeout_add (SETTLE_MSEC, on_settled, self);
  return G_SOURCE_CONTINUE;
}

/**
 * signin_settings_watch_new:
 * @files: (transfer full): the files, not read yet
 * @func: told of each change, in the default main context
 * @user_data: for @func
 *
 * Reads the settings, and from then on follows their files. What is wrong with them goes to the log. If nothing can be
 * watched, the log says so, and signin_settings_watch_reload() remains.
 *
 * Returns: (transfer full): the watch
 */
SigninSettingsWatch *
signin_settings_watch_new (SigninSettingsFiles *files, SigninSettingsFunc func, gpointer user_data)
{
  SigninSettingsWatch *self = g_new0 (SigninSettingsWatch, 1);

  self->files = files;
  self->func = func;
  self->user_data = user_data;
  self->places = places_new ();
  self->fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
  if (self->fd >= 0)
    self->readable = g_unix_fd_add (self->fd, G_IO_IN, on_readable, self);
  else
    g_message ("Changed settings are not noticed: %s. SIGHUP has them read again.", g_strerror (errno));
  watch_all (self);
  read_files (self);
  return self;
}

/**
 * signin_settings_watch_free:
 * @self: (transfer full): a watch
 */
void
signin_settings_watch_free (SigninSettingsWatch *self)
{
  g_clear_handle_id (&self->readable, g_source_remove);
  g_clear_handle_id (&self->settling, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  g_array_unref (self->places);
  signin_settings_files_free (self->files);
  g_free (self->complained);
  g_free (self);
}

/**
 * signin_settings_watch_get:
 * @self: a watch
 *
 * Returns: (transfer none): what is in force; stays where it is, and changes as the settings do
 */
const SigninSettings *
signin_settings_watch_get (const SigninSettingsWatch *self)
{
  return &self->settings;
}

/**
 * signin_settings_watch_reload:
 * @self: a watch
 *
 * Reads the files again, whether they seem to have changed or not, and says again what is wrong with them.
 */
void
signin_settings_watch_reload (SigninSettingsWatch *self)
{
  g_clear_pointer (&self->complained, g_free);
  follow (self);
}
