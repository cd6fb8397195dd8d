/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people paste: a number, an address full of them, half a page of text. Which topics is it about? */

#pragma once

#include "topics.h"

G_BEGIN_DECLS

/* More than anybody reads on an error page. What stands behind it is not looked at. */
#define SIGNIN_CTL_PASTED_MAX (16 * 1024)

/**
 * SigninCtlPasted:
 * @topics: (element-type SigninCtlTopic): what it is about, the most telling first; borrowed
 * @codes: (element-type utf8): for each topic the number that told, or an empty text
 * @unknown: a number that says it is an error's, but is not known, or %NULL
 * @unknown_is_hex: that number is written 0x…
 *
 * What was found in a text.
 */
typedef struct
{
  GPtrArray *topics;
  GPtrArray *codes;
  char *unknown;
  gboolean unknown_is_hex;
} SigninCtlPasted;

void signin_ctl_pasted_read (SigninCtlPasted *pasted, const SigninCtlTopics *topics, const char *text);
void signin_ctl_pasted_clear (SigninCtlPasted *pasted);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninCtlPasted, signin_ctl_pasted_clear)

G_END_DECLS
