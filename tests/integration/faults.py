# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with a notification server, and how late warnings are meanwhile: beside a second daemon, in the same
seconds, whose server is well."""

import os
import signal
import subprocess

from desktop import NOTIFICATIONS, NotificationServer
from harness import (BUILDDIR, LENGTH, MANAGER, NAME, PATH, SECOND, WARNS_AFTER, GLib, Rig, check, end_process, now,
                     wait_until)

PROBE = os.path.join(BUILDDIR, "tests/bench/probe")
LEAD = LENGTH - WARNS_AFTER
SOURCES = 16
INTERVAL = SECOND // 50
AHEAD = 3 * SECOND


class Absent:
    """There is none. The rest of this is what all of them can be asked."""

    server = None

    def __init__(self, rig):
        self.rig = rig

    def ready(self):
        """Whether the daemon has met the fault by now."""
        return True

    def mend(self):
        """Undoes what keeps the server from closing popups."""


class Served(Absent):
    """A server that runs."""

    mode = "answer"
    identity = ()

    def __init__(self, rig):
        super().__init__(rig)
        self.server = NotificationServer(rig, self.mode, *self.identity)

    def ready(self):
        return self.server.calls()


class Bare(Served):
    """Knows neither buttons nor markup."""

    identity = ("bare", "body")


class Leaving(Served):
    """Closes popups of who leaves the bus."""

    mode = "leave"


class Mute(Served):
    """Never answers."""

    mode = "mute"

    def ready(self):
        return self.server.said[1:]


class Failing(Mute):
    """Answers with errors."""

    mode = "error"

    def ready(self):
        return len(self.server.calls("GetServerInformation")) >= 2


class Slow(Served):
    """Takes 3 s for each answer."""

    mode = "slow"

    def ready(self):
        return [line for line in self.server.said if line.get("asked") == "Notify"]


class Stopped(Served):
    """Stopped with a popup on its screen."""

    stopped = False

    def ready(self):
        if self.server.calls() and not self.stopped:
            self.stopped = True
            os.kill(self.server.process.pid, signal.SIGSTOP)
        return self.stopped

    def mend(self):
        os.kill(self.server.process.pid, signal.SIGCONT)


class Crashing(Served):
    """Ends with each popup that it shows, and is started again by whoever does that."""

    mode = "crash"
    again_msec = 500

    def __init__(self, rig):
        super().__init__(rig)
        self.crashes = 0
        self.tick = GLib.timeout_add(self.again_msec, self._again)
        rig.keep(self)

    def _again(self):
        if self.server.process.poll() is not None:
            self.crashes += 1
            self.server = NotificationServer(self.rig, self.mode, wait=False)
        return True

    def ready(self):
        return self.crashes

    def close(self):
        """Starts no more of them."""
        if self.tick:
            GLib.source_remove(self.tick)
        self.tick = 0


class Activated(Absent):
    """Can be activated, but never takes its name."""

    def __init__(self, rig):
        super().__init__(rig)
        self.note = os.path.join(rig.dir, "activated.pid")
        script = os.path.join(rig.dir, "activated")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\necho $$ >'{self.note}.new' && mv '{self.note}.new' '{self.note}'\nexec sleep 600\n")
        os.chmod(script, 0o755)
        rig.make_activatable(NOTIFICATIONS, script)
        rig.keep(self)

    def ready(self):
        return os.path.exists(self.note)

    def close(self):
        """Ends what the bus has started."""
        if os.path.exists(self.note):
            with open(self.note, encoding="ascii") as file:
                os.kill(int(file.read()), signal.SIGKILL)


class Late(Absent):
    """Comes only when the warnings begin."""

    def __init__(self, rig):
        super().__init__(rig)
        self.tick = GLib.timeout_add(AHEAD // 1000, self._come)

    def _come(self):
        self.server = NotificationServer(self.rig, wait=False)
        self.tick = 0
        return False


FAULTS = {
    "no server": Absent,
    "server comes late": Late,
    "mute server": Mute,
    "server hangs in activation": Activated,
    "slow server": Slow,
    "crashing server": Crashing,
    "server that closes what is left": Leaving,
    "server without buttons and markup": Bare,
    "server that returns errors": Failing,
    "stopped server": Stopped,
}


def percentile(values, share):
    """The value that SHARE of VALUES do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Subject:
    """A daemon on a bus with a fault."""

    def __init__(self, rig, kind):
        self.rig = rig
        self.fault = kind(rig)
        self.daemon = rig.start()
        self.client = rig.client
        self.client.add("first")
        self.client.record("first", at=now() - WARNS_AFTER - SECOND)
        self.client.wait_signal("Warning")
        wait_until(self.fault.ready, 30, "the daemon to meet the fault")

    def record_ahead(self, first, count):
        """Signs in COUNT times, so that the warnings come from FIRST on, INTERVAL apart."""
        answered = []
        for number in range(count):
            account = f"account{number // SOURCES}"
            if number % SOURCES == 0:
                self.client.add(account)
            options = {"at": GLib.Variant("t", first + number * INTERVAL - WARNS_AFTER),
                       "source": GLib.Variant("s", f"source {number % SOURCES}")}
            self.client.connection.call(NAME, PATH, MANAGER, "RecordSignIn", GLib.Variant("(sa{sv})", (account, options)),
                                        None, 0, -1, None, lambda link, result: answered.append(link.call_finish(result)))
        wait_until(lambda: len(answered) == count, 30, "all sign-ins to be stored")
        check(now() < first, "signing in took longer than the deadlines allow")

    def listen(self, count):
        """Starts to listen for COUNT warnings."""
        listener = subprocess.Popen([PROBE, "listen", self.rig.address, str(count), str(LEAD)], stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, text=True)
        check(listener.stdout.readline() == "listening\n", "the listener does not listen")
        return listener

    def calls(self, count):
        """How long reading and storing take, one after the other, in ms."""
        took = []
        for words in (("read", self.rig.address, count), ("record", self.rig.address, count, "first", 1)):
            done = subprocess.run([PROBE, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  check=False)
            check(done.returncode == 0, f"probe: {done.stderr}")
            took += [float(line) / 1000 for line in done.stdout.split()]
        return took

    def forget_all(self):
        """Removes every account, and with it what is on the screen."""
        for path in list(self.client.objects()[0]):
            if "/account/" in path:
                self.client.call("RemoveAccount", "s", self.client.properties(NAME + ".Account", path)["Id"])


def compare(disturbed, calm, count):
    """Lateness in ms of COUNT warnings each of two subjects, by turns in the same seconds."""
    listeners = [subject.listen(count) for subject in (disturbed, calm)]
    try:
        first = now() + AHEAD
        for number, subject in enumerate((disturbed, calm)):
            subject.record_ahead(first + number * INTERVAL // 2, count)
        wait_until(lambda: all(listener.poll() is not None for listener in listeners), 120, "all warnings")
        late = [[float(line) / 1000 for line in listener.stdout.read().split()] for listener in listeners]
    finally:
        for listener in listeners:
            end_process(listener)
            listener.stdout.close()
    for values in late:
        check(len(values) == count, f"only {len(values)} warnings came")
        check(min(values) >= 0, f"a warning came {-min(values)} ms early")
    return late


def calm_subject(rig):
    """The one beside RIG's, whose server is well; it ends with RIG."""
    return Subject(rig.keep(Rig()), Served)

