# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of popups on every desktop: they can be seen, each button does what it says, the next one takes
the place of the last, and what is settled goes."""

import os

from desktop import NOTIFICATIONS
from harness import LENGTH, MINUTE, SECOND, WARNS_AFTER, check, check_equal, now, wait_until
from screens import LOOK_BOUND, PICTURES, UserManager, Wire

CLOSED_BY_TIME = 1
CLOSED_BY_CALL = 3
ADDRESS = "https://contoso.crm4.dynamics.com"


class Story:
    """The real daemon on SCREEN, whose pictures are called NAME. REASON is what the server says of what is withdrawn.
    One that CUTS titles to a line shows no minutes: the reminder looks as the warning does."""

    def __init__(self, rig, screen, name, reason=CLOSED_BY_CALL, cuts=False):
        self.rig = rig
        self.client = rig.client
        self.screen = screen
        self.name = name
        self.reason = reason
        self.cuts = cuts
        self.wire = Wire(rig)
        self.manager = UserManager(rig)
        self.daemon = rig.start(env={key: screen.env[key] for key in ("DISPLAY", "WAYLAND_DISPLAY") if key in screen.env})
        self.wire.between(self.client.owner(), self.client.owner(NOTIFICATIONS))
        self.client.add()

    def picture(self, what=""):
        """Keeps what is on the screen."""
        os.makedirs(PICTURES, exist_ok=True)
        self.screen.save(os.path.join(PICTURES, self.name + what + ".png"))

    def warn(self, after=WARNS_AFTER):
        """A sign-in that is warned of at once; gives its popup when it is on the screen."""
        count = len(self.wire.popups)
        self.client.record(at=now() - after - SECOND)
        popup = self.wire.wait_popup(count + 1)
        self.screen.wait_shown()
        return popup

    def effect(self, key):
        """What pressing the button KEY has to bring about."""
        account = self.client.account()
        if "signed-in" in key:
            return account["State"] == "active"
        if "sign-in" in key:
            return bool(self.manager.commands)
        if "dismiss" in key:
            return account["Sessions"][0]["dismissed"]
        return account["SnoozedUntil"] > 0

    def press_every_button(self, press=None):
        """A warning for each button, which is pressed, and does what it says."""
        press = press or self.screen.press
        popup = self.warn()
        keys = [key for key, _label in popup.buttons]
        check(len(keys) >= 2, f"buttons: {keys}")
        self.picture()
        # What opens the page goes last: it asks something.
        for key in sorted(keys, key=lambda name: name.endswith("sign-in")):
            self.press_one(popup or self.warn(), key, press)
            popup = None

    def press_one(self, popup, key, press):
        """Presses one button of a popup that is on the screen."""
        before, shown = len(self.wire.pressed), len(self.wire.popups)
        press(popup, key)
        wait_until(lambda: self.wire.pressed[before:], LOOK_BOUND, f"the server to say that {key} was pressed")
        check_equal(self.wire.pressed[before:], [(popup.id, key)], "what was pressed")
        wait_until(lambda: self.effect(key), LOOK_BOUND, f"what {key} does")
        if not key.endswith("sign-in"):
            self.screen.wait_gone()
            return
        check_equal(self.manager.commands, [["/bin/true", ADDRESS]], "what was started")
        question = self.wire.wait_popup(shown + 1)
        check("Signed in again" in question.summary, f"what is asked: {question.summary!r}")
        self.screen.wait_shown()
        check_equal(self.client.account()["State"], "expiring", "a click is no sign-in")
        self.picture("-question")

    def default_action(self, press):
        """What a click on the popup itself does."""
        self.manager.commands.clear()
        popup = self.warn()
        press(popup)
        wait_until(lambda: self.manager.commands, LOOK_BOUND, "the browser to be started")
        check_equal(self.manager.commands, [["/bin/true", ADDRESS]], "what was started")
        wait_until(lambda: self.wire.popups[-1] is not popup and self.wire.popups[-1].id, LOOK_BOUND, "the question")
        self.screen.wait_shown()

    def settle_all(self, popup):
        """A sign-in takes POPUP away."""
        self.client.record()
        wait_until(lambda: popup.id in self.wire.withdrawn, LOOK_BOUND, "the popup to be withdrawn")
        self.wait_withdrawn(popup)

    def wait_withdrawn(self, popup):
        """Waits for POPUP to go because signind asked for it."""
        wait_until(lambda: (popup.id, self.reason) in self.wire.closed, LOOK_BOUND, "the server to say so")
        self.screen.wait_gone()

    def wait_next(self, popup, words):
        """Waits for the popup that comes after POPUP and has WORDS in its title, until it is on the screen."""
        before = self.screen.pixels()
        following = self.wire.wait_popup(self.wire.popups.index(popup) + 2)
        check(words in following.summary, f"what it says: {following.summary!r}")
        if not (self.cuts and following.replaces):
            wait_until(lambda: self.screen.pixels() != before, LOOK_BOUND, "another picture")
        if not following.replaces:
            wait_until(lambda: popup.id in self.wire.withdrawn, LOOK_BOUND, "the one before to be withdrawn")
        self.screen.wait_shown()
        check_equal(self.screen.count(), 1, "popups on the screen")
        return following

    def replace_and_withdraw(self):
        """A reminder takes the place of the warning; the end, which is less urgent than the reminder before it, comes
        anew, to be seen everywhere. A sign-in takes either away."""
        if self.screen.count():
            self.settle_all(self.wire.popups[-1])
        first = self.warn(LENGTH - 5 * MINUTE - 6 * SECOND)
        reminder = self.wait_next(first, "in 5 minutes")
        check_equal((reminder.replaces, reminder.id), (first.id, first.id), "whose place it takes, and its number")
        self.picture("-reminder")
        self.settle_all(reminder)

        last = self.warn(LENGTH - 6 * SECOND)
        end = self.wait_next(last, "signed you out")
        check_equal((last.hints["urgency"], end.hints["urgency"], end.replaces), (2, 1, 0), "urgencies, and the new one")
        self.picture("-expired")
        self.settle_all(end)

    def leave_nothing(self):
        """What is on the screen when signind ends goes with it."""
        popup = self.warn()
        check_equal(self.daemon.stop(), 0, "exit status")
        self.wait_withdrawn(popup)
