/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the extension is told. */

#pragma once

#include "bus.h"
#include "message.h"

G_BEGIN_DECLS

#define SIGNIN_ANSWER_DAEMON_AWAY "daemon-away"
#define SIGNIN_ANSWER_INVALID "invalid"
#define SIGNIN_ANSWER_TOO_LARGE "too-large"
#define SIGNIN_ANSWER_NO_SUCH_ACCOUNT "no-such-account"
#define SIGNIN_ANSWER_NOT_SIGNED_IN "not-signed-in"
#define SIGNIN_ANSWER_FAILED "failed"

char *signin_answer_error (const char *code);
char *signin_answer_to (const SigninMessage *message, GError **error);
const char *signin_answer_code (const GError *error);

G_END_DECLS
