/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "hooks.h"

#include <string.h>

#include "hook-files.h"
#include "run.h"

/* A program that is to be run. */
typedef struct
{
  char *path;
  char **facts;
} Job;

struct _SigninHooks
{
  GDBusConnection *bus;
  SigninHooksConfig config;
  char **folders;
  GQueue events;      /* facts of what happened in this turn */
  guint lost;         /* events that found no room there */
  GSource *turn;      /* after which they are looked at */
  GQueue waiting;     /* Job */
  GPtrArray *running; /* SigninRun */
};

static void
job_free (Job *job)
{
  g_free (job->path);
  g_strfreev (job->facts);
  g_free (job);
}

static void
add_fact (GPtrArray *facts, const char *name, const char *value)
{
  g_ptr_array_add (facts, g_strdup_printf ("SIGNIND_%s=%s", name, value != NULL ? value : ""));
}

static void
add_seconds (GPtrArray *facts, const char *name, gboolean known, gint64 usec)
{
  g_autofree char *value = g_strdup_printf ("%" G_GINT64_FORMAT, MAX (usec, 0) / G_USEC_PER_SEC);

  add_fact (facts, name, known ? value : NULL);
}

/**
 * signin_hook_facts:
 * @news: what happened
 * @user_names: whether the user name is told
 *
 * Puts an event into environment variables: SIGNIND_EVENT, _ACCOUNT, _SERVICE, _SOURCE, _AT, _SIGNED_IN_AT, _WARNS_AT,
 * _EXPIRES_AT and _REMAINING, times in seconds since the epoch; what is not known is there and empty. _USER_NAME is
 * there only if it may be told.
 *
 * Returns: (transfer full): "NAME=value" each
 */
char **
signin_hook_facts (const SigninNews *news, gboolean user_names)
{
  GPtrArray *facts = g_ptr_array_new ();
  const SigninSession *session = &news->session;
  gint64 warning = signin_session_mark (session, SIGNIN_MARK_WARNING);
  gint64 expiry = signin_session_mark (session, SIGNIN_MARK_EXPIRED);
  gboolean ends = session->policy.length_usec > 0;

  add_fact (facts, "EVENT", signin_event_to_string (news->event));
  add_fact (facts, "ACCOUNT", news->info->id);
  add_fact (facts, "SERVICE", news->info->service);
  add_fact (facts, "SOURCE", session->source);
  add_seconds (facts, "AT", TRUE, news->at_usec);
  add_seconds (facts, "SIGNED_IN_AT", TRUE, signin_session_real (session, 0));
  add_seconds (facts, "WARNS_AT", ends, signin_session_real (session, warning));
  add_seconds (facts, "EXPIRES_AT", ends, signin_session_real (session, expiry));
  add_seconds (facts, "REMAINING", ends, signin_session_remaining (session, &news->now));
  if (user_names)
    add_fact (facts, "USER_NAME", news->info->user_name);
  g_ptr_array_add (facts, NULL);
  return (char **) g_ptr_array_free (facts, FALSE);
}

static void start_waiting (SigninHooks *hooks);

static void
on_ended (SigninRun *run, gpointer user_data)
{
  SigninHooks *hooks = user_data;

  g_ptr_array_remove_fast (hooks->running, run);
  start_waiting (hooks);
}

static void
run_hook (SigninHooks *hooks, const Job *job)
{
  g_autofree char *name = g_strconcat ("The hook ", job->path, NULL);
  g_autofree char *base = g_path_get_basename (job->path);
  /* A dash would end the part that people filter by. */
  g_autofree char *unit = g_strconcat ("hook-", g_strdelimit (base, "-", '_'), NULL);
  const char *const argv[] = { job->path, NULL };
  const SigninProgram program = {
    .name = name,
    .unit = unit,
    .description = "Hook of signind",
    .argv = argv,
    .facts = (const char *const *) job->facts,
    .runtime_msec = hooks->config.runtime_msec,
  };

  g_ptr_array_add (hooks->running, signin_run_new (hooks->bus, &program, on_ended, hooks));
}

static void
start_waiting (SigninHooks *hooks)
{
  while (hooks->running->len < hooks->config.running && !g_queue_is_empty (&hooks->waiting))
    {
      Job *job = g_queue_pop_head (&hooks->waiting);

      g_debug ("Running the hook %s", job->path);
      run_hook (hooks, job);
      job_free (job);
    }
}

