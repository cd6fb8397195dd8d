/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a terminal can show, and lines that fit it. Texts are UTF-8 in here, and take the locale's encoding on the way
 * out. */

#include "config.h"

#include "output.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "exits.h"

#define ESCAPE '\033'
#define RESET "\033[0m"

static guint
find_width (int fd)
{
  const char *columns = g_getenv ("COLUMNS");
  guint64 width = 0;
  struct winsize size;

  if (columns != NULL && g_ascii_string_to_unsigned (columns, 10, 1, G_MAXUINT16, &width, NULL))
    return CLAMP (width, SIGNIN_CTL_WIDTH_MIN, SIGNIN_CTL_WIDTH_MAX);
  if (isatty (fd) && ioctl (fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return CLAMP (size.ws_col, SIGNIN_CTL_WIDTH_MIN, SIGNIN_CTL_WIDTH_MAX);
  return 80;
}

/**
 * signin_ctl_style_init:
 * @style: (out): where to store it
 * @fd: what will be written to
 * @plain: the person wants words alone
 *
 * Finds out what @fd can show. Colours and signs are for terminals; bars for everything but plain output.
 */
void
signin_ctl_style_init (SigninCtlStyle *style, int fd, gboolean plain)
{
  const char *term = g_getenv ("TERM");
  const char *no_color = g_getenv ("NO_COLOR");
  gboolean dumb = plain || g_strcmp0 (term, "dumb") == 0;
  gboolean terminal = !dumb && term != NULL && *term != '\0' && isatty (fd);

  style->width = find_width (fd);
  style->unicode = g_get_charset (NULL);
  style->bars = !dumb;
  style->glyphs = terminal;
  style->colour = terminal && (no_color == NULL || *no_color == '\0');
}

/* Marks that turn the direction of text around can make a line say something else than it does. */
static gboolean
is_harmful (gunichar c)
{
  return g_unichar_iscntrl (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e
         || c == 0x200f || c == 0x061c || c == 0x2028 || c == 0x2029;
}

/**
 * signin_ctl_clean:
 * @text: (nullable): a text that somebody else wrote
 *
 * Returns: (transfer full): @text as valid UTF-8 without control characters and marks of direction; empty for %NULL.
 */
char *
signin_ctl_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *clean = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    if (!is_harmful (g_utf8_get_char (p)))
      g_string_append_unichar (clean, g_utf8_get_char (p));
  return g_string_free (clean, FALSE);
}

/* Our own escape sequences are the only ones that ever get here; they take no room. */
static const char *
skip_escape (const char *p)
{
  while (*p == ESCAPE)
    {
      while (*p != '\0' && *p != 'm')
        p++;
      if (*p == 'm')
        p++;
    }
  return p;
}

static guint
char_columns (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

/**
 * signin_ctl_columns:
 * @text: valid UTF-8
 *
 * Returns: how many columns of a terminal @text takes.
 */
guint
signin_ctl_columns (const char *text)
{
  guint columns = 0;

  for (const char *p = skip_escape (text); *p != '\0'; p = skip_escape (g_utf8_next_char (p)))
    columns += char_columns (g_utf8_get_char (p));
  return columns;
}

/**
 * signin_ctl_shorten:
 * @style: what can be shown
 * @text: valid UTF-8
 * @columns: how many columns there are
 *
 * Returns: (transfer full): @text, cut where it is wider than @columns, with dots that tell so.
 */
char *
signin_ctl_shorten (const SigninCtlStyle *style, const char *text, guint columns)
{
  const char *dots = style->unicode ? "…" : "...";
  guint room = columns - MIN (columns, signin_ctl_columns (dots));
  guint used = 0;
  const char *p;

  if (signin_ctl_columns (text) <= columns)
    return g_strdup (text);
  for (p = skip_escape (text); *p != '\0'; p = skip_escape (g_utf8_next_char (p)))
    {
      used += char_columns (g_utf8_get_char (p));
      if (used > room)
        break;
    }
  return g_strdup_printf ("%.*s%s%s", (int) (p - text), text, dots, strchr (text, ESCAPE) != NULL ? RESET : "");
}

/**
 * signin_ctl_paint:
 * @style: what can be shown
 * @colour: what it means
 * @text: valid UTF-8
 *
 * Returns: (transfer full): @text, in colour where there are colours.
 */
char *
signin_ctl_paint (const SigninCtlStyle *style, SigninCtlColour colour, const char *text)
{
  static const char *const codes[] = {
    [SIGNIN_CTL_GOOD] = "\033[32m",
    [SIGNIN_CTL_CARE] = "\033[1;33m",
    [SIGNIN_CTL_BAD] = "\033[1;31m",
    [SIGNIN_CTL_FAINT] = "\033[2m",
  };

  if (!style->colour)
    return g_strdup (text);
  return g_strconcat (codes[colour], text, RESET, NULL);
}

/**
 * signin_ctl_paint_number:
 * @style: what can be shown
 * @number: one of several things
 * @text: valid UTF-8
 *
 * Tells things apart that are neither good nor bad.
 *
 * Returns: (transfer full): @text, in a colour of its own where there are colours.
 */
char *
signin_ctl_paint_number (const SigninCtlStyle *style, guint number, const char *text)
{
  static const char *const codes[] = { "\033[36m", "\033[35m", "\033[34m", "\033[32m",
                                       "\033[96m", "\033[95m", "\033[94m", "\033[92m" };

  if (!style->colour)
    return g_strdup (text);
  return g_strconcat (codes[number % G_N_ELEMENTS (codes)], text, RESET, NULL);
}

static void
add_spaces (GString *out, guint n)
{
  g_string_append_printf (out, "%*s", (int) n, "");
}

static void
wrap (GString *out, const SigninCtlStyle *style, guint first, guint rest, const char *text, gboolean whole)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  guint column = first;
  gboolean begun = FALSE;

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint room = whole ? G_MAXUINT : style->width - MIN (style->width - 1, rest);
      g_autofree char *word = signin_ctl_shorten (style, words[i], room);
      guint columns = signin_ctl_columns (word);

      if (begun && column + 1 + columns <= style->width)
        {
          g_string_append_c (out, ' ');
          column++;
        }
      else if (begun || (column + columns > style->width && (!whole || first != rest)))
        {
          g_string_append_c (out, '\n');
          add_spaces (out, rest);
          column = rest;
        }
      g_string_append (out, word);
      column += columns;
      begun = TRUE;
    }
  g_string_append_c (out, '\n');
}

/**
 * signin_ctl_wrap:
 * @out: what to append to
 * @style: what can be shown
 * @first: column at which @text begins, on a line that is filled up to there already
 * @rest: column at which further lines begin
 * @text: valid UTF-8, to be broken at spaces
 *
 * Appends @text and an end of line. No line gets wider than @style says: a word that is, is shortened.
 */
void
signin_ctl_wrap (GString *out, const SigninCtlStyle *style, guint first, guint rest, const char *text)
{
  wrap (out, style, first, rest, text, FALSE);
}

/**
 * signin_ctl_wrap_whole:
 * @out: what to append to
 * @style: what can be shown
 * @first: column at which @text begins, on a line that is filled up to there already
 * @rest: column at which further lines begin
 * @text: valid UTF-8, to be broken at spaces
 *
 * Like signin_ctl_wrap(), but a word that is wider than a line stands there whole: half an address leads nowhere, and
 * terminals break it themselves in a way that can be copied.
 */
void
signin_ctl_wrap_whole (GString *out, const SigninCtlStyle *style, guint first, guint rest, const char *text)
{
  wrap (out, style, first, rest, text, TRUE);
}

/**
 * signin_ctl_address:
 * @out: what to append to
 * @style: what can be shown
 * @indent: how many columns to leave free
 * @address: the address of a page
 *
 * Appends a line with an address, whole.
 */
void
signin_ctl_address (GString *out, const SigninCtlStyle *style, guint indent, const char *address)
{
  add_spaces (out, indent);
  signin_ctl_wrap_whole (out, style, indent, indent, address);
}

/**
 * signin_ctl_entry:
 * @out: what to append to
 * @style: what can be shown
 * @column: where @what begins, if there is room
 * @name: what is typed
 * @what: what it does or is
 *
 * Appends an entry of a list: what is typed, and beside or below it what it does.
 */
void
signin_ctl_entry (GString *out, const SigninCtlStyle *style, guint column, const char *name, const char *what)
{
  guint used = 2 + signin_ctl_columns (name);

  if (style->width < 60)
    {
      signin_ctl_line (out, style, 2, "%s", name);
      signin_ctl_line (out, style, 6, "%s", what);
      return;
    }
  g_string_append_printf (out, "  %s", name);
  if (used + 2 > column)
    {
      g_string_append_c (out, '\n');
      used = 0;
    }
  g_string_append_printf (out, "%*s", (int) (column - used), "");
  signin_ctl_wrap (out, style, column, column, what);
}

/**
 * signin_ctl_line:
 * @out: what to append to
 * @style: what can be shown
 * @indent: how many columns to leave free
 * @format: what to say
 * @...: values for @format
 *
 * Appends a paragraph.
 */
void
signin_ctl_line (GString *out, const SigninCtlStyle *style, guint indent, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  add_spaces (out, indent);
  signin_ctl_wrap (out, style, indent, indent, text);
}

/**
 * signin_ctl_command:
 * @out: what to append to
 * @style: what can be shown
 * @indent: how many columns to leave free
 * @command: a call to be typed
 *
 * Appends a command. Where it is broken, a shell reads on, and no word is shortened: it can be copied as it stands.
 */
void
signin_ctl_command (GString *out, const SigninCtlStyle *style, guint indent, const char *command)
{
  SigninCtlStyle narrower = *style;
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;
  g_autofree char *joined = NULL;

  if (signin_ctl_columns (command) + indent > style->width)
    narrower.width -= 2;
  add_spaces (text, indent);
  signin_ctl_wrap_whole (text, &narrower, indent, indent + 2, command);
  g_string_truncate (text, text->len - 1);
  lines = g_strsplit (text->str, "\n", -1);
  joined = g_strjoinv (" \\\n", lines);
  g_string_append_printf (out, "%s\n", joined);
}

/* What the locale cannot show becomes a question mark; the rest stays readable. */
static char *
to_locale (const char *text)
{
  const char *charset;
  char *converted;

  if (g_get_charset (&charset))
    return g_strdup (text);
  converted = g_convert_with_fallback (text, -1, charset, "UTF-8", "?", NULL, NULL, NULL);
  if (converted != NULL)
    return converted;
  converted = g_strdup (text);
  for (char *p = converted; *p != '\0'; p++)
    if (!g_ascii_isprint (*p) && *p != '\n' && *p != ESCAPE)
      *p = '?';
  return converted;
}

/**
 * signin_ctl_write:
 * @stream: where to
 * @text: valid UTF-8
 * @error: why not
 *
 * Writes @text in the locale's encoding, and does not leave it in a buffer.
 *
 * Returns: whether all of it was taken.
 */
gboolean
signin_ctl_write (FILE *stream, const char *text, GError **error)
{
  g_autofree char *bytes = to_locale (text);

  if (fputs (bytes, stream) != EOF && fflush (stream) == 0)
    return TRUE;
  g_set_error (error, SIGNIN_CTL_ERROR, SIGNIN_CTL_FAILED, _ ("Cannot write the output: %s"), g_strerror (errno));
  return FALSE;
}
