/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "fetch.h"
#include "row-kind.h"

G_BEGIN_DECLS

/**
 * SigninVerdict:
 * @SIGNIN_VERDICT_UP: it works
 * @SIGNIN_VERDICT_DEGRADED: it works for some, or says that it has too much to do
 * @SIGNIN_VERDICT_DOWN: it does not work, and the trouble is there
 * @SIGNIN_VERDICT_NOT_FOUND: there is no such thing
 * @SIGNIN_VERDICT_OFFLINE: it cannot be reached, and the trouble is here
 * @SIGNIN_VERDICT_UNKNOWN: what was seen proves none of these
 *
 * What the answers of a service, or their absence, come to.
 */
typedef enum
{
  SIGNIN_VERDICT_UP,
  SIGNIN_VERDICT_DEGRADED,
  SIGNIN_VERDICT_DOWN,
  SIGNIN_VERDICT_NOT_FOUND,
  SIGNIN_VERDICT_OFFLINE,
  SIGNIN_VERDICT_UNKNOWN,
  SIGNIN_N_VERDICTS
} SigninVerdict;

/**
 * SigninVerdictWord:
 * @word: what a service calls a state, in any case
 * @reason: the stable code of it
 * @verdict: what it means
 */
typedef struct
{
  const char *word;
  const char *reason;
  SigninVerdict verdict;
} SigninVerdictWord;

/**
 * SigninContent:
 * @SIGNIN_CONTENT_PLAIN: nothing but a status
 * @SIGNIN_CONTENT_CHALLENGE: a challenge that tells where to sign in
 * @SIGNIN_CONTENT_TO_AUTHORITY: a redirect to a sign-in authority
 * @SIGNIN_CONTENT_TO_ITSELF: a redirect within the service
 * @SIGNIN_CONTENT_LOOP: a redirect to the very address that was asked
 * @SIGNIN_CONTENT_TO_STRANGER: a redirect to anywhere else, or away from https
 * @SIGNIN_CONTENT_OPENID: the configuration of the sign-in authority that was asked
 * @SIGNIN_CONTENT_NOT_OPENID: something that is no such configuration
 * @SIGNIN_CONTENT_OTHER_ISSUER: that of another authority
 *
 * What an answer says beside its status.
 */
typedef enum
{
  SIGNIN_CONTENT_PLAIN,
  SIGNIN_CONTENT_CHALLENGE,
  SIGNIN_CONTENT_TO_AUTHORITY,
  SIGNIN_CONTENT_TO_ITSELF,
  SIGNIN_CONTENT_LOOP,
  SIGNIN_CONTENT_TO_STRANGER,
  SIGNIN_CONTENT_OPENID,
  SIGNIN_CONTENT_NOT_OPENID,
  SIGNIN_CONTENT_OTHER_ISSUER,
  SIGNIN_N_CONTENTS
} SigninContent;

/**
 * SigninAround:
 * @SIGNIN_AROUND_RESOLVES: the name of its sign-in authority resolves (of an authority: that of any other host)
 * @SIGNIN_AROUND_ANSWERS: that one answers
 * @SIGNIN_AROUND_ALL_LOCAL: there are at least two hosts, and none of them showed anything that only it can show:
 *   no name resolves, no way leads there, or somebody else answers in its place
 *
 * What the other answers of the same check tell about the network here.
 */
typedef enum
{
  SIGNIN_AROUND_RESOLVES = 1 << 0,
  SIGNIN_AROUND_ANSWERS = 1 << 1,
  SIGNIN_AROUND_ALL_LOCAL = 1 << 2,
} SigninAround;

#define SIGNIN_AROUND_EVERYTHING (SIGNIN_AROUND_RESOLVES | SIGNIN_AROUND_ANSWERS | SIGNIN_AROUND_ALL_LOCAL)

/**
 * SigninSeen:
 * @end: how the request ended
 * @status: the HTTP status, 0 if there was none
 * @proxy_status: that of a proxy which refused
 * @content: what the answer says
 *
 * What was seen of a host, before it is judged.
 */
typedef struct
{
  SigninFetchEnd end;
  guint status;
  guint proxy_status;
  SigninContent content;
} SigninSeen;

const char *signin_verdict_to_text (SigninVerdict verdict);
SigninVerdict signin_verdict_judge (SigninRowKind kind, const SigninSeen *seen, SigninAround around,
                                    const char **reason);
SigninVerdict signin_verdict_judge_word (const SigninVerdictWord *words, const char *word, const char **reason);
SigninVerdict signin_verdict_worse (SigninVerdict a, SigninVerdict b);
gboolean signin_seen_is_local (const SigninSeen *seen);
gboolean signin_seen_resolved (const SigninSeen *seen);
gboolean signin_seen_answered (const SigninSeen *seen);

G_END_DECLS
