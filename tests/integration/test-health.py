# SPDX-License-Identifier: GPL-3.0-or-later
"""Service health at a warning: when signin-healthd is asked, what comes of it, and that nothing else waits for it."""

import os
import sys
import time

from gi.repository import Gio

from desktop import NotificationServer
from faketime import run_session, start_fast
from harness import (HOUR, LENGTH, MINUTE, SECOND, SRCDIR, WARNS_AFTER, Rig, check, check_equal, diag, now, run, test,
                     wait_until, watch_for)

sys.path.insert(0, os.path.join(SRCDIR, "tests", "client"))
import fakehealth  # noqa: E402
from fakehealth import broken, offline, up  # noqa: E402

SPEED = 3600
DAY = 24 * HOUR


def serve(rig, *answers):
    """A fake signin-healthd on the rig's bus."""
    def connect():
        flags = Gio.DBusConnectionFlags
        return Gio.DBusConnection.new_for_address_sync(
            rig.address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)

    health = rig.keep(fakehealth.Health(connect))
    health.say(*answers)
    return health


def settings(rig, text):
    """The person's own settings."""
    folder = os.path.join(rig.env["XDG_CONFIG_HOME"], "signind")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "signind.conf"), "w", encoding="utf-8") as file:
        file.write(text)


def last_body(server):
    """What the last popup says."""
    return server.calls()[-1]["body"] if server.calls() else ""


@test("the popup comes at once, and says more as soon as more is known")
def popup(rig):
    server = NotificationServer(rig)
    health = serve(rig, None)
    daemon = rig.start()
    rig.client.add()
    rig.client.record(at=now() - WARNS_AFTER + SECOND)
    rig.client.wait_signal("Warning")
    first = server.wait_popup()
    check(first["body"].endswith("then go Back."), f"nothing is known yet: {first['body']}")
    wait_until(lambda: health.calls, what="the question")
    target = health.calls[0][1]["targets"][0]
    check_equal((target["account"], target["service"], target["organization"], target["region"], target["url"]),
                ("contoso", "dynamics365", "contoso", "crm4", "https://contoso.crm4.dynamics.com"), "what is asked")
    check_equal([health.calls[0][1][key] for key in ("common", "feeds", "graph")], [False] * 3, "and what is not")

    health.tell(broken("unknown", "failed"))
    wait_until(lambda: rig.client.manager()["Health"], what="the answer on the bus")
    health.tell(offline())
    second = server.wait_popup(2)
    check("You are offline" in second["body"] and "Save your work first" in second["body"], f"{second['body']}")
    check_equal((second["replaces"], second["summary"]), (first["id"], first["summary"]), "the same popup")
    check("sound-name" not in second["hints"], "without a sound")
    row = rig.client.manager()["Health"]
    check_equal([(r["account"], r["verdict"], r["reason"]) for r in row], [("contoso", "offline", "name-unknown")],
                "the property")
    check(now() - MINUTE < row[0]["at"] <= now(), f"when: {row[0]['at']}")
    said = rig.ctl("status").stdout.decode()
    check("You were offline" in said and "ago" in said, f"signinctl status: {said}")
    health.tell(up())
    check("Signing in works again." in server.wait_popup(3)["body"], "that it is over")
    health.tell(up())
    rig.client.record()
    wait_until(lambda: server.calls("CloseNotification"), what="the popup to go")
    check_equal((len(server.calls()), len(health.calls)), (3, 1), "popups and questions")
    check_equal(daemon.stop(), 0, "exit status")


@test("a signin-healthd that hangs holds nothing back: neither marks nor popups nor the end of signind")
def hanging(rig):
    health = serve(rig, None)
    run_session(rig, 60, 7 * HOUR + 35 * MINUTE)
    check_equal(len(health.calls), 4, "questions: at the warning and three reminders")
    daemon = rig.start()
    rig.client.record(at=now() - WARNS_AFTER)
    wait_until(lambda: len(health.calls) == 5, what="the question")
    began = time.monotonic()
    check_equal(daemon.stop(), 0, "exit status")
    check(time.monotonic() - began < 2, f"the end took {time.monotonic() - began:.3f} s")


def session_at_desk(rig):
    """An account whose session begins with the test's day."""
    rig.client.add()
    rig.client.record()


def reminders_before_answer(rig):
    """How many there were: none, unless the machine was busy."""
    events = rig.client.events
    answer = next(n for n, e in enumerate(events) if e.kind == "changed" and "Health" in e.args)
    return sum(e.kind == "signal" and e.member == "Reminder" for e in events[:answer])


def no_warning(rig):
    """Accounts without a warning: signed out, and without a known length."""
    rig.client.add("fabrikam")
    rig.client.add()
    rig.client.call("SetAccount", "sa{sv}", "contoso", {"length": fakehealth.GLib.Variant("t", 0)})
    rig.client.record()


