/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "companion.h"
#include "errors.h"

struct _SigninCompanion
{
  SigninTracker *tracker;
  const SigninServices *services;
  SigninSuggestions *suggestions;
  gboolean ignores_silent;
};

/**
 * signin_companion_new:
 * @tracker: who has the accounts; outlives this
 * @services: what is known of services; outlives this
 * @suggestions: where organizations go that nobody tracks; outlives this
 *
 * Returns: (transfer full): what takes in reports of browsers
 */
SigninCompanion *
signin_companion_new (SigninTracker *tracker, const SigninServices *services, SigninSuggestions *suggestions)
{
  SigninCompanion *self = g_new0 (SigninCompanion, 1);

  self->tracker = tracker;
  self->services = services;
  self->suggestions = suggestions;
  return self;
}

/**
 * signin_companion_free:
 * @self: (transfer full): what takes in reports of browsers
 */
void
signin_companion_free (SigninCompanion *self)
{
  g_free (self);
}

/**
 * signin_companion_set_settings:
 * @self: what takes in reports of browsers
 * @settings: what is in force from now on
 */
void
signin_companion_set_settings (SigninCompanion *self, const SigninSettings *settings)
{
  self->ignores_silent = settings->silent == SIGNIN_SILENT_IGNORE;
}

/**
 * signin_companion_get_suggestions:
 * @self: what takes in reports of browsers
 *
 * Returns: (transfer none): where organizations go that nobody tracks
 */
SigninSuggestions *
signin_companion_get_suggestions (SigninCompanion *self)
{
  return self->suggestions;
}

static void
collect (const SigninAccount *account, gpointer user_data)
{
  g_ptr_array_add (user_data, (gpointer) account);
}

/* Who is signed out already has what the report says. */
static gboolean
take_sign_out (SigninCompanion *self, const char *id, const SigninBrowserEvent *event, gboolean *counted,
               GError **error)
{
  g_autoptr (GError) refusal = NULL;

  *counted = signin_tracker_sign_out (self->tracker, id, event->source, &refusal);
  if (*counted || g_error_matches (refusal, SIGNIN_ERROR, SIGNIN_ERROR_NOT_SIGNED_IN))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

static gboolean
take_account (SigninCompanion *self, const char *id, const SigninBrowserEvent *event, SigninReportOutcome *outcome,
              GError **error)
{
  g_strlcpy (outcome->account, id, sizeof outcome->account);
  if (event->kind == SIGNIN_BROWSER_SIGNED_OUT)
    return take_sign_out (self, outcome->account, event, &outcome->counted, error);
  if (event->kind == SIGNIN_BROWSER_SSO && self->ignores_silent)
    return TRUE;
  return signin_tracker_report (self->tracker, outcome->account, event->source, event->at_usec,
                                event->kind == SIGNIN_BROWSER_SSO, &outcome->counted, error);
}

/* The account that is made of it one day must not begin with a time that nobody would have accepted. */
static gint64
time_of (SigninCompanion *self, const SigninBrowserEvent *event)
{
  SigninNow now;

  signin_tracker_read_clock (self->tracker, &now);
  return event->at_usec == -1 ? now.real_usec : MIN (event->at_usec, now.real_usec);
}

/**
 * signin_companion_report:
 * @self: what takes in reports of browsers
 * @event: a report from outside
 * @outcome: (out): what became of it
 * @error: where to put what went wrong
 *
 * Takes in a report. It can begin and end sessions of its own source, and bring up a suggestion: nothing else. What
 * is of nobody who is tracked here has no consequence, and is no error.
 *
 * Returns: whether it was accepted; if not, @error is as of signin_tracker_report()
 */
gboolean
signin_companion_report (SigninCompanion *self, const SigninBrowserEvent *event, SigninReportOutcome *outcome,
                         GError **error)
{
  g_autoptr (GPtrArray) accounts = g_ptr_array_new ();
  g_auto (SigninBrowserMatch) match = { NULL };

  *outcome = (SigninReportOutcome){ "" };
  if (!signin_browser_event_check (event, error))
    return FALSE;
  signin_tracker_foreach (self->tracker, collect, accounts);
  signin_browser_match (&match, self->services, (const SigninAccount *const *) accounts->pdata, accounts->len, event);
  if (match.account != NULL)
    return take_account (self, match.account->info->id, event, outcome, error);
  if (match.organization_host != NULL && event->kind != SIGNIN_BROWSER_SIGNED_OUT)
    outcome->suggested = signin_suggestions_add (self->suggestions, match.organization_host, event->source,
                                                 time_of (self, event), event->kind == SIGNIN_BROWSER_SSO);
  return TRUE;
}
