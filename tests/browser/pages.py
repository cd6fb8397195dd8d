# SPDX-License-Identifier: GPL-3.0-or-later
"""Popup and badge in every state, for eyes and for screen readers, and by keyboard. Pictures go into the build
folder."""

import os
import time

from chromium import BrowserError, wait

OUT = os.path.join(os.environ.get("SIGNIND_BROWSER_OUT") or "build", "tests/browser")
MINUTE = 60 * 1000
LENGTH, LEAD = 8 * 60, 20


def account(name, left=None, state=None, service="Dynamics 365"):
    """An account with LEFT minutes of 8 hours, as the host tells it."""
    end = round(time.time() * 1000) + (left or 0) * MINUTE - 5000
    known = left is not None
    state = state or ("expired" if left <= 0 else "expiring" if left <= LEAD else "active")
    return {"id": name, "name": service, "state": state, "url": f"https://{name}.crm4.dynamics.com",
            "signed_in_at": end - LENGTH * MINUTE if known else 0, "warns_at": end - LEAD * MINUTE if known else 0,
            "expires_at": end if known else 0, "source": "browser:0123456789abcdef" if known else ""}


def status(*accounts):
    """What the host answers."""
    return {"ok": True, "version": "0.1.0", "accounts": list(accounts)}


# By name: what makes the answer, the badge, and its colour.
STATES = {
    "none": (status, "", None),
    "active": (lambda: status(account("fabrikam", state="signed-out"), account("contoso", 312)), "312", (26, 115, 64)),
    "expiring": (lambda: status(account("contoso", 12), account("fabrikam", 244)), "12", (163, 74, 0)),
    "urgent": (lambda: status(account("contoso", 3)), "3", (179, 21, 42)),
    "expired": (lambda: status(account("contoso", -4)), "0", (179, 21, 42)),
    "away": (lambda: {"ok": False, "error": "daemon-away"}, "?", (94, 92, 100)),
}


def put(rig, name):
    """Lets the extension see a state; gives the badge once it shows it."""
    answer, text, color = STATES[name]
    told = answer()
    for one in told.get("accounts", []):
        one["source_name"] = rig.browser.name.capitalize() if one["source"] else ""
    rig.recorder.answer(status=told)
    rig.ring()
    wait(lambda: rig.badge()[0] == text, what=f"the badge {text!r}")
    if color:
        found = rig.browser.extension("api.action.getBadgeBackgroundColor({})")
        if tuple(found[:3]) != color:
            raise BrowserError(f"the badge of {name} is {found}, not {color}")


def show(rig):
    """The popup, in a tab."""
    rig.browser.open_extension("popup.html")
    wait(lambda: rig.browser.extension("document.body.dataset.shown", "popup.html"), what="the popup")
    rig.settle()


def picture(rig, name):
    """Takes both pictures, light and dark."""
    put(rig, name)
    for dark in (False, True):
        rig.browser.set_dark(dark)
        show(rig)
        rig.browser.set_dark(dark)
        wait(lambda: rig.browser.extension("matchMedia('(prefers-color-scheme: dark)').matches", "popup.html") == dark)
        path = os.path.join(OUT, f"{rig.browser.name}-popup-{name}-{'dark' if dark else 'light'}.png")
        rig.browser.picture(path, 340, 330)
    rig.browser.set_dark(False)


CONTRAST = """(() => {
  const channel = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = (color) => {
    const [red, green, blue] = color.match(/[0-9.]+/g).map((value) => channel(value / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return color !== "rgba(0, 0, 0, 0)" || !element.parentElement ? color : behind(element.parentElement);
  };
  return [...document.querySelectorAll("h1, h2, p, span, button")].filter((element) => element.innerText?.trim())
    .map((element) => {
      const [one, other] = [getComputedStyle(element).color, behind(element)].map(light);
      return [element.innerText, (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)];
    }).filter(([, ratio]) => ratio < 4.5);
})()"""


def legible(rig):
    """Every text has a contrast of 4.5 to 1, light and dark."""
    for name in ("expiring", "expired", "away"):
        put(rig, name)
        for dark in (False, True):
            show(rig)
            rig.browser.set_dark(dark)
            found = rig.browser.extension(CONTRAST, "popup.html")
            if found:
                return f"{name}, {'dark' if dark else 'light'}: {found}"
    rig.browser.set_dark(False)
    return ""


