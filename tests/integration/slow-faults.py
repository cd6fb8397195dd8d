# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks that fail, descriptors that run out, clocks of other centuries, and crowds."""

import errno
import itertools
import os
import resource
import socket
import threading
import time
from collections import Counter

from faketime import library
from footprint import keeps_freed, open_files, own_memory, sqlite_code
from harness import (BUILDDIR, ERROR, MANAGER, NAME, PATH, SANITIZED, SECOND, CallFailed, Gio, GLib, check, check_equal,
                     diag, now, run, test, wait_until)

BAD_DISK = os.path.join(BUILDDIR, "tests", "lib", "bad-disk-preload.so")
CLIENTS = 20
CROWD_SECONDS = 6 if SANITIZED else 60
# SIGNIN_HISTORY_ROWS_MAX: of more, the next start forgets the oldest.
HISTORY_ROWS = 100_000
# The store rests 10 s after it was used.
REST_BOUND = 60
# malloc and GLib keep what was freed for the next time, in caches that need more than a minute to fill: without them,
# what is more than before is a leak.
NO_CACHES = {"G_SLICE": "always-malloc", "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}
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


def at_rest(pid):
    """Waits until the store rests, and gives how much memory is the daemon's own then, in KiB."""
    wait_until(lambda: sqlite_code(pid) == 0, REST_BOUND, "the store to rest")
    return own_memory(pid)


def check_level(daemon, before, files):
    """Memory and descriptors are what they were; descriptors alone where freed memory is kept to watch it."""
    after = at_rest(daemon.pid)
    diag(f"own memory {before} KiB before, {after} KiB after; {files} descriptors before")
    check(keeps_freed(daemon.pid) or abs(after - before) <= before / 10, f"memory: {before} KiB, then {after} KiB")
    wait_until(lambda: open_files(daemon.pid) <= files, what=f"{files} descriptors as before")


class Crowder:
    """A client of its own in a thread, which records and ends as fast as it is answered, and ends signed in."""

    def __init__(self, rig, number, until):
        flags = Gio.DBusConnectionFlags
        self.connection = Gio.DBusConnection.new_for_address_sync(
            rig.address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)
        self.account, self.source = f"account{number % 4}", f"s{number}"
        self.at = now() - number * SECOND
        self.until = until
        self.answered = Counter()
        self.refused = []
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def call(self, member, **options):
        """One call, which is answered or refused."""
        options["source"] = GLib.Variant("s", self.source)
        try:
            self.connection.call_sync(NAME, PATH, MANAGER, member, GLib.Variant("(sa{sv})", (self.account, options)),
                                      None, Gio.DBusCallFlags.NONE, 20000, None)
            self.answered[member] += 1
        except GLib.Error as error:
            self.refused.append(error.message)

    def run(self):
        """Until its time is over."""
        while time.monotonic() < self.until:
            self.call("RecordSignIn")
            self.call("RecordSignOut")
        self.call("RecordSignIn", at=GLib.Variant("t", self.at))


def crowd(rig, seconds):
    """CLIENTS of them, until all are done."""
    clients = [Crowder(rig, number, time.monotonic() + seconds) for number in range(CLIENTS)]
    # What the rig hears is of no use here, and would fill the memory of this process.
    wait_until(lambda: rig.client.events.clear() or not any(c.thread.is_alive() for c in clients), seconds + 60,
               "the end of the crowd")
    for client in clients:
        client.thread.join()
        client.connection.close_sync(None)
        check_equal(client.refused[:3], [], "refusals")
    return clients


def past(client):
    """How many sessions of each source are in the history, read page by page."""
    rows, last = Counter(), 0
    while True:
        page = client.connection.call_sync(NAME, PATH, MANAGER, "GetHistory",
                                           GLib.Variant("(a{sv})", ({"after": GLib.Variant("t", last)},)), None,
                                           Gio.DBusCallFlags.NONE, 20000, None).get_child_value(0)
        for number in range(page.n_children()):
            row = page.get_child_value(number)
            rows[row.lookup_value("source").get_string()] += 1
            last = row.lookup_value("row").get_uint64()
        if not page.n_children():
            return rows


def check_kept(client, crowds_seen):
    """Each sign-in that was answered has its row, and the last of each source goes on."""
    recorded_by = Counter()
    for one in itertools.chain(*crowds_seen):
        recorded_by[one.source] += one.answered["RecordSignIn"]
    rows = past(client)
    check_equal(rows.total(), min(recorded_by.total(), HISTORY_ROWS), "sessions in the history")
    check(rows.total() == HISTORY_ROWS or rows == recorded_by, f"by source: {rows}, answered: {recorded_by}")
    last = {(one.account, one.source, one.at) for one in crowds_seen[-1]}
    there = {(f"account{number}", session["source"], session["signed-in-at"])
             for number in range(4) for session in client.account(f"account{number}")["Sessions"]}
    check_equal(there, last, "sessions")
    running = client.call("GetHistory", "a{sv}", {"since": GLib.Variant("t", now())})[0]
    check_equal({(row["account"], row["source"], row["signed-in-at"]) for row in running}, last, "rows that go on")
    check_equal({row["end"] for row in running}, {"running"}, "how they ended")


@test(f"{CLIENTS} clients record and end as fast as they can for {CROWD_SECONDS} s: "
      "memory and files as before, nothing lost")
def crowds(rig):
    daemon = rig.start(env=NO_CACHES)
    for number in range(4):
        rig.client.add(f"account{number}")
    files = open_files(daemon.pid)
    crowds_seen = [crowd(rig, 1)]
    before = at_rest(daemon.pid)
    crowds_seen.append(crowd(rig, CROWD_SECONDS))
    answered = sum(client.answered.total() for client in crowds_seen[-1])
    diag(f"{answered / CROWD_SECONDS:.0f} calls a second, {answered} in all; "
         f"own memory right after them {own_memory(daemon.pid)} KiB")
    check_level(daemon, before, files)
    daemon.process.kill()
    daemon.wait_exit()
    daemon = rig.start()
    check_kept(rig.client, crowds_seen)
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


@test("peers that ask and do not read: others are answered, and memory and files are as before")
def unread(rig):
    daemon = rig.start(env=NO_CACHES)
    client = rig.client
    client.add()
    client.record()
    files = open_files(daemon.pid)
    ask_and_leave(rig)
    before = at_rest(daemon.pid)
    highest = 0
    for _ in range(4):
        ask_and_leave(rig)
        highest = max(highest, own_memory(daemon.pid))
    diag(f"own memory right after each round: {highest} KiB at most")
    check_level(daemon, before, files)
    check_equal(daemon.stop(), 0, "exit status")


run()
