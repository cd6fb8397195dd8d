/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pages of Microsoft Graph, and of an organization's Web API. */

#include "config.h"

#include <string.h>

#include "graph-source.h"
#include "text.h"

static GBytes *
document (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "fuzz", "corpus", "graph", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text;
  gsize len;

  g_file_get_contents (path, &text, &len, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (text, len);
}

static void
add (SigninGraph *graph, const char *name, char **next)
{
  g_autoptr (GBytes) body = document (name);
  g_autoptr (GError) error = NULL;

  g_assert_true (signin_graph_add_page (graph, body, next, &error));
  g_assert_no_error (error);
}

static const SigninGraphService *
service (const SigninGraph *graph, guint i)
{
  g_assert_cmpuint (i, <, graph->services->len);
  return g_ptr_array_index (graph->services, i);
}

static const SigninGraphIssue *
issue (const SigninGraph *graph, guint i)
{
  g_assert_cmpuint (i, <, graph->issues->len);
  return g_ptr_array_index (graph->issues, i);
}

static void
assert_service (const SigninGraph *graph, guint i, const char *id, SigninVerdict verdict, const char *reason)
{
  g_assert_cmpstr (service (graph, i)->id, ==, id);
  g_assert_cmpint (service (graph, i)->verdict, ==, verdict);
  g_assert_cmpstr (service (graph, i)->reason, ==, reason);
}

static void
test_overviews (void)
{
  g_autoptr (SigninGraph) graph = signin_graph_new ();
  g_autofree char *next = NULL;

  add (graph, "overviews", &next);
  g_assert_null (next);
  g_assert_cmpuint (graph->services->len, ==, 5);
  assert_service (graph, 0, "Exchange", SIGNIN_VERDICT_UP, "operational");
  assert_service (graph, 1, "DynamicsCRM", SIGNIN_VERDICT_DEGRADED, "service-degradation");
  assert_service (graph, 3, "OSDPPlatform", SIGNIN_VERDICT_UP, "service-restored");
  assert_service (graph, 4, "PowerApps", SIGNIN_VERDICT_DOWN, "service-interruption");
  g_assert_cmpstr (service (graph, 1)->name, ==, "Dynamics 365 Apps");
}

/* Documents and servers do not write the words alike; and what is not known is not good. */
static void
test_words (void)
{
  static const char *const healthy[] = {
    "serviceOperational", "ServiceOperational", "SERVICEOPERATIONAL", "serviceRestored",  "falsePositive",
    "resolved",           "mitigated",          "mitigatedExternal",  "resolvedExternal", "PostIncidentReviewPublished"
  };
  static const char *const ill[] = { "investigating",      "restoringService",       "verifyingService",
                                     "serviceDegradation", "extendedRecovery",       "confirmed",
                                     "reported",           "serviceInterruption",    "unknownFutureValue",
                                     "ServicaOperational", "investigationSuspended", "",
                                     "operational",        " serviceOperational" };
  g_autoptr (SigninGraph) capitals = signin_graph_new ();
  g_autoptr (SigninGraph) unknown = signin_graph_new ();
  g_autofree char *next = NULL;
  const char *reason;

  for (guint i = 0; i < G_N_ELEMENTS (healthy); i++)
    g_assert_cmpint (signin_graph_judge_word (healthy[i], &reason), ==, SIGNIN_VERDICT_UP);
  for (guint i = 0; i < G_N_ELEMENTS (ill); i++)
    g_assert_cmpint (signin_graph_judge_word (ill[i], &reason), !=, SIGNIN_VERDICT_UP);
  add (capitals, "capitals", &next);
  assert_service (capitals, 0, "DynamicsCRM", SIGNIN_VERDICT_UP, "operational");
  assert_service (capitals, 1, "OrgLiveID", SIGNIN_VERDICT_DOWN, "service-interruption");
  add (unknown, "unknown-words", &next);
  assert_service (unknown, 0, "DynamicsCRM", SIGNIN_VERDICT_UNKNOWN, "unknown-word");
  assert_service (unknown, 1, "OrgLiveID", SIGNIN_VERDICT_UNKNOWN, "unknown-word");
  assert_service (unknown, 2, "Exchange", SIGNIN_VERDICT_UNKNOWN, "no-status");
}

static void
test_issues (void)
{
  g_autoptr (SigninGraph) graph = signin_graph_new ();
  g_autoptr (SigninGraph) expanded = signin_graph_new ();
  g_autofree char *next = NULL;
  g_autofree char *none = NULL;

  add (graph, "issues", &next);
  g_assert_cmpstr (next, ==, "https://graph.microsoft.com/v1.0/admin/serviceAnnouncement/issues?$skip=100");
  g_assert_cmpuint (graph->issues->len, ==, 2);
  g_assert_cmpstr (issue (graph, 0)->id, ==, "CR384241");
  g_assert_cmpstr (issue (graph, 0)->service, ==, "Dynamics 365 Apps");
  g_assert_cmpstr (issue (graph, 0)->title, ==, "Some users can't sign in to Dynamics 365");
  g_assert_cmpint (issue (graph, 0)->since_usec, ==, G_GINT64_CONSTANT (1785532200) * G_USEC_PER_SEC);
  g_assert_cmpstr (issue (graph, 1)->title, ==, "a cba");
  add (expanded, "expanded", &none);
  g_assert_cmpuint (expanded->services->len, ==, 1);
  /* The other one is over. */
  g_assert_cmpuint (expanded->issues->len, ==, 1);
}

static void
test_odd (void)
{
  g_autoptr (SigninGraph) graph = signin_graph_new ();
  g_autoptr (GBytes) forbidden = document ("forbidden");
  g_autofree char *next = NULL;
  g_autoptr (GError) error = NULL;

  add (graph, "empty", &next);
  g_assert_cmpuint (graph->services->len, ==, 0);
  add (graph, "odd", &next);
  g_assert_null (next);
  g_assert_cmpuint (graph->services->len, ==, 1);
  assert_service (graph, 0, "", SIGNIN_VERDICT_UNKNOWN, "no-status");
  g_assert_false (signin_graph_add_page (graph, forbidden, &next, &error));
  g_assert_cmpstr (error->message, ==, "no list of values");
}

static void
test_bounds (void)
{
  g_autoptr (SigninGraph) graph = signin_graph_new ();
  g_autofree char *next = NULL;

  for (guint i = 0; i < 100; i++)
    {
      add (graph, "overviews", &next);
      g_clear_pointer (&next, g_free);
      add (graph, "expanded", &next);
    }
  for (guint i = 0; i < 200; i++)
    {
      g_clear_pointer (&next, g_free);
      add (graph, "issues", &next);
    }
  g_assert_cmpuint (graph->services->len, ==, SIGNIN_GRAPH_SERVICES_MAX);
  g_assert_cmpuint (graph->issues->len, ==, SIGNIN_GRAPH_ISSUES_MAX);
}

static void
assert_code (const char *text, const char *expected)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autofree char *code = signin_graph_error_code (body);

  g_assert_cmpstr (code, ==, expected);
}

