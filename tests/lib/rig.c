/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rig.h"

typedef struct
{
  SigninFlushed done;
  gpointer data;
} Flush;

static void
news_free (gpointer data)
{
  RigNews *news = data;

  g_free (news->id);
  g_free (news);
}

static void
on_changed (const char *id, const SigninAccount *account, const SigninNow *now, gpointer user_data)
{
  Rig *rig = user_data;

  g_assert_true (account == NULL || g_str_equal (account->info->id, id));
  g_ptr_array_add (rig->changed, g_strdup (id));
}

static void
on_news (const SigninNews *news, gpointer user_data)
{
  Rig *rig = user_data;
  RigNews *copy = g_new0 (RigNews, 1);
  gint64 end = signin_session_mark (&news->session, SIGNIN_MARK_EXPIRED);

  copy->event = news->event;
  copy->id = g_strdup (news->info->id);
  copy->session = news->session;
  copy->at_usec = news->at_usec;
  copy->now = news->now;
  g_ptr_array_add (rig->news, copy);
  g_ptr_array_add (rig->heard, g_strdup_printf ("%s %s %s", signin_event_to_string (news->event), news->info->id,
                                                news->session.source));

  /* Whatever the test is about, this holds. */
  g_assert_cmpint (news->at_usec, >, 0);
  if (news->event == SIGNIN_EVENT_WARNING)
    g_assert_cmpint (signin_stamp_elapsed (&news->session.start, &news->now), <, end);
  if (news->event == SIGNIN_EVENT_EXPIRED)
    g_assert_cmpint (signin_stamp_elapsed (&news->session.start, &news->now), >=, end);
}

static void
on_planned (const SigninNext *next, gpointer user_data)
{
  Rig *rig = user_data;

  rig->n_turns++;
  rig->next_usec = next->deadline_usec;
  rig->next_event = next->event;
  g_free (rig->next_id);
  rig->next_id = next->info != NULL ? g_strdup (next->info->id) : NULL;
  g_assert_true ((next->deadline_usec != 0) == (next->info != NULL));
}

/* The oldest of what was sent has left. */
void
rig_finish_flush (Rig *rig)
{
  g_autofree Flush *flush = g_queue_pop_head (&rig->flushes);

  if (flush != NULL)
    flush->done (flush->data);
}

static gboolean
on_left (gpointer user_data)
{
  rig_finish_flush (user_data);
  return G_SOURCE_REMOVE;
}

static void
on_flush (SigninFlushed done, gpointer done_data, gpointer user_data)
{
  Rig *rig = user_data;
  Flush *flush = g_new (Flush, 1);

  *flush = (Flush){ .done = done, .data = done_data };
  g_queue_push_tail (&rig->flushes, flush);
  rig->n_flushes++;
  if (!rig->holds_flushes)
    g_idle_add (on_left, rig); /* as on a bus: some time later, never at once */
}

/* As in the daemon, only one of several flushes, and not the first. */
static const SigninObserver listener = { .changed = on_changed, .planned = on_planned, .news = on_news };
static const SigninObserver flusher = { .flush = on_flush };

void
rig_start (Rig *rig)
{
  static const SigninLimits limits = SIGNIN_LIMITS_DEFAULT;
  g_autoptr (GError) error = NULL;

  rig->store = scratch_open (rig->scratch);
  g_assert_cmpstr (signin_store_get_problem (rig->store), ==, NULL);
  rig->tracker = signin_tracker_new (&rig->clock->base, rig->store, rig->scratch->services, &limits);
  signin_tracker_observe (rig->tracker, &listener, rig);
  signin_tracker_observe (rig->tracker, &flusher, rig);
  signin_tracker_set_ladder (rig->tracker, &rig->ladder);
  signin_tracker_set_history_days (rig->tracker, SIGNIN_HISTORY_DAYS);
  signin_tracker_start (rig->tracker, &error);
  g_assert_no_error (error);
  fake_clock_pump (rig->clock);
}

