/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an extension, or anybody who starts the host, sends: what passes is what signind would not refuse for its form.
 */

#include "config.h"

#include <string.h>

#include "address.h"
#include "browser-event.h"
#include "client/browser/message.h"
#include "text.h"

#include "in-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_event (const SigninMessage *message)
{
  SigninBrowserEvent event = {
    .host = message->host,
    .organization_host = message->organization_host,
    .source = message->source,
    .at_usec = message->at_usec,
  };

  g_assert_true (signin_browser_event_check (&event, NULL));
  g_assert_true (signin_browser_kind_parse (message->kind, &event.kind, NULL));
  g_assert_true (message->at_usec == -1 || message->at_usec > 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_auto (SigninMessage) message = { 0 };
  const char *problem = NULL;

  fuzz_quiet ();
  if (!signin_message_parse (&message, (const char *) data, size, &problem))
    {
      g_assert_nonnull (problem);
      return 0;
    }
  if (message.type == SIGNIN_MESSAGE_EVENT)
    check_event (&message);
  else if (message.type != SIGNIN_MESSAGE_STATUS)
    g_assert_true (signin_text_is_id (message.account));
  return 0;
}
