/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every situation of up to three accounts, and the rules that hold in each. */

#include "config.h"

#include <string.h>

#include "popup-group.h"
#include "session.h"

#define NEW 9
#define MAX_ITEMS 3

/* All that one account can be. */
static const gint64 dues[] = { 0, SIGNIN_TOGETHER_USEC, SIGNIN_TOGETHER_USEC + 1, SIGNIN_NEVER };

#define N_DUES 4
#define N_GROUPS 4
#define N_KINDS (2 * N_DUES * N_GROUPS)

static SigninGroupItem
make (guint kind)
{
  return (SigninGroupItem){
    .stepped = kind % 2,
    .due_usec = dues[kind / 2 % N_DUES],
    .group = kind / 2 / N_DUES,
    .taken_in = kind % 3 == 0, /* whatever was there before means nothing */
  };
}

static gboolean
is_in (const SigninGroupItem *items, guint n, guint group)
{
  for (guint i = 0; i < n; i++)
    if (items[i].group == group)
      return TRUE;
  return FALSE;
}

static void
assert_nothing_new (const SigninGroupItem *before, const SigninGroupItem *after, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (after[i].group, ==, before[i].group);
      g_assert_false (after[i].taken_in);
    }
}

/* A popup that is there already says what is new, if any of those it is about has one; else a new one does. */
static void
assert_choice (const SigninGroupItem *before, guint n, guint group)
{
  gboolean of_stepped = FALSE;
  gboolean of_due = FALSE;
  guint chosen_by_stepped = G_MAXUINT;
  guint chosen_by_due = G_MAXUINT;

  for (guint i = 0; i < n; i++)
    {
      if (before[i].group == 0)
        continue;
      if (before[i].stepped)
        {
          of_stepped = TRUE;
          chosen_by_stepped = MIN (chosen_by_stepped, before[i].group);
        }
      if (before[i].due_usec <= SIGNIN_TOGETHER_USEC)
        {
          of_due = TRUE;
          chosen_by_due = MIN (chosen_by_due, before[i].group);
        }
    }
  g_assert_cmpuint (group, ==, of_stepped ? chosen_by_stepped : of_due ? chosen_by_due : NEW);
}

static void
assert_rules (const SigninGroupItem *before, guint n)
{
  SigninGroupItem after[MAX_ITEMS];
  SigninGroupItem again[MAX_ITEMS];
  gboolean any = FALSE;
  guint group;

  memcpy (after, before, n * sizeof *before);
  group = signin_popup_group (after, n, NEW);
  for (guint i = 0; i < n; i++)
    any = any || before[i].stepped;
  g_assert_cmpint (group != 0, ==, any);
  if (!any)
    {
      assert_nothing_new (before, after, n);
      return;
    }

  assert_choice (before, n, group);
  g_assert_true (is_in (after, n, group));
  for (guint i = 0; i < n; i++)
    {
      gboolean due = before[i].due_usec <= SIGNIN_TOGETHER_USEC;

      /* What is new or due is in it, what is due is told ahead once, and nobody else is moved. */
      g_assert_cmpuint (after[i].group, ==, before[i].stepped || due ? group : before[i].group);
      g_assert_cmpint (after[i].taken_in, ==, due && !before[i].stepped);
      g_assert_cmpint (after[i].due_usec, ==, before[i].due_usec);
    }

  /* Said once more, it is the same popup. */
  memcpy (again, after, n * sizeof *after);
  g_assert_cmpuint (signin_popup_group (again, n, NEW + 1), ==, group);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (again[i].group, ==, after[i].group);
}

static void
test_every (void)
{
  for (guint a = 0; a < N_KINDS; a++)
    {
      SigninGroupItem items[MAX_ITEMS] = { make (a) };

      assert_rules (items, 1);
      for (guint b = 0; b < N_KINDS; b++)
        {
          items[1] = make (b);
          assert_rules (items, 2);
          for (guint c = 0; c < N_KINDS; c++)
            {
              items[2] = make (c);
              assert_rules (items, 3);
            }
        }
    }
}

static void
test_none (void)
{
  g_assert_cmpuint (signin_popup_group (NULL, 0, NEW), ==, 0);
}

/* As many accounts as there may be: one popup. */
static void
test_many (void)
{
  SigninGroupItem items[256];

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    items[i] = (SigninGroupItem){ .stepped = i == 200, .due_usec = i % 3 == 0 ? SIGNIN_NEVER : i };
  g_assert_cmpuint (signin_popup_group (items, G_N_ELEMENTS (items), 1), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    g_assert_cmpuint (items[i].group, ==, i % 3 == 0 && i != 200 ? 0 : 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/popup-group/none", test_none);
  g_test_add_func ("/popup-group/every", test_every);
  g_test_add_func ("/popup-group/many", test_many);
  return g_test_run ();
}
