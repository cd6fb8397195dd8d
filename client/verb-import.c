/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "details.h"
#include "settings-file.h"
#include "settings-write.h"
#include "transfer.h"
#include "verbs.h"

/**
 * Action:
 * @ADD: it is not here yet
 * @KEEP: it is here already, the same
 * @CHANGE: it is here, and the file says something else
 * @LOCKED: the administrator lets nobody change it
 *
 * What becomes of an account or a setting.
 */
typedef enum
{
  ADD,
  KEEP,
  CHANGE,
  LOCKED,
} Action;

/**
 * Import:
 * @ctl: the call
 * @services: what is known
 * @transfer: what the file says
 * @snapshot: what is here
 * @files: the settings files that are here
 * @settings: the settings that are here
 * @replace: what differs takes the values of the file
 * @dry_run: nothing is done
 *
 * One import.
 */
typedef struct
{
  SigninCtl *ctl;
  SigninServices *services;
  SigninCtlTransfer *transfer;
  SigninCtlSnapshot *snapshot;
  SigninSettingsFiles *files;
  SigninSettings settings;
  gboolean replace;
  gboolean dry_run;
} Import;

static void
import_clear (Import *import)
{
  g_clear_pointer (&import->services, signin_services_free);
  g_clear_pointer (&import->transfer, signin_ctl_transfer_free);
  g_clear_pointer (&import->snapshot, signin_ctl_snapshot_free);
  g_clear_pointer (&import->files, signin_settings_files_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, import_clear)

static GString *
refuse_file (const char *name, int code, GError **error)
{
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("Cannot read '%s': %s"), name, g_strerror (code));
  return NULL;
}

/* All of it, but never more than one byte too much. */
static GString *
read_file (int fd, const char *name, GError **error)
{
  GString *text = g_string_sized_new (SIGNIN_CTL_TRANSFER_MAX + 1);
  gssize n = 1;

  while (n != 0 && text->len <= SIGNIN_CTL_TRANSFER_MAX)
    {
      n = read (fd, text->str + text->len, SIGNIN_CTL_TRANSFER_MAX + 1 - text->len);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          g_string_free (text, TRUE);
          return refuse_file (name, errno, error);
        }
      text->len += n;
    }
  return text;
}

static GString *
read_input (SigninCtl *ctl, GError **error)
{
  const char *name = ctl->args.n_words > 0 ? ctl->args.words[0] : "-";
  GString *text;
  int fd;

  if (g_str_equal (name, "-") && isatty (STDIN_FILENO))
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("Something is missing: signinctl %s %s"),
                   ctl->args.verb->name, "FILE");
      return NULL;
    }
  if (g_str_equal (name, "-"))
    return read_file (STDIN_FILENO, name, error);
  fd = open (name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return refuse_file (name, errno, error);
  text = read_file (fd, name, error);
  close (fd);
  return text;
}

static const SigninCtlAccount *
find_account (const Import *import, const SigninAccountInfo *info)
{
  return signin_ctl_snapshot_find (import->snapshot, info->id, NULL);
}

static void
add_difference (GPtrArray *differences, gboolean differs, const char *word)
{
  if (differs)
    g_ptr_array_add (differences, (gpointer) word);
}

static gboolean
differs (const char *a, const char *b)
{
  return g_strcmp0 (a != NULL ? a : "", b != NULL ? b : "") != 0;
}

/* (element-type utf8) (transfer container): keys of the file that say something else than what is here. */
static GPtrArray *
compare (const Import *import, const SigninAccountInfo *info, const SigninCtlAccount *account)
{
  g_autofree char *url = signin_account_info_get_url (info, import->services);
  GPtrArray *keys = g_ptr_array_new ();
  gboolean elsewhere = differs (info->organization, account->organization) || differs (info->region, account->region);

  add_difference (keys, differs (info->service, account->service), "service");
  add_difference (keys, differs (info->user_name, account->user_name), "user_name");
  add_difference (keys, differs (info->organization, account->organization), "organization");
  add_difference (keys, differs (info->region, account->region), "region");
  add_difference (keys, !elsewhere && differs (url, account->url), "url");
  add_difference (keys, info->policy.length_usec != account->session_length, "session_length_sec");
  add_difference (keys, info->policy.length_usec > 0 && info->policy.lead_usec != account->warning_lead,
                  "warning_lead_sec");
  return keys;
}

