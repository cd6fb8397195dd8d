/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n.h>

#include "datafile.h"
#include "text.h"

#define LIST_MAX 64
#define LIST_ITEM_MAX 256
#define DURATION_MAX_USEC (366 * G_TIME_SPAN_DAY)

static gboolean
fail_errno (GError **error, const char *doing)
{
  int saved = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (saved), "%s: %s", doing, g_strerror (saved));
  return FALSE;
}

/**
 * signin_datafile_path:
 * @name: a file or folder of data
 *
 * The environment variable SIGNIND_DATADIR names a folder to use in place of the installed one, for trying out data
 * files.
 *
 * Returns: (transfer full): where it is installed
 */
char *
signin_datafile_path (const char *name)
{
  const char *given = g_getenv ("SIGNIND_DATADIR");

  return g_build_filename (given != NULL && *given != '\0' ? given : PKGDATADIR, name, NULL);
}

static gboolean
read_regular (const char *path, gsize max_bytes, GString *text, GError **error)
{
  struct stat st;
  gssize n;
  /* Not blocking: whoever puts a FIFO here must not stop us. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd < 0)
    return fail_errno (error, _ ("cannot open"));
  if (fstat (fd, &st) < 0 || !S_ISREG (st.st_mode))
    {
      close (fd);
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, _ ("not a regular file"));
      return FALSE;
    }
  g_string_set_size (text, max_bytes + 1);
  text->len = 0;
  do
    {
      n = read (fd, text->str + text->len, max_bytes + 1 - text->len);
      text->len += n > 0 ? (gsize) n : 0;
    }
  while ((n > 0 && text->len <= max_bytes) || (n < 0 && errno == EINTR));
  text->str[text->len] = '\0';
  if (n < 0)
    fail_errno (error, _ ("cannot read"));
  close (fd);
  return n >= 0;
}

/**
 * signin_datafile_read_text:
 * @path: a file
 * @max_bytes: how large it may be
 * @error: return location
 *
 * Reads a regular file.
 *
 * Returns: (transfer full): its bytes, which may be anything, or %NULL with an error that does not name @path
 */
GString *
signin_datafile_read_text (const char *path, gsize max_bytes, GError **error)
{
  GString *text = g_string_new (NULL);

  if (read_regular (path, max_bytes, text, error) && text->len <= max_bytes)
    return text;
  if (text->len > max_bytes)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, _ ("larger than %d bytes"), (int) max_bytes);
  g_string_free (text, TRUE);
  return NULL;
}

/* GLib says what is wrong in words of its own, and not where. */
static void
find_bad_line (const char *text, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean in_group = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strchug (lines[i]);

      in_group |= *line == '[' && strchr (line, ']') != NULL;
      if (*line == '\0' || *line == '#' || (in_group && (strchr (line, '=') != NULL || *line == '[')))
        continue;
      g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE,
                   _ ("line %u is neither a [group] nor key=value nor a # comment"), i + 1);
      return;
    }
  g_set_error_literal (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_PARSE, _ ("this is no file of groups and keys"));
}

/**
 * signin_datafile_read:
 * @path: a keyfile
 * @error: return location
 *
 * Reads a regular file of at most #SIGNIN_DATAFILE_MAX bytes; of its translations only those for the person's language
 * are kept.
 *
 * Returns: (transfer full): what it says, or %NULL with an error that does not name @path
 */
GKeyFile *
signin_datafile_read (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GString) text = signin_datafile_read_text (path, SIGNIN_DATAFILE_MAX, error);

  if (text == NULL)
    return NULL;
  if (g_key_file_load_from_data (file, text->str, text->len, G_KEY_FILE_NONE, NULL))
    return g_steal_pointer (&file);
  find_bad_line (text->str, error);
  return NULL;
}

/**
 * signin_datafile_fault:
 * @error: return location
 * @group: where the fault is
 * @key: where in it
 * @format: what is wrong
 * @...: its arguments
 *
 * Returns: %FALSE, for the caller to return
 */
gboolean
signin_datafile_fault (GError **error, const char *group, const char *key, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "[%s] %s: %s", group, key, what);
  return FALSE;
}

/* Takes @problem. A key or group that is not there is no fault; @what is wrong with what is there. */
static gboolean
absent_or_fault (GError *problem, const char *group, const char *key, const char *what, GError **error)
{
  g_autoptr (GError) owned = problem;

  if (g_error_matches (problem, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_KEY_NOT_FOUND)
      || g_error_matches (problem, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_GROUP_NOT_FOUND))
    return TRUE;
  if (g_error_matches (problem, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_UNKNOWN_ENCODING))
    return signin_datafile_fault (error, group, key, "%s", _ ("this is not text in UTF-8"));
  return signin_datafile_fault (error, group, key, "%s", what);
}

/**
 * signin_datafile_text:
 * @file: a data file
 * @group: a group
 * @key: a key of it
 * @max_bytes: how long its text may be
 * @text: (out) (nullable): the text in the person's language, %NULL if it is not there or empty
 * @error: return location
 *
 * Returns: %FALSE with an error that names the key if the text is not acceptable
 */
gboolean
signin_datafile_text (GKeyFile *file, const char *group, const char *key, gsize max_bytes, char **text, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autofree char *value = g_key_file_get_locale_string (file, group, key, NULL, &problem);

  *text = NULL;
  if (value == NULL)
    return absent_or_fault (g_steal_pointer (&problem), group, key, _ ("a backslash stands before a wrong letter"),
                            error);
  if (!signin_text_check (value, max_bytes, key, &problem))
    return signin_datafile_fault (error, group, key, "%s", problem->message);
  if (*value != '\0')
    *text = g_steal_pointer (&value);
  return TRUE;
}

