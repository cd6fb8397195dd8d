/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The forms of names that people sign in with, and which service takes which. */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "address.h"
#include "errors.h"
#include "text.h"
#include "user-name.h"

/* RFC 5321 */
#define LOCAL_PART_MAX 64
/* A NetBIOS domain and a logon name of Active Directory. */
#define DIRECTORY_DOMAIN_MAX 15
#define DIRECTORY_USER_MAX 64

/* Whether @rest is what follows in outlook.com, hotmail.fr, live.co.uk or outlook.com.br. */
static gboolean
is_top_level (const char *rest)
{
  gsize len = strlen (rest);

  if (g_ascii_strcasecmp (rest, "com") == 0)
    return TRUE;
  if (g_ascii_strncasecmp (rest, "com.", 4) == 0)
    return len == 6;
  if (g_ascii_strncasecmp (rest, "co.", 3) == 0)
    return len == 5;
  return len == 2;
}

/* Mail domains that Microsoft gives to the public: a name there is never a work or school name. */
static gboolean
is_consumer_domain (const char *domain)
{
  static const char *const whole[] = { "msn.com", "passport.com", "windowslive.com" };
  static const char *const first[] = { "outlook", "hotmail", "live" };

  for (guint i = 0; i < G_N_ELEMENTS (whole); i++)
    {
      if (g_ascii_strcasecmp (domain, whole[i]) == 0)
        return TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (first); i++)
    {
      gsize len = strlen (first[i]);

      if (g_ascii_strncasecmp (domain, first[i], len) == 0 && domain[len] == '.' && is_top_level (domain + len + 1))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_local_part (const char *text, gsize len)
{
  if (len == 0 || len > LOCAL_PART_MAX || text[0] == '.' || text[len - 1] == '.')
    return FALSE;
  for (gsize i = 0; i < len; i++)
    {
      if (!g_ascii_isalnum (text[i]) && strchr ("!#$%&'*+-/=?^_`{|}~.", text[i]) == NULL)
        return FALSE;
      if (text[i] == '.' && text[i + 1] == '.')
        return FALSE;
    }
  return TRUE;
}

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT, message);
  return FALSE;
}

static gboolean
check_mail_form (const SigninService *service, const char *user_name, const char *at, GError **error)
{
  const char *domain = at + 1;
  gboolean has_dot = strchr (domain, '.') != NULL;

  if (!is_local_part (user_name, at - user_name))
    return refuse (error, _ ("user name: what stands before the @ is not a name: 1 to 64 letters, digits and signs, "
                             "without spaces"));
  if (!signin_host_is_valid (domain, strlen (domain)) || (!has_dot && (service->names & SIGNIN_NAMES_DIRECTORY) == 0))
    return refuse (error, _ ("user name: what stands after the @ is not a domain such as contoso.com"));
  if (g_ascii_strcasecmp (domain, "onmicrosoft.com") == 0)
    return refuse (error, _ ("user name: the organization is missing before onmicrosoft.com"));
  if (is_consumer_domain (domain) && (service->names & SIGNIN_NAMES_MICROSOFT) == 0)
    {
      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT,
                   /* TRANSLATORS: the first %s is a domain such as outlook.com, the second a service */
                   _ ("user name: a name at %s is a Microsoft account, and %s does not take those; give a work or "
                      "school name such as user@contoso.com or user@contoso.onmicrosoft.com"),
                   domain, service->name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_directory_form (const SigninService *service, const char *user_name, const char *backslash, GError **error)
{
  gsize domain_len = backslash - user_name;
  gsize user_len = strlen (backslash + 1);
  gboolean has_dot = memchr (user_name, '.', domain_len) != NULL;

  if ((service->names & SIGNIN_NAMES_DIRECTORY) == 0)
    {
      g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT,
                   _ ("user name: %s does not take Active Directory names such as CONTOSO\\user; give a name such as "
                      "user@contoso.com"),
                   service->name);
      return FALSE;
    }
  if (!signin_host_is_valid (user_name, domain_len) || (!has_dot && domain_len > DIRECTORY_DOMAIN_MAX))
    return refuse (error,
                   _ ("user name: what stands before the backslash is not a domain: up to 15 letters, digits and "
                      "dashes, or a domain such as contoso.com"));
  if (user_len == 0 || user_len > DIRECTORY_USER_MAX || strpbrk (backslash + 1, " \"/\\[]:;|=,+*?<>@") != NULL)
    return refuse (error, _ ("user name: what stands after the backslash is not a name of 1 to 64 bytes"));
  return TRUE;
}

/**
 * signin_user_name_check:
 * @service: a service
 * @user_name: the name somebody signs in with, from outside
 * @error: return location
 *
 * Checks that @user_name has one of the forms that @service accepts: user@contoso.onmicrosoft.com and user@contoso.com
 * (work or school), an e-mail address that was invited (Microsoft account), CONTOSO\user (Active Directory).
 *
 * Returns: %FALSE with #SIGNIN_ERROR_INVALID_ARGUMENT and the reason if it has not
 */
gboolean
signin_user_name_check (const SigninService *service, const char *user_name, GError **error)
{
  const char *sign;

  if (!signin_text_check (user_name, SIGNIN_USER_NAME_MAX, _ ("user name"), error))
    return FALSE;
  if ((service->names & SIGNIN_NAMES_ANY) != 0)
    return TRUE;
  sign = strchr (user_name, '\\');
  if (sign != NULL)
    return check_directory_form (service, user_name, sign, error);
  sign = strchr (user_name, '@');
  if (sign != NULL)
    return check_mail_form (service, user_name, sign, error);
  return refuse (error, _ ("user name: give a name such as user@contoso.com or user@contoso.onmicrosoft.com"));
}
