/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mailbox.h"

#define POSTERS 8
#define KEYS 16
#define ROUNDS 5000

typedef struct
{
  SigninMailbox *box;
  GString *heard;
} Listener;

static void
listen_in (const char *key, gpointer message, gpointer user_data)
{
  Listener *listener = user_data;

  g_string_append_printf (listener->heard, "%s=%s;", key, message != NULL ? (char *) message : "(none)");
  g_free (message);
}

static void
set_up (Listener *listener, gconstpointer unused)
{
  listener->heard = g_string_new (NULL);
  listener->box = signin_mailbox_new (listen_in, listener, g_free, NULL);
  g_assert_nonnull (listener->box);
}

static void
tear_down (Listener *listener, gconstpointer unused)
{
  signin_mailbox_close (listener->box);
  signin_mailbox_unref (listener->box);
  g_string_free (listener->heard, TRUE);
}

static void
run_dry (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_order (Listener *listener, gconstpointer unused)
{
  signin_mailbox_post (listener->box, "a", g_strdup ("1"));
  signin_mailbox_attach (listener->box, NULL);
  signin_mailbox_post (listener->box, "b", g_strdup ("2"));
  signin_mailbox_post (listener->box, "c", NULL);
  g_assert_cmpstr (listener->heard->str, ==, "");
  run_dry ();
  g_assert_cmpstr (listener->heard->str, ==, "a=1;b=2;c=(none);");
}

static void
test_latest_wins (Listener *listener, gconstpointer unused)
{
  signin_mailbox_attach (listener->box, NULL);
  for (guint i = 0; i < 100000; i++)
    {
      signin_mailbox_post (listener->box, "a", g_strdup_printf ("%u", i));
      signin_mailbox_post (listener->box, "b", NULL);
    }
  signin_mailbox_post (listener->box, "b", g_strdup ("last"));
  run_dry ();
  g_assert_cmpstr (listener->heard->str, ==, "a=99999;b=last;");

  signin_mailbox_post (listener->box, "a", g_strdup ("again"));
  run_dry ();
  g_assert_cmpstr (listener->heard->str, ==, "a=99999;b=last;a=again;");
}

static void
test_closed (Listener *listener, gconstpointer unused)
{
  signin_mailbox_attach (listener->box, NULL);
  signin_mailbox_post (listener->box, "a", g_strdup ("1"));
  signin_mailbox_close (listener->box);
  signin_mailbox_post (listener->box, "b", g_strdup ("2"));
  run_dry ();
  g_assert_cmpstr (listener->heard->str, ==, "");
}

static void
close_at_first (const char *key, gpointer message, gpointer user_data)
{
  Listener *listener = user_data;

  listen_in (key, message, user_data);
  signin_mailbox_close (listener->box);
}

static void
test_closed_within (void)
{
  Listener listener = { .heard = g_string_new (NULL) };

  listener.box = signin_mailbox_new (close_at_first, &listener, g_free, NULL);
  signin_mailbox_attach (listener.box, NULL);
  signin_mailbox_post (listener.box, "a", g_strdup ("1"));
  signin_mailbox_post (listener.box, "b", g_strdup ("2"));
  run_dry ();
  g_assert_cmpstr (listener.heard->str, ==, "a=1;");
  signin_mailbox_unref (listener.box);
  g_string_free (listener.heard, TRUE);
}

/* Eight threads post, one with a context of its own receives: under each key numbers only grow, and the last of each
 * poster arrives. Plain fields, so that ThreadSanitizer sees every hand-over. */
typedef struct
{
  guint poster;
  guint number;
} Number;

typedef struct
{
  SigninMailbox *box;
  GMainLoop *loop;
  guint last[POSTERS][KEYS];
  guint finished;
  guint received;
} Crowd;

typedef struct
{
  Crowd *crowd;
  guint index;
} Poster;

static void
count (const char *key, gpointer message, gpointer user_data)
{
  Crowd *crowd = user_data;
  Number *number = message;
  guint index = strtoul (strchr (key, '-') + 1, NULL, 10);

  g_assert_cmpuint (number->number, >, crowd->last[number->poster][index]);
  crowd->last[number->poster][index] = number->number;
  crowd->received++;
  if (number->number == ROUNDS && ++crowd->finished == POSTERS * KEYS)
    g_main_loop_quit (crowd->loop);
  free (number);
}

static void *
post_many (void *data)
{
  Poster *poster = data;

  for (guint i = 1; i <= ROUNDS; i++)
    for (guint k = 0; k < KEYS; k++)
      {
        Number *number = malloc (sizeof *number);
        char key[32];

        number->poster = poster->index;
        number->number = i;
        g_snprintf (key, sizeof key, "%u-%u", poster->index, k);
        signin_mailbox_post (poster->crowd->box, key, number);
      }
  signin_mailbox_unref (poster->crowd->box);
  return NULL;
}

static void *
receive (void *data)
{
  Crowd *crowd = data;
  GMainContext *context = g_main_context_new ();

  crowd->loop = g_main_loop_new (context, FALSE);
  signin_mailbox_attach (crowd->box, context);
  g_main_loop_run (crowd->loop);
  signin_mailbox_close (crowd->box);
  signin_mailbox_unref (crowd->box);
  g_main_loop_unref (crowd->loop);
  g_main_context_unref (context);
  return NULL;
}

static void
test_crowd (void)
{
  Crowd crowd = { 0 };
  Poster posters[POSTERS];
  pthread_t threads[POSTERS + 1];
  int failure;

  crowd.box = signin_mailbox_new (count, &crowd, free, NULL);
  for (guint i = 0; i < POSTERS; i++)
    {
      posters[i] = (Poster){ &crowd, i };
      signin_mailbox_ref (crowd.box);
      failure = pthread_create (&threads[i], NULL, post_many, &posters[i]);
      g_assert_cmpint (failure, ==, 0);
    }
  failure = pthread_create (&threads[POSTERS], NULL, receive, &crowd);
  g_assert_cmpint (failure, ==, 0);
  for (guint i = 0; i <= POSTERS; i++)
    {
      failure = pthread_join (threads[i], NULL);
      g_assert_cmpint (failure, ==, 0);
    }

  g_assert_cmpuint (crowd.finished, ==, POSTERS * KEYS);
  g_test_message ("%u of %u messages were received", crowd.received, POSTERS * KEYS * ROUNDS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/mailbox/order", Listener, NULL, set_up, test_order, tear_down);
  g_test_add ("/mailbox/latest-wins", Listener, NULL, set_up, test_latest_wins, tear_down);
  g_test_add ("/mailbox/closed", Listener, NULL, set_up, test_closed, tear_down);
  g_test_add_func ("/mailbox/closed-within", test_closed_within);
  g_test_add_func ("/mailbox/crowd", test_crowd);
  return g_test_run ();
}
