# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks that fail, descriptors that run out, clocks of other centuries, and crowds."""

import errno
import os
import resource
import socket
import threading
import time

from faketime import library
from harness import (BUILDDIR, ERROR, SECOND, CallFailed, Client, Gio, GLib, check, check_equal, diag, run, test,
                     wait_until)

BAD_DISK = os.path.join(BUILDDIR, "tests", "lib", "bad-disk-preload.so")
CLIENTS = 20
CROWD_SECONDS = 60
SHORT = """[Service]
name=Short
url=https://short.example/
length=4s
lead=2s
min-length=1s
min-lead=1s
"""


def short_service(rig):
    """A service whose sessions last 4 s."""
    folder = os.path.join(rig.env["XDG_CONFIG_HOME"], "signind", "services")
    os.makedirs(folder)
    with open(os.path.join(folder, "short.conf"), "w", encoding="utf-8") as file:
        file.write(SHORT)


def memory(pid):
    """Private memory in KiB."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("Private_"))


def open_files(pid):
    """How many descriptors it has."""
    return len(os.listdir(f"/proc/{pid}/fd"))


def is_sanitized(pid):
    """Whether it was built with the address sanitizer."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as file:
        return "libasan" in file.read()


def bad_disk(rig, number):
    """A disk whose writes and syncs fail with this error, then work again."""
    bad = os.path.join(rig.dir, "bad")
    short_service(rig)
    daemon = rig.start(preload=[BAD_DISK], env={"BAD_DISK": bad})
    client = rig.client
    client.add()
    client.call("AddAccount", "sa{sv}", "brief", {"service": GLib.Variant("s", "short")})
    client.record("brief")
    client.record()
    with open(bad, "w", encoding="ascii") as file:
        file.write(str(number))
    before = client.account()
    for member, signature, *args in (("RecordSignIn", "sa{sv}", "contoso", {}), ("RemoveAccount", "s", "contoso"),
                                     ("RecordSignOut", "sa{sv}", "contoso", {})):
        try:
            client.call(member, signature, *args)
        except CallFailed as error:
            check_equal(error.name, ERROR + "Storage", f"the error of {member}")
        else:
            raise AssertionError(f"{member} was answered on such a disk")
    check_equal(client.account(), before, "nothing changed")
    client.wait_signal("Expired")
    check(client.signals("Warning"), "the warning came")
    os.unlink(bad)
    wait_until(lambda: recorded(client), what="a sign-in once the disk works")
    daemon.process.kill()
    daemon.wait_exit()
    rig.start()
    check_equal(sorted(s["source"] for s in client.account()["Sessions"]), ["later", "manual"], "what is kept")
    check_equal(client.account("brief")["State"], "expired", "the other")


def recorded(client):
    """Whether a sign-in is taken."""
    try:
        return client.record(source="later")
    except CallFailed as error:
        check_equal(error.name, ERROR + "Storage", "the error")
        return False


@test("EIO: Storage to the caller, nothing changed, timers go on; then all is well")
def eio(rig):
    bad_disk(rig, errno.EIO)


@test("EROFS: the same")
def erofs(rig):
    bad_disk(rig, errno.EROFS)


@test("no descriptor is left: calls and deadlines go on; afterwards none is lost")
def descriptors(rig):
    short_service(rig)
    daemon = rig.start()
    client = rig.client
    client.add()
    client.call("AddAccount", "sa{sv}", "brief", {"service": GLib.Variant("s", "short")})
    client.record("brief")
    client.wait_signal("Warning")
    # The thread of the popups has begun: GLib ends the process if the last descriptor goes while it does.
    wait_until(lambda: "notification server" in daemon.log(), what="the first popup")
    soft, hard = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)
    before = open_files(daemon.pid)
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (before, hard))
    for number in range(20):
        client.record(source=f"s{number % 8}")
    for member in ("OpenSignInPage",):
        try:
            client.call(member, "sa{sv}", "contoso", {})
        except CallFailed as error:
            diag(f"{member}: {error}")
    client.wait_signal("Expired")
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (soft, hard))
    client.record(source="later")
    wait_until(lambda: open_files(daemon.pid) <= before, what=f"{before} descriptors as before")
    check_equal(daemon.stop(), 0, "exit status")


@test("no descriptor is left when the first popup is due: warning and end are told, and the next popup comes")
def first_popup(rig):
    short_service(rig)
    daemon = rig.start()
    client = rig.client
    client.call("AddAccount", "sa{sv}", "brief", {"service": GLib.Variant("s", "short")})
    client.record("brief")
    soft, hard = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (open_files(daemon.pid), hard))
    client.wait_signal("Warning")
    client.wait_signal("Expired")
    wait_until(lambda: "too many files" in daemon.log(), what="the message")
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (soft, hard))
    client.record("brief")
    client.wait_signal("Warning", count=2)
    wait_until(lambda: "notification server" in daemon.log(), what="the popup")
    check_equal(daemon.stop(), 0, "exit status")


def in_year(rig, year):
    """A session of 4 s while the clock says such a year."""
    short_service(rig)
    daemon = rig.start(env={"FAKETIME": f"@{year}-03-01 00:00:00"}, preload=[library()])
    client = rig.client
    client.call("AddAccount", "sa{sv}", "brief", {"service": GLib.Variant("s", "short")})
    began = time.monotonic()
    client.record("brief")
    warning = client.wait_signal("Warning")
    expired = client.wait_signal("Expired")
    diag(f"{year}: warning after {warning.when - began:.3f} s, end after {expired.when - began:.3f} s")
    check(1.9 < warning.when - began < 10, f"the warning came after {warning.when - began:.3f} s")
    check(3.9 < expired.when - began < 12, f"the end came after {expired.when - began:.3f} s")
    account = client.account("brief")
    then = (year - 1970) * 365.2425 * 86400 * SECOND
    check(abs(account["ExpiresAt"] - then) < 90 * 86400 * SECOND, f"the end is told as {account['ExpiresAt']}")
    check_equal(daemon.stop(), 0, "exit status")
    rig.start(env={"FAKETIME": f"@{year}-03-01 00:01:00"}, preload=[library()])
    check_equal(client.account("brief")["State"], "expired", "after a restart")
    check_equal(len(client.signals("Expired")), 1, "ends told")


