/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a sign-in authority answers. */

#include "config.h"

#include "openid.h"

#include "in-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  SigninContent content;

  fuzz_quiet ();
  content = signin_openid_judge (body, "login.microsoftonline.com");
  g_assert_true (content == SIGNIN_CONTENT_OPENID || content == SIGNIN_CONTENT_NOT_OPENID
                 || content == SIGNIN_CONTENT_OTHER_ISSUER);
  return 0;
}
