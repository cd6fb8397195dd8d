/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <string.h>

#include "icon.h"
#include "names.h"
#include "popup-text.h"
#include "source.h"

/* Letters of two account ids beside "Sign in to" that the narrowest of the common servers has room for. */
#define ROOM_FOR_IDS 12

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

/**
 * signin_popup_minutes:
 * @usec: a span of time
 *
 * Returns: the nearest number of minutes, at least 1: who was woken some milliseconds late still says "10 minutes"
 */
guint
signin_popup_minutes (gint64 usec)
{
  return MAX ((usec + 30 * G_USEC_PER_SEC) / (60 * G_USEC_PER_SEC), 1);
}

static char *
describe_account (const SigninPopupAccount *account)
{
  g_autofree char *source = NULL;

  if (account->source != NULL && strcmp (account->source, SIGNIN_SOURCE_MANUAL) == 0)
    source = g_strdup (_ ("recorded by hand"));
  else if (account->source != NULL)
    source = signin_source_describe (account->source, account->with_profile);

  if (source != NULL)
    /* TRANSLATORS: a service, an account and where the sign-in was made: "Dynamics 365 (contoso, Firefox)" */
    return g_strdup_printf (_ ("%s (%s, %s)"), account->service_name, account->id, source);
  if (strcmp (account->id, account->service) == 0)
    return g_strdup (account->service_name);
  /* TRANSLATORS: a service and an account: "Dynamics 365 (contoso)" */
  return g_strdup_printf (_ ("%s (%s)"), account->service_name, account->id);
}

static void
add_button (SigninPopup *popup, const char *key, const char *label)
{
  g_return_if_fail (popup->n_buttons < SIGNIN_POPUP_MAX_BUTTONS);

  popup->buttons[popup->n_buttons].key = g_strdup (key);
  popup->buttons[popup->n_buttons].label = g_strdup (label);
  popup->n_buttons++;
}

/* A sentence that can be read alone: it may be all that is seen. */
static char *
tell_end (const SigninPopupAccount *account)
{
  g_autofree char *who = describe_account (account);
  g_autofree char *clock = signin_popup_clock (account->ends_usec);

  if (account->kind == SIGNIN_POPUP_WARNING)
    /* TRANSLATORS: title of the warning: "Dynamics 365 (contoso) signs you out at 16:12". It may be all that is seen.
     */
    return g_strdup_printf (_ ("%s signs you out at %s"), who, clock);
  if (account->kind == SIGNIN_POPUP_QUESTION)
    /* TRANSLATORS: asked after the sign-in page was opened: "Signed in again to Dynamics 365 (contoso)?" */
    return g_strdup_printf (_ ("Signed in again to %s?"), who);
  if (account->reported)
    return g_strdup_printf (_ ("%s signed you out at %s"), who, clock);
  /* TRANSLATORS: "probably", because nobody but the person knows of a later sign-in */
  return g_strdup_printf (_ ("%s probably signed you out at %s"), who, clock);
}

static char *
tell_minutes (const SigninPopupAccount *account, guint minutes)
{
  g_autofree char *who = describe_account (account);

  /* TRANSLATORS: title of a reminder: "Dynamics 365 (contoso) signs you out in 5 minutes" */
  return g_strdup_printf (ngettext ("%s signs you out in %u minute", "%s signs you out in %u minutes", minutes), who,
                          minutes);
}

/* Takes @title. */
static char *
count_others (char *title, guint n_others)
{
  g_autofree char *lead = title;

  if (n_others == 0)
    return g_steal_pointer (&lead);
  /* TRANSLATORS: a title such as "Dynamics 365 (contoso) signs you out at 16:12", and how many more accounts the popup
   * is about; they are listed below it */
  return g_strdup_printf (ngettext ("%s – and %u more account", "%s – and %u more accounts", n_others), lead, n_others);
}

