# SPDX-License-Identifier: GPL-3.0-or-later
"""The browsers' host between a pipe, as browsers give it, and the real signind."""

import json
import os
import signal
import struct

from browserhost import HOST, PROFILE, event, frame, send, send_bytes, start, take_memory, take_time, unpack
from gi.repository import GLib
from harness import (ERROR, HOUR, LENGTH, MINUTE, CallFailed, check, check_equal, diag, now, run, test,
                     wait_until)

MEMORY_LIMIT = 5_000_000
SOURCE = "firefox:" + PROFILE
REDIRECTOR = "db3--eurcrmlivesg622.crm4.dynamics.com"


def report(client, host, kind="signed-in", source=SOURCE, **details):
    """ReportBrowserEvent without a host."""
    packed = {key.replace("_", "-"): GLib.Variant("t" if key == "at" else "s", value)
              for key, value in {"source": source, **details}.items()}
    return client.call("ReportBrowserEvent", "ssa{sv}", host, kind, packed)[0]


def session(rig, source=SOURCE, account="contoso"):
    """The session of a source, or None."""
    found = [s for s in rig.client.account(account)["Sessions"] if s["source"] == source]
    return found[0] if found else None


@test("a sign-in that an extension reports begins a session, at the time that it was seen")
def event_counts(rig):
    rig.start()
    rig.client.add()
    at = now() // 1000 - 5000
    answer = send(rig, event(REDIRECTOR, organization_host="contoso.crm4.dynamics.com", at=at))
    check_equal(answer, {"ok": True, "account": "contoso", "suggested": False}, "answer")
    signal_ = rig.client.wait_signal("SignedIn")
    check_equal(signal_.args[1:], ("contoso", SOURCE, at * 1000, at * 1000 + LENGTH - 20 * MINUTE, at * 1000 + LENGTH),
                "signal")
    check_equal(session(rig)["silent"], False, "silent")
    check_equal(send(rig, event())["ok"], True, "a repeat is no error")
    check_equal(len(rig.client.signals("SignedIn")), 1, "how often it counted")
    text = rig.ctl("status").stdout.decode()
    check("(Firefox)" in text, f"the source in words: {text}")


@test("two profiles have sessions of their own, and the earlier end is the one that is shown")
def profiles(rig):
    rig.start()
    rig.client.add()
    first = now() // 1000 - 3_600_000
    send(rig, event(at=first))
    send(rig, event(profile="fedcba9876543210"))
    send(rig, event(browser="chromium", kind="sso"))
    account = rig.client.account()
    check_equal(len(account["Sessions"]), 3, "sessions")
    check_equal(account["Source"], SOURCE, "the earliest end")
    check_equal(account["ExpiresAt"], first * 1000 + LENGTH, "its end")
    text = rig.ctl("status").stdout.decode()
    for words in ("Firefox, profile 0123", "Firefox, profile fedc", "Chromium"):
        check(words in text, f"{words}: {text}")
    check("Chromium, profile" not in text, f"one profile alone is not told apart: {text}")
    check_equal(send(rig, event(kind="signed-out"))["account"], "contoso", "a sign-out")
    check_equal(session(rig), None, "its session")
    check_equal(len(rig.client.account()["Sessions"]), 2, "the others")


@test("by hand and by browser are one sign-in")
def manual(rig):
    rig.start()
    rig.client.add()
    rig.client.record()
    send(rig, event())
    check_equal([s["source"] for s in rig.client.account()["Sessions"]], [SOURCE], "sessions after the report")
    before = rig.client.account()
    done = rig.ctl("record")
    check_equal(done.returncode, 0, f"exit status: {done.stderr}")
    check("Firefox" in done.stdout.decode() and "--force" in done.stdout.decode(), f"it says so: {done.stdout}")
    check_equal(rig.client.account(), before, "nothing changed")
    done = rig.ctl("record", "--json")
    check_equal(json.loads(done.stdout)["reported_already"], True, "it says so in JSON")
    done = rig.ctl("record", "--force", "--json")
    check_equal(json.loads(done.stdout)["reported_already"], False, "with --force it counts")
    check_equal(sorted(s["source"] for s in rig.client.account()["Sessions"]), [SOURCE, "manual"], "sessions with force")


