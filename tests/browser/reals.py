# SPDX-License-Identifier: GPL-3.0-or-later
"""A browser and the real signind, as people have them: what `signinctl status` says of what they do."""

from chromium import wait
from harness import HOUR, MINUTE, SECOND, now
from loopback import PASSWORD
from rig import say
from scenarios import ORGANIZATION, SIGNED_IN, line, press_reload

SLACK = 60 * SECOND


class Story:
    """Two profiles of one browser, and the daemon; each chapter goes on where the one before ended."""

    def __init__(self, session, kind):
        session.site.forget()
        self.desktop = session.desktop("real-desktop")
        self.first = session.rig("first", kind, desktop=self.desktop)
        self.second = session.rig("second", kind, desktop=self.desktop)

    def sign_in(self, rig, url=ORGANIZATION):
        """Types the password in a new tab, and gives what was heard of it."""
        rig.browser.new_tab()
        rig.goto(url)
        rig.sign_in(password=PASSWORD)
        events = rig.events()
        say(f"{rig.browser.name}: heard of {[event['late'] for event in events]} ms after the answer was sent")
        return [line(event) for event in events]

    def sessions(self, account="contoso"):
        """The sessions of an account, by source."""
        return {session["source"]: session for session in self.desktop.status(account)["sessions"]}

    def back_date(self, rig, ago):
        """The session of a profile as if it had begun earlier."""
        self.desktop.client.record("contoso", at=now() - ago, source=rig.source())
        return self.sessions()[rig.source()]["signed_in_at"]

    def shown(self):
        """Status says where and when."""
        heard = self.sign_in(self.first)
        status = self.desktop.status()
        session = self.sessions()[self.first.source()]
        text = self.desktop.ctl("status", "contoso")
        late = abs(session["signed_in_at_sec"] * SECOND - now())
        if heard != [SIGNED_IN] or status["state"] != "active" or status["source"] != self.first.source():
            return f"heard {heard}, status {status}"
        if self.first.browser.name not in text.lower():
            return f"status does not name the browser: {text}"
        return f"signed in {late / SECOND} s off" if late > SLACK else ""

    def honoured(self):
        """The button opens the page, which asks for nothing: the countdown goes on."""
        began = self.back_date(self.first, 2 * HOUR)
        self.press_open(self.first)
        heard = [line(event) for event in self.first.events()]
        session = self.sessions()[self.first.source()]
        return "" if not heard and session["signed_in_at"] == began else f"heard {heard}, {session}, began {began}"

    def press_open(self, rig):
        """Presses the button of the popup; the page comes up in a tab of its own."""
        rig.leave()
        rig.browser.open_extension("popup.html")
        wait(lambda: rig.browser.extension("document.body.dataset.shown", "popup.html") == "accounts")
        rig.browser.press_and_follow("open-0", "popup.html", ORGANIZATION)
        rig.page("application")

    def refused(self):
        """The same once the cookie is worth nothing any more."""
        began = self.back_date(self.first, 2 * HOUR)
        self.first.site.forget()
        heard = self.sign_in(self.first)
        session = self.sessions()[self.first.source()]
        return "" if heard == [SIGNED_IN] and session["signed_in_at"] != began else f"heard {heard}, {session}"

    def reloaded(self):
        """Nothing changes by a reload."""
        began = self.sessions()[self.first.source()]["signed_in_at"]
        self.first.browser.new_tab()
        self.first.goto(ORGANIZATION)
        self.first.page("application")
        press_reload(self.first)
        heard = self.first.events()
        return "" if not heard and self.sessions()[self.first.source()]["signed_in_at"] == began else f"heard {heard}"

    def two_profiles(self):
        """Each has a session of its own, and the earlier end is warned about."""
        self.first.site.forget()
        client = self.desktop.client
        began = len(client.signals("Warning"))
        self.back_date(self.first, 8 * HOUR - 20 * MINUTE - 4 * SECOND)
        heard = self.sign_in(self.second)
        sessions = self.sessions()
        sources = [self.first.source(), self.second.source()]
        if heard != [SIGNED_IN] or sorted(sessions) != sorted(sources):
            return f"heard {heard}, sessions {sessions}"
        warning = client.wait_signal("Warning", count=began + 1)
        status = self.desktop.status()
        if warning.args[2] != sources[0] or status["state"] != "expiring" or status["source"] != sources[0]:
            return f"{warning}, {status}"
        return "" if self.sessions()[sources[1]]["state"] == "active" else f"{self.sessions()}"

    def badge(self):
        """The toolbar of both shows the earlier end; the popup lets people be reminded."""
        for rig in (self.first, self.second):
            rig.ring()
            text, title = wait(lambda: self.badge_is(rig, "20", "19"), what="the badge")
            if "contoso" not in title or text + " min" not in title:
                return f"badge {text!r}, {title!r}"
        return ""

    @staticmethod
    def badge_is(rig, *texts):
        """The badge, once it has one of these texts."""
        text, title = rig.badge()
        return (text, title) if text in texts else None

    def snoozed(self):
        """*Remind me*."""
        self.first.browser.open_extension("popup.html")
        self.first.browser.press("snooze-0", "popup.html")
        wait(lambda: self.first.browser.extension("document.getElementById('said').textContent", "popup.html"))
        return "" if self.desktop.status()["snoozed_until_sec"] else f"{self.desktop.status()}"

    def signed_out(self):
        """A sign-out ends the session of that profile only."""
        self.second.browser.new_tab()
        self.second.goto(ORGANIZATION)
        self.second.page("application")
        self.second.click("out")
        self.second.page("signed-out")
        heard = [line(event) for event in self.second.events()]
        running = [source for source, session in self.sessions().items() if session["state"] in ("active", "expiring")]
        return "" if running == [self.first.source()] else f"heard {heard}, {self.sessions()}"

    def away(self):
        """What is signed in to while signind is away is told to it later, with its time."""
        self.desktop.stop()
        self.first.ring()
        title = wait(lambda: self.badge_is(self.first, "?"), what="the badge")[1]
        self.first.site.forget()
        self.first.browser.new_tab()
        self.first.goto(ORGANIZATION)
        self.first.sign_in()
        wait(lambda: any(not event["answer"]["ok"] for event in self.first.reported()), what="the report")
        lost = self.first.reported()[-1]
        self.desktop.start()
        self.first.ring()
        wait(lambda: self.first.reported()[-1]["answer"]["ok"], what="the report to be taken")
        told = self.first.reported()[-1]
        if "not running" not in title or lost["answer"] != {"ok": False, "error": "daemon-away"}:
            return f"badge {title!r}, {lost}"
        session = self.sessions()[self.first.source()]
        is_right = told["at"] == lost["at"] and session["signed_in_at_sec"] == lost["at"] // 1000
        return "" if is_right else f"{told}, {session}"


CHAPTERS = (("status shows the session, and the browser", Story.shown),
            ("sign in again while the cookie is honoured: the countdown goes on", Story.honoured),
            ("a reload: the countdown goes on", Story.reloaded),
            ("sign in again once the cookie is refused: a new session", Story.refused),
            ("two profiles: the earlier end is warned about", Story.two_profiles),
            ("the badge shows the earlier end", Story.badge),
            ("remind me, from the popup", Story.snoozed),
            ("a sign-out in one profile", Story.signed_out),
            ("a sign-in while signind is away", Story.away))


def run(tap, session, kind):
    """The whole story."""
    story = Story(session, kind)
    for name, chapter in CHAPTERS:
        tap.run(f"{kind}, signind: {name}", chapter, story)
