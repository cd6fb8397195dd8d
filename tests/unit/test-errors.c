/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <gio/gio.h>

#include "errors.h"

/* The names are part of the contract: they are spelt out here once more. */
static const struct
{
  SigninError code;
  const char *name;
} names[] = {
  { SIGNIN_ERROR_NO_SUCH_ACCOUNT, "org.signind.Signin1.Error.NoSuchAccount" },
  { SIGNIN_ERROR_ACCOUNT_EXISTS, "org.signind.Signin1.Error.AccountExists" },
  { SIGNIN_ERROR_INVALID_ARGUMENT, "org.signind.Signin1.Error.InvalidArgument" },
  { SIGNIN_ERROR_INVALID_TIME, "org.signind.Signin1.Error.InvalidTime" },
  { SIGNIN_ERROR_NOT_SIGNED_IN, "org.signind.Signin1.Error.NotSignedIn" },
  { SIGNIN_ERROR_LIMIT_EXCEEDED, "org.signind.Signin1.Error.LimitExceeded" },
  { SIGNIN_ERROR_STORAGE, "org.signind.Signin1.Error.Storage" },
};

static void
test_names (void)
{
  SigninError code = SIGNIN_ERROR_STORAGE;

  g_assert_cmpuint (G_N_ELEMENTS (names), ==, SIGNIN_N_ERRORS);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_cmpstr (signin_error_name (names[i].code), ==, names[i].name);
      g_assert_true (signin_error_from_name (names[i].name, &code));
      g_assert_cmpint (code, ==, names[i].code);
    }
  g_assert_null (signin_error_name (SIGNIN_N_ERRORS));
  g_assert_null (signin_error_name ((SigninError) -1));
  code = SIGNIN_ERROR_INVALID_TIME;
  g_assert_false (signin_error_from_name ("org.signind.Signin1.Error.Other", &code));
  g_assert_false (signin_error_from_name ("", &code));
  g_assert_false (signin_error_from_name (NULL, &code));
  g_assert_cmpint (code, ==, SIGNIN_ERROR_INVALID_TIME);
}

static void
test_on_the_bus (void)
{
  signin_error_register_dbus ();
  signin_error_register_dbus ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) sent = g_error_new_literal (SIGNIN_ERROR, names[i].code, "why");
      g_autoptr (GError) received = g_dbus_error_new_for_dbus_error (names[i].name, "why");
      g_autofree char *name = g_dbus_error_encode_gerror (sent);

      g_assert_cmpstr (name, ==, names[i].name);
      g_assert_error (received, SIGNIN_ERROR, (int) names[i].code);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/errors/names", test_names);
  g_test_add_func ("/errors/on-the-bus", test_on_the_bus);
  return g_test_run ();
}
