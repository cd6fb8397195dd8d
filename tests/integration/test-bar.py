# SPDX-License-Identifier: GPL-3.0-or-later
"""signinctl bar --follow: driven by signals, asleep in between, gone when nobody reads."""

import os
import subprocess

from harness import (HOUR, MINUTE, SECOND, SIGNINCTL, check, check_equal, diag, end_process, now, run, switches, test,
                     wait_until, watch_for)


class Follower:
    """A status bar."""

    def __init__(self, rig, *args):
        self.end, into = os.pipe()
        os.set_blocking(self.end, False)
        self.process = subprocess.Popen([SIGNINCTL, "bar", "--follow", *args], env=rig.env, stdin=subprocess.DEVNULL,
                                        stdout=into)
        os.close(into)
        self.text = ""
        rig.keep(self)

    def read(self):
        """All that came so far."""
        try:
            self.text += os.read(self.end, 65536).decode()
        except BlockingIOError:
            pass
        return self.text

    def lines(self):
        """Each line so far."""
        return self.read().splitlines()

    def wait_line(self, start):
        """Waits until the last line begins like this."""
        wait_until(lambda: self.lines() and self.lines()[-1].startswith(start), what=f"the line {start!r}")

    def stop_reading(self):
        """What a bar does that ends."""
        if self.end >= 0:
            os.close(self.end)
        self.end = -1

    def close(self):
        """Ends it for certain."""
        self.stop_reading()
        end_process(self.process)


@test("each change is a line, and nothing is written twice")
def changes(rig):
    daemon = rig.start()
    client = rig.client
    client.add()
    bar = Follower(rig)
    bar.wait_line("contoso signed out")
    client.record(at=now() - 7 * HOUR + 30 * SECOND)
    bar.wait_line("contoso 1 h")
    client.record(at=now() - 7 * HOUR - 50 * MINUTE + 30 * SECOND)
    bar.wait_line("contoso ends in 10 min")
    client.call("Dismiss", "s", "contoso")
    client.call("RecordSignOut", "sa{sv}", "contoso", {})
    bar.wait_line("contoso signed out")
    client.add("fabrikam", organization="fabrikam")
    client.record("fabrikam")
    bar.wait_line("fabrikam 7 h 59 min")
    client.call("RemoveAccount", "s", "fabrikam")
    bar.wait_line("contoso signed out")
    check(all(a != b for a, b in zip(bar.lines(), bar.lines()[1:])), f"a line twice: {bar.lines()}")
    check_equal(daemon.stop(), 0, "exit status of signind")
    bar.wait_line("signind stopped")
    rig.start()
    bar.wait_line("contoso signed out")
    check_equal(bar.process.poll(), None, "exit status")


@test("a daemon that was stopped is not started again")
def stopped(rig):
    rig.start().stop()
    mark = os.path.join(rig.dir, "started")
    bar = Follower(rig)
    bar.wait_line("signind stopped")
    rig.make_activatable("org.signind.Signin1", f"/usr/bin/touch {mark}")
    daemon = rig.start()
    wait_until(lambda: bar.lines()[-1] == "", what="an empty line: there are no accounts")
    daemon.stop()
    bar.wait_line("signind stopped")
    watch_for(0.5)
    check(not os.path.exists(mark), "the bar started signind")


@test("nobody wakes up while nothing changes on the screen")
def asleep(rig):
    rig.start()
    client = rig.client
    client.add()
    client.add("fabrikam", organization="fabrikam")
    bar = Follower(rig)
    bar.wait_line("contoso signed out")
    # Half a minute before its words change.
    client.record(at=now() - 30 * SECOND)
    bar.wait_line("contoso 7 h 59 min")
    before = switches(bar.process.pid)
    watch_for(3)
    woken = {t: n - before.get(t, 0) for t, n in switches(bar.process.pid).items() if n != before.get(t, 0)}
    diag(f"woken {woken}")
    check_equal(woken, {}, "context switches")


@test("when the words have to change by themselves, they do")
def by_itself(rig):
    rig.start()
    client = rig.client
    client.add()
    client.record(at=now() - HOUR)
    bar = Follower(rig)
    bar.wait_line("contoso 6 h 59 min")
    # In two seconds.
    client.record(at=now() - HOUR - 57 * SECOND)
    bar.wait_line("contoso 6 h 59 min")
    bar.wait_line("contoso 6 h 58 min")


@test("it ends at once when nobody reads any more, whatever it is waiting for")
def nobody_reads(rig):
    rig.start()
    rig.client.add()
    for args in ((), ("--format", "waybar"), ("--json",)):
        bar = Follower(rig, *args)
        wait_until(bar.lines, what="a line")
        bar.stop_reading()
        wait_until(lambda: bar.process.poll() is not None, what="its end")
        check_equal(bar.process.returncode, 0, "exit status")


@test("without a session bus it says so, and ends")
def bus_gone(rig):
    rig.start()
    bar = Follower(rig)
    wait_until(bar.lines, what="a line")
    end_process(rig.bus)
    wait_until(lambda: bar.process.poll() is not None, what="its end")
    check_equal(bar.process.returncode, 5, "exit status")


run()
