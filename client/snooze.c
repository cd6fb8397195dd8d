/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "settings.h"
#include "snooze.h"

/**
 * signin_ctl_usual_snooze:
 *
 * What is wrong with the settings' files is for the daemon, and for "config", to say.
 *
 * Returns: for how long the popup's button would be quiet, in microseconds.
 */
gint64
signin_ctl_usual_snooze (void)
{
  g_autoptr (SigninSettingsFiles) files = signin_settings_files_new (NULL, NULL);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  SigninSettings settings;

  signin_settings_files_read (files, &settings, problems);
  return settings.snooze_usec;
}
