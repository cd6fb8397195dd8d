/* SPDX-License-Identifier: GPL-3.0-or-later */

/* signind.conf as anybody may have written it; and what is read survives being written and read again. */

#include "config.h"

#include "settings.h"

#include "in-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *path;
  g_autoptr (SigninSettingsFiles) files = NULL;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  SigninSettings settings, again;

  fuzz_quiet ();
  path = fuzz_in_file (data, size);
  files = signin_settings_files_new ("/nonexistent", path);
  signin_settings_init (&settings);
  signin_settings_files_read (files, &settings, problems);
  again = settings;
  for (SigninSetting i = 0; i < SIGNIN_N_SETTINGS; i++)
    {
      g_autofree char *text = signin_settings_format (&settings, i);
      g_autofree char *refusal = signin_settings_parse (&again, i, text);

      g_assert_null (refusal);
    }
  g_assert_true (signin_settings_equal (&settings, &again));
  return 0;
}
