# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole session of 8 hours in 8 minutes."""

from faketime import run_session
from harness import run, test


@test("x60: a whole session of 8 hours")
def whole(rig):
    run_session(rig, 60, 0)


run()
