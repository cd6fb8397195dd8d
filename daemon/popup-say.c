/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From what is true to the words that go to the popup thread. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "popups-private.h"
#include "source.h"

/* From here on it is the last moment, whichever steps people have chosen. */
#define LAST_MOMENT_USEC (5 * 60 * (gint64) G_USEC_PER_SEC)

/* A browser that reported one sign-in of the account reports the next one too. */
gboolean
signin_popups_is_reported (const SigninAccount *account)
{
  if (account->reported)
    return TRUE;
  for (guint i = 0; i < account->n_sessions; i++)
    if (strcmp (account->sessions[i].source, SIGNIN_SOURCE_MANUAL) != 0)
      return TRUE;
  return FALSE;
}

/* Whether @item is about its last moment, or is taken in for a step that is. */
static gboolean
is_critical (const Item *item, const SigninPopupStep *step, const SigninNow *now)
{
  gint64 left_usec = signin_session_remaining (step->session, now);
  gint64 second_usec = step->session->ladder.before_end_sec[1] * (gint64) G_USEC_PER_SEC;

  if (item->told_usec != 0 && item->told_usec == step->next_usec)
    left_usec -= step->due_usec;
  return step->kind != SIGNIN_POPUP_EXPIRED && left_usec <= MAX (LAST_MOMENT_USEC, second_usec);
}

/* Whether the browser alone does not tell @source apart. */
static gboolean
has_other_profile (const SigninAccount *account, const char *source)
{
  for (guint i = 0; i < account->n_sessions; i++)
    if (strcmp (account->sessions[i].source, source) != 0
        && signin_source_same_browser (account->sessions[i].source, source))
      return TRUE;
  return FALSE;
}

static SigninPopupAccount
describe (SigninPopups *self, const Group *group, const Item *item, const SigninAccount *account,
          const SigninPopupStep *step)
{
  const SigninAccountInfo *info = account->info;
  const SigninService *service = signin_services_get (self->services, info->service);
  /* One that was taken in is not announced yet. */
  SigninPopupKind kind = step->kind == SIGNIN_POPUP_EXPIRED ? SIGNIN_POPUP_EXPIRED : SIGNIN_POPUP_WARNING;

  return (SigninPopupAccount){
    .kind = group->question ? SIGNIN_POPUP_QUESTION : kind,
    .id = info->id,
    .service = info->service,
    .service_name = service != NULL ? service->name : info->service,
    .source = item->names_source ? step->session->source : NULL,
    .with_profile = has_other_profile (account, step->session->source),
    .user_name = self->settings.show_user_name ? info->user_name : NULL,
    .ends_usec = signin_session_real (step->session, step->session->policy.length_usec),
    .reported = signin_popups_is_reported (account),
    .trouble = GPOINTER_TO_UINT (g_hash_table_lookup (self->troubles, info->id)),
  };
}

static int
compare_ends (gconstpointer a, gconstpointer b)
{
  const SigninPopupAccount *first = a, *second = b;

  if (first->ends_usec != second->ends_usec)
    return first->ends_usec < second->ends_usec ? -1 : 1;
  return strcmp (first->id, second->id);
}

/* A pause that leaves no time to sign in is not offered. */
static guint
choose_snooze (SigninPopups *self, const SigninPopupStep *step, const SigninNow *now)
{
  guint minutes = (self->settings.snooze_usec + 59 * G_USEC_PER_SEC) / (60 * G_USEC_PER_SEC);

  return signin_popup_minutes (signin_session_remaining (step->session, now)) > minutes ? minutes : 0;
}

