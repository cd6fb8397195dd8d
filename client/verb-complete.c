/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What could be typed next: the completions of all shells ask this, so that they know what the program knows. */

#include "config.h"

#include <ctype.h>
#include <string.h>

#include <glib/gi18n.h>

#include "browsers.h"
#include "describe.h"
#include "services.h"
#include "settings.h"
#include "topics.h"
#include "verbs.h"

/* Who presses Tab does not wait for a daemon that hangs. */
#define PATIENCE_USEC (G_USEC_PER_SEC / 2)

/**
 * Line:
 * @ctl: the call
 * @verb: what was typed, or %NULL
 * @n_words: how many words stand behind it
 * @words: these
 * @given: the bits of the options that stand there
 * @option: the option that a value is to be typed for, or -1
 * @start: what there is of the word that is completed
 * @options_over: "--" stands there
 * @out: what is found
 *
 * A command line that is not finished.
 */
typedef struct
{
  SigninCtl *ctl;
  const SigninCtlVerb *verb;
  guint n_words;
  const char **words;
  guint given;
  int option;
  const char *start;
  gboolean options_over;
  GString *out;
} Line;

/* One a line, with what it means behind a tab. */
static void
offer (Line *line, const char *word, const char *help)
{
  if (g_str_has_prefix (word, line->start))
    g_string_append_printf (line->out, "%s%s%s\n", word, help != NULL && *help != '\0' ? "\t" : "",
                            help != NULL ? help : "");
}

static gboolean
is_given (const Line *line, const char *word)
{
  for (guint i = 0; i < line->n_words; i++)
    if (g_str_equal (line->words[i], word))
      return TRUE;
  return FALSE;
}

/* The accounts of a daemon that runs; it is not started for this. */
static SigninCtlSnapshot *
look (Line *line)
{
  sd_bus *bus = signin_ctl_connect (line->ctl, NULL);

  return bus != NULL ? signin_ctl_snapshot_peek (bus, PATIENCE_USEC) : NULL;
}

static void
offer_accounts (Line *line)
{
  g_autoptr (SigninCtlSnapshot) snapshot = look (line);

  for (guint i = 0; snapshot != NULL && i < snapshot->accounts->len; i++)
    {
      const SigninCtlAccount *account = signin_ctl_snapshot_get (snapshot, i);
      g_autofree char *what = signin_ctl_describe_what (account);

      if (!is_given (line, account->id))
        offer (line, account->id, what);
    }
}

static void
offer_sources (Line *line)
{
  g_autoptr (SigninCtlSnapshot) snapshot = look (line);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  offer (line, SIGNIN_SOURCE_MANUAL, NULL);
  g_hash_table_add (seen, (gpointer) SIGNIN_SOURCE_MANUAL);
  for (guint i = 0; snapshot != NULL && i < snapshot->accounts->len; i++)
    {
      GPtrArray *sessions = signin_ctl_snapshot_get (snapshot, i)->sessions;

      for (guint j = 0; j < sessions->len; j++)
        {
          SigninCtlSession *session = g_ptr_array_index (sessions, j);

          if (g_hash_table_add (seen, session->source))
            offer (line, session->source, NULL);
        }
    }
}

static void
offer_services (Line *line)
{
  g_autoptr (SigninServices) services = signin_services_load (NULL);

  for (const SigninService *const *s = services != NULL ? signin_services_list (services) : NULL;
       s != NULL && *s != NULL; s++)
    offer (line, (*s)->id, (*s)->name);
}

static void
offer_regions (Line *line)
{
  g_autoptr (SigninServices) services = signin_services_load (NULL);

  for (const SigninRegion *const *r = services != NULL ? signin_services_list_regions (services) : NULL;
       r != NULL && *r != NULL; r++)
    {
      offer (line, (*r)->label, (*r)->name);
      /* Who begins with a capital letter means a code. */
      for (char **code = (*r)->codes; *line->start != '\0' && code != NULL && *code != NULL; code++)
        offer (line, *code, (*r)->name);
    }
}

static void
offer_browsers (Line *line)
{
  for (const SigninBrowser *browser = signin_browsers; browser->id != NULL; browser++)
    if (!is_given (line, browser->id))
      offer (line, browser->id, browser->name);
}

static void
offer_settings (Line *line)
{
  for (guint i = 0; i < SIGNIN_N_SETTINGS; i++)
    offer (line, signin_setting_key (i), NULL);
}

/* A question in a word; the rest of a text is nobody's to guess. */
static void
offer_topics (Line *line)
{
  g_autoptr (SigninCtlTopics) topics = line->n_words == 0 ? signin_ctl_topics_load (NULL) : NULL;

  for (guint i = 0; topics != NULL && i < signin_ctl_topics_count (topics); i++)
    offer (line, signin_ctl_topics_nth (topics, i)->id, signin_ctl_topics_nth (topics, i)->title);
}

