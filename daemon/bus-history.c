/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history, as the bus speaks of it. */

#include "config.h"

#include <glib/gi18n.h>

#include "bus-history.h"
#include "bus-options.h"
#include "errors.h"

static gboolean
parse_filter (GVariant *options, gboolean pages, SigninHistoryFilter *filter, GError **error)
{
  const SigninOption known[] = {
    { "since", "t", &filter->since_usec }, { "until", "t", &filter->until_usec }, { "account", "s", &filter->account },
    { "after", "t", &filter->after_row },  { "limit", "t", &filter->limit },
  };

  if (!signin_options_parse (options, known, G_N_ELEMENTS (known) - (pages ? 0 : 2), error))
    return FALSE;
  if (filter->limit >= 1 && filter->limit <= SIGNIN_HISTORY_LIMIT_MAX)
    return TRUE;
  g_set_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT,
               _ ("The limit of one answer is from 1 to %d sessions"), SIGNIN_HISTORY_LIMIT_MAX);
  return FALSE;
}

static void
add_time (GVariantDict *dict, const char *key, gint64 usec)
{
  g_variant_dict_insert (dict, key, "t", (guint64) MAX (usec, 0));
}

static void
add_record (const SigninHistoryRecord *record, gpointer user_data)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant) row = NULL;

  add_time (&dict, "row", record->row);
  g_variant_dict_insert (&dict, "account", "s", record->account);
  g_variant_dict_insert (&dict, "source", "s", record->source);
  add_time (&dict, "signed-in-at", record->began_usec);
  add_time (&dict, "warns-at", record->warns_usec);
  add_time (&dict, "expires-at", record->expires_usec);
  add_time (&dict, "ended-at", record->ended_usec);
  g_variant_dict_insert (&dict, "end", "s", signin_history_end_to_string (record->end));
  g_variant_dict_insert (&dict, "silent", "b", record->silent);
  g_variant_dict_insert (&dict, "answered", "b", record->answered);
  row = g_variant_ref_sink (g_variant_dict_end (&dict));
  /* In one piece it takes a tenth of what its parts do, which 500 times is megabytes that GLib would keep. */
  g_variant_get_data (row);
  g_variant_builder_add_value (user_data, row);
}

/**
 * signin_bus_read_history:
 * @tracker: who remembers
 * @filter: the `a{sv}` of the caller
 * @error: where to put what went wrong
 *
 * Returns: (transfer floating): an `aa{sv}`; on failure %NULL, and @error is %SIGNIN_ERROR_INVALID_ARGUMENT,
 *   %SIGNIN_ERROR_NO_SUCH_ACCOUNT or %SIGNIN_ERROR_STORAGE
 */
GVariant *
signin_bus_read_history (SigninTracker *tracker, GVariant *filter, GError **error)
{
  g_auto (GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  SigninHistoryFilter parsed = SIGNIN_HISTORY_FILTER_INIT;

  if (!parse_filter (filter, TRUE, &parsed, error)
      || !signin_tracker_read_history (tracker, &parsed, add_record, &rows, error))
    return NULL;
  return g_variant_builder_end (&rows);
}

/**
 * signin_bus_forget_history:
 * @tracker: who remembers
 * @filter: the `a{sv}` of the caller
 * @error: where to put what went wrong
 *
 * Returns: whether it was accepted, and is gone at the end of the turn; if not, @error is
 *   %SIGNIN_ERROR_INVALID_ARGUMENT or %SIGNIN_ERROR_NO_SUCH_ACCOUNT
 */
gboolean
signin_bus_forget_history (SigninTracker *tracker, GVariant *filter, GError **error)
{
  SigninHistoryFilter parsed = SIGNIN_HISTORY_FILTER_INIT;

  return parse_filter (filter, FALSE, &parsed, error) && signin_tracker_forget_history (tracker, &parsed, error);
}
