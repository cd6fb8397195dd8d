/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "json.h"
#include "options.h"
#include "output.h"
#include "snapshot.h"

G_BEGIN_DECLS

/**
 * SigninCtl:
 * @args: what was asked
 * @style: what standard output can show
 * @json: write JSON
 * @now_usec: now, in microseconds of CLOCK_REALTIME
 * @bus: the connection, once somebody needed it
 *
 * One call of signinctl.
 */
struct _SigninCtl
{
  SigninCtlArgs args;
  SigninCtlStyle style;
  gboolean json;
  gint64 now_usec;
  sd_bus *bus;
};

int signin_ctl_main (int argc, char **argv);

sd_bus *signin_ctl_connect (SigninCtl *ctl, GError **error);
SigninCtlSnapshot *signin_ctl_look (SigninCtl *ctl, GError **error);
const SigninCtlAccount *signin_ctl_pick (SigninCtl *ctl, const SigninCtlSnapshot *snapshot, GError **error);
char *signin_ctl_pick_id (SigninCtl *ctl, GError **error);
sd_bus_message *signin_ctl_begin (SigninCtl *ctl, const char *method, GError **error);
gboolean signin_ctl_commit (SigninCtl *ctl, sd_bus_message *message, GError **error);
const char *signin_ctl_value (const SigninCtl *ctl, SigninCtlOption option);

void signin_ctl_end_on_signals (void);
gboolean signin_ctl_is_popup (const SigninCtl *ctl);
int signin_ctl_tell (SigninCtl *ctl, const char *text, GError **error);
int signin_ctl_show (const char *text, GError **error);
int signin_ctl_show_json (SigninCtlJson *json, GError **error);

G_END_DECLS
