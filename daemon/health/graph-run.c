/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One round through Graph: a token, the pages of services, the pages of issues, and what they come to. */

#include "config.h"

#include "graph-run.h"

#include <string.h>

#include "reply.h"

/* Of services and of issues each. */
#define PAGES_MAX 10

/* Beside those that are always told of. */
#define OTHERS_MAX 16
#define ISSUES_PER_SERVICE_MAX 3

/* Descriptions and the log of each issue would be megabytes. */
#define ISSUES_QUERY "/issues?$filter=isResolved%20eq%20false&$select=id,title,service,status,startDateTime,isResolved"

typedef struct
{
  SigninTopic *topic;
  const SigninGraphSubject *subject;
  SigninAuthorized *authorized;
  SigninGraph *graph;
  GPtrArray *rows;
  char *url; /* of the page that is being asked */
  guint pages;
  gboolean issues; /* the pages of issues, no longer those of services */
  SigninRow told;  /* what rows of services have in common: the answer that told of them */
  SigninRow last;  /* the last answer */
} Run;

static void ask_page (Run *run);

static void
add_row (Run *run, const SigninRow *row)
{
  g_ptr_array_add (run->rows, g_variant_ref_sink (signin_row_to_variant (row)));
}

/* Something about Graph itself. */
static void
add_problem (Run *run, const char *reason, const char *detail)
{
  SigninRow row = run->last;

  row.name = run->subject->base + strlen ("https://");
  row.verdict = SIGNIN_VERDICT_UNKNOWN;
  row.reason = reason;
  row.detail = detail;
  add_row (run, &row);
}

static void
add_service (Run *run, const SigninGraphService *service)
{
  SigninRow row = run->told;
  guint n = 0;

  row.name = service->name;
  row.verdict = service->verdict;
  row.reason = service->reason;
  /* Only what is not known has to be repeated. */
  row.detail = g_str_equal (service->reason, "unknown-word") ? service->word : NULL;
  row.url = run->subject->config->page;
  for (guint i = 0; i < run->graph->issues->len && n < ISSUES_PER_SERVICE_MAX; i++)
    {
      const SigninGraphIssue *issue = g_ptr_array_index (run->graph->issues, i);

      if (!g_str_equal (issue->service, service->name))
        continue;
      row.title = issue->title;
      row.issue_id = issue->id;
      row.since_usec = issue->since_usec;
      add_row (run, &row);
      n++;
    }
  if (n == 0)
    add_row (run, &row);
}

static const SigninGraphService *
find_service (const SigninGraph *graph, const char *id)
{
  for (guint i = 0; i < graph->services->len; i++)
    {
      const SigninGraphService *service = g_ptr_array_index (graph->services, i);

      if (g_ascii_strcasecmp (service->id, id) == 0)
        return service;
    }
  return NULL;
}

static gboolean
is_told_anyway (const Run *run, const SigninGraphService *service)
{
  const GPtrArray *ids = run->subject->config->ids;

  for (guint i = 0; i < ids->len; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (ids, i), service->id) == 0)
      return TRUE;
  return FALSE;
}

/* Those that people sign in to come first, whatever their state; of the others only what is not well. */
static void
add_services (Run *run)
{
  const GPtrArray *ids = run->subject->config->ids;
  guint others = 0;

  for (guint i = 0; i < ids->len; i++)
    {
      const SigninGraphService *service = find_service (run->graph, g_ptr_array_index (ids, i));

      if (service != NULL)
        add_service (run, service);
    }
  for (guint i = 0; i < run->graph->services->len && others < OTHERS_MAX; i++)
    {
      const SigninGraphService *service = g_ptr_array_index (run->graph->services, i);

      if (service->verdict == SIGNIN_VERDICT_UP || is_told_anyway (run, service))
        continue;
      add_service (run, service);
      others++;
    }
}

