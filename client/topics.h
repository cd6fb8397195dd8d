/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is known of errors, questions and the people who can help: data/errors.conf. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninCtlAudience:
 * @SIGNIN_CTL_FOR_YOU: whoever signs in
 * @SIGNIN_CTL_FOR_ADMIN: an administrator
 * @SIGNIN_CTL_IN_FIREFOX: whoever uses Firefox
 * @SIGNIN_CTL_IN_CHROMIUM: whoever uses Chromium or one of its relatives
 *
 * Whom steps are for.
 */
typedef enum
{
  SIGNIN_CTL_FOR_YOU,
  SIGNIN_CTL_FOR_ADMIN,
  SIGNIN_CTL_IN_FIREFOX,
  SIGNIN_CTL_IN_CHROMIUM,
  SIGNIN_CTL_N_AUDIENCES
} SigninCtlAudience;

/**
 * SigninCtlTopic:
 * @id: what it is called
 * @title: what people call it, in their language
 * @meaning: what it means, in their language
 * @codes: %NULL-terminated numbers, decimal or 0x…
 * @texts: %NULL-terminated parts of what pages say of it, in English
 * @names: %NULL-terminated other words for it, in English
 * @who: %NULL-terminated ids of topics that say who can mend it
 * @links: %NULL-terminated addresses of today
 * @old_links: %NULL-terminated addresses of the 2017 page
 * @see: %NULL-terminated ids of further topics
 * @steps: for each audience its %NULL-terminated steps, in the person's language
 */
typedef struct
{
  char *id;
  char *title;
  char *meaning;
  char **codes;
  char **texts;
  char **names;
  char **who;
  char **links;
  char **old_links;
  char **see;
  char **steps[SIGNIN_CTL_N_AUDIENCES];
} SigninCtlTopic;

/**
 * SigninCtlTopics:
 *
 * All topics, in the order of the file.
 */
typedef struct _SigninCtlTopics SigninCtlTopics;

SigninCtlTopics *signin_ctl_topics_load (GError **error);
SigninCtlTopics *signin_ctl_topics_load_from (const char *path, GError **error);
void signin_ctl_topics_free (SigninCtlTopics *topics);
guint signin_ctl_topics_count (const SigninCtlTopics *topics);
const SigninCtlTopic *signin_ctl_topics_nth (const SigninCtlTopics *topics, guint n);
const SigninCtlTopic *signin_ctl_topics_get (const SigninCtlTopics *topics, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninCtlTopics, signin_ctl_topics_free)

G_END_DECLS
