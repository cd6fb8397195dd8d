/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which account is meant by who clicked and could not say. */

#include "config.h"

#include "urgent.h"

enum
{
  EXPIRING,
  EXPIRED,
  ACTIVE,
  SIGNED_OUT,
};

static int
rank (const SigninCtlAccount *account)
{
  if (g_str_equal (account->state, "expiring"))
    return EXPIRING;
  if (g_str_equal (account->state, "expired"))
    return EXPIRED;
  return g_str_equal (account->state, "active") ? ACTIVE : SIGNED_OUT;
}

static gint64
end_of (const SigninCtlAccount *account)
{
  return account->expires_at != 0 ? account->expires_at : G_MAXINT64;
}

static gboolean
is_more_urgent (const SigninCtlAccount *account, const SigninCtlAccount *other)
{
  if (rank (account) != rank (other))
    return rank (account) < rank (other);
  if (rank (account) == EXPIRED)
    return end_of (account) > end_of (other);
  return end_of (account) < end_of (other);
}

/**
 * signin_ctl_most_urgent:
 * @snapshot: what is true
 * @error: set if there is no account
 *
 * Returns: (transfer none): the account whose session ends first; else the one that ended last.
 */
const SigninCtlAccount *
signin_ctl_most_urgent (const SigninCtlSnapshot *snapshot, GError **error)
{
  const SigninCtlAccount *urgent = NULL;

  for (guint i = 0; i < snapshot->accounts->len; i++)
    {
      const SigninCtlAccount *account = signin_ctl_snapshot_get (snapshot, i);

      if (urgent == NULL || is_more_urgent (account, urgent))
        urgent = account;
    }
  return urgent != NULL ? urgent : signin_ctl_snapshot_only (snapshot, error);
}

/**
 * signin_ctl_only_due:
 * @snapshot: what is true
 * @error: why it is not clear
 *
 * Returns: (transfer none): the one account whose session has ended or is about to; else the only account.
 */
const SigninCtlAccount *
signin_ctl_only_due (const SigninCtlSnapshot *snapshot, GError **error)
{
  const SigninCtlAccount *due = NULL;

  for (guint i = 0; i < snapshot->accounts->len; i++)
    {
      const SigninCtlAccount *account = signin_ctl_snapshot_get (snapshot, i);

      if (rank (account) > EXPIRED)
        continue;
      if (due != NULL)
        return signin_ctl_snapshot_only (snapshot, error);
      due = account;
    }
  return due != NULL ? due : signin_ctl_snapshot_only (snapshot, error);
}
