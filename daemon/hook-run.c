/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "hook-run.h"

#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervisor.h"
#include "transient.h"

/* Beyond its own bound, until a unit of which nothing is heard counts as over. */
#define UNIT_GRACE_MSEC 5000

struct _SigninHookRun
{
  GDBusConnection *bus;
  char *path;
  char **facts;
  guint runtime_msec;
  SigninHookEnded ended;
  gpointer user_data;

  GCancellable *freed;
  guint removed; /* subscription to the end of the unit */
  GPid pid;      /* 0 if it runs as no child of ours */
  int pidfd;     /* readable once @pid has ended; -1 if there is none */
  GSource *exit;
  GSource *deadline;
};

static void
drop_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_source_unref (*source);
  *source = NULL;
}

static void
stop_listening (SigninHookRun *run)
{
  drop_source (&run->exit);
  drop_source (&run->deadline);
  if (run->removed != 0)
    g_dbus_connection_signal_unsubscribe (run->bus, run->removed);
  run->removed = 0;
  if (run->pidfd >= 0)
    close (run->pidfd);
  run->pidfd = -1;
}

static void
end (SigninHookRun *run)
{
  stop_listening (run);
  run->ended (run, run->user_data);
}

static gboolean
end_later (gpointer user_data)
{
  end (user_data);
  return G_SOURCE_REMOVE;
}

static void
set_deadline (SigninHookRun *run, guint msec, GSourceFunc func)
{
  drop_source (&run->deadline);
  run->deadline = g_timeout_source_new (msec);
  g_source_set_callback (run->deadline, func, run, NULL);
  g_source_attach (run->deadline, g_main_context_get_thread_default ());
}

/* Nobody may be called back before the one who asked for this run has it. */
static void
give_up (SigninHookRun *run, const char *reason)
{
  g_message ("The hook %s is not run: %s", run->path, reason);
  set_deadline (run, 0, end_later);
}

/* The whole group: what a hook has left behind must not outlive its bound either. */
static gboolean
on_too_long (gpointer user_data)
{
  SigninHookRun *run = user_data;

  g_message ("The hook %s ran for more than %u ms and was killed", run->path, run->runtime_msec);
  kill (-run->pid, SIGKILL);
  drop_source (&run->deadline);
  return G_SOURCE_REMOVE;
}

/* It is a zombie still, so that the number is nobody else's. */
static gboolean
on_exited (int fd, GIOCondition condition, gpointer user_data)
{
  SigninHookRun *run = user_data;
  GPid pid = run->pid;
  int status = 0;

  kill (-pid, SIGKILL);
  run->pid = 0;
  if (waitpid (pid, &status, 0) == pid && WIFEXITED (status) && WEXITSTATUS (status) != 0)
    g_message ("The hook %s ended with status %d", run->path, WEXITSTATUS (status));
  end (run);
  return G_SOURCE_REMOVE;
}

/* What the service manager tells signind is not for others. */
static char **
child_environment (char **facts)
{
  static const char *const ours[] = { "NOTIFY_SOCKET", "WATCHDOG_PID",   "WATCHDOG_USEC",
                                      "LISTEN_PID",    "LISTEN_FDS",     "LISTEN_FDNAMES",
                                      "INVOCATION_ID", "JOURNAL_STREAM", "SYSTEMD_EXEC_PID" };
  char **environment = g_get_environ ();

  for (guint i = 0; i < G_N_ELEMENTS (ours); i++)
    environment = g_environ_unsetenv (environment, ours[i]);
  for (; *facts != NULL; facts++)
    {
      g_auto (GStrv) parts = g_strsplit (*facts, "=", 2);

      environment = g_environ_setenv (environment, parts[0], parts[1], TRUE);
    }
  return environment;
}

static void
lead_group (gpointer user_data)
{
  setsid ();
}

static void
watch_child (SigninHookRun *run)
{
  run->pidfd = (int) syscall (SYS_pidfd_open, run->pid, 0);
  if (run->pidfd < 0)
    {
      kill (-run->pid, SIGKILL);
      waitpid (run->pid, NULL, 0);
      run->pid = 0;
      give_up (run, "this kernel cannot say when it ends");
      return;
    }
  run->exit = g_unix_fd_source_new (run->pidfd, G_IO_IN);
  g_source_set_callback (run->exit, G_SOURCE_FUNC (on_exited), run, NULL);
  g_source_attach (run->exit, g_main_context_get_thread_default ());
  set_deadline (run, run->runtime_msec, on_too_long);
}

