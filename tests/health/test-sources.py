# SPDX-License-Identifier: GPL-3.0-or-later
"""Public feeds, Microsoft Graph and an organization's settings, from a small HTTPS server here."""

import http.server
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from email.utils import formatdate

from gi.repository import GLib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "integration"))
from harness import BUILDDIR, check, check_equal, end_process, run, test  # noqa: E402

ASK = os.path.join(BUILDDIR, "tests/health/ask-sources")
TOKEN = "eyJ0eXAiOiJKV1QiLCJub25jZSI6.this-is-nobodys_business~0123456789"
OVERVIEWS = "/v1.0/admin/serviceAnnouncement/healthOverviews"
ISSUES = "/v1.0/admin/serviceAnnouncement/issues"
SESSION = "/api/data/v9.2/organizations"

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Status</title><lastBuildDate>{date}</lastBuildDate>{items}</channel></rss>
"""
ITEM = "<item><title>{title}</title><status>{status}</status><pubDate>{date}</pubDate></item>"

SERVICE = """[Feed mac]
name=Microsoft 365 admin center
url=https://localhost:{port}/feed/mac
kind=status
interval=10min
[Feed azure]
name=Microsoft Azure
url=https://localhost:{port}/feed/azure
page=https://azure.status.microsoft/
kind=incidents
interval=10min
[Graph]
ids=DynamicsCRM;OrgLiveID
page=https://admin.microsoft.com/
[Session]
path=/api/data/v9.2/organizations?$select=sessiontimeoutenabled
"""


def rss(items="", age=0):
    """A feed that was made AGE seconds ago."""
    return 200, RSS.format(date=formatdate(time.time() - age, usegmt=True), items=items)


def status(word, age=0):
    """A feed of status.cloud.microsoft."""
    return rss(ITEM.format(title="Admin center", status=word, date=formatdate(time.time() - age, usegmt=True)), age)


def overviews(*services, **more):
    """A page of healthOverviews."""
    value = [{"id": i, "service": name, "status": word} for i, name, word in services]
    return 200, json.dumps({"value": value, **more})


def issue(number, service, title):
    """An issue that goes on."""
    return {"id": number, "service": service, "title": title, "status": "serviceDegradation",
            "startDateTime": "2026-08-01T00:00:00Z", "isResolved": False}


WELL = overviews(("DynamicsCRM", "Dynamics 365 Apps", "serviceOperational"),
                 ("OrgLiveID", "Microsoft Entra", "ServiceOperational"))
NO_ISSUES = 200, json.dumps({"value": []})


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers a path as the server's table says: a status, a body, and headers."""

    def do_GET(self):  # noqa: N802
        path = self.path.split("?")[0]
        self.server.asked.append((self.path, self.headers))
        self.server.cmdlines.extend(cmdlines())
        answer = self.server.answers.get(path, (404, ""))
        answer = answer(self) if callable(answer) else answer
        code, body, *headers = answer
        body = body if isinstance(body, bytes) else body.encode()
        self.send_response(code)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


def cmdlines():
    """The command lines of all processes."""
    found = []
    for pid in os.listdir("/proc"):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                found.append(file.read())
        except OSError:
            pass
    return found


