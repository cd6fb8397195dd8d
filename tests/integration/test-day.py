# SPDX-License-Identifier: GPL-3.0-or-later
"""A day with signind, from the morning until the next, in a minute: the exact popups and signals, and when.

The clocks of the daemon, and only its, are set on to one second before the next thing happens; that second goes by.
"""

import os
import signal
import time

from desktop import NotificationServer
from harness import BUILDDIR, HOUR, LENGTH, MINUTE, SECOND, check, check_equal, now, run, test, wait_until
from logind import Logind

LIBRARIES = [os.path.join(BUILDDIR, "tests", "lib", name) for name in ("clock-shim.so", "clock-step-preload.so")]
DAY = 24 * HOUR
NEAR = 2 * SECOND

AT_1612 = "Dynamics 365 (contoso) signs you out at 16:12"
ENDED = "Dynamics 365 (contoso) probably signed you out at 16:12"
AND_ONE = " – and 1 more account"


def minutes(number):
    """The title of a reminder."""
    return f"Dynamics 365 (contoso) signs you out in {number} minute{'s' if number > 1 else ''}"


def usec(clock):
    """A time of day such as 16:12, in microseconds since midnight; 24:20 is the next day's."""
    hours, mins = clock.split(":")
    return int(hours) * HOUR + int(mins) * MINUTE


class Day:
    """A daemon with clocks of its own, a notification server and a logind."""

    def __init__(self, rig, clock="08:12", conf=None):
        self.rig = rig
        self.client = rig.client
        self.logind = Logind(rig)
        self.server = NotificationServer(rig)
        self.step_path = os.path.join(rig.dir, "step")
        self.midnight = (now() // DAY + 1) * DAY
        self.ahead = self.midnight + usec(clock) - now()
        self.seen = 0     # popups
        self.heard = 0    # signals
        self.closed = 0   # popups
        if conf:
            self.write(conf)
        self.start()

    def start(self):
        """Starts the daemon at the day's own time."""
        self.daemon = self.rig.start(preload=LIBRARIES,
                                     env={"CLOCK_STEP": self.step_path, "CLOCK_AHEAD": str(self.ahead)})

    def write(self, conf):
        """Writes the person's settings."""
        folder = os.path.join(self.rig.env["XDG_CONFIG_HOME"], "signind")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "signind.conf"), "w", encoding="utf-8") as file:
            file.write(conf)

    def now(self):
        """The daemon's wall clock."""
        return now() + self.ahead

    def set_on(self, until):
        """Both clocks of the daemon go on until then. It is told, as after a suspend."""
        by = until - self.now()
        check(by > 0, f"{by} us to go to what should be ahead")
        with open(self.step_path, "w", encoding="ascii") as file:
            file.write(str(by))
        self.daemon.process.send_signal(signal.SIGUSR2)
        self.ahead += by
        self.client.manager()

    def go_to(self, clock):
        """Goes to a time of day at which nothing is due."""
        self.set_on(self.midnight + usec(clock))

    def sign_in(self, account="contoso", at=None):
        """Records a sign-in at a time of day, or now."""
        self.client.record(account, at=self.midnight + usec(at) if at else None)
        self.hears("SignedIn", account)

    def hears(self, member, account="contoso", at=None):
        """The next signal is this one, and comes on time."""
        wait_until(lambda: len(self.client.signals()) > self.heard, what=f"{member} of {account}")
        event = self.client.signals()[self.heard]
        self.heard += 1
        check_equal((event.member, event.args[1]), (member, account), "signal")
        if at is not None:
            late = self.now() - self.midnight - usec(at)
            check(0 <= late < NEAR, f"{member} came {late} us after {at}")
        return event

    def sees(self, title, urgency=1, replaces=None, body=()):
        """The next popup is this one; REPLACES is the popup whose place it takes, None for the last one's. What is less
        urgent than that is a new one, or GNOME Shell would not show it."""
        wait_until(lambda: len(self.server.calls()) > self.seen, what=f"popup {title!r}")
        popup = self.server.calls()[self.seen]
        self.seen += 1
        check_equal((popup["summary"], popup["hints"]["urgency"]), (title, urgency), "popup")
        expected = replaces
        if replaces is None:
            before = self.server.calls()[self.seen - 2]
            expected = before["id"] if before["hints"]["urgency"] <= urgency else 0
            if not expected:
                self.sees_gone()
        check_equal(popup["replaces"], expected, f"what {title!r} takes the place of")
        check_equal(popup["expire"], 0, "it stays")
        for text in body:
            check(text in popup["body"], f"{text!r} in {popup['body']!r}")
        self.popup = popup
        return popup

    def comes(self, clock, member, title=None, urgency=1, replaces=None, account="contoso", body=()):
        """At CLOCK comes MEMBER, and a popup if TITLE is given."""
        self.set_on(self.midnight + usec(clock) - SECOND)
        self.hears(member, account, at=clock)
        if title:
            self.sees(title, urgency, replaces, body)

    def press(self, label):
        """Presses a button of the last popup."""
        self.server.press(self.popup["id"], next(k for k, text in self.popup["actions"].items() if text == label))

    def sees_gone(self):
        """The last popup is taken away."""
        wait_until(lambda: len(self.server.calls("CloseNotification")) > self.closed, what="the popup to go")
        check_equal(self.server.calls("CloseNotification")[self.closed]["id"], self.popup["id"], "which popup")
        self.closed += 1

    def restart_server(self):
        """The notification server is killed, and another one comes."""
        self.server.close()
        self.server = NotificationServer(self.rig)
        self.seen = self.closed = 0

    def sees_no_more(self):
        """Nothing else was said; what was under way has arrived, because another popup has made the same way."""
        self.client.add("other", organization="other")
        self.client.record("other", at=self.now() - LENGTH + 19 * MINUTE)
        self.hears("SignedIn", "other")
        self.hears("Warning", "other")
        wait_until(lambda: len(self.server.calls()) > self.seen and "(other)" in self.server.calls()[-1]["summary"],
                   what="the popup of another account")
        check_equal([c["summary"] for c in self.server.calls()[self.seen:-1]], [], "popups more than expected")
        self.client.call("RemoveAccount", "s", "other")
        wait_until(lambda: self.server.calls()[-1]["id"] in [c["id"] for c in self.server.calls("CloseNotification")],
                   what="that popup to go")
        check_equal(len(self.server.calls("CloseNotification")), self.closed + 1, "popups that were taken away")
        self.closed += 1
        self.seen += 1
        rest = [e.member for e in self.client.signals()[self.heard:]]
        check_equal(rest, ["SignedOut"] * len(rest), "signals more than expected")
        self.heard += len(rest)


