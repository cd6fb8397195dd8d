/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The accounts as the daemon showed them at one moment. */

#pragma once

#include "bus.h"

G_BEGIN_DECLS

/**
 * SigninCtlSession:
 * @source: where the sign-in was made
 * @state: "active", "expiring" or "expired"
 * @signed_in_at: when, in microseconds of CLOCK_REALTIME like every time here
 * @warns_at: when the warning is or was due, 0 for never
 * @expires_at: when it ends or ended, 0 if not known
 * @silent: nobody typed anything
 * @dismissed: no more popups
 */
typedef struct
{
  char *source;
  char *state;
  gint64 signed_in_at;
  gint64 warns_at;
  gint64 expires_at;
  gboolean silent;
  gboolean dismissed;
} SigninCtlSession;

/**
 * SigninCtlAccount:
 *
 * The properties of org.signind.Signin1.Account, and the object's @path. Texts are clean, and never %NULL. What was
 * last found out about its service stands in @health_verdict, empty if nothing was, @health_reason and @health_at.
 */
typedef struct
{
  char *path;
  char *id;
  char *service;
  char *service_name;
  char *user_name;
  char *organization;
  char *region;
  char *url;
  char *state;
  char *source;
  gint64 signed_in_at;
  gint64 warns_at;
  gint64 expires_at;
  gint64 snoozed_until;
  gint64 session_length;
  gint64 warning_lead;
  char *health_verdict;
  char *health_reason;
  gint64 health_at;
  GPtrArray *sessions;
} SigninCtlAccount;

/**
 * SigninCtlSuggestion:
 * @host: the host of an organization that nobody tracks
 * @source: which browser signed in there
 */
typedef struct
{
  char *host;
  char *source;
} SigninCtlSuggestion;

/**
 * SigninCtlSnapshot:
 * @accounts: (element-type SigninCtlAccount): sorted by id
 * @suggestions: (element-type SigninCtlSuggestion): the oldest first
 * @daemon_version: the version of the daemon
 * @next_event: what is due next, or empty
 * @next_account: path of whose event it is
 * @next_deadline: when, 0 for never
 */
typedef struct
{
  GPtrArray *accounts;
  GPtrArray *suggestions;
  char *daemon_version;
  char *next_event;
  char *next_account;
  gint64 next_deadline;
} SigninCtlSnapshot;

void signin_ctl_account_free (SigninCtlAccount *account);
const SigninCtlSession *signin_ctl_account_find (const SigninCtlAccount *account, const char *source);
gboolean signin_ctl_account_is_running (const SigninCtlAccount *account);

SigninCtlAccount *signin_ctl_read_account (sd_bus_message *message, const char *path, GError **error);
gboolean signin_ctl_read_manager (SigninCtlSnapshot *snapshot, sd_bus_message *message, GError **error);

SigninCtlSnapshot *signin_ctl_snapshot_new (void);
SigninCtlSnapshot *signin_ctl_snapshot_peek (sd_bus *bus, guint64 patience_usec);
SigninCtlSnapshot *signin_ctl_snapshot_read (sd_bus *bus, GError **error);
void signin_ctl_snapshot_free (SigninCtlSnapshot *snapshot);
const SigninCtlAccount *signin_ctl_snapshot_get (const SigninCtlSnapshot *snapshot, guint i);
const SigninCtlAccount *signin_ctl_snapshot_find (const SigninCtlSnapshot *snapshot, const char *id, GError **error);
const SigninCtlAccount *signin_ctl_snapshot_only (const SigninCtlSnapshot *snapshot, GError **error);
const SigninCtlAccount *signin_ctl_snapshot_next (const SigninCtlSnapshot *snapshot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninCtlAccount, signin_ctl_account_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninCtlSnapshot, signin_ctl_snapshot_free)

G_END_DECLS
