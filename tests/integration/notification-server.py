# SPDX-License-Identifier: GPL-3.0-or-later
"""notification-server.py MODE [NAME [CAPABILITY...]]: owns org.freedesktop.Notifications and says what it is asked.

MODE is one of
  answer   does its work
  mute     owns the name and never answers
  slow     does its work 3 s after it is asked to
  error    answers everything with an error
  crash    ends as soon as it has shown something
  leave    closes what a program has on the screen when that leaves the bus
  reserve  gives numbers from 1000 on to signind, and from 1 on to others

One JSON object a line; the first one is {"owned": true}. {"open": N} says how many popups are on the screen. A line
"ID KEY" on standard input presses the button KEY of notification ID, a line "ID" closes it as a person does.
"""

import json
import os
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
SLOW_MSEC = 3000


def say(**what):
    print(json.dumps(what, default=repr), flush=True)


class Server:
    def __init__(self, mode, name="recorder", *capabilities):
        self.mode = mode
        self.name = name
        self.capabilities = capabilities or ("actions", "body", "body-markup", "persistence")
        self.held = []
        self.last_ids = {}
        self.open = {}
        self.connection = None
        Gio.bus_own_name(Gio.BusType.SESSION, NAME, Gio.BusNameOwnerFlags.NONE, self.register,
                         lambda *_: say(owned=True), None)

    def register(self, connection, _name):
        self.connection = connection
        connection.register_object(PATH, Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], self.called, None, None)
        if self.mode == "leave":
            connection.signal_subscribe("org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged", None, None,
                                        Gio.DBusSignalFlags.NONE, self.left)

    def called(self, _connection, sender, _path, _interface, member, parameters, invocation):
        args = parameters.unpack()
        if self.mode in ("mute", "error"):
            say(call=member)
        if self.mode == "mute":
            self.held.append(invocation)
        elif self.mode == "error":
            invocation.return_dbus_error("org.freedesktop.DBus.Error.Failed", "This server does not work")
        elif self.mode == "slow":
            say(asked=member)
            GLib.timeout_add(SLOW_MSEC, self.answer, sender, member, args, invocation)
        else:
            self.answer(sender, member, args, invocation)

    def answer(self, sender, member, args, invocation):
        self.sender = sender
        invocation.return_value(getattr(self, member)(*args))
        say(open=len(self.open))
        if self.mode == "crash" and member == "Notify":
            self.connection.flush_sync(None)
            os._exit(1)
        return False

    def left(self, _connection, _sender, _path, _interface, _member, parameters):
        name, _before, after = parameters.unpack()
        if not after:
            self.open = {number: owner for number, owner in self.open.items() if owner != name}
            say(open=len(self.open), left=name)

    def GetServerInformation(self):
        return GLib.Variant("(ssss)", (self.name, "signind", "1", "1.2"))

    def GetCapabilities(self):
        return GLib.Variant("(as)", (self.capabilities,))

    def Notify(self, app, replaces, icon, summary, body, actions, hints, expire):
        first = 1000 if self.mode == "reserve" and app == "signind" else 1
        if not replaces:
            self.last_ids[first] = self.last_ids.get(first, first - 1) + 1
        number = replaces or self.last_ids[first]
        self.open[number] = self.sender
        say(call="Notify", id=number, replaces=replaces, app=app, icon=icon, summary=summary, body=body,
            actions=dict(zip(actions[::2], actions[1::2])), hints=hints, expire=expire)
        return GLib.Variant("(u)", (number,))

    def CloseNotification(self, number):
        say(call="CloseNotification", id=number)
        self.open.pop(number, None)
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
