# SPDX-License-Identifier: GPL-3.0-or-later
"""notification-server.py MODE [NAME [CAPABILITY...]]: owns org.freedesktop.Notifications and says on standard output what it is asked.

MODE is "answer" (does its work) or "mute" (owns the name and never answers). One JSON object a line; the first one is
{"owned": true}. A line "ID KEY" on standard input presses the button KEY of notification ID, a line "ID" closes it as a person does.
"""

import json
import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
XML = """<node><interface name='org.freedesktop.Notifications'>
  <method name='GetServerInformation'><arg direction='out' type='s'/><arg direction='out' type='s'/>
    <arg direction='out' type='s'/><arg direction='out' type='s'/></method>
  <method name='GetCapabilities'><arg direction='out' type='as'/></method>
  <method name='CloseNotification'><arg direction='in' type='u'/></method>
  <method name='Notify'><arg direction='in' type='s'/><arg direction='in' type='u'/><arg direction='in' type='s'/>
    <arg direction='in' type='s'/><arg direction='in' type='s'/><arg direction='in' type='as'/>
    <arg direction='in' type='a{sv}'/><arg direction='in' type='i'/><arg direction='out' type='u'/></method>
  <signal name='NotificationClosed'><arg type='u'/><arg type='u'/></signal>
  <signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>
</interface></node>"""
CLOSED_BY_PERSON = 2
CLOSED_BY_CALL = 3


def say(**what):
    print(json.dumps(what, default=repr), flush=True)


class Server:
    def __init__(self, mode, name="recorder", *capabilities):
        self.mode = mode
        self.name = name
        self.capabilities = capabilities or ("actions", "body", "body-markup", "persistence")
        self.held = []
        self.last_id = 0
        self.connection = None
        Gio.bus_own_name(Gio.BusType.SESSION, NAME, Gio.BusNameOwnerFlags.NONE, self.register,
                         lambda *_: say(owned=True), None)

    def register(self, connection, _name):
        self.connection = connection
        connection.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], self.called, None, None)

    def called(self, _connection, _sender, _path, _interface, member, parameters, invocation):
        args = parameters.unpack()
        if self.mode == "mute":
            self.held.append(invocation)
            say(call=member)
            return
        invocation.return_value(getattr(self, member)(*args))

    def GetServerInformation(self):
        return GLib.Variant("(ssss)", (self.name, "signind", "1", "1.2"))

    def GetCapabilities(self):
        return GLib.Variant("(as)", (self.capabilities,))

    def Notify(self, app, replaces, icon, summary, body, actions, hints, expire):
        if not replaces:
            self.last_id += 1
        number = replaces or self.last_id
        say(call="Notify", id=number, replaces=replaces, app=app, icon=icon, summary=summary, body=body,
            actions=dict(zip(actions[::2], actions[1::2])), hints=hints, expire=expire)
        return GLib.Variant("(u)", (number,))

    def CloseNotification(self, number):
        say(call="CloseNotification", id=number)
        self.connection.emit_signal(None, PATH, NAME, "NotificationClosed",
                                    GLib.Variant("(uu)", (number, CLOSED_BY_CALL)))
        return None

    def press(self, channel, _condition):
        line = channel.readline()
        if not line:
            return False
        number, *key = line.split()
        if key:
            self.connection.emit_signal(None, PATH, NAME, "ActionInvoked", GLib.Variant("(us)", (int(number), key[0])))
        else:
            self.connection.emit_signal(None, PATH, NAME, "NotificationClosed",
                                        GLib.Variant("(uu)", (int(number), CLOSED_BY_PERSON)))
        return True


def main():
    server = Server(*sys.argv[1:])
    GLib.io_add_watch(GLib.IOChannel.unix_new(0), GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN | GLib.IOCondition.HUP,
                      server.press)
    GLib.MainLoop().run()


main()
