/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An answer of Microsoft Graph or of an organization's Web API: the same bytes as a page, an error and settings. */

#include "config.h"

#include "graph.h"
#include "text.h"

#include "in-file.h"

#define ASKED "https://graph.microsoft.com/v1.0/admin/serviceAnnouncement/issues"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_page (GBytes *body)
{
  g_autoptr (SigninGraph) graph = signin_graph_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *next = NULL;

  if (!signin_graph_add_page (graph, body, &next, &error))
    {
      g_assert_true (signin_text_check (error->message, 200, "error", NULL));
      return;
    }
  for (guint i = 0; i < graph->services->len; i++)
    {
      const SigninGraphService *service = g_ptr_array_index (graph->services, i);

      g_assert_true (signin_text_check (service->name, 200, "name", NULL));
      g_assert_nonnull (service->reason);
    }
  for (guint i = 0; i < graph->issues->len; i++)
    {
      const SigninGraphIssue *issue = g_ptr_array_index (graph->issues, i);

      g_assert_true (signin_text_check (issue->title, SIGNIN_GRAPH_TITLE_MAX, "title", NULL));
      g_assert_nonnull (issue->reason);
    }
  if (next != NULL && signin_graph_is_next (ASKED, next))
    g_assert_true (g_ascii_strncasecmp (next, "https://graph.microsoft.com", 27) == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  g_autofree char *code = NULL;
  SigninOrganizationSession session;

  fuzz_quiet ();
  check_page (body);
  code = signin_graph_error_code (body);
  g_assert_true (signin_text_check (code, 64, "code", NULL));
  if (signin_organization_session_parse (body, &session, NULL) && session.enabled)
    g_assert_true (session.length_usec > 0 && session.lead_usec < session.length_usec);
  return 0;
}
