/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Apart from the rest of the store, because signinctl asks for it and has no use for SQLite. */

#include "config.h"

#include "store.h"

/**
 * signin_store_default_path:
 *
 * Returns: (transfer full): where this person's database lies
 */
char *
signin_store_default_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "signind", "signind.db", NULL);
}
