/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people can choose: built-in values, changed by the administrator's file, changed by the person's own. GLib's
 * core only: signinctl links it too. */

#pragma once

#include "session.h"

G_BEGIN_DECLS

/* Reminders come after the warning, and not so close to each other and to the end that they are of no use. */
#define SIGNIN_REMINDER_MIN_SEC 30
#define SIGNIN_REMINDER_BELOW_SEC (20 * 60)

#define SIGNIN_SNOOZE_SETTING_MIN_USEC (G_GINT64_CONSTANT (60) * G_USEC_PER_SEC)
#define SIGNIN_SNOOZE_SETTING_MAX_USEC (G_GINT64_CONSTANT (60) * 60 * G_USEC_PER_SEC)

#define SIGNIN_HISTORY_DAYS 30
#define SIGNIN_HISTORY_DAYS_MAX 3650

/**
 * SigninSetting:
 * @SIGNIN_SETTING_REMINDERS: when reminders come
 * @SIGNIN_SETTING_SNOOZE: for how long "remind me later" is
 * @SIGNIN_SETTING_POPUPS: whether there are popups
 * @SIGNIN_SETTING_SOUND: whether they make a sound
 * @SIGNIN_SETTING_SHOW_USER_NAME: whether they show the user name
 * @SIGNIN_SETTING_SILENT: what a sign-in does that nobody typed anything for
 * @SIGNIN_SETTING_LOG_EVENTS: whether sign-ins and sign-outs go to the journal
 * @SIGNIN_SETTING_HEALTH_AT_WARNING: whether the services are asked when a warning is due
 * @SIGNIN_SETTING_TOKEN_COMMAND: what prints a token for Microsoft Graph
 * @SIGNIN_SETTING_CA_FILE: certificates that are trusted beside the system's
 * @SIGNIN_SETTING_HISTORY_DAYS: how long past sessions are kept
 *
 * Every key there is.
 */
typedef enum
{
  SIGNIN_SETTING_REMINDERS,
  SIGNIN_SETTING_SNOOZE,
  SIGNIN_SETTING_POPUPS,
  SIGNIN_SETTING_SOUND,
  SIGNIN_SETTING_SHOW_USER_NAME,
  SIGNIN_SETTING_SILENT,
  SIGNIN_SETTING_LOG_EVENTS,
  SIGNIN_SETTING_HEALTH_AT_WARNING,
  SIGNIN_SETTING_TOKEN_COMMAND,
  SIGNIN_SETTING_CA_FILE,
  SIGNIN_SETTING_HISTORY_DAYS,
  SIGNIN_N_SETTINGS
} SigninSetting;

/**
 * SigninSilent:
 * @SIGNIN_SILENT_RESTART: a session begins, as with any other sign-in of that browser
 * @SIGNIN_SILENT_IGNORE: nothing happens
 *
 * What a silent single sign-on does.
 */
typedef enum
{
  SIGNIN_SILENT_RESTART,
  SIGNIN_SILENT_IGNORE,
} SigninSilent;

/**
 * SigninLayer:
 * @SIGNIN_LAYER_BUILT_IN: nobody said anything else
 * @SIGNIN_LAYER_SYSTEM: the administrator's file
 * @SIGNIN_LAYER_USER: the person's own file
 *
 * Where a value comes from; later ones win.
 */
typedef enum
{
  SIGNIN_LAYER_BUILT_IN,
  SIGNIN_LAYER_SYSTEM,
  SIGNIN_LAYER_USER,
  SIGNIN_N_LAYERS
} SigninLayer;

/**
 * SigninOrigin:
 * @layer: which layer the value comes from
 * @line: in which line of that layer's file, from 1; 0 if it is built in
 * @locked: the administrator lets nobody change it
 */
typedef struct
{
  SigninLayer layer;
  guint line;
  gboolean locked;
} SigninOrigin;

/**
 * SigninSettings:
 * @ladder: the reminders between the warning and the end
 * @snooze_usec: for how long "remind me later" is
 * @popups: there are popups
 * @sound: popups make a sound
 * @show_user_name: popups show the user name
 * @silent: what a browser's silent single sign-on does
 * @log_events: sign-ins and sign-outs go to the journal, not only to who asks for debug messages
 * @health_at_warning: when a warning is due, signin-healthd is asked whether signing in would work
 * @token_command: (nullable): a command line that prints a token for Microsoft Graph, in a shell's quotes; interned
 * @ca_file: (nullable): a file of certificates that are trusted beside the system's; interned
 * @history_days: for how many days past sessions are kept; 0 for not at all
 * @origins: where each value comes from
 *
 * What is in force. Nothing in here needs to be freed.
 */
typedef struct
{
  SigninLadder ladder;
  gint64 snooze_usec;
  gboolean popups;
  gboolean sound;
  gboolean show_user_name;
  SigninSilent silent;
  gboolean log_events;
  gboolean health_at_warning;
  const char *token_command;
  const char *ca_file;
  int history_days;
  SigninOrigin origins[SIGNIN_N_SETTINGS];
} SigninSettings;

void signin_settings_init (SigninSettings *settings);
gboolean signin_settings_equal (const SigninSettings *a, const SigninSettings *b);
void signin_settings_copy (SigninSettings *settings, const SigninSettings *from, SigninSetting setting);
char *signin_settings_parse (SigninSettings *settings, SigninSetting setting, const char *text);
char *signin_settings_format (const SigninSettings *settings, SigninSetting setting);

const char *signin_setting_key (SigninSetting setting);
const char *signin_setting_group (SigninSetting setting);
gboolean signin_setting_find (const char *key, SigninSetting *setting);

/**
 * SigninSettingsFiles:
 *
 * The files of all layers, and what each last said when it made sense.
 */
typedef struct _SigninSettingsFiles SigninSettingsFiles;

SigninSettingsFiles *signin_settings_files_new (const char *system_path, const char *user_path);
void signin_settings_files_free (SigninSettingsFiles *files);
const char *signin_settings_files_get_path (const SigninSettingsFiles *files, SigninLayer layer);
gboolean signin_settings_files_is_usable (const SigninSettingsFiles *files, SigninLayer layer);
void signin_settings_files_read (SigninSettingsFiles *files, SigninSettings *settings, GPtrArray *problems);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninSettingsFiles, signin_settings_files_free)

G_END_DECLS
