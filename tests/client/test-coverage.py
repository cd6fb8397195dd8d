#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every command of docs/coverage.md as it stands there, with the real daemon, and looks for what it promises."""

import json
import os
import re
import shlex
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "integration"))
from harness import SRCDIR, check, check_equal, run, test  # noqa: E402

# What the page of 2017 has, and the numbers of today's errors.
ROWS = ([f"S{n}" for n in range(1, 13)] + [f"U{n}" for n in range(1, 16)] + [f"R{n}" for n in range(1, 10)]
        + ["N1", "N2", "N3"] + [f"P{n}" for n in range(1, 8)] + ["E0a", "E0b", "E0c", "E0d", "E0e", "E0f"]
        + ["E1", "E2", "E3", "E4"] + [str(n) for n in range(1, 31)])


def read_page():
    """Yields row, command, what is found, and whether the command fails."""
    fails = False
    with open(os.path.join(SRCDIR, "docs", "coverage.md"), encoding="utf-8") as file:
        for line in file:
            cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
            if not line.startswith("| ") or cells[0] == "---":
                continue
            check_equal(len(cells), 4, f"cells of {line!r}")
            if cells[0] == "row":
                check(cells[3] in ("finds", "fails"), line)
                fails = cells[3] == "fails"
                continue
            command = re.fullmatch("`([^`]+)`", cells[2])
            found = re.findall("`([^`]+)`", cells[3])
            check(command and found, f"a command, and something to find, in {line!r}")
            yield cells[0], command.group(1), found, fails


def remove_all(rig):
    for account in json.loads(rig.ctl("status", "--json").stdout)["accounts"]:
        check_equal(rig.ctl("remove", account["id"]).returncode, 0, "status of remove")


@test("every row of the page has a command")
def complete(_rig):
    there = {row for row, *_ in read_page()}
    check_equal([row for row in ROWS if row not in there], [], "rows without a command")


@test("every command tells what the page says that it does")
def commands(rig):
    rig.start()
    wrong = []
    for row, command, wanted, fails in read_page():
        words = shlex.split(command)
        check_equal(words[0], "signinctl", command)
        if words[1] == "add":
            remove_all(rig)
        done = rig.ctl(*words[1:], env={"COLUMNS": "200"})
        said = " ".join((done.stderr if fails else done.stdout).decode().split())
        missing = [text for text in wanted if " ".join(text.split()) not in said]
        if missing or (done.returncode != 0) != fails or (fails and done.stdout):
            wrong.append(f"{row}: {command}: status {done.returncode}, without {missing}: {said}")
        if fails:
            check_equal(done.stderr.count(b"\n"), 1, f"lines on standard error of {command}")
    check_equal(wrong, [], "commands that do not say it")


if __name__ == "__main__":
    run()
