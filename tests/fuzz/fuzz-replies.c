/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What whoever has the daemon's name answers signinctl: the first byte says what was asked, the next two how long the
 * first answer is; a second one follows. Each is the body of a message of the right type, but for that nobody has
 * looked at it. The bus is a pair of sockets whose other end has said everything already, and says no more. */

#include "config.h"

#include <string.h>
#include <sys/socket.h>

#include "client/health.h"
#include "client/history.h"
#include "client/snapshot.h"

#include "in-file.h"

/* A server's part of the authentication; the client's is not looked at. */
#define WELCOME "DATA\r\nOK 0123456789abcdef0123456789abcdef\r\n"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
put_u32 (GByteArray *out, guint32 value)
{
  g_byte_array_append (out, (const guint8 *) &value, sizeof value);
}

static void
pad (GByteArray *out)
{
  while (out->len % 8 != 0)
    g_byte_array_append (out, (const guint8 *) "", 1);
}

/* A method's return, after the D-Bus specification: its header with serial, and signature, and then the body. */
static void
put_reply (GByteArray *wire, guint32 to, const char *signature, const guint8 *body, gsize size)
{
  const guint8 start[4] = { G_BYTE_ORDER == G_LITTLE_ENDIAN ? 'l' : 'B', 2, 1, 1 };
  const guint8 reply_to[4] = { 5, 1, 'u', 0 };
  const guint8 type[4] = { 8, 1, 'g', 0 };
  g_autoptr (GByteArray) message = g_byte_array_new ();
  guint8 len = strlen (signature);

  g_byte_array_append (message, start, sizeof start);
  put_u32 (message, size);
  put_u32 (message, to);
  put_u32 (message, 8 + sizeof type + 1 + len + 1);
  g_byte_array_append (message, reply_to, sizeof reply_to);
  put_u32 (message, to);
  g_byte_array_append (message, type, sizeof type);
  g_byte_array_append (message, &len, 1);
  g_byte_array_append (message, (const guint8 *) signature, len + 1);
  pad (message);
  g_byte_array_append (message, body, size);
  g_byte_array_append (wire, message->data, message->len);
}

/* A bus to which nothing is said any more than this. */
static sd_bus *
connect_to (const GByteArray *wire, int *other_end)
{
  sd_bus *bus = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);
  g_assert_cmpint (write (fds[1], WELCOME, strlen (WELCOME)), ==, strlen (WELCOME));
  g_assert_cmpint (sd_bus_new (&bus), >=, 0);
  g_assert_cmpint (sd_bus_set_fd (bus, fds[0], fds[0]), >=, 0);
  g_assert_cmpint (sd_bus_negotiate_fds (bus, FALSE), >=, 0);
  g_assert_cmpint (sd_bus_start (bus), >=, 0);
  /* A bus that says more than its welcome before it is asked is no bus: sd-bus ends the process then. */
  while (sd_bus_is_ready (bus) == 0)
    g_assert_cmpint (sd_bus_process (bus, NULL), >=, 0);
  g_assert_cmpint (write (fds[1], wire->data, wire->len), ==, wire->len);
  g_assert_cmpint (shutdown (fds[1], SHUT_WR), ==, 0);
  *other_end = fds[1];
  return bus;
}

static void
check_text (const char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *p = text; *p != '\0'; p++)
    g_assert_false (g_ascii_iscntrl (*p));
}

static gboolean
ask_snapshot (sd_bus *bus, GError **error)
{
  SigninCtlSnapshot *snapshot = signin_ctl_snapshot_read (bus, error);

  if (snapshot == NULL)
    return FALSE;
  check_text (snapshot->next_event);
  for (guint i = 0; i < snapshot->accounts->len; i++)
    {
      const SigninCtlAccount *account = signin_ctl_snapshot_get (snapshot, i);

      check_text (account->id);
      check_text (account->user_name);
      check_text (account->health_reason);
      for (guint j = 0; j < account->sessions->len; j++)
        check_text (((const SigninCtlSession *) g_ptr_array_index (account->sessions, j))->source);
    }
  signin_ctl_snapshot_next (snapshot);
  signin_ctl_snapshot_free (snapshot);
  return TRUE;
}

static gboolean
ask_health (sd_bus *bus, GError **error)
{
  g_autoptr (GPtrArray) rows = signin_ctl_health_get (bus, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    check_text (((const SigninCtlHealthRow *) g_ptr_array_index (rows, i))->reason);
  return rows != NULL;
}

static gboolean
ask_history (sd_bus *bus, GError **error)
{
  const SigninCtlPeriod period = { .account = NULL };
  g_autoptr (GPtrArray) history = signin_ctl_history_read (bus, &period, error);

  g_assert_true (history == NULL || history->len <= 2 * 500);
  for (guint i = 0; history != NULL && i < history->len; i++)
    check_text (((const SigninCtlPast *) g_ptr_array_index (history, i))->account);
  return history != NULL;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const struct
  {
    const char *first;
    const char *second;
    gboolean (*ask) (sd_bus *bus, GError **error);
  } questions[] = {
    { "a{sv}", "a{oa{sa{sv}}}", ask_snapshot },
    { "aa{sv}", "aa{sv}", ask_health },
    { "aa{sv}", "aa{sv}", ask_history },
  };
  g_autoptr (GByteArray) wire = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (sd_bus) bus = NULL;
  gsize which, first;
  int other_end = -1;

  fuzz_quiet ();
  if (size < 3)
    return 0;
  which = data[0] % G_N_ELEMENTS (questions);
  first = MIN (data[1] * 256u + data[2], size - 3);
  put_reply (wire, 1, questions[which].first, data + 3, first);
  put_reply (wire, 2, questions[which].second, data + 3 + first, size - 3 - first);
  bus = connect_to (wire, &other_end);
  g_assert_true (questions[which].ask (bus, &error) == (error == NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  close (other_end);
  return 0;
}