/* The daemon ends, however it ends: nobody listens any more to what has left only now. */
void
rig_stop (Rig *rig)
{
  g_clear_pointer (&rig->tracker, signin_tracker_free);
  g_clear_pointer (&rig->store, signin_store_free);
  while (!g_queue_is_empty (&rig->flushes))
    rig_finish_flush (rig);
  while (g_idle_remove_by_data (rig))
    ;
  g_assert_false (rig->clock->armed);
  g_assert_null (rig->clock->base.func);
}

/* Like the first start; what was heard before is forgotten. */
void
rig_restart (Rig *rig)
{
  rig_stop (rig);
  rig_forget (rig);
  rig_start (rig);
}

/* What was told until now has left the process, and so does all that is told from now on. */
void
rig_release_flushes (Rig *rig)
{
  rig->holds_flushes = FALSE;
  while (!g_queue_is_empty (&rig->flushes))
    rig_finish_flush (rig);
  fake_clock_pump (rig->clock);
}

Rig *
rig_new_at (gint64 boot_usec, gint64 real_usec, guint boot)
{
  Rig *rig = g_new0 (Rig, 1);

  rig->clock = fake_clock_new (boot_usec, real_usec, boot);
  rig->scratch = scratch_new ();
  rig->heard = g_ptr_array_new_with_free_func (g_free);
  rig->news = g_ptr_array_new_with_free_func (news_free);
  rig->changed = g_ptr_array_new_with_free_func (g_free);
  rig_start (rig);
  rig_forget (rig);
  return rig;
}

Rig *
rig_new (void)
{
  return rig_new_at (RIG_BOOT, RIG_REAL, 1);
}

void
rig_free (Rig *rig)
{
  rig_assert_asleep (rig);
  rig_stop (rig);
  signin_clock_free (&rig->clock->base);
  scratch_free (rig->scratch);
  g_ptr_array_unref (rig->heard);
  g_ptr_array_unref (rig->news);
  g_ptr_array_unref (rig->changed);
  g_free (rig->next_id);
  g_free (rig);
}

void
rig_forget (Rig *rig)
{
  g_ptr_array_set_size (rig->heard, 0);
  g_ptr_array_set_size (rig->news, 0);
  g_ptr_array_set_size (rig->changed, 0);
  rig->n_turns = 0;
  fake_clock_wakeups (rig->clock);
}

/* An account of Dynamics 365 whose sessions last so long; -1 for what the service says. */
void
rig_add_with_length (Rig *rig, const char *id, gint64 length_usec)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  g_autoptr (GError) error = NULL;

  details.service = "dynamics365";
  details.organization = "contoso";
  details.region = "crm4";
  details.length_usec = length_usec;
  signin_tracker_add_account (rig->tracker, id, &details, &error);
  g_assert_no_error (error);
  fake_clock_pump (rig->clock);
}

void
rig_add (Rig *rig, const char *id)
{
  rig_add_with_length (rig, id, -1);
}

gboolean
rig_set_length (Rig *rig, const char *id, gint64 length_usec, gboolean from_next_sign_in)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  g_autoptr (GError) error = NULL;
  gboolean done;

  details.length_usec = length_usec;
  done = signin_tracker_set_account (rig->tracker, id, &details, from_next_sign_in, &error);
  g_assert_no_error (error);
  fake_clock_pump (rig->clock);
  return done;
}

gint64
rig_sign_in_at (Rig *rig, const char *id, const char *source, gint64 at_usec)
{
  g_autoptr (GError) error = NULL;
  gint64 expires_at = -1;

  signin_tracker_sign_in (rig->tracker, id, source, at_usec, FALSE, &expires_at, &error);
  g_assert_no_error (error);
  fake_clock_pump (rig->clock);
  return expires_at;
}

gint64
rig_sign_in (Rig *rig, const char *id, const char *source)
{
  return rig_sign_in_at (rig, id, source, -1);
}

