/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The command line: one table of options, read strictly, so that a slip of the finger never does something else. */

#include "config.h"

#include "options.h"

#include <string.h>

#include <glib/gi18n.h>

#include "exits.h"
#include "output.h"

/* Longer than anything that the daemon accepts. */
#define WORD_MAX 4096
#define WORDS_MAX 1024

static const SigninCtlOptionInfo options[SIGNIN_CTL_N_OPTIONS] = {
  [SIGNIN_CTL_OPT_JSON] = { "json", NULL, N_ ("Write JSON") },
  [SIGNIN_CTL_OPT_PLAIN] = { "plain", NULL, N_ ("Words alone: no bars, no colours") },
  [SIGNIN_CTL_OPT_HELP] = { "help", NULL, N_ ("Show this help") },
  [SIGNIN_CTL_OPT_VERSION] = { "version", NULL, N_ ("Show the version") },
  [SIGNIN_CTL_OPT_SERVICE] = { "service", "SERVICE", N_ ("The service; see 'signinctl services'") },
  [SIGNIN_CTL_OPT_ORG] = { "org", "ORG", N_ ("The organization, such as contoso") },
  [SIGNIN_CTL_OPT_REGION] = { "region", "REGION", N_ ("Its region, such as crm4, EMEA or Europe") },
  [SIGNIN_CTL_OPT_USER] = { "user", "NAME", N_ ("The name to sign in with") },
  [SIGNIN_CTL_OPT_URL] = { "url", "URL", N_ ("The page to sign in on") },
  [SIGNIN_CTL_OPT_LENGTH] = { "length", "DURATION",
                              N_ ("How long a session lasts, such as 8h, or none; in edit also organization") },
  [SIGNIN_CTL_OPT_WARN] = { "warn", "DURATION", N_ ("How long before the end the warning comes") },
  [SIGNIN_CTL_OPT_FROM_NEXT] = { "from-next-sign-in", NULL, N_ ("Leave the running session as it is") },
  [SIGNIN_CTL_OPT_AT] = { "at", "TIME", N_ ("When: 08:12, '25 min ago', 'yesterday 17:30'") },
  [SIGNIN_CTL_OPT_SOURCE] = { "source", "SOURCE", N_ ("Where the sign-in was made") },
  [SIGNIN_CTL_OPT_FORCE] = { "force", NULL, N_ ("Also if a browser has reported it already") },
  [SIGNIN_CTL_OPT_MIN_REMAINING] = { "min-remaining", "DURATION", N_ ("How much has to be left, such as 30min") },
  [SIGNIN_CTL_OPT_POPUP] = { "popup", NULL, N_ ("Show a popup on the desktop") },
  [SIGNIN_CTL_OPT_REFRESH] = { "refresh", NULL, N_ ("Ask again, even if that was done a moment ago") },
  [SIGNIN_CTL_OPT_WAIT] = { "wait", "up", N_ ("Ask again, at longer and longer intervals, until sign-in works") },
  [SIGNIN_CTL_OPT_REPLACE] = { "replace", NULL, N_ ("What is here already takes the values of the file") },
  [SIGNIN_CTL_OPT_DRY_RUN] = { "dry-run", NULL, N_ ("Show what would be done, and do nothing") },
  [SIGNIN_CTL_OPT_SINCE] = { "since", "TIME", N_ ("From then on: 2026-11-22, yesterday, '3 days ago', a time") },
  [SIGNIN_CTL_OPT_UNTIL] = { "until", "TIME", N_ ("Up to then; of a day, up to its end") },
  [SIGNIN_CTL_OPT_ACCOUNT] = { "account", "ACCOUNT", N_ ("Of this account alone") },
  [SIGNIN_CTL_OPT_FORMAT] = { "format", "waybar|plain", N_ ("For which kind of status bar") },
  [SIGNIN_CTL_OPT_FOLLOW] = { "follow", NULL, N_ ("Go on: a new line whenever it changes") },
  [SIGNIN_CTL_OPT_YES] = { "yes", NULL, N_ ("Do not ask") },
};

/**
 * signin_ctl_option_info:
 * @option: an option
 *
 * Returns: (transfer none): what is known of it.
 */
const SigninCtlOptionInfo *
signin_ctl_option_info (SigninCtlOption option)
{
  return &options[option];
}

/**
 * signin_ctl_args_has:
 * @args: a command line
 * @option: an option
 *
 * Returns: whether @option was given.
 */
gboolean
signin_ctl_args_has (const SigninCtlArgs *args, SigninCtlOption option)
{
  return (args->given & SIGNIN_CTL_BIT (option)) != 0;
}

/**
 * signin_ctl_args_wants_json:
 * @argc: number of arguments
 * @argv: arguments
 *
 * Returns: whether JSON is asked for; known even of a command line that makes no sense.
 */
