/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files and clocks. */

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>
#include <systemd/sd-id128.h>

#include "describe.h"
#include "doctor.h"
#include "hook-files.h"
#include "settings.h"
#include "store.h"

/* Every damaged database is worth a line, but not a screenful. */
#define DAMAGED_MAX 5

/**
 * signin_doctor_check_state:
 * @doctor: who looks
 *
 * Was a damaged database set aside?
 */
void
signin_doctor_check_state (SigninDoctor *doctor)
{
  g_autofree char *path = signin_store_default_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *file = g_path_get_basename (path);
  g_autofree char *prefix = g_strconcat (file, ".damaged-", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && n < DAMAGED_MAX && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *damaged = g_build_filename (folder, name, NULL);
      g_autofree char *quoted = signin_ctl_quote (damaged);
      g_autofree char *remedy = g_strdup_printf (
          _ ("Accounts and sign-ins of that time are missing: add and record them again. Then: rm %s*"), quoted);

      if (!g_str_has_prefix (name, prefix) || g_str_has_suffix (name, "-wal"))
        continue;
      signin_doctor_found (doctor, "damaged-database", SIGNIN_VERDICT_PROBLEM, remedy,
                           _ ("A damaged database was set aside: %s"), damaged);
      n++;
    }
}

/**
 * signin_doctor_check_clock:
 * @doctor: who looks
 *
 * Can the clocks be believed?
 */
void
signin_doctor_check_clock (SigninDoctor *doctor)
{
  sd_id128_t boot_id;

  if (g_get_real_time () / G_USEC_PER_SEC < RELEASE_DATE_SEC)
    signin_doctor_found (doctor, "clock", SIGNIN_VERDICT_PROBLEM, _ ("Set it; try: timedatectl set-ntp true"),
                         _ ("The clock reads a time before this signind was made"));
  else
    signin_doctor_found (doctor, "clock", SIGNIN_VERDICT_OK, NULL, _ ("The clock can be believed"));
  if (sd_id128_get_boot (&boot_id) < 0)
    signin_doctor_found (
        doctor, "boot-id", SIGNIN_VERDICT_PROBLEM,
        _ ("/proc/sys/kernel/random/boot_id has to be readable; containers sometimes hide it"),
        _ ("It cannot be told one start of the machine from another: steps of the clock shift warnings"));
}

/* Why @problem is more than a line that is passed over: nothing of its file counts. */
static const char *
find_remedy (const SigninSettingsFiles *files, const char *problem)
{
  for (SigninLayer i = SIGNIN_LAYER_SYSTEM; i < SIGNIN_N_LAYERS; i++)
    {
      const char *path = signin_settings_files_get_path (files, i);

      if (signin_settings_files_is_usable (files, i) || !g_str_has_prefix (problem, path))
        continue;
      return i == SIGNIN_LAYER_SYSTEM
                 ? _ ("Have the administrator mend it; that counts at once. Started before, signind knows none of its "
                      "values and locks")
                 : _ ("Mend it; that counts at once");
    }
  return NULL;
}

/**
 * signin_doctor_check_settings:
 * @doctor: who looks
 *
 * Do the settings files say what they are meant to say?
 */
void
signin_doctor_check_settings (SigninDoctor *doctor)
{
  g_autoptr (SigninSettingsFiles) files = signin_settings_files_new (NULL, NULL);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  SigninSettings settings;

  signin_settings_files_read (files, &settings, problems);
  for (guint i = 0; i < problems->len; i++)
    {
      const char *problem = g_ptr_array_index (problems, i);
      const char *remedy = find_remedy (files, problem);

      signin_doctor_found (doctor, "settings", remedy != NULL ? SIGNIN_VERDICT_PROBLEM : SIGNIN_VERDICT_NOTE,
                           remedy != NULL ? remedy : _ ("What counts instead: signinctl config"), "%s", problem);
    }
  if (problems->len == 0)
    signin_doctor_found (doctor, "settings", SIGNIN_VERDICT_OK, NULL, _ ("The settings files make sense"));
}

/**
 * signin_doctor_check_hooks:
 * @doctor: who looks
 *
 * Which programs are run on events, and which are not?
 */
void
signin_doctor_check_hooks (SigninDoctor *doctor)
{
  g_auto (GStrv) folders = signin_hook_folders ();
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) hooks = signin_hooks_find ((const char *const *) folders, problems);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < problems->len; i++)
    signin_doctor_found (doctor, "hooks", SIGNIN_VERDICT_PROBLEM, NULL, "%s",
                         (const char *) g_ptr_array_index (problems, i));
  for (guint i = 0; i < hooks->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", ((SigninHook *) g_ptr_array_index (hooks, i))->name);
  if (hooks->len > 0)
    signin_doctor_found (doctor, "hooks", SIGNIN_VERDICT_OK, NULL,
                         ngettext ("%u hook is run on events: %s", "%u hooks are run on events: %s", hooks->len),
                         hooks->len, names->str);
}
