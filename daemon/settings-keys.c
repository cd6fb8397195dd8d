/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The keys of the settings files, and their values as people write them. */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "datafile.h"
#include "settings.h"

typedef struct _Key Key;

/**
 * Key:
 * @parse: reads a text; returns what is wrong with it, or %NULL
 * @format: writes it as @parse reads it
 */
struct _Key
{
  const char *group;
  const char *key;
  gsize offset;
  gsize size;
  char *(*parse) (const char *text, gpointer value);
  char *(*format) (gconstpointer value);
};

static char *
format_duration (gint64 sec)
{
  g_autofree char *hours = sec >= 3600 ? g_strdup_printf ("%d h", (int) (sec / 3600)) : NULL;
  g_autofree char *minutes = sec / 60 % 60 > 0 ? g_strdup_printf ("%d min", (int) (sec / 60 % 60)) : NULL;
  g_autofree char *seconds = sec % 60 > 0 ? g_strdup_printf ("%d s", (int) (sec % 60)) : NULL;
  const char *parts[] = { hours, minutes, seconds };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i] != NULL)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", parts[i]);
  return g_string_free (text, FALSE);
}

/* Puts a step in its place, the longest first. Returns what is wrong with it, or %NULL. */
static char *
add_step (SigninLadder *ladder, guint n, const char *text)
{
  gint64 usec;
  gint32 sec;
  guint place = n;

  if (!signin_datafile_parse_duration (text, &usec))
    return g_strdup_printf (_ ("“%s” is not a duration such as 5 min or 90 s"), text);
  if (usec < SIGNIN_REMINDER_MIN_SEC * G_USEC_PER_SEC)
    return g_strdup_printf (_ ("“%s” is shorter than %d s"), text, SIGNIN_REMINDER_MIN_SEC);
  if (usec >= (gint64) SIGNIN_REMINDER_BELOW_SEC * G_USEC_PER_SEC)
    return g_strdup_printf (_ ("“%s” is not less than %d min, when the warning comes"), text,
                            SIGNIN_REMINDER_BELOW_SEC / 60);
  if (n == SIGNIN_REMINDERS_MAX)
    return g_strdup_printf (_ ("more than %d reminders"), SIGNIN_REMINDERS_MAX);
  sec = usec / G_USEC_PER_SEC;
  for (guint i = 0; i < n; i++)
    if (ladder->before_end_sec[i] == sec)
      return g_strdup_printf (_ ("“%s” stands there twice"), text);
  for (; place > 0 && ladder->before_end_sec[place - 1] < sec; place--)
    ladder->before_end_sec[place] = ladder->before_end_sec[place - 1];
  ladder->before_end_sec[place] = sec;
  return NULL;
}

static char *
parse_ladder (const char *text, gpointer value)
{
  g_auto (GStrv) steps = g_strsplit (g_ascii_strcasecmp (text, "none") == 0 ? "" : text, ";", -1);
  SigninLadder ladder = { 0 };
  guint n = 0;

  for (guint i = 0; steps[i] != NULL; i++)
    {
      char *problem;

      if (*g_strstrip (steps[i]) == '\0')
        continue;
      problem = add_step (&ladder, n, steps[i]);
      if (problem != NULL)
        return problem;
      n++;
    }
  *(SigninLadder *) value = ladder;
  return NULL;
}

static char *
format_ladder (gconstpointer value)
{
  const SigninLadder *ladder = value;
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < SIGNIN_REMINDERS_MAX && ladder->before_end_sec[i] > 0; i++)
    {
      g_autofree char *step = format_duration (ladder->before_end_sec[i]);

      g_string_append_printf (text, "%s%s", text->len > 0 ? ";" : "", step);
    }
  if (text->len == 0)
    g_string_append (text, "none");
  return g_string_free (text, FALSE);
}

static char *
parse_snooze (const char *text, gpointer value)
{
  gint64 usec;

  if (!signin_datafile_parse_duration (text, &usec))
    return g_strdup_printf (_ ("“%s” is not a duration such as 5 min or 90 s"), text);
  if (usec < SIGNIN_SNOOZE_SETTING_MIN_USEC)
    return g_strdup_printf (_ ("“%s” is shorter than 1 min"), text);
  if (usec > SIGNIN_SNOOZE_SETTING_MAX_USEC)
    return g_strdup_printf (_ ("“%s” is longer than 1 h"), text);
  *(gint64 *) value = usec;
  return NULL;
}

