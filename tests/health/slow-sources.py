# SPDX-License-Identifier: GPL-3.0-or-later
"""Feeds, Graph and organizations' settings, asked by the real signin-healthd: with a token command as a child and as a
unit, and with a token that nobody but two hosts gets to see."""

import json
import os
import subprocess
import time
from email.utils import formatdate

from lab import (NAME, PATH, GLib, Lab, check, check_equal, one, reply, rows_of, run, test, wait_until)
from manager import PATH as SYSTEMD_PATH
from manager import Manager

TOKEN = "eyJ0eXAiOiJKV1QiLCJub25jZSI6.this-is-nobodys_business.0123456789"
GRAPH = "graph.microsoft.com"
STATUS = "status.cloud.microsoft"
AZURE = "rssfeed.azure.status.microsoft"
ITEM = "<item><title>Admin center</title><status>Available</status><pubDate>{date}</pubDate></item>"
OVERVIEWS = {"value": [{"id": "DynamicsCRM", "service": "Dynamics 365 Apps", "status": "serviceDegradation"},
                       {"id": "OrgLiveID", "service": "Microsoft Entra", "status": "serviceOperational"}]}
ISSUES = {"value": [{"id": "CR384241", "service": "Dynamics 365 Apps", "title": "Some people can't sign in",
                     "status": "serviceDegradation", "startDateTime": "2026-08-01T00:00:00Z", "isResolved": False}]}
SESSION = {"value": [{"sessiontimeoutenabled": True, "sessiontimeoutinmins": 600, "sessiontimeoutreminderinmins": 30}]}


def as_json(value):
    """An answer."""
    return reply(200, "Content-Type: application/json", body=json.dumps(value).encode())


def feed(items):
    """A feed that was made just now."""
    date = formatdate(time.time(), usegmt=True)
    text = f"<rss><channel><lastBuildDate>{date}</lastBuildDate>{items.format(date=date)}</channel></rss>"
    return reply(200, "Content-Type: text/xml", body=text.encode())


class Town(Lab):
    """A lab in which all these are, and a token command."""

    def start_town(self, **others):
        """All of them well, but for Dynamics 365."""
        self.start_names()
        self.start_web({GRAPH: self.graph, "graph.microsoft.us": self.graph, STATUS: feed(ITEM), AZURE: feed(""),
                        "contoso": self.organization, **others})
        self.tokens = []

    def asked(self, host):
        """What a host was asked for, with its token or None."""
        found = []
        for name, path, lines in self.upstream.asked:
            token = next((line.split(" ", 1)[1] for line in lines if line.lower().startswith("authorization:")), None)
            if name == host:
                found.append((path, token))
        return found

    def graph(self, request, host):
        path = self.asked(host)[-1][0]
        as_json(ISSUES if "/issues" in path else OVERVIEWS)(request, host)

    def organization(self, request, host):
        path = self.asked(host)[-1][0]
        if "/organizations" in path:
            as_json(SESSION)(request, host)
        else:
            reply(401, "WWW-Authenticate: Bearer authorization_uri=https://login.microsoftonline.com/t/oauth2/authorize")(
                request, host)

    def write(self, name, text, mode=0o600):
        """A file of the person."""
        folder = os.path.join(self.env["XDG_CONFIG_HOME"], "signind")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def set_command(self):
        """A command that prints the token, and tells in a file what it was for."""
        secret = self.write("secret", TOKEN + "\n")
        script = self.write("token", f"#!/bin/sh\necho \"$1 $SIGNIND_RESOURCE\" >>{self.dir}/resources\ncat {secret}\n", 0o700)
        self.write("signind.conf", f"[Health]\ntoken-command={script} %r\n")

    def resources(self):
        """What tokens were asked for."""
        with open(os.path.join(self.dir, "resources"), encoding="utf-8") as file:
            return sorted(file.read().split("\n")[:-1])


def command_lines():
    """Those of all processes."""
    found = b""
    for pid in os.listdir("/proc"):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                found += file.read()
        except OSError:
            pass
    return found


