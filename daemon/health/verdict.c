/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of verdicts. signin-healthd(8) has the same one for people: whoever changes one changes the other. */

#include "config.h"

#include "verdict.h"

static const char *const verdict_texts[SIGNIN_N_VERDICTS] = {
  [SIGNIN_VERDICT_UP] = "up",           [SIGNIN_VERDICT_DEGRADED] = "degraded",
  [SIGNIN_VERDICT_DOWN] = "down",       [SIGNIN_VERDICT_NOT_FOUND] = "not-found",
  [SIGNIN_VERDICT_OFFLINE] = "offline", [SIGNIN_VERDICT_UNKNOWN] = "unknown",
};

static const char *const end_reasons[SIGNIN_N_FETCH_ENDS] = {
  [SIGNIN_FETCH_TOO_LARGE] = "too-large",
  [SIGNIN_FETCH_CUT_OFF] = "cut-off",
  [SIGNIN_FETCH_NAME_UNKNOWN] = "name-unknown",
  [SIGNIN_FETCH_NAME_TIMEOUT] = "name-timeout",
  [SIGNIN_FETCH_UNREACHABLE] = "unreachable",
  [SIGNIN_FETCH_REFUSED] = "connection-refused",
  [SIGNIN_FETCH_TIMEOUT] = "timeout",
  [SIGNIN_FETCH_CERTIFICATE_NAME] = "wrong-certificate",
  [SIGNIN_FETCH_CERTIFICATE_EXPIRED] = "certificate-expired",
  [SIGNIN_FETCH_CERTIFICATE_UNTRUSTED] = "certificate-untrusted",
  [SIGNIN_FETCH_TLS_FAILED] = "tls-failed",
  [SIGNIN_FETCH_PROXY_UNREACHABLE] = "proxy-unreachable",
  [SIGNIN_FETCH_FAILED] = "failed",
};

/* Reasons with a number in them, and the one that goes by how the request ended. */
#define BY_STATUS "http-"
#define BY_END ""

#define KIND(kind) (1u << SIGNIN_ROW_##kind)
#define ORGANIZATION KIND (ORGANIZATION)
#define AUTHORITY KIND (AUTHORITY)
#define PAGE (KIND (PORTAL) | KIND (HOME))
#define ALL_KINDS (ORGANIZATION | AUTHORITY | PAGE)
/* Those who tell about others: that they do not answer says nothing of the others. */
#define TELLERS (KIND (FEED) | KIND (GRAPH))

#define END(end) (1u << SIGNIN_FETCH_##end)
#define ANSWERED END (ANSWERED)
#define HAS_STATUS (ANSWERED | END (TOO_LARGE) | END (CUT_OFF))
#define NO_WAY (END (NAME_UNKNOWN) | END (NAME_TIMEOUT) | END (UNREACHABLE) | END (PROXY_UNREACHABLE))
#define OTHERS_ANSWER (END (CERTIFICATE_NAME) | END (CERTIFICATE_EXPIRED) | END (CERTIFICATE_UNTRUSTED))
#define SILENT (END (TIMEOUT) | END (REFUSED))
#define ALL_ENDS ((1u << SIGNIN_N_FETCH_ENDS) - 1)

#define CONTENT(content) (1u << SIGNIN_CONTENT_##content)
#define ALL_CONTENTS ((1u << SIGNIN_N_CONTENTS) - 1)

typedef struct
{
  guint kinds;
  guint ends;
  guint contents;
  guint from, to; /* the status */
  SigninAround around;
  SigninVerdict verdict;
  const char *reason;
} Rule;

