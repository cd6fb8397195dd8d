/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What tests of a store that fails look at: how calls were answered, and what the journal was told. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint n_done;
  guint n_failed;
} Answers;

extern guint n_store_failures;
extern guint n_store_recoveries;

void on_answer (const GError *error, gpointer user_data);
GLogWriterOutput write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data);

G_END_DECLS
