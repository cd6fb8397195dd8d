/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the browsers' host lets in: good messages as they are, broken ones not at all. */

#include "config.h"

#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#include "client/browser/frame.h"
#include "client/browser/message.h"

#define EVENT "\"type\":\"event\",\"kind\":\"signed-in\",\"host\":\"contoso.crm4.dynamics.com\""
#define PROFILE "\"profile\":\"0123456789abcdef\""
#define WHOLE "{" EVENT "," PROFILE ",\"browser\":\"firefox\"}"

static const char *
parse (const char *text, gssize len, SigninMessage *message)
{
  const char *problem = NULL;
  gboolean good = signin_message_parse (message, text, len < 0 ? strlen (text) : (gsize) len, &problem);

  g_assert_true (good == (problem == NULL));
  return problem;
}

static void
test_event (void)
{
  g_auto (SigninMessage) message = { 0 };
  g_auto (SigninMessage) full = { 0 };

  g_assert_null (parse (WHOLE, -1, &message));
  g_assert_cmpint (message.type, ==, SIGNIN_MESSAGE_EVENT);
  g_assert_cmpstr (message.host, ==, "contoso.crm4.dynamics.com");
  g_assert_cmpstr (message.kind, ==, "signed-in");
  g_assert_cmpstr (message.source, ==, "firefox:0123456789abcdef");
  g_assert_null (message.organization_host);
  g_assert_null (message.account);
  g_assert_cmpint (message.at_usec, ==, -1);

  g_assert_null (parse ("{\"type\":\"event\",\"kind\":\"sso\",\"host\":\"db3--eurcrmlivesg622.crm4.dynamics.com\","
                        "\"organization_host\":\"contoso.crm4.dynamics.com\"," PROFILE
                        ",\"browser\":\"edge\",\"at\":1800000720123,\"later\":{\"versions\":[1,2]}}",
                        -1, &full));
  g_assert_cmpstr (full.organization_host, ==, "contoso.crm4.dynamics.com");
  g_assert_cmpstr (full.source, ==, "edge:0123456789abcdef");
  g_assert_cmpint (full.at_usec, ==, G_GINT64_CONSTANT (1800000720123000));
}

