/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether browsers can report sign-ins. */

#include "config.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "browsers.h"
#include "doctor.h"

static void
check_manifest (SigninDoctor *doctor, const SigninBrowser *browser)
{
  g_autofree char *path = signin_browser_manifest_path (browser);
  g_autofree char *system = signin_browser_system_manifest (browser, "/");
  g_autofree char *remedy = g_strdup_printf ("signinctl browser install %s", browser->id);
  SigninManifest manifest = signin_browser_manifest_look (browser);

  if (manifest == SIGNIN_MANIFEST_FOREIGN)
    signin_doctor_found (doctor, "browser-companion", SIGNIN_VERDICT_PROBLEM, remedy,
                         /* TRANSLATORS: a browser, and the path of a file */
                         _ ("%s cannot report sign-ins: %s is not of signind. Move it away first"), browser->name,
                         path);
  else if (manifest == SIGNIN_MANIFEST_OTHER)
    signin_doctor_found (doctor, "browser-companion", SIGNIN_VERDICT_PROBLEM, remedy,
                         /* TRANSLATORS: a browser, and the path of a file */
                         _ ("%s reports sign-ins to another installation of signind, by %s"), browser->name, path);
  else if (manifest == SIGNIN_MANIFEST_GOOD || system != NULL)
    signin_doctor_found (doctor, "browser-companion", SIGNIN_VERDICT_OK, NULL,
                         /* TRANSLATORS: a browser */
                         _ ("%s can report sign-ins, once it has the extension"), browser->name);
  else
    signin_doctor_found (doctor, "browser-companion", SIGNIN_VERDICT_NOTE, remedy,
                         /* TRANSLATORS: a browser */
                         _ ("%s does not report sign-ins: they have to be recorded by hand"), browser->name);
}

static void
check_sandboxes (SigninDoctor *doctor, const SigninBrowser *browser)
{
  const char *remedy = _ ("Use another package of this browser, or record sign-ins by hand; see browsers.md");

  if (browser->snap_works && signin_browser_has_snap (browser))
    signin_doctor_found (doctor, "browser-sandbox", SIGNIN_VERDICT_NOTE, _ ("Allow it, once it asks"),
                         /* TRANSLATORS: a browser; a snap is a kind of package */
                         _ ("The snap of %s can report sign-ins on Ubuntu only, whose portal asks first"),
                         browser->name);
  if (!browser->snap_works && signin_browser_has_snap (browser))
    signin_doctor_found (doctor, "browser-sandbox", SIGNIN_VERDICT_NOTE, remedy,
                         /* TRANSLATORS: a browser; a snap is a kind of package */
                         _ ("The snap of %s cannot report sign-ins"), browser->name);
  if (signin_browser_has_flatpak (browser))
    signin_doctor_found (doctor, "browser-sandbox", SIGNIN_VERDICT_NOTE, remedy,
                         /* TRANSLATORS: a browser; Flatpak is a kind of package */
                         _ ("The Flatpak of %s cannot report sign-ins"), browser->name);
}

/**
 * signin_doctor_check_companion:
 * @doctor: who looks
 *
 * Can the browsers that are here report sign-ins?
 */
void
signin_doctor_check_companion (SigninDoctor *doctor)
{
  g_autofree char *program = signin_browser_host_program ();
  gboolean any = FALSE;

  for (const SigninBrowser *browser = signin_browsers; browser->id != NULL; browser++)
    {
      check_sandboxes (doctor, browser);
      if (!signin_browser_is_found (browser))
        continue;
      check_manifest (doctor, browser);
      any = TRUE;
    }
  if (any && access (program, X_OK) < 0)
    signin_doctor_found (doctor, "browser-host", SIGNIN_VERDICT_PROBLEM, _ ("Install signind as a whole"),
                         /* TRANSLATORS: the path of a program */
                         _ ("What browsers start to report sign-ins cannot be started: %s"), program);
}
