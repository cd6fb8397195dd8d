/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void signin_proxy_find (const char *url, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
char *signin_proxy_find_finish (GAsyncResult *result, GError **error);
char *signin_proxy_from_environment (const char *host, char **environment);

G_END_DECLS
