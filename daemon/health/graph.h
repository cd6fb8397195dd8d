/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What Microsoft Graph and the Web API of an organization answer to who has a token. */

#pragma once

#include <gio/gio.h>

#include "verdict.h"

G_BEGIN_DECLS

#define SIGNIN_GRAPH_SERVICES_MAX 256
#define SIGNIN_GRAPH_ISSUES_MAX 256
#define SIGNIN_GRAPH_TITLE_MAX 160

/**
 * SigninGraphService:
 * @id: what Graph calls it, such as "DynamicsCRM"
 * @name: what people call it, such as "Dynamics 365 Apps"
 * @verdict: what its state means
 * @reason: (transfer none): the stable code of its state
 * @word: the word for its state
 *
 * A service that the organization has.
 */
typedef struct
{
  char *id;
  char *name;
  SigninVerdict verdict;
  const char *reason;
  char *word;
} SigninGraphService;

/**
 * SigninGraphIssue:
 * @id: its number, such as "CR384241"
 * @service: the name of the service that has it
 * @title: what it is about
 * @since_usec: when it began, in microseconds of CLOCK_REALTIME; 0 if it is not told
 * @verdict: what its state means
 * @reason: (transfer none): the stable code of its state
 *
 * Something that is wrong with a service, and not over.
 */
typedef struct
{
  char *id;
  char *service;
  char *title;
  gint64 since_usec;
  SigninVerdict verdict;
  const char *reason;
} SigninGraphIssue;

/**
 * SigninGraph:
 * @services: (element-type SigninGraphService): in the order in which they came
 * @issues: (element-type SigninGraphIssue): in the order in which they came
 *
 * What Graph said, on all pages so far.
 */
typedef struct
{
  GPtrArray *services;
  GPtrArray *issues;
} SigninGraph;

/**
 * SigninOrganizationSession:
 * @enabled: the organization has a session length of its own
 * @length_usec: that length; 0 if it has none
 * @lead_usec: how long before the end its warning comes; 0 if it has none
 *
 * The session of an organization, as its administrators set it.
 */
typedef struct
{
  gboolean enabled;
  gint64 length_usec;
  gint64 lead_usec;
} SigninOrganizationSession;

SigninGraph *signin_graph_new (void);
void signin_graph_free (SigninGraph *graph);
gboolean signin_graph_add_page (SigninGraph *graph, GBytes *body, char **next, GError **error);
char *signin_graph_error_code (GBytes *body);
gboolean signin_graph_is_next (const char *asked, const char *next);
SigninVerdict signin_graph_judge_word (const char *word, const char **reason);
gboolean signin_organization_session_parse (GBytes *body, SigninOrganizationSession *session, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninGraph, signin_graph_free)

G_END_DECLS
