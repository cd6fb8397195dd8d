/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers of those who tell about others: what they say is in the body, or there is nothing to judge. */

#include "config.h"

#include "reply.h"

#define STATUS_OK 200

/**
 * signin_reply_take:
 * @row: a row of a feed or of Graph
 * @response: what came of asking
 *
 * Puts everything into @row that is told beside the body; if there is no body to read, also why not.
 *
 * Returns: whether there is a whole body, which says what it says
 */
gboolean
signin_reply_take (SigninRow *row, const SigninFetchResponse *response)
{
  const SigninSeen seen = {
    .end = response->end,
    .status = response->status,
    .proxy_status = response->proxy_status,
    .content = SIGNIN_CONTENT_PLAIN,
  };

  row->at_usec = response->at_usec;
  row->status = response->status > 0 ? response->status : response->proxy_status;
  row->times = response->times;
  row->retry_after_sec = signin_fetch_response_get_retry_after (response);
  if (response->end == SIGNIN_FETCH_ANSWERED && response->status == STATUS_OK)
    return TRUE;
  /* That somebody who tells about a service does not answer says nothing of the service. */
  row->verdict = signin_verdict_judge (row->kind, &seen, 0, &row->reason);
  return FALSE;
}
