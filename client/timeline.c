/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sessions, drawn: a line for each day and account, from midnight to midnight as the clock on the wall shows it. */

#include "config.h"

#include "timeline.h"

#include <string.h>

#include <glib/gi18n.h>

#include "days.h"

/* The day, the letter of the account, and a space behind each. */
#define LABEL_COLUMNS 11
#define HEAD_COLUMNS (LABEL_COLUMNS + 2)

typedef enum
{
  CELL_MISSING,
  CELL_EMPTY,
  CELL_RUNNING,
  CELL_BEGAN,
  CELL_WARNING,
  CELL_EXPIRED,
  CELL_SIGNED_OUT,
  CELL_GOES_ON,
  N_CELLS,
} Cell;

static const struct
{
  const char *unicode;
  const char *ascii;
} signs[N_CELLS] = {
  [CELL_MISSING] = { " ", " " }, [CELL_EMPTY] = { "·", "." },   [CELL_RUNNING] = { "━", "=" },
  [CELL_WARNING] = { "▲", "!" }, [CELL_EXPIRED] = { "✗", "x" }, [CELL_SIGNED_OUT] = { "○", "o" },
  [CELL_GOES_ON] = { "▸", ">" },
};

/**
 * Drawing:
 * @style: what can be shown
 * @history: the sessions
 * @accounts: ids of the accounts, in the order of their letters
 * @now_usec: now
 * @day: the day that is drawn
 * @cells: its line
 */
typedef struct
{
  const SigninCtlStyle *style;
  GPtrArray *history;
  GPtrArray *accounts;
  gint64 now_usec;
  SigninCtlDay day;
  Cell cells[SIGNIN_CTL_CELLS_MAX];
} Drawing;

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/**
 * signin_ctl_history_accounts:
 * @history: sessions
 *
 * Returns: (transfer full) (element-type utf8): the ids of their accounts, sorted; borrowed from @history.
 */
GPtrArray *
signin_ctl_history_accounts (GPtrArray *history)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *accounts = g_ptr_array_new ();

  for (guint i = 0; i < history->len; i++)
    {
      const SigninCtlPast *past = g_ptr_array_index (history, i);

      if (g_hash_table_add (seen, past->account))
        g_ptr_array_add (accounts, past->account);
    }
  g_ptr_array_sort (accounts, compare_ids);
  return accounts;
}

/**
 * signin_ctl_account_letter:
 * @number: the place of an account among those that are shown
 *
 * Returns: (transfer full): its letter; whoever has more accounts than there are letters sees a sign for the rest.
 */
char *
signin_ctl_account_letter (guint number)
{
  if (number < 26)
    return g_strdup_printf ("%c", 'A' + (int) number);
  return g_strdup_printf ("%c", number < 52 ? 'a' + (int) number - 26 : '#');
}

static guint
choose_cells (const SigninCtlStyle *style)
{
  for (guint an_hour = SIGNIN_CTL_CELLS_MAX / 24; an_hour > 1; an_hour--)
    if (HEAD_COLUMNS + 24 * an_hour <= style->width)
      return 24 * an_hour;
  return 24;
}

static gboolean
is_on_day (const Drawing *drawing, const SigninCtlPast *past)
{
  return past->began < drawing->day.ends
         && MAX (signin_ctl_past_end (past, drawing->now_usec), past->began + 1) > drawing->day.begins;
}

static void
put (Drawing *drawing, guint cell, Cell what)
{
  drawing->cells[cell] = what;
}

static Cell
end_of (const SigninCtlPast *past)
{
  if (past->ended == 0)
    return CELL_GOES_ON;
  return signin_ctl_past_is_expired (past) ? CELL_EXPIRED : CELL_SIGNED_OUT;
}

/* In which part a session begins here; none if it began the day before. */
static int
first_cell (const Drawing *drawing, const SigninCtlPast *past)
{
  return past->began >= drawing->day.begins ? (int) signin_ctl_day_cell (&drawing->day, past->began) : -1;
}

/* In which part it ends here; none if it goes on at midnight. */
static int
last_cell (const Drawing *drawing, const SigninCtlPast *past)
{
  gint64 end = signin_ctl_past_end (past, drawing->now_usec);

  if (end > drawing->day.ends || end < drawing->day.begins)
    return -1;
  return (int) signin_ctl_day_cell (&drawing->day, MAX (end - 1, past->began));
}

