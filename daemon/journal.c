/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What happened, for the journal. Neither user names nor addresses are written, and sign-ins and sign-outs, being a
 * record of somebody's working hours, only for who asks for debug messages or for them. */

#include "config.h"

#include "journal.h"
#include "names.h"

static void
on_news (const SigninNews *news, gpointer user_data)
{
  static const struct
  {
    const char *message_id;
    const char *text;
    GLogLevelFlags level;
  } entries[] = {
    [SIGNIN_EVENT_SIGNED_IN] = { SIGNIN_MESSAGE_SIGNED_IN, "signed in", G_LOG_LEVEL_DEBUG },
    [SIGNIN_EVENT_WARNING] = { SIGNIN_MESSAGE_WARNING, "the session is about to end", G_LOG_LEVEL_MESSAGE },
    [SIGNIN_EVENT_REMINDER] = { SIGNIN_MESSAGE_REMINDER, "the end of the session comes nearer", G_LOG_LEVEL_INFO },
    [SIGNIN_EVENT_EXPIRED] = { SIGNIN_MESSAGE_EXPIRED, "the session has ended", G_LOG_LEVEL_MESSAGE },
    [SIGNIN_EVENT_SIGNED_OUT] = { SIGNIN_MESSAGE_SIGNED_OUT, "signed out", G_LOG_LEVEL_DEBUG },
  };
  const SigninSettings *settings = user_data;
  const SigninSession *session = &news->session;
  GLogLevelFlags level = entries[news->event].level;
  gint64 expires_at = signin_session_real (session, signin_session_mark (session, SIGNIN_MARK_EXPIRED));
  g_autofree char *expires_text = g_strdup_printf ("%" G_GINT64_FORMAT, expires_at);

  if (level == G_LOG_LEVEL_DEBUG && settings->log_events)
    level = G_LOG_LEVEL_MESSAGE;
  g_log_structured (G_LOG_DOMAIN, level, "MESSAGE_ID", entries[news->event].message_id, SIGNIN_FIELD_ACCOUNT,
                    news->info->id, SIGNIN_FIELD_SOURCE, session->source, SIGNIN_FIELD_EVENT,
                    signin_event_to_string (news->event), SIGNIN_FIELD_EXPIRES_AT, expires_text, SIGNIN_FIELD_ANSWERED,
                    signin_session_is_answered (session) ? "yes" : "no", "MESSAGE", "%s (%s): %s", news->info->id,
                    session->source, entries[news->event].text);
}

/**
 * signin_journal_observe:
 * @tracker: a tracker
 * @settings: looked at whenever something happens; outlives the tracker
 *
 * Writes its news to the journal, each with its message id and fields.
 */
void
signin_journal_observe (SigninTracker *tracker, const SigninSettings *settings)
{
  static const SigninObserver observer = { .news = on_news };

  signin_tracker_observe (tracker, &observer, (gpointer) settings);
}
