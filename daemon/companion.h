/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What becomes of a browser's report. */

#pragma once

#include "browser-event.h"
#include "settings.h"
#include "suggestions.h"

G_BEGIN_DECLS

/**
 * SigninReportOutcome:
 * @account: the account that the report was about, or empty
 * @counted: a session began or ended by it
 * @suggested: the person is asked whether to track the organization
 */
typedef struct
{
  char account[SIGNIN_ACCOUNT_ID_MAX + 1];
  gboolean counted;
  gboolean suggested;
} SigninReportOutcome;

typedef struct _SigninCompanion SigninCompanion;

SigninCompanion *signin_companion_new (SigninTracker *tracker, const SigninServices *services,
                                       SigninSuggestions *suggestions);
void signin_companion_free (SigninCompanion *companion);
void signin_companion_set_settings (SigninCompanion *companion, const SigninSettings *settings);
SigninSuggestions *signin_companion_get_suggestions (SigninCompanion *companion);
gboolean signin_companion_report (SigninCompanion *companion, const SigninBrowserEvent *event,
                                  SigninReportOutcome *outcome, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninCompanion, signin_companion_free)

G_END_DECLS
