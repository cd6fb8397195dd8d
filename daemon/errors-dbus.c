/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Apart from errors.c, so that what uses the names alone links no GIO. */

#include "config.h"

#include <gio/gio.h>

#include "errors.h"

/**
 * signin_error_register_dbus:
 *
 * Lets GDBus translate our errors to their names on the bus and back. To be called once, before the first method is
 * answered; again does no harm.
 */
void
signin_error_register_dbus (void)
{
  static gsize quark;
  static GDBusErrorEntry entries[SIGNIN_N_ERRORS];

  for (guint i = 0; i < SIGNIN_N_ERRORS; i++)
    entries[i] = (GDBusErrorEntry){ .error_code = (int) i, .dbus_error_name = signin_error_name ((SigninError) i) };
  g_dbus_error_register_error_domain (g_quark_to_string (SIGNIN_ERROR), &quark, entries, SIGNIN_N_ERRORS);
}