@test("feeds, Graph and the organization's own session length; the token goes to two hosts and is nowhere else")
def everything(lab):
    lab.start_town()
    lab.set_command()
    lines = []
    graph = lab.upstream.answers[GRAPH]
    lab.upstream.answers[GRAPH] = lambda *args: (lines.append(command_lines()), graph(*args))
    lab.start_healthd("--verbose")
    results = lab.ask(["contoso"], feeds=True, graph=True)
    feeds = {row["name"]: (row["verdict"], row["reason"]) for row in rows_of(results, kind="feed")}
    check_equal(feeds, {"Microsoft 365 admin center": ("up", "available"),
                        "Power Platform admin center": ("up", "available"), "Microsoft Azure": ("up", "no-incidents")},
                "feeds")
    rows = rows_of(results, kind="graph")
    check_equal([(r["name"], r["verdict"], r["issue_id"]) for r in rows],
                [("Dynamics 365 Apps", "degraded", "CR384241"), ("Microsoft Entra", "up", "")], "Graph")
    organization = one(results, "contoso", "organization")
    check_equal((organization["session_length_usec"], organization["warning_lead_usec"]), (36000000000, 1800000000),
                "the organization's own")
    check_equal(organization["verdict"], "up", "verdict of the organization")
    check_equal(one(results, "contoso", "summary")["verdict"], "up", "what Graph says does not change what was seen")
    known = lab.client.call("Get", path=PATH, interface=NAME, name=NAME)[0]
    check_equal(one(known, "contoso", "organization"), organization, "what Get knows")
    check_equal(len(known), len(results), "how much Get knows")
    check_equal(lab.resources(), [f"https://{host} https://{host}" for host in ("contoso.crm4.dynamics.com", GRAPH)],
                "what the command was told")
    with_token = {name for name, _, lines in lab.upstream.asked if any(TOKEN in line for line in lines)}
    check_equal(with_token, {GRAPH, "contoso.crm4.dynamics.com"}, "who saw the token")
    check_equal(lab.asked("contoso.crm4.dynamics.com").count(("/api/data/v9.2/", None)), 1, "the probe has no token")
    check(TOKEN not in str(results) + str(known) + lab.healthd.log(), "rows and messages")
    check(lines and TOKEN.encode() not in b"".join(lines), "command lines")
    found = subprocess.run(["grep", "-rlsa", TOKEN, lab.dir], stdout=subprocess.PIPE, text=True, check=False).stdout.split()
    check_equal(found, [os.path.join(lab.env["XDG_CONFIG_HOME"], "signind", "secret")], "files with the token")


@test("Get knows all issues of a service, and only those that were told last")
def issues(lab):
    lab.start_town()
    lab.set_command()
    lab.start_healthd()
    two = {"value": [*ISSUES["value"], {**ISSUES["value"][0], "id": "CR2", "title": "Another one"}]}
    answer = lab.upstream.answers[GRAPH]
    lab.upstream.answers[GRAPH] = lambda request, host: (
        as_json(two) if "/issues" in lab.asked(GRAPH)[-1][0] else as_json(OVERVIEWS))(request, host)
    lab.ask(["contoso"], graph=True)
    known = lab.client.call("Get", path=PATH, interface=NAME, name=NAME)[0]
    check_equal(sorted(r["issue_id"] for r in rows_of(known, kind="graph")), ["", "CR2", "CR384241"], "two issues")
    lab.upstream.answers[GRAPH] = answer
    lab.ask(["contoso"], graph=True, refresh=True)
    known = lab.client.call("Get", path=PATH, interface=NAME, name=NAME)[0]
    check_equal(sorted(r["issue_id"] for r in rows_of(known, kind="graph")), ["", "CR384241"], "one is over")


@test("nothing of it is asked for who does not want it, nor Graph without a command; one that is written counts at once")
def wanted(lab):
    lab.start_town()
    lab.start_healthd()
    lab.ask(["contoso"], feeds=False, graph=False)
    check_equal(lab.asked(STATUS) + lab.asked(GRAPH), [], "asked for who does not want it")
    results = lab.ask(["contoso"], feeds=False, graph=True)
    check_equal(rows_of(results, kind="graph"), [], "Graph without a command")
    lab.set_command()
    results = lab.ask(["contoso"], feeds=False, graph=True)
    check_equal(len(rows_of(results, kind="graph")), 2, "Graph with a command")
    check_equal(lab.asked(STATUS), [], "feeds")


@test("each cloud has its own Graph; where several organizations are meant none is asked for its settings")
def clouds(lab):
    lab.start_town()
    lab.set_command()
    lab.start_healthd()
    accounts = [{"account": "a", "service": "dynamics365", "organization": "contoso", "region": "crm4"},
                {"account": "b", "service": "dynamics365", "organization": "contoso", "region": "gcchigh"}]
    results = lab.ask(accounts, graph=True)
    check_equal(len(rows_of(results, kind="graph")), 4, "rows of two clouds")
    check_equal(lab.resources(), [f"https://{host} https://{host}" for host in (GRAPH, "graph.microsoft.us")], "tokens")
    check("session_length_usec" not in one(results, "a", "organization"), "no settings")


