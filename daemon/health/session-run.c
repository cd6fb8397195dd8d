/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long an organization's sessions are, from itself. Who may not read that is told nothing: it is no error. */

#include "config.h"

#include <string.h>

#include "graph-run.h"
#include "reply.h"

typedef struct
{
  SigninTopic *topic;
  const SigninGraphSubject *subject;
  SigninAuthorized *authorized;
} Run;

/* No row of its own: an addition to the one of the organization. */
static GVariant *
make_addition (const Run *run, const SigninOrganizationSession *session)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "kind", g_variant_new_string (SIGNIN_ROW_ADDITION));
  g_variant_builder_add (&builder, "{sv}", "name", g_variant_new_string (run->subject->base + strlen ("https://")));
  g_variant_builder_add (&builder, "{sv}", "session_length_usec",
                         g_variant_new_uint64 ((guint64) session->length_usec));
  g_variant_builder_add (&builder, "{sv}", "warning_lead_usec", g_variant_new_uint64 ((guint64) session->lead_usec));
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

static void
finish (Run *run, const SigninOrganizationSession *session, guint64 leave_alone_sec)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  if (session != NULL)
    g_ptr_array_add (rows, make_addition (run, session));
  signin_topic_end (run->topic, rows, leave_alone_sec);
}

static void
on_answer (const SigninFetchResponse *response, gpointer user_data)
{
  Run *run = user_data;
  SigninRow row = { .kind = SIGNIN_ROW_GRAPH };
  SigninOrganizationSession session;
  g_autoptr (GError) error = NULL;

  if (!signin_reply_take (&row, response))
    g_debug ("The length of sessions cannot be read at %s: %s", run->subject->base, row.reason);
  else if (!signin_organization_session_parse (response->body, &session, &error))
    g_debug ("The length of sessions cannot be read at %s: %s", run->subject->base, error->message);
  else
    {
      finish (run, &session, row.retry_after_sec);
      return;
    }
  finish (run, NULL, row.retry_after_sec);
}

static void
on_ready (const char *reason, gpointer user_data)
{
  Run *run = user_data;
  g_autofree char *url = g_strconcat (run->subject->base, run->subject->config->session_path, NULL);

  if (reason != NULL)
    signin_topic_fail (run->topic, g_ptr_array_new ());
  else if (!signin_authorized_get (run->authorized, url, on_answer, NULL))
    finish (run, NULL, 0);
}

static gpointer
start (SigninTopic *topic, gpointer data)
{
  const SigninGraphSubject *subject = data;
  Run *run = g_new0 (Run, 1);

  run->topic = topic;
  run->subject = subject;
  run->authorized = signin_authorized_new (subject->authorizer, subject->base, on_ready, run);
  return run;
}

static void
stop (gpointer data)
{
  Run *run = data;

  signin_authorized_free (run->authorized);
  g_free (run);
}

const SigninTopicClass signin_session_topic = { start, stop, signin_graph_subject_free };
