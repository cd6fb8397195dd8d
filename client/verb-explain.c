/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "pasted.h"
#include "verbs.h"

/* Where the titles begin in the list of all topics. */
#define LIST_COLUMN 28

#define LOOK_UP "https://login.microsoftonline.com/error"

static const char *const audience_words[SIGNIN_CTL_N_AUDIENCES] = { "you", "administrator", "firefox", "chromium" };

/* What is done in a browser stands in one place for all topics that need it. */
static char *const *
find_steps (const SigninCtlTopics *topics, const SigninCtlTopic *topic, SigninCtlAudience audience)
{
  gboolean in_browser = audience == SIGNIN_CTL_IN_FIREFOX || audience == SIGNIN_CTL_IN_CHROMIUM;

  for (guint i = 0; in_browser && *topic->steps[audience] == NULL && topic->see[i] != NULL; i++)
    {
      const SigninCtlTopic *other = signin_ctl_topics_get (topics, topic->see[i]);

      if (other != NULL && *other->steps[audience] != NULL)
        return other->steps[audience];
    }
  return topic->steps[audience];
}

/* The vendor's page for a number; it knows its own numbers, not those of Dynamics 365. */
static char *
look_up (const char *code)
{
  const char *digits = strpbrk (code, "0123456789");

  return digits != NULL && g_str_has_prefix (code, "AADSTS") ? g_strconcat (LOOK_UP "?code=", digits, NULL) : NULL;
}

static char *
join_titles (const SigninCtlTopics *topics, char *const *ids)
{
  GString *titles = g_string_new (NULL);

  for (; *ids != NULL; ids++)
    {
      const SigninCtlTopic *topic = signin_ctl_topics_get (topics, *ids);

      if (topic != NULL)
        g_string_append_printf (titles, "%s%s", titles->len > 0 ? "; " : "", topic->title);
    }
  return g_string_free (titles, FALSE);
}

static void
add_paragraph (GString *out, const SigninCtlStyle *style, guint indent, const char *text)
{
  g_string_append_printf (out, "%*s", (int) indent, "");
  signin_ctl_wrap_whole (out, style, indent, indent, text);
}

static void
add_steps (GString *out, const SigninCtlStyle *style, const char *heading, char *const *steps)
{
  if (*steps == NULL)
    return;
  signin_ctl_line (out, style, 2, "%s", heading);
  for (guint i = 0; steps[i] != NULL; i++)
    {
      g_string_append_printf (out, "    %u. ", i + 1);
      signin_ctl_wrap_whole (out, style, 7, 7, steps[i]);
    }
}

static void
add_links (GString *out, const SigninCtlStyle *style, const char *heading, char *const *links, const char *first)
{
  if (*links == NULL && first == NULL)
    return;
  signin_ctl_line (out, style, 2, "%s", heading);
  if (first != NULL)
    add_paragraph (out, style, 4, first);
  for (; *links != NULL; links++)
    add_paragraph (out, style, 4, *links);
}

