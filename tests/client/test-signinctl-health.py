#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""signinctl health, and what else signinctl knows of the services, against a signin-healthd that says what it is told."""

import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fakehealth  # noqa: E402
from clientrig import CTL, columns_of, run_checks  # noqa: E402
from fakedaemon import HOUR, MINUTE, account, session  # noqa: E402
from fakehealth import ERROR, broken, offline, row, times, up  # noqa: E402

SECOND = 1000000
DASHBOARD = "https://admin.microsoft.com/#/servicehealth"
ORG = "contoso.crm4.dynamics.com"


def with_health(check):
    """Runs a check with a fake signin-healthd on the rig's bus."""
    def wrapped(rig):
        rig.health = fakehealth.Health(rig.bus.connect)
        try:
            rig.daemon.set(account("contoso"))
            check(rig)
        finally:
            rig.health.stop()
    wrapped.__name__ = check.__name__
    return wrapped


@with_health
def check_up(rig):
    rig.health.say(up())
    out, err = rig.run("health", COLUMNS="200")
    assert err == ""
    assert out.split("\n")[0] == "Sign-in works; contoso answers in 180 ms.", out
    assert re.search(r"^up +%s +\S+ 180 ms +now +it asks who you are, as it should$" % re.escape(ORG), out, re.M), out
    assert rig.run("health", "contoso", COLUMNS="200")[0].split("\n")[0] == out.split("\n")[0]
    asked = rig.health.calls[0][1]
    target = asked["targets"][0]
    assert target == {"account": "contoso", "service": "dynamics365", "organization": "contoso", "region": "crm4",
                      "url": "https://" + ORG}, target
    assert "refresh" not in asked and asked["timeout_usec"] <= 60 * SECOND
    assert not [c for c in rig.daemon.calls if c[0] != "GetManagedObjects"]
    rig.run("health", "--refresh")
    assert rig.health.calls[-1][1]["refresh"] is True


@with_health
def check_not_up(rig):
    for rows, sentence in ((offline(), "You are offline."),
                           (offline("captive"), "This network wants you to log in to it first: open any page in a "
                                                "browser."),
                           (broken("not-found", "name-unknown"), "crm4 knows no organization contoso."),
                           (broken("down", "timeout"), "contoso is down: it does not answer in time."),
                           (broken("degraded", "http-503", retry_after_sec=120),
                            "contoso is overloaded, and asks to be left alone for 2 min."),
                           ([], "Nothing was found out about contoso.")):
        rig.health.say(rows)
        out, err = rig.run("health", code=1, COLUMNS="120")
        assert err == "" and out.split("\n")[0] == sentence, (out, err)


@with_health
def check_several(rig):
    rig.daemon.set(account("contoso"), account("fabrikam"))
    rig.health.say(up() + broken("not-found", "name-unknown", "fabrikam"))
    out = rig.run("health", code=1)[0]
    assert out.startswith("Sign-in works for 1 of 2 accounts.\n"
                          "  fabrikam: crm4 knows no organization fabrikam.\n\n"), out
    assert rig.health.targets() == ["contoso", "fabrikam"]
    # The same page for both is shown once.
    assert out.count("login.microsoftonline.com") == 1, out
    rig.health.say(offline() + offline(account="fabrikam"))
    assert rig.run("health", code=1)[0].startswith("You are offline.\n\n")
    rig.run("health", "fabrikam", code=1)
    assert rig.health.targets() == ["fabrikam"]
    assert "there are: contoso, fabrikam" in rig.fails(3, "health", "nobody")
    rig.daemon.set()
    rig.health.say([row("authority", "up", "openid-configuration", name="login.microsoftonline.com", **times(90))])
    assert rig.run("health")[0].startswith("You are online; login.microsoftonline.com answers in 90 ms.\n")
    assert "targets" not in rig.health.calls[-1][1]


