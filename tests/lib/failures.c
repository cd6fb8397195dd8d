/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "failures.h"

#include "errors.h"
#include "names.h"

/* Warnings of the journal, by their message id; any other warning ends the test. And the word that they are over. */
guint n_store_failures;
guint n_store_recoveries;

static gboolean
has_field (const GLogField *fields, gsize n_fields, const char *key, const char *value)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, key) && g_str_equal (fields[i].value, value))
      return TRUE;
  return FALSE;
}

GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  if (has_field (fields, n_fields, "MESSAGE", "Everything is stored again."))
    n_store_recoveries++;
  if (level > G_LOG_LEVEL_WARNING)
    return G_LOG_WRITER_HANDLED;
  if (has_field (fields, n_fields, "MESSAGE_ID", SIGNIN_MESSAGE_STORE_FAILED))
    {
      n_store_failures++;
      return G_LOG_WRITER_HANDLED;
    }
  return g_log_writer_default (level, fields, n_fields, user_data);
}

void
on_answer (const GError *error, gpointer user_data)
{
  Answers *answers = user_data;

  if (error == NULL)
    answers->n_done++;
  else if (g_error_matches (error, SIGNIN_ERROR, SIGNIN_ERROR_STORAGE))
    answers->n_failed++;
}
