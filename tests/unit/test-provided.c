/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts that an administrator provides: there for everybody, hidden by one, changed by nobody. */

#include "config.h"

#include <locale.h>

#include <glib/gstdio.h>

#include "provided.h"
#include "rig.h"

#define CONTOSO "[Account]\nservice=dynamics365\norganization=contoso\nregion=crm4\n"

typedef struct
{
  Rig *rig;
  char *folder;
  char *system_folder;
  char *user_folder;
  SigninProvided *provided;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->rig = rig_new ();
  f->folder = g_dir_make_tmp ("signind-provided-XXXXXX", NULL);
  f->system_folder = g_build_filename (f->folder, "system", NULL);
  f->user_folder = g_build_filename (f->folder, "user", NULL);
  g_assert_cmpint (g_mkdir (f->system_folder, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (f->user_folder, 0700), ==, 0);
  f->provided = signin_provided_new (f->system_folder, f->user_folder);
}

static void
put (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
take_away (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
empty (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    take_away (folder, name);
  g_rmdir (folder);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  empty (f->system_folder);
  empty (f->user_folder);
  g_rmdir (f->folder);
  signin_provided_free (f->provided);
  rig_free (f->rig);
  g_free (f->folder);
  g_free (f->system_folder);
  g_free (f->user_folder);
}

static const SigninAccountInfo *
info (Fixture *f, const char *id)
{
  const SigninAccount *account = signin_tracker_get (f->rig->tracker, id);

  return account != NULL ? account->info : NULL;
}

static void
apply (Fixture *f)
{
  signin_provided_apply (f->provided, f->rig->tracker);
  fake_clock_pump (f->rig->clock);
}

static void
test_added (Fixture *f, gconstpointer data)
{
  put (f->system_folder, "contoso.conf", CONTOSO "length=10h\nlead=30min\n");
  put (f->system_folder, "README", "not for us");
  apply (f);
  g_assert_nonnull (info (f, "contoso"));
  g_assert_cmpstr (info (f, "contoso")->organization, ==, "contoso");
  g_assert_cmpint (info (f, "contoso")->policy.length_usec, ==, 10 * RIG_HOUR);
  g_assert_cmpint (info (f, "contoso")->policy.lead_usec, ==, 30 * RIG_MIN);
  g_assert_null (info (f, "README"));
}

/* What the file says now counts, for a session that runs too; what is gone is the person's own. */
static void
test_changed (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put (f->system_folder, "contoso.conf", CONTOSO);
  apply (f);
  rig_sign_in (f->rig, "contoso", "manual");
  put (f->system_folder, "contoso.conf", CONTOSO "length=2h\n");
  apply (f);
  g_assert_cmpint (rig_session (f->rig, "contoso", "manual")->policy.length_usec, ==, 2 * RIG_HOUR);
  g_assert_false (signin_provided_check (f->provided, "contoso", &error));
  g_assert_error (error, SIGNIN_ERROR, SIGNIN_ERROR_INVALID_ARGUMENT);

  take_away (f->system_folder, "contoso.conf");
  apply (f);
  g_assert_nonnull (rig_session (f->rig, "contoso", "manual"));
  g_assert_true (signin_provided_check (f->provided, "contoso", NULL));
}

static void
test_hidden (Fixture *f, gconstpointer data)
{
  put (f->system_folder, "contoso.conf", CONTOSO);
  put (f->user_folder, "contoso.conf", "");
  apply (f);
  g_assert_null (info (f, "contoso"));
  g_assert_true (signin_provided_check (f->provided, "contoso", NULL));
  take_away (f->user_folder, "contoso.conf");
  apply (f);
  g_assert_nonnull (info (f, "contoso"));
}

/* The others count. */
static void
test_broken (Fixture *f, gconstpointer data)
{
  put (f->system_folder, "contoso.conf", CONTOSO);
  put (f->system_folder, "Upper.conf", CONTOSO);
  put (f->system_folder, "broken.conf", "[Account\n");
  put (f->system_folder, "nowhere.conf", "[Account]\nservice=dynamics365\norganization=contoso\nregion=crm99\n");
  put (f->system_folder, "long.conf", CONTOSO "length=99h\n");
  g_test_expect_message ("signind", G_LOG_LEVEL_WARNING, "*.conf: *");
  g_test_expect_message ("signind", G_LOG_LEVEL_WARNING, "*.conf: *");
  g_test_expect_message ("signind", G_LOG_LEVEL_WARNING, "*.conf: *");
  g_test_expect_message ("signind", G_LOG_LEVEL_WARNING, "*.conf: *");
  apply (f);
  g_test_assert_expected_messages ();
  g_assert_nonnull (info (f, "contoso"));
  g_assert_null (info (f, "nowhere"));
  g_assert_null (info (f, "long"));
}

static void
test_no_folder (Fixture *f, gconstpointer data)
{
  g_autoptr (SigninProvided) none = signin_provided_new ("/nonexistent", "/nonexistent");

  signin_provided_apply (none, f->rig->tracker);
  g_assert_false (signin_provided_has (none, "contoso"));
  g_assert_false (signin_provided_has (none, "../../etc/passwd"));
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/provided/added", Fixture, NULL, set_up, test_added, tear_down);
  g_test_add ("/provided/changed", Fixture, NULL, set_up, test_changed, tear_down);
  g_test_add ("/provided/hidden", Fixture, NULL, set_up, test_hidden, tear_down);
  g_test_add ("/provided/broken", Fixture, NULL, set_up, test_broken, tear_down);
  g_test_add ("/provided/no-folder", Fixture, NULL, set_up, test_no_folder, tear_down);
  return g_test_run ();
}
