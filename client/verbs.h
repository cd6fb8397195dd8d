/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ctl.h"

G_BEGIN_DECLS

extern const SigninCtlVerb signin_ctl_verbs[];

int signin_ctl_show_help (SigninCtl *ctl, GError **error);
int signin_ctl_show_version (SigninCtl *ctl, GError **error);

int signin_ctl_run_status (SigninCtl *ctl, GError **error);
int signin_ctl_run_record (SigninCtl *ctl, GError **error);
int signin_ctl_run_browser (SigninCtl *ctl, GError **error);
int signin_ctl_run_end (SigninCtl *ctl, GError **error);
int signin_ctl_run_open (SigninCtl *ctl, GError **error);
int signin_ctl_run_dismiss (SigninCtl *ctl, GError **error);
int signin_ctl_run_snooze (SigninCtl *ctl, GError **error);
int signin_ctl_run_config (SigninCtl *ctl, GError **error);
int signin_ctl_run_check (SigninCtl *ctl, GError **error);
int signin_ctl_run_health (SigninCtl *ctl, GError **error);
int signin_ctl_run_monitor (SigninCtl *ctl, GError **error);
int signin_ctl_run_explain (SigninCtl *ctl, GError **error);
int signin_ctl_run_bar (SigninCtl *ctl, GError **error);
int signin_ctl_run_complete (SigninCtl *ctl, GError **error);
int signin_ctl_run_history (SigninCtl *ctl, GError **error);
int signin_ctl_run_services (SigninCtl *ctl, GError **error);
int signin_ctl_run_regions (SigninCtl *ctl, GError **error);
int signin_ctl_run_doctor (SigninCtl *ctl, GError **error);
int signin_ctl_run_add (SigninCtl *ctl, GError **error);
int signin_ctl_run_edit (SigninCtl *ctl, GError **error);
int signin_ctl_run_export (SigninCtl *ctl, GError **error);
int signin_ctl_run_import (SigninCtl *ctl, GError **error);
int signin_ctl_run_remove (SigninCtl *ctl, GError **error);

G_END_DECLS
