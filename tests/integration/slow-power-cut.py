# SPDX-License-Identifier: GPL-3.0-or-later
"""The power goes: the process is killed, and of what it did not sync the disk has any part."""

import os

from crashes import PRELOAD, Loop
from harness import BUILDDIR, SANITIZED, Daemon, check, diag, run, test
from powercut import cut

POWER_CUT = os.path.join(BUILDDIR, "tests", "lib", "power-cut-preload.so")
CUTS = 20 if SANITIZED else 200
# Some lives end before they write anything.
LIVES = 5 * CUTS


class Cutting(Loop):
    """Lives that end with a power cut, each."""

    def __init__(self, rig):
        super().__init__(rig)
        self.log = os.path.join(rig.dir, "power-cut.log")
        self.harmed = 0

    def life(self):
        """One that ends at any of its calls, more often than not right before one that makes writes safe."""
        env = {"CRASH_AT": str(self.random.randint(1, 60)), "CRASH_LOG": self.crash_log,
               "POWER_CUT_LOG": self.log, "POWER_CUT_FOLDER": self.rig.state_dir()}
        if self.random.random() < 0.8:
            env.update(CRASH_AT=str(self.random.randint(1, 12)), CRASH_ONLY=self.random.choice(("fdatasync", "fsync")))
        self.run(Daemon(self.rig, env=env, preload=[PRELOAD, POWER_CUT]))
        if os.path.exists(self.log):
            self.harmed += cut(self.log, self.random) > 0
        aside = [name for name in os.listdir(self.rig.state_dir()) if not name.startswith("signind.db")]
        check(not aside, f"a database was taken for damaged: {aside}")


@test(f"{CUTS} power cuts: what was acknowledged stays, no event is lost, the database stays whole")
def cuts(rig):
    loop = Cutting(rig)
    loop.set_up()
    lives = 0
    while loop.harmed < CUTS:
        loop.life()
        lives += 1
        check(lives < LIVES, f"only {loop.harmed} of {lives} lives left something unsynced")
    loop.settle()
    diag(f"{lives} lives, {loop.harmed} of which left something unsynced; {loop.calls_hit()}; "
         f"{len(loop.books.told_in)} events")


run()
