/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is accepted of accounts: from people, from programs and from the database alike. */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "account.h"
#include "address.h"
#include "errors.h"
#include "names.h"
#include "user-name.h"

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT, message);
  return FALSE;
}

/**
 * signin_account_id_check:
 * @id: an id from outside
 * @error: return location
 *
 * Checks that @id can be the id of an account: a small letter or digit, then up to 62 of a-z, 0-9, dot, dash and
 * underscore.
 *
 * Returns: %FALSE with #SIGNIN_ERROR_INVALID_ARGUMENT if it cannot
 */
gboolean
signin_account_id_check (const char *id, GError **error)
{
  if (signin_text_is_id (id))
    return TRUE;
  if (strnlen (id, SIGNIN_ACCOUNT_ID_MAX + 1) > SIGNIN_ACCOUNT_ID_MAX)
    return signin_text_check (id, SIGNIN_ACCOUNT_ID_MAX, _ ("account id"), error);
  return refuse (error, _ ("account id: it is a small letter or digit, then up to 62 of a-z, 0-9, dot, dash and "
                           "underscore"));
}

/**
 * signin_source_check:
 * @source: a source from outside
 * @error: return location
 *
 * Checks that @source can name where a sign-in was made: 1 to #SIGNIN_SOURCE_MAX bytes that are harmless to show.
 *
 * Returns: %FALSE with #SIGNIN_ERROR_INVALID_ARGUMENT if it cannot
 */
gboolean
signin_source_check (const char *source, GError **error)
{
  if (!signin_text_check (source, SIGNIN_SOURCE_MAX, _ ("source"), error))
    return FALSE;
  if (*source == '\0' || g_ascii_isspace (*source) || g_ascii_isspace (source[strlen (source) - 1]))
    return refuse (error, _ ("source: it is empty, or begins or ends with a space"));
  return TRUE;
}

/**
 * signin_account_path:
 * @id: the id of an account
 *
 * Returns: (transfer full): the path of its object on the bus; every byte but letters and digits is written as `_xx`
 */
char *
signin_account_path (const char *id)
{
  g_autofree char *escaped = signin_text_escape_path (id);

  return g_strconcat (SIGNIN_ACCOUNT_PATH_PREFIX, escaped, NULL);
}

/* Both bounds of durations are whole minutes in all services but those that somebody made for a trial. */
static char *
format_duration (gint64 usec)
{
  if (usec % G_TIME_SPAN_MINUTE == 0)
    /* TRANSLATORS: a duration in minutes */
    return g_strdup_printf (_ ("%d min"), (int) (usec / G_TIME_SPAN_MINUTE));
  /* TRANSLATORS: a duration in seconds */
  return g_strdup_printf (_ ("%.6g s"), (double) usec / G_TIME_SPAN_SECOND);
}

static gboolean
check_length (const SigninService *service, gint64 length_usec, GError **error)
{
  g_autofree char *min = NULL;
  g_autofree char *max = NULL;

  if (length_usec >= service->min_length_usec && length_usec <= service->max_length_usec)
    return TRUE;
  min = format_duration (service->min_length_usec);
  max = format_duration (service->max_length_usec);
  g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT,
               _ ("session length: from %s to %s is allowed, or none"), min, max);
  return FALSE;
}

static gboolean
check_lead (const SigninService *service, const SigninPolicy *policy, gboolean given, GError **error)
{
  g_autofree char *min = NULL;
  g_autofree char *length = NULL;
  g_autofree char *lead = NULL;

  if (policy->lead_usec >= service->min_lead_usec && policy->lead_usec < policy->length_usec)
    return TRUE;
  min = format_duration (service->min_lead_usec);
  length = format_duration (policy->length_usec);
  lead = format_duration (policy->lead_usec);
  if (given)
    g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT,
                 _ ("warning lead: from %s up to less than the session length of %s is allowed"), min, length);
  else
    g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT,
                 _ ("warning lead: the present one of %s does not fit a session length of %s; give one from %s up to "
                    "less than that length"),
                 lead, length, min);
  return FALSE;
}

static gboolean
resolve_policy (SigninPolicy *policy, const SigninService *service, const SigninAccountInfo *base,
                const SigninAccountDetails *details, GError **error)
{
  *policy = base != NULL ? base->policy : service->policy;
  if (details->length_usec >= 0)
    policy->length_usec = details->length_usec;
  if (policy->length_usec == 0)
    {
      policy->lead_usec = 0;
      if (details->lead_usec > 0)
        return refuse (error, _ ("warning lead: there is no warning without a session length; give that too"));
      return TRUE;
    }
  /* An account that had no length had no lead to keep either. */
  if (policy->lead_usec == 0)
    policy->lead_usec = service->policy.lead_usec;
  if (details->lead_usec >= 0)
    policy->lead_usec = details->lead_usec;
  return check_length (service, policy->length_usec, error)
         && check_lead (service, policy, details->lead_usec >= 0, error);
}

