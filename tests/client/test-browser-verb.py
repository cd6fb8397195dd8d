# SPDX-License-Identifier: GPL-3.0-or-later
"""`signinctl browser` in a scratch home: what it writes, what it leaves alone, what it says."""

import base64
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import traceback

SRCDIR = os.environ["TOP_SRCDIR"]
BUILDDIR = os.environ["TOP_BUILDDIR"]
NAME = "org.signind.browser.json"
FIREFOX = ".mozilla/native-messaging-hosts/" + NAME
FOLDERS = {
    "firefox": FIREFOX,
    "chromium": ".config/chromium/NativeMessagingHosts/" + NAME,
    "chrome": ".config/google-chrome/NativeMessagingHosts/" + NAME,
    "edge": ".config/microsoft-edge/NativeMessagingHosts/" + NAME,
    "brave": ".config/BraveSoftware/Brave-Browser/NativeMessagingHosts/" + NAME,
    "vivaldi": ".config/vivaldi/NativeMessagingHosts/" + NAME,
}
tests = []


def test(description):
    """Marks a function as a test."""
    def register(function):
        tests.append((description, function))
        return function
    return register


def equal(got, expected, what):
    """Fails unless both are the same."""
    assert got == expected, f"{what}: got {got!r}, expected {expected!r}"


class Home:
    """A scratch home, with a program for browsers to start."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="signind-browser-")
        self.program = os.path.join(self.dir, "signind-browser-host")
        self.umask = 0o022
        with open(self.program, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n")
        os.chmod(self.program, 0o755)

    def path(self, name):
        """A file below."""
        return os.path.join(self.dir, name)

    def put(self, name, content=None):
        """Makes a folder, or a file."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path) if content is not None else path, exist_ok=True)
        if content is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(content)

    def read(self, name):
        """What is in a file."""
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def run(self, *args):
        """signinctl browser: exit status, output, errors."""
        env = {key: value for key, value in os.environ.items() if "SAN_OPTIONS" in key}
        # Whatever browsers the machine has are not looked at.
        env["PATH"] = self.path("bin")
        env.update(HOME=self.dir, XDG_CONFIG_HOME=self.path(".config"), LC_ALL="C.UTF-8", SIGNIND_LIBEXECDIR=self.dir)
        done = subprocess.run([os.path.join(BUILDDIR, "signinctl"), "browser", *args], env=env, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=30,
                              preexec_fn=lambda: os.umask(self.umask))
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def status(self, browser):
        """What it knows of one browser."""
        code, out, _ = self.run("status", browser, "--json")
        equal(code, 0, "exit status")
        document = json.loads(out)
        equal(document["version"], 1, "version")
        return document["browsers"][0]


@test("install writes every browser's manifest where that browser looks, readable for all, and remove takes it away")
def all_browsers(home):
    home.umask = 0o077
    for browser, name in FOLDERS.items():
        equal(home.status(browser)["manifest"], "missing", browser)
        code, out, err = home.run("install", browser)
        equal((code, err), (0, ""), browser)
        assert "set up" in out and "~/" + name in out, out
        manifest = json.loads(home.read(name))
        equal((manifest["name"], manifest["type"], manifest["path"]), ("org.signind.browser", "stdio", home.program),
              browser)
        equal(sorted(set(manifest) - {"name", "type", "path", "description"}),
              ["allowed_extensions" if browser == "firefox" else "allowed_origins"], f"who may, {browser}")
        equal(stat.S_IMODE(os.stat(home.path(name)).st_mode), 0o644, "mode")
        equal(os.listdir(os.path.dirname(home.path(name))), [NAME], "nothing is left beside it")
        equal(home.status(browser)["manifest"], "good", browser)
        equal(home.run("remove", browser)[0], 0, browser)
        assert not os.path.lexists(home.path(name)), browser


@test("a browser that is installed and was never used is found")
def never_used(home):
    equal(home.status("chromium")["found"], False, "without it")
    home.put("bin/chromium", "#!/bin/sh\n")
    equal(home.status("chromium")["found"], False, "a file that is no program")
    os.chmod(home.path("bin/chromium"), 0o755)
    equal(home.status("chromium")["found"], True, "with it")


@test("what it writes is what make install puts there for everybody")
def same_as_installed(home):
    for browser in ("firefox", "chromium"):
        home.run("install", browser)
        with open(os.path.join(BUILDDIR, "client", "browser", browser, NAME), encoding="utf-8") as file:
            built = file.read()
        built_path = json.loads(built)["path"]
        assert built_path.endswith("/signind-browser-host"), built_path
        equal(built.replace(built_path, home.program), home.read(FOLDERS[browser]), browser)


@test("the id in Chromium's manifest is that of the extension's key, and Firefox's is that of the extension")
def ids(home):
    with open(os.path.join(SRCDIR, "client", "browser", "extension", "manifest.json"), encoding="utf-8") as file:
        extension = json.load(file)
    digest = hashlib.sha256(base64.b64decode(extension["key"], validate=True)).hexdigest()[:32]
    chromium_id = "".join(chr(ord("a") + int(digit, 16)) for digit in digest)
    home.run("install", "chromium", "firefox")
    equal(json.loads(home.read(FOLDERS["chromium"]))["allowed_origins"], [f"chrome-extension://{chromium_id}/"],
          "Chromium")
    equal(json.loads(home.read(FIREFOX))["allowed_extensions"],
          [extension["browser_specific_settings"]["gecko"]["id"]], "Firefox")
    with open(os.path.join(SRCDIR, "docs", "browsers.md"), encoding="utf-8") as file:
        assert chromium_id in file.read(), "the documentation names the id"


