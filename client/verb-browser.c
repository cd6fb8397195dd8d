/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "browsers.h"
#include "verbs.h"

/**
 * Action:
 * @word: what is typed
 * @apply: does it to one browser; %NULL looks only
 */
typedef struct
{
  const char *word;
  gboolean (*apply) (const SigninBrowser *browser, gboolean *changed, GError **error);
} Action;

static const Action actions[] = {
  { "status", NULL },
  { "install", signin_browser_manifest_install },
  { "remove", signin_browser_manifest_remove },
};

static const char *const manifest_words[] = {
  [SIGNIN_MANIFEST_MISSING] = "missing",
  [SIGNIN_MANIFEST_GOOD] = "good",
  [SIGNIN_MANIFEST_OTHER] = "other",
  [SIGNIN_MANIFEST_FOREIGN] = "foreign",
};

/**
 * Look:
 * @out: for people
 * @json: for programs
 * @style: what can be shown
 * @failed: something did not work
 */
typedef struct
{
  GString *out;
  SigninCtlJson json;
  const SigninCtlStyle *style;
  gboolean failed;
} Look;

static void
look_clear (Look *look)
{
  signin_ctl_json_clear (&look->json);
  if (look->out != NULL)
    g_string_free (look->out, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Look, look_clear)

static const Action *
find_action (const char *word, GError **error)
{
  const char *words[G_N_ELEMENTS (actions) + 1] = { NULL };
  const char *nearest;

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (g_str_equal (actions[i].word, word))
        return &actions[i];
      words[i] = actions[i].word;
    }
  nearest = signin_ctl_nearest (word, words);
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
               _ ("'%s' is nothing to do with browsers; try 'signinctl browser %s'"), word,
               nearest != NULL ? nearest : "status");
  return NULL;
}

static const SigninBrowser *
find_browser (const char *id, GError **error)
{
  const SigninBrowser *found = signin_browser_find (id);
  g_autoptr (GString) ids = NULL;

  if (found != NULL)
    return found;
  ids = g_string_new (NULL);
  for (const SigninBrowser *browser = signin_browsers; browser->id != NULL; browser++)
    g_string_append_printf (ids, "%s%s", ids->len > 0 ? ", " : "", browser->id);
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("Unknown browser '%s'; known are %s"), id, ids->str);
  return NULL;
}

/* Whether something is done with @browser although nobody named it. */
static gboolean
is_meant (const SigninBrowser *browser, const Action *action)
{
  SigninManifest manifest = signin_browser_manifest_look (browser);

  if (action->apply == signin_browser_manifest_install)
    return signin_browser_is_found (browser);
  if (action->apply == signin_browser_manifest_remove)
    return manifest == SIGNIN_MANIFEST_GOOD || manifest == SIGNIN_MANIFEST_OTHER;
  return TRUE;
}

static GPtrArray *
choose (SigninCtl *ctl, const Action *action, GError **error)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();

  for (guint i = 1; i < ctl->args.n_words; i++)
    {
      const SigninBrowser *browser = find_browser (ctl->args.words[i], error);

      if (browser == NULL)
        return NULL;
      g_ptr_array_add (chosen, (gpointer) browser);
    }
  for (const SigninBrowser *browser = signin_browsers; ctl->args.n_words < 2 && browser->id != NULL; browser++)
    if (is_meant (browser, action))
      g_ptr_array_add (chosen, (gpointer) browser);
  if (chosen->len > 0 || action->apply != signin_browser_manifest_install)
    return g_steal_pointer (&chosen);
  g_set_error_literal (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
                       _ ("No browser was found here; name one, such as: signinctl browser install firefox"));
  return NULL;
}

/* The path of a file, on a line of its own and whole, however long it is. */
static void
add_path (Look *look, const char *path)
{
  const char *home = g_get_home_dir ();
  gsize len = strlen (home);
  gboolean below = len > 1 && strncmp (path, home, len) == 0 && path[len] == G_DIR_SEPARATOR;

  g_string_append_printf (look->out, "  %s%s\n", below ? "~" : "", below ? path + len : path);
}

/* What is known of one browser, in a few words. */
static char *
summarize (const SigninBrowser *browser, SigninManifest manifest, gboolean for_everybody)
{
  if (manifest == SIGNIN_MANIFEST_GOOD)
    /* TRANSLATORS: a browser */
    return g_strdup_printf (_ ("%s: set up"), browser->name);
  if (manifest == SIGNIN_MANIFEST_OTHER)
    /* TRANSLATORS: a browser */
    return g_strdup_printf (_ ("%s: set up for another installation of signind"), browser->name);
  if (manifest == SIGNIN_MANIFEST_FOREIGN)
    /* TRANSLATORS: a browser */
    return g_strdup_printf (_ ("%s: not set up; there is a file that is not of signind"), browser->name);
  if (for_everybody)
    /* TRANSLATORS: a browser */
    return g_strdup_printf (_ ("%s: set up for everybody"), browser->name);
  if (signin_browser_is_found (browser))
    /* TRANSLATORS: a browser */
    return g_strdup_printf (_ ("%s: not set up"), browser->name);
  /* TRANSLATORS: a browser */
  return g_strdup_printf (_ ("%s: not found here"), browser->name);
}

static void
describe_text (Look *look, const SigninBrowser *browser, SigninManifest manifest, const char *path, const char *system)
{
  g_autofree char *summary = summarize (browser, manifest, system != NULL);
  gboolean missing = manifest == SIGNIN_MANIFEST_MISSING;

  signin_ctl_line (look->out, look->style, 0, "%s", summary);
  if (!missing)
    add_path (look, path);
  else if (system != NULL)
    add_path (look, system);
  if (manifest == SIGNIN_MANIFEST_OTHER || (missing && system == NULL && signin_browser_is_found (browser)))
    signin_ctl_line (look->out, look->style, 2, "signinctl browser install %s", browser->id);
}

