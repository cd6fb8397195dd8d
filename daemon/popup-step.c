/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What there is to be said of an account. Pure, as the rules of sessions are. */

#include "config.h"

#include "popup-step.h"

static SigninPopupKind
kind_of (const SigninAccountView *view, const SigninNow *now)
{
  const SigninSession *session = view->shown;

  if (view->state == SIGNIN_STATE_EXPIRING)
    return (session->announced & SIGNIN_MARKS_BEFORE_END) != 0 && !signin_session_is_snoozed (session, now)
             ? SIGNIN_POPUP_WARNING
             : SIGNIN_POPUP_NONE;
  if (view->state != SIGNIN_STATE_EXPIRED || (session->announced & SIGNIN_MARK_EXPIRED) == 0 ||
      (signin_session_passed (session, now) & SIGNIN_MARK_STALE) != 0)
    return SIGNIN_POPUP_NONE;
  return SIGNIN_POPUP_EXPIRED;
}

/**
 * signin_popup_step_read:
 * @step: (out): what it calls for
 * @account: (nullable): an account
 * @now: this instant
 */
void
signin_popup_step_read (SigninPopupStep *step, const SigninAccount *account, const SigninNow *now)
{
  SigninAccountView view = { 0 };
  SigninMark next;

  *step = (SigninPopupStep){ .next_usec = SIGNIN_NEVER, .due_usec = SIGNIN_NEVER };
  if (account != NULL)
    signin_account_view (account, now, &view);
  if (view.shown == NULL || view.shown->dismissed)
    return;

  step->session = view.shown;
  step->kind = kind_of (&view, now);
  step->pending = (signin_session_due (view.shown, now) & ~SIGNIN_MARK_STALE) != 0;
  next = signin_session_next_mark (view.shown);
  if (next == 0 || next == SIGNIN_MARK_STALE)
    return;
  step->next_usec = signin_session_mark (view.shown, next);
  step->due_usec = MAX (step->next_usec - MAX (signin_stamp_elapsed (&view.shown->start, now), 0), 0);
}