static void
write_title (SigninPopup *popup, const SigninPopupFacts *facts)
{
  const SigninPopupAccount *lead = &facts->accounts[facts->lead];
  guint n_others = facts->n_accounts - 1;

  popup->title = count_others (tell_end (lead), n_others);
  if (facts->minutes > 0 && lead->kind == SIGNIN_POPUP_WARNING)
    {
      popup->later_title = g_steal_pointer (&popup->title);
      popup->title = count_others (tell_minutes (lead, facts->minutes), n_others);
    }
}

static void
add_list (GString *body, const SigninPopupFacts *facts)
{
  guint n_lines = facts->n_accounts > SIGNIN_POPUP_MAX_LINES ? SIGNIN_POPUP_MAX_LINES - 1 : facts->n_accounts;
  guint n_more = facts->n_accounts - n_lines;

  for (guint i = 0; i < n_lines; i++)
    {
      const SigninPopupAccount *account = &facts->accounts[i];
      g_autofree char *line = tell_end (account);

      g_string_append (body, line);
      if (account->user_name != NULL)
        g_string_append_printf (body, " (%s)", account->user_name);
      g_string_append_c (body, '\n');
    }
  if (n_more > 0)
    {
      /* TRANSLATORS: last line of a list of accounts */
      g_string_append_printf (body, ngettext ("and %u more", "and %u more", n_more), n_more);
      g_string_append_c (body, '\n');
    }
}

/* The title may be cut: some servers give it one line. So the time stands here as well. */
static void
add_end (GString *body, const SigninPopupAccount *account)
{
  g_autofree char *clock = signin_popup_clock (account->ends_usec);

  if (account->kind == SIGNIN_POPUP_WARNING)
    g_string_append_printf (body, _ ("Your session ends at %s."), clock);
  else if (account->reported)
    g_string_append_printf (body, _ ("Your session ended at %s."), clock);
  else
    g_string_append_printf (body, _ ("Your session has probably ended at %s."), clock);
  g_string_append_c (body, ' ');
}

static SigninTrouble
worst_trouble (const SigninPopupFacts *facts)
{
  SigninTrouble worst = SIGNIN_TROUBLE_NONE;

  for (guint i = 0; i < facts->n_accounts; i++)
    worst = MAX (worst, facts->accounts[i].trouble);
  return worst;
}

/* "contoso, fabrikam": those that have it, if the popup is about others too. */
static char *
list_troubled (const SigninPopupFacts *facts, SigninTrouble trouble)
{
  GString *ids = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < facts->n_accounts; i++)
    if (facts->accounts[i].trouble == trouble && ++n <= SIGNIN_POPUP_MAX_LINES)
      g_string_append_printf (ids, "%s%s", n > 1 ? ", " : "", facts->accounts[i].id);
  if (n > SIGNIN_POPUP_MAX_LINES)
    g_string_append (ids, "…");
  return g_string_free (ids, FALSE);
}

static char *
tell_trouble (const SigninPopupFacts *facts, SigninTrouble trouble)
{
  g_autofree char *ids = facts->n_accounts > 1 ? list_troubled (facts, trouble) : NULL;

  if (trouble == SIGNIN_TROUBLE_OFFLINE)
    return g_strdup (_ ("You are offline: signing in again will not work now."));
  if (trouble == SIGNIN_TROUBLE_CAPTIVE)
    return g_strdup (_ ("This network wants you to log in to it first: until then signing in again will not work."));
  if (trouble == SIGNIN_TROUBLE_DOWN && ids == NULL)
    return g_strdup (_ ("The service does not work: signing in again will probably fail now."));
  if (trouble == SIGNIN_TROUBLE_DOWN)
    /* TRANSLATORS: a list of accounts */
    return g_strdup_printf (_ ("The service does not work: signing in again will probably fail now (%s)."), ids);
  if (trouble == SIGNIN_TROUBLE_DEGRADED && ids == NULL)
    return g_strdup (_ ("The service is overloaded: signing in again may take several tries."));
  if (trouble == SIGNIN_TROUBLE_DEGRADED)
    /* TRANSLATORS: a list of accounts */
    return g_strdup_printf (_ ("The service is overloaded: signing in again may take several tries (%s)."), ids);
  /* TRANSLATORS: after a popup has said that it does not */
  return g_strdup (_ ("Signing in works again."));
}