static void
put_line (Drawing *drawing, const SigninCtlPast *past)
{
  gint64 end = signin_ctl_past_end (past, drawing->now_usec);
  int last = last_cell (drawing, past);

  for (guint i = 0; i < drawing->day.cells; i++)
    if (signin_ctl_day_covers (&drawing->day, i, past->began, end))
      put (drawing, i, CELL_RUNNING);
  if (last >= 0)
    put (drawing, last, CELL_RUNNING);
}

/* Where two signs fall into the same part, one of them moves aside, to be seen. */
static void
put_signs (Drawing *drawing, const SigninCtlPast *past)
{
  const SigninCtlDay *day = &drawing->day;
  gint64 end = signin_ctl_past_end (past, drawing->now_usec);
  int first = first_cell (drawing, past);
  int last = last_cell (drawing, past);

  if (past->warns_at > 0 && past->warns_at <= end && past->warns_at >= day->begins && past->warns_at < day->ends)
    {
      int cell = (int) signin_ctl_day_cell (day, past->warns_at);

      put (drawing, cell == last && cell > first + 1 ? cell - 1 : cell, CELL_WARNING);
    }
  /* A new sign-in takes the place of the end before it. */
  if (last >= 0 && !g_str_equal (past->end, "renewed"))
    put (drawing, last == first && last + 1 < (int) day->cells ? last + 1 : last, end_of (past));
  if (first >= 0)
    put (drawing, first, CELL_BEGAN);
}

/* Signs come after all lines: what one browser does is seen on the line of another. */
static gboolean
fill_line (Drawing *drawing, const char *account)
{
  gboolean any = FALSE;

  for (guint i = 0; i < drawing->day.cells; i++)
    put (drawing, i, signin_ctl_day_has (&drawing->day, i) ? CELL_EMPTY : CELL_MISSING);
  for (guint signs_too = 0; signs_too <= 1; signs_too++)
    for (guint i = 0; i < drawing->history->len; i++)
      {
        const SigninCtlPast *past = g_ptr_array_index (drawing->history, i);

        if (!g_str_equal (past->account, account) || !is_on_day (drawing, past))
          continue;
        if (signs_too)
          put_signs (drawing, past);
        else
          put_line (drawing, past);
        any = TRUE;
      }
  return any;
}

static void
add_run (GString *out, const Drawing *drawing, guint number, Cell what, const char *text)
{
  g_autofree char *painted = NULL;

  if (what == CELL_EXPIRED)
    painted = signin_ctl_paint (drawing->style, SIGNIN_CTL_BAD, text);
  else if (what == CELL_WARNING)
    painted = signin_ctl_paint (drawing->style, SIGNIN_CTL_CARE, text);
  else if (what == CELL_EMPTY)
    painted = signin_ctl_paint (drawing->style, SIGNIN_CTL_FAINT, text);
  else if (what == CELL_MISSING)
    painted = g_strdup (text);
  else
    painted = signin_ctl_paint_number (drawing->style, number, text);
  g_string_append (out, painted);
}

/* What looks alike is painted at once. */
static void
add_cells (GString *out, const Drawing *drawing, guint number)
{
  g_autofree char *letter = signin_ctl_account_letter (number);

  for (guint i = 0; i < drawing->day.cells;)
    {
      Cell what = drawing->cells[i];
      const char *sign = drawing->style->unicode ? signs[what].unicode : signs[what].ascii;
      g_autoptr (GString) text = g_string_new (NULL);

      do
        g_string_append (text, what == CELL_BEGAN ? letter : sign);
      while (++i < drawing->day.cells && drawing->cells[i] == what);
      add_run (out, drawing, number, what, text->str);
    }
}

static void
add_label (GString *out, const char *text)
{
  guint columns = signin_ctl_columns (text);

  g_string_append_printf (out, "%s%*s", text, (int) (LABEL_COLUMNS - MIN (LABEL_COLUMNS, columns)), "");
}

static void
add_note (GString *out, const Drawing *drawing)
{
  gint64 hours = (drawing->day.ends - drawing->day.begins) / G_USEC_PER_SEC / 3600;

  if (hours < 24)
    signin_ctl_line (out, drawing->style, HEAD_COLUMNS, _ ("Clocks were put forward: %d hours"), (int) hours);
  else if (hours > 24)
    signin_ctl_line (out, drawing->style, HEAD_COLUMNS, _ ("Clocks were put back: %d hours"), (int) hours);
}

