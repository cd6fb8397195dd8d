# SPDX-License-Identifier: GPL-3.0-or-later
"""How signind starts and ends: the name, the service manager, signals, being replaced, losing the bus."""

import signal
import subprocess
import time

from harness import HOUR, NAME, SECOND, SIGNIND, WARNS_AFTER, check, check_equal, now, run, test, wait_until


def plain(rig, *args):
    """Runs signind with arguments that need no bus."""
    return subprocess.run([SIGNIND, *args], env=rig.env, stdin=subprocess.DEVNULL, capture_output=True, timeout=20,
                          check=False)


@test("READY=1 comes once, and the name is owned by then; it carries a STATUS")
def ready(rig):
    daemon = rig.start()
    check(rig.client.owner(), "the name has an owner at READY=1")
    wait_until(daemon.status, what="STATUS=, which is a message of its own")
    rig.client.add()
    check_equal(daemon.notify.values("READY"), ["1"], "READY")


@test("STATUS follows what is waited for")
def status(rig):
    daemon = rig.start()
    wait_until(daemon.status, what="the first STATUS")
    idle = daemon.status()
    rig.client.add()
    at = now() - HOUR
    rig.client.record(at=at)
    wait_until(lambda: daemon.status() != idle, what="another STATUS")
    warns_at = time.strftime("%Y-%m-%d %H:%M", time.gmtime((at + WARNS_AFTER) // SECOND))
    check_equal(daemon.status(), f"contoso is warned of at {warns_at}", "account and time")
    rig.client.call("RecordSignOut", "sa{sv}", "contoso", {})
    wait_until(lambda: daemon.status() == idle, what="the first STATUS again")


@test("the watchdog is fed while the deadline is armed")
def watchdog(rig):
    daemon = rig.start(env={"WATCHDOG_USEC": "100000"})
    rig.client.add()
    rig.client.record()
    wait_until(lambda: len(daemon.notify.values("WATCHDOG")) >= 3, what="WATCHDOG=1")


def clean_end(rig, by):
    """A sign-in, then the signal."""
    daemon = rig.start()
    rig.client.add()
    rig.client.record()
    check_equal(daemon.stop(by), 0, "exit status")
    check_equal(daemon.notify.values("STOPPING"), ["1"], "STOPPING")
    check(not rig.client.owner(), "the name is free")


@test("SIGTERM ends it cleanly: STOPPING=1 and 0")
def terminate(rig):
    clean_end(rig, signal.SIGTERM)


@test("SIGINT ends it cleanly: STOPPING=1 and 0")
def interrupt(rig):
    clean_end(rig, signal.SIGINT)


@test("a second signind says so, ends with non-zero and was never ready")
def second(rig):
    first = rig.start()
    rig.client.add()
    other = rig.start(ready=False)
    check(other.wait_exit() > 0, f"exit status {other.process.returncode}")
    check("--replace" in other.log(), f"it says what to do: {other.log()}")
    check_equal(other.notify.values("READY"), [], "READY of the second")
    check_equal(first.process.poll(), None, "the first runs on")
    check("contoso" in rig.client.account()["Id"], "and answers")


@test("--replace: the old one ends with 0, the new one carries on with the same state and repeats nothing")
def replace(rig):
    old = rig.start()
    client = rig.client
    client.add()
    client.record(at=now() - WARNS_AFTER)
    client.wait_signal("Warning")
    before = client.account()
    mark = len(client.events)
    new = rig.start("--replace")
    check_equal(old.wait_exit(), 0, "exit status of the old one")
    check_equal(new.process.poll(), None, "the new one runs")
    check_equal(client.account(), before, "the state")
    client.record(source="later")
    check_equal([e.member for e in client.events[mark:] if e.kind == "signal"], ["SignedIn"], "signals since")
    check_equal(new.stop(), 0, "exit status of the new one")
    rig.start()
    sources = sorted(s["source"] for s in client.account()["Sessions"])
    check_equal(sources, ["later", "manual"], "what the new one recorded is kept")


@test("ten in a row with --replace: each takes over, none is lost, nothing is forgotten")
def replace_often(rig):
    daemon = rig.start()
    rig.client.add()
    for number in range(10):
        rig.client.record(source=f"s{number}")
        newer = rig.start("--replace")
        check_equal(daemon.wait_exit(), 0, "exit status of the one before")
        daemon = newer
    check_equal(len(rig.client.account()["Sessions"]), 10, "sessions")


@test("ended at once after a warning, twenty times: the next life does not repeat it")
def ended_in_flight(rig):
    for number in range(20):
        daemon = rig.start()
        if number == 0:
            rig.client.add()
        told = [e.args[2] for e in rig.client.signals("Warning")]
        check_equal(told, [f"s{n % 16}" for n in range(number)], "warnings so far")
        rig.client.record(at=now() - WARNS_AFTER, source=f"s{number % 16}")
        rig.client.wait_signal("Warning", count=number + 1)
        check_equal(daemon.stop(signal.SIGTERM if number % 2 else signal.SIGINT), 0, "exit status")
    rig.start()
    rig.client.record(source="s0")
    check_equal(len(rig.client.signals("Warning")), 20, "warnings")


@test("a bus that hangs does not hold it back: SIGTERM ends it within 2 s")
def bus_hangs(rig):
    daemon = rig.start()
    rig.client.add()
    rig.client.record(at=now() - WARNS_AFTER + SECOND)
    rig.bus.send_signal(signal.SIGSTOP)
    wait_until(lambda: "about to end" in daemon.log(), what="the warning, told to nobody")
    began = time.monotonic()
    check_equal(daemon.stop(), 0, "exit status")
    check(time.monotonic() - began < 2, f"SIGTERM took {time.monotonic() - began:.2f} s")
    rig.bus.send_signal(signal.SIGCONT)


@test("a lost bus ends it with non-zero")
def bus_gone(rig):
    daemon = rig.start()
    rig.client.add()
    rig.client.close()
    rig.bus.kill()
    check(daemon.wait_exit() > 0, f"exit status {daemon.process.returncode}")


@test("no bus at all: it says so and ends with non-zero")
def no_bus(rig):
    daemon = rig.start(ready=False, env={"DBUS_SESSION_BUS_ADDRESS": f"unix:path={rig.dir}/no-bus"})
    check(daemon.wait_exit() > 0, f"exit status {daemon.process.returncode}")
    check(daemon.log().strip(), "it says something")
    check_equal(daemon.notify.values("READY"), [], "READY")


@test("--version and --help print to standard output and end with 0")
def texts(rig):
    version = plain(rig, "--version")
    check_equal((version.returncode, version.stderr), (0, b""), "--version")
    check(version.stdout.startswith(b"signind "), f"{version.stdout}")
    usage = plain(rig, "--help")
    check_equal((usage.returncode, usage.stderr), (0, b""), "--help")
    for option in (b"--replace", b"--verbose", b"--version"):
        check(option in usage.stdout, f"{option} is in {usage.stdout}")
    check(max(map(len, usage.stdout.decode().splitlines())) <= 80, "no line over 80 columns")


@test("unknown options and left-over words are refused")
def usage_errors(rig):
    for args in (["--no-such-option"], ["word"], [b"\xff\xfe"]):
        wrong = plain(rig, *args)
        check(wrong.returncode > 0, f"exit status of {args}: {wrong.returncode}")
        check(wrong.stderr and not wrong.stdout, f"{args} is answered on standard error")
    check(not rig.client.owner(NAME), "nothing was started")


run()
