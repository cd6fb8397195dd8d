/* SPDX-License-Identifier: GPL-3.0-or-later */

/* WWW-Authenticate headers: an address that is taken from one can be opened. */

#include "config.h"

#include <string.h>

#include "address.h"
#include "challenge.h"

#include "in-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_auto (SigninChallenge) challenge = { 0 };
  g_autofree char *header = g_strndup ((const char *) data, size);

  fuzz_quiet ();
  if (signin_challenge_parse (header, &challenge))
    {
      g_assert_true (signin_url_check (challenge.authorization_uri, NULL));
      g_assert_nonnull (challenge.host);
      g_assert_true (challenge.tenant == NULL || signin_host_is_valid (challenge.tenant, strlen (challenge.tenant)));
    }
  else
    {
      g_assert_true (challenge.authorization_uri == NULL && challenge.host == NULL && challenge.tenant == NULL);
    }
  return 0;
}
