/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From results to one sentence: is it me, my network, or them? */

#include "config.h"

#include "health.h"

#include <glib/gi18n.h>

#include "times.h"

static SigninCtlVerdict
verdict_of (const SigninCtlHealthRow *row)
{
  return signin_ctl_verdict_parse (row->verdict);
}

/**
 * signin_ctl_health_find:
 * @health: what was found out
 * @account: an id
 * @kind: a kind of result
 *
 * Returns: (nullable) (transfer none): the first one of that account.
 */
const SigninCtlHealthRow *
signin_ctl_health_find (const SigninCtlHealth *health, const char *account, const char *kind)
{
  for (guint i = 0; i < health->rows->len; i++)
    {
      const SigninCtlHealthRow *row = g_ptr_array_index (health->rows, i);

      if (g_str_equal (row->account, account) && g_str_equal (row->kind, kind))
        return row;
    }
  return NULL;
}

/* What stands for the page of the account: an organization's where it has one. */
static const SigninCtlHealthRow *
find_page (const SigninCtlHealth *health, const SigninCtlAccount *account)
{
  static const char *const kinds[] = { "organization", "home", "portal", "discontinued" };
  const SigninCtlHealthRow *row = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (kinds) && row == NULL; i++)
    row = signin_ctl_health_find (health, account->id, kinds[i]);
  return row;
}

static gboolean
is_captive (const SigninCtlHealthRow *row)
{
  return g_str_equal (row->reason, "captive");
}

/* Nothing of it is the fault of a service. */
static char *
tell_offline (const SigninCtlHealthRow *row)
{
  g_autofree char *reason = signin_ctl_health_reason (row->reason);

  if (is_captive (row))
    return g_strdup (_ ("This network wants you to log in to it first: open any page in a browser."));
  if (g_str_has_prefix (row->reason, "proxy-"))
    /* TRANSLATORS: what the network's proxy said, such as "the proxy of this network refuses with HTTP status 407" */
    return g_strdup_printf (_ ("You are offline: %s."), reason);
  return g_strdup (_ ("You are offline."));
}

static char *
tell_not_found (const SigninCtlAccount *account, const SigninCtlHealthRow *page)
{
  if (*account->organization != '\0' && *account->region != '\0')
    /* TRANSLATORS: a region and an organization: "crm4 knows no organization contoso." */
    return g_strdup_printf (_ ("%s knows no organization %s."), account->region, account->organization);
  /* TRANSLATORS: the name of a host */
  return g_strdup_printf (_ ("There is nothing to sign in to at %s."),
                          page != NULL && *page->name != '\0' ? page->name : account->url);
}

/* Who is to blame: the host that the summary is about, or what stands for the account. */
static const SigninCtlHealthRow *
find_culprit (const SigninCtlHealth *health, const SigninCtlHealthRow *summary, const SigninCtlHealthRow *page)
{
  if (page != NULL && verdict_of (page) != SIGNIN_CTL_UP
      && (*summary->name == '\0' || g_str_equal (summary->name, page->name)))
    return page;
  for (guint i = 0; i < health->rows->len; i++)
    {
      const SigninCtlHealthRow *row = g_ptr_array_index (health->rows, i);

      if (g_str_equal (row->kind, "authority") && verdict_of (row) != SIGNIN_CTL_UP
          && (*summary->name == '\0' || g_str_equal (summary->name, row->name)))
        return row;
    }
  return page;
}

static char *
name_culprit (const SigninCtlAccount *account, const SigninCtlHealthRow *culprit)
{
  if (culprit != NULL && g_str_equal (culprit->kind, "authority"))
    /* TRANSLATORS: the name of a host; stands at the beginning of a sentence */
    return g_strdup_printf (_ ("The sign-in service %s"), culprit->name);
  if (*account->organization != '\0' || culprit == NULL || *culprit->name == '\0')
    return g_strdup (*account->organization != '\0' ? account->organization : account->id);
  return g_strdup (culprit->name);
}

