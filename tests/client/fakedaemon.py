# SPDX-License-Identifier: GPL-3.0-or-later
"""A private bus, and on it a daemon that says what it is told to say."""

import os
import subprocess
import threading
import time

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAME = "org.signind.Signin1"
PATH = "/org/signind/Signin1"
MANAGER = NAME + ".Manager"
ACCOUNT = NAME + ".Account"
HOUR = 3600 * 1000000
MINUTE = 60 * 1000000

fixed_now = None

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=%s</listen>
  <auth>EXTERNAL</auth>
  <servicedir>%s</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""

OBJECT_MANAGER = """<node><interface name="org.freedesktop.DBus.ObjectManager">
<method name="GetManagedObjects"><arg type="a{oa{sa{sv}}}" direction="out"/></method>
<signal name="InterfacesAdded"><arg type="o"/><arg type="a{sa{sv}}"/></signal>
<signal name="InterfacesRemoved"><arg type="o"/><arg type="as"/></signal>
</interface></node>"""


class Bus:
    """A dbus-daemon of our own, which can start what a test puts into `services`."""

    def __init__(self, folder):
        config = os.path.join(folder, "bus.conf")
        self.services = os.path.join(folder, "services")
        os.makedirs(self.services, exist_ok=True)
        with open(config, "w", encoding="utf-8") as f:
            f.write(BUS_CONFIG % (folder, self.services))
        self.process = subprocess.Popen(
            ["dbus-daemon", "--nofork", "--print-address", "--config-file=" + config],
            stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()

    def connect(self):
        flags = (Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
                 | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        return Gio.DBusConnection.new_for_address_sync(self.address, flags, None, None)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()


def now():
    """CLOCK_REALTIME in microseconds; a test that holds the clock says so here."""
    return fixed_now or int(time.time() * 1000000)


def session(source="manual", state="active", ago=0, length=8 * HOUR, lead=20 * MINUTE, dismissed=False):
    """A session that began so many microseconds ago."""
    at = now() - ago
    return {"source": source, "state": state, "signed-in-at": at, "warns-at": at + length - lead if length else 0,
            "expires-at": at + length if length else 0, "silent": False, "dismissed": dismissed}


def past(row, ident, began, ended, end, source="manual", length=8 * HOUR, lead=20 * MINUTE, **more):
    """A session of the history; `ended` is 0 for one that goes on."""
    return {"row": row, "account": ident, "source": source, "signed-in-at": began,
            "warns-at": began + length - lead if length else 0, "expires-at": began + length if length else 0,
            "ended-at": ended, "end": end, "silent": False, "answered": False, **more}


def account(ident, sessions=(), state=None, shown=0, **more):
    """The properties of an account that shows its session number `shown`."""
    seen = sessions[shown] if sessions else {}
    values = {
        "Id": ident, "Service": "dynamics365", "ServiceName": "Dynamics 365",
        "UserName": "anna@%s.onmicrosoft.com" % ident, "Organization": ident, "Region": "crm4",
        "Url": "https://%s.crm4.dynamics.com" % ident,
        "State": state or (seen["state"] if seen else "signed-out"),
        "SignedInAt": seen.get("signed-in-at", 0), "WarnsAt": seen.get("warns-at", 0),
        "ExpiresAt": seen.get("expires-at", 0), "SessionLength": 8 * HOUR, "WarningLead": 20 * MINUTE,
        "Source": seen.get("source", ""), "Sessions": list(sessions),
    }
    values.update(more)
    return values


def variant(value):
    if isinstance(value, GLib.Variant):
        return value
    if isinstance(value, bool):
        return GLib.Variant("b", value)
    if isinstance(value, int):
        return GLib.Variant("t", value)
    if isinstance(value, str):
        return GLib.Variant("s", value)
    return GLib.Variant("aa{sv}", [{k: variant(v) for k, v in row.items()} for row in value])


def path_of(ident):
    return PATH + "/account/" + "".join(c if c.isalnum() else "_%02x" % ord(c) for c in ident)


class Daemon:
    """Owns the name; its methods run on a thread of their own."""

    def __init__(self, bus):
        self.accounts = {}
        self.next = (0, "", "/")
        self.history = []
        self.suggestions = []
        self.errors = {}
        self.calls = []
        self.mute = False
        self.version = "0.1.0"
        self.storage_problem = ""
        self.health = []
        self.called = threading.Condition()
        self.context = GLib.MainContext()
        self.loop = GLib.MainLoop.new(self.context, False)
        self.ready = threading.Event()
        self.bus = bus
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        if not self.ready.wait(20):
            raise RuntimeError("the fake daemon did not start")

    def _run(self):
        self.context.push_thread_default()
        self.connection = self.bus.connect()
        self.connection.set_exit_on_close(False)
        xml = os.path.join(os.environ["TOP_SRCDIR"], "dbus/org.signind.Signin1.xml")
        with open(xml, encoding="utf-8") as f:
            manager = Gio.DBusNodeInfo.new_for_xml(f.read()).lookup_interface(MANAGER)
        objects = Gio.DBusNodeInfo.new_for_xml(OBJECT_MANAGER).interfaces[0]
        self.connection.register_object(PATH, manager, self._on_call, self._on_get, None)
        self.connection.register_object(PATH, objects, self._on_call, None, None)
        self.take_name()
        self.ready.set()
        self.loop.run()
        if not self.connection.is_closed():
            self.connection.close_sync(None)
        self.context.pop_thread_default()

    def _ask_bus(self, method, arguments):
        self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
                                  arguments, None, Gio.DBusCallFlags.NONE, -1, None)

    def take_name(self):
        self._ask_bus("RequestName", GLib.Variant("(su)", (NAME, 0)))

    def drop_name(self):
        self._ask_bus("ReleaseName", GLib.Variant("(s)", (NAME,)))

    def reload_bus(self):
        """Has the bus look at what it can start."""
        self._ask_bus("ReloadConfig", None)

    def stop(self):
        self.loop.quit()
        self.thread.join(20)

    def set(self, *accounts, following=None):
        """What is true from now on; `following` is (deadline, event, id)."""
        self.accounts = {a["Id"]: a for a in accounts}
        self.next = (following[0], following[1], path_of(following[2])) if following else (0, "", "/")
        self.history = []
        self.suggestions = []
        self.errors = {}
        self.calls = []
        self.mute = False
        self.health = []

    def _on_get(self, connection, sender, path, interface, name):
        return {"Version": GLib.Variant("s", self.version),
                "Suggestions": GLib.Variant("aa{sv}", self.suggestions),
                "StorageProblem": GLib.Variant("s", self.storage_problem), "NextDeadline": GLib.Variant("t", self.next[0]),
                "NextEvent": GLib.Variant("s", self.next[1]), "NextAccount": GLib.Variant("o", self.next[2]),
                "Health": variant(self.health)}[name]

    def _interfaces(self, values):
        return {ACCOUNT: {k: variant(v) for k, v in values.items()}, NAME + ".Future": {"X": GLib.Variant("i", 1)}}

    def _objects(self):
        return GLib.Variant("(a{oa{sa{sv}}})",
                            ({path_of(i): self._interfaces(a) for i, a in self.accounts.items()},))

    def _on_call(self, connection, sender, path, interface, method, parameters, invocation):
        arguments = parameters.unpack()
        with self.called:
            self.calls.append((method, arguments))
            self.called.notify_all()
        if self.mute:
            return
        if method in self.errors:
            invocation.return_dbus_error(*self.errors[method])
            return
        if method == "GetManagedObjects":
            invocation.return_value(self._objects())
            return
        named = arguments[0].get("account") if isinstance(arguments[0], dict) else arguments[0]
        if method != "AddAccount" and named is not None and named not in self.accounts:
            invocation.return_dbus_error(NAME + ".Error.NoSuchAccount", "There is no account %s" % named)
            return
        invocation.return_value(getattr(self, "do_" + method)(*arguments))

    def do_AddAccount(self, ident, details):
        self.accounts[ident] = account(ident, Service=details.get("service", "dynamics365"),
                                       UserName=details.get("user-name", ""),
                                       Organization=details.get("organization", ""),
                                       Region=details.get("region", ""),
                                       SessionLength=details.get("length", 8 * HOUR),
                                       WarningLead=details.get("lead", 20 * MINUTE))
        return GLib.Variant("(o)", (path_of(ident),))

    def do_SetAccount(self, ident, details):
        values = self.accounts[ident]
        values["UserName"] = details.get("user-name", values["UserName"])
        values["SessionLength"] = details.get("length", values["SessionLength"])

    def do_RemoveAccount(self, ident):
        del self.accounts[ident]

    def do_RecordSignIn(self, ident, options):
        new = session(options.get("source", "manual"))
        if "at" in options:
            new = session(options.get("source", "manual"), ago=now() - options["at"])
        self.accounts[ident] = account(ident, [new])
        return GLib.Variant("(t)", (new["expires-at"],))

    def do_RecordSignOut(self, ident, options):
        self.accounts[ident] = account(ident)

    def do_Dismiss(self, ident):
        pass

    def do_Snooze(self, ident, duration):
        values = self.accounts[ident]
        values["SnoozedUntil"] = min(now() + duration, values["ExpiresAt"])

    def _meant(self, query):
        return [p for p in self.history if query.get("account") in (None, p["account"])
                and p["signed-in-at"] < query.get("until", 2 ** 63)
                and (p["ended-at"] == 0 or p["ended-at"] > query.get("since", 0))]

    def do_GetHistory(self, query):
        rows = [p for p in self._meant(query) if p["row"] > query.get("after", 0)][:query.get("limit", 500)]
        return GLib.Variant("(aa{sv})", ([{k: variant(v) for k, v in p.items()} for p in rows],))

    def do_ForgetHistory(self, query):
        meant = self._meant(query)
        self.history = [p for p in self.history if p not in meant]

    def last(self, method):
        """The arguments of the last call of `method`."""
        return [c[1] for c in self.calls if c[0] == method][-1]

    def wait_for(self, method, count=1):
        """Waits until somebody has called `method` so often."""
        with self.called:
            return self.called.wait_for(lambda: sum(c[0] == method for c in self.calls) >= count, 20)

    def emit(self, signal, signature, *values, interface=MANAGER, path=PATH):
        self.connection.emit_signal(None, path, interface, signal, GLib.Variant(signature, values))

    def emit_added(self, values):
        self.emit("InterfacesAdded", "(oa{sa{sv}})", path_of(values["Id"]), self._interfaces(values),
                  interface="org.freedesktop.DBus.ObjectManager")

    def emit_removed(self, ident):
        self.emit("InterfacesRemoved", "(oas)", path_of(ident), [ACCOUNT],
                  interface="org.freedesktop.DBus.ObjectManager")
