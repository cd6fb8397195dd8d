/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An account's file, as an administrator may have written it, for an account that is new and one that is there. */

#include "config.h"

#include "provided.h"
#include "rig.h"

#include "in-file.h"
#include "in-folder.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static Rig *rig;
static SigninProvided *provided;

static void
clean_up (void)
{
  signin_provided_free (provided);
  rig_free (rig);
}

static void
set_up (void)
{
  rig = rig_new ();
  provided = signin_provided_new (fuzz_folder (), "/nonexistent");
  atexit (clean_up);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *path = g_build_filename (fuzz_folder (), "contoso.conf", NULL);
  const SigninAccount *account;

  fuzz_quiet ();
  if (rig == NULL)
    set_up ();
  fuzz_put (path, data, size);
  signin_provided_apply (provided, rig->tracker);
  account = signin_tracker_get (rig->tracker, "contoso");
  if (account == NULL)
    return 0;
  g_assert_cmpint (account->info->policy.length_usec, >=, 0);
  g_assert_true (account->info->policy.length_usec == 0
                 || account->info->policy.lead_usec < account->info->policy.length_usec);
  /* What is there is as the file says, too. */
  signin_provided_apply (provided, rig->tracker);
  fake_clock_pump (rig->clock);
  g_assert_true (signin_tracker_remove_account (rig->tracker, "contoso", NULL));
  fake_clock_pump (rig->clock);
  rig_forget (rig);
  return 0;
}