static char *
tell_trouble (const SigninCtlHealth *health, const SigninCtlAccount *account, const SigninCtlHealthRow *summary,
              const SigninCtlHealthRow *page)
{
  const SigninCtlHealthRow *culprit = find_culprit (health, summary, page);
  g_autofree char *who = name_culprit (account, culprit);
  g_autofree char *reason = signin_ctl_health_reason (culprit != NULL ? culprit->reason : summary->reason);
  g_autofree char *pause = signin_ctl_format_duration (culprit != NULL ? culprit->retry_after_sec * G_USEC_PER_SEC : 0);

  if (verdict_of (summary) == SIGNIN_CTL_UNKNOWN)
    /* TRANSLATORS: an account, and why, such as "it answers, but asks nobody to sign in" */
    return g_strdup_printf (_ ("Whether sign-in to %s works cannot be told: %s."), account->id, reason);
  if (verdict_of (summary) == SIGNIN_CTL_DOWN)
    /* TRANSLATORS: an organization or "The sign-in service …", and why, such as "it does not answer in time" */
    return g_strdup_printf (_ ("%s is down: %s."), who, reason);
  if (culprit != NULL && culprit->retry_after_sec > 0)
    /* TRANSLATORS: an organization or "The sign-in service …", and a duration */
    return g_strdup_printf (_ ("%s is overloaded, and asks to be left alone for %s."), who, pause);
  /* TRANSLATORS: an organization or "The sign-in service …", and why, such as "it answers with HTTP status 503" */
  return g_strdup_printf (_ ("%s is overloaded: %s."), who, reason);
}

/**
 * signin_ctl_health_account_verdict:
 * @health: what was found out
 * @account: an account
 *
 * Returns: what it comes to for that account.
 */
SigninCtlVerdict
signin_ctl_health_account_verdict (const SigninCtlHealth *health, const SigninCtlAccount *account)
{
  const SigninCtlHealthRow *summary = signin_ctl_health_find (health, account->id, "summary");

  return summary != NULL ? verdict_of (summary) : SIGNIN_CTL_UNKNOWN;
}

static gboolean
is_discontinued (const SigninCtlHealth *health, const SigninCtlAccount *account)
{
  return signin_ctl_health_find (health, account->id, "discontinued") != NULL;
}

/**
 * signin_ctl_health_account_sentence:
 * @health: what was found out
 * @account: an account
 *
 * Returns: (transfer full): a sentence that says whether the person can sign in, and if not, who is to blame.
 */
char *
signin_ctl_health_account_sentence (const SigninCtlHealth *health, const SigninCtlAccount *account)
{
  const SigninCtlHealthRow *summary = signin_ctl_health_find (health, account->id, "summary");
  const SigninCtlHealthRow *page = find_page (health, account);
  g_autofree char *latency = NULL;

  if (summary == NULL)
    /* TRANSLATORS: an account */
    return g_strdup_printf (_ ("Nothing was found out about %s."), account->id);
  if (verdict_of (summary) == SIGNIN_CTL_OFFLINE)
    return tell_offline (summary);
  if (is_discontinued (health, account))
    /* TRANSLATORS: a service, such as "Microsoft Social Engagement" */
    return g_strdup_printf (_ ("%s was discontinued: nobody can sign in to it any more."), account->service_name);
  if (verdict_of (summary) == SIGNIN_CTL_NOT_FOUND)
    return tell_not_found (account, page);
  if (verdict_of (summary) != SIGNIN_CTL_UP)
    return tell_trouble (health, account, summary, page);
  if (page == NULL || page->total_usec == 0)
    return g_strdup (_ ("Sign-in works."));
  latency = signin_ctl_format_latency (page->total_usec);
  /* TRANSLATORS: an organization and how long it took: "Sign-in works; contoso answers in 180 ms." */
  return g_strdup_printf (_ ("Sign-in works; %s answers in %s."),
                          *account->organization != '\0' ? account->organization : page->name, latency);
}

