# SPDX-License-Identifier: GPL-3.0-or-later
"""The popups of the real daemon on GNOME Shell, as a whole desktop on a virtual display."""

import json
import os

from screens import LOOK_BOUND, Desktop, Display
from harness import check, diag, run, test, wait_until
from stories import Story

# A program of its own owns org.freedesktop.Notifications; the others are what the shell looks for at its start.
ACTIVATED = ("org.gnome.Shell.Notifications", "org.gnome.Shell.CalendarServer", "org.gnome.ScreenSaver",
             "ca.desrt.dconf")
SHELL = {"path": "/org/gnome/Shell", "interface": "org.gnome.Shell", "name": "org.gnome.Shell"}
# Banners of its own, about who is logged in, come first. One goes only while it does not move: the shell does not get
# over anything else.
READY = """
  (() => {
    Main.overview.hide ();
    const tray = Main.messageTray;
    const seen = tray.getSources ().length;
    if (tray._notificationState === 2)
      tray.getSources ().forEach (source => source.destroy ());
    return [seen, !Main.overview.visible && !Main.overview.animationInProgress && tray._notificationState === 0
                  && !Main.layoutManager._startingUp && !tray.getSources ().length];
  }) ()"""
BANNER = """
  (() => {
    const place = actor => [...actor.get_transformed_position (), ...actor.get_transformed_size ()].map (Math.round);
    const banner = Main.messageTray._banner;
    const shown = !!banner && Main.messageTray._notificationState === 2;
    return {
      place: shown ? place (banner) : null,
      expanded: shown && banner.expanded,
      buttons: shown && banner._buttonBox ? banner._buttonBox.get_children ().map (b => [b.label, ...place (b)]) : [],
      kept: Main.messageTray.getSources ().reduce ((sum, source) => sum + source.notifications.length, 0),
    };
  }) ()"""


class Shell(Desktop):
    """GNOME Shell under Xvfb. It is asked where its banner is; the pointer is moved and pressed for real."""

    def __init__(self, rig):
        for name in ACTIVATED:
            with open(f"/usr/share/dbus-1/services/{name}.service", encoding="utf-8") as file:
                command = next(line[5:].strip() for line in file if line.startswith("Exec="))
            rig.make_activatable(name, command, **{key: value for key, value in rig.env.items() if key != "PATH"})
        # It has warned of a screen that cannot be locked.
        known = os.path.join(rig.env["XDG_DATA_HOME"], "gnome-shell", "lock-warning-shown")
        os.makedirs(os.path.dirname(known))
        with open(known, "w", encoding="utf-8"):
            pass
        Display.__init__(self, rig, "gnome-shell", "--x11", "--unsafe-mode", size="1280x800",
                         DBUS_SYSTEM_BUS_ADDRESS=rig.address, LIBGL_ALWAYS_SOFTWARE="1", XDG_SESSION_TYPE="x11",
                         XDG_CURRENT_DESKTOP="GNOME")
        self.program = "gnome-shell"
        self.away = "640 790"
        wait_until(lambda: rig.client.owner("org.gnome.Shell"), LOOK_BOUND, "the shell")
        self.xdotool("mousemove", *self.away.split())
        self.greeted = os.geteuid() != 0
        wait_until(self.is_ready, LOOK_BOUND, "an empty desktop")

    def is_ready(self):
        """Whether the shell has done with its start; root is told off by a banner."""
        seen, empty = self.eval(READY)
        self.greeted = self.greeted or seen > 0
        return self.greeted and empty

    def eval(self, script):
        """What the shell makes of SCRIPT."""
        good, text = self.client.call("Eval", "s", script, bound=LOOK_BOUND, **SHELL)
        check(good, f"the shell says: {text}")
        return json.loads(text)

    def banner(self):
        """What the shell shows."""
        return self.eval(BANNER)

    def windows(self):
        place = self.banner()["place"]
        return [tuple(place)] if place else []

    def count(self):
        """How many popups the shell keeps: those that are no banner any more are in the list under the clock."""
        return self.banner()["kept"]

    def wait_shown(self):
        """Waits for one popup, as a banner: in the list alone nobody would see it."""
        wait_until(lambda: self.count() == 1 and self.windows(), LOOK_BOUND, "one popup, to be seen as a banner")
        self.settle()
        return self.windows()[0]

    def wait_gone(self):
        wait_until(lambda: not self.banner()["place"] and not self.banner()["kept"], LOOK_BOUND, "the popup to go")

    def find_buttons(self, expected):
        """Hovers the banner until it shows its buttons."""
        left, top, width, _height = self.wait_shown()
        self.xdotool("mousemove", "--sync", left + width // 2, top + 20)
        wait_until(lambda: len(self.banner()["buttons"]) == expected and self.banner()["expanded"], LOOK_BOUND,
                   f"{expected} buttons")
        self.settle()
        buttons = self.banner()["buttons"]
        diag(f"GNOME Shell's buttons: {buttons}")
        return [(x + width // 2, y + height // 2) for _label, x, y, width, height in buttons]


@test("GNOME Shell: seen, pressed, replaced, withdrawn")
def gnome_shell(rig):
    story = Story(rig, Shell(rig), "gnome-shell")
    story.press_every_button()
    story.replace_and_withdraw()
    story.leave_nothing()


run()
