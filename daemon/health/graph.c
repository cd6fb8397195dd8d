/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "address.h"
#include "graph.h"
#include "json.h"
#include "session.h"
#include "text.h"

#define ID_MAX 64
#define NAME_MAX_BYTES 128
#define WORD_MAX 48

/* Columns of the database: what people can set is less, see the service's bounds. */
#define MINUTES_MAX (366 * 24 * 60)

static void
service_free (SigninGraphService *service)
{
  g_free (service->id);
  g_free (service->name);
  g_free (service->word);
  g_free (service);
}

static void
issue_free (SigninGraphIssue *issue)
{
  g_free (issue->id);
  g_free (issue->service);
  g_free (issue->title);
  g_free (issue);
}

/**
 * signin_graph_new:
 *
 * Returns: (transfer full): nothing said yet
 */
SigninGraph *
signin_graph_new (void)
{
  SigninGraph *graph = g_new0 (SigninGraph, 1);

  graph->services = g_ptr_array_new_with_free_func ((GDestroyNotify) service_free);
  graph->issues = g_ptr_array_new_with_free_func ((GDestroyNotify) issue_free);
  return graph;
}

/**
 * signin_graph_free:
 * @graph: (nullable): what was said
 */
void
signin_graph_free (SigninGraph *graph)
{
  if (graph == NULL)
    return;
  g_ptr_array_unref (graph->services);
  g_ptr_array_unref (graph->issues);
  g_free (graph);
}

/**
 * signin_graph_judge_word:
 * @word: (nullable): the state of a service or an issue; documents write "ServiceOperational", servers
 *   "serviceOperational"
 * @reason: (out): the stable code of it
 *
 * Returns: what it means; a word that is not known means nothing, least of all that all is well
 */
SigninVerdict
signin_graph_judge_word (const char *word, const char **reason)
{
  static const SigninVerdictWord words[] = {
    { "serviceOperational", "operational", SIGNIN_VERDICT_UP },
    { "serviceRestored", "service-restored", SIGNIN_VERDICT_UP },
    { "falsePositive", "false-positive", SIGNIN_VERDICT_UP },
    { "postIncidentReviewPublished", "review-published", SIGNIN_VERDICT_UP },
    { "resolved", "resolved", SIGNIN_VERDICT_UP },
    { "resolvedExternal", "resolved", SIGNIN_VERDICT_UP },
    { "mitigated", "mitigated", SIGNIN_VERDICT_UP },
    { "mitigatedExternal", "mitigated", SIGNIN_VERDICT_UP },
    { "investigating", "investigating", SIGNIN_VERDICT_DEGRADED },
    { "confirmed", "confirmed", SIGNIN_VERDICT_DEGRADED },
    { "reported", "reported", SIGNIN_VERDICT_DEGRADED },
    { "serviceDegradation", "service-degradation", SIGNIN_VERDICT_DEGRADED },
    { "restoringService", "restoring-service", SIGNIN_VERDICT_DEGRADED },
    { "verifyingService", "verifying-service", SIGNIN_VERDICT_DEGRADED },
    { "extendedRecovery", "extended-recovery", SIGNIN_VERDICT_DEGRADED },
    { "serviceInterruption", "service-interruption", SIGNIN_VERDICT_DOWN },
    { "investigationSuspended", "investigation-suspended", SIGNIN_VERDICT_UNKNOWN },
    { NULL },
  };

  return signin_verdict_judge_word (words, word, reason);
}

static void
add_service (SigninGraph *graph, const json_t *object)
{
  SigninGraphService *service;

  if (graph->services->len >= SIGNIN_GRAPH_SERVICES_MAX || !json_is_string (json_object_get (object, "service")))
    return;
  service = g_new0 (SigninGraphService, 1);
  service->id = signin_json_get_clean (object, "id", ID_MAX);
  service->name = signin_json_get_clean (object, "service", NAME_MAX_BYTES);
  service->word = signin_json_get_clean (object, "status", WORD_MAX);
  service->verdict = signin_graph_judge_word (service->word, &service->reason);
  g_ptr_array_add (graph->services, service);
}

static void
add_issue (SigninGraph *graph, const json_t *object)
{
  g_autofree char *word = NULL;
  SigninGraphIssue *issue;

  /* What is over is not asked for, but a server may say it all the same. */
  if (graph->issues->len >= SIGNIN_GRAPH_ISSUES_MAX || json_is_true (json_object_get (object, "isResolved")))
    return;
  issue = g_new0 (SigninGraphIssue, 1);
  issue->id = signin_json_get_clean (object, "id", ID_MAX);
  issue->service = signin_json_get_clean (object, "service", NAME_MAX_BYTES);
  issue->title = signin_json_get_clean (object, "title", SIGNIN_GRAPH_TITLE_MAX);
  issue->since_usec = signin_json_get_time (object, "startDateTime");
  word = signin_json_get_clean (object, "status", WORD_MAX);
  issue->verdict = signin_graph_judge_word (word, &issue->reason);
  g_ptr_array_add (graph->issues, issue);
}

