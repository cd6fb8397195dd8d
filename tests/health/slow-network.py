# SPDX-License-Identifier: GPL-3.0-or-later
"""The network between: names, captive portals, proxies, IPv6."""

import os
import socket
import threading
import time

from lab import (AUTHORITY, UP, CallFailed, Lab, Names, ask_sync, check, check_equal, diag, one, pump, reply, run,
                 test, wait_until)


def verdicts(results, account):
    """What is said of an account, and of its organization and authority."""
    return [(row["verdict"], row["reason"]) for row in (one(results, account, "summary"),
                                                        one(results, account, "organization"),
                                                        one(results, kind="authority"))]


def prepare(lab, answers=None):
    """A network in which all is well."""
    lab.start_names()
    lab.write_service("dynamics365")
    lab.start_web(answers or {})
    return lab.start_healthd()


@test("one name unknown: that organization is not found; nothing resolves: offline")
def names(lab):
    prepare(lab)
    lab.addresses = lambda name: None if name.startswith("typo.") else ["127.0.0.1"]
    check_equal(verdicts(lab.ask(["typo"]), "typo"), [("not-found", "name-unknown"), ("not-found", "name-unknown"),
                                                      ("up", "openid-configuration")], "one name unknown")
    lab.addresses = lambda name: None
    check_equal(verdicts(lab.ask(["contoso"], refresh=True), "contoso"), [("offline", "name-unknown")] * 3,
                "no name known")


@test("no name server at all, and no way to any address: offline")
def no_network(lab):
    prepare(lab)
    lab.names.stop()
    lab.names = None
    check_equal(verdicts(lab.ask(["contoso"]), "contoso")[0], ("offline", "name-unknown"), "no name server")
    lab.start_names()
    lab.addresses = lambda name: ["192.0.2.1"]
    check_equal(verdicts(lab.ask(["contoso"], refresh=True), "contoso"), [("offline", "unreachable")] * 3, "no route")


@test("an authority that need not be asked again still tells an unknown name from a lost network")
def witness(lab):
    prepare(lab)
    lab.addresses = lambda name: None if name.startswith("typo.") else ["127.0.0.1"]
    check_equal(verdicts(lab.ask(["contoso"]), "contoso")[0], ("up", "auth-challenge"), "all is well")
    before = len(lab.upstream.asked)
    check_equal(verdicts(lab.ask(["typo"]), "typo")[0], ("not-found", "name-unknown"), "the name alone")
    lab.addresses = lambda name: None
    check_equal(verdicts(lab.ask(["typo"], refresh=False), "typo")[0], ("not-found", "name-unknown"), "still known")
    check_equal(verdicts(lab.ask(["other"]), "other")[0], ("offline", "name-unknown"), "the network is gone")
    check_equal(len(lab.upstream.asked), before, "the authority was asked again")


@test("a captive portal answers for every host: offline, and called captive")
def captive(lab):
    prepare(lab)
    lab.addresses = lambda name: ["127.0.0.1"]
    lab.certificates.make("portal", ["portal.hotel.example"])
    replace_certificate(lab, "portal")
    check_equal(verdicts(lab.ask(["contoso"]), "contoso"), [("offline", "captive")] * 3, "a certificate of its own")
    lab.certificates.make_ca("selfmade")
    replace_certificate(lab, "selfmade")
    check_equal(verdicts(lab.ask(["contoso"], refresh=True), "contoso"), [("offline", "captive")] * 3, "a self-made one")
    replace_certificate(lab, "good")
    to_portal = reply(302, "Location: https://portal.hotel.example/login?to=contoso")
    lab.upstream.answers.update({"contoso": to_portal, AUTHORITY: to_portal})
    check_equal(verdicts(lab.ask(["contoso"], refresh=True), "contoso"), [("offline", "captive")] * 3, "a redirect")
    lab.upstream.answers.update({"contoso": reply(503)})
    check_equal(verdicts(lab.ask(["contoso"], refresh=True), "contoso"),
                [("degraded", "http-503"), ("degraded", "http-503"), ("unknown", "foreign-redirect")], "not everywhere")