@test("a host that belongs to no region is sent no token, whatever it calls itself")
def stranger(lab):
    lab.start_town(own=reply(401, "WWW-Authenticate: Bearer authorization_uri=https://login.microsoftonline.com/t/x"))
    lab.set_command()
    lab.start_healthd()
    lab.ask([{"account": "own", "service": "dynamics365", "url": "https://own.lab.example/"}], graph=True)
    check_equal(len(lab.asked("own.lab.example")), 1, "requests")
    check_equal(lab.asked("own.lab.example")[0][1], None, "token")
    check_equal(lab.resources(), [f"https://{GRAPH} https://{GRAPH}"], "tokens")


class Starter(Manager):
    """A user manager that runs what it is to start, as systemd does with a given file descriptor for its output."""

    result = "success"

    def _call(self, connection, sender, path, interface, member, parameters, invocation):
        if member != "StartTransientUnit":
            super()._call(connection, sender, path, interface, member, parameters, invocation)
            return
        unit, _, properties, _ = parameters.unpack()
        properties = dict(properties)
        self.started.append((unit, properties))
        fds = invocation.get_message().get_unix_fd_list()
        invocation.return_value(GLib.Variant("(o)", (SYSTEMD_PATH + "/job/1",)))
        out = fds.get(properties["StandardOutputFileDescriptor"])
        argv = properties["ExecStartEx"][0][1]
        subprocess.run(argv, stdout=out, stdin=subprocess.DEVNULL, check=True,
                       env={"PATH": os.environ["PATH"], **dict(v.split("=", 1) for v in properties["Environment"])})
        os.close(out)
        escaped = "".join(c if c.isalnum() else f"_{ord(c):02x}" for c in unit)
        self.connection.emit_signal(None, f"{SYSTEMD_PATH}/unit/{escaped}", "org.freedesktop.DBus.Properties",
                                    "PropertiesChanged", GLib.Variant("(sa{sv}as)", (
                                        "org.freedesktop.systemd1.Service", {"Result": GLib.Variant("s", self.result)}, [])))
        self.remove(unit)


@test("with a user manager the command is a unit of its own, and its output goes from there to signin-healthd alone")
def units(lab):
    manager = Starter(lab)
    lab.start_town()
    lab.set_command()
    lab.start_healthd()
    results = lab.ask(["contoso"], graph=True)
    check_equal(len(rows_of(results, kind="graph")), 2, "Graph")
    check_equal(len(manager.started), 2, "units: for Graph and for the organization")
    name, properties = manager.started[0]
    check(name.startswith("app-signind-token-"), name)
    check_equal((properties["RuntimeMaxUSec"], properties["StandardError"], properties["CollectMode"]),
                (10000000, "null", "inactive-or-failed"), "properties")
    check(TOKEN not in str(manager.started), "no token in what the manager is told")
    manager.result = "exit-code"
    results = lab.ask(["contoso"], graph=True, refresh=True)
    check_equal([(r["name"], r["verdict"], r["reason"]) for r in rows_of(results, kind="graph")],
                [(GRAPH, "unknown", "token-command-failed")], "a command that failed")
    check_equal(one(results, "contoso", "organization")["verdict"], "up", "the organization all the same")


@test("a command that hangs delays nothing but its own answer, and ends with the check")
def hanging(lab):
    lab.start_town()
    script = lab.write("token", f"#!/bin/sh\necho $$ >{lab.dir}/pid.new; mv {lab.dir}/pid.new {lab.dir}/pid\nexec sleep 1000\n",
                       0o700)
    lab.write("signind.conf", f"[Health]\ntoken-command={script}\n")
    lab.start_healthd()
    results = lab.ask(["contoso"], graph=True, feeds=True, timeout_usec=1500000)
    check_equal(one(results, "contoso", "summary")["verdict"], "up", "summary")
    check_equal(len(rows_of(results, kind="feed")), 3, "feeds")
    with open(os.path.join(lab.dir, "pid"), encoding="ascii") as file:
        pid = int(file.read())
    wait_until(lambda: not os.path.exists(f"/proc/{pid}/exe") or not os.path.exists(f"/proc/{pid}"), what="its end")


run(Town)