static void
offer_verbs (Line *line)
{
  for (const SigninCtlVerb *verb = signin_ctl_verbs; verb->name != NULL; verb++)
    {
      if (verb->group == NULL)
        continue;
      offer (line, verb->name, _ (verb->help));
      /* The other name is there for who knows it. */
      if (verb->alias != NULL && *line->start != '\0' && !g_str_has_prefix (verb->name, line->start))
        offer (line, verb->alias, _ (verb->help));
    }
}

static void
offer_options (Line *line)
{
  guint bits = SIGNIN_CTL_GLOBAL_OPTIONS | (line->verb != NULL ? line->verb->options : 0);

  for (guint i = 0; i < SIGNIN_CTL_N_OPTIONS; i++)
    {
      const SigninCtlOptionInfo *info = signin_ctl_option_info (i);
      g_autofree char *name = g_strconcat ("--", info->name, NULL);

      if (bits & ~line->given & SIGNIN_CTL_BIT (i))
        offer (line, name, _ (info->help));
    }
}

/* What the help calls a value says what it is; words in small letters are to be typed as they are. */
static void
offer_kind (Line *line, const char *kind)
{
  static const struct
  {
    const char *kind;
    void (*offer) (Line *line);
  } kinds[] = {
    { "ACCOUNT", offer_accounts }, { "SERVICE", offer_services }, { "REGION", offer_regions },
    { "SOURCE", offer_sources },   { "SETTING", offer_settings }, { "TEXT", offer_topics },
    { "BROWSER", offer_browsers },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, kind))
      kinds[i].offer (line);
  if (g_str_equal (kind, "FILE"))
    g_string_append (line->out, "\tfiles\n"); /* the shell knows those better */
  else if (islower (*kind))
    offer (line, kind, NULL);
}

/* "[ACCOUNT] [DURATION]", "install|remove|status", "[ACCOUNT...]": the kinds of the word number @n. */
static void
offer_place (Line *line, const char *places, guint n)
{
  g_auto (GStrv) all = g_strsplit (places, " ", -1);
  guint last = g_strv_length (all) - 1;
  g_auto (GStrv) kinds = g_strsplit_set (all[MIN (n, last)], "[]|.", -1);

  for (guint i = 0; kinds[i] != NULL; i++)
    if (*kinds[i] != '\0')
      offer_kind (line, kinds[i]);
}

static void
offer_value (Line *line)
{
  const char *value = signin_ctl_option_info (line->option)->value;

  offer_place (line, value, 0);
}

static void
offer_all (Line *line)
{
  if (line->option >= 0)
    offer_value (line);
  else if (*line->start == '-' && !line->options_over)
    offer_options (line);
  else if (line->verb == NULL)
    offer_verbs (line);
  else if (line->n_words < line->verb->max_words && line->verb->words != NULL)
    offer_place (line, line->verb->words, line->n_words);
}

static int
find_option (const char *name)
{
  for (int i = 0; i < SIGNIN_CTL_N_OPTIONS; i++)
    if (g_str_equal (signin_ctl_option_info (i)->name, name))
      return i;
  return -1;
}

static void
take_word (Line *line, const char *word)
{
  if (line->option >= 0)
    {
      line->option = -1;
      return;
    }
  if (!line->options_over && g_str_has_prefix (word, "--"))
    {
      int option = find_option (word + 2);

      line->options_over = word[2] == '\0';
      if (option >= 0)
        line->given |= SIGNIN_CTL_BIT (option);
      if (option >= 0 && signin_ctl_option_info (option)->value != NULL)
        line->option = option;
      return;
    }
  if (line->verb == NULL)
    {
      for (const SigninCtlVerb *verb = signin_ctl_verbs; verb->name != NULL && line->verb == NULL; verb++)
        if (g_str_equal (verb->name, word) || g_strcmp0 (verb->alias, word) == 0)
          line->verb = verb;
      return;
    }
  line->words[line->n_words++] = word;
}

/**
 * signin_ctl_run_complete:
 * @ctl: the call; its words are those of a command line, the last one being typed still
 * @error: why not
 *
 * Says what the last word could become, one possibility a line, and behind a tab what it means. A line that says
 * "files" behind a tab, and nothing in front of it, stands for the names of files.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_complete (SigninCtl *ctl, GError **error)
{
  g_autofree const char **words = g_new0 (const char *, ctl->args.n_words + 1);
  g_autoptr (GString) out = g_string_new (NULL);
  Line line = { .ctl = ctl, .words = words, .option = -1, .start = "", .out = out };

  for (guint i = 0; i + 1 < ctl->args.n_words; i++)
    take_word (&line, ctl->args.words[i]);
  if (ctl->args.n_words > 0)
    line.start = ctl->args.words[ctl->args.n_words - 1];
  offer_all (&line);
  return signin_ctl_show (out->str, error);
}
