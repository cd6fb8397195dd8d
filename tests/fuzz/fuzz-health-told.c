/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What signin-healthd tells signind, or whoever has taken its name, as bytes of a{sv} that nobody has looked at: the
 * manager can show it as it is. */

#include "config.h"

#include "health-told.h"
#include "text.h"

#include "in-file.h"

#define NOW_USEC (G_GINT64_CONSTANT (1800000720) * G_USEC_PER_SEC)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GVariant) row = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));
  SigninHealthTold told;

  fuzz_quiet ();
  signin_health_told_read (&told, row, NOW_USEC);
  g_assert_true (g_utf8_validate (told.account, -1, NULL));
  g_assert_true (*told.reason == '\0' || signin_text_is_id (told.reason));
  g_assert_true (signin_text_is_id (told.verdict));
  g_assert_true (told.at_usec > 0 && told.at_usec <= NOW_USEC);
  return 0;
}
