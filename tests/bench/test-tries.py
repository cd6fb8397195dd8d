# SPDX-License-Identifier: GPL-3.0-or-later
"""When the bench measures again, and when it fails. TAP, as all tests."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from table import Row  # noqa: E402
from tries import best_of_tries  # noqa: E402


def try_with(*values):
    """Measures something that has these VALUES, one a run; it must be 1 at most. Gives the last row."""
    left = list(values)
    (row,) = best_of_tries(lambda: [Row("something", "ms", left.pop(0), must=1, limits="value")])
    return row, len(left)


RESULTS = [
    ("what holds is measured once", try_with(1, 9), (False, 1, 1)),
    ("what fails once is measured again", try_with(2, 0.5, 9), (False, 2, 1)),
    ("and once more", try_with(2, 3, 1), (False, 3, 0)),
    ("what fails three times has failed", try_with(2, 3, 4, 1), (True, 3, 1)),
    ("what cannot be measured has failed at once", try_with(None, 1), (True, 1, 1)),
]

for number, (name, (row, left), expected) in enumerate(RESULTS, 1):
    found = (row.fails, row.runs, left)
    print(f"{'ok' if found == expected else 'not ok'} {number} - {name}")
    if found != expected:
        print(f"# {found}, expected {expected}")
print(f"1..{len(RESULTS)}")
