# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes in wrong is refused by name, changes nothing and costs nothing."""

import os
import socket

from gi.repository import GLib

from footprint import keeps_freed, open_files, own_memory
from harness import ERROR, HOUR, MINUTE, CallFailed, Client, check, check_equal, diag, now, run, test

INVALID = ERROR + "InvalidArgument"
NO_ACCOUNT = ERROR + "NoSuchAccount"
LIMIT = ERROR + "LimitExceeded"
HUGE = "x" * 10_000_000
EVIL_TEXTS = {
    "a terminal escape": "kim\x1b[31m@contoso.com",
    "a line break": "kim@contoso.com\nroot",
    "a C1 control": "kim\u009b31m@contoso.com",
    "a bidirectional override": "kim\u202emoc.osotnoc@contoso.com",
    "a bidirectional isolate": "kim\u2066@contoso.com",
    "a mark of direction": "kim\u200f@contoso.com",
    "delete": "kim\x7f@contoso.com",
}
EVIL_IDS = ["", "Contoso", "a/b", "../etc", "a b", "-a", ".a", "_a", "a\x01", "a\x1b[0m", "a\nb", "ä", "a\u202eb",
            "a" * 64, HUGE]


def text(value):
    """A string in a variant."""
    return GLib.Variant("s", value)


def refused(client, name, member, signature, *args):
    """The call must fail with NAME, in words that are fit to be printed."""
    try:
        client.call(member, signature, *args)
    except CallFailed as error:
        names = name if isinstance(name, tuple) else (name,)
        check(error.name in names, f"{member}{str(args)[:120]} gave {error.name}: {error.message[:200]}")
        check(error.message and len(error.message) < 1000, f"length of the message: {len(error.message)}")
        check(error.message.isprintable(), f"the message can be printed: {error.message!r}")
        check("\u202e" not in error.message, "no override in the message")
        return error
    raise AssertionError(f"{member}{str(args)[:120]} was accepted")


def prepared(rig):
    """A daemon with an account and a session, and what it shows."""
    daemon = rig.start()
    rig.client.add("contoso", user_name="kim@contoso.com")
    rig.client.record(at=now() - HOUR)
    return daemon, rig.client, rig.client.objects()


@test("an account that is not there: NoSuchAccount from every method")
def unknown_account(rig):
    _, client, before = prepared(rig)
    for account_id in ("fabrikam", "contoso2", "manual"):
        refused(client, NO_ACCOUNT, "SetAccount", "sa{sv}", account_id, {})
        refused(client, NO_ACCOUNT, "RemoveAccount", "s", account_id)
        refused(client, NO_ACCOUNT, "RecordSignIn", "sa{sv}", account_id, {})
        refused(client, NO_ACCOUNT, "RecordSignOut", "sa{sv}", account_id, {})
        refused(client, NO_ACCOUNT, "Dismiss", "s", account_id)
        refused(client, NO_ACCOUNT, "OpenSignInPage", "sa{sv}", account_id, {})
    check_equal(client.objects(), before, "nothing changed")


@test("ids with slashes, control characters, capitals, overrides, 64 letters and 10 MB")
def ids(rig):
    _, client, before = prepared(rig)
    details = {"organization": text("contoso"), "region": text("crm4")}
    for account_id in EVIL_IDS:
        refused(client, INVALID, "AddAccount", "sa{sv}", account_id, details)
        # Where an account is looked for, saying that there is none is as right.
        for member, signature, *rest in (("SetAccount", "sa{sv}", {}), ("RemoveAccount", "s"),
                                         ("RecordSignIn", "sa{sv}", {}), ("RecordSignOut", "sa{sv}", {}),
                                         ("Dismiss", "s"), ("OpenSignInPage", "sa{sv}", {})):
            refused(client, (INVALID, NO_ACCOUNT), member, signature, account_id, *rest)
    check_equal(client.objects(), before, "nothing changed")
    check_equal(client.add("a" * 63), "/org/signind/Signin1/account/" + "a" * 63, "63 letters are fine")


