/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One account's object: what the tracker knows of it, in the words of the bus. */

#include "config.h"

#include <stdlib.h>

#include "bus-account.h"

static gint64
mark_time (const SigninSession *session, SigninMark mark)
{
  return signin_session_real (session, signin_session_mark (session, mark));
}

static gint64
snoozed_until (const SigninSession *session, const SigninNow *now)
{
  if (session == NULL || !signin_session_is_snoozed (session, now))
    return 0;
  return mark_time (session, SIGNIN_MARK_SNOOZED);
}

static void
add_time (GVariantBuilder *builder, const char *key, gint64 time_usec)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_uint64 (time_usec));
}

static GVariant *
describe_session (const SigninSession *session, const SigninNow *now)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  const char *state = signin_state_to_string (signin_session_state (session, now));

  g_variant_builder_add (&builder, "{sv}", "source", g_variant_new_string (session->source));
  g_variant_builder_add (&builder, "{sv}", "state", g_variant_new_string (state));
  add_time (&builder, "signed-in-at", signin_session_real (session, 0));
  add_time (&builder, "warns-at", mark_time (session, SIGNIN_MARK_WARNING));
  add_time (&builder, "expires-at", mark_time (session, SIGNIN_MARK_EXPIRED));
  g_variant_builder_add (&builder, "{sv}", "silent", g_variant_new_boolean (session->silent));
  g_variant_builder_add (&builder, "{sv}", "dismissed", g_variant_new_boolean (session->dismissed));
  return g_variant_builder_end (&builder);
}

static int
compare_ends (gconstpointer a, gconstpointer b)
{
  const SigninSession *first = *(const SigninSession *const *) a, *second = *(const SigninSession *const *) b;
  gint64 first_end = mark_time (first, SIGNIN_MARK_EXPIRED), second_end = mark_time (second, SIGNIN_MARK_EXPIRED);

  /* An end that is not known comes last. */
  if (first_end == second_end)
    return g_strcmp0 (first->source, second->source);
  if (first_end == 0 || second_end == 0)
    return first_end == 0 ? 1 : -1;
  return first_end < second_end ? -1 : 1;
}

static GVariant *
describe_sessions (const SigninAccount *account, const SigninNow *now)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autofree const SigninSession **sorted = g_new (const SigninSession *, account->n_sessions);

  for (guint i = 0; i < account->n_sessions; i++)
    sorted[i] = &account->sessions[i];
  if (account->n_sessions > 1)
    qsort (sorted, account->n_sessions, sizeof *sorted, compare_ends);
  for (guint i = 0; i < account->n_sessions; i++)
    g_variant_builder_add_value (&builder, describe_session (sorted[i], now));
  return g_variant_builder_end (&builder);
}

/**
 * signin_bus_account_new:
 * @id: an account's id
 *
 * Returns: (transfer full): an object for it, with nothing to read yet
 */
SigninDBusObjectSkeleton *
signin_bus_account_new (const char *id)
{
  g_autofree char *path = signin_account_path (id);
  g_autoptr (SigninDBusAccount) interface = signin_dbus_account_skeleton_new ();
  SigninDBusObjectSkeleton *object = signin_dbus_object_skeleton_new (path);

  signin_dbus_object_skeleton_set_account (object, interface);
  return object;
}

/**
 * signin_bus_account_update:
 * @object: an account's object
 * @account: the account
 * @services: what is known of services
 * @now: this instant
 *
 * Makes the object say what is true, and tells the bus at once what changed.
 */
void
signin_bus_account_update (SigninDBusObjectSkeleton *object, const SigninAccount *account,
                           const SigninServices *services, const SigninNow *now)
{
  g_autoptr (SigninDBusAccount) interface = signin_dbus_object_get_account (SIGNIN_DBUS_OBJECT (object));
  const SigninAccountInfo *info = account->info;
  const SigninService *service = signin_services_get (services, info->service);
  g_autofree char *url = signin_account_info_get_url (info, services);
  SigninAccountView view;
  const SigninSession *shown;

  signin_account_view (account, now, &view);
  shown = view.shown;

  g_object_set (interface, "id", info->id, "service", info->service, "service-name",
                service != NULL ? service->name : info->service, "user-name",
                info->user_name != NULL ? info->user_name : "", "organization",
                info->organization != NULL ? info->organization : "", "region",
                info->region != NULL ? info->region : "", "url", url != NULL ? url : "", "state",
                signin_state_to_string (view.state), "signed-in-at",
                shown != NULL ? signin_session_real (shown, 0) : G_GINT64_CONSTANT (0), "warns-at",
                shown != NULL ? mark_time (shown, SIGNIN_MARK_WARNING) : G_GINT64_CONSTANT (0), "expires-at",
                shown != NULL ? mark_time (shown, SIGNIN_MARK_EXPIRED) : G_GINT64_CONSTANT (0), "snoozed-until",
                snoozed_until (shown, now), "session-length", info->policy.length_usec, "warning-lead",
                info->policy.lead_usec, "source", shown != NULL ? shown->source : "", "sessions",
                describe_sessions (account, now), NULL);
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (interface));
}
