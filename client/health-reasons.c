/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Verdicts and the codes of their reasons, in words. */

#include "config.h"

#include "health.h"

#include <string.h>

#include <glib/gi18n.h>

static const struct
{
  const char *word;
  const char *label;
  SigninCtlColour colour;
} verdicts[] = {
  /* TRANSLATORS: the state of a service; short */
  [SIGNIN_CTL_UP] = { "up", N_ ("up"), SIGNIN_CTL_GOOD },
  /* TRANSLATORS: the state of a service; short */
  [SIGNIN_CTL_DEGRADED] = { "degraded", N_ ("degraded"), SIGNIN_CTL_CARE },
  /* TRANSLATORS: the state of a service; short */
  [SIGNIN_CTL_UNKNOWN] = { "unknown", N_ ("unknown"), SIGNIN_CTL_CARE },
  /* TRANSLATORS: the state of a service; short */
  [SIGNIN_CTL_NOT_FOUND] = { "not-found", N_ ("not found"), SIGNIN_CTL_BAD },
  /* TRANSLATORS: the state of a service; short */
  [SIGNIN_CTL_DOWN] = { "down", N_ ("down"), SIGNIN_CTL_BAD },
  /* TRANSLATORS: the state of a service; short */
  [SIGNIN_CTL_OFFLINE] = { "offline", N_ ("offline"), SIGNIN_CTL_BAD },
};

static const struct
{
  const char *code;
  const char *text;
} reasons[] = {
  /* What a host answered. */
  { "auth-challenge", N_ ("it asks who you are, as it should") },
  { "redirect-to-authority", N_ ("it leads to the sign-in page, as it should") },
  { "redirect-to-itself", N_ ("it leads to a page of its own, as it should") },
  { "openid-configuration", N_ ("it says how to sign in, as it should") },
  { "challenge-missing", N_ ("it asks who you are, but not where to sign in") },
  { "foreign-redirect", N_ ("it leads somewhere else") },
  { "redirect-loop", N_ ("it leads back to itself, again and again") },
  { "not-understood", N_ ("its answer makes no sense") },
  { "issuer-mismatch", N_ ("it says to be somebody else") },
  { "too-large", N_ ("its answer is too long to be one") },
  { "cut-off", N_ ("its answer broke off") },
  { "discontinued", N_ ("it was discontinued") },
  { "not-asked", N_ ("its address is not known") },
  { "time-up", N_ ("it has not answered so far") },
  /* Why it did not. */
  { "captive", N_ ("the network answers in its place: it wants you to log in to it first") },
  { "name-unknown", N_ ("nobody knows that name") },
  { "name-timeout", N_ ("its name could not be looked up in time") },
  { "unreachable", N_ ("no way leads there") },
  { "connection-refused", N_ ("it takes no connections") },
  { "timeout", N_ ("it does not answer in time") },
  { "wrong-certificate", N_ ("its certificate is that of somebody else") },
  { "certificate-expired", N_ ("its certificate is not valid today") },
  { "certificate-untrusted", N_ ("nobody who is trusted vouches for its certificate") },
  { "tls-failed", N_ ("no encrypted connection came about") },
  { "proxy-unreachable", N_ ("the proxy of this network cannot be reached") },
  { "proxy-refused", N_ ("the proxy of this network refuses") },
  { "failed", N_ ("asking it failed") },
  /* What is published. */
  { "available", N_ ("available") },
  { "operational", N_ ("works") },
  { "service-restored", N_ ("works again") },
  { "resolved", N_ ("works again") },
  { "mitigated", N_ ("works again") },
  { "false-positive", N_ ("was no trouble after all") },
  { "review-published", N_ ("works again; a review is published") },
  { "investigating", N_ ("being looked into") },
  { "confirmed", N_ ("confirmed") },
  { "reported", N_ ("reported") },
  { "service-degradation", N_ ("works badly") },
  { "restoring-service", N_ ("being mended") },
  { "verifying-service", N_ ("mended, and being watched") },
  { "extended-recovery", N_ ("mended, but not for everybody yet") },
  { "service-interruption", N_ ("does not work") },
  { "investigation-suspended", N_ ("was looked into, without result") },
  { "incidents", N_ ("incidents are told of") },
  { "no-incidents", N_ ("no incident is told of") },
  { "status-unknown", N_ ("its state is not told") },
  { "unknown-word", N_ ("its state is told in a word that is not known") },
  { "no-status", N_ ("its state is not told") },
  { "no-date", N_ ("it does not say from when that is") },
  { "stale", N_ ("what it says is too old") },
  { "empty", N_ ("it says nothing") },
  { "token-missing", N_ ("the token command printed no token") },
  { "token-malformed", N_ ("what the token command printed is no token") },
  { "token-too-long", N_ ("what the token command printed is too long for a token") },
  { "token-command-failed", N_ ("the token command failed") },
  { "token-command-invalid", N_ ("the token command cannot be run") },
  { "foreign-page", N_ ("its list goes on at another host, which was not asked") },
  { "too-many-pages", N_ ("its list is too long to be read to its end") },
};

