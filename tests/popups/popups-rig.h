/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The popups on a fake clock: the real tracker, the real popup thread, a fake notification server, a launcher that
 * remembers and a presence that says what the test wants. */

#pragma once

#include "fake-server.h"
#include "popup-case.h"
#include "popup-group.h"
#include "popup-text.h"
#include "popups.h"
#include "presence.h"
#include "rig.h"

#define ID "contoso"

/* Of contoso, at 16:12, and another one. */
#define TWO_AT "Dynamics 365 (contoso) signs you out at 16:12 – and 1 more account"

/* The launcher of these tests: remembers, and lets the test say what came of it. */
struct _SigninLauncher
{
  char *url;
  char *token;
  SigninOpened opened;
  gpointer user_data;
};

/* The presence of these tests: says what the test wants. */
struct _SigninPresence
{
  SigninPresenceFunc changed;
  gpointer user_data;
  gboolean watched;
  gboolean locked;
};

extern SigninLauncher world_launcher;
extern SigninPresence world_presence;

typedef struct
{
  Rig *rig;
  GDBusConnection *bus;
  FakeServer *server;
  SigninPopups *popups;
  SigninSuggestions *suggestions;
} World;

void world_finish_opening (const GError *error);
void world_tell_presence (SigninPresenceReason reason);
void world_set_up (World *world, gconstpointer unused);
void world_tear_down (World *world, gconstpointer unused);
const FakePopup *world_popup (World *world, guint count);
void world_wait_closed (World *world, guint32 id);
void world_press (World *world, const char *key);
void world_settle (World *world);
void world_warn (World *world);
const FakePopup *world_pass_ladder (World *world, guint shown);
void world_set_settings (World *world, const SigninSettings *settings);
void world_add_second (World *world, const char *id, gint64 after_usec);
void world_begin_two (World *world, gint64 after_usec);

void world_add_test (const char *suite, const char *name, void (*test) (World *, gconstpointer));
