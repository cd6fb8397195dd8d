/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What was asked, what came out and how long that took, as a table. */

#include "config.h"

#include "health.h"

#include <glib/gi18n.h>

#include "times.h"

#define BAR_CELLS 8
#define GAP 2

/* Narrower than this, why something was judged so stands on a line of its own. */
#define WHY_MIN 24

/* What is younger was asked just now. */
#define NOW_USEC (5 * (gint64) G_USEC_PER_SEC)

typedef enum
{
  COLUMN_STATE,
  COLUMN_ASKED,
  COLUMN_TIME,
  COLUMN_AGE,
  N_COLUMNS
} Column;

/**
 * Line:
 * @verdict: what came out
 * @cells: the columns, without colours
 * @why: why it was judged so
 */
typedef struct
{
  SigninCtlVerdict verdict;
  char *cells[N_COLUMNS];
  char *why;
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  for (guint i = 0; i < N_COLUMNS; i++)
    g_free (line->cells[i]);
  g_free (line->why);
  g_free (line);
}

/* Where the time went: each step has a shade of its own, and every answer is drawn to the same scale. */
static char *
draw_time (const SigninCtlStyle *style, const SigninCtlHealthRow *row, gint64 scale_usec)
{
  static const char *const shades[] = { "░", "▒", "▓", "█" };
  static const char ascii[] = ".-=#";
  const gint64 steps[] = { row->dns_usec, row->connect_usec, row->tls_usec, row->first_byte_usec };
  GString *bar = g_string_new (NULL);
  guint drawn = 0;
  double sum = 0;

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      sum += (double) steps[i];
      for (; drawn < BAR_CELLS && (double) drawn + 0.5 <= sum * BAR_CELLS / (double) scale_usec; drawn++)
        if (style->unicode)
          g_string_append (bar, shades[i]);
        else
          g_string_append_c (bar, ascii[i]);
    }
  g_string_append_printf (bar, "%*s", (int) (BAR_CELLS - drawn), "");
  return g_string_free (bar, FALSE);
}

static char *
make_time (const SigninCtlStyle *style, const SigninCtlHealthRow *row, gint64 scale_usec)
{
  g_autofree char *latency = signin_ctl_format_latency (row->total_usec);
  g_autofree char *bar = NULL;

  if (row->total_usec == 0)
    return g_strdup ("");
  if (!style->bars)
    return g_steal_pointer (&latency);
  bar = draw_time (style, row, scale_usec);
  return g_strdup_printf ("%s %s", bar, latency);
}

static char *
make_age (const SigninCtlHealthRow *row, gint64 now_usec)
{
  g_autofree char *age = signin_ctl_format_duration (now_usec - row->at);

  if (row->at == 0)
    return g_strdup ("");
  if (now_usec - row->at < NOW_USEC)
    /* TRANSLATORS: when something was asked; short */
    return g_strdup (_ ("now"));
  /* TRANSLATORS: a duration; short */
  return g_strdup_printf (_ ("%s ago"), age);
}

static gboolean
is_published (const SigninCtlHealthRow *row)
{
  return g_str_equal (row->kind, "feed") || g_str_equal (row->kind, "graph");
}

static char *
make_asked (const SigninCtlHealthRow *row)
{
  if (*row->issue_id != '\0')
    return g_strdup (row->issue_id);
  if (is_published (row) || *row->name != '\0')
    return g_strdup (row->name);
  return g_strdup (row->asked);
}

static void
add_part (GString *text, const char *part)
{
  if (*part != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? "; " : "", part);
}

/* Where all is well nobody needs to know more, and where there is no network there is no more to know. */
static gboolean
is_detail_worth (const SigninCtlHealthRow *row)
{
  SigninCtlVerdict verdict = signin_ctl_verdict_parse (row->verdict);

  /* Graph's own word for what the reason says. */
  if (g_str_equal (row->kind, "graph"))
    return verdict == SIGNIN_CTL_UNKNOWN;
  return verdict != SIGNIN_CTL_UP && verdict != SIGNIN_CTL_OFFLINE;
}

