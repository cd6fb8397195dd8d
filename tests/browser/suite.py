# SPDX-License-Identifier: GPL-3.0-or-later
"""All that is tested with one browser, as TAP."""

import json
import os
import sys
import traceback

from rig import HERE, SRCDIR, Session, confine, say
import optional
import pages
import reals  # rig says where to find what it needs.
from mutants import MUTANTS
from scenarios import SCENARIOS, play


class Tap:
    """Numbers what is found."""

    def __init__(self):
        self.number = 0
        self.failed = 0

    def result(self, name, trouble):
        """One line; TROUBLE says what went wrong, or nothing."""
        self.number += 1
        self.failed += bool(trouble)
        print(f"{'not ok' if trouble else 'ok'} {self.number} - {name}", flush=True)
        if trouble:
            say(trouble)

    def run(self, name, action, *arguments):
        """Calls ACTION, which gives what went wrong or raises."""
        if not wanted(name):
            return True
        try:
            trouble = action(*arguments)
        except Exception:  # Whatever it was, the next test shall run.
            trouble = traceback.format_exc()
        self.result(name, trouble)
        return not trouble


def kills(rig, mutant):
    """Whether its scenario tells that the rule is broken."""
    text = rig.edit(mutant.file, mutant.old, mutant.new)
    try:
        rig.reload_extension()
        trouble = play(rig, SCENARIOS[mutant.scenario])
    finally:
        rig.put_back(mutant.file, text)
    return "" if trouble else f"nobody noticed: {mutant.scenario}"


def wanted(name):
    """Whether NAME has one of the words of the command line, if there are any."""
    return not sys.argv[1:] or any(word in name for word in sys.argv[1:])


def run_units(tap, rig, kind):
    """What needs no extension, as modules of a page."""
    for name in ("clouds.js", "rule.js", "show.js", "unit.js"):
        folder = HERE if name == "unit.js" else os.path.join(SRCDIR, "client/browser/extension")
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            rig.site.files[name] = file.read()
    rig.site.files["unit.html"] = "<!DOCTYPE html><body><script type=module src=/unit.js></script></body>"
    rig.goto("https://unit.example/unit.html")
    rig.page("unit")
    for name, trouble in json.loads(rig.browser.js("JSON.stringify(window.results)")):
        tap.result(f"{kind}, modules: {name}", trouble)


def run_scenarios(tap, session, kind):
    """The rule, by what people do; then with parts of it broken."""
    rig = session.rig("scenarios", kind, desktop=session.desktop("scenarios-desktop"))
    run_units(tap, rig, kind)
    for one in SCENARIOS.values():
        tap.run(f"{kind}: {one.name}", play, rig, one)
    for mutant in MUTANTS:
        if kind in mutant.browsers:
            tap.run(f"{kind}: noticed that {mutant.name}", kills, rig, mutant)
    rig.reload_extension()
    tap.run(f"{kind}: the rule as it is, again", play, rig, SCENARIOS["a sign-in to an organization"])


def main(kind):
    """Everything."""
    confine()
    tap = Tap()
    with Session() as session:
        for part in (run_scenarios, reals.run, pages.run, optional.run):
            try:
                part(tap, session, kind)
            except Exception:  # What comes after it does not depend on it.
                tap.result(f"{kind}: {part.__module__} runs to its end", traceback.format_exc())
        if tap.failed:
            session.show_logs()
    print(f"1..{tap.number}", flush=True)
    raise SystemExit(1 if tap.failed else 0)
