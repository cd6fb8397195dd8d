/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "describe.h"
#include "details.h"
#include "verbs.h"

/* Fills in what an address tells; an id tells nothing but itself, and needs no knowledge of services. */
static gboolean
read_address (const char *word, SigninServices **services, SigninCtlAddress *address, GError **error)
{
  if (strpbrk (word, ".:/") == NULL)
    {
      address->id = g_strdup (word);
      return TRUE;
    }
  *services = signin_services_load (error);
  if (*services == NULL)
    return FALSE;
  if (signin_ctl_is_address (*services, word))
    return signin_ctl_parse_address (address, *services, word, error);
  address->id = g_strdup (word);
  return TRUE;
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
show (SigninCtl *ctl, const SigninCtlAccount *account, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree char *what = signin_ctl_describe_what (account);
  g_autofree char *rule = signin_ctl_describe_rule (account);
  g_autofree char *id = signin_ctl_quote (account->id);

  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_account (&json, "account", account, ctl->now_usec);
      return signin_ctl_show_json (&json, error);
    }
  /* TRANSLATORS: an account, and what it is */
  signin_ctl_line (out, &ctl->style, 0, _ ("Added %s: %s"), account->id, what);
  signin_ctl_line (out, &ctl->style, 2, "%s", account->url);
  signin_ctl_line (out, &ctl->style, 2, "%s", rule);
  signin_ctl_line (out, &ctl->style, 0, _ ("After signing in: signinctl record %s"), id);
  return signin_ctl_show (out->str, error);
}

/**
 * signin_ctl_run_add:
 * @ctl: the call
 * @error: why not
 *
 * Adds an account, by id or by address.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_add (SigninCtl *ctl, GError **error)
{
  SigninAccountDetails details = SIGNIN_ACCOUNT_DETAILS_INIT;
  g_autoptr (SigninServices) services = NULL;
  g_autoptr (SigninCtlSnapshot) snapshot = NULL;
  g_auto (SigninCtlAddress) address = { NULL };
  const SigninCtlAccount *account;

  if (!read_address (ctl->args.words[0], &services, &address, error))
    return SIGNIN_CTL_FAILED;
  details.service = address.service;
  details.organization = address.organization;
  details.region = address.region;
  details.url = address.url;
  if (!signin_ctl_read_details (ctl, &details, error) || !add_account (ctl, address.id, &details, error))
    return SIGNIN_CTL_FAILED;
  snapshot = signin_ctl_look (ctl, error);
  account = snapshot != NULL ? signin_ctl_snapshot_find (snapshot, address.id, error) : NULL;
  return account != NULL ? show (ctl, account, error) : SIGNIN_CTL_FAILED;
}
