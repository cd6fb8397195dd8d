# SPDX-License-Identifier: GPL-3.0-or-later
"""A small internet: namespaces with loopback only, a name server, nginx with certificates of a CA made here, and a
server behind it that answers each host as its first label says.

A test imports this before anything else: it runs itself again inside the namespaces, for which it needs root.
"""

import os
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "integration"))

INSIDE = "SIGNIND_LAB"


def _enter():
    if os.environ.get(INSIDE):
        return
    command = ["setpriv", "--pdeathsig", "KILL", "--", "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child",
               "--mount-proc", "--", sys.executable, *sys.argv]
    if os.geteuid() != 0:
        kept = [f"{key}={os.environ[key]}" for key in ("TOP_SRCDIR", "TOP_BUILDDIR", "G_DEBUG") if key in os.environ]
        command = ["sudo", "-n", "env", INSIDE + "=1", *kept, *command]
    os.execvpe(command[0], command, {**os.environ, INSIDE: "1"})


_enter()

from harness import (BUILDDIR, LENGTH, SECOND, CallFailed, Client, Daemon, Rig, check, check_equal,  # noqa: E402,F401
                     diag, end_process, now, run, test, wait_until)
from harness import GLib, Gio  # noqa: E402,F401

HEALTHD = os.path.join(BUILDDIR, "signin-healthd")
NAME = "org.signind.Health1"
PATH = "/org/signind/Health1"
ERROR = NAME + ".Error."
TENANT = "0a1b2c3d-1111-2222-3333-444455556666"
AUTHORITY = "login.microsoftonline.com"
SIGN_IN = f"https://{AUTHORITY}/{TENANT}/oauth2/authorize"
UPSTREAM = 8080

# Times that make tests short; everything else is as it is installed.
SERVICE = """[Service]
name={name}
url={url}
length=8h
health={kind}
health-path={path}
health-interval={interval}
health-connect-timeout=2s
health-timeout=3s
{more}
"""

NGINX = """
daemon off;
user root;
worker_processes 1;
pid {dir}/nginx.pid;
error_log {dir}/nginx.log;
events {{ worker_connections 512; }}
http {{
  access_log {dir}/access.log;
  client_body_temp_path {dir}/tmp; proxy_temp_path {dir}/tmp; fastcgi_temp_path {dir}/tmp; uwsgi_temp_path {dir}/tmp;
  scgi_temp_path {dir}/tmp;
  proxy_buffering off;
  proxy_max_temp_file_size 0;
  proxy_set_header Host $host;
  server_names_hash_bucket_size 128;
  ssl_certificate {dir}/good.pem;
  ssl_certificate_key {dir}/good.key;
  server {{
    listen 127.0.0.1:443 ssl default_server;
    listen [::1]:443 ssl default_server;
    listen 127.0.0.2:443 ssl http2;
    location / {{ proxy_pass http://127.0.0.1:{upstream}; }}
  }}
{others}
}}
"""

OTHER = """
  server {{
    listen 127.0.0.1:443 ssl;
    server_name {label}.crm4.dynamics.com;
    ssl_certificate {dir}/{label}.pem;
    ssl_certificate_key {dir}/{label}.key;
    location / {{ proxy_pass http://127.0.0.1:{upstream}; }}
  }}
"""

NAMES = ("*.crm4.dynamics.com", "*.crm.dynamics.com", AUTHORITY, "login.microsoftonline.us", "home.dynamics.com",
         "portal.office.com", "*.lab.example", "status.cloud.microsoft", "rssfeed.azure.status.microsoft", "graph.microsoft.com",
         "graph.microsoft.us", "*.crm.microsoftdynamics.us")