/* The first rule that fits counts. What nobody thought of is unknown, and never healthy. */
static const Rule rules[] = {
  /* clang-format off */
  { ALL_KINDS, NO_WAY, ALL_CONTENTS, 0, 0, SIGNIN_AROUND_ALL_LOCAL, SIGNIN_VERDICT_OFFLINE, BY_END },
  { ALL_KINDS, OTHERS_ANSWER, ALL_CONTENTS, 0, 0, SIGNIN_AROUND_ALL_LOCAL, SIGNIN_VERDICT_OFFLINE, "captive" },
  { ALL_KINDS, ANSWERED, CONTENT (TO_STRANGER), 300, 399, SIGNIN_AROUND_ALL_LOCAL, SIGNIN_VERDICT_OFFLINE, "captive" },

  { ORGANIZATION, ANSWERED, CONTENT (CHALLENGE), 401, 401, 0, SIGNIN_VERDICT_UP, "auth-challenge" },
  { ORGANIZATION | PAGE, ANSWERED, CONTENT (TO_AUTHORITY), 300, 399, 0, SIGNIN_VERDICT_UP, "redirect-to-authority" },
  { PAGE, ANSWERED, CONTENT (TO_ITSELF), 300, 399, 0, SIGNIN_VERDICT_UP, "redirect-to-itself" },
  { PAGE, ANSWERED, CONTENT (PLAIN), 200, 299, 0, SIGNIN_VERDICT_UP, BY_STATUS },
  { AUTHORITY, ANSWERED, CONTENT (OPENID), 200, 200, 0, SIGNIN_VERDICT_UP, "openid-configuration" },

  { ALL_KINDS, HAS_STATUS, ALL_CONTENTS, 429, 429, 0, SIGNIN_VERDICT_DEGRADED, BY_STATUS },
  { ALL_KINDS, HAS_STATUS, ALL_CONTENTS, 503, 503, 0, SIGNIN_VERDICT_DEGRADED, BY_STATUS },
  { ALL_KINDS, HAS_STATUS, ALL_CONTENTS, 500, 599, 0, SIGNIN_VERDICT_DOWN, BY_STATUS },
  { ALL_KINDS, SILENT, ALL_CONTENTS, 0, 0, SIGNIN_AROUND_ANSWERS, SIGNIN_VERDICT_DOWN, BY_END },

  { ORGANIZATION | PAGE, HAS_STATUS, ALL_CONTENTS, 404, 404, 0, SIGNIN_VERDICT_NOT_FOUND, BY_STATUS },
  { ORGANIZATION | PAGE, HAS_STATUS, ALL_CONTENTS, 400, 400, 0, SIGNIN_VERDICT_NOT_FOUND, BY_STATUS },
  { ORGANIZATION | PAGE, END (NAME_UNKNOWN), ALL_CONTENTS, 0, 0, SIGNIN_AROUND_RESOLVES, SIGNIN_VERDICT_NOT_FOUND,
    BY_END },

  { ALL_KINDS, ANSWERED, CONTENT (TO_STRANGER), 300, 399, 0, SIGNIN_VERDICT_UNKNOWN, "foreign-redirect" },
  { ALL_KINDS, ANSWERED, CONTENT (LOOP), 300, 399, 0, SIGNIN_VERDICT_UNKNOWN, "redirect-loop" },
  { AUTHORITY, ANSWERED, CONTENT (NOT_OPENID), 200, 200, 0, SIGNIN_VERDICT_UNKNOWN, "not-understood" },
  { AUTHORITY, ANSWERED, CONTENT (OTHER_ISSUER), 200, 200, 0, SIGNIN_VERDICT_UNKNOWN, "issuer-mismatch" },
  { ORGANIZATION, ANSWERED, ALL_CONTENTS, 401, 401, 0, SIGNIN_VERDICT_UNKNOWN, "challenge-missing" },
  { ALL_KINDS | TELLERS, ANSWERED, ALL_CONTENTS, 0, G_MAXUINT, 0, SIGNIN_VERDICT_UNKNOWN, BY_STATUS },
  { ALL_KINDS | TELLERS, ALL_ENDS, ALL_CONTENTS, 0, G_MAXUINT, 0, SIGNIN_VERDICT_UNKNOWN, BY_END },
  /* clang-format on */
};

/* What decides when several verdicts come to one: the trouble that is nearest to the person first. */
static const SigninVerdict by_weight[SIGNIN_N_VERDICTS] = {
  SIGNIN_VERDICT_OFFLINE,  SIGNIN_VERDICT_NOT_FOUND, SIGNIN_VERDICT_DOWN,
  SIGNIN_VERDICT_DEGRADED, SIGNIN_VERDICT_UNKNOWN,   SIGNIN_VERDICT_UP,
};

/**
 * signin_verdict_to_text:
 * @verdict: a verdict
 *
 * Returns: (transfer none): its word on the bus
 */
const char *
signin_verdict_to_text (SigninVerdict verdict)
{
  return verdict_texts[verdict];
}

