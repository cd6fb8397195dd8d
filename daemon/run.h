/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One program, running for a bounded time, as a unit of the user manager or as a process group of ours. */

#pragma once

#include <gio/gio.h>

#include "run-output.h"

G_BEGIN_DECLS

/**
 * SigninRun:
 *
 * One run of a program.
 */
typedef struct _SigninRun SigninRun;

/**
 * SigninRunEnded:
 * @run: the run, over now; free it here or later
 */
typedef void (*SigninRunEnded) (SigninRun *run, gpointer user_data);

/**
 * SigninProgram:
 * @name: what messages call it, such as "The hook /usr/bin/true"
 * @unit: the middle of the unit's name
 * @description: what the journal calls the unit
 * @argv: (array zero-terminated=1): the program by its absolute path, and its arguments
 * @facts: (array zero-terminated=1): "NAME=value" for its environment
 * @runtime_msec: it is killed after so long
 * @output_max: how many bytes of what it writes are kept for the caller, and nowhere else; 0 if that is not wanted and
 *   may go to the journal
 *
 * What to run.
 */
typedef struct
{
  const char *name;
  const char *unit;
  const char *description;
  const char *const *argv;
  const char *const *facts;
  guint runtime_msec;
  gsize output_max;
} SigninProgram;

SigninRun *signin_run_new (GDBusConnection *bus, const SigninProgram *program, SigninRunEnded ended,
                           gpointer user_data);
void signin_run_free (SigninRun *run);
gboolean signin_run_succeeded (const SigninRun *run);
const SigninOutput *signin_run_get_output (const SigninRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninRun, signin_run_free)

G_END_DECLS
