/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A browser's report, (ssa{sv}), or a question for the history, as bytes that nobody has looked at, to a tracker with
 * an account: what is refused is refused in words that can be shown, and what is taken is what anybody can ask for
 * again. */

#include "config.h"

#include "bus-history.h"
#include "companion.h"
#include "rig.h"

#include "in-file.h"
#include "refusal.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static Rig *rig;
static SigninSuggestions *suggestions;
static SigninCompanion *companion;

static void
clean_up (void)
{
  signin_companion_free (companion);
  rig_stop (rig);
  signin_suggestions_free (suggestions);
  rig_free (rig);
}

static void
set_up (void)
{
  rig = rig_new ();
  suggestions = signin_suggestions_new (rig->tracker, rig->store, rig->scratch->services);
  companion = signin_companion_new (rig->tracker, rig->scratch->services, suggestions);
  rig_add (rig, "contoso");
  atexit (clean_up);
}

static void
report (GVariant *call)
{
  g_autoptr (GVariant) details = g_variant_get_child_value (call, 2);
  const char *host, *kind;
  SigninReportOutcome outcome = { "" };
  SigninBrowserEvent event;
  g_autoptr (GError) error = NULL;

  g_variant_get (call, "(&s&s@a{sv})", &host, &kind, NULL);
  if (!signin_browser_event_read (&event, host, kind, details, &error)
      || !signin_companion_report (companion, &event, &outcome, &error))
    check_refusal (error);
  fake_clock_pump (rig->clock);
}

static void
ask (GVariant *filter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) rows = signin_bus_read_history (rig->tracker, filter, &error);

  if (rows == NULL)
    check_refusal (error);
  else
    g_assert_true (g_variant_is_normal_form (g_variant_ref_sink (rows)));
}

static void
forget (GVariant *filter)
{
  g_autoptr (GError) error = NULL;

  if (!signin_bus_forget_history (rig->tracker, filter, &error))
    check_refusal (error);
  fake_clock_pump (rig->clock);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = size > 0 ? g_bytes_new (data + 1, size - 1) : NULL;
  g_autoptr (GVariant) value = NULL;

  fuzz_quiet ();
  if (size == 0)
    return 0;
  if (rig == NULL)
    set_up ();
  value = g_variant_ref_sink (
      g_variant_new_from_bytes (data[0] % 3 == 0 ? G_VARIANT_TYPE ("(ssa{sv})") : G_VARIANT_TYPE_VARDICT, bytes,
                                FALSE));
  if (data[0] % 3 == 0)
    report (value);
  else if (data[0] % 3 == 1)
    ask (value);
  else
    forget (value);
  return 0;
}
