/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The layers of the settings, and their files. */

#include "config.h"

#include <glib/gi18n.h>

#include "settings-file.h"
#include "settings.h"

#define LOCK_GROUP "Lock"
#define LOCK_KEY "keys"

/* Of one file: whoever has more wrong than this sees so by the first. */
#define PROBLEMS_MAX 32

/**
 * Layer:
 * @values: what the file says
 * @given: a bit for each setting that it says something about
 * @lines: where
 * @locked: a bit for each setting that it locks
 */
typedef struct
{
  SigninSettings values;
  guint given;
  guint lines[SIGNIN_N_SETTINGS];
  guint locked;
} Layer;

struct _SigninSettingsFiles
{
  char *paths[SIGNIN_N_LAYERS];
  gboolean unusable[SIGNIN_N_LAYERS];
  Layer layers[SIGNIN_N_LAYERS];
};

/* One file, while it is read. */
typedef struct
{
  const char *path;
  SigninLayer which;
  Layer layer;
  GPtrArray *problems;
  guint n_problems;
} Reading;

static void G_GNUC_PRINTF (3, 4) complain (Reading *reading, guint line, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  if (reading->n_problems++ >= PROBLEMS_MAX)
    return;
  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (reading->problems, g_strdup_printf ("%s:%u: %s", reading->path, line, what));
}

static void
take_group (Reading *reading, const char *group, guint line)
{
  gboolean known = g_str_equal (group, LOCK_GROUP);

  for (guint i = 0; i < SIGNIN_N_SETTINGS && !known; i++)
    known = g_str_equal (signin_setting_group (i), group);
  if (!known)
    complain (reading, line, _ ("[%s] is not known and ignored"), group);
}

static void
take_lock (Reading *reading, const char *key, const char *value, guint line)
{
  g_auto (GStrv) names = g_strsplit (value, ";", -1);

  if (reading->which != SIGNIN_LAYER_SYSTEM)
    {
      complain (reading, line, _ ("only the administrator's file can lock keys; ignored"));
      return;
    }
  if (!g_str_equal (key, LOCK_KEY))
    {
      complain (reading, line, _ ("%s is not known in [%s] and ignored"), key, LOCK_GROUP);
      return;
    }
  for (guint i = 0; names[i] != NULL; i++)
    {
      SigninSetting setting;

      if (*g_strstrip (names[i]) == '\0')
        continue;
      if (signin_setting_find (names[i], &setting))
        reading->layer.locked |= 1u << setting;
      else
        complain (reading, line, _ ("there is no key %s to lock"), names[i]);
    }
}

static void
take_value (Reading *reading, SigninSetting setting, const char *value, guint line)
{
  Layer *layer = &reading->layer;
  g_autofree char *problem = signin_settings_parse (&layer->values, setting, value);

  if (problem != NULL)
    {
      /* TRANSLATORS: a key, and what is wrong with its value */
      complain (reading, line, _ ("%s: %s; ignored"), signin_setting_key (setting), problem);
      return;
    }
  if (layer->given & (1u << setting))
    complain (reading, line, _ ("%s stands in line %u already; this one counts"), signin_setting_key (setting),
              layer->lines[setting]);
  layer->given |= 1u << setting;
  layer->lines[setting] = line;
}

static void
take_line (const char *group, const char *key, const char *value, guint line, gpointer user_data)
{
  Reading *reading = user_data;
  SigninSetting setting;

  if (key == NULL)
    take_group (reading, group, line);
  else if (g_str_equal (group, LOCK_GROUP))
    take_lock (reading, key, value, line);
  else if (!signin_setting_find (key, &setting))
    complain (reading, line, _ ("%s is not known and ignored"), key);
  else if (!g_str_equal (signin_setting_group (setting), group))
    complain (reading, line, _ ("%s belongs into [%s]; ignored in [%s]"), key, signin_setting_group (setting), group);
  else
    take_value (reading, setting, value, line);
}

