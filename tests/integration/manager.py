# SPDX-License-Identifier: GPL-3.0-or-later
"""A user manager that starts nothing and says what it is told to say."""

from gi.repository import Gio, GLib

SYSTEMD = "org.freedesktop.systemd1"
PATH = "/org/freedesktop/systemd1"
UNIT_PATH = PATH + "/unit/signind_2eservice"
XML = """<node>
<interface name='org.freedesktop.systemd1.Manager'>
  <method name='Subscribe'/>
  <method name='LoadUnit'><arg direction='in' type='s'/><arg direction='out' type='o'/></method>
  <method name='StartTransientUnit'><arg direction='in' type='s'/><arg direction='in' type='s'/>
    <arg direction='in' type='a(sv)'/><arg direction='in' type='a(sa(sv))'/><arg direction='out' type='o'/></method>
  <signal name='UnitRemoved'><arg type='s'/><arg type='o'/></signal>
  <property name='Environment' type='as' access='read'/>
</interface>
<interface name='org.freedesktop.systemd1.Unit'>
  <property name='LoadState' type='s' access='read'/><property name='UnitFileState' type='s' access='read'/>
  <property name='ActiveState' type='s' access='read'/><property name='NeedDaemonReload' type='b' access='read'/>
</interface>
<interface name='org.freedesktop.systemd1.Service'><property name='PrivateUsers' type='b' access='read'/></interface>
</node>"""


class Manager:
    """Owns systemd's name on the bus of RIG; answers only while the main loop turns."""

    def __init__(self, rig, **values):
        self.values = {"LoadState": "loaded", "UnitFileState": "enabled", "ActiveState": "active",
                       "NeedDaemonReload": False, "PrivateUsers": True, "Environment": ["DISPLAY=:7"], **values}
        self.started = []
        self.subscribed = 0
        flags = Gio.DBusConnectionFlags
        self.connection = Gio.DBusConnection.new_for_address_sync(
            rig.address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None)
        self.connection.set_exit_on_close(False)
        for interface in Gio.DBusNodeInfo.new_for_xml(XML).interfaces:
            path = PATH if interface.name.endswith("Manager") else UNIT_PATH
            self.connection.register_object(path, interface, self._call, self._get, None)
        self.connection.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                  "RequestName", GLib.Variant("(su)", (SYSTEMD, 0)), None, Gio.DBusCallFlags.NONE, -1,
                                  None)
        rig.keep(self)

    def _get(self, _connection, _sender, _path, _interface, name):
        value = self.values[name]
        kind = {bool: "b", list: "as"}.get(type(value), "s")
        return GLib.Variant(kind, value)

    def _call(self, _connection, _sender, _path, _interface, member, parameters, invocation):
        args = parameters.unpack()
        if member == "LoadUnit":
            invocation.return_value(GLib.Variant("(o)", (UNIT_PATH,)))
        elif member == "StartTransientUnit":
            self.started.append((args[0], dict(args[2])))
            invocation.return_value(GLib.Variant("(o)", (PATH + "/job/1",)))
        else:
            self.subscribed += 1
            invocation.return_value(None)

    def remove(self, unit):
        """Says that UNIT has ended and is forgotten."""
        self.connection.emit_signal(None, PATH, SYSTEMD + ".Manager", "UnitRemoved",
                                    GLib.Variant("(so)", (unit, PATH + "/unit/x")))

    def close(self):
        """Leaves the bus."""
        if not self.connection.is_closed():
            self.connection.close_sync(None)
