/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is said of an account: from options to the bus. Whether it makes sense is for the daemon to say. */

#include "config.h"

#include "details.h"

#include "typed.h"

/**
 * signin_ctl_read_details:
 * @ctl: the call
 * @details: (inout): what the options say goes over what stands there
 * @error: which one makes no sense
 *
 * Returns: whether all of them could be read.
 */
gboolean
signin_ctl_read_details (const SigninCtl *ctl, SigninAccountDetails *details, GError **error)
{
  const struct
  {
    SigninCtlOption option;
    const char **field;
  } texts[] = {
    { SIGNIN_CTL_OPT_SERVICE, &details->service }, { SIGNIN_CTL_OPT_ORG, &details->organization },
    { SIGNIN_CTL_OPT_REGION, &details->region },   { SIGNIN_CTL_OPT_USER, &details->user_name },
    { SIGNIN_CTL_OPT_URL, &details->url },
  };
  const char *length = signin_ctl_value (ctl, SIGNIN_CTL_OPT_LENGTH);
  const char *warn = signin_ctl_value (ctl, SIGNIN_CTL_OPT_WARN);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (signin_ctl_value (ctl, texts[i].option) != NULL)
      *texts[i].field = signin_ctl_value (ctl, texts[i].option);
  if (length != NULL && g_ascii_strcasecmp (length, "none") == 0)
    details->length_usec = 0;
  else if (length != NULL && !signin_ctl_parse_duration (length, &details->length_usec, error))
    return FALSE;
  return warn == NULL || signin_ctl_parse_duration (warn, &details->lead_usec, error);
}

/**
 * signin_ctl_append_details:
 * @message: a call
 * @details: what to say; what is %NULL or negative is left out
 * @from_next_sign_in: leave running sessions alone
 *
 * Appends the `a{sv}` of AddAccount and SetAccount.
 *
 * Returns: a negative errno on failure.
 */
int
signin_ctl_append_details (sd_bus_message *message, const SigninAccountDetails *details, gboolean from_next_sign_in)
{
  int r = sd_bus_message_open_container (message, 'a', "{sv}");

  if (r >= 0)
    r = signin_ctl_append_string (message, "service", details->service);
  if (r >= 0)
    r = signin_ctl_append_string (message, "user-name", details->user_name);
  if (r >= 0)
    r = signin_ctl_append_string (message, "organization", details->organization);
  if (r >= 0)
    r = signin_ctl_append_string (message, "region", details->region);
  if (r >= 0)
    r = signin_ctl_append_string (message, "url", details->url);
  if (r >= 0)
    r = signin_ctl_append_time (message, "length", details->length_usec);
  if (r >= 0)
    r = signin_ctl_append_time (message, "lead", details->lead_usec);
  if (r >= 0)
    r = signin_ctl_append_flag (message, "from-next-sign-in", from_next_sign_in);
  return r < 0 ? r : sd_bus_message_close_container (message);
}
