/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where people sign in: addresses, organizations and how they become each other. */

#pragma once

#include "account.h"

G_BEGIN_DECLS

#define SIGNIN_HOST_MAX 253

/**
 * SigninAddress:
 * @organization: the organization, in small letters, or %NULL
 * @region: where it is (of the services), or %NULL
 * @own_url: a page of its own, or %NULL where the service's template makes the address
 *
 * The address of one account.
 */
typedef struct
{
  char *organization;
  const SigninRegion *region;
  char *own_url;
} SigninAddress;

void signin_address_clear (SigninAddress *address);
gboolean signin_address_resolve (SigninAddress *address, const SigninServices *services, const SigninService *service,
                                 const SigninAccountInfo *base, const SigninAccountDetails *details, GError **error);

gboolean signin_host_is_valid (const char *host, gsize len);
gboolean signin_url_check (const char *url, GError **error);
gboolean signin_organization_check (const SigninServices *services, const char *organization, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninAddress, signin_address_clear)

G_END_DECLS
