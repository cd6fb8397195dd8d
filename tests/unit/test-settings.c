/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Settings files: layers, locks, and everything that can be wrong with what people write. */

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>

#include "datafile.h"
#include "settings.h"

#define SEC ((gint64) G_USEC_PER_SEC)

typedef struct
{
  char *folder;
  char *system_path;
  char *user_path;
  SigninSettingsFiles *files;
  SigninSettings settings;
  GPtrArray *problems;
} Scratch;

static Scratch *
scratch_new (void)
{
  Scratch *scratch = g_new0 (Scratch, 1);
  g_autoptr (GError) error = NULL;

  scratch->folder = g_dir_make_tmp ("signin-test-XXXXXX", &error);
  g_assert_no_error (error);
  scratch->system_path = g_build_filename (scratch->folder, "system.conf", NULL);
  scratch->user_path = g_build_filename (scratch->folder, "user.conf", NULL);
  scratch->files = signin_settings_files_new (scratch->system_path, scratch->user_path);
  scratch->problems = g_ptr_array_new_with_free_func (g_free);
  return scratch;
}

static void
scratch_free (Scratch *scratch)
{
  g_remove (scratch->system_path);
  g_remove (scratch->user_path);
  g_rmdir (scratch->folder);
  signin_settings_files_free (scratch->files);
  g_ptr_array_unref (scratch->problems);
  g_free (scratch->folder);
  g_free (scratch->system_path);
  g_free (scratch->user_path);
  g_free (scratch);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scratch, scratch_free)

/* Of %NULL there is no file. */
static void
put_bytes (const char *path, const char *bytes, gssize len)
{
  g_autoptr (GError) error = NULL;

  if (bytes == NULL)
    g_assert_true (g_remove (path) == 0 || errno == ENOENT);
  else
    g_file_set_contents (path, bytes, len, &error);
  g_assert_no_error (error);
}

static void
load (Scratch *scratch, const char *system, const char *user)
{
  put_bytes (scratch->system_path, system, -1);
  put_bytes (scratch->user_path, user, -1);
  g_ptr_array_set_size (scratch->problems, 0);
  signin_settings_files_read (scratch->files, &scratch->settings, scratch->problems);
}

static void
expect_value (Scratch *scratch, SigninSetting setting, const char *value)
{
  g_autofree char *text = signin_settings_format (&scratch->settings, setting);

  g_assert_cmpstr (text, ==, value);
}

static void
expect_origin (Scratch *scratch, SigninSetting setting, SigninLayer layer, guint line, gboolean locked)
{
  const SigninOrigin *origin = &scratch->settings.origins[setting];

  g_assert_cmpint (origin->layer, ==, layer);
  g_assert_cmpuint (origin->line, ==, line);
  g_assert_cmpint (origin->locked, ==, locked);
}

/* Exactly these, in this order, as patterns behind the name of the file. */
static void
expect_problems (Scratch *scratch, const char *path, const char *first, ...)
{
  guint i = 0;
  va_list args;

  va_start (args, first);
  for (const char *pattern = first; pattern != NULL; pattern = va_arg (args, const char *), i++)
    {
      g_autofree char *whole = g_strconcat (path, ":", pattern, NULL);
      const char *problem = i < scratch->problems->len ? g_ptr_array_index (scratch->problems, i) : "nothing";

      if (!g_pattern_match_simple (whole, problem))
        g_test_fail_printf ("“%s” is not “%s”", problem, whole);
    }
  va_end (args);
  if (i < scratch->problems->len)
    g_test_fail_printf ("unexpected: %s", (char *) g_ptr_array_index (scratch->problems, i));
}

static void
expect_no_problems (Scratch *scratch)
{
  expect_problems (scratch, "", NULL, NULL);
}

static void
expect_built_in (Scratch *scratch)
{
  SigninSettings built_in;

  signin_settings_init (&built_in);
  g_assert_true (signin_settings_equal (&scratch->settings, &built_in));
  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    expect_origin (scratch, i, SIGNIN_LAYER_BUILT_IN, 0, FALSE);
}

