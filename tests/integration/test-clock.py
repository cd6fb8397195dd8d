# SPDX-License-Identifier: GPL-3.0-or-later
"""The real daemon while its wall clock is stepped: what has elapsed stays, what is published follows."""

import os
import signal

from harness import (BUILDDIR, HOUR, LENGTH, MINUTE, SECOND, WARNS_AFTER, check, check_equal, now, run, test,
                     wait_until)

LIBRARIES = [os.path.join(BUILDDIR, "tests", "lib", name) for name in ("clock-shim.so", "clock-step-preload.so")]
DAY = 24 * HOUR
NEAR = SECOND // 2


class Stepped:
    """A daemon whose wall clock can be stepped."""

    def __init__(self, rig):
        self.path = os.path.join(rig.dir, "step")
        self.daemon = rig.start(preload=LIBRARIES, env={"CLOCK_STEP": self.path})

    def step(self, usec):
        """Steps its clock, and only its."""
        with open(self.path, "w", encoding="ascii") as file:
            file.write(str(usec))
        self.daemon.process.send_signal(signal.SIGUSR1)


def stepped_before_the_mark(rig, usec):
    """The clock is stepped shortly before the warning and again before the end: both come when they should."""
    stepped = Stepped(rig)
    client = rig.client
    client.add()
    at = now() - WARNS_AFTER + 3 * SECOND
    client.record(at=at)
    stepped.step(usec)
    wait_until(lambda: abs(client.account()["ExpiresAt"] - (at + LENGTH + usec)) < NEAR, what="the new end")
    properties = client.account()
    check_equal(properties["State"], "active", "state")
    check(abs(properties["SignedInAt"] - at - usec) < NEAR, f"SignedInAt {properties['SignedInAt']}")
    check(abs(client.manager()["NextDeadline"] - (at + WARNS_AFTER + usec)) < NEAR, "NextDeadline")
    check(now() < at + WARNS_AFTER, "the mark is still ahead")
    check_equal(client.signals("Warning"), [], "warnings before the mark")

    remaining = client.wait_signal("Warning").args[5]
    late = now() - at - WARNS_AFTER
    check(0 <= late < 3 * SECOND, f"the warning came {late} us after its mark")
    check(20 * MINUTE - 3 * SECOND < remaining <= 20 * MINUTE, f"remaining {remaining}")

    at = now() - LENGTH + 2 * SECOND
    client.record(at=at + usec, source="short")
    stepped.step(-usec)
    client.wait_signal("Expired")
    late = now() - at - LENGTH
    check(-NEAR < late < 3 * SECOND, f"the end came {late} us after its mark")
    properties = client.account()
    manual = next(s for s in properties["Sessions"] if s["source"] == "manual")
    check(manual["state"] == "expiring", f"the other session: {manual}")
    members = [e.member for e in client.signals()]
    check_equal(members, ["SignedIn", "Warning", "SignedIn", "Warning", "Expired"], "signals")


@test("+1 h: the warning and the end come when they should, published times follow")
def an_hour_on(rig):
    stepped_before_the_mark(rig, HOUR)


@test("-1 h")
def an_hour_back(rig):
    stepped_before_the_mark(rig, -HOUR)


@test("+1 day")
def a_day_on(rig):
    stepped_before_the_mark(rig, DAY)


@test("to 1970: elapsed time stays, no time is published as 0 or less, and back again")
def to_1970(rig):
    stepped = Stepped(rig)
    client = rig.client
    client.add()
    at = now() - WARNS_AFTER + 3 * SECOND
    client.record(at=at)
    back = now() - 1000 * SECOND
    stepped.step(-back)
    wait_until(lambda: "clock" in stepped.daemon.log(), what="the step to be noticed")
    check_equal(client.account()["State"], "active", "state")
    remaining = client.wait_signal("Warning").args[5]
    late = now() - at - WARNS_AFTER
    check(0 <= late < 3 * SECOND, f"the warning came {late} us after its mark")
    check(20 * MINUTE - 3 * SECOND < remaining <= 20 * MINUTE, f"remaining {remaining}")
    for key in ("SignedInAt", "WarnsAt", "ExpiresAt"):
        check(client.account()[key] > 0, f"{key} is {client.account()[key]}")
    stepped.step(back)
    wait_until(lambda: abs(client.account()["ExpiresAt"] - at - LENGTH) < NEAR, what="the old end")
    check_equal([e.member for e in client.signals()], ["SignedIn", "Warning"], "signals")


@test("a step while signind is not there, within a boot: elapsed time stays, nothing is repeated")
def while_away(rig):
    stepped = Stepped(rig)
    client = rig.client
    client.add()
    at = now() - WARNS_AFTER - MINUTE
    client.record(at=at)
    client.wait_signal("Warning")
    stepped.step(HOUR)
    wait_until(lambda: abs(client.account()["ExpiresAt"] - (at + LENGTH + HOUR)) < NEAR, what="the new end")
    check_equal(stepped.daemon.stop(), 0, "exit status")
    # The next life knows nothing of the step: for it, the clock was set back by an hour while it was away.
    rig.start()
    properties = client.account()
    check(abs(properties["ExpiresAt"] - at - LENGTH) < NEAR, f"ExpiresAt {properties['ExpiresAt'] - at - LENGTH}")
    check_equal(properties["State"], "expiring", "state")
    client.record(source="barrier")
    check_equal([e.member for e in client.signals()], ["SignedIn", "Warning", "SignedIn"], "signals")


@test("a hundred steps in a row: no spinning, no signal, the right end")
def many(rig):
    stepped = Stepped(rig)
    client = rig.client
    client.add()
    at = now() - HOUR
    client.record(at=at)
    for number in range(100):
        stepped.step(HOUR if number % 2 else -HOUR)
        client.manager()
    wait_until(lambda: abs(client.account()["ExpiresAt"] - at - LENGTH) < NEAR, what="the end as it was")
    check_equal([e.member for e in client.signals()], ["SignedIn"], "signals")
    with open(f"/proc/{stepped.daemon.pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    check(cpu < 2, f"took {cpu} s of processor time")


run()