def begin(rig, clock="08:12", **how):
    """A day on which contoso signs in at 08:12."""
    day = Day(rig, clock, **how)
    day.client.add()
    day.sign_in(at="08:12")
    return day


def warned(rig, **how):
    """The same, at 15:52."""
    day = begin(rig, "15:51", **how)
    day.comes("15:52", "Warning", AT_1612, replaces=0, body=["16:12", "Save your work"])
    return day


def goes_on_from_1602(day, replaces=None):
    """From the first reminder to the end."""
    day.comes("16:02", "Reminder", minutes(10), replaces=replaces, body=["16:12"])
    day.comes("16:07", "Reminder", minutes(5), urgency=2, body=["16:12"])
    day.comes("16:11", "Reminder", minutes(1), urgency=2, body=["16:12"])
    day.comes("16:12", "Expired", ENDED, body=["16:12"])


@test("this day: warned, reminded and told of the end on the minute; nothing at night nor in the morning")
def this_day(rig):
    day = begin(rig)
    day.go_to("12:00")
    day.logind.lock(True)
    day.go_to("12:45")
    day.logind.lock(False)
    day.go_to("15:45")
    day.sees_no_more()
    day.comes("15:52", "Warning", AT_1612, replaces=0, body=["16:12", "Save your work"])
    check_equal([text for key, text in day.popup["actions"].items() if key != "default"],
                ["Sign in again", "Remind me in 5 minutes", "Dismiss"], "buttons")
    day.go_to("15:58")
    day.restart_server()
    day.sees(AT_1612, replaces=0)
    day.comes("16:02", "Reminder", minutes(10), body=["16:12"])
    check("Remind me in 5 minutes" in day.popup["actions"].values(), f"buttons {day.popup['actions']}")
    day.comes("16:07", "Reminder", minutes(5), urgency=2, body=["16:12"])
    check("Remind me in 5 minutes" not in day.popup["actions"].values(), f"buttons {day.popup['actions']}")
    day.comes("16:11", "Reminder", minutes(1), urgency=2, body=["16:12"])
    day.comes("16:12", "Expired", ENDED, body=["16:12"])
    check_equal([text for key, text in day.popup["actions"].items() if key != "default"],
                ["Sign in", "I have signed in"], "buttons")
    day.go_to("16:20")
    day.sign_in()
    day.sees_gone()
    day.go_to("23:00")
    day.logind.sleep(True)
    day.go_to("32:00")
    day.logind.sleep(False)
    day.hears("Expired")
    check_equal(day.client.account()["State"], "expired", "state in the morning")
    day.sees_no_more()


