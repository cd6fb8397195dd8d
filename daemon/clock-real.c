/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <gio/gio.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

/* Two boot readings further apart than this do not tell when the one in between was made. */
#define PAIR_USEC 1000
#define PAIR_TRIES 8

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"

typedef struct
{
  SigninClock base;
  sd_id128_t boot_id;
  int fd;
  GSource *source;
} RealClock;

typedef struct
{
  GSource base;
  RealClock *clock;
} TimerSource;

static gint64
read_usec (clockid_t id)
{
  struct timespec ts;

  clock_gettime (id, &ts);
  return (gint64) ts.tv_sec * G_USEC_PER_SEC + ts.tv_nsec / 1000;
}

static void
real_clock_read (SigninClock *clock, SigninNow *now)
{
  RealClock *self = (RealClock *) clock;
  gint64 first;

  now->boot_id = self->boot_id;
  now->boot_usec = read_usec (CLOCK_BOOTTIME);

  /* A process that is stopped between two readings would take a suspend or a step for something else. */
  for (guint i = 0; i < PAIR_TRIES; i++)
    {
      first = now->boot_usec;
      now->real_usec = read_usec (CLOCK_REALTIME);
      now->boot_usec = read_usec (CLOCK_BOOTTIME);
      if (now->boot_usec - first <= PAIR_USEC)
        break;
    }
}

/* CANCEL_ON_SET makes steps and resumes readable, and a deadline on CLOCK_REALTIME fires by itself after a suspend:
 * no other single timer sees all three. */
static gboolean
real_clock_arm (SigninClock *clock, gint64 real_usec)
{
  RealClock *self = (RealClock *) clock;
  struct itimerspec spec = { 0 };

  real_usec = MAX (real_usec, 1); /* zero would disarm */
  spec.it_value.tv_sec = real_usec / G_USEC_PER_SEC;
  spec.it_value.tv_nsec = real_usec % G_USEC_PER_SEC * 1000;
  if (timerfd_settime (self->fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &spec, NULL) == 0)
    return TRUE;

  if (errno != ECANCELED)
    g_critical ("Cannot arm the timer: %s", g_strerror (errno));
  return errno != ECANCELED;
}

static void
real_clock_disarm (SigninClock *clock)
{
  RealClock *self = (RealClock *) clock;
  struct itimerspec spec = { 0 };

  timerfd_settime (self->fd, 0, &spec, NULL);
}

static void
real_clock_free (SigninClock *clock)
{
  RealClock *self = (RealClock *) clock;

  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_source_unref (self->source);
    }
  if (self->fd >= 0)
    close (self->fd);
  g_free (self);
}

/* Null if it cannot be read: the wall clock alone counts then. libsystemd would do the same, and is no small library.
 */
static sd_id128_t
read_boot_id (void)
{
  sd_id128_t id = SD_ID128_NULL;
  g_autofree char *text = NULL;
  guint n = 0;

  if (!g_file_get_contents (BOOT_ID_FILE, &text, NULL, NULL))
    return id;
  for (const char *p = text; n < 2 * sizeof id.bytes && *p != '\0'; p++)
    if (g_ascii_isxdigit (*p))
      {
        id.bytes[n / 2] = id.bytes[n / 2] << 4 | g_ascii_xdigit_value (*p);
        n++;
      }
  return n == 2 * sizeof id.bytes ? id : SD_ID128_NULL;
}

static gboolean
timer_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  RealClock *self = ((TimerSource *) source)->clock;
  guint64 expirations;

  if (read (self->fd, &expirations, sizeof expirations) < 0 && errno == EAGAIN)
    return G_SOURCE_CONTINUE;

  /* Fired or cancelled, the answer is the same: look what is due. */
  if (self->base.func != NULL)
    self->base.func (self->base.user_data);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs timer_source_funcs = {
  .dispatch = timer_source_dispatch,
};

static const SigninClockVTable real_clock_vtable = {
  .read = real_clock_read,
  .arm = real_clock_arm,
  .disarm = real_clock_disarm,
  .free = real_clock_free,
};

/**
 * signin_clock_new_real:
 * @context: (nullable): the main context that waits for the deadline; %NULL for the default one
 * @error: where to put what went wrong
 *
 * Makes the clock of this machine.
 *
 * Returns: (transfer full): a clock, or %NULL with a #GIOErrorEnum if the system has no timer for it
 */
SigninClock *
signin_clock_new_real (GMainContext *context, GError **error)
{
  RealClock *self = g_new0 (RealClock, 1);

  self->base.vtable = &real_clock_vtable;
  self->boot_id = read_boot_id ();

  self->fd = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (self->fd < 0)
    {
      int saved = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "Cannot create a timer: %s", g_strerror (saved));
      g_free (self);
      return NULL;
    }

  self->source = g_source_new (&timer_source_funcs, sizeof (TimerSource));
  ((TimerSource *) self->source)->clock = self;
  g_source_set_static_name (self->source, "signin-deadline");
  g_source_set_priority (self->source, G_PRIORITY_HIGH); /* no flood of calls delays a warning */
  g_source_add_unix_fd (self->source, self->fd, G_IO_IN);
  g_source_attach (self->source, context);
  return &self->base;
}
