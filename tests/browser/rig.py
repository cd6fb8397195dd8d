# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests with real browsers stand on: a scratch home, a session bus of its own on which nothing can be
activated, the played sites, the extension, and a native-messaging host that records."""

import ctypes
import fcntl
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(1, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "integration"))
from harness import Client, NotifySocket, end_process, wait_until  # noqa: E402

from chromium import BOUND, BrowserError, Chromium, wait
from firefox import Firefox
from loopback import PUBLIC, Site

HERE = os.path.dirname(os.path.abspath(__file__))
SRCDIR = os.environ.get("TOP_SRCDIR") or os.path.dirname(os.path.dirname(HERE))
BUILDDIR = os.environ.get("TOP_BUILDDIR") or os.path.join(SRCDIR, "build")
BROWSERS = {"chromium": Chromium, "firefox": Firefox}
HOST_NAME = "org.signind.browser"
# The first part of hosts that only the rig signs in to.
SENTINEL = "sentinel-"
NOBODY = 65534
# What browsers complain of wherever they are, without network and desktop.
NOISE = ("dbus/", "crash_helper", "Marionette", "RemoteSettings", "RSLoader", "BackupService", "webcompat", "vk")


def say(text):
    """A TAP diagnostic."""
    for line in str(text).splitlines():
        print("# " + line.encode("ascii", "backslashreplace").decode(), flush=True)


# An empty network namespace, and no privileges.

def confine():
    """Runs this program again in a network namespace that has nothing but loopback, as a normal user: `nobody` for
    root, with a copy of what is needed where anybody can read it; else whoever runs it. The second time it returns."""
    if os.environ.get("SIGNIND_BROWSER_TEST") == "inside":
        raise_loopback()
        drop_privileges()
        return
    environment = dict(os.environ, SIGNIND_BROWSER_TEST="inside", SIGNIND_BROWSER_OUT=BUILDDIR)
    scratch = None
    if os.geteuid() == 0:
        scratch = tempfile.mkdtemp(prefix="signind-browser-", dir="/var/tmp")
        copy_tree(scratch)
        environment.update(TOP_SRCDIR=os.path.join(scratch, "src"), TOP_BUILDDIR=os.path.join(scratch, "build"),
                           SIGNIND_DATADIR=os.path.join(scratch, "src/data"),
                           SIGNIND_BROWSER_OUT=os.path.join(scratch, "out"))
        # With processes of their own, too: none of them outlives a test that is killed.
        command = ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "--pid", "--fork", "--kill-child",
                   "--mount-proc"]
    else:
        command = ["unshare", "--user", "--map-current-user", "--keep-caps", "--net"]
    script = os.path.join(environment.get("TOP_SRCDIR") or SRCDIR, "tests/browser", os.path.basename(sys.argv[0]))
    try:
        result = subprocess.run([*command, "/usr/bin/python3", script, *sys.argv[1:]], env=environment, check=False,
                                stdin=subprocess.DEVNULL)
        if scratch:
            pictures = os.path.join(scratch, "out", "tests")
            if os.path.isdir(pictures):
                shutil.copytree(pictures, os.path.join(BUILDDIR, "tests"), dirs_exist_ok=True)
    finally:
        if scratch:
            shutil.rmtree(scratch, ignore_errors=True)
    sys.exit(result.returncode)


def copy_tree(scratch):
    """What the tests need of the source and build folders."""
    os.chmod(scratch, 0o755)
    for folder in ("client/browser/extension", "tests/browser", "tests/integration", "data"):
        shutil.copytree(os.path.join(SRCDIR, folder), os.path.join(scratch, "src", folder),
                        ignore=shutil.ignore_patterns("__pycache__"))
    for program in ("signind", "signinctl", "signind-browser-host"):
        path = os.path.join(BUILDDIR, program)
        if os.path.exists(path):
            os.makedirs(os.path.dirname(os.path.join(scratch, "build", program)), exist_ok=True)
            shutil.copy(path, os.path.join(scratch, "build", program))
    os.mkdir(os.path.join(scratch, "out"))
    os.chown(os.path.join(scratch, "out"), NOBODY, NOBODY)
    subprocess.run(["chmod", "-R", "a+rX", scratch], check=True)


def raise_loopback():
    """`ip link set lo up`."""
    get_flags, set_flags, up = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, get_flags, request))[1]
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh14x", b"lo", flags | up))
    with open("/proc/net/dev", encoding="ascii") as file:
        names = [line.split(":")[0].strip() for line in file if ":" in line]
    others = [name for name in names if name != "lo" and not name.startswith(("tunl", "sit", "ip6tnl"))]
    if others:
        raise RuntimeError(f"this is no empty network namespace: {others}")


def drop_privileges():
    """From here on a normal user."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    pr_set_pdeathsig, pr_cap_ambient, clear_all = 1, 47, 4
    libc = ctypes.CDLL(None)
    libc.prctl(pr_cap_ambient, clear_all, 0, 0, 0)
    # What --kill-child asked for went with the privileges.
    libc.prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)


