# SPDX-License-Identifier: GPL-3.0-or-later
"""The sign-in of Dynamics 365, played on loopback: applications and authorities of all clouds over HTTPS, behind one
port that is a proxy to the browser. A host that is not played here is refused, so nothing else is ever reached."""

import html
import itertools
import json
import os
import socketserver
import ssl
import subprocess
import threading
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, quote, urlencode, urlsplit

PUBLIC, US, CHINA = "login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn"
AUTHORITIES = {".dynamics.com": PUBLIC, ".microsoft.com": PUBLIC, ".office.com": PUBLIC,
               ".microsoftdynamics.us": US, ".appsplatform.us": US, ".dynamics.cn": CHINA}
NAMES = ["*.dynamics.com", "*.crm.dynamics.com", "*.crm4.dynamics.com", "listening.microsoft.com", "portal.office.com",
         "www.office.com", "*.crm.microsoftdynamics.us", "*.crm.appsplatform.us", "*.crm.dynamics.cn",
         PUBLIC, US, CHINA, "evil.example", "unit.example"]
PASSWORD = "right"


def redirector(host):
    """Where the authority's answer is posted to, for an organization."""
    return f"db3--eurcrmlivesg622.{host.split('.', 1)[1]}"


def is_organization(host):
    """Whether HOST is one of an organization or of its region's redirector."""
    return host.split(".")[1].startswith("crm")


def make_certificates(folder):
    """An authority of our own, and one certificate for all names, by openssl; gives the paths of it and its key."""
    config = os.path.join(folder, "openssl.cnf")
    with open(config, "w", encoding="utf-8") as file:
        file.write("[req]\ndistinguished_name=name\n[name]\n[ca]\nbasicConstraints=critical,CA:true\n[leaf]\n"
                   "subjectAltName=" + ",".join("DNS:" + name for name in NAMES) + "\n")
    path = {name: os.path.join(folder, name) for name in ("ca.key", "ca.pem", "leaf.key", "leaf.csr", "leaf.pem")}
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-config", config]
    for command in (
            ["req", "-x509", *key, "-keyout", path["ca.key"], "-out", path["ca.pem"], "-days", "2",
             "-subj", "/CN=signind test authority", "-extensions", "ca"],
            ["req", *key, "-keyout", path["leaf.key"], "-out", path["leaf.csr"], "-subj", "/CN=signind test"],
            ["x509", "-req", "-in", path["leaf.csr"], "-CA", path["ca.pem"], "-CAkey", path["ca.key"],
             "-CAcreateserial", "-days", "2", "-extfile", config, "-extensions", "leaf", "-out", path["leaf.pem"]]):
        subprocess.run(["openssl", *command], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    return path["leaf.pem"], path["leaf.key"]


class Site:
    """All of them, and what they remember. What the applications do with an answer:

    "accept" it, "refuse" it (403), send the browser "back" to the authority or to an "error page", or "forward" it to a
    host that the extension may not see."""

    def __init__(self, folder):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*make_certificates(folder))
        self.numbers = itertools.count(1)
        self.files = {}
        self.refused = []
        self.forget()
        site = self

        class Server(socketserver.ThreadingTCPServer):
            """One thread a connection."""
            daemon_threads = True
            allow_reuse_address = True

            def __init__(self):
                super().__init__(("127.0.0.1", 0), Handler)
                self.site = site

            def handle_error(self, request, client_address):
                pass  # A browser that goes away.

        self.server = Server()
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def forget(self):
        """As before the first sign-in; what the browser still sends is worth nothing."""
        self.life = self.new()
        self.known = set()
        self.sessions = set()
        self.answers = "accept"
        self.keeps_address = False

    def new(self):
        """A value that was never used."""
        return f"v{next(self.numbers)}"

    def close(self):
        """Stops listening."""
        self.server.shutdown()
        self.server.server_close()


