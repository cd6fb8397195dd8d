/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "table.h"

#define GAP 2

/* With less than this of it, the last column says nothing any more. */
#define LAST_MIN 10

struct _SigninCtlTable
{
  guint n_columns;
  gboolean elastic;
  GPtrArray *rows;
};

/**
 * signin_ctl_table_new:
 * @n_columns: how many columns it has
 * @elastic: the last column may be shortened
 *
 * Returns: (transfer full): a table without rows.
 */
SigninCtlTable *
signin_ctl_table_new (guint n_columns, gboolean elastic)
{
  SigninCtlTable *table = g_new (SigninCtlTable, 1);

  table->n_columns = n_columns;
  table->elastic = elastic;
  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  return table;
}

/**
 * signin_ctl_table_free:
 * @table: a table
 */
void
signin_ctl_table_free (SigninCtlTable *table)
{
  g_ptr_array_unref (table->rows);
  g_free (table);
}

/**
 * signin_ctl_table_add:
 * @table: a table
 * @cells: (array): a text for each column, all valid UTF-8
 *
 * Adds a row; the first one is the heading.
 */
void
signin_ctl_table_add (SigninCtlTable *table, const char *const *cells)
{
  char **row = g_new0 (char *, table->n_columns + 1);

  for (guint i = 0; i < table->n_columns; i++)
    row[i] = g_strdup (cells[i]);
  g_ptr_array_add (table->rows, row);
}

static guint
cell_columns (const SigninCtlTable *table, guint row, guint column)
{
  return signin_ctl_columns (((char **) g_ptr_array_index (table->rows, row))[column]);
}

/* How wide each column is; the last one no wider than there is room for. */
static gboolean
measure (const SigninCtlTable *table, const SigninCtlStyle *style, guint *widths)
{
  guint last = table->n_columns - 1;
  guint before = 0;

  for (guint column = 0; column <= last; column++)
    {
      for (guint i = 0; i < table->rows->len; i++)
        widths[column] = MAX (widths[column], cell_columns (table, i, column));
      before += column < last ? widths[column] + GAP : 0;
    }
  if (before + widths[last] <= style->width)
    return TRUE;
  if (!table->elastic || before + LAST_MIN > style->width)
    return FALSE;
  widths[last] = style->width - before;
  return TRUE;
}

/**
 * signin_ctl_table_fits:
 * @table: a table
 * @style: what can be shown
 *
 * Returns: whether there is room for @table.
 */
gboolean
signin_ctl_table_fits (const SigninCtlTable *table, const SigninCtlStyle *style)
{
  g_autofree guint *widths = g_new0 (guint, table->n_columns);

  return measure (table, style, widths);
}

static void
add_row (GString *out, const SigninCtlStyle *style, const SigninCtlTable *table, char **cells, const guint *widths)
{
  guint missing = 0;

  for (guint column = 0; column < table->n_columns; column++)
    {
      g_autofree char *text = signin_ctl_shorten (style, cells[column], widths[column]);

      /* Nothing stands behind the last text of a line. */
      if (*text != '\0')
        g_string_append_printf (out, "%*s%s", (int) missing, "", text);
      missing = (*text != '\0' ? 0 : missing) + widths[column] - signin_ctl_columns (text) + GAP;
    }
  g_string_append_c (out, '\n');
}

/* Two columns on the first line, the others below. */
static void
add_narrow (GString *out, const SigninCtlStyle *style, const SigninCtlTable *table, char **cells)
{
  g_autoptr (GString) rest = g_string_new (NULL);

  signin_ctl_line (out, style, 0, "%s: %s", cells[0], cells[1]);
  for (guint column = 2; column < table->n_columns; column++)
    if (*cells[column] != '\0')
      g_string_append_printf (rest, "%s%s", rest->len > 0 ? ", " : "", cells[column]);
  if (rest->len > 0)
    signin_ctl_line (out, style, 2, "%s", rest->str);
}

/**
 * signin_ctl_table_show:
 * @out: what to append to
 * @style: what can be shown
 * @table: a table
 * @plain: the person wants words alone
 *
 * Appends @table as one where there is room for it, else one row below the other and without the heading; in plain
 * words a line for each row, with tabs, and without the heading too.
 */
void
signin_ctl_table_show (GString *out, const SigninCtlStyle *style, const SigninCtlTable *table, gboolean plain)
{
  g_autofree guint *widths = g_new0 (guint, table->n_columns);
  gboolean fits = measure (table, style, widths);

  for (guint i = plain || !fits ? 1 : 0; i < table->rows->len; i++)
    {
      char **cells = g_ptr_array_index (table->rows, i);

      if (plain)
        {
          g_autofree char *line = g_strjoinv ("\t", cells);

          g_string_append_printf (out, "%s\n", line);
        }
      else if (fits)
        add_row (out, style, table, cells, widths);
      else
        add_narrow (out, style, table, cells);
    }
}
