/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "settings.h"
#include "table.h"
#include "verbs.h"

/**
 * Config:
 * @files: where settings come from
 * @settings: what is in force
 * @problems: what is wrong with the files
 * @first: the first setting to show
 * @last: the last one
 */
typedef struct
{
  SigninSettingsFiles *files;
  SigninSettings settings;
  GPtrArray *problems;
  guint first;
  guint last;
} Config;

static void
config_clear (Config *config)
{
  g_clear_pointer (&config->files, signin_settings_files_free);
  g_clear_pointer (&config->problems, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Config, config_clear)

static gboolean
choose (Config *config, const char *key, GError **error)
{
  const char *keys[SIGNIN_N_SETTINGS + 1] = { NULL };
  const char *nearest;
  SigninSetting setting;

  config->first = 0;
  config->last = SIGNIN_N_SETTINGS - 1;
  if (key == NULL)
    return TRUE;
  if (signin_setting_find (key, &setting))
    {
      config->first = config->last = setting;
      return TRUE;
    }
  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    keys[i] = signin_setting_key (i);
  nearest = signin_ctl_nearest (key, keys);
  if (nearest != NULL)
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("There is no setting '%s'; did you mean '%s'?"), key,
                 nearest);
  else
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
                 _ ("There is no setting '%s'; 'signinctl config' lists them"), key);
  return FALSE;
}

static char *
describe_origin (const Config *config, SigninSetting setting)
{
  const SigninOrigin *origin = &config->settings.origins[setting];
  const char *path = signin_settings_files_get_path (config->files, origin->layer);
  g_autofree char *clean = signin_ctl_clean (path);
  g_autofree char *place = path != NULL ? g_strdup_printf ("%s:%u", clean, origin->line) : g_strdup (_ ("built in"));

  if (!origin->locked)
    return g_steal_pointer (&place);
  /* TRANSLATORS: where a setting comes from: "built in", or a file and a line */
  return g_strdup_printf (_ ("%s, locked"), place);
}

static void
add_value_json (SigninCtlJson *json, const SigninSettings *settings, SigninSetting setting)
{
  const gint32 *steps = settings->ladder.before_end_sec;
  g_autofree char *text = NULL;

  switch (setting)
    {
    case SIGNIN_SETTING_REMINDERS:
      signin_ctl_json_array (json, "value_sec");
      for (guint i = 0; i < SIGNIN_REMINDERS_MAX && steps[i] > 0; i++)
        signin_ctl_json_int (json, NULL, steps[i]);
      signin_ctl_json_end (json, ']');
      break;
    case SIGNIN_SETTING_SNOOZE:
      signin_ctl_json_duration (json, "value_sec", settings->snooze_usec);
      break;
    case SIGNIN_SETTING_POPUPS:
      signin_ctl_json_bool (json, "value", settings->popups);
      break;
    case SIGNIN_SETTING_SOUND:
      signin_ctl_json_bool (json, "value", settings->sound);
      break;
    case SIGNIN_SETTING_SHOW_USER_NAME:
      signin_ctl_json_bool (json, "value", settings->show_user_name);
      break;
    case SIGNIN_SETTING_SILENT:
      text = signin_settings_format (settings, setting);
      signin_ctl_json_string (json, "value", text);
      break;
    case SIGNIN_SETTING_LOG_EVENTS:
      signin_ctl_json_bool (json, "value", settings->log_events);
      break;
    case SIGNIN_SETTING_HEALTH_AT_WARNING:
      signin_ctl_json_bool (json, "value", settings->health_at_warning);
      break;
    case SIGNIN_SETTING_TOKEN_COMMAND:
      signin_ctl_json_string (json, "value", settings->token_command);
      break;
    case SIGNIN_SETTING_CA_FILE:
      signin_ctl_json_string (json, "value", settings->ca_file);
      break;
    case SIGNIN_SETTING_HISTORY_DAYS:
      signin_ctl_json_int (json, "value", settings->history_days);
      break;
    default:
      break;
    }
}