/**
 * signin_datafile_translate:
 * @text: (inout) (nullable): a text of a file that came with signind
 *
 * Puts the person's language in the place of English. What other files say is theirs: a word of theirs could mean
 * something else than the same one of ours.
 */
void
signin_datafile_translate (char **text)
{
  const char *translated = *text != NULL && **text != '\0' ? _ (*text) : *text;
  char *owned;

  if (translated == *text)
    return;
  owned = g_strdup (translated);
  g_free (*text);
  *text = owned;
}

/**
 * signin_datafile_list:
 * @file: a data file
 * @group: a group
 * @key: a key of it
 * @list: (out): its values, none of them empty; an empty list if it is not there; %NULL with an error
 * @error: return location
 *
 * Returns: %FALSE with an error that names the key if a value is not acceptable or there are too many
 */
gboolean
signin_datafile_list (GKeyFile *file, const char *group, const char *key, char ***list, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) values = NULL;
  gsize n = 0;

  *list = NULL;
  values = g_key_file_get_string_list (file, group, key, &n, &problem);
  if (problem != NULL
      && !absent_or_fault (g_steal_pointer (&problem), group, key, _ ("a backslash stands before a wrong letter"),
                           error))
    return FALSE;
  if (n > LIST_MAX)
    return signin_datafile_fault (error, group, key, _ ("more than %d values"), LIST_MAX);
  for (gsize i = 0; i < n; i++)
    {
      const char *value = g_strstrip (values[i]);

      if (!signin_text_check (value, LIST_ITEM_MAX, key, &problem))
        return signin_datafile_fault (error, group, key, "%s", problem->message);
      if (*value != '\0')
        g_strv_builder_add (builder, value);
    }
  *list = g_strv_builder_end (builder);
  return TRUE;
}

/**
 * signin_datafile_flag:
 * @file: a data file
 * @group: a group
 * @key: a key of it
 * @flag: (out): its value, %FALSE if it is not there
 * @error: return location
 *
 * Returns: %FALSE with an error that names the key if it is neither true nor false
 */
gboolean
signin_datafile_flag (GKeyFile *file, const char *group, const char *key, gboolean *flag, GError **error)
{
  g_autoptr (GError) problem = NULL;

  *flag = g_key_file_get_boolean (file, group, key, &problem);
  return problem == NULL
         || absent_or_fault (g_steal_pointer (&problem), group, key, _ ("this is neither true nor false"), error);
}

/**
 * signin_datafile_parse_duration:
 * @text: what was written, such as "7h 40min" or "5 min"
 * @usec: (out): what it means, in microseconds
 *
 * Returns: whether @text is a duration, from a second to a year
 */
gboolean
signin_datafile_parse_duration (const char *text, gint64 *usec)
{
  static const struct
  {
    const char *unit;
    gint64 usec;
  } units[] = {
    { "h", G_TIME_SPAN_HOUR },
    { "min", G_TIME_SPAN_MINUTE },
    { "s", G_TIME_SPAN_SECOND },
  };

  *usec = 0;
  do
    {
      gint64 number = 0, unit = 0;
      const char *p = text;

      for (; g_ascii_isdigit (*p) && p - text < 8; p++)
        number = number * 10 + (*p - '0');
      if (p == text)
        return FALSE;
      p += strspn (p, " ");
      for (guint i = 0; i < G_N_ELEMENTS (units) && unit == 0; i++)
        {
          gsize len = strlen (units[i].unit);

          if (strncmp (p, units[i].unit, len) == 0 && !g_ascii_isalpha (p[len]))
            {
              unit = units[i].usec;
              p += len;
            }
        }
      if (unit == 0)
        return FALSE;
      *usec += number * unit;
      text = p + strspn (p, " ");
    }
  while (*text != '\0');
  return *usec > 0 && *usec <= DURATION_MAX_USEC;
}

/**
 * signin_datafile_duration:
 * @file: a data file
 * @group: a group
 * @key: a key of it
 * @usec: (inout): its value in microseconds, 0 for "none"; left alone if it is not there
 * @error: return location
 *
 * Reads a duration such as "7h 40min", from a second to a year.
 *
 * Returns: %FALSE with an error that names the key if it is none
 */
gboolean
signin_datafile_duration (GKeyFile *file, const char *group, const char *key, gint64 *usec, GError **error)
{
  g_autofree char *text = NULL;
  gint64 value = 0;

  if (!signin_datafile_text (file, group, key, LIST_ITEM_MAX, &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;
  if (!g_str_equal (text, "none") && !signin_datafile_parse_duration (text, &value))
    return signin_datafile_fault (error, group, key, _ ("“%s” is not a duration such as 7h 40min, at most 366 days"),
                                  text);
  *usec = value;
  return TRUE;
}

/**
 * signin_datafile_warn_unknown:
 * @file: a data file
 * @path: its name, for the warning
 * @group: a group
 * @known: %NULL-terminated keys that mean something in it
 *
 * Names the keys that mean nothing: more often a slip of the pen than a file for a newer version.
 */
void
signin_datafile_warn_unknown (GKeyFile *file, const char *path, const char *group, const char *const *known)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *plain = g_strndup (keys[i], strcspn (keys[i], "["));

      if (!g_strv_contains (known, plain))
        /* TRANSLATORS: a file, and a group and a key in it */
        g_warning (_ ("%s: [%s] %s: unknown key, ignored"), path, group, keys[i]);
    }
}
