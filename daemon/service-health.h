/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a service file says about asking for the service's health. GLib's core only, as the rest of services.h. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninHealthKind:
 * @SIGNIN_HEALTH_NONE: nothing is asked
 * @SIGNIN_HEALTH_ORGANIZATION: each organization has an address that answers with where to sign in
 * @SIGNIN_HEALTH_PORTAL: a page that everybody comes by
 * @SIGNIN_HEALTH_HOME: the page that leads to everything else
 * @SIGNIN_HEALTH_DISCONTINUED: there is nothing left to ask
 *
 * What kind of address a service has.
 */
typedef enum
{
  SIGNIN_HEALTH_NONE,
  SIGNIN_HEALTH_ORGANIZATION,
  SIGNIN_HEALTH_PORTAL,
  SIGNIN_HEALTH_HOME,
  SIGNIN_HEALTH_DISCONTINUED,
} SigninHealthKind;

/**
 * SigninServiceHealth:
 * @kind: what kind of address it has
 * @path: what to ask for there
 * @hosts: %NULL-terminated hosts to which it may redirect, beside sign-in authorities
 * @authority: the host of its sign-in authority where no region tells it, or %NULL
 * @authority_path: what to ask for at the authority
 * @interval_usec: for how long an answer is good
 * @connect_timeout_usec: time to resolve, connect and secure
 * @timeout_usec: time for all of an answer
 *
 * What to ask, and how often.
 */
typedef struct
{
  SigninHealthKind kind;
  char *path;
  char **hosts;
  char *authority;
  char *authority_path;
  gint64 interval_usec;
  gint64 connect_timeout_usec;
  gint64 timeout_usec;
} SigninServiceHealth;

/* The keys of it, for who wants to know which ones a service file may have. */
#define SIGNIN_SERVICE_HEALTH_KEYS                                                                         \
  "health", "health-path", "health-hosts", "health-authority", "health-authority-path", "health-interval", \
      "health-connect-timeout", "health-timeout"

gboolean signin_service_health_read (SigninServiceHealth *health, GKeyFile *file, const char *group, GError **error);
void signin_service_health_clear (SigninServiceHealth *health);

G_END_DECLS
