/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "address.h"
#include "browser-event.h"
#include "errors.h"
#include "suggestions.h"

/* How many ids are tried for an account whose organization has the name of another one's. */
#define ID_TRIES 100

typedef struct
{
  SigninSuggestionsFunc func;
  gpointer user_data;
} Audience;

struct _SigninSuggestions
{
  SigninTracker *tracker;
  SigninStore *store;
  const SigninServices *services;
  GPtrArray *list;     /* SigninSuggestion, the oldest first */
  GHashTable *refused; /* hosts */
  GArray *audience;
};

static void
suggestion_free (gpointer data)
{
  SigninSuggestion *suggestion = data;

  g_free (suggestion->host);
  g_free (suggestion->organization);
  g_free (suggestion->source);
  g_free (suggestion);
}

static void
tell (SigninSuggestions *self)
{
  for (guint i = 0; i < self->audience->len; i++)
    {
      const Audience *audience = &g_array_index (self->audience, Audience, i);

      audience->func (self->list, audience->user_data);
    }
}

static SigninSuggestion *
find (SigninSuggestions *self, const char *host)
{
  for (guint i = 0; i < self->list->len; i++)
    if (g_ascii_strcasecmp (((SigninSuggestion *) self->list->pdata[i])->host, host) == 0)
      return self->list->pdata[i];
  return NULL;
}

/* Whoever tracks an organization, however that came about, is not asked any more. */
static void
on_changed (const char *id, const SigninAccount *account, const SigninNow *now, gpointer user_data)
{
  SigninSuggestions *self = user_data;

  for (guint i = 0; account != NULL && i < self->list->len; i++)
    {
      const SigninSuggestion *suggestion = self->list->pdata[i];

      if (g_strcmp0 (suggestion->organization, account->info->organization) != 0
          || g_strcmp0 (suggestion->region, account->info->region) != 0)
        continue;
      g_ptr_array_remove_index (self->list, i);
      tell (self);
      return;
    }
}

static void
load_refused (SigninSuggestions *self)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) hosts = signin_store_load_refused (self->store, &error);

  if (error != NULL)
    g_warning ("What was refused is not known: %s", error->message);
  for (guint i = 0; hosts != NULL && hosts[i] != NULL; i++)
    g_hash_table_add (self->refused, g_strdup (hosts[i]));
}

/**
 * signin_suggestions_new:
 * @tracker: who has the accounts; outlives this, and has no more turns after it is freed
 * @store: what keeps what was refused; outlives this
 * @services: what is known of services; outlives this
 *
 * Returns: (transfer full): suggestions, none so far
 */
SigninSuggestions *
signin_suggestions_new (SigninTracker *tracker, SigninStore *store, const SigninServices *services)
{
  static const SigninObserver observer = { .changed = on_changed };
  SigninSuggestions *self = g_new0 (SigninSuggestions, 1);

  self->tracker = tracker;
  self->store = store;
  self->services = services;
  self->list = g_ptr_array_new_with_free_func (suggestion_free);
  self->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->audience = g_array_new (FALSE, FALSE, sizeof (Audience));
  load_refused (self);
  signin_tracker_observe (tracker, &observer, self);
  return self;
}

/**
 * signin_suggestions_free:
 * @self: (transfer full): suggestions
 */
void
signin_suggestions_free (SigninSuggestions *self)
{
  g_ptr_array_unref (self->list);
  g_hash_table_unref (self->refused);
  g_array_unref (self->audience);
  g_free (self);
}

/**
 * signin_suggestions_observe:
 * @self: suggestions
 * @func: told of all that there are whenever they change
 * @user_data: for @func
 */
void
signin_suggestions_observe (SigninSuggestions *self, SigninSuggestionsFunc func, gpointer user_data)
{
  Audience audience = { .func = func, .user_data = user_data };

  g_array_append_val (self->audience, audience);
}

/**
 * signin_suggestions_get_list:
 * @self: suggestions
 *
 * Returns: (transfer none) (element-type SigninSuggestion): all that there are now, the oldest first
 */
const GPtrArray *
signin_suggestions_get_list (SigninSuggestions *self)
{
  return self->list;
}

/**
 * signin_suggestions_add:
 * @self: suggestions
 * @host: the host of an organization, in small letters
 * @source: in which profile of which browser somebody signed in there
 * @at_usec: when, in microseconds of CLOCK_REALTIME
 * @silent: nobody typed anything
 *
 * A browser signed in to an organization that nobody tracks. The oldest suggestion goes where there are too many.
 *
 * Returns: whether it is suggested; not if the person did not want to be asked again
 */