def command(*argv, **options):
    """Runs what must not fail, and shows nothing unless it does."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          **options)
    check(done.returncode == 0, f"{' '.join(argv)}: {done.stdout.decode(errors='backslashreplace')}")


class Names(threading.Thread):
    """A name server. `answer` gives for each name a list of addresses, None for an unknown one, or HANG."""

    HANG = object()

    def __init__(self, answer):
        super().__init__(daemon=True)
        self.answer = answer
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.start()

    def run(self):
        while True:
            query, peer = self.socket.recvfrom(4096)
            if not query:
                return
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode("ascii", "replace").lower())
                at += 1 + query[at]
            name, kind = ".".join(labels), int.from_bytes(query[at + 1:at + 3], "big")
            self.asked.append(name)
            found = self.answer(name)
            if found is not Names.HANG:
                self.socket.sendto(self.reply(query, at + 5, kind, found), peer)

    def stop(self):
        """Leaves the port to the next one: an empty query ends the thread."""
        self.socket.sendto(b"", self.socket.getsockname())
        self.join()
        self.socket.close()

    @staticmethod
    def reply(query, end, kind, found):
        """A or AAAA records, or NXDOMAIN."""
        family = {1: socket.AF_INET, 28: socket.AF_INET6}.get(kind)
        wanted = [a for a in found or [] if family == (socket.AF_INET6 if ":" in a else socket.AF_INET)]
        reply = query[:2] + (b"\x81\x80" if found is not None else b"\x81\x83") + b"\0\1"
        reply += len(wanted).to_bytes(2, "big") + bytes(4) + query[12:end]
        for address in wanted:
            data = socket.inet_pton(family, address)
            reply += b"\xc0\x0c" + kind.to_bytes(2, "big") + b"\0\1" + (1).to_bytes(4, "big")
            reply += len(data).to_bytes(2, "big") + data
        return reply


class Certificates:
    """A CA, and what it and others certify."""

    def __init__(self, folder):
        self.folder = folder
        self.trusted = os.path.join(folder, "certs")
        os.mkdir(self.trusted)
        self.make_ca("ca")
        shutil.copy(self.path("ca.pem"), self.trusted)
        command("openssl", "rehash", self.trusted)
        # All in one file, for programs that want it so.
        shutil.copy(self.path("ca.pem"), os.path.join(self.trusted, "ca-certificates.crt"))

    def path(self, name):
        """Where a file is."""
        return os.path.join(self.folder, name)

    def make_ca(self, name):
        """A CA of its own."""
        command("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                "3650", "-subj", f"/CN={name} of a test", "-keyout", self.path(name + ".key"), "-out",
                self.path(name + ".pem"))

    def make(self, label, names, days=30, ca="ca"):
        """A certificate for NAMES; with negative DAYS, one that has expired."""
        config = self.path(label + ".cnf")
        with open(config, "w", encoding="ascii") as file:
            file.write("[ca]\ndefault_ca=a\n[a]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\n"
                       "policy=p\nunique_subject=no\nx509_extensions=x\n[p]\ncommonName=supplied\n[req]\n"
                       "distinguished_name=d\n[d]\n[x]\nsubjectAltName=" + ",".join("DNS:" + name for name in names) + "\n")
        with open(self.path("index"), "a", encoding="ascii"):
            pass
        command("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-config",
                config, "-subj", f"/CN={label}", "-keyout", self.path(label + ".key"), "-out", self.path(label + ".csr"))
        start = time.gmtime(time.time() - (100 if days < 0 else 1) * 86400)
        end = time.gmtime(time.time() + days * 86400)
        command("openssl", "ca", "-batch", "-config", config, "-cert", self.path(ca + ".pem"), "-keyfile",
                self.path(ca + ".key"), "-in", self.path(label + ".csr"), "-out", self.path(label + ".pem"), "-notext",
                "-rand_serial", "-startdate", time.strftime("%y%m%d%H%M%SZ", start), "-enddate",
                time.strftime("%y%m%d%H%M%SZ", end), cwd=self.folder)


class Upstream(socketserver.ThreadingTCPServer):
    """Behind nginx: answers as ANSWERS, functions by the first label of the host, say."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answers):
        self.answers = answers
        self.asked = []
        super().__init__(("127.0.0.1", UPSTREAM), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(socketserver.BaseRequestHandler):
    """One request of nginx."""

    def handle(self):
        head = b""
        while b"\r\n\r\n" not in head:
            more = self.request.recv(65536)
            if not more:
                return
            head += more
        lines = head.decode("latin-1").split("\r\n")
        host = next(line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("host:"))
        self.server.asked.append((host, lines[0].split(" ")[1], lines))
        answer = self.server.answers.get(host) or self.server.answers.get(host.split(".")[0])
        try:
            answer(self.request, host)
        except (BrokenPipeError, ConnectionResetError):
            pass


def reply(status, *headers, body=b""):
    """An answer with a length."""
    head = [f"HTTP/1.0 {status} Said", *headers, f"Content-Length: {len(body)}"]
    return lambda request, host: request.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)


