/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "bus-options.h"
#include "errors.h"
#include "health.h"
#include "options.h"

/* Neither yes nor no: nobody said. */
#define NOT_SAID (-1)

static gboolean
check_timeout (gint64 usec, GError **error)
{
  if (usec >= SIGNIN_HEALTH_TIMEOUT_MIN_USEC && usec <= SIGNIN_HEALTH_TIMEOUT_MAX_USEC)
    return TRUE;
  g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT,
               _ ("The option %s is from %d ms to %d s, in microseconds"), "timeout_usec",
               (int) (SIGNIN_HEALTH_TIMEOUT_MIN_USEC / 1000), (int) (SIGNIN_HEALTH_TIMEOUT_MAX_USEC / G_USEC_PER_SEC));
  return FALSE;
}

/**
 * signin_health_options_parse:
 * @options: (out caller-allocates): what is wanted; to be cleared, also after an error
 * @variant: the options of Check, a{sv}
 * @services: the services; outlive @options
 * @sources: the options that turn other sources off
 * @n_sources: how many these are, at most #SIGNIN_HEALTH_SOURCES_MAX
 * @error: return location
 *
 * Returns: %FALSE with %SIGNIN_ERROR_INVALID_ARGUMENT or %SIGNIN_ERROR_LIMIT_EXCEEDED if that cannot be wanted
 */
gboolean
signin_health_options_parse (SigninHealthOptions *options, GVariant *variant, const SigninServices *services,
                             const char *const *sources, guint n_sources, GError **error)
{
  GVariant *list = NULL;
  g_autoptr (GVariant) targets = NULL;
  gboolean common = NOT_SAID, parsed;
  SigninOption known[4 + SIGNIN_HEALTH_SOURCES_MAX] = {
    { "targets", "aa{sv}", &list },
    { "common", "b", &common },
    { "refresh", "b", &options->refresh },
    { "timeout_usec", "t", &options->timeout_usec },
  };

  *options = (SigninHealthOptions){ .timeout_usec = SIGNIN_HEALTH_TIMEOUT_USEC };
  for (guint i = 0; i < n_sources; i++)
    {
      options->sources[i] = TRUE;
      known[4 + i] = (SigninOption){ sources[i], "b", &options->sources[i] };
    }
  parsed = signin_options_parse (variant, known, 4 + n_sources, error);
  targets = list;
  if (!parsed || !check_timeout (options->timeout_usec, error))
    return FALSE;
  options->targets = signin_targets_parse (services, targets, SIGNIN_HEALTH_TARGETS_MAX, error);
  if (options->targets == NULL)
    return FALSE;
  if (common == NOT_SAID)
    common = options->targets->len == 0;
  if (common)
    signin_targets_add_common (services, options->targets);
  return TRUE;
}

/**
 * signin_health_options_clear:
 * @options: options
 *
 * Frees what they hold.
 */
void
signin_health_options_clear (SigninHealthOptions *options)
{
  g_clear_pointer (&options->targets, g_ptr_array_unref);
}
