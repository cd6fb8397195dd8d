/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "authorized.h"
#include "graph-source.h"
#include "topics.h"

G_BEGIN_DECLS

/**
 * SigninGraphSubject:
 * @authorizer: what it takes to ask
 * @config: what to ask for
 * @base: where: "https://HOST"
 *
 * A host that is asked with a token.
 */
typedef struct
{
  const SigninAuthorizer *authorizer;
  const SigninGraphConfig *config;
  char *base;
} SigninGraphSubject;

extern const SigninTopicClass signin_graph_topic;
extern const SigninTopicClass signin_session_topic;

SigninGraphSubject *signin_graph_subject_new (const SigninAuthorizer *authorizer, const SigninGraphConfig *config,
                                              const char *base);
void signin_graph_subject_free (gpointer subject);

G_END_DECLS