static void
add_topic (GString *out, const SigninCtlStyle *style, const SigninCtlTopics *topics, const SigninCtlTopic *topic,
           const char *code)
{
  const char *const headings[SIGNIN_CTL_N_AUDIENCES] = {
    /* TRANSLATORS: heading of the steps for whoever signs in */
    [SIGNIN_CTL_FOR_YOU] = _ ("You:"),
    [SIGNIN_CTL_FOR_ADMIN] = _ ("An administrator:"),
    [SIGNIN_CTL_IN_FIREFOX] = _ ("In Firefox:"),
    [SIGNIN_CTL_IN_CHROMIUM] = _ ("In Chromium, Chrome and Edge:"),
  };
  g_autofree char *title = *code != '\0' ? g_strdup_printf ("%s: %s", code, topic->title) : g_strdup (topic->title);
  g_autofree char *who = join_titles (topics, topic->who);
  g_autofree char *look = look_up (code);

  signin_ctl_wrap (out, style, 0, 2, title);
  add_paragraph (out, style, 2, topic->meaning);
  if (*who != '\0')
    /* TRANSLATORS: a list of people, such as "You; Your administrator" */
    signin_ctl_line (out, style, 2, _ ("Who can mend it: %s"), who);
  for (guint i = 0; i < SIGNIN_CTL_N_AUDIENCES; i++)
    add_steps (out, style, headings[i], find_steps (topics, topic, i));
  add_links (out, style, _ ("Links:"), topic->links, look);
  /* TRANSLATORS: addresses that a page of the year 2017 gave */
  add_links (out, style, _ ("In 2017:"), topic->old_links, NULL);
  for (guint i = 0; topic->see[i] != NULL; i++)
    {
      const SigninCtlTopic *other = signin_ctl_topics_get (topics, topic->see[i]);

      if (other != NULL)
        /* TRANSLATORS: a command, and what it is about */
        signin_ctl_line (out, style, 2, _ ("More: signinctl explain %s (%s)"), other->id, other->title);
    }
}

static void
add_words (SigninCtlJson *json, const char *key, char *const *words)
{
  signin_ctl_json_array (json, key);
  for (; *words != NULL; words++)
    signin_ctl_json_string (json, NULL, *words);
  signin_ctl_json_end (json, ']');
}

static void
add_json (SigninCtlJson *json, const SigninCtlTopics *topics, const SigninCtlTopic *topic, const char *code)
{
  g_autofree char *look = look_up (code);

  signin_ctl_json_object (json, NULL);
  signin_ctl_json_string (json, "id", topic->id);
  signin_ctl_json_string (json, "title", topic->title);
  signin_ctl_json_string (json, "meaning", topic->meaning);
  signin_ctl_json_string (json, "code", code);
  add_words (json, "codes", topic->codes);
  add_words (json, "who", topic->who);
  signin_ctl_json_object (json, "steps");
  for (guint i = 0; i < SIGNIN_CTL_N_AUDIENCES; i++)
    add_words (json, audience_words[i], find_steps (topics, topic, i));
  signin_ctl_json_end (json, '}');
  signin_ctl_json_string (json, "look_up", look);
  add_words (json, "links", topic->links);
  add_words (json, "old_links", topic->old_links);
  add_words (json, "see", topic->see);
  signin_ctl_json_end (json, '}');
}

static int
show (SigninCtl *ctl, const SigninCtlTopics *topics, const SigninCtlPasted *pasted, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);

  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_array (&json, "topics");
    }
  for (guint i = 0; i < pasted->topics->len; i++)
    {
      const SigninCtlTopic *topic = g_ptr_array_index (pasted->topics, i);
      const char *code = g_ptr_array_index (pasted->codes, i);

      if (ctl->json)
        add_json (&json, topics, topic, code);
      else
        add_topic (out, &ctl->style, topics, topic, code);
      if (!ctl->json && i + 1 < pasted->topics->len)
        g_string_append_c (out, '\n');
    }
  if (!ctl->json)
    return signin_ctl_show (out->str, error);
  signin_ctl_json_end (&json, ']');
  return signin_ctl_show_json (&json, error);
}

static int
show_all (SigninCtl *ctl, const SigninCtlTopics *topics, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };
  g_autoptr (GString) out = g_string_new (NULL);

  if (ctl->json)
    {
      signin_ctl_json_init (&json, FALSE);
      signin_ctl_json_array (&json, "topics");
      for (guint i = 0; i < signin_ctl_topics_count (topics); i++)
        add_json (&json, topics, signin_ctl_topics_nth (topics, i), "");
      signin_ctl_json_end (&json, ']');
      return signin_ctl_show_json (&json, error);
    }
  signin_ctl_line (out, &ctl->style, 0,
                   _ ("Give a number such as AADSTS50126, the text of a message, or one of these words:"));
  for (guint i = 0; i < signin_ctl_topics_count (topics); i++)
    {
      const SigninCtlTopic *topic = signin_ctl_topics_nth (topics, i);

      signin_ctl_entry (out, &ctl->style, LIST_COLUMN, topic->id, topic->title);
    }
  return signin_ctl_show (out->str, error);
}

