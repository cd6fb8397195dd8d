# SPDX-License-Identifier: GPL-3.0-or-later
"""A logind of the test's own, on the bus that signind takes for the system's: locks the screen, sends to sleep."""

from gi.repository import Gio, GLib

from harness import PROPERTIES, Client, wait_until

NAME = "org.freedesktop.login1"
PATH = "/org/freedesktop/login1"
SESSION = PATH + "/session/_31"
XML = """<node>
  <interface name='org.freedesktop.login1.Manager'>
    <method name='GetSession'><arg type='s' direction='in'/><arg type='o' direction='out'/></method>
    <signal name='PrepareForSleep'><arg type='b'/></signal>
  </interface>
  <interface name='org.freedesktop.login1.Session'><property name='LockedHint' type='b' access='read'/></interface>
</node>"""


class Logind:
    """Tells signind of one session."""

    def __init__(self, rig):
        self.client = rig.keep(Client(rig.address))
        self.rig = rig
        self.locked = False
        self.asked_by = None
        interfaces = Gio.DBusNodeInfo.new_for_xml(XML).interfaces
        self.client.connection.register_object(PATH, interfaces[0], self._called, None, None)
        self.client.connection.register_object(SESSION, interfaces[1], None, self._get, None)
        self.client.call("RequestName", "su", NAME, 0, path="/org/freedesktop/DBus", interface="org.freedesktop.DBus",
                         name="org.freedesktop.DBus")
        rig.env["DBUS_SYSTEM_BUS_ADDRESS"] = rig.address

    def _called(self, _connection, sender, _path, _interface, _member, _parameters, invocation):
        invocation.return_value(GLib.Variant("(o)", (SESSION,)))

    def _get(self, _connection, sender, _path, _interface, _name):
        self.asked_by = sender
        return GLib.Variant("b", self.locked)

    def _emit(self, path, interface, member, parameters):
        """Emits a signal, and waits until signind has taken it in, if it listens."""
        self.client.connection.emit_signal(None, path, interface, member, parameters)
        if self.asked_by and self.client.owner(self.asked_by):
            # One thread of signind's reads from both buses, and hands on in the order in which it reads.
            self.client.call("Ping", path="/", interface="org.freedesktop.DBus.Peer", name=self.asked_by)
            self.rig.client.manager()

    def wait_asked(self):
        """Waits until signind knows of the session."""
        wait_until(lambda: self.asked_by, what="logind to be asked")
        self.rig.client.manager()

    def lock(self, locked):
        """Locks the screen, or unlocks it."""
        self.locked = locked
        self._emit(SESSION, PROPERTIES, "PropertiesChanged",
                   GLib.Variant("(sa{sv}as)", (NAME + ".Session", {"LockedHint": GLib.Variant("b", locked)}, [])))

    def sleep(self, before):
        """Says that the machine is about to sleep, or has woken."""
        self._emit(PATH, NAME + ".Manager", "PrepareForSleep", GLib.Variant("(b)", (before,)))
