/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "names.h"
#include "popup-thread.h"
#include "popups.h"

/* What is shown for one account. There is none for an account of which nothing is to be said. */
typedef struct
{
  SigninPopupKind state;        /* what the sessions say */
  SigninPopupKind kind;         /* what is asked or said now: @state, or a question */
  char           *source;       /* of the session that it is about */
  gint64          start;        /* of that session, on the boot clock: steps do not move it */
  guint           step;
  gboolean        names_source; /* there were others when the step began */
  char           *address;      /* shown, because no browser could be started */
  char           *said;         /* in this step */
} Shown;

struct _SigninPopups
{
  guint                 ref_count; /* one of its owner, one of each answer that is waited for */
  gboolean              freed;
  GDBusConnection      *bus;
  SigninTracker        *tracker;
  const SigninServices *services;
  SigninLauncher       *launcher;
  SigninPopupThread    *thread;
  SigninSettings        settings;
  GHashTable           *shown; /* account -> Shown */
  guint                 last_step;
};

/* An answer that comes later, when the popups may be gone. */
typedef struct
{
  SigninPopups *popups;
  guint         step;
  char         *url;
  char          account[];
} Pending;

static void
shown_free (Shown *shown)
{
  g_free (shown->source);
  g_free (shown->address);
  g_free (shown->said);
  g_free (shown);
}

static void
popups_unref (SigninPopups *self)
{
  if (--self->ref_count > 0)
    return;
  g_hash_table_unref (self->shown);
  g_object_unref (self->bus);
  g_free (self);
}

static Pending *
pending_new (SigninPopups *self, const char *account, guint step, char *url)
{
  Pending *pending = g_malloc0 (sizeof (Pending) + strlen (account) + 1);

  self->ref_count++;
  pending->popups = self;
  pending->step = step;
  pending->url = url;
  strcpy (pending->account, account);
  return pending;
}

static void
pending_free (Pending *pending)
{
  popups_unref (pending->popups);
  g_free (pending->url);
  g_free (pending);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pending, pending_free)

/* A browser that reported one sign-in of the account reports the next one too. */
static gboolean
is_reported (const SigninAccount *account)
{
  for (guint i = 0; i < account->n_sessions; i++)
    if (strcmp (account->sessions[i].source, SIGNIN_SOURCE_MANUAL) != 0)
      return TRUE;
  return FALSE;
}

static SigninPopup *
put_into_words (SigninPopups *self, const SigninAccount *account, const SigninSession *session, const Shown *shown)
{
  const SigninService *service = signin_services_get (self->services, account->info->service);
  SigninPopupFacts facts = {
    .kind = shown->kind,
    .account = account->info->id,
    .service = account->info->service,
    .service_name = service != NULL ? service->name : account->info->service,
    .source = shown->names_source ? session->source : NULL,
    .ends_usec = signin_session_real (session, session->policy.length_usec),
    .reported = is_reported (account),
    .address = shown->address,
  };
  SigninPopup *popup = signin_popup_new (&facts);

  popup->step = shown->step;
  return popup;
}

/* Hands on only what is new: a person who closed a popup is not bothered again because of a change elsewhere. */
static void
say (SigninPopups *self, const SigninAccount *account, const SigninSession *session, Shown *shown)
{
  g_autoptr (SigninPopup) popup = put_into_words (self, account, session, shown);
  g_autofree char *said = g_strjoin ("\n", popup->title, popup->body, NULL);

  if (g_strcmp0 (shown->said, said) == 0)
    return;

  g_free (shown->said);
  shown->said = g_steal_pointer (&said);
  signin_popup_thread_show (self->thread, account->info->id, g_steal_pointer (&popup));
}

static void
withdraw (SigninPopups *self, const char *id)
{
  if (g_hash_table_remove (self->shown, id))
    signin_popup_thread_withdraw (self->thread, id);
}