static void
test_others (void)
{
  static const struct
  {
    const char *text;
    SigninMessageType type;
    const char *account;
  } cases[] = {
    { "{\"type\":\"status\"}", SIGNIN_MESSAGE_STATUS, NULL },
    { " { \"type\" : \"open\", \"account\" : \"contoso\" } ", SIGNIN_MESSAGE_OPEN, "contoso" },
    { "{\"account\":\"a-b_c.d\",\"type\":\"snooze\"}", SIGNIN_MESSAGE_SNOOZE, "a-b_c.d" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (SigninMessage) message = { 0 };

      g_assert_null (parse (cases[i].text, -1, &message));
      g_assert_cmpint (message.type, ==, cases[i].type);
      g_assert_cmpstr (message.account, ==, cases[i].account);
    }
}

/* Each is refused for the reason that stands beside it, and for no other. */
static void
test_broken (void)
{
  static const struct
  {
    const char *text;
    const char *reason;
  } cases[] = {
    { "", "JSON" },
    { "hello", "JSON" },
    { "{\"type\":\"status\"", "JSON" },
    { "{\"type\":\"status\"} ", NULL },
    { "{\"type\":\"status\"}{}", "JSON" },
    { "{'type':'status'}", "JSON" },
    { "{\"type\":\"status\",}", "JSON" },
    { "/**/{\"type\":\"status\"}", "JSON" },
    { "{\"type\":\"status\",\"a\":\"\xff\"}", "JSON" },
    { "{\"type\":\"status\",\"a\":\"\xed\xa0\x80\"}", "JSON" },
    { "{\"type\":\"status\",\"a\":\"\\ud800\"}", "JSON" },
    { "{\"type\":\"status\",\"a\":\"\x01\"}", "JSON" },
    { "{\"type\":\"status\",\"type\":\"status\"}", "JSON" },
    { "{\"type\":\"status\",\"a\":1e999}", "JSON" },
    { "{\"type\":\"status\",\"a\":99999999999999999999}", "JSON" },
    { "[]", "object" },
    { "\"status\"", "JSON" },
    { "null", "JSON" },
    { "{}", "type" },
    { "{\"type\":1}", "type" },
    { "{\"type\":null}", "type" },
    { "{\"type\":\"Status\"}", "type" },
    { "{\"type\":\"status\\u0000\"}", "JSON" },
    { "{\"type\":\"shell\",\"command\":\"id\"}", "type" },
    { "{\"type\":\"open\"}", "account" },
    { "{\"type\":\"open\",\"account\":\"\"}", "account" },
    { "{\"type\":\"open\",\"account\":\"https://contoso.crm4.dynamics.com\"}", "account" },
    { "{\"type\":\"snooze\",\"account\":\"-rf\"}", "account" },
    { "{\"type\":\"snooze\",\"account\":[\"contoso\"]}", "account" },
    { "{\"type\":\"event\"}", "host" },
    { "{\"type\":\"event\",\"host\":\"contoso.crm4.dynamics.com/main.aspx?code=x\"}", "host" },
    { "{\"type\":\"event\",\"host\":\"cont oso.crm4.dynamics.com\"}", "host" },
    { "{\"type\":\"event\",\"host\":\"c\xc3\xb6ntoso.crm4.dynamics.com\"}", "host" },
    { "{\"type\":\"event\",\"host\":\"contoso..com\"}", "host" },
    { "{\"type\":\"event\",\"host\":\"contoso.crm4.dynamics.com\"}", "kind" },
    { "{\"type\":\"event\",\"host\":\"contoso.crm4.dynamics.com\",\"kind\":\"SIGNED-IN\"}", "kind" },
    { "{" EVENT ",\"organization_host\":7}", "organization_host" },
    { "{" EVENT ",\"organization_host\":\"a/b\"}", "organization_host" },
    { "{" EVENT "}", "browser" },
    { "{" EVENT ",\"browser\":\"lynx\"," PROFILE "}", "browser" },
    { "{" EVENT ",\"browser\":\"firefox\"}", "profile" },
    { "{" EVENT ",\"browser\":\"firefox\",\"profile\":\"0123456789ABCDEF\"}", "profile" },
    { "{" EVENT ",\"browser\":\"firefox\",\"profile\":\"0123456789abcdef0\"}", "profile" },
    { "{" EVENT ",\"browser\":\"firefox\",\"profile\":\"0123456789abcde\"}", "profile" },
    { "{" EVENT ",\"browser\":\"firefox\"," PROFILE ",\"at\":\"now\"}", "at" },
    { "{" EVENT ",\"browser\":\"firefox\"," PROFILE ",\"at\":1.5}", "at" },
    { "{" EVENT ",\"browser\":\"firefox\"," PROFILE ",\"at\":-1}", "at" },
    { "{" EVENT ",\"browser\":\"firefox\"," PROFILE ",\"at\":0}", "at" },
    { "{" EVENT ",\"browser\":\"firefox\"," PROFILE ",\"at\":9223372036854775807}", "at" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (SigninMessage) message = { 0 };
      const char *problem = parse (cases[i].text, -1, &message);

      g_test_message ("%s: %s", cases[i].text, problem != NULL ? problem : "good");
      g_assert_true ((problem != NULL) == (cases[i].reason != NULL));
      if (problem != NULL)
        g_assert_nonnull (strstr (problem, cases[i].reason));
    }
}

/* Neither a null byte nor the deepest nesting that fits gets anywhere. */
static void
test_limits (void)
{
  g_auto (SigninMessage) message = { 0 };
  g_autofree char *deep = g_strnfill (SIGNIN_FRAME_READ_MAX, '[');
  g_autofree char *label = g_strnfill (64, 'a');
  g_autofree char *long_label = g_strdup_printf ("{\"type\":\"event\",\"host\":\"%s.com\"}", label);

  g_assert_nonnull (parse ("{\"type\":\"status\"}\0", 18, &message));
  g_assert_nonnull (parse ("{\"type\":\"sta\0tus\"}", 18, &message));
  g_assert_nonnull (parse (deep, SIGNIN_FRAME_READ_MAX, &message));
  g_assert_nonnull (strstr (parse (long_label, -1, &message), "host"));
}

/* What a pipe holds that @bytes were written to, and that was closed then. */
static SigninFrameResult
read_bytes (const void *bytes, gsize len, char **data, gsize *data_len)
{
  int fds[2];
  SigninFrameResult result;

  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  g_assert_cmpint (write (fds[1], bytes, len), ==, (gssize) len);
  close (fds[1]);
  result = signin_frame_read (fds[0], data, data_len);
  close (fds[0]);
  return result;
}

static void
test_frames (void)
{
  static const struct
  {
    guint32 size;
    gsize sent;
    SigninFrameResult result;
  } cases[] = {
    { 2, 2, SIGNIN_FRAME_OK },
    { 2, 5, SIGNIN_FRAME_OK },
    { 0, 0, SIGNIN_FRAME_OK },
    { 2, 1, SIGNIN_FRAME_CUT },
    { 2, 0, SIGNIN_FRAME_CUT },
    { SIGNIN_FRAME_READ_MAX, SIGNIN_FRAME_READ_MAX, SIGNIN_FRAME_OK },
    { SIGNIN_FRAME_READ_MAX, SIGNIN_FRAME_READ_MAX - 1, SIGNIN_FRAME_CUT },
    { SIGNIN_FRAME_READ_MAX + 1, SIGNIN_FRAME_READ_MAX + 1, SIGNIN_FRAME_TOO_LARGE },
    { G_MAXUINT32, 0, SIGNIN_FRAME_TOO_LARGE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *bytes = g_strnfill (sizeof (guint32) + cases[i].sent, 'x');
      g_autofree char *data = NULL;
      gsize len = 0;

      memcpy (bytes, &cases[i].size, sizeof cases[i].size);
      g_assert_cmpint (read_bytes (bytes, sizeof (guint32) + cases[i].sent, &data, &len), ==, cases[i].result);
      g_assert_true ((data != NULL) == (cases[i].result == SIGNIN_FRAME_OK));
      if (data == NULL)
        continue;
      g_assert_cmpuint (len, ==, cases[i].size);
      g_assert_cmpint (data[len], ==, '\0');
    }
}

static void
test_frame_ends (void)
{
  char *data = NULL;
  gsize len = 0;

  g_assert_cmpint (read_bytes ("", 0, &data, &len), ==, SIGNIN_FRAME_END);
  for (gsize n = 1; n < sizeof (guint32); n++)
    g_assert_cmpint (read_bytes ("\0\0\0", n, &data, &len), ==, SIGNIN_FRAME_CUT);
  g_assert_cmpint (signin_frame_read (-1, &data, &len), ==, SIGNIN_FRAME_END);
  g_assert_null (data);
}

static void
test_frame_write (void)
{
  g_autofree char *data = NULL;
  gsize len = 0;
  int fds[2];

  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  g_assert_true (signin_frame_write (fds[1], "{\"ok\":true}", 11));
  g_assert_cmpint (signin_frame_read (fds[0], &data, &len), ==, SIGNIN_FRAME_OK);
  g_assert_cmpstr (data, ==, "{\"ok\":true}");
  close (fds[0]);
  close (fds[1]);
  g_assert_false (signin_frame_write (fds[1], "{}", 2));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/browser-message/event", test_event);
  g_test_add_func ("/browser-message/others", test_others);
  g_test_add_func ("/browser-message/broken", test_broken);
  g_test_add_func ("/browser-message/limits", test_limits);
  g_test_add_func ("/browser-message/frames", test_frames);
  g_test_add_func ("/browser-message/frame-ends", test_frame_ends);
  g_test_add_func ("/browser-message/frame-write", test_frame_write);
  return g_test_run ();
}
