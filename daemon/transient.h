/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Programs as units of the user manager: outside of our sandbox, and not bound to our life. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SIGNIN_SYSTEMD_NAME "org.freedesktop.systemd1"
#define SIGNIN_SYSTEMD_PATH "/org/freedesktop/systemd1"
#define SIGNIN_SYSTEMD_MANAGER "org.freedesktop.systemd1.Manager"
#define SIGNIN_SYSTEMD_SERVICE "org.freedesktop.systemd1.Service"

/* How long the user manager has for an answer. */
#define SIGNIN_SYSTEMD_TIMEOUT_MSEC 3000

/**
 * SigninTransient:
 * @name: the unit, with ".service"
 * @description: what the journal calls it
 * @argv: the program by its absolute path, and its arguments; UTF-8
 * @environment: "NAME=value" that go over the manager's, or %NULL; what is not UTF-8 is left out
 * @runtime_msec: it is killed after so long; 0 for never
 * @forks: it lives on in other processes when the first one has ended
 * @tells: its standard output is the first file descriptor that goes with the message, and what it writes to its
 *   standard error goes nowhere
 *
 * A unit to be.
 */
typedef struct
{
  const char *name;
  const char *description;
  const char *const *argv;
  const char *const *environment;
  guint runtime_msec;
  gboolean forks;
  gboolean tells;
} SigninTransient;

GVariant *signin_transient_arguments (const SigninTransient *unit);

G_END_DECLS
