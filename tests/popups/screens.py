# SPDX-License-Identifier: GPL-3.0-or-later
"""Screens on which the popups of the real daemon are looked at and pressed, and an ear on the bus beside them."""

import os
import subprocess
import sys

import dbus
import dbus.bus
import dbus.lowlevel
import dbus.mainloop.glib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "integration"))
# pylint: disable=wrong-import-position
from desktop import NOTIFICATIONS, Display  # noqa: E402
from gi.repository import Gio, GLib  # noqa: E402
from harness import BUILDDIR, check, diag, wait_until, watch_for  # noqa: E402

PICTURES = os.path.join(BUILDDIR, "tests", "popups")
LOOK_BOUND = 60
# A picture that stays as it is for so long is finished, and a button that the pointer is on has changed by then.
QUIET = 0.3
HOVER = 0.04
# On servers where closing does not do, a popup is withdrawn by one that is over after as many milliseconds.
FADES_AFTER = 1

MANAGER_XML = """<node><interface name='org.freedesktop.systemd1.Manager'>
  <property name='Environment' type='as' access='read'/>
  <method name='StartTransientUnit'><arg type='s' direction='in'/><arg type='s' direction='in'/>
    <arg type='a(sv)' direction='in'/><arg type='a(sa(sv))' direction='in'/><arg type='o' direction='out'/></method>
</interface></node>"""


class UserManager:
    """Stands in for the user manager: takes down what it is asked to start."""

    def __init__(self, rig):
        data = os.path.join(rig.dir, "manager")
        applications = os.path.join(data, "applications")
        os.makedirs(applications)
        with open(os.path.join(applications, "web.desktop"), "w", encoding="utf-8") as file:
            file.write("[Desktop Entry]\nType=Application\nName=Web\nExec=/bin/true %u\n")
        with open(os.path.join(applications, "mimeinfo.cache"), "w", encoding="utf-8") as file:
            file.write("[MIME Cache]\nx-scheme-handler/https=web.desktop;\n")
        self.environment = [f"XDG_DATA_HOME={data}"]
        self.commands = []
        connection = rig.client.connection
        interface = Gio.DBusNodeInfo.new_for_xml(MANAGER_XML).interfaces[0]
        connection.register_object("/org/freedesktop/systemd1", interface, self._called, self._get, None)
        rig.client.call("RequestName", "su", "org.freedesktop.systemd1", 0, path="/org/freedesktop/DBus",
                        interface="org.freedesktop.DBus", name="org.freedesktop.DBus")

    def _get(self, _connection, _sender, _path, _interface, _property):
        return GLib.Variant("as", self.environment)

    def _called(self, _connection, _sender, _path, _interface, _method, parameters, invocation):
        command = dict(parameters.unpack()[2])["ExecStartEx"][0][1]
        if command[0] == "/bin/true":
            self.commands.append(command)
        invocation.return_value(GLib.Variant("(o)", ("/org/freedesktop/systemd1/job/1",)))


class Popup:
    """One Notify call of signind, and what became of it."""

    def __init__(self, message):
        _app, self.replaces, _icon, self.summary, self.body, actions, self.hints, _expire = message.get_args_list()
        self.serial = message.get_serial()
        self.sender = message.get_sender()
        keys, labels = map(str, actions[::2]), map(str, actions[1::2])
        self.buttons = [pair for pair in zip(keys, labels) if pair[0] != "default"]
        self.id = None


class Wire:
    """Hears what a daemon and a notification server say to each other."""

    def __init__(self, rig):
        self.popups = []
        self.withdrawn = []
        self.closed = []
        self.pressed = []
        self.senders = (None, None)
        self.connection = dbus.bus.BusConnection(rig.address, mainloop=dbus.mainloop.glib.DBusGMainLoop())
        self.connection.set_exit_on_disconnect(False)
        self.connection.add_message_filter(self._hear)
        self.connection.call_blocking("org.freedesktop.DBus", "/org/freedesktop/DBus",
                                      "org.freedesktop.DBus.Monitoring", "BecomeMonitor", "asu",
                                      ([f"interface='{NOTIFICATIONS}'", "type='method_return'"], 0))
        rig.keep(self)

    def between(self, daemon, server):
        """Listens to these two alone: the server of GNOME Shell passes on what it is asked."""
        self.senders = (daemon, server)

    def _hear(self, _connection, message):
        kind, member, args = message.get_type(), message.get_member(), message.get_args_list()
        if message.get_sender() != self.senders[kind != 1]:
            pass
        elif kind == 1 and member == "Notify" and args[-1] == FADES_AFTER:
            self.withdrawn.append(int(args[1]))
        elif kind == 1 and member == "Notify":
            self.popups.append(Popup(message))
        elif kind == 1 and member == "CloseNotification":
            self.withdrawn.append(int(args[0]))
        elif kind == 2:
            for popup in self.popups:
                if popup.serial == message.get_reply_serial() and popup.sender == message.get_destination():
                    popup.id = int(args[0])
        elif kind == 4 and member == "NotificationClosed":
            self.closed.append((int(args[0]), int(args[1])))
        elif kind == 4 and member == "ActionInvoked":
            self.pressed.append((int(args[0]), str(args[1])))
        return dbus.lowlevel.HANDLER_RESULT_HANDLED

    def wait_popup(self, count):
        """Waits for the COUNT-th popup to be taken in by the server, and gives it."""
        wait_until(lambda: len(self.popups) >= count and self.popups[count - 1].id, LOOK_BOUND, f"popup {count}")
        return self.popups[count - 1]

    def close(self):
        """Leaves the bus, and says what was heard."""
        diag(f"popups (number, number replaced): {[(popup.id, int(popup.replaces)) for popup in self.popups]}, pressed "
             f"{self.pressed}, withdrawn {self.withdrawn}, closed (number, reason) {self.closed}")
        self.connection.close()


