/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people and administrators named things, in a popup: lines of the input are the id, names, source, user name and
 * address. Whatever they are, a server that reads markup sees the letters and no markup. */

#include "config.h"

#include <string.h>

#include "popup-text.h"
#include "text.h"

#include "in-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
on_element (GMarkupParseContext *context, const char *name, const char **keys, const char **values, gpointer depth,
            GError **error)
{
  g_assert_cmpint (++*(int *) depth, ==, 1); /* ours around it, and no other */
}

static void
on_text (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data, GError **error)
{
}

static void
check_escaped (const char *body)
{
  static const GMarkupParser parser = { .start_element = on_element, .text = on_text };
  g_autofree char *escaped = g_markup_escape_text (body, -1);
  g_autofree char *document = g_strconcat ("<body>", escaped, "</body>", NULL);
  g_autoptr (GError) error = NULL;
  int depth = 0;
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &depth, NULL);

  g_markup_parse_context_parse (context, document, -1, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
}

/* Nothing else comes this far: see the checks of accounts, services and sources. */
static const char *
word (char **words, guint n_words, guint i, const char *otherwise)
{
  return i < n_words && words[i][0] != '\0' && signin_text_check (words[i], 300, "A word", NULL) ? words[i] : otherwise;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) words = g_strsplit (text, "\n", -1);
  guint n_words = g_strv_length (words), form = size > 0 ? data[size - 1] : 0;
  SigninPopupAccount accounts[8];
  SigninPopupFacts facts = { .accounts = accounts, .n_accounts = 1 + form % G_N_ELEMENTS (accounts) };
  g_autoptr (SigninPopup) popup = NULL;

  fuzz_quiet ();
  for (guint i = 0; i < facts.n_accounts; i++)
    accounts[i] = (SigninPopupAccount){
      .kind = SIGNIN_POPUP_WARNING + (form / 8 + i) % 3,
      .id = word (words, n_words, 0, "contoso"),
      .service = "dynamics365",
      .service_name = word (words, n_words, 1, "Dynamics 365"),
      .source = word (words, n_words, 2 + i, NULL),
      .user_name = word (words, n_words, 3 + i, NULL),
      .ends_usec = G_GINT64_CONSTANT (1800000720000000) << (form % 13),
      .reported = form % 2,
    };
  facts.minutes = form % 11;
  facts.snooze_minutes = form % 7;
  facts.address = word (words, n_words, 4, NULL);
  popup = signin_popup_new (&facts);

  g_assert_true (g_utf8_validate (popup->title, -1, NULL));
  g_assert_null (strchr (popup->title, '\n'));
  g_assert_cmpuint (popup->n_buttons, >, 0);
  check_escaped (popup->title);
  check_escaped (popup->body);
  return 0;
}
