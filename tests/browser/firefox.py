# SPDX-License-Identifier: GPL-3.0-or-later
"""Firefox, driven by Marionette, which it has built in: Python alone."""

import base64
import json
import os
import signal
import socket
import subprocess
import time

from chromium import BOUND, BrowserError, wait

PROGRAM = "firefox-esr"
ID = "signind@signind.org"
UUID = "5a1f0c9e-3b51-4c2e-9d0a-6f7e8d9c0b1a"
ORIGIN = f"moz-extension://{UUID}/"

# Nothing at home is called, nothing is asked; the extension's address and its permissions are as a test wants them.
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage": "about:blank",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.disable_open_during_load": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "extensions.webextOptionalPermissionPrompts": False,
    "extensions.webextensions.uuids": json.dumps({ID: UUID}),
    "intl.locale.requested": "en-US",
    "marionette.port": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 1,
    "network.trr.mode": 5,
    "services.settings.server": "data:,",
    "startup.homepage_welcome_url": "about:blank",
    "toolkit.telemetry.server": "",
}


class Firefox:
    """One profile. One tab is the person's, another one a page of the extension."""

    name = "firefox"
    tells_typed = True

    def __init__(self, folder, port, extension, env):
        self.profile = os.path.join(folder, "profile")
        os.makedirs(self.profile, exist_ok=True)
        preferences = {**PREFERENCES, "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": port,
                       "network.proxy.http": "127.0.0.1", "network.proxy.http_port": port}
        with open(os.path.join(self.profile, "user.js"), "w", encoding="utf-8") as file:
            file.writelines(f"user_pref({json.dumps(key)}, {json.dumps(value)});\n"
                            for key, value in preferences.items())
        self.path = extension
        with open(os.path.join(folder, "firefox.log"), "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "--headless", "--no-remote", "--marionette", "--remote-allow-system-access",
                 "--profile", self.profile], env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
        self.socket = None
        try:
            self._connect()
            self.call("WebDriver:NewSession", acceptInsecureCerts=True)
            self.call("WebDriver:SetTimeouts", script=BOUND * 1000, pageLoad=BOUND * 1000, implicit=0)
            self.tab = self.call("WebDriver:GetWindowHandle")["value"]
            self.own = self.own_page = None
            self.reload_extension()
        except Exception:
            self.close()
            raise

    @staticmethod
    def host_folder(folder):
        """Where the manifest of a native-messaging host is found."""
        return os.path.join(folder, "home", ".mozilla", "native-messaging-hosts")

    @staticmethod
    def host_manifest(manifest):
        """Who may start it."""
        return {**manifest, "allowed_extensions": [ID]}

    def _connect(self):
        path = os.path.join(self.profile, "MarionetteActivePort")

        def port():
            if self.process.poll() is not None:
                raise BrowserError(f"firefox ended with {self.process.returncode}")
            if os.path.exists(path):
                with open(path, encoding="ascii") as file:
                    return file.read().strip()
            return None

        self.socket = socket.create_connection(("127.0.0.1", int(wait(port, 90, "Firefox to come up"))), BOUND * 2)
        self.stream = self.socket.makefile("rb")
        self.number = 0
        self._receive()

    def _receive(self):
        length = b""
        while not length.endswith(b":"):
            byte = self.stream.read(1)
            if not byte:
                raise BrowserError("the browser is gone")
            length += byte
        return json.loads(self.stream.read(int(length[:-1])))

    def call(self, command, **parameters):
        """One command and its result."""
        self.number += 1
        data = json.dumps([0, self.number, command, parameters]).encode()
        self.socket.sendall(str(len(data)).encode() + b":" + data)
        while True:
            kind, number, error, result = self._receive()
            if kind == 1 and number == self.number:
                break
        if error:
            raise BrowserError(f"{command}: {error['error']}: {error['message'][:800]}")
        return result

    def _promise(self, expression):
        """What EXPRESSION promises, or how it fails."""
        script = f"""
          const done = arguments[arguments.length - 1];
          (async () => {expression})().then(value => done({{value}}), error => done({{error: String(error)}}));"""
        result = self.call("WebDriver:ExecuteAsyncScript", args=[], script=script)["value"]
        if "error" in result:
            raise BrowserError(result["error"])
        return result.get("value")

    def chrome(self, expression):
        """The value of an expression, or what it promises, in the browser itself."""
        self.call("Marionette:SetContext", value="chrome")
        try:
            return self._promise(expression)
        finally:
            self.call("Marionette:SetContext", value="content")

    def _switch(self, handle):
        self.call("WebDriver:SwitchToWindow", handle=handle, focus=True)

    def goto(self, url):
        """Opens an address, as one that was typed."""
        # Without waiting for it to load: pages of a sign-in are gone before they have.
        self.chrome(f"""{{
          gBrowser.selectedBrowser.loadURI(Services.io.newURI({json.dumps(url)}), {{
            triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal() }}); }}""")

    def reload(self):
        """Presses the button."""
        self.chrome("{ gBrowser.selectedBrowser.reload(); }")

    def js(self, expression):
        """The value of an expression in the page."""
        return self.call("WebDriver:ExecuteScript", script=f"return ({expression})", args=[], sandbox=None)["value"]

    def new_tab(self):
        """Goes on in another tab."""
        self.tab = self.call("WebDriver:NewWindow", type="tab", focus=True)["handle"]
        self._switch(self.tab)

    def extension(self, expression, page="options.html"):
        """The value of an expression, or what it promises, in a page of the extension, where `api` is at hand."""
        if self.own_page != page:
            self.open_extension(page)
        self._switch(self.own)
        try:
            return self._promise(f"{{ const api = browser; return {expression}; }}")
        finally:
            self._switch(self.tab)

    def open_extension(self, page):
        """Loads a page of the extension anew."""
        if not self.own:
            self.own = self.call("WebDriver:NewWindow", type="tab", focus=False)["handle"]
        self._switch(self.own)
        self.call("WebDriver:Navigate", url=ORIGIN + page)
        self.own_page = page
        self._switch(self.tab)

    def close_extension(self):
        """Closes that page: a page that is open can keep the worker awake."""
        if self.own:
            self._switch(self.own)
            self.call("WebDriver:CloseWindow")
            self._switch(self.tab)
        self.own = self.own_page = None

    def press(self, element, page="options.html"):
        """A real click on an element of an extension's page."""
        if self.own_page != page:
            self.open_extension(page)
        self._switch(self.own)
        try:
            wait(lambda: self._click(element), what="a click on " + element)
        finally:
            self._switch(self.tab)

    def _click(self, element):
        """Whether the element was still there when it was to be clicked: the page draws it anew at times."""
        try:
            found = self.call("WebDriver:FindElement", using="css selector", value="#" + element)["value"]
            self.call("WebDriver:ElementClick", id=next(iter(found.values())))
            return True
        except BrowserError as error:
            if "stale element" not in str(error):
                raise
            return False

    def key(self, name, _page):
        """Presses a key in the extension's page."""
        value = {"Tab": "\ue004", "Enter": "\ue007"}[name]
        self._switch(self.own)
        self.call("WebDriver:PerformActions", actions=[{"type": "key", "id": "keyboard", "actions": [
            {"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]}])
        self._switch(self.tab)

    def accessible(self, _page):
        """Role and name of each part of the extension's page, as screen readers are told."""
        self._switch(self.own)
        try:
            found = self.call("WebDriver:FindElements", using="css selector",
                              value="h1, h2, button, input, [role=progressbar]")
            elements = [next(iter(element.values())) for element in found]
            return [(self.call("WebDriver:GetComputedRole", id=element)["value"],
                     self.call("WebDriver:GetComputedLabel", id=element)["value"]) for element in elements]
        finally:
            self._switch(self.tab)

    def press_and_follow(self, element, page, url):
        """The same, and goes on in the tab that it opens."""
        def tabs():
            return set(self.call("WebDriver:GetWindowHandles"))

        before = tabs()
        self.press(element, page)
        self.own = self.own_page = None
        self.tab = wait(lambda: tabs() - before, what="a new tab").pop()
        self._switch(self.tab)
        wait(lambda: self.js("location.href").startswith(url), what=url)

    def worker_runs(self):
        """Whether the extension's background page is there."""
        return self.chrome(f"WebExtensionPolicy.getByID('{ID}').extension.backgroundState") == "running"

    def stop_worker(self):
        """Puts the background page to sleep, as half a minute without events does."""
        self.close_extension()
        extension = f"WebExtensionPolicy.getByID('{ID}').extension"

        # It comes back at once where something was still on its way to it.
        def is_stopped():
            if self.worker_runs():
                self.chrome(f"{extension}.terminateBackground().then(() => true)")
            return self.chrome(f"{extension}.backgroundState") == "stopped"

        wait(is_stopped, what="the background page to stop")

    def reload_extension(self):
        """Takes up changed files."""
        self.close_extension()
        self.call("Addon:Install", path=self.path, temporary=True)

    def set_dark(self, dark):
        """What the desktop prefers."""
        value = 0 if dark else 1
        self.chrome(f"""{{ Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', {value});
                           Services.prefs.setIntPref('ui.systemUsesDarkTheme', {1 - value}); }}""")

    def picture(self, path, _width, _height):
        """A picture of the extension's page."""
        self._switch(self.own)
        try:
            self._take(path, "body")
        finally:
            self._switch(self.tab)

    def _take(self, path, selector):
        found = self.call("WebDriver:FindElement", using="css selector", value=selector)["value"]
        data = self.call("WebDriver:TakeScreenshot", id=next(iter(found.values())), full=False)["value"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def toolbar_picture(self, path):
        """A picture of the toolbar."""
        self.call("Marionette:SetContext", value="chrome")
        try:
            self._take(path, "#nav-bar")
        finally:
            self.call("Marionette:SetContext", value="content")

    def close(self):
        """Ends it, kindly if it can be."""
        if self.socket:
            try:
                self.call("Marionette:Quit", flags=["eForceQuit"])
            except (BrowserError, OSError):
                pass
            self.socket.close()
        end = time.monotonic() + (20 if self.socket else 0)
        while self.process.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
        if self.process.poll() is None:
            # It has a session of its own, and so a group.
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