static void
add_json (SigninCtlJson *json, const Config *config, SigninSetting setting)
{
  static const char *const layers[SIGNIN_N_LAYERS] = { "built-in", "system", "user" };
  const SigninOrigin *origin = &config->settings.origins[setting];
  g_autofree char *text = signin_settings_format (&config->settings, setting);
  g_autofree char *path = signin_ctl_clean (signin_settings_files_get_path (config->files, origin->layer));

  signin_ctl_json_object (json, NULL);
  signin_ctl_json_string (json, "key", signin_setting_key (setting));
  signin_ctl_json_string (json, "group", signin_setting_group (setting));
  signin_ctl_json_string (json, "text", text);
  add_value_json (json, &config->settings, setting);
  signin_ctl_json_string (json, "origin", layers[origin->layer]);
  if (origin->line > 0)
    {
      signin_ctl_json_string (json, "file", path);
      signin_ctl_json_int (json, "line", origin->line);
    }
  else
    {
      signin_ctl_json_null (json, "file");
      signin_ctl_json_null (json, "line");
    }
  signin_ctl_json_bool (json, "locked", origin->locked);
  signin_ctl_json_end (json, '}');
}

static int
show_json (const Config *config, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };

  signin_ctl_json_init (&json, FALSE);
  signin_ctl_json_array (&json, "settings");
  for (guint i = config->first; i <= config->last; i++)
    add_json (&json, config, i);
  signin_ctl_json_end (&json, ']');
  signin_ctl_json_array (&json, "problems");
  for (guint i = 0; i < config->problems->len; i++)
    {
      g_autofree char *clean = signin_ctl_clean (g_ptr_array_index (config->problems, i));

      signin_ctl_json_string (&json, NULL, clean);
    }
  signin_ctl_json_end (&json, ']');
  return signin_ctl_show_json (&json, error);
}

static int
show (SigninCtl *ctl, const Config *config, GError **error)
{
  /* TRANSLATORS: headings of a table of settings, in capitals where that is usual */
  const char *const heading[] = { _ ("SETTING"), _ ("VALUE"), _ ("FROM") };
  g_autoptr (SigninCtlTable) table = signin_ctl_table_new (G_N_ELEMENTS (heading), FALSE);
  g_autoptr (GString) out = g_string_new (NULL);

  signin_ctl_table_add (table, heading);
  for (guint i = config->first; i <= config->last; i++)
    {
      g_autofree char *value = signin_settings_format (&config->settings, i);
      g_autofree char *origin = describe_origin (config, i);
      const char *const cells[] = { signin_setting_key (i), value, origin };

      signin_ctl_table_add (table, cells);
    }
  signin_ctl_table_show (out, &ctl->style, table, signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_PLAIN));
  return signin_ctl_show (out->str, error);
}

static void
tell_problems (const Config *config)
{
  for (guint i = 0; i < config->problems->len; i++)
    {
      g_autofree char *clean = signin_ctl_clean (g_ptr_array_index (config->problems, i));
      g_autofree char *line = g_strdup_printf ("signinctl: %s\n", clean);

      signin_ctl_write (stderr, line, NULL);
    }
}

/**
 * signin_ctl_run_config:
 * @ctl: the call
 * @error: why not
 *
 * Shows what is in force, where it comes from, and what is wrong with the files; needs no daemon.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_config (SigninCtl *ctl, GError **error)
{
  g_auto (Config) config = { 0 };

  if (!choose (&config, ctl->args.words[0], error))
    return SIGNIN_CTL_USAGE;
  config.files = signin_settings_files_new (NULL, NULL);
  config.problems = g_ptr_array_new_with_free_func (g_free);
  signin_settings_files_read (config.files, &config.settings, config.problems);
  if (ctl->json)
    return show_json (&config, error);
  tell_problems (&config);
  return show (ctl, &config, error);
}
