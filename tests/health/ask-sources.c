/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sources beside the services themselves, without a bus: ask-sources CA-FILE SERVICE-FILE TOKEN-COMMAND GRAPH-HOST
 * ORGANIZATION-HOST. Each line of the input, "ask" or "refresh", is answered by the rows, one a line, and a dot. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "feed-source.h"
#include "graph-source.h"

typedef struct
{
  guint waiting;
  GMainLoop *loop;
} Asked;

static void
on_rows (GPtrArray *rows, gboolean asked, gpointer user_data)
{
  Asked *state = user_data;

  for (guint i = 0; i < rows->len; i++)
    {
      g_autofree char *text = g_variant_print (g_ptr_array_index (rows, i), TRUE);

      printf ("%s\n", text);
    }
  printf ("%s\n", asked ? "asked" : "known");
  if (--state->waiting == 0)
    g_main_loop_quit (state->loop);
}

static void
ask (SigninFeedSource *feeds, SigninGraphSource *graph, char **argv, gboolean refresh)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  const char *const hosts[] = { argv[4], NULL };
  Asked asked = { 2, loop };

  if (signin_feed_source_ask (feeds, refresh, on_rows, &asked) == 0)
    asked.waiting--;
  if (signin_graph_source_ask (graph, *argv[4] != '\0' ? hosts : hosts + 1, *argv[5] != '\0' ? argv[5] : NULL, refresh,
                               on_rows, &asked)
      == 0)
    asked.waiting--;
  if (asked.waiting > 0)
    g_main_loop_run (loop);
  printf (".\n");
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GPtrArray) configs = signin_feed_configs_new ();
  g_autoptr (SigninGraphConfig) config = signin_graph_config_new ();
  g_autoptr (SigninFetcher) fetcher = NULL;
  g_autoptr (SigninFeedSource) feeds = NULL;
  g_autoptr (SigninGraphSource) graph = NULL;
  g_autoptr (GError) error = NULL;
  char line[64];

  if (argc != 6 || !g_key_file_load_from_file (file, argv[2], G_KEY_FILE_NONE, &error))
    g_error ("%s", error != NULL ? error->message : "wrong arguments");
  signin_feed_configs_read (configs, file, argv[2]);
  signin_graph_config_read (config, file, argv[2]);
  fetcher = signin_fetcher_new (argv[1], &error);
  g_assert_no_error (error);
  feeds = signin_feed_source_new (fetcher, configs);
  graph = signin_graph_source_new (fetcher, NULL, g_steal_pointer (&config));
  signin_graph_source_set_command (graph, argv[3]);
  while (fgets (line, sizeof line, stdin) != NULL)
    ask (feeds, graph, argv, g_str_has_prefix (line, "refresh"));
  return 0;
}
