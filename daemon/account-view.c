/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What several sessions look like as one account. */

#include "config.h"

#include "tracker.h"

static gboolean
is_running (SigninState state)
{
  return state == SIGNIN_STATE_ACTIVE || state == SIGNIN_STATE_EXPIRING;
}

/* Of what runs, the end that comes first, with the unknown ends last; of what is over, the end that came last. */
static gboolean
comes_before (const SigninSession *session, SigninState state, const SigninSession *other, SigninState other_state,
              const SigninNow *now)
{
  gint64 left = signin_session_mark (session, SIGNIN_MARK_EXPIRED);
  gint64 other_left = signin_session_mark (other, SIGNIN_MARK_EXPIRED);

  if (is_running (state) != is_running (other_state))
    return is_running (state);
  if (left != SIGNIN_NEVER)
    left -= signin_stamp_elapsed (&session->start, now);
  if (other_left != SIGNIN_NEVER)
    other_left -= signin_stamp_elapsed (&other->start, now);
  return is_running (state) ? left < other_left : left > other_left;
}

/**
 * signin_account_view:
 * @account: an account
 * @now: this instant
 * @view: (out): what it looks like
 *
 * An account is expiring when any of its sessions is; else active when any is; else expired when the last one ran out;
 * else signed out.
 */
void
signin_account_view (const SigninAccount *account, const SigninNow *now, SigninAccountView *view)
{
  SigninState shown_state = SIGNIN_STATE_SIGNED_OUT;

  *view = (SigninAccountView){ .state = SIGNIN_STATE_SIGNED_OUT };
  for (guint i = 0; i < account->n_sessions; i++)
    {
      const SigninSession *session = &account->sessions[i];
      SigninState state = signin_session_state (session, now);

      if (view->shown == NULL || comes_before (session, state, view->shown, shown_state, now))
        {
          view->shown = session;
          shown_state = state;
        }
      if (view->state == SIGNIN_STATE_SIGNED_OUT || view->state == SIGNIN_STATE_EXPIRED
          || state == SIGNIN_STATE_EXPIRING)
        view->state = state;
    }
}
