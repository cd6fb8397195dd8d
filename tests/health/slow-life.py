# SPDX-License-Identifier: GPL-3.0-or-later
"""The process itself: many accounts, many callers, a violent end, and leaving when nobody calls."""

import os
import signal
import socket
import threading
import time

from lab import (ERROR, HEALTHD, LENGTH, NAME, PATH, SECOND, SIGN_IN, CallFailed, GLib, Gio, Lab, activate, ask_sync,
                 challenge, check, check_equal, diag, never, now, one, pid_of, pump, rows_of, run, status_kb, test,
                 wait_until)

ACTIVATE = Gio.DBusCallFlags.NONE
ACCOUNTS = [f"org{number}" for number in range(20)]


class Counter(threading.Thread):
    """In front of nginx: counts the connections that are open at a time, as whoever made them has them: here they are
    closed a little later."""

    ADDRESS = "127.0.0.3"
    OURS = "0300007F:01BB"  # the same and its port, as the kernel lists it
    OPEN = ("01", "02")  # established, on its way

    def __init__(self):
        super().__init__(daemon=True)
        self.most = 0
        self.total = 0
        self.socket = socket.create_server((self.ADDRESS, 443), backlog=128)
        self.start()

    def run(self):
        while True:
            try:
                client, _peer = self.socket.accept()
            except OSError:
                return
            self.total += 1
            # The kernel's list changes while it is read: who closed and who came meanwhile may both be in it.
            self.most = max(self.most, min(self.count() for _ in range(3)))
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def count(self):
        """How many are open now."""
        with open("/proc/net/tcp", encoding="ascii") as file:
            rows = [line.split() for line in file][1:]
        return sum(row[2] == self.OURS and row[3] in self.OPEN for row in rows)

    def serve(self, client):
        """One connection, passed on until the one who made it closes it."""
        there = socket.create_connection(("127.0.0.1", 443))
        threading.Thread(target=pump, args=(there, client), daemon=True).start()
        pump(client, there)

    def close(self):
        """Takes no more."""
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def thoughtful(request, host):
    """Up, after a while."""
    time.sleep(0.3)
    challenge(f"Bearer authorization_uri={SIGN_IN}")(request, host)


def prepare(lab, **answers):
    """A network in which all is well, but for ANSWERS."""
    lab.start_names()
    lab.write_service("dynamics365")
    lab.start_web(answers)


@test("20 accounts: at most 8 connections at a time, each host once, within its interval not again")
def many(lab):
    prepare(lab, **{name: thoughtful for name in ACCOUNTS})
    counter = lab.keep(Counter())
    lab.addresses = lambda name: [Counter.ADDRESS]
    lab.start_healthd()
    start = time.monotonic()
    results = lab.ask(ACCOUNTS)
    diag(f"{len(ACCOUNTS)} accounts in {time.monotonic() - start:.2f} s, {counter.most} connections at most")
    check_equal({row["verdict"] for row in rows_of(results, kind="summary")}, {"up"}, "all of them")
    check_equal(len(rows_of(results, kind="summary")), len(ACCOUNTS), "summaries")
    check(2 <= counter.most <= 8, f"{counter.most} connections at a time")
    wait_until(lambda: counter.count() == 0, what="the end of all connections")
    check_equal(counter.total, len(ACCOUNTS) + 1, "connections")
    lab.ask(ACCOUNTS)
    check_equal(counter.total, len(ACCOUNTS) + 1, "connections after asking again within the interval")


@test("Get, other callers and the limits while hosts hang; two callers of one host share its answer")
def busy(lab):
    prepare(lab, **{f"mute{number}": never for number in range(8)}, shared=thoughtful)
    daemon = lab.start_healthd()
    check_equal(call(lab, "Get"), [], "what a new process knows")
    mute = [f"mute{number}" for number in range(8)]
    done = []
    for _ in range(2):
        threading.Thread(target=lambda: done.append(ask_sync(lab.address, mute)), daemon=True).start()
    wait_until(lambda: len(lab.upstream.asked) >= 8, what="all hosts that hang")
    start = time.monotonic()
    for _ in range(100):
        call(lab, "Get")
    diag(f"100 x Get in {time.monotonic() - start:.3f} s while 8 hosts hang")
    check(not done, "they hang no more")
    wait_until(lambda: len(done) == 2, what="both answers")
    check_equal(len([1 for host, _p, _l in lab.upstream.asked if host.startswith("mute")]), 8, "asked once for both")
    check_equal(one(done[0], "mute3", "summary")["reason"], "timeout", "what hangs")
    lab.client.wait_signal("Changed", count=2)
    check(len(call(lab, "Get")) >= 17, "all of it is known")
    diag(f"private {status_kb(daemon.pid, 'RssAnon')} kB afterwards")


@test("a call never takes longer than it may, and says what it does not know")
def time_limit(lab):
    prepare(lab, mute=never)
    lab.start_healthd()
    results = lab.ask(["mute", "contoso"], timeout_usec=1_000_000)
    check_equal(one(results, "contoso", "summary")["verdict"], "up", "what answered")
    row = one(results, "mute", "organization")
    check(row["reason"] in ("time-up", "timeout"), f"what did not: {row}")