@test("values of the wrong type, and keys that nobody knows")
def wrong_details(rig):
    _, client, before = prepared(rig)
    good = {"organization": text("contoso"), "region": text("crm4")}
    wrong = [{"service": GLib.Variant("u", 1)}, {"length": text("8h")}, {"length": GLib.Variant("i", 28800)},
             {"lead": GLib.Variant("x", 5)}, {"user-name": GLib.Variant("ay", b"k")}, {"url": GLib.Variant("b", True)},
             {"region": GLib.Variant("v", text("crm4"))}, {"colour": text("red")}, {"": text("")},
             {"Organization": text("contoso")}, {"user_name": text("kim@contoso.com")}, {"\x1b[2J": text("x")}]
    for details in wrong:
        refused(client, INVALID, "AddAccount", "sa{sv}", "fabrikam", {**good, **details})
        refused(client, INVALID, "SetAccount", "sa{sv}", "contoso", details)
    for options in ({"at": text("08:12")}, {"at": GLib.Variant("x", now())}, {"at": GLib.Variant("u", 1)},
                    {"source": GLib.Variant("o", "/")}, {"silent": text("yes")}, {"when": GLib.Variant("t", now())},
                    {"source": text("")}, {"source": text("a\x1bb")}, {"source": text("\u202e")},
                    {"source": text("s" * 65)}, {"source": text(HUGE)}):
        refused(client, INVALID, "RecordSignIn", "sa{sv}", "contoso", options)
    for options in ({"source": GLib.Variant("u", 1)}, {"sauce": text("manual")}, {"at": GLib.Variant("t", now())}):
        refused(client, INVALID, "RecordSignOut", "sa{sv}", "contoso", options)
    for data in ({"activation-token": text(HUGE)}, {"activation-token": text("a\nb")}):
        refused(client, INVALID, "OpenSignInPage", "sa{sv}", "contoso", data)
    check_equal(client.objects(), before, "nothing changed")


@test("methods, interfaces, objects and arguments that do not exist")
def malformed(rig):
    _, client, before = prepared(rig)
    bus = "org.freedesktop.DBus.Error."
    for signature, args in (("s", ("fabrikam",)), ("sa{ss}", ("fabrikam", {})), ("ua{sv}", (1, {})), (None, ()),
                            ("sa{sv}s", ("fabrikam", {}, "more"))):
        refused(client, bus + "InvalidArgs", "AddAccount", signature, *args)
    refused(client, bus + "UnknownMethod", "NoSuchMethod", None)
    for where in ({"interface": "org.signind.NoSuch"}, {"path": "/org/signind/Signin1/account/fabrikam"}):
        try:
            client.call("RemoveAccount", "s", "contoso", **where)
        except CallFailed as error:
            check(error.name.startswith(bus + "Unknown"), str(error))
        else:
            raise AssertionError(f"{where} was accepted")
    try:
        client.call("Set", "ssv", "org.signind.Signin1.Account", "State", text("active"),
                    path="/org/signind/Signin1/account/contoso", interface="org.freedesktop.DBus.Properties")
    except CallFailed as error:
        check_equal(error.name, bus + "InvalidArgs", "a property that can only be read")
    else:
        raise AssertionError("a property could be set")
    check_equal(client.objects(), before, "nothing changed")


@test("texts with terminal escapes, control characters and bidirectional overrides")
def evil_texts(rig):
    _, client, before = prepared(rig)
    for what, value in EVIL_TEXTS.items():
        for key in ("user-name", "organization", "url", "region", "service"):
            details = {"organization": text("contoso"), "region": text("crm4"), key: text(value)}
            error = refused(client, INVALID, "AddAccount", "sa{sv}", "fabrikam", details)
            check(error.message.isprintable(), f"{what} in {key} is not sent back")
        refused(client, INVALID, "SetAccount", "sa{sv}", "contoso", {"user-name": text(value)})
    check_equal(client.objects(), before, "nothing changed")


