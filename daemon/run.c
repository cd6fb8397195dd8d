/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "run.h"

#include <errno.h>
#include <gio/gunixfdlist.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervisor.h"
#include "text.h"
#include "transient.h"

/* Beyond its own bound, until a unit of which nothing is heard counts as over. */
#define UNIT_GRACE_MSEC 5000

struct _SigninRun
{
  GDBusConnection *bus;
  char *name;
  char *unit;
  char *description;
  char **argv;
  char **facts;
  guint runtime_msec;
  SigninRunEnded ended;
  gpointer user_data;

  GCancellable *freed;
  guint removed; /* subscription to the end of the unit */
  guint changed; /* subscription to how it ended */
  GPid pid;      /* 0 if it runs as no child of ours */
  int pidfd;     /* readable once @pid has ended; -1 if there is none */
  GSource *exit;
  GSource *deadline;
  gboolean succeeded;
  SigninOutput output;
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
stop_listening (SigninRun *run)
{
  drop_source (&run->exit);
  drop_source (&run->deadline);
  signin_output_close (&run->output);
  if (run->removed != 0)
    g_dbus_connection_signal_unsubscribe (run->bus, run->removed);
  if (run->changed != 0)
    g_dbus_connection_signal_unsubscribe (run->bus, run->changed);
  run->removed = 0;
  run->changed = 0;
  if (run->pidfd >= 0)
    close (run->pidfd);
  run->pidfd = -1;
}

static void
end (SigninRun *run)
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

static gboolean
on_unheard (gpointer user_data)
{
  SigninRun *run = user_data;

  run->succeeded = FALSE;
  end (run);
  return G_SOURCE_REMOVE;
}

static void
set_deadline (SigninRun *run, guint msec, GSourceFunc func)
{
  drop_source (&run->deadline);
  run->deadline = g_timeout_source_new (msec);
  g_source_set_callback (run->deadline, func, run, NULL);
  g_source_attach (run->deadline, g_main_context_get_thread_default ());
}

/* Nobody may be called back before the one who asked for this run has it. */
static void
give_up (SigninRun *run, const char *reason)
{
  g_message ("%s is not run: %s", run->name, reason);
  run->succeeded = FALSE;
  set_deadline (run, 0, end_later);
}

/* The whole group: what a program has left behind must not outlive its bound either. */
static gboolean
on_too_long (gpointer user_data)
{
  SigninRun *run = user_data;

  g_message ("%s ran for more than %u ms and was killed", run->name, run->runtime_msec);
  kill (-run->pid, SIGKILL);
  drop_source (&run->deadline);
  return G_SOURCE_REMOVE;
}

/* It is a zombie still, so that the number is nobody else's. */
static gboolean
on_exited (int fd, GIOCondition condition, gpointer user_data)
{
  SigninRun *run = user_data;
  GPid pid = run->pid;
  int status = 0;

  kill (-pid, SIGKILL);
  run->pid = 0;
  if (waitpid (pid, &status, 0) == pid)
    run->succeeded = WIFEXITED (status) && WEXITSTATUS (status) == 0;
  if (WIFEXITED (status) && WEXITSTATUS (status) != 0)
    g_message ("%s ended with status %d", run->name, WEXITSTATUS (status));
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
watch_child (SigninRun *run)
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
spawn (SigninRun *run)
{
  g_auto (GStrv) environment = child_environment (run->facts);
  GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL;
  int writing = run->output.max > 0 ? signin_output_open (&run->output) : -1;
  g_autoptr (GError) error = NULL;

  if (run->output.max > 0 && writing < 0)
    {
      give_up (run, g_strerror (errno));
      return;
    }
  if (writing < 0)
    flags |= G_SPAWN_STDOUT_TO_DEV_NULL;
  if (g_spawn_async_with_fds ("/", run->argv, environment, flags, lead_group, NULL, &run->pid, -1, writing, -1, &error))
    watch_child (run);
  else
    give_up (run, error->message);
  if (writing >= 0)
    close (writing);
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
  SigninRun *run = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish (G_DBUS_CONNECTION (object), NULL,
                                                                                result, &error);

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

/* What the manager says of how it went, before it forgets the unit. */
static void
on_changed (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal,
            GVariant *parameters, gpointer user_data)
{
  SigninRun *run = user_data;
  g_autoptr (GVariant) values = NULL;
  const char *word;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  values = g_variant_get_child_value (parameters, 1);
  if (g_variant_lookup (values, "Result", "&s", &word))
    run->succeeded = g_str_equal (word, "success");
}

static void
call_manager (SigninRun *run, const char *method, GVariant *arguments, GUnixFDList *fds, GAsyncReadyCallback done)
{
  g_dbus_connection_call_with_unix_fd_list (run->bus, SIGNIN_SYSTEMD_NAME, SIGNIN_SYSTEMD_PATH, SIGNIN_SYSTEMD_MANAGER,
                                            method, arguments, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
                                            SIGNIN_SYSTEMD_TIMEOUT_MSEC, fds, run->freed, done, run);
}

static char *
unit_name (const char *middle)
{
  g_autofree char *name = g_strdup (middle);

  g_strcanon (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.-", '_');
  return g_strdup_printf ("app-signind-%.64s-%08x.service", name, g_random_int ());
}

static void
watch_unit (SigninRun *run, const char *name)
{
  g_autofree char *escaped = signin_text_escape_path (name);
  g_autofree char *path = g_strconcat (SIGNIN_SYSTEMD_PATH "/unit/", escaped, NULL);

  run->removed = g_dbus_connection_signal_subscribe (run->bus, SIGNIN_SYSTEMD_NAME, SIGNIN_SYSTEMD_MANAGER,
                                                     "UnitRemoved", SIGNIN_SYSTEMD_PATH, name, G_DBUS_SIGNAL_FLAGS_NONE,
                                                     on_removed, run, NULL);
  run->changed = g_dbus_connection_signal_subscribe (run->bus, SIGNIN_SYSTEMD_NAME, "org.freedesktop.DBus.Properties",
                                                     "PropertiesChanged", path, SIGNIN_SYSTEMD_SERVICE,
                                                     G_DBUS_SIGNAL_FLAGS_NONE, on_changed, run, NULL);
}

/* Without Subscribe the manager tells nobody when a unit ends. Doing it twice does no harm. */
static void
start_unit (SigninRun *run)
{
  g_autofree char *name = unit_name (run->unit);
  g_autoptr (GUnixFDList) fds = NULL;
  SigninTransient unit = {
    .name = name,
    .description = run->description,
    .argv = (const char *const *) run->argv,
    .environment = (const char *const *) run->facts,
    .runtime_msec = run->runtime_msec,
    .tells = run->output.max > 0,
  };

  if (unit.tells)
    {
      int writing = signin_output_open (&run->output);

      if (writing < 0)
        {
          give_up (run, g_strerror (errno));
          return;
        }
      fds = g_unix_fd_list_new_from_array (&writing, 1);
    }
  run->succeeded = TRUE;
  watch_unit (run, name);
  set_deadline (run, run->runtime_msec + UNIT_GRACE_MSEC, on_unheard);
  call_manager (run, "Subscribe", NULL, NULL, NULL);
  call_manager (run, "StartTransientUnit", signin_transient_arguments (&unit), fds, on_started);
}

static gboolean
are_utf8 (char *const *texts)
{
  while (*texts != NULL && g_utf8_validate (*texts, -1, NULL))
    texts++;
  return *texts == NULL;
}

/**
 * signin_run_new:
 * @bus: (nullable): the session bus
 * @program: what to run
 * @ended: called once, never from in here, when it has ended, was killed, or could not be started
 * @user_data: passed to @ended
 *
 * Runs a program as a transient unit of the user manager; where there is none, as a process group of its own, unless
 * we are a unit ourselves, because our sandbox would hold for the program too. What it writes goes to the journal, or
 * nowhere, or to who asked for it.
 *
 * Returns: (transfer full): the run
 */
SigninRun *
signin_run_new (GDBusConnection *bus, const SigninProgram *program, SigninRunEnded ended, gpointer user_data)
{
  SigninRun *run = g_new0 (SigninRun, 1);

  run->bus = bus != NULL ? g_object_ref (bus) : NULL;
  run->name = g_strdup (program->name);
  run->unit = g_strdup (program->unit);
  run->description = g_strdup (program->description);
  run->argv = g_strdupv ((char **) program->argv);
  run->facts = g_strdupv ((char **) program->facts);
  run->runtime_msec = program->runtime_msec;
  signin_output_init (&run->output, program->output_max);
  run->pidfd = -1;
  run->ended = ended;
  run->user_data = user_data;
  run->freed = g_cancellable_new ();
  if (bus != NULL && are_utf8 (run->argv))
    start_unit (run);
  else
    spawn (run);
  return run;
}

/**
 * signin_run_succeeded:
 * @run: a run that has ended
 *
 * Returns: whether the program ran, and ended by itself with status 0
 */
gboolean
signin_run_succeeded (const SigninRun *run)
{
  return run->succeeded;
}

/**
 * signin_run_get_output:
 * @run: a run
 *
 * Returns: (transfer none): what it wrote so far
 */
const SigninOutput *
signin_run_get_output (const SigninRun *run)
{
  return &run->output;
}

/**
 * signin_run_free:
 * @run: (transfer full): a run
 *
 * A unit goes on, within its bound. A process is killed: nobody would do it later. Never waits.
 */
void
signin_run_free (SigninRun *run)
{
  stop_listening (run);
  g_cancellable_cancel (run->freed);
  if (run->pid != 0)
    {
      kill (-run->pid, SIGKILL);
      waitpid (run->pid, NULL, WNOHANG);
    }
  signin_output_clear (&run->output);
  g_object_unref (run->freed);
  g_clear_object (&run->bus);
  g_strfreev (run->argv);
  g_strfreev (run->facts);
  g_free (run->description);
  g_free (run->unit);
  g_free (run->name);
  g_free (run);
}