/* Some browsers live in a sandbox that lets them start nothing. */
static void
describe_sandboxes (Look *look, const SigninBrowser *browser)
{
  if (!browser->snap_works && signin_browser_has_snap (browser))
    /* TRANSLATORS: a browser; a snap is a kind of package */
    signin_ctl_line (look->out, look->style, 2, _ ("The snap of %s cannot start other programs: see browsers.md"),
                     browser->name);
  if (signin_browser_has_flatpak (browser))
    /* TRANSLATORS: a browser; Flatpak is a kind of package */
    signin_ctl_line (look->out, look->style, 2, _ ("The Flatpak of %s cannot start other programs: see browsers.md"),
                     browser->name);
}

static void
describe (Look *look, const SigninBrowser *browser)
{
  g_autofree char *path = signin_browser_manifest_path (browser);
  g_autofree char *system = signin_browser_system_manifest (browser, "/");
  SigninManifest manifest = signin_browser_manifest_look (browser);

  signin_ctl_json_object (&look->json, NULL);
  signin_ctl_json_string (&look->json, "browser", browser->id);
  signin_ctl_json_bool (&look->json, "found", signin_browser_is_found (browser));
  signin_ctl_json_string (&look->json, "manifest", manifest_words[manifest]);
  signin_ctl_json_string (&look->json, "path", path);
  signin_ctl_json_string (&look->json, "system_path", system);
  signin_ctl_json_bool (&look->json, "snap", signin_browser_has_snap (browser));
  signin_ctl_json_bool (&look->json, "flatpak", signin_browser_has_flatpak (browser));
  signin_ctl_json_end (&look->json, '}');
  describe_text (look, browser, manifest, path, system);
  describe_sandboxes (look, browser);
}

/* What was done to one browser, or did not have to be done. */
static void
tell_done (Look *look, const SigninBrowser *browser, const Action *action, gboolean changed, const char *path)
{
  gboolean installs = action->apply == signin_browser_manifest_install;

  if (installs && changed)
    /* TRANSLATORS: a browser */
    signin_ctl_line (look->out, look->style, 0, _ ("%s: set up"), browser->name);
  else if (installs)
    /* TRANSLATORS: a browser */
    signin_ctl_line (look->out, look->style, 0, _ ("%s: was set up already"), browser->name);
  else if (changed)
    /* TRANSLATORS: a browser, and below it the path of a file */
    signin_ctl_line (look->out, look->style, 0, _ ("%s: no longer set up; this file was removed:"), browser->name);
  else
    /* TRANSLATORS: a browser */
    signin_ctl_line (look->out, look->style, 0, _ ("%s: was not set up"), browser->name);
  if (installs || changed)
    add_path (look, path);
}

static void
apply (Look *look, const SigninBrowser *browser, const Action *action)
{
  g_autofree char *path = signin_browser_manifest_path (browser);
  g_autoptr (GError) problem = NULL;
  gboolean changed;
  gboolean done = action->apply (browser, &changed, &problem);
  g_autofree char *reason = NULL;

  signin_ctl_json_object (&look->json, NULL);
  signin_ctl_json_string (&look->json, "browser", browser->id);
  signin_ctl_json_string (&look->json, "path", path);
  signin_ctl_json_bool (&look->json, "done", done);
  signin_ctl_json_bool (&look->json, "changed", done && changed);
  signin_ctl_json_string (&look->json, "problem", problem != NULL ? problem->message : NULL);
  signin_ctl_json_end (&look->json, '}');
  if (done)
    {
      tell_done (look, browser, action, changed, path);
      return;
    }
  reason = signin_ctl_clean (problem->message);
  /* TRANSLATORS: a browser, and what went wrong */
  signin_ctl_line (look->out, look->style, 0, _ ("%s: not done: %s"), browser->name, reason);
  look->failed = TRUE;
}

static void
add_last_line (Look *look, const Action *action, guint n_browsers)
{
  if (action->apply != signin_browser_manifest_remove)
    {
      signin_ctl_line (look->out, look->style, 0, _ ("Each browser needs the extension as well. How to get it:"));
      add_path (look, DOCDIR "/browsers.md");
    }
  else if (n_browsers == 0)
    signin_ctl_line (look->out, look->style, 0, _ ("No browser is set up"));
}

/**
 * signin_ctl_run_browser:
 * @ctl: the call
 * @error: why not
 *
 * Lets browsers report sign-ins, or no more, or looks which do.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_browser (SigninCtl *ctl, GError **error)
{
  const Action *action = ctl->args.n_words > 0 ? find_action (ctl->args.words[0], error) : &actions[0];
  g_autoptr (GPtrArray) chosen = action != NULL ? choose (ctl, action, error) : NULL;
  g_auto (Look) look = { .style = &ctl->style };
  int status;

  if (chosen == NULL)
    return SIGNIN_CTL_FAILED;
  look.out = g_string_new (NULL);
  signin_ctl_json_init (&look.json, FALSE);
  signin_ctl_json_array (&look.json, "browsers");
  for (guint i = 0; i < chosen->len; i++)
    if (action->apply != NULL)
      apply (&look, chosen->pdata[i], action);
    else
      describe (&look, chosen->pdata[i]);
  signin_ctl_json_end (&look.json, ']');
  add_last_line (&look, action, chosen->len);
  status = ctl->json ? signin_ctl_show_json (&look.json, error) : signin_ctl_show (look.out->str, error);
  return status == SIGNIN_CTL_DONE && look.failed ? SIGNIN_CTL_FAILED : status;
}
