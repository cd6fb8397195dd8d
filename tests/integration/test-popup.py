# SPDX-License-Identifier: GPL-3.0-or-later
"""The popups of the real daemon: on a recording notification server, and on a real one."""

import os
import time

from desktop import REAL_SERVER, Display, NotificationServer
from harness import BUILDDIR, LENGTH, SECOND, WARNS_AFTER, check, check_equal, now, run, test, wait_until


def clock_time(usec):
    """A point in time as a popup says it."""
    return time.strftime("%H:%M", time.gmtime(usec // SECOND))


@test("the warning is one popup: who, when, what to do, and the three buttons")
def warning(rig):
    server = NotificationServer(rig)
    rig.start()
    rig.client.add("contoso", user_name="kim@contoso.com")
    at = now() - WARNS_AFTER + 2 * SECOND
    rig.client.record(at=at)
    rig.client.wait_signal("Warning")
    popup = server.wait_popup()
    for text in ("Dynamics 365", "contoso", clock_time(at + LENGTH)):
        check(text in popup["summary"], f"{text} is in the title {popup['summary']!r}")
    check("Save your work" in popup["body"], f"what to do first: {popup['body']!r}")
    check("kim@" not in popup["summary"] + popup["body"], "no user name")
    check(clock_time(at + LENGTH) in popup["body"], f"until when, in the body, too: {popup['body']!r}")
    check_equal([label for key, label in popup["actions"].items() if key != "default"],
                ["Sign in again", "Remind me in 5 minutes", "Dismiss"], "buttons")
    check_equal(popup["actions"]["default"], "Sign in again", "what a click on the popup itself does")
    check_equal(popup["expire"], 0, "it stays")
    check_equal(popup["hints"].get("urgency"), 1, "normal urgency")
    check("sound-name" not in popup["hints"] and popup["hints"].get("suppress-sound"), "no sound")
    rig.client.add("fabrikam")
    rig.client.record("fabrikam", at=now() - WARNS_AFTER)
    wait_until(lambda: "fabrikam" in server.calls()[-1]["summary"], what="the popup of another account")
    check_equal(len([p for p in server.calls() if "fabrikam" not in p["summary"]]), 1, "number of popups")


@test("the end is told by a popup")
def expired(rig):
    server = NotificationServer(rig)
    rig.start()
    rig.client.add()
    at = now() - LENGTH + SECOND
    rig.client.record(at=at)
    rig.client.wait_signal("Expired")
    wait_until(lambda: any("ended" in (p["summary"] + p["body"]).lower() for p in server.calls()),
               what="a popup about the end")


@test("a sign-out, and a new sign-in, withdraw the popup")
def withdrawn(rig):
    server = NotificationServer(rig)
    rig.start()
    rig.client.add()
    rig.client.record(at=now() - WARNS_AFTER)
    first = server.wait_popup()
    rig.client.call("RecordSignOut", "sa{sv}", "contoso", {})
    wait_until(lambda: server.calls("CloseNotification"), what="the popup to go")
    check_equal(server.calls("CloseNotification")[0]["id"], first["id"], "which popup")
    rig.client.record(at=now() - WARNS_AFTER)
    second = server.wait_popup(2)
    rig.client.record()
    wait_until(lambda: second["id"] in [c["id"] for c in server.calls("CloseNotification")[1:]],
               what="the second popup to go")


def press(server, popup, label):
    """Presses the button with that label."""
    server.press(popup["id"], next(key for key, text in popup["actions"].items() if text == label))


def press_until(server, popup, label, done):
    """Presses the button as somebody would who is faster than the popup is on the screen: again, if nothing happens."""
    def pressed():
        if not done():
            press(server, popup, label)
        return done()
    wait_until(pressed, what=f"{label} to take effect")


@test("I have signed in begins a new session and withdraws the popup")
def signed_in(rig):
    server = NotificationServer(rig)
    rig.start()
    rig.client.add()
    rig.client.record(at=now() - LENGTH + SECOND)
    rig.client.wait_signal("Expired")
    # The first one, or the second: a warning that is over already is not shown.
    wait_until(lambda: "I have signed in" in server.wait_popup(len(server.calls()) or 1)["actions"].values(),
               what="the popup of the end")
    popup = server.calls()[-1]
    pressed_at = now()
    press_until(server, popup, "I have signed in", lambda: len(rig.client.signals("SignedIn")) == 2)
    at = rig.client.wait_signal("SignedIn", count=2).args[3]
    check(pressed_at <= at <= now(), f"the new session began at {at}, the button was pressed at {pressed_at}")
    wait_until(lambda: popup["id"] in [c["id"] for c in server.calls("CloseNotification")], what="the popup to go")
    check_equal(rig.client.account()["State"], "active", "state")


@test("a button of somebody else's popup means nothing, whatever its id")
def not_ours(rig):
    server = NotificationServer(rig)
    rig.start()
    rig.client.add()
    rig.client.record(at=now() - WARNS_AFTER)
    popup = server.wait_popup()
    server.press(popup["id"] + 1, "signind-dismiss")
    press_until(server, popup, "Remind me in 5 minutes", lambda: rig.client.account()["SnoozedUntil"])
    check(not rig.client.account()["Sessions"][0]["dismissed"], "the other popup's button did nothing")
    check_equal([e.member for e in rig.client.signals()], ["SignedIn", "Warning"], "signals")


@test("Dismiss silences this session; the signals go on")
def dismiss(rig):
    server = NotificationServer(rig)
    rig.start()
    rig.client.add()
    rig.client.record(at=now() - LENGTH + 3 * SECOND)
    popup = server.wait_popup()
    press_until(server, popup, "Dismiss", lambda: rig.client.account()["Sessions"][0]["dismissed"])
    rig.client.wait_signal("Expired")
    rig.client.add("fabrikam")
    rig.client.record("fabrikam", at=now() - WARNS_AFTER)
    wait_until(lambda: "fabrikam" in server.calls()[-1]["summary"], what="the popup of another account")
    check_equal(len(server.calls()), 2, "number of popups")


@test("the popup comes on a real notification server, and can be seen")
def real(rig):
    check(os.path.exists(REAL_SERVER), f"{REAL_SERVER} is installed")
    display = Display(rig)
    before = display.pixels()
    rig.start(env={"DISPLAY": display.env["DISPLAY"]})
    rig.client.add()
    rig.client.record(at=now() - WARNS_AFTER + 2 * SECOND)
    rig.client.wait_signal("Warning")

    def seen():
        after = display.pixels()
        return sum(a != b for a, b in zip(after[::3], before[::3])) > 5000

    wait_until(seen, 60, "something to be seen on the display")
    # The window is drawn before its text: wait for a picture that stays.
    last = [b""]

    def settled():
        last.append(display.pixels())
        return last[-1] == last[-2]

    wait_until(settled, 60, "the picture to stay as it is")
    display.save(os.path.join(BUILDDIR, "tests", "integration", "popup.png"))


run()
