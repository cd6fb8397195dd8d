/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "language.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>

/**
 * signin_language_init:
 *
 * Lets a program speak the person's language, in UTF-8 whatever the locale says. The first thing that it does. The
 * environment variable SIGNIND_LOCALEDIR names a folder of translations to use in place of the installed one.
 */
void
signin_language_init (void)
{
  const char *folder = getenv ("SIGNIND_LOCALEDIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL && *folder != '\0' ? folder : LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}
