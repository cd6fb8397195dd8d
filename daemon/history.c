/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "history.h"

/**
 * signin_history_end_to_string:
 * @end: how a session ended
 *
 * Returns: the word for it, on the bus and in scripts; not translated
 */
const char *
signin_history_end_to_string (SigninHistoryEnd end)
{
  switch (end)
    {
    case SIGNIN_HISTORY_EXPIRED:
      return "expired";
    case SIGNIN_HISTORY_SIGNED_OUT:
      return "signed-out";
    case SIGNIN_HISTORY_RENEWED:
      return "renewed";
    case SIGNIN_HISTORY_RUNNING:
      break;
    }
  return "running";
}

/**
 * signin_history_describe:
 * @record: (inout): what is kept of a session that goes on
 * @session: the session as it is now
 *
 * Brings @record up to date: clocks are set, lengths are changed, and popups are answered while a session goes on.
 */
void
signin_history_describe (SigninHistoryRecord *record, const SigninSession *session)
{
  record->began_usec = signin_session_real (session, 0);
  record->warns_usec = signin_session_real (session, signin_session_mark (session, SIGNIN_MARK_WARNING));
  record->expires_usec = signin_session_real (session, signin_session_mark (session, SIGNIN_MARK_EXPIRED));
  record->silent = session->silent;
  record->answered = signin_session_is_answered (session);
}