@test("status tells of every account, in milliseconds")
def status(rig):
    rig.start()
    check_equal(send(rig, {"type": "status"})["accounts"], [], "without accounts")
    rig.client.add()
    rig.client.add("fabrikam", organization="fabrikam")
    at = now() // 1000 * 1000 - HOUR
    rig.client.record(at=at)
    answer = send(rig, {"type": "status"})
    check_equal(answer["version"], rig.client.manager()["Version"], "version")
    first, second = answer["accounts"]
    check_equal((first["id"], first["name"], first["state"], first["source"]),
                ("contoso", "Dynamics 365", "active", "manual"), "account")
    check_equal((first["signed_in_at"], first["expires_at"]), (at // 1000, (at + LENGTH) // 1000), "times")
    check_equal(first["warns_at"], (at + LENGTH - 20 * MINUTE) // 1000, "warning")
    check_equal(first["url"], "https://contoso.crm4.dynamics.com", "address")
    check_equal((second["state"], second["signed_in_at"], second["expires_at"], second["source"]),
                ("signed-out", 0, 0, ""), "one without a session")


@test("an unknown organization is suggested, taken up with its sign-in, or refused for good")
def suggestions(rig):
    daemon = rig.start()
    answer = send(rig, event("northwind.crm4.dynamics.com"))
    check_equal(answer, {"ok": True, "account": "", "suggested": True}, "answer")
    check_equal(rig.client.objects()[0], {}, "never an account by itself")
    suggested = rig.client.manager()["Suggestions"]
    check_equal([(s["host"], s["organization"], s["region"], s["source"]) for s in suggested],
                [("northwind.crm4.dynamics.com", "northwind", "crm4", SOURCE)], "suggestions")
    text = rig.ctl("status").stdout.decode()
    check("Firefox signed in to northwind.crm4.dynamics.com" in text, f"status tells of it: {text}")
    check("signinctl add https://northwind.crm4.dynamics.com" in text, f"and how to track it: {text}")
    suggestion = {"host": "northwind.crm4.dynamics.com", "source": SOURCE}
    check_equal(json.loads(rig.ctl("--json").stdout)["suggestions"], [suggestion], "and so does its JSON")
    path = rig.client.call("AcceptSuggestion", "s", "northwind.crm4.dynamics.com")[0]
    check_equal(path, "/org/signind/Signin1/account/northwind", "the new account")
    check_equal(rig.client.manager()["Suggestions"], [], "suggestions after accepting")
    check("not tracked" not in rig.ctl("status").stdout.decode(), "status is quiet again")
    check_equal(session(rig, account="northwind")["signed-in-at"], suggested[0]["at"], "its session")

    send(rig, event("fabrikam.crm.dynamics.com"))
    rig.client.call("RefuseSuggestion", "s", "fabrikam.crm.dynamics.com")
    daemon.stop()
    rig.start()
    check_equal(send(rig, event("fabrikam.crm.dynamics.com"))["suggested"], False, "after a restart")
    check_equal(rig.client.manager()["Suggestions"], [], "suggestions after refusing")
    for member in ("AcceptSuggestion", "RefuseSuggestion"):
        try:
            rig.client.call(member, "s", "fabrikam.crm.dynamics.com")
            check(False, f"{member} of what is not suggested")
        except CallFailed as error:
            check_equal(error.name, ERROR + "InvalidArgument", member)


@test("silent=ignore leaves the countdown alone, silent=restart does not")
def silent(rig):
    folder = os.path.join(rig.env["XDG_CONFIG_HOME"], "signind")
    os.makedirs(folder)
    path = os.path.join(folder, "signind.conf")

    def write(value):
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"[Browsers]\nsilent={value}\n")

    write("ignore")
    daemon = rig.start()
    rig.client.add()
    check_equal(send(rig, event(kind="sso"))["account"], "contoso", "the account")
    check_equal(session(rig), None, "ignored")
    write("restart")
    daemon.process.send_signal(signal.SIGHUP)
    wait_until(lambda: report(rig.client, "contoso.crm4.dynamics.com", "sso")["counted"], what="the setting")
    check_equal(session(rig)["silent"], True, "marked as silent")


@test("open and snooze reach the daemon; what it refuses has a code")
def others(rig):
    rig.start()
    rig.client.add()
    check_equal(send(rig, {"type": "open", "account": "nobody"}), {"ok": False, "error": "no-such-account"}, "open")
    check_equal(send(rig, {"type": "snooze", "account": "contoso"}), {"ok": False, "error": "not-signed-in"},
                "snooze without a session")
    rig.client.record(at=now() - LENGTH + 15 * MINUTE)
    check_equal(send(rig, {"type": "snooze", "account": "contoso"}), {"ok": True}, "snooze")
    check(rig.client.account()["SnoozedUntil"] > now(), "it snoozes")
    check_equal(send(rig, event(at=now() // 1000 + 3_600_000)), {"ok": False, "error": "invalid"}, "a time to come")


@test("broken input is answered or refused, and nothing of it reaches the daemon")
def broken(rig):
    rig.start()
    rig.client.add()
    before = len(rig.client.events)
    refused = {"ok": False, "error": "invalid"}
    for data, status_, answer in (
            (b"", 0, None),
            (b"\x05", 1, None),
            (struct.pack("=I", 100) + b"{}", 1, None),
            (struct.pack("=I", 16 * 1024 + 1), 0, {"ok": False, "error": "too-large"}),
            (b"GET / HTTP/1.1\r\n\r\n", 0, {"ok": False, "error": "too-large"}),
            (frame(""), 0, refused),
            (frame(b"\xff\xfe"), 0, refused),
            (frame("[" * 16000), 0, refused),
            (frame("{}"), 0, refused),
            (frame('{"type":"status"}') * 2, 0, {"ok": True, "version": "0.1.0"}),
            (frame(json.dumps(event("contoso.crm4.dynamics.com/?code=1"))), 0, refused)):
        code, out, _ = send_bytes(rig, data)
        check_equal(code, status_, f"exit status after {data[:40]}")
        got = unpack(out) if out else None
        if answer and answer["ok"]:
            got.pop("accounts")
            answer["version"] = got["version"]
        check_equal(got, answer, f"answer to {data[:40]}")
    changes = [e for e in rig.client.events[before:] if e.kind in ("signal", "changed")]
    check_equal(changes, [], "what the daemon did")


@test("what a library prints does not end up in the answer")
def output(rig):
    rig.start()
    rig.env["G_MESSAGES_DEBUG"] = "all"
    rig.env["SYSTEMD_LOG_LEVEL"] = "debug"
    status_, out, _ = send_bytes(rig, frame('{"type":"status"}'))
    check_equal(status_, 0, "exit status")
    check_equal(unpack(out)["ok"], True, "answer")


@test("without a daemon, without a bus and with one that hangs the answer is daemon-away, within its time")
def away(rig):
    answer = {"ok": False, "error": "daemon-away"}
    check_equal(send(rig, {"type": "status"}), answer, "no daemon")
    daemon = rig.start()
    daemon.process.send_signal(signal.SIGSTOP)
    check_equal(send(rig, event(), bound=15), answer, "one that hangs")
    daemon.process.send_signal(signal.SIGCONT)
    rig.bus.send_signal(signal.SIGSTOP)
    try:
        check_equal(send(rig, event(), bound=15), answer, "a bus that hangs")
    finally:
        rig.bus.send_signal(signal.SIGCONT)
    rig.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=" + os.path.join(rig.dir, "nothing")
    check_equal(send(rig, event()), answer, "no bus")


@test("a host whose browser ends goes with it")
def browser_ends(rig):
    process = start(rig)
    process.stdin.close()
    check_equal(process.wait(timeout=10), 0, "exit status")
    process.stdout.close()
    process.stderr.close()


@test("a host needs less than 5 MB, and its round trip is a matter of milliseconds")
def figures(rig):
    rig.start()
    for number in range(3):
        rig.client.add(f"a{number}")
    rig.client.record("a0")
    memory = take_memory(rig, {"type": "status"})
    took = sorted(take_time(rig, event()) for _ in range(11))[5]
    diag(f"{memory / 1e6:.2f} MB at most, {took * 1000:.1f} ms for a round trip (median of 11)")
    with open(HOST, "rb") as file:
        sanitized = b"libasan" in file.read()
    check(sanitized or memory < MEMORY_LIMIT, f"{memory} bytes")


run()
