/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One check: what it is about, and what its answers come to. */

#pragma once

#include <gio/gio.h>

#include "probe.h"
#include "target.h"

G_BEGIN_DECLS

/**
 * SigninWitness:
 * @SIGNIN_WITNESS_NOT_ASKED: it was not needed
 * @SIGNIN_WITNESS_RESOLVES: its name resolves
 * @SIGNIN_WITNESS_FAILS: it does not
 *
 * A name that was looked up, and nothing more, because a host whose own answer is still good was not to be asked again.
 */
typedef enum
{
  SIGNIN_WITNESS_NOT_ASKED,
  SIGNIN_WITNESS_RESOLVES,
  SIGNIN_WITNESS_FAILS,
} SigninWitness;

/**
 * SigninJudged:
 * @targets: of #SigninTarget: what is wanted
 * @probes: address → #SigninProbe, of all of them
 * @started_boot_usec: when the check began: answers from before are known from another one
 * @witness: what a name told that was looked up
 *
 * What there is to judge.
 */
typedef struct
{
  GPtrArray *targets;
  GHashTable *probes;
  gint64 started_boot_usec;
  SigninWitness witness;
} SigninJudged;

const char *signin_check_find_witness (const SigninJudged *judged);
GPtrArray *signin_check_judge (const SigninJudged *judged);

G_END_DECLS