/* The reason, and what else there is to be said. */
static char *
make_why (const SigninCtlHealthRow *row, gint64 now_usec)
{
  GString *why = g_string_new (NULL);
  g_autofree char *reason = signin_ctl_health_reason (row->reason);
  g_autofree char *since = signin_ctl_format_clock (row->since, now_usec);
  g_autofree char *pause = signin_ctl_format_duration (row->retry_after_sec * G_USEC_PER_SEC);

  /* In front of an issue stands its number, so whose it is has to stand here. */
  if (*row->issue_id != '\0')
    add_part (why, row->name);
  add_part (why, reason);
  add_part (why, row->title);
  if (is_detail_worth (row))
    add_part (why, row->detail);
  if (row->since != 0)
    /* TRANSLATORS: a clock time */
    g_string_append_printf (why, _ (", since %s"), since);
  if (row->retry_after_sec > 0)
    /* TRANSLATORS: a duration */
    g_string_append_printf (why, _ ("; it asks to be left alone for %s"), pause);
  if (*row->tenant != '\0')
    /* TRANSLATORS: the id of the directory that an organization's people sign in to */
    g_string_append_printf (why, _ ("; directory %s"), row->tenant);
  /* That of Graph stands below the table. */
  if (!g_str_equal (row->kind, "graph"))
    add_part (why, row->url);
  return g_string_free (why, FALSE);
}

/* The same page can stand for several accounts. */
static gboolean
is_told (const SigninCtlHealth *health, guint index)
{
  const SigninCtlHealthRow *row = g_ptr_array_index (health->rows, index);

  if (*row->asked == '\0' || is_published (row))
    return FALSE;
  for (guint i = 0; i < index; i++)
    {
      const SigninCtlHealthRow *other = g_ptr_array_index (health->rows, i);

      if (g_str_equal (other->asked, row->asked) && g_str_equal (other->kind, row->kind))
        return TRUE;
    }
  return FALSE;
}

static GPtrArray *
make_lines (const SigninCtlStyle *style, const SigninCtlHealth *health, gint64 now_usec)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (line_free);
  gint64 scale_usec = 1;

  for (guint i = 0; i < health->rows->len; i++)
    scale_usec = MAX (scale_usec, ((const SigninCtlHealthRow *) g_ptr_array_index (health->rows, i))->total_usec);
  for (guint i = 0; i < health->rows->len; i++)
    {
      const SigninCtlHealthRow *row = g_ptr_array_index (health->rows, i);
      Line *line;

      if (g_str_equal (row->kind, "summary") || is_told (health, i))
        continue;
      line = g_new0 (Line, 1);
      line->verdict = signin_ctl_verdict_parse (row->verdict);
      line->cells[COLUMN_STATE] = g_strdup (signin_ctl_verdict_label (line->verdict));
      line->cells[COLUMN_ASKED] = make_asked (row);
      line->cells[COLUMN_TIME] = make_time (style, row, scale_usec);
      line->cells[COLUMN_AGE] = make_age (row, now_usec);
      line->why = make_why (row, now_usec);
      g_ptr_array_add (lines, line);
    }
  return lines;
}

static guint
measure (GPtrArray *lines, const char *const *headings, guint widths[N_COLUMNS])
{
  guint total = 0;

  for (guint column = 0; column < N_COLUMNS; column++)
    {
      widths[column] = signin_ctl_columns (headings[column]);
      for (guint i = 0; i < lines->len; i++)
        widths[column] = MAX (widths[column],
                              signin_ctl_columns (((const Line *) g_ptr_array_index (lines, i))->cells[column]));
      total += widths[column] + GAP;
    }
  return total;
}

static void
add_cell (GString *out, const char *text, const char *painted, guint width)
{
  g_string_append_printf (out, "%s%*s", painted, (int) (width + GAP - MIN (width, signin_ctl_columns (text))), "");
}

static void
strip_end (GString *out)
{
  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
}

/* @total columns, and why behind them if there is room, or below. */
static void
add_line (GString *out, const SigninCtlStyle *style, const Line *line, const guint widths[N_COLUMNS], guint total)
{
  const SigninCtlColour colour = signin_ctl_verdict_colour (line->verdict);
  guint indent = widths[COLUMN_STATE] + GAP;

  for (guint column = 0; column < N_COLUMNS; column++)
    {
      g_autofree char *painted = column == COLUMN_STATE ? signin_ctl_paint (style, colour, line->cells[column])
                                                        : g_strdup (line->cells[column]);

      add_cell (out, line->cells[column], painted, widths[column]);
    }
  if (total + WHY_MIN <= style->width)
    {
      signin_ctl_wrap (out, style, total, total, line->why);
      return;
    }
  strip_end (out);
  g_string_append_c (out, '\n');
  if (*line->why != '\0')
    signin_ctl_line (out, style, indent, "%s", line->why);
}