static void
test_built_in (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();

  load (scratch, NULL, NULL);
  expect_no_problems (scratch);
  expect_built_in (scratch);
  expect_value (scratch, SIGNIN_SETTING_REMINDERS, "10 min;5 min;1 min");
  expect_value (scratch, SIGNIN_SETTING_SNOOZE, "5 min");
  expect_value (scratch, SIGNIN_SETTING_POPUPS, "yes");
  expect_value (scratch, SIGNIN_SETTING_SOUND, "no");
  expect_value (scratch, SIGNIN_SETTING_SHOW_USER_NAME, "no");
  expect_value (scratch, SIGNIN_SETTING_LOG_EVENTS, "no");
  expect_value (scratch, SIGNIN_SETTING_HEALTH_AT_WARNING, "yes");
  expect_value (scratch, SIGNIN_SETTING_TOKEN_COMMAND, "none");
  expect_value (scratch, SIGNIN_SETTING_CA_FILE, "none");
  g_assert_null (scratch->settings.token_command);
  g_assert_null (scratch->settings.ca_file);
  expect_value (scratch, SIGNIN_SETTING_HISTORY_DAYS, "30");
  g_assert_cmpint (scratch->settings.ladder.before_end_sec[0], ==, 600);
  g_assert_cmpint (scratch->settings.ladder.before_end_sec[2], ==, 60);
  g_assert_cmpint (scratch->settings.snooze_usec, ==, 300 * SEC);
}

/* Files that say nothing. */
static void
test_empty (void)
{
  static const char *const texts[] = {
    "", "\n", "\n\n  \n", "# a comment\n#", "[Popups]", "[Popups]\r\n\r\n", "[Lock]\n",
  };
  g_autoptr (Scratch) scratch = scratch_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      load (scratch, texts[i], strstr (texts[i], "Lock") != NULL ? NULL : texts[i]);
      expect_no_problems (scratch);
      expect_built_in (scratch);
    }
}

static void
test_layers (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();

  load (scratch, "[Popups]\nsound=yes\nshow-user-name=yes\n",
        "# mine\n[Popups]\n  sound = off  \n\n[Reminders]\nsnooze=10 min");
  expect_no_problems (scratch);
  expect_value (scratch, SIGNIN_SETTING_SOUND, "no");
  expect_origin (scratch, SIGNIN_SETTING_SOUND, SIGNIN_LAYER_USER, 3, FALSE);
  expect_value (scratch, SIGNIN_SETTING_SHOW_USER_NAME, "yes");
  expect_origin (scratch, SIGNIN_SETTING_SHOW_USER_NAME, SIGNIN_LAYER_SYSTEM, 3, FALSE);
  expect_value (scratch, SIGNIN_SETTING_SNOOZE, "10 min");
  expect_origin (scratch, SIGNIN_SETTING_SNOOZE, SIGNIN_LAYER_USER, 6, FALSE);
  expect_origin (scratch, SIGNIN_SETTING_POPUPS, SIGNIN_LAYER_BUILT_IN, 0, FALSE);

  /* Each file can go again, and its values with it. */
  load (scratch, NULL, "[Popups]\nsound=yes\n");
  expect_value (scratch, SIGNIN_SETTING_SHOW_USER_NAME, "no");
  load (scratch, NULL, NULL);
  expect_no_problems (scratch);
  expect_built_in (scratch);
}

