# SPDX-License-Identifier: GPL-3.0-or-later
"""Are the tests of the time rules any good? Each comparison, operator and constant of session.c, of the real clock, and of
the lines of the tracker that deal with time, is changed, one at a time; some unit test has to fail every time. About
2 minutes on 2 processors, 3 with --all.

What no test can tell from the original, because it does the same, stands in equivalent.txt with the reason.
    slow-mutants.py [--all] [--line REGEX] [FILE...]
--all: every line of the tracker; --line: only lines in which that is found; FILE: only these"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import core  # noqa: E402

FILES = [*core.RULES, core.CLOCK, "session.h", "tracker.h"]
# Where everything is a rule of time; elsewhere lines with one of these words are.
ALL_OF = ["session.c", "account-view.c", core.CLOCK]
OF_TIME = re.compile(r"usec|elapsed|USEC|NEVER|mark\b|MARK_|due\b|announced|confirmed|stepped|STATE_|_sec\b")
HERE = os.path.dirname(os.path.abspath(__file__))

TOKEN = re.compile(r"""
    (?P<skip>  /\*.*?\*/ | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])+' | \#\s*(?:include|pragma)[^\n]* | ->
               # More memory than is needed, or cleared, is no mistake.
               | \bg_array_new\ \(\w+,\ \w+ | \bg_new0?\ \([^()]*\) )
  | (?P<op>    <<= | >>= | << | >> | <= | >= | == | != | && | \|\| | \+\+ | -- | \+= | -= | \|= | &= | [-+*/<>&|!~] )
  | (?P<number> \b\d+\b )
  | (?P<word>  \b[A-Za-z_]\w*\b )
""", re.VERBOSE | re.DOTALL)

BINARY = {"<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"], "==": ["!="], "!=": ["=="],
          "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "&&": ["||"], "||": ["&&"], "&": ["|"], "|": ["&"],
          "|=": ["&="], "&=": ["|="], "+=": ["-="], "-=": ["+="], "<<": [">>"], "<<=": [">>="]}
UNARY = {"!": "", "~": "", "-": "", "++": "--", "--": "++"}
WORDS = {"MIN": "MAX", "MAX": "MIN", "TRUE": "FALSE", "FALSE": "TRUE", "true": "false", "false": "true"}


def changes(match, text):
    """What the token of MATCH may be changed into."""
    token = match.group()
    before, after = text[match.start() - 1:match.start()], text[match.end():match.end() + 1]
    if match["op"]:
        if before.isspace() and after.isspace():
            return BINARY.get(token, [])
        # A comment's star or a pointer's is followed by no operand of arithmetic.
        return [UNARY[token]] if token in UNARY and not after.isspace() or token in ("++", "--") else []
    if match["number"]:
        return [str(int(token) + 1), str(int(token) - 1)]
    return [WORDS[token]] if token in WORDS else []


class Mutant:
    """One changed file."""

    def __init__(self, name, text, match, changed):
        self.name = name
        self.text = text[:match.start()] + changed + text[match.end():]
        self.number = text.count("\n", 0, match.start()) + 1
        start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
        self.line = text[start:end].strip()
        self.changed = self.text[start:end - len(text) + len(self.text)].strip()
        self.caught_by = None

    @property
    def key(self):
        """How it is named in equivalent.txt, whatever stands above it."""
        return self.name, self.line, self.changed


def is_chosen(name, line, everything):
    """Whether a line of a file takes part."""
    return everything or name in ALL_OF or OF_TIME.search(line)


def mutants_of(name, everything):
    """All mutants of a file, in order."""
    with open(core.daemon_file(name), encoding="utf-8") as file:
        text = file.read()
    for match in TOKEN.finditer(text):
        if match["skip"]:
            continue
        for changed in changes(match, text):
            mutant = Mutant(name, text, match, changed)
            if is_chosen(name, mutant.line, everything):
                yield mutant


def read_equivalents():
    """What stands in equivalent.txt: a file's name, a line, the changed line, the reason; then an empty line."""
    with open(os.path.join(HERE, "equivalent.txt"), encoding="utf-8") as file:
        blocks = [block.splitlines() for block in re.sub(r"(?m)^#.*\n", "", file.read()).strip().split("\n\n") if block]
    for block in blocks:
        if len(block) < 4 or not block[1].startswith("- ") or not block[2].startswith("+ "):
            sys.exit(f"equivalent.txt is not as it should be at {block[0]}")
    return {(block[0].strip(), block[1][2:], block[2][2:]) for block in blocks}


