/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A scratch folder with a database in it, for tests of the store. */

#pragma once

#include "errors.h"
#include "store.h"

G_BEGIN_DECLS

typedef struct
{
  SigninServices *services;
  char *folder;
  char *path;
} Scratch;

/**
 * Loaded:
 * @text: everything that was loaded, in words
 * @n_accounts: how many accounts
 * @sessions: the sessions, as #SigninSession
 *
 * What a store gave back.
 */
typedef struct
{
  GString *text;
  guint n_accounts;
  GArray *sessions;
} Loaded;

/* The number of the schema; each new step of the migrations adds one. */
#define SCRATCH_VERSION 5

/* What scratch_fill() puts there, as #Loaded tells it. */
#define SCRATCH_FILLED "contoso: contoso/firefox, contoso/manual, fabrikam: fabrikam/manual, "

Scratch *scratch_new (void);
void scratch_free (Scratch *scratch);
SigninStore *scratch_open (Scratch *scratch);
SigninAccountInfo *scratch_account (Scratch *scratch, const char *id, gint64 length_usec);
SigninSession scratch_session (const char *source);
void scratch_fill (Scratch *scratch);
void scratch_sql (Scratch *scratch, const char *sql);
GBytes *scratch_read (const char *path);
char *scratch_find (Scratch *scratch, const char *part);
void scratch_fill_disk (gboolean full);

void scratch_write (const char *path, const void *content, gssize length);
void scratch_use (Scratch *scratch, SigninStore *store);
void scratch_run_apart (void (*func) (Scratch *), Scratch *scratch);
void scratch_expect_durable (Scratch *scratch, const char *text);
void scratch_expect_memory (Scratch *scratch, const char *reason);
void scratch_expect_unchanged (Scratch *scratch, GBytes *before);

Loaded *loaded_new (SigninStore *store);
void loaded_free (Loaded *loaded);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scratch, scratch_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loaded, loaded_free)

G_END_DECLS