gboolean
signin_ctl_args_wants_json (int argc, char *const *argv)
{
  for (int i = 1; i < argc && strcmp (argv[i], "--") != 0; i++)
    if (strcmp (argv[i], "--json") == 0)
      return TRUE;
  return FALSE;
}

static guint
edit_distance (const char *a, const char *b)
{
  gsize n = strlen (b);
  g_autofree guint *row = g_new (guint, n + 1);

  for (gsize j = 0; j <= n; j++)
    row[j] = j;
  for (gsize i = 1; a[i - 1] != '\0'; i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (gsize j = 1; j <= n; j++)
        {
          guint above = row[j];
          guint swap = diagonal + (a[i - 1] != b[j - 1]);

          row[j] = MIN (MIN (above, row[j - 1]) + 1, swap);
          diagonal = above;
        }
    }
  return row[n];
}

/**
 * signin_ctl_nearest:
 * @text: what was typed
 * @candidates: %NULL-terminated words that would have been right
 *
 * Returns: (nullable) (transfer none): the candidate that @text is most like, if it is like one at all.
 */
const char *
signin_ctl_nearest (const char *text, const char *const *candidates)
{
  const char *nearest = NULL;
  guint least = G_MAXUINT;

  if (strlen (text) > 64)
    return NULL;
  for (; *candidates != NULL; candidates++)
    {
      guint distance = edit_distance (text, *candidates);

      if (distance < least && distance <= 2 && distance < strlen (text))
        {
          least = distance;
          nearest = *candidates;
        }
    }
  return nearest;
}

static gboolean
check_text (int argc, char *const *argv, GError **error)
{
  if (argc > WORDS_MAX)
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("More than %d arguments"), WORDS_MAX);
      return FALSE;
    }
  for (int i = 1; i < argc; i++)
    if (!g_utf8_validate (argv[i], -1, NULL))
      {
        g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("Argument %d is not valid UTF-8"), i);
        return FALSE;
      }
    else if (strlen (argv[i]) > WORD_MAX)
      {
        g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("Argument %d is longer than %d bytes"), i, WORD_MAX);
        return FALSE;
      }
  return TRUE;
}

static const SigninCtlVerb *
find_verb (const SigninCtlVerb *verbs, const char *word)
{
  for (; verbs->name != NULL; verbs++)
    if (strcmp (verbs->name, word) == 0 || g_strcmp0 (verbs->alias, word) == 0)
      return verbs;
  return NULL;
}

static void
refuse_verb (const SigninCtlVerb *verbs, const char *word, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *nearest;

  for (; verbs->name != NULL; verbs++)
    {
      if (verbs->group == NULL)
        continue;
      g_ptr_array_add (names, (gpointer) verbs->name);
      if (verbs->alias != NULL)
        g_ptr_array_add (names, (gpointer) verbs->alias);
    }
  g_ptr_array_add (names, NULL);
  nearest = signin_ctl_nearest (word, (const char *const *) names->pdata);
  if (nearest != NULL)
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("Unknown verb '%s'; did you mean '%s'?"), word, nearest);
  else
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("Unknown verb '%s'; 'signinctl --help' lists the verbs"),
                 word);
}

static int
find_option (const char *name, gsize length)
{
  for (int i = 0; i < SIGNIN_CTL_N_OPTIONS; i++)
    if (strlen (options[i].name) == length && strncmp (options[i].name, name, length) == 0)
      return i;
  return -1;
}

static void
refuse_option (const SigninCtlVerb *verb, const char *name, gsize length, GError **error)
{
  const char *names[SIGNIN_CTL_N_OPTIONS + 1] = { NULL };
  g_autofree char *typed = g_strndup (name, length);
  guint bits = SIGNIN_CTL_GLOBAL_OPTIONS | verb->options;
  const char *nearest;
  guint n = 0;

  for (guint i = 0; i < SIGNIN_CTL_N_OPTIONS; i++)
    if (bits & SIGNIN_CTL_BIT (i))
      names[n++] = options[i].name;
  nearest = signin_ctl_nearest (typed, names);
  if (nearest != NULL)
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("Unknown option '--%s'; did you mean '--%s'?"), typed,
                 nearest);
  else
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("Unknown option '--%s'; see 'signinctl %s --help'"),
                 typed, verb->name);
}

static void
refuse_foreign (const SigninCtlVerb *verbs, const SigninCtlArgs *args, int option, GError **error)
{
  const char *name = options[option].name;

  if (option == SIGNIN_CTL_OPT_SERVICE && args->verb_given && strcmp (args->verb->name, "edit") == 0)
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
                   _ ("An account keeps its service; remove it and add it again with --service"));
      return;
    }
  for (; verbs->name != NULL; verbs++)
    if (verbs->options & SIGNIN_CTL_BIT (option))
      break;
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
               _ ("'%s' takes no --%s; write it after the verb that does, such as 'signinctl %s --%s'"),
               args->verb->name, name, verbs->name, name);
}

