/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is known of the services' health, and how it comes to be known. */

#pragma once

#include "fetch.h"
#include "names.h"
#include "services.h"

G_BEGIN_DECLS

#define SIGNIN_HEALTH_CHECKS_MAX 16
#define SIGNIN_HEALTH_TIMEOUT_MIN_USEC (100 * G_TIME_SPAN_MILLISECOND)
#define SIGNIN_HEALTH_TIMEOUT_USEC (30 * G_TIME_SPAN_SECOND)
#define SIGNIN_HEALTH_TIMEOUT_MAX_USEC (60 * G_TIME_SPAN_SECOND)

/**
 * SigninHealth:
 *
 * What is known, and what is being asked.
 */
typedef struct _SigninHealth SigninHealth;

/**
 * SigninHealthDone:
 * @results: (transfer none): aa{sv}
 * @asked: the network was asked
 * @user_data: as it was given
 *
 * A check has ended. Called once, and never before signin_health_check() has returned.
 */
typedef void (*SigninHealthDone) (GVariant *results, gboolean asked, gpointer user_data);

/**
 * SigninHealthRowsDone:
 * @rows: (transfer none): the results, of #GVariant of type a{sv}
 * @asked: the network was asked for them
 * @user_data: as it was given
 */
typedef void (*SigninHealthRowsDone) (GPtrArray *rows, gboolean asked, gpointer user_data);

/**
 * SigninHealthSource:
 * @option: which option of Check turns it off, such as "feeds"
 * @ask: is told the targets of the check, of #SigninTarget; starts asking, or repeats what it knows; returns an id for
 *   @cancel, or 0 if there is nothing to ask and @done is not called; @done must not be called before it has returned
 * @cancel: ends it: @done is not called any more
 *
 * Something else that a check asks: where results come from that are nobody's alone.
 */
typedef struct
{
  const char *option;
  guint (*ask) (gpointer self, GPtrArray *targets, gboolean refresh, SigninHealthRowsDone done, gpointer user_data);
  void (*cancel) (gpointer self, guint id);
} SigninHealthSource;

SigninHealth *signin_health_new (SigninServices *services, SigninFetcher *fetcher);
void signin_health_free (SigninHealth *health);
void signin_health_add_source (SigninHealth *health, const SigninHealthSource *source, gpointer user_data);
gboolean signin_health_check (SigninHealth *health, GVariant *options, SigninHealthDone done, gpointer user_data,
                              GError **error);
GVariant *signin_health_get (const SigninHealth *health);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninHealth, signin_health_free)

G_END_DECLS