static void
test_locks (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();

  load (scratch, "[Popups]\nsound=yes\n[Lock]\nkeys=sound; reminders ;\n",
        "[Popups]\nsound=no\npopups=no\n[Reminders]\nreminders=2 min\n");
  expect_problems (scratch, scratch->user_path, "5: reminders is locked by *system.conf; ignored",
                   "2: sound is locked by *", NULL);
  expect_value (scratch, SIGNIN_SETTING_SOUND, "yes");
  expect_origin (scratch, SIGNIN_SETTING_SOUND, SIGNIN_LAYER_SYSTEM, 2, TRUE);
  expect_value (scratch, SIGNIN_SETTING_REMINDERS, "10 min;5 min;1 min");
  expect_origin (scratch, SIGNIN_SETTING_REMINDERS, SIGNIN_LAYER_BUILT_IN, 0, TRUE);
  expect_value (scratch, SIGNIN_SETTING_POPUPS, "no");
  expect_origin (scratch, SIGNIN_SETTING_POPUPS, SIGNIN_LAYER_USER, 3, FALSE);

  /* A lock may stand before what it locks, and goes with its line. */
  load (scratch, "[Lock]\nkeys=sound\n[Popups]\nsound=yes\n", NULL);
  expect_no_problems (scratch);
  expect_origin (scratch, SIGNIN_SETTING_SOUND, SIGNIN_LAYER_SYSTEM, 4, TRUE);
  load (scratch, "[Popups]\nsound=yes\n", "[Popups]\nsound=no\n");
  expect_value (scratch, SIGNIN_SETTING_SOUND, "no");

  load (scratch, "[Lock]\nkeys=sound;colour\nwhole=yes\n", NULL);
  expect_problems (scratch, scratch->system_path, "2: there is no key colour to lock",
                   "3: whole is not known in *Lock*", NULL);
  expect_origin (scratch, SIGNIN_SETTING_SOUND, SIGNIN_LAYER_BUILT_IN, 0, TRUE);

  /* Nobody locks out anybody from a file of their own. */
  load (scratch, NULL, "[Lock]\nkeys=sound\n[Popups]\nsound=yes\n");
  expect_problems (scratch, scratch->user_path, "2: only the administrator's file can lock keys; ignored", NULL);
  expect_value (scratch, SIGNIN_SETTING_SOUND, "yes");
  expect_origin (scratch, SIGNIN_SETTING_SOUND, SIGNIN_LAYER_USER, 4, FALSE);
}

