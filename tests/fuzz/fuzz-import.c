/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files to import: what is taken is an account that signind would take too, and the settings file that is made of it
 * says just that. */

#include "config.h"

#include <string.h>

#include "client/settings-write.h"
#include "client/transfer.h"

#include "in-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The settings in a file, written over what the input itself would be as such a file. */
static void
check_settings (const SigninCtlTransfer *transfer)
{
  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    if (transfer->settings[i] != NULL)
      {
        g_autofree char *once = signin_ctl_settings_edit ("", i, transfer->settings[i]);
        g_autofree char *twice = signin_ctl_settings_edit (once, i, transfer->settings[i]);
        SigninSettings settings;

        g_assert_cmpstr (once, ==, twice);
        signin_settings_init (&settings);
        g_assert_null (signin_settings_parse (&settings, i, transfer->settings[i]));
      }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static SigninServices *services;
  g_autoptr (SigninCtlTransfer) transfer = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *edited = signin_ctl_settings_edit (text, SIGNIN_SETTING_SOUND, "yes");
  g_autofree char *again = signin_ctl_settings_edit (edited, SIGNIN_SETTING_SOUND, "yes");

  fuzz_quiet ();
  g_assert_cmpstr (edited, ==, again);
  if (services == NULL)
    services = signin_services_load (NULL);
  g_assert_nonnull (services);
  transfer = signin_ctl_transfer_parse (services, (const char *) data, size, &error);
  if (transfer == NULL)
    {
      g_assert_nonnull (error);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  for (guint i = 0; i < transfer->accounts->len; i++)
    g_assert_true (
        signin_account_id_check (((SigninAccountInfo *) g_ptr_array_index (transfer->accounts, i))->id, NULL));
  check_settings (transfer);
  return 0;
}