gboolean
signin_suggestions_add (SigninSuggestions *self, const char *host, const char *source, gint64 at_usec, gboolean silent)
{
  g_autofree char *organization = NULL;
  const SigninRegion *region = signin_browser_split_host (self->services, host, &organization);
  SigninSuggestion *suggestion = find (self, host);

  if (organization == NULL || g_hash_table_contains (self->refused, host))
    return FALSE;
  if (suggestion == NULL)
    {
      if (self->list->len == SIGNIN_SUGGESTIONS_MAX)
        g_ptr_array_remove_index (self->list, 0);
      suggestion = g_new0 (SigninSuggestion, 1);
      suggestion->host = g_strdup (host);
      suggestion->organization = g_steal_pointer (&organization);
      suggestion->region = region->label;
      g_ptr_array_add (self->list, suggestion);
    }
  g_free (suggestion->source);
  suggestion->source = g_strdup (source);
  suggestion->at_usec = at_usec;
  suggestion->silent = silent;
  tell (self);
  return TRUE;
}

static SigninSuggestion *
find_or_refuse (SigninSuggestions *self, const char *host, GError **error)
{
  SigninSuggestion *suggestion = find (self, host);

  if (suggestion == NULL)
    g_set_error_literal (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT, _ ("This host is not suggested"));
  return suggestion;
}

/* An id that nobody has: the organization, with its region, with a number. */
static char *
choose_id (SigninSuggestions *self, const SigninSuggestion *suggestion)
{
  /* Labels of hosts are as long as ids, and an id has to hold the rest as well. */
  g_autofree char *stem = g_strdup_printf ("%.40s", suggestion->organization);

  if (signin_tracker_get (self->tracker, suggestion->organization) == NULL)
    return g_strdup (suggestion->organization);
  for (guint i = 1; i < ID_TRIES; i++)
    {
      g_autofree char *id = i == 1 ? g_strdup_printf ("%s-%.16s", stem, suggestion->region)
                                   : g_strdup_printf ("%s-%.16s-%u", stem, suggestion->region, i);

      if (signin_tracker_get (self->tracker, id) == NULL)
        return g_steal_pointer (&id);
    }
  return NULL;
}

/* The sign-in that led to the suggestion counts, if it still does. */
static void
count_sign_in (SigninSuggestions *self, const char *id, const SigninSuggestion *suggestion)
{
  g_autoptr (GError) error = NULL;

  if (!signin_tracker_report (self->tracker, id, suggestion->source, suggestion->at_usec, suggestion->silent, NULL,
                              &error))
    g_message ("The sign-in to %s is not counted: %s", id, error->message);
}

/**
 * signin_suggestions_accept:
 * @self: suggestions
 * @host: the host of one of them
 * @error: where to put what went wrong
 *
 * Adds an account for the organization, and counts the sign-in that was seen. As for every call of the tracker, it is
 * stored at the end of the turn; the suggestion goes with it.
 *
 * Returns: (transfer full): the account's id; %NULL with %SIGNIN_ERROR_INVALID_ARGUMENT or
 *   %SIGNIN_ERROR_LIMIT_EXCEEDED if there is no such suggestion, or no room
 */
char *
signin_suggestions_accept (SigninSuggestions *self, const char *host, GError **error)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  const SigninSuggestion *suggestion = find_or_refuse (self, host, error);
  g_autofree char *id = suggestion != NULL ? choose_id (self, suggestion) : NULL;

  if (suggestion == NULL)
    return NULL;
  if (id == NULL)
    {
      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_ACCOUNT_EXISTS, _ ("There is an account %s already"),
                   suggestion->organization);
      return NULL;
    }
  details.organization = suggestion->organization;
  details.region = suggestion->region;
  if (!signin_tracker_add_account (self->tracker, id, &details, error))
    return NULL;
  count_sign_in (self, id, suggestion);
  return g_steal_pointer (&id);
}

/**
 * signin_suggestions_refuse:
 * @self: suggestions
 * @host: the host of one of them
 * @error: where to put what went wrong
 *
 * Never asks about this host again.
 *
 * Returns: whether that is kept; if not, @error is %SIGNIN_ERROR_INVALID_ARGUMENT, %SIGNIN_ERROR_LIMIT_EXCEEDED or
 *   %SIGNIN_ERROR_STORAGE
 */
gboolean
signin_suggestions_refuse (SigninSuggestions *self, const char *host, GError **error)
{
  SigninSuggestion *suggestion = find_or_refuse (self, host, error);

  if (suggestion == NULL)
    return FALSE;
  if (g_hash_table_size (self->refused) >= SIGNIN_REFUSED_MAX)
    {
      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_LIMIT_EXCEEDED,
                   _ ("No more than %d organizations can be refused for good"), SIGNIN_REFUSED_MAX);
      return FALSE;
    }
  if (!signin_store_put_refused (self->store, suggestion->host, error))
    return FALSE;
  g_hash_table_add (self->refused, g_strdup (suggestion->host));
  g_ptr_array_remove (self->list, suggestion);
  tell (self);
  return TRUE;
}