def challenge(*values):
    """401 with these WWW-Authenticate headers."""
    return reply(401, *("WWW-Authenticate: " + value for value in values))


def pump(source, target):
    """Passes on until the end."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def never(request, _host):
    """Takes the request, and that is all."""
    while request.recv(65536):
        pass


def openid(issuer=None):
    """The configuration of whichever sign-in authority is asked."""
    def answer(request, host):
        at = issuer or host
        body = (f'{{"issuer":"https://{at}/{{tenantid}}/v2.0","authorization_endpoint":'
                f'"https://{at}/common/oauth2/v2.0/authorize","token_endpoint":"https://{at}/common/oauth2/v2.0/token"}}')
        reply(200, "Content-Type: application/json", body=body.encode())(request, host)
    return answer


UP = challenge(f"Bearer authorization_uri={SIGN_IN}, resource_id=https://contoso.crm4.dynamics.com/")
DEFAULTS = {AUTHORITY: openid(), "login.microsoftonline.us": openid(), "contoso": UP,
            "home.dynamics.com": reply(302, "Location: https://home.dynamics.com/apps"),
            "portal.office.com": reply(302, f"Location: https://{AUTHORITY}/common/oauth2/v2.0/authorize?nonce=secret")}


class Lab(Rig):
    """A scratch home with a bus, in a small internet."""

    def __init__(self):
        super().__init__()
        self.lab = tempfile.mkdtemp(prefix="lab-", dir=self.dir)
        self.addresses = lambda name: ["127.0.0.1"]
        self.names = None
        self.certificates = Certificates(self.lab)
        self.upstream = None
        self.healthd = None
        self._hide()

    def _hide(self):
        """What the machine says of names and certificates is not seen in here."""
        command("ip", "link", "set", "lo", "up")
        for name, text in (("resolv.conf", "nameserver 127.0.0.1\noptions timeout:2 attempts:1\n"),
                           ("nsswitch.conf", "hosts: files dns\n"), ("hosts", "127.0.0.1 localhost\n")):
            path = os.path.join(self.lab, name)
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
            command("mount", "--bind", path, os.path.realpath("/etc/" + name))
        command("mount", "--bind", self.certificates.trusted, "/etc/ssl/certs")

    def close(self):
        """Ends all of it; what is still open does not keep it mounted."""
        for path in ("/etc/ssl/certs", *(os.path.realpath("/etc/" + n) for n in ("hosts", "nsswitch.conf", "resolv.conf"))):
            command("umount", "-l", path)
        if self.upstream:
            self.upstream.shutdown()
            self.upstream.server_close()
        if self.names:
            self.names.stop()
        super().close()

    def start_names(self):
        """The name server; `addresses` may be exchanged at any time."""
        self.names = Names(lambda name: self.addresses(name))

    def start_web(self, answers, others=()):
        """nginx and what is behind it."""
        self.certificates.make("good", NAMES)
        os.mkdir(os.path.join(self.lab, "tmp"))
        self.upstream = Upstream({**DEFAULTS, **answers})
        config = os.path.join(self.lab, "nginx.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write(NGINX.format(dir=self.lab, upstream=UPSTREAM, others="".join(
                OTHER.format(label=label, dir=self.lab, upstream=UPSTREAM) for label in others)))
        with open(os.path.join(self.lab, "nginx.out"), "wb") as log:
            process = subprocess.Popen(["nginx", "-p", self.lab, "-c", config, "-e", os.path.join(self.lab, "nginx.log")],
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.web = self.keep(Process(process)).process
        wait_until(lambda: can_connect("127.0.0.1", 443), what="nginx")

    def reload_web(self):
        """Lets nginx read its certificates again, and waits for the old worker to go."""
        before = children(self.web.pid)
        self.web.send_signal(signal.SIGHUP)
        wait_until(lambda: not before & children(self.web.pid) and children(self.web.pid), what="another nginx worker")

    def write_service(self, service, kind="organization", url="https://%o.%h", path="/api/data/v9.2/", interval="60s",
                      more=""):
        """A service file of the user's own."""
        folder = os.path.join(self.env["XDG_CONFIG_HOME"], "signind", "services")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, service + ".conf"), "w", encoding="utf-8") as file:
            file.write(SERVICE.format(name=service, url=url, kind=kind, path=path, interval=interval, more=more))

    def start_healthd(self, *args, **env):
        """The real program, ready."""
        self.healthd = self.keep(Daemon(self, args=args, env=env, program=HEALTHD))
        return self.healthd.wait_ready()

    def ask(self, accounts=(), bound=60.0, client=None, **options):
        """Check: ACCOUNTS are ids of organizations in crm4, or dictionaries."""
        return (client or self.client).call("Check", "a{sv}", pack(accounts, options), path=PATH, interface=NAME,
                                            name=NAME, bound=bound)[0]