@test("in a whole day: one question at a warning, one a reminder until all is well, and none otherwise")
def day(_rig):
    stories = {"well": (session_at_desk, "", up()), "down": (session_at_desk, "", broken("down", "timeout")),
               "off": (session_at_desk, "[Health]\nhealth-at-warning=no\n", broken("down", "timeout")),
               "no warning": (no_warning, "", up())}
    rigs = {}
    try:
        for name, (begin, text, answer) in stories.items():
            rig = rigs[name] = Rig()
            settings(rig, text)
            rig.health = serve(rig, answer)
            rig.daemon = start_fast(rig, SPEED)
            begin(rig)
        watch_for(WARNS_AFTER / SECOND / SPEED - 1)
        check_equal({name: len(rig.health.calls) for name, rig in rigs.items()}, dict.fromkeys(stories, 0),
                    "questions before any warning")
        watch_for((DAY - WARNS_AFTER) / SECOND / SPEED + 1)
        for name in ("well", "down", "off"):
            check_equal(len(rigs[name].client.signals("Expired")), 1, f"ends of the session that is {name}")
        questions = {name: len(rig.health.calls) for name, rig in rigs.items()}
        reminders = len(rigs["down"].client.signals("Reminder"))
        diag(f"{reminders} reminders at x{SPEED}, questions: {questions}")
        check_equal((questions["off"], questions["no warning"]), (0, 0), "questions without a reason")
        check_equal(questions["well"], 1 + reminders_before_answer(rigs["well"]), "questions until all was well")
        # At this pace two reminders can come before one answer; at x60, above, each of them asks.
        check(2 <= questions["down"] <= 1 + reminders, f"{questions['down']} questions, {reminders} reminders")
        for rig in rigs.values():
            check_equal(rig.daemon.stop(), 0, "exit status")
    finally:
        for rig in rigs.values():
            rig.close()


@test("signin-healthd is started by a warning, not before; where there is none nothing is missed")
def activation(rig):
    server = NotificationServer(rig)
    mark = os.path.join(rig.dir, "started")
    script = os.path.join(rig.dir, "healthd")
    with open(script, "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\n: >{mark}\nexit 1\n")
    os.chmod(script, 0o755)
    rig.make_activatable(fakehealth.NAME, script)
    daemon = rig.start()
    rig.client.add()
    rig.client.record()
    rig.client.manager()
    rig.ctl("status")
    check(not os.path.exists(mark), "nothing was asked so far")
    rig.client.record(at=now() - WARNS_AFTER)
    rig.client.wait_signal("Warning")
    wait_until(lambda: os.path.exists(mark), what="signin-healthd to be started")
    check(last_body(server) or server.wait_popup(), "the popup came all the same")
    check_equal(rig.client.manager()["Health"], [], "nothing is known")
    rig.ctl("health")
    check_equal(daemon.stop(), 0, "exit status")


@test("signind itself has no network socket, and no library to speak to one")
def no_sockets(rig):
    serve(rig, up())
    daemon = rig.start()
    rig.client.add()
    rig.client.record(at=now() - WARNS_AFTER)
    rig.client.wait_signal("Warning")
    wait_until(lambda: rig.client.manager()["Health"], what="an answer")
    with open(f"/proc/{daemon.pid}/maps", encoding="utf-8", errors="replace") as file:
        libraries = file.read()
    check("libcurl" not in libraries and "libssl" not in libraries, "no library for the network")
    sockets = {os.readlink(f"/proc/{daemon.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{daemon.pid}/fd")}
    network = set()
    for table in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6"):
        path = f"/proc/{daemon.pid}/net/{table}"
        if os.path.exists(path):
            with open(path, encoding="ascii") as file:
                network |= {f"socket:[{line.split()[9]}]" for line in file.readlines()[1:]}
    check(not sockets & network, f"network sockets of signind: {sockets & network}")


@test("health-at-warning is taken up at once; what others find out is shown all the same")
def taken_up(rig):
    server = NotificationServer(rig)
    health = serve(rig, broken("down", "http-500"))
    settings(rig, "[Health]\nhealth-at-warning=no\n")
    rig.start()
    rig.client.add()
    rig.client.record(at=now() - WARNS_AFTER)
    rig.client.wait_signal("Warning")
    server.wait_popup()
    done = rig.ctl("health")
    check_equal((done.returncode, done.stdout.decode().split("\n")[0]),
                (1, "contoso is down: it answers with HTTP status 500."), "what a person is told who asks")
    wait_until(lambda: "The service does not work" in last_body(server), what="the popup to say so")
    check_equal(len(health.calls), 1, "questions")
    settings(rig, "[Health]\nhealth-at-warning=yes\n")
    rig.client.add("fabrikam")

    def asked():
        rig.client.record("fabrikam", at=now() - WARNS_AFTER)
        return "fabrikam" in [i for call in range(len(health.calls)) for i in health.targets(call)]
    wait_until(asked, what="the settings to be taken up")


run()
