/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "ask.h"
#include "describe.h"
#include "details.h"
#include "times.h"
#include "typed.h"
#include "user-name.h"
#include "verbs.h"

/**
 * Addition:
 * @ctl: the call
 * @services: what is known; read when first needed
 * @address: what the address that was given tells
 * @details: all that is said of the account
 * @user_name: a name that was asked for
 *
 * An account in the making.
 */
typedef struct
{
  SigninCtl *ctl;
  SigninServices *services;
  SigninCtlAddress address;
  SigninAccountDetails details;
  char *user_name;
} Addition;

static void
addition_clear (Addition *addition)
{
  signin_ctl_address_clear (&addition->address);
  g_clear_pointer (&addition->services, signin_services_free);
  g_clear_pointer (&addition->user_name, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Addition, addition_clear)

static gboolean
load_services (Addition *addition, GError **error)
{
  if (addition->services == NULL)
    addition->services = signin_services_load (error);
  return addition->services != NULL;
}

static void
take_address (Addition *addition)
{
  addition->details.service = addition->address.service;
  addition->details.organization = addition->address.organization;
  addition->details.region = addition->address.region;
  addition->details.url = addition->address.url;
}

/* Fills in what an address tells; an id tells nothing but itself, and needs no knowledge of services. */
static gboolean
read_word (Addition *addition, const char *word, GError **error)
{
  gboolean is_address = FALSE;

  signin_ctl_address_clear (&addition->address);
  if (strpbrk (word, ".:/") != NULL)
    {
      if (!load_services (addition, error))
        return FALSE;
      is_address = signin_ctl_is_address (addition->services, word);
    }
  if (is_address && !signin_ctl_parse_address (&addition->address, addition->services, word, error))
    return FALSE;
  if (!is_address)
    {
      addition->address = (SigninCtlAddress){ .id = g_strdup (word) };
      if (!signin_account_id_check (word, error))
        return FALSE;
    }
  take_address (addition);
  return TRUE;
}

/* The address alone, of an account whose id was given. */
static gboolean
read_page (Addition *addition, const char *word, GError **error)
{
  g_auto (SigninCtlAddress) page = { NULL };

  if (!signin_ctl_parse_address (&page, addition->services, word, error))
    return FALSE;
  g_free (page.id);
  page.id = g_steal_pointer (&addition->address.id);
  signin_ctl_address_clear (&addition->address);
  addition->address = page;
  page = (SigninCtlAddress){ NULL };
  take_address (addition);
  return TRUE;
}

static gboolean
read_user_name (Addition *addition, const char *answer, GError **error)
{
  const SigninService *service = signin_services_get (addition->services, addition->details.service);

  if (*answer == '\0')
    return TRUE;
  if (service != NULL && !signin_user_name_check (service, answer, error))
    return FALSE;
  addition->user_name = g_strdup (answer);
  addition->details.user_name = addition->user_name;
  return TRUE;
}

static gboolean
read_length (Addition *addition, const char *answer, GError **error)
{
  SigninAccountDetails details = addition->details;
  g_autoptr (SigninAccountInfo) info = NULL;

  if (*answer == '\0')
    return TRUE;
  if (g_ascii_strcasecmp (answer, "none") == 0)
    details.length_usec = 0;
  else if (!signin_ctl_parse_duration (answer, &details.length_usec, error))
    return FALSE;
  info = signin_account_info_new (addition->services, addition->address.id, NULL, &details, error);
  if (info == NULL)
    return FALSE;
  addition->details = details;
  return TRUE;
}

/* Asks until the answer makes sense, three times at most. */
static gboolean
ask (Addition *addition, const char *question, gboolean (*read) (Addition *, const char *, GError **), GError **error)
{
  for (guint tries = 0;;)
    {
      g_autoptr (GError) problem = NULL;
      g_autofree char *answer = signin_ctl_ask (&addition->ctl->style, question, error);

      if (answer == NULL)
        return FALSE;
      if (read (addition, answer, &problem))
        return TRUE;
      if (!signin_ctl_ask_again (&addition->ctl->style, problem, &tries))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
    }
}

static gboolean
ask_page (Addition *addition, GError **error)
{
  g_autofree char *question = NULL;

  if (addition->details.service != NULL || addition->details.organization != NULL || addition->details.url != NULL)
    return TRUE;
  /* TRANSLATORS: a question; %s is the id of an account */
  question = g_strdup_printf (_ ("Which page does %s sign in on? Its address, such as "
                                 "https://contoso.crm4.dynamics.com:"),
                              addition->address.id);
  return ask (addition, question, read_page, error);
}

static gboolean
ask_length (Addition *addition, const SigninService *service, GError **error)
{
  g_autofree char *usual = service->policy.length_usec > 0 ? signin_ctl_format_duration (service->policy.length_usec)
                                                           : g_strdup ("none");
  g_autofree char *question = NULL;

  if (addition->details.length_usec >= 0)
    return TRUE;
  /* TRANSLATORS: a question; an account, and what an empty answer means, such as "8 h" or "none". "none" is typed in
   * English */
  question = g_strdup_printf (_ ("How long does %s keep you signed in? [%s]"), addition->address.id, usual);
  return ask (addition, question, read_length, error);
}

/* What an address does not tell, where somebody can be asked. */
static gboolean
ask_rest (Addition *addition, GError **error)
{
  const SigninService *service;

  if (!load_services (addition, error) || !ask_page (addition, error))
    return FALSE;
  service = signin_services_get (addition->services, addition->details.service != NULL ? addition->details.service
                                                                                       : SIGNIN_SERVICE_DEFAULT);
  /* The daemon says what is wrong with the service's name. */
  if (service == NULL)
    return TRUE;
  if (addition->details.user_name == NULL
      && !ask (addition, _ ("Which name do you sign in with, such as username@contoso.com? [none]"), read_user_name,
               error))
    return FALSE;
  return ask_length (addition, service, error);
}

/* Never behind a pipe, and never for a program that wants JSON. */
static gboolean
may_ask (const SigninCtl *ctl)
{
  return !ctl->json && signin_ctl_can_ask ();
}

static gboolean
read_first (Addition *addition, GError **error)
{
  const SigninCtlArgs *args = &addition->ctl->args;

  if (args->n_words > 0)
    return read_word (addition, args->words[0], error);
  if (may_ask (addition->ctl))
    return ask (addition, _ ("Address of the page that you sign in on, such as https://contoso.crm4.dynamics.com:"),
                read_word, error);
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("Something is missing: signinctl %s %s"), args->verb->name,
               args->verb->words);
  return FALSE;
}