static void
test_error_codes (void)
{
  g_autofree char *token = g_strnfill (200, 'x');
  g_autofree char *echo = g_strdup_printf ("{\"error\":{\"code\":\"%s\"}}", token);

  assert_code ("{\"error\":{\"code\":\"InvalidAuthenticationToken\",\"message\":\"eyJ0\"}}",
               "InvalidAuthenticationToken");
  assert_code ("{\"error\":{\"code\":\"0x80072560\"}}", "0x80072560");
  assert_code (echo, "");
  assert_code ("{\"error\":{\"code\":\"two words\"}}", "");
  assert_code ("{\"error\":\"no\"}", "");
  assert_code ("<html>", "");
  assert_code ("", "");
}

static void
test_next (void)
{
  static const char *const asked = "https://graph.microsoft.com/v1.0/admin/serviceAnnouncement/issues";
  static const char *const good[] = { "https://graph.microsoft.com/v1.0/x?$skip=100",
                                      "https://GRAPH.microsoft.com:443/v1.0/x?$skiptoken=a%20b" };
  static const char *const bad[] = { "https://graph.microsoft.com.evil.example/v1.0/x",
                                     "http://graph.microsoft.com/v1.0/x",
                                     "https://evil.example/v1.0/x",
                                     "https://graph.microsoft.com:8443/v1.0/x",
                                     "https://user@graph.microsoft.com/v1.0/x",
                                     "https://graph.microsoft.com@evil.example/v1.0/x",
                                     "https://graph.microsoft.com\\.evil.example/",
                                     "/v1.0/x?$skip=100",
                                     "file:///etc/passwd",
                                     "",
                                     "https://graph.microsoft.com/a b",
                                     "https://graph.microsoft.com/\r\nHost: evil" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (signin_graph_is_next (asked, good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (signin_graph_is_next (asked, bad[i]));
}

static gboolean
read_session (const char *name, SigninOrganizationSession *session, char **message)
{
  g_autoptr (GBytes) body = document (name);
  g_autoptr (GError) error = NULL;
  gboolean is_read = signin_organization_session_parse (body, session, &error);

  *message = g_strdup (error != NULL ? error->message : NULL);
  return is_read;
}

static void
test_session (void)
{
  SigninOrganizationSession session;
  g_autofree char *message = NULL;

  g_assert_true (read_session ("session", &session, &message));
  g_assert_true (session.enabled);
  g_assert_cmpint (session.length_usec, ==, 10 * G_TIME_SPAN_HOUR);
  g_assert_cmpint (session.lead_usec, ==, 30 * G_TIME_SPAN_MINUTE);
  g_assert_true (read_session ("session-off", &session, &message));
  g_assert_false (session.enabled);
  g_assert_cmpint (session.length_usec, ==, 0);
  g_assert_false (read_session ("session-odd", &session, &message));
  g_assert_cmpstr (message, ==, "no session length");
  g_clear_pointer (&message, g_free);
  g_assert_false (read_session ("forbidden", &session, &message));
  g_assert_cmpstr (message, ==, "no session settings");
}

static void
assert_config_refused (const char *text, const char *pattern)
{
  g_autoptr (SigninGraphConfig) config = signin_graph_config_new ();
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_assert_true (g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, NULL));
  g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, pattern);
  signin_graph_config_read (config, file, "FILE");
  g_test_assert_expected_messages ();
  g_assert_null (config->page);
  g_assert_cmpstr (config->path, ==, "/v1.0/admin/serviceAnnouncement");
  g_assert_null (config->session_path);
}

/* A token is sent to what is made of these. */
static void
test_config (void)
{
  assert_config_refused ("[Graph]\npage=http://a.example/\n", "*?Graph? page: URL: it must begin with https*");
  assert_config_refused ("[Graph]\npath=.evil.example/\n", "*?Graph? path: it must begin with a slash*");
  assert_config_refused ("[Graph]\npath=@evil.example/\n", "*?Graph? path: it must begin with a slash*");
  assert_config_refused ("[Graph]\npath=/a b\n", "*?Graph? path: URL: *");
  assert_config_refused ("[Session]\npath=:443@evil.example/\n", "*?Session? path: it must begin with a slash*");
  assert_config_refused ("[Graph]\ninterval=soon\n", "*?Graph? interval: *is not a duration*");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/graph/overviews", test_overviews);
  g_test_add_func ("/graph/words", test_words);
  g_test_add_func ("/graph/issues", test_issues);
  g_test_add_func ("/graph/odd", test_odd);
  g_test_add_func ("/graph/bounds", test_bounds);
  g_test_add_func ("/graph/error-codes", test_error_codes);
  g_test_add_func ("/graph/next", test_next);
  g_test_add_func ("/graph/session", test_session);
  g_test_add_func ("/graph/config", test_config);
  return g_test_run ();
}
