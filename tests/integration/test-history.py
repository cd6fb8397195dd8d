# SPDX-License-Identifier: GPL-3.0-or-later
"""What is remembered of past sessions, from the bus down to the file and back up to signinctl."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios

from footprint import keeps_freed, own_memory
from harness import (ERROR, HOUR, MANAGER, MINUTE, NAME, PATH, SIGNINCTL, CallFailed, GLib, check, check_equal, diag, now,
                     run, test, wait_until)


def history(client, **options):
    """GetHistory."""
    types = {"account": "s"}
    packed = {key: GLib.Variant(types.get(key, "t"), value) for key, value in options.items()}
    return client.call("GetHistory", "a{sv}", packed)[0]


def ends(client, **options):
    """How each session ended."""
    return [(past["account"], past["source"], past["end"]) for past in history(client, **options)]


def write_settings(rig, text):
    """The person's settings, all at once."""
    folder = os.path.join(rig.env["XDG_CONFIG_HOME"], "signind")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "new"), "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(os.path.join(folder, "new"), os.path.join(folder, "signind.conf"))


@test("sessions and their ends are remembered, also across a crash")
def remembered(rig):
    daemon = rig.start()
    client = rig.client
    client.add()
    at = now() - HOUR
    client.record(at=at)
    check_equal(history(client)[0], {
        "row": 1, "account": "contoso", "source": "manual", "signed-in-at": at, "warns-at": at + 460 * MINUTE,
        "expires-at": at + 480 * MINUTE, "ended-at": 0, "end": "running", "silent": False, "answered": False}, "history")
    client.record(source="firefox:x", silent=True)
    client.record()
    daemon.process.kill()
    daemon.wait_exit()
    rig.start()
    check_equal(ends(client), [("contoso", "manual", "renewed"), ("contoso", "firefox:x", "running"),
                               ("contoso", "manual", "running")], "after the crash")
    client.call("RecordSignOut", "sa{sv}", "contoso", {})
    check_equal([end for _, _, end in ends(client)], ["renewed", "signed-out", "signed-out"], "after the sign-out")
    client.call("RemoveAccount", "s", "contoso")
    check_equal(history(client), [], "after the removal")


@test("pages, bounds and refusals")
def pages(rig):
    rig.start()
    client = rig.client
    client.add()
    for _ in range(7):
        client.record()
    got, after = [], 0
    while True:
        page = history(client, limit=3, after=after)
        got += [past["row"] for past in page]
        if len(page) < 3:
            break
        after = page[-1]["row"]
    check_equal(got, list(range(1, 8)), "rows")
    for options, error in (({"limit": 0}, "InvalidArgument"), ({"limit": 501}, "InvalidArgument"),
                           ({"account": "nobody"}, "NoSuchAccount"), ({"account": "../x"}, "InvalidArgument"),
                           ({"before": 5}, "InvalidArgument"), ({"since": 2 ** 64 - 1}, "InvalidArgument")):
        try:
            history(client, **options)
            check(False, f"{options} was accepted")
        except CallFailed as failure:
            check_equal(failure.name, ERROR + error, f"{options}")
    try:
        client.call("ForgetHistory", "a{sv}", {"limit": GLib.Variant("t", 1)})
        check(False, "ForgetHistory took a limit")
    except CallFailed as failure:
        check_equal(failure.name, ERROR + "InvalidArgument", "a limit of what is forgotten")


@test("who reads the longest answer leaves no megabytes behind")
def longest(rig):
    daemon = rig.start()
    client = rig.client
    client.add()
    at = now() - HOUR
    for number in range(500):
        client.connection.call(NAME, PATH, MANAGER, "RecordSignIn", GLib.Variant("(sa{sv})", (
            "contoso", {"at": GLib.Variant("t", at + number)})), None, 0, -1, None, None)
    client.manager()
    before = own_memory(daemon.pid)
    check_equal([len(history(client)) for _ in range(3)], [500] * 3, "sessions")
    grown = own_memory(daemon.pid) - before
    diag(f"own memory grew by {grown} KiB")
    check(keeps_freed(daemon.pid) or grown < 1024, f"grew by {grown} KiB")


@test("history-days=0 forgets everything at once, and keeps nothing from then on")
def none(rig):
    rig.start()
    client = rig.client
    client.add()
    client.record()
    check_equal(len(history(client)), 1, "sessions")
    write_settings(rig, "[History]\nhistory-days=0\n")
    wait_until(lambda: not history(client), what="an empty history")
    client.record()
    client.call("RecordSignOut", "sa{sv}", "contoso", {})
    check_equal(history(client), [], "history")
    check("history-days is 0" in rig.ctl("history").stdout.decode(), "signinctl says why")


def on_terminal(rig, answer, *args):
    """Runs signinctl on a terminal, and types ANSWER once it has asked."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 80, 0, 0))
    with subprocess.Popen([SIGNINCTL, *args], env=rig.env, stdin=follower, stdout=follower,
                          stderr=follower) as child:
        os.close(follower)
        out = b""
        while True:
            try:
                out += os.read(leader, 65536)
            except OSError:
                break
            if out.endswith(b"[y/N] ") and answer:
                os.write(leader, answer)
                answer = b""
    os.close(leader)
    return child.returncode, out.decode()


@test("history forget asks first; what is no yes is a no")
def forget(rig):
    rig.start()
    client = rig.client
    client.add()
    client.record(at=now() - HOUR)
    client.record()
    for answer in (b"n\n", b"\n", b"maybe\n", b"\x04"):
        code, out = on_terminal(rig, answer, "history", "forget")
        check_equal(code, 1, f"exit status after {answer}")
        check("2 past sessions" in out and "Nothing was forgotten" in out, out)
    check_equal(len(history(client)), 2, "sessions")
    check_equal(rig.ctl("history", "forget").returncode, 2, "without a terminal")
    check_equal(rig.ctl("history", "forget", "--json").returncode, 2, "with --json")
    code, out = on_terminal(rig, b"y\n", "history", "forget", "--account", "contoso")
    check_equal((code, history(client)), (0, []), "after a yes")
    check_equal(client.account()["State"], "active", "the session goes on")
    client.record()
    check_equal(json.loads(rig.ctl("history", "forget", "--yes", "--json").stdout)["forgotten"], 1, "forgotten")


@test("signinctl shows what is remembered")
def shown(rig):
    rig.start()
    client = rig.client
    client.add()
    client.record(at=now() - 25 * MINUTE)
    client.call("RecordSignOut", "sa{sv}", "contoso", {})
    value = json.loads(rig.ctl("history", "--json").stdout)
    check_equal([s["end"] for s in value["sessions"]], ["signed-out"], "sessions")
    check_equal(value["sums"]["sign_ins"], 1, "sign-ins")
    check(24 * 60 < sum(day["signed_in_sec"] for day in value["days"]) < 27 * 60, value["days"])
    for _ in range(600):
        client.record()
    check_equal(len(json.loads(rig.ctl("history", "--json").stdout)["sessions"]), 601, "more than a page")


run()
