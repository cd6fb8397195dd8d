# SPDX-License-Identifier: GPL-3.0-or-later
"""The kills of test-crash.py, five times as many."""

from crashes import kill_loop
from harness import check, run, test


@test("1000 kills: what was acknowledged stays, no event is lost, only what is in flight may repeat")
def kills(rig):
    loop = kill_loop(rig, 1000, 100)
    check(len(loop.books.hit) >= 100, f"{len(loop.books.hit)} kills between telling and keeping")


run()
