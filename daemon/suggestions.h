/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Organizations that a browser has signed in to, and nobody tracks: people are asked about them. */

#pragma once

#include "tracker.h"

G_BEGIN_DECLS

#define SIGNIN_SUGGESTIONS_MAX 16
#define SIGNIN_REFUSED_MAX 256

/**
 * SigninSuggestion:
 * @host: the organization's host, in small letters
 * @organization: the organization
 * @region: the label of its region
 * @source: in which profile of which browser
 * @at_usec: when the last sign-in was seen, in microseconds of CLOCK_REALTIME
 * @silent: nobody typed anything
 */
typedef struct
{
  char *host;
  char *organization;
  const char *region;
  char *source;
  gint64 at_usec;
  gboolean silent;
} SigninSuggestion;

/**
 * SigninSuggestionsFunc:
 * @suggestions: (element-type SigninSuggestion): all that there are now, the oldest first
 */
typedef void (*SigninSuggestionsFunc) (const GPtrArray *suggestions, gpointer user_data);

typedef struct _SigninSuggestions SigninSuggestions;

SigninSuggestions *signin_suggestions_new (SigninTracker *tracker, SigninStore *store, const SigninServices *services);
void signin_suggestions_free (SigninSuggestions *suggestions);
void signin_suggestions_observe (SigninSuggestions *suggestions, SigninSuggestionsFunc func, gpointer user_data);

const GPtrArray *signin_suggestions_get_list (SigninSuggestions *suggestions);
gboolean signin_suggestions_add (SigninSuggestions *suggestions, const char *host, const char *source, gint64 at_usec,
                                 gboolean silent);
char *signin_suggestions_accept (SigninSuggestions *suggestions, const char *host, GError **error);
gboolean signin_suggestions_refuse (SigninSuggestions *suggestions, const char *host, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninSuggestions, signin_suggestions_free)

G_END_DECLS