@test("calls that cannot be: each names the bound that it broke, and nothing is asked")
def refusals(lab):
    prepare(lab)
    lab.start_healthd()
    for accounts, options, error, word in (
            ([], {"timeout_usec": 99_999}, "InvalidArgument", "100"), ([], {"timeout_usec": 60_000_001}, "InvalidArgument", "60"),
            ([], {"nonsense": True}, "InvalidArgument", "nonsense"), (["a"] * 65, {}, "LimitExceeded", "64"),
            (["UPPER.case"], {}, "InvalidArgument", "organization"), (["a" * 64], {}, "InvalidArgument", "63"),
            ([{"service": "nonsense"}], {}, "InvalidArgument", "service"),
            ([{"service": "../../etc/passwd"}], {}, "InvalidArgument", "service"),
            ([{"account": "x", "url": "http://contoso.crm4.dynamics.com"}], {}, "InvalidArgument", "https"),
            ([{"account": "x", "url": "https://user:pass@contoso.crm4.dynamics.com"}], {}, "InvalidArgument", "password"),
            ([{"account": "x", "url": "https://a\nb"}], {}, "InvalidArgument", "U+000A"),
            ([{"account": "a" * 201}], {}, "InvalidArgument", "200"),
            ([{"organization": "contoso", "region": "crm99"}], {}, "InvalidArgument", "region"),
            ([{"organization": "contoso"}], {}, "InvalidArgument", "region")):
        try:
            lab.ask(accounts, **options)
            check(False, f"{accounts} {options} was accepted")
        except CallFailed as failed:
            check_equal(failed.name, ERROR + error, f"{accounts} {options}")
            check(word in failed.message, f"{accounts} {options}: {failed.message}")
    check_equal((lab.names.asked, lab.upstream.asked), ([], []), "what was asked")
    bad = GLib.Variant("(a{sv})", ({"refresh": GLib.Variant("s", "yes")},))
    try:
        lab.client.call_variant("Check", bad, path=PATH, interface=NAME, name=NAME)
    except CallFailed as failed:
        check_equal(failed.name, ERROR + "InvalidArgument", "a wrong type")


@test("more checks at a time than it takes: Busy, and the others are answered")
def too_many(lab):
    prepare(lab, mute=never)
    lab.start_healthd()
    outcome = []

    def ask():
        try:
            ask_sync(lab.address, ["mute"])
            outcome.append("answered")
        except CallFailed as failed:
            outcome.append(failed.name)

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(20)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(outcome) == 20, what="20 answers")
    check_equal(sorted(outcome), ["answered"] * 16 + [ERROR + "Busy"] * 4, "what came of them")


def call(lab, member):
    """A call without arguments."""
    return lab.client.call(member, path=PATH, interface=NAME, name=NAME)[0]


@test("killed in the middle: the caller gets an error at once, and the next call works")
def killed(lab):
    prepare(lab, mute=never)
    lab.make_activatable(NAME, HEALTHD)
    outcome = []

    def ask():
        try:
            outcome.append(ask_sync(lab.address, ["mute"], flags=ACTIVATE))
        except CallFailed as failed:
            outcome.append(failed.name)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    wait_until(lambda: any(host.startswith("mute") for host, _p, _l in lab.upstream.asked), what="a question")
    first = pid_of(lab)
    start = time.monotonic()
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: outcome, 5, "the error")
    check_equal(outcome, ["org.freedesktop.DBus.Error.NoReply"], "what the caller gets")
    diag(f"the error came {time.monotonic() - start:.3f} s after the end")
    results = ask_sync(lab.address, ["contoso"], flags=ACTIVATE)
    check_equal(one(results, "contoso", "summary")["verdict"], "up", "the next call")
    check(pid_of(lab) != first, "the same process")
    os.kill(pid_of(lab), signal.SIGTERM)
    wait_until(lambda: lab.client.owner(NAME) is None, what="the end")


@test("stopped in the middle: the caller is told")
def stopped(lab):
    prepare(lab, mute=never)
    daemon = lab.start_healthd()
    outcome = []

    def ask():
        try:
            outcome.append(ask_sync(lab.address, ["mute"]))
        except CallFailed as failed:
            outcome.append(failed.name)

    threading.Thread(target=ask, daemon=True).start()
    wait_until(lambda: any(host.startswith("mute") for host, _p, _l in lab.upstream.asked), what="a question")
    check_equal(daemon.stop(), 0, "the exit status")
    wait_until(lambda: outcome, 5, "the error")
    check_equal(outcome, [ERROR + "Failed"], "what the caller gets")


@test("it leaves when nobody calls, saying so first, and no call is lost over it")
def leaves(lab):
    lab.make_activatable(NAME, HEALTHD + " --idle 1")
    owners = set()
    for number in range(12):
        start = time.monotonic()
        check_equal(activate(lab), [], "what Get says")
        owners.add(lab.client.owner(NAME))
        # Around the moment at which it leaves, from just before to just after.
        wait_until(lambda: time.monotonic() - start >= 0.94 + number * 0.01, what="the next call")
        burst = [activate(lab) for _ in range(10)]
        check_equal(burst, [[]] * 10, f"calls {0.94 + number * 0.01:.2f} s later")
    wait_until(lambda: lab.client.owner(NAME) is None, what="the end")
    diag(f"{len(owners)} processes served 132 calls")
    daemon = lab.start_healthd("--idle", "1")
    check_equal(daemon.wait_exit(), 0, "the exit status")
    check_equal(daemon.notify.values("STOPPING"), ["1"], "what it said before")
    wait_until(lambda: lab.client.owner(NAME) is None, what="the end of the name")


@test("signind goes on meanwhile, and asks nobody: its own deadline comes while hosts hang")
def apart(lab):
    prepare(lab, **{f"mute{number}": never for number in range(8)})
    lab.start_healthd()
    lab.start()
    lab.client.add()
    lab.client.record(at=now() - LENGTH + 1 * SECOND)
    done = []
    threading.Thread(target=lambda: done.append(ask_sync(lab.address, [f"mute{n}" for n in range(8)])), daemon=True).start()
    lab.client.wait_signal("Expired")
    check(not done, "the hosts hang no more")
    wait_until(lambda: done, what="the end of the check")


run(Lab)