static void
add_trouble (GString *body, const SigninPopupFacts *facts)
{
  SigninTrouble worst = worst_trouble (facts);
  g_autofree char *sentence = NULL;

  if (worst == SIGNIN_TROUBLE_NONE)
    return;
  sentence = tell_trouble (facts, worst);
  g_string_append_printf (body, "%s ", sentence);
}

static void
add_advice (GString *body, const SigninPopupFacts *facts)
{
  gboolean all_dynamics = TRUE;
  gboolean all_over = TRUE;

  for (guint i = 0; i < facts->n_accounts; i++)
    {
      all_dynamics = all_dynamics && g_str_has_prefix (facts->accounts[i].service, "dynamics365");
      all_over = all_over && facts->accounts[i].kind == SIGNIN_POPUP_EXPIRED;
    }
  if (all_over)
    g_string_append (body,
                     _ ("Copy what you have not saved before you click anything in the page, then sign in again."));
  /* The page's own message would lead away from it, to one that does not come. */
  else if (worst_trouble (facts) > SIGNIN_TROUBLE_OVER)
    g_string_append (body, _ ("Save your work first, and copy what cannot be saved before you click anything in the "
                              "page."));
  /* Of Dynamics it is known that its page shows a message, and what the way back is. */
  else if (all_dynamics)
    g_string_append (body, _ ("Save your work. In the Dynamics page choose OK in its message, sign in again, then go "
                              "Back."));
  else
    g_string_append (body, _ ("Save your work, then sign in again."));
}

static void
write_body (SigninPopup *popup, const SigninPopupFacts *facts)
{
  const SigninPopupAccount *lead = &facts->accounts[facts->lead];
  GString *body = g_string_new (NULL);

  if (lead->kind == SIGNIN_POPUP_QUESTION)
    /* TRANSLATORS: quotes the label of the button "I have signed in" */
    g_string_append (body, _ ("Opening the page alone renews nothing. Press “I have signed in” once you have: the time "
                              "starts anew from then."));
  else if (facts->n_accounts > 1)
    add_list (body, facts);
  else
    add_end (body, lead);
  if (lead->kind != SIGNIN_POPUP_QUESTION)
    {
      add_trouble (body, facts);
      add_advice (body, facts);
    }

  if (facts->n_accounts == 1 && lead->user_name != NULL)
    {
      g_string_append_c (body, '\n');
      g_string_append_printf (body, _ ("User name: %s"), lead->user_name);
    }
  if (facts->address != NULL)
    {
      g_string_append_c (body, '\n');
      g_string_append_printf (body, _ ("No browser could be started. The page to sign in on: %s"), facts->address);
    }
  popup->body = g_string_free (body, FALSE);
}

/* Servers cut the row of buttons where their popup ends, and *Dismiss* would go first. */
static gboolean
has_room_for_words (const SigninPopupFacts *facts)
{
  return strlen (facts->accounts[0].id) + strlen (facts->accounts[1].id) <= ROOM_FOR_IDS;
}

static void
add_sign_in (SigninPopup *popup, const SigninPopupAccount *account, gboolean in_words)
{
  g_autofree char *key = g_strdup_printf ("%s:%s", SIGNIN_ACTION_SIGN_IN, account->id);
  /* TRANSLATORS: a button; %s is the account, such as "contoso" */
  g_autofree char *label = in_words ? g_strdup_printf (_ ("Sign in to %s"), account->id) : g_strdup (account->id);

  add_button (popup, key, label);
}

static void
write_shared_buttons (SigninPopup *popup, const SigninPopupFacts *facts)
{
  popup->default_label = _ ("Sign in again");
  if (facts->n_accounts > 2)
    add_button (popup, SIGNIN_ACTION_SIGN_IN, _ ("Sign in again"));
  else
    for (guint i = 0; i < facts->n_accounts; i++)
      add_sign_in (popup, &facts->accounts[i], has_room_for_words (facts));
  add_button (popup, SIGNIN_ACTION_DISMISS, _ ("Dismiss"));
}

