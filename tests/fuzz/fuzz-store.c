/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes in place of the database. Whatever they are signind starts with them, shows what is in them on the bus, and can
 * record a sign-in. */

#include "config.h"

#include "bus-history.h"
#include "fake-clock.h"
#include "scratch.h"
#include "tracker.h"

#include "in-file.h"
#include "in-folder.h"

#define SEC ((gint64) G_USEC_PER_SEC)
#define REAL (1800000720 * SEC)
#define YEAR (366 * 24 * 3600 * SEC)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static Scratch *scratch;

static void
remove_scratch (void)
{
  scratch_free (scratch);
}

static void
check_account (const SigninAccount *account, gpointer clock)
{
  SigninAccountView view;

  signin_account_view (account, &((FakeClock *) clock)->now, &view);
  g_assert_true (g_utf8_validate (account->info->id, -1, NULL));
}

static void
check_history (SigninTracker *tracker)
{
  g_autoptr (GVariant) filter = g_variant_ref_sink (g_variant_new ("a{sv}", NULL));
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) rows = signin_bus_read_history (tracker, filter, &error);

  g_assert_true ((rows == NULL) == (error != NULL));
  if (rows != NULL)
    g_assert_true (g_variant_is_normal_form (g_variant_ref_sink (rows)));
}

static void
use (SigninTracker *tracker, FakeClock *clock)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;

  signin_tracker_foreach (tracker, check_account, clock);
  check_history (tracker);
  details.service = "office365";
  signin_tracker_add_account (tracker, "newcomer", &details, NULL);
  signin_tracker_sign_in (tracker, "newcomer", "manual", -1, FALSE, NULL, NULL);
  fake_clock_pump (clock);
  fake_clock_advance (clock, YEAR);
  check_history (tracker);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const SigninLimits limits = SIGNIN_LIMITS_DEFAULT;
  FakeClock *clock = NULL;
  SigninStore *store;
  SigninTracker *tracker;
  g_auto (GStrv) refused = NULL;

  fuzz_quiet ();
  if (scratch == NULL)
    {
      scratch = scratch_new ();
      atexit (remove_scratch);
    }
  fuzz_empty (scratch->folder);
  fuzz_put (scratch->path, data, size);
  clock = fake_clock_new (5 * 3600 * SEC, REAL, 1);
  store = scratch_open (scratch);
  refused = signin_store_load_refused (store, NULL);
  tracker = signin_tracker_new (&clock->base, store, scratch->services, &limits);
  signin_tracker_set_history_days (tracker, 90);
  signin_tracker_start (tracker, NULL);
  use (tracker, clock);
  signin_tracker_free (tracker);
  signin_store_free (store);
  signin_clock_free (&clock->base);
  return 0;
}
