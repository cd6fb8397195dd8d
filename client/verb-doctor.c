/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "doctor.h"
#include "verbs.h"

/* Nobody asked here needs longer; the daemon itself, which may have to be started, is given more. */
#define CALL_TIMEOUT_USEC (5 * G_USEC_PER_SEC)

/* In the order in which one thing builds on the other. */
static void (*const checks[]) (SigninDoctor *doctor) = {
  signin_doctor_check_bus,       signin_doctor_check_daemon, signin_doctor_check_unit,    signin_doctor_check_sandbox,
  signin_doctor_check_storage,   signin_doctor_check_state,  signin_doctor_check_clock,   signin_doctor_check_settings,
  signin_doctor_check_hooks,     signin_doctor_check_popups, signin_doctor_check_display, signin_doctor_check_browser,
  signin_doctor_check_companion, signin_doctor_check_lock,   signin_doctor_check_health,
};

static const struct
{
  const char *word;
  const char *label;
  SigninCtlColour colour;
} verdicts[] = {
  /* TRANSLATORS: stands before something that is as it should be; short */
  [SIGNIN_VERDICT_OK] = { "ok", N_ ("ok"), SIGNIN_CTL_GOOD },
  /* TRANSLATORS: stands before something that is good to know; short */
  [SIGNIN_VERDICT_NOTE] = { "note", N_ ("note"), SIGNIN_CTL_CARE },
  /* TRANSLATORS: stands before something that does not work; short */
  [SIGNIN_VERDICT_PROBLEM] = { "problem", N_ ("PROBLEM"), SIGNIN_CTL_BAD },
};

static void
finding_free (SigninFinding *finding)
{
  g_free (finding->text);
  g_free (finding->remedy);
  g_free (finding);
}

static void
doctor_clear (SigninDoctor *doctor)
{
  g_clear_pointer (&doctor->findings, g_ptr_array_unref);
  g_clear_pointer (&doctor->environment, g_strfreev);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SigninDoctor, doctor_clear)

/**
 * signin_doctor_found:
 * @doctor: who looks
 * @check: (not nullable): what was looked at, a word that stays
 * @verdict: how it is
 * @remedy: (nullable): what to do about it
 * @format: what was found
 * @...: values for @format
 *
 * Takes down what was found.
 */
void
signin_doctor_found (SigninDoctor *doctor, const char *check, SigninVerdict verdict, const char *remedy,
                     const char *format, ...)
{
  SigninFinding *finding = g_new0 (SigninFinding, 1);
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  finding->check = check;
  finding->verdict = verdict;
  finding->text = signin_ctl_clean (text);
  finding->remedy = remedy != NULL ? signin_ctl_clean (remedy) : NULL;
  g_ptr_array_add (doctor->findings, finding);
}

static guint
count (const SigninDoctor *doctor, SigninVerdict verdict)
{
  guint n = 0;

  for (guint i = 0; i < doctor->findings->len; i++)
    n += ((const SigninFinding *) g_ptr_array_index (doctor->findings, i))->verdict == verdict;
  return n;
}

static void
add_finding (GString *out, const SigninCtlStyle *style, const SigninFinding *finding)
{
  const char *label = _ (verdicts[finding->verdict].label);
  g_autofree char *painted = signin_ctl_paint (style, verdicts[finding->verdict].colour, label);

  /* TRANSLATORS: "ok", "note" or "PROBLEM", and what was found */
  signin_ctl_line (out, style, 0, _ ("%s: %s"), painted, finding->text);
  if (finding->remedy != NULL)
    signin_ctl_line (out, style, 4, "%s", finding->remedy);
}

static int
show (SigninDoctor *doctor, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  guint problems = count (doctor, SIGNIN_VERDICT_PROBLEM);

  for (guint i = 0; i < doctor->findings->len; i++)
    add_finding (out, &doctor->ctl->style, g_ptr_array_index (doctor->findings, i));
  g_string_append_c (out, '\n');
  if (problems == 0)
    signin_ctl_line (out, &doctor->ctl->style, 0, _ ("Nothing stands between a sign-in and its warning."));
  else
    signin_ctl_line (out, &doctor->ctl->style, 0, ngettext ("%u problem.", "%u problems.", problems), problems);
  return signin_ctl_show (out->str, error);
}

static int
show_json (SigninDoctor *doctor, GError **error)
{
  g_auto (SigninCtlJson) json = { NULL };

  signin_ctl_json_init (&json, FALSE);
  signin_ctl_json_string (&json, "signinctl_version", PACKAGE_VERSION);
  signin_ctl_json_int (&json, "problems", count (doctor, SIGNIN_VERDICT_PROBLEM));
  signin_ctl_json_array (&json, "checks");
  for (guint i = 0; i < doctor->findings->len; i++)
    {
      const SigninFinding *finding = g_ptr_array_index (doctor->findings, i);

      signin_ctl_json_object (&json, NULL);
      signin_ctl_json_string (&json, "check", finding->check);
      signin_ctl_json_string (&json, "verdict", verdicts[finding->verdict].word);
      signin_ctl_json_string (&json, "text", finding->text);
      signin_ctl_json_string (&json, "remedy", finding->remedy);
      signin_ctl_json_end (&json, '}');
    }
  signin_ctl_json_end (&json, ']');
  return signin_ctl_show_json (&json, error);
}

/**
 * signin_ctl_run_doctor:
 * @ctl: the call
 * @error: why nothing can be shown
 *
 * Checks everything between a sign-in and a popup, says what is wrong and how to mend it. With --popup it shows a popup
 * of its own, by the server that the daemon's popups go to.
 *
 * Returns: an exit code: %SIGNIN_CTL_FAILED if there is a problem.
 */
int
signin_ctl_run_doctor (SigninCtl *ctl, GError **error)
{
  g_auto (SigninDoctor) doctor = { .ctl = ctl };
  int status;

  doctor.findings = g_ptr_array_new_with_free_func ((GDestroyNotify) finding_free);
  doctor.bus = signin_ctl_connect (ctl, NULL);
  if (doctor.bus != NULL)
    sd_bus_set_method_call_timeout (doctor.bus, CALL_TIMEOUT_USEC);
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++)
    checks[i](&doctor);
  if (signin_ctl_is_popup (ctl))
    signin_doctor_try_popup (&doctor);
  status = ctl->json ? show_json (&doctor, error) : show (&doctor, error);
  return status == SIGNIN_CTL_DONE && count (&doctor, SIGNIN_VERDICT_PROBLEM) > 0 ? SIGNIN_CTL_FAILED : status;
}
