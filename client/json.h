/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninCtlJson:
 * @text: what was written so far
 * @compact: all on one line
 * @depth: how many objects and arrays are open
 * @more: something stands before, in the innermost of them
 *
 * Writes JSON. A library for it would take a third of the time of a whole call of signinctl.
 */
typedef struct
{
  GString *text;
  gboolean compact;
  guint depth;
  gboolean more;
} SigninCtlJson;

void signin_ctl_json_init (SigninCtlJson *json, gboolean compact);
char *signin_ctl_json_finish (SigninCtlJson *json);
void signin_ctl_json_clear (SigninCtlJson *json);

void signin_ctl_json_object (SigninCtlJson *json, const char *key);
void signin_ctl_json_array (SigninCtlJson *json, const char *key);
void signin_ctl_json_end (SigninCtlJson *json, char bracket);
void signin_ctl_json_null (SigninCtlJson *json, const char *key);
void signin_ctl_json_string (SigninCtlJson *json, const char *key, const char *value);
void signin_ctl_json_int (SigninCtlJson *json, const char *key, gint64 value);
void signin_ctl_json_bool (SigninCtlJson *json, const char *key, gboolean value);
void signin_ctl_json_time (SigninCtlJson *json, const char *key, gint64 usec);
void signin_ctl_json_duration (SigninCtlJson *json, const char *key, gint64 usec);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninCtlJson, signin_ctl_json_clear)

G_END_DECLS