@test("remind me at 15:53: away until 15:58, then a reminder, and the ladder goes on")
def snoozed(rig):
    day = warned(rig)
    day.set_on(day.midnight + usec("15:53"))
    day.press("Remind me in 5 minutes")
    wait_until(lambda: day.client.account()["SnoozedUntil"], what="the pause")
    until = day.client.account()["SnoozedUntil"] - day.midnight
    check(usec("15:58") <= until < usec("15:58") + NEAR, f"the pause ends {until - usec('15:58')} us after 15:58")
    day.sees_gone()
    day.set_on(day.midnight + until - SECOND)
    day.hears("Reminder")
    day.sees(minutes(14), replaces=0, body=["16:12"])
    goes_on_from_1602(day)
    day.sees_no_more()


@test("dismiss at 15:53: no popup more of this session, signals as ever")
def dismissed(rig):
    day = warned(rig)
    day.go_to("15:53")
    day.press("Dismiss")
    wait_until(lambda: day.client.account()["Sessions"][0]["dismissed"], what="the session to be dismissed")
    day.sees_gone()
    for clock, member in (("16:02", "Reminder"), ("16:07", "Reminder"), ("16:11", "Reminder"), ("16:12", "Expired")):
        day.comes(clock, member)
    day.sees_no_more()
    day.sign_in(at="08:32")
    day.hears("Warning")
    day.sees("Dynamics 365 (contoso) signs you out at 16:32", replaces=0)


@test("X at 15:53: away until the next step, however often")
def closed(rig):
    day = warned(rig)
    day.go_to("15:53")
    day.server.close_popup(day.popup["id"])
    day.go_to("15:55")
    day.sees_no_more()
    day.comes("16:02", "Reminder", minutes(10), replaces=0)
    day.server.close_popup(day.popup["id"])
    day.sees_no_more()
    day.comes("16:07", "Reminder", minutes(5), urgency=2, replaces=0)
    day.comes("16:11", "Reminder", minutes(1), urgency=2)
    day.comes("16:12", "Expired", ENDED)
    day.sees_no_more()


@test("a second account due at 15:53: one popup for both at each step, signals each on its minute")
def second_account(rig):
    day = begin(rig, "15:51")
    day.client.add("fabrikam", organization="fabrikam")
    day.sign_in("fabrikam", at="08:13")
    fabrikam = "Dynamics 365 (fabrikam) signs you out at 16:13"
    both = [AT_1612 + "\n" + fabrikam]
    day.comes("15:52", "Warning", AT_1612 + AND_ONE, replaces=0, body=both)
    check_equal([text for key, text in day.popup["actions"].items() if key != "default"],
                ["contoso", "fabrikam", "Dismiss"], "buttons")
    day.comes("15:53", "Warning", account="fabrikam")
    day.comes("16:02", "Reminder", minutes(10) + AND_ONE, body=both)
    day.comes("16:03", "Reminder", account="fabrikam")
    day.comes("16:07", "Reminder", minutes(5) + AND_ONE, urgency=2, body=both)
    day.comes("16:08", "Reminder", account="fabrikam")
    day.sees_no_more()
    day.comes("16:11", "Reminder", minutes(1) + AND_ONE, urgency=2, body=both, replaces=day.popup["id"])
    day.set_on(day.midnight + usec("16:12") - SECOND)
    check_equal({(day.hears(member, account, at="16:12").member) for member, account in
                 ((("Expired", "contoso"), ("Reminder", "fabrikam")))}, {"Expired", "Reminder"}, "signals")
    day.sees(ENDED + AND_ONE, urgency=2, body=[ENDED + "\n" + fabrikam])
    day.comes("16:13", "Expired", account="fabrikam")
    day.sees(ENDED + AND_ONE, body=["Dynamics 365 (fabrikam) probably signed you out at 16:13"])
    day.sees_no_more()


@test("of two accounts one signs in again: the same popup says what is left")
def one_of_two(rig):
    day = begin(rig, "15:51")
    day.client.add("fabrikam", organization="fabrikam")
    day.sign_in("fabrikam", at="08:13")
    day.comes("15:52", "Warning", AT_1612 + AND_ONE, replaces=0)
    day.sign_in()
    day.sees("Dynamics 365 (fabrikam) signs you out at 16:13")
    day.comes("15:53", "Warning", account="fabrikam")
    day.press("Dismiss")
    day.sees_gone()
    day.comes("16:03", "Reminder", account="fabrikam")
    day.sees_no_more()


