#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What translators get: every text of the data files that people see, and nothing else of them."""

import configparser
import glob
import os
import re
import subprocess
import sys
import tempfile

TOP = os.environ["TOP_SRCDIR"]
SHOWN = re.compile(r"name|note|title|meaning|(you|admin|firefox|chromium)[1-9]")


def texts_of_data():
    """The texts that have to be translated, and all others."""
    shown, others = set(), set()
    for path in glob.glob(TOP + "/data/*.conf") + glob.glob(TOP + "/data/services/*.conf"):
        data = configparser.RawConfigParser(delimiters="=", comment_prefixes="#", interpolation=None)
        data.optionxform = str
        data.read(path, encoding="utf-8")
        for group in data.sections():
            for key, value in data[group].items():
                assert not key.endswith("]"), "%s: [%s] %s: translations belong into po/" % (path, group, key)
                (shown if SHOWN.fullmatch(key) else others).add(value)
    return shown, others


def extract(folder):
    """The catalog without translations, as a set of texts."""
    subprocess.run([TOP + "/po/xgettext", "--default-domain=x", "--directory=" + TOP, "--keyword=_",
                    "--from-code=UTF-8", "client/topics.c"], cwd=folder, check=True, capture_output=True)
    with open(os.path.join(folder, "x.po"), encoding="utf-8") as file:
        entries = re.findall(r'^msgid ((?:"(?:[^"\\\n]|\\.)*"\n)+)', file.read(), re.M)
    return {re.sub(r'\\(["\\])', r"\1", "".join(line[1:-1] for line in entry.splitlines())) for entry in entries}


def main():
    shown, others = texts_of_data()
    with tempfile.TemporaryDirectory() as folder:
        catalog = extract(folder)
    missing = shown - catalog
    extra = (others - shown) & catalog
    print("1..3")
    print("%s 1 - there are data files" % ("ok" if len(shown) > 200 else "not ok"))
    print("%s 2 - translators get each of %d texts # %s" % ("not ok" if missing else "ok", len(shown), missing or ""))
    print("%s 3 - and nothing that is not shown # %s" % ("not ok" if extra else "ok", extra or ""))
    return 1 if missing or extra else 0


if __name__ == "__main__":
    sys.exit(main())
