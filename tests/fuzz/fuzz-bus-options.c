/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Options of a call, as bytes of a{sv} that nobody has looked at: what is taken is in bounds, and what is refused is
 * refused in words that can be shown. */

#include "config.h"

#include "account.h"
#include "bus-options.h"
#include "services.h"

#include "in-file.h"
#include "refusal.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_details (GVariant *options)
{
  static SigninServices *services;
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  const SigninOption known[] = {
    { "service", "s", &details.service }, { "user-name", "s", &details.user_name },
    { "region", "s", &details.region },   { "organization", "s", &details.organization },
    { "url", "s", &details.url },         { "length", "t", &details.length_usec },
    { "lead", "t", &details.lead_usec },
  };
  g_autoptr (SigninAccountInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  if (services == NULL)
    services = signin_services_load (NULL);
  g_assert_nonnull (services);
  if (signin_options_parse (options, known, G_N_ELEMENTS (known), &error))
    info = signin_account_info_new (services, "contoso", NULL, &details, &error);
  if (info == NULL)
    {
      check_refusal (error);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (info->policy.length_usec, >=, 0);
  g_assert_true (info->policy.length_usec == 0 || info->policy.lead_usec < info->policy.length_usec);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GVariant) options = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));
  const char *source = NULL;
  gint64 at_usec = -1;
  gboolean silent = FALSE;
  const SigninOption known[] = {
    { "at", "t", &at_usec },
    { "source", "s", &source },
    { "silent", "b", &silent },
  };
  g_autoptr (GError) error = NULL;

  fuzz_quiet ();
  if (!signin_options_parse (options, known, G_N_ELEMENTS (known), &error))
    check_refusal (error);
  else if (source != NULL && !signin_source_check (source, &error))
    check_refusal (error);
  g_assert_cmpint (at_usec, >=, -1);
  g_assert_true (silent == FALSE || silent == TRUE);
  check_details (options);
  return 0;
}