@test("settings changed at 15:00: other reminders, another pause, a sound, the user name; no popups at all")
def settings(rig):
    day = Day(rig, "15:00")
    day.client.add(user_name="kim@contoso.com")
    day.sign_in(at="08:12")
    day.write("[Reminders]\nreminders=12 min;3 min\nsnooze=2 min\n[Popups]\nsound=yes\nshow-user-name=yes\n")
    wait_until(lambda: "Changed settings" in day.daemon.log(), what="the settings to be taken up")
    day.comes("15:52", "Warning", AT_1612, replaces=0, body=["User name: kim@contoso.com"])
    check_equal(day.popup["hints"].get("sound-name"), "dialog-warning", "sound")
    check("Remind me in 2 minutes" in day.popup["actions"].values(), f"buttons {day.popup['actions']}")
    day.comes("16:00", "Reminder", minutes(12))
    check("sound-name" not in day.popup["hints"], "the first reminder makes no sound")
    day.comes("16:09", "Reminder", minutes(3), urgency=2)
    check_equal(day.popup["hints"].get("sound-name"), "dialog-warning", "sound")
    day.write("[Popups]\nenabled=no\npopups=no\n")
    wait_until(lambda: day.daemon.log().count("Changed settings") > 1, what="the settings to be taken up")
    day.sees_gone()
    day.comes("16:11", "Reminder")
    day.comes("16:12", "Expired")
    check_equal(len(day.server.calls()), day.seen, "number of popups")


@test("behind a locked screen nothing is shown again; when it is unlocked, one popup says what is true")
def locked(rig):
    day = warned(rig)
    day.logind.wait_asked()
    day.logind.lock(True)
    day.go_to("15:55")
    day.restart_server()
    day.comes("16:02", "Reminder", minutes(10), replaces=0)
    day.go_to("16:05")
    day.logind.lock(False)
    day.sees(AT_1612)
    day.comes("16:07", "Reminder", minutes(5), urgency=2)
    day.sees_no_more()


@test("asleep from 15:53 to 16:04: the reminder with what is left, once; the end is put away at the next sleep")
def slept(rig):
    day = warned(rig)
    day.logind.wait_asked()
    day.logind.sleep(True)
    day.go_to("15:56")
    day.logind.sleep(False)
    day.sees(AT_1612)
    day.logind.sleep(True)
    day.go_to("16:04")
    day.logind.sleep(False)
    day.hears("Reminder")
    day.sees(minutes(8))
    day.comes("16:07", "Reminder", minutes(5), urgency=2)
    day.comes("16:11", "Reminder", minutes(1), urgency=2)
    day.comes("16:12", "Expired", ENDED)
    day.logind.sleep(True)
    day.sees_gone()
    day.go_to("16:40")
    day.logind.sleep(False)
    day.sees_no_more()


@test("the popup of the end goes after an hour")
def an_hour_later(rig):
    day = begin(rig, "16:11")
    day.hears("Warning")
    day.sees(AT_1612, urgency=2, replaces=0)
    day.comes("16:12", "Expired", ENDED)
    day.set_on(day.midnight + usec("17:12") - SECOND)
    check_equal(len(day.server.calls("CloseNotification")), day.closed, "popups that were taken away before")
    day.sees_gone()
    check_equal(day.server.calls()[-1]["summary"], ENDED, "the last popup")


@test("killed at 15:55: the next daemon takes the dead popup away, and the buttons of its own work")
def killed(rig):
    day = warned(rig)
    wait_until(lambda: os.path.exists(os.path.join(rig.env["XDG_RUNTIME_DIR"], "signind", "popups")),
               what="the popup to be kept in mind")
    wait_until(lambda: not day.daemon.stop(signal.SIGKILL) or True, what="the kill")
    day.start()
    day.sees_gone()
    day.sees(AT_1612, replaces=0)
    day.press("Dismiss")
    day.sees_gone()
    check_equal(day.daemon.stop(), 0, "exit status")
    check(not os.path.exists(os.path.join(rig.env["XDG_RUNTIME_DIR"], "signind", "popups")), "nothing is kept in mind")


@test("killed at 15:55 and back at 16:04: what fell due meanwhile is said once, and the dead popup goes")
def killed_for_long(rig):
    day = warned(rig)
    wait_until(lambda: os.path.exists(os.path.join(rig.env["XDG_RUNTIME_DIR"], "signind", "popups")),
               what="the popup to be kept in mind")
    day.daemon.stop(signal.SIGKILL)
    day.ahead += 12 * MINUTE
    day.start()
    day.hears("Reminder")
    day.sees_gone()
    day.sees(minutes(8), replaces=0)
    day.comes("16:07", "Reminder", minutes(5), urgency=2)
    day.sees_no_more()


@test("killed, and nothing is to be said any more: the dead popup is taken away")
def killed_and_done(rig):
    day = warned(rig)
    day.client.call("Dismiss", "s", "contoso")
    day.sees_gone()
    day.sign_in(at="08:10")
    day.hears("Warning")
    day.sees("Dynamics 365 (contoso) signs you out at 16:10", replaces=0)
    path = os.path.join(rig.env["XDG_RUNTIME_DIR"], "signind", "popups")
    wait_until(lambda: os.path.exists(path), what="the popup to be kept in mind")
    day.daemon.stop(signal.SIGKILL)
    day.ahead += 2 * HOUR
    day.start()
    day.hears("Expired")
    day.sees_gone()
    wait_until(lambda: not os.path.exists(path), what="the file to go")


run()
