/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whole answers: the first byte says what was asked, the next two the status, then come header lines, an empty line and
 * the body. Whatever it is, it has a verdict, and what is told of it can be shown. */

#include "config.h"

#include <string.h>

#include "probe.h"
#include "row.h"

#include "in-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const SigninRowKind kinds[] = { SIGNIN_ROW_ORGANIZATION, SIGNIN_ROW_AUTHORITY, SIGNIN_ROW_PORTAL,
                                       SIGNIN_ROW_HOME };

static void
judge (const SigninProbe *probe)
{
  SigninRow row = { .kind = probe->kind,
                    .name = probe->host,
                    .asked = probe->url,
                    .detail = probe->detail,
                    .tenant = probe->tenant,
                    .retry_after_sec = probe->retry_after_sec };

  for (guint around = 0; around <= SIGNIN_AROUND_EVERYTHING; around++)
    {
      g_autoptr (GVariant) variant = NULL;

      row.verdict = signin_verdict_judge (probe->kind, &probe->seen, (SigninAround) around, &row.reason);
      variant = g_variant_ref_sink (signin_row_to_variant (&row));
      g_assert_true (g_variant_is_normal_form (variant));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static SigninServices *services;
  g_autoptr (SigninProbe) probe = NULL;
  g_autofree char *text = NULL;
  SigninFetchResponse response = { .end = SIGNIN_FETCH_ANSWERED };
  const char *body;

  fuzz_quiet ();
  if (services == NULL)
    services = signin_services_load (NULL);
  g_assert_nonnull (services);
  if (size < 3)
    return 0;
  text = g_strndup ((const char *) data + 3, size - 3);
  body = strstr (text, "\n\n");
  response.status = 100 + (data[1] * 256u + data[2]) % 500;
  response.headers = g_strsplit (text, "\n", 256);
  response.body = g_bytes_new (body != NULL ? body + 2 : "", body != NULL ? strlen (body + 2) : 0);
  probe = signin_probe_new (kinds[data[0] % G_N_ELEMENTS (kinds)], "https://contoso.crm4.dynamics.com/api/data/v9.2/",
                            "contoso.crm4.dynamics.com", &signin_services_get (services, "dynamics365")->health);
  signin_probe_read (probe, &response, services);
  judge (probe);
  g_strfreev (response.headers);
  g_bytes_unref (response.body);
  return 0;
}