/* What the state of an account calls for. */
static SigninPopupKind
wanted_kind (const SigninAccountView *view, const SigninNow *now)
{
  const SigninSession *session = view->shown;

  if (session == NULL || session->dismissed)
    return SIGNIN_POPUP_NONE;
  if (view->state == SIGNIN_STATE_EXPIRING)
    return SIGNIN_POPUP_WARNING;
  if (view->state != SIGNIN_STATE_EXPIRED || (session->announced & SIGNIN_MARK_STALE) != 0)
    return SIGNIN_POPUP_NONE;
  if (signin_stamp_elapsed (&session->start, now) - session->policy.length_usec >= SIGNIN_EXPIRED_SHOWN_USEC)
    return SIGNIN_POPUP_NONE;
  return SIGNIN_POPUP_EXPIRED;
}

static void
begin_step (SigninPopups *self, const SigninAccount *account, Shown *shown, SigninPopupKind kind)
{
  shown->kind = kind;
  shown->names_source = account->n_sessions > 1;
  shown->step = ++self->last_step;
  g_clear_pointer (&shown->address, g_free);
  g_clear_pointer (&shown->said, g_free);
}

static void
on_changed (const char *id, const SigninAccount *account, const SigninNow *now, gpointer user_data)
{
  SigninPopups *self = user_data;
  SigninAccountView view = { 0 };
  SigninPopupKind kind = SIGNIN_POPUP_NONE;
  Shown *shown = g_hash_table_lookup (self->shown, id);

  if (account != NULL)
    {
      signin_account_view (account, now, &view);
      kind = wanted_kind (&view, now);
    }
  if (kind == SIGNIN_POPUP_NONE)
    {
      withdraw (self, id);
      return;
    }

  if (shown == NULL)
    {
      shown = g_new0 (Shown, 1);
      g_hash_table_insert (self->shown, g_strdup (id), shown);
    }
  if (shown->state != kind || shown->start != view.shown->start.boot_usec ||
      g_strcmp0 (shown->source, view.shown->source) != 0)
    begin_step (self, account, shown, kind);
  shown->state = kind;
  shown->start = view.shown->start.boot_usec;
  g_free (shown->source);
  shown->source = g_strdup (view.shown->source);
  say (self, account, view.shown, shown);
}

/* The session that @shown is about, as long as there is one. */
static const SigninSession *
find_session (const SigninAccount *account, const Shown *shown)
{
  for (guint i = 0; i < account->n_sessions; i++)
    if (strcmp (account->sessions[i].source, shown->source) == 0)
      return &account->sessions[i];
  return NULL;
}

/* A popup is gone once something on it was pressed: what is still to be said needs a step of its own. */
static void
go_on (SigninPopups *self, const char *id, Shown *shown, SigninPopupKind kind, const char *address)
{
  const SigninAccount *account = signin_tracker_get (self->tracker, id);
  const SigninSession *session = account != NULL ? find_session (account, shown) : NULL;

  if (session == NULL)
    return;
  begin_step (self, account, shown, kind);
  shown->address = g_strdup (address);
  say (self, account, session, shown);
}

/* What @pending was about, if nothing has changed since. */
static Shown *
still_shown (const Pending *pending)
{
  Shown *shown;

  if (pending->popups->freed)
    return NULL;
  shown = g_hash_table_lookup (pending->popups->shown, pending->account);
  return shown != NULL && shown->step == pending->step ? shown : NULL;
}

static void
on_opened (const GError *error, gpointer user_data)
{
  g_autoptr (Pending) pending = user_data;
  SigninPopups *self = pending->popups;
  Shown *shown = still_shown (pending);
  const SigninAccount *account;

  if (shown == NULL)
    return;

  if (error != NULL)
    {
      g_message ("Cannot open the sign-in page of %s: %s", pending->account, error->message);
      go_on (self, pending->account, shown, shown->state, pending->url);
      return;
    }

  /* Where a browser reports sign-ins there is nothing to ask. */
  account = signin_tracker_get (self->tracker, pending->account);
  if (account != NULL && !is_reported (account))
    go_on (self, pending->account, shown, SIGNIN_POPUP_QUESTION, NULL);
}

static void
open_page (SigninPopups *self, const char *id, const Shown *shown, const char *token)
{
  const SigninAccount *account = signin_tracker_get (self->tracker, id);
  char *url;

  if (account == NULL)
    return;
  url = signin_account_info_get_url (account->info, self->services);
  signin_launcher_open (self->launcher, url, token, on_opened, pending_new (self, id, shown->step, url));
}

