# SPDX-License-Identifier: GPL-3.0-or-later
"""signinctl doctor where all is well and where things are broken, and the popups of signinctl itself."""

import json
import os
import re
import subprocess
import sys
import tempfile

import harness
from desktop import NotificationServer
from faketime import library
from harness import (BUILDDIR, HOUR, LENGTH, MINUTE, SIGNINCTL, SIGNIND, Failure, check, check_equal, now, run, test,
                     wait_until)
from manager import Manager

# A folder of activation files, for what the bus can start.
SERVICES = tempfile.TemporaryDirectory(prefix="signind-test-services-")
harness.BUS_CONFIG = harness.BUS_CONFIG.replace("<auth>", f"<servicedir>{SERVICES.name}</servicedir><auth>")


def ctl(rig, *args, code=0, **env):
    """Runs signinctl while the main loop turns; gives standard output and error."""
    # Whatever browsers the machine has are not looked at.
    env = {**rig.env, "PATH": "/nonexistent", **env}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen([SIGNINCTL, *args], env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        wait_until(lambda: process.poll() is not None, 60, "the end of signinctl")
        out.seek(0)
        err.seek(0)
        said = out.read().decode(), err.read().decode()
    if process.returncode != code:
        raise Failure(f"{args}: exit status {process.returncode}, expected {code}: {said}")
    return said


class Doctor:
    """What the doctor found, by check."""

    def __init__(self, rig, *args, code=1, **env):
        value = json.loads(ctl(rig, "doctor", "--json", *args, code=code, **env)[0])
        check_equal(value["version"], 1, "version of the format")
        self.found = {entry["check"]: entry for entry in value["checks"]}
        problems = [e for e in value["checks"] if e["verdict"] == "problem"]
        check_equal(value["problems"], len(problems), "number of problems")
        check_equal(code, 1 if problems else 0, f"exit status for {problems}")

    def expect(self, name, verdict, *words):
        """Checks one finding, and that all WORDS are in what is said of it."""
        check(name in self.found, f"{name} is in {sorted(self.found)}")
        entry = self.found[name]
        said = f"{entry['text']} / {entry['remedy']}"
        check_equal(entry["verdict"], verdict, f"{name}: {said}")
        for word in words:
            check(word in said, f"{word!r} in {said!r}")
        return self


def put_activation(rig):
    """Lets the bus start signind."""
    with open(os.path.join(SERVICES.name, "org.signind.Signin1.service"), "w", encoding="utf-8") as file:
        file.write(f"[D-BUS Service]\nName=org.signind.Signin1\nExec={SIGNIND}\n")
    rig.client.call("ReloadConfig", path="/org/freedesktop/DBus", interface="org.freedesktop.DBus",
                    name="org.freedesktop.DBus")


def put_browser(rig):
    """Sets up a program that opens pages."""
    folder = os.path.join(rig.env["XDG_DATA_HOME"], "applications")
    os.makedirs(folder)
    with open(os.path.join(folder, "browser.desktop"), "w", encoding="utf-8") as file:
        file.write("[Desktop Entry]\nType=Application\nName=Browser\nExec=/bin/true %u\n")
    with open(os.path.join(rig.env["XDG_CONFIG_HOME"], "mimeapps.list"), "w", encoding="utf-8") as file:
        file.write("[Default Applications]\nx-scheme-handler/https=browser.desktop\n")


def all_well(rig, **values):
    """Everything that has to be there, but the daemon itself."""
    for name in os.listdir(SERVICES.name):
        os.unlink(os.path.join(SERVICES.name, name))
    put_activation(rig)
    put_browser(rig)
    return Manager(rig, **values)


@test("where all is well each line says ok, and the exit status is 0")
def well(rig):
    all_well(rig)
    NotificationServer(rig)
    daemon = rig.start()
    rig.client.add()
    found = Doctor(rig, code=0)
    for name in ("session-bus", "user-manager", "activation", "daemon", "unit", "unit-running", "sandbox", "storage",
                 "clock", "settings", "notification-server", "notification-capabilities", "display", "browser", "opening"):
        found.expect(name, "ok")
    found.expect("notification-server", "ok", "recorder 1").expect("notification-capabilities", "ok", "body-markup")
    found.expect("browser", "ok", "/bin/true").expect("display", "ok", "DISPLAY")
    found.expect("screen-lock", "note")
    out, err = ctl(rig, "doctor")
    check_equal(err, "", "standard error")
    check("PROBLEM" not in out and "Nothing stands between" in out and "ok: signind" in out, out)
    out, _ = ctl(rig, "doctor", COLUMNS="40")
    check(all(len(line) <= 40 for line in out.splitlines()), out)
    check_equal(daemon.stop(), 0, "exit status")


@test("asking starts a daemon that does not run")
def starts(rig):
    all_well(rig)
    NotificationServer(rig)
    rig.client.owner()
    Doctor(rig, code=0).expect("daemon", "ok").expect("accounts", "note", "signinctl add")
    check(rig.client.owner(), "signind runs")


@test("without a session bus that is the one thing said of it, and files and clocks are looked at all the same")
def no_bus(rig):
    found = Doctor(rig, DBUS_SESSION_BUS_ADDRESS="unix:path=/nonexistent")
    found.expect("session-bus", "problem", "log").expect("clock", "ok")
    check("notification-server" not in found.found and "daemon" not in found.found, f"{sorted(found.found)}")


@test("a bare console: no notification server, no user manager, no display; warnings still go elsewhere")
def console(rig):
    put_activation(rig)
    rig.start()
    rig.client.add()
    found = Doctor(rig)
    found.expect("notification-server", "problem", "no popup can be shown", "D-Bus", "monitor", "hooks.d")
    found.expect("user-manager", "note").expect("display", "note", "signinctl open").expect("daemon", "ok")
    check_equal([n for n, e in found.found.items() if e["verdict"] == "problem"], ["notification-server"], "problems")
    Doctor(rig, "--popup").expect("test-popup", "problem", "No popup can be shown")


@test("a daemon that is not installed: no activation, no unit")
def not_installed(rig):
    manager = all_well(rig, LoadState="not-found", UnitFileState="", ActiveState="inactive")
    os.unlink(os.path.join(SERVICES.name, "org.signind.Signin1.service"))
    rig.client.call("ReloadConfig", path="/org/freedesktop/DBus", interface="org.freedesktop.DBus",
                    name="org.freedesktop.DBus")
    found = Doctor(rig)
    found.expect("activation", "problem", "org.signind.Signin1.service").expect("daemon", "problem", "installed")
    found.expect("unit", "problem", "systemd/user", "daemon-reload")
    check("sandbox" not in found.found and "storage" not in found.found, f"{sorted(found.found)}")
    manager.values["LoadState"] = "masked"
    Doctor(rig).expect("unit", "problem", "unmask")


@test("a unit that is disabled, has failed, has changed, or lacks half of its sandbox")
def units(rig):
    manager = all_well(rig, UnitFileState="disabled", ActiveState="failed", NeedDaemonReload=True, PrivateUsers=False)
    rig.start()
    found = Doctor(rig)
    found.expect("unit", "problem", "enable --now").expect("unit-running", "problem", "journalctl")
    found.expect("unit-reload", "problem", "daemon-reload").expect("sandbox", "note", "user namespaces")
    manager.values["ActiveState"] = "inactive"
    Doctor(rig).expect("unit-running", "note", "not as the unit")


@test("a daemon of another version")
def version(rig):
    all_well(rig)
    fake = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "client", "fakedaemon.py")
    script = (f"import sys; sys.path.insert(0, {os.path.dirname(fake)!r}); from fakedaemon import Daemon; import types;"
              "from gi.repository import Gio;"
              "flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION;"
              "bus = types.SimpleNamespace(connect=lambda: "
              f"Gio.DBusConnection.new_for_address_sync({rig.address!r}, flags, None, None));"
              "d = Daemon(bus); d.version = '99.1'; print('up', flush=True); sys.stdin.read()")
    env = dict(rig.env, TOP_SRCDIR=harness.SRCDIR)
    with subprocess.Popen([sys.executable, "-c", script], env=env, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        try:
            check_equal(process.stdout.readline(), b"up\n", "the fake daemon")
            Doctor(rig).expect("daemon", "problem", "99.1", "restart signind")
        finally:
            process.stdin.close()


@test("a state folder that cannot be written, and a damaged database that was set aside")
def storage(rig):
    all_well(rig)
    NotificationServer(rig)
    os.makedirs(rig.state_dir(), mode=0o700)
    path = os.path.join(rig.state_dir(), "signind.db")
    with open(path, "wb") as file:
        file.write(b"no database " * 1000)
    daemon = rig.start()
    found = Doctor(rig).expect("damaged-database", "problem", "signind.db.damaged-", "rm ")
    found.expect("storage", "ok")
    check_equal(daemon.stop(), 0, "exit status")
    for name in os.listdir(rig.state_dir()):
        os.unlink(os.path.join(rig.state_dir(), name))
    os.rmdir(rig.state_dir())
    with open(rig.state_dir(), "wb"):
        pass
    rig.start()
    Doctor(rig).expect("storage", "problem", "forgotten", rig.state_dir())


@test("notification servers that do not answer, have no buttons, or ways of their own")
def servers(rig):
    all_well(rig)
    rig.start()
    server = NotificationServer(rig, "mute")
    Doctor(rig).expect("notification-server", "problem", "does not answer")
    server.close()
    rig.opened.remove(server)
    wait_until(lambda: not rig.client.owner("org.freedesktop.Notifications"), what="the name to be free")
    server = NotificationServer(rig, "answer", "dunst", "body", "actions")
    found = Doctor(rig, code=0).expect("notification-server", "ok", "dunst")
    found.expect("notification-server-quirk", "note", "no buttons", "dunstctl")
    server.close()
    rig.opened.remove(server)
    wait_until(lambda: not rig.client.owner("org.freedesktop.Notifications"), what="the name to be free")
    NotificationServer(rig, "answer", "plain", "body")
    Doctor(rig, code=0).expect("notification-capabilities", "note", "no buttons", "signinctl open")


@test("no browser, and a user manager that does not know the display")
def browser(rig):
    manager = all_well(rig, Environment=["LANG=C"])
    NotificationServer(rig)
    rig.start()
    os.unlink(os.path.join(rig.env["XDG_CONFIG_HOME"], "mimeapps.list"))
    env = {"DISPLAY": ":5", "XDG_DATA_DIRS": "/nonexistent", "XDG_CONFIG_DIRS": "/nonexistent"}
    found = Doctor(rig, **env).expect("display", "problem", "dbus-update-activation-environment")
    found.expect("browser", "problem", "xdg-settings")
    manager.values["Environment"] = ["WAYLAND_DISPLAY=wayland-1"]
    Doctor(rig, **env).expect("display", "ok", "WAYLAND_DISPLAY")


@test("hooks that are run, and one that is not")
def hooks(rig):
    all_well(rig)
    NotificationServer(rig)
    rig.start()
    folder = os.path.join(rig.env["XDG_CONFIG_HOME"], "signind", "hooks.d")
    os.makedirs(folder)
    for name, mode in (("good", 0o755), ("bad", 0o757)):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n")
        os.chmod(path, mode)
    out, _ = ctl(rig, "doctor", "--plain", code=1)
    out = " ".join(out.split())
    check("ok: 1 hook is run on events: good" in out, out)
    check(re.search(r"PROBLEM: \S+/bad is not used: everybody can write to it; try: chmod o-w", out), out)
    check("1 problem." in out, out)


@test("a settings file that cannot be used, one with a line that is passed over, and a good one")
def settings(rig):
    all_well(rig)
    NotificationServer(rig)
    rig.start()
    path = os.path.join(rig.env["XDG_CONFIG_HOME"], "signind", "signind.conf")
    os.makedirs(os.path.dirname(path))
    for text, code, verdict, words in (
            ("[Reminders]\nsnooze=3 min\nnonsense\n", 1, "problem", (f"{path}:3: ", "key=value", "nothing of this file", "Mend")),
            ("[Reminders]\nsnooze=3 years\n", 0, "note", (f"{path}:2: snooze", "signinctl config")),
            ("[Reminders]\nsnooze=3 min\n", 0, "ok", ("make sense",))):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        Doctor(rig, code=code).expect("settings", verdict, *words)


@test("a clock that was never set")
def clock(rig):
    all_well(rig)
    NotificationServer(rig)
    rig.start()
    Doctor(rig, LD_PRELOAD=library(), FAKETIME="@1970-01-02 00:00:00",
           ASAN_OPTIONS=rig.env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0").expect(
               "clock", "problem", "set-ntp")


@test("doctor --popup shows a popup with the hints of the daemon's, and says whose it is")
def popup(rig):
    all_well(rig)
    server = NotificationServer(rig)
    rig.start()
    Doctor(rig, "--popup", code=0).expect("test-popup", "ok", "signinctl itself", "number 1", "do-not-disturb")
    shown = server.wait_popup()
    check("Test" in shown["summary"], shown["summary"])
    hints = {key: shown["hints"].get(key) for key in ("desktop-entry", "urgency", "category")}
    check_equal(hints, {"desktop-entry": "org.signind.Signin1", "urgency": 1, "category": "x-signind.session"}, "hints")
    check_equal(shown["expire"], 0, "it stays")
    check_equal(shown["actions"], {"signind-close": "Close"}, "buttons")
    icons = os.path.join(rig.env["XDG_DATA_HOME"], "icons/hicolor/scalable/apps")
    check(shown["icon"] in ("dialog-warning", "org.signind.Signin1"), "icon")
    os.makedirs(icons)
    with open(os.path.join(icons, "org.signind.Signin1.svg"), "w", encoding="utf-8") as file:
        file.write("<svg/>")
    Doctor(rig, "--popup", code=0)
    check_equal(server.wait_popup(2)["icon"], "org.signind.Signin1", "icon where it is installed")


@test("status --popup, and what went wrong, are popups: nobody looks at standard output")
def status(rig):
    server = NotificationServer(rig)
    rig.start()
    out, err = ctl(rig, "status", "--popup")
    check_equal((out, err), ("", ""), "output")
    check("no account" in server.wait_popup()["summary"], "what is said without accounts")
    rig.client.add("a&b".replace("&", "-"), user_name="kim@contoso.com")
    rig.client.record("a-b", at=now() - 6 * HOUR - 47 * MINUTE - MINUTE // 2)
    ctl(rig, "status", "--popup")
    shown = server.wait_popup(2)
    check(shown["summary"].startswith("a-b: signed in since"), shown["summary"])
    check("1 h 12 min left" in shown["body"] and "\033" not in shown["body"], shown["body"])
    rig.client.add("second")
    ctl(rig, "status", "--popup")
    shown = server.wait_popup(3)
    check("a-b" in shown["summary"] and "second: signed out" in shown["body"], str(shown))
    _, err = ctl(rig, "status", "<nobody>", "--popup", code=3)
    shown = server.wait_popup(4)
    check("&lt;nobody&gt;" in shown["body"] and "did not work" in shown["summary"] and "<nobody>" in err, str(shown))


@test("record and open without a terminal mean the account that is due")
def due(rig):
    server = NotificationServer(rig)
    rig.start()
    for name in ("calm", "due", "out"):
        rig.client.add(name)
    rig.client.record("calm")
    _, err = ctl(rig, "record", "--popup", code=2)
    check("calm, due, out" in err and "calm, due, out" in server.wait_popup()["body"], "nothing is due")
    rig.client.record("due", at=now() - 7 * HOUR - 50 * MINUTE)
    rig.client.wait_signal("Warning")
    wait_until(lambda: len(server.calls()) >= 2, what="the warning")
    opened = os.path.join(rig.dir, "opened")
    folder = os.path.join(rig.dir, "bin")
    os.mkdir(folder)
    with open(os.path.join(folder, "xdg-open"), "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\necho "$1" >{opened}.new; mv {opened}.new {opened}\n')
    os.chmod(os.path.join(folder, "xdg-open"), 0o755)
    rig.client.call("SetAccount", "sa{sv}", "due",
                    {"url": harness.GLib.Variant("s", "https://due.crm4.dynamics.com")})
    out, _ = ctl(rig, "open", "--popup", DISPLAY=":5", PATH=folder + ":" + rig.env["PATH"])
    wait_until(lambda: os.path.exists(opened), what="the page")
    with open(opened, encoding="ascii") as file:
        check_equal(file.read(), "https://due.crm4.dynamics.com\n", "the page")
    check_equal(out, "", "output")
    ctl(rig, "record", "--popup")
    wait_until(lambda: any(p["summary"].startswith("due: signed in since") for p in server.calls()),
               what="the popup about the sign-in")
    check_equal(rig.client.account("due")["State"], "active", "state")
    rig.client.record("out", at=now() - LENGTH + harness.SECOND)
    rig.client.wait_signal("Expired")
    ctl(rig, "record", "--popup")
    check_equal(rig.client.account("out")["State"], "active", "state of the one that had ended")
    check_equal([s["source"] for s in rig.client.account("calm")["Sessions"]], ["manual"], "the calm one")


@test("the installed desktop entry names programs and actions that signinctl understands")
def entry(rig):
    with open(os.path.join(BUILDDIR, "data/org.signind.Signin1.desktop"), encoding="utf-8") as file:
        lines = re.findall(r"^Exec=\S+/signinctl (.*)$", file.read(), re.M)
    check_equal(len(lines), 4, "commands")
    for line in lines:
        verb, *options = line.split()
        text = ctl(rig, verb, "--help")[0]
        check(all(option in text for option in options), f"{line}: {text}")


run()
