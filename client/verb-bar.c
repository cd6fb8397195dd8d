/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "barline.h"
#include "verbs.h"

/* A daemon that hangs does not freeze the line for long. */
#define PATIENCE_USEC (5 * G_USEC_PER_SEC)

/**
 * Bar:
 * @ctl: the call
 * @waybar: write what waybar reads
 * @snapshot: (nullable): what is true; %NULL while the daemon does not run
 * @stale: @snapshot is not true any more
 * @running: the daemon runs
 * @shown: (nullable): the line that was written last
 * @timer: when the next one is due; on a clock that goes on during suspend, so that a resume draws it at once
 */
typedef struct
{
  SigninCtl *ctl;
  gboolean waybar;
  SigninCtlSnapshot *snapshot;
  gboolean stale;
  gboolean running;
  char *shown;
  int timer;
} Bar;

static void
bar_clear (Bar *bar)
{
  g_clear_pointer (&bar->snapshot, signin_ctl_snapshot_free);
  g_clear_pointer (&bar->shown, g_free);
  if (bar->timer >= 0)
    close (bar->timer);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bar, bar_clear)

/* Waybar takes texts for markup. */
static char *
write_waybar (const SigninCtlBarLine *line)
{
  g_auto (SigninCtlJson) json = { .text = g_string_new (NULL), .compact = TRUE };
  g_autofree char *text = g_markup_escape_text (line->text, -1);
  g_autofree char *tooltip = g_markup_escape_text (line->tooltip, -1);

  signin_ctl_json_object (&json, NULL);
  if (*text != '\0')
    signin_ctl_json_string (&json, "text", text);
  signin_ctl_json_string (&json, "alt", line->state);
  signin_ctl_json_string (&json, "class", line->state);
  if (*tooltip != '\0')
    signin_ctl_json_string (&json, "tooltip", tooltip);
  if (line->percentage >= 0)
    signin_ctl_json_int (&json, "percentage", line->percentage);
  return signin_ctl_json_finish (&json);
}

static char *
write_json (const SigninCtlBarLine *line, gboolean compact)
{
  g_auto (SigninCtlJson) json = { NULL };

  signin_ctl_json_init (&json, compact);
  signin_ctl_json_string (&json, "text", line->text);
  signin_ctl_json_string (&json, "state", line->state);
  signin_ctl_json_string (&json, "account", line->account);
  signin_ctl_json_time (&json, "expires_at", line->expires_at);
  if (line->percentage >= 0)
    signin_ctl_json_int (&json, "percentage", line->percentage);
  else
    signin_ctl_json_null (&json, "percentage");
  signin_ctl_json_string (&json, "tooltip", line->tooltip);
  return signin_ctl_json_finish (&json);
}

static char *
write_line (const Bar *bar, const SigninCtlBarLine *line, gboolean follow)
{
  if (bar->ctl->json)
    return write_json (line, follow);
  return bar->waybar ? write_waybar (line) : g_strconcat (line->text, "\n", NULL);
}

static gboolean
arm (Bar *bar, gint64 changes_at, gint64 now_usec, GError **error)
{
  gint64 wait_usec = changes_at != 0 ? MAX (changes_at - now_usec, 0) + 1 : 0;
  const struct itimerspec spec = {
    .it_value = { .tv_sec = wait_usec / G_USEC_PER_SEC, .tv_nsec = wait_usec % G_USEC_PER_SEC * 1000 },
  };

  if (timerfd_settime (bar->timer, 0, &spec, NULL) == 0)
    return TRUE;
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("Cannot wait: %s"), g_strerror (errno));
  return FALSE;
}

/* Writes the line if it is another one than before, and waits for when it has to change. */
static gboolean
draw (Bar *bar, GError **error)
{
  g_auto (SigninCtlBarLine) line = { NULL };
  gint64 now_usec = g_get_real_time ();
  g_autofree char *text = NULL;

  signin_ctl_bar_line_init (&line, bar->snapshot, now_usec);
  text = write_line (bar, &line, TRUE);
  if (!arm (bar, line.changes_at, now_usec, error))
    return FALSE;
  if (g_strcmp0 (text, bar->shown) == 0)
    return TRUE;
  g_free (bar->shown);
  bar->shown = g_steal_pointer (&text);
  return signin_ctl_show (bar->shown, error) == SIGNIN_CTL_DONE;
}

static int
on_change (sd_bus_message *message G_GNUC_UNUSED, void *user_data, sd_bus_error *ret_error G_GNUC_UNUSED)
{
  Bar *bar = user_data;

  bar->stale = TRUE;
  return 0;
}

static int
on_owner (sd_bus_message *message, void *user_data, sd_bus_error *ret_error G_GNUC_UNUSED)
{
  Bar *bar = user_data;
  const char *name, *before, *after;

  if (sd_bus_message_read (message, "sss", &name, &before, &after) <= 0)
    return 0;
  bar->running = *after != '\0';
  bar->stale = TRUE;
  return 0;
}