for a_year in (1971, 1989, 2037, 2039, 2107, 2200):
    test(f"the clock says {a_year}: warning and end come, each once")(lambda rig, year=a_year: in_year(rig, year))


class Crowd:
    """A client of its own in a thread, which records and ends as fast as it is answered."""

    def __init__(self, rig, number, until):
        self.client = Client(rig.address)
        self.number, self.until = number, until
        self.answered = 0
        self.refused = []
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        """Until its time is over."""
        account = f"account{self.number % 4}"
        options = {"source": GLib.Variant("s", f"s{self.number}")}
        while time.monotonic() < self.until:
            for member in ("RecordSignIn", "RecordSignOut"):
                try:
                    self.client.connection.call_sync("org.signind.Signin1", "/org/signind/Signin1",
                                                     "org.signind.Signin1.Manager", member,
                                                     GLib.Variant("(sa{sv})", (account, options)), None, 0, 20000, None)
                    self.answered += 1
                except GLib.Error as error:
                    self.refused.append(error.message)


def crowd(rig, seconds):
    """CLIENTS of them; gives the calls that were answered."""
    clients = [Crowd(rig, number, time.monotonic() + seconds) for number in range(CLIENTS)]
    wait_until(lambda: not any(c.thread.is_alive() for c in clients), seconds + 60, "the end of the crowd")
    for client in clients:
        client.thread.join()
        client.client.close()
        check_equal(client.refused[:3], [], "refusals")
    return sum(client.answered for client in clients)


@test(f"{CLIENTS} clients record and end as fast as they can for {CROWD_SECONDS} s: memory and files as before")
def crowds(rig):
    daemon = rig.start()
    client = rig.client
    for number in range(4):
        client.add(f"account{number}")
    # Caches are as full as they get in the first half of the time; a leak would go on.
    counts, levels = [], []
    for _ in range(6):
        counts.append(crowd(rig, CROWD_SECONDS / 6))
        client.events.clear()
        client.manager()
        levels.append(memory(daemon.pid))
        files = open_files(daemon.pid)
    diag(f"{sum(counts) / CROWD_SECONDS:.0f} calls a second; private memory every {CROWD_SECONDS / 6:g} s: {levels} KiB")
    check(is_sanitized(daemon.pid) or abs(levels[5] - levels[2]) <= levels[2] / 10, f"private memory: {levels} KiB")
    wait_until(lambda: open_files(daemon.pid) <= files, what="descriptors as before")
    states = {client.account(f"account{number}")["State"] for number in range(4)}
    check_equal(states, {"signed-out"}, "states")
    check_equal(daemon.stop(), 0, "exit status")


class DeafPeer:
    """A connection that asks and never reads an answer."""

    def __init__(self, rig):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(2)
        self.socket.connect(rig.address.partition("path=")[2].partition(",")[0])
        self.socket.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
        check(self.socket.recv(4096).startswith(b"OK "), "the bus takes it")
        self.socket.sendall(b"BEGIN\r\n")
        self.serial = 0
        bus = "org.freedesktop.DBus"
        self.send(Gio.DBusMessage.new_method_call(bus, "/org/freedesktop/DBus", bus, "Hello"))

    def send(self, message):
        """Whether the bus still took it."""
        self.serial += 1
        message.set_serial(self.serial)
        try:
            self.socket.sendall(message.to_blob(Gio.DBusCapabilityFlags.NONE))
            return True
        except OSError:
            return False

    def ask(self, count):
        """Asks for everything so often, and gives how often the bus let it."""
        for number in range(count):
            if not self.send(Gio.DBusMessage.new_method_call("org.signind.Signin1", "/org/signind/Signin1",
                                                             "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")):
                return number
        return count

    def close(self):
        """Leaves without having read."""
        self.socket.close()


def ask_and_leave(rig):
    """Four of them, 2000 calls each; others are answered meanwhile."""
    deaf = [DeafPeer(rig) for _ in range(4)]
    asked = sum(peer.ask(2000) for peer in deaf)
    check(asked, "the bus takes calls")
    for number in range(20):
        rig.client.record(source=f"s{number % 8}")
    for peer in deaf:
        peer.close()
    rig.client.manager()
    rig.client.events.clear()


@test("peers that ask and do not read: others are answered, and what they cost is bounded")
def unread(rig):
    daemon = rig.start()
    client = rig.client
    client.add()
    client.record()
    # What is kept for the next time is as much as the largest crowd needed at once, which comes to an end; a leak does not.
    peaks = []
    while len(peaks) < 16 and (len(peaks) < 4 or peaks[-1] > peaks[-4] * 1.02):
        ask_and_leave(rig)
        peaks.append(max(memory(daemon.pid), *peaks) if peaks else memory(daemon.pid))
    diag(f"private memory after each round: {peaks} KiB")
    check(is_sanitized(daemon.pid) or len(peaks) < 16, "private memory grows on and on")
    check(is_sanitized(daemon.pid) or peaks[-1] < 8192, f"private memory: {peaks[-1]} KiB")
    check_equal(daemon.stop(), 0, "exit status")


run()
