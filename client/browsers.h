/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Browsers, and the files by which they know the program that reaches signind for the extension. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SigninBrowser:
 * @id: what it is called on the command line
 * @name: what it calls itself
 * @is_firefox: it is of Firefox's kind, not of Chromium's
 * @profiles: where its profiles are: below the home folder for Firefox's kind, else below the configuration folder
 * @hosts: where its per-user manifests are, below @profiles
 * @snap: what its snap is called, or %NULL
 * @snap_works: its snap finds the same per-user manifests, with the help of a portal
 * @flatpak: what its Flatpak is called
 * @programs: what it is started as, ended by %NULL
 * @system_hosts: where its manifests for everybody are, ended by %NULL
 */
typedef struct
{
  const char *id;
  const char *name;
  gboolean is_firefox;
  const char *profiles;
  const char *hosts;
  const char *snap;
  gboolean snap_works;
  const char *flatpak;
  const char *programs[3];
  const char *system_hosts[4];
} SigninBrowser;

/**
 * SigninManifest:
 * @SIGNIN_MANIFEST_MISSING: there is none
 * @SIGNIN_MANIFEST_GOOD: it is as it should be
 * @SIGNIN_MANIFEST_OTHER: it is of another installation of signind, or of another version
 * @SIGNIN_MANIFEST_FOREIGN: there is something of that name that is not of signind
 */
typedef enum
{
  SIGNIN_MANIFEST_MISSING,
  SIGNIN_MANIFEST_GOOD,
  SIGNIN_MANIFEST_OTHER,
  SIGNIN_MANIFEST_FOREIGN,
} SigninManifest;

extern const SigninBrowser signin_browsers[];

const SigninBrowser *signin_browser_find (const char *id);
gboolean signin_browser_is_found (const SigninBrowser *browser);
gboolean signin_browser_has_snap (const SigninBrowser *browser);
gboolean signin_browser_has_flatpak (const SigninBrowser *browser);

char *signin_browser_host_program (void);
char *signin_browser_manifest_text (const SigninBrowser *browser, const char *program);
char *signin_browser_manifest_path (const SigninBrowser *browser);
char *signin_browser_system_manifest (const SigninBrowser *browser, const char *root);
SigninManifest signin_browser_manifest_look (const SigninBrowser *browser);
gboolean signin_browser_manifest_install (const SigninBrowser *browser, gboolean *changed, GError **error);
gboolean signin_browser_manifest_remove (const SigninBrowser *browser, gboolean *changed, GError **error);

G_END_DECLS
