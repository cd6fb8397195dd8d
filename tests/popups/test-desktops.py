# SPDX-License-Identifier: GPL-3.0-or-later
"""The popups of the real daemon on the servers that need no more than a display.

Each server leaves pictures in tests/popups of the build folder.
"""

import os

from screens import Desktop
from harness import check, run, test
from stories import CLOSED_BY_TIME, Story

# A middle click is the default action; a right one asks this program which button is meant.
DUNSTRC = """[global]
  dmenu = {program}
  mouse_middle_click = do_action
  mouse_right_click = context
"""
PICK = """#!/bin/sh
grep -F -- "$(cat '{wanted}')"
"""


def tell(rig, name, *command, **how):
    """The whole story, on a server with buttons."""
    story = Story(rig, Desktop(rig, *command), name, **how)
    story.press_every_button()
    story.replace_and_withdraw()
    story.leave_nothing()


@test("notification-daemon: seen, pressed, replaced, withdrawn")
def notification_daemon(rig):
    # It leaves on the screen what it is asked to close, so its popups are made to end by themselves.
    tell(rig, "notification-daemon", "/usr/lib/notification-daemon/notification-daemon", reason=CLOSED_BY_TIME)


@test("mate-notification-daemon: seen, pressed, replaced, withdrawn")
def mate(rig):
    tell(rig, "mate-notification-daemon", "/usr/lib/mate-notification-daemon/mate-notification-daemon")


@test("xfce4-notifyd: seen, pressed, replaced, withdrawn")
def xfce(rig):
    paths = [f"/usr/lib/{arch}/xfce4/notifyd/xfce4-notifyd" for arch in os.listdir("/usr/lib")]
    server = next((path for path in paths if os.path.exists(path)), None)
    check(server, "xfce4-notifyd is installed")
    tell(rig, "xfce4-notifyd", server, cuts=True)


class Dunst(Desktop):
    """Shows no buttons: a right click asks which one is meant, as a menu."""

    def __init__(self, rig):
        self.wanted = os.path.join(rig.dir, "wanted")
        program, config = os.path.join(rig.dir, "pick"), os.path.join(rig.dir, "dunstrc")
        with open(program, "w", encoding="utf-8") as file:
            file.write(PICK.format(wanted=self.wanted))
        os.chmod(program, 0o755)
        with open(config, "w", encoding="utf-8") as file:
            file.write(DUNSTRC.format(program=program))
        super().__init__(rig, "/usr/bin/dunst", "-conf", config)

    def press(self, popup, key):
        """Chooses KEY where the right click asks."""
        with open(self.wanted, "w", encoding="utf-8") as file:
            file.write(key + "]")
        self.click(3)

    def click(self, button):
        """Clicks on the popup itself."""
        left, top, width, height = self.wait_shown()
        self.xdotool("mousemove", "--sync", left + width // 2, top + height // 2, "click", button)
        self.xdotool("mousemove", *self.away.split())


@test("dunst: seen, pressed, replaced, withdrawn")
def dunst(rig):
    story = Story(rig, Dunst(rig), "dunst")
    story.press_every_button()
    story.default_action(lambda popup: story.screen.click(2))
    story.replace_and_withdraw()
    story.leave_nothing()


run()
