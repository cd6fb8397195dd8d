/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The file in the runtime folder that says which popups are on the screen, with anything in it: what is read from it is
 * little, makes sense, and is the same when it is written and read again. */

#include "config.h"

#include <gio/gio.h>

#include "popup-stage.h"

#include "in-file.h"
#include "in-folder.h"

#define GUID "0123456789abcdef0123456789abcdef"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static char *path;

static void
make_folder (void)
{
  g_autofree char *folder = g_build_filename (fuzz_folder (), "signind", NULL);

  path = g_build_filename (folder, "popups", NULL);
  if (g_mkdir (folder, 0700) != 0)
    g_error ("no folder");
  g_setenv ("XDG_RUNTIME_DIR", fuzz_folder (), TRUE);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GArray) popups = NULL;
  g_autoptr (GArray) again = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  fuzz_quiet ();
  if (path == NULL)
    make_folder ();
  fuzz_put (path, data, size);
  popups = signin_popup_file_read (GUID);
  g_assert_cmpuint (popups->len, <=, SIGNIN_MAX_OLD_POPUPS);
  for (guint i = 0; i < popups->len; i++)
    {
      const SigninOldPopup *popup = &g_array_index (popups, SigninOldPopup, i);
      g_autofree char *line = signin_popup_file_line (GUID, popup->server, popup->id);

      g_assert_true (g_dbus_is_unique_name (popup->server));
      g_assert_cmpuint (popup->id, >, 0);
      g_string_append (text, line);
    }

  signin_popup_file_write (text->str);
  again = signin_popup_file_read (GUID);
  g_assert_cmpuint (again->len, ==, popups->len);
  for (guint i = 0; i < popups->len; i++)
    {
      g_assert_cmpstr (g_array_index (again, SigninOldPopup, i).server, ==,
                       g_array_index (popups, SigninOldPopup, i).server);
      g_assert_cmpuint (g_array_index (again, SigninOldPopup, i).id, ==, g_array_index (popups, SigninOldPopup, i).id);
    }
  return 0;
}
