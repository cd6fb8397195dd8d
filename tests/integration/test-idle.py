# SPDX-License-Identifier: GPL-3.0-or-later
"""At rest signind does not wake up: 60 seconds without a single context switch, in three situations at once."""

from harness import HOUR, LENGTH, SECOND, Rig, check_equal, diag, now, run, switches, test, watch_for

SETTLE = 30
REST = 60


def nothing(_client):
    """No account at all."""


def running(client):
    """Three accounts, one session."""
    for account_id in ("contoso", "fabrikam", "tailspin"):
        client.add(account_id)
    client.record(at=now() - HOUR)


def expired(client):
    """One session, which has ended."""
    client.add()
    client.record(at=now() - LENGTH + SECOND)
    client.wait_signal("Expired")


SITUATIONS = {"no account": nothing, "three accounts and a running session": running, "an expired session": expired}


@test("no wake-up in 60 s: without an account, with a running session, with an expired one")
def rest(_rig):
    rigs = {}
    try:
        for name, prepare in SITUATIONS.items():
            rig = rigs[name] = Rig()
            rig.daemon = rig.start()
            prepare(rig.client)
        watch_for(SETTLE)
        before = {name: switches(rig.daemon.pid) for name, rig in rigs.items()}
        watch_for(REST)
        woken = {}
        for name, rig in rigs.items():
            check_equal(rig.daemon.process.poll(), None, f"signind with {name} runs")
            after = switches(rig.daemon.pid)
            woken[name] = {thread: count - before[name].get(thread, 0) for thread, count in after.items()}
            diag(f"{name}: {sum(woken[name].values())} context switches {woken[name]}")
            check_equal(set(after), set(before[name]), f"threads of signind with {name}")
        check_equal({name: sum(threads.values()) for name, threads in woken.items()}, dict.fromkeys(SITUATIONS, 0),
                    "context switches")
    finally:
        for rig in rigs.values():
            rig.close()


run()