/**
 * signin_settings_files_new:
 * @system_path: (nullable): the administrator's file; %NULL for the usual one
 * @user_path: (nullable): the person's own file; %NULL for the usual one
 *
 * Returns: (transfer full): the files, not read yet. They need not be there.
 */
SigninSettingsFiles *
signin_settings_files_new (const char *system_path, const char *user_path)
{
  SigninSettingsFiles *files = g_new0 (SigninSettingsFiles, 1);

  files->paths[SIGNIN_LAYER_SYSTEM] = g_strdup (system_path != NULL ? system_path : SYSCONFDIR "/signind/signind.conf");
  files->paths[SIGNIN_LAYER_USER] = user_path != NULL
                                        ? g_strdup (user_path)
                                        : g_build_filename (g_get_user_config_dir (), "signind", "signind.conf", NULL);
  return files;
}

/**
 * signin_settings_files_free:
 * @files: (transfer full): files
 */
void
signin_settings_files_free (SigninSettingsFiles *files)
{
  for (guint i = 0; i < SIGNIN_N_LAYERS; i++)
    g_free (files->paths[i]);
  g_free (files);
}

/**
 * signin_settings_files_get_path:
 * @files: files
 * @layer: a layer
 *
 * Returns: (nullable): the file of @layer, which need not be there; %NULL for what is built in
 */
const char *
signin_settings_files_get_path (const SigninSettingsFiles *files, SigninLayer layer)
{
  return files->paths[layer];
}

/**
 * signin_settings_files_is_usable:
 * @files: files
 * @layer: a layer
 *
 * Returns: whether its file made sense as a whole, or was not there, when it was last read
 */
gboolean
signin_settings_files_is_usable (const SigninSettingsFiles *files, SigninLayer layer)
{
  return !files->unusable[layer];
}

static char *
describe_lock (const SigninSettingsFiles *files, SigninLayer which, SigninSetting setting)
{
  /* TRANSLATORS: a file, the number of a line in it, a key, and the file that locks it */
  return g_strdup_printf (_ ("%s:%u: %s is locked by %s; ignored"), files->paths[which],
                          files->layers[which].lines[setting], signin_setting_key (setting),
                          files->paths[SIGNIN_LAYER_SYSTEM]);
}

/* Puts the values of a layer over those below. */
static void
apply (const SigninSettingsFiles *files, SigninLayer which, SigninSettings *settings, GPtrArray *problems)
{
  const Layer *layer = &files->layers[which];

  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    {
      SigninOrigin *origin = &settings->origins[i];

      if ((layer->given & (1u << i)) && origin->locked)
        g_ptr_array_add (problems, describe_lock (files, which, i));
      else if (layer->given & (1u << i))
        {
          signin_settings_copy (settings, &layer->values, i);
          origin->layer = which;
          origin->line = layer->lines[i];
        }
      if (layer->locked & (1u << i))
        origin->locked = TRUE;
    }
}

/**
 * signin_settings_files_read:
 * @files: files
 * @settings: (out): what is in force
 * @problems: (element-type utf8): where to add what is wrong, a sentence each with file and line; its elements are
 *   freed with g_free()
 *
 * Reads all layers. Where a value is not acceptable, the one of the layer below stays in force. Of a file that cannot
 * be used at all, what it said before stays in force.
 */
void
signin_settings_files_read (SigninSettingsFiles *files, SigninSettings *settings, GPtrArray *problems)
{
  signin_settings_init (settings);
  for (SigninLayer i = SIGNIN_LAYER_SYSTEM; i < SIGNIN_N_LAYERS; i++)
    {
      Reading reading = { .path = files->paths[i], .which = i, .problems = problems };
      char *problem = NULL;

      files->unusable[i] = !signin_settings_file_read (files->paths[i], take_line, &reading, &problem);
      if (!files->unusable[i])
        files->layers[i] = reading.layer;
      else
        g_ptr_array_add (problems, problem);
      apply (files, i, settings, problems);
    }
}
