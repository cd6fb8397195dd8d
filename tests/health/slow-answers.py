# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that a server can answer, and what is made of it."""

import gzip
import os
import threading
import time

from lab import (AUTHORITY, SIGN_IN, TENANT, Lab, challenge, check, check_equal, diag, never, one, openid, reply, rows_of,
                 run, status_kb, test)
from harness import SANITIZED

MEBIBYTE = 1 << 20
HUGE = 500 * MEBIBYTE
BOMB = gzip.compress(bytes(200 * MEBIBYTE), 9)
MEMORY_KB = 20 * 1024


def huge(request, _host):
    """A body of 500 MiB, as fast as it is taken."""
    request.sendall(f"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nContent-Length: {HUGE}\r\n\r\n".encode())
    block = b" " * MEBIBYTE
    for _ in range(HUGE // MEBIBYTE):
        request.sendall(block)


def endless(request, _host):
    """The same, without saying how much it will be."""
    request.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n")
    block = b" " * MEBIBYTE
    for _ in range(HUGE // MEBIBYTE):
        request.sendall(block)


def slow(request, host):
    """Answers, but too late for anybody."""
    time.sleep(20)
    reply(401, "WWW-Authenticate: Bearer authorization_uri=" + SIGN_IN)(request, host)


def cut(request, _host):
    """Ends within the body."""
    request.sendall(b'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"issuer":')


def trickle(request, _host):
    """A byte now and then: never late, never done."""
    request.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 5000\r\n\r\n")
    for _ in range(100):
        request.sendall(b" ")
        time.sleep(0.2)


def drop(request, _host):
    """Hangs up."""
    request.close()


RESOURCE = "resource_id=https://contoso.crm4.dynamics.com/"
# Organization, how it answers, what comes of it: verdict, reason.
ORGANIZATIONS = {
    "plain": (challenge(f"Bearer authorization_uri={SIGN_IN}"), "up", "auth-challenge"),
    "resource": (challenge(f"Bearer authorization_uri={SIGN_IN}, {RESOURCE}"), "up", "auth-challenge"),
    "quoted": (challenge(f'Bearer authorization_uri="{SIGN_IN}", resource_id="https://x.example/"'), "up", "auth-challenge"),
    "lower": (challenge(f"bearer AUTHORIZATION_URI = {SIGN_IN}"), "up", "auth-challenge"),
    "second": (challenge("Negotiate", "NTLM", f"Bearer {RESOURCE}, authorization_uri={SIGN_IN}"), "up", "auth-challenge"),
    "oneline": (challenge(f'Basic realm="a, b", Bearer authorization_uri="{SIGN_IN}"'), "up", "auth-challenge"),
    "halfquote": (challenge(f'Bearer authorization_uri={SIGN_IN}"'), "up", "auth-challenge"),
    "h2": (challenge(f"Bearer authorization_uri={SIGN_IN}"), "up", "auth-challenge"),
    "nochallenge": (reply(401), "unknown", "challenge-missing"),
    "basic": (challenge('Basic realm="x"'), "unknown", "challenge-missing"),
    "badchallenge": (challenge("Bearer authorization_uri=http://plain.example/"), "unknown", "challenge-missing"),
    "toauthority": (reply(302, f"Location: {SIGN_IN}?nonce=secret"), "up", "redirect-to-authority"),
    "foreign": (reply(302, "Location: https://stranger.example/login"), "unknown", "foreign-redirect"),
    "tohttp": (reply(302, "Location: http://tohttp.crm4.dynamics.com/"), "unknown", "foreign-redirect"),
    "tofile": (reply(302, "Location: file:///etc/passwd"), "unknown", "foreign-redirect"),
    "loop": (reply(302, "Location: https://loop.crm4.dynamics.com/api/data/v9.2/"), "unknown", "redirect-loop"),
    "inner": (reply(302, "Location: /elsewhere"), "unknown", "http-302"),
    "gone": (reply(404), "not-found", "http-404"),
    "bad": (reply(400), "not-found", "http-400"),
    "busy": (reply(503, "Retry-After: 120"), "degraded", "http-503"),
    "many": (reply(429, "Retry-After: 7"), "degraded", "http-429"),
    "broken": (reply(500), "down", "http-500"),
    "forbidden": (reply(403), "unknown", "http-403"),
    "fine": (reply(200, body=b"{}"), "unknown", "http-200"),
    "slow": (slow, "down", "timeout"),
    "never": (never, "down", "timeout"),
    "cut": (cut, "unknown", "http-200"),
    "huge": (huge, "unknown", "http-200"),
    "drop": (drop, "down", "http-502"),  # what nginx says of a server that hangs up
    "wrongname": (reply(401), "unknown", "wrong-certificate"),
    "expired": (reply(401), "unknown", "certificate-expired"),
    "selfsigned": (reply(401), "unknown", "certificate-untrusted"),
    "refused": (reply(401), "down", "connection-refused"),
    "nobody": (reply(401), "not-found", "name-unknown"),
}

# The same for sign-in authorities, whose body is read.
AUTHORITIES = {
    "good": (openid(), "up", "openid-configuration"),
    "issuer": (openid("stranger.example"), "unknown", "issuer-mismatch"),
    "html": (reply(200, body=b"<html>Sign in to this network</html>"), "unknown", "not-understood"),
    "deep": (reply(200, body=b"[" * 200000), "unknown", "not-understood"),
    "empty": (reply(200), "unknown", "not-understood"),
    "bomb": (reply(200, "Content-Encoding: gzip", body=BOMB[:200000]), "unknown", "not-understood"),
    "largebomb": (reply(200, "Content-Encoding: gzip", body=BOMB + bytes(MEBIBYTE)), "unknown", "too-large"),
    "large": (huge, "unknown", "too-large"),
    "endless": (endless, "unknown", "too-large"),
    "cutoff": (cut, "unknown", "cut-off"),
    "trickle": (trickle, "unknown", "cut-off"),
    "tired": (reply(503, "Retry-After: Fri, 31 Dec 2100 00:00:00 GMT"), "degraded", "http-503"),
    "ill": (reply(502), "down", "http-502"),
    "missing": (reply(404), "unknown", "http-404"),
    "mute": (never, "down", "timeout"),
}


def addresses(name):
    """Where everything is."""
    first = name.split(".")[0]
    if first == "nobody":
        return None
    return [{"h2": "127.0.0.2", "refused": "127.0.0.7"}.get(first, "127.0.0.1")]


class Peak(threading.Thread):
    """The most private memory that a process had meanwhile."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid = pid
        self.most = 0
        self.over = threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(0.02):
            try:
                self.most = max(self.most, status_kb(self.pid, "RssAnon"))
            except (OSError, StopIteration):
                return  # it is no more

    def stop(self):
        """Gives the peak."""
        self.over.set()
        self.join()
        return self.most


def prepare(lab):
    """All servers of the tables above, and services that name their sign-in authorities."""
    lab.addresses = addresses
    lab.start_names()
    lab.certificates.make("wrongname", ["other.example"])
    lab.certificates.make("expired", ["expired.crm4.dynamics.com"], days=-3)
    lab.certificates.make_ca("selfsigned")
    answers = {name: answer for name, (answer, _verdict, _reason) in ORGANIZATIONS.items()}
    for name, (answer, _verdict, _reason) in AUTHORITIES.items():
        answers[f"{name}.lab.example"] = answer
        lab.write_service("with-" + name, kind="portal", url=f"https://portal-{name}.lab.example", path="/",
                          more=f"health-authority={name}.lab.example")
        answers["portal-" + name] = reply(200, body=b"hello")
    lab.write_service("dynamics365")
    lab.start_web(answers, others=("wrongname", "expired", "selfsigned"))


@test("every answer of an organization has the verdict of the table, and they take no longer than the slowest")
def organizations(lab):
    prepare(lab)
    daemon = lab.start_healthd()
    peak = Peak(daemon.pid)
    start = time.monotonic()
    results = lab.ask(list(ORGANIZATIONS))
    took = time.monotonic() - start
    most = peak.stop()
    diag(f"{len(ORGANIZATIONS)} organizations in {took:.2f} s, {most} kB at most")
    wrong = []
    for name, (_answer, verdict, reason) in ORGANIZATIONS.items():
        row = one(results, name, "organization")
        if (row["verdict"], row["reason"]) != (verdict, reason):
            wrong.append(f"{name}: {row['verdict']}, {row['reason']} ({row['detail']}) and not {verdict}, {reason}")
        summary = one(results, name, "summary")
        check_equal((summary["verdict"], summary["reason"]), (row["verdict"], row["reason"]), f"the summary of {name}")
    check(not wrong, "\n".join(wrong))
    check(SANITIZED or most < MEMORY_KB, f"{most} kB of private memory")
    check(max(one(results, name, "organization")["total_usec"] for name in ORGANIZATIONS) < 3.5e6, "one took too long")
    check_equal(one(results, kind="authority")["verdict"], "up", "the sign-in authority")
    check_equal(one(results, "plain", "organization")["tenant"], TENANT, "the directory")
    check_equal(one(results, "busy", "organization")["retry_after_sec"], 120, "Retry-After")
    check_equal(one(results, "plain", "organization")["asked"], "https://plain.crm4.dynamics.com/api/data/v9.2/", "asked")
    check("secret" not in str(results), "a secret is shown")
    times = one(results, "plain", "organization")
    for key in ("dns_usec", "connect_usec", "tls_usec", "first_byte_usec"):
        check(0 < times[key] <= times["total_usec"], f"{key} is {times[key]}")
    for row in results:
        check(len(row["detail"]) <= 200, "a long detail")


@test("every answer of a sign-in authority has the verdict of the table; 500 MB and gzip bombs cost nothing")
def authorities(lab):
    prepare(lab)
    daemon = lab.start_healthd()
    peak = Peak(daemon.pid)
    results = lab.ask([{"account": name, "service": "with-" + name} for name in AUTHORITIES])
    most = peak.stop()
    diag(f"{most} kB at most; VmHWM {status_kb(daemon.pid, 'VmHWM')} kB")
    for name, (_answer, verdict, reason) in AUTHORITIES.items():
        row, = [row for row in results if row["kind"] == "authority" and row["name"] == f"{name}.lab.example"]
        check_equal((row["verdict"], row["reason"]), (verdict, reason), f"{name} ({row['detail']})")
        check_equal(one(results, name, "portal")["verdict"], "up", "the portal beside it")
        check_equal(one(results, name, "summary")["verdict"], verdict, f"the summary of {name}")
    check(SANITIZED or most < MEMORY_KB, f"{most} kB of private memory")
    check_equal({row["retry_after_sec"] for row in results if row["name"] == "tired.lab.example"}, {86400}, "a far date")


@test("nothing is asked for a service that is no more, and pages that are everybody's are asked without accounts")
def others(lab):
    lab.start_names()
    lab.start_web({})
    lab.start_healthd()
    results = lab.ask([{"account": "old", "service": "social-engagement",
                        "url": "https://listening.microsoft.com/app/42/"}])
    check_equal([(row["kind"], row["verdict"], row["reason"]) for row in results],
                [("summary", "not-found", "discontinued"), ("discontinued", "not-found", "discontinued")], "Social Engagement")
    check_equal(lab.names.asked, [], "names that were asked for")
    results = lab.ask()
    found = {row["name"]: (row["kind"], row["verdict"], row["reason"]) for row in results}
    check_equal(found, {"portal.office.com": ("portal", "up", "redirect-to-authority"),
                        "home.dynamics.com": ("home", "up", "redirect-to-itself"),
                        AUTHORITY: ("authority", "up", "openid-configuration")}, "the common ones")
    check("secret" not in str(results), "a secret is shown")
    asked = " ".join(path for _host, path, _lines in lab.upstream.asked)
    check("GetCredentialType" not in asked and "realm" not in asked.lower(), "users are asked for")
    for _host, _path, lines in lab.upstream.asked:
        check(not any(line.lower().startswith(("cookie", "authorization")) for line in lines), f"{lines}")


@test("no host is asked twice while its answer is good, but with refresh; two callers share one question")
def intervals(lab):
    lab.start_names()
    lab.write_service("dynamics365", interval="2s")
    lab.start_web({})
    lab.start_healthd()
    lab.ask(["contoso"])
    first = lab.ask([{**describe_contoso(), "account": "other"}])
    hosts = [host for host, _path, _lines in lab.upstream.asked]
    check_equal(sorted(hosts), ["contoso.crm4.dynamics.com", AUTHORITY], "asked within the interval")
    check_equal(one(first, "other", "summary")["verdict"], "up", "from what is known")
    lab.ask(["contoso"], refresh=True)
    check_equal(len(lab.upstream.asked), 4, "asked with refresh")
    time.sleep(2.1)
    lab.ask(["contoso"])
    check_equal(len(lab.upstream.asked), 6, "asked after the interval")


def describe_contoso():
    """An account of the organization that is up."""
    return {"service": "dynamics365", "organization": "contoso", "region": "crm4"}


os.environ.setdefault("G_DEBUG", "fatal-criticals")
run(Lab)
