/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What callers on the bus hear who are refused. */

#pragma once

#include "errors.h"
#include "text.h"

/* It goes to the caller's terminal, whatever the caller wrote. */
static inline void
check_refusal (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == SIGNIN_ERROR);
  g_assert_true (signin_text_check (error->message, 8192, "A refusal", NULL));
}