def replace_certificate(lab, label):
    """Lets nginx show another certificate."""
    for suffix in ("pem", "key"):
        with open(lab.certificates.path(f"{label}.{suffix}"), "rb") as source:
            kept = source.read()
        if label != "good":
            lab.saved = getattr(lab, "saved", {})
            with open(lab.certificates.path(f"good.{suffix}"), "rb") as good:
                lab.saved.setdefault(suffix, good.read())
        elif suffix in getattr(lab, "saved", {}):
            kept = lab.saved[suffix]
        with open(lab.certificates.path(f"good.{suffix}"), "wb") as target:
            target.write(kept)
    lab.reload_web()


class Proxy(threading.Thread):
    """An HTTP proxy that gives every CONNECT the same answer, or lets it through."""

    def __init__(self, status=None):
        super().__init__(daemon=True)
        self.status = status
        self.asked = []
        self.socket = socket.create_server(("127.0.0.1", 3128))
        self.start()

    def run(self):
        while True:
            try:
                client, _peer = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        """One CONNECT."""
        head = b""
        while b"\r\n\r\n" not in head:
            more = client.recv(65536)
            if not more:
                return
            head += more
        self.asked.append(head.split(b"\r\n")[0].decode())
        if self.status:
            client.sendall(f"HTTP/1.1 {self.status} Said\r\nContent-Length: 0\r\n\r\n".encode())
            client.close()
            return
        client.sendall(b"HTTP/1.1 200 Go on\r\n\r\n")
        there = socket.create_connection(("127.0.0.1", 443))
        threading.Thread(target=pump, args=(there, client), daemon=True).start()
        pump(client, there)

    def close(self):
        """Takes no more."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()


@test("a proxy lets through, refuses, is not there; exceptions go past it")
def proxies(lab):
    lab.start_names()
    lab.write_service("dynamics365")
    lab.start_web({})
    lab.addresses = lambda name: None
    proxy = lab.keep(Proxy())
    for variable in ("https_proxy", "http_proxy", "ALL_PROXY"):
        daemon = lab.start_healthd(**{variable: "http://user:secret@127.0.0.1:3128"})
        results = lab.ask(["contoso"])
        check_equal(verdicts(results, "contoso"), [("up", "auth-challenge")] * 2 + [("up", "openid-configuration")],
                    f"through the proxy of {variable}")
        check("secret" not in str(results), "the password of the proxy is shown")
        daemon.stop()
    check_equal(sorted(set(proxy.asked)), [f"CONNECT {host}:443 HTTP/1.1" for host in
                                           ("contoso.crm4.dynamics.com", AUTHORITY)], "what the proxy was asked")
    lab.start_healthd(https_proxy="http://127.0.0.1:3128")
    for status in (407, 403, 502):
        proxy.status = status
        check_equal(verdicts(lab.ask(["contoso"], refresh=True), "contoso"), [("unknown", f"proxy-{status}")] * 3,
                    f"the proxy says {status}")
    proxy.close()
    check_equal(verdicts(lab.ask(["contoso"], refresh=True), "contoso"), [("offline", "proxy-unreachable")] * 3,
                "no proxy")
    lab.healthd.stop()
    lab.addresses = lambda name: ["127.0.0.1"]
    lab.start_healthd(https_proxy="http://127.0.0.1:3128", no_proxy="example.org,.dynamics.com, " + AUTHORITY)
    check_equal(verdicts(lab.ask(["contoso"]), "contoso")[0], ("up", "auth-challenge"), "past the proxy")


@test("the proxy of the desktop's settings comes before that of the environment")
def desktop_proxy(lab):
    lab.start_names()
    lab.write_service("dynamics365")
    lab.start_web({})
    lab.addresses = lambda name: None
    proxy = lab.keep(Proxy())
    folder = os.path.join(lab.env["XDG_CONFIG_HOME"], "glib-2.0", "settings")
    os.makedirs(folder)
    with open(os.path.join(folder, "keyfile"), "w", encoding="ascii") as file:
        file.write("[system/proxy]\nmode='manual'\nignore-hosts=@as []\n"
                   "[system/proxy/https]\nhost='127.0.0.1'\nport=3128\n")
    lab.start_healthd(GSETTINGS_BACKEND="keyfile", XDG_CURRENT_DESKTOP="GNOME", https_proxy="http://127.0.0.1:9")
    check_equal(verdicts(lab.ask(["contoso"]), "contoso")[0], ("up", "auth-challenge"), "through the desktop's proxy")
    check_equal(len(proxy.asked), 2, "what the proxy was asked")


@test("a CA of one's own: trusted beside the system's when the settings name it")
def own_ca(lab):
    lab.start_names()
    lab.write_service("dynamics365")
    lab.certificates.make_ca("company")
    lab.certificates.make("inhouse", ["inhouse.crm4.dynamics.com"], ca="company")
    lab.start_web({"inhouse": UP}, others=("inhouse",))
    daemon = lab.start_healthd()
    check_equal(verdicts(lab.ask(["inhouse"]), "inhouse")[0], ("unknown", "certificate-untrusted"), "a stranger's")
    daemon.stop()
    with open(os.path.join(lab.env["XDG_CONFIG_HOME"], "signind", "signind.conf"), "w", encoding="utf-8") as file:
        file.write(f"[Health]\nca-file={lab.certificates.path('company.pem')}\n")
    daemon = lab.start_healthd()
    check_equal(verdicts(lab.ask(["inhouse"]), "inhouse"), [("up", "auth-challenge")] * 2
                + [("up", "openid-configuration")], "both are trusted")
    daemon.stop()
    os.unlink(lab.certificates.path("company.pem"))
    lab.start_healthd()
    row = one(lab.ask(["inhouse"]), "inhouse", "organization")
    check_equal((row["verdict"], row["reason"]), ("unknown", "failed"), "a file that is not there")
    check("company.pem" in row["detail"], f"it is not named: {row['detail']}")


@test("IPv6 only")
def ipv6(lab):
    prepare(lab)
    lab.addresses = lambda name: ["::1"]
    check_equal(verdicts(lab.ask(["contoso"]), "contoso"), [("up", "auth-challenge")] * 2
                + [("up", "openid-configuration")], "by IPv6")


@test("a name server that hangs delays nothing but its own answer, and nobody waits for it at the end")
def hanging(lab):
    daemon = prepare(lab)
    lab.addresses = lambda name: Names.HANG if name.startswith("slow.") else ["127.0.0.1"]
    answered = []
    start = time.monotonic()
    threading.Thread(target=lambda: answered.append(ask_apart(lab, ["slow"])), daemon=True).start()
    wait_until(lambda: any(name.startswith("slow.") for name in lab.names.asked), what="a question for slow")
    check_equal(verdicts(lab.ask(["contoso"]), "contoso")[0], ("up", "auth-challenge"), "the other one")
    took = time.monotonic() - start
    check(not answered, "the answer that hangs came first")
    wait_until(lambda: answered, what="the answer that hangs")
    diag(f"the others after {took:.2f} s, the one that hangs after {time.monotonic() - start:.2f} s")
    row = one(answered[0], "slow", "organization")
    check_equal((row["verdict"], row["reason"]), ("unknown", "name-timeout"), "what hangs")
    threading.Thread(target=lambda: ask_apart(lab, ["slow"], ignore=True, refresh=True), daemon=True).start()
    asked = len(lab.names.asked)
    wait_until(lambda: len(lab.names.asked) > asked, what="one more question for slow")
    start = time.monotonic()
    check_equal(daemon.stop(), 0, "the exit status")
    check(time.monotonic() - start < 1.0, f"it took {time.monotonic() - start:.2f} s to end")
    lab.addresses = lambda name: Names.HANG
    lab.start_healthd()
    check_equal(verdicts(lab.ask(["contoso"]), "contoso"), [("offline", "name-timeout")] * 3, "every name hangs")


def ask_apart(lab, accounts, ignore=False, **options):
    """Asks from a thread."""
    try:
        return ask_sync(lab.address, accounts, **options)
    except CallFailed:
        if not ignore:
            raise
        return None


run(Lab)