# The rig.

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def clean_environment(folder):
    """Nothing of whoever runs this."""
    env = {key: value for key, value in os.environ.items() if key in ("PATH", "TMPDIR") or "SAN_OPTIONS" in key}
    for key, name in (("HOME", "home"), ("XDG_CONFIG_HOME", "home/.config"), ("XDG_CACHE_HOME", "home/.cache"),
                      ("XDG_DATA_HOME", "home/.local/share"), ("XDG_STATE_HOME", "home/.local/state"),
                      ("XDG_RUNTIME_DIR", "run")):
        env[key] = os.path.join(folder, name)
        os.makedirs(env[key], mode=0o700, exist_ok=True)
    return {**env, "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONDONTWRITEBYTECODE": "1", "GSETTINGS_BACKEND": "memory",
            "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=" + os.path.join(folder, "no-system-bus"),
            "SIGNIND_DATADIR": os.path.join(SRCDIR, "data")}


def start_bus(folder, env):
    """A session bus; puts its address into ENV."""
    config, path = os.path.join(folder, "bus.conf"), os.path.join(folder, "bus")
    with open(config, "w", encoding="utf-8") as file:
        file.write(BUS_CONFIG.format(socket=path))
    with open(os.path.join(folder, "bus.log"), "wb") as log:
        command = ["dbus-daemon", "--nofork", "--nopidfile", "--config-file=" + config, "--print-address=1"]
        bus = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=env)
    env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
    bus.stdout.close()
    return bus