static Action
plan_account (const Import *import, const SigninAccountInfo *info, GPtrArray **differences)
{
  const SigninCtlAccount *account = find_account (import, info);

  *differences = account != NULL ? compare (import, info, account) : g_ptr_array_new ();
  return account == NULL ? ADD : (*differences)->len > 0 ? CHANGE : KEEP;
}

static Action
plan_setting (const Import *import, SigninSetting setting)
{
  const SigninOrigin *origin = &import->settings.origins[setting];
  g_autofree char *here = signin_settings_format (&import->settings, setting);

  if (g_str_equal (here, import->transfer->settings[setting]) && (origin->layer == SIGNIN_LAYER_USER || origin->locked))
    return KEEP;
  if (origin->locked)
    return LOCKED;
  return origin->layer == SIGNIN_LAYER_USER ? CHANGE : ADD;
}

static char *
join (GPtrArray *words)
{
  GString *joined = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    g_string_append_printf (joined, "%s%s", i > 0 ? ", " : "", (const char *) g_ptr_array_index (words, i));
  return g_string_free (joined, FALSE);
}

/* Nothing is begun that cannot be finished: says what is in the way. */
static gboolean
check_account (const Import *import, const SigninAccountInfo *info, GError **error)
{
  g_autoptr (GPtrArray) differences = NULL;
  g_autofree char *keys = NULL;
  const SigninCtlAccount *account = find_account (import, info);

  if (plan_account (import, info, &differences) != CHANGE)
    return TRUE;
  if (differs (info->service, account->service))
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
                   _ ("Nothing was imported: %s is an account of %s here; remove it first, or give it another id in "
                      "the file"),
                   info->id, account->service);
      return FALSE;
    }
  if (import->replace)
    return TRUE;
  keys = join (differences);
  g_set_error (
      error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
      /* TRANSLATORS: an account, and keys of a file */
      _ ("Nothing was imported: %s is here with other values (%s); --replace takes those of the file, --dry-run "
         "shows what would be done"),
      info->id, keys);
  return FALSE;
}

/* A value that is written into a file of which nothing is used would not count. */
static gboolean
check_settings_file (const Import *import, GError **error)
{
  const char *path = signin_settings_files_get_path (import->files, SIGNIN_LAYER_USER);
  g_autofree char *problem = NULL;
  gboolean any = FALSE;

  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    any |= import->transfer->settings[i] != NULL;
  if (!any || signin_settings_file_read (path, NULL, NULL, &problem))
    return TRUE;
  /* TRANSLATORS: what follows is a file, a line in it, and what is wrong there */
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("Nothing was imported: %s"), problem);
  return FALSE;
}

static gboolean
check_plan (const Import *import, GError **error)
{
  guint n = import->snapshot->accounts->len;

  for (guint i = 0; i < import->transfer->accounts->len; i++)
    {
      const SigninAccountInfo *info = g_ptr_array_index (import->transfer->accounts, i);

      if (!check_account (import, info, error))
        return FALSE;
      n += find_account (import, info) == NULL;
    }
  if (n > SIGNIN_ACCOUNTS_MAX)
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
                   _ ("Nothing was imported: there would be more than %d accounts"), SIGNIN_ACCOUNTS_MAX);
      return FALSE;
    }
  if (!check_settings_file (import, error))
    return FALSE;
  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    if (!import->replace && import->transfer->settings[i] != NULL && plan_setting (import, i) == CHANGE)
      {
        g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
                     _ ("Nothing was imported: the setting %s has another value here; --replace takes that of the "
                        "file, --dry-run shows what would be done"),
                     signin_setting_key (i));
        return FALSE;
      }
  return TRUE;
}

