# SPDX-License-Identifier: GPL-3.0-or-later
"""Chromium, driven by its DevTools over a pipe: no port that others could connect to, and Python alone."""

import base64
import fcntl
import itertools
import json
import os
import signal
import subprocess
import threading
import time

PROGRAM = "/usr/lib/chromium/chromium"
ID = "fpapgecmiealhjhbecbgajjclclfhjpb"
BOUND = 30


class BrowserError(Exception):
    """The browser could not, or would not."""


class Pipe:
    """JSON messages, each ended by NUL: ours on its descriptor 3, its own on 4."""

    def __init__(self, command, env, log):
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        # Away from 3 and 4, onto which they are put in the child.
        high = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 20) for fd in (theirs_in, theirs_out)]
        os.close(theirs_in)
        os.close(theirs_out)
        with open(log, "ab") as out, open(os.devnull, "rb") as none:
            self.pid = os.posix_spawn(command[0], command, env, setsid=True, file_actions=[
                (os.POSIX_SPAWN_DUP2, none.fileno(), 0), (os.POSIX_SPAWN_DUP2, out.fileno(), 1),
                (os.POSIX_SPAWN_DUP2, out.fileno(), 2), (os.POSIX_SPAWN_DUP2, high[0], 3),
                (os.POSIX_SPAWN_DUP2, high[1], 4)])
        for fd in high:
            os.close(fd)
        self.out, self.input = ours_out, ours_in
        self.numbers = itertools.count(1)
        self.replies = {}
        self.changed = threading.Condition()
        self.gone = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        rest = b""
        while True:
            data = os.read(self.input, 1 << 16)
            *whole, rest = (rest + data).split(b"\0")
            with self.changed:
                for message in map(json.loads, whole):
                    if "id" in message:
                        self.replies[message["id"]] = message
                self.gone = not data
                self.changed.notify_all()
            if not data:
                return

    def call(self, method, session=None, bound=BOUND, **parameters):
        """One command and its result."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        os.write(self.out, json.dumps(message).encode() + b"\0")
        with self.changed:
            if not self.changed.wait_for(lambda: number in self.replies or self.gone, bound):
                raise BrowserError(f"no answer to {method} within {bound} s")
            reply = self.replies.pop(number, {"error": "the browser is gone"})
        if "error" in reply:
            raise BrowserError(f"{method}: {reply['error']}")
        return reply["result"]


class Chromium:
    """One profile. One tab is the person's, another one a page of the extension."""

    name = "chromium"
    tells_typed = False

    def __init__(self, folder, port, extension, env, headless=True, arguments=()):
        self.profile = os.path.join(folder, "profile")
        self.path = extension
        command = [PROGRAM, "--no-first-run", "--disable-gpu", "--disable-background-networking", "--lang=en-US",
                   "--disable-dev-shm-usage", "--remote-debugging-pipe", "--ignore-certificate-errors",
                   f"--user-data-dir={self.profile}", f"--load-extension={extension}",
                   f"--proxy-server=http://127.0.0.1:{port}", "--proxy-bypass-list=<-loopback>", *arguments]
        if headless:
            command.append("--headless=new")
        if not has_sandbox():
            command.append("--no-sandbox")
        # Its LANGUAGE decides in which language the extension speaks.
        self.pipe = Pipe(command, dict(env, LANGUAGE="en_US"), os.path.join(folder, "chromium.log"))
        self.tab = self._open("about:blank")
        self.own = None
        self.own_page = None

    @staticmethod
    def host_folder(folder):
        """Where the manifest of a native-messaging host is found."""
        return os.path.join(folder, "profile", "NativeMessagingHosts")

    @staticmethod
    def host_manifest(manifest):
        """Who may start it."""
        return {**manifest, "allowed_origins": [f"chrome-extension://{ID}/"]}

    def _attach(self, target):
        return self.pipe.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def _open(self, url):
        session = self._attach(self.pipe.call("Target.createTarget", url=url)["targetId"])
        self.pipe.call("Page.enable", session)
        return session

    def _evaluate(self, session, expression):
        result = self.pipe.call("Runtime.evaluate", session, expression=expression, awaitPromise=True,
                                returnByValue=True, userGesture=True)
        if "exceptionDetails" in result:
            raise BrowserError(json.dumps(result["exceptionDetails"])[:800])
        return result["result"].get("value")

    def goto(self, url):
        """Opens an address, as one that was typed."""
        self.pipe.call("Page.navigate", self.tab, url=url)

    def reload(self):
        """Presses the button."""
        self.pipe.call("Page.reload", self.tab)

    def js(self, expression):
        """The value of an expression in the page."""
        return self._evaluate(self.tab, expression)

    def new_tab(self):
        """Goes on in another tab."""
        self.tab = self._open("about:blank")

    def extension(self, expression, page="options.html"):
        """The value of an expression, or what it promises, in a page of the extension, where `api` is at hand."""
        if self.own_page != page:
            self.open_extension(page)
        return self._evaluate(self.own, f"(async () => {{ const api = chrome; return {expression}; }})()")

    def open_extension(self, page):
        """Loads a page of the extension anew."""
        self.own = self.own or self._open("about:blank")
        self.own_page = page
        self.pipe.call("Page.navigate", self.own, url=f"chrome-extension://{ID}/{page}")
        wait(lambda: self._evaluate(self.own, "document.readyState === 'complete' && !!chrome.runtime?.id"))

    def close_extension(self):
        """Closes that page: a page that is open can keep the worker awake."""
        if self.own:
            self.pipe.call("Page.close", self.own)
        self.own = self.own_page = None

    def press(self, element, page="options.html"):
        """A real click on an element of an extension's page."""
        box = json.loads(self.extension(
            f"JSON.stringify(document.getElementById({json.dumps(element)}).getBoundingClientRect())", page))
        where = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2, "button": "left", "clickCount": 1}
        self.pipe.call("Page.bringToFront", self.own)
        for kind in ("mousePressed", "mouseReleased"):
            self.pipe.call("Input.dispatchMouseEvent", self.own, type=kind, **where)

    def key(self, name, _page):
        """Presses a key in the extension's page."""
        code = {"Tab": 9, "Enter": 13}[name]
        self.pipe.call("Page.bringToFront", self.own)
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if name == "Enter" and kind == "keyDown" else {}
            self.pipe.call("Input.dispatchKeyEvent", self.own, type=kind, key=name, code=name,
                           windowsVirtualKeyCode=code, **text)

    def accessible(self, _page):
        """Role and name of each part of the extension's page, as screen readers are told."""
        nodes = self.pipe.call("Accessibility.getFullAXTree", self.own)["nodes"]
        return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]

    def press_and_follow(self, element, page, url):
        """The same, and goes on in the tab that it opens."""
        def tabs():
            found = [one for one in self.pipe.call("Target.getTargets")["targetInfos"] if one["type"] == "page"]
            return {target["targetId"] for target in found if target["url"].startswith(url)}

        before = tabs()
        self.press(element, page)
        self.own = self.own_page = None
        self.tab = self._attach(wait(lambda: tabs() - before, what="a new tab").pop())
        self.pipe.call("Page.enable", self.tab)

    def _targets(self, kind):
        found = self.pipe.call("Target.getTargets", filter=[{}])["targetInfos"]
        return [target["targetId"] for target in found if target["type"] == kind and ID in target["url"]]

    def worker_runs(self):
        """Whether the extension's worker is there."""
        return bool(self._targets("service_worker"))

    def stop_worker(self):
        """Puts the worker to sleep, as half a minute without events does."""
        self.close_extension()
        self.pipe.call("ServiceWorker.enable", self.tab)
        self.pipe.call("ServiceWorker.stopAllWorkers", self.tab)
        wait(lambda: not self.worker_runs())
        self.pipe.call("ServiceWorker.disable", self.tab)

    def reload_extension(self):
        """Takes up changed files."""
        self.close_extension()
        self.pipe.call("Extensions.loadUnpacked", path=self.path)

    def _worker(self, expression):
        """The value of an expression in the extension's worker."""
        return self._evaluate(self._attach(wait(lambda: self._targets("service_worker"))[0]), expression)

    def show_tab(self):
        """Brings the person's tab to the front."""
        self.pipe.call("Page.bringToFront", self.tab)

    def open_popup(self):
        """Opens the popup below its button."""
        self._worker("chrome.action.openPopup()")

    def _popups(self):
        found = self.pipe.call("Target.getTargets", filter=[{}])["targetInfos"]
        own = f"chrome-extension://{ID}/popup.html"
        return [target["targetId"] for target in found if target["type"] == "page" and target["url"] == own]

    def popup_shown(self):
        """What the popup shows, once it does, and has been painted."""
        session = self._attach(wait(self._popups)[0])
        return self._evaluate(session, """new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
          () => done(document.body.dataset.shown ?? ""))))""")

    def close_popup(self):
        """Closes it."""
        for target in self._popups():
            self._evaluate(self._attach(target), "setTimeout(() => window.close())")
        wait(lambda: not self._popups())

    def withhold_sites(self):
        """Chooses "on click" on the page of the extensions."""
        session = self._open("chrome://extensions/")
        wait(lambda: self._evaluate(session, "!!chrome.developerPrivate"))
        self._evaluate(session, f"""chrome.developerPrivate.updateExtensionConfiguration(
          {{ extensionId: "{ID}", hostAccess: "ON_CLICK" }})""")

    def set_dark(self, dark):
        """What the desktop prefers."""
        for session in filter(None, (self.tab, self.own)):
            self.pipe.call("Emulation.setEmulatedMedia", session,
                           features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def picture(self, path, width, height):
        """A picture of the extension's page."""
        self.pipe.call("Emulation.setDeviceMetricsOverride", self.own, width=width, height=height, deviceScaleFactor=1,
                       mobile=False)
        data = self.pipe.call("Page.captureScreenshot", self.own, format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        """Ends it, kindly if it can be."""
        try:
            self.pipe.call("Browser.close", bound=10)
        except BrowserError:
            pass
        end = time.monotonic() + 15
        while time.monotonic() < end:
            if os.waitpid(self.pipe.pid, os.WNOHANG)[0]:
                return
            time.sleep(0.02)
        # It has a session of its own, and so a group.
        os.killpg(self.pipe.pid, signal.SIGKILL)
        os.waitpid(self.pipe.pid, 0)


def has_sandbox():
    """Chromium's needs user namespaces, and does not run for root."""
    return os.geteuid() != 0 and subprocess.run(["unshare", "--user", "true"], stdin=subprocess.DEVNULL, check=False,
                                                capture_output=True).returncode == 0


def wait(predicate, bound=BOUND, what="the browser"):
    """Asks until it is so; an error counts as not yet."""
    end = time.monotonic() + bound
    while True:
        try:
            value, error = predicate(), None
        except BrowserError as caught:
            value, error = None, caught
        if value:
            return value
        if time.monotonic() > end:
            raise BrowserError(f"not within {bound} s: {what} ({error})")
        time.sleep(0.02)
