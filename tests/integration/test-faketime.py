# SPDX-License-Identifier: GPL-3.0-or-later
"""Hours in seconds: the real daemon in fast time gives exactly the right signals, once each."""

from faketime import run_session
from harness import HOUR, MINUTE, run, test


@test("x60: from 7 h 35 min to the end")
def marks(rig):
    run_session(rig, 60, 7 * HOUR + 35 * MINUTE)


@test("x3600: a whole session of 8 hours")
def whole(rig):
    run_session(rig, 3600, 0)


run()