/* The services are told first, then what was wrong on the way. */
static void
finish (Run *run, const char *reason, const char *detail)
{
  if (run->graph->services->len > 0)
    add_services (run);
  else if (reason == NULL)
    reason = "empty";
  if (reason != NULL)
    add_problem (run, reason, detail);
  signin_topic_end (run->topic, g_steal_pointer (&run->rows), run->last.retry_after_sec);
}

static void
go_on (Run *run, char *next)
{
  g_autofree char *owned = next;

  if (next != NULL && run->pages >= PAGES_MAX)
    {
      finish (run, "too-many-pages", NULL);
      return;
    }
  if (next != NULL && !signin_graph_is_next (run->url, next))
    {
      finish (run, "foreign-page", NULL);
      return;
    }
  if (next == NULL && run->issues)
    {
      finish (run, NULL, NULL);
      return;
    }
  g_free (run->url);
  if (next != NULL)
    {
      run->url = g_steal_pointer (&owned);
    }
  else
    {
      run->url = g_strconcat (run->subject->base, run->subject->config->path, ISSUES_QUERY, NULL);
      run->issues = TRUE;
      run->pages = 0;
    }
  ask_page (run);
}

static void
on_page (const SigninFetchResponse *response, gpointer user_data)
{
  Run *run = user_data;
  g_autoptr (GError) error = NULL;
  char *next;

  if (!signin_reply_take (&run->last, response))
    {
      g_autofree char *code = signin_graph_error_code (response->body);

      finish (run, run->last.reason, code);
    }
  else if (signin_graph_add_page (run->graph, response->body, &next, &error))
    {
      if (!run->issues)
        run->told = run->last;
      go_on (run, next);
    }
  else
    {
      finish (run, "not-understood", error->message);
    }
}

static void
ask_page (Run *run)
{
  g_autoptr (GError) error = NULL;

  run->pages++;
  if (!signin_authorized_get (run->authorized, run->url, on_page, &error))
    finish (run, "failed", error->message);
}

static void
on_ready (const char *reason, gpointer user_data)
{
  Run *run = user_data;

  if (reason == NULL)
    {
      ask_page (run);
      return;
    }
  add_problem (run, reason, NULL);
  signin_topic_fail (run->topic, g_steal_pointer (&run->rows));
}

static gpointer
start (SigninTopic *topic, gpointer data)
{
  const SigninGraphSubject *subject = data;
  Run *run = g_new0 (Run, 1);

  run->topic = topic;
  run->subject = subject;
  run->graph = signin_graph_new ();
  run->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  run->url = g_strconcat (subject->base, subject->config->path, "/healthOverviews", NULL);
  run->last.kind = SIGNIN_ROW_GRAPH;
  run->last.asked = subject->base;
  run->authorized = signin_authorized_new (subject->authorizer, subject->base, on_ready, run);
  return run;
}

static void
stop (gpointer data)
{
  Run *run = data;

  signin_authorized_free (run->authorized);
  signin_graph_free (run->graph);
  g_clear_pointer (&run->rows, g_ptr_array_unref);
  g_free (run->url);
  g_free (run);
}

const SigninTopicClass signin_graph_topic = { start, stop, signin_graph_subject_free };

/**
 * signin_graph_subject_new:
 * @authorizer: what it takes to ask; outlives this
 * @config: what to ask for; outlives this
 * @base: where
 *
 * Returns: (transfer full): a host to ask
 */
SigninGraphSubject *
signin_graph_subject_new (const SigninAuthorizer *authorizer, const SigninGraphConfig *config, const char *base)
{
  SigninGraphSubject *subject = g_new (SigninGraphSubject, 1);

  *subject = (SigninGraphSubject){ authorizer, config, g_strdup (base) };
  return subject;
}

/**
 * signin_graph_subject_free:
 * @subject: (type SigninGraphSubject): a host to ask
 */
void
signin_graph_subject_free (gpointer subject)
{
  g_free (((SigninGraphSubject *) subject)->base);
  g_free (subject);
}