static void
queue_event (SigninHooks *hooks, GPtrArray *found, char **facts)
{
  for (guint i = 0; i < found->len; i++)
    {
      const SigninHook *hook = g_ptr_array_index (found, i);
      Job *job;

      if (g_queue_get_length (&hooks->waiting) >= hooks->config.queued)
        {
          g_message ("Too many hooks are waiting: %s is not run for %s", hook->path, facts[0]);
          continue;
        }
      job = g_new (Job, 1);
      job->path = g_strdup (hook->path);
      job->facts = g_strdupv (facts);
      g_queue_push_tail (&hooks->waiting, job);
    }
}

/* The folders are read once for all that happened in a turn, and after everybody else was told. */
static gboolean
on_turn (gpointer user_data)
{
  SigninHooks *hooks = user_data;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) found = signin_hooks_find ((const char *const *) hooks->folders, problems);
  char **facts;

  g_clear_pointer (&hooks->turn, g_source_unref);
  for (guint i = 0; i < problems->len; i++)
    g_message ("%s", (const char *) g_ptr_array_index (problems, i));
  while ((facts = g_queue_pop_head (&hooks->events)) != NULL)
    {
      queue_event (hooks, found, facts);
      g_strfreev (facts);
      start_waiting (hooks);
    }
  if (hooks->lost > 0 && found->len > 0)
    g_message ("Too much happened at once: no hook is run for %u events", hooks->lost);
  hooks->lost = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
has_folder (SigninHooks *hooks)
{
  for (char **folder = hooks->folders; *folder != NULL; folder++)
    if (g_file_test (*folder, G_FILE_TEST_IS_DIR))
      return TRUE;
  return FALSE;
}

/**
 * signin_hooks_tell:
 * @hooks: the hooks
 * @news: what happened
 *
 * Has every hook run for it, later and for a bounded time.
 */
void
signin_hooks_tell (SigninHooks *hooks, const SigninNews *news)
{
  if (!has_folder (hooks))
    return;
  if (g_queue_get_length (&hooks->events) >= hooks->config.queued)
    hooks->lost++;
  else
    g_queue_push_tail (&hooks->events, signin_hook_facts (news, hooks->config.user_names));
  if (hooks->turn != NULL)
    return;
  hooks->turn = g_idle_source_new ();
  g_source_set_priority (hooks->turn, G_PRIORITY_DEFAULT);
  g_source_set_callback (hooks->turn, on_turn, hooks, NULL);
  g_source_attach (hooks->turn, g_main_context_get_thread_default ());
}

static void
on_news (const SigninNews *news, gpointer user_data)
{
  signin_hooks_tell (user_data, news);
}

/**
 * signin_hooks_observe:
 * @hooks: the hooks; the tracker has no more turns once they are freed
 * @tracker: whose news they are run for
 */
void
signin_hooks_observe (SigninHooks *hooks, SigninTracker *tracker)
{
  static const SigninObserver observer = { .news = on_news };

  signin_tracker_observe (tracker, &observer, hooks);
}

/**
 * signin_hooks_set_user_names:
 * @hooks: the hooks
 * @user_names: whether they are told from now on who signs in
 */
void
signin_hooks_set_user_names (SigninHooks *hooks, gboolean user_names)
{
  hooks->config.user_names = user_names;
}

/**
 * signin_hooks_new:
 * @bus: (nullable): the session bus, for the user manager on it
 * @config: what may be run
 *
 * Returns: (transfer full): hooks; their folders are looked into at each event
 */
SigninHooks *
signin_hooks_new (GDBusConnection *bus, const SigninHooksConfig *config)
{
  SigninHooks *hooks = g_new0 (SigninHooks, 1);

  hooks->bus = bus != NULL ? g_object_ref (bus) : NULL;
  hooks->config = *config;
  hooks->folders = config->folders != NULL ? g_strdupv ((char **) config->folders) : signin_hook_folders ();
  hooks->config.folders = NULL;
  g_queue_init (&hooks->events);
  g_queue_init (&hooks->waiting);
  hooks->running = g_ptr_array_new_with_free_func ((GDestroyNotify) signin_run_free);
  return hooks;
}

/**
 * signin_hooks_free:
 * @hooks: (transfer full): hooks
 *
 * Ends what runs as a child; units go on within their bounds. Never waits.
 */
void
signin_hooks_free (SigninHooks *hooks)
{
  if (hooks->turn != NULL)
    {
      g_source_destroy (hooks->turn);
      g_source_unref (hooks->turn);
    }
  g_queue_clear_full (&hooks->events, (GDestroyNotify) g_strfreev);
  g_queue_clear_full (&hooks->waiting, (GDestroyNotify) job_free);
  g_ptr_array_unref (hooks->running);
  g_strfreev (hooks->folders);
  g_clear_object (&hooks->bus);
  g_free (hooks);
}
