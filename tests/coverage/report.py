# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests reach. Read from gcov, which knows each line of a build that was configured with --enable-coverage.

    report.py FOLDER [PERCENT]      lines of daemon/, from the build in FOLDER; fails if signind has fewer than PERCENT"""

import json
import os
import subprocess
import sys

SRCDIR = os.environ.get("TOP_SRCDIR") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DAEMON = os.path.join(os.path.realpath(SRCDIR), "daemon") + os.sep


def counted(folder):
    """For each C file of daemon/ that was compiled in FOLDER: its lines, as gcov tells them."""
    folder = os.path.realpath(folder)
    data = sorted(os.path.join(where, name) for where, _, names in os.walk(folder) for name in names
                  if name.endswith(".gcno"))
    gcov = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", *data], check=False, cwd=folder,
                          capture_output=True, text=True)
    if gcov.returncode != 0:
        sys.exit(f"Bail out! gcov: {gcov.stderr.strip()[:400]}")
    files = {}
    for document in map(json.loads, gcov.stdout.splitlines()):
        for file in document["files"]:
            path = os.path.realpath(os.path.join(document["current_working_directory"], file["file"]))
            if path.startswith(DAEMON) and path.endswith(".c"):
                files.setdefault(path.removeprefix(DAEMON), []).extend(file["lines"])
    return files


def lines(folder):
    """For each C file: how many of its lines ran, and how many there are."""
    result = {}
    for name, told in counted(folder).items():
        ran = {}
        for line in told:
            ran[line["line_number"]] = ran.get(line["line_number"], 0) + line["count"]
        result[name] = (sum(count > 0 for count in ran.values()), len(ran))
    return result


def show_lines(folder, must):
    """Prints a line a file, the least reached first, and says whether all together reach MUST per cent."""
    found = lines(os.path.join(folder, "daemon"))
    for name, (ran, of) in sorted(found.items(), key=lambda item: item[1][0] / item[1][1]):
        print(f"# {100 * ran / of:5.1f} %  {ran:4} of {of:4}  daemon/{name}")
    health = [counts for name, counts in found.items() if name.startswith("health/")]
    if health:
        ran, of = (sum(column) for column in zip(*health))
        print(f"# {100 * ran / of:.1f} % of the {of} lines of daemon/health/")
    ran, of = (sum(column) for column in zip(*found.values()))
    reached = 100 * ran / of
    print(f"{'ok' if reached >= must else 'not ok'} - {reached:.1f} % of the {of} lines of daemon/ are reached, at least"
          f" {must:g} must be")
    return reached >= must


if __name__ == "__main__":
    sys.exit(not show_lines(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 90))
