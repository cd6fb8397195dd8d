/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What several verbs say of an account, in words and as JSON. */

#pragma once

#include "json.h"
#include "output.h"
#include "snapshot.h"

G_BEGIN_DECLS

char *signin_ctl_describe_marks (gint64 warns_at, gint64 expires_at, gint64 now_usec);
char *signin_ctl_describe_rule (const SigninCtlAccount *account);
char *signin_ctl_describe_what (const SigninCtlAccount *account);
char *signin_ctl_describe_source (const SigninCtlAccount *account, const char *source);
char *signin_ctl_quote (const char *word);

gint64 signin_ctl_remaining (const char *state, gint64 expires_at, gint64 now_usec);
void signin_ctl_json_session (SigninCtlJson *json, const char *key, const SigninCtlSession *session, gint64 now_usec);
void signin_ctl_json_account (SigninCtlJson *json, const char *key, const SigninCtlAccount *account, gint64 now_usec);

G_END_DECLS