@with_health
def check_many(rig):
    ids = ["account%03d" % i for i in range(150)]
    rig.daemon.set(*[account(i) for i in ids])
    rig.health.say([x for i in ids[:64] for x in up(i)], [x for i in ids[64:128] for x in up(i)],
                   [x for i in ids[128:] for x in up(i)])
    assert rig.run("health")[0].startswith("Sign-in works for all 150 accounts;")
    assert [len(c[1]["targets"]) for c in rig.health.calls] == [64, 64, 22]
    assert [c[1]["feeds"] for c in rig.health.calls] == [True, False, False]


@with_health
def check_widths(rig):
    evil = "x\033[31m\n\t\u202eevil\x07\x9b" * 20
    rig.health.say(up(tenant="72f988bf-86f1-41af-91ab-2d7cd011db47", detail=evil)
                   + [row(evil, evil, evil, evil, evil, title=evil, url=evil, issue_id=evil, since=2 ** 64 - 1,
                          retry_after_sec=2 ** 63, **times(10 ** 12)),
                      {"kind": 5, "name": "of another type"}, {}])
    for columns in (20, 40, 80, 200):
        for args in (["health"], ["health", "--plain"], ["health", "--json"]):
            out = rig.run(*args, COLUMNS=str(columns))[0]
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", out), repr(out)
            if len(args) == 1:
                wide = [x for x in out.split("\n") if columns_of(x) > columns]
                assert not wide, (columns, wide)
    assert rig.run("health", LC_ALL="C", COLUMNS="80")[0].isascii()
    assert "\033" not in rig.run("health")[0]


@with_health
def check_hostile(rig):
    # Of a result that makes no sense nothing is taken for a fact.
    rig.health.say([row("summary", "splendid", "x" * 10000, "contoso"), {"kind": "summary", "account": "contoso"}])
    assert rig.run("health", code=1)[0].startswith("Whether sign-in to contoso works cannot be told:")
    rig.health.say([row("feed", "up", "available", name=str(i)) for i in range(9000)])
    assert "too long" in rig.fails(1, "health")


@with_health
def check_errors(rig):
    rig.health.say((ERROR + "Busy", "Too many calls at the same time"))
    assert "The services could not be asked: Too many calls" in rig.fails(1, "health")
    rig.health.say(("org.freedesktop.DBus.Error.NoReply", "gone"))
    assert "does not answer" in rig.fails(5, "health")
    rig.health.say(("org.freedesktop.DBus.Error.Spawn.ExecFailed", "no such file"))
    assert "could not be started: no such file" in rig.fails(5, "health")
    rig.health.stop()
    assert "cannot start signin-healthd" in rig.fails(5, "health")
    assert "only 'up'" in rig.fails(2, "health", "--wait", "down")
    rig.fails(2, "health", "contoso", "fabrikam")


@with_health
def check_json(rig):
    rig.health.say(up(tenant="72f988bf", session_length_usec=10 * HOUR) + [
        row("graph", "up", "operational", name="Dynamics 365 Apps", status=200, url=DASHBOARD)])
    value = rig.json("health")
    assert (value["verdict"], value["text"]) == ("up", "Sign-in works; contoso answers in 180 ms."), value
    assert abs(value["now_sec"] - time.time()) < 60
    entry = value["accounts"][0]
    assert set(entry) == {"account", "verdict", "reason", "text", "at", "at_sec"}
    assert (entry["account"], entry["verdict"], entry["reason"]) == ("contoso", "up", "auth-challenge")
    found = {r["kind"]: r for r in value["results"]}
    keys = {"kind", "account", "name", "verdict", "reason", "text", "detail", "asked", "at", "at_sec", "status",
            "dns_usec", "connect_usec", "tls_usec", "first_byte_usec", "total_usec", "retry_after_sec", "tenant",
            "title", "issue_id", "since", "since_sec", "url", "session_length_sec", "warning_lead_sec"}
    for result in value["results"]:
        assert set(result) == keys, set(result) ^ keys
    organization = found["organization"]
    assert (organization["status"], organization["total_usec"], organization["tenant"]) == (401, 180000, "72f988bf")
    assert organization["session_length_sec"] == 36000 and organization["warning_lead_sec"] is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?[+-]\d\d:\d\d", organization["at"])
    assert found["summary"]["status"] is None and value["dashboard"] == DASHBOARD
    rig.health.say(offline())
    value = rig.json("health", code=1)
    assert (value["verdict"], value["accounts"][0]["reason"]) == ("offline", "name-unknown")
    assert value["dashboard"] is None


