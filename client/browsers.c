/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "browsers.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "exits.h"
#include "names.h"

#define MANIFEST SIGNIN_BROWSER_HOST_NAME ".json"

/* Ours are a tenth of that. */
#define MANIFEST_MAX 4096

/* Every manifest of ours begins with this, whichever version wrote it. */
#define MANIFEST_BEGIN                              \
  "{\n"                                             \
  "  \"name\": \"" SIGNIN_BROWSER_HOST_NAME "\",\n" \
  "  \"description\": \"signind\",\n"

/* Brave has no folder of its own for everybody: it looks into Chrome's. */
const SigninBrowser signin_browsers[] = {
  { "firefox",
    "Firefox",
    TRUE,
    ".mozilla",
    "native-messaging-hosts",
    "firefox",
    TRUE,
    "org.mozilla.firefox",
    { "firefox", "firefox-esr" },
    { FIREFOXHOSTDIR, "/usr/lib/mozilla/native-messaging-hosts", "/usr/lib64/mozilla/native-messaging-hosts" } },
  { "chromium",
    "Chromium",
    FALSE,
    "chromium",
    "NativeMessagingHosts",
    "chromium",
    TRUE,
    "org.chromium.Chromium",
    { "chromium", "chromium-browser" },
    { CHROMIUMHOSTDIR, "/etc/chromium/native-messaging-hosts" } },
  { "chrome",
    "Chrome",
    FALSE,
    "google-chrome",
    "NativeMessagingHosts",
    NULL,
    FALSE,
    "com.google.Chrome",
    { "google-chrome", "google-chrome-stable" },
    { "/etc/opt/chrome/native-messaging-hosts" } },
  { "edge",
    "Edge",
    FALSE,
    "microsoft-edge",
    "NativeMessagingHosts",
    NULL,
    FALSE,
    "com.microsoft.Edge",
    { "microsoft-edge", "microsoft-edge-stable" },
    { "/etc/opt/edge/native-messaging-hosts" } },
  { "brave",
    "Brave",
    FALSE,
    "BraveSoftware/Brave-Browser",
    "NativeMessagingHosts",
    "brave",
    FALSE,
    "com.brave.Browser",
    { "brave-browser" },
    { "/etc/opt/chrome/native-messaging-hosts" } },
  { "vivaldi",
    "Vivaldi",
    FALSE,
    "vivaldi",
    "NativeMessagingHosts",
    "vivaldi",
    FALSE,
    "com.vivaldi.Vivaldi",
    { "vivaldi", "vivaldi-stable" },
    { "/etc/opt/vivaldi/native-messaging-hosts" } },
  { NULL },
};

/**
 * signin_browser_find:
 * @id: what somebody typed
 *
 * Returns: (nullable) (transfer none): the browser of that id.
 */
const SigninBrowser *
signin_browser_find (const char *id)
{
  for (const SigninBrowser *browser = signin_browsers; browser->id != NULL; browser++)
    if (g_ascii_strcasecmp (browser->id, id) == 0)
      return browser;
  return NULL;
}

static char *
profiles_path (const SigninBrowser *browser)
{
  return g_build_filename (browser->is_firefox ? g_get_home_dir () : g_get_user_config_dir (), browser->profiles, NULL);
}

static gboolean
is_folder_at_home (const char *first, const char *second)
{
  g_autofree char *path = second != NULL ? g_build_filename (g_get_home_dir (), first, second, NULL) : NULL;

  return path != NULL && g_file_test (path, G_FILE_TEST_IS_DIR);
}

/**
 * signin_browser_has_snap:
 * @browser: a browser
 *
 * Returns: whether this person has used its snap.
 */
gboolean
signin_browser_has_snap (const SigninBrowser *browser)
{
  return is_folder_at_home ("snap", browser->snap);
}

/**
 * signin_browser_has_flatpak:
 * @browser: a browser
 *
 * Returns: whether this person has used its Flatpak.
 */
gboolean
signin_browser_has_flatpak (const SigninBrowser *browser)
{
  return is_folder_at_home (".var/app", browser->flatpak);
}

/**
 * signin_browser_is_found:
 * @browser: a browser
 *
 * Returns: whether it is installed or this person has used it, in a form that a per-user manifest helps.
 */
gboolean
signin_browser_is_found (const SigninBrowser *browser)
{
  g_autofree char *profiles = profiles_path (browser);

  if (g_file_test (profiles, G_FILE_TEST_IS_DIR) || (browser->snap_works && signin_browser_has_snap (browser)))
    return TRUE;
  for (const char *const *name = browser->programs; *name != NULL; name++)
    {
      g_autofree char *program = g_find_program_in_path (*name);

      if (program != NULL)
        return TRUE;
    }
  return FALSE;
}

/**
 * signin_browser_host_program:
 *
 * Returns: (transfer full): the path of the program that browsers start.
 */
char *
signin_browser_host_program (void)
{
  const char *folder = g_getenv ("SIGNIND_LIBEXECDIR");

  return g_build_filename (folder != NULL ? folder : LIBEXECDIR, "signind-browser-host", NULL);
}

/**
 * signin_browser_manifest_text:
 * @browser: a browser
 * @program: the path of the program that it starts
 *
 * Firefox refuses a manifest with what is meant for Chromium in it.
 *
 * Returns: (transfer full): what @browser reads; %NULL if @program cannot stand in JSON as it is.
 */
