/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <string.h>

#include "names.h"
#include "popup-text.h"

/* Does the time of day end in AM or PM where this person lives? */
static gboolean
twelve_hours (void)
{
  const char *format = nl_langinfo (T_FMT);

  return strstr (format, "%r") != NULL || strstr (format, "%I") != NULL || strstr (format, "%l") != NULL;
}

/**
 * signin_popup_clock:
 * @real_usec: a point in time, in microseconds of CLOCK_REALTIME
 *
 * Returns: (transfer full): its local time of day in hours and minutes, as the locale writes it
 */
char *
signin_popup_clock (gint64 real_usec)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (real_usec / G_USEC_PER_SEC);
  g_autofree char *text = NULL;

  if (time != NULL)
    text = g_date_time_format (time, twelve_hours () ? "%-I:%M %p" : "%H:%M");
  return text != NULL ? g_steal_pointer (&text) : g_strdup ("?");
}

/* No user name: popups are seen by whoever looks over a shoulder. */
static char *
describe_account (const SigninPopupFacts *facts)
{
  const char *source = facts->source;

  if (source != NULL && strcmp (source, SIGNIN_SOURCE_MANUAL) == 0)
    source = _("recorded by hand");

  if (source != NULL)
    /* TRANSLATORS: a service, an account and where the sign-in was made: "Dynamics 365 (contoso, firefox)" */
    return g_strdup_printf (_("%s (%s, %s)"), facts->service_name, facts->account, source);
  if (strcmp (facts->account, facts->service) == 0)
    return g_strdup (facts->service_name);
  /* TRANSLATORS: a service and an account: "Dynamics 365 (contoso)" */
  return g_strdup_printf (_("%s (%s)"), facts->service_name, facts->account);
}

static void
add_button (SigninPopup *popup, const char *key, const char *label)
{
  g_return_if_fail (popup->n_buttons < SIGNIN_POPUP_MAX_BUTTONS);

  popup->buttons[popup->n_buttons].key = key;
  popup->buttons[popup->n_buttons].label = label;
  popup->n_buttons++;
}

static void
write_warning (SigninPopup *popup, const SigninPopupFacts *facts, const char *who, const char *clock)
{
  /* TRANSLATORS: title of the warning: "Dynamics 365 (contoso) signs you out at 16:12". It may be all that is seen. */
  popup->title = g_strdup_printf (_("%s signs you out at %s"), who, clock);
  /* Of Dynamics it is known that its page shows a message, and what the way back is. */
  if (g_str_has_prefix (facts->service, "dynamics365"))
    popup->body = g_strdup (
      _("Save your work. In the Dynamics page choose OK in its message, sign in again, then go Back."));
  else
    popup->body = g_strdup (_("Save your work, then sign in again."));
  popup->default_label = _("Sign in again");
  add_button (popup, SIGNIN_ACTION_SIGN_IN, _("Sign in again"));
  add_button (popup, SIGNIN_ACTION_SIGNED_IN, _("I have signed in"));
  add_button (popup, SIGNIN_ACTION_DISMISS, _("Dismiss"));
}

static void
write_expired (SigninPopup *popup, const SigninPopupFacts *facts, const char *who, const char *clock)
{
  if (facts->reported)
    {
      popup->title = g_strdup_printf (_("%s signed you out at %s"), who, clock);
      popup->body = g_strdup (
        _("Copy what you have not saved before you click anything in the page, then sign in again."));
    }
  else
    {
      /* TRANSLATORS: "probably", because nobody but the person knows of a later sign-in */
      popup->title = g_strdup_printf (_("%s probably signed you out at %s"), who, clock);
      popup->body = g_strdup (_("Your session has probably ended. Copy what you have not saved before you click "
                                "anything in the page, then sign in again."));
    }
  popup->default_label = _("Sign in");
  add_button (popup, SIGNIN_ACTION_SIGN_IN, _("Sign in"));
  add_button (popup, SIGNIN_ACTION_SIGNED_IN, _("I have signed in"));
}

static void
write_question (SigninPopup *popup, const char *who)
{
  /* TRANSLATORS: asked after the sign-in page was opened: "Signed in again to Dynamics 365 (contoso)?" */
  popup->title = g_strdup_printf (_("Signed in again to %s?"), who);
  /* TRANSLATORS: quotes the label of the button "I have signed in" */
  popup->body = g_strdup (_("Opening the page alone renews nothing. Press “I have signed in” once you have: the "
                            "time starts anew from then."));
  popup->icon = "dialog-question";
  add_button (popup, SIGNIN_ACTION_SIGNED_IN, _("I have signed in"));
  add_button (popup, SIGNIN_ACTION_NOT_YET, _("Not yet"));
}

/**
 * signin_popup_new:
 * @facts: what the popup is about; its kind is not %SIGNIN_POPUP_NONE
 *
 * Puts a popup into words, in the language of the process.
 *
 * Returns: (transfer full): the popup, of step 0
 */
SigninPopup *
signin_popup_new (const SigninPopupFacts *facts)
{
  SigninPopup *popup = g_new0 (SigninPopup, 1);
  g_autofree char *who = describe_account (facts);
  g_autofree char *clock = signin_popup_clock (facts->ends_usec);

  popup->icon = "dialog-warning";
  if (facts->kind == SIGNIN_POPUP_WARNING)
    write_warning (popup, facts, who, clock);
  else if (facts->kind == SIGNIN_POPUP_EXPIRED)
    write_expired (popup, facts, who, clock);
  else
    write_question (popup, who);

  if (facts->address != NULL)
    {
      g_autofree char *body = g_steal_pointer (&popup->body);

      /* TRANSLATORS: what to do, then a new line with the address of the sign-in page */
      popup->body = g_strdup_printf (_("%s\nNo browser could be started. The page to sign in on: %s"), body,
                                     facts->address);
    }
  return popup;
}

/**
 * signin_popup_free:
 * @popup: (transfer full): a popup
 */
void
signin_popup_free (SigninPopup *popup)
{
  g_free (popup->title);
  g_free (popup->body);
  g_free (popup);
}