@test("without a name it takes the browsers that were used here, snaps that find the file included")
def found(home):
    code, out, err = home.run("install")
    equal((code, out), (1, ""), "with no browser at all")
    assert "signinctl browser install firefox" in err, err
    home.put(".config/vivaldi")
    home.put("snap/firefox")
    home.put("snap/brave")
    home.put(".var/app/com.google.Chrome")
    code, out, _ = home.run("install")
    equal(code, 0, "exit status")
    equal([browser for browser, name in FOLDERS.items() if os.path.exists(home.path(name))], ["firefox", "vivaldi"],
          "set up")
    equal(home.status("brave")["snap"], True, "a snap that cannot")
    _, out, _ = home.run()
    assert "The snap of Brave cannot" in out and "The Flatpak of Chrome cannot" in out, out
    assert "The snap of Firefox cannot" not in out, out
    code, out, _ = home.run("remove")
    equal(code, 0, "exit status")
    equal([name for name in FOLDERS.values() if os.path.exists(home.path(name))], [], "left")
    equal(home.run("remove")[:2], (0, "No browser is set up\n"), "once more")


@test("a file that is not of signind is never touched, whatever it is")
def foreign(home):
    def refused(what):
        for action in ("install", "remove"):
            code, out, _ = home.run(action, "firefox")
            equal(code, 1, f"{action}, {what}")
            assert "not of signind" in " ".join(out.split()), out
        equal(home.status("firefox")["manifest"], "foreign", what)

    for content in ("{}", "", '{"name": "org.signind.browser"}\n', "x" * 100_000):
        home.put(FIREFOX, content)
        refused(repr(content[:40]))
        equal(home.read(FIREFOX), content, "content")
    os.unlink(home.path(FIREFOX))

    home.run("install", "chromium")
    os.symlink(home.path(FOLDERS["chromium"]), home.path(FIREFOX))
    refused("a link to one of ours")
    assert os.path.islink(home.path(FIREFOX)), "the link"
    os.unlink(home.path(FIREFOX))
    os.symlink(home.path("nowhere"), home.path(FIREFOX))
    refused("a link to nothing")
    os.unlink(home.path(FIREFOX))
    os.mkfifo(home.path(FIREFOX))
    refused("a pipe")
    os.unlink(home.path(FIREFOX))
    os.mkdir(home.path(FIREFOX))
    refused("a folder")


@test("the manifest of another installation is told apart, replaced and removed")
def other(home):
    home.run("install", "firefox")
    good = home.read(FIREFOX)
    for action, left in (("install", True), ("remove", False)):
        home.put(FIREFOX, good.replace(home.program, "/opt/old/libexec/signind-browser-host"))
        equal(home.status("firefox")["manifest"], "other", "before")
        equal(home.run(action, "firefox")[0], 0, action)
        equal(os.path.exists(home.path(FIREFOX)) and home.read(FIREFOX) == good, left, action)


@test("twice is not too often")
def twice(home):
    home.run("install", "edge")
    before = os.stat(home.path(FOLDERS["edge"])).st_mtime_ns
    code, out, _ = home.run("install", "edge", "--json")
    equal(code, 0, "exit status")
    equal([(b["done"], b["changed"]) for b in json.loads(out)["browsers"]], [(True, False)], "JSON")
    equal(os.stat(home.path(FOLDERS["edge"])).st_mtime_ns, before, "untouched")
    equal(home.run("remove", "edge")[0], 0, "remove")
    equal(home.run("remove", "edge")[0], 0, "remove once more")


@test("without the program nothing is set up, and what cannot be written says why")
def trouble(home):
    home.put(".config", "a file")
    code, out, _ = home.run("install", "chrome")
    equal(code, 1, "exit status")
    assert "cannot be made" in " ".join(out.split()), out
    os.unlink(home.program)
    code, out, _ = home.run("install", "firefox", "--json")
    equal(code, 1, "exit status")
    assert "cannot be started" in json.loads(out)["browsers"][0]["problem"], out
    assert not os.path.exists(home.path(FIREFOX)), "nothing was written"


@test("a wrong word is a wrong call")
def usage(home):
    for args, hint in ((("instal",), "browser install"), (("install", "netscape"), "vivaldi"), (("explode",), "status")):
        code, out, err = home.run(*args)
        equal((code, out), (2, ""), str(args))
        assert hint in err, err


def run():
    """Runs all of them."""
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    for number, (description, function) in enumerate(tests, 1):
        home = Home()
        try:
            function(home)
            print(f"ok {number} - {description}", flush=True)
        except Exception:  # Whatever it was, the next test shall run.
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            print(f"not ok {number} - {description}", flush=True)
            failed += 1
        finally:
            shutil.rmtree(home.dir)
    sys.exit(1 if failed else 0)


run()