static gboolean
fits (const Rule *rule, SigninRowKind kind, const SigninSeen *seen, SigninAround around)
{
  return (rule->kinds & (1u << kind)) != 0 && (rule->ends & (1u << seen->end)) != 0
         && (rule->contents & (1u << seen->content)) != 0 && seen->status >= rule->from && seen->status <= rule->to
         && (around & rule->around) == rule->around;
}

static const char *
number_reason (const char *prefix, guint number)
{
  g_autofree char *text = g_strdup_printf ("%s%u", prefix, number);

  /* There are at most a few hundred of them. */
  return g_intern_string (text);
}

/**
 * signin_verdict_judge:
 * @kind: what was asked: an organization, an authority, a portal or a home page
 * @seen: what was seen of it
 * @around: what the other answers tell
 * @reason: (out) (transfer none): why, as a code
 *
 * Returns: what it comes to
 */
SigninVerdict
signin_verdict_judge (SigninRowKind kind, const SigninSeen *seen, SigninAround around, const char **reason)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (rules) && !fits (&rules[i], kind, seen, around))
    i++;
  if (i == G_N_ELEMENTS (rules))
    {
      *reason = "failed";
      return SIGNIN_VERDICT_UNKNOWN;
    }
  *reason = rules[i].reason;
  if (g_str_equal (*reason, BY_STATUS))
    *reason = number_reason (BY_STATUS, MIN (seen->status, 999));
  else if (g_str_equal (*reason, BY_END) && seen->end == SIGNIN_FETCH_PROXY_REFUSED)
    *reason = seen->proxy_status > 0 ? number_reason ("proxy-", MIN (seen->proxy_status, 999)) : "proxy-refused";
  else if (g_str_equal (*reason, BY_END))
    *reason = end_reasons[seen->end];
  return rules[i].verdict;
}

/**
 * signin_verdict_judge_word:
 * @words: the words that are known, up to one whose word is %NULL
 * @word: (nullable): the word for a state, in any case
 * @reason: (out): the stable code of it
 *
 * Returns: what it means; a word that is not known means nothing, least of all that all is well
 */
SigninVerdict
signin_verdict_judge_word (const SigninVerdictWord *words, const char *word, const char **reason)
{
  for (; word != NULL && words->word != NULL; words++)
    if (g_ascii_strcasecmp (word, words->word) == 0)
      {
        *reason = words->reason;
        return words->verdict;
      }
  *reason = word != NULL && *word != '\0' ? "unknown-word" : "no-status";
  return SIGNIN_VERDICT_UNKNOWN;
}

/**
 * signin_verdict_worse:
 * @a: a verdict
 * @b: another one
 *
 * Returns: the one that people who need both should hear
 */
SigninVerdict
signin_verdict_worse (SigninVerdict a, SigninVerdict b)
{
  for (guint i = 0; i < G_N_ELEMENTS (by_weight); i++)
    if (by_weight[i] == a || by_weight[i] == b)
      return by_weight[i];
  return SIGNIN_VERDICT_UNKNOWN;
}

/**
 * signin_seen_is_local:
 * @seen: what was seen of a host
 *
 * Returns: whether that can have come from the network here, with nothing of the host in it
 */
gboolean
signin_seen_is_local (const SigninSeen *seen)
{
  return ((1u << seen->end) & (NO_WAY | OTHERS_ANSWER)) != 0
         || (seen->end == SIGNIN_FETCH_ANSWERED && seen->content == SIGNIN_CONTENT_TO_STRANGER);
}

/**
 * signin_seen_resolved:
 * @seen: what was seen of a host
 *
 * Returns: whether its name resolved
 */
gboolean
signin_seen_resolved (const SigninSeen *seen)
{
  switch (seen->end)
    {
    case SIGNIN_FETCH_NAME_UNKNOWN:
    case SIGNIN_FETCH_NAME_TIMEOUT:
    case SIGNIN_FETCH_PROXY_UNREACHABLE:
    case SIGNIN_FETCH_PROXY_REFUSED:
    case SIGNIN_FETCH_FAILED:
      return FALSE;
    default:
      return TRUE;
    }
}

/**
 * signin_seen_answered:
 * @seen: what was seen of a host
 *
 * Returns: whether it was there to answer, whatever it said
 */
gboolean
signin_seen_answered (const SigninSeen *seen)
{
  return seen->status > 0 && ((1u << seen->end) & HAS_STATUS) != 0;
}
