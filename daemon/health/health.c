/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "health.h"

struct _SigninHealth
{
  SigninServices *services;
  SigninFetcher *fetcher;
};

SigninHealth *
signin_health_new (SigninServices *services, SigninFetcher *fetcher)
{
  SigninHealth *self = g_new0 (SigninHealth, 1);

  self->services = services;
  self->fetcher = fetcher;
  return self;
}

void
signin_health_free (SigninHealth *self)
{
  g_free (self);
}

void
signin_health_add_source (SigninHealth *self, const SigninHealthSource *source, gpointer user_data)
{
}

gboolean
signin_health_check (SigninHealth *self, GVariant *options, SigninHealthDone done, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Nothing can be asked");
  return FALSE;
}

GVariant *
signin_health_get (const SigninHealth *self)
{
  return g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0);
}
