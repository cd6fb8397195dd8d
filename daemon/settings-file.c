/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "datafile.h"
#include "settings-file.h"
#include "text.h"

#define LINE_MAX_BYTES 1024

/* Takes the lines of one file twice: nothing is told of a file that makes no sense as a whole. */
typedef struct
{
  SigninSettingsLineFunc func;
  gpointer user_data;
  const char *group;
} Reader;

static char *
fault_at (const char *path, guint line, const char *what)
{
  /* TRANSLATORS: a file, the number of a line in it, and what is wrong there */
  return g_strdup_printf (_ ("%s:%u: %s; nothing of this file is used"), path, line, what);
}

static gboolean
take_group (Reader *reader, char *text, guint line)
{
  gsize len = strlen (text);

  if (len < 3 || text[len - 1] != ']' || strpbrk (text + 1, "[]") != text + len - 1)
    return FALSE;
  text[len - 1] = '\0';
  reader->group = text + 1;
  if (reader->func != NULL)
    reader->func (reader->group, NULL, NULL, line, reader->user_data);
  return TRUE;
}

static gboolean
take_pair (Reader *reader, char *text, guint line)
{
  char *equals = strchr (text, '=');

  if (equals == NULL || equals == text || reader->group == NULL)
    return FALSE;
  *equals = '\0';
  if (reader->func != NULL)
    reader->func (reader->group, g_strchomp (text), g_strchug (equals + 1), line, reader->user_data);
  return TRUE;
}

/* Returns what is wrong with the line, or %NULL. It is changed: groups point into it. */
static char *
take_line (Reader *reader, char *text, guint line)
{
  g_autoptr (GError) error = NULL;

  g_strstrip (text);
  if (*text == '\0' || *text == '#')
    return NULL;
  /* TRANSLATORS: what an error is about: one line of a file */
  if (!signin_text_check (text, LINE_MAX_BYTES, _ ("line"), &error))
    return g_strdup (error->message);
  if (*text == '[' ? take_group (reader, text, line) : take_pair (reader, text, line))
    return NULL;
  if (*text != '[' && strchr (text, '=') != NULL && reader->group == NULL)
    return g_strdup (_ ("this stands before the first [group]"));
  return g_strdup (_ ("this is neither a [group] nor key=value nor a # comment"));
}

static guint
line_of (const GString *text, const char *place)
{
  guint line = 1;

  for (const char *p = text->str; p < place; p++)
    line += *p == '\n';
  return line;
}

static gboolean
take_lines (const char *path, const GString *text, Reader *reader, char **problem)
{
  g_auto (GStrv) lines = g_strsplit (text->str, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *what = take_line (reader, lines[i], i + 1);

      if (what == NULL)
        continue;
      *problem = fault_at (path, i + 1, what);
      return FALSE;
    }
  return TRUE;
}

/**
 * signin_settings_file_read:
 * @path: a file of groups, keys and values, which need not be there
 * @func: told of each line that says something, in their order
 * @user_data: for @func
 * @problem: (out): why the file cannot be used, with its name and where possible the line; %NULL if it can
 *
 * Reads a file within the bounds of data files. A file that makes no sense is not used at all: what is half written
 * shall not count by halves.
 *
 * Returns: whether the file can be used or is not there
 */
gboolean
signin_settings_file_read (const char *path, SigninSettingsLineFunc func, gpointer user_data, char **problem)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = signin_datafile_read_text (path, SIGNIN_DATAFILE_MAX, &error);
  Reader trial = { 0 }, reader = { .func = func, .user_data = user_data };
  const char *end;

  *problem = NULL;
  if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT)
      || g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
    return TRUE;
  if (text == NULL)
    {
      *problem = g_strdup_printf (_ ("%s: %s; nothing of this file is used"), path, error->message);
      return FALSE;
    }
  if (!g_utf8_validate_len (text->str, text->len, &end))
    {
      *problem = fault_at (path, line_of (text, end), _ ("this is not text in UTF-8"));
      return FALSE;
    }
  return take_lines (path, text, &trial, problem) && take_lines (path, text, &reader, problem);
}