def pack(accounts, options):
    """The options of Check."""
    types = {"timeout_usec": "t"}
    # What others tell about services is asked where that is the subject.
    options = {"feeds": False, "graph": False, **options}
    packed = {key: GLib.Variant(types.get(key, "b"), value) for key, value in options.items()}
    if accounts:
        packed["targets"] = GLib.Variant("aa{sv}", [{k: GLib.Variant("s", v) for k, v in describe(a).items()}
                                                    for a in accounts])
    return packed


def ask_sync(address, accounts=(), bound=60.0, flags=Gio.DBusCallFlags.NO_AUTO_START, **options):
    """Check on a connection of its own, for threads: waits without a main loop."""
    kind = Gio.DBusConnectionFlags
    connection = Gio.DBusConnection.new_for_address_sync(
        address, kind.AUTHENTICATION_CLIENT | kind.MESSAGE_BUS_CONNECTION, None, None)
    try:
        return connection.call_sync(NAME, PATH, NAME, "Check", GLib.Variant("(a{sv})", (pack(accounts, options),)), None,
                                    flags, int(bound * 1000), None).unpack()[0]
    except GLib.Error as error:
        raise CallFailed(Gio.DBusError.get_remote_error(error) or "local", error.message) from None
    finally:
        connection.close_sync(None)


def children(pid):
    """The processes that a process has started."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return set(file.read().split())


def describe(account):
    """The details of a target."""
    if isinstance(account, dict):
        return account
    return {"account": account, "service": "dynamics365", "organization": account, "region": "crm4"}


def rows_of(results, account=None, kind=None):
    """The results of one account, of one kind."""
    return [row for row in results if account in (None, row["account"]) and kind in (None, row["kind"])]


def one(results, account=None, kind=None):
    """The only one of them."""
    rows = rows_of(results, account, kind)
    check_equal(len(rows), 1, f"results of {account or 'anybody'}, kind {kind}: {rows}")
    return rows[0]


def activate(lab, member="Get"):
    """A call without arguments, which starts the process if it is not there."""
    result = []
    lab.client.connection.call(NAME, PATH, NAME, member, None, None, Gio.DBusCallFlags.NONE, 20000, None,
                               lambda link, task: result.append(link.call_finish(task).unpack()[0]))
    wait_until(lambda: result, what="an answer")
    return result[0]


def pid_of(lab):
    """The process behind the name."""
    return lab.client.call("GetConnectionUnixProcessID", "s", NAME, path="/org/freedesktop/DBus",
                           interface="org.freedesktop.DBus", name="org.freedesktop.DBus")[0]


class Process:
    """A process that ends with the lab."""

    def __init__(self, process):
        self.process = process

    def close(self):
        """Asks it to end, then makes it."""
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            end_process(self.process)


def can_connect(address, port):
    """Whether somebody listens there."""
    try:
        with socket.create_connection((address, port), 1):
            return True
    except OSError:
        return False


def status_kb(pid, key):
    """A figure of /proc/PID/status, in kB."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(key + ":"))
