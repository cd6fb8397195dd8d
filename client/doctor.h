/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What `signinctl doctor` looks at, and what it found. */

#pragma once

#include "ctl.h"

G_BEGIN_DECLS

/**
 * SigninVerdict:
 * @SIGNIN_VERDICT_OK: as it should be
 * @SIGNIN_VERDICT_NOTE: nothing is wrong, but it is good to know
 * @SIGNIN_VERDICT_PROBLEM: something would not work
 */
typedef enum
{
  SIGNIN_VERDICT_OK,
  SIGNIN_VERDICT_NOTE,
  SIGNIN_VERDICT_PROBLEM,
} SigninVerdict;

/**
 * SigninFinding:
 * @check: what was looked at, as programs compare it
 * @verdict: how it is
 * @text: what was found
 * @remedy: what to do about it, or %NULL
 */
typedef struct
{
  const char *check;
  SigninVerdict verdict;
  char *text;
  char *remedy;
} SigninFinding;

/**
 * SigninDoctor:
 * @ctl: the call
 * @bus: the session bus, or %NULL if there is none
 * @has_manager: there is a user manager
 * @environment: of the user manager, or %NULL
 * @findings: what was found so far
 */
typedef struct
{
  SigninCtl *ctl;
  sd_bus *bus;
  gboolean has_manager;
  char **environment;
  GPtrArray *findings;
} SigninDoctor;

void signin_doctor_found (SigninDoctor *doctor, const char *check, SigninVerdict verdict, const char *remedy,
                          const char *format, ...) G_GNUC_PRINTF (5, 6);
gboolean signin_doctor_has_name (sd_bus *bus, const char *name);
gboolean signin_doctor_can_start (sd_bus *bus, const char *name);
char *signin_doctor_say (sd_bus_error *failure, int result);

/* Each looks at one thing, and adds at least one finding where there is something to look at. */
void signin_doctor_check_bus (SigninDoctor *doctor);
void signin_doctor_check_daemon (SigninDoctor *doctor);
void signin_doctor_check_storage (SigninDoctor *doctor);
void signin_doctor_check_health (SigninDoctor *doctor);
void signin_doctor_check_unit (SigninDoctor *doctor);
void signin_doctor_check_sandbox (SigninDoctor *doctor);

void signin_doctor_check_state (SigninDoctor *doctor);
void signin_doctor_check_clock (SigninDoctor *doctor);
void signin_doctor_check_settings (SigninDoctor *doctor);
void signin_doctor_check_hooks (SigninDoctor *doctor);

void signin_doctor_check_popups (SigninDoctor *doctor);
void signin_doctor_try_popup (SigninDoctor *doctor);
void signin_doctor_check_display (SigninDoctor *doctor);
void signin_doctor_check_browser (SigninDoctor *doctor);
void signin_doctor_check_companion (SigninDoctor *doctor);
void signin_doctor_check_lock (SigninDoctor *doctor);

G_END_DECLS