def changed(before, after):
    """The rectangle (x, y, width, height) within which two lists of lines differ, or None."""
    left, right, rows = None, None, []
    for y, (old, new) in enumerate(zip(before, after)):
        if old == new:
            continue
        rows.append(y)
        difference = int.from_bytes(old, "big") ^ int.from_bytes(new, "big")
        first = len(old) - (difference.bit_length() + 7) // 8
        last = len(old) - 1 - ((difference & -difference).bit_length() - 1) // 8
        left = first if left is None else min(left, first)
        right = last if right is None else max(right, last)
    if left is None:
        return None
    return left // 4, rows[0], right // 4 - left // 4 + 1, rows[-1] - rows[0] + 1


class Desktop(Display):
    """An X display with one of the servers that need nothing else. Its buttons are found by what lights up under the
    pointer, whatever their labels, fonts and themes make of their sizes."""

    def __init__(self, rig, *command, **how):
        settings = os.path.join(rig.env["XDG_CONFIG_HOME"], "gtk-3.0")
        os.makedirs(settings, exist_ok=True)
        with open(os.path.join(settings, "settings.ini"), "w", encoding="utf-8") as file:
            file.write("[Settings]\ngtk-enable-animations=0\n")
        super().__init__(rig, *command, **how)
        subprocess.run(["xsetroot", "-solid", "#3b5a7a"], env=self.env, check=True)
        self.program = os.path.basename(command[0])
        self.away = "1000 590"
        self.xdotool("mousemove", *self.away.split())

    def xdotool(self, *words):
        """Moves and presses as a person does."""
        subprocess.run(["xdotool", *map(str, words)], env=self.env, check=True)

    def windows(self):
        """Where each popup is, as (x, y, width, height)."""
        tree = subprocess.run(["xwininfo", "-root", "-tree"], env=self.env, capture_output=True, text=True, check=True)
        found = []
        for line in tree.stdout.splitlines():
            words = line.split()
            if f'("{self.program}"' not in line.lower() or not words[0].startswith("0x"):
                continue
            state = subprocess.run(["xwininfo", "-id", words[0]], env=self.env, capture_output=True, text=True,
                                   check=False).stdout
            facts = dict(part.strip().split(":", 1) for part in state.splitlines() if ":" in part)
            if facts.get("Map State", "").strip() == "IsViewable" and int(facts["Width"]) > 200:
                found.append(tuple(int(facts[key]) for key in ("Absolute upper-left X", "Absolute upper-left Y",
                                                               "Width", "Height")))
        return found

    def count(self):
        """How many popups are to be seen."""
        return len(self.windows())

    def settle(self):
        """Waits until the picture stays as it is."""
        def quiet():
            before = self.pixels()
            watch_for(QUIET)
            return self.pixels() == before

        wait_until(quiet, LOOK_BOUND, "the picture to stay as it is")

    def wait_shown(self):
        """Waits for one popup that is drawn and stays as it is, and gives its place."""
        wait_until(lambda: self.count() == 1, LOOK_BOUND, "one popup on the display")
        self.settle()
        return self.windows()[0]

    def wait_gone(self):
        """Waits until no popup is to be seen."""
        wait_until(lambda: self.count() == 0, LOOK_BOUND, "the popup to go")

    def lit(self, x, y, plain):
        """What lights up with the pointer at a place, beside PLAIN."""
        self.xdotool("mousemove", "--sync", x, y)
        watch_for(HOVER)
        return changed(plain, self.lines())

    def find_buttons(self, expected):
        """The middles of the buttons, from left to right; there are EXPECTED."""
        left, top, width, height = self.wait_shown()
        self.xdotool("mousemove", "--sync", left + width // 2, top + 12)
        self.settle()
        plain = self.lines()
        for y in range(top + height - 8, top + height // 3, -10):
            found, x = [], left + 12
            while x < left + width - 8:
                rectangle = self.lit(x, y, plain)
                if rectangle and rectangle[2] < 0.7 * width and 12 < rectangle[3] < 60 and rectangle[2] > 24:
                    # A second look: the button next to it may still have been fading.
                    found.append((rectangle[0] + rectangle[2] // 2, rectangle[1] + rectangle[3] // 2))
                    x = max(x, rectangle[0] + rectangle[2]) + 6
                else:
                    x += 18
            if len(found) == expected:
                return found
        check(False, f"{expected} buttons are to be seen")

    def press(self, popup, key):
        """Presses the button KEY of POPUP."""
        order = [name for name, _label in popup.buttons]
        x, y = self.find_buttons(len(order))[order.index(key)]
        self.xdotool("mousemove", "--sync", x, y, "click", 1)
        self.xdotool("mousemove", *self.away.split())