def openssl(folder, *argv):
    """Runs openssl, which must not fail."""
    subprocess.run(["openssl", *argv], cwd=folder, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


class Site:
    """The server, its certificate, and who asks it."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="signind-sources-")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        openssl(self.dir, "req", "-x509", *key, "-days", "30", "-subj", "/CN=CA of a test", "-keyout", "ca.key", "-out",
                "ca.pem")
        openssl(self.dir, "req", *key, "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "request.pem")
        with open(os.path.join(self.dir, "names"), "w", encoding="ascii") as file:
            file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        openssl(self.dir, "x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-days", "30", "-extfile", "names", "-out", "cert.pem")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(self.dir, "cert.pem"), os.path.join(self.dir, "key.pem"))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.server.asked, self.server.cmdlines = [], []
        self.port = self.server.server_address[1]
        self.host = f"localhost:{self.port}"
        self.server.answers = {"/feed/mac": status("Available"), "/feed/azure": rss(), OVERVIEWS: WELL,
                               ISSUES: NO_ISSUES}
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.put("service.conf", SERVICE.format(port=self.port))
        self.command = self.put("token", f"#!/bin/sh\necho \"$SIGNIND_RESOURCE\" >>{self.dir}/resources\n"
                                         f"cat {self.dir}/secret\n", 0o700)
        self.put("secret", TOKEN + "\n", 0o600)
        self.process = None

    def put(self, name, text, mode=0o644):
        """Writes a file."""
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def start(self, command=None, graph=True, organization=False):
        """Starts the one who asks."""
        host = self.host if graph else ""
        self.errors = open(os.path.join(self.dir, "errors"), "w+b")
        self.process = subprocess.Popen(
            [ASK, os.path.join(self.dir, "ca.pem"), os.path.join(self.dir, "service.conf"), command or self.command, host,
             self.host if organization else ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
            text=True, env={**os.environ, "G_MESSAGES_DEBUG": "all", "no_proxy": "*"})

    def ask(self, word="ask"):
        """Asks once; gives the rows of the feeds, those of Graph, and everything that was written."""
        if self.process is None:
            self.start()
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        rows, lines = [], []
        for line in self.process.stdout:
            lines.append(line)
            if line == ".\n":
                break
            if line.startswith("{"):
                rows.append(GLib.Variant.parse(GLib.VariantType("a{sv}"), line, None, None).unpack())
        self.written = "".join(lines)
        return [r for r in rows if r["kind"] == "feed"], [r for r in rows if r["kind"] != "feed"]

    def answers(self, **_):
        """What the server answers, by path."""
        return self.server.answers

    def close(self):
        """Ends what was started."""
        if self.process is not None:
            end_process(self.process)
            self.process.stdin.close()
            self.process.stdout.close()
            self.errors.close()
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.dir)

    def paths(self):
        """What was asked for."""
        return [path for path, _ in self.server.asked]


def verdicts(rows):
    """What rows come to, in short."""
    return [(r["name"], r["verdict"], r["reason"]) for r in rows]


@test("all is well: the feeds say so under their own names, and Graph of what people sign in to")
def well(site):
    feeds, graph = site.ask()
    check_equal(verdicts(feeds), [("Microsoft 365 admin center", "up", "available"),
                                  ("Microsoft Azure", "up", "no-incidents")], "feeds")
    check_equal(verdicts(graph), [("Dynamics 365 Apps", "up", "operational"),
                                  ("Microsoft Entra", "up", "operational")], "Graph")
    check_equal([(r["title"], r["since"], r["detail"]) for r in feeds + graph], [("", 0, "")] * 4, "nothing beside it")
    check_equal(graph[0]["url"], "https://admin.microsoft.com/", "the page for administrators")
    check_equal(graph[0]["status"], 200, "status")
    check(graph[0]["total_usec"] > 0 and feeds[0]["total_usec"] > 0, "times")
    with open(os.path.join(site.dir, "resources"), encoding="utf-8") as file:
        check_equal(file.read(), f"https://{site.host}\n", "what the command was told that the token is for")


@test("the token is sent to Graph only, and is in no row, message or command line")
def secret(site):
    site.server.answers[OVERVIEWS] = lambda handler: (401, json.dumps({"error": {
        "code": handler.headers["Authorization"].split()[1], "message": handler.headers["Authorization"]}}))
    site.start(organization=True)
    site.ask()
    site.server.answers[OVERVIEWS] = WELL
    site.ask("refresh")
    sent = {path.split("?")[0]: headers["Authorization"] for path, headers in site.server.asked}
    check_equal(sent[OVERVIEWS], "Bearer " + TOKEN, "to Graph")
    check_equal(sent[ISSUES], "Bearer " + TOKEN, "to Graph, for issues")
    check_equal(sent["/feed/mac"], None, "to a feed")
    site.errors.seek(0)
    check(TOKEN not in site.written and TOKEN.encode() not in site.errors.read(), "rows and messages")
    check(len(site.server.cmdlines) > 10, "command lines were looked at")
    check(not any(TOKEN.encode() in line for line in site.server.cmdlines), "command lines")


@test("Dynamics 365 and the sign-in service come first, then what else is not well, with its issues")
def order(site):
    site.server.answers[OVERVIEWS] = overviews(
        ("Exchange", "Exchange Online", "serviceInterruption"), ("Intune", "Microsoft Intune", "serviceOperational"),
        ("OrgLiveID", "Microsoft Entra", "investigating"), ("DynamicsCRM", "Dynamics 365 Apps", "serviceDegradation"),
        ("yammer", "Viva Engage", "splendid"))
    site.server.answers[ISSUES] = 200, json.dumps({"value": [
        issue("CR1", "Dynamics 365 Apps", "People can\u202e't \x1b[31msign in"), issue("CR2", "Dynamics 365 Apps", "Two"),
        issue("SP1", "SharePoint Online", "Not told")]})
    _, graph = site.ask()
    check_equal(verdicts(graph), [("Dynamics 365 Apps", "degraded", "service-degradation"),
                                  ("Dynamics 365 Apps", "degraded", "service-degradation"),
                                  ("Microsoft Entra", "degraded", "investigating"),
                                  ("Exchange Online", "down", "service-interruption"),
                                  ("Viva Engage", "unknown", "unknown-word")], "Graph")
    check_equal([r["issue_id"] for r in graph], ["CR1", "CR2", "", "", ""], "issues")
    check_equal(graph[0]["title"], "People can 't [31msign in", "a title, cleaned")
    check_equal(graph[0]["since"], 1785542400 * 1000000, "since when")
    query = next(path for path in site.paths() if path.startswith(ISSUES))
    check("isResolved%20eq%20false" in query and "$select=" in query, query)


@test("pages are followed on the same server, and not for ever")
def pages(site):
    base = f"https://{site.host}{OVERVIEWS}"
    def page(handler):
        if "skip" in handler.path:
            return WELL
        return overviews(("Exchange", "Exchange Online", "serviceOperational"), **{"@odata.nextLink": base + "?$skip=1"})
    site.server.answers[OVERVIEWS] = page
    _, graph = site.ask()
    check_equal(verdicts(graph)[0], ("Dynamics 365 Apps", "up", "operational"), "from the second page")
    site.server.answers[OVERVIEWS] = lambda handler: overviews(
        ("DynamicsCRM", "Dynamics 365 Apps", "serviceOperational"),
        **{"@odata.nextLink": f"{base}?$skip={len(site.server.asked)}"})
    site.server.asked.clear()
    _, graph = site.ask("refresh")
    check_equal(sum(path.startswith(OVERVIEWS) for path in site.paths()), 10, "pages")
    check_equal(verdicts(graph), [("Dynamics 365 Apps", "up", "operational"), (site.host, "unknown", "too-many-pages")],
                "Graph")
    for elsewhere in (f"https://127.0.0.1:{site.port}/next", f"http://{site.host}/next", "file:///etc/passwd"):
        site.server.answers[OVERVIEWS] = overviews(("DynamicsCRM", "Dynamics 365 Apps", "serviceOperational"),
                                                   **{"@odata.nextLink": elsewhere})
        site.server.asked.clear()
        _, graph = site.ask("refresh")
        check_equal(graph[-1]["reason"], "foreign-page", elsewhere)
        check("/next" not in site.paths(), f"{elsewhere} was asked")


@test("who may not read is told so with Graph's own code, and the services stay unknown")
def refused(site):
    for code, name in ((401, "InvalidAuthenticationToken"), (403, "Authorization_RequestDenied")):
        site.server.answers[OVERVIEWS] = code, json.dumps({"error": {"code": name, "message": "no"}})
        _, graph = site.ask("refresh")
        check_equal(verdicts(graph), [(site.host, "unknown", f"http-{code}")], "Graph")
        check_equal((graph[0]["detail"], graph[0]["status"]), (name, code), "detail")
    site.server.answers[OVERVIEWS] = WELL
    site.server.answers[ISSUES] = 403, "<html>"
    _, graph = site.ask("refresh")
    check_equal(verdicts(graph), [("Dynamics 365 Apps", "up", "operational"), ("Microsoft Entra", "up", "operational"),
                                  (site.host, "unknown", "http-403")], "services without issues")
    check_equal([r["status"] for r in graph], [200, 200, 403], "each its own status")


@test("who asked to be left alone is, even if somebody wants it anew")
def throttled(site):
    site.server.answers[OVERVIEWS] = 429, "{}", ("Retry-After", "120")
    site.server.answers["/feed/mac"] = 503, "", ("Retry-After", "60")
    feeds, graph = site.ask()
    check_equal((graph[0]["reason"], graph[0]["retry_after_sec"]), ("http-429", 120), "Graph")
    check_equal((feeds[0]["verdict"], feeds[0]["reason"], feeds[0]["retry_after_sec"]), ("unknown", "http-503", 60),
                "a feed")
    before = len(site.server.asked)
    _, again = site.ask("refresh")
    check_equal(again, graph, "what is known of Graph")
    check_equal(site.paths()[before:], ["/feed/azure"], "asked again")


@test("within their intervals nothing is asked twice, but when somebody wants it anew")
def intervals(site):
    first = site.ask()
    check_equal(len(site.server.asked), 4, "requests")
    check_equal(site.ask(), first, "what is known")
    check_equal(len(site.server.asked), 4, "requests for what is known")
    site.ask("refresh")
    check_equal(len(site.server.asked), 8, "requests for what is to be new")


@test("a feed that is old, empty, cut off, huge, unknown or a page of a hotel is no good news")
def bad_feeds(site):
    hotel = "<!DOCTYPE html><html><head><title>Welcome</title></head><body>Room?</body></html>"
    rows = (
        (status("Available", 7200), "stale"), (rss(), "empty"), ((200, ""), "not-understood"),
        ((200, status("Available")[1][:-40]), "not-understood"), ((200, hotel), "not-understood"),
        ((200, "x" * 300000), "too-large"), (status("Never better"), "unknown-word"), (status("Unknown"), "status-unknown"),
        ((302, "", ("Location", "https://hotel.example/")), "http-302"), ((429, ""), "http-429"), ((404, ""), "http-404"))
    for answer, reason in rows:
        site.server.answers["/feed/mac"] = answer
        feeds, _ = site.ask("refresh")
        check_equal(verdicts(feeds)[0], ("Microsoft 365 admin center", "unknown", reason), "a feed")
        check_equal(feeds[0]["detail"] == "Never better", reason == "unknown-word", "a word that is not known")
    site.server.answers["/feed/azure"] = rss(age=3600)
    feeds, _ = site.ask("refresh")
    check_equal(verdicts(feeds)[1], ("Microsoft Azure", "unknown", "stale"), "no incidents an hour ago")


@test("incidents are told by their titles, and lead to where more is said")
def incidents(site):
    items = "".join(ITEM.format(title=f"Incident {i}", status="", date=formatdate(time.time() - 60, usegmt=True))
                    for i in range(9))
    site.server.answers["/feed/azure"] = rss(items)
    feeds, _ = site.ask()
    azure = feeds[1:]
    check_equal([r["title"] for r in azure], [f"Incident {i}" for i in range(5)], "titles")
    check_equal({(r["verdict"], r["reason"], r["url"]) for r in azure},
                {("degraded", "incidents", "https://azure.status.microsoft/")}, "rows")


@test("a token command that fails, or prints something else, is told by a code; nothing is sent")
def no_token(site):
    for command, reason in (("false", "token-command-failed"), ("true", "token-missing"),
                            ("echo Please sign in first", "token-malformed"), ("/nonexistent", "token-command-invalid")):
        site.start(command)
        _, graph = site.ask()
        check_equal(verdicts(graph), [(site.host, "unknown", reason)], command)
        end_process(site.process)
    check(not any("v1.0" in path for path in site.paths()), "nothing is sent")


@test("an organization's session length is told to who may read it; who may not is told nothing")
def session(site):
    columns = {"sessiontimeoutenabled": True, "sessiontimeoutinmins": 600, "sessiontimeoutreminderinmins": 30}
    site.server.answers[SESSION] = 200, json.dumps({"value": [columns]})
    site.start(graph=False, organization=True)
    _, rows = site.ask()
    check_equal(rows, [{"kind": "addition", "name": site.host, "session_length_usec": 36000000000,
                        "warning_lead_usec": 1800000000}], "addition")
    # The feeds are asked at the same time: any of them may be the last.
    check(any("$select=sessiontimeoutenabled" in path for path in site.paths()), site.paths())
    site.server.answers[SESSION] = 200, json.dumps({"value": [{**columns, "sessiontimeoutenabled": False}]})
    _, rows = site.ask("refresh")
    check_equal((rows[0]["session_length_usec"], rows[0]["warning_lead_usec"]), (0, 0), "no length of its own")
    for answer in ((403, json.dumps({"error": {"code": "0x80042f09"}})), (401, ""), (200, "<html>"), (404, "")):
        site.server.answers[SESSION] = answer
        _, rows = site.ask("refresh")
        check_equal(rows, [], "no right to read is no error")


run(Site)
