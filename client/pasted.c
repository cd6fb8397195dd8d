/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "pasted.h"

#include <string.h>

/* Topics of one text. Whoever pastes a log wants its first errors. */
#define TOPICS_MAX 4

/* AADSTS numbers have 5 to 7 digits today; those of Dynamics 365 are HRESULTs. */
#define DIGITS_MIN 5
#define DIGITS_MAX 10
#define HEX_DIGITS 8

/* A part of a page's sentence that is enough to know it by. */
#define PART_WORDS 2
#define PART_BYTES 10

#define FEW_WORDS 4

/* Of a sentence in other words, three quarters of the words that have a meaning, and at least three. */
#define ALIKE_WORDS 3
#define ALIKE_PERCENT 75
#define ALIKE_WORD_LENGTH 4

/**
 * Number:
 * @value: the number; of a negative one, as of an HRESULT, its lower 32 bits
 * @hex: it was written 0x…
 * @named: something before it says that it is an error's
 * @text: how it was written, without what named it
 */
typedef struct
{
  guint64 value;
  gboolean hex;
  gboolean named;
  char *text;
} Number;

static void
number_clear (Number *number)
{
  g_clear_pointer (&number->text, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Number, number_clear)

/* Addresses write spaces and quotes as %20 and %27. */
static char *
decode (const char *text)
{
  GString *decoded = g_string_sized_new (256);

  for (const char *p = text; *p != '\0' && decoded->len < SIGNIN_CTL_PASTED_MAX; p++)
    {
      int high = *p == '%' ? g_ascii_xdigit_value (p[1]) : -1;
      int low = high >= 0 ? g_ascii_xdigit_value (p[2]) : -1;

      if (low < 0)
        {
          g_string_append_c (decoded, *p);
          continue;
        }
      g_string_append_c (decoded, high * 16 + low != 0 ? (char) (high * 16 + low) : ' ');
      p += 2;
    }
  return g_string_free (decoded, FALSE);
}

/* Small letters and digits, one space between words and around them all: what remains when wording is all that counts.
 */
static char *
normalize (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *words = g_string_new (" ");

  for (const char *p = valid; *p != '\0' && words->len < SIGNIN_CTL_PASTED_MAX; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isalnum (c))
        g_string_append_unichar (words, g_unichar_tolower (c));
      else if (c != '\'' && c != 0x2019 && c != 0x60 && words->str[words->len - 1] != ' ')
        g_string_append_c (words, ' ');
    }
  if (words->str[words->len - 1] != ' ')
    g_string_append_c (words, ' ');
  return g_string_free (words, FALSE);
}

