/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The popup thread and a fake server, which lives in the main context of the test: it answers only while the test
 * waits, and a main context that stalled would fail the test, not slow it down. */

#pragma once

#include "fake-server.h"
#include "popup-case.h"
#include "popup-stage.h"
#include "popup-thread.h"

#define ROUND_TRIPS 200

typedef struct
{
  GDBusConnection *bus;
  SigninPopupThread *thread;
  FakeServer *server;
  GString *answers;
  guint step; /* of the last of them */
} Thread;

void thread_set_up (Thread *world, gconstpointer unused);
void thread_stop_server (Thread *world);
void thread_tear_down (Thread *world, gconstpointer unused);
SigninPopup *thread_make (guint step, SigninPopupKind kind, const char *name);
void thread_show (Thread *world, const char *account, guint step, const char *name);
void thread_round_trips (Thread *world, guint n);
void thread_settle (Thread *world);
const FakePopup *thread_show_first (Thread *world);
SigninPopup *thread_make_reminder (guint step);

void thread_add_test (const char *suite, const char *name, void (*test) (Thread *, gconstpointer));