@with_health
def check_administrators(rig):
    rig.health.say(up())
    assert "Dashboard" not in rig.run("health")[0]
    rig.health.say(up() + [row("graph", "unknown", "http-403", name="Microsoft Graph",
                               status=403)])
    assert "Dashboard" not in rig.run("health")[0]
    issue = row("graph", "degraded", "service-degradation", name="Dynamics 365 Apps", status=200, issue_id="CR384241",
                title="Some people cannot sign in", since=int(time.time() * SECOND),
                url=DASHBOARD, detail="serviceDegradation")
    rig.health.say(up() + [issue])
    out = rig.run("health", COLUMNS="200")[0]
    assert ("Service Health Dashboard: %s\n" % DASHBOARD) in out and "CR384241" in out, out
    assert out.count(DASHBOARD) == 1 and "serviceDegradation" not in out, out
    rig.health.say(up() + [{**issue, "url": "javascript:alert(1)"}])
    assert "Dashboard" not in rig.run("health")[0]


@with_health
def check_progress(rig):
    rig.health.say(up())
    rig.health.delay = 1
    out = rig.terminal(80, "health")
    assert "Asking for contoso… 0 s" in out, out
    # Gone before the answer, which comes in colours.
    assert out.index("Asking for") < out.rindex("\r\033[K") < out.index("Sign-in works"), out
    assert "\033[32mSign-in works; contoso answers in 180 ms.\033[0m" in out, out
    for quiet in (rig.terminal(80, "health", "--plain"), rig.terminal(80, "health", TERM="dumb"),
                  rig.run("health")[1]):
        assert "Asking" not in quiet, quiet
    rig.health.delay = 0
    assert "Asking" not in rig.terminal(80, "health")


@with_health
def check_wait(rig):
    rig.health.say(offline(), up())
    assert rig.run("health", "--wait", "up")[0].startswith("Sign-in works;")
    first, second = rig.health.calls
    assert 1.9 < second[0] - first[0] < 20, (first, second)
    assert "refresh" not in first[1] and second[1]["refresh"] is True
    rig.health.say(offline(), up())
    out = rig.terminal(80, "health", "--wait", "up")
    assert "You are offline. Asked again every 2 s…" in out and "Sign-in works;" in out, out
    rig.health.say(broken("not-found", "name-unknown"))
    assert rig.run("health", "--wait", "up", code=1)[0].startswith("crm4 knows no organization contoso.")
    assert len(rig.health.calls) == 1
    rig.health.say(offline(), (ERROR + "Failed", "no"))
    assert "The services could not be asked: no" in rig.run("health", "--wait", "up", code=1)[1]


