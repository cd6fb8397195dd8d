/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A presence between two private buses, with a logind and screen savers that answer by a script. */

#pragma once

#include "presence.h"
#include "private-bus.h"

#define LOGIND "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define SESSION "/org/freedesktop/login1/session/_32"
#define OTHER_SESSION "/org/freedesktop/login1/session/_33"
#define USER "/org/freedesktop/login1/user/_7"

#define GET_SESSION "GetSession " LOGIND_PATH
#define GET_USER "GetUser " LOGIND_PATH
#define GET_HINT "LockedHint " SESSION
#define GET_DISPLAY "Display " USER

/* A program that answers by a script: what is not in it is refused, "hangs" is never answered. */
typedef struct
{
  GDBusConnection *bus;
  GMutex mutex;
  GHashTable *answers; /* "Member path" -> text of a GVariant, or "hangs" */
  GString *calls;      /* a line each */
} Program;

typedef struct
{
  PrivateBus system_bus;
  PrivateBus session_bus;
  Program logind;
  Program savers;
  GDBusConnection *bus; /* signind's own, to the session bus */
  SigninPresence *presence;
  GString *events; /* a letter each, see on_changed() */
  char act_on;     /* a letter of them, at which @act is done */
  void (*act) (SigninPresence *presence);
  gboolean timed_out;
} World;

void wait_for (World *world, gboolean (*done) (World *world, gconstpointer what), gconstpointer what);
void assert_events (World *world, const char *expected);
void answer (Program *program, const char *key, const char *text);
void refuse (Program *program, const char *key);
void bus_call (GDBusConnection *bus, const char *method, GVariant *args);
void own (Program *program, const char *name);
void disown (Program *program, const char *name);
void emit (Program *program, const char *path, const char *interface, const char *signal, const char *args);
void emit_sleep (World *world, gboolean before);
void emit_properties (Program *program, const char *session, const char *changed);
void emit_hint (World *world, gboolean locked);
void emit_active (World *world, const char *name, gboolean active);
void assert_calls (World *world, const char *expected);
void start_logind (World *world, gboolean locked);
void watch_logind (World *world);
void program_start (Program *program, PrivateBus *bus);
void program_stop (Program *program);
guint count_names (World *world);
gboolean has_left (World *world, gconstpointer names);
void add (const char *name, gconstpointer data, void (*test) (World *world, gconstpointer data));
