/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "transient.h"

/* What goes on after it was asked to stop is killed. */
#define STOP_USEC (2 * G_USEC_PER_SEC)

static void
add (GVariantBuilder *properties, const char *name, GVariant *value)
{
  g_variant_builder_add (properties, "(sv)", name, value);
}

static GVariant *
make_commands (const char *const *argv)
{
  static const char *const flags[] = { "no-env-expand", NULL }; /* a "$" in an argument is just that */
  GVariantBuilder commands;

  g_variant_builder_init (&commands, G_VARIANT_TYPE ("a(sasas)"));
  g_variant_builder_add (&commands, "(s^as^as)", argv[0], argv, flags);
  return g_variant_builder_end (&commands);
}

static GVariant *
make_environment (const char *const *environment)
{
  GVariantBuilder variables;

  g_variant_builder_init (&variables, G_VARIANT_TYPE_STRING_ARRAY);
  for (; environment != NULL && *environment != NULL; environment++)
    if (g_utf8_validate (*environment, -1, NULL))
      g_variant_builder_add (&variables, "s", *environment);
  return g_variant_builder_end (&variables);
}

/**
 * signin_transient_arguments:
 * @unit: a unit to be
 *
 * Returns: (transfer floating): the arguments of StartTransientUnit, a method of the manager that starts it and answers
 *   with "(o)"
 */
GVariant *
signin_transient_arguments (const SigninTransient *unit)
{
  GVariantBuilder properties;

  g_variant_builder_init (&properties, G_VARIANT_TYPE ("a(sv)"));
  add (&properties, "Description", g_variant_new_string (unit->description));
  add (&properties, "Slice", g_variant_new_string ("app.slice"));
  add (&properties, "CollectMode", g_variant_new_string ("inactive-or-failed"));
  add (&properties, "Type", g_variant_new_string ("exec"));
  if (unit->forks)
    add (&properties, "ExitType", g_variant_new_string ("cgroup"));
  if (unit->tells)
    {
      add (&properties, "StandardOutputFileDescriptor", g_variant_new_handle (0));
      add (&properties, "StandardError", g_variant_new_string ("null"));
    }
  if (unit->runtime_msec > 0)
    {
      add (&properties, "RuntimeMaxUSec", g_variant_new_uint64 ((guint64) unit->runtime_msec * 1000));
      add (&properties, "TimeoutStopUSec", g_variant_new_uint64 (STOP_USEC));
    }
  add (&properties, "Environment", make_environment (unit->environment));
  add (&properties, "ExecStartEx", make_commands (unit->argv));
  return g_variant_new ("(ss@a(sv)a(sa(sv)))", unit->name, "fail", g_variant_builder_end (&properties), NULL);
}
