/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every row of the table of verdicts, and everything that no row was meant for. The expectation is written down a
 * second time here, as the sentences of the man page go, so that no slip in the table goes unseen. */

#include "config.h"

#include <string.h>

#include "verdict.h"

static const SigninRowKind kinds[] = { SIGNIN_ROW_ORGANIZATION, SIGNIN_ROW_AUTHORITY, SIGNIN_ROW_PORTAL,
                                       SIGNIN_ROW_HOME };

static gboolean
is_one_of (SigninFetchEnd end, const SigninFetchEnd *ends, guint n)
{
  for (guint i = 0; i < n; i++)
    if (ends[i] == end)
      return TRUE;
  return FALSE;
}

/* Nothing of the host itself was seen. */
static gboolean
is_local (const SigninSeen *seen)
{
  static const SigninFetchEnd ends[] = { SIGNIN_FETCH_NAME_UNKNOWN,         SIGNIN_FETCH_NAME_TIMEOUT,
                                         SIGNIN_FETCH_UNREACHABLE,          SIGNIN_FETCH_PROXY_UNREACHABLE,
                                         SIGNIN_FETCH_CERTIFICATE_NAME,     SIGNIN_FETCH_CERTIFICATE_EXPIRED,
                                         SIGNIN_FETCH_CERTIFICATE_UNTRUSTED };

  return is_one_of (seen->end, ends, G_N_ELEMENTS (ends))
         || (seen->end == SIGNIN_FETCH_ANSWERED && seen->content == SIGNIN_CONTENT_TO_STRANGER);
}

static SigninVerdict
expect_by_status (SigninRowKind kind, const SigninSeen *seen)
{
  gboolean page = kind == SIGNIN_ROW_PORTAL || kind == SIGNIN_ROW_HOME;
  gboolean redirect = seen->status / 100 == 3;

  if (seen->status == 429 || seen->status == 503)
    return SIGNIN_VERDICT_DEGRADED;
  if (seen->status / 100 == 5)
    return SIGNIN_VERDICT_DOWN;
  if (kind != SIGNIN_ROW_AUTHORITY && (seen->status == 404 || seen->status == 400))
    return SIGNIN_VERDICT_NOT_FOUND;
  if (seen->end != SIGNIN_FETCH_ANSWERED)
    return SIGNIN_VERDICT_UNKNOWN;
  if (kind == SIGNIN_ROW_ORGANIZATION && seen->status == 401 && seen->content == SIGNIN_CONTENT_CHALLENGE)
    return SIGNIN_VERDICT_UP;
  if (kind == SIGNIN_ROW_AUTHORITY && seen->status == 200 && seen->content == SIGNIN_CONTENT_OPENID)
    return SIGNIN_VERDICT_UP;
  if (kind != SIGNIN_ROW_AUTHORITY && redirect && seen->content == SIGNIN_CONTENT_TO_AUTHORITY)
    return SIGNIN_VERDICT_UP;
  if (page && redirect && seen->content == SIGNIN_CONTENT_TO_ITSELF)
    return SIGNIN_VERDICT_UP;
  if (page && seen->status / 100 == 2 && seen->content == SIGNIN_CONTENT_PLAIN)
    return SIGNIN_VERDICT_UP;
  return SIGNIN_VERDICT_UNKNOWN;
}

static SigninVerdict
expect (SigninRowKind kind, const SigninSeen *seen, SigninAround around)
{
  gboolean has_status = seen->end == SIGNIN_FETCH_ANSWERED || seen->end == SIGNIN_FETCH_TOO_LARGE
                        || seen->end == SIGNIN_FETCH_CUT_OFF;

  if ((around & SIGNIN_AROUND_ALL_LOCAL) && is_local (seen))
    return SIGNIN_VERDICT_OFFLINE;
  if (has_status)
    return expect_by_status (kind, seen);
  if ((around & SIGNIN_AROUND_ANSWERS) && (seen->end == SIGNIN_FETCH_TIMEOUT || seen->end == SIGNIN_FETCH_REFUSED))
    return SIGNIN_VERDICT_DOWN;
  if (kind != SIGNIN_ROW_AUTHORITY && seen->end == SIGNIN_FETCH_NAME_UNKNOWN && (around & SIGNIN_AROUND_RESOLVES))
    return SIGNIN_VERDICT_NOT_FOUND;
  return SIGNIN_VERDICT_UNKNOWN;
}

/* What can really be seen: a status where there was an answer, a redirect only with a status for it. */
static gboolean
can_be (const SigninSeen *seen)
{
  gboolean has_status = seen->end == SIGNIN_FETCH_ANSWERED || seen->end == SIGNIN_FETCH_TOO_LARGE
                        || seen->end == SIGNIN_FETCH_CUT_OFF;
  gboolean redirect = seen->content == SIGNIN_CONTENT_TO_AUTHORITY || seen->content == SIGNIN_CONTENT_TO_ITSELF
                      || seen->content == SIGNIN_CONTENT_LOOP || seen->content == SIGNIN_CONTENT_TO_STRANGER;

  return has_status == (seen->status > 0) && (!redirect || seen->status / 100 == 3)
         && (seen->content == SIGNIN_CONTENT_PLAIN || has_status);
}

static void
check_one (SigninRowKind kind, const SigninSeen *seen, SigninAround around)
{
  const char *reason = NULL;
  SigninVerdict verdict = signin_verdict_judge (kind, seen, around, &reason);

  if (verdict != expect (kind, seen, around))
    g_test_message ("kind %d end %d status %u content %d around %u: %s", kind, seen->end, seen->status, seen->content,
                    around, reason);
  g_assert_cmpstr (signin_verdict_to_text (verdict), ==, signin_verdict_to_text (expect (kind, seen, around)));
  g_assert_nonnull (reason);
  g_assert_cmpuint (strlen (reason), >, 0);
  g_assert_cmpint (signin_seen_is_local (seen), ==, is_local (seen));
}