/* What is not acceptable leaves what the administrator said. */
static void
test_bad_values (void)
{
  static const struct
  {
    SigninSetting setting;
    const char *group;
    const char *value;
    const char *problem;
  } cases[] = {
    { SIGNIN_SETTING_REMINDERS, "Reminders", "soon", "“soon” is not a duration such as 5 min or 90 s" },
    { SIGNIN_SETTING_REMINDERS, "Reminders", "5", "“5” is not a duration such as *" },
    { SIGNIN_SETTING_REMINDERS, "Reminders", "-5 min", "“-5 min” is not a duration such as *" },
    { SIGNIN_SETTING_REMINDERS, "Reminders", "0 s", "“0 s” is not a duration such as *" },
    { SIGNIN_SETTING_REMINDERS, "Reminders", "5 min 5 parsecs", "*is not a duration such as *" },
    { SIGNIN_SETTING_REMINDERS, "Reminders", "99999999999999999999 min", "*is not a duration such as *" },
    { SIGNIN_SETTING_REMINDERS, "Reminders", "5 min, 1 min", "*is not a duration such as *" },
    { SIGNIN_SETTING_REMINDERS, "Reminders", "29 s", "“29 s” is shorter than 30 s" },
    { SIGNIN_SETTING_REMINDERS, "Reminders", "5 min;20 min",
      "“20 min” is not less than 20 min, when the warning comes" },
    { SIGNIN_SETTING_REMINDERS, "Reminders", "300 h", "“300 h” is not less than 20 min*" },
    { SIGNIN_SETTING_REMINDERS, "Reminders", "4 min;3 min;2 min;1 min", "more than 3 reminders" },
    { SIGNIN_SETTING_REMINDERS, "Reminders", "1 min;60 s", "“60 s” stands there twice" },
    { SIGNIN_SETTING_SNOOZE, "Reminders", "", "“” is not a duration*" },
    { SIGNIN_SETTING_SNOOZE, "Reminders", "none", "“none” is not a duration*" },
    { SIGNIN_SETTING_SNOOZE, "Reminders", "59 s", "“59 s” is shorter than 1 min" },
    { SIGNIN_SETTING_SNOOZE, "Reminders", "1 h 1 s", "“1 h 1 s” is longer than 1 h" },
    { SIGNIN_SETTING_POPUPS, "Popups", "", "“” is neither yes nor no" },
    { SIGNIN_SETTING_POPUPS, "Popups", "maybe", "“maybe” is neither yes nor no" },
    { SIGNIN_SETTING_SOUND, "Popups", "yes # loud", "“yes # loud” is neither yes nor no" },
    { SIGNIN_SETTING_SHOW_USER_NAME, "Popups", "2", "“2” is neither yes nor no" },
    { SIGNIN_SETTING_LOG_EVENTS, "Journal", "yesyes", "“yesyes” is neither yes nor no" },
    { SIGNIN_SETTING_HEALTH_AT_WARNING, "Health", "sometimes", "“sometimes” is neither yes nor no" },
    { SIGNIN_SETTING_TOKEN_COMMAND, "Health", "get 'token", "this is not a command line*" },
    { SIGNIN_SETTING_TOKEN_COMMAND, "Health", "# get", "this is not a command line*" },
    { SIGNIN_SETTING_CA_FILE, "Health", "ca.pem", "“ca.pem” is not a path that begins with a slash" },
    { SIGNIN_SETTING_CA_FILE, "Health", "~/ca.pem", "“~/ca.pem” is not a path*" },
    { SIGNIN_SETTING_HISTORY_DAYS, "History", "3651", "“3651” is not a number of days from 0 to 3650" },
    { SIGNIN_SETTING_HISTORY_DAYS, "History", "-1", "“-1” is not a number of days*" },
    { SIGNIN_SETTING_HISTORY_DAYS, "History", "30 days", "“30 days” is not a number of days*" },
  };
  static const char *const below[] = {
    [SIGNIN_SETTING_REMINDERS] = "3 min",
    [SIGNIN_SETTING_SNOOZE] = "7 min",
    [SIGNIN_SETTING_POPUPS] = "no",
    [SIGNIN_SETTING_SOUND] = "yes",
    [SIGNIN_SETTING_SHOW_USER_NAME] = "yes",
    [SIGNIN_SETTING_LOG_EVENTS] = "yes",
    [SIGNIN_SETTING_HEALTH_AT_WARNING] = "no",
    [SIGNIN_SETTING_TOKEN_COMMAND] = "/bin/get it",
    [SIGNIN_SETTING_CA_FILE] = "/ca.pem",
    [SIGNIN_SETTING_HISTORY_DAYS] = "0",
  };
  g_autoptr (Scratch) scratch = scratch_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SigninSetting setting = cases[i].setting;
      const char *key = signin_setting_key (setting);
      g_autofree char *system = g_strdup_printf ("[%s]\n%s=%s\n", cases[i].group, key, below[setting]);
      g_autofree char *user = g_strdup_printf ("\n[%s]\n# %u\n%s=%s\n", cases[i].group, i, key, cases[i].value);
      g_autofree char *problem = g_strdup_printf ("4: %s: %s; ignored", key, cases[i].problem);

      load (scratch, system, user);
      expect_problems (scratch, scratch->user_path, problem, NULL);
      expect_value (scratch, setting, below[setting]);
      expect_origin (scratch, setting, SIGNIN_LAYER_SYSTEM, 2, FALSE);
    }
}