@test("10 MB of text in every place")
def huge(rig):
    _, client, before = prepared(rig)
    for key in ("user-name", "organization", "url", "region", "service", HUGE):
        details = {"organization": text("contoso"), "region": text("crm4"), key: text(HUGE)}
        refused(client, INVALID, "AddAccount", "sa{sv}", "fabrikam", details)
    many = {f"key{number}": text("x") for number in range(100_000)}
    refused(client, INVALID, "AddAccount", "sa{sv}", "fabrikam", many)
    check_equal(client.objects(), before, "nothing changed")


@test("addresses that are not pages, lengths and leads outside their bounds")
def bounds(rig):
    _, client, before = prepared(rig)
    for url in ("javascript:alert(1)", "file:///etc/passwd", "http://contoso.crm4.dynamics.com", "https://",
                "https:///x", "https://user:secret@contoso.crm4.dynamics.com", "contoso", "-x", "https://a b/",
                "https://contoso/" + "x" * 2048):
        refused(client, INVALID, "SetAccount", "sa{sv}", "contoso", {"url": text(url)})
    for length in (1, 59 * MINUTE, 1441 * MINUTE, 2**63 - 1, 2**63, 2**64 - 1):
        refused(client, INVALID, "SetAccount", "sa{sv}", "contoso", {"length": GLib.Variant("t", length)})
    for lead in (0, 19 * MINUTE, 8 * HOUR, 2**63 - 1, 2**63, 2**64 - 1):
        refused(client, INVALID, "SetAccount", "sa{sv}", "contoso", {"lead": GLib.Variant("t", lead)})
    check_equal(client.objects(), before, "nothing changed")


@test("the 256th account is taken, the 257th is not; the 16th source is taken, the 17th is not")
def limits(rig):
    rig.start()
    client = rig.client
    for number in range(256):
        client.add(f"a{number}")
    before = client.objects()
    details = {"organization": text("contoso"), "region": text("crm4")}
    error = refused(client, LIMIT, "AddAccount", "sa{sv}", "one-more", details)
    check("256" in error.message, f"the message says how many: {error.message}")
    refused(client, ERROR + "AccountExists", "AddAccount", "sa{sv}", "a0", details)
    check_equal(client.objects(), before, "nothing changed")
    for number in range(16):
        client.record("a0", source=f"s{number}")
    before = client.objects()
    error = refused(client, LIMIT, "RecordSignIn", "sa{sv}", "a0", {"source": text("one-more")})
    check("16" in error.message, f"the message says how many: {error.message}")
    check_equal(client.objects(), before, "nothing changed")
    client.record("a0", source="s3")
    client.call("RemoveAccount", "s", "a1")
    client.add("one-more")


@test("thousands of bad calls cost no memory, no files and no disk")
def growth(rig):
    # A build with sanitizers keeps what was freed for a while, and finds leaks by itself.
    kept = "quarantine_size_mb=1:thread_local_quarantine_size_kb=64"
    rig.env["ASAN_OPTIONS"] = rig.env.get("ASAN_OPTIONS", "") + ":" + kept
    daemon, client, before = prepared(rig)

    def bad_calls(count):
        for number in range(count):
            details = {"organization": text("contoso"), "region": text("crm4"), "user-name": text(f"\x1b{number}")}
            refused(client, INVALID, "AddAccount", "sa{sv}", f"n{number}", details)
            refused(client, NO_ACCOUNT, "RecordSignIn", "sa{sv}", f"n{number}", {})
            refused(client, INVALID, "RecordSignIn", "sa{sv}", "contoso", {"source": text(f"\u202e{number}")})
            refused(client, INVALID, "SetAccount", "sa{sv}", "contoso", {f"key{number}": text("x" * 10_000)})
            refused(client, INVALID, "SetAccount", "sa{sv}", "contoso", {"region": text(f"region{number}")})

    def huge_calls(count):
        for _ in range(count):
            refused(client, INVALID, "AddAccount", "sa{sv}", "n", {"user-name": text(HUGE)})
            refused(client, INVALID, "AddAccount", "sa{sv}", HUGE, {})

    # The buffers that GDBus and malloc keep are there from the first of each kind on.
    bad_calls(200)
    huge_calls(2)
    begun, files = own_memory(daemon.pid), open_files(daemon.pid)
    size = sum(entry.stat().st_size for entry in os.scandir(rig.state_dir()))
    bad_calls(1000)
    huge_calls(4)
    grown = own_memory(daemon.pid) - begun
    diag(f"own memory grew by {grown} KiB over 5000 bad calls and 80 MB of text")
    check(grown < (32 if keeps_freed(daemon.pid) else 2) * 1024, f"grew by {grown} KiB")
    check_equal(open_files(daemon.pid), files, "open files")
    check_equal(sum(entry.stat().st_size for entry in os.scandir(rig.state_dir())), size, "size of the state")
    check_equal(client.objects(), before, "nothing changed")


