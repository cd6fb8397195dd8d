/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the answers of a check come to. Each is judged in the light of the others: a name that does not resolve means
 * one thing where others do, and another where none does. */

#include "config.h"

#include "check.h"
#include "row.h"

/* Why there is no answer, where the check ended first. */
#define REASON_TIME_UP "time-up"

static SigninProbe *
get_probe (const SigninJudged *judged, const char *url)
{
  return url != NULL ? g_hash_table_lookup (judged->probes, url) : NULL;
}

static gboolean
is_new (const SigninJudged *judged, const SigninProbe *probe)
{
  return probe->known && probe->asked_boot_usec >= judged->started_boot_usec;
}

static gboolean
is_old (const SigninJudged *judged, const SigninProbe *probe)
{
  return probe->known && !is_new (judged, probe);
}

/* Whether every answer can have been made by the network here. Older answers tell of a network that may be another one
 * by now, so they count only where there are no new ones. */
static gboolean
is_all_local (const SigninJudged *judged)
{
  guint n_new = 0, n_new_local = 0, n_old = 0, n_old_local = 0;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, judged->probes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const SigninProbe *probe = value;
      gboolean local = probe->known && signin_seen_is_local (&probe->seen);

      n_new += is_new (judged, probe);
      n_new_local += is_new (judged, probe) && local;
      n_old += is_old (judged, probe);
      n_old_local += is_old (judged, probe) && local;
    }
  if (n_new == 0)
    return n_old >= 2 && n_old == n_old_local;
  if (n_new != n_new_local)
    return FALSE;
  return n_new >= 2 || judged->witness == SIGNIN_WITNESS_FAILS;
}

static SigninAround
look_at (const SigninJudged *judged, const SigninProbe *other)
{
  SigninAround around = 0;

  if (other == NULL || !other->known)
    return 0;
  if (signin_seen_answered (&other->seen))
    around |= SIGNIN_AROUND_ANSWERS;
  if (is_old (judged, other) && judged->witness != SIGNIN_WITNESS_NOT_ASKED)
    return judged->witness == SIGNIN_WITNESS_RESOLVES ? around | SIGNIN_AROUND_RESOLVES : 0;
  if (signin_seen_resolved (&other->seen))
    around |= SIGNIN_AROUND_RESOLVES;
  return around;
}

/* What is known of the network beside @probe: its authority tells, or if it has none, any other host. */
static SigninAround
look_around (const SigninJudged *judged, const SigninProbe *probe, const char *authority_url)
{
  SigninAround around = is_all_local (judged) ? SIGNIN_AROUND_ALL_LOCAL : 0;
  const SigninProbe *authority = get_probe (judged, authority_url);
  GHashTableIter iter;
  gpointer other;

  if (authority != NULL && authority != probe)
    return around | look_at (judged, authority);
  g_hash_table_iter_init (&iter, judged->probes);
  while (g_hash_table_iter_next (&iter, NULL, &other))
    if (other != probe)
      around |= look_at (judged, other);
  return around;
}

static SigninVerdict
judge_probe (const SigninJudged *judged, const SigninProbe *probe, const char *authority_url, const char **reason)
{
  if (probe->known)
    return signin_verdict_judge (probe->kind, &probe->seen, look_around (judged, probe, authority_url), reason);
  *reason = REASON_TIME_UP;
  return SIGNIN_VERDICT_UNKNOWN;
}

static void
add_probe (const SigninJudged *judged, GPtrArray *rows, const SigninProbe *probe, const SigninTarget *target)
{
  SigninRow row = {
    .kind = probe->kind,
    .account = probe->kind == SIGNIN_ROW_AUTHORITY ? NULL : target->account,
    .name = probe->host,
    .asked = probe->url,
    .at_usec = probe->at_usec,
    .status = probe->seen.status > 0 ? probe->seen.status : probe->seen.proxy_status,
    .times = probe->times,
    .retry_after_sec = probe->retry_after_sec,
    .detail = probe->detail,
    .tenant = probe->tenant,
  };

  row.verdict = judge_probe (judged, probe, target->authority_url, &row.reason);
  g_ptr_array_add (rows, g_variant_ref_sink (signin_row_to_variant (&row)));
}

