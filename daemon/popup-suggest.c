/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether to track an organization that a browser signed in to: one question at a time, and each once. */

#include "config.h"

#include <string.h>

#include "popups-private.h"
#include "source.h"

/* What the popup thread calls these popups: a host cannot have a colon, and others are called by numbers. */
#define KEY_PREFIX "suggestion:"

/* An answer that is about to be stored, when the popups may be gone. */
typedef struct
{
  SigninPopups *popups;
  char host[];
} Pending;

static const SigninSuggestion *
find (const GPtrArray *list, const char *host)
{
  for (guint i = 0; list != NULL && i < list->len; i++)
    if (strcmp (((const SigninSuggestion *) list->pdata[i])->host, host) == 0)
      return list->pdata[i];
  return NULL;
}

static void
show (SigninPopups *self, const SigninSuggestion *suggestion)
{
  g_autofree char *browser = signin_source_describe (suggestion->source, FALSE);
  g_autofree char *key = g_strconcat (KEY_PREFIX, suggestion->host, NULL);
  SigninPopup *popup = signin_popup_new_suggestion (suggestion->organization, suggestion->host, browser);

  popup->step = ++self->last_step;
  popup->sound = self->settings.sound;
  signin_popup_thread_show (self->thread, key, popup);
}

static void
withdraw (SigninPopups *self)
{
  g_autofree char *key = g_strconcat (KEY_PREFIX, self->asking, NULL);

  signin_popup_thread_withdraw (self->thread, key);
  g_clear_pointer (&self->asking, g_free);
}

/* Forgets the hosts that are no more suggested, so that no more are kept than there are suggestions. */
static gboolean
is_gone (gpointer host, gpointer value, gpointer user_data)
{
  return find (user_data, host) == NULL;
}

static void
ask_next (SigninPopups *self, const GPtrArray *list)
{
  for (guint i = 0; self->asking == NULL && i < list->len; i++)
    {
      const SigninSuggestion *suggestion = list->pdata[i];

      if (g_hash_table_contains (self->asked, suggestion->host))
        continue;
      g_hash_table_add (self->asked, g_strdup (suggestion->host));
      self->asking = g_strdup (suggestion->host);
      show (self, suggestion);
    }
}

static void
on_suggestions (const GPtrArray *list, gpointer user_data)
{
  SigninPopups *self = user_data;

  if (self->thread == NULL)
    return;
  g_hash_table_foreach_remove (self->asked, is_gone, (gpointer) list);
  /* Who has no popups for a while has seen no question. */
  if (self->asking != NULL && !self->settings.popups)
    g_hash_table_remove (self->asked, self->asking);
  if (self->asking != NULL && (!self->settings.popups || find (list, self->asking) == NULL))
    withdraw (self);
  if (self->settings.popups)
    ask_next (self, list);
}

static void
go_on (SigninPopups *self)
{
  if (!self->freed && self->suggestions != NULL)
    on_suggestions (signin_suggestions_get_list (self->suggestions), self);
}

static void
ask_again (SigninPopups *self, const char *host, const GError *error)
{
  g_message ("What was pressed for %s did not take effect: %s", host, error->message);
  if (!self->freed)
    g_hash_table_remove (self->asked, host);
}

static void
on_settled (const GError *error, gpointer user_data)
{
  Pending *pending = user_data;

  if (error != NULL)
    ask_again (pending->popups, pending->host, error);
  go_on (pending->popups);
  signin_popups_unref (pending->popups);
  g_free (pending);
}

static void
track (SigninPopups *self, const char *host, GError **error)
{
  g_autofree char *id = signin_suggestions_accept (self->suggestions, host, error);
  Pending *pending;

  if (id == NULL)
    return;
  pending = g_malloc (sizeof (Pending) + strlen (host) + 1);
  pending->popups = self;
  strcpy (pending->host, host);
  self->ref_count++;
  signin_tracker_when_settled (self->tracker, on_settled, pending);
}

/* Takes an answer, if it is one to a question of this kind. The popup is gone, whatever was pressed. */
gboolean
signin_popups_take_suggestion (SigninPopups *self, const char *popup, const char *action)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *host = NULL;

  if (!g_str_has_prefix (popup, KEY_PREFIX))
    return FALSE;
  host = g_strdup (popup + strlen (KEY_PREFIX));
  if (g_strcmp0 (host, self->asking) == 0)
    g_clear_pointer (&self->asking, g_free);
  if (g_strcmp0 (action, SIGNIN_ACTION_TRACK) == 0)
    track (self, host, &error);
  else if (g_strcmp0 (action, SIGNIN_ACTION_NEVER) == 0)
    signin_suggestions_refuse (self->suggestions, host, &error);
  /* What is not suggested any more needs no answer. */
  if (error != NULL && find (signin_suggestions_get_list (self->suggestions), host) != NULL)
    ask_again (self, host, error);
  go_on (self);
  return TRUE;
}

/* What was chosen may be to have popups, or none. */
void
signin_popups_refresh_suggestions (SigninPopups *self)
{
  go_on (self);
}

/**
 * signin_popups_set_suggestions:
 * @self: the popups
 * @suggestions: what to ask about from now on; outlives the popups' last use
 */
void
signin_popups_set_suggestions (SigninPopups *self, SigninSuggestions *suggestions)
{
  self->suggestions = suggestions;
  signin_suggestions_observe (suggestions, on_suggestions, self);
}
