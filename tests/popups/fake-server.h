/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A notification server in the test's own main context: it answers only while the test lets it. */

#pragma once

#include "private-bus.h"

/**
 * FakeManner:
 * @FAKE_ANSWERS: does its work
 * @FAKE_MUTE: answers nothing at all, as one that is stopped
 * @FAKE_SWALLOWS: answers everything but Notify, which it calls a time-out
 * @FAKE_REFUSES: calls each Notify an error
 * @FAKE_IS_OUTRUN: a person closes a popup at the very moment at which it is to be replaced
 * @FAKE_IS_PRESSED: a person presses Dismiss on a popup at the very moment at which it is closed
 * @FAKE_HANDS_ON: gives its name away in the same breath as it says what it can do
 *
 * How the server takes what it is asked.
 */
typedef enum
{
  FAKE_ANSWERS,
  FAKE_MUTE,
  FAKE_SWALLOWS,
  FAKE_REFUSES,
  FAKE_IS_OUTRUN,
  FAKE_IS_PRESSED,
  FAKE_HANDS_ON,
} FakeManner;

/**
 * FakePopup:
 * @id: what the server calls it
 * @replaces: the id that it was asked to put it in the place of
 * @title: its title
 * @body: its body
 * @actions: keys, with a space between
 * @timeout: as it was asked for
 * @urgency: as it was asked for
 * @sound: the sound that was asked for, or %NULL
 * @suppresses_sound: there shall be none
 */
typedef struct
{
  guint32 id;
  guint32 replaces;
  char *title;
  char *body;
  char *actions;
  int timeout;
  int urgency;
  char *sound;
  gboolean suppresses_sound;
} FakePopup;

typedef struct
{
  GDBusConnection *bus;
  guint object;
  FakeManner manner;
  const char *name;
  const char *capabilities; /* with a space between */
  gboolean keeps_quiet;     /* tells of no closing that it was asked for */
  guint32 last_id;
  guint n_calls;
  guint n_refused;       /* popups, by an error */
  GPtrArray *popups;     /* FakePopup, all that were asked for */
  GArray *closed;        /* guint32, all that it was asked to close */
  guint n_closed_before; /* how many of them before the last popup */
  GPtrArray *held;       /* GDBusMethodInvocation, unanswered */
} FakeServer;

FakeServer *fake_server_new (PrivateBus *bus, FakeManner manner);
void fake_server_free (FakeServer *server);
void fake_server_wake (FakeServer *server);
void fake_server_press (FakeServer *server, guint32 id, const char *key, const char *token);
void fake_server_close (FakeServer *server, guint32 id);
void fake_server_expire (FakeServer *server, guint32 id);
gboolean fake_server_is_asked (FakeServer *server, guint32 id);
const FakePopup *fake_server_last (FakeServer *server);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeServer, fake_server_free)