char *
signin_browser_manifest_text (const SigninBrowser *browser, const char *program)
{
  const char *allowed = browser->is_firefox ? "\"allowed_extensions\": [\"" FIREFOX_EXTENSION_ID "\"]"
                                            : "\"allowed_origins\": [\"chrome-extension://" CHROMIUM_EXTENSION_ID
                                              "/\"]";

  for (const char *p = program; *p != '\0'; p++)
    if (*p == '"' || *p == '\\' || (guchar) *p < 0x20)
      return NULL;
  return g_strdup_printf (MANIFEST_BEGIN "  \"path\": \"%s\",\n  \"type\": \"stdio\",\n  %s\n}\n", program, allowed);
}

/**
 * signin_browser_manifest_path:
 * @browser: a browser
 *
 * Returns: (transfer full): where its per-user manifest is, or would be.
 */
char *
signin_browser_manifest_path (const SigninBrowser *browser)
{
  g_autofree char *profiles = profiles_path (browser);

  return g_build_filename (profiles, browser->hosts, MANIFEST, NULL);
}

/**
 * signin_browser_system_manifest:
 * @browser: a browser
 * @root: the root folder, "/" as a rule
 *
 * Returns: (nullable) (transfer full): the manifest for everybody that is there.
 */
char *
signin_browser_system_manifest (const SigninBrowser *browser, const char *root)
{
  for (guint i = 0; i < G_N_ELEMENTS (browser->system_hosts) && browser->system_hosts[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (root, browser->system_hosts[i], MANIFEST, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&path);
    }
  return NULL;
}

/* What is in the manifest, without following a link. %NULL with errno if it is none that we can have written. */
static char *
read_manifest (const char *path)
{
  g_autofree char *text = NULL;
  gssize len;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (fd < 0)
    return NULL;
  text = g_malloc0 (MANIFEST_MAX + 1);
  len = read (fd, text, MANIFEST_MAX);
  close (fd);
  errno = EINVAL;
  return len > 0 && g_str_has_prefix (text, MANIFEST_BEGIN) ? g_steal_pointer (&text) : NULL;
}

/**
 * signin_browser_manifest_look:
 * @browser: a browser
 *
 * Returns: how its per-user manifest is.
 */
SigninManifest
signin_browser_manifest_look (const SigninBrowser *browser)
{
  g_autofree char *path = signin_browser_manifest_path (browser);
  g_autofree char *program = signin_browser_host_program ();
  g_autofree char *expected = signin_browser_manifest_text (browser, program);
  g_autofree char *text = read_manifest (path);

  if (text == NULL)
    return errno == ENOENT || errno == ENOTDIR ? SIGNIN_MANIFEST_MISSING : SIGNIN_MANIFEST_FOREIGN;
  return g_strcmp0 (text, expected) == 0 ? SIGNIN_MANIFEST_GOOD : SIGNIN_MANIFEST_OTHER;
}

static gboolean fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_propagate_error (error, g_error_new_valist (SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, format, args));
  va_end (args);
  return FALSE;
}

static gboolean
refuse_foreign (const char *path, GError **error)
{
  return fail (error, _ ("%s is not of signind, and was left alone"), path);
}

static gboolean
write_manifest (const char *path, const char *text, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) problem = NULL;

  if (g_mkdir_with_parents (folder, 0700) < 0)
    return fail (error, _ ("%s cannot be made: %s"), folder, g_strerror (errno));
  /* Written beside it and put in its place: no browser ever reads half of it. */
  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &problem))
    return fail (error, _ ("%s cannot be written: %s"), path, problem->message);
  /* Whatever the umask: there is nothing secret in it. */
  if (g_chmod (path, 0644) < 0)
    return fail (error, _ ("%s cannot be written: %s"), path, g_strerror (errno));
  return TRUE;
}

/**
 * signin_browser_manifest_install:
 * @browser: a browser
 * @changed: (out): whether there was anything to do
 * @error: why not
 *
 * Lets @browser start our program for this person. Never touches a file that is not of signind.
 *
 * Returns: whether it may.
 */
gboolean
signin_browser_manifest_install (const SigninBrowser *browser, gboolean *changed, GError **error)
{
  SigninManifest manifest = signin_browser_manifest_look (browser);
  g_autofree char *path = signin_browser_manifest_path (browser);
  g_autofree char *program = signin_browser_host_program ();
  g_autofree char *text = signin_browser_manifest_text (browser, program);

  *changed = manifest != SIGNIN_MANIFEST_GOOD;
  if (manifest == SIGNIN_MANIFEST_FOREIGN)
    return refuse_foreign (path, error);
  if (text == NULL)
    return fail (error, _ ("%s: no browser would start a program of that name"), program);
  if (access (program, X_OK) < 0)
    return fail (error, _ ("%s cannot be started: %s; install signind as a whole"), program, g_strerror (errno));
  return !*changed || write_manifest (path, text, error);
}

/**
 * signin_browser_manifest_remove:
 * @browser: a browser
 * @changed: (out): whether there was anything to do
 * @error: why not
 *
 * Undoes signin_browser_manifest_install(), also that of another installation. Never touches a file that is not of
 * signind.
 *
 * Returns: whether there is none any more.
 */
gboolean
signin_browser_manifest_remove (const SigninBrowser *browser, gboolean *changed, GError **error)
{
  SigninManifest manifest = signin_browser_manifest_look (browser);
  g_autofree char *path = signin_browser_manifest_path (browser);

  *changed = manifest != SIGNIN_MANIFEST_MISSING;
  if (manifest == SIGNIN_MANIFEST_FOREIGN)
    return refuse_foreign (path, error);
  if (*changed && g_unlink (path) < 0)
    return fail (error, _ ("%s cannot be removed: %s"), path, g_strerror (errno));
  return TRUE;
}
