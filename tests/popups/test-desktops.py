# SPDX-License-Identifier: GPL-3.0-or-later
"""The popups of the real daemon on real notification servers: they can be seen, and each button does what it says.

Each server leaves a picture of the warning in tests/popups of the build folder.
"""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
# pylint: disable=wrong-import-position
from desktop import NOTIFICATIONS, Display  # noqa: E402
from gi.repository import Gio, GLib  # noqa: E402
from harness import BUILDDIR, SECOND, WARNS_AFTER, check, check_equal, now, run, test, wait_until  # noqa: E402

PICTURES = os.path.join(BUILDDIR, "tests", "popups")
LOOK_BOUND = 60

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
        properties = dict(parameters.unpack()[2])
        self.commands.append(properties["ExecStartEx"][0][1])
        invocation.return_value(GLib.Variant("(o)", ("/org/freedesktop/systemd1/job/1",)))


class Desktop(Display):
    """A display on which one can find a popup and press its buttons."""

    def __init__(self, rig, server):
        super().__init__(rig, server)
        subprocess.run(["xsetroot", "-solid", "#3b5a7a"], env=self.env, check=True)
        self.program = os.path.basename(server)

    def popup(self):
        """Where the popup is, as (x, y, width, height), or None."""
        tree = subprocess.run(["xwininfo", "-root", "-tree"], env=self.env, capture_output=True, text=True, check=True)
        for line in tree.stdout.splitlines():
            words = line.split()
            if f'("{self.program}"' not in line.lower() or not words[0].startswith("0x"):
                continue
            state = subprocess.run(["xwininfo", "-id", words[0]], env=self.env, capture_output=True, text=True,
                                   check=False).stdout
            facts = dict(part.strip().split(":", 1) for part in state.splitlines() if ":" in part)
            if facts.get("Map State", "").strip() == "IsViewable" and int(facts["Width"]) > 200:
                return tuple(int(facts[key]) for key in ("Absolute upper-left X", "Absolute upper-left Y", "Width",
                                                         "Height"))
        return None

    def wait_popup(self):
        """Waits for a popup that is drawn and stays as it is."""
        wait_until(self.popup, LOOK_BOUND, "a popup on the display")
        pictures = [b"", b""]

        def settled():
            pictures.append(self.pixels())
            return pictures[-1] == pictures[-2] == pictures[-3] and self.popup()

        return wait_until(settled, LOOK_BOUND, "the picture to stay as it is")

    def wait_gone(self):
        """Waits until no popup is to be seen."""
        wait_until(lambda: not self.popup(), LOOK_BOUND, "the popup to go")

    def press(self, place):
        """Presses what is at PLACE, in parts of the popup's width and height."""
        left, top, width, height = self.wait_popup()
        x, y = left + int(place[0] * width), top + int(place[1] * height)
        subprocess.run(["xdotool", "mousemove", "--sync", str(x), str(y), "click", "1"], env=self.env, check=True)


def warn(rig, desktop):
    """A sign-in that is warned of at once, and its popup."""
    rig.client.record(at=now() - WARNS_AFTER - SECOND)
    return desktop.wait_popup()


def press_every_button(rig, server, sign_in, snooze, dismiss):
    """Shows a warning for each of the three buttons of SERVER, and presses it."""
    desktop = Desktop(rig, server)
    manager = UserManager(rig)
    rig.start(env={"DISPLAY": desktop.env["DISPLAY"]})
    rig.client.add()

    warn(rig, desktop)
    os.makedirs(PICTURES, exist_ok=True)
    desktop.save(os.path.join(PICTURES, desktop.program + ".png"))
    desktop.press(snooze)
    wait_until(lambda: rig.client.account()["SnoozedUntil"], LOOK_BOUND, "the pause")
    desktop.wait_gone()

    warn(rig, desktop)
    desktop.press(dismiss)
    wait_until(lambda: rig.client.account()["Sessions"][0]["dismissed"], LOOK_BOUND, "the session to be dismissed")
    desktop.wait_gone()

    warn(rig, desktop)
    desktop.press(sign_in)
    wait_until(lambda: manager.commands, LOOK_BOUND, "the browser to be started")
    check_equal(manager.commands, [["/bin/true", "https://contoso.crm4.dynamics.com"]], "what was started")
    desktop.wait_popup()
    check_equal(rig.client.account()["State"], "expiring", "a click is no sign-in")
    desktop.save(os.path.join(PICTURES, desktop.program + "-question.png"))


@test("notification-daemon: the warning is seen, and its buttons work")
def notification_daemon(rig):
    press_every_button(rig, "/usr/lib/notification-daemon/notification-daemon", (124 / 400, 140 / 179),
                       (255 / 400, 140 / 179), (372 / 400, 140 / 179))


@test("mate-notification-daemon: the warning is seen, and its buttons work")
def mate(rig):
    press_every_button(rig, "/usr/lib/mate-notification-daemon/mate-notification-daemon", (209 / 530, 107 / 134),
                       (340 / 530, 107 / 134), (457 / 530, 107 / 134))


@test("xfce4-notifyd: the warning is seen, and its buttons work")
def xfce(rig):
    paths = [f"/usr/lib/{arch}/xfce4/notifyd/xfce4-notifyd" for arch in os.listdir("/usr/lib")]
    server = next((path for path in paths if os.path.exists(path)), None)
    check(server, "xfce4-notifyd is installed")
    press_every_button(rig, server, (97 / 540, 89 / 120), (270 / 540, 89 / 120), (442 / 540, 89 / 120))


@test("dunst: the warning is seen, and its default action opens the page")
def dunst(rig):
    desktop = Desktop(rig, "/usr/bin/dunst")
    manager = UserManager(rig)
    rig.start(env={"DISPLAY": desktop.env["DISPLAY"]})
    rig.client.add()
    warn(rig, desktop)
    os.makedirs(PICTURES, exist_ok=True)
    desktop.save(os.path.join(PICTURES, "dunst.png"))
    rig.client.call("NotificationAction", "u", 0, path="/org/freedesktop/Notifications",
                    interface="org.dunstproject.cmd0", name=NOTIFICATIONS)
    wait_until(lambda: manager.commands, LOOK_BOUND, "the browser to be started")
    desktop.wait_popup()
    check_equal(rig.client.account()["State"], "expiring", "a click is no sign-in")


run()