static void
add_reading (const SigninJudged *judged, const SigninTarget *target, const SigninProbe *probe, SigninRow *summary)
{
  SigninVerdict verdict;
  const char *reason;

  if (probe == NULL)
    return;
  verdict = judge_probe (judged, probe, target->authority_url, &reason);
  if (summary->reason == NULL || signin_verdict_worse (verdict, summary->verdict) != summary->verdict)
    {
      summary->verdict = verdict;
      summary->reason = reason;
      summary->name = probe->host;
      summary->detail = probe->detail;
      summary->retry_after_sec = probe->retry_after_sec;
      summary->status = probe->seen.status;
    }
  summary->at_usec = MAX (summary->at_usec, probe->at_usec);
}

/* The whole path of an account: what is worst on it counts. */
static void
add_summary (const SigninJudged *judged, GPtrArray *rows, const SigninTarget *target)
{
  SigninRow row = { .kind = SIGNIN_ROW_SUMMARY, .account = target->account, .name = target->host };

  if (target->kind == SIGNIN_ROW_DISCONTINUED)
    {
      row.verdict = SIGNIN_VERDICT_NOT_FOUND;
      row.reason = "discontinued";
    }
  else if (target->url == NULL)
    {
      row.verdict = SIGNIN_VERDICT_UNKNOWN;
      row.reason = "not-asked";
    }
  add_reading (judged, target, get_probe (judged, target->url), &row);
  add_reading (judged, target, get_probe (judged, target->authority_url), &row);
  g_ptr_array_add (rows, g_variant_ref_sink (signin_row_to_variant (&row)));
}

static void
add_discontinued (GPtrArray *rows, const SigninTarget *target)
{
  const SigninRow row = {
    .kind = SIGNIN_ROW_DISCONTINUED,
    .account = target->account,
    .name = target->host,
    .verdict = SIGNIN_VERDICT_NOT_FOUND,
    .reason = "discontinued",
  };

  g_ptr_array_add (rows, g_variant_ref_sink (signin_row_to_variant (&row)));
}

static void
add_target (const SigninJudged *judged, GPtrArray *rows, const SigninTarget *target, GHashTable *shown)
{
  SigninProbe *probe = get_probe (judged, target->url);

  if (*target->account != '\0')
    add_summary (judged, rows, target);
  if (target->kind == SIGNIN_ROW_DISCONTINUED)
    add_discontinued (rows, target);
  /* What is nobody's alone is shown once; what an account needs is shown with each account. */
  if (probe != NULL && (*target->account != '\0' || !g_hash_table_contains (shown, probe)))
    {
      g_hash_table_add (shown, probe);
      add_probe (judged, rows, probe, target);
    }
}

/**
 * signin_check_judge:
 * @judged: what there is to judge
 *
 * Returns: (transfer container): the results as #GVariant of type a{sv}: those of each account, its summary first, then
 *   the sign-in authorities
 */
GPtrArray *
signin_check_judge (const SigninJudged *judged)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GHashTable) shown = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < judged->targets->len; i++)
    add_target (judged, rows, g_ptr_array_index (judged->targets, i), shown);
  for (guint i = 0; i < judged->targets->len; i++)
    {
      const SigninTarget *target = g_ptr_array_index (judged->targets, i);
      SigninProbe *authority = get_probe (judged, target->authority_url);

      if (authority != NULL && g_hash_table_add (shown, authority))
        add_probe (judged, rows, authority, target);
    }
  return rows;
}

/**
 * signin_check_find_witness:
 * @judged: what there is to judge
 *
 * Looks for a host that did not resolve just now, whose sign-in authority was not asked because its last answer is
 * still good.
 *
 * Returns: (transfer none) (nullable): the authority whose name should be looked up; %NULL if none is needed
 */
const char *
signin_check_find_witness (const SigninJudged *judged)
{
  for (guint i = 0; i < judged->targets->len; i++)
    {
      const SigninTarget *target = g_ptr_array_index (judged->targets, i);
      const SigninProbe *probe = get_probe (judged, target->url);
      const SigninProbe *authority = get_probe (judged, target->authority_url);

      if (probe != NULL && is_new (judged, probe) && signin_seen_is_local (&probe->seen) && authority != NULL
          && is_old (judged, authority))
        return authority->host;
    }
  return NULL;
}