/* Such a sign-in is refused for its time, with these words in the reason, and changes nothing. */
void
rig_refuse_sign_in_at (Rig *rig, const char *id, gint64 at_usec, const char *reason)
{
  g_autoptr (GError) error = NULL;
  gint64 expires_at = -1;

  rig_forget (rig);
  g_assert_false (signin_tracker_sign_in (rig->tracker, id, SIGNIN_SOURCE_MANUAL, at_usec, FALSE, &expires_at, &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_TIME);
  g_assert_nonnull (strstr (error->message, reason));
  g_assert_cmpint (expires_at, ==, -1);
  fake_clock_pump (rig->clock);
  g_assert_null (rig_session (rig, id, SIGNIN_SOURCE_MANUAL));
  rig_expect_nothing (rig);
}

const SigninSession *
rig_session (Rig *rig, const char *id, const char *source)
{
  const SigninAccount *account = signin_tracker_get (rig->tracker, id);

  for (guint i = 0; account != NULL && i < account->n_sessions; i++)
    if (g_str_equal (account->sessions[i].source, source))
      return &account->sessions[i];
  return NULL;
}

/* This lies in memory behind the account's last session: nobody is to look there. Until one is added. */
void
rig_put_behind (Rig *rig, const char *id, const SigninSession *session)
{
  SigninAccount *account = (SigninAccount *) signin_tracker_get (rig->tracker, id);
  SigninSession copy = *session;

  account->sessions = g_renew (SigninSession, account->sessions, account->n_sessions + 1);
  account->sessions[account->n_sessions] = copy;
}

SigninState
rig_state (Rig *rig, const char *id)
{
  SigninAccountView view;

  signin_account_view (signin_tracker_get (rig->tracker, id), &rig->clock->now, &view);
  return view.state;
}

gint64
rig_remaining (Rig *rig, const char *id, const char *source)
{
  const SigninSession *session = rig_session (rig, id, source);

  g_assert_nonnull (session);
  return signin_session_remaining (session, &rig->clock->now);
}

/* Whether no popup speaks of its manual session any more. */
gboolean
rig_is_stale (Rig *rig, const char *id)
{
  const SigninSession *session = rig_session (rig, id, SIGNIN_SOURCE_MANUAL);

  g_assert_nonnull (session);
  return (session->announced & SIGNIN_MARK_STALE) != 0;
}

const RigNews *
rig_news (Rig *rig, guint index)
{
  g_assert_cmpuint (index, <, rig->news->len);
  return g_ptr_array_index (rig->news, index);
}

/* Exactly this was heard since the last time, in this order. */
void
rig_expect (Rig *rig, const char *heard, ...)
{
  guint i = 0;
  va_list args;

  va_start (args, heard);
  for (; heard != NULL; heard = va_arg (args, const char *), i++)
    g_assert_cmpstr (i < rig->heard->len ? g_ptr_array_index (rig->heard, i) : NULL, ==, heard);
  va_end (args);
  g_assert_cmpstr (i < rig->heard->len ? g_ptr_array_index (rig->heard, i) : NULL, ==, NULL);
  rig_forget (rig);
}

void
rig_expect_nothing (Rig *rig)
{
  rig_expect (rig, NULL, NULL);
}

void
rig_expect_next (Rig *rig, SigninEvent event, const char *id, gint64 deadline_usec)
{
  g_assert_true (fake_clock_is_waiting (rig->clock));
  g_assert_cmpint (rig->next_usec, ==, deadline_usec);
  g_assert_cmpstr (signin_event_to_string (rig->next_event), ==, signin_event_to_string (event));
  g_assert_cmpstr (rig->next_id, ==, id);
}

void
rig_expect_none_next (Rig *rig)
{
  g_assert_cmpint (rig->next_usec, ==, 0);
  g_assert_cmpstr (rig->next_id, ==, NULL);
}

/* Nothing is left to be done, and no timer of the main loop's own is waited for: those are blind to suspend. */
void
rig_assert_asleep (Rig *rig)
{
  GMainContext *context = g_main_context_default ();
  GPollFD fds[8];
  int priority, timeout;

  g_assert_true (g_main_context_acquire (context));
  g_assert_false (g_main_context_prepare (context, &priority));
  g_main_context_query (context, G_MAXINT, &timeout, fds, G_N_ELEMENTS (fds));
  g_main_context_release (context);
  g_assert_cmpint (timeout, ==, -1);
}
