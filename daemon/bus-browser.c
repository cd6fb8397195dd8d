/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The part of the manager's object that is for browsers. */

#include "config.h"

#include "account.h"
#include "bus-private.h"

static GVariant *
describe_outcome (const SigninReportOutcome *outcome)
{
  g_auto (GVariantDict) reply = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&reply, "account", "s", outcome->account);
  g_variant_dict_insert (&reply, "counted", "b", outcome->counted);
  g_variant_dict_insert (&reply, "suggested", "b", outcome->suggested);
  return g_variant_new ("(@a{sv})", g_variant_dict_end (&reply));
}

static gboolean
on_report_browser_event (SigninDBusManager *manager, GDBusMethodInvocation *invocation, const char *host,
                         const char *kind, GVariant *details, SigninBus *bus)
{
  SigninBrowserEvent event;
  SigninReportOutcome outcome = { "" };
  GError *error = NULL;
  gboolean accepted = signin_browser_event_read (&event, host, kind, details, &error)
                      && signin_companion_report (bus->companion, &event, &outcome, &error);

  return signin_bus_finish (bus, invocation, accepted, error, accepted ? describe_outcome (&outcome) : NULL);
}

static gboolean
on_accept_suggestion (SigninDBusManager *manager, GDBusMethodInvocation *invocation, const char *host, SigninBus *bus)
{
  GError *error = NULL;
  g_autofree char *id = signin_suggestions_accept (signin_companion_get_suggestions (bus->companion), host, &error);
  g_autofree char *path = id != NULL ? signin_account_path (id) : NULL;

  return signin_bus_finish (bus, invocation, id != NULL, error, id != NULL ? g_variant_new ("(o)", path) : NULL);
}

static gboolean
on_refuse_suggestion (SigninDBusManager *manager, GDBusMethodInvocation *invocation, const char *host, SigninBus *bus)
{
  GError *error = NULL;
  gboolean accepted = signin_suggestions_refuse (signin_companion_get_suggestions (bus->companion), host, &error);

  return signin_bus_finish (bus, invocation, accepted, error, g_variant_new ("()"));
}

static GVariant *
describe_suggestion (const SigninSuggestion *suggestion)
{
  g_auto (GVariantDict) entry = G_VARIANT_DICT_INIT (NULL);

  g_variant_dict_insert (&entry, "host", "s", suggestion->host);
  g_variant_dict_insert (&entry, "organization", "s", suggestion->organization);
  g_variant_dict_insert (&entry, "region", "s", suggestion->region);
  g_variant_dict_insert (&entry, "source", "s", suggestion->source);
  g_variant_dict_insert (&entry, "at", "t", (guint64) suggestion->at_usec);
  g_variant_dict_insert (&entry, "silent", "b", suggestion->silent);
  return g_variant_dict_end (&entry);
}

static void
on_suggestions (const GPtrArray *suggestions, gpointer user_data)
{
  SigninBus *bus = user_data;
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; i < suggestions->len; i++)
    g_variant_builder_add_value (&list, describe_suggestion (suggestions->pdata[i]));
  signin_dbus_manager_set_suggestions (bus->manager, g_variant_builder_end (&list));
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (bus->manager));
}

void
signin_bus_connect_browser (SigninBus *bus)
{
  signin_dbus_manager_set_suggestions (bus->manager, g_variant_new_array (G_VARIANT_TYPE ("a{sv}"), NULL, 0));
  g_object_connect (bus->manager, "signal::handle-report-browser-event", on_report_browser_event, bus,
                    "signal::handle-accept-suggestion", on_accept_suggestion, bus, "signal::handle-refuse-suggestion",
                    on_refuse_suggestion, bus, NULL);
  signin_suggestions_observe (signin_companion_get_suggestions (bus->companion), on_suggestions, bus);
}