static char *
format_snooze (gconstpointer value)
{
  return format_duration (*(const gint64 *) value / G_USEC_PER_SEC);
}

static char *
parse_flag (const char *text, gpointer value)
{
  static const char *const words[][2] = { { "no", "yes" }, { "false", "true" }, { "off", "on" }, { "0", "1" } };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    for (gboolean flag = FALSE; flag <= TRUE; flag++)
      if (g_ascii_strcasecmp (text, words[i][flag]) == 0)
        {
          *(gboolean *) value = flag;
          return NULL;
        }
  return g_strdup_printf (_ ("“%s” is neither yes nor no"), text);
}

static char *
format_flag (gconstpointer value)
{
  return g_strdup (*(const gboolean *) value ? "yes" : "no");
}

static const char *const silent_words[] = {
  [SIGNIN_SILENT_RESTART] = "restart",
  [SIGNIN_SILENT_IGNORE] = "ignore",
};

static char *
parse_silent (const char *text, gpointer value)
{
  for (guint i = 0; i < G_N_ELEMENTS (silent_words); i++)
    if (g_ascii_strcasecmp (text, silent_words[i]) == 0)
      {
        *(SigninSilent *) value = (SigninSilent) i;
        return NULL;
      }
  return g_strdup_printf (_ ("“%s” is neither restart nor ignore"), text);
}

static char *
format_silent (gconstpointer value)
{
  return g_strdup (silent_words[*(const SigninSilent *) value]);
}

static gboolean
is_none (const char *text)
{
  return *text == '\0' || g_ascii_strcasecmp (text, "none") == 0;
}

/* Texts are interned: settings are copied, compared and forgotten as plain memory. */
static char *
parse_command (const char *text, gpointer value)
{
  g_auto (GStrv) argv = NULL;

  /* No message of GLib's own: it would quote what belongs on no screen. */
  if (!is_none (text) && !g_shell_parse_argv (text, NULL, &argv, NULL))
    return g_strdup (_ ("this is not a command line; is a quotation mark missing?"));
  *(const char **) value = argv != NULL ? g_intern_string (text) : NULL;
  return NULL;
}

static char *
parse_path (const char *text, gpointer value)
{
  if (!is_none (text) && !g_path_is_absolute (text))
    return g_strdup_printf (_ ("“%s” is not a path that begins with a slash"), text);
  *(const char **) value = is_none (text) ? NULL : g_intern_string (text);
  return NULL;
}

static char *
format_text (gconstpointer value)
{
  const char *text = *(const char *const *) value;

  return g_strdup (text != NULL ? text : "none");
}

static char *
parse_days (const char *text, gpointer value)
{
  guint64 days;

  if (!g_ascii_string_to_unsigned (text, 10, 0, SIGNIN_HISTORY_DAYS_MAX, &days, NULL))
    return g_strdup_printf (_ ("“%s” is not a number of days from 0 to %d"), text, SIGNIN_HISTORY_DAYS_MAX);
  *(int *) value = (int) days;
  return NULL;
}

static char *
format_days (gconstpointer value)
{
  return g_strdup_printf ("%d", *(const int *) value);
}

#define MEMBER(member) G_STRUCT_OFFSET (SigninSettings, member), sizeof (((SigninSettings *) NULL)->member)

