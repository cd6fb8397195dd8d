/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "transfer.h"

#include <string.h>

#include <glib/gi18n.h>
#include <jansson.h>

#include "exits.h"
#include "output.h"

#define DOCUMENT_VERSION 1
#define LENGTH_MAX_SEC (366 * 24 * 60 * 60)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_t, json_decref)

static gboolean G_GNUC_PRINTF (2, 3) refuse (GError **error, const char *format, ...)
{
  va_list args;
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  /* It quotes a file that anybody may have written. */
  clean = signin_ctl_clean (text);
  g_set_error_literal (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, clean);
  return FALSE;
}

/* Whether @object has no keys but those; @what is how messages call it. */
static gboolean
check_keys (json_t *object, const char *const *known, const char *what, GError **error)
{
  const char *key;
  json_t *value;

  if (!json_is_object (object))
    return refuse (error, _ ("%s: this is no object"), what);
  json_object_foreach (object, key, value)
  {
    if (!g_strv_contains (known, key))
      return refuse (error, _ ("%s: the key '%.64s' is not known; is the file of a newer version?"), what, key);
  }
  return TRUE;
}

static gboolean
read_text (json_t *object, const char *what, const char *key, const char **text, GError **error)
{
  json_t *value = json_object_get (object, key);

  *text = NULL;
  if (value == NULL || json_is_null (value))
    return TRUE;
  if (!json_is_string (value))
    return refuse (error, _ ("%s: '%s' is no text"), what, key);
  *text = json_string_value (value);
  return TRUE;
}

/* Seconds to microseconds; @usec is left alone if the key is not there, and @none if it is null. */
static gboolean
read_duration (json_t *object, const char *what, const char *key, gint64 none, gint64 *usec, GError **error)
{
  json_t *value = json_object_get (object, key);

  if (value == NULL)
    return TRUE;
  if (json_is_null (value))
    {
      *usec = none;
      return TRUE;
    }
  if (!json_is_integer (value) || json_integer_value (value) < 1 || json_integer_value (value) > LENGTH_MAX_SEC)
    return refuse (error, _ ("%s: '%s' is no number of seconds from 1 to %d"), what, key, LENGTH_MAX_SEC);
  *usec = json_integer_value (value) * G_USEC_PER_SEC;
  return TRUE;
}

static SigninAccountInfo *
read_account (const SigninServices *services, json_t *object, guint number, GError **error)
{
  static const char *const known[] = { "id",     "service", "user_name",          "organization",
                                       "region", "url",     "session_length_sec", "warning_lead_sec",
                                       NULL };
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  /* TRANSLATORS: what an error is about: an account in a file */
  g_autofree char *what = g_strdup_printf (_ ("account %u"), number);
  SigninAccountInfo *info;
  GError *problem = NULL;
  const char *id;

  if (!check_keys (object, known, what, error) || !read_text (object, what, "id", &id, error)
      || !read_text (object, what, "service", &details.service, error)
      || !read_text (object, what, "user_name", &details.user_name, error)
      || !read_text (object, what, "organization", &details.organization, error)
      || !read_text (object, what, "region", &details.region, error)
      || !read_text (object, what, "url", &details.url, error)
      || !read_duration (object, what, "session_length_sec", 0, &details.length_usec, error)
      || !read_duration (object, what, "warning_lead_sec", -1, &details.lead_usec, error))
    return NULL;
  if (id == NULL)
    {
      refuse (error, _ ("%s: '%s' is missing"), what, "id");
      return NULL;
    }
  info = signin_account_info_new (services, id, NULL, &details, &problem);
  if (info == NULL)
    {
      refuse (error, "%s: %s", what, problem->message);
      g_error_free (problem);
    }
  return info;
}

static gboolean
read_accounts (SigninCtlTransfer *transfer, const SigninServices *services, json_t *array, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  if (array == NULL)
    return TRUE;
  if (!json_is_array (array))
    return refuse (error, _ ("%s: this is no list"), "accounts");
  if (json_array_size (array) > SIGNIN_ACCOUNTS_MAX)
    return refuse (error, _ ("accounts: there are more than %d"), SIGNIN_ACCOUNTS_MAX);
  for (gsize i = 0; i < json_array_size (array); i++)
    {
      SigninAccountInfo *info = read_account (services, json_array_get (array, i), i + 1, error);

      if (info == NULL)
        return FALSE;
      g_ptr_array_add (transfer->accounts, info);
      if (!g_hash_table_add (ids, info->id))
        return refuse (error, _ ("account %u: '%s' stands there twice"), (guint) i + 1, info->id);
    }
  return TRUE;
}