def named(rig):
    """What a screen reader says of each part that it stops at."""
    put(rig, "expiring")
    show(rig)
    found = {(role, name) for role, name in rig.browser.accessible("popup.html")}
    wanted = {("heading", "Sign-ins"), ("heading", "contoso"), ("heading", "fabrikam"), ("button", "Sites…"),
              ("button", "Sign in again contoso"), ("button", "Remind me in 5 minutes contoso"),
              ("button", "Open fabrikam")}
    bars = sorted(name for role, name in found if role == "progressbar")
    begin = ("contoso 12 min left", "fabrikam 4 h 4 min left")
    if not wanted <= found or not all(bar.startswith(text) for bar, text in zip(bars, begin, strict=True)):
        return f"missing {wanted - found}, bars {bars}, in {found}"
    unnamed = [role for role, name in found if role in ("button", "progressbar", "checkbox") and not name]
    return f"without a name: {unnamed}" if unnamed else ""


def options_named(rig):
    """The checkboxes too, and what they are about."""
    rig.browser.open_extension("options.html")
    found = rig.browser.accessible("options.html")
    boxes = [name for role, name in found if role == "checkbox"]
    wanted = ["Dynamics 365 and Office 365", "Tell typed sign-ins from silent ones", "United States government",
              "China (21Vianet)"]
    return "" if boxes == wanted else f"{found}"


def by_keyboard(rig):
    """Tab goes through all that can be pressed, and Enter presses."""
    put(rig, "expiring")
    show(rig)
    order = []
    for _ in range(4):
        rig.browser.key("Tab", "popup.html")
        order.append(rig.browser.extension("document.activeElement.id", "popup.html"))
    if order != ["options", "open-0", "snooze-0", "open-1"]:
        return f"{order}"
    before = len(rig.recorder.messages("snooze"))
    rig.browser.extension("document.getElementById('snooze-0').focus()", "popup.html")
    rig.browser.key("Enter", "popup.html")
    wait(lambda: len(rig.recorder.messages("snooze")) > before, what="the reminder to be asked for")
    wait(lambda: rig.browser.extension("document.getElementById('said').textContent", "popup.html")
         == "contoso: next reminder in 5 minutes.", what="what came of it to be said")
    if rig.recorder.messages("snooze")[-1] != {"type": "snooze", "account": "contoso"}:
        return f"{rig.recorder.messages('snooze')}"
    held = rig.browser.extension("document.activeElement.id", "popup.html")
    return "" if held == "snooze-0" else f"the focus went to {held!r}"


def strange(rig):
    """Texts are texts, whatever stands in them; an address that is none of the web is not opened."""
    odd = account("contoso", 12)
    odd.update(id="<img src=x onerror=document.title='bad'>", url="javascript:document.title='bad'")
    rig.recorder.answer(status=status(odd), open={"ok": False, "error": "no-such-account"})
    rig.ring()
    show(rig)
    wait(lambda: rig.browser.extension("document.querySelector('h2')?.textContent", "popup.html") == odd["id"])
    rig.browser.press("open-0", "popup.html")
    wait(lambda: rig.browser.extension("document.getElementById('said').textContent", "popup.html")
         == "signind does not know this account any more.")
    images = rig.browser.extension("document.images.length + (document.title === 'bad')", "popup.html")
    rig.recorder.answer()
    return "" if images == 0 and rig.recorder.messages("open")[-1]["account"] == odd["id"] else "markup was read"


def broken(rig):
    """A host that makes no sense does no harm, and events are not sent again to it for ever."""
    for answer, text in (([], "?"), ({"ok": True, "accounts": None}, ""), ({"ok": False, "error": "failed"}, "?")):
        rig.recorder.answer(status=answer)
        rig.ring()
        wait(lambda text=text: rig.badge()[0] == text, what=f"the badge for {answer}")
    rig.recorder.answer(event={"ok": False, "error": "invalid"})
    rig.events()
    rig.ring()
    rig.recorder.answer()
    kept = rig.browser.extension("(await api.storage.local.get({ outbox: [] })).outbox.length")
    return "" if kept == 0 and not rig.events() else f"{kept} events are kept"


def run(tap, session, kind):
    """All of it, with a host that says what is wanted."""
    os.makedirs(OUT, exist_ok=True)
    rig = session.rig("pages", kind)
    for name in STATES:
        tap.run(f"{kind}, pages: {name}", picture, rig, name)
    for name, test in (("texts can be read", legible), ("the popup has accessible names", named),
                       ("the options have accessible names", options_named), ("the popup by keyboard", by_keyboard),
                       ("strange texts", strange), ("a broken host", broken)):
        tap.run(f"{kind}, pages: {name}", test, rig)
