/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninRowKind:
 *
 * What was asked. Each row has the keys of its kind.
 */
typedef enum
{
  SIGNIN_ROW_SUMMARY,
  SIGNIN_ROW_ORGANIZATION,
  SIGNIN_ROW_AUTHORITY,
  SIGNIN_ROW_PORTAL,
  SIGNIN_ROW_HOME,
  SIGNIN_ROW_DISCONTINUED,
  SIGNIN_ROW_FEED,
  SIGNIN_ROW_GRAPH,
  SIGNIN_N_ROW_KINDS
} SigninRowKind;

const char *signin_row_kind_to_text (SigninRowKind kind);

G_END_DECLS
