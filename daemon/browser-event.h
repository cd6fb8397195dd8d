/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a browser has seen, and whose sign-in that is. */

#pragma once

#include "tracker.h"

G_BEGIN_DECLS

/**
 * SigninBrowserKind:
 * @SIGNIN_BROWSER_SIGNED_IN: the person signed in
 * @SIGNIN_BROWSER_SSO: the browser did, and nobody typed anything
 * @SIGNIN_BROWSER_SIGNED_OUT: the person signed out
 */
typedef enum
{
  SIGNIN_BROWSER_SIGNED_IN,
  SIGNIN_BROWSER_SSO,
  SIGNIN_BROWSER_SIGNED_OUT,
} SigninBrowserKind;

/**
 * SigninBrowserEvent:
 * @host: the host that the sign-in ended on
 * @organization_host: (nullable): where it had begun, if that is another one
 * @source: in which profile of which browser
 * @kind: what was seen
 * @at_usec: when, in microseconds of CLOCK_REALTIME; -1 for now
 *
 * A report from outside; everything borrowed.
 */
typedef struct
{
  const char *host;
  const char *organization_host;
  const char *source;
  SigninBrowserKind kind;
  gint64 at_usec;
} SigninBrowserEvent;

/**
 * SigninBrowserMatch:
 * @account: (nullable): whose sign-in it is
 * @organization_host: (nullable) (transfer full): an organization that nobody tracks, in small letters
 *
 * At most one of the two is there.
 */
typedef struct
{
  const SigninAccount *account;
  char *organization_host;
} SigninBrowserMatch;

gboolean signin_browser_kind_parse (const char *word, SigninBrowserKind *kind, GError **error);
gboolean signin_browser_event_read (SigninBrowserEvent *event, const char *host, const char *kind, GVariant *details,
                                    GError **error);
gboolean signin_browser_event_check (const SigninBrowserEvent *event, GError **error);
void signin_browser_match (SigninBrowserMatch *match, const SigninServices *services,
                           const SigninAccount *const *accounts, guint n_accounts, const SigninBrowserEvent *event);
void signin_browser_match_clear (SigninBrowserMatch *match);
const SigninRegion *signin_browser_split_host (const SigninServices *services, const char *host, char **organization);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninBrowserMatch, signin_browser_match_clear)

G_END_DECLS
