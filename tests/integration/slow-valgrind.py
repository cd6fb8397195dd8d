# SPDX-License-Identifier: GPL-3.0-or-later
"""The real signind under valgrind's memcheck: what is read before it was written, after it was freed, or lost for good
fails the test in which it happened. About 3 minutes of one processor.

    slow-valgrind.py [FILE...]      only these test programs"""

import os
import subprocess
import sys

from harness import SRCDIR, diag

# Not those about signinctl and about the browsers' host (bar, browser-host, demo, doctor, languages); about what only
# counts at full speed (faketime, idle); that kill signind (crash), for what was lost is counted at the end of a program;
# nor those about hooks: valgrind 3.19 has no pidfd_open(), without which none is run.
PROGRAMS = ["test-warning", "test-life", "test-settings", "test-bad-input", "test-popup", "test-state", "test-history",
            "test-clock", "test-health", "test-servers", "test-day"]

# Those whose subject is speed, and those that do one thing over and over; everything is 20 times slower here.
LEAVE_OUT = [
    # What is recorded 2 s before its end has ended by then.
    "what fell due while signind was away is told at its start, an old end without a warning",
    # 3,600 times as fast: what waits for 25 s on the bus has 7 ms.
    "in a whole day: one question at a warning, one a reminder until all is well, and none otherwise",
    # 200 calls each, most of which are answered within 50 ms.
    "no server at all",
    "a server that owns the name and never answers",
    "a server that is stopped",
    "a server that works",
    # How much processor time it takes.
    "a hundred steps in a row: no spinning, no signal, the right end",
    # 5,000 calls and more, and how much memory they take: that is memcheck's own then.
    "thousands of bad calls cost no memory, no files and no disk",
    "a refused call costs not a single byte for good",
    # Ten and twenty starts.
    "ten in a row with --replace: each takes over, none is lost, nothing is forgotten",
    "ended at once after a warning, twenty times: the next life does not repeat it",
]


def main():
    """One TAP line for each test of each program."""
    env = dict(os.environ, SIGNIND_VALGRIND="1", SIGNIND_LEAVE_OUT="\n".join(LEAVE_OUT))
    number = 0
    for program in sys.argv[1:] or PROGRAMS:
        path = os.path.join(SRCDIR, "tests", "integration", program + ".py")
        with subprocess.Popen(["/usr/bin/python3", path], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as process:
            for line in process.stdout:
                status, dash, description = line.rstrip().partition(" - ")
                if dash and status.startswith(("ok ", "not ok ")):
                    number += 1
                    print(f"{status.rpartition(' ')[0]} {number} - {program}: {description}", flush=True)
                elif not line.startswith("1.."):
                    diag(line.removeprefix("# "))
        if process.returncode not in (0, 1):
            number += 1
            print(f"not ok {number} - {program} ends as it should: status {process.returncode}")
    print(f"1..{number}")


main()
