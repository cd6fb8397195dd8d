/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which proxy leads to a host: what the desktop says, and where it says nothing, the environment. */

#include "config.h"

#include <string.h>

#include "proxy.h"

#define SEPARATORS ", \t"

/* For how long a desktop may think about it; a proxy script of its can hang. */
#define LOOKUP_MSEC 3000

static gboolean
matches (const char *host, const char *pattern)
{
  gsize host_len = strlen (host), len;

  if (g_str_equal (pattern, "*"))
    return TRUE;
  if (g_str_has_prefix (pattern, "*."))
    pattern++;
  if (*pattern == '.')
    pattern++;
  len = strlen (pattern);
  if (len == 0 || len > host_len || g_ascii_strcasecmp (host + host_len - len, pattern) != 0)
    return FALSE;
  return len == host_len || host[host_len - len - 1] == '.';
}

static const char *
get_either (char **environment, const char *lower, const char *upper)
{
  const char *value = g_environ_getenv (environment, lower);

  if (value == NULL && upper != NULL)
    value = g_environ_getenv (environment, upper);
  return value != NULL && *value != '\0' ? value : NULL;
}

/**
 * signin_proxy_from_environment:
 * @host: a host name
 * @environment: an environment as of g_get_environ()
 *
 * Looks at https_proxy, all_proxy and http_proxy, in this order, and at the exceptions in no_proxy.
 *
 * Returns: (transfer full) (nullable): the address of the proxy, or %NULL for none
 */
char *
signin_proxy_from_environment (const char *host, char **environment)
{
  const char *exceptions = get_either (environment, "no_proxy", "NO_PROXY");
  const char *proxy = get_either (environment, "https_proxy", "HTTPS_PROXY");

  if (exceptions != NULL)
    {
      g_auto (GStrv) patterns = g_strsplit_set (exceptions, SEPARATORS, -1);

      for (guint i = 0; patterns[i] != NULL; i++)
        if (matches (host, patterns[i]))
          return NULL;
    }
  if (proxy == NULL)
    proxy = get_either (environment, "all_proxy", "ALL_PROXY");
  /* Not HTTP_PROXY, which a web server can have set from a header. */
  if (proxy == NULL)
    proxy = get_either (environment, "http_proxy", NULL);
  return g_strdup (proxy);
}

/* curl's word for "the proxy resolves the names" is another one. */
static char *
to_curl (const char *proxy)
{
  if (g_str_has_prefix (proxy, "socks://"))
    return g_strconcat ("socks5h://", proxy + strlen ("socks://"), NULL);
  if (g_str_has_prefix (proxy, "socks5://"))
    return g_strconcat ("socks5h://", proxy + strlen ("socks5://"), NULL);
  if (g_str_has_prefix (proxy, "socks4a://") || g_str_has_prefix (proxy, "socks4://")
      || g_str_has_prefix (proxy, "http://") || g_str_has_prefix (proxy, "https://"))
    return g_strdup (proxy);
  return NULL;
}

static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) found = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, &error);
  GSource *timer = g_object_get_data (G_OBJECT (task), "timer");
  g_auto (GStrv) environment = NULL;
  const char *host = g_task_get_task_data (task);

  if (timer != NULL)
    g_source_destroy (timer);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (found == NULL)
    g_debug ("The desktop tells no proxy: %s", error->message);
  for (guint i = 0; found != NULL && found[i] != NULL; i++)
    {
      char *proxy = to_curl (found[i]);

      if (proxy != NULL)
        {
          g_task_return_pointer (task, proxy, g_free);
          return;
        }
    }
  environment = g_get_environ ();
  g_task_return_pointer (task, signin_proxy_from_environment (host, environment), g_free);
}

static gboolean
on_too_long (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * signin_proxy_find:
 * @url: what is to be asked
 * @cancellable: (nullable): ends the search
 * @callback: called with the result
 * @user_data: for @callback
 *
 * Finds out which proxy to take. Asking the desktop can take a while, and can load a proxy script: not on this thread,
 * and for 3 s at most.
 */
void
signin_proxy_find (const char *url, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GCancellable) lookup = g_cancellable_new ();
  g_autoptr (GSource) timer = g_timeout_source_new (LOOKUP_MSEC);
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  g_task_set_task_data (task, g_strdup (host != NULL ? host : ""), g_free);
  g_source_set_callback (timer, on_too_long, g_object_ref (lookup), g_object_unref);
  g_source_attach (timer, g_main_context_get_thread_default ());
  g_object_set_data_full (G_OBJECT (task), "timer", g_source_ref (timer), (GDestroyNotify) g_source_unref);
  g_proxy_resolver_lookup_async (g_proxy_resolver_get_default (), url, lookup, on_looked_up, task);
}

/**
 * signin_proxy_find_finish:
 * @result: as the callback got it
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the proxy's address as curl takes it, or %NULL, without an error if none is
 *   needed
 */
char *
signin_proxy_find_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