static const Key keys[SIGNIN_N_SETTINGS] = {
  [SIGNIN_SETTING_REMINDERS] = { "Reminders", "reminders", MEMBER (ladder), parse_ladder, format_ladder },
  [SIGNIN_SETTING_SNOOZE] = { "Reminders", "snooze", MEMBER (snooze_usec), parse_snooze, format_snooze },
  [SIGNIN_SETTING_POPUPS] = { "Popups", "popups", MEMBER (popups), parse_flag, format_flag },
  [SIGNIN_SETTING_SOUND] = { "Popups", "sound", MEMBER (sound), parse_flag, format_flag },
  [SIGNIN_SETTING_SHOW_USER_NAME] = { "Popups", "show-user-name", MEMBER (show_user_name), parse_flag, format_flag },
  [SIGNIN_SETTING_SILENT] = { "Browsers", "silent", MEMBER (silent), parse_silent, format_silent },
  [SIGNIN_SETTING_LOG_EVENTS] = { "Journal", "log-events", MEMBER (log_events), parse_flag, format_flag },
  [SIGNIN_SETTING_HEALTH_AT_WARNING] = { "Health", "health-at-warning", MEMBER (health_at_warning), parse_flag,
                                         format_flag },
  [SIGNIN_SETTING_TOKEN_COMMAND] = { "Health", "token-command", MEMBER (token_command), parse_command, format_text },
  [SIGNIN_SETTING_CA_FILE] = { "Health", "ca-file", MEMBER (ca_file), parse_path, format_text },
  [SIGNIN_SETTING_HISTORY_DAYS] = { "History", "history-days", MEMBER (history_days), parse_days, format_days },
};

static gpointer
get_value (SigninSettings *settings, SigninSetting setting)
{
  return (char *) settings + keys[setting].offset;
}

static gconstpointer
peek_value (const SigninSettings *settings, SigninSetting setting)
{
  return (const char *) settings + keys[setting].offset;
}

/**
 * signin_settings_init:
 * @settings: (out): settings
 *
 * Sets everything to what is built in.
 */
void
signin_settings_init (SigninSettings *settings)
{
  *settings = (SigninSettings){
    .ladder = { { 10 * 60, 5 * 60, 60 } },
    .snooze_usec = G_GINT64_CONSTANT (5) * 60 * G_USEC_PER_SEC,
    .popups = TRUE,
    .health_at_warning = TRUE,
    .history_days = SIGNIN_HISTORY_DAYS,
  };
}

/**
 * signin_settings_equal:
 * @a: settings
 * @b: settings
 *
 * Returns: whether all values are the same, wherever they come from
 */
gboolean
signin_settings_equal (const SigninSettings *a, const SigninSettings *b)
{
  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    if (memcmp (peek_value (a, i), peek_value (b, i), keys[i].size) != 0)
      return FALSE;
  return TRUE;
}

/**
 * signin_settings_copy:
 * @settings: settings to change
 * @from: settings
 * @setting: which one
 *
 * Copies one value, but not where it comes from.
 */
void
signin_settings_copy (SigninSettings *settings, const SigninSettings *from, SigninSetting setting)
{
  memcpy (get_value (settings, setting), peek_value (from, setting), keys[setting].size);
}

/**
 * signin_settings_parse:
 * @settings: settings to change
 * @setting: which one
 * @text: a value, as it is written in a file
 *
 * Sets one value, if @text is one.
 *
 * Returns: (transfer full) (nullable): what is wrong with @text, which then changed nothing
 */
char *
signin_settings_parse (SigninSettings *settings, SigninSetting setting, const char *text)
{
  return keys[setting].parse (text, get_value (settings, setting));
}

/**
 * signin_settings_format:
 * @settings: settings
 * @setting: which one
 *
 * Returns: (transfer full): its value, as it is written in a file
 */
char *
signin_settings_format (const SigninSettings *settings, SigninSetting setting)
{
  return keys[setting].format (peek_value (settings, setting));
}

/**
 * signin_setting_key:
 * @setting: a setting
 *
 * Returns: its key in a file
 */
const char *
signin_setting_key (SigninSetting setting)
{
  return keys[setting].key;
}

/**
 * signin_setting_group:
 * @setting: a setting
 *
 * Returns: the group that its key stands in
 */
const char *
signin_setting_group (SigninSetting setting)
{
  return keys[setting].group;
}

/**
 * signin_setting_find:
 * @key: a key
 * @setting: (out): the setting that it means
 *
 * Returns: whether there is one
 */
gboolean
signin_setting_find (const char *key, SigninSetting *setting)
{
  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    if (g_str_equal (keys[i].key, key))
      {
        *setting = i;
        return TRUE;
      }
  return FALSE;
}