static void
test_good_values (void)
{
  static const struct
  {
    SigninSetting setting;
    const char *value;
    const char *meant;
  } cases[] = {
    { SIGNIN_SETTING_REMINDERS, "", "none" },
    { SIGNIN_SETTING_REMINDERS, "none", "none" },
    { SIGNIN_SETTING_REMINDERS, " ; ;", "none" },
    { SIGNIN_SETTING_REMINDERS, "30s", "30 s" },
    { SIGNIN_SETTING_REMINDERS, "19min59s", "19 min 59 s" },
    { SIGNIN_SETTING_REMINDERS, "1 min;10 min;5 min", "10 min;5 min;1 min" },
    { SIGNIN_SETTING_REMINDERS, "90 s ; 2 min;", "2 min;1 min 30 s" },
    { SIGNIN_SETTING_SNOOZE, "1 min", "1 min" },
    { SIGNIN_SETTING_SNOOZE, "60min", "1 h" },
    { SIGNIN_SETTING_SNOOZE, "2 min 30 s", "2 min 30 s" },
    { SIGNIN_SETTING_SOUND, "YES", "yes" },
    { SIGNIN_SETTING_SOUND, "true", "yes" },
    { SIGNIN_SETTING_SOUND, "On", "yes" },
    { SIGNIN_SETTING_SOUND, "1", "yes" },
    { SIGNIN_SETTING_POPUPS, "no", "no" },
    { SIGNIN_SETTING_POPUPS, "FALSE", "no" },
    { SIGNIN_SETTING_POPUPS, "off", "no" },
    { SIGNIN_SETTING_POPUPS, "0", "no" },
    { SIGNIN_SETTING_HEALTH_AT_WARNING, "off", "no" },
    { SIGNIN_SETTING_TOKEN_COMMAND, "", "none" },
    { SIGNIN_SETTING_TOKEN_COMMAND, "None", "none" },
    { SIGNIN_SETTING_TOKEN_COMMAND, "get-token --for 'my tenant'", "get-token --for 'my tenant'" },
    { SIGNIN_SETTING_CA_FILE, "", "none" },
    { SIGNIN_SETTING_CA_FILE, "/etc/ssl/own ca.pem", "/etc/ssl/own ca.pem" },
  };
  g_autoptr (Scratch) scratch = scratch_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      SigninSetting setting = cases[i].setting;
      g_autofree char *user = g_strdup_printf ("[%s]\r\n%s=%s\r\n", signin_setting_group (setting),
                                               signin_setting_key (setting), cases[i].value);
      g_autofree char *written = NULL;

      load (scratch, NULL, user);
      expect_no_problems (scratch);
      expect_value (scratch, setting, cases[i].meant);
      expect_origin (scratch, setting, SIGNIN_LAYER_USER, 2, FALSE);

      /* What is shown can be written. */
      written = g_strdup_printf ("[%s]\n%s=%s", signin_setting_group (setting), signin_setting_key (setting),
                                 cases[i].meant);
      load (scratch, NULL, written);
      expect_no_problems (scratch);
      expect_value (scratch, setting, cases[i].meant);
    }
}

/* A slip of the pen costs nothing but itself. */
static void
test_unknown (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();

  load (scratch, NULL, "[Popups]\nsuond=yes\nsound=yes\nsnooze=10 min\n[Colours]\nred=yes\n[popups]\nsound=no\n");
  expect_problems (scratch, scratch->user_path, "2: suond is not known and ignored",
                   "4: snooze belongs into ?Reminders?; ignored in ?Popups?", "5: ?Colours? is not known and ignored",
                   "6: red is not known and ignored", "7: ?popups? is not known and ignored",
                   "8: sound belongs into ?Popups?; ignored in ?popups?", NULL);
  expect_value (scratch, SIGNIN_SETTING_SOUND, "yes");
  expect_value (scratch, SIGNIN_SETTING_SNOOZE, "5 min");
}

static void
test_twice (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();

  load (scratch, NULL, "[Popups]\nsound=yes\n[Journal]\nlog-events=yes\n[Popups]\nsound=no\n");
  expect_problems (scratch, scratch->user_path, "6: sound stands in line 2 already; this one counts", NULL);
  expect_value (scratch, SIGNIN_SETTING_SOUND, "no");
  expect_origin (scratch, SIGNIN_SETTING_SOUND, SIGNIN_LAYER_USER, 6, FALSE);

  /* A bad second one leaves the first. */
  load (scratch, NULL, "[Popups]\nsound=yes\nsound=loud\n");
  expect_problems (scratch, scratch->user_path, "3: sound: *", NULL);
  expect_origin (scratch, SIGNIN_SETTING_SOUND, SIGNIN_LAYER_USER, 2, FALSE);
}