static char *
describe_repair (const Addition *addition)
{
  if (!addition->address.repaired)
    return NULL;
  return g_strdup (_ ("The address had one slash after https: in place of two; it was taken with two"));
}

static gboolean
add_account (SigninCtl *ctl, const char *id, const SigninAccountDetails *details, GError **error)
{
  g_autoptr (sd_bus_message) message = signin_ctl_begin (ctl, "AddAccount", error);

  if (message == NULL || signin_ctl_bus_failed (sd_bus_message_append (message, "s", id), error)
      || signin_ctl_bus_failed (signin_ctl_append_details (message, details, FALSE), error))
    return FALSE;
  return signin_ctl_commit (ctl, message, error);
}

static int
show (const Addition *addition, const SigninCtlAccount *account, GError **error)
{
  SigninCtl *ctl = addition->ctl;
  g_auto (SigninCtlJson) json = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *what = signin_ctl_describe_what (account);
  g_autofree char *rule = signin_ctl_describe_rule (account);
  g_autofree char *id = signin_ctl_quote (account->id);
  g_autofree char *notice = describe_repair (addition);

  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_account (&json, "account", account, ctl->now_usec);
      signin_ctl_json_string (&json, "notice", notice);
      return signin_ctl_show_json (&json, error);
    }
  if (notice != NULL)
    signin_ctl_line (out, &ctl->style, 0, "%s", notice);
  /* TRANSLATORS: an account, and what it is */
  signin_ctl_line (out, &ctl->style, 0, _ ("Added %s: %s"), account->id, what);
  signin_ctl_address (out, &ctl->style, 2, account->url);
  signin_ctl_line (out, &ctl->style, 2, "%s", rule);
  signin_ctl_line (out, &ctl->style, 0, _ ("After signing in: signinctl record %s"), id);
  return signin_ctl_show (out->str, error);
}

/**
 * signin_ctl_run_add:
 * @ctl: the call
 * @error: why not
 *
 * Adds an account, by id or by address. On a terminal it asks for what is missing.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_add (SigninCtl *ctl, GError **error)
{
  g_auto (Addition) addition = { .ctl = ctl, .details = SIGNIN_ACCOUNT_DETAILS_INIT };
  g_autoptr (SigninCtlSnapshot) snapshot = NULL;
  const SigninCtlAccount *account;

  if (!read_first (&addition, error) || !signin_ctl_read_details (ctl, &addition.details, error)
      || (may_ask (ctl) && !ask_rest (&addition, error))
      || !add_account (ctl, addition.address.id, &addition.details, error))
    return SIGNIN_CTL_FAILED;
  snapshot = signin_ctl_look (ctl, error);
  account = snapshot != NULL ? signin_ctl_snapshot_find (snapshot, addition.address.id, error) : NULL;
  return account != NULL ? show (&addition, account, error) : SIGNIN_CTL_FAILED;
}