/* What the file says of an account, all of it: an empty text takes away what is here. */
static gboolean
send_account (Import *import, const SigninAccountInfo *info, const char *method, GError **error)
{
  const SigninService *service = signin_services_get (import->services, info->service);
  gboolean is_new = g_str_equal (method, "AddAccount");
  const char *nothing = is_new ? NULL : "";
  SigninAccountDetails details = {
    .service = is_new ? info->service : NULL,
    .user_name = info->user_name != NULL ? info->user_name : nothing,
    .organization = info->organization != NULL ? info->organization : nothing,
    .region = info->region != NULL ? info->region : nothing,
    .url = info->own_url != NULL ? info->own_url : nothing,
    .length_usec = info->policy.length_usec,
    .lead_usec = info->policy.length_usec > 0 ? info->policy.lead_usec : -1,
  };
  g_autoptr (sd_bus_message) message = signin_ctl_begin (import->ctl, method, error);

  if (service != NULL && !service->needs_organization)
    details.organization = NULL;
  if (service != NULL && !service->needs_region)
    details.region = NULL;
  if (message == NULL || signin_ctl_bus_failed (sd_bus_message_append (message, "s", info->id), error)
      || signin_ctl_bus_failed (signin_ctl_append_details (message, &details, FALSE), error))
    return FALSE;
  return signin_ctl_commit (import->ctl, message, error);
}

static gboolean
apply_accounts (Import *import, GError **error)
{
  for (guint i = 0; i < import->transfer->accounts->len; i++)
    {
      const SigninAccountInfo *info = g_ptr_array_index (import->transfer->accounts, i);
      g_autoptr (GPtrArray) differences = NULL;
      Action action = plan_account (import, info, &differences);

      if (action == KEEP || send_account (import, info, action == ADD ? "AddAccount" : "SetAccount", error))
        continue;
      /* TRANSLATORS: an account; what follows is why */
      g_prefix_error (error, _ ("The import stopped before %s: "), info->id);
      return FALSE;
    }
  return TRUE;
}

static gboolean
apply_settings (Import *import, GError **error)
{
  char *values[SIGNIN_N_SETTINGS] = { NULL };
  gboolean any = FALSE;

  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    if (import->transfer->settings[i] != NULL)
      {
        Action action = plan_setting (import, i);

        values[i] = action == ADD || action == CHANGE ? import->transfer->settings[i] : NULL;
        any |= values[i] != NULL;
      }
  return !any
         || signin_ctl_settings_write (signin_settings_files_get_path (import->files, SIGNIN_LAYER_USER), values,
                                       error);
}

static void
add_account_line (GString *out, const Import *import, const SigninAccountInfo *info)
{
  const SigninCtlStyle *style = &import->ctl->style;
  g_autoptr (GPtrArray) differences = NULL;
  Action action = plan_account (import, info, &differences);
  g_autofree char *keys = join (differences);

  if (action == KEEP)
    signin_ctl_line (out, style, 0, _ ("%s: is here already"), info->id);
  else if (action == ADD)
    signin_ctl_line (out, style, 0, import->dry_run ? _ ("%s: would be added") : _ ("%s: added"), info->id);
  else if (!import->replace || differs (info->service, find_account (import, info)->service))
    /* TRANSLATORS: an account, and keys of a file */
    signin_ctl_line (out, style, 0, _ ("%s: is here with other values (%s)"), info->id, keys);
  else
    /* TRANSLATORS: an account, and keys of a file */
    signin_ctl_line (out, style, 0, import->dry_run ? _ ("%s: would be changed (%s)") : _ ("%s: changed (%s)"),
                     info->id, keys);
}

static void
add_setting_line (GString *out, const Import *import, SigninSetting setting)
{
  const SigninCtlStyle *style = &import->ctl->style;
  const char *key = signin_setting_key (setting);
  const char *value = import->transfer->settings[setting];
  Action action = plan_setting (import, setting);

  if (action == KEEP)
    signin_ctl_line (out, style, 0, _ ("%s: is %s already"), key, value);
  else if (action == LOCKED)
    signin_ctl_line (out, style, 0, _ ("%s: stays as it is, the administrator has locked it"), key);
  else if (action == CHANGE && !import->replace)
    signin_ctl_line (out, style, 0, _ ("%s: has another value than %s"), key, value);
  else
    /* TRANSLATORS: a setting and its value */
    signin_ctl_line (out, style, 0, import->dry_run ? _ ("%s: would be set to %s") : _ ("%s: set to %s"), key, value);
}

