# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the budget that holds on any machine, however busy: memory, wake-ups and sizes. TAP, as all tests."""

import subprocess
import sys

import figures
import stage
import table
from tries import best_of_tries


def bounded(measure):
    """The rows of a group that have a limit."""
    return [row for row in measure() if row.must is not None]


def main():
    """One test a figure that has a limit."""
    subprocess.run(["make", "-s", "-C", stage.BUILDDIR, "bench-programs"], check=True, stdout=sys.stderr)
    many = [lambda: [row for row in figures.many() if row.unit == "bytes"]]
    health = [lambda: [row for row in figures.health() if row.unit == "kB"]]
    rows = [row for group in [figures.sizes, *many, *health, figures.rest]
            for row in best_of_tries(lambda group=group: bounded(group))]
    for number, row in enumerate(rows, 1):
        peer = f", {row.ratio:.2f} x {row.peer}" if row.ratio is not None else f" beside {row.peer}" if row.peer else ""
        print(f"{'not ok' if row.fails else 'ok'} {number} - {row.figure}: {row.ours:g} {row.unit}{peer},"
              f" at most {table.limit(row, row.must)[3:]}", flush=True)
    for name, reason in stage.missing.items():
        print(f"# {name}: {reason}")
    print(f"1..{len(rows)}")
    return any(row.fails for row in rows)


sys.exit(main())