/* A service may bring its issues along; an issue alone is told by its beginning. */
static void
add_entry (SigninGraph *graph, const json_t *entry)
{
  const json_t *issues = json_object_get (entry, "issues");

  if (json_object_get (entry, "startDateTime") != NULL)
    add_issue (graph, entry);
  else
    add_service (graph, entry);
  for (gsize i = 0; i < json_array_size (issues); i++)
    if (json_is_object (json_array_get (issues, i)))
      add_issue (graph, json_array_get (issues, i));
}

/**
 * signin_graph_add_page:
 * @graph: what was said so far
 * @body: a page of healthOverviews or of issues
 * @next: (out) (nullable) (transfer full): where the next page is, not yet checked; %NULL if this is the last
 * @error: return location
 *
 * Returns: %FALSE with an error that repeats nothing of @body, if this is not such a page; nothing is added then
 */
gboolean
signin_graph_add_page (SigninGraph *graph, GBytes *body, char **next, GError **error)
{
  g_autoptr (json_t) root = signin_json_parse (body, error);
  const json_t *entries = json_object_get (root, "value");

  *next = NULL;
  if (root == NULL)
    return FALSE;
  if (!json_is_array (entries))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no list of values");
      return FALSE;
    }
  for (gsize i = 0; i < json_array_size (entries); i++)
    add_entry (graph, json_array_get (entries, i));
  *next = g_strdup (signin_json_get_text (root, "@odata.nextLink"));
  return TRUE;
}

/**
 * signin_graph_error_code:
 * @body: that of an answer that is an error
 *
 * Returns: (transfer full): the code that it gives, such as "InvalidAuthenticationToken", fit to be shown; empty if it
 *   gives none. Its message is for nobody: it may repeat what was sent.
 */
char *
signin_graph_error_code (GBytes *body)
{
  g_autoptr (json_t) root = signin_json_parse (body, NULL);
  char *code = signin_json_get_clean (json_object_get (root, "error"), "code", ID_MAX);

  /* A code is one word, and a token is longer: what is neither is not repeated. */
  if (code[strspn (code, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.-")] != '\0')
    *code = '\0';
  return code;
}

/**
 * signin_graph_is_next:
 * @asked: the address of a page
 * @next: where the server says that the next one is
 *
 * The next page is asked for with the same token, so it is for the same server only.
 *
 * Returns: whether @next may be asked
 */
gboolean
signin_graph_is_next (const char *asked, const char *next)
{
  g_autoptr (GUri) from = g_uri_parse (asked, G_URI_FLAGS_ENCODED, NULL);
  g_autoptr (GUri) to = NULL;

  if (from == NULL || !signin_url_check (next, NULL))
    return FALSE;
  to = g_uri_parse (next, G_URI_FLAGS_ENCODED, NULL);
  return to != NULL && g_ascii_strcasecmp (g_uri_get_host (from), g_uri_get_host (to)) == 0
         && (g_uri_get_port (from) == -1 ? 443 : g_uri_get_port (from))
                == (g_uri_get_port (to) == -1 ? 443 : g_uri_get_port (to));
}

static gint64
minutes (const json_t *row, const char *name)
{
  json_int_t value = json_integer_value (json_object_get (row, name));

  return value > 0 && value <= MINUTES_MAX ? value * G_TIME_SPAN_MINUTE : 0;
}

/**
 * signin_organization_session_parse:
 * @body: an answer to /api/data/v9.2/organizations
 * @session: (out): what it says of sessions
 * @error: return location
 *
 * Returns: %FALSE with an error that repeats nothing of @body, if it says nothing of sessions
 */
gboolean
signin_organization_session_parse (GBytes *body, SigninOrganizationSession *session, GError **error)
{
  g_autoptr (json_t) root = signin_json_parse (body, error);
  const json_t *row = json_array_get (json_object_get (root, "value"), 0);
  const json_t *enabled = json_object_get (row, "sessiontimeoutenabled");

  *session = (SigninOrganizationSession){ 0 };
  if (root == NULL)
    return FALSE;
  if (!json_is_boolean (enabled))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no session settings");
      return FALSE;
    }
  session->enabled = json_is_true (enabled);
  if (!session->enabled)
    return TRUE;
  session->length_usec = minutes (row, "sessiontimeoutinmins");
  session->lead_usec = minutes (row, "sessiontimeoutreminderinmins");
  if (session->length_usec == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "no session length");
      return FALSE;
    }
  if (session->lead_usec >= session->length_usec)
    session->lead_usec = 0;
  return TRUE;
}