static void
write_warning_buttons (SigninPopup *popup, const SigninPopupFacts *facts)
{
  popup->default_label = _ ("Sign in again");
  add_button (popup, SIGNIN_ACTION_SIGN_IN, _ ("Sign in again"));
  if (facts->snooze_minutes > 0)
    {
      g_autofree char *label = g_strdup_printf (ngettext ("Remind me in %u minute", "Remind me in %u minutes",
                                                          facts->snooze_minutes),
                                                facts->snooze_minutes);

      add_button (popup, SIGNIN_ACTION_SNOOZE, label);
    }
  add_button (popup, SIGNIN_ACTION_DISMISS, _ ("Dismiss"));
}

static void
write_buttons (SigninPopup *popup, const SigninPopupFacts *facts)
{
  const SigninPopupAccount *lead = &facts->accounts[facts->lead];

  if (facts->n_accounts > 1)
    write_shared_buttons (popup, facts);
  else if (lead->kind == SIGNIN_POPUP_WARNING)
    write_warning_buttons (popup, facts);
  else if (lead->kind == SIGNIN_POPUP_QUESTION)
    {
      /* No default: a click beside the buttons is no answer. */
      add_button (popup, SIGNIN_ACTION_SIGNED_IN, _ ("I have signed in"));
      add_button (popup, SIGNIN_ACTION_NOT_YET, _ ("Not yet"));
    }
  else
    {
      popup->default_label = _ ("Sign in");
      add_button (popup, SIGNIN_ACTION_SIGN_IN, _ ("Sign in"));
      if (lead->reported)
        add_button (popup, SIGNIN_ACTION_DISMISS, _ ("Dismiss"));
      else
        add_button (popup, SIGNIN_ACTION_SIGNED_IN, _ ("I have signed in"));
    }
}

/**
 * signin_popup_new:
 * @facts: what the popup is about
 *
 * Puts a popup into words, in the language of the process.
 *
 * Returns: (transfer full): the popup, of step 0
 */
SigninPopup *
signin_popup_new (const SigninPopupFacts *facts)
{
  SigninPopup *popup = g_new0 (SigninPopup, 1);

  popup->icon = facts->accounts[facts->lead].kind == SIGNIN_POPUP_QUESTION ? "dialog-question" : signin_icon_name ();
  popup->critical = facts->critical;
  popup->sound = facts->sound;
  write_title (popup, facts);
  write_body (popup, facts);
  write_buttons (popup, facts);
  return popup;
}

/**
 * signin_popup_new_suggestion:
 * @organization: an organization that nobody tracks
 * @host: its host
 * @browser: the browser that signed in there, for people
 *
 * Puts into words the question whether to track it.
 *
 * Returns: (transfer full): the popup, of step 0
 */
SigninPopup *
signin_popup_new_suggestion (const char *organization, const char *host, const char *browser)
{
  SigninPopup *popup = g_new0 (SigninPopup, 1);

  popup->icon = "dialog-question";
  /* TRANSLATORS: title of a popup; %s is an organization, such as "contoso" */
  popup->title = g_strdup_printf (_ ("Track %s?"), organization);
  /* TRANSLATORS: a browser, such as "Firefox", and a host, such as "contoso.crm4.dynamics.com" */
  popup->body = g_strdup_printf (_ ("%s signed in to %s. If it is tracked, you are warned before the session ends."),
                                 browser, host);
  /* No default: a click beside the buttons is no answer. */
  add_button (popup, SIGNIN_ACTION_TRACK, _ ("Track"));
  add_button (popup, SIGNIN_ACTION_NEVER, _ ("Never"));
  return popup;
}

/**
 * signin_popup_free:
 * @popup: (transfer full): a popup
 */
void
signin_popup_free (SigninPopup *popup)
{
  for (guint i = 0; i < popup->n_buttons; i++)
    {
      g_free (popup->buttons[i].key);
      g_free (popup->buttons[i].label);
    }
  g_free (popup->title);
  g_free (popup->later_title);
  g_free (popup->body);
  g_free (popup);
}
