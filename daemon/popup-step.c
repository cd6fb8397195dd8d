/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What there is to be said of an account. Pure, as the rules of sessions are. */

#include "config.h"

#include "popup-step.h"

static gboolean
is_running (const SigninSession *session, const SigninNow *now)
{
  return signin_session_state (session, now) != SIGNIN_STATE_EXPIRED;
}

static SigninPopupKind
kind_of (const SigninSession *session, const SigninNow *now)
{
  SigninState state = signin_session_state (session, now);

  if (state == SIGNIN_STATE_EXPIRING)
    return (session->announced & SIGNIN_MARKS_BEFORE_END) != 0 && !signin_session_is_snoozed (session, now)
               ? SIGNIN_POPUP_WARNING
               : SIGNIN_POPUP_NONE;
  if (state != SIGNIN_STATE_EXPIRED || (session->announced & SIGNIN_MARK_EXPIRED) == 0
      || (signin_session_passed (session, now) & SIGNIN_MARK_STALE) != 0)
    return SIGNIN_POPUP_NONE;
  return SIGNIN_POPUP_EXPIRED;
}

/* Which of the sessions that run is spoken of: one that is to be seen before those that are not, then the end that
 * comes first. What the person wants to hear nothing of must not hide the session of another source. */
static const SigninSession *
choose_running (const SigninAccount *account, const SigninNow *now)
{
  const SigninSession *chosen = NULL;
  gboolean chosen_is_seen = FALSE;

  for (guint i = 0; i < account->n_sessions; i++)
    {
      const SigninSession *session = &account->sessions[i];
      gboolean is_seen = kind_of (session, now) != SIGNIN_POPUP_NONE;

      if (session->dismissed || !is_running (session, now))
        continue;
      if (chosen != NULL
          && (is_seen != chosen_is_seen
                  ? chosen_is_seen
                  : signin_session_remaining (session, now) >= signin_session_remaining (chosen, now)))
        continue;
      chosen = session;
      chosen_is_seen = is_seen;
    }
  return chosen;
}

/* An account is over only when all of its sessions are. */
static const SigninSession *
choose (const SigninAccount *account, const SigninNow *now)
{
  SigninAccountView view = { 0 };

  if (account == NULL)
    return NULL;
  signin_account_view (account, now, &view);
  if (view.shown != NULL && is_running (view.shown, now))
    return choose_running (account, now);
  return view.shown != NULL && !view.shown->dismissed ? view.shown : NULL;
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
  const SigninSession *session = choose (account, now);
  SigninMark next;

  *step = (SigninPopupStep){ .next_usec = SIGNIN_NEVER, .due_usec = SIGNIN_NEVER };
  if (session == NULL)
    return;

  step->session = session;
  step->kind = kind_of (session, now);
  step->pending = (signin_session_due (session, now) & ~SIGNIN_MARK_STALE) != 0;
  next = signin_session_next_mark (session);
  if (next == 0 || next == SIGNIN_MARK_STALE)
    return;
  step->next_usec = signin_session_mark (session, next);
  step->due_usec = MAX (step->next_usec - MAX (signin_stamp_elapsed (&session->start, now), 0), 0);
}
