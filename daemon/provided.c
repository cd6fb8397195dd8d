/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "provided.h"

#include <string.h>

#include <glib/gi18n.h>

#include "datafile.h"
#include "errors.h"
#include "provided-path.h"

#define GROUP "Account"

struct _SigninProvided
{
  char *system_folder;
  char *user_folder;
};

/**
 * signin_provided_new:
 * @system_folder: (nullable): the administrator's, or %NULL for the usual one
 * @user_folder: (nullable): the person's, or %NULL for the usual one
 *
 * Returns: (transfer full): the files of these folders, which are read when they are needed.
 */
SigninProvided *
signin_provided_new (const char *system_folder, const char *user_folder)
{
  SigninProvided *provided = g_new0 (SigninProvided, 1);

  provided->system_folder = system_folder != NULL ? g_strdup (system_folder) : signin_provided_system_path (NULL);
  provided->user_folder = user_folder != NULL ? g_strdup (user_folder) : signin_provided_user_path (NULL);
  return provided;
}

/**
 * signin_provided_free:
 * @provided: the files
 *
 * Forgets them.
 */
void
signin_provided_free (SigninProvided *provided)
{
  g_free (provided->system_folder);
  g_free (provided->user_folder);
  g_free (provided);
}

/**
 * signin_provided_has:
 * @provided: the files
 * @id: an account
 *
 * Returns: whether it is the administrator's, and the person has not hidden it. Looked up anew each time.
 */
gboolean
signin_provided_has (SigninProvided *provided, const char *id)
{
  return signin_provided_is_shown (provided->system_folder, provided->user_folder, id);
}

/**
 * signin_provided_check:
 * @provided: the files
 * @id: an account that a person wants to change
 * @error: why they cannot
 *
 * Returns: whether the account is theirs; if not, @error is %SIGNIN_ERROR_INVALID_ARGUMENT
 */
gboolean
signin_provided_check (SigninProvided *provided, const char *id, GError **error)
{
  if (!signin_provided_has (provided, id))
    return TRUE;
  g_set_error (
      error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT,
      _ ("%s is provided by the administrator of this computer: it can be hidden with 'signinctl remove', and not "
         "changed"),
      id);
  return FALSE;
}

typedef struct
{
  char *texts[5];
  SigninAccountDetails details;
} Content;

static void
content_clear (Content *content)
{
  for (guint i = 0; i < G_N_ELEMENTS (content->texts); i++)
    g_free (content->texts[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Content, content_clear)

static gboolean
read_content (Content *content, GKeyFile *file, GError **error)
{
  SigninAccountDetails *details = &content->details;
  const struct
  {
    const char *key;
    const char **text;
  } texts[] = {
    { "service", &details->service }, { "organization", &details->organization }, { "region", &details->region },
    { "url", &details->url },         { "user-name", &details->user_name },
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (texts) == G_N_ELEMENTS (content->texts));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      if (!signin_datafile_text (file, GROUP, texts[i].key, SIGNIN_URL_MAX, &content->texts[i], error))
        return FALSE;
      *texts[i].text = content->texts[i];
    }
  return signin_datafile_duration (file, GROUP, "length", &details->length_usec, error)
         && signin_datafile_duration (file, GROUP, "lead", &details->lead_usec, error);
}

/* What the file says is what the account is, whatever it was before: settings of a person go, running sessions stay. */
static gboolean
put (SigninTracker *tracker, const char *id, const char *path, GError **error)
{
  static const char *const known[]
      = { "service", "organization", "region", "url", "user-name", "length", "lead", NULL };
  g_auto (Content) content = { .details = SIGNIN_ACCOUNT_DETAILS_INIT };
  g_autoptr (GKeyFile) file = signin_datafile_read (path, error);

  if (file == NULL || !read_content (&content, file, error))
    return FALSE;
  signin_datafile_warn_unknown (file, path, GROUP, known);
  if (signin_tracker_get (tracker, id) == NULL)
    return signin_tracker_add_account (tracker, id, &content.details, error);
  /* The service of an account never changes; a file that names another is about another account. */
  content.details.service = NULL;
  return signin_tracker_set_account (tracker, id, &content.details, FALSE, error);
}

/**
 * signin_provided_apply:
 * @provided: the files
 * @tracker: a tracker that was started
 *
 * Adds the accounts that are not there and sets the others to what their files say. An account whose file is gone
 * stays, as one of the person's own. What is wrong with a file goes to the journal, and the others count.
 */
void
signin_provided_apply (SigninProvided *provided, SigninTracker *tracker)
{
  g_autoptr (GDir) folder = g_dir_open (provided->system_folder, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (provided->system_folder, name, NULL);
      g_autofree char *id = NULL;
      g_autoptr (GError) error = NULL;

      if (!g_str_has_suffix (name, SIGNIN_PROVIDED_SUFFIX))
        continue;
      id = g_strndup (name, strlen (name) - strlen (SIGNIN_PROVIDED_SUFFIX));
      if (!signin_text_is_id (id))
        g_warning ("%s: the name of the file is no id of an account", path);
      else if (signin_provided_has (provided, id) && !put (tracker, id, path, &error))
        g_warning ("%s: %s", path, error->message);
    }
}