/* A pipe or a file is read without being asked to; a terminal or /dev/null has nothing to say. */
static gboolean
is_fed (void)
{
  struct stat st;

  return fstat (STDIN_FILENO, &st) == 0 && (S_ISFIFO (st.st_mode) || S_ISREG (st.st_mode) || S_ISSOCK (st.st_mode));
}

static char *
read_input (void)
{
  g_autofree char *bytes = g_malloc (SIGNIN_CTL_PASTED_MAX);
  gsize n = fread (bytes, 1, SIGNIN_CTL_PASTED_MAX, stdin);

  return g_utf8_make_valid (bytes, n);
}

static char *
take_text (const SigninCtlArgs *args)
{
  if ((args->n_words == 0 && is_fed ()) || (args->n_words == 1 && g_str_equal (args->words[0], "-")))
    return read_input ();
  return args->n_words > 0 ? g_strjoinv (" ", (char **) args->words) : NULL;
}

static void
refuse_nothing (GError **error)
{
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_USAGE,
               _ ("There is no text to explain; give a number such as AADSTS50126, or 'signinctl explain' alone for "
                  "the list"));
}

static void
refuse_unknown (const SigninCtlTopics *topics, const SigninCtlPasted *pasted, const char *text, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  const char *nearest;

  if (pasted->unknown != NULL && !pasted->unknown_is_hex)
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
                   /* TRANSLATORS: a number, and the same in the address of a page */
                   _ ("AADSTS%s is not known here; Microsoft's look-up of errors is %s?code=%s"), pasted->unknown,
                   LOOK_UP, pasted->unknown);
      return;
    }
  if (pasted->unknown != NULL)
    {
      g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
                   _ ("%s is not known here; Microsoft's look-up of errors is %s"), pasted->unknown, LOOK_UP);
      return;
    }
  for (guint i = 0; i < signin_ctl_topics_count (topics); i++)
    g_ptr_array_add (ids, signin_ctl_topics_nth (topics, i)->id);
  g_ptr_array_add (ids, NULL);
  nearest = signin_ctl_nearest (text, (const char *const *) ids->pdata);
  if (nearest != NULL)
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
                 _ ("Nothing is known here of that; did you mean 'signinctl explain %s'?"), nearest);
  else
    g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED,
                 _ ("Nothing is known here of that; 'signinctl explain' lists what is, and Microsoft's look-up of "
                    "errors is %s"),
                 LOOK_UP);
}

/**
 * signin_ctl_run_explain:
 * @ctl: the call
 * @error: why not
 *
 * Says what an error means and who can mend it; needs no daemon and no network.
 *
 * Returns: an exit code.
 */
int
signin_ctl_run_explain (SigninCtl *ctl, GError **error)
{
  g_autoptr (SigninCtlTopics) topics = signin_ctl_topics_load (error);
  g_auto (SigninCtlPasted) pasted = { NULL };
  g_autofree char *text = NULL;

  if (topics == NULL)
    return SIGNIN_CTL_FAILED;
  text = take_text (&ctl->args);
  if (text == NULL || (ctl->args.n_words == 0 && *g_strstrip (text) == '\0'))
    return show_all (ctl, topics, error);
  if (*g_strstrip (text) == '\0')
    {
      refuse_nothing (error);
      return SIGNIN_CTL_USAGE;
    }
  signin_ctl_pasted_read (&pasted, topics, text);
  if (pasted.topics->len > 0)
    return show (ctl, topics, &pasted, error);
  refuse_unknown (topics, &pasted, text, error);
  return SIGNIN_CTL_FAILED;
}
