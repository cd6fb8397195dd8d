/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SIGNIN_CHALLENGE_MAX (8 * 1024)

/**
 * SigninChallenge:
 * @authorization_uri: where people sign in
 * @host: its host, in small letters
 * @tenant: the directory that they sign in to, in small letters, or %NULL if the address does not tell it
 *
 * What a WWW-Authenticate header says.
 */
typedef struct
{
  char *authorization_uri;
  char *host;
  char *tenant;
} SigninChallenge;

gboolean signin_challenge_parse (const char *header, SigninChallenge *challenge);
void signin_challenge_clear (SigninChallenge *challenge);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninChallenge, signin_challenge_clear)

G_END_DECLS
