# SPDX-License-Identifier: GPL-3.0-or-later
"""Every branch of the time rules is taken by the core's unit tests: about 10 s. What cannot be stands in unreached.txt
with the reason."""

import os
import re
import shutil
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "mutation")]

import core  # noqa: E402
import report  # noqa: E402


def read_unreached():
    """What stands in unreached.txt: a file's name, a line, the reason; then an empty line."""
    with open(os.path.join(HERE, "unreached.txt"), encoding="utf-8") as file:
        text = re.sub(r"(?m)^#.*\n", "", file.read()).strip()
    blocks = [block.splitlines() for block in text.split("\n\n") if block]
    for block in blocks:
        if len(block) < 3 or not block[1].startswith("- "):
            sys.exit(f"unreached.txt is not as it should be at {block[0]}")
    return {(block[0], block[1][2:]) for block in blocks}


def check(number, name, told, unreached):
    """One TAP line for a file."""
    with open(core.daemon_file(name), encoding="utf-8") as file:
        text = [line.strip() for line in file]
    taken = sum(branch["count"] > 0 for line in told for branch in line["branches"])
    of = sum(len(line["branches"]) for line in told)
    missed = {}
    for line in told:
        not_taken = sum(branch["count"] == 0 for branch in line["branches"])
        if not_taken or line["count"] == 0:
            missed[line["line_number"]] = not_taken
    seen = {(name, text[at - 1]) for at in missed}
    wrong = False
    for at, count in sorted(missed.items()):
        if (name, text[at - 1]) not in unreached:
            wrong = True
            print(f"# daemon/{name}:{at}: {f'{count} branches not taken' if count else 'never'}: {text[at - 1]}")
    for _, line in sorted({key for key in unreached if key[0] == name} - seen):
        wrong = True
        print(f"# unreached.txt has what is none of {name}, or is reached: {line}")
    print(f"{'not ok' if wrong else 'ok'} {number} - {name}: {taken} of {of} branches are taken, the others cannot be",
          flush=True)
    return wrong


def main():
    """A TAP line a file."""
    folder = os.path.join(core.BUILDDIR, "branches")
    shutil.rmtree(folder, ignore_errors=True)
    built = core.Core(folder, flags=["--coverage"], sanitize=False)
    failing = built.failing_test(folder)
    print(f"1..{len(core.RULES) + 1}")
    print(f"{'not ok' if failing else 'ok'} 1 - the tests pass" + (f": not {failing}" if failing else ""))
    told, unreached = report.counted(folder), read_unreached()
    wrong = [check(number, name, told[name], unreached) for number, name in enumerate(core.RULES, 2)]
    return bool(failing) or any(wrong)


sys.exit(main())
