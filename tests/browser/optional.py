# SPDX-License-Identifier: GPL-3.0-or-later
"""What the extension may see only if people allow it, allowed by pressing what they press; and the toolbar as they see
it. Chromium's question is a window of its own, so that one runs on a virtual display; Firefox is told not to ask."""

import json
import os
import subprocess

from chromium import BOUND, ID, BrowserError, wait
from harness import end_process
from pages import OUT, STATES, put
from scenarios import OPTIONAL, SCENARIOS, Scenario, play

SIZE = (1000, 700)
PICTURE = (540, 450)
CHOICES = ("sites_typed", "sites_government", "sites_china")


class Screen:
    """A virtual display."""

    def __init__(self, folder):
        with open(os.path.join(folder, "xvfb.log"), "wb") as log:
            self.process = subprocess.Popen(
                ["Xvfb", "-displayfd", "1", "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp", "-noreset"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        self.env = dict(os.environ, DISPLAY=":" + self.process.stdout.readline().decode().strip())

    def focus(self):
        """Gives the keyboard to the browser: there is no window manager that would."""
        subprocess.run(["xdotool", "search", "--sync", "--onlyvisible", "--class", "chromium", "windowfocus", "--sync"],
                       env=self.env, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=BOUND)

    def press(self, *keys):
        """Presses keys, one after the other."""
        subprocess.run(["xdotool", "key", "--delay", "60", *keys], env=self.env, check=True, stdin=subprocess.DEVNULL)

    def _take(self, target):
        where = f"{PICTURE[0]}x{PICTURE[1]}+{SIZE[0] - PICTURE[0]}+0"
        command = ["import", "-silent", "-window", "root", "-crop", where, "+repage", target]
        return subprocess.run(command, env=self.env, check=True, stdin=subprocess.DEVNULL, capture_output=True).stdout

    def picture(self, path):
        """What is on the upper right of it, once it stays as it is: popups fade in."""
        shots = [b""]

        def is_still():
            shots.append(self._take("rgb:-"))
            return shots[-1] == shots[-2]

        wait(is_still, what="the screen to stay as it is")
        self._take(path)

    def close(self):
        """Ends it."""
        end_process(self.process)
        self.process.stdout.close()


def chromium_on_screen(session, name, dark):
    """A Chromium that can be seen, with the extension's button in its toolbar."""
    screen = Screen(session.folder)
    session.rigs.append(screen)
    profile = os.path.join(session.folder, name, "profile", "Default")
    look = ["--force-dark-mode"] if dark else []
    rig = session.rig(name, "chromium", extra={"DISPLAY": screen.env["DISPLAY"]}, headless=False,
                      files={os.path.join(profile, "Preferences"):
                             json.dumps({"extensions": {"pinned_extensions": [ID]}})},
                      arguments=[f"--window-size={SIZE[0]},{SIZE[1]}", "--window-position=0,0", *look])
    screen.focus()
    return rig, screen


def said(rig):
    """What the page says of the last click."""
    return rig.browser.extension("document.getElementById('said').textContent")


def checked(rig, choice):
    """Whether the box is ticked."""
    return rig.browser.extension(f"document.getElementById('{choice}').checked")


def allow(rig, screen, choice):
    """Ticks a box, and says yes where the browser asks."""
    rig.browser.open_extension("options.html")
    rig.browser.press(choice)
    if screen:
        answer_question(rig, screen, choice)
    wait(lambda: said(rig) == "Allowed.", what=f"{choice} to be allowed")
    return "" if checked(rig, choice) else "it is not ticked"


def answer_question(rig, screen, choice):
    """Says yes. The question takes no keys for half a second after it came up, and after each key that came too early;
    a Tab too early means that Return says no, and then it is asked again."""
    for _ in range(10):
        screen.press("Tab", "Return")
        try:
            if wait(lambda: said(rig), 2) == "Allowed.":
                return
            rig.browser.open_extension("options.html")
            rig.browser.press(choice)
        except BrowserError:
            pass  # Not there yet.


def take_away(rig):
    """Unticks a box; from then on nothing is seen."""
    rig.browser.open_extension("options.html")
    rig.browser.press("sites_government")
    wait(lambda: said(rig) == "No longer seen.", what="the permission to go")
    return unseen(rig)


def unseen(rig):
    """Without permission nothing is heard."""
    return play(rig, Scenario("", OPTIONAL["an organization of GCC High"].play, []))


def withhold(rig):
    """People can take away what was given at installation, too: the badge says so."""
    if rig.browser.name == "firefox":
        rig.browser.open_extension("options.html")
        rig.browser.press("sites_public")
        wait(lambda: said(rig) == "No longer seen.", what="the permission to go")
    else:
        rig.browser.withhold_sites()
    wait(lambda: rig.badge()[0] == "!", what="the badge")
    rig.browser.open_extension("popup.html")
    wait(lambda: rig.browser.extension("document.body.dataset.shown", "popup.html") == "withheld")
    title = rig.badge()[1]
    if rig.browser.name == "firefox":
        trouble = allow(rig, None, "sites_public")
        wait(lambda: rig.badge()[0] != "!", what="the badge to be as before")
        return trouble or play(rig, SCENARIOS["a sign-in to an organization"])
    return "" if "cannot be seen" in title else title


def toolbar(rig, screen, name, dark):
    """A picture of the toolbar with the badge; Chromium's with the popup below it."""
    put(rig, name)
    path = os.path.join(OUT, f"{rig.browser.name}-toolbar-{name}-{'dark' if dark else 'light'}.png")
    if screen:
        rig.browser.close_extension()
        rig.browser.show_tab()
        rig.browser.open_popup()
        wait(lambda: rig.browser.popup_shown() != "", what="the popup")
        screen.picture(path)
        rig.browser.close_popup()
    else:
        rig.browser.toolbar_picture(path)


def look(tap, kind, rig, screen, dark):
    """The toolbar in all states."""
    for name in STATES:
        tap.run(f"{kind}, toolbar: {name}, {'dark' if dark else 'light'}", toolbar, rig, screen, name, dark)


def run(tap, session, kind):
    """First without permission, then with, then without again."""
    if kind == "chromium":
        rig, screen = chromium_on_screen(session, "optional", False)
    else:
        rig, screen = session.rig("optional", kind), None
    tap.run(f"{kind}, optional: not allowed, not seen", unseen, rig)
    for choice in CHOICES:
        tap.run(f"{kind}, optional: {choice} can be allowed", allow, rig, screen, choice)
    for one in OPTIONAL.values():
        tap.run(f"{kind}, optional: {one.name}", play, rig, one)
    tap.run(f"{kind}, optional: taken away, not seen", take_away, rig)
    rig.browser.goto("about:blank")
    look(tap, kind, rig, screen, False)
    tap.run(f"{kind}, optional: withheld", withhold, rig)
    if kind == "chromium":
        rig, screen = chromium_on_screen(session, "dark", True)
    else:
        rig.browser.set_dark(True)
    look(tap, kind, rig, screen, True)
