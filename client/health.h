/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What signin-healthd found out, and how it is told. */

#pragma once

#include "ctl.h"

G_BEGIN_DECLS

/**
 * SigninCtlVerdict:
 *
 * The verdicts of signin-healthd, from the best to the worst. A word that is not known counts as "unknown".
 */
typedef enum
{
  SIGNIN_CTL_UP,
  SIGNIN_CTL_DEGRADED,
  SIGNIN_CTL_UNKNOWN,
  SIGNIN_CTL_NOT_FOUND,
  SIGNIN_CTL_DOWN,
  SIGNIN_CTL_OFFLINE,
} SigninCtlVerdict;

/**
 * SigninCtlHealthRow:
 *
 * One result of org.signind.Health1, by the names it has there. Texts are clean, and never %NULL; points in time are
 * microseconds of CLOCK_REALTIME.
 */
typedef struct
{
  char *kind;
  char *account;
  char *name;
  char *verdict;
  char *reason;
  char *asked;
  char *detail;
  char *tenant;
  char *title;
  char *issue_id;
  char *url;
  gint64 at;
  gint64 since;
  guint status;
  gint64 dns_usec;
  gint64 connect_usec;
  gint64 tls_usec;
  gint64 first_byte_usec;
  gint64 total_usec;
  gint64 retry_after_sec;
  gint64 session_length_usec;
  gint64 warning_lead_usec;
} SigninCtlHealthRow;

/**
 * SigninCtlHealth:
 * @rows: (element-type SigninCtlHealthRow): what was found out
 * @accounts: (element-type SigninCtlAccount): whom it was asked for, borrowed
 */
typedef struct
{
  GPtrArray *rows;
  GPtrArray *accounts;
} SigninCtlHealth;

/**
 * SigninCtlHealthTick:
 * @waited_usec: for how long the answer has been waited for
 *
 * Called now and then while it is.
 */
typedef void (*SigninCtlHealthTick) (gint64 waited_usec, gpointer user_data);

GPtrArray *signin_ctl_health_ask (sd_bus *bus, GPtrArray *accounts, gboolean refresh, SigninCtlHealthTick tick,
                                  gpointer user_data, GError **error);
GPtrArray *signin_ctl_health_get (sd_bus *bus, GError **error);

SigninCtlVerdict signin_ctl_verdict_parse (const char *word);
const char *signin_ctl_verdict_word (SigninCtlVerdict verdict);
const char *signin_ctl_verdict_label (SigninCtlVerdict verdict);
SigninCtlColour signin_ctl_verdict_colour (SigninCtlVerdict verdict);
char *signin_ctl_health_reason (const char *reason);
char *signin_ctl_format_latency (gint64 usec);

const SigninCtlHealthRow *signin_ctl_health_find (const SigninCtlHealth *health, const char *account, const char *kind);
SigninCtlVerdict signin_ctl_health_account_verdict (const SigninCtlHealth *health, const SigninCtlAccount *account);
char *signin_ctl_health_account_sentence (const SigninCtlHealth *health, const SigninCtlAccount *account);
SigninCtlVerdict signin_ctl_health_verdict (const SigninCtlHealth *health);
char *signin_ctl_health_sentence (const SigninCtlHealth *health);
gboolean signin_ctl_health_is_offline (const SigninCtlHealth *health);
gboolean signin_ctl_health_is_hopeless (const SigninCtlHealth *health);
char *signin_ctl_health_last (const SigninCtlAccount *account, gint64 now_usec);

void signin_ctl_health_table (GString *out, const SigninCtlStyle *style, const SigninCtlHealth *health,
                              gint64 now_usec);
void signin_ctl_health_lines (GString *out, const SigninCtlHealth *health, gint64 now_usec);
const char *signin_ctl_health_dashboard (const SigninCtlHealth *health);
void signin_ctl_health_json (SigninCtlJson *json, const SigninCtlHealth *health);

G_END_DECLS