static gboolean
is_word_char (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

static gboolean
ends_with (const char *begin, const char *end, const char *word)
{
  gsize len = strlen (word);

  return (gsize) (end - begin) >= len && g_ascii_strncasecmp (end - len, word, len) == 0;
}

/* "AADSTS50126", "error=50126", "Error Code: 50126" */
static gboolean
is_named (const char *text, const char *number)
{
  const char *end = number;

  if (ends_with (text, end, "AADSTS"))
    return TRUE;
  while (end > text && strchr (" =:#\"'[(-", end[-1]) != NULL)
    end--;
  return end < number
         && (ends_with (text, end, "code") || ends_with (text, end, "codes") || ends_with (text, end, "error")
             || ends_with (text, end, "AADSTS"));
}

/* "0x80042f09", also with the sixteen digits of a 64-bit machine. */
static const char *
read_hex (const char *p, Number *number)
{
  const char *digits = p + 2;
  char *end;
  guint64 value;

  if (p[0] != '0' || (p[1] != 'x' && p[1] != 'X') || !g_ascii_isxdigit (*digits))
    return NULL;
  value = g_ascii_strtoull (digits, &end, 16);
  if (end - digits > 2 * HEX_DIGITS || is_word_char (*end))
    return NULL;
  *number = (Number){ .value = value & G_MAXUINT32, .hex = TRUE, .named = TRUE, .text = g_strndup (p, end - p) };
  return end;
}

/* "50126", "2147812097" and "-2147209463", which is the same HRESULT. */
static const char *
read_decimal (const char *text, const char *p, Number *number)
{
  gboolean negative = p > text && p[-1] == '-' && (p - 1 == text || !is_word_char (p[-2]));
  const char *end = p;
  guint64 value = 0;

  while (g_ascii_isdigit (*end) && end - p <= DIGITS_MAX)
    value = value * 10 + g_ascii_digit_value (*end++);
  if (end - p < DIGITS_MIN || end - p > DIGITS_MAX || is_word_char (*end) || (*end == '-' && is_word_char (end[1])))
    return NULL;
  if (p > text && p[-1] == '-' && !negative && !ends_with (text, p - 1, "AADSTS"))
    return NULL;
  if (negative && value > (guint64) G_MAXINT32 + 1)
    return NULL;
  *number = (Number){ .value = negative ? (guint32) -value : value, .named = is_named (text, p) };
  number->text = g_strndup (negative ? p - 1 : p, end - p + negative);
  return end;
}

/* "80042f09" where somebody left the 0x out: an HRESULT that is a failure begins with 8. */
static const char *
read_bare_hex (const char *p, Number *number)
{
  for (guint i = 0; i < HEX_DIGITS; i++)
    if (!g_ascii_isxdigit (p[i]))
      return NULL;
  if (p[0] != '8' || is_word_char (p[HEX_DIGITS]) || p[HEX_DIGITS] == '-')
    return NULL;
  *number = (Number){ .value = g_ascii_strtoull (p, NULL, 16), .hex = TRUE, .text = g_strndup (p, HEX_DIGITS) };
  return p + HEX_DIGITS;
}

/* The next number at or after @p; %NULL if there is none. */
static const char *
next_number (const char *text, const char *p, Number *number)
{
  for (; *p != '\0'; p++)
    {
      const char *end;

      if (!g_ascii_isdigit (*p)
          || (p > text && is_word_char (p[-1]) && !ends_with (text, p, "AADSTS") && !ends_with (text, p, "AADSTS_")))
        continue;
      end = read_hex (p, number);
      if (end == NULL)
        end = read_decimal (text, p, number);
      if (end == NULL)
        end = read_bare_hex (p, number);
      if (end != NULL)
        return end;
    }
  return NULL;
}

static gboolean
is_code (const char *code, const Number *number)
{
  gboolean hex = g_str_has_prefix (code, "0x");
  guint64 value = g_ascii_strtoull (hex ? code + 2 : code, NULL, hex ? 16 : 10);

  /* The decimal 50126 is not the hexadecimal one, but an HRESULT is the same in both. */
  return value == number->value && (hex == number->hex || value > G_MAXINT32);
}

static const SigninCtlTopic *
find_code (const SigninCtlTopics *topics, const Number *number)
{
  for (guint i = 0; i < signin_ctl_topics_count (topics); i++)
    {
      const SigninCtlTopic *topic = signin_ctl_topics_nth (topics, i);

      for (guint k = 0; topic->codes[k] != NULL; k++)
        if (is_code (topic->codes[k], number))
          return topic;
    }
  return NULL;
}

static void
add_topic (SigninCtlPasted *pasted, const SigninCtlTopic *topic, const char *code)
{
  if (topic == NULL || pasted->topics->len == TOPICS_MAX || g_ptr_array_find (pasted->topics, topic, NULL))
    return;
  g_ptr_array_add (pasted->topics, (gpointer) topic);
  g_ptr_array_add (pasted->codes, g_strdup (code));
}

static void
read_numbers (SigninCtlPasted *pasted, const SigninCtlTopics *topics, const char *text)
{
  const char *p = text;

  while (p != NULL)
    {
      g_auto (Number) number = { 0 };
      const SigninCtlTopic *topic;
      g_autofree char *code = NULL;

      p = next_number (text, p, &number);
      if (p == NULL)
        break;
      topic = find_code (topics, &number);
      code = number.hex || number.value > G_MAXINT32 ? g_strdup (number.text)
                                                     : g_strdup_printf ("AADSTS%s", number.text);
      add_topic (pasted, topic, code);
      if (topic == NULL && pasted->unknown == NULL && (number.named || strlen (number.text) == strlen (text)))
        {
          pasted->unknown = g_strdup (number.text);
          pasted->unknown_is_hex = number.hex || number.value > G_MAXINT32;
        }
    }
}

static guint
count_words (const char *normal)
{
  guint n = 0;

  for (const char *p = normal; *p != '\0'; p++)
    n += *p == ' ';
  return n > 0 ? n - 1 : 0;
}

/* Every topic that is called exactly so. */
static void
read_name (SigninCtlPasted *pasted, const SigninCtlTopics *topics, const char *normal)
{
  for (guint i = 0; i < signin_ctl_topics_count (topics); i++)
    {
      const SigninCtlTopic *topic = signin_ctl_topics_nth (topics, i);
      g_autofree char *id = normalize (topic->id);
      g_autofree char *title = normalize (topic->title);
      gboolean same = g_str_equal (id, normal) || g_str_equal (title, normal);

      for (guint k = 0; topic->names[k] != NULL && !same; k++)
        {
          g_autofree char *name = normalize (topic->names[k]);

          same = g_str_equal (name, normal);
        }
      if (same)
        add_topic (pasted, topic, "");
    }
}

/* How much of what was said is what a page says; 0 for nothing. */
typedef guint (*Likeness) (const char *page, const char *said);

static guint
contains_page (const char *page, const char *said)
{
  return strstr (said, page) != NULL ? strlen (page) : 0;
}

/* A single word means a topic in a few words, not in a page of them. */
static guint
contains_name (const char *name, const char *said)
{
  return count_words (name) > 1 || count_words (said) <= FEW_WORDS ? contains_page (name, said) : 0;
}

static guint
is_part (const char *page, const char *said)
{
  return count_words (said) >= PART_WORDS && strlen (said) >= PART_BYTES && strstr (page, said) != NULL ? strlen (said)
                                                                                                        : 0;
}

static guint
has_same_words (const char *page, const char *said)
{
  g_auto (GStrv) words = g_strsplit (page, " ", -1);
  guint all = 0, found = 0;

  for (guint i = 0; words[i] != NULL; i++)
    if (strlen (words[i]) >= ALIKE_WORD_LENGTH)
      {
        g_autofree char *word = g_strconcat (" ", words[i], " ", NULL);

        all++;
        found += strstr (said, word) != NULL;
      }
  return found >= ALIKE_WORDS && found * 100 >= all * ALIKE_PERCENT ? found * 100 / all : 0;
}

/* The topic whose texts (or names) are most alike. */
static void
read_alike (SigninCtlPasted *pasted, const SigninCtlTopics *topics, const char *normal, Likeness likeness,
            gboolean names)
{
  const SigninCtlTopic *best = NULL;
  guint most = 0;

  for (guint i = 0; i < signin_ctl_topics_count (topics); i++)
    {
      const SigninCtlTopic *topic = signin_ctl_topics_nth (topics, i);
      char **list = names ? topic->names : topic->texts;

      for (guint k = 0; list[k] != NULL; k++)
        {
          g_autofree char *page = normalize (list[k]);
          guint much = likeness (page, normal);

          if (much > most)
            {
              most = much;
              best = topic;
            }
        }
    }
  add_topic (pasted, best, "");
}

/**
 * signin_ctl_pasted_read:
 * @pasted: (out caller-allocates): what was found; cleared by the caller
 * @topics: what is known
 * @text: valid UTF-8; whatever somebody has in front of them
 *
 * Numbers tell most; then what topics are called, then what pages say: whole, in part, and in much the same words.
 */
void
signin_ctl_pasted_read (SigninCtlPasted *pasted, const SigninCtlTopics *topics, const char *text)
{
  g_autofree char *bounded = g_strndup (text, SIGNIN_CTL_PASTED_MAX);
  g_autofree char *trimmed = g_strdup (g_strstrip (bounded));
  g_autofree char *decoded = decode (trimmed);
  g_autofree char *normal = normalize (decoded);
  static const struct
  {
    Likeness likeness;
    gboolean names;
  } ways[] = { { contains_page, FALSE }, { is_part, FALSE }, { has_same_words, FALSE }, { contains_name, TRUE } };

  *pasted = (SigninCtlPasted){ .topics = g_ptr_array_new (), .codes = g_ptr_array_new_with_free_func (g_free) };
  read_numbers (pasted, topics, decoded);
  if (pasted->topics->len == 0)
    read_name (pasted, topics, normal);
  for (guint i = 0; i < G_N_ELEMENTS (ways) && pasted->topics->len == 0 && count_words (normal) > 0; i++)
    read_alike (pasted, topics, normal, ways[i].likeness, ways[i].names);
}

/**
 * signin_ctl_pasted_clear:
 * @pasted: what was found
 *
 * Frees it.
 */
void
signin_ctl_pasted_clear (SigninCtlPasted *pasted)
{
  g_clear_pointer (&pasted->topics, g_ptr_array_unref);
  g_clear_pointer (&pasted->codes, g_ptr_array_unref);
  g_clear_pointer (&pasted->unknown, g_free);
}