static gboolean
subscribe (Bar *bar, sd_bus *bus, GError **error)
{
  const char *objects = "org.freedesktop.DBus.ObjectManager";
  int r;

  r = sd_bus_match_signal (bus, NULL, SIGNIN_BUS_NAME, SIGNIN_OBJECT_PATH, objects, NULL, on_change, bar);
  if (r >= 0)
    r = sd_bus_add_match (bus, NULL,
                          "type='signal',sender='" SIGNIN_BUS_NAME "',path_namespace='" SIGNIN_OBJECT_PATH "',"
                          "interface='org.freedesktop.DBus.Properties',arg0='" SIGNIN_ACCOUNT_INTERFACE "'",
                          on_change, bar);
  if (r >= 0)
    r = sd_bus_add_match (bus, NULL,
                          "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',"
                          "arg0='" SIGNIN_BUS_NAME "'",
                          on_owner, bar);
  return !signin_ctl_bus_failed (r, error);
}

/* What changed is asked for at once: many changes cost one question. A daemon that was stopped stays stopped. */
static void
refresh (Bar *bar, sd_bus *bus)
{
  bar->stale = FALSE;
  g_clear_pointer (&bar->snapshot, signin_ctl_snapshot_free);
  if (bar->running)
    bar->snapshot = signin_ctl_snapshot_peek (bus, PATIENCE_USEC);
}

/* Waits for the bus, for the time, or for nobody to read any more, which is told by the last one alone. */
static gboolean
wait_for_news (Bar *bar, sd_bus *bus, GError **error)
{
  struct pollfd fds[] = {
    { .fd = sd_bus_get_fd (bus), .events = (short) sd_bus_get_events (bus) },
    { .fd = bar->timer, .events = POLLIN },
    { .fd = STDOUT_FILENO },
  };
  guint64 ticks;

  if (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno != EINTR)
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("Cannot wait: %s"), g_strerror (errno));
      return FALSE;
    }
  if (fds[1].revents != 0 && read (bar->timer, &ticks, sizeof ticks) < 0 && errno != EAGAIN)
    g_debug ("The timer cannot be read: %s", g_strerror (errno));
  return (fds[2].revents & (POLLERR | POLLHUP | POLLNVAL)) == 0;
}

static int
follow (Bar *bar, sd_bus *bus, GError **error)
{
  for (;;)
    {
      int r;

      while ((r = sd_bus_process (bus, NULL)) > 0)
        ;
      if (signin_ctl_bus_failed (r, error))
        return SIGNIN_CTL_UNREACHABLE;
      if (bar->stale)
        refresh (bar, bus);
      if (!draw (bar, error))
        return SIGNIN_CTL_FAILED;
      /* What came along with an answer waits inside already: the socket would not tell. */
      r = sd_bus_process (bus, NULL);
      if (r == 0 && !bar->stale && !wait_for_news (bar, bus, error))
        return *error != NULL ? SIGNIN_CTL_FAILED : SIGNIN_CTL_DONE;
    }
}

static int
run_follow (Bar *bar, GError **error)
{
  g_autoptr (GError) ignored = NULL;
  int status = SIGNIN_CTL_FAILED;
  sd_bus *bus;

  /* Whoever reads may have gone; a bar that ignores this signal lets its children inherit that. */
  signal (SIGPIPE, SIG_DFL);
  signin_ctl_end_on_signals ();
  bar->timer = timerfd_create (CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  bus = signin_ctl_connect (bar->ctl, error);
  if (bus == NULL)
    return SIGNIN_CTL_UNREACHABLE;
  if (subscribe (bar, bus, error))
    {
      /* This one time it may be started; if it cannot be, it is waited for. */
      bar->snapshot = signin_ctl_look (bar->ctl, &ignored);
      bar->running = bar->snapshot != NULL;
      status = follow (bar, bus, error);
    }
  /* The matches point to what ends here. */
  g_clear_pointer (&bar->ctl->bus, sd_bus_close_unref);
  return status;
}

static gboolean
read_format (Bar *bar, const char *format, GError **error)
{
  bar->waybar = g_strcmp0 (format, "waybar") == 0;
  if (format == NULL || bar->waybar || g_str_equal (format, "plain"))
    return TRUE;
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
               _ ("'%s' is no format: write --format waybar or --format plain"), format);
  return FALSE;
}

/**
 * signin_ctl_run_bar:
 * @ctl: the call
 * @error: why not
 *
 * Shows one line for a status bar, once or whenever it changes.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_bar (SigninCtl *ctl, GError **error)
{
  g_auto (Bar) bar = { .ctl = ctl, .timer = -1 };
  g_auto (SigninCtlBarLine) line = { NULL };
  g_autofree char *text = NULL;

  if (!read_format (&bar, signin_ctl_value (ctl, SIGNIN_CTL_OPT_FORMAT), error))
    return SIGNIN_CTL_USAGE;
  if (signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_FOLLOW))
    return run_follow (&bar, error);
  bar.snapshot = signin_ctl_look (ctl, error);
  if (bar.snapshot == NULL)
    return SIGNIN_CTL_FAILED;
  signin_ctl_bar_line_init (&line, bar.snapshot, ctl->now_usec);
  text = write_line (&bar, &line, FALSE);
  return signin_ctl_show (text, error);
}