/* Without accounts there is still what belongs to nobody alone. */
static const SigninCtlHealthRow *
find_common (const SigninCtlHealth *health)
{
  const SigninCtlHealthRow *found = NULL;

  for (guint i = 0; i < health->rows->len; i++)
    {
      const SigninCtlHealthRow *row = g_ptr_array_index (health->rows, i);

      if (g_str_equal (row->kind, "feed") || g_str_equal (row->kind, "graph") || g_str_equal (row->kind, "summary"))
        continue;
      if (found == NULL || verdict_of (row) < verdict_of (found)
          || (verdict_of (row) == verdict_of (found) && g_str_equal (row->kind, "authority")
              && !g_str_equal (found->kind, "authority")))
        found = row;
    }
  return found;
}

static char *
tell_common (const SigninCtlHealth *health)
{
  const SigninCtlHealthRow *row = find_common (health);
  g_autofree char *latency = NULL;
  g_autofree char *reason = NULL;

  if (row == NULL)
    return g_strdup (_ ("Nothing could be found out."));
  if (verdict_of (row) == SIGNIN_CTL_OFFLINE)
    return tell_offline (row);
  latency = signin_ctl_format_latency (row->total_usec);
  reason = signin_ctl_health_reason (row->reason);
  if (verdict_of (row) == SIGNIN_CTL_UP)
    /* TRANSLATORS: the name of a host, and how long it took */
    return g_strdup_printf (_ ("You are online; %s answers in %s."), row->name, latency);
  /* TRANSLATORS: the name of a host, and why, such as "it does not answer in time" */
  return g_strdup_printf (_ ("No service answers as it should; %s: %s."), row->name, reason);
}

/**
 * signin_ctl_health_verdict:
 * @health: what was found out
 *
 * Returns: the worst of the accounts that were asked for, or what the services come to that belong to nobody alone.
 */
SigninCtlVerdict
signin_ctl_health_verdict (const SigninCtlHealth *health)
{
  const SigninCtlHealthRow *common = find_common (health);
  SigninCtlVerdict worst = SIGNIN_CTL_UP;

  if (health->accounts->len == 0)
    return common != NULL ? verdict_of (common) : SIGNIN_CTL_UNKNOWN;
  for (guint i = 0; i < health->accounts->len; i++)
    worst = MAX (worst, signin_ctl_health_account_verdict (health, g_ptr_array_index (health->accounts, i)));
  return worst;
}

static guint
count (const SigninCtlHealth *health, SigninCtlVerdict verdict)
{
  guint n = 0;

  for (guint i = 0; i < health->accounts->len; i++)
    n += signin_ctl_health_account_verdict (health, g_ptr_array_index (health->accounts, i)) == verdict;
  return n;
}

static char *
tell_all_up (const SigninCtlHealth *health)
{
  guint n = health->accounts->len;
  g_autofree char *latency = NULL;
  gint64 slowest_usec = 0;

  for (guint i = 0; i < n; i++)
    {
      const SigninCtlHealthRow *page = find_page (health, g_ptr_array_index (health->accounts, i));

      slowest_usec = MAX (slowest_usec, page != NULL ? page->total_usec : 0);
    }
  latency = signin_ctl_format_latency (slowest_usec);
  return g_strdup_printf (
      /* TRANSLATORS: a number of accounts, and how long it took */
      ngettext ("Sign-in works for %u account; the answer took %s.",
                "Sign-in works for all %u accounts; the slowest answer took %s.", n),
      n, latency);
}

static const SigninCtlHealthRow *
find_offline (const SigninCtlHealth *health)
{
  for (guint i = 0; i < health->rows->len; i++)
    {
      const SigninCtlHealthRow *row = g_ptr_array_index (health->rows, i);

      if (g_str_equal (row->kind, "summary") && verdict_of (row) == SIGNIN_CTL_OFFLINE)
        return row;
    }
  return NULL;
}

