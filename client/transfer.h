/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts and settings on their way to another computer: the document that export writes and import reads. */

#pragma once

#include "../daemon/account.h"
#include "settings.h"

G_BEGIN_DECLS

/* 256 accounts with the longest texts that there are, and room to breathe. */
#define SIGNIN_CTL_TRANSFER_MAX (1024 * 1024)

/* What the document says that it is. */
#define SIGNIN_CTL_TRANSFER_KIND "signind-export"

/**
 * SigninCtlTransfer:
 * @accounts: (element-type SigninAccountInfo): accounts, checked like any that are added
 * @settings: for each setting its value as a file has it, or %NULL
 *
 * A document that makes sense.
 */
typedef struct
{
  GPtrArray *accounts;
  char *settings[SIGNIN_N_SETTINGS];
} SigninCtlTransfer;

SigninCtlTransfer *signin_ctl_transfer_parse (const SigninServices *services, const char *text, gsize len,
                                              GError **error);
void signin_ctl_transfer_free (SigninCtlTransfer *transfer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninCtlTransfer, signin_ctl_transfer_free)

G_END_DECLS
