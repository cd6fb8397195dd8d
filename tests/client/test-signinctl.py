#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real signinctl against a daemon that says what it is told to say, on a bus of its own."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clientrig import CTL, ZONE, columns_of, run_checks  # noqa: E402
from fakedaemon import HOUR, MINUTE, NAME, Bus, Daemon, account, session  # noqa: E402

SECOND = 1000000
ERROR = NAME + ".Error."
# Half a minute away from the next full one, so that no test looks at the clock in the wrong second.
AGO = 6 * HOUR + 47 * MINUTE + 30 * SECOND


def clock(usec):
    os.environ["TZ"] = ZONE
    time.tzset()
    return time.strftime("%H:%M", time.localtime(usec // SECOND))


def contoso(**more):
    return account("contoso", [session(ago=AGO)], **more)


def many():
    """An account of each kind, and what is next."""
    first = account("contoso", [session(ago=AGO), session("firefox:default-release", ago=2 * HOUR + 30 * SECOND)])
    second = account("fabrikam", [session(ago=7 * HOUR + 45 * MINUTE + 30 * SECOND, state="expiring", dismissed=True)])
    third = account("old", [session(ago=9 * HOUR, state="expired")], ServiceName="Dynamics 365 home page")
    fourth = account("open-ended", [session(ago=HOUR, length=0)], SessionLength=0, UserName="j\u00fcrgen@example.org")
    fifth = account("out", UserName="a-very-long-user-name-that-fits-nowhere-at-all@contoso.onmicrosoft.com")
    return [first, second, third, fourth, fifth], (first["WarnsAt"], "warning", "contoso")


def check_status_words(rig):
    values = contoso()
    rig.daemon.set(values, following=(values["WarnsAt"], "warning", "contoso"))
    out, err = rig.run()
    assert err == ""
    since, warns, ends = (clock(values[k]) for k in ("SignedInAt", "WarnsAt", "ExpiresAt"))
    assert out == ("contoso: signed in since %s (manual)\n"
                   "  Dynamics 365, anna@contoso.onmicrosoft.com\n"
                   "  ██████████░░ 1 h 12 min left\n"
                   "  Warning at %s, end at %s\n"
                   "\n"
                   "Next: the warning for contoso at %s, in 52 min\n") % (since, warns, ends, warns), out
    assert rig.run("status", "contoso")[0] == out
    assert rig.run("--plain")[0] == out.replace("██████████░░ ", "")
    assert rig.run(TERM="dumb")[0] == out.replace("██████████░░ ", "")
    assert rig.run(LC_ALL="C")[0] == out.replace("██████████░░", "[##########--]")


def check_status_kinds(rig):
    accounts, following = many()
    rig.daemon.set(*accounts, following=following)
    out = rig.run()[0]
    for words in ("contoso: signed in since", "firefox:default-release: signed in since",
                  "fabrikam: about to expire, signed in since", "14 min left", "Popups are dismissed",
                  "old: expired at", "signinctl open old", "open-ended: signed in since", "no warning will come",
                  "out: signed out", "signinctl record out", "Next: the warning for contoso"):
        assert words in out, (words, out)
    some = rig.run("status", "out", "old")[0]
    assert some.index("out: signed out") < some.index("old: expired") and "contoso: " not in some
    assert "fabrikam" in rig.fails(3, "status", "nobody")


def check_status_empty(rig):
    rig.daemon.set()
    assert "signinctl add https://contoso.crm4.dynamics.com" in rig.run()[0]
    value = rig.json()
    assert value["accounts"] == [] and value["next"] is None
    assert "signinctl add" in rig.fails(3, "record")
    assert "signinctl add" in rig.fails(3, "status", "contoso")


def check_widths(rig):
    accounts, following = many()
    rig.daemon.set(*accounts, following=following)
    for args in ([], ["--plain"], ["services"], ["regions"], ["--help"], ["add", "--help"], ["edit", "--help"]):
        for columns in (20, 40, 80, 200):
            for locale in ("C", "C.UTF-8", "de_DE.UTF-8"):
                out, err = rig.run(*args, COLUMNS=str(columns), LC_ALL=locale)
                assert err == "" and out.endswith("\n") and "\033" not in out
                # Half an address leads nowhere: one that stands alone on its line is whole.
                wide = [x for x in out.split("\n") if columns_of(x) > columns and not re.fullmatch(" *https://.*", x)]
                assert not wide, (args, columns, locale, wide)
                if locale == "C":
                    assert out.isascii(), (args, out)
    for columns in ("0", "-1", "x", "99999999999"):
        assert all(columns_of(x) <= 80 for x in rig.run(COLUMNS=columns)[0].split("\n"))


def check_terminal(rig):
    accounts, following = many()
    rig.daemon.set(*accounts, following=following)
    for columns in (40, 80, 200):
        out = rig.terminal(columns)
        assert "\033[32m" in out and "●" in out, out
        assert all(columns_of(x) <= columns for x in out.split("\n")), out
        # Every colour ends.
        assert len(re.findall("\033\\[[1-9][0-9;]*m", out)) == out.count("\033[0m")
        assert columns_of(max(out.split("\n"), key=columns_of)) > 36
    plain = rig.terminal(80, NO_COLOR="1")
    assert "\033" not in plain and "● contoso" in plain
    assert "\033" in rig.terminal(80, NO_COLOR="")
    assert rig.terminal(80, "--plain") == rig.terminal(80, TERM="dumb") == rig.run("--plain")[0]
    ascii_only = rig.terminal(80, LC_ALL="C")
    assert ascii_only.isascii() and "*\033[0m contoso" in ascii_only and "\033[32m" in ascii_only


def check_german(rig):
    rig.daemon.set(account("contoso", [session(ago=4 * 24 * HOUR, state="expired")]))
    day = time.localtime((rig.daemon.accounts["contoso"]["ExpiresAt"]) // SECOND).tm_wday
    out = rig.run(LC_ALL="de_DE.UTF-8")[0]
    assert " %s " % ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"][day] in out, out


def check_hostile_daemon(rig):
    evil = "x\033[31m\n\t\u202eevil\x07\x9b"
    rig.daemon.set(contoso(Id="contoso", UserName=evil, ServiceName=evil, Source="manual\033]0;x\007",
                           State="act\x1bive"),
                   following=(2 ** 64 - 1, "warn\033ing", "contoso"))
    for out in (rig.run()[0], rig.run("--json")[0], rig.terminal(80, NO_COLOR="1")):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", out), repr(out)
    assert rig.json()["next"] is None
    rig.daemon.set(contoso(SignedInAt="a text", WarnsAt=2 ** 64 - 1, ExpiresAt=2 ** 63, Sessions="none", Url=5))
    assert rig.json()["accounts"][0]["expires_at"] is None
    rig.run()
    rig.daemon.set(contoso())
    rig.daemon.errors["GetManagedObjects"] = ("org.example.Odd", "odd\033[31m\nthing")
    assert "odd[31mthing" in rig.fails(1, "status")


def check_json(rig):
    accounts, following = many()
    rig.daemon.set(*reversed(accounts), following=following)
    value = rig.json("status")
    by_id = {a["id"]: a for a in value["accounts"]}
    assert list(by_id) == sorted(by_id)
    keys = {"id", "service", "service_name", "user_name", "organization", "region", "url", "state", "source",
            "signed_in_at", "signed_in_at_sec", "warns_at", "warns_at_sec", "expires_at", "expires_at_sec",
            "snoozed_until", "snoozed_until_sec", "remaining_sec", "session_length_sec", "warning_lead_sec", "health",
            "sessions"}
    for entry in by_id.values():
        assert set(entry) == keys, set(entry) ^ keys
    first = by_id["contoso"]
    assert first["expires_at_sec"] == accounts[0]["ExpiresAt"] // SECOND
    assert 4300 < first["remaining_sec"] <= 4350 and first["session_length_sec"] == 28800
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?[+-]\d\d:\d\d", first["expires_at"])
    assert [s["source"] for s in first["sessions"]] == ["manual", "firefox:default-release"]
    assert set(first["sessions"][0]) == {"source", "state", "signed_in_at", "signed_in_at_sec", "warns_at",
                                         "warns_at_sec", "expires_at", "expires_at_sec", "remaining_sec", "silent",
                                         "dismissed"}
    assert by_id["fabrikam"]["sessions"][0]["dismissed"] is True
    assert by_id["open-ended"]["expires_at"] is None and by_id["open-ended"]["remaining_sec"] is None
    assert by_id["open-ended"]["session_length_sec"] is None
    assert by_id["out"]["signed_in_at"] is None and by_id["old"]["remaining_sec"] == 0
    assert value["next"]["event"] == "warning" and value["next"]["account"] == "contoso"
    assert value["next"]["at_sec"] == following[0] // SECOND
    assert abs(value["now_sec"] - time.time()) < 60 and value["daemon_version"] == "0.1.0"


def check_record(rig):
    rig.daemon.set(account("contoso"))
    out = rig.run("record")[0]
    new = rig.daemon.accounts["contoso"]
    assert out == ("contoso: signed in since %s (manual)\n  Warning at %s, end at %s\n"
                   "Earlier? signinctl record contoso --at 08:12\n") % tuple(
                       clock(new[k]) for k in ("SignedInAt", "WarnsAt", "ExpiresAt")), out
    assert ("RecordSignIn", ("contoso", {})) in rig.daemon.calls
    out = rig.run("signed-in", "contoso", "--at", "25 min ago", "--source", "firefox:x")[0]
    options = rig.daemon.last("RecordSignIn")[1]
    assert options["source"] == "firefox:x" and abs(time.time() - 25 * 60 - options["at"] / SECOND) < 60, options
    assert "(firefox:x)" in out and "Earlier" not in out
    value = rig.json("record", "--at", "08:12")
    assert value["recorded"]["source"] == "manual" and value["account"]["id"] == "contoso"
    at = rig.daemon.last("RecordSignIn")[1]["at"]
    assert clock(at) == "08:12" and at <= time.time() * SECOND and at % (60 * SECOND) == 0
    assert "is not a time" in rig.fails(2, "record", "--at", "noon")
    rig.daemon.errors["RecordSignIn"] = (ERROR + "InvalidTime", "This session would have ended at 16:12")
    assert "would have ended" in rig.fails(2, "record", "--at", "yesterday 08:12")
    rig.daemon.errors["RecordSignIn"] = (ERROR + "Storage", "The disk is full")
    assert rig.fails(1, "record") == "signinctl: The disk is full\n"
    rig.daemon.errors = {}
    rig.fails(3, "record", "nobody")


def check_choice(rig):
    rig.daemon.set(contoso(), account("fabrikam"))
    for verb in ("record", "end", "open", "dismiss", "remove"):
        assert "contoso, fabrikam" in rig.fails(2, verb)
    assert "contoso, fabrikam" in rig.fails(2, "edit", "--length", "9h")
    assert not [c for c in rig.daemon.calls if c[0] not in ("GetManagedObjects", "GetAll")]


def check_end(rig):
    rig.daemon.set(contoso())
    out = rig.run("end")[0]
    assert "contoso: signed out" in out and "still signed in" in out and "https://contoso.crm4.dynamics.com" in out
    rig.daemon.errors["RecordSignOut"] = (ERROR + "NotSignedIn", "Nobody is signed in")
    assert rig.run("signed-out", "contoso")[0] == "contoso: signed out already\n"
    assert rig.json("end")["was_signed_in"] is False
    rig.daemon.errors = {}
    assert rig.json("end")["was_signed_in"] is True
    assert "there are: contoso" in rig.fails(3, "end", "nobody")


def check_open(rig):
    rig.daemon.set(contoso())
    url = "https://contoso.crm4.dynamics.com"
    assert rig.run("open")[0] == url + "\n"
    assert rig.json("open")["opened"] is False
    folder = os.path.join(rig.folder, "bin")
    fifo = os.path.join(rig.folder, "opened")
    os.mkdir(folder)
    os.mkfifo(fifo)
    opener = os.path.join(folder, "xdg-open")
    # It goes on for as long as nobody reads: who waited for it would hang.
    with open(opener, "w", encoding="utf-8") as f:
        f.write('#!/bin/sh\necho $# "$1" $(cut -d" " -f6 /proc/$$/stat) $$ >%s\n' % fifo)
    os.chmod(opener, 0o755)
    path = folder + ":" + os.environ["PATH"]
    assert "signinctl record contoso" in rig.run("open", PATH=path, WAYLAND_DISPLAY="wayland-0")[0]
    with open(fifo, encoding="utf-8") as f:
        count, opened, session_id, pid = f.read().split()
        assert (count, opened) == ("1", url) and session_id == pid, (count, opened, session_id, pid)
    assert rig.json("open", PATH=path, DISPLAY=":0")["opened"] is True
    with open(fifo, encoding="utf-8") as f:
        assert f.read().split()[1] == url
    assert rig.fails(1, "open", PATH="/nonexistent", DISPLAY=":0").endswith(url + "\n")
    for bad in ("--version", "file:///etc/passwd", "javascript:x", "https://x y", ""):
        rig.daemon.set(contoso(Url=bad))
        rig.fails(1, "open", DISPLAY=":0", PATH=path)


def check_dismiss(rig):
    values = contoso()
    rig.daemon.set(values)
    assert "it comes at %s" % clock(values["WarnsAt"]) in rig.fails(1, "dismiss")
    rig.daemon.set(account("contoso"))
    assert "signed out" in rig.fails(1, "dismiss")
    rig.daemon.set(account("contoso", [session(ago=HOUR, length=0)]))
    assert "no warning will come" in rig.fails(1, "dismiss")
    assert not [c for c in rig.daemon.calls if c[0] == "Dismiss"]
    values = account("contoso", [session(ago=7 * HOUR + 45 * MINUTE, state="expiring")])
    rig.daemon.set(values)
    assert "still ends at %s" % clock(values["ExpiresAt"]) in rig.run("dismiss")[0]
    assert rig.json("dismiss", "contoso")["dismissed"] == "contoso"
    rig.fails(3, "dismiss", "nobody")


def check_snooze(rig):
    values = account("contoso", [session(ago=462 * MINUTE, state="expiring")])
    rig.daemon.set(values)
    out = rig.run("snooze")[0]
    assert rig.daemon.last("Snooze") == ("contoso", 5 * MINUTE)
    assert "quiet until %s" % clock(values["SnoozedUntil"]) in out
    assert "still ends at %s" % clock(values["ExpiresAt"]) in out
    assert "Quiet until %s" % clock(values["SnoozedUntil"]) in rig.run("status")[0]
    rig.run("snooze", "7 min")
    assert rig.daemon.last("Snooze") == ("contoso", 7 * MINUTE)
    assert "until the session ends at %s" % clock(values["ExpiresAt"]) in rig.run("snooze", "contoso", "2h")[0]
    assert rig.json("snooze", "3min")["snoozed_until_sec"] == values["SnoozedUntil"] // SECOND
    rig.daemon.set(contoso(), account("5min", [session(ago=462 * MINUTE, state="expiring")]))
    rig.run("snooze", "5min")
    assert rig.daemon.last("Snooze") == ("5min", 5 * MINUTE)
    rig.fails(3, "snooze", "nobody")
    rig.fails(2, "snooze", "contoso", "soon")
    rig.fails(2, "snooze", "contoso", "5", "min")
    rig.daemon.errors = {"Snooze": (NAME + ".Error.InvalidTime", "It is too early: contoso is warned of at 15:52")}
    assert "15:52" in rig.fails(1, "snooze", "contoso")


def check_config(rig):
    rig.daemon.set()
    out = rig.run("config")[0]
    assert re.search(r"^reminders +10 min;5 min;1 min +built in$", out, re.M), out
    assert not rig.daemon.calls
    assert rig.json("config", "sound")["settings"][0]["value"] is False
    assert "did you mean 'sound'" in rig.fails(2, "config", "sond")
    rig.fails(2, "config", "sound", "popups")


def silent(rig, code, *args):
    assert rig.run("check", *args, code=code) == ("", "")


def check_check(rig):
    rig.daemon.set(contoso())
    silent(rig, 0)
    silent(rig, 0, "contoso", "--min-remaining", "1h 12min")
    silent(rig, 6, "contoso", "--min-remaining", "1h 13min")
    silent(rig, 6, "--min-remaining", "8h")
    assert rig.json("check", "--min-remaining", "8h", code=6)["verdict"] == "less"
    accounts, _ = many()
    rig.daemon.set(*accounts)
    silent(rig, 0)
    silent(rig, 6, "--min-remaining", "15min")
    silent(rig, 0, "--min-remaining", "14min")
    silent(rig, 4, "old")
    silent(rig, 4, "out")
    silent(rig, 0, "open-ended", "--min-remaining", "24h")
    assert rig.json("check", "old", code=4)["verdict"] == "ended"
    # What the daemon has not noticed yet is over all the same.
    rig.daemon.set(account("contoso", [session(ago=8 * HOUR, state="expiring")]))
    silent(rig, 4)
    rig.daemon.set(account("out"))
    silent(rig, 4)
    rig.daemon.set()
    silent(rig, 4)
    rig.fails(3, "check", "nobody")
    assert "is not a duration" in rig.fails(2, "check", "--min-remaining", "much")


def check_add(rig):
    rig.daemon.set()
    out = rig.run("add", "https://contoso.crm4.dynamics.com/main.aspx?x=1", "--user", "anna@contoso.com")[0]
    assert rig.daemon.last("AddAccount") == ("contoso", {
        "service": "dynamics365", "organization": "contoso", "region": "crm4", "user-name": "anna@contoso.com"})
    for words in ("Added contoso: Dynamics 365", "8 h", "20 min", "signinctl record contoso"):
        assert words in out, out
    value = rig.json("add", "fabrikam", "--service", "dynamics365", "--org", "fabrikam", "--region", "EMEA",
                     "--url", "https://fabrikam.crm4.dynamics.com", "--length", "10h", "--warn", "30 min")
    assert value["account"]["session_length_sec"] == 36000
    assert rig.daemon.last("AddAccount") == ("fabrikam", {
        "service": "dynamics365", "organization": "fabrikam", "region": "EMEA",
        "url": "https://fabrikam.crm4.dynamics.com", "length": 10 * HOUR, "lead": 30 * MINUTE})
    assert "without warnings" in rig.run("add", "endless", "--length", "none")[0]
    assert rig.daemon.last("AddAccount") == ("endless", {"length": 0})
    rig.daemon.errors["AddAccount"] = (ERROR + "AccountExists", "There is an account contoso already")
    rig.fails(1, "add", "contoso")
    rig.daemon.errors["AddAccount"] = (ERROR + "InvalidArgument", "A session lasts at least 1 h")
    assert "at least 1 h" in rig.fails(2, "add", "x", "--length", "1min")
    rig.daemon.errors["AddAccount"] = (ERROR + "LimitExceeded", "There can be 256 accounts")
    rig.fails(1, "add", "x")
    rig.daemon.calls = []
    rig.fails(2, "add", "http://contoso.crm4.dynamics.com")
    rig.fails(2, "add", "https://www.example.org")
    rig.fails(2, "add", "x", "--length", "long")
    assert rig.daemon.calls == []


def check_edit(rig):
    values = contoso()
    rig.daemon.set(values)
    out = rig.run("edit", "--length", "10h")[0]
    assert "planned anew" in out and "lasts 10 h" in out, out
    assert ("SetAccount", ("contoso", {"length": 10 * HOUR})) in rig.daemon.calls
    out = rig.run("edit", "contoso", "--warn", "30min", "--from-next-sign-in")[0]
    assert "stays as it is" in out
    assert ("SetAccount", ("contoso", {"lead": 30 * MINUTE, "from-next-sign-in": True})) in rig.daemon.calls
    assert "running session" not in rig.run("edit", "--user", "")[0]
    assert ("SetAccount", ("contoso", {"user-name": ""})) in rig.daemon.calls
    rig.fails(2, "edit")
    rig.fails(2, "edit", "contoso", "--from-next-sign-in")
    rig.fails(2, "edit", "contoso", "--service", "office365")
    rig.fails(3, "edit", "nobody", "--user", "x")


def check_remove(rig):
    rig.daemon.set(contoso(UserName="CONTOSO\\anna"))
    out = " ".join(rig.run("remove")[0].replace("\\\n", "").split())
    assert ("signinctl add contoso --service dynamics365 --org contoso --region crm4 --user 'CONTOSO\\anna' "
            "--length 8h --warn 20min") in out, out
    assert rig.daemon.accounts == {}
    rig.daemon.set(contoso())
    assert rig.json("remove", "contoso")["removed"]["id"] == "contoso"
    rig.daemon.set(contoso())
    assert "signinctl add" in rig.terminal(80, "remove", "contoso")
    rig.daemon.set(contoso())
    rig.fails(3, "remove", "nobody")


def check_services(rig):
    services = {s["id"]: s for s in rig.json("services", DBUS_SESSION_BUS_ADDRESS="unix:path=/x")["services"]}
    assert {"dynamics365", "office365", "dynamics365-home", "social-engagement"} <= set(services)
    assert services["dynamics365"]["session_length_sec"] == 28800
    assert services["office365"]["session_length_sec"] is None
    out = rig.run("services")[0]
    assert "dynamics365: Dynamics 365\n" in out and "%" not in out
    regions = {r["label"]: r for r in rig.json("regions")["regions"]}
    assert regions["crm4"]["host"] == "crm4.dynamics.com" and "EMEA" in regions["crm4"]["codes"]
    assert {"crm" + n for n in ("", "2", "3", "4", "5", "6", "7", "8", "9")} <= set(regions)
    assert "https://<organization>.crm4.dynamics.com\n" in rig.run("regions")[0]


def check_unreachable(rig):
    remedy = rig.fails(5, "status", DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent/bus")
    assert "login session" in remedy
    environment = {k: v for k, v in rig.env.items() if k != "DBUS_SESSION_BUS_ADDRESS"}
    done = subprocess.run([CTL], env=environment, capture_output=True, check=False)
    assert done.returncode == 5 and b"DBUS_SESSION_BUS_ADDRESS" in done.stderr
    rig.daemon.drop_name()
    try:
        for args in (["status"], ["record", "contoso"], ["check"], ["monitor"], ["add", "x"]):
            assert "systemctl --user" in rig.fails(5, *args)
    finally:
        rig.daemon.take_name()
    rig.daemon.set(contoso())
    for name in ("NoReply", "Spawn.ChildExited", "Spawn.ExecFailed", "AccessDenied"):
        rig.daemon.errors["GetManagedObjects"] = ("org.freedesktop.DBus.Error." + name, "raw text")
        assert "raw text" not in rig.fails(5, "status")
    rig.daemon.errors["GetManagedObjects"] = ("org.freedesktop.DBus.Error.UnknownMethod", "raw text")
    assert "version" in rig.fails(1, "status")


def check_usage(rig):
    rig.daemon.set(contoso())
    for args in (["statsu"], ["--frobnicate"], ["record", "--at"], ["status", "--at", "08:12"], ["add"],
                 ["monitor", "x"], ["record", "a", "b"], ["-x"], ["record", "a", "\033[31mb"]):
        rig.fails(2, *args)
    assert "'status'" in rig.fails(2, "statsu")
    for args in ([b"\xff"], [b"record", b"--at", b"\xc3("], [b"status", b"\xed\xa0\x80"]):
        done = subprocess.run([CTL.encode(), *args], env=rig.env, capture_output=True, check=False)
        assert done.returncode == 2 and done.stderr.count(b"\n") == 1 and b"UTF-8" in done.stderr, done
        assert done.stdout == b""
    rig.fails(2, "status", "x" * 100000)
    assert rig.daemon.calls == []
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([CTL], env=rig.env, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1 and b"Cannot write" in done.stderr


def check_help(rig):
    out = rig.run("--help")[0]
    assert out.index("Sessions:") < out.index("Services:") < out.index("Set-up:")
    verbs = re.findall(r"^  ([a-z]+)", out, re.M)
    assert verbs == ["status", "record", "end", "open", "dismiss", "snooze", "check", "monitor", "bar", "history",
                     "health", "explain", "services", "regions", "add", "edit", "remove", "browser", "export", "import", "config",
                     "doctor"], verbs
    with open(os.path.join(os.environ["TOP_SRCDIR"], "docs/signinctl.1"), encoding="utf-8") as f:
        page = f.read().replace("\\-", "-")
    for verb in verbs:
        assert re.search(r"^\.(BR?|BR) %s\b" % verb, page, re.M), verb
        text = rig.run(verb, "--help")[0]
        assert text.startswith("Usage: signinctl " + verb)
        for option in re.findall(r"^  (--[a-z-]+)", text, re.M):
            assert option in page, option
    assert rig.run("--version")[0].startswith("signinctl (signind) ")
    assert "signinctl_version" in rig.json("--version")


class Monitor:
    def __init__(self, rig, *args, **env):
        rig.daemon.calls = []
        self.child = subprocess.Popen([CTL, "monitor", *args], env={**rig.env, **env}, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE)
        self.read = b""
        assert rig.daemon.wait_for("GetManagedObjects")

    def line(self):
        """The next line; all of it is there as soon as its event is."""
        while b"\n" not in self.read:
            ready, _, _ = select.select([self.child.stdout], [], [], 20)
            assert ready, ("no line came", self.read)
            more = os.read(self.child.stdout.fileno(), 65536)
            assert more, "it has ended"
            self.read += more
        line, self.read = self.read.split(b"\n", 1)
        return line.decode() + "\n"

    def end(self, code):
        out, err = self.child.communicate(timeout=20)
        assert self.child.returncode == code, (self.child.returncode, out, err)
        return self.read + out, err


def emit_all(rig, at):
    d = rig.daemon
    path = "/org/signind/Signin1/account/contoso"
    d.emit("SignedIn", "(ossttt)", path, "contoso", "manual", at, at + 460 * MINUTE, at + 480 * MINUTE)
    d.emit("Warning", "(ossttt)", path, "contoso", "manual", at, at + 480 * MINUTE, 20 * MINUTE)
    d.emit("Reminder", "(osstt)", path, "contoso", "manual", at + 480 * MINUTE, 5 * MINUTE)
    d.emit("Expired", "(osst)", path, "contoso", "manual", at + 480 * MINUTE)
    d.emit("SignedOut", "(osst)", path, "contoso", "fire\033fox", at)
    d.emit("Unknown", "(s)", "x")
    d.emit("Warning", "(s)", "x")
    d.emit_added(account("fabrikam"))
    d.emit_added(account("fabrikam"))
    d.emit_removed("fabrikam")
    d.emit_removed("fabrikam")


def check_monitor(rig):
    at = int(time.time()) * SECOND - 5 * HOUR
    rig.daemon.set(contoso())
    monitor = Monitor(rig)
    emit_all(rig, at)
    want = ["contoso: signed in since %s, end at %s (manual)" % (clock(at), clock(at + 8 * HOUR)),
            "contoso: warning, 20 min left, end at %s (manual)" % clock(at + 8 * HOUR),
            "contoso: reminder, 5 min left, end at %s (manual)" % clock(at + 8 * HOUR),
            "contoso: expired at %s (manual)" % clock(at + 8 * HOUR), "contoso: signed out (firefox)",
            "fabrikam: account added", "fabrikam: account removed"]
    for text in want:
        line = monitor.line()
        assert re.fullmatch(r"\d\d:\d\d:\d\d " + re.escape(text) + "\n", line), (line, text)
    monitor.child.send_signal(signal.SIGINT)
    assert monitor.end(0) == (b"", b"")


def check_monitor_json(rig):
    at = int(time.time()) * SECOND - 5 * HOUR
    rig.daemon.set(contoso())
    monitor = Monitor(rig, "--json", COLUMNS="40")
    emit_all(rig, at)
    events = [json.loads(monitor.line()) for _ in range(7)]
    assert [e["event"] for e in events] == ["signed-in", "warning", "reminder", "expired", "signed-out",
                                            "account-added", "account-removed"]
    assert all(e["version"] == 1 and abs(e["at_sec"] - time.time()) < 60 for e in events)
    assert events[0]["warns_at_sec"] == at // SECOND + 460 * 60 and events[0]["source"] == "manual"
    assert events[1]["remaining_sec"] == 1200 and events[1]["signed_in_at_sec"] == at // SECOND
    assert events[2]["remaining_sec"] == 300 and events[2]["expires_at_sec"] == at // SECOND + 8 * 3600
    assert events[3]["expired_at_sec"] == at // SECOND + 8 * 3600
    assert events[4]["signed_out_at_sec"] == at // SECOND and events[5]["account"] == "fabrikam"
    rig.daemon.drop_name()
    rig.daemon.take_name()
    assert [json.loads(monitor.line())["event"] for _ in range(2)] == ["daemon-stopped", "daemon-started"]
    rig.daemon.emit_removed("contoso")
    assert json.loads(monitor.line())["account"] == "contoso"
    monitor.child.send_signal(signal.SIGTERM)
    assert monitor.end(0) == (b"", b"")


def check_monitor_narrow(rig):
    rig.daemon.set(contoso())
    monitor = Monitor(rig, COLUMNS="30")
    emit_all(rig, int(time.time()) * SECOND)
    for _ in range(7):
        assert columns_of(monitor.line().rstrip("\n")) <= 30
    monitor.child.terminate()
    monitor.end(0)


def check_monitor_bus_gone(rig):
    with tempfile.TemporaryDirectory() as folder:
        bus = Bus(folder)
        daemon = Daemon(bus)
        child = subprocess.Popen([CTL, "monitor"], env={**rig.env, "DBUS_SESSION_BUS_ADDRESS": bus.address},
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert daemon.wait_for("GetManagedObjects")
        bus.stop()
        out, err = child.communicate(timeout=20)
        daemon.stop()
        assert child.returncode == 5 and err.count("\n") == 1, (child.returncode, out, err)


CHECKS = [check_status_words, check_status_kinds, check_status_empty, check_widths, check_terminal, check_german,
          check_hostile_daemon, check_json, check_record, check_choice, check_end, check_open, check_dismiss,
          check_snooze, check_config, check_check, check_add, check_edit, check_remove, check_services,
          check_unreachable, check_usage, check_help, check_monitor, check_monitor_json, check_monitor_narrow,
          check_monitor_bus_gone]


if __name__ == "__main__":
    sys.exit(run_checks(CHECKS))