static void
test_everything (void)
{
  guint n = 0;

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
    for (guint end = 0; end < SIGNIN_N_FETCH_ENDS; end++)
      for (guint content = 0; content < SIGNIN_N_CONTENTS; content++)
        for (guint status = 0; status < 600; status = status == 0 ? 100 : status + 1)
          {
            const SigninSeen seen = { (SigninFetchEnd) end, status, 0, (SigninContent) content };

            for (guint around = 0; can_be (&seen) && around <= SIGNIN_AROUND_EVERYTHING; around++, n++)
              check_one (kinds[k], &seen, (SigninAround) around);
          }
  g_test_message ("%u cases", n);
  g_assert_cmpuint (n, >, 10000);
}

static void
test_unthought_of (void)
{
  const SigninSeen status = { SIGNIN_FETCH_ANSWERED, 12345, 0, SIGNIN_CONTENT_PLAIN };
  const SigninSeen content = { SIGNIN_FETCH_ANSWERED, 401, 0, SIGNIN_CONTENT_OPENID };
  const char *reason;

  g_assert_cmpint (signin_verdict_judge (SIGNIN_ROW_ORGANIZATION, &status, 0, &reason), ==, SIGNIN_VERDICT_UNKNOWN);
  g_assert_cmpint (signin_verdict_judge (SIGNIN_ROW_ORGANIZATION, &content, 0, &reason), ==, SIGNIN_VERDICT_UNKNOWN);
  g_assert_cmpint (signin_verdict_judge (SIGNIN_ROW_FEED, &status, 0, &reason), ==, SIGNIN_VERDICT_UNKNOWN);
}

static void
check_reason (SigninRowKind kind, SigninFetchEnd end, guint status, guint proxy, SigninContent content,
              SigninAround around, const char *expected)
{
  const SigninSeen seen = { end, status, proxy, content };
  const char *reason = NULL;

  signin_verdict_judge (kind, &seen, around, &reason);
  g_assert_cmpstr (reason, ==, expected);
}

static void
test_reasons (void)
{
  const SigninRowKind organization = SIGNIN_ROW_ORGANIZATION;

  check_reason (organization, SIGNIN_FETCH_ANSWERED, 401, 0, SIGNIN_CONTENT_CHALLENGE, 0, "auth-challenge");
  check_reason (organization, SIGNIN_FETCH_ANSWERED, 401, 0, SIGNIN_CONTENT_PLAIN, 0, "challenge-missing");
  check_reason (organization, SIGNIN_FETCH_ANSWERED, 302, 0, SIGNIN_CONTENT_LOOP, 0, "redirect-loop");
  check_reason (organization, SIGNIN_FETCH_ANSWERED, 302, 0, SIGNIN_CONTENT_TO_STRANGER, 0, "foreign-redirect");
  check_reason (organization, SIGNIN_FETCH_ANSWERED, 302, 0, SIGNIN_CONTENT_TO_STRANGER, SIGNIN_AROUND_ALL_LOCAL,
                "captive");
  check_reason (organization, SIGNIN_FETCH_CERTIFICATE_NAME, 0, 0, SIGNIN_CONTENT_PLAIN, SIGNIN_AROUND_ALL_LOCAL,
                "captive");
  check_reason (organization, SIGNIN_FETCH_CERTIFICATE_NAME, 0, 0, SIGNIN_CONTENT_PLAIN, 0, "wrong-certificate");
  check_reason (organization, SIGNIN_FETCH_ANSWERED, 503, 0, SIGNIN_CONTENT_PLAIN, 0, "http-503");
  check_reason (organization, SIGNIN_FETCH_PROXY_REFUSED, 0, 407, SIGNIN_CONTENT_PLAIN, 0, "proxy-407");
  check_reason (organization, SIGNIN_FETCH_PROXY_REFUSED, 0, 0, SIGNIN_CONTENT_PLAIN, 0, "proxy-refused");
  check_reason (organization, SIGNIN_FETCH_TIMEOUT, 0, 0, SIGNIN_CONTENT_PLAIN, 0, "timeout");
  check_reason (SIGNIN_ROW_AUTHORITY, SIGNIN_FETCH_TOO_LARGE, 200, 0, SIGNIN_CONTENT_PLAIN, 0, "too-large");
  check_reason (SIGNIN_ROW_AUTHORITY, SIGNIN_FETCH_ANSWERED, 200, 0, SIGNIN_CONTENT_OTHER_ISSUER, 0, "issuer-mismatch");
}

static void
test_worse (void)
{
  for (guint a = 0; a < SIGNIN_N_VERDICTS; a++)
    for (guint b = 0; b < SIGNIN_N_VERDICTS; b++)
      {
        SigninVerdict worse = signin_verdict_worse ((SigninVerdict) a, (SigninVerdict) b);

        g_assert_true (worse == (SigninVerdict) a || worse == (SigninVerdict) b);
        g_assert_cmpint (worse, ==, signin_verdict_worse ((SigninVerdict) b, (SigninVerdict) a));
        if (a != SIGNIN_VERDICT_UP)
          g_assert_cmpint (worse, !=, SIGNIN_VERDICT_UP);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/verdict/everything", test_everything);
  g_test_add_func ("/verdict/unthought-of", test_unthought_of);
  g_test_add_func ("/verdict/reasons", test_reasons);
  g_test_add_func ("/verdict/worse", test_worse);
  return g_test_run ();
}