static void
add_day (GString *out, Drawing *drawing)
{
  g_autofree char *date = signin_ctl_day_format (drawing->day.begins, FALSE);
  g_autofree char *short_date = signin_ctl_shorten (drawing->style, date, LABEL_COLUMNS - 1);
  gboolean any = FALSE;

  for (guint i = 0; i < drawing->accounts->len; i++)
    {
      g_autofree char *letter = signin_ctl_account_letter (i);
      g_autofree char *painted = signin_ctl_paint_number (drawing->style, i, letter);

      if (!fill_line (drawing, g_ptr_array_index (drawing->accounts, i)))
        continue;
      add_label (out, any ? "" : short_date);
      g_string_append_printf (out, "%s ", painted);
      add_cells (out, drawing, i);
      g_string_append_c (out, '\n');
      any = TRUE;
    }
  if (any)
    add_note (out, drawing);
}

/* The hours above the lines: every third one, where there is room. */
static void
add_hours (GString *out, guint cells)
{
  guint an_hour = cells / 24;
  guint step = an_hour > 1 ? 3 : 6;

  g_string_append_printf (out, "%*s", HEAD_COLUMNS, "");
  for (guint hour = 0; hour < 24; hour += step)
    g_string_append_printf (out, "%-*u", (int) (hour + step < 24 ? step * an_hour : 2), hour);
  while (out->len > 0 && out->str[out->len - 1] == ' ')
    g_string_truncate (out, out->len - 1);
  g_string_append_c (out, '\n');
}

/* A sign and its meaning stay on one line, where there are spaces that hold them together. */
static void
add_meaning (GString *text, const SigninCtlStyle *style, const char *sign, const char *meaning)
{
  g_autofree char *entry = g_strdup_printf ("%s %s", sign, meaning);
  g_auto (GStrv) words = g_strsplit (entry, " ", -1);
  g_autofree char *joined = g_strjoinv (style->unicode ? "\u00a0" : " ", words);

  g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", joined);
}

static void
add_legend (GString *out, const Drawing *drawing)
{
  const struct
  {
    Cell cell;
    const char *meaning;
  } meanings[] = {
    /* TRANSLATORS: what a sign in a drawing of past sessions stands for; also "ran out", "signed out", "goes on" */
    { CELL_WARNING, _ ("warning") },
    { CELL_EXPIRED, _ ("ran out") },
    { CELL_SIGNED_OUT, _ ("signed out") },
    { CELL_GOES_ON, _ ("goes on") },
  };
  g_autoptr (GString) accounts = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < drawing->accounts->len; i++)
    {
      g_autofree char *letter = signin_ctl_account_letter (i);
      g_autofree char *painted_letter = signin_ctl_paint_number (drawing->style, i, letter);
      g_autofree char *name = signin_ctl_paint_number (drawing->style, i, g_ptr_array_index (drawing->accounts, i));

      add_meaning (accounts, drawing->style, painted_letter, name);
    }
  signin_ctl_line (out, drawing->style, 0, "%s", accounts->str);
  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    {
      const char *sign = drawing->style->unicode ? signs[meanings[i].cell].unicode : signs[meanings[i].cell].ascii;

      add_meaning (text, drawing->style, sign, meanings[i].meaning);
    }
  signin_ctl_line (out, drawing->style, 0, "%s", text->str);
}

/**
 * signin_ctl_timeline:
 * @out: what to append to
 * @style: what can be shown
 * @history: (element-type SigninCtlPast): sessions, the first sign-in first
 * @since: from the day of this instant on
 * @until: up to the day before this instant, or of it where it has begun
 * @now_usec: now, where sessions that go on end
 *
 * Draws sessions, day by day. Days without any are left out.
 */
void
signin_ctl_timeline (GString *out, const SigninCtlStyle *style, GPtrArray *history, gint64 since, gint64 until,
                     gint64 now_usec)
{
  g_autoptr (GPtrArray) accounts = signin_ctl_history_accounts (history);
  Drawing drawing = { .style = style, .history = history, .accounts = accounts, .now_usec = now_usec };
  guint cells = choose_cells (style);
  gint64 at = since;

  add_hours (out, cells);
  for (guint i = 0; i < history->len; i++)
    {
      const SigninCtlPast *past = g_ptr_array_index (history, i);
      gint64 end = MIN (signin_ctl_past_end (past, now_usec), until - 1);

      /* From one session to the next: nobody looks at years without any. */
      at = MAX (at, signin_ctl_day_begin (past->began, 0));
      while (at <= end)
        {
          signin_ctl_day_init (&drawing.day, at, cells);
          add_day (out, &drawing);
          at = drawing.day.ends;
        }
    }
  g_string_append_c (out, '\n');
  add_legend (out, &drawing);
}
