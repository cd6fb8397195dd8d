/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "services.h"

G_BEGIN_DECLS

/**
 * SigninCtlAddress:
 * @id: what an account there can be called
 * @service: id of the service
 * @organization: the organization, or %NULL
 * @region: label of its region, or %NULL
 * @url: the page, where it is another one than the service's own, or %NULL
 * @repaired: it was written with one slash after "https:" in place of two
 *
 * What the address of a page tells of an account.
 */
typedef struct
{
  char *id;
  char *organization;
  char *url;
  const char *service;
  const char *region;
  gboolean repaired;
} SigninCtlAddress;

gboolean signin_ctl_is_address (const SigninServices *services, const char *text);
gboolean signin_ctl_parse_address (SigninCtlAddress *address, const SigninServices *services, const char *text,
                                   GError **error);
void signin_ctl_address_clear (SigninCtlAddress *address);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninCtlAddress, signin_ctl_address_clear)

G_END_DECLS