/* Of a file that makes no sense nothing counts, and what it said before stays. */
static void
test_broken (void)
{
  static const struct
  {
    const char *text;
    const char *problem;
  } cases[] = {
    { "[Popups]\nsound=no\nsound\n", "3: this is neither a ?group? nor key=value nor a # comment; *" },
    { "[Popups]\nsound=no\n=yes\n", "3: this is neither *" },
    { "[Popups\nsound=no\n", "1: this is neither *" },
    { "[]\n", "1: this is neither *" },
    { "[Pop]ups]\n", "1: this is neither *" },
    { "[Popups] more\n", "1: this is neither *" },
    { "sound=no\n", "1: this stands before the first ?group?; *" },
    { "[Popups]\nsound=no\n# fine\n; not fine\n", "4: this is neither *" },
    { "[Popups]\nsound=no\npopups=\033[31mno\n", "3: line: the character U+001B at byte 8 is not allowed; *" },
    { "[Popups]\nsound=no\n# \xff\n", "3: this is not text in UTF-8; nothing of this file is used" },
  };
  g_autoptr (Scratch) scratch = scratch_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      load (scratch, NULL, "[Popups]\nsound=yes\n");
      load (scratch, NULL, cases[i].text);
      expect_problems (scratch, scratch->user_path, cases[i].problem, NULL);
      expect_value (scratch, SIGNIN_SETTING_SOUND, "yes");
      expect_origin (scratch, SIGNIN_SETTING_SOUND, SIGNIN_LAYER_USER, 2, FALSE);
    }

  /* The same at a start, when there is nothing before. */
  g_clear_pointer (&scratch->files, signin_settings_files_free);
  scratch->files = signin_settings_files_new (scratch->system_path, scratch->user_path);
  load (scratch, NULL, cases[0].text);
  g_assert_cmpuint (scratch->problems->len, ==, 1);
  expect_built_in (scratch);
}

/* Locks do not fall by somebody breaking the file that has them. */
static void
test_broken_locks (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();

  load (scratch, "[Lock]\nkeys=sound\n", NULL);
  load (scratch, "[Lock]\nkeys\n", "[Popups]\nsound=yes\n");
  g_assert_cmpuint (scratch->problems->len, ==, 2);
  expect_value (scratch, SIGNIN_SETTING_SOUND, "no");
  expect_origin (scratch, SIGNIN_SETTING_SOUND, SIGNIN_LAYER_BUILT_IN, 0, TRUE);
}

static void
test_garbage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  g_autoptr (Scratch) scratch = scratch_new ();
  static const char typical[] = "[]=#;\n \t\rkeysoundLockPopups\0";
  char bytes[4096];

  for (guint i = 0; i < 200; i++)
    {
      guint len = g_rand_int_range (rand, 1, sizeof bytes);

      for (guint j = 0; j < len; j++)
        bytes[j] = i % 2 == 0 ? (char) g_rand_int (rand) : typical[g_rand_int_range (rand, 0, sizeof typical)];
      put_bytes (scratch->system_path, bytes, len);
      put_bytes (scratch->user_path, bytes, len);
      g_ptr_array_set_size (scratch->problems, 0);
      signin_settings_files_read (scratch->files, &scratch->settings, scratch->problems);
      for (guint j = 0; j < scratch->problems->len; j++)
        g_assert_true (g_utf8_validate (g_ptr_array_index (scratch->problems, j), -1, NULL));
    }

  /* A null byte within does not hide what comes behind it. */
  put_bytes (scratch->system_path, NULL, 0);
  put_bytes (scratch->user_path, "[Popups]\nsound=yes\0\nrubbish\n", 28);
  g_ptr_array_set_size (scratch->problems, 0);
  g_clear_pointer (&scratch->files, signin_settings_files_free);
  scratch->files = signin_settings_files_new (scratch->system_path, scratch->user_path);
  signin_settings_files_read (scratch->files, &scratch->settings, scratch->problems);
  expect_problems (scratch, scratch->user_path, "2: this is not text*", NULL);
  expect_built_in (scratch);
}