/* Takes the option at @argv[*i], and its value. */
static gboolean
take_option (SigninCtlArgs *args, int argc, char *const *argv, int *i, GError **error)
{
  const char *name = argv[*i] + 2;
  gsize length = strcspn (name, "=");
  const char *value = name[length] == '=' ? name + length + 1 : NULL;
  int option = find_option (name, length);

  if (option < 0)
    {
      refuse_option (args->verb, name, length, error);
      return FALSE;
    }
  if (options[option].value == NULL && value != NULL)
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("--%s takes no value"), options[option].name);
      return FALSE;
    }
  if (options[option].value != NULL && value == NULL)
    {
      if (*i + 1 >= argc || g_str_has_prefix (argv[*i + 1], "--"))
        {
          g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("--%s needs a value: --%s %s"),
                       options[option].name, options[option].name, options[option].value);
          return FALSE;
        }
      value = argv[++*i];
    }
  if (options[option].value != NULL && signin_ctl_args_has (args, option))
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("--%s was given twice; give it once"),
                   options[option].name);
      return FALSE;
    }
  args->given |= SIGNIN_CTL_BIT (option);
  args->values[option] = value;
  return TRUE;
}

static gboolean
take_word (SigninCtlArgs *args, const SigninCtlVerb *verbs, const char *word, GError **error)
{
  if (args->verb_given)
    {
      args->words[args->n_words++] = word;
      return TRUE;
    }
  args->verb = find_verb (verbs, word);
  args->verb_given = args->verb != NULL;
  if (args->verb == NULL)
    refuse_verb (verbs, word, error);
  return args->verb != NULL;
}

static gboolean
check_fit (const SigninCtlArgs *args, const SigninCtlVerb *verbs, GError **error)
{
  const SigninCtlVerb *verb = args->verb;
  guint foreign = args->given & ~(SIGNIN_CTL_GLOBAL_OPTIONS | verb->options);

  if (foreign != 0)
    {
      refuse_foreign (verbs, args, g_bit_nth_lsf (foreign, -1), error);
      return FALSE;
    }
  if (args->given & (SIGNIN_CTL_BIT (SIGNIN_CTL_OPT_HELP) | SIGNIN_CTL_BIT (SIGNIN_CTL_OPT_VERSION)))
    return TRUE;
  if (args->n_words < verb->min_words)
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("Something is missing: signinctl %s %s"), verb->name,
                 verb->words);
  else if (args->n_words > verb->max_words && verb->max_words == 0)
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE, _ ("'%s' is too much: 'signinctl %s' stands alone"),
                 args->words[0], verb->name);
  else if (args->n_words > verb->max_words)
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
                 _ ("'%s' is too much: signinctl %s %s; put quotes around a text with spaces"),
                 args->words[verb->max_words], verb->name, verb->words);
  else
    return TRUE;
  return FALSE;
}

/**
 * signin_ctl_args_parse:
 * @args: (out): where to store it
 * @verbs: the verbs there are, the assumed one first, ended by one without a name
 * @argc: number of arguments
 * @argv: arguments
 * @error: what is wrong with them, and what would be right
 *
 * Reads a command line.
 *
 * Returns: whether it makes sense.
 */
gboolean
signin_ctl_args_parse (SigninCtlArgs *args, const SigninCtlVerb *verbs, int argc, char *const *argv, GError **error)
{
  gboolean options_over = FALSE;

  *args = (SigninCtlArgs){ .verb = verbs };
  if (!check_text (argc, argv, error))
    return FALSE;
  args->words = g_new0 (const char *, MAX (argc, 0) + 1);
  for (int i = 1; i < argc; i++)
    {
      gboolean taken = TRUE;

      if (options_over || argv[i][0] != '-' || argv[i][1] == '\0')
        taken = take_word (args, verbs, argv[i], error);
      else if (strcmp (argv[i], "--") == 0)
        options_over = TRUE;
      else if (strcmp (argv[i], "-h") == 0)
        args->given |= SIGNIN_CTL_BIT (SIGNIN_CTL_OPT_HELP);
      else if (argv[i][1] == '-')
        taken = take_option (args, argc, argv, &i, error);
      else
        {
          g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
                       _ ("Unknown option '%s'; options are written out, such as --json"), argv[i]);
          taken = FALSE;
        }
      if (!taken)
        return FALSE;
    }
  return check_fit (args, verbs, error);
}

/**
 * signin_ctl_args_clear:
 * @args: a command line
 *
 * Frees what reading it took.
 */
void
signin_ctl_args_clear (SigninCtlArgs *args)
{
  g_clear_pointer (&args->words, g_free);
}