static const char *
action_word (const Import *import, Action action, gboolean impossible)
{
  if (action == CHANGE && (!import->replace || impossible))
    return "conflict";
  return action == ADD ? "add" : action == KEEP ? "keep" : action == CHANGE ? "change" : "locked";
}

static int
show_json (const Import *import, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };

  signin_ctl_json_init (&json, FALSE);
  signin_ctl_json_bool (&json, "dry_run", import->dry_run);
  signin_ctl_json_array (&json, "accounts");
  for (guint i = 0; i < import->transfer->accounts->len; i++)
    {
      const SigninAccountInfo *info = g_ptr_array_index (import->transfer->accounts, i);
      g_autoptr (GPtrArray) differences = NULL;
      Action action = plan_account (import, info, &differences);
      gboolean impossible = g_ptr_array_find_with_equal_func (differences, "service", g_str_equal, NULL);

      signin_ctl_json_object (&json, NULL);
      signin_ctl_json_string (&json, "id", info->id);
      signin_ctl_json_string (&json, "action", action_word (import, action, impossible));
      signin_ctl_json_array (&json, "differences");
      for (guint k = 0; k < differences->len; k++)
        signin_ctl_json_string (&json, NULL, g_ptr_array_index (differences, k));
      signin_ctl_json_end (&json, ']');
      signin_ctl_json_end (&json, '}');
    }
  signin_ctl_json_end (&json, ']');
  signin_ctl_json_array (&json, "settings");
  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    if (import->transfer->settings[i] != NULL)
      {
        signin_ctl_json_object (&json, NULL);
        signin_ctl_json_string (&json, "key", signin_setting_key (i));
        signin_ctl_json_string (&json, "action", action_word (import, plan_setting (import, i), FALSE));
        signin_ctl_json_string (&json, "text", import->transfer->settings[i]);
        signin_ctl_json_end (&json, '}');
      }
  signin_ctl_json_end (&json, ']');
  return signin_ctl_show_json (&json, error);
}

/* The plan, which is what was done when it was done. */
static int
show (const Import *import, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (import->ctl->json)
    return show_json (import, error);
  for (guint i = 0; i < import->transfer->accounts->len; i++)
    add_account_line (out, import, g_ptr_array_index (import->transfer->accounts, i));
  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    if (import->transfer->settings[i] != NULL)
      add_setting_line (out, import, i);
  if (out->len == 0)
    signin_ctl_line (out, &import->ctl->style, 0, _ ("The file has no accounts and no settings"));
  return signin_ctl_show (out->str, error);
}

static gboolean
look (Import *import, GError **error)
{
  g_autoptr (GString) text = read_input (import->ctl, error);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);

  if (text == NULL)
    return FALSE;
  import->services = signin_services_load (error);
  if (import->services == NULL)
    return FALSE;
  import->transfer = signin_ctl_transfer_parse (import->services, text->str, text->len, error);
  if (import->transfer == NULL)
    return FALSE;
  import->snapshot = signin_ctl_look (import->ctl, error);
  import->files = signin_settings_files_new (NULL, NULL);
  signin_settings_files_read (import->files, &import->settings, problems);
  return import->snapshot != NULL;
}

/**
 * signin_ctl_run_import:
 * @ctl: the call
 * @error: why not
 *
 * Takes in what export wrote. All of it is checked before anything is changed, and what is here already with other
 * values is left alone unless the person says otherwise; a second time changes nothing.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_import (SigninCtl *ctl, GError **error)
{
  g_auto (Import) import = {
    .ctl = ctl,
    .replace = signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_REPLACE),
    .dry_run = signin_ctl_args_has (&ctl->args, SIGNIN_CTL_OPT_DRY_RUN),
  };

  if (!look (&import, error))
    return SIGNIN_CTL_FAILED;
  if (!import.dry_run
      && (!check_plan (&import, error) || !apply_accounts (&import, error) || !apply_settings (&import, error)))
    return SIGNIN_CTL_FAILED;
  return show (&import, error);
}
