# SPDX-License-Identifier: GPL-3.0-or-later
"""A signin-healthd that says what it is told to say, and asks no network."""

import os
import sys
import threading
import time

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import fakedaemon  # noqa: E402

NAME = "org.signind.Health1"
PATH = "/org/signind/Health1"
ERROR = NAME + ".Error."

INTERFACE = """<node><interface name="org.signind.Health1">
<method name="Check"><arg type="a{sv}" direction="in"/><arg type="aa{sv}" direction="out"/></method>
<method name="Get"><arg type="aa{sv}" direction="out"/></method>
<signal name="Changed"><arg type="aa{sv}"/></signal>
</interface></node>"""


def variant(value):
    """What a key of a result has."""
    if isinstance(value, GLib.Variant):
        return value
    if isinstance(value, str):
        return GLib.Variant("s", value)
    return GLib.Variant("t", value)


def row(kind, verdict, reason, account="", name="", ago=0, **more):
    """A result, found out so many seconds ago."""
    values = {"kind": kind, "account": account, "name": name, "verdict": verdict, "reason": reason,
              "asked": "https://%s/" % name if name else "", "at": fakedaemon.now() - int(ago * 1000000),
              "status": GLib.Variant("u", more.pop("status", 0)), "detail": ""}
    for key in ("dns_usec", "connect_usec", "tls_usec", "first_byte_usec", "total_usec", "retry_after_sec"):
        values[key] = more.pop(key, 0)
    values.update(more)
    return values


def times(total_msec):
    """How long an answer took, in steps of 10, 20, 30 and 40 per cent."""
    usec = total_msec * 1000
    return {"dns_usec": usec // 10, "connect_usec": usec // 5, "tls_usec": usec * 3 // 10,
            "first_byte_usec": usec * 2 // 5, "total_usec": usec}


def up(account="contoso", msec=180, **more):
    """All that there is to be said of an account with which all is well."""
    host = account + ".crm4.dynamics.com"
    return [row("summary", "up", "auth-challenge", account, ago=more.get("ago", 0)),
            row("organization", "up", "auth-challenge", account, host, status=401, **times(msec), **more),
            row("authority", "up", "openid-configuration", "", "login.microsoftonline.com", status=200, **times(90))]


def broken(verdict, reason, account="contoso", **more):
    """All that there is to be said of an account whose organization does not work."""
    return [row("summary", verdict, reason, account),
            row("organization", verdict, reason, account, account + ".crm4.dynamics.com", **more),
            row("authority", "up", "openid-configuration", "", "login.microsoftonline.com", status=200, **times(90))]


def offline(reason="name-unknown", account="contoso"):
    """All that there is to be said where there is no network."""
    return [row("summary", "offline", reason, account),
            row("organization", "offline", reason, account, account + ".crm4.dynamics.com"),
            row("authority", "offline", reason, "", "login.microsoftonline.com")]


class Health:
    """Owns the name; its methods run on a thread of their own.

    Each Check takes the next of `answers`, and the last one goes on for ever: a list of results, an error as a pair of
    name and message, or None to never answer. `connect` gives a connection to the bus."""

    def __init__(self, connect):
        self.answers = [[]]
        self.known = []
        self.calls = []
        self.delay = 0
        self.called = threading.Condition()
        self.context = GLib.MainContext()
        self.loop = GLib.MainLoop.new(self.context, False)
        self.ready = threading.Event()
        self.connect = connect
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        if not self.ready.wait(20):
            raise RuntimeError("the fake signin-healthd did not start")

    def _run(self):
        self.context.push_thread_default()
        self.connection = self.connect()
        self.connection.set_exit_on_close(False)
        interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
        self.connection.register_object(PATH, interface, self._on_call, None, None)
        self._ask_bus("RequestName", GLib.Variant("(su)", (NAME, 0)))
        self.ready.set()
        self.loop.run()
        if not self.connection.is_closed():
            self.connection.close_sync(None)
        self.context.pop_thread_default()

    def _ask_bus(self, method, arguments):
        self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
                                  arguments, None, Gio.DBusCallFlags.NONE, -1, None)

    def stop(self):
        """Leaves the bus."""
        self.loop.quit()
        self.thread.join(20)

    close = stop

    def say(self, *answers, known=()):
        """What is answered from now on."""
        self.answers = list(answers)
        self.known = list(known)
        self.calls = []
        self.delay = 0

    @staticmethod
    def pack(rows):
        """Results as they go over the bus."""
        return GLib.Variant("(aa{sv})", ([{k: variant(v) for k, v in r.items()} for r in rows],))

    def _on_call(self, connection, sender, path, interface, method, parameters, invocation):
        if method == "Get":
            invocation.return_value(self.pack(self.known))
            return
        with self.called:
            self.calls.append((time.time(), parameters.unpack()[0]))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            self.called.notify_all()
        if isinstance(answer, tuple):
            invocation.return_dbus_error(*answer)
            return
        if answer is None:
            return

        def give():
            packed = self.pack(answer)
            connection.emit_signal(None, PATH, NAME, "Changed", packed)
            invocation.return_value(packed)
            return False

        if self.delay == 0:
            give()
            return
        source = GLib.timeout_source_new(int(self.delay * 1000))
        source.set_callback(lambda *_: give())
        source.attach(self.context)

    def tell(self, rows):
        """As after a call of somebody else."""
        self.connection.emit_signal(None, PATH, NAME, "Changed", self.pack(rows))

    def wait_for(self, count):
        """Waits until Check was called so often."""
        with self.called:
            return self.called.wait_for(lambda: len(self.calls) >= count, 20)

    def targets(self, call=-1):
        """The ids that a call was about."""
        return [t["account"] for t in self.calls[call][1].get("targets", [])]
