/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A tracker on a fake clock and a real store in a scratch folder, with an observer that writes down all it hears. */

#pragma once

#include "errors.h"
#include "fake-clock.h"
#include "names.h"
#include "scratch.h"
#include "settings.h"
#include "tracker.h"

G_BEGIN_DECLS

#define RIG_SEC ((gint64) G_USEC_PER_SEC)
#define RIG_MIN (60 * RIG_SEC)
#define RIG_HOUR (60 * RIG_MIN)
#define RIG_DAY (24 * RIG_HOUR)

/* The clock of a new rig: 2027-01-15 08:12:00 UTC, five hours after the machine was started. */
#define RIG_REAL (1800000720 * RIG_SEC)
#define RIG_BOOT (5 * RIG_HOUR)

#define RIG_WARNING (7 * RIG_HOUR + 40 * RIG_MIN)
#define RIG_END (8 * RIG_HOUR)

/* 1 µs more than the mark is what arming adds, because the two clocks do not tick over together. */
#define RIG_LATE 1

typedef struct
{
  SigninEvent event;
  char *id;
  SigninSession session;
  gint64 at_usec;
  SigninNow now;
} RigNews;

typedef struct
{
  FakeClock *clock;
  Scratch *scratch;
  SigninStore *store;
  SigninTracker *tracker;
  SigninLadder ladder; /* what a start finds in the settings */

  GPtrArray *heard;   /* all that was told since rig_expect() or rig_forget(), as "warning contoso manual" */
  GPtrArray *news;    /* RigNews, likewise */
  GPtrArray *changed; /* ids, likewise */
  guint n_turns;      /* likewise */
  gint64 next_usec;
  SigninEvent next_event;
  char *next_id;

  gboolean holds_flushes;
  GQueue flushes;
  guint n_flushes;
} Rig;

Rig *rig_new (void);
Rig *rig_new_at (gint64 boot_usec, gint64 real_usec, guint boot);
void rig_free (Rig *rig);
void rig_start (Rig *rig);
void rig_stop (Rig *rig);
void rig_restart (Rig *rig);
void rig_finish_flush (Rig *rig);
void rig_release_flushes (Rig *rig);
void rig_forget (Rig *rig);

void rig_add (Rig *rig, const char *id);
void rig_add_with_length (Rig *rig, const char *id, gint64 length_usec);
gboolean rig_set_length (Rig *rig, const char *id, gint64 length_usec, gboolean from_next_sign_in);
gint64 rig_sign_in (Rig *rig, const char *id, const char *source);
gint64 rig_sign_in_at (Rig *rig, const char *id, const char *source, gint64 at_usec);
void rig_refuse_sign_in_at (Rig *rig, const char *id, gint64 at_usec, const char *reason);

const SigninSession *rig_session (Rig *rig, const char *id, const char *source);
void rig_put_behind (Rig *rig, const char *id, const SigninSession *session);
SigninState rig_state (Rig *rig, const char *id);
gint64 rig_remaining (Rig *rig, const char *id, const char *source);
gboolean rig_is_stale (Rig *rig, const char *id);
const RigNews *rig_news (Rig *rig, guint index);
void rig_expect (Rig *rig, const char *heard, ...) G_GNUC_NULL_TERMINATED;
void rig_expect_nothing (Rig *rig);
void rig_expect_next (Rig *rig, SigninEvent event, const char *id, gint64 deadline_usec);
void rig_expect_none_next (Rig *rig);
void rig_assert_asleep (Rig *rig);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rig, rig_free)

G_END_DECLS