static void
test_limits (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (GString) text = g_string_new ("[Popups]\nsound=yes\n");
  g_autoptr (GString) line = g_string_new ("[Popups]\nsound=yes\n");

  /* As large as may be, and a byte more. */
  while (text->len < SIGNIN_DATAFILE_MAX)
    g_string_append (text, text->len % 64 == 63 ? "\n" : "#");
  load (scratch, NULL, text->str);
  expect_no_problems (scratch);
  expect_value (scratch, SIGNIN_SETTING_SOUND, "yes");
  g_clear_pointer (&scratch->files, signin_settings_files_free);
  scratch->files = signin_settings_files_new (scratch->system_path, scratch->user_path);
  g_string_append_c (text, '#');
  load (scratch, NULL, text->str);
  expect_problems (scratch, scratch->user_path, " larger than 65536 bytes; nothing of this file is used", NULL);
  expect_built_in (scratch);

  /* One line. */
  for (guint i = 0; i < 1100; i++)
    g_string_append_c (line, 'k');
  load (scratch, NULL, line->str);
  expect_problems (scratch, scratch->user_path, "3: line: at most 1024 bytes are allowed; *", NULL);
}

/* What stands in place of the file. */
static void
test_no_file (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();

  g_assert_cmpint (g_mkdir (scratch->user_path, 0700), ==, 0);
  signin_settings_files_read (scratch->files, &scratch->settings, scratch->problems);
  expect_problems (scratch, scratch->user_path, " not a regular file; nothing of this file is used", NULL);
  expect_built_in (scratch);
  g_rmdir (scratch->user_path);

  g_assert_cmpint (mkfifo (scratch->user_path, 0600), ==, 0);
  g_ptr_array_set_size (scratch->problems, 0);
  signin_settings_files_read (scratch->files, &scratch->settings, scratch->problems);
  expect_problems (scratch, scratch->user_path, " not a regular file; *", NULL);
  g_remove (scratch->user_path);

  /* A folder of the path may be a file. */
  put_bytes (scratch->user_path, "[Popups]\nsound=yes\n", -1);
  {
    g_autofree char *below = g_build_filename (scratch->user_path, "signind.conf", NULL);
    g_autoptr (SigninSettingsFiles) files = signin_settings_files_new (scratch->system_path, below);

    g_ptr_array_set_size (scratch->problems, 0);
    signin_settings_files_read (files, &scratch->settings, scratch->problems);
    expect_no_problems (scratch);
    expect_built_in (scratch);
  }
}

static void
test_many_problems (void)
{
  g_autoptr (Scratch) scratch = scratch_new ();
  g_autoptr (GString) text = g_string_new ("[Popups]\n");

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "k%u=x\n", i);
  g_string_append (text, "sound=yes\n");
  load (scratch, NULL, text->str);
  g_assert_cmpuint (scratch->problems->len, ==, 32);
  expect_value (scratch, SIGNIN_SETTING_SOUND, "yes");
  expect_origin (scratch, SIGNIN_SETTING_SOUND, SIGNIN_LAYER_USER, 5002, FALSE);
}

static void
test_keys (void)
{
  SigninSetting setting;

  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    {
      g_assert_true (signin_setting_find (signin_setting_key (i), &setting));
      g_assert_cmpuint (setting, ==, i);
    }
  g_assert_false (signin_setting_find ("", &setting));
  g_assert_false (signin_setting_find ("Sound", &setting));
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/built-in", test_built_in);
  g_test_add_func ("/settings/empty", test_empty);
  g_test_add_func ("/settings/layers", test_layers);
  g_test_add_func ("/settings/locks", test_locks);
  g_test_add_func ("/settings/bad-values", test_bad_values);
  g_test_add_func ("/settings/good-values", test_good_values);
  g_test_add_func ("/settings/unknown", test_unknown);
  g_test_add_func ("/settings/twice", test_twice);
  g_test_add_func ("/settings/broken", test_broken);
  g_test_add_func ("/settings/broken-locks", test_broken_locks);
  g_test_add_func ("/settings/garbage", test_garbage);
  g_test_add_func ("/settings/limits", test_limits);
  g_test_add_func ("/settings/no-file", test_no_file);
  g_test_add_func ("/settings/many-problems", test_many_problems);
  g_test_add_func ("/settings/keys", test_keys);
  return g_test_run ();
}