/**
 * signin_ctl_verdict_parse:
 * @word: a verdict, as it stands on the bus
 *
 * Returns: it; what is not known is no reason to believe that all is well.
 */
SigninCtlVerdict
signin_ctl_verdict_parse (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (g_str_equal (verdicts[i].word, word))
      return i;
  return SIGNIN_CTL_UNKNOWN;
}

/**
 * signin_ctl_verdict_word:
 * @verdict: a verdict
 *
 * Returns: (transfer none): it for programs.
 */
const char *
signin_ctl_verdict_word (SigninCtlVerdict verdict)
{
  return verdicts[verdict].word;
}

/**
 * signin_ctl_verdict_label:
 * @verdict: a verdict
 *
 * Returns: (transfer none): it for people.
 */
const char *
signin_ctl_verdict_label (SigninCtlVerdict verdict)
{
  return _ (verdicts[verdict].label);
}

/**
 * signin_ctl_verdict_colour:
 * @verdict: a verdict
 *
 * Returns: its colour.
 */
SigninCtlColour
signin_ctl_verdict_colour (SigninCtlVerdict verdict)
{
  return verdicts[verdict].colour;
}

/* A code that ends in a number of HTTP. */
static const char *
find_number (const char *reason, const char *prefix)
{
  gsize len = strlen (prefix);

  if (!g_str_has_prefix (reason, prefix) || strlen (reason) != len + 3 || strspn (reason + len, "0123456789") != 3)
    return NULL;
  return reason + len;
}

/**
 * signin_ctl_health_reason:
 * @reason: a code, as it stands on the bus
 *
 * Returns: (transfer full): it in words without a full stop; a code that is not known as it is.
 */
char *
signin_ctl_health_reason (const char *reason)
{
  const char *status = find_number (reason, "http-");
  const char *proxy = find_number (reason, "proxy-");

  if (status != NULL)
    /* TRANSLATORS: a number */
    return g_strdup_printf (_ ("it answers with HTTP status %s"), status);
  if (proxy != NULL)
    /* TRANSLATORS: a number */
    return g_strdup_printf (_ ("the proxy of this network refuses with HTTP status %s"), proxy);
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_str_equal (reasons[i].code, reason))
      return g_strdup (_ (reasons[i].text));
  return g_strdup (reason);
}

/**
 * signin_ctl_format_latency:
 * @usec: how long an answer took
 *
 * Returns: (transfer full): it as people compare it.
 */
char *
signin_ctl_format_latency (gint64 usec)
{
  if (usec < G_USEC_PER_SEC)
    /* TRANSLATORS: milliseconds */
    return g_strdup_printf (_ ("%d ms"), (int) ((usec + 999) / 1000));
  /* TRANSLATORS: seconds, with a fraction */
  return g_strdup_printf (_ ("%.1f s"), (double) usec / G_USEC_PER_SEC);
}
