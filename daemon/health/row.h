/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One result, as dbus/org.signind.Health1.xml describes it. */

#pragma once

#include "verdict.h"

G_BEGIN_DECLS

#define SIGNIN_ROW_TEXT_MAX_CHARS 200

/* The kind of what is no result, but belongs into those of the organization of the same name. */
#define SIGNIN_ROW_ADDITION "addition"

/**
 * SigninRow:
 * @kind: what was asked
 * @account: (nullable): whose it is
 * @name: the host, or the feed's name
 * @verdict: what it comes to
 * @reason: why, as a code
 * @asked: (nullable): the address
 * @at_usec: when, CLOCK_REALTIME
 * @status: the HTTP status
 * @times: how long each step took
 * @retry_after_sec: for how long to leave it alone
 * @detail: (nullable): more about the reason
 * @tenant: (nullable): of an organization
 * @title: (nullable): of a feed or Graph, as are the following
 * @issue_id: (nullable): what the service calls it
 * @since_usec: when it began, CLOCK_REALTIME
 * @url: (nullable): where people can read about it
 *
 * One result. Texts from outside may be anything: they are cleaned and cut when the row is made a variant. All of them
 * belong to the caller.
 */
typedef struct
{
  SigninRowKind kind;
  const char *account;
  const char *name;
  SigninVerdict verdict;
  const char *reason;
  const char *asked;
  gint64 at_usec;
  guint status;
  SigninFetchTimes times;
  guint64 retry_after_sec;
  const char *detail;
  const char *tenant;
  const char *title;
  const char *issue_id;
  gint64 since_usec;
  const char *url;
} SigninRow;

GVariant *signin_row_to_variant (const SigninRow *row);
void signin_rows_add (GPtrArray *rows, GVariant *row);

G_END_DECLS