class Handler(BaseHTTPRequestHandler):
    """A connection of the browser: CONNECT to one of the hosts, then its requests."""

    protocol_version = "HTTP/1.1"
    host = None

    def log_message(self, *_args):
        pass

    def do_CONNECT(self):
        """Becomes the host that was asked for."""
        host = self.path.rsplit(":", 1)[0]
        site = self.server.site
        if not any(host == name or name.startswith("*.") and host.endswith(name[1:]) for name in NAMES):
            site.refused.append(host)
            self.close_connection = True
            self.send_error(403)
            return
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        self.connection = site.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)
        self.host = host
        # It said so for the proxy's own answer.
        self.close_connection = False

    def do_GET(self):
        """Any page."""
        self.serve({})

    def do_POST(self):
        """Any form."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.serve({key: values[0] for key, values in parse_qs(body).items()})

    def serve(self, form):
        """Hands the request to the host that it is for."""
        self.form = form
        if self.host is None:
            self.send_error(400)
            return
        parts = urlsplit(self.path)
        self.query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        cookies = SimpleCookie(self.headers.get("Cookie"))
        self.cookies = {key: morsel.value for key, morsel in cookies.items()}
        if parts.path == "/favicon.ico":
            self.answer(404, "")
        elif self.host in (PUBLIC, US, CHINA):
            self.authority(parts.path)
        elif self.host == "evil.example":
            self.evil(parts.path)
        elif self.host == "unit.example":
            self.file(parts.path)
        elif self.host == "home.dynamics.com":
            self.home()
        elif self.host == "www.office.com" or self.host.startswith("sentinel"):
            self.page("plain")
        else:
            self.application(parts.path)

    def answer(self, status, body, kind="text/html; charset=utf-8", **headers):
        """Sends it."""
        data = body.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": len(data), "Cache-Control": "no-store",
                            **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def page(self, name, body="", script="", status=200, **headers):
        """A page that tests know by NAME."""
        self.answer(status, f"<!DOCTYPE html><title>{self.host}</title><body data-page='{name}'>{body}"
                            f"<script>{script}</script></body>", **headers)

    def redirect(self, url, **headers):
        """302."""
        self.answer(302, "", Location=url, **headers)

    # The authority.

    def authority(self, path):
        """Signs people in, and out."""
        known = self.cookies.get("ESTSAUTH") in self.server.site.known
        if path.startswith("/sentinel"):
            self.post_answer(f"https://{self.query['host']}/take", "sentinel")
        elif path.endswith("/authorize"):
            if known or self.query.get("prompt") == "none":
                self.give_answer(self.query)
            else:
                self.login_form(urlsplit(self.path).query)
        elif path == "/common/login":
            if self.form.get("passwd") == PASSWORD:
                self.page("kmsi", self.form_of("/kmsi", {"ctx": self.form["ctx"]}, "<button id=yes>Yes</button>"))
            else:
                self.login_form(self.form["ctx"], "AADSTS50126: invalid user name or password")
        elif path == "/kmsi":
            value = self.server.site.new()
            self.server.site.known.add(value)
            asked = {key: values[0] for key, values in parse_qs(self.form["ctx"]).items()}
            self.give_answer(asked, Set_Cookie=f"ESTSAUTH={value}; Secure; HttpOnly; SameSite=None; Path=/")
        elif path.endswith("/logout"):
            self.server.site.known.discard(self.cookies.get("ESTSAUTH"))
            self.page("signed-out")
        else:
            self.answer(404, "")

    def form_of(self, action, fields, rest=""):
        """A form that posts FIELDS."""
        inputs = "".join(f'<input type=hidden name="{name}" value="{html.escape(value)}">'
                         for name, value in fields.items())
        return f'<form method=post action="{html.escape(action)}">{inputs}{rest}</form>'

    def login_form(self, ctx, error=""):
        """Asks for a password."""
        self.page("login", html.escape(error) + self.form_of(
            "/common/login", {"ctx": ctx}, "<input id=login name=login><input id=passwd name=passwd type=password>"
                                           "<button id=next>Next</button>"))

    def post_answer(self, target, state, **headers):
        """The page that posts itself."""
        fields = {"code": self.server.site.new(), "id_token": "token", "state": state, "session_state": "s"}
        self.page("posting", self.form_of(target, fields), "document.forms[0].submit()", **headers)

    def give_answer(self, asked, **headers):
        """Lets the person through to whoever asked."""
        target, state = asked["redirect_uri"], asked.get("state", "")
        if asked.get("response_mode") == "form_post":
            self.post_answer(target, state, **headers)
        else:
            fields = {"code": self.server.site.new(), "state": state, "session_state": "s", "client_info": "c"}
            mark = "?" if asked["response_mode"] == "query" else "#"
            self.redirect(target + mark + urlencode(fields), **headers)

    # The applications.

    def ask_authority(self, target, mode, state, prompt=""):
        """The address at which the authority of this host is asked."""
        authority = next(name for suffix, name in AUTHORITIES.items() if self.host.endswith(suffix))
        asked = {"client_id": "00000007-0000-0000-c000-000000000000", "response_type": "code id_token",
                 "response_mode": mode, "scope": "openid profile", "nonce": self.server.site.new(), "state": state,
                 "redirect_uri": target, "prompt": prompt}
        known = urlencode({key: value for key, value in asked.items() if value})
        return f"https://{authority}/common/oauth2/authorize?{known}"

    def has_session(self):
        """Whether the cookie of this application is still good."""
        return self.cookies.get("CrmOwinAuth") in self.server.site.sessions

    def application(self, path):
        """An organization of Dynamics 365, its redirector, the portal, or Social Engagement."""
        own = f"https://{self.host}"
        landing = f"https://{redirector(self.host)}/" if is_organization(self.host) else own + "/landing"
        if path in ("/landing", "/take", "/") and self.command == "POST":
            self.take_answer()
        elif path == "/signout":
            self.server.site.sessions.discard(self.cookies.get("CrmOwinAuth"))
            target = quote(own + "/", safe="")
            self.redirect(self.ask_authority("", "", "").split("/oauth2/")[0]
                          + f"/oauth2/logout?post_logout_redirect_uri={target}")
        elif path == "/renew":
            self.answer(200, "{}", "application/json", Set_Cookie=self.session_cookie())
        elif path.startswith("/_common/error"):
            self.page("error")
        elif "code" in self.query and not self.has_session():
            self.redirect(own + "/", Set_Cookie=self.session_cookie())
        elif self.has_session():
            self.application_page(landing)
        else:
            mode = "query" if self.host.startswith("querying") else "form_post"
            self.redirect(self.ask_authority(own + "/" if mode == "query" else landing, mode, own + self.path))

    def application_page(self, landing):
        """What somebody sees who is signed in."""
        frame = self.ask_authority(landing, "form_post", "frame", "none")
        script = f"""
          window.onmessage = () => document.body.dataset.renewed = "frame";
          function renewInFrame () {{
            const frame = document.createElement ("iframe");
            frame.hidden = true;
            frame.src = {json.dumps(frame)};
            document.body.append (frame);
          }}
          function renewByFetch () {{
            fetch ("/renew", {{ method: "POST" }}).then (() => document.body.dataset.renewed = "fetch");
          }}"""
        self.page("application", "<a id=inside href='/main.aspx?etn=account'>Accounts</a>"
                                 "<a id=out href='/signout'>Sign out</a>", script)

    def session_cookie(self):
        """A new session."""
        value = self.server.site.new()
        self.server.site.sessions.add(value)
        domain = f"; Domain={self.host.split('.', 1)[1]}" if is_organization(self.host) else ""
        return f"CrmOwinAuth={value}; Secure; HttpOnly; Path=/{domain}"

    def take_answer(self):
        """What was posted by the authority, or by whoever."""
        state = self.form.get("state", "")
        if state == "frame":
            self.page("renewed", script="parent.postMessage('renewed', '*')", Set_Cookie=self.session_cookie())
            return
        own = f"https://{self.host}"
        answers = self.server.site.answers
        if answers == "refuse":
            self.page("refused", status=403)
        elif answers == "back":
            self.server.site.answers = "accept"
            self.server.site.known.clear()
            self.redirect(self.ask_authority(own + "/", "form_post", state))
        elif answers == "error page":
            self.redirect(own + "/_common/error/errorhandler.aspx?ErrorCode=0x80040225")
        elif answers == "forward":
            self.redirect("https://www.office.com/", Set_Cookie=self.session_cookie())
        elif answers == "stay":
            self.page("posted", f"<a id=on href='{html.escape(state)}'>on</a>", Set_Cookie=self.session_cookie())
        else:
            self.redirect(state if state.startswith("https:") else own + "/", Set_Cookie=self.session_cookie())

    def home(self):
        """A page that signs in by itself, as MSAL does: the answer is behind the "#" of its address."""
        ask = self.ask_authority("https://home.dynamics.com/", "fragment", "home")
        keeps = json.dumps(self.server.site.keeps_address)
        token = f"sessionStorage.token_{self.server.site.life}"
        self.page("starting", script=f"""
          const answer = new URLSearchParams (location.hash.slice (1));
          if (answer.has ("code") || {token}) {{
            {token} = answer.get ("code") ?? {token};
            if (!{keeps})
              history.replaceState (null, "", "/");
            document.body.dataset.page = "home";
          }} else {{
            location.href = {json.dumps(ask)};
          }}""")

    # Others.

    def evil(self, path):
        """Somebody else's site, with answers that it made up."""
        target = self.query.get("to", "")
        if path == "/post":
            self.post_answer(target, "https://contoso.crm4.dynamics.com/")
        else:
            self.page("evil", f"<a id=link href='{html.escape(target)}'>Win a prize</a>")

    def file(self, path):
        """What a test put here."""
        name = path.lstrip("/")
        files = self.server.site.files
        if name in files:
            kind = "text/javascript" if name.endswith(".js") else "text/html; charset=utf-8"
            self.answer(200, files[name], kind)
        else:
            self.answer(404, "")
