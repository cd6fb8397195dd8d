# SPDX-License-Identifier: GPL-3.0-or-later
"""Twenty organizations and their sign-in authority, asked by signin-healthd and by `curl --parallel`, by turns, from the
same servers on loopback. Prints JSON; runs itself in namespaces of its own (see tests/health/lab.py)."""

import json
import os
import subprocess
import sys
import time

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(TESTS, "health"), os.path.dirname(os.path.abspath(__file__))]

from lab import (AUTHORITY, HEALTHD, NAME, SIGN_IN, Lab, activate, challenge, check, pid_of,  # noqa: E402
                 rows_of)
from harness import watch_for  # noqa: E402
from stage import median, memory  # noqa: E402

ACCOUNTS = [f"org{number}" for number in range(20)]
TURNS = 15
IDLE = 2
URLS = [f"https://{name}.crm4.dynamics.com/api/data/v9.2/" for name in ACCOUNTS] + [
    f"https://{AUTHORITY}/common/v2.0/.well-known/openid-configuration"]


def ask(lab):
    """How long a Check takes that has to ask all of them, in seconds."""
    start = time.monotonic()
    results = lab.ask(ACCOUNTS, refresh=True)
    took = time.monotonic() - start
    check({row["verdict"] for row in rows_of(results, kind="summary")} == {"up"}, "not all are up")
    return took


def curl():
    """How long curl takes for the same, with as many connections."""
    argv = ["curl", "--silent", "--parallel", "--parallel-max", "8", "--parallel-immediate"]
    for url in URLS:
        argv += ["--output", "/dev/null", url]
    start = time.monotonic()
    subprocess.run(argv, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.monotonic() - start


def left_of(pid):
    """Its private memory if it is still there; 0 if it is not, or waits for nobody but its parent."""
    try:
        return memory(pid)["private"]
    except (FileNotFoundError, ProcessLookupError):
        return 0


def main():
    """Both by turns."""
    lab = Lab()
    try:
        lab.start_names()
        lab.start_web({name: challenge(f"Bearer authorization_uri={SIGN_IN}") for name in ACCOUNTS})
        lab.make_activatable(NAME, f"{HEALTHD} --idle {IDLE}")
        start = time.monotonic()
        activate(lab)
        first = time.monotonic() - start
        ours, theirs = [], []
        for _ in range(TURNS):
            ours.append(ask(lab))
            theirs.append(curl())
        pid = pid_of(lab)
        private = memory(pid)["private"]
        watch_for(IDLE + 1)
        left = left_of(pid)
        print(json.dumps({"ours_sec": median(ours), "curl_sec": median(theirs), "first_sec": first,
                          "private_kb": private, "left_kb": left}))
    finally:
        lab.close()


main()
