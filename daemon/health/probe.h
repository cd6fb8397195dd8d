/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "services.h"
#include "verdict.h"

G_BEGIN_DECLS

/**
 * SigninProbe:
 * @kind: what is asked
 * @url: what to ask for
 * @host: the host in it
 * @health: what its service says
 * @owner: who keeps it
 * @fetch: the request that runs, 0 if none does
 * @known: there was an answer, or the lack of one; what follows tells
 * @asked_boot_usec: when it came, CLOCK_BOOTTIME
 * @at_usec: the same, CLOCK_REALTIME
 * @seen: what was seen
 * @times: how long each step took
 * @retry_after_sec: for how long to leave it alone
 * @tenant: the directory, or %NULL
 * @detail: more about what was seen, or %NULL
 *
 * One address, and what it answered last.
 */
typedef struct
{
  SigninRowKind kind;
  char *url;
  char *host;
  const SigninServiceHealth *health;
  gpointer owner;
  guint fetch;
  gboolean known;
  gint64 asked_boot_usec;
  gint64 at_usec;
  SigninSeen seen;
  SigninFetchTimes times;
  guint64 retry_after_sec;
  char *tenant;
  char *detail;
} SigninProbe;

SigninProbe *signin_probe_new (SigninRowKind kind, const char *url, const char *host,
                               const SigninServiceHealth *health);
void signin_probe_free (SigninProbe *probe);
gboolean signin_probe_is_fresh (const SigninProbe *probe, gint64 now_boot_usec);
gsize signin_probe_get_max_body (const SigninProbe *probe);
void signin_probe_read (SigninProbe *probe, const SigninFetchResponse *response, const SigninServices *services);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninProbe, signin_probe_free)

G_END_DECLS
