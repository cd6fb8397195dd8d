/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "services.h"
#include "session.h"
#include "text.h"

G_BEGIN_DECLS

#define SIGNIN_ACCOUNT_ID_MAX SIGNIN_ID_MAX
#define SIGNIN_ACCOUNTS_MAX 256
#define SIGNIN_ORGANIZATION_MAX 63
#define SIGNIN_USER_NAME_MAX 254
#define SIGNIN_URL_MAX 2048

/**
 * SigninAccountDetails:
 * @service: id of the service, or %NULL
 * @user_name: name the person signs in with, or %NULL
 * @organization: the organization's label, or %NULL
 * @region: region by label, code or geography, or %NULL
 * @url: page to sign in on, or %NULL
 * @length_usec: how long the service keeps the account signed in, 0 for no known length, -1 if not given
 * @lead_usec: how long before the end the warning comes, -1 if not given
 *
 * What a caller says of an account; borrowed strings, nothing checked yet. An empty string takes a value away.
 */
typedef struct
{
  const char *service;
  const char *user_name;
  const char *organization;
  const char *region;
  const char *url;
  gint64 length_usec;
  gint64 lead_usec;
} SigninAccountDetails;

#define SIGNIN_ACCOUNT_DETAILS_INIT    \
  {                                    \
    .length_usec = -1, .lead_usec = -1 \
  }

/**
 * SigninAccountInfo:
 * @id: what the account is called
 * @service: its service (interned id)
 * @user_name: name the person signs in with, or %NULL
 * @organization: the organization's label, or %NULL
 * @region: label of the region (interned), or %NULL
 * @own_url: the page that was given for it, or %NULL where the service's own address serves
 * @policy: the rule that its next session will run by
 *
 * Everything checked and completed; never changed once made, only replaced. One block of memory, texts included.
 */
typedef struct
{
  gatomicrefcount ref_count;
  const char *service;
  const char *region;
  SigninPolicy policy;
  const char *user_name;
  const char *organization;
  const char *own_url;
  char id[];
} SigninAccountInfo;

SigninAccountInfo *signin_account_info_new (const SigninServices *services, const char *id,
                                            const SigninAccountInfo *base, const SigninAccountDetails *details,
                                            GError **error);
SigninAccountInfo *signin_account_info_ref (SigninAccountInfo *info);
void signin_account_info_unref (SigninAccountInfo *info);
char *signin_account_info_get_url (const SigninAccountInfo *info, const SigninServices *services);

gboolean signin_account_id_check (const char *id, GError **error);
gboolean signin_source_check (const char *source, GError **error);
char *signin_account_path (const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninAccountInfo, signin_account_info_unref)

G_END_DECLS