/* As it is: the blanks of a bar must stay. */
static void
add_fitting (GString *out, const SigninCtlStyle *style, const char *text)
{
  g_autofree char *fitting = signin_ctl_shorten (style, text, style->width - 2);

  if (*text != '\0')
    g_string_append_printf (out, "  %s\n", fitting);
}

/* One below the other, where there is no room for columns. */
static void
add_paragraph (GString *out, const SigninCtlStyle *style, const Line *line)
{
  g_autofree char *state = signin_ctl_paint (style, signin_ctl_verdict_colour (line->verdict),
                                             line->cells[COLUMN_STATE]);
  g_autofree char *heading = g_strdup_printf ("%s: %s", state, line->cells[COLUMN_ASKED]);
  const char *time = line->cells[COLUMN_TIME];
  const char *age = line->cells[COLUMN_AGE];
  g_autofree char *both = g_strdup_printf ("%s, %s", time, age);

  signin_ctl_wrap (out, style, 0, 2, heading);
  if (*line->why != '\0')
    signin_ctl_line (out, style, 2, "%s", line->why);
  if (*time != '\0' && *age != '\0' && signin_ctl_columns (both) + 2 <= style->width)
    {
      add_fitting (out, style, both);
      return;
    }
  add_fitting (out, style, time);
  add_fitting (out, style, age);
}

static void
add_headings (GString *out, const SigninCtlStyle *style, const char *const *headings, const guint widths[N_COLUMNS],
              guint total)
{
  for (guint column = 0; column < N_COLUMNS; column++)
    add_cell (out, headings[column], headings[column], widths[column]);
  if (total + WHY_MIN <= style->width)
    /* TRANSLATORS: heading of a column: why something was judged so */
    g_string_append (out, _ ("WHY"));
  strip_end (out);
  g_string_append_c (out, '\n');
}

static gboolean
has_times (const SigninCtlHealth *health)
{
  for (guint i = 0; i < health->rows->len; i++)
    if (((const SigninCtlHealthRow *) g_ptr_array_index (health->rows, i))->total_usec > 0)
      return TRUE;
  return FALSE;
}

/**
 * signin_ctl_health_table:
 * @out: what to append to
 * @style: what can be shown
 * @health: what was found out
 * @now_usec: now
 *
 * Appends what was asked, with its state, how long the answer took, how old it is, and why it was judged so.
 */
void
signin_ctl_health_table (GString *out, const SigninCtlStyle *style, const SigninCtlHealth *health, gint64 now_usec)
{
  /* TRANSLATORS: headings of a table, in capitals where that is usual: the state, what was asked, how long the answer
   * took, how old it is */
  const char *const headings[N_COLUMNS] = { _ ("STATE"), _ ("ASKED"), _ ("TIME"), _ ("AGE") };
  g_autoptr (GPtrArray) lines = make_lines (style, health, now_usec);
  guint widths[N_COLUMNS];
  guint total = measure (lines, headings, widths);
  gboolean columns = total <= style->width + GAP;

  if (lines->len == 0)
    return;
  if (columns)
    add_headings (out, style, headings, widths, total);
  for (guint i = 0; i < lines->len; i++)
    if (columns)
      add_line (out, style, g_ptr_array_index (lines, i), widths, total);
    else
      add_paragraph (out, style, g_ptr_array_index (lines, i));
  if (style->bars && has_times (health))
    /* TRANSLATORS: what the shades of a bar stand for: looking up a name, connecting, agreeing on a cipher, the answer
     */
    signin_ctl_line (out, style, 0,
                     style->unicode ? _ ("Time: ░ name ▒ connection ▓ encryption █ answer")
                                    : _ ("Time: . name - connection = encryption # answer"));
}

/**
 * signin_ctl_health_lines:
 * @out: what to append to
 * @health: what was found out
 * @now_usec: now
 *
 * Appends the same for programs: a line each, with tabs between.
 */
void
signin_ctl_health_lines (GString *out, const SigninCtlHealth *health, gint64 now_usec)
{
  const SigninCtlStyle style = { 0 };
  g_autoptr (GPtrArray) lines = make_lines (&style, health, now_usec);

  for (guint i = 0; i < lines->len; i++)
    {
      const Line *line = g_ptr_array_index (lines, i);

      for (guint column = 0; column < N_COLUMNS; column++)
        g_string_append_printf (out, "%s\t", line->cells[column]);
      g_string_append_printf (out, "%s\n", line->why);
    }
}
