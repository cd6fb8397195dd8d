/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "account.h"
#include "history.h"

G_BEGIN_DECLS

/**
 * SigninStoreMode:
 * @SIGNIN_STORE_DURABLE: what is committed is on disk
 * @SIGNIN_STORE_MEMORY: nothing can be kept: the file is read-only, of a newer schema or in use
 */
typedef enum
{
  SIGNIN_STORE_DURABLE,
  SIGNIN_STORE_MEMORY,
} SigninStoreMode;

/**
 * SigninStoreVisitor:
 * @account: called for each account, first
 * @reported: (nullable): called for an account that a browser has reported once, right after it
 * @session: called for each session of the account before
 *
 * Who receives what was stored. Rows that make no sense are skipped and logged, never passed on.
 */
typedef struct
{
  void (*account) (SigninAccountInfo *info, gpointer user_data);
  void (*reported) (const char *account_id, gpointer user_data);
  void (*session) (const char *account_id, const SigninSession *session, gpointer user_data);
} SigninStoreVisitor;

typedef struct _SigninStore SigninStore;

char *signin_store_default_path (void);
SigninStore *signin_store_open (const char *path, const SigninServices *services);
void signin_store_free (SigninStore *store);
SigninStoreMode signin_store_get_mode (const SigninStore *store);
const char *signin_store_get_problem (const SigninStore *store);
gboolean signin_store_is_locked (const SigninStore *store);
void signin_store_let_rest (SigninStore *store);

gboolean signin_store_load (SigninStore *store, const SigninStoreVisitor *visitor, gpointer user_data, GError **error);

gboolean signin_store_begin (SigninStore *store, GError **error);
gboolean signin_store_put_account (SigninStore *store, const SigninAccountInfo *info, GError **error);
gboolean signin_store_put_reported (SigninStore *store, const char *id, GError **error);
gboolean signin_store_drop_account (SigninStore *store, const char *id, GError **error);
gboolean signin_store_put_session (SigninStore *store, const char *account_id, const SigninSession *session,
                                   GError **error);
gboolean signin_store_drop_session (SigninStore *store, const char *account_id, const char *source, GError **error);
gboolean signin_store_add_history (SigninStore *store, const char *account_id, const SigninSession *session,
                                   GError **error);
gboolean signin_store_end_history (SigninStore *store, const char *account_id, const SigninSession *session,
                                   SigninHistoryEnd end, gint64 ended_usec, GError **error);
gboolean signin_store_drop_history (SigninStore *store, const char *account_id, const char *source, GError **error);
gboolean signin_store_prune_history (SigninStore *store, gint64 before_usec, GError **error);
gboolean signin_store_forget_history (SigninStore *store, const SigninHistoryFilter *filter, GError **error);
gboolean signin_store_read_history (SigninStore *store, const SigninHistoryFilter *filter, SigninHistoryFunc func,
                                    gpointer user_data, GError **error);
void signin_store_empty_log (SigninStore *store);
gboolean signin_store_commit (SigninStore *store, GError **error);
void signin_store_rollback (SigninStore *store);

char **signin_store_load_refused (SigninStore *store, GError **error);
gboolean signin_store_put_refused (SigninStore *store, const char *host, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SigninStore, signin_store_free)

G_END_DECLS
