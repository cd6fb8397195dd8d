/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever people paste: all that is found of it is a topic that there is, and what is not known can be shown. */

#include "config.h"

#include "client/pasted.h"

#include "in-file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static SigninCtlTopics *topics;
  g_auto (SigninCtlPasted) pasted = { NULL };
  /* What comes from a pipe may be anything; see read_input() of the verb. */
  g_autofree char *text = g_utf8_make_valid ((const char *) data, size);

  fuzz_quiet ();
  if (topics == NULL)
    topics = signin_ctl_topics_load (NULL);
  g_assert_nonnull (topics);
  signin_ctl_pasted_read (&pasted, topics, text);
  g_assert_cmpuint (pasted.topics->len, ==, pasted.codes->len);
  g_assert_cmpuint (pasted.topics->len, <=, 4);
  for (guint i = 0; i < pasted.topics->len; i++)
    g_assert_nonnull (
        signin_ctl_topics_get (topics, ((const SigninCtlTopic *) g_ptr_array_index (pasted.topics, i))->id));
  for (const char *p = pasted.unknown; p != NULL && *p != '\0'; p++)
    g_assert_true (g_ascii_isalnum (*p) || *p == '-');
  return 0;
}
