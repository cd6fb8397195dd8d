/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Addresses that people paste: whatever is made of one is an account that signind would not refuse for its form. */

#include "config.h"

#include "client/address.h"
#include "text.h"

#include "in-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static SigninServices *services;
  g_auto (SigninCtlAddress) address = { NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strndup ((const char *) data, size);

  fuzz_quiet ();
  if (services == NULL)
    services = signin_services_load (NULL);
  g_assert_nonnull (services);
  /* Arguments of a program are text in the locale's encoding; what is not is refused before. */
  if (!g_utf8_validate (text, -1, NULL))
    return 0;
  signin_ctl_is_address (services, text);
  if (signin_ctl_parse_address (&address, services, text, &error))
    g_assert_nonnull (signin_services_get (services, address.service));
  else
    g_assert_nonnull (error);
  return 0;
}