static void
spawn (SigninHookRun *run)
{
  g_auto (GStrv) environment = child_environment (run->facts);
  char *argv[] = { run->path, NULL };
  g_autoptr (GError) error = NULL;

  if (g_spawn_async ("/", argv, environment,
                     G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, lead_group,
                     NULL, &run->pid, &error))
    watch_child (run);
  else
    give_up (run, error->message);
}

static gboolean
is_nobody_there (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER);
}

static void
on_started (GObject *object, GAsyncResult *result, gpointer user_data)
{
  SigninHookRun *run = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (reply != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  stop_listening (run);
  if (is_nobody_there (error) && !signin_supervisor_has_us ())
    spawn (run);
  else
    give_up (run, error->message);
}

static void
on_removed (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
            GVariant *parameters, gpointer user_data)
{
  end (user_data);
}

static void
call_manager (SigninHookRun *run, const char *method, GVariant *arguments, GAsyncReadyCallback done)
{
  g_dbus_connection_call (run->bus, SIGNIN_SYSTEMD_NAME, SIGNIN_SYSTEMD_PATH, SIGNIN_SYSTEMD_MANAGER, method, arguments,
                          NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, SIGNIN_SYSTEMD_TIMEOUT_MSEC, run->freed, done, run);
}

static char *
unit_name (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);

  g_strcanon (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.", '_');
  return g_strdup_printf ("app-signind-hook-%.64s-%08x.service", name, g_random_int ());
}

/* Without Subscribe the manager tells nobody when a unit ends. Doing it twice does no harm. */
static void
start_unit (SigninHookRun *run)
{
  const char *const argv[] = { run->path, NULL };
  g_autofree char *name = unit_name (run->path);
  SigninTransient unit = {
    .name = name,
    .description = "Hook of signind",
    .argv = argv,
    .environment = (const char *const *) run->facts,
    .runtime_msec = run->runtime_msec,
  };

  run->removed = g_dbus_connection_signal_subscribe (run->bus, SIGNIN_SYSTEMD_NAME, SIGNIN_SYSTEMD_MANAGER,
                                                     "UnitRemoved", SIGNIN_SYSTEMD_PATH, name, G_DBUS_SIGNAL_FLAGS_NONE,
                                                     on_removed, run, NULL);
  set_deadline (run, run->runtime_msec + UNIT_GRACE_MSEC, end_later);
  call_manager (run, "Subscribe", NULL, NULL);
  call_manager (run, "StartTransientUnit", signin_transient_arguments (&unit), on_started);
}

/**
 * signin_hook_run_new:
 * @bus: (nullable): the session bus
 * @path: the program, by its absolute path
 * @facts: (array zero-terminated=1): "NAME=value" for its environment
 * @runtime_msec: it is killed after so long
 * @ended: called once, never from in here, when it has ended, was killed, or could not be started
 * @user_data: passed to @ended
 *
 * Runs a program as a transient unit of the user manager; where there is none, as a process group of its own, unless
 * signind itself is a unit, because its sandbox would hold for the program too. What it writes goes to the journal, or
 * nowhere.
 *
 * Returns: (transfer full): the run
 */
SigninHookRun *
signin_hook_run_new (GDBusConnection *bus, const char *path, const char *const *facts, guint runtime_msec,
                     SigninHookEnded ended, gpointer user_data)
{
  SigninHookRun *run = g_new0 (SigninHookRun, 1);

  run->bus = bus != NULL ? g_object_ref (bus) : NULL;
  run->path = g_strdup (path);
  run->facts = g_strdupv ((char **) facts);
  run->runtime_msec = runtime_msec;
  run->pidfd = -1;
  run->ended = ended;
  run->user_data = user_data;
  run->freed = g_cancellable_new ();
  if (bus != NULL && g_utf8_validate (path, -1, NULL))
    start_unit (run);
  else
    spawn (run);
  return run;
}

/**
 * signin_hook_run_free:
 * @run: (transfer full): a run
 *
 * A unit goes on, within its bound. A process is killed: nobody would do it later. Never waits.
 */
void
signin_hook_run_free (SigninHookRun *run)
{
  stop_listening (run);
  g_cancellable_cancel (run->freed);
  if (run->pid != 0)
    {
      kill (-run->pid, SIGKILL);
      waitpid (run->pid, NULL, WNOHANG);
    }
  g_object_unref (run->freed);
  g_clear_object (&run->bus);
  g_strfreev (run->facts);
  g_free (run->path);
  g_free (run);
}