def try_mutant(built, mutant):
    """Compiles it, and sees who notices. False if it is no program."""
    with tempfile.TemporaryDirectory(prefix="mutant-", dir=built.folder) as folder:
        # Headers are looked for beside the file first.
        for name in os.listdir(os.path.join(core.SRCDIR, "daemon")):
            if name.endswith(".h") or name in core.SOURCES:
                os.symlink(core.daemon_file(name), os.path.join(folder, name))
        path = os.path.join(folder, mutant.name)
        os.unlink(path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(mutant.text)
        recompiled = core.SOURCES if mutant.name.endswith(".h") else [mutant.name]
        try:
            objects = {name: built.compile(os.path.join(folder, name), os.path.join(folder, name[:-1] + "o"))
                       for name in recompiled}
        except subprocess.CalledProcessError:
            return False
        built.link(folder, **objects)
        mutant.caught_by = built.failing_test(folder, core.CLOCK_TESTS if mutant.name == core.CLOCK else core.TESTS)
        return True


def report(number, name, mutants, equivalents, stats):
    """One TAP line for a file. Survivors are shown."""
    survivors = [mutant for mutant in mutants if mutant.caught_by is None]
    unexpected = [mutant for mutant in survivors if mutant.key not in equivalents]
    for mutant in unexpected:
        print(f"# daemon/{name}:{mutant.number}: no test notices\n#   - {mutant.line}\n#   + {mutant.changed}")
    stale = {key for key in equivalents if key[0] == name} - {mutant.key for mutant in survivors}
    for _, line, changed in sorted(stale):
        print(f"# equivalent.txt has what is none of {name}, or is noticed:\n#   - {line}\n#   + {changed}")
    for test in core.TESTS + core.CLOCK_TESTS:
        stats[test] = stats.get(test, 0) + sum(mutant.caught_by == test for mutant in mutants)
    bad = unexpected or stale
    print(f"{'not ok' if bad else 'ok'} {number} - {len(mutants)} mutants of {name} are all noticed"
          f" but {len(survivors) - len(unexpected)} that do the same", flush=True)
    return bool(bad)


def main():
    """A TAP line a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="every line of the tracker, too")
    parser.add_argument("--line", type=re.compile, default=re.compile(""), metavar="REGEX", help="only such lines")
    parser.add_argument("file", nargs="*", help=f"of {', '.join(FILES)}")
    options = parser.parse_args()
    files = options.file or FILES
    folder = os.path.join(core.BUILDDIR, "mutants")
    shutil.rmtree(folder, ignore_errors=True)
    built = core.Core(folder)
    equivalents = {key for key in read_equivalents()
                   if options.line.search(key[1]) and is_chosen(key[0], key[1], options.all)}

    print(f"1..{len(files) + 1}")
    sane = built.failing_test(folder)
    print(f"{'not ok' if sane else 'ok'} 1 - unchanged, every test passes" + (f": not {sane}" if sane else ""), flush=True)
    failed, stats = bool(sane), {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = {name: [(mutant, pool.submit(try_mutant, built, mutant)) for mutant in mutants_of(name, options.all)
                        if options.line.search(mutant.line)] for name in files}
        for number, name in enumerate(files, 2):
            programs = [mutant for mutant, outcome in found[name] if outcome.result()]
            failed |= report(number, name, programs, equivalents, stats)
    for test, count in stats.items():
        print(f"# {test} noticed {count}")
    shutil.rmtree(folder)
    return failed


sys.exit(main())
