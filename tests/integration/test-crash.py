# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed at any moment, signind forgets nothing that it acknowledged and keeps no event to itself."""

from crashes import kill_loop
from harness import check, run, test


@test("200 kills: what was acknowledged stays, no event is lost, only what is in flight may repeat")
def kills(rig):
    loop = kill_loop(rig, 200, 20)
    check(len(loop.books.hit) >= 20, f"{len(loop.books.hit)} kills between telling and keeping")


run()