static void
say_again (const Pending *pending, const GError *error)
{
  Shown *shown = still_shown (pending);

  g_message ("What was pressed for %s did not take effect: %s", pending->account, error->message);
  if (shown != NULL)
    go_on (pending->popups, pending->account, shown, shown->kind, NULL);
}

static void
on_settled (const GError *error, gpointer user_data)
{
  g_autoptr (Pending) pending = user_data;

  if (error != NULL)
    say_again (pending, error);
}

/* Nobody waits for the answer to a button: if it cannot be stored, the popup comes back. */
static void
enter (SigninPopups *self, const char *id, const char *action, const Shown *shown)
{
  g_autoptr (Pending) pending = pending_new (self, id, shown->step, NULL);
  g_autoptr (GError) error = NULL;
  gboolean entered;

  if (strcmp (action, SIGNIN_ACTION_SIGNED_IN) == 0)
    entered = signin_tracker_sign_in (self->tracker, id, SIGNIN_SOURCE_MANUAL, -1, FALSE, NULL, &error);
  else
    entered = signin_tracker_dismiss (self->tracker, id, &error);

  if (entered)
    signin_tracker_when_settled (self->tracker, on_settled, g_steal_pointer (&pending));
  else
    say_again (pending, error);
}

static void
on_answer (const char *id, const char *action, const char *token, gpointer user_data)
{
  SigninPopups *self = user_data;
  Shown *shown = g_hash_table_lookup (self->shown, id);

  if (action == NULL)
    {
      g_debug ("The popup of %s was closed", id);
      return;
    }
  if (shown == NULL)
    return;

  if (strcmp (action, SIGNIN_ACTION_SIGN_IN) == 0 || strcmp (action, SIGNIN_ACTION_DEFAULT) == 0)
    open_page (self, id, shown, token);
  else if (strcmp (action, SIGNIN_ACTION_SIGNED_IN) == 0 || strcmp (action, SIGNIN_ACTION_DISMISS) == 0)
    enter (self, id, action, shown);
  else if (strcmp (action, SIGNIN_ACTION_NOT_YET) == 0)
    go_on (self, id, shown, shown->state, NULL);
}

static const SigninObserver observer = {
  .changed = on_changed,
};

/**
 * signin_popups_new:
 * @bus: the session bus
 * @tracker: whose accounts are shown; outlives the popups' last use, and is not run after they are freed
 * @services: what is known of services; outlives the popups
 * @launcher: opens sign-in pages; outlives the popups
 *
 * Shows popups from now on, for as long as the main context of the calling thread runs. Call it before the tracker is
 * started. Nothing is done before there is something to show.
 *
 * Returns: (transfer full): the popups
 */
SigninPopups *
signin_popups_new (GDBusConnection *bus, SigninTracker *tracker, const SigninServices *services,
                   SigninLauncher *launcher)
{
  SigninPopups *self = g_new0 (SigninPopups, 1);
  g_autoptr (GError) error = NULL;

  self->ref_count = 1;
  self->bus = g_object_ref (bus);
  self->tracker = tracker;
  self->services = services;
  self->launcher = launcher;
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) shown_free);
  self->thread = signin_popup_thread_new (g_main_context_get_thread_default (), on_answer, self, &error);
  if (self->thread != NULL)
    signin_tracker_observe (tracker, &observer, self);
  else
    g_message ("No popups: %s", error->message);
  return self;
}

/**
 * signin_popups_set_settings:
 * @self: the popups
 * @settings: what is in force from now on
 */
void
signin_popups_set_settings (SigninPopups *self, const SigninSettings *settings)
{
  self->settings = *settings;
}

/**
 * signin_popups_free:
 * @self: (transfer full): the popups
 *
 * Asks for everything to be taken from the screen. Never waits for a notification server.
 */
void
signin_popups_free (SigninPopups *self)
{
  self->freed = TRUE;
  g_hash_table_remove_all (self->shown);
  if (self->thread != NULL)
    signin_popup_thread_free (self->thread, self->bus);
  self->thread = NULL;
  popups_unref (self);
}