/**
 * signin_ctl_health_is_offline:
 * @health: what was found out
 *
 * Returns: whether the trouble is here: no account works, and some cannot even be asked.
 */
gboolean
signin_ctl_health_is_offline (const SigninCtlHealth *health)
{
  return count (health, SIGNIN_CTL_UP) == 0 && find_offline (health) != NULL;
}

/**
 * signin_ctl_health_sentence:
 * @health: what was found out
 *
 * Returns: (transfer full): a sentence that answers for all accounts that were asked for.
 */
char *
signin_ctl_health_sentence (const SigninCtlHealth *health)
{
  guint n = health->accounts->len;
  guint up = count (health, SIGNIN_CTL_UP);

  if (n == 0)
    return tell_common (health);
  if (n == 1)
    return signin_ctl_health_account_sentence (health, g_ptr_array_index (health->accounts, 0));
  if (signin_ctl_health_is_offline (health))
    return tell_offline (find_offline (health));
  if (up == n)
    return tell_all_up (health);
  /* TRANSLATORS: how many of the accounts, and how many there are */
  return g_strdup_printf (ngettext ("Sign-in works for %u of %u account.", "Sign-in works for %u of %u accounts.", n),
                          up, n);
}

/**
 * signin_ctl_health_is_hopeless:
 * @health: what was found out
 *
 * Returns: whether waiting mends nothing: wherever signing in does not work, there is nothing to sign in to.
 */
gboolean
signin_ctl_health_is_hopeless (const SigninCtlHealth *health)
{
  gboolean hopeless = FALSE;

  for (guint i = 0; i < health->accounts->len; i++)
    {
      const SigninCtlAccount *account = g_ptr_array_index (health->accounts, i);
      SigninCtlVerdict verdict = signin_ctl_health_account_verdict (health, account);

      if (is_discontinued (health, account) || verdict == SIGNIN_CTL_NOT_FOUND)
        hopeless = TRUE;
      else if (verdict != SIGNIN_CTL_UP)
        return FALSE;
    }
  return hopeless;
}

/**
 * signin_ctl_health_last:
 * @account: an account of which something is known
 * @now_usec: now
 *
 * Returns: (transfer full): what was last found out about it, and how long ago, without a full stop.
 */
char *
signin_ctl_health_last (const SigninCtlAccount *account, gint64 now_usec)
{
  SigninCtlVerdict verdict = signin_ctl_verdict_parse (account->health_verdict);
  g_autofree char *age = signin_ctl_format_duration (MAX (now_usec - account->health_at, 1));

  if (g_str_equal (account->health_reason, "discontinued"))
    return g_strdup (_ ("The service was discontinued"));
  switch (verdict)
    {
    case SIGNIN_CTL_UP:
      /* TRANSLATORS: a duration */
      return g_strdup_printf (_ ("Signing in worked %s ago"), age);
    case SIGNIN_CTL_DEGRADED:
      /* TRANSLATORS: a duration */
      return g_strdup_printf (_ ("The service was overloaded %s ago"), age);
    case SIGNIN_CTL_NOT_FOUND:
      /* TRANSLATORS: a duration */
      return g_strdup_printf (_ ("There was nothing to sign in to %s ago"), age);
    case SIGNIN_CTL_DOWN:
      /* TRANSLATORS: a duration */
      return g_strdup_printf (_ ("The service was down %s ago"), age);
    case SIGNIN_CTL_OFFLINE:
      /* TRANSLATORS: a duration */
      return g_strdup_printf (_ ("You were offline %s ago"), age);
    default:
      /* TRANSLATORS: a duration */
      return g_strdup_printf (_ ("Whether signing in works could not be told %s ago"), age);
    }
}