@with_health
def check_wait_intervals(rig):
    # In fast time: longer and longer, and never more than 5 minutes.
    library = subprocess.run(["sh", "-c", "ls /usr/lib/*/faketime/libfaketime.so.1"], capture_output=True, text=True,
                             check=True).stdout.split()[0]
    speed = 120
    rig.health.say(*[broken("down", "timeout")] * 10, up())
    rig.run("health", "--wait", "up", LD_PRELOAD=library, FAKETIME="+0 x%d" % speed,
            ASAN_OPTIONS=rig.env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0")
    assert len(rig.health.calls) == 11
    gaps = [(b[0] - a[0]) * speed for a, b in zip(rig.health.calls, rig.health.calls[1:])]
    for gap, least in zip(gaps, (2, 4, 8, 16, 32, 64, 128, 256, 300, 300)):
        assert gap > least * 0.9, gaps


@with_health
def check_status(rig):
    values = account("contoso", [session(ago=HOUR + 30 * SECOND)])
    rig.daemon.set(values, account("fabrikam"))
    out = rig.run()[0]
    assert "ago" not in out and rig.json()["accounts"][0]["health"] is None
    rig.daemon.health = [{"account": "contoso", "verdict": "offline", "reason": "captive",
                          "at": int((time.time() - 5 * 60 - 2) * SECOND)},
                         {"account": "nobody", "verdict": "up", "reason": "", "at": 1}]
    assert "\n  You were offline 5 min ago\n" in rig.run()[0], rig.run()[0]
    health = rig.json()["accounts"][0]["health"]
    assert (health["verdict"], health["reason"]) == ("offline", "captive") and health["at_sec"] > time.time() - 600
    assert rig.json()["accounts"][1]["health"] is None
    rig.daemon.health = [{"account": "contoso", "verdict": "\033[31mup", "reason": "\033", "at": 2 ** 64 - 1}]
    assert "\033" not in rig.run()[0] + rig.run("--json")[0]
    assert rig.health.calls == [], "nothing is asked for it"


@with_health
def check_edit(rig):
    values = account("contoso", [session(ago=HOUR)])
    rig.daemon.set(values)
    known = up(session_length_usec=10 * HOUR, warning_lead_usec=30 * MINUTE)
    rig.health.say(known)
    out = rig.run("health")[0]
    assert "contoso keeps people signed in for 10 h." in out
    assert "  signinctl edit contoso --length organization\n" in out, out
    out = rig.run("edit", "contoso", "--length", "organization")[0]
    assert ("SetAccount", ("contoso", {"length": 10 * HOUR, "lead": 30 * MINUTE})) in rig.daemon.calls
    assert "planned anew" in out and "lasts 10 h" in out, out
    rig.run("edit", "--length", "organization", "--warn", "1h", "--from-next-sign-in")
    assert rig.daemon.last("SetAccount") == ("contoso", {"length": 10 * HOUR, "lead": HOUR, "from-next-sign-in": True})
    assert "signinctl edit" not in rig.run("health")[0], "the length is the same by now"
    rig.health.say(up())
    assert "token-command" in rig.fails(1, "edit", "contoso", "--length", "organization")
    rig.fails(2, "add", "x", "--length", "organization")


@with_health
def check_edit_question(rig):
    rig.daemon.set(account("contoso", [session(ago=HOUR)]))
    known = up(session_length_usec=10 * HOUR)
    rig.health.say([], known=known)
    assert "--length organization. The organization of contoso keeps people signed in for 10 h." in rig.fails(2, "edit")
    question = "The organization of contoso keeps people signed in for 10 h. Count with that? [y/N] "
    for typed in (b"\n", b"n\n", b"yellow\n", b"\x04"):
        assert question in rig.terminal(120, "edit", "contoso", typed=typed, code=2)
    assert not [c for c in rig.daemon.calls if c[0] == "SetAccount"]
    out = rig.terminal(120, "edit", "contoso", typed=b"Yes\n")
    assert question in out and "lasts 10 h" in out
    assert rig.daemon.last("SetAccount") == ("contoso", {"length": 10 * HOUR})
    assert rig.health.calls == [], "nothing is asked for it"
    rig.health.say([])
    assert "--length 10h" in rig.fails(2, "edit")


@with_health
def check_bus_gone(rig):
    """A hanging service keeps nobody from ending."""
    rig.health.say(None)
    with subprocess.Popen([CTL, "health"], env=rig.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert rig.health.wait_for(1)
        begin = time.monotonic()
        child.terminate()
        child.communicate(timeout=20)
        assert time.monotonic() - begin < 2 and child.returncode == -15


CHECKS = [check_up, check_not_up, check_several, check_many, check_widths, check_hostile, check_errors, check_json,
          check_administrators, check_progress, check_wait, check_wait_intervals, check_status, check_edit,
          check_edit_question, check_bus_gone]

if __name__ == "__main__":
    sys.exit(run_checks(CHECKS))