static const SigninService *
find_service (const SigninServices *services, const char *id, GError **error)
{
  const SigninService *const *list = signin_services_list (services);
  const SigninService *service;
  g_autoptr (GString) ids = NULL;

  if (!signin_text_check (id, SIGNIN_ID_MAX, _ ("service"), error))
    return NULL;
  service = signin_services_get (services, id);
  if (service != NULL)
    return service;
  ids = g_string_new (NULL);
  for (guint i = 0; list[i] != NULL; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? ", " : "", list[i]->id);
  g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT, _ ("service: “%s” is not known; known are %s"), id,
               ids->str);
  return NULL;
}

/* The service of the account; an account never changes to another. */
static const SigninService *
resolve_service (const SigninServices *services, const SigninAccountInfo *base, const SigninAccountDetails *details,
                 GError **error)
{
  const char *given = details->service != NULL && *details->service != '\0' ? details->service : NULL;

  if (base == NULL)
    return find_service (services, given != NULL ? given : SIGNIN_SERVICE_DEFAULT, error);
  if (given != NULL && !g_str_equal (given, base->service))
    {
      refuse (error, _ ("service: an account stays with its service; remove it and add it anew"));
      return NULL;
    }
  return find_service (services, base->service, error);
}

/* Copies @text to @end and moves that on; a text that is not there takes no place. */
static const char *
put (char **end, const char *text)
{
  char *start = *end;

  if (text == NULL)
    return NULL;
  *end = g_stpcpy (start, text) + 1;
  return start;
}

static gsize
space (const char *text)
{
  return text != NULL ? strlen (text) + 1 : 0;
}

static SigninAccountInfo *
pack (const char *id, const SigninService *service, const char *user_name, const SigninAddress *address,
      const SigninPolicy *policy)
{
  gsize size = sizeof (SigninAccountInfo) + space (id) + space (user_name) + space (address->organization)
               + space (address->own_url);
  SigninAccountInfo *info = g_malloc (size);
  char *end = info->id;

  g_atomic_ref_count_init (&info->ref_count);
  info->service = service->id;
  info->region = address->region != NULL ? address->region->label : NULL;
  info->policy = *policy;
  put (&end, id);
  info->user_name = put (&end, user_name);
  info->organization = put (&end, address->organization);
  info->own_url = put (&end, address->own_url);
  return info;
}

/**
 * signin_account_info_new:
 * @services: the services
 * @id: the account's id, from outside
 * @base: (nullable): the account as it was, to change it; %NULL for a new one
 * @details: what is said of it, nothing checked yet. What is %NULL (or -1) stays as it was, or as the service has it;
 *   an empty text takes a value away
 * @error: return location
 *
 * Checks every detail, completes them from @base and from the service, and puts them together.
 *
 * Returns: (transfer full): the account, or %NULL with #SIGNIN_ERROR_INVALID_ARGUMENT and the bound that was broken
 */
SigninAccountInfo *
signin_account_info_new (const SigninServices *services, const char *id, const SigninAccountInfo *base,
                         const SigninAccountDetails *details, GError **error)
{
  g_auto (SigninAddress) address = { 0 };
  const SigninService *service;
  const char *user_name = details->user_name;
  SigninPolicy policy;

  if (!signin_account_id_check (id, error))
    return NULL;
  service = resolve_service (services, base, details, error);
  if (service == NULL)
    return NULL;
  if (user_name == NULL && base != NULL)
    user_name = base->user_name;
  if (user_name != NULL && *user_name == '\0')
    user_name = NULL;
  if (user_name != NULL && !signin_user_name_check (service, user_name, error))
    return NULL;
  if (!signin_address_resolve (&address, services, service, base, details, error)
      || !resolve_policy (&policy, service, base, details, error))
    return NULL;
  return pack (id, service, user_name, &address, &policy);
}

/**
 * signin_account_info_ref:
 * @info: an account
 *
 * Returns: (transfer full): @info
 */
SigninAccountInfo *
signin_account_info_ref (SigninAccountInfo *info)
{
  g_atomic_ref_count_inc (&info->ref_count);
  return info;
}

/**
 * signin_account_info_unref:
 * @info: (nullable): an account
 *
 * Gives up one reference.
 */
void
signin_account_info_unref (SigninAccountInfo *info)
{
  if (info != NULL && g_atomic_ref_count_dec (&info->ref_count))
    g_free (info);
}

/**
 * signin_account_info_get_url:
 * @info: an account
 * @services: the services that it was made with
 *
 * Returns: (transfer full): the page to sign in on; empty if the account's service is not known any more
 */
char *
signin_account_info_get_url (const SigninAccountInfo *info, const SigninServices *services)
{
  const SigninService *service = signin_services_get (services, info->service);
  const SigninRegion *region = NULL;

  if (info->own_url != NULL)
    return g_strdup (info->own_url);
  if (service == NULL)
    return g_strdup ("");
  if (info->region != NULL)
    region = signin_services_find_region (services, info->region);
  return signin_service_expand_url (service, info->organization, region);
}