class Recorder:
    """The native-messaging host of one home, and what it was told."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder)
        self.program = os.path.join(folder, "fakehost.py")
        shutil.copy(os.path.join(HERE, "fakehost.py"), self.program)
        os.chmod(self.program, 0o755)

    def put_into(self, browser, home):
        """Lets BROWSER find it."""
        target = browser.host_folder(home)
        os.makedirs(target, exist_ok=True)
        manifest = {"name": HOST_NAME, "description": "signind test", "path": self.program, "type": "stdio"}
        with open(os.path.join(target, HOST_NAME + ".json"), "w", encoding="utf-8") as file:
            json.dump(browser.host_manifest(manifest), file)

    def answer(self, **answers):
        """What it answers, by type of message."""
        scratch = os.path.join(self.folder, "answers.tmp")
        with open(scratch, "w", encoding="utf-8") as file:
            json.dump(answers, file)
        os.replace(scratch, os.path.join(self.folder, "answers.json"))

    def pass_to(self, program):
        """Passes all on to PROGRAM."""
        with open(os.path.join(self.folder, "pass-to"), "w", encoding="utf-8") as file:
            file.write(program)

    def records(self):
        """All that was said and answered."""
        try:
            with open(os.path.join(self.folder, "messages"), encoding="utf-8") as file:
                return [json.loads(line) for line in file.read().split("\n")[:-1]]
        except FileNotFoundError:
            return []

    def messages(self, kind):
        """What was said, of one type."""
        return [record["message"] for record in self.records() if record["message"]["type"] == kind]


class Rig:
    """One home with one browser."""

    def __init__(self, name, kind, site, parent, desktop=None, extra=None, files=None, **how):
        self.kind = BROWSERS[kind]
        self.site = site
        self.desktop = desktop
        self.folder = os.path.join(parent, name)
        os.makedirs(self.folder)
        self.env = {**clean_environment(self.folder), **(extra or {})}
        self.bus = None
        if desktop:
            self.env["DBUS_SESSION_BUS_ADDRESS"] = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
        else:
            self.bus = start_bus(self.folder, self.env)
        self.extension = os.path.join(self.folder, "extension")
        shutil.copytree(os.path.join(SRCDIR, "client/browser/extension"), self.extension)
        subprocess.run(["chmod", "-R", "u+w", self.extension], check=True)
        self.recorder = Recorder(os.path.join(self.folder, "host"))
        self.recorder.put_into(self.kind, self.folder)
        if desktop:
            self.recorder.pass_to(os.path.join(BUILDDIR, "signind-browser-host"))
        for path, text in (files or {}).items():
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        self.sentinels = 0
        self.seen = 0
        self.browser = self.kind(self.folder, site.port, self.extension, self.env, **how)
        # The worker asks for the status when it is installed, and listens from then on.
        wait(lambda: self.recorder.messages("status"), what="the extension to ask for the status")

    def edit(self, name, old, new):
        """Changes a file of the extension; what stood there is given back."""
        path = os.path.join(self.extension, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if text.count(old) != 1:
            raise RuntimeError(f"{name} has {text.count(old)} times {old!r}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))
        return text

    def put_back(self, name, text):
        """Undoes edit()."""
        with open(os.path.join(self.extension, name), "w", encoding="utf-8") as file:
            file.write(text)

    def settle(self):
        """Waits until the worker has nothing more to say: it asks for the status after each event."""
        def is_idle():
            kinds = [record["message"]["type"] for record in self.recorder.records()]
            return [kind for kind in kinds if kind in ("event", "status")][-1] == "status"

        wait(is_idle, what="the extension to be idle")

    def stop_worker(self):
        """Puts the worker to sleep."""
        self.settle()
        self.browser.stop_worker()

    def reload_extension(self):
        """Takes up changed files, and waits for the worker. At times Chromium gives one that was loaded over another no
        events of requests at all, until it is loaded once more."""
        for last in (False, False, True):
            self.settle()
            before = len(self.recorder.messages("status"))
            self.browser.reload_extension()
            wait(lambda before=before: len(self.recorder.messages("status")) > before,
                 what="the extension to come back")
            try:
                self.events(BOUND if last else 5)
                return
            except BrowserError:
                if last:
                    raise
                say("loaded, but told nothing: once more")

    def page(self, name):
        """Waits for one of the played pages."""
        wait(lambda: self.browser.js("document.readyState === 'complete' && document.body?.dataset.page") == name,
             what=f"the page {name}")

    def leave(self):
        """What is shown now is not waited for."""
        self.browser.js("void (document.body && (document.body.dataset.page = 'old'))")

    def goto(self, url):
        """Opens an address, as one that was typed."""
        self.leave()
        self.browser.goto(url)

    def click(self, element):
        """Clicks in the page, on what leads away from it."""
        self.leave()
        self.browser.js(f"void document.getElementById('{element}').click()")

    def sign_in(self, password="right", then="application"):
        """Types into the form of the authority that is shown, and goes on to the page THEN."""
        self.page("login")
        self.browser.js(f"void (document.getElementById('passwd').value = '{password}')")
        self.click("next")
        if password == "right":
            self.page("kmsi")
            self.click("yes")
        self.page(then)

    def renew(self, how, mark):
        """A renewal in the background, by a function of the page."""
        self.browser.js(f"void {how}()")
        wait(lambda: self.browser.js("document.body.dataset.renewed") == mark, what=how)

    def events(self, bound=BOUND):
        """What was reported since the last call: one more sign-in is made, and all that came before it is given."""
        self.sentinels += 1
        host = f"{SENTINEL}{self.sentinels}.dynamics.com"
        self.browser.goto(f"https://{PUBLIC}/sentinel?host={host}")
        try:
            wait(lambda: any(event["host"] == host for event in self.reported()), bound, "the report of one more sign-in")
        except BrowserError:
            self.show_reports()
            raise
        events = self.reported()
        self.seen += len(events)
        return [event for event in events if not event["host"].startswith(SENTINEL)]

    def show_reports(self):
        """What the extension has said last, and what it keeps."""
        for record in self.recorder.records()[-5:]:
            say(json.dumps(record))
        say(self.browser.extension("JSON.stringify([await api.storage.local.get(), await api.storage.session.get()])"))

    def reported(self):
        """What was not taken yet, each with the answer to it."""
        return [{**record["message"], "answer": record["answer"], "late": record["late"]}
                for record in self.recorder.records() if record["message"]["type"] == "event"][self.seen:]

    def source(self):
        """What signind calls this profile."""
        return f"{self.browser.name}:{self.recorder.messages('event')[-1]['profile']}"

    def ring(self):
        """Lets the alarm go off now, and waits until the worker does what it does then."""
        self.settle()
        before = len(self.recorder.messages("status"))
        self.browser.extension("api.alarms.create('status', { when: Date.now(), periodInMinutes: 1 })")
        wait(lambda: len(self.recorder.messages("status")) > before, what="the alarm")

    def badge(self):
        """Its text and the words to it."""
        return self.browser.extension("[await api.action.getBadgeText({}), await api.action.getTitle({})]")

    def close(self):
        """Ends all that was started here."""
        self.browser.close()
        if self.bus:
            self.bus.kill()
            self.bus.wait()


class Desktop:
    """A bus with the real daemon, an account for each of the played sites, and what signinctl says of it."""

    ACCOUNTS = (("contoso", "dynamics365", "https://contoso.crm4.dynamics.com"),
                ("home", "dynamics365-home", "https://home.dynamics.com"),
                ("portal", "office365", "https://portal.office.com"),
                ("engagement", "social-engagement", "https://listening.microsoft.com/app/1234/"))

    def __init__(self, name, parent):
        self.folder = os.path.join(parent, name)
        os.makedirs(self.folder)
        self.env = clean_environment(self.folder)
        self.bus = start_bus(self.folder, self.env)
        self.process = self.notify = None
        self.lives = 0
        self.client = Client(self.env["DBUS_SESSION_BUS_ADDRESS"])
        self.start()
        for account, service, url in self.ACCOUNTS:
            self.ctl("add", account, "--service", service, "--url", url)

    def start(self):
        """Starts it, and waits until it is ready."""
        self.lives += 1
        self.notify = NotifySocket(os.path.join(self.folder, f"notify-{self.lives}"))
        with open(os.path.join(self.folder, "signind.log"), "ab") as log:
            self.process = subprocess.Popen([os.path.join(BUILDDIR, "signind")], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, env=dict(self.env, NOTIFY_SOCKET=self.notify.path))
        wait_until(lambda: "1" in self.notify.values("READY"), what="signind to be ready")

    def stop(self):
        """Ends it."""
        end_process(self.process)
        self.notify.close()

    def ctl(self, *arguments):
        """What signinctl prints."""
        result = subprocess.run([os.path.join(BUILDDIR, "signinctl"), *arguments], env=self.env, check=False,
                                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=BOUND)
        if result.returncode != 0:
            raise RuntimeError(f"signinctl {' '.join(arguments)}: {result.stderr}")
        return result.stdout

    def status(self, account="contoso"):
        """What `signinctl status --json` says of an account."""
        return json.loads(self.ctl("status", account, "--json"))["accounts"][0]

    def close(self):
        """Ends it for good."""
        self.stop()
        self.client.close()
        self.bus.kill()
        self.bus.wait()


class Session:
    """A scratch folder with the played sites."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="signind-browser-")
        os.mkdir(os.path.join(self.folder, "site"))
        self.site = Site(os.path.join(self.folder, "site"))
        self.rigs = []
        return self

    def rig(self, name, kind, **how):
        """A home with a browser, closed with the rest."""
        rig = Rig(name, kind, self.site, self.folder, **how)
        self.rigs.append(rig)
        return rig

    def desktop(self, name):
        """A bus with the real daemon, closed with the rest."""
        desktop = Desktop(name, self.folder)
        self.rigs.insert(0, desktop)
        return desktop

    def show_logs(self):
        """For whoever reads a failure."""
        for root, _folders, names in os.walk(self.folder):
            for name in names:
                if name in ("signind.log", "chromium.log", "firefox.log"):
                    with open(os.path.join(root, name), encoding="utf-8", errors="backslashreplace") as file:
                        lines = [text for text in file if not any(word in text for word in NOISE)]
                        say(f"{os.path.join(root, name)}:\n{''.join(lines[-15:])}")

    def __exit__(self, *_error):
        for rig in reversed(self.rigs):
            rig.close()
        self.site.close()
        # What a browser writes while it goes.
        end = time.monotonic() + BOUND
        while os.path.exists(self.folder) and time.monotonic() < end:
            shutil.rmtree(self.folder, ignore_errors=True)