/* Everything that is said of the popup's accounts, sorted by their ends; @facts borrows from the array. */
static GArray *
collect (SigninPopups *self, Group *group, const SigninNow *now, SigninPopupFacts *facts)
{
  GArray *accounts = g_array_new (FALSE, FALSE, sizeof (SigninPopupAccount));
  guint snooze_minutes = 0;

  for (guint i = 0; i < group->items->len; i++)
    {
      const Item *item = group->items->pdata[i];
      const SigninAccount *account = signin_tracker_get (self->tracker, item->account);
      SigninPopupStep step;
      SigninPopupAccount description;

      signin_popup_step_read (&step, account, now);
      if (step.session == NULL || strcmp (step.session->source, item->source) != 0)
        continue;
      description = describe (self, group, item, account, &step);
      g_array_append_val (accounts, description);
      facts->critical = facts->critical || is_critical (item, &step, now);
      snooze_minutes = step.kind == SIGNIN_POPUP_WARNING && !group->question ? choose_snooze (self, &step, now) : 0;
    }

  /* Not each time: it is not worth saying anew that there is too little time left by now. */
  if (group->said == NULL || group->n_said != accounts->len || group->snooze_usec != self->settings.snooze_usec)
    group->snooze_minutes = accounts->len == 1 ? snooze_minutes : 0;
  group->n_said = accounts->len;
  group->snooze_usec = self->settings.snooze_usec;
  g_array_sort (accounts, compare_ends);
  facts->accounts = (const SigninPopupAccount *) (gpointer) accounts->data;
  facts->n_accounts = accounts->len;
  return accounts;
}

/* What it says for as long as its step lasts: minutes are those of the first moment. */
static char *
write_down (const SigninPopup *popup)
{
  GString *said = g_string_new (popup->later_title != NULL ? popup->later_title : popup->title);

  g_string_append_printf (said, "\n%s", popup->body);
  for (guint i = 0; i < popup->n_buttons; i++)
    g_string_append_printf (said, "\n%s", popup->buttons[i].label);
  return g_string_free (said, FALSE);
}

static char *
group_key (const Group *group)
{
  return g_strdup_printf ("%u", group->number);
}

/* Says what is true of @group, if that is not what it says: a person who closed a popup is not bothered again because
 * of a change elsewhere. */
void
signin_popups_say (SigninPopups *self, Group *group, const SigninNow *now)
{
  gboolean fresh = group->said == NULL;
  SigninPopupFacts facts = { .minutes = fresh ? group->minutes : 0, .address = group->address };
  g_autoptr (GArray) accounts = NULL;
  g_autoptr (SigninPopup) popup = NULL;
  g_autofree char *said = NULL;
  g_autofree char *key = group_key (group);

  if (group->closed)
    return;
  accounts = collect (self, group, now, &facts);
  if (accounts->len == 0)
    return;

  for (guint i = 0; i < facts.n_accounts; i++)
    if (g_strcmp0 (facts.accounts[i].id, group->lead) == 0)
      facts.lead = i;
  facts.snooze_minutes = group->snooze_minutes;
  facts.sound = self->settings.sound && fresh && (facts.critical || !group->quiet);
  popup = signin_popup_new (&facts);
  said = write_down (popup);
  if (g_strcmp0 (group->said, said) == 0)
    return;

  g_free (group->said);
  group->said = g_steal_pointer (&said);
  group->was_said = TRUE;
  popup->step = group->step;
  signin_popup_thread_show (self->thread, key, g_steal_pointer (&popup));
}

void
signin_popups_say_now (SigninPopups *self, Group *group)
{
  SigninNow now;

  signin_tracker_read_clock (self->tracker, &now);
  signin_popups_say (self, group, &now);
}

/* Takes @group from the screen, if it ever was on the way there. */
void
signin_popups_withdraw (SigninPopups *self, const Group *group)
{
  g_autofree char *key = group_key (group);

  if (group->was_said)
    signin_popup_thread_withdraw (self->thread, key);
}

/* The account of @group whose session ends first, of those that the person knew of in @step. */
Item *
signin_popups_first_item (SigninPopups *self, const Group *group, guint step)
{
  Item *first = NULL;
  gint64 first_usec = 0;
  SigninNow now;

  signin_tracker_read_clock (self->tracker, &now);
  for (guint i = 0; i < group->items->len; i++)
    {
      Item *item = group->items->pdata[i];
      SigninPopupStep read;
      gint64 ends_usec;

      signin_popup_step_read (&read, signin_tracker_get (self->tracker, item->account), &now);
      if (item->since > step || read.session == NULL)
        continue;
      ends_usec = signin_session_real (read.session, read.session->policy.length_usec);
      if (first != NULL
          && (ends_usec > first_usec || (ends_usec == first_usec && strcmp (item->account, first->account) > 0)))
        continue;
      first = item;
      first_usec = ends_usec;
    }
  return first;
}