@test("a refused call costs not a single byte for good")
def leak(rig):
    daemon, client, _ = prepared(rig)

    def refused_calls(count):
        for number in range(count):
            for member, signature, *rest in (("RemoveAccount", "s"), ("Dismiss", "s"), ("RecordSignIn", "sa{sv}", {})):
                refused(client, NO_ACCOUNT, member, signature, f"n{number % 10}", *rest)

    refused_calls(1500)
    begun = own_memory(daemon.pid)
    refused_calls(2000)
    grown = own_memory(daemon.pid) - begun
    diag(f"own memory grew by {grown} KiB over 6000 refused calls")
    # One small block a call would be 400 KiB and more; a build with sanitizers finds leaks by itself.
    check(grown < (32768 if keeps_freed(daemon.pid) else 200), f"grew by {grown} KiB")


@test("clients that send noise or vanish in the middle of a call")
def vanishing(rig):
    daemon, client, before = prepared(rig)
    for _ in range(20):
        other = Client(rig.address)
        for number in range(20):
            other.connection.call("org.signind.Signin1", "/org/signind/Signin1", "org.signind.Signin1.Manager",
                                  "Dismiss", GLib.Variant("(s)", (f"n{number}",)), None, 0, -1, None, None)
        other.close()
    raw = socket.socket(socket.AF_UNIX)
    raw.connect(rig.address.partition("path=")[2].partition(",")[0])
    raw.sendall(b"\0AUTH EXTERNAL\r\n\xff\xfe" + bytes(1000))
    raw.close()
    check_equal(client.objects(), before, "nothing changed")
    check_equal(daemon.process.poll(), None, "it runs on")


@test("signinctl: invalid UTF-8, control characters and 10 MB of nonsense end with a usage error or with 3")
def command_line(rig):
    _, client, before = prepared(rig)
    for words in ([b"record", b"\xff\xfe"], [b"status", b"conto\xc3"], [b"add", b"\xff"], [b"\xff"],
                  [b"record", b"contoso", b"--at", b"\xff:12"], [b"status", b"a\x1b[31mb"], [b"status", b"a/b"],
                  [b"add", b"fabrikam", b"--user", b"\xfe"], [b"record", b"contoso", b"--at", b"x" * 100_000],
                  [b"--\xff"], [b"edit", b"contoso", b"--user", b"kim\x1b[31m@contoso.com"]):
        result = rig.ctl(*words)
        check(result.returncode in (1, 2, 3), f"{words} ended with {result.returncode}: {result.stderr[:200]}")
        check(not result.stdout, f"{words} printed {result.stdout[:200]}")
        check(result.stderr, f"{words} says why")
        message = result.stderr.decode()
        check(all(c.isprintable() or c == "\n" for c in message), f"{words}: {message!r}")
        check("GDBus.Error" not in message and "org.signind" not in message, f"{words}: {message!r}")
    check_equal(client.objects(), before, "nothing changed")


run()