static gboolean
read_settings (SigninCtlTransfer *transfer, json_t *object, GError **error)
{
  SigninSettings settings;
  const char *key;
  json_t *value;

  if (object == NULL)
    return TRUE;
  if (!json_is_object (object))
    return refuse (error, _ ("%s: this is no object"), "settings");
  signin_settings_init (&settings);
  json_object_foreach (object, key, value)
  {
    SigninSetting setting;
    g_autofree char *problem = NULL;

    if (!signin_setting_find (key, &setting))
      return refuse (error, _ ("settings: the key '%.64s' is not known; is the file of a newer version?"), key);
    if (!json_is_string (value))
      return refuse (error, _ ("%s: '%s' is no text"), "settings", key);
    problem = signin_settings_parse (&settings, setting, json_string_value (value));
    if (problem != NULL)
      return refuse (error, "%s: %s", key, problem);
    transfer->settings[setting] = signin_settings_format (&settings, setting);
  }
  return TRUE;
}

static json_t *
load (const char *text, gsize len, GError **error)
{
  json_error_t problem;
  json_t *root;

  if (len > SIGNIN_CTL_TRANSFER_MAX)
    {
      refuse (error, _ ("The file is larger than %d bytes"), SIGNIN_CTL_TRANSFER_MAX);
      return NULL;
    }
  root = json_loadb (text, len, JSON_REJECT_DUPLICATES, &problem);
  if (root == NULL && json_error_code (&problem) == json_error_duplicate_key)
    refuse (error, _ ("A key stands twice in the same object, at line %d"), problem.line);
  else if (root == NULL)
    refuse (error, _ ("This is not JSON, at line %d, column %d; give a file that 'signinctl export' wrote"),
            problem.line, problem.column);
  return root;
}

static gboolean
check_kind (json_t *root, GError **error)
{
  static const char *const known[] = { "version", "kind", "accounts", "settings", NULL };
  json_t *version = json_object_get (root, "version");
  const char *kind = json_string_value (json_object_get (root, "kind"));

  if (g_strcmp0 (kind, SIGNIN_CTL_TRANSFER_KIND) != 0 || !json_is_integer (version))
    return refuse (error, _ ("This is no file that 'signinctl export' wrote"));
  if (json_integer_value (version) != DOCUMENT_VERSION)
    return refuse (error, _ ("The file is of version %lld; this signinctl reads version %d"),
                   (long long) json_integer_value (version), DOCUMENT_VERSION);
  return check_keys (root, known, SIGNIN_CTL_TRANSFER_KIND, error);
}

/**
 * signin_ctl_transfer_parse:
 * @services: what is known
 * @text: bytes of a file
 * @len: how many
 * @error: which bound was broken, and where
 *
 * Reads a document, all of it or nothing.
 *
 * Returns: (transfer full): what it says, or %NULL.
 */
SigninCtlTransfer *
signin_ctl_transfer_parse (const SigninServices *services, const char *text, gsize len, GError **error)
{
  g_autoptr (SigninCtlTransfer) transfer = g_new0 (SigninCtlTransfer, 1);
  g_autoptr (json_t) root = load (text, len, error);

  transfer->accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) signin_account_info_unref);
  if (root == NULL || !check_kind (root, error)
      || !read_accounts (transfer, services, json_object_get (root, "accounts"), error)
      || !read_settings (transfer, json_object_get (root, "settings"), error))
    return NULL;
  return g_steal_pointer (&transfer);
}

/**
 * signin_ctl_transfer_free:
 * @transfer: (nullable): a document
 */
void
signin_ctl_transfer_free (SigninCtlTransfer *transfer)
{
  if (transfer == NULL)
    return;
  g_ptr_array_unref (transfer->accounts);
  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    g_free (transfer->settings[i]);
  g_free (transfer);
}
