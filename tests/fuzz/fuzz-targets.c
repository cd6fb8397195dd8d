/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What any program on the bus may have signin-healthd ask, as bytes of aa{sv} that nobody has looked at: only addresses
 * that signind would take are asked. */

#include "config.h"

#include "address.h"
#include "errors.h"
#include "names.h"
#include "target.h"
#include "text.h"

#include "in-file.h"
#include "refusal.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_target (const SigninTarget *target)
{
  g_assert_true (target->url == NULL || signin_url_check (target->url, NULL));
  g_assert_true (target->authority_url == NULL || signin_url_check (target->authority_url, NULL));
  g_assert_true (signin_text_check (target->account, 200, "The account", NULL));
  g_assert_nonnull (target->host);
  g_assert_nonnull (target->health);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static SigninServices *services;
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GVariant) list = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE ("aa{sv}"), bytes, FALSE));
  g_autoptr (GPtrArray) targets = NULL;
  g_autoptr (GError) error = NULL;

  fuzz_quiet ();
  if (services == NULL)
    services = signin_services_load (NULL);
  g_assert_nonnull (services);
  targets = signin_targets_parse (services, list, SIGNIN_HEALTH_TARGETS_MAX, &error);
  if (targets == NULL)
    {
      check_refusal (error);
      return 0;
    }
  g_assert_cmpuint (targets->len, <=, SIGNIN_HEALTH_TARGETS_MAX);
  for (guint i = 0; i < targets->len; i++)
    check_target (g_ptr_array_index (targets, i));
  return 0;
}
